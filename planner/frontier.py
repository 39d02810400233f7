"""Non-dominated plans of the city: cost against a second measure, by the epsilon-constraint method, exactly.

The second measure is a city-wide resource of the plan columns (`planner.model.RESOURCES`): a whole number of every
arrangement. A point of the frontier is the cheapest plan whose measure keeps a limit and, of plans that cost no more,
one with the least measure; no other plan is at least as good in both and better in one. Both steps are integer
programs solved to proof; costs and measures are compared as whole numbers. Of plans over time, which are solved to a
small gap only, a point is a plan proven to cost at most so much more than the cheapest one that keeps the limit.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner import costs, program, solve
from planner.demand import demand_points
from planner.errors import Infeasible, InputError, NoPlanFound, Problem
from planner.instance import body_seats
from planner.limits import families_of
from planner.measures import divide
from planner.model.assemble import BODY_OF_KEPT_PART, build_instance
from planner.plan import Plan, effort_for, facts_of, plan_columns, plan_of, used_by
from planner.tabulate import CENTRE
from planner.travel import metric_points, paired_road_metres, road_metres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.instance import Instance
    from planner.limits import Family
    from planner.model.columns import PlanColumns
    from planner.program import Effort
    from planner.region import Norms, Region
    from planner.scenario import Scenario
    from planner.solve import Outcome, Status

MEASURES = {"access": "people x m", "separation": "m", "capital": "VND", "premises": "sites"}
"""Second measures, all of them better when smaller, with the unit of their exact value."""
OVER_YEARS = ("access", "separation")
"""Measures that are summed over the years where centres change them from year to year: their unit is then x years."""
SCHEMA = 1
MARK = "frontier.json"


@dataclass(frozen=True)
class Point:
    """One plan of the frontier.

    Attributes
    ----------
    plan : Plan
        Its tables and measures. Its facts are those of a plan of the scenario: bound and gap say how much dearer it
        is than the cheapest plan.
    value : int
        The second measure, exactly, in its unit (`MEASURES`).
    cost, bound : int
        Millionths of a dong: of the plan, and no plan with so small a measure can cost less than ``bound``.
    status : {"optimal", "feasible"}
        ``optimal``: proven that no plan is at least as good in both and better in one.
    """

    plan: Plan
    value: int
    cost: int
    bound: int
    status: Status

    @property
    def gap(self) -> float:
        """What is not proven of the cost, as a share of it."""
        return (self.cost - self.bound) / abs(self.cost) if self.cost else 0.0


@dataclass(frozen=True)
class Frontier:
    """Non-dominated plans, the cheapest first.

    Attributes
    ----------
    parts : int
        What the measure is divided by for people to read: people of the city (access), pairs of bodies (separation),
        times years where centres are allowed.
    complete : bool
        There is no other non-dominated pair of cost and measure.
    """

    scenario: Scenario
    measure: str
    points: list[Point]
    parts: int
    complete: bool
    seconds: float

    @property
    def over_years(self) -> bool:
        """Whether the measure is summed over the years."""
        return self.measure in OVER_YEARS and self.scenario.centres.allowed

    def facts(self) -> dict[str, Any]:
        """Return what ``frontier.json`` holds."""
        plan = self.points[0].plan.facts
        return {
            "schema": SCHEMA,
            "scenario": self.scenario.name,
            "measure": self.measure,
            "unit": MEASURES[self.measure] + (" x years" if self.over_years else ""),
            "divided_by": self.parts,
            "complete": self.complete,
            "seconds": round(self.seconds, 3),
            "points": self.table().to_dict("records"),
            **{name: plan[name] for name in ("settings", "origins", "inputs", "versions")},
        }

    def table(self) -> pd.DataFrame:
        """Return the rows of ``frontier.csv``: point, proof, cost, second measure, then every city measure."""
        rows = []
        for number, point in enumerate(self.points, start=1):
            city = point.plan.measures[point.plan.measures["ward_code"] == ""]
            rows.append(
                {
                    "point": number,
                    "status": point.status,
                    "gap": round(point.gap, 9),
                    "objective_vnd": divide(point.cost, costs.MILLION),
                    "bound_vnd": divide(point.bound, costs.MILLION),
                    "value": point.value,
                    **{
                        name: int(value) if float(value).is_integer() else float(value)
                        for name, value in zip(city["measure"], city["value"], strict=True)
                    },
                }
            )
        return pd.DataFrame(rows).astype(object)

    def write_tables(self, folder: Path) -> None:
        """Write ``frontier.csv`` and ``frontier.json`` into an existing folder."""
        self.table().to_csv(folder / "frontier.csv", index=False, encoding="utf-8", lineterminator="\n")
        text = json.dumps(self.facts(), ensure_ascii=False, indent=1)
        (folder / MARK).write_text(text + "\n", encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Found:
    """A choice of rows with its exact measure and cost, and the proof; attributes as in `Point`."""

    rows: Any
    value: int
    cost: int
    bound: int
    status: Status
    outcome: Outcome


def refuse_network(scenario: Scenario) -> None:
    """Refuse a scenario with a reception network.

    Raises
    ------
    InputError
        E812.
    """
    if scenario.network.allowed:
        what = "hands reception over (network.allowed): frontier and alternatives are not built for it"
        fix = "Set network.allowed: false in a copy of the scenario, or vary a setting with planner sweep."
        raise InputError(Problem("E812", scenario.name, what, fix))


def frontier(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    measure: str,
    points: int = 20,
    effort: Effort | None = None,
    *,
    on_progress: Callable[[str], None] = lambda text: None,
) -> Frontier:
    """Return at most so many non-dominated plans: the two ends, then limits on the measure spread evenly between.

    Limits that lead to a plan already found are replaced by limits in the widest gap, as long as there may be
    another plan in it.

    Parameters
    ----------
    measure : str
        One of `MEASURES`.
    points : int
        At least 2.
    effort : Effort, optional
        Of every single program.

    Raises
    ------
    Infeasible
        As `planner.plan.make_plan`.
    NoPlanFound
        The time limit came before a plan.
    """
    refuse_network(scenario)
    began = time.perf_counter()
    on_progress(f"{scenario.name}: enumerating arrangements of {len(region.wards)} units")
    instance = build_instance(region, norms, scenario)
    resource = resource_of(scenario, measure)
    columns = plan_columns(instance, region, [resource])
    limits = solve.city_limits(scenario)
    search = Search(
        columns, instance.wards, resource, limits, effort_for(scenario, effort), families_of(scenario)
    )
    cheapest = search.cheapest()
    found, complete = _spread(
        search, cheapest, points, lambda n: on_progress(f"{scenario.name}: {n} plans found")
    )
    parts = _parts(instance, region, measure)
    made = [_point(instance, region, norms, columns, each, cheapest, measure, parts) for each in found]
    return Frontier(scenario, measure, made, parts, complete, time.perf_counter() - began)


@dataclass(frozen=True)
class Search:
    """Looks for plans that are cheapest, least in a measure, or both in turn, within the city's limits."""

    columns: PlanColumns
    wards: list[str]
    measure: str
    limits: dict[str, int]
    effort: Effort
    changes: Sequence[Family] | None = None

    @property
    def swapped(self) -> PlanColumns:
        """The same columns with the measure as cost, scaled as in the program, and the cost as a resource."""
        use = self.columns.resources[self.measure]
        scale = round(program.write_in(self.measure) * program.MICRO_PER_MILLION)
        resources = {**self.columns.resources, "cost": self.columns.cost}
        return replace(self.columns, cost=use * scale, resources=resources)

    def cheapest(self, most: int | None = None) -> Found:
        """Return the cheapest plan with a measure of at most ``most``, of equally cheap ones the least measure."""
        limits = dict(self.limits)
        if most is not None:
            limits[self.measure] = min(most, limits.get(self.measure, most))
        changes = self.changes if most is None else None
        outcome = solve.choose(self.columns, self.wards, limits, self.effort, changes=changes)
        rows, status = outcome.rows, outcome.status
        if self.effort.gap and status != "optimal":  # within the gap: of equally cheap plans nothing is known
            return Found(rows, self._value(rows), outcome.cost, outcome.bound, status, outcome)
        try:
            near = self._near(outcome, limits)
            tie = self._least({**limits, "cost": outcome.cost}, near)
        except (Infeasible, NoPlanFound):  # within the solver's tolerance of the cost, or its time
            status = "feasible"
        else:
            if self._value(near[tie.rows]) <= self._value(rows):
                rows = near[tie.rows]
            status = "optimal" if status == tie.status == "optimal" else "feasible"
        cost = sum(self.columns.cost[rows].tolist())
        return Found(rows, self._value(rows), cost, min(outcome.bound, cost), status, outcome)

    def least(self) -> Found:
        """Return a plan with the least measure, whatever it costs."""
        outcome = self._least(self.limits, np.arange(len(self.columns)))
        cost = sum(self.columns.cost[outcome.rows].tolist())
        return Found(outcome.rows, self._value(outcome.rows), cost, cost, outcome.status, outcome)

    def _least(self, limits: dict[str, int], rows: Ints) -> Outcome:
        """Return the plan of least measure that uses some rows only; its rows are places in ``rows``."""
        return solve.choose(self.swapped.take(rows), self.wards, limits, self.effort)

    def _near(self, outcome: Outcome, limits: dict[str, int]) -> Ints:
        """Return the rows that can be part of a plan within the limits that costs no more than ``outcome``.

        At the prices of the limits a choice with a row that lies further above the bound than ``outcome`` does costs
        more. Any prices are good for that; floats are, with a billionth to spare.
        """
        above = solve.above_cheapest(self.columns, outcome.prices)
        size = abs(outcome.cost) + float(np.abs(self.columns.cost.astype(float)).sum())
        for resource, price in outcome.prices.items():
            uses = float(np.abs(self.columns.resources[resource]).astype(float).sum())
            size += price * program.MICRO * (abs(limits[resource]) + uses)
        return np.flatnonzero(above <= outcome.cost - outcome.certified_bound + 1e-9 * size)

    def _value(self, rows: Any) -> int:
        return sum(self.columns.resources[self.measure][rows].tolist())


