"""The best solution and bound of one search."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.location.location import Choice
    from planner.location.network import Floats, Network


@dataclass
class Search:
    """The best solution and bound of one search.

    Attributes
    ----------
    network : Network
    fixed : array of float, shape (m,)
    step : float
        Every cost is a multiple of it; 0 when no such number is known.
    gap : float
        Relative gap at which the search may stop.
    until : float
        Time of `time.perf_counter` at which to stop.
    """

    network: Network
    fixed: Floats
    step: float
    gap: float
    until: float
    choice: Choice | None = None
    best: float = math.inf
    bound: float = -math.inf

    def offer(self, choice: Choice | None) -> None:
        """Keep a solution if it is better."""
        if choice is None or np.any(choice.pair < 0):
            return
        value = math.fsum(self.network.cost[choice.pair].tolist())
        value += math.fsum(self.fixed[choice.is_open].tolist())
        if value < self.best:
            self.choice, self.best = choice, value

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better, rounded up to the grain of the costs."""
        if self.step and math.isfinite(bound) and self.step > 1e-7 * abs(bound):
            bound = math.ceil(bound / self.step - 1e-4) * self.step
        self.bound = max(self.bound, bound)

    def done(self) -> bool:
        """Return whether the gap is closed."""
        return self.best < math.inf and self.best - self.bound <= max(self.gap, 1e-9) * abs(self.best)

    def late(self) -> bool:
        """Return whether the time is over."""
        return time.perf_counter() > self.until

    def worst(self) -> float:
        """Return what a solution must stay below to be better."""
        return self.best - max(0.5 * self.step, 0.9 * self.gap * abs(self.best))
