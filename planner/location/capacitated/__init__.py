"""Least total distance where points have capacities and every demand is served by one point."""

from planner.location.capacitated.solve import solve_capacitated

__all__ = ["solve_capacitated"]
