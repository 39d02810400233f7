"""What ``plan.json`` says of a plan: its proof, its rules, its inputs, the versions it was made with."""

from __future__ import annotations

import os
import platform
import re
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import planner
from planner import costs, limits
from planner.measures import divide, present_value

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.solve import Outcome

SCHEMA = 1


def facts_of(plan: Plan, outcome: Outcome, seconds: float, used: dict[str, int]) -> dict[str, Any]:
    """Return what ``plan.json`` holds; ``used`` is what the plan uses of every limited resource."""
    micro = present_value(plan.costs, plan.scenario)
    if micro != outcome.cost:
        raise AssertionError(f"the cost table sums to {micro}, the model priced {outcome.cost}")
    objective, bound, certified = (
        divide(v, costs.MILLION) for v in (micro, outcome.bound, outcome.certified_bound)
    )
    inputs = {i.path: i.sha256 for i in (*plan.region.inputs, *plan.norms.inputs, *plan.scenario.inputs)}
    return {
        "schema": SCHEMA,
        "scenario": plan.scenario.name,
        "status": outcome.status,
        "objective_vnd": objective,
        "bound_vnd": bound,
        "gap": _gap(objective, bound),
        "certified_bound_vnd": certified,
        "certified_gap": _gap(objective, certified),
        "seconds": round(seconds, 3),
        "solved_on": _day(),
        "surveyed_share": plan.city("surveyed_share"),
        "prices": outcome.prices,
        "limits": _limits(plan, used, outcome.prices),
        "shared": _shared(plan),
        "solver": outcome.solver,
        "settings": plan.scenario.model_dump(mode="json", by_alias=True),
        "origins": plan.scenario.origins,
        "inputs": [{"path": path, "sha256": inputs[path]} for path in sorted(inputs)],
        "versions": versions(),
    }


def _limits(plan: Plan, used: dict[str, int], prices: dict[str, float]) -> list[dict[str, Any]]:
    scenario = plan.scenario
    people = int(plan.region.pairs["population"].sum())
    return [
        {
            "name": name,
            "setting": limit.setting,
            "year": limit.year,
            "limit": limit.most,
            "used": used[name],
            "price": prices.get(name, 0.0),
            # A budget that is carried over limits the sum up to its year.
            **({"summed": scenario.budget.carry_over} if limit.kind == "budget" else {}),
        }
        for name, limit in limits.city_limits(scenario, people).items()
    ]


def _shared(plan: Plan) -> list[dict[str, str]]:
    """Return the premises that hold parts of a ward besides their owner's."""
    rows = plan.first_year()
    owner = plan.region.sites["ward_code"].to_dict()
    pairs = dict.fromkeys(
        (site, owner[site], ward)
        for site, ward in zip(rows["site_id"], rows["ward_code"], strict=True)
        if owner.get(site, ward) != ward
    )
    return [{"site_id": site, "owner": mine, "guest": guest} for site, mine, guest in sorted(pairs)]


def _day() -> str:
    """Return the day of a plan; ``SOURCE_DATE_EPOCH`` stands in for the clock where builds must be the same."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = int(given) if re.fullmatch(r"[0-9]{1,10}", given) else time.time()
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


def _gap(objective: int, bound: int) -> float:
    return round((objective - bound) / abs(objective), 9) if objective else 0.0


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {"planner": planner.__version__, "python": platform.python_version()}
    for package in ("pulp", "highspy", "numpy", "pandas"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # pragma: no cover - every one is a requirement
            found[package] = "?"
    return found
