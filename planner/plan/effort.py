"""How near to the best plan the solver has to come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner import limits
from planner.program import Effort

if TYPE_CHECKING:
    from planner.scenario import Scenario

GAP_OVER_TIME = 1e-4
"""Relative gap of plans with centres under city-wide rules, unless another one is asked for."""


def effort_for(scenario: Scenario, effort: Effort | None = None) -> Effort:
    """Return an effort with its gap filled in: `GAP_OVER_TIME` under city-wide rules over years, else a proof.

    The rules of every year together make a program whose last ten-thousandth can take minutes.
    """
    effort = effort or Effort()
    if effort.gap is not None:
        return effort
    return replace(effort, gap=GAP_OVER_TIME if limits.over_time(scenario) else 0.0)
