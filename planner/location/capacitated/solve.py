"""Least total distance where points have capacities and every demand is served by one point.

1. A Lagrangian bound with a knapsack at every point (`knapsack`); the points of its relaxed solutions, with the best
   assignment to them, are solutions.
2. Clusters (a point with a set of demands) whose reduced cost passes w are in no solution worth at most L + w. Those
   that are left are listed (`clusters`) and chosen from by set partitioning (`partition`): few of them first, which
   gives good solutions, then all that can still matter, which proves the best.
3. Where they are too many to list: the strong assignment program (`assign`) on the pairs and points that can matter,
   with the same widths.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.assign import Question, solve_assignment
from planner.location.capacitated.clusters import clusters_within
from planner.location.capacitated.partition import Partition
from planner.location.knapsack import MOST_CELLS, Knapsacks
from planner.location.lagrangian import Bound, Rules, ascend, fixed_points, reduced_costs
from planner.location.location import Choice, grain, places_in

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Ints, Network

STEPS = 600
ASSIGN_SECONDS = 1.0
FIRST_WIDTH = 0.004
"""Of the bound: how much dearer than it a solution may be that the first program looks for."""
WIDER = 1.6
MOST_LISTED = 50_000_000
"""Clusters × demands that are listed at most: 50 MB, and as many numbers of members again."""
FEW, FEW_SECONDS = 4_000, 20.0
"""Clusters that the program for a good solution chooses from, and for how long."""


@dataclass
class Search:
    """The best solution and bound of one search."""

    choice: Choice | None
    best: float
    bound: float
    step: float
    gap: float
    until: float

    def offer(self, network: Network, fixed: Floats, choice: Choice | None) -> None:
        """Keep a solution if it is better."""
        if choice is None or np.any(choice.pair < 0):
            return
        value = math.fsum(network.cost[choice.pair].tolist()) + math.fsum(fixed[choice.is_open].tolist())
        if value < self.best:
            self.choice, self.best = choice, value

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better, rounded up to the grain of the costs."""
        if self.step and math.isfinite(bound) and self.step > 1e-7 * abs(bound):
            bound = math.ceil(bound / self.step - 1e-4) * self.step
        self.bound = max(self.bound, bound)

    def done(self) -> bool:
        """Return whether the gap is closed."""
        return self.best < math.inf and self.best - self.bound <= max(self.gap, 1e-9) * abs(self.best)

    def late(self) -> bool:
        """Return whether the time is over."""
        return time.perf_counter() > self.until

    def worst(self) -> float:
        """Return what a solution must stay below to be better."""
        return self.best - max(0.5 * self.step, 0.9 * self.gap * abs(self.best))


def solve_capacitated(
    network: Network, p: int | None, fixed: Floats, *, gap: float = 0.0, until: float = math.inf
) -> Choice | None:
    """Return points and single-source assignment of least cost; bound ``inf`` when there is none, None when late.

    Parameters
    ----------
    network : Network
    p : int or None
        How many points are open; None for as many as pay.
    fixed : array of float, shape (m,)
    gap : float
        Relative gap at which the search may stop.
    until : float
        Time of `time.perf_counter` at which to stop.
    """
    count = (0, network.m) if p is None else (p, p)
    ask = Question(network.cost, fixed, *count)
    step = grain(np.concatenate([network.cost, fixed[network.allowed]]))
    state = Search(None, math.inf, -math.inf, step, gap, until)
    rules = Rules(fixed, p, network.required, network.allowed)
    knapsacks = Knapsacks(network, rules)
    if knapsacks.cells > MOST_CELLS:
        _finish(network, ask, state, None)
    else:
        bound = _price(network, ask, knapsacks, state)
        if state.bound < math.inf:
            if _is_tight(network, p):
                _choose_clusters(network, ask, knapsacks, bound, state)
            _close(network, ask, knapsacks, bound, state)
    if state.choice is None:
        none = Choice(network.required, np.full(network.n, -1), math.inf)
        return none if state.bound == math.inf else None
    return Choice(state.choice.is_open, state.choice.pair, min(state.bound, state.best))


