"""Other plans of the whole city that cost nearly the same and use other sites in as many wards as possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from planner import model, program, solve
from planner.errors import Infeasible
from planner.frontier import Search
from planner.instance import NOT_FIXED, build_instance
from planner.measures import divide, present_value

if TYPE_CHECKING:
    from planner.columns import PlanColumns
    from planner.plan import Plan
    from planner.program import Effort
    from planner.solve import Status


@dataclass(frozen=True)
class Other:
    """A plan beside a given one.

    Attributes
    ----------
    cost_vnd : int
        Net present cost.
    premises : int
        Sites in use.
    sites : dict of str to tuple of str
        Wards whose set of sites is in none of the plans before, with that set.
    status : {"optimal", "feasible"}
        ``optimal``: no plan within the limit differs in more wards, and none that differs in so many is cheaper.
    """

    cost_vnd: int
    premises: int
    sites: dict[str, tuple[str, ...]]
    status: Status


def alternatives(
    plan: Plan, within: float = 0.01, count: int = 5, effort: Effort | None = None
) -> list[Other]:
    """Return plans that keep the rules and cost at most ``1 + within`` times as much as a given plan.

    Each differs from the given plan and all before it in as many wards as possible: in these it uses a set of sites
    that none of them uses; of those that differ in so many it is a cheapest. The list ends where no ward can differ.
    """
    instance = build_instance(plan.region, plan.norms, plan.scenario)
    cost = present_value(plan.costs, plan.scenario)
    limit = cost + int(abs(cost) * Fraction(str(within)))
    limited = [] if plan.scenario.rules.capital_max_vnd is None else ["capital"]
    columns = _affordable(model.enumerate_plans(instance, limited, every_set=True), limit)
    sets = [frozenset(row[row != NOT_FIXED].tolist()) for row in columns.site_of_part]
    seen = {(ward, each) for ward, each in enumerate(_sets_of(plan, instance.wards, instance.sites.index))}
    limits = {**solve.city_limits(plan.scenario), "cost": limit}
    found: list[Other] = []
    while len(found) < count:
        keys = list(zip(columns.ward.tolist(), sets, strict=True))
        kept = np.array([key in seen for key in keys], np.int64)
        resources = {**columns.resources, "cost": columns.cost, "kept": kept}
        search = Search(
            replace(columns, resources=resources), instance.wards, "kept", limits, effort or program.Effort()
        )
        try:
            least = search.least()
            if least.value == len(instance.wards):
                break
            best = search.cheapest(least.value)
        except Infeasible:  # the limit is the cost of the plan itself, within the solver's tolerance
            break
        fresh = [row for row in best.rows.tolist() if not kept[row]]
        found.append(
            Other(
                cost_vnd=divide(best.cost, program.MICRO),
                premises=int(columns.resources["premises"][best.rows].sum()),
                sites={
                    instance.wards[int(columns.ward[row])]: tuple(
                        sorted(str(instance.sites.index[site]) for site in sets[row])
                    )
                    for row in fresh
                },
                status="optimal" if least.status == best.status == "optimal" else "feasible",
            )
        )
        seen |= {keys[row] for row in best.rows.tolist()}
    return found


def _affordable(columns: PlanColumns, limit: int) -> PlanColumns:
    """Drop arrangements that no plan within the limit can pay for: all other wards at their cheapest."""
    starts = np.flatnonzero(np.r_[True, columns.ward[1:] != columns.ward[:-1]])
    cheapest = columns.cost[starts]  # cheapest first within a ward
    room = limit - sum(cheapest.tolist())
    extra = columns.cost - cheapest[np.searchsorted(columns.ward[starts], columns.ward)]
    return columns.take(np.flatnonzero(extra <= room))


def _sets_of(plan: Plan, wards: list[str], sites: object) -> list[frozenset[int]]:
    """Return the positions of the sites that each ward of a plan uses."""
    position = {site: place for place, site in enumerate(sites)}  # type: ignore[arg-type, var-annotated]
    used: dict[str, set[int]] = {ward: set() for ward in wards}
    rows = plan.first_year()
    for ward, site in zip(rows["ward_code"], rows["site_id"], strict=True):
        used[ward].add(position[site])
    return [frozenset(used[ward]) for ward in wards]
