"""Every course of every ward that can matter: an arrangement, and the year in which its reception is handed over.

From that year on the other parts stay where they are, and a site on which the reception sat alone is free. A course
is told by where its point stands and how long: of courses of a ward alike in that, and in the use of every city-wide
resource, only a cheapest can be chosen (docs/model.md, sections 6 and 7).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.instance import without_reception
from planner.limits import city_limits, kind_of
from planner.model.arrangements import block_of
from planner.model.columns import NO_CENTRE, STAYS, PlanColumns, not_dominated
from planner.model.columns import joined as joined_columns
from planner.model.interim import (
    Interim,
    cheapest_of_every_set,
    every_block,
    joined,
    keeps_rules,
    least_missing,
    rows_of,
)
from planner.model.timeline import Course, cheapest_of_equal, uses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.instance import Instance
    from planner.model.arrangements import Arrangements
    from planner.network.flows import Flows, Stage
    from planner.network.journeys import Journeys
    from planner.network.points import Points

RECEPTION = "reception"


@dataclass(frozen=True)
class Courses:
    """Courses of the wards, one a row.

    Attributes
    ----------
    columns : PlanColumns, m rows
        Ward by ward, cheapest first; ``cost`` without what people of stages 1 to S travel.
    site : int64, shape (m,)
        Position of the site on which the reception sits, or sat.
    stays : int64, shape (m,)
        Stages in which the point is open: 0 to S.
    """

    columns: PlanColumns
    site: Ints
    stays: Ints

    def __len__(self) -> int:
        return len(self.columns)

    def take(self, rows: Ints) -> Courses:
        """Return some of the rows."""
        return Courses(self.columns.take(rows), self.site[rows], self.stays[rows])


@dataclass(frozen=True)
class _After:
    """What a hand-over makes of the arrangements of a block.

    Attributes
    ----------
    yearly : int64, shape (O, P)
        Dong a year without the reception.
    allowed : bool, shape (O, P)
        No required site becomes free, and no more seats are missing than before.
    alone : bool, shape (P,)
        The reception is the only part on its site.
    """

    yearly: Ints
    allowed: NDArray[np.bool_]
    alone: NDArray[np.bool_]


def _after(instance: Instance, found: Arrangements) -> _After:
    group, block, sites = found.group, found.block, found.sites
    pattern, slot = block.slot_of_part, block.reception_slot.astype(np.int64)
    others = np.delete(pattern, group.parts.index(RECEPTION), axis=1)
    alone = ~(others == block.reception_slot[:, None]).any(axis=1)
    lean = block_of(instance, without_reception(group), pattern, found.member, sites, block.distance)
    items = costs.yearly(lean, instance.money)
    fixed = instance.sites["fixed"].to_numpy()[sites]
    items["site_fixed"] = (block.charged[:, None] - fixed[:, slot] * alone) * instance.money.site_fixed
    hall = instance.sites["hall"].to_numpy()[sites]
    n = block.sites_in_use
    elsewhere = np.stack(
        [np.delete(hall, place, axis=1).max(axis=1, initial=0) for place in range(n)], axis=1
    )
    largest = np.where(alone, elsewhere[:, slot], hall.max(axis=1)[:, None])
    ward = group.wards[found.member]
    items["hall_rent"] = np.maximum(0, instance.hall_norm[ward][:, None] - largest) * instance.money.hall_rent
    missing = np.maximum(0, instance.hall_tight[ward][:, None] - largest)
    if instance.scenario.rules.hall == "off":
        missing = missing * 0
    needed = np.zeros(len(instance.sites), bool)
    for mine in instance.ward_sites:
        needed[mine.sites[mine.required]] = True
    allowed = (missing <= found.missing_seats[:, None]) & ~(needed[sites][:, slot] & alone)
    yearly = np.asarray(sum(items.values()), np.int64)
    return _After(np.broadcast_to(yearly, allowed.shape), allowed, alone)


@dataclass(frozen=True)
class _Rows:
    """Arrangements that can matter, with what a hand-over makes of each; one a row of ``interim``."""

    interim: Interim
    yearly_after: Ints
    may_leave: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    site: Ints

    def take(self, rows: Ints) -> _Rows:
        return _Rows(
            self.interim.take(rows),
            self.yearly_after[rows],
            self.may_leave[rows],
            self.alone[rows],
            self.site[rows],
        )


def _rows_of_block(
    instance: Instance, found: Arrangements, leaving: Sequence[int], wanted: Sequence[str], k_max: int
) -> _Rows:
    """Return the cheapest arrangement of every set of sites, seat of the reception and year of leaving.

    Whether the reception sits alone is told apart too: that site brings income. Where a resource counts that differs
    on the same sites, every arrangement is kept.
    """
    once, every = costs.totals(found.block, instance.money)
    after = _after(instance, found)
    ok = keeps_rules(instance, found)
    slot = found.block.reception_slot
    chosen = []
    if set(wanted) <= {"premises"}:
        for year in leaving:
            cost = once * instance.money.factors[0] + instance.money.present(
                every, 0, min(year, instance.money.years)
            )
            if year < instance.money.years:
                cost = cost + instance.money.present(after.yearly, year)
            here = ok if year >= instance.money.years else ok & after.allowed
            for place in range(found.block.sites_in_use):
                for alone in (False, True):
                    cols = np.flatnonzero((slot == place) & (after.alone == alone))
                    if len(cols):
                        rows, best = cheapest_of_every_set(
                            cost[:, cols], found.missing_m2[:, cols], here[:, cols]
                        )
                        chosen.append(rows * len(slot) + cols[best])
    flat = np.unique(np.concatenate(chosen)) if chosen else np.flatnonzero(ok)
    row, col = np.unravel_index(flat, ok.shape)
    return _Rows(
        rows_of(instance, found, (once, every), k_max, wanted, row, col),
        after.yearly[row, col],
        after.allowed[row, col],
        after.alone[col],
        found.sites[row, slot[col].astype(np.int64)],
    )


def enumerate_courses(
    instance: Instance, flows: Flows, points: Points, journeys: Journeys, stages: Sequence[Stage]
) -> Courses:
    """Return the courses of every ward that can be part of a best plan, cheapest first.

    Parameters
    ----------
    instance : Instance
        ``citizen_travel`` of its sites is zero: travel is counted here and in the network.
    """
    years = instance.money.years
    leaving = [*(stage.first for stage in stages), years]
    names = list(dict.fromkeys(["premises", *city_limits(instance.scenario)]))
    of_points = [name for name in names if kind_of(name) == "points"]
    names = [name for name in names if name not in of_points]
    wanted = ["premises"]
    if any(kind_of(name) in ("capital", "budget") for name in names):
        wanted.append("capital")
    k_max = max(len(group.parts) for group in instance.groups)
    blocks = [_rows_of_block(instance, found, leaving, wanted, k_max) for found in every_block(instance)]
    rows = _joined(blocks, k_max)
    rows = rows.take(_least_missing(rows.interim))
    before = np.zeros((len(instance.wards), journeys.before.shape[1]), np.int64)
    np.add.at(before, flows.ward, journeys.before)
    found = [
        _ward_courses(
            instance,
            ward,
            rows.take(np.flatnonzero(rows.interim.ward == ward)),
            names,
            before[ward],
            points,
            leaving,
        )
        for ward in range(len(instance.wards))
    ]
    columns = joined_columns([each for each, _, _ in found])
    site, stays = (np.concatenate([each[k] for each in found]) for k in (1, 2))
    start = instance.scenario.horizon.start_year
    for stage, years_of_stage in enumerate(stages):
        name = f"points_{start + years_of_stage.first}"
        if name in of_points:
            columns.resources[name] = -(stays > stage).astype(np.int64)
    return Courses(columns, site, stays)


def _joined(blocks: list[_Rows], k_max: int) -> _Rows:
    if not blocks:
        empty = np.zeros(0, np.int64)
        return _Rows(joined([], k_max), empty, empty.astype(bool), empty.astype(bool), empty)
    return _Rows(
        joined([block.interim for block in blocks], k_max),
        *(
            np.concatenate([getattr(block, name) for block in blocks])
            for name in ("yearly_after", "may_leave", "alone", "site")
        ),
    )


def _least_missing(interim: Interim) -> Ints:
    """Return the rows of `interim.least_missing`."""
    numbered = replace(interim, extra=np.arange(len(interim)))
    return least_missing(numbered).extra


def _ward_courses(
    instance: Instance,
    ward: int,
    rows: _Rows,
    names: Sequence[str],
    before: Ints,
    points: Points,
    leaving: Sequence[int],
) -> tuple[PlanColumns, Ints, Ints]:
    """Return the courses of one ward, where its reception sits in each and for how many stages it stays."""
    interim, prices, years = rows.interim, instance.money, instance.money.years
    sites = instance.ward_sites[ward].sites
    count, ways = len(interim), len(leaving)
    opens = np.array(leaving)
    used = (interim.site_of_part[:, :, None] == sites).any(axis=1)  # (R, n)
    sat_alone = (sites == rows.site[:, None]) & rows.alone[:, None]
    free = np.where(used, years, 0)[:, None, :]
    free = np.where(sat_alone[:, None, :], opens[:, None], free)  # (R, Z, n)
    group = next(g for g in instance.groups if ward in g.wards)
    movers = int(group.people[np.flatnonzero(group.wards == ward)[0], group.parts.index(RECEPTION)])
    cost = np.zeros((count, ways), np.int64)
    for z, year in enumerate(leaving):
        cost[:, z] = interim.once * prices.factors[0] + prices.present(interim.every, 0, year)
        cost[:, z] += points.present[ward, :z].sum()
        if year < years:
            cost[:, z] += (
                prices.present(rows.yearly_after, year) + movers * prices.move * prices.factors[year]
            )
    # City points cost the ward they stand in; in stage 0 all of them are open.
    cost += before[rows.site][:, None] + points.before[points.ward == ward].sum()
    allowed = np.ones((count, ways), bool)
    allowed[:, :-1] &= rows.may_leave[:, None]
    if points.required[ward]:
        allowed[:, :-1] = False
    if points.excluded[ward] and ways > 1:
        allowed[:, 1:] = False

    def spend() -> Ints:
        spent = np.zeros((count, ways, years), np.int64)
        spent[:, :, 0] += interim.once[:, None]
        for z, year in enumerate(leaving[:-1]):
            spent[:, z, year] += movers * prices.move
        return spent

    none = np.zeros(ways, bool)
    course = Course(free, none, np.full(ways, years), np.full(ways, years), spend)
    kept: list[tuple[PlanColumns, Ints, Ints]] = []
    for choice in instance.releases.choices:
        uses = uses_of(instance, ward, names, interim, course, choice)
        total = cost - instance.releases.income(sites, free, choice)
        row, way = np.nonzero(allowed)
        # A point that is closed from the first stage on serves nobody: where it stood is all the same.
        seat = np.where(way == 0, -1, rows.site[row]) if ways > 1 else np.zeros(len(row), np.int64)
        table = np.column_stack([*(uses[name][row, way] for name in names), way, seat])
        keep = cheapest_of_equal(total[row, way], table) if len(row) else np.zeros(0, np.int64)
        row, way, seat = row[keep], way[keep], seat[keep]
        columns = PlanColumns(
            ward=interim.ward[row],
            cost=total[row, way],
            resources={name: uses[name][row, way] for name in names},
            missing_m2=interim.missing_m2[row],
            missing_seats=interim.missing_seats[row],
            site_of_part=interim.site_of_part[row],
            centre=np.full(len(row), NO_CENTRE),
            cash=np.full(len(row), choice),
            leaves=np.where(way == ways - 1, STAYS, opens[way]),
        )
        kept.append((columns, rows.site[row], way))
    columns = joined_columns([each for each, _, _ in kept])
    site, way = (np.concatenate([each[k] for each in kept]) for k in (1, 2))
    seat = np.where(way == 0, -1, site) if ways > 1 else np.zeros(len(site), np.int64)
    best = []
    for key in np.unique(np.column_stack([way, seat]), axis=0):
        mine = np.flatnonzero((way == key[0]) & (seat == key[1]))
        mine = mine[np.argsort(columns.cost[mine], kind="stable")]
        numbered = replace(columns.take(mine), extra=mine)
        best.append(not_dominated(numbered).extra)
    chosen = np.concatenate(best) if best else np.zeros(0, np.int64)
    chosen = chosen[np.argsort(columns.cost[chosen], kind="stable")]
    return columns.take(chosen), site[chosen], way[chosen]
