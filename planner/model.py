"""Every arrangement of every ward, enumerated and priced with arrays; those that can matter are kept.

For one ward an arrangement is a choice of at most a few sites and a site for every part. Wards meet only in city-wide
rules, so of the arrangements of one ward with the same use of every city-wide resource only a cheapest can be chosen
(docs/model.md, section 5). What is left goes into the integer program of `planner.solve`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner import costs
from planner.demand import Demand, estimate_demand
from planner.errors import InputError, Problem
from planner.travel import metric_points, road_metres

if TYPE_CHECKING:
    from collections.abc import Iterator

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
# Missing m² count before missing seats where a ward cannot keep both rules (docs/model.md, rule 2).
SEATS_PER_MISSING_M2 = 1_000_000


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
        year if the reception is here), income_once, income_yearly, is_district_hq, in_use_today.
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


@dataclass(frozen=True)
class PlanColumns:
    """Arrangements that can matter, one a row, cheapest first within a ward.

    Attributes
    ----------
    ward : int64, shape (m,)
        Position of the ward.
    cost : int64, shape (m,)
        Net present cost in millionths of a dong.
    resources : dict of str to int64, shape (m,)
        Use of every city-wide resource: ``premises`` (sites), ``capital`` (dong of the first year).
    missing_m2, missing_seats : int64, shape (m,)
        Below the tight fit; zero unless the scenario only reports the rule.
    site_of_part : int64, shape (m, k_max)
        Position of the site of every part of the ward, -1 beyond the ward's parts.
    """

    ward: Ints
    cost: Ints
    resources: dict[str, Ints]
    missing_m2: Ints
    missing_seats: Ints
    site_of_part: Ints

    def __len__(self) -> int:
        return len(self.ward)

    def take(self, rows: Ints) -> PlanColumns:
        """Return some of the rows."""
        return PlanColumns(
            self.ward[rows],
            self.cost[rows],
            {name: use[rows] for name, use in self.resources.items()},
            self.missing_m2[rows],
            self.missing_seats[rows],
            self.site_of_part[rows],
        )


# --- building the instance ---------------------------------------------------------------------------------------


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
    return pd.DataFrame(
        {
            "floor": table["floor_area_m2"].to_numpy(np.int64),
            "hall": table["hall_seats"].to_numpy(np.int64),
            "workplaces": table["workplaces"].to_numpy(np.int64),
            "renovation": np.where(standing, 0, table["condition"].map(prices.renovation)).astype(np.int64),
            "furniture": np.where(standing, 0, prices.furniture).astype(np.int64),
            "citizen_travel": _citizen_travel(region, norms, scenario, demand, prices, points),
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
) -> Ints:
    people = demand_points(region, demand, scenario.reception.visits_per_file)
    origins = metric_points(people["lat"].to_numpy(), people["lon"].to_numpy())
    trips = people["trips"].to_numpy(np.int64)
    rows_of = people.groupby("ward_code", sort=False).indices
    result = np.zeros(len(region.sites), np.int64)
    for ward, sites in region.sites.groupby("ward_code", sort=False).indices.items():
        rows = rows_of.get(ward)
        if rows is not None:
            metre_trips = trips[rows] @ road_metres(origins[rows], points[sites], norms.detour)
            result[sites] = [int(count) * prices.citizen_km // 1000 for count in metre_trips]
    return result


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
    from fractions import Fraction

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


# --- enumerating -------------------------------------------------------------------------------------------------


@cache
def patterns(parts: int, slots: int) -> NDArray[np.int8]:
    """Return every way of putting parts on slots that leaves no slot empty, shape (P, parts)."""
    every = np.array(list(product(range(slots), repeat=parts)), np.int8).reshape(-1, parts)
    full = np.ones(len(every), bool)
    for slot in range(slots):
        full &= (every == slot).any(axis=1)
    return every[full]


@cache
def open_sets(sites: int, slots: int) -> Ints:
    """Return every choice of ``slots`` out of ``sites`` sites, shape (O, slots), in site order."""
    return np.array(list(combinations(range(sites), slots)), np.int64).reshape(-1, slots)


@dataclass(frozen=True)
class Arrangements:
    """A block with what is needed to decode it: the open sets, and which of its arrangements are allowed."""

    group: Group
    block: costs.Block
    member: Ints  # (O,) position of the ward within the group
    sites: Ints  # (O, n) positions of the sites
    allowed: NDArray[np.bool_]  # (O, P) rules other than floor area and hall
    missing_m2: Ints  # (O, P)
    missing_seats: Ints  # (O,)


def arrangements(instance: Instance, group: Group, slots: int, members: Ints) -> Arrangements | None:
    """Return every arrangement of some wards of a group on exactly ``slots`` sites, or None if there is none."""
    member, sites, distance = _open_sets_of(instance, group, slots, members)
    if not len(member):
        return None
    pattern = patterns(len(group.parts), slots)
    if not instance.scenario.rules.departments_apart:
        pattern = pattern[_committee_together(group, pattern)]
    block = _block(instance, group, pattern, member, sites, distance)
    hall = instance.sites["hall"].to_numpy()[sites].max(axis=1)
    tight_seats = instance.hall_tight[group.wards[member]]
    hall_rule = instance.scenario.rules.hall != "off"
    return Arrangements(
        group=group,
        block=block,
        member=member,
        sites=sites,
        allowed=_keeps_today(instance, group, pattern, member, sites),
        missing_m2=block.missing_to_tight(),
        missing_seats=np.maximum(0, tight_seats - hall) * hall_rule,
    )


def _open_sets_of(instance: Instance, group: Group, slots: int, members: Ints) -> tuple[Ints, Ints, Ints]:
    """Return member (O,), site positions (O, n) and road metres between slots (O, pairs) of all open sets."""
    member, sites, distance = [], [], []
    pairs = list(combinations(range(slots), 2))
    for m in members:
        ward = instance.ward_sites[group.wards[m]]
        chosen = open_sets(len(ward.sites), slots)
        if ward.required.any():
            chosen = chosen[ward.required[chosen].sum(axis=1) == ward.required.sum()]
        member.append(np.full(len(chosen), m, np.int64))
        sites.append(ward.sites[chosen])
        distance.append(
            np.column_stack([ward.distance[chosen[:, a], chosen[:, b]] for a, b in pairs])
            if pairs
            else np.zeros((len(chosen), 0), np.int64)
        )
    if not member:
        return np.zeros(0, np.int64), np.zeros((0, slots), np.int64), np.zeros((0, len(pairs)), np.int64)
    return np.concatenate(member), np.concatenate(sites), np.concatenate(distance)


def _committee_together(group: Group, pattern: NDArray[np.int8]) -> NDArray[np.bool_]:
    columns = [i for i, body in enumerate(group.bodies) if body == "council_committee"]
    slots = pattern[:, columns]
    return np.asarray((slots == slots[:, :1]).all(axis=1))


def _keeps_today(
    instance: Instance, group: Group, pattern: NDArray[np.int8], member: Ints, sites: Ints
) -> NDArray[np.bool_]:
    """Rule 4: with ``arrangement: today`` a part whose premises are known stays there."""
    allowed = np.ones((len(member), len(pattern)), bool)
    if instance.scenario.arrangement != "today":
        return allowed
    for part in range(len(group.parts)):
        known = group.known[member, part]
        is_known = known != NOT_FIXED
        if is_known.any():
            site = sites[:, pattern[:, part]]  # (O, P)
            allowed &= ~is_known[:, None] | (site == known[:, None])
    return allowed


def _block(
    instance: Instance, group: Group, pattern: NDArray[np.int8], member: Ints, sites: Ints, distance: Ints
) -> costs.Block:
    slots = sites.shape[1]
    ward = group.wards[member]
    site = {name: instance.sites[name].to_numpy() for name in instance.sites.columns}
    on_slot = [(pattern == slot).T.astype(np.int64) for slot in range(slots)]  # (k, P) each

    def by_slot(need: Ints) -> Ints:
        return np.stack([(need @ on)[member] for on in on_slot])

    all_once, all_yearly = _income_if_all_released(instance)
    office = group.kinds.index("leaders") if "leaders" in group.kinds else None
    departments = [i for i, kind in enumerate(group.kinds) if kind == "department"]
    parts_apart = np.zeros(len(pattern), np.int64)
    if office is not None and departments:
        parts_apart = (pattern[:, departments] != pattern[:, [office]]).sum(axis=1, dtype=np.int64)
    hall = site["hall"][sites].max(axis=1)
    return costs.Block(
        slot_of_part=pattern,
        load=by_slot(group.tight),
        norm=by_slot(group.norm),
        people=by_slot(group.people),
        floor=site["floor"][sites],
        workplaces=site["workplaces"][sites],
        renovation=site["renovation"][sites],
        furniture=site["furniture"][sites],
        citizen_travel=site["citizen_travel"][sites],
        hall_missing_to_norm=np.maximum(0, instance.hall_norm[ward] - hall),
        distance=distance,
        trips=_trips_between_slots(group, pattern, slots),
        parts_apart=parts_apart,
        reception_slot=pattern[:, group.parts.index("reception")],
        movers=_movers(instance, group, pattern, member, sites),
        income_once=all_once[ward] - site["income_once"][sites].sum(axis=1),
        income_yearly=all_yearly[ward] - site["income_yearly"][sites].sum(axis=1),
    )


def _income_if_all_released(instance: Instance) -> tuple[Ints, Ints]:
    once = instance.sites["income_once"].to_numpy(np.int64)
    every = instance.sites["income_yearly"].to_numpy(np.int64)
    return (
        np.array([once[ward.sites].sum() for ward in instance.ward_sites], np.int64),
        np.array([every[ward.sites].sum() for ward in instance.ward_sites], np.int64),
    )


def _trips_between_slots(group: Group, pattern: NDArray[np.int8], slots: int) -> Ints:
    columns = []
    for a, b in combinations(range(slots), 2):
        on_a, on_b = (pattern == a).astype(np.int64), (pattern == b).astype(np.int64)
        columns.append(((on_a @ group.trips) * on_b).sum(axis=1))
    return np.column_stack(columns) if columns else np.zeros((len(pattern), 0), np.int64)


def _movers(instance: Instance, group: Group, pattern: NDArray[np.int8], member: Ints, sites: Ints) -> Ints:
    """Return the people that move: everybody before the reform, later those whose known site changes."""
    if instance.scenario.start == "before_reform":
        everybody: Ints = group.people[member].sum(axis=1)[:, None]
        return everybody
    movers = np.zeros((len(member), len(pattern)), np.int64)
    for part in range(len(group.parts)):
        known = group.known[member, part]
        leaves = (known[:, None] != NOT_FIXED) & (sites[:, pattern[:, part]] != known[:, None])
        movers += leaves * group.people[member, part][:, None]
    return movers


# --- keeping what can matter -------------------------------------------------------------------------------------


@dataclass
class _Kept:
    """Collects the rows of `PlanColumns` block by block."""

    k_max: int
    rows: list[PlanColumns] = field(default_factory=list)

    def joined(self) -> PlanColumns:
        if not self.rows:
            empty = np.zeros(0, np.int64)
            return PlanColumns(empty, empty, {}, empty, empty, np.zeros((0, self.k_max), np.int64))
        return PlanColumns(
            np.concatenate([r.ward for r in self.rows]),
            np.concatenate([r.cost for r in self.rows]),
            {name: np.concatenate([r.resources[name] for r in self.rows]) for name in self.rows[0].resources},
            np.concatenate([r.missing_m2 for r in self.rows]),
            np.concatenate([r.missing_seats for r in self.rows]),
            np.concatenate([r.site_of_part for r in self.rows]),
        )


def enumerate_plans(instance: Instance) -> PlanColumns:
    """Return, for every ward, the arrangements that can be part of a best plan of the city.

    A ward without any row has no arrangement that keeps the rules; `why_infeasible` says what is missing.
    """
    rules = instance.scenario.rules
    kept = _Kept(max(len(group.parts) for group in instance.groups))
    for group in instance.groups:
        members = np.arange(len(group.wards))
        for slots in range(1, rules.max_sites + 1):
            found = arrangements(instance, group, slots, members)
            if found is None:
                continue
            kept.rows.append(_useful_rows(instance, found, kept.k_max))
            if slots == 1 and rules.one_site_where_enough != "off":
                members = np.setdiff1d(members, _held_by_one_site(instance, found))
    columns = _least_missing(kept.joined())
    order = np.lexsort((np.arange(len(columns)), columns.cost, columns.ward))
    return _not_dominated(columns.take(order))


def _held_by_one_site(instance: Instance, single: Arrangements) -> Ints:
    """Return the members (positions in the group) for which one site holds everything: rule 3."""
    fits = single.allowed[:, 0] & (single.missing_m2[:, 0] == 0) & (single.missing_seats == 0)
    if instance.scenario.rules.one_site_where_enough == "former_district_hq":
        fits &= instance.sites["is_district_hq"].to_numpy()[single.sites[:, 0]]
    return np.unique(single.member[fits])


def _useful_rows(instance: Instance, found: Arrangements, k_max: int) -> PlanColumns:
    """Return the cheapest allowed arrangement of every open set and, under a capital limit, its trade-offs."""
    rules = instance.scenario.rules
    cost = costs.net_present_cost(found.block, instance.money)
    ok = found.allowed.copy()
    if rules.floor_area == "enforce":
        ok &= found.missing_m2 == 0
    if rules.hall == "enforce":
        ok &= (found.missing_seats == 0)[:, None]
    if rules.capital_max_vnd is None:
        rows, cols = _cheapest_of_every_set(cost, found.missing_m2, ok)
    else:
        rows, cols = np.nonzero(ok)
    resources = {"premises": np.full(len(rows), found.block.sites_in_use, np.int64)}
    if rules.capital_max_vnd is not None:
        one_off = costs.one_off(found.block, instance.money)
        capital = sum(one_off[item] for item in costs.CAPITAL_ITEMS)
        resources["capital"] = np.broadcast_to(capital, cost.shape)[rows, cols]
    site_of_part = np.full((len(rows), k_max), NOT_FIXED, np.int64)
    pattern = found.block.slot_of_part[cols]
    site_of_part[:, : pattern.shape[1]] = np.take_along_axis(
        found.sites[rows], pattern.astype(np.int64), axis=1
    )
    return PlanColumns(
        ward=found.group.wards[found.member[rows]],
        cost=cost[rows, cols],
        resources=resources,
        missing_m2=found.missing_m2[rows, cols],
        missing_seats=found.missing_seats[rows],
        site_of_part=site_of_part,
    )


def _cheapest_of_every_set(cost: Ints, missing: Ints, ok: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return row and column of the least missing, then cheapest arrangement of every open set that has one."""
    rows = np.flatnonzero(ok.any(axis=1))
    least = np.where(ok, missing, np.iinfo(np.int64).max).min(axis=1)
    ok = ok & (missing == least[:, None])
    cols = np.where(ok, cost, np.iinfo(np.int64).max).argmin(axis=1)
    return rows, cols[rows]


