"""Plans of two wards that share premises: a former district headquarters holds parts of its owner and of a guest.

The owner comes first: its arrangement costs as if alone. What a guest's arrangement costs depends on the owner only
through tight fit, norm and people of the owner's parts on the site. So for every such *state* the plans of the owner
that leave it and the plans of the guest that take what is left are enumerated apart and then put together, which is
exact (docs/model.md, section 5 "Shared premises").
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.instance import as_guests
from planner.model.arrangements import Arrangements, arrangements
from planner.model.columns import PlanColumns, joined, not_dominated
from planner.model.interim import SAME_IN_A_SET, Interim, held_by_one_site, rows_of, useful_rows
from planner.model.interim import joined as joined_rows
from planner.model.timeline import over_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.centres import Centre
    from planner.costs import Ints
    from planner.instance import Group, Instance, Pair

State = tuple[int, int, int]
"""Tight fit, norm (m²) and people of the owner's parts on the shared site."""


def with_pairs(
    instance: Instance, columns: PlanColumns, names: Sequence[str], wanted: Sequence[str]
) -> PlanColumns:
    """Return plan columns and, behind them, the plans of pairs that share, by owner.

    Parameters
    ----------
    names : sequence of str
        City-wide resources of the columns.
    wanted : sequence of str
        `planner.model.interim.RESOURCES` that these need.
    """
    tables, guests, rows_of_guests = [replace(columns, guests=None)], [], []
    for pair in instance.pairs:
        owners = _owners(instance, pair, names, wanted)
        seats = _seats_of_guests(instance, pair)
        together: list[tuple[PlanColumns, PlanColumns]] = []
        for state, mine in owners.items():
            theirs = _guests(instance, pair, pair.left[state], seats, names, wanted)
            if len(theirs):
                together.append(_product(mine, theirs))
        if together:
            owner, guest = (joined([both[k] for both in together]) for k in (0, 1))
            total = replace(
                owner,
                cost=owner.cost + guest.cost,
                resources={name: owner.resources[name] + guest.resources[name] for name in names},
                guest=np.arange(len(owner)),
            )
            best = not_dominated(total.take(np.argsort(total.cost, kind="stable")))
            guests.append(guest.take(best.guest))
            rows_of_guests.append(len(best))
            tables.append(replace(best, guest=np.full(len(best), -1)))
    if not guests:
        return columns
    whole = joined(tables)
    index = np.concatenate([np.full(len(columns), -1), np.arange(sum(rows_of_guests))])
    whole = replace(whole, guest=index, guests=joined(guests))
    return whole.take(np.lexsort((np.arange(len(whole)), whole.cost, whole.ward)))


def _product(mine: PlanColumns, theirs: PlanColumns) -> tuple[PlanColumns, PlanColumns]:
    """Return every plan of the owner with every plan of the guest, row by row."""
    a, b = (grid.ravel() for grid in np.meshgrid(np.arange(len(mine)), np.arange(len(theirs)), indexing="ij"))
    return mine.take(a), theirs.take(b)


def _owners(
    instance: Instance, pair: Pair, names: Sequence[str], wanted: Sequence[str]
) -> dict[State, PlanColumns]:
    """Return the plans of the owner that use the site, by what they leave of it."""
    kept: dict[State, list[Interim]] = {}
    for level in instance.levels:
        for found in _blocks(level, pair.owner):
            totals = costs.totals(found.block, level.money)
            for state, rows in _by_state(level, found, totals, pair.site, wanted):
                if state in pair.left:
                    mine = rows_of(level, found, totals, _width(instance), wanted, *rows)
                    kept.setdefault(state, []).append(mine)
    plain = _without_centres(instance)
    return {
        state: _plans(plain, joined_rows(rows, _width(instance)), names)
        for state, rows in sorted(kept.items())
    }


def _by_state(
    instance: Instance, found: Arrangements, totals: tuple[Ints, Ints], site: int, wanted: Sequence[str]
) -> Iterator[tuple[State, tuple[Ints, Ints]]]:
    """Yield every state and the arrangements that leave it: the cheapest on each set of sites, or all that count."""
    set_of, slot = np.nonzero(found.sites == site)
    if not len(set_of):
        return
    once, every = totals
    cost = once * instance.money.factors[0] + instance.money.present(every)
    ok = found.allowed & (found.missing_m2 == 0) & (found.missing_seats == 0)[:, None]
    block = found.block
    owner_rows = np.minimum(set_of, block.norm.shape[1] - 1)
    states = np.stack(
        [need[slot, owner_rows] for need in (block.load, block.norm, block.people)], axis=-1
    )  # (o, P, 3)
    row, col = np.nonzero(ok[set_of])
    if not len(row):
        return
    of = states[row, col]
    row = set_of[row]
    if all(name in SAME_IN_A_SET for name in wanted):
        order = np.lexsort((cost[row, col], row, *of.T))
        row, col, of = row[order], col[order], of[order]
        key = np.column_stack([of, row])
        first = np.r_[True, (key[1:] != key[:-1]).any(axis=1)]
        row, col, of = row[first], col[first], of[first]
    states_found, number = np.unique(of, axis=0, return_inverse=True)
    for n, state in enumerate(states_found.tolist()):
        mine = number.ravel() == n
        yield tuple(state), (row[mine], col[mine])


