"""One planning problem as arrays: sites, needs, prices and distances of every ward (docs/model.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner import costs
from planner.demand import Demand, estimate_demand
from planner.errors import InputError, Problem
from planner.travel import metric_points, road_metres

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints, Money
    from planner.region import Norms, Region
    from planner.scenario import Scenario

BODY_OF_KEPT_PART = {"office": "council_committee"}
NOT_FIXED = -1
# Costs are millionths of a dong in 63 bits; what a ward could cost must stay below.
MOST_MICRO = 2**63 - 1
# The largest value of rules.max_sites.
MOST_SITES = 4


@dataclass(frozen=True)
class WardSites:
    """The allowed sites of one ward, in site id order.

    Attributes
    ----------
    sites : int64, shape (s,)
        Positions in ``Instance.sites``.
    distance : int64, shape (s, s)
        Road metres between sites.
    required : bool, shape (s,)
        Sites that must be used.
    """

    sites: Ints
    distance: Ints
    required: NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """Wards with the same parts.

    Attributes
    ----------
    parts : tuple of str, length k
    kinds, bodies : tuple of str, length k
    wards : int64, shape (w,)
        Positions in ``Instance.wards``.
    tight, norm, people : int64, shape (w, k)
        Needs by part.
    known : int64, shape (w, k)
        Position of the site where today's arrangement is known to seat the part, or -1.
    trips : int64, shape (k, k)
        One-way trips a day between two parts; symmetric, zero diagonal.
    """

    parts: tuple[str, ...]
    kinds: tuple[str, ...]
    bodies: tuple[str, ...]
    wards: Ints
    tight: Ints
    norm: Ints
    people: Ints
    known: Ints
    trips: Ints


@dataclass(frozen=True)
class Instance:
    """One planning problem as arrays: what `enumerate_plans` needs, and nothing read from files.

    Attributes
    ----------
    wards : list of str
        Ward codes in order; "position of a ward" means its place here.
    sites : DataFrame
        Index site_id, with positions 0..: floor, hall, workplaces, renovation, furniture, citizen_travel (dong a
        year if the reception is here), people_metres (people of the ward × road metres to the site), income_once,
        income_yearly, is_district_hq, in_use_today.
    ward_sites : list of WardSites
        By position of the ward.
    """

    scenario: Scenario
    demand: Demand
    money: Money
    wards: list[str]
    sites: pd.DataFrame
    ward_sites: list[WardSites]
    groups: list[Group]
    hall_tight: Ints
    hall_norm: Ints


def build_instance(region: Region, norms: Norms, scenario: Scenario) -> Instance:
    """Turn tables and settings into the arrays of one planning problem."""
    demand = estimate_demand(region, norms, scenario)
    prices = costs.money(scenario)
    wards = [str(code) for code in region.wards.index]
    table = region.sites
    excluded, required = excluded_sites(region, scenario), required_sites(region, scenario)
    used_today = set(region.today["site_id"].dropna()) - {""}
    allowed = table[~table.index.isin(excluded)]
    by_ward = {ward: part.index for ward, part in allowed.groupby("ward_code", sort=False)}
    points = metric_points(table["lat"].to_numpy(), table["lon"].to_numpy())
    position = {site: i for i, site in enumerate(table.index)}
    ward_sites = []
    for ward in wards:
        ids = by_ward.get(ward, table.index[:0])
        rows = np.array([position[site] for site in ids], np.int64)
        ward_sites.append(
            WardSites(
                rows,
                road_metres(points[rows], points[rows], norms.detour),
                np.array([site in required for site in ids], bool),
            )
        )
    instance = Instance(
        scenario=scenario,
        demand=demand,
        money=prices,
        wards=wards,
        sites=_site_arrays(region, norms, scenario, demand, prices, points, used_today),
        ward_sites=ward_sites,
        groups=_groups(region, norms, scenario, demand, wards, position),
        hall_tight=demand.wards["hall_seats_tight"].to_numpy(np.int64),
        hall_norm=demand.wards["hall_seats_norm"].to_numpy(np.int64),
    )
    _check_amounts(instance)
    return instance


def _check_amounts(instance: Instance) -> None:
    """Refuse prices at which the whole numbers of the arrays (63 bits) could run over: they would do so silently.

    For every ward each item is bounded from above as if the dearest site took everything.
    """
    p = instance.money
    site = {name: instance.sites[name].to_numpy() for name in instance.sites.columns}

    def most(values: Ints) -> int:
        return int(values.max(initial=0))

    for group in instance.groups:
        parts, trips = len(group.parts), int(group.trips.sum()) // 2
        for m, place in enumerate(group.wards):
            rows = instance.ward_sites[place].sites
            norm, people = int(group.norm[m].sum()), int(group.people[m].sum())
            metre_trips = trips * most(instance.ward_sites[place].distance) * p.working_days * p.staff_km
            once = norm * most(site["renovation"][rows]) + people * (most(site["furniture"][rows]) + p.move)
            every = norm * max(p.running, p.crowding) + len(rows) * p.site_fixed + parts * p.cohesion
            every += (
                int(instance.hall_norm[place]) * p.hall_rent
                + most(site["citizen_travel"][rows])
                + metre_trips // 1000
            )
            once += int(site["income_once"][rows].sum())
            every += int(site["income_yearly"][rows].sum())
            largest = max(once * p.factors[0] + every * p.annuity, metre_trips)
            if largest > MOST_MICRO:
                amount = f"{largest / costs.MILLION:.3g} dong".replace("e+", " x 10^")
                raise InputError(
                    Problem(
                        "E605",
                        f"{instance.scenario.name} {instance.wards[place]}",
                        f"a plan of this unit could cost {amount}, more than can be counted exactly",
                        "At most 9 x 10^12 dong a unit. Lower the prices: are they in dong?",
                    )
                )


def body_seats(group: Group) -> list[int]:
    """Return the part that stands for each body; the committee stands where its office is."""
    return [
        i
        for i, (body, kind) in enumerate(zip(group.bodies, group.kinds, strict=True))
        if body != "council_committee" or kind == "leaders"
    ]


def excluded_sites(region: Region, scenario: Scenario) -> set[str]:
    """Return the sites that may not be used; the arrangement in force is taken as it is."""
    if scenario.arrangement == "today":
        return set()
    return set(scenario.rules.excluded) | set(region.sites.index[region.sites["use"] == "excluded"])


def required_sites(region: Region, scenario: Scenario) -> set[str]:
    """Return the sites that must be used; the arrangement in force is taken as it is."""
    if scenario.arrangement == "today":
        return set()
    return set(scenario.rules.required) | set(region.sites.index[region.sites["use"] == "required"])


def demand_points(region: Region, demand: Demand, visits_per_file: int) -> pd.DataFrame:
    """Return where citizens set out from.

    Returns
    -------
    DataFrame
        ward_code, commune_code, people, trips (one-way, a year), lat, lon; rows of ``commune_ward.csv`` with
        people. Parts of a split commune stand half way to the point of their ward.
    """
    pairs = region.pairs[region.pairs["population"] > 0]
    commune = region.communes.loc[pairs["commune_code"], ["lat", "lon"]].to_numpy(float)
    ward = region.wards.loc[pairs["ward_code"], ["lat", "lon"]].to_numpy(float)
    whole = (pairs["kind"] == "whole").to_numpy()[:, None]
    point = np.where(whole, commune, (commune + ward) / 2)
    people = pairs["population"].to_numpy(np.int64)
    total = pairs.groupby("ward_code")["population"].transform("sum").to_numpy(np.int64)
    files = demand.wards.loc[pairs["ward_code"], "in_person_year"].to_numpy(np.int64)
    visits = files * people * visits_per_file // total
    return pd.DataFrame(
        {
            "ward_code": pairs["ward_code"].to_numpy(),
            "commune_code": pairs["commune_code"].to_numpy(),
            "people": people,
            "trips": 2 * visits,
            "lat": point[:, 0],
            "lon": point[:, 1],
        }
    )


def _site_arrays(
    region: Region,
    norms: Norms,
    scenario: Scenario,
    demand: Demand,
    prices: Money,
    points: NDArray[np.float64],
    used_today: set[str],
) -> pd.DataFrame:
    table = region.sites
    in_use_today = table.index.isin(used_today)
    standing = in_use_today & (scenario.start == "today")
    once, every = release_value(region, norms, scenario)
    citizen_travel, people_metres = _citizen_travel(region, norms, scenario, demand, prices, points)
    return pd.DataFrame(
        {
            "floor": table["floor_area_m2"].to_numpy(np.int64),
            "hall": table["hall_seats"].to_numpy(np.int64),
            "workplaces": table["workplaces"].to_numpy(np.int64),
            "renovation": np.where(standing, 0, table["condition"].map(prices.renovation)).astype(np.int64),
            "furniture": np.where(standing, 0, prices.furniture).astype(np.int64),
            "citizen_travel": citizen_travel,
            "people_metres": people_metres,
            "income_once": once,
            "income_yearly": every,
            "is_district_hq": (table["kind"] == "former_district_hq").to_numpy(),
            "in_use_today": in_use_today,
        },
        index=table.index,
    )


def _citizen_travel(
    region: Region,
    norms: Norms,
    scenario: Scenario,
    demand: Demand,
    prices: Money,
    points: NDArray[np.float64],
) -> tuple[Ints, Ints]:
    """Return dong a year, and people × road metres, if the reception is on a site."""
    people = demand_points(region, demand, scenario.reception.visits_per_file)
    origins = metric_points(people["lat"].to_numpy(), people["lon"].to_numpy())
    trips, heads = people["trips"].to_numpy(np.int64), people["people"].to_numpy(np.int64)
    rows_of = people.groupby("ward_code", sort=False).indices
    result, people_metres = np.zeros(len(region.sites), np.int64), np.zeros(len(region.sites), np.int64)
    for ward, sites in region.sites.groupby("ward_code", sort=False).indices.items():
        rows = rows_of.get(ward)
        if rows is not None:
            metres = road_metres(origins[rows], points[sites], norms.detour)
            metre_trips = trips[rows] @ metres
            result[sites] = [int(count) * prices.citizen_km // 1000 for count in metre_trips]
            people_metres[sites] = heads[rows] @ metres
    return result, people_metres


def release_value(region: Region, norms: Norms, scenario: Scenario) -> tuple[Ints, Ints]:
    """Return what every site brings once and every year when it is released by the scenario's route."""
    table, release = region.sites, scenario.release
    nothing = np.zeros(len(table), np.int64)
    if release.route == "public_use":
        return nothing, nothing
    zone = norms.land_zones.loc[region.wards.loc[table["ward_code"], "land_price_zone"]]
    if release.route == "lease":
        net = _floor_product(table["floor_area_m2"], scenario.space.net_to_gross)
        rent = zone["rent_vnd_per_m2_month"].to_numpy(np.int64) * 12
        return nothing, _floor_product(net * rent, release.lease_share)
    land = table["land_area_m2"].to_numpy(np.int64) * zone["land_vnd_per_m2"].to_numpy(np.int64)
    return _floor_product(land, release.auction_price_share), nothing


