"""Least total distance without capacities (p-median), or with fixed costs: bound, solution, proof.

1. A greedy solution, made better by exchanges (`interchange`).
2. A Lagrangian bound L with prices λ (`lagrangian`); its relaxed solutions, made better by exchanges, are solutions.
3. A tree on the points that can still matter (`branching`), where a full table of their costs is small.
4. What the tree leaves open: programs on what can still matter (`program`), wider from round to round.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.location.cover import fewest_points, filled
from planner.location.interchange import greedy, pairs_of, two_nearest
from planner.location.lagrangian import Prices, Rules, ascend
from planner.location.location import Choice, grain
from planner.location.median.branching import branch
from planner.location.median.program import solve_part, what_matters, with_best
from planner.location.median.regions import rework
from planner.location.median.search import Search, less, try_exchanges
from planner.location.network import nearest

if TYPE_CHECKING:
    from planner.location.interchange import Pairs
    from planner.location.lagrangian import Bound
    from planner.location.network import Bools, Floats, Network

STEPS = 1500
TRY_EVERY = 3.0
"""How much shorter the steps have become when the next relaxed solution is made better."""
TREE_PAIRS = 5_000
"""More pairs than this go to the tree first. Measured: maps leave up to 3,000 pairs and a program needs a second where
the tree of Hanoi's 60 points did not end in 40; graphs leave 10,000 to 200,000, and the tree is the quicker one."""
TREE_DEPTH, TREE_PAIRS_OF_A_POINT = 25, 100
"""Where more points than this are to be found and fewer pairs of each are left, programs come first all the same: with
28 to 90 points to be found, 80 to 380 left and 20 to 50 pairs of each, programs took about a quarter of the tree's
time or less; with 30 to be found and 230 pairs of each, where neither ended, the tree's bound was the better one."""
ELITE, COMBINED, COMBINE_SECONDS = 6, 120_000, 10.0
"""Solutions that are combined; pairs of the program that does it; how long that may take."""


def solve_median(
    network: Network,
    p: int | None,
    fixed: Floats,
    *,
    gap: float = 0.0,
    until: float = math.inf,
    start: Bools | None = None,
    known: Bools | None = None,
) -> Choice | None:
    """Return points of least fixed cost and total distance; None when no solution was found.

    Parameters
    ----------
    network : Network
        Capacities are not looked at.
    p : int or None
        How many points are open; None for as many as pay.
    fixed : array of float, shape (m,)
    gap : float
        Relative gap at which the search may stop.
    until : float
        Time of `time.perf_counter` at which to stop.
    start : array of bool, shape (m,), optional
        Points that are open in a solution to begin with, instead of a greedy one.
    known : array of bool, shape (m,), optional
        Points of a solution that serves everyone, tried beside that one: where pairs are forbidden, greedy choice
        may leave some demand without a point.
    """
    pairs = pairs_of(network)
    rules = Rules(fixed, p, network.required, network.allowed)
    most = np.full(network.n, np.inf)
    short = np.isfinite(network.beyond)
    most[short] = network.weight[short] * network.beyond[short]
    state = Search(math.inf, network.required, -math.inf, _step(network, fixed), gap, until)
    ends = pairs.cost[network.start[1:] - 1]
    whole = short | (np.diff(network.start) == int(network.allowed.sum()))
    opened = start
    if opened is None:
        unserved = np.where(whole, ends, pairs.big)
        opened = greedy(pairs, fixed, rules.required, rules.allowed, p, unserved, until=until)
    try_exchanges(pairs, rules, opened, state)
    if known is not None:
        try_exchanges(pairs, rules, known, state)
    if not math.isfinite(state.best) and not _reach_everyone(network, pairs, rules, state):
        return Choice(state.is_open, np.full(network.n, -1), math.inf) if state.bound == math.inf else None
    bound = _price(pairs, rules, most, state)
    state.raise_bound(less(bound.value))
    if start is None:
        rework(network, pairs, rules, state, solve_median)
    if not state.done() and not state.late() and _many_matter(pairs, rules, bound, most, state):
        branch(pairs, rules, bound, most, state)
    _close(pairs, rules, bound, most, state)
    return Choice(state.is_open, nearest(network, state.is_open), min(state.bound, state.best))


