"""A planning problem as plain Python numbers, worked out from docs/model.md for brute force and direct formulation.

Needs come from `planner.demand` and distances from `planner.travel`; nothing is shared with `planner.costs` and
`planner.model`, which these oracles judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from planner.demand import estimate_demand
from planner.travel import metric_points, road_metres

if TYPE_CHECKING:
    from planner.demand import Demand
    from planner.scenario import Scenario
    from tests.oracle.instances import Case

MILLION = 1_000_000


@dataclass(frozen=True)
class Part:
    """A part of a ward's bodies; ``known`` is the site it has today, ``None`` if not known."""

    name: str
    body: str
    kind: str
    people: int
    tight: int
    norm: int
    known: str | None


@dataclass(frozen=True)
class Site:
    """A site that may be used; amounts in dong.

    ``reception_yearly`` is what citizens' travel costs a year if the reception sits here, ``released_*`` what the
    site brings when it is not in use.
    """

    id: str
    floor: int
    hall: int
    workplaces: int
    renovation: int
    furniture: int
    reception_yearly: int
    released_once: int
    released_yearly: int
    required: bool
    district_hq: bool


@dataclass(frozen=True)
class Ward:
    """One ward; ``trips`` by pair of part positions (i < j), ``metres`` by pair of site positions."""

    code: str
    parts: tuple[Part, ...]
    sites: tuple[Site, ...]
    trips: dict[tuple[int, int], int]
    metres: list[list[int]]
    hall_tight: int
    hall_norm: int


@dataclass(frozen=True)
class City:
    """The wards, the scenario and what one dong of the first year, and of every year, weighs in millionths."""

    wards: tuple[Ward, ...]
    scenario: Scenario
    first: int
    every: int

    @property
    def staff_km(self) -> int:
        """Dong per kilometre of a member of staff: the vehicle and the time."""
        p = self.scenario.prices
        return p.vnd_per_km + p.staff_vnd_per_hour // p.speed_kmh


def discount_factors(scenario: Scenario) -> list[int]:
    """factor(t) = round(10⁶ / (1 + rate)^t), half up."""
    growth = 1 + Fraction(str(scenario.horizon.discount_rate))
    return [int(Fraction(MILLION) / growth**t + Fraction(1, 2)) for t in range(scenario.horizon.years)]


def city_facts(case: Case) -> City:
    """Work out a planning problem from its tables."""
    factors = discount_factors(case.scenario)
    wards = tuple(ward_facts(case, code) for code in case.region.wards.index)
    return City(wards, case.scenario, factors[0], sum(factors))


def ward_facts(case: Case, code: str, extra: int = 0, foreign: str = "") -> Ward:
    """Work out a ward with so many further departments; `foreign` is a site it may share, last of its sites."""
    region, scenario = case.region, case.scenario
    today = {
        row.body: row.site_id for row in region.today.itertuples() if row.ward_code == code and row.site_id
    }
    demand = needs_of(case, extra)
    parts = tuple(
        Part(row.part, row.body, row.kind, row.people, row.tight_fit_m2, row.norm_m2, _known(row, today))
        for row in demand.parts.itertuples()
        if row.ward_code == code
    )
    lists = scenario.arrangement == "free"
    excluded = set(scenario.rules.excluded) if lists else set()
    required = set(scenario.rules.required) if lists else set()
    rows = [
        row
        for row in region.sites.sort_index().reset_index().to_dict("records")
        if row["ward_code"] == code
        and row["site_id"] not in excluded
        and not (lists and row["use"] == "excluded")
    ]
    if foreign:
        row = {
            **region.sites.loc[foreign].to_dict(),
            "site_id": foreign,
            "ward_code": code,
            "use": "candidate",
        }
        rows.append(row)
        required.discard(foreign)
    sites = tuple(
        _site(case, row, demand, lists and (row["use"] == "required" or row["site_id"] in required))
        for row in rows
    )
    points = metric_points(np.array([row["lat"] for row in rows]), np.array([row["lon"] for row in rows]))
    needs = demand.wards.loc[code]
    return Ward(
        code=code,
        parts=parts,
        sites=sites,
        trips=_trips(case, parts),
        metres=road_metres(points, points, case.norms.detour).tolist() if rows else [],
        hall_tight=int(needs["hall_seats_tight"]),
        hall_norm=int(needs["hall_seats_norm"]),
    )


_DEMANDS: dict[tuple[int, int], tuple[Case, Demand]] = {}


