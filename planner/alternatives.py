"""Other plans of the whole city that cost nearly the same and use other sites in as many wards as possible.

A ward differs where its set of sites until a centre opens, or the place of its centre, is another one; that a centre
opens in another year is no other plan in this sense.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from planner import model, program, solve
from planner.errors import Infeasible
from planner.frontier import Search, refuse_network
from planner.instance import NOT_FIXED
from planner.measures import divide, present_value
from planner.model.assemble import build_instance
from planner.model.columns import not_dominated
from planner.plan import effort_for
from planner.tabulate import CENTRE

if TYPE_CHECKING:
    from planner.instance import Instance
    from planner.model.columns import PlanColumns
    from planner.plan import Plan
    from planner.program import Effort
    from planner.solve import Status


WARDS_THAT_DIFFER = 12
"""In cities of more wards, no ward may take more than the same share of the extra cost as one of so many."""
Use = tuple[frozenset[str], str]
"""What makes a unit differ: its set of sites until a centre opens, and where its centre stands (or nothing)."""


@dataclass(frozen=True)
class Other:
    """A plan beside a given one.

    Attributes
    ----------
    cost_vnd : int
        Net present cost.
    premises : int
        Sites in use in the first year.
    sites : dict of str to tuple of str
        Wards whose set of sites, or place of the centre, is in none of the plans before, with that set.
    centres : dict of str to str
        The same wards: the site or parcel of the centre, empty where none is built.
    status : {"optimal", "feasible"}
        ``optimal``: no plan within the limit differs in more wards, and none that differs in so many is cheaper.
    """

    cost_vnd: int
    premises: int
    sites: dict[str, tuple[str, ...]]
    centres: dict[str, str]
    status: Status


def alternatives(
    plan: Plan, within: float = 0.01, count: int = 5, effort: Effort | None = None
) -> list[Other]:
    """Return plans that keep the rules and cost at most ``1 + within`` times as much as a given plan.

    Each differs from the given plan and all before it in as many wards as possible: in these it uses a set of sites
    that none of them uses, or builds the centre elsewhere; of those that differ in so many it is a cheapest. The list
    ends where no ward can differ.
    """
    refuse_network(plan.scenario)
    instance = build_instance(plan.region, plan.norms, plan.scenario)
    cost = present_value(plan.costs, plan.scenario)
    limit = cost + int(abs(cost) * Fraction(str(within)))
    rules = solve.city_limits(plan.scenario)
    limited = [] if plan.scenario.rules.capital_max_vnd is None else ["capital"]
    columns = model.enumerate_plans(instance, limited, every_set=True)
    effort = effort_for(plan.scenario, effort)
    # Over time, where nothing is proven to the last anyway, plans that would take a large part of what all wards may
    # cost more are left out: one of them instead of several small differences is not what is looked for.
    part = max(1.0, len(instance.wards) / WARDS_THAT_DIFFER) if effort.gap else 1.0
    columns = _affordable(columns, instance.wards, rules, limit, part)
    columns, uses = _best_of_every_use(columns, instance)
    seen = _uses_of(plan, instance)
    limits = {**rules, "cost": limit}
    found: list[Other] = []
    while len(found) < count:
        kept = np.array([sum(key in seen for key in keys) for keys in uses], np.int64)
        resources = {**columns.resources, "cost": columns.cost, "kept": kept}
        search = Search(replace(columns, resources=resources), instance.wards, "kept", limits, effort)
        try:
            least = search.least()
            if least.value == len(instance.wards):
                break
            best = search.cheapest(least.value)
        except Infeasible:  # the limit is the cost of the plan itself, within the solver's tolerance
            break
        chosen = [key for row in best.rows.tolist() for key in uses[row]]
        fresh = sorted((ward, use) for ward, use in chosen if (ward, use) not in seen)
        found.append(
            Other(
                cost_vnd=divide(best.cost, program.MICRO),
                premises=len({site for _, (sites, _) in chosen for site in sites}),
                sites={instance.wards[ward]: tuple(sorted(sites)) for ward, (sites, _) in fresh},
                centres={instance.wards[ward]: centre for ward, (_, centre) in fresh},
                status="optimal" if part == 1 and least.status == best.status == "optimal" else "feasible",
            )
        )
        seen |= set(chosen)
    return found


def _affordable(
    columns: PlanColumns, wards: list[str], rules: dict[str, int], limit: int, part: float
) -> PlanColumns:
    """Drop plans that no plan of the city within the limit can pay for: all other wards at their cheapest.

    Cheapest at the prices of the city-wide rules: whatever these are, a plan that keeps the rules costs no less. With
    ``part`` above one, plans are dropped that take more than so small a part of what all wards may cost more.
    """
    prices = program.resource_prices(columns, wards, rules) if rules else {}
    room = limit - solve.lagrangian_bound(columns, rules, prices)
    above = solve.above_cheapest(columns, prices)
    return columns.take(np.flatnonzero(above <= (room + 1e-9 * (abs(limit) + abs(room))) / part))


def _best_of_every_use(
    columns: PlanColumns, instance: Instance
) -> tuple[PlanColumns, list[list[tuple[int, Use]]]]:
    """Return the plans of every use that no other plan of the same use beats, and the wards and uses of each."""
    uses = _uses(columns, instance)
    number: dict[object, int] = {}
    groups = np.array([number.setdefault(tuple(keys), len(number)) for keys in uses], np.int64)
    order = np.lexsort((columns.cost, groups))
    by_use = replace(columns.take(order), ward=groups[order])
    kept = not_dominated(replace(by_use, missing_m2=order, guest=np.full(len(order), -1), guests=None))
    rows = np.sort(kept.missing_m2)
    return columns.take(rows), [uses[row] for row in rows.tolist()]


def _uses(columns: PlanColumns, instance: Instance) -> list[list[tuple[int, Use]]]:
    """Return, for every plan, the wards that it covers with what each uses."""
    ids = np.array(instance.sites.index, dtype=object)[instance.sites["real"].to_numpy()]

    def of(table: PlanColumns) -> list[tuple[int, Use]]:
        found = []
        for row, (ward, placed) in enumerate(zip(table.ward.tolist(), table.site_of_part, strict=True)):
            centre = table.centre_of(instance, row)
            sites = frozenset(ids[placed[placed != NOT_FIXED]].tolist())
            found.append((ward, (sites, centre.place.name if centre else "")))
        return found

    guests = of(columns.guests) if columns.guests is not None and len(columns.guests) else []
    return [
        [own, guests[guest]] if guest >= 0 else [own]
        for own, guest in zip(of(columns), columns.guest.tolist(), strict=True)
    ]


def _uses_of(plan: Plan, instance: Instance) -> set[tuple[int, Use]]:
    """Return what the wards of a plan use."""
    centres = plan.premises[plan.premises["kind"] == CENTRE]
    place = dict(zip(centres["ward_code"], centres["location"], strict=True))
    used: dict[str, set[str]] = {ward: set() for ward in instance.wards}
    rows = plan.first_year()
    for ward, site in zip(rows["ward_code"], rows["site_id"], strict=True):
        used[ward].add(site)
    return {
        (number, (frozenset(used[ward]), str(place.get(ward, ""))))
        for number, ward in enumerate(instance.wards)
    }