def _floor_product(amounts: pd.Series | Ints, share: float) -> Ints:
    """Return ⌊amount × share⌋ exactly: shares are taken as the decimal that was written."""
    ratio = Fraction(str(share))
    return np.array([int(a) * ratio.numerator // ratio.denominator for a in amounts], np.int64)


def _groups(
    region: Region,
    norms: Norms,
    scenario: Scenario,
    demand: Demand,
    wards: list[str],
    position: dict[str, int],
) -> list[Group]:
    known = _known_sites(region, position)
    by_parts: dict[tuple[str, ...], list[tuple[int, pd.DataFrame]]] = {}
    frames = dict(iter(demand.parts.groupby("ward_code", sort=False)))
    for place, ward in enumerate(wards):
        frame = frames[ward]
        by_parts.setdefault(tuple(frame["part"]), []).append((place, frame))
    groups = []
    for parts, members in by_parts.items():
        first = members[0][1]
        places = np.array([place for place, _ in members], np.int64)
        groups.append(
            Group(
                parts=parts,
                kinds=tuple(first["kind"]),
                bodies=tuple(first["body"]),
                wards=places,
                tight=np.stack([frame["tight_fit_m2"].to_numpy(np.int64) for _, frame in members]),
                norm=np.stack([frame["norm_m2"].to_numpy(np.int64) for _, frame in members]),
                people=np.stack([frame["people"].to_numpy(np.int64) for _, frame in members]),
                known=np.array(
                    [[known.get((wards[place], part), NOT_FIXED) for part in parts] for place in places],
                    np.int64,
                ),
                trips=_trips(norms, parts, tuple(first["kind"])),
            )
        )
    return groups


def _known_sites(region: Region, position: dict[str, int]) -> dict[tuple[str, str], int]:
    """Return the site of every part whose premises today are known; the committee's address is its office's."""
    part_of_body = {body: part for part, body in BODY_OF_KEPT_PART.items()}
    rows = region.today[region.today["site_id"].isin(position)]
    return {
        (ward, part_of_body.get(body, body)): position[site]
        for ward, body, site in zip(rows["ward_code"], rows["body"], rows["site_id"], strict=True)
    }


def _trips(norms: Norms, parts: tuple[str, ...], kinds: tuple[str, ...]) -> Ints:
    """Return one-way trips a day between parts; ``department`` in the table stands for any department."""
    per_day = {
        frozenset((a, b)): int(trips)
        for a, b, trips in zip(
            norms.trips["part_a"], norms.trips["part_b"], norms.trips["trips_per_day"], strict=True
        )
    }
    table = np.zeros((len(parts), len(parts)), np.int64)
    for i, j in combinations(range(len(parts)), 2):
        choices = [
            frozenset((a, b))
            for a in (parts[i], kinds[i])
            for b in (parts[j], kinds[j])
            if a not in ("body", "leaders") and b not in ("body", "leaders")
        ]
        table[i, j] = table[j, i] = next((per_day[key] for key in choices if key in per_day), 0)
    return table
