"""Arrangements of every ward that can matter, enumerated and priced with arrays.

For one ward an arrangement is a choice of at most a few sites and a site for every part. It lasts until a
joint-agency centre opens, or for good. Which arrangement on given sites is best depends on how long it lasts and on
what city-wide rules count; all that can be best are kept (docs/model.md, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.instance import NOT_FIXED, Instance, body_seats
from planner.model.arrangements import Arrangements, arrangements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.instance import Group

# Missing m² count before missing seats where a ward cannot keep both rules (docs/model.md, rule 2).
SEATS_PER_MISSING_M2 = 1_000_000
# Arrays of some wards at a time stay in the processor's cache.
WARDS_AT_ONCE = 32


@dataclass(frozen=True)
class Interim:
    """Arrangements that can matter while a ward waits for its centre, or for good; one a row.

    Attributes
    ----------
    ward : int64, shape (m,)
    once, every : int64, shape (m,)
        Dong of the first year alone, and of every year; without income.
    uses : dict of str to int64, shape (m,)
        `RESOURCES` that were asked for.
    missing_m2, missing_seats, site_of_part, extra
        As in `PlanColumns`.
    """

    ward: Ints
    once: Ints
    every: Ints
    uses: dict[str, Ints]
    missing_m2: Ints
    missing_seats: Ints
    site_of_part: Ints
    extra: Ints

    def __len__(self) -> int:
        return len(self.ward)

    def take(self, rows: Ints) -> Interim:
        """Return some of the rows."""
        return Interim(
            self.ward[rows],
            self.once[rows],
            self.every[rows],
            {name: use[rows] for name, use in self.uses.items()},
            self.missing_m2[rows],
            self.missing_seats[rows],
            self.site_of_part[rows],
            self.extra[rows],
        )


def joined(parts: list[Interim], k_max: int) -> Interim:
    """Return the rows of several tables one after the other; ``k_max`` is the width where there is none."""
    if not parts:
        empty = np.zeros(0, np.int64)
        return Interim(empty, empty, empty, {}, empty, empty, np.zeros((0, k_max), np.int64), empty)
    return Interim(
        np.concatenate([r.ward for r in parts]),
        np.concatenate([r.once for r in parts]),
        np.concatenate([r.every for r in parts]),
        {name: np.concatenate([r.uses[name] for r in parts]) for name in parts[0].uses},
        np.concatenate([r.missing_m2 for r in parts]),
        np.concatenate([r.missing_seats for r in parts]),
        np.concatenate([r.site_of_part for r in parts]),
        np.concatenate([r.extra for r in parts]),
    )


def _premises(instance: Instance, found: Arrangements) -> Ints:
    return found.block.charged[:, None]


def _capital(instance: Instance, found: Arrangements) -> Ints:
    return np.asarray(sum(costs.one_off(found.block, instance.money).values()), np.int64)


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


def interim_arrangements(instance: Instance, wanted: Sequence[str]) -> Interim:
    """Return the arrangements of every ward that can matter for some number of years until a centre opens."""
    k_max = max(len(group.parts) for level in instance.levels for group in level.groups)
    spans = {centre.opens for level in instance.levels for ward in level.centres for centre in ward}
    spans |= {instance.money.years}
    kept = [
        useful_rows(level, found, k_max, sorted(spans), wanted)
        for level in instance.levels
        for found in every_block(level)
    ]
    return joined(kept, k_max)


def every_block(instance: Instance) -> Iterator[Arrangements]:
    """Yield all arrangements that the rules on sites allow, block by block.

    A ward that one site holds gets no arrangement on more sites, if the scenario asks for it (rule 3).
    """
    rules = instance.scenario.rules
    for group, members in some_at_a_time(instance):
        for slots in range(1, rules.max_sites + 1):
            found = arrangements(instance, group, slots, members)
            if found is None:
                continue
            yield found
            if slots == 1 and rules.one_site_where_enough != "off":
                members = np.setdiff1d(members, held_by_one_site(instance, found))


def keeps_rules(instance: Instance, found: Arrangements) -> NDArray[np.bool_]:
    """Say which arrangements of a block keep floor area and hall where they are enforced, shape (O, P)."""
    rules = instance.scenario.rules
    ok = found.allowed.copy()
    if rules.floor_area == "enforce":
        ok &= found.missing_m2 == 0
    if rules.hall == "enforce":
        ok &= (found.missing_seats == 0)[:, None]
    return ok


def some_at_a_time(instance: Instance) -> Iterator[tuple[Group, Ints]]:
    """Yield every group and the places in it of some of its wards, in order."""
    for group in instance.groups:
        for start in range(0, len(group.wards), WARDS_AT_ONCE):
            yield group, np.arange(start, min(start + WARDS_AT_ONCE, len(group.wards)))


def held_by_one_site(instance: Instance, single: Arrangements) -> Ints:
    """Return the members (positions in the group) for which one site holds everything: rule 3."""
    fits = single.allowed[:, 0] & (single.missing_m2[:, 0] == 0) & (single.missing_seats == 0)
    if instance.scenario.rules.one_site_where_enough == "former_district_hq":
        fits &= instance.sites["is_district_hq"].to_numpy()[single.sites[:, 0]]
    return np.unique(single.member[fits])


def useful_rows(
    instance: Instance, found: Arrangements, k_max: int, spans: Sequence[int], wanted: Sequence[str]
) -> Interim:
    """Return the cheapest allowed arrangement of every open set and the trade-offs with resources that count.

    Which is cheapest depends on how many years it is in use: each of ``spans`` is asked for.
    """
    once, every = costs.totals(found.block, instance.money)
    ok = keeps_rules(instance, found)
    varying = [name for name in wanted if name not in SAME_IN_A_SET]
    chosen = []
    for span in spans if len(varying) <= 1 else ():
        cost = once * instance.money.factors[0] + instance.money.present(every, 0, span)
        if not varying:
            pair = cheapest_of_every_set(cost, found.missing_m2, ok)
        else:
            use = np.broadcast_to(RESOURCES[varying[0]](instance, found), cost.shape)
            pair = _trade_offs_of_every_set(cost, use, found.missing_m2, ok)
        chosen.append(np.ravel_multi_index(pair, cost.shape))
    flat = np.unique(np.concatenate(chosen)) if chosen else np.flatnonzero(ok)
    return rows_of(instance, found, (once, every), k_max, wanted, *np.unravel_index(flat, once.shape))


def rows_of(
    instance: Instance,
    found: Arrangements,
    totals: tuple[Ints, Ints],
    k_max: int,
    wanted: Sequence[str],
    rows: Ints,
    cols: Ints,
) -> Interim:
    """Return some arrangements of a block, given by open set and pattern, as rows; ``totals`` of `costs.totals`."""
    once, every = totals
    uses = {name: np.broadcast_to(RESOURCES[name](instance, found), once.shape) for name in wanted}
    site_of_part = np.full((len(rows), k_max), NOT_FIXED, np.int64)
    pattern = found.block.slot_of_part[cols]
    site_of_part[:, : pattern.shape[1]] = np.take_along_axis(
        found.sites[rows], pattern.astype(np.int64), axis=1
    )
    return Interim(
        ward=found.group.wards[found.member[rows]],
        once=once[rows, cols],
        every=every[rows, cols],
        uses={name: use[rows, cols] for name, use in uses.items()},
        missing_m2=found.missing_m2[rows, cols],
        missing_seats=found.missing_seats[rows],
        site_of_part=site_of_part,
        extra=np.full(len(rows), instance.extra),
    )


def cheapest_of_every_set(cost: Ints, missing: Ints, ok: NDArray[np.bool_]) -> tuple[Ints, Ints]:
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


def least_missing(interim: Interim) -> Interim:
    """Rule 2 with ``report``: a ward that cannot keep the rule takes the least missing m², then seats."""
    missing = interim.missing_m2 * SEATS_PER_MISSING_M2 + interim.missing_seats
    if not missing.any():
        return interim
    least = np.full(interim.ward.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, interim.ward, missing)
    return interim.take(np.flatnonzero(missing == least[interim.ward]))