def _least_missing(columns: PlanColumns) -> PlanColumns:
    """Rule 2 with ``report``: a ward that cannot keep the rule takes the least missing m², then seats."""
    missing = columns.missing_m2 * SEATS_PER_MISSING_M2 + columns.missing_seats
    if not missing.any():
        return columns
    least = np.full(columns.ward.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, columns.ward, missing)
    return columns.take(np.flatnonzero(missing == least[columns.ward]))


def _not_dominated(columns: PlanColumns) -> PlanColumns:
    """Drop arrangements that cost no less and use no less of every resource than another one of the ward.

    Rows come cheapest first within a ward. The first row is never dominated; what it dominates is struck out, and so
    on: as many rounds as rows stay, each on arrays.
    """
    if not len(columns):  # no ward has an arrangement that keeps the rules
        return columns
    use = (
        np.column_stack(list(columns.resources.values())) if columns.resources else columns.cost[:, None] * 0
    )
    starts = np.flatnonzero(np.r_[True, columns.ward[1:] != columns.ward[:-1]])
    keep: list[int] = []
    for start, stop in zip(starts, [*starts[1:], len(columns)], strict=True):
        left = np.arange(start, stop)
        while len(left):
            keep.append(int(left[0]))
            left = left[(use[left] < use[left[0]]).any(axis=1)]
    return columns.take(np.array(keep, np.int64))