def _reach_everyone(network: Network, pairs: Pairs, rules: Rules, state: Search) -> bool:
    """Offer a solution that serves everyone, made from the fewest points that do; False when p are not enough."""
    most = int(rules.allowed.sum()) if rules.p is None else rules.p
    late = None if math.isinf(state.until) else state.until
    answer, choice = fewest_points(network.unlimited(), at_most=most, until=late)
    if choice is None:
        if answer.stop == "infeasible":
            state.bound = math.inf
        return False
    try_exchanges(
        pairs, rules, choice.is_open if rules.p is None else filled(network, choice.is_open, most), state
    )
    return math.isfinite(state.best)


def _step(network: Network, fixed: Floats) -> float:
    return grain(np.concatenate([network.cost, fixed[network.allowed]]))


def _price(pairs: Pairs, rules: Rules, most: Floats, state: Search) -> Bound:
    """Return the Lagrangian bound; relaxed solutions on the way are made better by exchanges, then combined."""
    _, cost_one, _, cost_two = two_nearest(pairs, state.is_open)
    ends = pairs.cost[pairs.start[1:] - 1]
    price = (np.minimum(cost_one, ends) + np.minimum(cost_two, ends)) / 2
    found = [state.is_open]
    next_try = [0.1]

    def stop(bound: Bound, length: float) -> float | None:
        state.raise_bound(less(bound.value))
        if state.done() or state.late():
            return None
        if length < next_try[0]:
            next_try[0] = length / TRY_EVERY
            found.append(try_exchanges(pairs, rules, bound.chosen, state))
            if len(found) > 2 and not state.done():
                _combine(pairs, rules, found, bound, most, state)
        return state.best

    return ascend(Prices(pairs, rules), price, most, state.best, steps=STEPS, stop=stop)


def _combine(
    pairs: Pairs, rules: Rules, found: list[Bools], bound: Bound, most: Floats, state: Search
) -> None:
    """Offer the best solution among the points that some solutions open.

    What all of them open stays open. Of the pairs only those are kept that a better solution can use.
    """
    some = [*found[-ELITE:], state.is_open]
    part = what_matters(pairs, rules, bound, most, state.best - bound.value)
    must = np.logical_and.reduce(some) | part.must
    may = np.logical_or.reduce(some) | part.must
    part = replace(part, must=must, may=may, use=part.use & may[pairs.column])
    if np.count_nonzero(part.use) > COMBINED:
        return
    until = min(state.until, time.perf_counter() + COMBINE_SECONDS)
    value, opened, _ = solve_part(pairs, rules, part, replace(state, until=until, gap=min(state.gap, 1e-5)))
    if opened is not None and value < state.best:
        found.append(try_exchanges(pairs, rules, opened, state))


def _many_matter(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, state: Search) -> bool:
    """Return whether so many pairs can still matter that a tree is quicker than a program on them."""
    part = what_matters(pairs, rules, bound, most, state.worst() - bound.value)
    count = int(np.count_nonzero(part.use))
    shallow = int(np.count_nonzero(state.is_open & ~part.must)) <= TREE_DEPTH
    each = count / max(1, int(np.count_nonzero(part.may)))
    return count > TREE_PAIRS and (shallow or each > TREE_PAIRS_OF_A_POINT)


def _close(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, state: Search) -> None:
    """Close the gap by programs on what can still matter, wider from round to round."""
    spread = abs(bound.value) + 1.0
    needed = state.best * (1 - state.gap) - bound.value
    wide = max(1e-5 * spread, 1.02 * needed if state.gap else needed / 8)
    while not state.done() and not state.late():
        if wide < math.inf:  # what costs half a step less than the best costs a whole step less
            wide = min(wide, max(state.best - 0.5 * state.step - bound.value, 0.0)) * (1 + 1e-9) + 1e-9
        part = with_best(pairs, what_matters(pairs, rules, bound, most, wide), state)
        value, opened, proven = solve_part(pairs, rules, part, state)
        if opened is not None and value < state.best:
            try_exchanges(pairs, rules, opened, state)
        state.raise_bound(less(min(proven, bound.value + wide)))
        if math.isinf(wide):
            break
        whole = wide >= state.best - 0.5 * state.step - bound.value
        wide = math.inf if whole else 4 * wide
