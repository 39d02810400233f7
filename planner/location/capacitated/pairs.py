"""The strong assignment program on the pairs and points that can still matter.

For where clusters are too many to list, and for a first solution where exchanges find none.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from planner.location.assign import Question, solve_assignment
from planner.location.lagrangian import fixed_points, reduced_costs
from planner.location.location import Choice, places_in

if TYPE_CHECKING:
    from planner.location.capacitated.search import Search
    from planner.location.knapsack import Knapsacks
    from planner.location.lagrangian import Bound
    from planner.location.network import Bools, Network

ASSIGN_SECONDS = 1.0
FIRST_WIDTH = 0.004
"""Of the bound: how much dearer than it a solution may be that the first program looks for."""


def assign_to(ask: Question, points: Bools, state: Search) -> None:
    """Offer the best assignment to given points."""
    network = state.network
    until = min(state.until, time.perf_counter() + ASSIGN_SECONDS)
    part = network.keep(points[network.candidate])
    if np.any(np.diff(part.start) == 0):
        return
    question = Question(part.cost, ask.point_cost, ask.fewest, ask.most)
    _, choice = solve_assignment(part, question, until=until, gap=1e-4, closed=~points, must_open=points)
    if choice is not None:
        state.offer(Choice(choice.is_open, places_in(network, part, choice.pair), 0.0))


def close_by_pairs(ask: Question, knapsacks: Knapsacks, bound: Bound, state: Search) -> None:
    """Close the gap by programs on what can still matter, wider from round to round."""
    if state.done() or state.late():
        return
    network = state.network
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
            solve_pairs(ask, state, (part, must, may, bound.value + wide - 1e-6))
        if wide >= full or state.late():
            break
        wide *= 3
        if wide > 3 * abs(bound.value) + 1:
            solve_pairs(ask, state, None)
            break


def solve_pairs(ask: Question, state: Search, limited: tuple[Network, Bools, Bools, float] | None) -> None:
    """Solve the program on a part of the pairs (on all when None); what is outside costs more than a limit."""
    network = state.network
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
        state.offer(Choice(choice.is_open, places_in(network, part, choice.pair), 0.0))
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
