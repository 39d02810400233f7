"""The tables of a plan, from the arrangement that was chosen for every ward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner import model, pricing, tabulate, yearly
from planner.demand import demand_points
from planner.measures import measure_table
from planner.plan.plan import Plan

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.instance import Instance
    from planner.region import Norms, Region


def plan_of(
    instance: Instance,
    region: Region,
    norms: Norms,
    columns: model.PlanColumns,
    more: dict[str, Ints] | None = None,
    catchments: pd.DataFrame | None = None,
) -> Plan:
    """Return the tables of chosen plans, one row a ward in ward order; without facts and today's plan.

    Parameters
    ----------
    more : dict of str to int64, shape (wards, years), optional
        Dong of items that are counted elsewhere: those of a reception network.
    catchments : DataFrame, optional
        Where people file in every stage, with a reception network.
    """
    scenario = instance.scenario
    instance, chosen = model.as_chosen(instance, columns)
    table = pricing.cost_table(instance, chosen) | (more or {})
    assignments = tabulate.assignments(region, instance, chosen)
    premises = tabulate.premises(region, instance, chosen)
    money = tabulate.cost_rows(instance, table)
    points = demand_points(region, instance.demand, scenario.reception.visits_per_file)
    by_year = yearly.yearly_measures(region, norms, points, assignments, premises, catchments)
    measures = measure_table(region, instance, chosen, assignments, premises, money, by_year)
    changes = yearly.changes(assignments, premises, catchments)
    return Plan(
        scenario=scenario,
        region=region,
        norms=norms,
        assignments=assignments,
        premises=premises,
        costs=money,
        measures=measures,
        years=tabulate.years(scenario, premises, money),
        measures_by_year=by_year.table() if changes else pd.DataFrame(),
        facts={},
    )


def used_by(chosen: model.PlanColumns) -> dict[str, int]:
    """Return what chosen plans use together of every resource, in whole numbers."""
    return {name: sum(use.tolist()) for name, use in chosen.resources.items()}
