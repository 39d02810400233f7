"""Making a plan: the problem is set up, solved and told in tables, beside the arrangement in force."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from planner import clash, costs, limits, network, solve
from planner.measures import divide
from planner.model.assemble import build_instance
from planner.plan.chosen import plan_of, used_by
from planner.plan.effort import effort_for
from planner.plan.facts import facts_of
from planner.plan.plan import Plan
from planner.plan.problem import prepare, require_plans
from planner.plan.today import as_today

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner import model
    from planner.instance import Instance
    from planner.program import Effort
    from planner.region import Norms, Region
    from planner.scenario import Scenario


def make_plan(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    effort: Effort | None = None,
    *,
    with_today: bool = True,
    advice: bool = True,
    prepared: tuple[Instance, model.PlanColumns] | None = None,
    on_progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """Find the cheapest arrangement of every ward that keeps the rules, and what it costs and achieves.

    Parameters
    ----------
    advice : bool
        Where city-wide rules clash, search for the smallest change of each that makes a plan.
    prepared : tuple, optional
        What `prepare` gave for the same scenario; made here when not given.

    Raises
    ------
    Infeasible
        Some ward has no arrangement, or the city-wide rules clash; all of them are named.
    NoPlanFound
        The time limit came before a plan.
    """
    began = time.perf_counter()
    on_progress(f"{scenario.name}: enumerating arrangements of {len(region.wards)} units")
    effort = effort_for(scenario, effort)
    if scenario.network.allowed:
        plan, outcome, used = _with_network(scenario, region, norms, effort, on_progress)
    else:
        instance, columns = prepared or prepare(scenario, region, norms)
        on_progress(f"{scenario.name}: choosing among {len(columns)} plans")
        outcome = solve.choose(
            columns,
            instance.wards,
            solve.city_limits(scenario),
            effort,
            changes=limits.families_of(scenario),
            seconds_for_advice=clash.SECONDS if advice else 0.0,
        )
        chosen = columns.take(outcome.rows)
        plan, used = plan_of(instance, region, norms, chosen), used_by(chosen)
    seconds = time.perf_counter() - began
    plan = replace(plan, facts=facts_of(plan, outcome, seconds, used), log=outcome.log)
    if with_today and scenario.arrangement != "today":
        today = make_plan(as_today(scenario, region), region, norms, effort, with_today=False)
        plan = replace(plan, today=today)
    return plan


def _with_network(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    effort: Effort,
    on_progress: Callable[[str], None],
) -> tuple[Plan, solve.Outcome, dict[str, int]]:
    """Return the tables of the best plan with a reception network, its proof, and its use of city-wide resources."""
    instance = build_instance(region, norms, scenario)
    problem = network.build_problem(region, norms, scenario, instance)
    require_plans(problem.courses.columns, instance, region)
    on_progress(
        f"{scenario.name}: choosing among {len(problem.courses)} courses and {len(problem.points.ids)} points"
    )
    found = network.choose(problem, effort)
    chosen = problem.courses.columns.take(found.choice.rows)
    catchments = network.catchments_table(problem, found.choice)
    more = network.cost_items(problem, found.choice)
    plan = plan_of(problem.instance, region, norms, chosen, more, catchments)
    served = network.served_at(problem, found.choice)
    points = network.points_table(region, problem, found.choice)
    measures = network.network_measures(problem, found.choice, points, served)
    plan = replace(
        plan,
        points=points,
        catchments=catchments,
        network_prices=network.prices_table(problem, found.prices),
        measures=pd.concat([plan.measures, measures], ignore_index=True),
    )
    return plan, found.outcome, found.used


def cost_of_today(scenario: Scenario, region: Region, norms: Norms) -> int:
    """Return the net present cost of the arrangement in force in dong, without the tables of its plan."""
    today = as_today(scenario, region)
    if today.network.allowed:
        return int(make_plan(today, region, norms, with_today=False).facts["objective_vnd"])
    instance, columns = prepare(today, region, norms)
    return divide(solve.choose(columns, instance.wards, {}).cost, costs.MILLION)
