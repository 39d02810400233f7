"""Joint-agency centres (khu liên cơ): where a ward could build one, when, and what that costs year by year.

Docs: docs/model.md, section 5 "Centre candidates", "Time of a centre", "Costs of a centre".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from planner import costs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.costs import Ints, Money
    from planner.scenario import Centres, Scenario

PARCEL = -1
"""Stands for the position of a site where a centre is built on new land."""


@dataclass(frozen=True)
class Place:
    """Land that a ward could build on.

    Attributes
    ----------
    name : str
        Site or parcel id.
    site : int
        Position of the site, or `PARCEL`.
    land : int
        m².
    old_floor : int
        m² of the building that stands there; 0 on a parcel.
    land_vnd : int
        Dong to pay for the land, at first-year prices; 0 for a site.
    citizen_travel : int
        Dong a year if the reception is there.
    people_metres : int
        People of the ward × road metres to it.
    """

    name: str
    site: int
    land: int
    old_floor: int
    land_vnd: int
    citizen_travel: int
    people_metres: int


@dataclass(frozen=True)
class Need:
    """What a ward asks of its centre: type of unit, m² of the norm, hall seats, people, and its yearly duty in dong."""

    kind: str
    norm: int
    seats: int
    people: int
    departments: int
    overload: int


@dataclass(frozen=True)
class Centre:
    """One way of building a centre: a place and a year.

    Attributes
    ----------
    place : Place
    vacant : bool
        No part of the ward may sit on the site before the centre opens.
    start, opens : int
        Year indices: construction starts; the centre is in use from the beginning of the year.
    floor : int
        m² gross.
    rows : dict of (int, str) to int
        Dong by year index and cost item: construction to residual value, and the yearly items from opening on.
    """

    place: Place
    vacant: bool
    start: int
    opens: int
    floor: int
    rows: dict[tuple[int, str], int]

    def capital(self, years: int) -> Ints:
        """Return the dong of heading capital by year, shape (years,)."""
        found = np.zeros(years, np.int64)
        for (t, item), vnd in self.rows.items():
            if costs.HEADING[item] == "capital":
                found[t] += vnd
        return found

    def present(self, factors: tuple[int, ...]) -> int:
        """Return the present value of all rows in millionths of a dong."""
        return sum(vnd * factors[t] for (t, _), vnd in self.rows.items())

    def paid(self, factors: tuple[int, ...]) -> int:
        """Return the present value of what is paid, without what is left of it in the end."""
        return sum(vnd * factors[t] for (t, _), vnd in self.rows.items() if vnd > 0)


def floor_of(need: Need, scenario: Scenario) -> int:
    """Return the gross floor of a ward's centre in m²: the norm of its parts and the hall."""
    hall = need.seats * scenario.centres.hall_m2_per_seat / scenario.space.net_to_gross
    return need.norm + ceil(round(hall, 6))


def land_needed(floor: int, storeys: int, coverage: float) -> int:
    """Return the m² of land that a floor area on so many storeys takes."""
    return ceil(round(-(-floor // storeys) / coverage, 6))


def storeys_of(need: Need, rule: Centres) -> int:
    """Return the storeys of a ward's centre."""
    return rule.storeys_phuong if need.kind == "phường" else rule.storeys_xa


def unit_cost(rule: Centres, storeys: int) -> int:
    """Return dong a m² of gross floor by number of storeys."""
    if storeys <= 5:
        return rule.cost_le5_vnd_per_m2
    if storeys <= 7:
        return rule.cost_6_7_vnd_per_m2
    return rule.cost_8_10_vnd_per_m2 if storeys <= 10 else rule.cost_11_15_vnd_per_m2


def centres_of(places: list[Place], need: Need, scenario: Scenario, prices: Money) -> list[Centre]:
    """Return every way of building a centre for one ward: places with land enough, times starting years."""
    rule = scenario.centres
    storeys = storeys_of(need, rule)
    floor = floor_of(need, scenario)
    needed = land_needed(floor, storeys, rule.coverage_share)
    build = rule.build_years_large if floor > rule.large_m2 else rule.build_years
    found = []
    for place in places:
        if place.land < needed:
            continue
        beside = needed + land_needed(place.old_floor, rule.old_storeys, rule.coverage_share)
        vacant = place.site != PARCEL and place.land < beside
        for start in range(rule.first_start_after_years, prices.years - build):
            rows = dict(_rows(place, need, floor, storeys, start, build, scenario, prices))
            found.append(Centre(place, vacant, start, start + build, floor, rows))
    return found


def _rows(
    place: Place,
    need: Need,
    floor: int,
    storeys: int,
    start: int,
    build: int,
    scenario: Scenario,
    prices: Money,
) -> Iterator[tuple[tuple[int, str], int]]:
    rule, opens, last = scenario.centres, start + build, prices.years - 1

    def grown(vnd: int, t: int) -> int:
        return vnd * prices.building_growth[t] // costs.MILLION

    construction = floor * unit_cost(rule, storeys)
    share = Fraction(str(rule.contingency_share))
    contingency = construction * share.numerator // share.denominator
    building = 0
    for item, total in (("construction", construction), ("contingency", contingency)):
        for k in range(build):
            part = grown(total * (k + 1) // build - total * k // build, start + k)
            building += part
            yield (start + k, item), part
    land = grown(place.land_vnd, start)
    yield (start, "land"), land
    yield (opens, "fit_out"), grown(need.people * prices.furniture, opens)
    yield (opens, "moves"), grown(need.people * prices.move, opens)
    left = max(0, rule.life_years - (prices.years - opens))
    yield (last, "residual_value"), -(building * left // rule.life_years + land)
    every = {
        "running": floor * prices.running,
        "site_fixed": prices.site_fixed,
        "citizen_travel": place.citizen_travel,
        "departments": need.departments,
        "overload": need.overload,
    }
    for t in range(opens, prices.years):
        so_far = before = 0
        for item, vnd in every.items():
            so_far += vnd
            reached = so_far * prices.growth[t] // costs.MILLION
            yield (t, item), reached - before
            before = reached
