"""A good solution where p points just hold the load: demands are moved and exchanged, points relocated.

A tabu search (Osman and Christofides 1994). Every step takes the best move of one demand to another open point or the
best exchange of two; the point of a cluster that has changed is relocated to where the cluster costs least. Capacities
may be exceeded at a price, which rises while they are and falls while they are not (Gendreau, Hertz and Laporte 1994):
where there is little room, that is the way from one good solution to the next.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.location.lagrangian import Rules
    from planner.location.network import Bools, Floats, Ints

TENURE = (5, 15)
"""Steps for which a demand does not go back."""
ROW = 5
"""Steps in a row with or without too much load after which its price changes."""
FALL, RISE = 0.8, 1.25
KICK = 400
"""Steps without a better solution after which one or two points are opened elsewhere."""
NEAR = 30
"""How many of the nearest points count as elsewhere."""


class Exchange:
    """A search that goes on where it was.

    Attributes
    ----------
    best : float
        Cost of the best solution found, ``inf`` when there is none.
    points, serves : arrays of int, shapes (p,) and (n,)
        Its open points, and the place in them that serves each demand.
    """

    def __init__(self, cost: Floats, load: Floats, capacity: Floats, rules: Rules) -> None:
        """Begin without a solution; ``cost``, shape (n, m), is ``inf`` for a forbidden pair."""
        finite = np.where(np.isfinite(cost), cost, 0.0)
        self.forbidden = float(np.abs(finite).sum() + np.abs(rules.fixed).sum()) + 1.0
        self.cost = np.where(np.isfinite(cost), cost, self.forbidden)
        self.load, self.rules = load, rules
        self.capacity = capacity * (1 + 1e-9) + 1e-9
        self.may = rules.allowed & ~rules.required
        self.random = np.random.default_rng(0)
        self.best = np.inf
        self.points: Ints = np.zeros(0, np.int64)
        self.serves: Ints = np.zeros(len(load), np.int64)

    def run(self, start: Ints, steps: int, until: float = math.inf) -> None:
        """Search from open points for so many steps, or until a time; demands begin at the cheapest of them."""
        n, p = len(self.load), len(start)
        self._begin(start, None)
        self.price = float(np.median(self.near.min(axis=1)) / max(float(np.median(self.load)), 1e-9)) + 1e-9
        self.streak = 0
        tabu = np.zeros((n, p), np.int64)
        last = 0
        for step in range(steps):
            moved = self._step(step, tabu)
            if not moved or time.perf_counter() > until:
                return
            for c in moved:
                self._relocate(c)
            if self._judge():
                last = step
            elif step - last > KICK:
                last = step
                self._kick()
                tabu[:] = 0

    def _begin(self, points: Ints, serves: Ints | None) -> None:
        self.now = points.copy()
        self.near = self.cost[:, self.now]
        self.at = self.near.argmin(axis=1) if serves is None else serves.copy()
        self.held = np.bincount(self.at, self.load, len(points))

    def _step(self, step: int, tabu: Ints) -> tuple[int, ...]:
        """Take the best move or exchange; return the places that have changed, none when there is none."""
        n, p = self.near.shape
        every, at, load = np.arange(n), self.at, self.load
        room = self.capacity[self.now]
        own = self.near[every, at]
        over = np.maximum(self.held - room, 0.0)
        out = np.maximum(self.held[at] - load - room[at], 0.0) - over[at]
        into = np.maximum(self.held + load[:, None] - room, 0.0) - over
        move = self.near - own[:, None] + self.price * (out[:, None] + into)
        move[every, at] = np.inf
        crossed = self.near[:, at]
        more = load[None, :] - load[:, None]
        change = np.maximum(self.held[at][:, None] + more - room[at][:, None], 0.0) - over[at][:, None]
        swap = crossed + crossed.T - own[:, None] - own[None, :] + self.price * (change + change.T)
        swap[at[:, None] == at[None, :]] = np.inf
        held_back = tabu > step
        crossing = held_back[:, at]
        crossing |= crossing.T
        # What leads below the best solution known is always allowed.
        least = self.best - own.sum() - self.rules.fixed[self.now].sum() - self.price * over.sum() - 1e-9
        move[held_back & (move >= least)] = np.inf
        swap[crossing & (swap >= least)] = np.inf
        i, c = divmod(int(move.argmin()), p)
        a, b = divmod(int(swap.argmin()), n)
        until = step + int(self.random.integers(*TENURE))
        if min(move[i, c], swap[a, b]) == np.inf:
            return ()
        pairs = [(i, c)] if move[i, c] <= swap[a, b] else [(a, int(at[b])), (b, int(at[a]))]
        places = []
        for demand, place in pairs:
            before = int(self.at[demand])
            tabu[demand, before] = until
            self.held[before] -= load[demand]
            self.held[place] += load[demand]
            self.at[demand] = place
            places += [before, place]
        return tuple(dict.fromkeys(places))

    def _relocate(self, place: int) -> None:
        """Serve a cluster from the point where it costs least, if it has room there."""
        old = int(self.now[place])
        if not self.may[old]:
            return
        total = self.cost[self.at == place].sum(axis=0) + self.rules.fixed
        closed = self.may.copy()
        closed[self.now] = False
        closed &= (self.capacity >= self.held[place]) | (self.capacity >= self.capacity[old])
        total[~closed & (np.arange(len(total)) != old)] = np.inf
        new = int(total.argmin())
        if total[new] < total[old] - 1e-12 * self.forbidden:
            self.now[place] = new
            self.near[:, place] = self.cost[:, new]

    def _judge(self) -> bool:
        """Keep a better solution, and adapt the price of too much load; return whether it is better."""
        fits = bool(np.all(self.held <= self.capacity[self.now]))
        self.streak = max(self.streak, 0) + 1 if fits else min(self.streak, 0) - 1
        if abs(self.streak) >= ROW:
            self.price *= FALL if fits else RISE
            self.streak = 0
        if not fits:
            return False
        value = float(self.near[np.arange(len(self.at)), self.at].sum() + self.rules.fixed[self.now].sum())
        if value >= min(self.best - 1e-9, self.forbidden):
            return False
        self.best, self.points, self.serves = value, self.now.copy(), self.at.copy()
        return True

    def _kick(self) -> None:
        """Open one or two points elsewhere, in the best solution or in the present one."""
        if len(self.points) == len(self.now) and self.random.random() < 0.5:
            self._begin(self.points, self.serves)
        for _ in range(int(self.random.integers(1, 3))):
            free = np.flatnonzero(self.may[self.now])
            elsewhere = self._closed()
            if not len(free) or not len(elsewhere):
                break
            place = self.random.choice(free)
            # Near means: as far from the demands of the cluster as its own point is.
            apart = np.abs(self.cost[:, elsewhere] - self.cost[:, [self.now[place]]]).sum(axis=0)
            self.now[place] = self.random.choice(elsewhere[np.argsort(apart, kind="stable")[:NEAR]])
        self._begin(self.now, None if self.random.random() < 0.5 else self.at)

    def _closed(self) -> Ints:
        closed: Bools = self.may.copy()
        closed[self.now] = False
        return np.flatnonzero(closed)
