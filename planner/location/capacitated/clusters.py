"""Every cluster that can still matter: a point with a set of demands it may serve.

A solution is a choice of clusters. With the prices λ of `knapsack` the reduced cost of a cluster (j, S) is

    r = (best_j - Σ over S of (λ_i - cost_ij)) + what opening j raises the bound by  ≥ 0,

and a solution costs at least L + Σ r of its clusters: clusters with r > w are in none that costs at most L + w. The
others are listed, which set partitioning by columns (Lorena and Senne 2004; Ceselli and Righini 2005) needs no
pricing for: the gap is small, so they are few. Demand after demand is taken or left; the knapsack of the demands that
follow says exactly what can still be earned, so every partial set kept leads to a cluster of the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.lagrangian import reduced_costs

if TYPE_CHECKING:
    from planner.location.knapsack import Knapsacks
    from planner.location.lagrangian import Bound
    from planner.location.network import Bools, Floats, Ints, Network


@dataclass
class Clusters:
    """A list of clusters.

    Attributes
    ----------
    holds : array of bool, shape (n, k)
        Which demands each holds.
    members : array of int, shape (k, most)
        The same as numbers, filled up with n.
    point : array of int, shape (k,)
    cost : array of float, shape (k,)
        Fixed cost of the point and cost of its demands.
    """

    holds: Bools
    members: Ints
    point: Ints
    cost: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cost)

    def keep(self, which: Bools) -> Clusters:
        """Return some of them."""
        return Clusters(self.holds[:, which], self.members[which], self.point[which], self.cost[which])

    def sums(self, price: Floats) -> Floats:
        """Return the sum of the prices of each cluster's demands, shape (k,)."""
        total: Floats = np.append(price, 0.0)[self.members].sum(axis=1)
        return total


def clusters_within(
    network: Network, knapsacks: Knapsacks, bound: Bound, wide: float, most: int
) -> Clusters | None:
    """Return all clusters with reduced cost up to a width, None when there are more than so many.

    Clusters above the true capacity are left out where the whole loads of the knapsacks are rounded.
    """
    rise = np.maximum(0.0, reduced_costs(knapsacks.rules, bound))
    sets, points, costs, count = [], [], [], 0
    for j in np.flatnonzero(knapsacks.rules.allowed & (rise <= wide)).tolist():
        found = _sets_of(knapsacks, bound, j, wide - rise[j], most - count)
        if found is None:
            return None
        fits = found @ network.load <= network.capacity[j] * (1 + 1e-9) + 1e-9
        found = found[fits]
        count += len(found)
        sets.append(found)
        points.append(np.full(len(found), j))
        cost = np.where(np.isfinite(knapsacks.cost[:, j]), knapsacks.cost[:, j], 0.0)
        costs.append(found @ cost + knapsacks.rules.fixed[j])
    if not sets:
        return Clusters(
            np.zeros((network.n, 0), bool), np.zeros((0, 1), np.int64), np.zeros(0, np.int64), np.zeros(0)
        )
    holds = np.concatenate(sets)
    return Clusters(
        np.ascontiguousarray(holds.T), _numbers(holds), np.concatenate(points), np.concatenate(costs)
    )


def _sets_of(knapsacks: Knapsacks, bound: Bound, point: int, wide: float, most: int) -> Bools | None:
    """Return the sets of one point that earn within a width of its best, shape (k, n); None when above so many."""
    profit = bound.price - knapsacks.cost[:, point]
    room = int(knapsacks.room[point])
    least = float(knapsacks.rules.fixed[point] - bound.worth[point]) - wide
    least -= 1e-9 * (1.0 + abs(least))
    items = np.flatnonzero(np.isfinite(profit) & (profit >= -wide - 1e-9))
    items = items[np.argsort(-profit[items], kind="stable")]
    after = np.zeros((len(items) + 1, room + 1))
    for k in range(len(items) - 1, -1, -1):
        gain, load = profit[items[k]], int(knapsacks.load[items[k]])
        after[k] = after[k + 1]
        if gain > 0:
            after[k][load:] = np.maximum(after[k + 1][load:], after[k + 1][: room + 1 - load] + gain)
    left, earned = np.array([room]), np.zeros(1)
    sets = np.zeros((1, len(profit)), bool)
    for k, i in enumerate(items.tolist()):
        load = int(knapsacks.load[i])
        without = earned + after[k + 1][left] >= least
        able = np.flatnonzero(left >= load)
        able = able[earned[able] + profit[i] + after[k + 1][left[able] - load] >= least]
        taken = sets[able]
        taken[:, i] = True
        sets = np.concatenate([sets[without], taken])
        earned = np.concatenate([earned[without], earned[able] + profit[i]])
        left = np.concatenate([left[without], left[able] - load])
        if len(sets) > most:
            return None
    return sets


def _numbers(holds: Bools) -> Ints:
    """Return the members of each set as numbers, filled up with n."""
    count = holds.sum(axis=1)
    row, member = np.nonzero(holds)
    start = np.cumsum(count) - count
    members = np.full((len(holds), max(1, int(count.max(initial=0)))), holds.shape[1], np.int32)
    members[row, np.arange(len(row)) - start[row]] = member
    return members
