"""Every arrangement of every ward, enumerated and priced with arrays; those that can matter are kept.

For one ward an arrangement is a choice of at most a few sites and a site for every part. Wards meet only in city-wide
rules, so of the arrangements of one ward with the same use of every city-wide resource only a cheapest can be chosen
(docs/model.md, section 5). What is left goes into the integer program of `planner.solve`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.arrangements import Arrangements, arrangements, block_of, blocks_of_ward
from planner.instance import NOT_FIXED, Instance, body_seats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints

# Missing m² count before missing seats where a ward cannot keep both rules (docs/model.md, rule 2).
SEATS_PER_MISSING_M2 = 1_000_000


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
        Use of every city-wide resource: ``premises`` (sites); ``capital`` (dong of the first year) where it is
        limited; what else was asked for (`RESOURCES`).
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


def _premises(instance: Instance, found: Arrangements) -> Ints:
    return np.array([[found.block.sites_in_use]], np.int64)


def _capital(instance: Instance, found: Arrangements) -> Ints:
    one_off = costs.one_off(found.block, instance.money)
    return np.asarray(sum(one_off[item] for item in costs.CAPITAL_ITEMS), np.int64)


def _access(instance: Instance, found: Arrangements) -> Ints:
    metres = instance.sites["people_metres"].to_numpy()[found.sites]
    return np.asarray(metres[:, found.block.reception_slot], np.int64)


def _separation(instance: Instance, found: Arrangements) -> Ints:
    seats = body_seats(found.group)
    pattern = found.block.slot_of_part[:, seats]
    slots = list(combinations(range(found.block.sites_in_use), 2))
    if not slots:
        return np.zeros((1, 1), np.int64)
    pairs = [
        (pattern == a).sum(axis=1, dtype=np.int64) * (pattern == b).sum(axis=1, dtype=np.int64)
        for a, b in slots
    ]
    return np.asarray(found.block.distance @ np.stack(pairs), np.int64)


RESOURCES: dict[str, Callable[[Instance, Arrangements], Ints]] = {
    "premises": _premises,
    "capital": _capital,
    "access": _access,
    "separation": _separation,
}
"""City-wide resources: what every arrangement of a block uses, in whole numbers, broadcastable to (O, P).

``premises`` sites · ``capital`` dong of the first year · ``access`` people × road metres to reception · ``separation``
road metres between the bodies, summed over their pairs.
"""
SAME_IN_A_SET = {"premises"}
"""Resources of which all arrangements on the same sites use the same."""


def enumerate_plans(
    instance: Instance, measured: Sequence[str] = (), *, every_set: bool = False
) -> PlanColumns:
    """Return, for every ward, the arrangements that can be part of a best plan of the city.

    A ward without any row has no arrangement that keeps the rules; `why_infeasible` says what is missing.

    Parameters
    ----------
    measured : sequence of str
        Further `RESOURCES` that will be limited or minimised: arrangements that cost more but use less of one of
        them are kept too.
    every_set : bool
        Keep the best arrangements of every set of sites, also where another set is better.
    """
    rules = instance.scenario.rules
    kept = _Kept(max(len(group.parts) for group in instance.groups))
    for group in instance.groups:
        members = np.arange(len(group.wards))
        for slots in range(1, rules.max_sites + 1):
            found = arrangements(instance, group, slots, members)
            if found is None:
                continue
            kept.rows.append(_useful_rows(instance, found, kept.k_max, measured))
            if slots == 1 and rules.one_site_where_enough != "off":
                members = np.setdiff1d(members, _held_by_one_site(instance, found))
    columns = _least_missing(kept.joined())
    order = np.lexsort((np.arange(len(columns)), columns.cost, columns.ward))
    return columns.take(order) if every_set else _not_dominated(columns.take(order))


def _held_by_one_site(instance: Instance, single: Arrangements) -> Ints:
    """Return the members (positions in the group) for which one site holds everything: rule 3."""
    fits = single.allowed[:, 0] & (single.missing_m2[:, 0] == 0) & (single.missing_seats == 0)
    if instance.scenario.rules.one_site_where_enough == "former_district_hq":
        fits &= instance.sites["is_district_hq"].to_numpy()[single.sites[:, 0]]
    return np.unique(single.member[fits])


def _useful_rows(
    instance: Instance, found: Arrangements, k_max: int, measured: Sequence[str] = ()
) -> PlanColumns:
    """Return the cheapest allowed arrangement of every open set and the trade-offs with resources that count."""
    rules = instance.scenario.rules
    cost = costs.net_present_cost(found.block, instance.money)
    ok = found.allowed.copy()
    if rules.floor_area == "enforce":
        ok &= found.missing_m2 == 0
    if rules.hall == "enforce":
        ok &= (found.missing_seats == 0)[:, None]
    limited = ["premises"] if rules.capital_max_vnd is None else ["premises", "capital"]
    names = list(dict.fromkeys([*limited, *measured]))
    uses = {name: np.broadcast_to(RESOURCES[name](instance, found), cost.shape) for name in names}
    varying = [name for name in names if name not in SAME_IN_A_SET]
    if not varying:
        rows, cols = _cheapest_of_every_set(cost, found.missing_m2, ok)
    elif len(varying) == 1 and measured:
        rows, cols = _trade_offs_of_every_set(cost, uses[varying[0]], found.missing_m2, ok)
    else:
        rows, cols = np.nonzero(ok)
    resources = {name: use[rows, cols] for name, use in uses.items()}
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


def _trade_offs_of_every_set(
    cost: Ints, use: Ints, missing: Ints, ok: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Return row and column of what is least missing and not beaten in cost and use on the same sites."""
    most = np.iinfo(np.int64).max
    ok = ok & (missing == np.where(ok, missing, most).min(axis=1)[:, None])
    order = np.lexsort((use, np.where(ok, cost, most)), axis=1)  # cheapest first, what is not allowed last
    sorted_use = np.where(np.take_along_axis(ok, order, axis=1), np.take_along_axis(use, order, axis=1), most)
    least = np.minimum.accumulate(sorted_use, axis=1)
    keep = sorted_use < most
    keep[:, 1:] &= sorted_use[:, 1:] < least[:, :-1]
    rows, places = np.nonzero(keep)
    return rows, order[rows, places]


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
            block = block_of(
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


def ward_alternatives(instance: Instance, ward: str) -> PlanColumns:
    """Return the cheapest arrangement of every open set of one ward, cheapest first (one-site rule off)."""
    rules = instance.scenario.rules.model_copy(update={"one_site_where_enough": "off"})
    relaxed = replace(instance, scenario=instance.scenario.model_copy(update={"rules": rules}))
    found = [row for _, row in blocks_of_ward(relaxed, ward)]
    kept = _Kept(max(len(group.parts) for group in instance.groups))
    kept.rows = [_useful_rows(relaxed, block, kept.k_max) for block in found]
    columns = _least_missing(kept.joined())
    return columns.take(np.lexsort((np.arange(len(columns)), columns.cost)))
