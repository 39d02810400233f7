"""Why a unit of a plan over time gets a centre in its year, or none: its other plans, priced with the city's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.centres import Need, floor_of, land_needed, storeys_of
from planner.measures import divide, present_value
from planner.model import enumerate_plans
from planner.model.assemble import build_instance
from planner.program import MICRO

if TYPE_CHECKING:
    from planner.instance import Instance
    from planner.model.columns import PlanColumns
    from planner.plan import Plan


@dataclass(frozen=True)
class Option:
    """What a unit could do instead.

    Attributes
    ----------
    kind : {"chosen", "alone", "none", "place", "earlier", "later"}
        What the plan does; what the unit would do if the city had no rules; no centre; a centre at a place in its best
        year; the chosen place a year earlier or later.
    place : str
        Site or parcel of the centre, empty for none.
    opens : int or None
        Year.
    cost_vnd : int
        Net present cost of the unit.
    more_vnd : int
        Against what the plan does.
    priced_more_vnd : int
        The same with what it uses of the city-wide rules, at their prices.
    """

    kind: str
    place: str
    opens: int | None
    cost_vnd: int
    more_vnd: int
    priced_more_vnd: int


@dataclass(frozen=True)
class OverTime:
    """A unit over the years; what it would need to build, and the largest land that it has.

    Attributes
    ----------
    options : list of Option
        The chosen one first.
    land_needed_m2, largest_m2 : int
    largest_site : str
        Empty if the unit has no site that may be used.
    """

    options: list[Option]
    land_needed_m2: int
    largest_site: str
    largest_m2: int


@dataclass(frozen=True)
class Reasons:
    """All plans of all units that can matter, for explanations of a plan over time."""

    plan: Plan
    instance: Instance
    columns: PlanColumns

    def of(self, ward: str) -> OverTime:
        """Return the plans of a unit beside the one that it has."""
        place = self.instance.wards.index(ward)
        mine = np.flatnonzero((self.columns.ward == place) & (self.columns.partner < 0))
        first, years = self.plan.scenario.horizon.start_year, self.instance.money.years
        centres = [self.columns.centre_of(self.instance, row) for row in mine.tolist()]
        where = [(centre.place.name, centre.opens) if centre else ("", years) for centre in centres]
        own = self.columns.cost[mine].astype(float)
        priced = own.copy()
        for resource, price in self.plan.facts["prices"].items():
            priced += price * MICRO * self.columns.resources[resource][mine].astype(float)
        rows = self.plan.costs[self.plan.costs["ward_code"] == ward]
        cost_now = present_value(rows, self.plan.scenario)
        now = self._now(ward)
        same = [i for i, each in enumerate(where) if each == now]
        # The plan's own row: of those with its centre the one that costs the same.
        base = min(same, key=lambda i: abs(own[i] - cost_now), default=None)
        priced_now = priced[base] if base is not None else float(cost_now)

        def option(kind: str, some: list[int], by: np.typing.NDArray[np.float64]) -> Option:
            best = min(some, key=lambda i: (by[i], i))
            name, opens = where[best]
            return Option(
                kind,
                name,
                None if opens == years else first + opens,
                divide(int(self.columns.cost[mine[best]]), costs.MILLION),
                round((own[best] - cost_now) / MICRO),
                round((priced[best] - priced_now) / MICRO),
            )

        opens = None if now[1] == years else first + now[1]
        options = [Option("chosen", now[0], opens, divide(cost_now, costs.MILLION), 0, 0)]
        options.append(option("alone", list(range(len(where))), own))
        if now[0]:
            options.append(option("none", [i for i, each in enumerate(where) if not each[0]], priced))
        elsewhere = sorted({name for name, _ in where if name and name != now[0]})
        options += [
            option("place", [i for i, each in enumerate(where) if each[0] == name], priced)
            for name in elsewhere
        ]
        for kind, year in (("earlier", now[1] - 1), ("later", now[1] + 1)):
            then = [i for i, each in enumerate(where) if each == (now[0], year) and now[0]]
            if then:
                options.append(option(kind, then, priced))
        return OverTime(options, self._needed(place), *self._largest(place))

    def _now(self, ward: str) -> tuple[str, int]:
        table = self.plan.premises
        centre = table[(table["ward_code"] == ward) & (table["kind"] == "joint_centre")]
        centre = centre[centre["status"] == "in_use"]
        if not len(centre):
            return "", self.instance.money.years
        return str(centre["location"].iloc[0]), int(
            centre["year"].min()
        ) - self.plan.scenario.horizon.start_year

    def _needed(self, place: int) -> int:
        demand, scenario = self.instance.demand, self.plan.scenario
        ward = self.instance.wards[place]
        norm = int(demand.parts.loc[demand.parts["ward_code"] == ward, "norm_m2"].sum())
        need = Need(self.instance.types[place], norm, int(self.instance.hall_norm[place]), 0, 0, 0)
        storeys = storeys_of(need, scenario.centres)
        return land_needed(floor_of(need, scenario), storeys, scenario.centres.coverage_share)

    def _largest(self, place: int) -> tuple[str, int]:
        sites = self.instance.ward_sites[place].sites
        ids = self.instance.sites.index[sites]
        land = self.plan.region.sites.loc[ids, "land_area_m2"]
        return (str(land.idxmax()), int(land.max())) if len(land) else ("", 0)


def reasons(plan: Plan) -> Reasons | None:
    """Return what explanations of a plan over time need, None for other plans."""
    if not plan.scenario.centres.allowed or plan.scenario.arrangement == "today":
        return None
    instance = build_instance(plan.region, plan.norms, plan.scenario)
    return Reasons(plan, instance, enumerate_plans(instance, every_set=True))
