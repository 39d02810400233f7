"""Every cluster that can still matter: a point with a set of demands it may serve.

A solution is a choice of clusters. With the prices λ of `knapsack` the reduced cost of a cluster (j, S) is

    r = (best_j - Σ over S of (λ_i - cost_ij)) + what opening j raises the bound by  ≥ 0,

and a solution costs at least L + Σ r of its clusters: clusters with r > w are in none that costs at most L + w. The
others are listed, which set partitioning by columns (Lorena and Senne 2004; Ceselli and Righini 2005) needs no
pricing for: the gap is small, so they are few. Demand after demand is taken or left; the knapsack of the demands that
follow says exactly what can still be earned, so every partial set kept leads to a cluster of the list.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.lagrangian import reduced_costs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.location.knapsack import Knapsacks
    from planner.location.lagrangian import Bound
    from planner.location.network import Bools, Floats, Ints, Network

BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.float64)
"""The bits of the values of a byte."""


@dataclass
class Clusters:
    """A list of clusters.

    Attributes
    ----------
    holds : array of bool, shape (n, k)
        Which demands each holds.
    members : array of int, shape (k, most)
        The same as numbers, filled up with n: sums over few members are fast, counts over whole rows of ``holds``.
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
        padded = np.append(price, 0.0)
        total = np.zeros(len(self))
        for place in range(self.members.shape[1]):  # column by column: no table of the size of ``members``
            total += padded[self.members[:, place]]
        return total


