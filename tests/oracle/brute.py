"""Brute force: every part on every site, priced in integers as docs/model.md says, every combination of wards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tests.oracle.facts import City, Ward

CAPITAL = ("renovation", "fit_out", "moves")


@dataclass(frozen=True)
class WardPlan:
    """One arrangement of a ward: positions of the sites of its parts; cost in millionths of a dong."""

    seats: tuple[int, ...]
    cost: int
    premises: int
    capital: int
    missing_m2: int
    missing_seats: int


@dataclass(frozen=True)
class Best:
    """The optimum of the city.

    Attributes
    ----------
    cost : int or None
        Millionths of a dong; None when there is no plan.
    without : dict
        Wards that have no plan, with the least missing m² and hall seats (None: no arrangement at all).
    smallest : dict
        Where city-wide limits clash: the smallest value of each that works with the others kept; None if none does.
    """

    cost: int | None
    without: dict[str, tuple[int, int] | None]
    smallest: dict[str, int | None]


def price(city: City, ward: Ward, seats: tuple[int, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the dong of the first year and of every year, item by item (docs/model.md, section 4)."""
    scenario, prices = city.scenario, city.scenario.prices
    once = dict.fromkeys((*CAPITAL, "release_income"), 0)
    yearly = dict.fromkeys(
        ("running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "citizen_travel"), 0
    )
    yearly |= {"crowding": 0, "release_income": 0}
    used = set(seats)
    for j, site in enumerate(ward.sites):
        if j not in used:
            once["release_income"] -= site.released_once
            yearly["release_income"] -= site.released_yearly
            continue
        here = [part for part, seat in zip(ward.parts, seats, strict=True) if seat == j]
        norm, people = sum(part.norm for part in here), sum(part.people for part in here)
        short = max(0, norm - site.floor)
        once["renovation"] += (norm - short) * site.renovation
        once["fit_out"] += max(0, people - site.workplaces) * site.furniture
        yearly["running"] += (norm - short) * prices.running_vnd_per_m2_year
        yearly["crowding"] += short * prices.crowding_vnd_per_m2_year
        yearly["site_fixed"] += prices.site_fixed_vnd_year
    moving = (
        sum(part.people for part in ward.parts)
        if scenario.start == "before_reform"
        else sum(
            part.people
            for part, seat in zip(ward.parts, seats, strict=True)
            if part.known is not None and part.known != ward.sites[seat].id
        )
    )
    once["moves"] = moving * prices.move_vnd_per_person
    if scenario.rules.hall != "off":
        missing = max(0, ward.hall_norm - max(ward.sites[j].hall for j in used))
        yearly["hall_rent"] = missing * prices.hall_rent_vnd_per_seat_year
    metre_trips = sum(
        trips * scenario.reception.working_days * ward.metres[seats[a]][seats[b]]
        for (a, b), trips in ward.trips.items()
    )
    yearly["staff_travel"] = metre_trips * city.staff_km // 1000
    offices = [seat for part, seat in zip(ward.parts, seats, strict=True) if part.kind == "leaders"]
    if offices:
        apart = sum(
            part.kind == "department" and seat != offices[0]
            for part, seat in zip(ward.parts, seats, strict=True)
        )
        yearly["cohesion"] = apart * prices.cohesion_vnd_per_part_year
    reception = next(seat for part, seat in zip(ward.parts, seats, strict=True) if part.body == "reception")
    yearly["citizen_travel"] = ward.sites[reception].reception_yearly
    return once, yearly


def _plan(city: City, ward: Ward, seats: tuple[int, ...]) -> WardPlan:
    once, yearly = price(city, ward, seats)
    used = set(seats)
    missing = sum(
        max(
            0,
            sum(part.tight for part, seat in zip(ward.parts, seats, strict=True) if seat == j)
            - ward.sites[j].floor,
        )
        for j in used
    )
    hall = max(ward.sites[j].hall for j in used)
    return WardPlan(
        seats=seats,
        cost=sum(once.values()) * city.first + sum(yearly.values()) * city.every,
        premises=len(used),
        capital=sum(once[item] for item in CAPITAL),
        missing_m2=missing,
        missing_seats=0 if city.scenario.rules.hall == "off" else max(0, ward.hall_tight - hall),
    )


def _may_sit(city: City, ward: Ward, seats: tuple[int, ...]) -> bool:
    """Rules 1, 3 and 4 but for one site where enough: apart or together, number of sites, required, today."""
    rules = city.scenario.rules
    used = set(seats)
    if len(used) > rules.max_sites or any(
        site.required and j not in used for j, site in enumerate(ward.sites)
    ):
        return False
    if not rules.departments_apart:
        committee = {s for part, s in zip(ward.parts, seats, strict=True) if part.body == "council_committee"}
        if len(committee) > 1:
            return False
    return city.scenario.arrangement == "free" or all(
        part.known in (None, ward.sites[s].id) for part, s in zip(ward.parts, seats, strict=True)
    )


def every_arrangement(city: City, ward: Ward) -> list[WardPlan]:
    """Return all arrangements that rules 1, 3 and 4 allow, whatever is missing."""
    choices = product(range(len(ward.sites)), repeat=len(ward.parts))
    return [_plan(city, ward, seats) for seats in choices if _may_sit(city, ward, seats)]


def ward_plans(city: City, ward: Ward) -> list[WardPlan]:
    """Return the arrangements a ward may take; empty if it has none that keeps the rules."""
    rules = city.scenario.rules
    plans = every_arrangement(city, ward)
    whole = [plan for plan in plans if plan.premises == 1 and not plan.missing_m2 and not plan.missing_seats]
    if rules.one_site_where_enough == "former_district_hq":
        whole = [plan for plan in whole if ward.sites[plan.seats[0]].district_hq]
    if whole and rules.one_site_where_enough != "off":
        plans = [plan for plan in plans if plan.premises == 1]
    if rules.floor_area == "enforce":
        plans = [plan for plan in plans if not plan.missing_m2]
    if rules.hall == "enforce":
        plans = [plan for plan in plans if not plan.missing_seats]
    least = min(((plan.missing_m2, plan.missing_seats) for plan in plans), default=None)
    return [plan for plan in plans if (plan.missing_m2, plan.missing_seats) == least]


def least_missing(city: City, ward: Ward) -> tuple[int, int] | None:
    """Return the least m² missing, then seats, of the rules that are enforced; None without any arrangement."""
    rules = city.scenario.rules
    floor, hall = rules.floor_area == "enforce", rules.hall == "enforce"
    plans = every_arrangement(city, ward)
    return min(((plan.missing_m2 * floor, plan.missing_seats * hall) for plan in plans), default=None)


def solve(city: City) -> Best:
    """Return the optimum over every combination of the wards' arrangements."""
    by_ward = {ward.code: ward_plans(city, ward) for ward in city.wards}
    without = {ward.code: least_missing(city, ward) for ward in city.wards if not by_ward[ward.code]}
    if without:
        return Best(None, without, {})
    limits = {"premises": city.scenario.rules.premises_max, "capital": city.scenario.rules.capital_max_vnd}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    best = _least(list(by_ward.values()), limits, "cost")
    if best is not None:
        return Best(best, {}, {})
    smallest = {}
    for name, limit in limits.items():
        others = {other: value for other, value in limits.items() if other != name}
        found = _least(list(by_ward.values()), others, name)
        smallest[name] = found if found is not None and found > limit else None
    return Best(None, {}, smallest)


def _least(wards: list[list[WardPlan]], limits: dict[str, int], minimise: str) -> int | None:
    """Return the least sum of one measure over all combinations within the limits, None if there is none."""
    names = ("cost", "premises", "capital")
    kept = [name for name in names if name in limits or name == minimise]
    sums = np.zeros((1, len(kept)), np.int64)
    for plans in wards:
        table = np.array([[getattr(plan, name) for name in kept] for plan in plans], np.int64)
        table = np.unique(table, axis=0)
        sums = np.unique((sums[:, None, :] + table[None, :, :]).reshape(-1, len(kept)), axis=0)
        for (
            name,
            limit,
        ) in limits.items():  # no plan uses less than nothing: what is over the limit stays over
            sums = sums[sums[:, kept.index(name)] <= limit]
        sums = _cheapest_of_equal_use(sums, kept.index(minimise))
    return int(sums[:, kept.index(minimise)].min()) if len(sums) else None


def _cheapest_of_equal_use(sums: np.ndarray, measure: int) -> np.ndarray:
    """Of combinations that use the same of every limited resource, keep the cheapest."""
    use = np.delete(sums, measure, axis=1)
    order = np.lexsort((sums[:, measure], *use.T))
    sums, use = sums[order], use[order]
    first = np.ones(len(sums), bool)
    first[1:] = (use[1:] != use[:-1]).any(axis=1)
    return sums[first]
