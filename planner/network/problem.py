"""Headquarters and reception network as one planning problem: arrays, and what a choice in it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.limits import city_limits, kind_of
from planner.network.courses import Courses, enumerate_courses
from planner.network.flows import Flows, Stage, build_flows, stages_of
from planner.network.journeys import Journeys, build_journeys
from planner.network.points import Points, build_points
from planner.roads import build_roads, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.instance import Instance
    from planner.region import Norms, Region
    from planner.scenario import Scenario


@dataclass(frozen=True)
class NetworkProblem:
    """What is chosen from; W wards, K city points, n demand points, L places, S stages.

    Attributes
    ----------
    instance : Instance
        Citizens' travel of its sites is zero.
    stages : list of Stage, length S
    limits : dict of str to int
        Every city-wide rule with its limit.
    point_of_place : int64, shape (L,)
        Position in ``points`` of the point at each place: that of the site's ward, or the city point.
    """

    instance: Instance
    before: Stage
    stages: list[Stage]
    flows: Flows
    points: Points
    journeys: Journeys
    courses: Courses
    limits: dict[str, int]
    point_of_place: Ints

    @property
    def wards(self) -> int:
        """Number of wards."""
        return len(self.instance.wards)

    @cached_property
    def stage_rules(self) -> dict[str, int]:
        """The rules on points and on shares of people, with the stage of each."""
        start = self.instance.scenario.horizon.start_year
        year = {str(start + stage.first): s for s, stage in enumerate(self.stages)}
        return {
            name: year[name.rpartition("_")[2]]
            for name in self.limits
            if kind_of(name) in ("points", "within")
        }


@dataclass(frozen=True)
class NetworkChoice:
    """A choice for headquarters and network.

    Attributes
    ----------
    rows : int64, shape (W,)
        Rows of the courses, in ward order.
    city : int64, shape (K,)
        Stages in which each city point is open.
    place : int64, shape (S, n)
        The place at which each demand point is served.
    """

    rows: Ints
    city: Ints
    place: Ints


def without_travel(instance: Instance) -> Instance:
    """Return the problem in which citizens' travel costs wards nothing: the network counts it."""
    return replace(instance, sites=instance.sites.assign(citizen_travel=0))


def build_problem(region: Region, norms: Norms, scenario: Scenario, instance: Instance) -> NetworkProblem:
    """Turn tables and settings into the problem of a scenario with a reception network."""
    before, stages = stages_of(scenario)
    flows = build_flows(region, instance.demand, scenario)
    points = build_points(region, instance.demand, scenario, instance.money, before, stages)
    places = places_of(region.sites, points.city)
    metres = build_roads(region, norms).metres(flows.places, places)
    journeys = build_journeys(flows, metres, scenario, instance.money, before, stages)
    lean = without_travel(instance)
    wards = {ward: place for place, ward in enumerate(instance.wards)}
    owner = [wards[str(ward)] for ward in region.sites["ward_code"]]
    limits = city_limits(scenario, int(flows.people.sum()))
    return NetworkProblem(
        instance=lean,
        before=before,
        stages=stages,
        flows=flows,
        points=points,
        journeys=journeys,
        courses=enumerate_courses(lean, flows, points, journeys, stages),
        limits={name: limit.most for name, limit in limits.items()},
        point_of_place=np.array([*owner, *range(len(wards), len(points.ids))], np.int64),
    )


def open_places(problem: NetworkProblem, rows: Ints, city: Ints) -> NDArray[np.bool_]:
    """Return which places are open in every stage, shape (S, L)."""
    stage = np.arange(len(problem.stages))[:, None]
    found = np.zeros((len(problem.stages), len(problem.point_of_place)), bool)
    courses = problem.courses
    found[:, courses.site[rows]] = courses.stays[rows] > stage
    found[:, len(problem.point_of_place) - len(city) :] = city > stage
    return found


def cost_of(problem: NetworkProblem, choice: NetworkChoice) -> int:
    """Return the net present cost of a choice in millionths of a dong."""
    cost: int = sum(problem.courses.columns.cost[choice.rows].tolist())
    of_city = problem.points.present[problem.wards :]
    for point, stays in enumerate(choice.city.tolist()):
        cost += sum(of_city[point, :stays].tolist())
    n = np.arange(len(problem.flows))
    for s in range(len(problem.stages)):
        cost += sum(problem.journeys.worth[s, n, choice.place[s]].tolist())
    return cost


def used_by(problem: NetworkProblem, choice: NetworkChoice) -> dict[str, int]:
    """Return what a choice uses of every city-wide resource."""
    columns = problem.courses.columns
    used = {name: sum(use[choice.rows].tolist()) for name, use in columns.resources.items()}
    n = np.arange(len(problem.flows))
    for name, s in problem.stage_rules.items():
        if kind_of(name) == "points":
            used[name] -= int((choice.city > s).sum())
        else:
            near = problem.journeys.near[n, choice.place[s]]
            used[name] = -int(problem.flows.people[near].sum())
    return used


def faults_of(problem: NetworkProblem, choice: NetworkChoice) -> list[str]:
    """Return the rules that a choice does not keep, in whole numbers; a guard against the solver's tolerances."""
    found = []
    is_open = open_places(problem, choice.rows, choice.city)
    n = np.arange(len(problem.flows))
    for s in range(len(problem.stages)):
        place = choice.place[s]
        if not (is_open[s, place] & problem.journeys.allowed[n, place]).all():
            found.append(f"stage {s + 1}: somebody is served where there is no open point")
        load = np.zeros(len(problem.points.ids), np.int64)
        np.add.at(load, problem.point_of_place[place], problem.flows.load[:, s])
        if (load > problem.points.capacity).any():
            found.append(f"stage {s + 1}: a point has more files than its counters take")
    used = used_by(problem, choice)
    found += [
        f"{name}: {used[name]:,} of {most:,}" for name, most in problem.limits.items() if used[name] > most
    ]
    return found
