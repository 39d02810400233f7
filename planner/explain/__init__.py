"""Why a plan is as it is, unit by unit.

`priced` prices arrangements that a plan chose and others; `unit` says why a unit is arranged so and what the next best
costs, `centres` why it gets a centre in its year; `table` says it of every unit, a row each.
"""

from planner.explain.unit import Explanation, explain, explain_all, find_wards

__all__ = ["Explanation", "explain", "explain_all", "find_wards"]
