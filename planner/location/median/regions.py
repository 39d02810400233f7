"""Large problems solved anew region by region (POPMUSIC: Taillard 2003)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.location.interchange import two_nearest, value_of
from planner.location.network import make_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.location.interchange import Pairs
    from planner.location.lagrangian import Rules
    from planner.location.location import Choice
    from planner.location.median.search import Search
    from planner.location.network import Bools, Ints, Network

REGION_DEMANDS, REGION_POINTS, REGION_VISITS, REGION_SECONDS = 900, 14, 4, 5.0
"""Of a region that is solved anew: its demands and points at most; visits of a point on average; time of one."""


def rework(
    network: Network, pairs: Pairs, rules: Rules, state: Search, solve: Callable[..., Choice | None]
) -> None:
    """Solve the problem anew region by region, each a point and its neighbours, until no region gets better.

    A region is a p-median of its own with the points around it open; ``solve`` solves it.
    """
    if rules.p is None or network.n < REGION_DEMANDS:
        return
    size = int(np.clip(REGION_DEMANDS * rules.p / network.n, 4, REGION_POINTS))
    if rules.p < 3 * size:
        return
    waiting = dict.fromkeys(np.flatnonzero(state.is_open).tolist())
    visits = REGION_VISITS * rules.p // size
    while waiting and visits and not state.done() and not state.late():
        visits -= 1
        seed = next(iter(waiting))
        one, _, two, _ = two_nearest(pairs, state.is_open)
        region = _neighbours(one, two, seed, size)
        found = _region_anew(network, pairs, rules, state, solve, region, one)
        for point in region.tolist():
            waiting.pop(point, None)
        if found is not None and (value := value_of(pairs, rules.fixed, found)) < state.best * (1 - 1e-12):
            new = np.flatnonzero(found & ~state.is_open).tolist()
            state.offer(value, found)
            waiting.update(dict.fromkeys(new))


def _neighbours(one: Ints, two: Ints, seed: int, size: int) -> Ints:
    """Return an open point and those that most often come second to the points found so far, shape (size,)."""
    region = [seed]
    while len(region) < size:
        inside_one, inside_two = np.isin(one, region), np.isin(two, region)
        next_to = np.concatenate([two[inside_one & ~inside_two], one[inside_two & ~inside_one]])
        next_to = next_to[next_to >= 0]
        if not len(next_to):
            break
        region.append(int(np.argmax(np.bincount(next_to))))
    return np.array(region)


def _region_anew(
    network: Network,
    pairs: Pairs,
    rules: Rules,
    state: Search,
    solve: Callable[..., Choice | None],
    region: Ints,
    one: Ints,
) -> Bools | None:
    """Return all open points after the region's demands were given their best points; None if nothing was found."""
    inside = np.zeros(pairs.m, bool)
    inside[region] = True
    rows = np.flatnonzero(inside[one] & (one >= 0))
    around = state.is_open & ~inside
    _, outer, _, _ = two_nearest(pairs, around)
    in_rows = np.zeros(pairs.n, bool)
    in_rows[rows] = True
    use = in_rows[pairs.row] & (pairs.cost <= outer[pairs.row]) & rules.allowed[pairs.column]
    places = np.flatnonzero(use)
    points = np.unique(pairs.column[places])
    renumber, line = np.full(pairs.m, -1), np.full(pairs.n, -1)
    renumber[points], line[rows] = np.arange(len(points)), np.arange(len(rows))
    part = replace(
        make_network(
            [network.demands[i] for i in rows],
            [network.candidates[j] for j in points],
            (line[pairs.row[places]], renumber[pairs.column[places]], network.distance[places]),
            weight=network.weight[rows],
        ),
        required=(rules.required | around)[points],
        beyond=np.where(outer[rows] < pairs.big, np.inf, network.beyond[rows]),
    )
    count = int(np.count_nonzero(state.is_open[points]))
    until = min(state.until, time.perf_counter() + REGION_SECONDS)
    choice = solve(part, count, rules.fixed[points], gap=1e-5, until=until, start=state.is_open[points])
    if choice is None:
        return None
    found = state.is_open.copy()
    found[points] = choice.is_open
    return found
