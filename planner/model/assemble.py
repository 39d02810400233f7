"""From tables and settings to the arrays of one planning problem."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner import costs
from planner.centres import PARCEL, Centre, Need, Place, centres_of
from planner.demand import Demand, demand_points, estimate_demand, workload
from planner.instance import NOT_FIXED, Group, Instance, Pair, WardSites, as_guests
from planner.model.amounts import MOST_MICRO, check_amounts
from planner.releases import build_releases
from planner.travel import metric_points, road_metres

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints, Money
    from planner.region import Norms, Region
    from planner.scenario import Scenario

BODY_OF_KEPT_PART = {"office": "council_committee"}


def build_instance(region: Region, norms: Norms, scenario: Scenario) -> Instance:
    """Turn tables and settings into the arrays of one planning problem."""
    most = scenario.departments.extra_max if scenario.departments.open else 0
    levels = [_with_departments(region, norms, scenario, extra) for extra in range(most + 1)]
    if scenario.rules.shared:
        pairs, guests = _shared(levels, region, norms)
        levels = [
            replace(
                level,
                sites=pd.concat([level.sites, guests]),
                pairs=pairs,
                releases=level.releases.with_more_sites(len(guests)),
            )
            for level in levels
        ]
    for level in levels:
        check_amounts(level)
        for pair in level.pairs:
            for lodging in list(pair.left.values())[:1]:  # all of them have the same prices
                check_amounts(as_guests(level, {pair.guest: lodging}), only=pair.guest)
    return replace(levels[0], further=tuple(levels[1:]))


def _shared(levels: list[Instance], region: Region, norms: Norms) -> tuple[tuple[Pair, ...], pd.DataFrame]:
    """Return the pairs that may share, and each shared site as its guest finds it beside parts of the owner."""
    first = levels[0]
    travel = _Citizens(region, norms, first.scenario, first.demand, first.money)
    pairs: list[Pair] = []
    rows: list[dict[str, object]] = []
    names: list[str] = []
    for text in dict.fromkeys(" ".join(entry.split()) for entry in first.scenario.rules.shared):
        site_id, guest = text.split(" ")
        site = int(first.sites.index.get_loc(site_id))
        owner = str(region.sites.loc[site_id, "ward_code"])
        point = metric_points(
            region.sites.loc[[site_id], "lat"].to_numpy(), region.sites.loc[[site_id], "lon"].to_numpy()
        )
        citizens, metres = travel.to(guest, point)
        base = first.sites.iloc[site]
        left = {}
        for state in sorted({state for level in levels for state in _loads(level, owner)}):
            tight, norm, people = state
            room = int(base["floor"]) - tight
            if room < 0:
                continue
            left[state] = len(first.sites) + len(rows)
            names.append(f"{site_id} {guest} {tight} {norm} {people}")
            rows.append(
                base.to_dict()
                | {
                    "floor": max(0, int(base["floor"]) - norm),
                    "room": room,
                    "workplaces": max(0, int(base["workplaces"]) - people),
                    "citizen_travel": int(citizens[0]),
                    "people_metres": int(metres[0]),
                    "is_district_hq": False,
                    "fixed": 0,
                }
            )
        pairs.append(Pair(site, first.wards.index(owner), first.wards.index(guest), left))
    guests = pd.DataFrame(rows, index=names, columns=first.sites.columns).astype(first.sites.dtypes.to_dict())
    return tuple(pairs), guests


def _loads(instance: Instance, ward: str) -> set[tuple[int, int, int]]:
    """Return tight fit, norm and people of every set of parts of a ward, but the empty one."""
    place = instance.wards.index(ward)
    group = next(g for g in instance.groups if place in g.wards)
    needs = np.stack([group.tight, group.norm, group.people])[:, int(np.flatnonzero(group.wards == place)[0])]
    parts = range(len(group.parts))
    return {
        tuple(needs[:, list(some)].sum(axis=1).tolist())
        for size in range(1, len(group.parts) + 1)
        for some in combinations(parts, size)
    }


def _with_departments(region: Region, norms: Norms, scenario: Scenario, extra: int) -> Instance:
    demand = estimate_demand(region, norms, scenario, extra)
    prices = costs.money(scenario)
    wards = [str(code) for code in region.wards.index]
    table = region.sites
    excluded, required = excluded_sites(region, scenario), required_sites(region, scenario)
    used_today = set(region.today["site_id"].dropna()) - {""}
    allowed = np.flatnonzero(~table.index.isin(excluded))
    by_ward = table.iloc[allowed].groupby("ward_code", sort=False).indices
    is_required = table.index.isin(required)
    points = metric_points(table["lat"].to_numpy(), table["lon"].to_numpy())
    position = {site: i for i, site in enumerate(table.index)}
    ward_sites = []
    for ward in wards:
        rows = allowed[by_ward.get(ward, allowed[:0])]
        distance = road_metres(points[rows], points[rows], norms.detour)
        ward_sites.append(WardSites(rows, distance, is_required[rows]))
    travel = _Citizens(region, norms, scenario, demand, prices)
    sites = _site_arrays(region, scenario, prices, travel, points, used_today)
    departments, duty = _duty(region, scenario, demand, extra)
    return Instance(
        scenario=scenario,
        demand=demand,
        money=prices,
        wards=wards,
        sites=sites,
        ward_sites=ward_sites,
        groups=_groups(region, norms, scenario, demand, wards, position),
        hall_tight=demand.wards["hall_seats_tight"].to_numpy(np.int64),
        hall_norm=demand.wards["hall_seats_norm"].to_numpy(np.int64),
        releases=build_releases(region, norms, scenario, prices),
        centres=_centres(region, norms, scenario, demand, prices, sites, ward_sites, travel, duty),
        types=[str(kind) for kind in region.wards["type"]],
        districts=[str(name) for name in region.wards["former_district"]],
        departments=departments,
        duty=duty,
        points=points,
        detour=norms.detour,
        extra=extra,
    )


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


class _Citizens:
    """Citizens' travel to the reception of their ward, for any point in it."""

    def __init__(
        self, region: Region, norms: Norms, scenario: Scenario, demand: Demand, prices: Money
    ) -> None:
        people = demand_points(region, demand, scenario.reception.visits_per_file)
        self.origins = metric_points(people["lat"].to_numpy(), people["lon"].to_numpy())
        self.trips, self.heads = people["trips"].to_numpy(np.int64), people["people"].to_numpy(np.int64)
        self.rows_of = people.groupby("ward_code", sort=False).indices
        self.detour, self.per_km = norms.detour, prices.citizen_km

    def to(self, ward: str, points: NDArray[np.float64]) -> tuple[Ints, Ints]:
        """Return dong a year, and people × road metres, if the reception is at each point, shape (n,) each."""
        rows = self.rows_of.get(ward)
        if rows is None:
            return np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
        metres = road_metres(self.origins[rows], points, self.detour)
        # What is beyond 63 bits is refused by `check_amounts`.
        dong = [min(int(n) * self.per_km // 1000, MOST_MICRO) for n in self.trips[rows] @ metres]
        return np.array(dong, np.int64), np.asarray(self.heads[rows] @ metres, np.int64)


def _site_arrays(
    region: Region,
    scenario: Scenario,
    prices: Money,
    travel: _Citizens,
    points: NDArray[np.float64],
    used_today: set[str],
) -> pd.DataFrame:
    table = region.sites
    in_use_today = table.index.isin(used_today)
    standing = in_use_today & (scenario.start == "today")
    citizen_travel, people_metres = np.zeros(len(table), np.int64), np.zeros(len(table), np.int64)
    for ward, places in table.groupby("ward_code", sort=False).indices.items():
        citizen_travel[places], people_metres[places] = travel.to(str(ward), points[places])
    return pd.DataFrame(
        {
            "floor": table["floor_area_m2"].to_numpy(np.int64),
            "hall": table["hall_seats"].to_numpy(np.int64),
            "workplaces": table["workplaces"].to_numpy(np.int64),
            "renovation": np.where(standing, 0, table["condition"].map(prices.renovation)).astype(np.int64),
            "furniture": np.where(standing, 0, prices.furniture).astype(np.int64),
            "citizen_travel": citizen_travel,
            "people_metres": people_metres,
            "is_district_hq": (table["kind"] == "former_district_hq").to_numpy(),
            "in_use_today": in_use_today,
            "room": table["floor_area_m2"].to_numpy(np.int64),
            "fixed": np.ones(len(table), np.int64),
            "real": np.arange(len(table)),
        },
        index=table.index,
    )


def _duty(region: Region, scenario: Scenario, demand: Demand, extra: int) -> tuple[Ints, Ints]:
    """Return the departments of every ward, and dong a year for further ones and for overload."""
    rule = scenario.departments
    of_ward = demand.parts["kind"].isin(["leaders", "department"]).groupby(demand.parts["ward_code"]).sum()
    count = of_ward.reindex(region.wards.index).to_numpy(np.int64) + rule.count_reception
    duty = np.zeros((len(count), 2), np.int64)
    if rule.open:
        posts = np.array(
            [
                workload(int(people), bool(mountain), scenario)
                for people, mountain in zip(region.wards["population"], region.wards["mountain"], strict=True)
            ],
            np.int64,
        )
        duty[:, 0] = extra * rule.extra_vnd_year
        duty[:, 1] = np.maximum(0, posts - count * rule.posts_each) * rule.overload_vnd_per_post_year
    return count, duty


def _centres(
    region: Region,
    norms: Norms,
    scenario: Scenario,
    demand: Demand,
    prices: Money,
    sites: pd.DataFrame,
    ward_sites: list[WardSites],
    travel: _Citizens,
    duty: Ints,
) -> list[list[Centre]]:
    wards = [str(code) for code in region.wards.index]
    if not scenario.centres.allowed or scenario.arrangement == "today":
        return [[] for _ in wards]
    land = region.sites["land_area_m2"].to_numpy(np.int64)
    floor, citizens, metres = (
        sites[name].to_numpy() for name in ("floor", "citizen_travel", "people_metres")
    )
    parcels = _parcels(region, norms, scenario, travel)
    norm = demand.parts.groupby("ward_code")["norm_m2"].sum()
    found = []
    for place, ward in enumerate(wards):
        own = ward_sites[place]
        candidates = own.sites[own.required] if own.required.any() else own.sites
        places = [
            Place(str(sites.index[i]), i, int(land[i]), int(floor[i]), 0, int(citizens[i]), int(metres[i]))
            for i in candidates.tolist()
        ]
        if not own.required.any():
            places += parcels.get(ward, [])
        row = demand.wards.loc[ward]
        need = Need(
            kind=str(region.wards.loc[ward, "type"]),
            norm=int(norm[ward]),
            seats=int(row["hall_seats_norm"]),
            people=int(row["staff"]),
            departments=int(duty[place, 0]),
            overload=int(duty[place, 1]),
        )
        found.append(centres_of(places, need, scenario, prices))
    return found


def _parcels(region: Region, norms: Norms, scenario: Scenario, travel: _Citizens) -> dict[str, list[Place]]:
    """Return the new land of every ward, in order of the parcels' ids."""
    found: dict[str, list[Place]] = {}
    share = Fraction(str(scenario.centres.land_price_share))
    for parcel in region.parcels.itertuples():
        ward = str(parcel.ward_code)
        price = parcel.land_vnd_per_m2
        if pd.isna(price):
            price = norms.land_zones.loc[region.wards.loc[ward, "land_price_zone"], "land_vnd_per_m2"]
        point = metric_points(np.array([float(parcel.lat)]), np.array([float(parcel.lon)]))
        citizens, metres = travel.to(ward, point)
        area = int(parcel.land_area_m2)
        paid = area * int(price) * share.numerator // share.denominator
        place = Place(str(parcel.Index), PARCEL, area, 0, paid, int(citizens[0]), int(metres[0]))
        found.setdefault(ward, []).append(place)
    return found


def _groups(
    region: Region,
    norms: Norms,
    scenario: Scenario,
    demand: Demand,
    wards: list[str],
    position: dict[str, int],
) -> list[Group]:
    known = _known_sites(region, position)
    table = {name: column.to_numpy() for name, column in demand.parts.items()}
    rows_of = demand.parts.groupby("ward_code", sort=False).indices
    by_parts: dict[tuple[str, ...], list[int]] = {}
    for place, ward in enumerate(wards):
        by_parts.setdefault(tuple(table["part"][rows_of[ward]]), []).append(place)
    groups = []
    for parts, members in by_parts.items():
        places = np.array(members, np.int64)
        rows = np.stack([rows_of[wards[place]] for place in members])
        kinds = tuple(table["kind"][rows[0]])
        groups.append(
            Group(
                parts=parts,
                kinds=kinds,
                bodies=tuple(table["body"][rows[0]]),
                wards=places,
                tight=table["tight_fit_m2"][rows].astype(np.int64),
                norm=table["norm_m2"][rows].astype(np.int64),
                people=table["people"][rows].astype(np.int64),
                known=np.array(
                    [[known.get((wards[place], part), NOT_FIXED) for part in parts] for place in places],
                    np.int64,
                ),
                trips=_trips(norms, parts, kinds),
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
