"""Plans that can matter, as arrays: one row a plan of a ward, or of two wards that share premises."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.instance import as_guests, with_departments
from planner.releases import NO_CASH

if TYPE_CHECKING:
    from planner.centres import Centre
    from planner.costs import Ints
    from planner.instance import Instance

NO_CENTRE = -1
NOT_GIVEN = np.zeros(0, np.int64)
"""Stands for a column of `PlanColumns` that plans without centres leave out."""
ALONE = -1
STAYS = 1_000_000
"""The year in which a reception leaves that stays for good: later than any horizon."""


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
        Position of the site of every part of the ward until a centre opens, -1 beyond the ward's parts.
    centre : int64, shape (m,)
        Place in the ward's list of ``Instance.centres``, or `NO_CENTRE`.
    cash : int64, shape (m,)
        Cash route of the ward's free sites (`planner.releases`).
    extra : int64, shape (m,)
        Further departments: the place in ``Instance.levels``.
    leaves : int64, shape (m,)
        Year index from which the ward has no reception, or `STAYS`.
    guest : int64, shape (m,)
        Row of ``guests``, or `ALONE`: two wards share premises, the row is the owner's, cost and resources are of both.
    guests : PlanColumns or None
        The plans of guests; their cost and resources are counted in the rows of the owners.
    """

    ward: Ints
    cost: Ints
    resources: dict[str, Ints]
    missing_m2: Ints
    missing_seats: Ints
    site_of_part: Ints
    centre: Ints = field(default_factory=lambda: NOT_GIVEN)
    cash: Ints = field(default_factory=lambda: NOT_GIVEN)
    extra: Ints = field(default_factory=lambda: NOT_GIVEN)
    leaves: Ints = field(default_factory=lambda: NOT_GIVEN)
    guest: Ints = field(default_factory=lambda: NOT_GIVEN)
    guests: PlanColumns | None = None

    def __post_init__(self) -> None:
        usuals = {"centre": NO_CENTRE, "cash": NO_CASH, "extra": 0, "leaves": STAYS, "guest": ALONE}
        for name, usual in usuals.items():
            if getattr(self, name) is NOT_GIVEN:
                object.__setattr__(self, name, np.full(len(self.ward), usual, np.int64))

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
            self.centre[rows],
            self.cash[rows],
            self.extra[rows],
            self.leaves[rows],
            self.guest[rows],
            self.guests,
        )

    @property
    def partner(self) -> Ints:
        """The ward that a row covers besides its own, or `ALONE`."""
        if self.guests is None or not len(self.guests):
            return np.full(len(self), ALONE, np.int64)
        return np.where(self.guest == ALONE, ALONE, self.guests.ward[self.guest])

    def unfolded(self) -> PlanColumns:
        """Return one row a ward, in ward order: guests in rows of their own. Their costs stay with the owners."""
        together = np.flatnonzero(self.guest != ALONE)
        if self.guests is None or not len(together):
            return self
        alone = replace(self, guest=np.full(len(self), ALONE, np.int64), guests=None)
        return joined([alone, self.guests.take(self.guest[together])]).in_ward_order()

    def in_ward_order(self) -> PlanColumns:
        """Return the rows by ward, as they stand within one."""
        return self.take(np.argsort(self.ward, kind="stable"))

    def centre_of(self, instance: Instance, row: int) -> Centre | None:
        """Return the centre that a row builds."""
        if self.centre[row] == NO_CENTRE:
            return None
        found: Centre = instance.levels[self.extra[row]].centres[self.ward[row]][self.centre[row]]
        return found


def joined(tables: list[PlanColumns]) -> PlanColumns:
    """Return the rows of several tables of the same resources one after the other; none of them has guests."""
    first = tables[0]
    resources = {name: np.concatenate([t.resources[name] for t in tables]) for name in first.resources}

    def every(name: str) -> Ints:
        return np.concatenate([getattr(table, name) for table in tables])

    return PlanColumns(
        every("ward"), every("cost"), resources, every("missing_m2"), every("missing_seats"), every("site_of_part"),
        every("centre"), every("cash"), every("extra"), every("leaves"),
    )  # fmt: skip


def not_dominated(columns: PlanColumns) -> PlanColumns:
    """Drop plans that cost no less and use no less of every resource than another one of the ward.

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
        here = use[start:stop]
        here = here[:, (here != here[:1]).any(axis=0)]
        left = np.arange(stop - start)
        while len(left):
            keep.append(int(start) + int(left[0]))
            left = left[(here[left] < here[left[0]]).any(axis=1)]
    return columns.take(np.array(keep, np.int64))


def as_chosen(instance: Instance, columns: PlanColumns) -> tuple[Instance, PlanColumns]:
    """Return chosen plans unfolded to one row a ward, and the one problem in which they are priced.

    In it every ward has the departments that its plan has, and a guest may use the site that it shares.
    """
    columns = columns.unfolded()
    if instance.further:
        instance = with_departments(instance, columns.extra)
        columns = replace(columns, extra=np.zeros_like(columns.extra))
    return as_guests(instance, _lodgings(instance, columns)), columns


def _lodgings(instance: Instance, columns: PlanColumns) -> dict[int, int]:
    """Return the position of the shared site as the guest sees it, by ward of guests."""
    shared = columns.site_of_part >= instance.own_sites
    return {
        int(columns.ward[row]): int(columns.site_of_part[row][shared[row]][0])
        for row in np.flatnonzero(shared.any(axis=1))
    }