@dataclass(frozen=True)
class Itemised:
    """What given arrangements cost, item by item; one entry a row of the plan columns.

    Attributes
    ----------
    once, yearly : dict of str to int64, shape (m,)
        Dong of the first year, and of every year.
    short_m2, movers, parts_apart : int64, shape (m,)
        Floor missing to the norm, people that move, departments away from the office.
    """

    once: dict[str, Ints]
    yearly: dict[str, Ints]
    short_m2: Ints
    movers: Ints
    parts_apart: Ints


def itemise(instance: Instance, columns: PlanColumns) -> Itemised:
    """Price given arrangements once more, item by item, with the code that priced all of them."""
    size = len(columns)
    once = {item: np.zeros(size, np.int64) for item in (*costs.CAPITAL_ITEMS, "release_income")}
    yearly = {
        item: np.zeros(size, np.int64)
        for item in (*costs.RECURRENT_ITEMS, *costs.SOCIAL_ITEMS, "release_income")
    }
    short, movers, apart = (np.zeros(size, np.int64) for _ in range(3))
    for group in instance.groups:
        rows_of_group = np.flatnonzero(np.isin(columns.ward, group.wards))
        placed = columns.site_of_part[rows_of_group, : len(group.parts)]
        in_use = [np.unique(row) for row in placed]
        for slots in sorted({len(sites) for sites in in_use}):
            here = [i for i, sites in enumerate(in_use) if len(sites) == slots]
            rows, sites = rows_of_group[here], np.stack([in_use[i] for i in here])
            pattern = (placed[here][:, :, None] == sites[:, None, :]).argmax(axis=2).astype(np.int8)
            member = np.searchsorted(group.wards, columns.ward[rows])
            block = _block(
                instance, group, pattern, member, sites, _between(instance, columns.ward[rows], sites)
            )
            # Row i of the block goes with pattern i: the diagonal of its (O, P) tables.
            diagonal = np.arange(len(rows))
            shape = (len(rows), len(rows))
            for item, table in costs.one_off(block, instance.money).items():
                once[item][rows] = np.broadcast_to(table, shape)[diagonal, diagonal]
            for item, table in costs.yearly(block, instance.money).items():
                yearly[item][rows] = np.broadcast_to(table, shape)[diagonal, diagonal]
            for slot in range(slots):
                missing = np.maximum(0, block.norm[slot] - block.floor[:, slot, None])
                short[rows] += missing[diagonal, diagonal]
            movers[rows] = np.broadcast_to(block.movers, shape)[diagonal, diagonal]
            apart[rows] = block.parts_apart
    return Itemised(once, yearly, short, movers, apart)


