"""Branch and bound on what is open: one point more is open or closed from node to node, each with its own prices.

A node's prices start from those of its parent, so a few dozen subgradient steps give its bound; then reduced costs fix
points both ways. What branches is the point that the last relaxed solutions opened most often. Nodes of least bound
come first, so the bound of the first in the queue holds for all that is left.

The bound of a node is far cheaper than its linear program, which is what makes this quicker than a general solver
where distances have no geometry and many points are nearly as good as each other: the graphs of the OR-Library.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.location.lagrangian import Bound, Pace, Rules, ascend, choose, fixed_points, safe_sum
from planner.location.median.program import what_matters
from planner.location.median.search import less, try_exchanges
from planner.location.reach import needs_more

if TYPE_CHECKING:
    from planner.location.interchange import Pairs
    from planner.location.median.search import Search
    from planner.location.network import Bools, Floats, Ints

MOST_CELLS = 4_000_000
"""Points × demands of the table of costs at most: 32 MB."""
EFFORT, OF_A_STEP = 1e11, 5_000
"""Costs looked at before the tree is given up, some minutes; what a step costs beside them."""
STEPS = 60
PACE = Pace(first=0.3, patience=4, shrink=0.7, shortest=0.02)
SHARE = 0.1
"""Weight of the last relaxed solution in the average that tells where to branch."""


@dataclass(order=True)
class Node:
    """What is decided, and where the prices start.

    Attributes
    ----------
    bound : float
        Nothing below this node is cheaper.
    number : int
        Nodes of one bound in the order they were made.
    price : array of float, shape (n,)
    required, allowed : array of bool, shape (k,)
    """

    bound: float
    number: int
    price: Floats = field(compare=False)
    required: Bools = field(compare=False)
    allowed: Bools = field(compare=False)


class Table:
    """The bound at given prices, from a full table of costs.

    Attributes
    ----------
    cost : array of float, shape (k, n)
        ``inf`` for a pair that is forbidden.
    rules : Rules
        Of the k points.
    share : array of float, shape (k,)
        How often the last relaxed solutions opened each point.
    calls : int
    """

    def __init__(self, cost: Floats, rules: Rules) -> None:
        self.cost, self.rules = cost, rules
        self.share = np.zeros(len(cost))
        self.calls = 0
        self._spare = np.empty_like(cost)

    def bound(self, price: Floats) -> tuple[Bound, Floats]:
        """Return the bound, and its subgradient, shape (n,)."""
        np.subtract(self.cost, price, out=self._spare)
        np.minimum(self._spare, 0.0, out=self._spare)
        worth = self.rules.fixed + self._spare.sum(axis=1)
        chosen = choose(worth, self.rules)
        self.share = (1 - SHARE) * self.share + SHARE * chosen
        self.calls += 1
        served = np.count_nonzero(self._spare[chosen], axis=0)
        return Bound(safe_sum(price, worth[chosen]), price, worth, chosen), 1.0 - served


def branch(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, state: Search) -> None:
    """Close the gap by branch and bound, or as far as `EFFORT` goes; nothing is done where it does not apply.

    Parameters
    ----------
    pairs : Pairs
    rules : Rules
    bound : Bound
        The best one at the root.
    most : array of float, shape (n,)
        Highest prices: a finite one is that of a pair the network leaves out, which a tree of points cannot decide.
    state : Search
    """
    part = what_matters(pairs, rules, bound, most, state.worst() - bound.value)
    points = np.flatnonzero(part.may)
    if np.any(np.isfinite(most)) or len(points) * pairs.n > MOST_CELLS:
        return
    cost, fixed = _table_of(pairs, points), rules.fixed[points]
    reach = np.isfinite(cost)
    forbidden = not reach.all()
    queue = [Node(bound.value, 0, bound.price, part.must[points], np.ones(len(points), bool))]
    made, effort = 1, 0.0
    while queue and queue[0].bound <= state.worst() and not state.late() and effort < EFFORT:
        node = heapq.heappop(queue)
        some = np.flatnonzero(node.allowed)
        required = node.required[some]
        if forbidden and not _can_reach_all(reach[some], required, rules.p):
            continue
        table = Table(cost[some], Rules(fixed[some], rules.p, required, np.ones(len(some), bool)))
        found = _ascend(table, node, state)
        effort += table.calls * (table.cost.size + OF_A_STEP)
        _offer(pairs, rules, table, found.chosen, points[some], state)
        must, may = _decided(table.rules, found, state.worst() - found.value)
        if np.array_equal(must, may):
            _offer(pairs, rules, table, must, points[some], state)
            continue
        for required, allowed in _children(table, must, may):
            child = Node(
                max(node.bound, found.value),
                made,
                found.price,
                _widened(required, some, node),
                _widened(allowed, some, node),
            )
            heapq.heappush(queue, child)
            made += 1
    state.raise_bound(less(min([state.worst(), *(node.bound for node in queue[:1])])))


def _table_of(pairs: Pairs, points: Ints) -> Floats:
    """Return the costs of some points, shape (k, n)."""
    place = np.full(pairs.m, -1)
    place[points] = np.arange(len(points))
    some = np.flatnonzero(place[pairs.column] >= 0)
    cost = np.full((len(points), pairs.n), np.inf)
    cost[place[pairs.column[some]], pairs.row[some]] = pairs.cost[some]
    return cost


def _can_reach_all(reach: Bools, required: Bools, p: int | None) -> bool:
    """Return whether nothing shows that p points leave a demand unserved; require the only point of a demand.

    ``reach`` says whom each point may serve, shape (k, n); ``required`` is changed.
    """
    count = reach.sum(axis=0)
    required |= reach[:, count == 1].any(axis=1)
    if p is None or not count.all():
        return bool(count.all())
    return int(required.sum()) <= p and not needs_more(reach.T, required, p)


def _widened(flags: Bools, some: Ints, node: Node) -> Bools:
    """Return flags of some points as flags of all points of the tree."""
    whole = np.zeros(len(node.allowed), bool)
    whole[some] = flags
    return whole


def _ascend(table: Table, node: Node, state: Search) -> Bound:
    """Return the best bound after some steps; fewer if the node is seen to hold nothing better."""
    # A price above the cost at a point that is surely open only lowers the bound.
    most = table.cost[table.rules.required].min(axis=0, initial=np.inf)

    def stop(bound: Bound, length: float) -> float | None:
        return None if bound.value > state.worst() or state.late() else state.best

    return ascend(table, node.price, most, state.best, steps=STEPS, stop=stop, pace=PACE)


def _decided(rules: Rules, bound: Bound, wide: float) -> tuple[Bools, Bools]:
    """Return the points that must and that may be open in a solution that is better; the same where none is left."""
    must, may = fixed_points(rules, bound, wide)
    if wide < 0 or (rules.p is not None and not must.sum() <= rules.p <= may.sum()):
        return must, must
    if rules.p == must.sum():
        return must, must
    if rules.p == may.sum():
        return may, may
    return must, may


def _children(table: Table, must: Bools, may: Bools) -> list[tuple[Bools, Bools]]:
    """Return what is required and allowed in the two nodes below."""
    free = np.flatnonzero(may & ~must)
    point = free[np.argmax(table.share[free])]
    opened, closed = must.copy(), may.copy()
    opened[point], closed[point] = True, False
    return [(opened, may), (must, closed)]


def _offer(pairs: Pairs, rules: Rules, table: Table, opened: Bools, points: Ints, state: Search) -> None:
    """Offer a solution, made better by exchanges, if it is better than the best."""
    if rules.p is not None and opened.sum() != rules.p:
        return
    value = table.cost[opened].min(axis=0, initial=np.inf).sum() + rules.fixed[points[opened]].sum()
    if value < state.best:
        is_open = np.zeros(pairs.m, bool)
        is_open[points[opened]] = True
        try_exchanges(pairs, rules, is_open, state)