def _is_tight(network: Network, p: int | None) -> bool:
    """Say whether p points just hold the load: where capacities hardly bind nearly every set is a cluster."""
    if p is None:
        return False
    largest = np.sort(np.where(network.allowed, network.capacity, 0.0))[::-1][:p]
    return bool(network.load.sum() > 0.6 * largest.sum())


def _price(network: Network, ask: Question, knapsacks: Knapsacks, state: Search) -> Bound:
    """Return the Lagrangian bound; the points of relaxed solutions on the way are given their best assignment."""
    finite = np.where(np.isfinite(knapsacks.cost), knapsacks.cost, np.nan)
    price = np.nan_to_num(np.nanmedian(finite, axis=1) / 2 if network.m else np.zeros(network.n))
    next_try = [0.2]
    # Where there is no solution prices rise without end.
    farthest = 1e9 * (
        1.0 + float(np.nan_to_num(finite).max(initial=0.0)) + float(np.abs(ask.point_cost).sum())
    )
    tried: set[bytes] = set()

    def stop(bound: Bound, length: float) -> float | None:
        state.raise_bound(bound.value - 1e-9 * abs(bound.value))
        if state.done() or state.late() or np.abs(bound.price).max(initial=0.0) > farthest:
            return None
        if length < next_try[0]:
            next_try[0] = length / 3
            if bound.chosen.tobytes() not in tried:
                tried.add(bound.chosen.tobytes())
                _assign(network, ask, bound.chosen, state)
        return state.best if state.best < math.inf else bound.value + 0.05 * abs(bound.value) + 1.0

    most = np.full(network.n, np.inf)
    return ascend(knapsacks, price, most, float(price.sum()) + 1.0, steps=STEPS, stop=stop)


def _assign(network: Network, ask: Question, points: Bools, state: Search) -> None:
    """Offer the best assignment to given points."""
    until = min(state.until, time.perf_counter() + ASSIGN_SECONDS)
    part = network.keep(points[network.candidate])
    if np.any(np.diff(part.start) == 0):
        return
    question = Question(part.cost, ask.point_cost, ask.fewest, ask.most)
    _, choice = solve_assignment(part, question, until=until, gap=1e-4, closed=~points, must_open=points)
    if choice is not None:
        state.offer(
            network, ask.point_cost, Choice(choice.is_open, places_in(network, part, choice.pair), 0.0)
        )


