"""Every arrangement of a ward as arrays: what it costs with its reception and after it was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.audit import price
from planner.audit.fronts import Fronts
from planner.audit.price import Case

Ints = NDArray[Any]
"""Whole numbers: int64 where they fit for certain, else Python's own."""


@dataclass(frozen=True)
class Layout:
    """The arrangements of a ward on exactly some sites, one position of the arrays for each.

    Attributes
    ----------
    once : array
        Capital of the first year in dong.
    kept, gone : array
        Yearly cost without the trips of citizens, with the reception and without it.
    seat : array
        The number among `chosen` of the reception's site.
    alone : array
        Whether nothing else sits on that site.
    """

    chosen: tuple[str, ...]
    once: Ints
    kept: Ints
    gone: Ints
    seat: Ints
    alone: NDArray[np.bool_]


class Layouts:
    """The arrangements of one ward that rules 1 to 4 allow."""

    def __init__(self, case: Case, most_missing: tuple[int, int], dtype: type) -> None:
        self.case, self.dtype = case, dtype
        self.fronts = Fronts(case, most_missing)
        groups = self.fronts.groups
        self._count = len(groups)
        self._full = (1 << self._count) - 1
        self._bits = np.array([[mask >> i & 1 for i in range(self._count)] for mask in range(self._full + 1)])
        self._reception = sum(1 << i for i, g in enumerate(groups) if any(p.body == "reception" for p in g))
        self._office = sum(1 << i for i, g in enumerate(groups) if any(p.kind == "leaders" for p in g))
        self._norm, self._tight, self._people, self._departments = (
            self._sums([sum(map(value, group)) for group in groups])
            for value in (
                lambda p: p.norm,
                lambda p: p.tight,
                lambda p: p.people,
                lambda p: int(p.kind == "department"),
            )
        )
        self._within = self._trips_within()
        self._tables: dict[str, tuple[Ints, Ints, Ints, NDArray[np.bool_]]] = {}

    def _sums(self, of_groups: list[int]) -> Ints:
        """Return the sums over the groups of every mask."""
        return self._bits.astype(self.dtype) @ np.array(of_groups, dtype=self.dtype)

    def _trips_within(self) -> Ints:
        """Return the trips a day among the groups of every mask, times `Fronts.scale`."""
        matrix: Ints = np.array(self.fronts.matrix, dtype=self.dtype).reshape(self._count, self._count)
        bits: Ints = self._bits.astype(self.dtype)
        inside: Ints = ((bits @ matrix) * bits).sum(axis=1) // 2
        return inside

    def _table(self, name: str) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
        """Return capital, yearly cost and missing m² of every mask on a site, and whether it may sit there."""
        if name in self._tables:
            return self._tables[name]
        case, site, whole = self.case, self.case.sites[name], self.case.settings.whole
        short = np.maximum(0, self._norm - site.floor)
        used = self._norm - short
        once = self._sums(self._moving(name)) * whole("prices.move_vnd_per_person")
        if not (case.settings.word("start") == "today" and name in case.used_today):
            desks = np.maximum(0, self._people - site.workplaces)
            once = once + used * whole(f"prices.renovation_{site.condition.lower()}_vnd_per_m2")
            once = once + desks * whole("prices.furniture_vnd_per_person")
        masks = np.arange(self._full + 1)
        apart = np.where(masks & self._office, 0, self._departments) if self._office else 0
        yearly = (
            used * whole("prices.running_vnd_per_m2_year")
            + short * whole("prices.crowding_vnd_per_m2_year")
            + apart * whole("prices.cohesion_vnd_per_part_year")
            + whole("prices.site_fixed_vnd_year")
        )
        yearly[0] = 0
        missing = np.maximum(0, self._tight - site.floor)
        kept = self.fronts.kept
        elsewhere = sum(1 << i for i in range(self._count) if kept[i] - {name})
        may = (masks != 0) & (masks & elsewhere == 0) & (missing <= self.fronts.most_m2)
        self._tables[name] = (once, yearly, missing, may)
        return self._tables[name]

    def _moving(self, name: str) -> list[int]:
        """Return the people of every group that move to a site."""
        anew, known = self.case.settings.word("start") == "before_reform", self.case.known
        return [
            sum(part.people for part in group if anew or known.get(part.name, name) != name)
            for group in self.fronts.groups
        ]

    def on(self, chosen: tuple[str, ...]) -> Layout | None:
        """Return the arrangements on exactly these sites; None where there is none."""
        masks = _splits(self._count, len(chosen))
        tables = [self._table(name) for name in chosen]
        missing = sum(table[2][mask] for table, mask in zip(tables, masks, strict=True))
        right = missing <= self.fronts.most_m2
        for table, mask in zip(tables, masks, strict=True):
            right = right & table[3][mask]
        masks = [mask[np.asarray(right, dtype=bool)] for mask in masks]
        if not len(masks[0]):
            return None
        left = [mask & ~self._reception for mask in masks]
        seat = np.zeros(len(masks[0]), dtype=np.int64)
        alone = np.zeros(len(masks[0]), dtype=bool)
        for j, mask in enumerate(masks):
            here = (mask & self._reception) != 0
            seat[here] = j
            alone |= here & (left[j] == 0)
        once = sum(table[0][mask] for table, mask in zip(tables, masks, strict=True))
        kept = sum(table[1][mask] for table, mask in zip(tables, masks, strict=True))
        gone = sum(table[1][mask] for table, mask in zip(tables, left, strict=True))
        rents = [price.hall_rent(self.case, [n for n in chosen if n != name]) for name in chosen]
        rent = price.hall_rent(self.case, chosen)
        return Layout(
            chosen,
            np.asarray(once),
            kept + self._staff_travel(chosen, masks) + rent,
            gone + self._staff_travel(chosen, left) + np.where(alone, np.array(rents)[seat], rent),
            seat,
            alone,
        )

    def _staff_travel(self, chosen: tuple[str, ...], masks: list[Ints]) -> Ints:
        """Return the yearly cost of trips between sites that hold some masks of groups."""
        within = self._within
        metres: Ints = np.zeros(len(masks[0]), dtype=self.dtype)
        for i, j in combinations(range(len(chosen)), 2):
            trips = within[masks[i] | masks[j]] - within[masks[i]] - within[masks[j]]
            metres = metres + trips * self.case.between[chosen[i], chosen[j]]
        return metres * self.fronts.per_km // (1000 * self.fronts.scale)


@cache
def _splits(groups: int, sites: int) -> list[Ints]:
    """Return every way to give each of some sites one group or more, as a mask for each site."""
    owners = np.indices((sites,) * groups).reshape(groups, -1)
    weights = 1 << np.arange(groups)
    masks = [((owners == j) * weights[:, None]).sum(axis=0) for j in range(sites)]
    all_used = np.all([mask != 0 for mask in masks], axis=0)
    return [mask[all_used] for mask in masks]