def _between(instance: Instance, wards: Ints, sites: Ints) -> Ints:
    """Return the road metres between the slots of some open sets, shape (m, pairs of slots)."""
    pairs = list(combinations(range(sites.shape[1]), 2))
    distance = np.zeros((len(sites), len(pairs)), np.int64)
    for row, (ward, chosen) in enumerate(zip(wards, sites, strict=True)):
        local = np.searchsorted(instance.ward_sites[ward].sites, chosen)
        distance[row] = [instance.ward_sites[ward].distance[local[a], local[b]] for a, b in pairs]
    return distance


# --- explaining --------------------------------------------------------------------------------------------------


def ward_alternatives(instance: Instance, ward: str) -> PlanColumns:
    """Return the cheapest arrangement of every open set of one ward, cheapest first (one-site rule off)."""
    rules = instance.scenario.rules.model_copy(update={"one_site_where_enough": "off"})
    relaxed = replace(instance, scenario=instance.scenario.model_copy(update={"rules": rules}))
    found = [row for _, row in blocks_of_ward(relaxed, ward)]
    kept = _Kept(max(len(group.parts) for group in instance.groups))
    kept.rows = [_useful_rows(relaxed, block, kept.k_max) for block in found]
    columns = _least_missing(kept.joined())
    return columns.take(np.lexsort((np.arange(len(columns)), columns.cost)))


