"""Least total distance where points have capacities and every demand is served by one point.

1. A Lagrangian bound with a knapsack at every point (`knapsack`); the points of its relaxed solutions are where
   exchanges (`exchange`) begin, which give good solutions.
2. Clusters (a point with a set of demands) whose reduced cost passes w are in no solution worth at most L + w. Those
   that are left up to the best solution known are listed (`clusters`), fewer and fewer of them as cuts raise the bound
   (`partition`); the last ones, and branches where they are too many (`tree`), are chosen from by HiGHS.
3. Where they are too many to list: the strong assignment program on the pairs and points that can matter (`pairs`),
   with the same widths.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.assign import Question
from planner.location.capacitated.exchange import Exchange
from planner.location.capacitated.listing import every_cluster
from planner.location.capacitated.pairs import FIRST_WIDTH, assign_to, close_by_pairs, solve_pairs
from planner.location.capacitated.search import Search
from planner.location.capacitated.tree import branch
from planner.location.knapsack import MOST_CELLS, Knapsacks
from planner.location.lagrangian import Bound, Rules, ascend
from planner.location.location import Choice, grain

if TYPE_CHECKING:
    from planner.location.capacitated.partition import Partition
    from planner.location.network import Floats, Ints, Network

STEPS = 600
EXCHANGES, MORE_EXCHANGES = 1_000, 5_000
"""Steps of exchanges from the points of a relaxed solution, and from the best solution where the gap stays wide."""
SEEN, WORK = 8, 50_000_000
"""Steps a demand and point, and squares of demands × steps, that exchanges take at most at a time."""
WIDE_GAP = 0.008
WIDER = 1.6
FEW, FEW_SECONDS = 4_000, 20.0
"""Clusters that a program for a good solution chooses from, and for how long."""
ENOUGH = 2_500
"""Clusters that need no more cuts."""
ROUNDS, SMALL, IDLE = 40, 0.03, 3
"""Rounds of cuts at the root; they end when so many in a row close less than this share of the gap."""


@dataclass
class Goal:
    """What the branches look for."""

    state: Search

    def worst(self) -> float:
        """Return what a solution must stay below to be better."""
        return self.state.worst()

    def choose(self, part: Partition, some: Ints) -> float:
        """Offer the best choice of some clusters; return a bound on all choices of them."""
        return _choose(part, some, self.state, self.state.until)


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
    state = Search(network, fixed, step, gap, until)
    rules = Rules(fixed, p, network.required, network.allowed)
    knapsacks = Knapsacks(network, rules)
    if knapsacks.cells > MOST_CELLS:
        solve_pairs(ask, state, None)
    else:
        exchange = (
            Exchange(knapsacks.cost, network.load, network.capacity, rules) if _is_tight(network, p) else None
        )
        bound = _price(ask, knapsacks, state, exchange)
        if state.bound < math.inf:
            if exchange is not None:
                _choose_clusters(knapsacks, bound, state, exchange)
            close_by_pairs(ask, knapsacks, bound, state)
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


def _price(ask: Question, knapsacks: Knapsacks, state: Search, exchange: Exchange | None) -> Bound:
    """Return the Lagrangian bound; the points of relaxed solutions on the way are the beginning of solutions."""
    network = state.network
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
                if exchange is not None:
                    _exchange(exchange, np.flatnonzero(bound.chosen), EXCHANGES, state)
                if exchange is None or state.choice is None:
                    assign_to(ask, bound.chosen, state)
        return state.best if state.best < math.inf else bound.value + 0.05 * abs(bound.value) + 1.0

    most = np.full(network.n, np.inf)
    return ascend(knapsacks, price, most, float(price.sum()) + 1.0, steps=STEPS, stop=stop)


def _exchange(exchange: Exchange, start: Ints, steps: int, state: Search) -> None:
    """Offer what exchanges find from open points, if they are as many as must be."""
    if not len(start) or exchange.rules.p not in (None, len(start)):
        return
    n = state.network.n
    exchange.run(start, min(steps, SEEN * n * len(start), WORK // max(1, n * n)), state.until)
    if exchange.best < math.inf:
        _offer_points(exchange.points, exchange.points[exchange.serves], state)


def _choose_clusters(knapsacks: Knapsacks, bound: Bound, state: Search, exchange: Exchange) -> None:
    """Close the gap by set partitioning, as far as the clusters can be listed.

    With a solution at hand all clusters that can matter are listed at once; without, or where they are too many, wider
    from round to round until they are.
    """
    if not state.done() and state.best - bound.value > WIDE_GAP * abs(state.best) and len(exchange.points):
        _exchange(exchange, exchange.points, MORE_EXCHANGES, state)
    wide = FIRST_WIDTH * abs(bound.value) + 1.0
    too_many_for = -math.inf  # a solution that is no better needs no second try
    while not state.done() and not state.late():
        full = max(state.worst() - bound.value, 0.0)
        whole = full < math.inf and (wide >= full or state.best != too_many_for)
        if not whole and wide > 3 * abs(bound.value) + 2:
            return
        reach = (full if whole else wide) * (1 + 1e-9) + 1e-7
        part = every_cluster(knapsacks, bound, reach, state, sift=whole)
        if part is None and whole and state.best != too_many_for:
            too_many_for = state.best
            continue
        if part is None:
            return
        limit = bound.value + reach - 1e-6
        if len(part.clusters):
            _partition(part, limit, state, whole=whole)
        else:
            state.raise_bound(limit)
        if whole:
            return
        wide *= WIDER


def _partition(part: Partition, limit: float, state: Search, *, whole: bool) -> None:
    """Offer the best choices of clusters and prove as far as they reach; what is not listed costs more than a limit."""
    solved = part.tighten(state.worst(), state.until, few=ENOUGH, rounds=ROUNDS, small=SMALL, idle=IDLE)
    state.raise_bound(min(part.bound, limit))
    if not solved or state.done() or state.late():
        return
    if whole:
        state.raise_bound(min(branch(part, Goal(state), state.until), limit))
        return
    worst = state.worst()
    some = part.best_of(worst, FEW)
    reached = _choose(part, some, state, min(state.until, time.perf_counter() + FEW_SECONDS))
    if len(some) == np.count_nonzero(part.matter(worst)):
        state.raise_bound(min(reached, worst, limit))


def _choose(part: Partition, some: Ints, state: Search, until: float) -> float:
    """Offer the best choice of some clusters; return a bound on all choices of them."""
    if not len(some):
        return math.inf
    answer, chosen = part.choose(some, until, 0.99 * state.step, state.gap, state.best)
    if len(chosen):
        serves = np.full(state.network.n, -1)
        for q in chosen.tolist():
            serves[part.clusters.holds[:, q]] = part.clusters.point[q]
        _offer_points(part.clusters.point[chosen], serves, state)
    return answer.bound


def _offer_points(points: Ints, serves: Ints, state: Search) -> None:
    """Offer a solution given by its points, and the one that serves each demand."""
    network = state.network
    is_open = np.zeros(network.m, bool)
    is_open[points] = True
    places = np.flatnonzero(network.candidate == serves[network.demand])
    pair = np.full(network.n, -1)
    pair[network.demand[places]] = places
    state.offer(Choice(is_open, pair, 0.0))
