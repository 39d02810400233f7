"""A lower bound for single-source capacitated location: as in `lagrangian`, with a knapsack at every point.

At prices λ a point earns at best  best_j = max Σ (λ_i - cost_ij) x_i  subject to  Σ load_i x_i ≤ capacity_j, x binary:
a knapsack, solved for all points at once by dynamic programming over whole loads. It is stronger than the linear
relaxation (Pirkul 1987; Beasley 1993). Loads that are no small whole numbers are rounded down on a grid, capacities
too: no solution is lost, the bound stays valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.location.lagrangian import Bound, choose, safe_sum
from planner.location.location import grain

if TYPE_CHECKING:
    from planner.location.lagrangian import Rules
    from planner.location.network import Floats, Ints, Network

MOST_STEPS = 600
"""Units a capacity is measured in at most."""
MOST_CELLS = 20_000_000
"""Demands × points × capacity units at most: 160 MB a table."""


class Knapsacks:
    """The knapsacks of a network at given prices.

    Attributes
    ----------
    cost : array of float, shape (n, m)
        ``inf`` for a forbidden pair and for a load above the capacity.
    load, room : array of int, shape (n,) and (m,)
    """

    def __init__(self, network: Network, rules: Rules) -> None:
        self.rules = rules
        self.load, self.room = whole_loads(network)
        self.cost = np.full((network.n, network.m), np.inf)
        self.cost[network.demand, network.candidate] = network.cost
        self.cost[self.load[:, None] > self.room[None, :]] = np.inf

    @property
    def cells(self) -> int:
        """Numbers in a table of the dynamic program."""
        return int(self.cost.size * (self.room.max(initial=0) + 1))

    def bound(self, price: Floats) -> tuple[Bound, Floats]:
        """Return the bound, and its subgradient, shape (n,)."""
        n, m = self.cost.shape
        size = int(self.room.max(initial=0)) + 1
        profit = price[:, None] - self.cost
        best = np.zeros((m, size))
        taken = np.zeros((n, m, size), bool)
        for i in range(n):
            points = np.flatnonzero(profit[i] > 0)
            load = int(self.load[i])
            with_it = best[points, : size - load] + profit[i, points, None]
            better = with_it > best[points, load:]
            taken[i, points, load:] = better
            best[points, load:] = np.where(better, with_it, best[points, load:])
        worth = self.rules.fixed - best[np.arange(m), self.room]
        chosen = choose(worth, self.rules)
        value = safe_sum(price, worth[chosen])
        points = np.flatnonzero(chosen)
        left = self.room[points].copy()
        served = np.zeros(n)
        for i in range(n - 1, -1, -1):
            takes = taken[i, points, left]
            served[i] = np.count_nonzero(takes)
            left -= np.where(takes, self.load[i], 0)
        return Bound(value, price, worth, chosen), 1.0 - served

    def pair_rises(self, bound: Bound) -> Floats:
        """Return what a point loses when it must serve a demand, shape (n, m); ``inf`` where it cannot.

        The knapsack with i forced in is that of the demands before i and of those after it, for every split of the
        room.
        """
        n, m = self.cost.shape
        size = int(self.room.max(initial=0)) + 1
        profit = bound.price[:, None] - self.cost
        after = np.zeros((n + 1, m, size))
        for i in range(n - 1, -1, -1):
            after[i] = self._with(after[i + 1], profit[i], int(self.load[i]))
        before: Floats = np.zeros((m, size))
        best = after[0][np.arange(m), self.room]
        rises = np.full((n, m), np.inf)
        units = np.arange(size)
        for i in range(n):
            rest = self.room[:, None] - int(self.load[i]) - units[None, :]
            both = before + np.take_along_axis(after[i + 1], np.maximum(rest, 0), axis=1)
            both[rest < 0] = -np.inf
            rises[i] = best - (both.max(axis=1) + profit[i])
            before = self._with(before, profit[i], int(self.load[i]))
        return np.where(np.isfinite(self.cost), np.maximum(rises, 0.0), np.inf)

    @staticmethod
    def _with(best: Floats, profit: Floats, load: int) -> Floats:
        more = best.copy()
        gains = np.flatnonzero(profit > 0)
        size = best.shape[1]
        more[gains, load:] = np.maximum(best[gains, load:], best[gains, : size - load] + profit[gains, None])
        return more


def whole_loads(network: Network) -> tuple[Ints, Ints]:
    """Return loads and capacities in whole units, at most `MOST_STEPS` of them; rounded down where they do not fit."""
    room = np.minimum(network.capacity, network.load.sum())
    room = np.where(network.allowed, room, 0.0)
    step = grain(network.load) or 0.0
    largest = float(room.max(initial=0.0))
    step = max(step, largest / MOST_STEPS, 1e-12)
    load = np.floor(network.load / step + 1e-9).astype(np.int64)
    return load, np.floor(room / step + 1e-9).astype(np.int64)