def blocks_of_ward(instance: Instance, ward: str) -> Iterator[tuple[int, Arrangements]]:
    """Yield the number of sites and every arrangement of one ward on so many sites."""
    place = instance.wards.index(ward)
    group = next(g for g in instance.groups if place in g.wards)
    member = np.flatnonzero(group.wards == place)
    for slots in range(1, instance.scenario.rules.max_sites + 1):
        found = arrangements(instance, group, slots, member)
        if found is not None:
            yield slots, found


def _widest_fit(instance: Instance, found: Arrangements) -> float:
    """Return the largest tight fit, m² net a person, at which some allowed arrangement of the block fits."""
    group, pattern = found.group, found.block.slot_of_part
    seated = np.array([body != "reception" for body in group.bodies])
    people, room = group.people * seated, group.tight * ~seated
    widest = np.full((len(found.sites), len(pattern)), np.inf)
    for slot in range(found.sites.shape[1]):
        on = (pattern == slot).T.astype(np.int64)
        # A part's tight fit is rounded up to whole m2: one m2 a part is set aside.
        free = found.block.floor[:, slot, None] - (room @ on + (people > 0) @ on)[found.member]
        heads = np.broadcast_to((people @ on)[found.member], free.shape)
        fit = np.where(heads > 0, free / np.maximum(1, heads), np.where(free >= 0, np.inf, -np.inf))
        widest = np.minimum(widest, fit * instance.scenario.space.net_to_gross)
    return max(0.0, float(np.where(found.allowed, widest, -np.inf).max()))