@dataclass
class Sets:
    """Clusters of one point, a bit a demand: the form in which they are found.

    Attributes
    ----------
    words : array of 64-bit words, shape (k, words)
        Demand i is the bit i % 64 of word i // 64.
    point : int
    cost : array of float, shape (k,)
        As in `Clusters`.
    """

    words: NDArray[np.uint64]
    point: int
    cost: Floats

    def keep(self, which: Bools) -> Sets:
        """Return some of them."""
        return Sets(self.words[which], self.point, self.cost[which])

    def sums(self, price: Floats) -> Floats:
        """Return the sum of the prices of each set's demands, shape (k,)."""
        eights = self.words.view(np.uint8)
        padded = np.zeros(8 * eights.shape[1])
        padded[: len(price)] = price
        of_value = BITS @ padded.reshape(-1, 8).T  # of each value of each byte
        total = np.zeros(len(self.words))
        for place in range(-(-len(price) // 8)):
            total += of_value[eights[:, place], place]
        return total

    def listed(self, n: int) -> Clusters:
        """Return them as clusters."""
        eights = self.words.view(np.uint8)
        holds = np.unpackbits(eights, axis=1, count=n, bitorder="little").view(bool)
        point = np.full(len(holds), self.point, np.int32)
        return Clusters(np.ascontiguousarray(holds.T), _numbers(holds), point, self.cost)


def clusters_within(
    network: Network,
    knapsacks: Knapsacks,
    bound: Bound,
    wide: float,
    most: int,
    sift: Callable[[Sets], Clusters] | None = None,
    until: float = math.inf,
) -> Clusters | None:
    """Return all clusters with reduced cost up to a width, None when there are more than so many or the time is over.

    Clusters above the true capacity are left out where the whole loads of the knapsacks are rounded. ``sift`` returns
    those of one point at a time that are wanted: the others need no memory. Without it none is made before it is sure
    that they are not too many.
    """
    rise = np.maximum(0.0, reduced_costs(knapsacks.rules, bound))
    n, parts, found, count = network.n, [], [], 0
    for j in np.flatnonzero(knapsacks.rules.allowed & (rise <= wide)).tolist():
        words = _words_of(knapsacks, bound, j, wide - rise[j], most - count, until)
        if words is None:
            return None
        sets = Sets(words, j, np.zeros(len(words)))
        sets = sets.keep(sets.sums(network.load) <= network.capacity[j] * (1 + 1e-9) + 1e-9)
        cost = np.where(np.isfinite(knapsacks.cost[:, j]), knapsacks.cost[:, j], 0.0)
        sets.cost = sets.sums(cost) + knapsacks.rules.fixed[j]
        count += len(sets.words)
        if sift is None:
            found.append(sets)
        else:
            parts.append(sift(sets))
    for sets in found:
        if time.perf_counter() > until:
            return None
        parts.append(sets.listed(n))
    return _joined(parts, n)


def _joined(parts: list[Clusters], n: int) -> Clusters:
    """Return several lists as one."""
    count = sum(len(part) for part in parts)
    widest = max([1, *(part.members.shape[1] for part in parts)])
    holds = np.empty((n, count), bool)
    members = np.full((count, widest), n, np.int32)
    point, cost = np.empty(count, np.int32), np.empty(count)
    begin = 0
    while parts:
        part = parts.pop(0)  # two copies of one part at a time, not of all
        end = begin + len(part)
        holds[:, begin:end] = part.holds
        members[begin:end, : part.members.shape[1]] = part.members
        point[begin:end], cost[begin:end] = part.point, part.cost
        begin = end
    return Clusters(holds, members, point, cost)


def _words_of(
    knapsacks: Knapsacks, bound: Bound, point: int, wide: float, most: int, until: float
) -> NDArray[np.uint64] | None:
    """Return the sets of one point that earn within a width of its best, as the words of `Sets`.

    None when above so many, or when the time is over.
    """
    profit = bound.price - knapsacks.cost[:, point]
    room = int(knapsacks.room[point])
    least = float(knapsacks.rules.fixed[point] - bound.worth[point]) - wide
    least -= 1e-9 * (1.0 + abs(least))
    items = np.flatnonzero(np.isfinite(profit) & (profit >= -wide - 1e-9))
    items = items[_most_decided_first(profit[items], knapsacks.load[items], room)]
    after = np.zeros((len(items) + 1, room + 1))
    for k in range(len(items) - 1, -1, -1):
        gain, load = profit[items[k]], int(knapsacks.load[items[k]])
        after[k] = after[k + 1]
        if gain > 0:
            after[k][load:] = np.maximum(after[k + 1][load:], after[k + 1][: room + 1 - load] + gain)
    left, earned = np.array([room]), np.zeros(1)
    sets = np.zeros((1, (len(profit) + 63) // 64), np.uint64)
    for k, i in enumerate(items.tolist()):
        load = int(knapsacks.load[i])
        without = earned + after[k + 1][left] >= least
        able = np.flatnonzero(left >= load)
        able = able[earned[able] + profit[i] + after[k + 1][left[able] - load] >= least]
        if len(able):
            taken = sets[able]
            taken[:, i // 64] |= np.uint64(1 << (i % 64))
            sets = np.concatenate([sets[without], taken])
            earned, left = (
                np.concatenate([earned[without], earned[able] + profit[i]]),
                np.concatenate([left[without], left[able] - load]),
            )
        elif not without.all():
            sets, earned, left = sets[without], earned[without], left[without]
        if len(sets) > most or time.perf_counter() > until:
            return None
    return sets


def _most_decided_first(profit: Floats, load: Ints, room: int) -> Ints:
    """Return an order of demands: first those surely taken or left, so that partial sets are few for long.

    At the price of room at which the dense ones fill it, what is worth much or costs much is decided.
    """
    density = profit / np.maximum(load, 1e-9)
    order = np.argsort(-density, kind="stable")
    full = int(np.searchsorted(np.cumsum(load[order]), room, side="right"))
    price = max(0.0, float(density[order[full]])) if full < len(order) else 0.0
    return np.argsort(-np.abs(profit - price * load), kind="stable")


def _numbers(holds: Bools) -> Ints:
    """Return the members of each set as numbers, filled up with n."""
    count = holds.sum(axis=1)
    place = np.flatnonzero(holds)
    row = np.repeat(np.arange(len(holds)), count)
    member = place - row * holds.shape[1]
    start = np.cumsum(count) - count
    members = np.full((len(holds), max(1, int(count.max(initial=0)))), holds.shape[1], np.int32)
    members[row, np.arange(len(row)) - start[row]] = member
    return members