def needs_of(case: Case, extra: int = 0) -> Demand:
    """Return the needs of a case with so many further departments a ward, worked out once."""
    found = _DEMANDS.get((id(case), extra))
    if found is None or found[0] is not case:
        if any(known is not case for known, _ in _DEMANDS.values()):
            _DEMANDS.clear()
        found = case, estimate_demand(case.region, case.norms, case.scenario, extra)
        _DEMANDS[id(case), extra] = found
    return found[1]


def _known(row, today: dict[str, str]) -> str | None:
    """Of the committee the office is what stands at the address that is known."""
    if row.body == "council_committee" and row.kind != "leaders":
        return None
    return today.get(row.body)


def _trips(case: Case, parts: tuple[Part, ...]) -> dict[tuple[int, int], int]:
    """One-way trips a day of every pair of parts; ``department`` in the table stands for any department."""
    table = {}
    for row in case.norms.trips.itertuples():
        table[row.part_a, row.part_b] = table[row.part_b, row.part_a] = int(row.trips_per_day)
    found = {}
    for j, b in enumerate(parts):
        for i, a in enumerate(parts[:j]):
            ways = [(a.name, b.name)]
            if b.kind == "department":
                ways.append((a.name, "department"))
            if a.kind == "department":
                ways.append(("department", b.name))
            if a.kind == b.kind == "department":
                ways.append(("department", "department"))
            found[i, j] = next((table[way] for way in ways if way in table), 0)
    return found


def _site(case: Case, row: dict, demand, required: bool) -> Site:
    region, scenario = case.region, case.scenario
    prices = scenario.prices
    stands = scenario.start == "today" and row["site_id"] in set(region.today["site_id"])
    renovation = getattr(prices, f"renovation_{row['condition'].lower()}_vnd_per_m2")
    once, yearly = _release(case, row)
    return Site(
        id=row["site_id"],
        floor=int(row["floor_area_m2"]),
        hall=int(row["hall_seats"]),
        workplaces=int(row["workplaces"]),
        renovation=0 if stands else renovation,
        furniture=0 if stands else prices.furniture_vnd_per_person,
        reception_yearly=citizens_yearly(
            case, row, int(demand.wards.loc[row["ward_code"], "in_person_year"])
        ),
        released_once=once,
        released_yearly=yearly,
        required=required,
        district_hq=row["kind"] == "former_district_hq",
    )


def _release(case: Case, row: dict) -> tuple[int, int]:
    """Return what a released site brings once and every year."""
    route = case.scenario.release.route
    rent, price = cash_values(case, row)
    return (0, rent) if route == "lease" else (price, 0) if route == "auction" else (0, 0)


def cash_values(case: Case, row: dict) -> tuple[int, int]:
    """Return a year's rent of a released site and its price at auction."""
    release = case.scenario.release
    zone = case.norms.land_zones.loc[case.region.wards.loc[row["ward_code"], "land_price_zone"]]
    net = int(row["floor_area_m2"] * Fraction(str(case.scenario.space.net_to_gross)))
    rent = int(net * int(zone["rent_vnd_per_m2_month"]) * 12 * Fraction(str(release.lease_share)))
    land = int(row["land_area_m2"]) * int(zone["land_vnd_per_m2"])
    return rent, int(land * Fraction(str(release.auction_price_share)))


def citizens_yearly(case: Case, site: dict, files: int) -> int:
    """⌊Σ over demand points (trips × road metres) × dong per km / 1000⌋."""
    region, prices = case.region, case.scenario.prices
    ward = region.wards.loc[site["ward_code"]]
    per_km = prices.vnd_per_km + prices.citizen_vnd_per_hour // prices.speed_kmh
    target = metric_points(np.array([site["lat"]]), np.array([site["lon"]]))
    everybody = int(region.pairs.loc[region.pairs["ward_code"] == site["ward_code"], "population"].sum())
    total = 0
    for pair in region.pairs.itertuples():
        if pair.ward_code != site["ward_code"] or not pair.population:
            continue
        commune = region.communes.loc[pair.commune_code]
        lat, lon = commune["lat"], commune["lon"]
        if pair.kind != "whole":
            lat, lon = (lat + ward["lat"]) / 2, (lon + ward["lon"]) / 2
        visits = files * pair.population * case.scenario.reception.visits_per_file // everybody
        metres = road_metres(metric_points(np.array([lat]), np.array([lon])), target, case.norms.detour)
        total += 2 * visits * int(metres[0, 0])
    return total * per_km // 1000