def why_infeasible(instance: Instance, ward: str, name: str) -> Problem:
    """Say what is missing in a ward without a plan, and the smallest single change that helps."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    shrink = 0.0
    ids = instance.sites.index
    label = f"{ward} {name}"
    rules, space = instance.scenario.rules, instance.scenario.space
    counts_m2, counts_seats = rules.floor_area == "enforce", rules.hall == "enforce"
    for _, found in blocks_of_ward(instance, ward):
        missing = found.missing_m2 * (SEATS_PER_MISSING_M2 * counts_m2)
        missing = missing + (found.missing_seats * counts_seats)[:, None]
        missing = np.where(found.allowed, missing, np.iinfo(np.int64).max)
        row, col = np.unravel_index(int(missing.argmin()), missing.shape)
        if found.allowed[row, col]:
            least = (int(missing[row, col]), int(found.block.sites_in_use), tuple(ids[found.sites[row]]))
            best = min(best, least) if best else least
            shrink = max(shrink, _widest_fit(instance, found))
    if best is None:
        return _no_set_of_sites(instance, ward, label)
    m2, seats = divmod(best[0], SEATS_PER_MISSING_M2)
    where = ", ".join(best[2])
    parts = [f"{m2:,} m2 of floor area"] * (m2 > 0) + [f"{seats} hall seats"] * (seats > 0)
    advice = []
    if m2:
        more = f"Smallest change: {m2:,} m2 more on {where}"
        if shrink >= 1:  # below a square metre a person no tight fit is worth proposing
            more += f", or space.tight_m2_per_person {int(shrink * 10) / 10} instead of {space.tight_m2_per_person:g}"
        advice.append(more)
    if seats:
        advice.append(
            f"Smallest change: a hall with {seats} more seats on one of {where}, or rules.hall: report"
        )
    return Problem(
        "E602", label, f"no plan keeps the rules: {' and '.join(parts)} missing", "; ".join(advice) + "."
    )


def _no_set_of_sites(instance: Instance, ward: str, label: str) -> Problem:
    """Say why no set of sites may be used, whatever it lacks."""
    rules = instance.scenario.rules
    place = instance.wards.index(ward)
    group = next(g for g in instance.groups if place in g.wards)
    sites = instance.ward_sites[place]
    if not len(sites.sites):
        return Problem("E601", label, "no site is allowed in this unit", "Take a site out of rules.excluded.")
    if instance.scenario.arrangement == "today":
        known = group.known[int(np.flatnonzero(group.wards == place)[0])]
        needed, what = len(set(known.tolist()) - {NOT_FIXED}), "known today"
    else:
        needed, what = int(sites.required.sum()), "required"
    return Problem(
        "E601",
        label,
        f"no set of at most {rules.max_sites} sites contains the {needed} that are {what}",
        f"Raise rules.max_sites to {needed}." if needed <= MOST_SITES else "Require fewer sites.",
    )
