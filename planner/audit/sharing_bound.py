"""What sharing premises saves at most: the least value of both wards of a pair together, and the best pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.audit import pairs
from planner.audit.bound import WardBound, Weights
from planner.audit.pairs import Pair
from planner.audit.price import Case

NOTHING_MISSING = (0, 0)
"""Wards that share keep floor area and hall in full, also where these rules are only reported."""
NONE = 10**40
"""The value of a ward that has no plan alone."""
Load = tuple[int, int, int]
"""Tight fit, norm and people of the owner's parts on the shared site."""


def with_pairs(
    allowed: Sequence[Pair],
    cases: Mapping[str, Mapping[int, Case]],
    weights: Weights,
    values: Mapping[str, int],
) -> int:
    """Return the least value of all wards where disjoint pairs may share; `values` are those of wards alone."""
    savings = []
    for pair in allowed:
        alone = values[pair.owner] + values[pair.guest]
        together = least_of_pair(pair, cases, weights, alone)
        if together < alone:
            savings.append((pair, alone - together))
    return sum(values.values()) - _best_of(savings)


def least_of_pair(
    pair: Pair,
    cases: Mapping[str, Mapping[int, Case]],
    weights: Weights,
    known: int,
) -> int:
    """Return the least value of owner and guest together where they share, if it is below `known`, else `known`."""
    best = known
    guests = [case for case in cases[pair.guest].values() if pairs.may_be_guest(case)]
    for owner in cases[pair.owner].values():
        loads = owner_values(owner, pair.site_id, weights)
        for guest in guests:
            lowest = _lowest_guest_value(owner, guest, weights, pair.site_id)
            if lowest is None:
                continue
            for (tight, norm, people), value in sorted(loads.items(), key=lambda item: item[1]):
                if value + lowest >= best:
                    break
                case = pairs.beside(owner, guest, pair.site_id, tight=tight, norm=norm, people=people)
                rest = _guest_value(case, weights, pair.site_id, best - value)
                if rest is not None:
                    best = min(best, value + rest)
    return best


def owner_values(owner: Case, site_id: str, weights: Weights) -> dict[Load, int]:
    """Return the least value of the owner without a centre, by what it has on the shared site."""
    ward = WardBound(owner, weights, NOTHING_MISSING, site_id)
    found: dict[Load, int] = {}
    for chosen in ward.fronts.sets:
        fixed = ward.set_value(chosen)
        first = (site_id, *(name for name in chosen if name != site_id))
        for mask, once, yearly in ward.fronts.arrangements(first):
            parts = [p for i, group in enumerate(ward.fronts.groups) if mask >> i & 1 for p in group]
            load = (sum(p.tight for p in parts), sum(p.norm for p in parts), sum(p.people for p in parts))
            value = fixed + ward.cost_value(once, yearly, ward.end)
            if load not in found or value < found[load]:
                found[load] = value
    return found


def _lowest_guest_value(owner: Case, guest: Case, weights: Weights, site_id: str) -> int | None:
    """Return a lower bound of the guest's value, whatever the owner has on the site.

    Of any arrangement the cost rises or falls with the floor that is left, so it is least at one of both ends:
    where more floor is used people are less crowded, but there is more to renovate and to run.
    """
    ends = [
        _guest_value(
            pairs.beside(owner, guest, site_id, tight=0, norm=norm, people=0), weights, site_id, None
        )
        for norm in (0, owner.sites[site_id].floor)
    ]
    return min((value for value in ends if value is not None), default=None)


def _guest_value(case: Case, weights: Weights, site_id: str, known: int | None) -> int | None:
    return WardBound(case, weights, NOTHING_MISSING, site_id).least(known, with_centre=False)


def _best_of(savings: Sequence[tuple[Pair, int]]) -> int:
    """Return the most that disjoint pairs save together, each connected group of pairs by itself."""
    total, left = 0, list(savings)
    while left:
        group = [left.pop()]
        wards = {group[0][0].owner, group[0][0].guest}
        while near := [entry for entry in left if wards & {entry[0].owner, entry[0].guest}]:
            for entry in near:
                left.remove(entry)
                group.append(entry)
                wards |= {entry[0].owner, entry[0].guest}
        total += _most(group, frozenset())
    return total


def _most(group: Sequence[tuple[Pair, int]], taken: frozenset[str]) -> int:
    if not group:
        return 0
    (pair, saving), *others = group
    wards = {pair.owner, pair.guest}
    without = _most(others, taken)
    return without if wards & taken else max(without, saving + _most(others, taken | wards))
