"""The problem of a plan: its arrays and the arrangements of every ward to choose from, at least one a ward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner import infeasible, model
from planner.errors import Infeasible
from planner.model.assemble import build_instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.instance import Instance
    from planner.region import Norms, Region
    from planner.scenario import Scenario


def prepare(scenario: Scenario, region: Region, norms: Norms) -> tuple[Instance, model.PlanColumns]:
    """Return the problem as arrays, and the arrangements of every ward to choose from.

    Raises
    ------
    Infeasible
        Some ward has no arrangement; all of them are named.
    """
    instance = build_instance(region, norms, scenario)
    return instance, plan_columns(instance, region)


def plan_columns(instance: Instance, region: Region, measured: Sequence[str] = ()) -> model.PlanColumns:
    """Return the arrangements that can matter, at least one a ward (`model.enumerate_plans`).

    Raises
    ------
    Infeasible
        Some ward has no arrangement; all of them are named.
    """
    columns = model.enumerate_plans(instance, measured)
    require_plans(columns, instance, region)
    return columns


def require_plans(columns: model.PlanColumns, instance: Instance, region: Region) -> None:
    """Refuse a problem in which some ward has no arrangement; all of them are named."""
    without = sorted(set(range(len(instance.wards))) - {*columns.ward.tolist(), *columns.partner.tolist()})
    if without:
        codes = [instance.wards[place] for place in without]
        raise Infeasible(
            [infeasible.why_infeasible(instance, code, str(region.wards.loc[code, "name"])) for code in codes]
        )
