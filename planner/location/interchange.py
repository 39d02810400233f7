"""Open, close and exchange points while that makes an uncapacitated solution cheaper.

The profit of an exchange falls into three parts (Whitaker 1983; Resende and Werneck 2007): what opening j gains, what
closing r loses, and what is counted twice because r's demands are near j. All three are sums over pairs nearer than a
demand's second open point, taken for all j and r at once; of the profitable exchanges all that touch no common demand
are made in one pass.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Ints, Network

DENSE_AT_MOST = 4_000_000


@dataclass(frozen=True)
class Pairs:
    """The pairs of a network by demand and by candidate, with their costs.

    Attributes
    ----------
    row, column : array of int, shape (e,)
        Demand and candidate; by demand, cheapest first.
    cost : array of float, shape (e,)
    by_column : array of int, shape (e,)
        The pairs by candidate; those of j stand at ``column_start[j]:column_start[j + 1]``.
    big : float
        More than any solution costs: the cost of a demand that no open point serves.
    """

    n: int
    m: int
    start: Ints
    row: Ints
    column: Ints
    cost: Floats
    by_column: Ints
    column_start: Ints
    big: float


def pairs_of(network: Network) -> Pairs:
    """Return the pairs of a network."""
    column = network.candidate.astype(np.int32)
    cost = network.cost
    last = network.start[1:] - 1
    big = 2.0 * float(cost[last].sum() + network.fixed_cost.sum()) + 1.0
    return Pairs(
        network.n,
        network.m,
        network.start,
        network.demand.astype(np.int32),
        column,
        cost,
        np.argsort(column, kind="stable"),
        np.concatenate([[0], np.cumsum(np.bincount(column, minlength=network.m))]),
        big,
    )


def two_nearest(pairs: Pairs, is_open: Bools) -> tuple[Ints, Floats, Ints, Floats]:
    """Return the cheapest and the second cheapest open point of each demand with their costs, shape (n,) each.

    Point -1 and cost ``big`` where there is none.
    """
    places = np.flatnonzero(is_open[pairs.column])
    row = pairs.row[places]
    first = np.ones(len(row), bool)
    first[1:] = row[1:] != row[:-1]
    second = np.zeros(len(row), bool)
    second[1:] = first[:-1] & ~first[1:]
    found: list[Any] = []
    for which in (first, second):
        point, cost = np.full(pairs.n, -1), np.full(pairs.n, pairs.big)
        point[row[which]] = pairs.column[places[which]]
        cost[row[which]] = pairs.cost[places[which]]
        found += [point, cost]
    return found[0], found[1], found[2], found[3]


def value_of(pairs: Pairs, fixed: Floats, is_open: Bools) -> float:
    """Return fixed costs and the cost of the nearest open points."""
    return float(two_nearest(pairs, is_open)[1].sum() + fixed[is_open].sum())


def greedy(
    pairs: Pairs,
    fixed: Floats,
    required: Bools,
    allowed: Bools,
    p: int | None,
    unserved: Floats,
    *,
    until: float = math.inf,
) -> Bools:
    """Open the point that saves most, again and again, until p are open (or, without p, none saves anything).

    Savings only fall, so a heap of old savings serves: the top is counted again, and opened if it stays on top.

    Parameters
    ----------
    unserved : array of float, shape (n,)
        What a demand costs while no open point serves it.
    until : float
        Time of `time.perf_counter` after which old savings are good enough.
    """
    is_open: Bools = required.copy()
    now = np.minimum(two_nearest(pairs, is_open)[1], unserved)

    def saving(j: int) -> float:
        own = pairs.by_column[pairs.column_start[j] : pairs.column_start[j + 1]]
        return float(np.maximum(now[pairs.row[own]] - pairs.cost[own], 0.0).sum() - fixed[j])

    first = np.bincount(pairs.column, np.maximum(now[pairs.row] - pairs.cost, 0.0), pairs.m) - fixed
    heap = [(-float(first[j]), int(j)) for j in np.flatnonzero(allowed & ~required)]
    heapify(heap)
    count = int(required.sum())
    while heap and (p is None or count < p):
        _, j = heap[0]
        fresh = saving(j) if time.perf_counter() <= until else -heap[0][0]
        if fresh <= 0 and p is None:
            heappop(heap)
            continue
        heapreplace(heap, (-fresh, j))
        if heap[0][1] == j:
            heappop(heap)
            is_open[j] = True
            count += 1
            own = pairs.by_column[pairs.column_start[j] : pairs.column_start[j + 1]]
            rows = pairs.row[own]
            now[rows] = np.minimum(now[rows], pairs.cost[own])
    return is_open


def improve(
    pairs: Pairs,
    fixed: Floats,
    is_open: Bools,
    locked: Bools,
    allowed: Bools,
    *,
    count_fixed: bool,
    passes: int = 200,
    until: float = math.inf,
) -> Bools:
    """Return a solution that no single exchange makes cheaper (nor opening or closing, unless the count is fixed).

    Parameters
    ----------
    pairs : Pairs
    fixed : array of float, shape (m,)
        Cost of opening.
    is_open, locked, allowed : array of bool, shape (m,)
        The start; points that must stay open; points that may be opened.
    count_fixed : bool
        Whether the number of open points must stay.
    until : float
        Time of `time.perf_counter` after which the solution is returned as it is.
    """
    is_open = is_open.copy()
    for _ in range(passes):
        if time.perf_counter() > until:
            break
        moves, second = _moves(pairs, fixed, is_open, locked, allowed, count_fixed)
        if not moves:
            break
        _apply(pairs, is_open, moves, second)
    return is_open


def _moves(
    pairs: Pairs, fixed: Floats, is_open: Bools, locked: Bools, allowed: Bools, count_fixed: bool
) -> tuple[list[tuple[float, int, int]], tuple[Ints, Ints, Floats]]:
    """Return (profit, opened, closed) of the best moves, most profitable first; -1 for nothing opened or closed."""
    one, cost_one, two, cost_two = two_nearest(pairs, is_open)
    near = np.flatnonzero(pairs.cost < cost_two[pairs.row])
    near = near[(~is_open & allowed)[pairs.column[near]]]
    row, column, cost = pairs.row[near], pairs.column[near], pairs.cost[near]
    gain = np.bincount(column, np.maximum(cost_one[row] - cost, 0.0), pairs.m) - fixed
    served = one >= 0
    loss = np.bincount(one[served], (cost_two - cost_one)[served], pairs.m) - fixed
    closing = is_open & ~locked
    loss[~closing] = np.inf
    opening = np.flatnonzero(~is_open & allowed)
    if not len(opening):
        return [], (one, two, cost_two)
    scale = float(np.minimum(cost_one, pairs.big).sum()) + 1.0
    least = 1e-11 * scale
    best_profit = np.full(pairs.m, -np.inf)
    best_closed = np.full(pairs.m, -1)
    if closing.any():
        cheapest = int(np.argmin(loss))
        best_profit[opening] = gain[opening] - loss[cheapest]
        best_closed[opening] = cheapest
        shared = served[row] & closing[one[row]]
        extra = cost_two[row[shared]] - np.maximum(cost[shared], cost_one[row[shared]])
        j, r, extra = _summed(column[shared].astype(np.int64), one[row[shared]], extra, pairs.m)
        profit = gain[j] - loss[r] + extra
        order = np.lexsort((r, -profit, j))
        j, r, profit = j[order], r[order], profit[order]
        head = np.ones(len(j), bool)
        head[1:] = j[1:] != j[:-1]
        j, r, profit = j[head], r[head], profit[head]
        better = profit > best_profit[j]
        best_profit[j[better]], best_closed[j[better]] = profit[better], r[better]
    if not count_fixed:
        add = gain > best_profit
        add &= ~is_open & allowed
        best_profit[add], best_closed[add] = gain[add], -1
    found = [
        (float(best_profit[j]), int(j), int(best_closed[j])) for j in np.flatnonzero(best_profit > least)
    ]
    if not count_fixed:
        found += [(float(-loss[r]), -1, int(r)) for r in np.flatnonzero(closing & (loss < -least))]
    found.sort(key=lambda move: (-move[0], move[1], move[2]))
    return found, (one, two, cost_two)


def _summed(j: Ints, r: Ints, extra: Floats, m: int) -> tuple[Ints, Ints, Floats]:
    """Return the sums of extra by (j, r)."""
    if not len(j):
        return j, r, extra
    total: Floats
    points, number = np.unique(r, return_inverse=True)
    if m * len(points) <= DENSE_AT_MOST:
        total = np.asarray(np.bincount(j * len(points) + number, extra, m * len(points)), float)
        keys = np.flatnonzero(total)
        return keys // len(points), points[keys % len(points)], total[keys]
    keys, where = np.unique(j * m + r, return_inverse=True)
    total = np.asarray(np.bincount(where, extra, len(keys)), float)
    return keys // m, keys % m, total


def _apply(
    pairs: Pairs, is_open: Bools, moves: list[tuple[float, int, int]], second: tuple[Ints, Ints, Floats]
) -> None:
    """Make moves in order of profit, leaving out those that touch a demand or point already touched."""
    one, two, cost_two = second
    touched = np.zeros(pairs.n, bool)
    users = _users(pairs, one, two) if len(moves) > 1 else None
    for _, opened, closed in moves:
        if closed >= 0 and not is_open[closed]:
            continue
        rows = []
        if opened >= 0:
            own = pairs.by_column[pairs.column_start[opened] : pairs.column_start[opened + 1]]
            reached = pairs.row[own]
            rows.append(reached[pairs.cost[own] < cost_two[reached]])
        if closed >= 0 and users is not None:
            rows.append(users[0][users[1][closed] : users[1][closed + 1]])
        if users is not None:
            if any(touched[part].any() for part in rows):
                continue
            for part in rows:
                touched[part] = True
        if opened >= 0:
            is_open[opened] = True
        if closed >= 0:
            is_open[closed] = False


def _users(pairs: Pairs, one: Ints, two: Ints) -> tuple[Ints, Ints]:
    """Return the demands whose first or second open point each point is, by point."""
    rows = np.concatenate([np.flatnonzero(one >= 0), np.flatnonzero(two >= 0)])
    points = np.concatenate([one[one >= 0], two[two >= 0]])
    order = np.argsort(points, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(points, minlength=pairs.m))])
    return rows[order], start
