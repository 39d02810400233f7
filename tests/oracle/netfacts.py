"""The reception network as plain Python numbers, worked out from docs/model.md, section 7.

On top of `tests.oracle.facts`; shares nothing with the program but needs (`planner.demand`) and the metres between
two points (`planner.travel`).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.travel import metric_points, road_metres
from tests.oracle import facts, timefacts

if TYPE_CHECKING:
    import pandas as pd

    from planner.scenario import Scenario
    from tests.oracle.netinstances import NetCase

MILLION = 1_000_000


def down(value: Fraction) -> int:
    """⌊value⌋, rounded to six decimals first."""
    return floor(round(value, 6))


def up(value: Fraction) -> int:
    """⌈value⌉, rounded to six decimals first."""
    return ceil(round(value, 6))


def exact(value: Any) -> Fraction:
    """Return the number that a setting says, not its binary neighbour."""
    return Fraction(str(value))


@dataclass(frozen=True)
class DemandPoint:
    """Where people of a ward set out from; files and trips by year, ``load`` by stage (0 first)."""

    id: str
    ward: int
    people: int
    files: tuple[int, ...]
    trips: tuple[int, ...]
    load: tuple[int, ...]


@dataclass(frozen=True)
class NetWard:
    """A ward: its bodies and sites, the point of its reception, what its sites bring when released."""

    code: str
    ward: facts.Ward
    rents: tuple[int, ...]
    prices: tuple[int, ...]
    reception: int
    counters: int
    capacity: int
    required: bool
    excluded: bool


@dataclass(frozen=True)
class CityPoint:
    """A point of the city in a ward (its position); ``area`` in gross m²."""

    id: str
    ward: int
    counters: int
    capacity: int
    area: int
    required: bool
    excluded: bool


@dataclass(frozen=True)
class NetCity:
    """The whole problem.

    Attributes
    ----------
    stages : tuple of range
        Positions of the years of every stage, stage 0 first (it may have no year).
    to_site : dict
        Road metres by demand point, ward and site; a pair that is not there is forbidden.
    to_city : dict
        Likewise by demand point and city point.
    weights, growth : tuple of int
        What a dong of every year weighs, and prices of every year, in millionths.
    """

    wards: tuple[NetWard, ...]
    points: tuple[CityPoint, ...]
    demand: tuple[DemandPoint, ...]
    scenario: Scenario
    stages: tuple[range, ...]
    to_site: dict[tuple[int, int, int], int]
    to_city: dict[tuple[int, int], int]
    weights: tuple[int, ...]
    growth: tuple[int, ...]

    @property
    def years(self) -> int:
        """Years of the horizon."""
        return len(self.weights)

    @property
    def last(self) -> int:
        """The number of the last stage; 0 where nothing is handed over."""
        return len(self.stages) - 1

    @property
    def flat(self) -> facts.City:
        """What `tests.oracle.brute` asks for: the scenario."""
        return facts.City((), self.scenario, 0, 0)

    @property
    def citizen_km(self) -> int:
        """Dong per kilometre of a citizen."""
        p = self.scenario.prices
        return p.vnd_per_km + p.citizen_vnd_per_hour // p.speed_kmh

    def yearly_travel(self, i: int, metres: int, t: int) -> int:
        """Dong of year t that people of a demand point spend on so many road metres."""
        plain = self.demand[i].trips[t] * metres * self.citizen_km // 1000
        return plain * self.growth[t] // MILLION

    def travel(self, i: int, metres: int, s: int) -> int:
        """Present value of a stage, millionths of a dong."""
        return sum(self.yearly_travel(i, metres, t) * self.weights[t] for t in self.stages[s])

    def reachable(self, metres: int) -> bool:
        """Tell whether `network.max_minutes` allows so many metres."""
        most = self.scenario.network.max_minutes
        return most is None or 60 * metres <= most * self.scenario.prices.speed_kmh * 1000

    def near(self, metres: int) -> bool:
        """Tell whether so many metres are within `network.share_minutes`."""
        return 60 * metres <= self.scenario.network.share_minutes * self.scenario.prices.speed_kmh * 1000

    @property
    def within_least(self) -> int:
        """People who must be within `network.share_minutes` in every stage."""
        share = self.scenario.network.share_min
        return 0 if share is None else up(exact(share) * sum(point.people for point in self.demand))

    def city_point_yearly(self, c: int, t: int) -> int:
        """Dong of an open city point in a year."""
        p = self.scenario.prices
        plain = self.scenario.network.point_vnd_year + p.site_fixed_vnd_year
        plain += self.points[c].area * p.running_vnd_per_m2_year
        return plain * self.growth[t] // MILLION


def net_facts(net: NetCase) -> NetCity:
    """Work out a problem from its tables."""
    case, scenario = net.case, net.case.scenario
    horizon = scenario.horizon
    starts = [year - horizon.start_year for year in sorted(set(scenario.network.hand_over_years))]
    borders = [0, *starts, horizon.years]
    stages = tuple(range(a, b) for a, b in pairwise(borders))
    codes = [str(code) for code in case.region.wards.index]
    wards = tuple(_ward(net, code) for code in codes)
    points = _city_points(net, codes)
    demand, places = _demand(net, codes, stages)
    roads = Roads(net)
    to_site: dict[tuple[int, int, int], int] = {}
    to_city: dict[tuple[int, int], int] = {}
    given = (
        {}
        if net.travel is None
        else {(row.demand_id, row.point_id): int(row.road_m) for row in net.travel.itertuples()}
    )
    for i, point in enumerate(demand):
        for w, ward in enumerate(wards):
            for j, site in enumerate(ward.ward.sites):
                row = case.region.sites.loc[site.id]
                metres = given.get((point.id, site.id))
                if metres is None and w == point.ward:
                    metres = roads.leg(places[i][:2], (row["lat"], row["lon"]))
                elif metres is None:
                    metres = roads.metres(places[i], (row["lat"], row["lon"]))
                if metres is not None:
                    to_site[i, w, j] = metres
        for c, other in enumerate(points):
            row = net.city_points.set_index("point_id").loc[other.id]
            metres = given.get((point.id, other.id))
            if metres is None:
                metres = roads.metres(places[i], (row["lat"], row["lon"]))
            if metres is not None:
                to_city[i, c] = metres
    return NetCity(
        wards=wards,
        points=points,
        demand=demand,
        scenario=scenario,
        stages=stages,
        to_site=to_site,
        to_city=to_city,
        weights=tuple(facts.discount_factors(scenario)),
        growth=timefacts.growth_factors(horizon.price_growth, horizon.years),
    )


# --- wards and points --------------------------------------------------------------------------------------------


def capacity(scenario: Scenario, counters: int) -> int:
    """Files a year that so many counters take."""
    r = scenario.reception
    minutes = counters * r.working_days * r.open_minutes_per_day * exact(r.counter_use_share)
    return down(minutes / (exact(r.peak_factor) * exact(r.minutes_per_file)))


def _ward(net: NetCase, code: str) -> NetWard:
    case, scenario = net.case, net.case.scenario
    ward = facts.ward_facts(case, code)
    values = [
        facts.cash_values(case, {**case.region.sites.loc[site.id].to_dict(), "site_id": site.id})
        for site in ward.sites
    ]
    needs = facts.needs_of(case).wards.loc[code]
    counters = int(needs["counters"])
    name = f"ward-{code}"
    return NetWard(
        code=code,
        ward=ward,
        rents=tuple(rent for rent, _ in values),
        prices=tuple(price for _, price in values),
        reception=next(p for p, part in enumerate(ward.parts) if part.body == "reception"),
        counters=counters,
        capacity=max(capacity(scenario, counters), int(needs["in_person_year"])),
        required=name in scenario.network.required,
        excluded=name in scenario.network.excluded,
    )


def _city_points(net: NetCase, codes: list[str]) -> tuple[CityPoint, ...]:
    if net.city_points is None:
        return ()
    scenario = net.case.scenario
    r, network = scenario.reception, scenario.network
    found = []
    for row in net.city_points.sort_values("point_id").to_dict("records"):
        if row["use"] == "excluded":
            continue
        own = row["counters"]
        counters = network.city_point_counters if own != own or own in ("", None) else int(own)
        each = exact(r.counter_m2) + exact(r.waiting_m2) * r.waiting_people_per_counter
        room = max(exact(r.min_m2), each * counters)
        found.append(
            CityPoint(
                id=row["point_id"],
                ward=codes.index(row["ward_code"]),
                counters=counters,
                capacity=capacity(scenario, counters),
                area=up(room / exact(scenario.space.net_to_gross)),
                required=row["use"] == "required" or row["point_id"] in network.required,
                excluded=row["point_id"] in network.excluded,
            )
        )
    return tuple(found)


def online_share(scenario: Scenario, year: int) -> Any:
    """Return the share of files handed in online in a year."""
    known = [other for other in scenario.network.online_by_year if other <= year]
    return scenario.network.online_by_year[max(known)] if known else scenario.reception.online_share


def in_person(scenario: Scenario, population: int, year: int) -> int:
    """Files of a ward that are handed in at a counter in a year."""
    r = scenario.reception
    files = down(population * exact(r.files_per_1000_people_year) / 1000)
    return max(0, down(files * (1 - exact(online_share(scenario, year)) - exact(r.postal_share))))


def _demand(
    net: NetCase, codes: list[str], stages: tuple[range, ...]
) -> tuple[tuple[DemandPoint, ...], list[tuple[float, float, str]]]:
    """Return the demand points, and of each latitude, longitude and old commune."""
    region, scenario = net.case.region, net.case.scenario
    start, years = scenario.horizon.start_year, scenario.horizon.years
    found, places = [], []
    for pair in region.pairs.itertuples():
        if not pair.population:
            continue
        ward = region.wards.loc[pair.ward_code]
        commune = region.communes.loc[pair.commune_code]
        lat, lon = commune["lat"], commune["lon"]
        if pair.kind != "whole":
            lat, lon = (lat + ward["lat"]) / 2, (lon + ward["lon"]) / 2
        everybody = int(region.pairs.loc[region.pairs["ward_code"] == pair.ward_code, "population"].sum())
        people = int(pair.population)
        all_files = [in_person(scenario, int(ward["population"]), start + t) for t in range(years)]
        files = tuple(f * people // everybody for f in all_files)
        visits = scenario.reception.visits_per_file
        found.append(
            DemandPoint(
                id=f"{pair.commune_code}-{pair.ward_code}",
                ward=codes.index(pair.ward_code),
                people=people,
                files=files,
                trips=tuple(2 * (f * people * visits // everybody) for f in all_files),
                load=tuple(max((files[t] for t in stage), default=0) for stage in stages),
            )
        )
        places.append((lat, lon, str(pair.commune_code)))
    return tuple(found), places


# --- roads -------------------------------------------------------------------------------------------------------


class Roads:
    """Road metres with the crossing rule."""

    def __init__(self, net: NetCase) -> None:
        self.detour: pd.DataFrame = net.case.norms.detour
        self.communes = [
            (str(row.Index), (row.lat, row.lon)) for row in net.case.region.communes.itertuples()
        ]
        self.banks: dict[str, str] | None = None
        self.bridges: list[tuple[tuple[float, float], frozenset[str]]] = []
        if net.banks is not None:
            self.banks = {row.commune_code: row.bank for row in net.banks.itertuples()}
            if net.bridges is not None:
                self.bridges = [
                    ((row.lat, row.lon), frozenset((row.bank_a, row.bank_b)))
                    for row in net.bridges.itertuples()
                ]
        self._known: dict[Any, int] = {}

    def leg(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        """Metres of section 2 between two points."""
        if (a, b) not in self._known:
            ends = [metric_points(np.array([lat]), np.array([lon])) for lat, lon in (a, b)]
            self._known[a, b] = int(road_metres(*ends, self.detour)[0, 0])
        return self._known[a, b]

    def bank(self, point: tuple[float, float]) -> str:
        """Return the bank of the nearest old commune, the first of equals."""
        here = metric_points(np.array([point[0]]), np.array([point[1]]))[0]
        best, found = float("inf"), ""
        for code, (lat, lon) in self.communes:
            there = metric_points(np.array([lat]), np.array([lon]))[0]
            straight = float(np.hypot(*(here - there)))
            if straight < best:
                best, found = straight, code
        return self.banks[found]

    def metres(self, origin: tuple[float, float, str], target: tuple[float, float]) -> int | None:
        """Return metres from a demand point to a point, over bridges where they are on different banks."""
        start = origin[:2]
        if self.banks is None:
            return self.leg(start, target)
        home, goal = self.banks[origin[2]], self.bank(target)
        if home == goal:
            return self.leg(start, target)
        # Dijkstra over bridges: two of them are joined by a leg where they have a bank in common.
        queue = [(self.leg(start, place), b) for b, (place, ends) in enumerate(self.bridges) if home in ends]
        heapq.heapify(queue)
        done: set[int] = set()
        least = None
        while queue:
            so_far, b = heapq.heappop(queue)
            if b in done:
                continue
            done.add(b)
            place, ends = self.bridges[b]
            if goal in ends:
                whole = so_far + self.leg(place, target)
                least = whole if least is None else min(least, whole)
            for other, (there, others) in enumerate(self.bridges):
                if other not in done and ends & others:
                    heapq.heappush(queue, (so_far + self.leg(place, there), other))
        return least
