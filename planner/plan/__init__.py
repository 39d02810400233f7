"""A plan: the tables of a result folder, made from the chosen arrangement of every ward, saved and loaded whole."""

from planner.plan.chosen import plan_of, used_by
from planner.plan.effort import GAP_OVER_TIME, effort_for
from planner.plan.facts import facts_of, versions
from planner.plan.load import load_plan
from planner.plan.make import cost_of_today, make_plan
from planner.plan.plan import BODIES, Plan
from planner.plan.problem import plan_columns, prepare
from planner.plan.tables import BY_YEAR, TABLES
from planner.plan.today import as_today

__all__ = [
    "BODIES",
    "BY_YEAR",
    "GAP_OVER_TIME",
    "TABLES",
    "Plan",
    "as_today",
    "cost_of_today",
    "effort_for",
    "facts_of",
    "load_plan",
    "make_plan",
    "plan_columns",
    "plan_of",
    "prepare",
    "used_by",
    "versions",
]
