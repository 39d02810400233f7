"""Least total distance where points have capacities and every demand is served by one point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from planner.location.assign import Question, solve_assignment
from planner.location.location import Choice, grain

if TYPE_CHECKING:
    from planner.location.network import Floats, Network


def solve_capacitated(
    network: Network, p: int | None, fixed: Floats, *, gap: float = 0.0, until: float = math.inf
) -> Choice | None:
    """Return points and single-source assignment of least cost; bound ``inf`` when there is none, None when late."""
    count = (0, network.m) if p is None else (p, p)
    step = grain(np.concatenate([network.cost, fixed[network.allowed]]))
    ask = Question(network.cost, fixed, *count)
    answer, choice = solve_assignment(
        network, ask, until=None if math.isinf(until) else until, gap=gap, difference=0.99 * step
    )
    if answer.stop == "infeasible":
        return Choice(network.required, np.full(network.n, -1), math.inf)
    return choice
