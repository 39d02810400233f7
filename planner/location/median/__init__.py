"""Least total distance without capacities (p-median), or with fixed costs."""

from planner.location.median.solve import solve_median

__all__ = ["solve_median"]
