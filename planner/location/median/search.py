"""The state of a search for open points, and the exchanges that every solution found goes through."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.interchange import improve, two_nearest

if TYPE_CHECKING:
    from planner.location.interchange import Pairs
    from planner.location.lagrangian import Rules
    from planner.location.network import Bools

ROUNDING = 1e-9
"""Relative: what sums of floats and the solver's tolerance may be off by."""


@dataclass
class Search:
    """The state of one search: best solution and best bound.

    Attributes
    ----------
    best : float
        Cost of the best solution, ``inf`` while some demand is not served.
    is_open : array of bool, shape (m,)
    bound : float
    step : float
        Every solution's cost is a multiple of this (0: unknown).
    gap : float
        Relative gap at which the search may stop.
    until : float
    """

    best: float
    is_open: Bools
    bound: float
    step: float
    gap: float
    until: float

    def offer(self, value: float, is_open: Bools) -> None:
        """Keep a solution if it is better."""
        if value < self.best:
            self.best, self.is_open = value, is_open

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better; round it up to the grain of the costs."""
        if self.step and math.isfinite(bound) and self.step > 4 * ROUNDING * abs(bound):
            bound = math.ceil(bound / self.step - 1e-3) * self.step
        self.bound = max(self.bound, bound)

    def done(self) -> bool:
        """Return whether the gap is closed."""
        if not math.isfinite(self.best):
            return self.bound == math.inf
        return self.best - self.bound <= max(self.gap, ROUNDING) * abs(self.best)

    def worst(self) -> float:
        """Return the least bound that shows that nothing is better than the best solution (within the gap)."""
        step = self.step if self.step > 4 * ROUNDING * abs(self.best) else 0.0
        return self.best - max(0.99 * step, 0.9 * max(self.gap, ROUNDING) * abs(self.best))

    def late(self) -> bool:
        """Return whether the time is over."""
        return time.perf_counter() > self.until


def less(value: float) -> float:
    """Return a bound less what floats may be off by."""
    return value - 1e-12 * abs(value)


def try_exchanges(pairs: Pairs, rules: Rules, is_open: Bools, state: Search) -> Bools:
    """Make a solution better by exchanges, offer it and return it."""
    better = improve(
        pairs,
        rules.fixed,
        is_open,
        rules.required,
        rules.allowed,
        count_fixed=rules.p is not None,
        until=state.until,
    )
    _, cost, _, _ = two_nearest(pairs, better)
    if not np.any(cost == pairs.big):
        state.offer(float(cost.sum() + rules.fixed[better].sum()), better)
    return better
