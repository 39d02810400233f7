"""Every way of seating a ward on so many sites, as one block of arrays: open sets of sites times patterns of parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.instance import NOT_FIXED, Group, Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.costs import Ints


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
    block = block_of(instance, group, pattern, member, sites, distance)
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


def block_of(
    instance: Instance, group: Group, pattern: NDArray[np.int8], member: Ints, sites: Ints, distance: Ints
) -> costs.Block:
    """Return what pricing needs to know of some open sets and patterns; shapes as in `costs.Block`.

    Parameters
    ----------
    pattern : int8, shape (P, k)
    member : int64, shape (O,)
        Position of the ward within the group.
    sites : int64, shape (O, n)
    distance : int64, shape (O, pairs of slots)
        Road metres.
    """
    slots = sites.shape[1]
    ward = group.wards[member]
    site = {name: instance.sites[name].to_numpy() for name in instance.sites.columns}
    on_slot = [(pattern == slot).T.astype(np.int64) for slot in range(slots)]  # (k, P) each

    def by_slot(need: Ints) -> Ints:
        return np.stack([(need @ on)[member] for on in on_slot])

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
        room=site["room"][sites],
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
        movers=_movers(instance, group, pattern, member, site["real"][sites]),
        charged=site["fixed"][sites].sum(axis=1),
        duty=instance.duty[ward],
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


def blocks_of_ward(instance: Instance, ward: str) -> Iterator[tuple[int, Arrangements]]:
    """Yield the number of sites and every arrangement of one ward on so many sites."""
    place = instance.wards.index(ward)
    group = next(g for g in instance.groups if place in g.wards)
    member = np.flatnonzero(group.wards == place)
    for slots in range(1, instance.scenario.rules.max_sites + 1):
        found = arrangements(instance, group, slots, member)
        if found is not None:
            yield slots, found