def _spread(
    search: Search, first: Found, points: int, on_progress: Callable[[int], None]
) -> tuple[list[Found], bool]:
    """Return the plans found, cheapest first, and whether there is no other; ``first`` is the cheapest of all."""
    lowest = search.least().value
    found = [first]
    # Ranges of limits whose cheapest plan is known: every limit from the value of a plan to the limit it was found at.
    known = [(first.value, first.value)]
    # From the top down: a limit that lies above the plan found at the limit before it leads to that plan again.
    limits = [first.value - (first.value - lowest) * i // (points - 1) for i in range(1, points)]
    halved: set[int] = set()
    while True:
        gaps = _gaps(known, lowest, first.value)
        if limits:
            limit = limits.pop(0)
            if not any(low <= limit <= high for low, high in gaps):
                continue
        elif len(found) >= points or not gaps:
            break
        else:
            low, high = max(gaps, key=lambda gap: gap[1] - gap[0])
            # Half way first: points are to lie evenly. If that finds nothing, the top of the gap settles it.
            limit = high if high in halved else (low + high) // 2
            halved.add(high)
        plan = search.cheapest(limit)
        known.append((plan.value, limit))
        if all(plan.value != other.value for other in found):
            found = _not_dominated([*found, plan])
            on_progress(len(found))
    complete = not _gaps(known, lowest, first.value) and all(plan.status == "optimal" for plan in found)
    return found, complete


def _gaps(known: list[tuple[int, int]], lowest: int, highest: int) -> list[tuple[int, int]]:
    """Return the ranges of whole numbers from lowest to highest that no known range covers."""
    gaps, start = [], lowest
    for low, high in sorted(known):
        if low > start:
            gaps.append((start, low - 1))
        start = max(start, high + 1)
    return [*gaps, (start, highest)] if start <= highest else gaps


def _not_dominated(found: list[Found]) -> list[Found]:
    """Drop what another plan beats (only plans that are not proven can be) and sort, the cheapest first."""
    kept: list[Found] = []
    for plan in sorted(found, key=lambda plan: (plan.cost, plan.value)):
        if not kept or plan.value < kept[-1].value:
            kept.append(plan)
    return kept


def resource_of(scenario: Scenario, measure: str) -> str:
    """Return the resource of the plan columns (`planner.model`) that a measure is."""
    return "capital_all" if measure == "capital" and scenario.centres.allowed else measure


def _parts(instance: Instance, region: Region, measure: str) -> int:
    years = instance.money.years if instance.scenario.centres.allowed else 1
    if measure == "access":
        return int(region.pairs["population"].sum()) * years
    if measure == "separation":
        pairs = sum(
            len(g.wards) * len(body_seats(g)) * (len(body_seats(g)) - 1) // 2 for g in instance.groups
        )
        return pairs * years
    return 1


def _point(
    instance: Instance,
    region: Region,
    norms: Norms,
    columns: PlanColumns,
    found: Found,
    cheapest: Found,
    measure: str,
    parts: int,
) -> Point:
    """Return a point with the tables of its plan, whose measures must say the same as the columns."""
    began = time.perf_counter()
    chosen = columns.take(found.rows)
    plan = plan_of(instance, region, norms, chosen)
    of_scenario = replace(
        cheapest.outcome,
        status=cheapest.status if found is cheapest else "feasible",
        cost=found.cost,
    )
    facts = facts_of(plan, of_scenario, time.perf_counter() - began, used_by(chosen))
    facts["frontier"] = {"measure": measure, "value": found.value, "status": found.status}
    plan = replace(plan, facts=facts, log=found.outcome.log)
    by_plan = _value_of(plan, measure)
    if by_plan != found.value:
        raise RuntimeError(f"{measure} of the plan is {by_plan}, {found.value} by the plan columns")
    return Point(plan, found.value, found.cost, found.bound, found.status)


def _value_of(plan: Plan, measure: str) -> int:
    """Return a measure as the tables of a plan and the points of the region have it."""
    if measure == "capital":
        return int(plan.costs.loc[plan.costs["heading"] == "capital", "vnd"].sum())
    if measure == "premises":
        return int(plan.city("premises"))
    table = plan.assignments if plan.scenario.centres.allowed else plan.first_year()
    # A part that stands for its body: the committee is where its office is.
    table = table[table["part"].map(lambda part: BODY_OF_KEPT_PART.get(part, part)) == table["body"]]
    point = _points(plan)
    years: dict[tuple[str, ...], int] = {}
    if measure == "access":
        rows = table[table["body"] == "reception"]
        for place in zip(rows["ward_code"], rows["site_id"], strict=True):
            years[place] = years.get(place, 0) + 1
        visits = demand_points(plan.region, plan.demand, plan.scenario.reception.visits_per_file)
        heads = visits["people"].to_numpy(np.int64)
        origins = metric_points(visits["lat"].to_numpy(), visits["lon"].to_numpy())
        of_ward = visits.groupby("ward_code", sort=False).indices
        total = 0
        for (ward, site), count in years.items():
            mine = of_ward.get(ward, np.zeros(0, np.int64))
            metres = road_metres(origins[mine], point[site][None, :], plan.norms.detour)[:, 0]
            total += int(heads[mine] @ metres) * count
        return total
    seats: dict[tuple[str, int], list[str]] = {}
    for ward, year, site in zip(table["ward_code"], table["year"], table["site_id"], strict=True):
        seats.setdefault((ward, year), []).append(site)
    for sites in seats.values():
        for pair in combinations(sites, 2):
            if pair[0] != pair[1]:
                years[pair] = years.get(pair, 0) + 1
    if not years:
        return 0
    start, end = (np.array([point[pair[k]] for pair in years]) for k in (0, 1))
    return int(paired_road_metres(start, end, plan.norms.detour) @ np.array(list(years.values())))


def _points(plan: Plan) -> dict[str, NDArray[np.float64]]:
    """Return the metric point of every site, parcel and centre of a plan."""
    found: dict[str, NDArray[np.float64]] = {}
    for land in (plan.region.sites, plan.region.parcels):
        if len(land):
            places = metric_points(land["lat"].to_numpy(float), land["lon"].to_numpy(float))
            found |= dict(zip(map(str, land.index), places, strict=True))
    centres = plan.premises[plan.premises["kind"] == CENTRE]
    for centre, location in zip(centres["site_id"], centres["location"], strict=True):
        found[centre] = found[location]
    return found
