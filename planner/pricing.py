"""What given plans cost, item by item and year by year, with the code that priced all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.instance import NOT_FIXED, without_reception
from planner.model.arrangements import block_of

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.instance import Group, Instance
    from planner.model.columns import PlanColumns

RECEPTION = "reception"


@dataclass(frozen=True)
class Itemised:
    """What given arrangements cost, item by item; one entry a row of the plan columns.

    Attributes
    ----------
    once, yearly : dict of str to int64, shape (m,)
        Dong of the first year, and of every year; without income.
    movers, parts_apart : int64, shape (m,)
        People that move, departments away from the office.
    """

    once: dict[str, Ints]
    yearly: dict[str, Ints]
    movers: Ints
    parts_apart: Ints


def itemise(instance: Instance, columns: PlanColumns) -> Itemised:
    """Price given arrangements once more, item by item, with the code that priced all of them."""
    size = len(columns)
    once = {item: np.zeros(size, np.int64) for item in costs.ONE_OFF_ITEMS}
    yearly = {item: np.zeros(size, np.int64) for item in costs.YEARLY_ITEMS}
    movers, apart = (np.zeros(size, np.int64) for _ in range(2))
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
            movers[rows] = np.broadcast_to(block.movers, shape)[diagonal, diagonal]
            apart[rows] = block.parts_apart
    return Itemised(once, yearly, movers, apart)


def _between(instance: Instance, wards: Ints, sites: Ints) -> Ints:
    """Return the road metres between the slots of some open sets, shape (m, pairs of slots)."""
    pairs = list(combinations(range(sites.shape[1]), 2))
    distance = np.zeros((len(sites), len(pairs)), np.int64)
    for row, (ward, chosen) in enumerate(zip(wards, sites, strict=True)):
        local = np.searchsorted(instance.ward_sites[ward].sites, chosen)
        distance[row] = [instance.ward_sites[ward].distance[local[a], local[b]] for a, b in pairs]
    return distance


def opening_years(instance: Instance, columns: PlanColumns) -> Ints:
    """Return the year index in which the centre of every plan opens; the number of years where there is none."""
    centres = [columns.centre_of(instance, row) for row in range(len(columns))]
    return np.array([centre.opens if centre else instance.money.years for centre in centres], np.int64)


def free_from(instance: Instance, columns: PlanColumns, row: int) -> tuple[Ints, Ints]:
    """Return the sites of the ward of a plan and the year index from which each is free (``years``: never)."""
    sites = instance.ward_sites[columns.ward[row]].sites
    centre, years = columns.centre_of(instance, row), instance.money.years
    used = np.isin(sites, columns.site_of_part[row])
    free = np.where(used, centre.opens if centre else years, 0)
    if columns.leaves[row] < years:
        free = np.where(sites == sits_alone(instance, columns, row), columns.leaves[row], free)
    if centre is not None:
        free = np.where(sites == centre.place.site, years, free)
    return sites, free


def sits_alone(instance: Instance, columns: PlanColumns, row: int) -> int:
    """Return the position of the site on which the reception is the only part, `NOT_FIXED` where it is not alone."""
    parts = _group_of(instance, int(columns.ward[row])).parts
    placed = columns.site_of_part[row, : len(parts)]
    mine = placed[parts.index(RECEPTION)]
    return int(mine) if (placed == mine).sum() == 1 else NOT_FIXED


def _group_of(instance: Instance, ward: int) -> Group:
    return next(group for group in instance.groups if ward in group.wards)


def _handed_over(instance: Instance, columns: PlanColumns) -> tuple[Itemised, Ints]:
    """Return what plans cost when their reception has left, and the people that leave with it, shape (m,).

    The other parts stay. A reception that needs nothing is put beside another part: its own site is not used then.
    """
    placed = columns.site_of_part.copy()
    movers = np.zeros(len(columns), np.int64)
    for group in instance.groups:
        rows = np.flatnonzero(np.isin(columns.ward, group.wards))
        reception = group.parts.index(RECEPTION)
        other = next(place for place in range(len(group.parts)) if place != reception)
        placed[rows, reception] = placed[rows, other]
        movers[rows] = group.people[np.searchsorted(group.wards, columns.ward[rows]), reception]
    lean = replace(instance, groups=[without_reception(group) for group in instance.groups])
    return itemise(lean, replace(columns, site_of_part=placed)), movers


def cost_table(instance: Instance, columns: PlanColumns) -> dict[str, Ints]:
    """Return the dong of every item by plan and year, shape (m, years) each; ``instance`` is that of the plans."""
    years, m = instance.money.years, len(columns)
    table = {item: np.zeros((m, years), np.int64) for item in costs.HEADING}
    items = itemise(instance, columns)
    opens = opening_years(instance, columns)
    for item, amount in items.once.items():
        table[item][:, 0] += amount
    yearly_of = [items.yearly]
    if (columns.leaves < years).any():
        after, movers = _handed_over(instance, columns)
        for t in range(years):
            table["moves"][:, t] += (columns.leaves == t) * movers * instance.money.move
        yearly_of.append(after.yearly)
    for t, growth in enumerate(instance.money.growth):
        for left, yearly in enumerate(yearly_of):
            now = (opens > t) & ((columns.leaves <= t) == bool(left))
            for item, amount in costs.spread_growth(yearly, growth).items():
                table[item][:, t] += amount * now
    for row in range(m):
        centre = columns.centre_of(instance, row)
        for (t, item), vnd in centre.rows.items() if centre else ():
            table[item][row, t] += vnd
        sites, free = free_from(instance, columns, row)
        table["release_income"][row] -= instance.releases.cash_by_year(sites, free, int(columns.cash[row]))
    return table