def _choose_clusters(
    network: Network, ask: Question, knapsacks: Knapsacks, bound: Bound, state: Search
) -> None:
    """Close the gap by set partitioning, wider from round to round, as long as the clusters can be listed."""
    rise = np.maximum(0.0, reduced_costs(knapsacks.rules, bound))
    wide = FIRST_WIDTH * abs(bound.value) + 1.0
    while not state.done() and not state.late() and wide < 3 * abs(bound.value) + 2:
        full = max(state.worst() - bound.value, 0.0)
        whole = wide >= full
        wide = min(wide, full) * (1 + 1e-9) + 1e-7
        clusters = clusters_within(network, knapsacks, bound, wide, MOST_LISTED // max(1, network.n))
        if clusters is None:
            return
        limit = bound.value + wide - 1e-6
        if len(clusters):
            over = (
                clusters.cost
                - clusters.sums(bound.price)
                - bound.worth[clusters.point]
                + rise[clusters.point]
            )
            part = Partition(clusters, knapsacks.rules, over, abs(bound.value) + wide + 1.0)
            part.tighten(state.worst(), state.until)
            _choose(network, ask, part, limit, state, to_the_end=whole)
        else:
            state.raise_bound(limit)
        if whole:
            return
        wide *= WIDER


def _choose(
    network: Network, ask: Question, part: Partition, limit: float, state: Search, *, to_the_end: bool
) -> None:
    """Offer the best choices of clusters, and prove as far as they reach; what is not listed costs more than a limit.

    Few clusters give a good solution, a good solution drops clusters: so the program over all comes last.
    """
    state.raise_bound(min(part.bound, limit))
    most = FEW
    while not state.done() and not state.late():
        worst = state.worst()
        some = part.best_of(worst, most)
        matter = int(np.count_nonzero(part.rise <= min(worst, limit) - part.bound))
        whole = len(some) >= matter
        if not len(some):
            state.raise_bound(min(worst, limit))
            return
        until = state.until if whole and to_the_end else min(state.until, time.perf_counter() + FEW_SECONDS)
        answer, chosen = part.choose(some, until, 0.99 * state.step, state.gap)
        _offer_clusters(network, ask, part, chosen, state)
        if whole:
            state.raise_bound(min(answer.bound, worst, limit))
        if whole or not to_the_end:
            return
        if state.worst() < worst:
            part.tighten(state.worst(), state.until)
            state.raise_bound(min(part.bound, limit))
        else:
            most *= 4


def _offer_clusters(network: Network, ask: Question, part: Partition, chosen: Ints, state: Search) -> None:
    """Offer a choice of clusters as a solution."""
    if not len(chosen):
        return
    point = np.full(network.n, -1)
    is_open = np.zeros(network.m, bool)
    for q in chosen.tolist():
        j = part.clusters.point[q]
        point[part.clusters.holds[:, q]] = j
        is_open[j] = True
    places = np.flatnonzero(network.candidate == point[network.demand])
    pair = np.full(network.n, -1)
    pair[network.demand[places]] = places
    state.offer(network, ask.point_cost, Choice(is_open, pair, 0.0))


def _close(network: Network, ask: Question, knapsacks: Knapsacks, bound: Bound, state: Search) -> None:
    """Close the gap by programs on what can still matter, wider from round to round."""
    rises = knapsacks.pair_rises(bound) + np.maximum(0.0, reduced_costs(knapsacks.rules, bound))[None, :]
    rise = rises[network.demand, network.candidate]
    wide = FIRST_WIDTH * abs(bound.value) + 1.0
    while not state.done() and not state.late():
        full = state.worst() - bound.value
        wide = min(wide, max(full, 0.0)) * (1 + 1e-9) + 1e-7
        must, may = fixed_points(knapsacks.rules, bound, wide)
        part = network.keep((rise <= wide) & may[network.candidate])
        if np.any(np.diff(part.start) == 0):
            state.raise_bound(bound.value + wide - 1e-6)
        else:
            _finish(network, ask, state, (part, must, may, bound.value + wide - 1e-6))
        if wide >= full or state.late():
            break
        wide *= 3
        if wide > 3 * abs(bound.value) + 1:
            _finish(network, ask, state, None)
            break


def _finish(
    network: Network,
    ask: Question,
    state: Search,
    limited: tuple[Network, Bools, Bools, float] | None,
) -> None:
    """Solve the program on a part of the pairs (on all when None); what is outside costs more than a limit."""
    part, must, may, limit = limited or (network, network.required, network.allowed, math.inf)
    question = Question(part.cost, ask.point_cost, ask.fewest, ask.most)
    answer, choice = solve_assignment(
        part,
        question,
        until=None if math.isinf(state.until) else state.until,
        gap=state.gap,
        difference=0.99 * state.step,
        closed=~may,
        must_open=must,
        start=_start_in(network, part, state.choice),
    )
    if choice is not None:
        state.offer(
            network, ask.point_cost, Choice(choice.is_open, places_in(network, part, choice.pair), 0.0)
        )
    state.raise_bound(min(answer.bound, limit))


def _start_in(network: Network, part: Network, choice: Choice | None) -> Choice | None:
    """Return a solution in terms of a part of the pairs, if the part has them all."""
    if choice is None:
        return None
    keys = part.demand * part.m + part.candidate
    wanted = np.arange(network.n) * network.m + network.candidate[choice.pair]
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
    pair = order[at]
    return Choice(choice.is_open, pair, 0.0) if np.array_equal(keys[pair], wanted) else None
