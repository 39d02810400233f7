"""Plans the points of a sweep one after the other, keeping what the next one may need too."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from planner.errors import Infeasible, NoPlanFound, PlannerError, Problem
from planner.measures import UNITS
from planner.plan import as_today, cost_of_today, make_plan, prepare
from planner.sweep.grid import fingerprint

if TYPE_CHECKING:
    from planner.instance import Instance
    from planner.model.columns import PlanColumns
    from planner.plan import Plan
    from planner.program import Effort
    from planner.region import Norms, Region
    from planner.scenario import Scenario
    from planner.sweep.grid import Point

FACTS = ("status", "problem", "objective_vnd", "bound_vnd", "gap", "today_vnd", "saving_vnd")
"""What the row of a point says before its measures."""


@dataclass
class Solver:
    """Plans points one after the other; keeps what the next one may need too."""

    region: Region
    norms: Norms
    effort: Effort
    family: str = ""
    prepared: tuple[Instance, PlanColumns] | None = None
    today: dict[str, int] = field(default_factory=dict)

    def solve(self, point: Point) -> dict[str, Any]:
        """Return the row of a point."""
        began = time.perf_counter()
        row: dict[str, Any] = {**dict.fromkeys(FACTS), "measures": {}, "problems": []}
        try:
            row |= self._plan(point)
        except PlannerError as error:
            row["status"] = (
                "infeasible"
                if isinstance(error, Infeasible)
                else "stopped"
                if isinstance(error, NoPlanFound)
                else "refused"
            )
            row["problem"] = " ".join(dict.fromkeys(each.code for each in error.problems))
            row["problems"] = [_told(each) for each in error.problems]
        row["seconds"] = round(time.perf_counter() - began, 3)
        return row

    def _plan(self, point: Point) -> dict[str, Any]:
        scenario = point.scenario
        if scenario.network.allowed:
            # Courses and points are not plan columns: every point is prepared anew.
            plan = make_plan(scenario, self.region, self.norms, self.effort, with_today=False, advice=False)
            return self._row(plan)
        if self.prepared is None or self.family != point.family:
            self.prepared = None  # frees the memory of the last family first
            self.prepared = prepare(scenario, self.region, self.norms)
            self.family = point.family
        instance, columns = self.prepared
        plan = make_plan(
            scenario,
            self.region,
            self.norms,
            self.effort,
            with_today=False,
            advice=False,
            prepared=(replace(instance, scenario=scenario), columns),
        )
        return self._row(plan)

    def _row(self, plan: Plan) -> dict[str, Any]:
        scenario = plan.scenario
        objective = plan.facts["objective_vnd"]
        rows = plan.measures[plan.measures["ward_code"] == ""]
        city = dict(zip(rows["measure"], rows["value"].tolist(), strict=True))
        today = objective if scenario.arrangement == "today" else self._today(scenario)
        return {
            **{name: plan.facts[name] for name in ("status", "objective_vnd", "bound_vnd", "gap")},
            "today_vnd": today,
            "saving_vnd": today - objective,
            "measures": {name: whole(city[name]) for name in UNITS},
        }

    def _today(self, scenario: Scenario) -> int:
        """Return the cost of the arrangement in force; settings that it does not depend on cost nothing."""
        key = fingerprint({}, as_today(scenario, self.region))
        if key not in self.today:
            self.today[key] = cost_of_today(scenario, self.region, self.norms)
        return self.today[key]


def _told(found: Problem) -> dict[str, str]:
    return {"code": found.code, "where": found.where, "what": found.what, "fix": found.fix}


def whole(value: float) -> float:
    """Return a whole number without its decimal point."""
    return int(value) if float(value).is_integer() else value
