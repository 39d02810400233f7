"""Every plan of every ward that can matter, enumerated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.instance import groups_of
from planner.limits import city_limits
from planner.model.columns import not_dominated
from planner.model.interim import interim_arrangements, least_missing
from planner.model.sharing import with_pairs
from planner.model.timeline import over_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.instance import Instance
    from planner.model.columns import PlanColumns
    from planner.scenario import Scenario


def resource_names(scenario: Scenario, measured: Sequence[str] = ()) -> list[str]:
    """Return the city-wide resources that plans of a ward are compared in, in order."""
    # Without centres premises are few plans more, and whoever reads the program sees the trade-off.
    always = [] if scenario.centres.allowed else ["premises"]
    return list(dict.fromkeys([*always, *city_limits(scenario), *measured]))


def enumerate_plans(
    instance: Instance, measured: Sequence[str] = (), *, every_set: bool = False
) -> PlanColumns:
    """Return, for every ward, the plans that can be part of a best plan of the city, cheapest first.

    A ward without any row has no arrangement that keeps the rules; `why_infeasible` says what is missing.

    Parameters
    ----------
    measured : sequence of str
        Further `RESOURCES` that will be limited or minimised: plans that cost more but use less of one of them are
        kept too.
    every_set : bool
        Keep the best plans of every set of sites, also where another set is better.
    """
    names = resource_names(instance.scenario, measured)
    first_year = f"budget_{instance.scenario.horizon.start_year}"
    wanted: list[str] = [name for name in ("access", "separation") if name in names]
    if any(name in names for name in ("capital", "capital_all", first_year)):
        wanted.append("capital")
    interim = least_missing(interim_arrangements(instance, ["premises", *wanted]))
    columns = over_time(instance, interim, names, every_set=every_set)
    order = np.lexsort((np.arange(len(columns)), columns.cost, columns.ward))
    columns = columns.take(order)
    columns = columns if every_set else not_dominated(columns)
    return with_pairs(instance, columns, names, ["premises", *wanted]) if instance.pairs else columns


def ward_alternatives(instance: Instance, wards: Sequence[str]) -> PlanColumns:
    """Return the cheapest arrangement of every open set of some wards, by ward, cheapest first (one-site rule off)."""
    rules = instance.scenario.rules.model_copy(update={"one_site_where_enough": "off"})
    relaxed = replace(
        instance,
        scenario=instance.scenario.model_copy(update={"rules": rules}),
        groups=groups_of(instance, wards),
        further=(),
        centres=[[] for _ in instance.wards],
    )
    interim = least_missing(interim_arrangements(relaxed, ["premises"]))
    columns = over_time(relaxed, interim, ["premises"], every_set=True)
    return columns.take(np.lexsort((np.arange(len(columns)), columns.cost, columns.ward)))
