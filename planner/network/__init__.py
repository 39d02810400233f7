"""The reception network in the plan: which points stay, who is served where, as procedures go online.

One direction: flows (who files, by year) → points (who can serve) → journeys (what it costs people) → courses (what
each ward may do, with the year its point is handed over) → program and bound (one choice for headquarters and
network) → tables. Specification: docs/model.md, section 7.
"""

from planner.network.choose import NetworkOutcome, choose
from planner.network.measures import network_measures
from planner.network.problem import NetworkChoice, NetworkProblem, build_problem
from planner.network.tables import (
    CATCHMENTS,
    POINTS,
    PRICES,
    catchments_table,
    cost_items,
    points_table,
    prices_table,
    served_at,
)

__all__ = [
    "CATCHMENTS",
    "POINTS",
    "PRICES",
    "NetworkChoice",
    "NetworkOutcome",
    "NetworkProblem",
    "build_problem",
    "catchments_table",
    "choose",
    "cost_items",
    "network_measures",
    "points_table",
    "prices_table",
    "served_at",
]
