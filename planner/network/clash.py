"""Why no plan keeps the rules of the network, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import Problem

if TYPE_CHECKING:
    from planner.network.problem import NetworkProblem


def why_no_network(problem: NetworkProblem) -> list[Problem]:
    return [Problem("E606", problem.instance.scenario.name, "no plan", "x")]