def _seats_of_guests(instance: Instance, pair: Pair) -> list[tuple[int, list[Arrangements]]]:
    """Return the arrangements of the guest by number of further departments, with the site as any state leaves it."""
    lodging = next(iter(pair.left.values()), None)
    return [
        (number, list(_blocks(as_guests(level, {pair.guest: lodging}), pair.guest)))
        for number, level in enumerate(instance.levels)
        if lodging is not None and not _content_with_its_own(level, pair.guest)
    ]


def _beside(found: Arrangements, instance: Instance, lodging: int) -> Arrangements:
    """Return the same arrangements of a guest with the shared site as another state leaves it."""
    sites = np.where(found.sites >= instance.own_sites, lodging, found.sites)
    room, floor, workplaces = (
        instance.sites[name].to_numpy()[sites] for name in ("room", "floor", "workplaces")
    )
    block = replace(found.block, room=room, floor=floor, workplaces=workplaces)
    return replace(found, sites=sites, block=block, missing_m2=block.missing_to_tight())


def _guests(
    instance: Instance,
    pair: Pair,
    lodging: int,
    seats: list[tuple[int, list[Arrangements]]],
    names: Sequence[str],
    wanted: Sequence[str],
) -> PlanColumns:
    """Return the plans of the guest with the site as a state leaves it."""
    tables = []
    for number, blocks in seats:
        host = as_guests(instance.levels[number], {pair.guest: lodging})
        years = [host.money.years]
        kept = [
            useful_rows(host, _beside(found, host, lodging), _width(instance), years, wanted)
            for found in blocks
        ]
        rows = joined_rows(kept, _width(instance))
        rows = rows.take(np.flatnonzero((rows.missing_m2 == 0) & (rows.missing_seats == 0)))
        alone = replace(_without_centres(host), further=())
        plans = _plans(alone, replace(rows, extra=np.zeros_like(rows.extra)), names)
        tables.append(replace(plans, extra=np.full(len(plans), number)))
    if not tables:
        nothing = np.zeros(0, np.int64)
        return PlanColumns(
            nothing, nothing, dict.fromkeys(names, nothing), nothing, nothing, nothing[:, None]
        )
    plans = joined(tables)
    return not_dominated(plans.take(np.argsort(plans.cost, kind="stable")))


def _plans(instance: Instance, rows: Interim, names: Sequence[str]) -> PlanColumns:
    """Return the plans of one ward without a centre that can matter, cheapest first."""
    plans = over_time(instance, rows, names)
    return not_dominated(plans.take(np.argsort(plans.cost, kind="stable")))


def _blocks(instance: Instance, ward: int) -> Iterator[Arrangements]:
    """Yield the arrangements of a ward by number of sites; one-site-where-enough binds what a ward owns."""
    group, member = _group(instance, ward)
    rule = instance.scenario.rules
    for slots in range(1, rule.max_sites + 1):
        found = arrangements(instance, group, slots, member)
        if found is not None:
            yield found
            own = ward_owns_all(instance, ward)
            if (
                slots == 1
                and rule.one_site_where_enough != "off"
                and own
                and len(held_by_one_site(instance, found))
            ):
                return


def ward_owns_all(instance: Instance, ward: int) -> bool:
    """Say whether all sites that a ward may use are its own."""
    return bool((instance.ward_sites[ward].sites < instance.own_sites).all())


def _content_with_its_own(instance: Instance, ward: int) -> bool:
    """Say whether a site of its own holds the whole ward and the rule says that it uses that one."""
    if instance.scenario.rules.one_site_where_enough == "off":
        return False
    group, member = _group(instance, ward)
    found = arrangements(instance, group, 1, member)
    return found is not None and bool(len(held_by_one_site(instance, found)))


def _group(instance: Instance, ward: int) -> tuple[Group, Ints]:
    group = next(g for g in instance.groups if ward in g.wards)
    return group, np.flatnonzero(group.wards == ward)


def _width(instance: Instance) -> int:
    return max(len(group.parts) for level in instance.levels for group in level.groups)


def _without_centres(instance: Instance) -> Instance:
    none: list[list[Centre]] = [[] for _ in instance.wards]
    levels = [replace(level, centres=none, further=()) for level in instance.levels]
    return replace(levels[0], further=tuple(levels[1:]))
