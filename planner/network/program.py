"""The integer program of headquarters and network in PuLP: one course a ward, one a city point, one place a person.

Only what can be in a plan near the bound is written down (reduced cost fixing): at the prices of `planner.network.
bound` a plan with anything else costs at least the bound and ``room``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.limits import kind_of
from planner.network.bound import (
    Prices,
    allowed_stays,
    lower_bound,
    pair_values,
    priced_city,
    priced_courses,
    worth_of_places,
)
from planner.network.problem import NetworkChoice
from planner.program import MICRO_PER_MILLION, limit_in_floats, linear_sum, write_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.network.problem import NetworkProblem


@dataclass(frozen=True)
class Distances:
    """By how much a plan with each part lies above the bound at least, micro-dong as floats.

    Attributes
    ----------
    course : float, shape (m,)
    city : float, shape (K, S + 1)
        By the number of stages that a city point is open; inf where that is not allowed.
    pair : float, shape (S, n, L)
        inf where a demand point may not be served.
    """

    bound: int
    course: NDArray[np.float64]
    city: NDArray[np.float64]
    pair: NDArray[np.float64]


def distances(problem: NetworkProblem, prices: Prices) -> Distances:
    """Return how far above the bound a plan with each course, city point and pair is at least."""
    worth = worth_of_places(problem, prices)
    courses, stages = problem.courses, len(problem.stages)
    priced = priced_courses(problem, prices, worth)
    least: dict[int, int] = {}
    for ward, cost in zip(courses.columns.ward.tolist(), priced, strict=True):
        least[ward] = min(least.get(ward, cost), cost)
    of_course = np.array(
        [float(cost - least[ward]) for ward, cost in zip(courses.columns.ward.tolist(), priced, strict=True)]
    )
    of_city = np.full((len(problem.points.city), stages + 1), np.inf)
    for k, costs in enumerate(priced_city(problem, prices, worth)):
        allowed = allowed_stays(problem, k)
        cheapest = min(costs[stays] for stays in allowed)
        for stays in allowed:
            of_city[k, stays] = costs[stays] - cheapest
    opening = np.full(worth.shape, np.inf)
    first_city = worth.shape[1] - len(of_city)
    of_pair = np.empty((stages, len(problem.flows), worth.shape[1]))
    for s in range(stages):
        some = courses.stays > s
        np.minimum.at(opening[s], courses.site[some], of_course[some])
        opening[s, first_city:] = of_city[:, s + 1 :].min(axis=1)
        value = np.maximum(0.0, pair_values(problem, prices, s).astype(float))
        of_pair[s] = np.where(problem.journeys.allowed, value + opening[s], np.inf)
    return Distances(lower_bound(problem, prices), of_course, of_city, of_pair)


@dataclass(frozen=True)
class NetworkProgram:
    """The program and its variables."""

    program: Any
    rows: Ints
    courses: list[Any]
    city: list[tuple[int, int, Any]]
    pair_of: Ints  # stage, demand point and place of each pair, (p, 3)
    pairs: list[Any]


def build_program(
    problem: NetworkProblem, rows: Ints, city: NDArray[np.bool_], pairs: NDArray[np.bool_]
) -> NetworkProgram:
    """Return the program on some courses (rows), city courses (K, S + 1) and pairs (S, n, L).

    minimise Σ cost · course + Σ cost · city course + Σ travel · x  subject to: one course a ward and a city point; one
    x a demand point and stage; x ≤ what opens its place; Σ load · x ≤ capacity of what is open; city-wide rules.
    """
    import pulp

    program = pulp.LpProblem("network", pulp.LpMinimize)
    columns, flows, points = problem.courses.columns, problem.flows, problem.points
    wards, stages = problem.instance.wards, len(problem.stages)
    first_city = len(problem.point_of_place) - len(points.city)
    count: dict[int, int] = {}
    course = []
    for ward in columns.ward[rows].tolist():
        count[ward] = number = count.get(ward, 0) + 1
        course.append(program.add_variable(f"c_{wards[ward]}_{number}", cat=pulp.LpBinary))
    of_city = [
        (k, stays, program.add_variable(f"k_{k}_{stays}", cat=pulp.LpBinary))
        for k, stays in np.argwhere(city).tolist()
    ]
    s_of, i_of, place_of = (array.tolist() for array in np.nonzero(pairs))
    x = [
        program.add_variable(f"x_{i}_{place}_{s}", cat=pulp.LpBinary)
        for s, i, place in zip(s_of, i_of, place_of, strict=True)
    ]
    cost = (columns.cost[rows] / MICRO_PER_MILLION).tolist()
    cost += [
        sum(points.present[problem.wards + k, :stays].tolist()) / MICRO_PER_MILLION for k, stays, _ in of_city
    ]
    cost += (problem.journeys.worth[np.nonzero(pairs)] / MICRO_PER_MILLION).tolist()
    program += linear_sum([*course, *(v for _, _, v in of_city), *x], cost), "total_cost"

    by_ward: dict[int, list[Any]] = {}
    opens: dict[tuple[int, int], list[Any]] = {}  # (stage, place) → what opens it
    stays_open: dict[tuple[int, int], list[Any]] = {}  # (stage, point)
    for variable, row in zip(course, rows.tolist(), strict=True):
        ward = int(columns.ward[row])
        by_ward.setdefault(ward, []).append(variable)
        for s in range(int(problem.courses.stays[row])):
            opens.setdefault((s, int(problem.courses.site[row])), []).append(variable)
            stays_open.setdefault((s, ward), []).append(variable)
    by_city: dict[int, list[Any]] = {}
    for k, stays, variable in of_city:
        by_city.setdefault(k, []).append(variable)
        for s in range(stays):
            opens.setdefault((s, first_city + k), []).append(variable)
            stays_open.setdefault((s, problem.wards + k), []).append(variable)
    for ward, some in by_ward.items():
        program += _ones(some) == 1, f"one_course_{wards[ward]}"
    for k, some in by_city.items():
        program += _ones(some) == 1, f"one_course_of_city_point_{k}"

    served: dict[tuple[int, int], list[Any]] = {}
    loads: dict[tuple[int, int], tuple[list[Any], list[float]]] = {}
    for variable, s, i, place in zip(x, s_of, i_of, place_of, strict=True):
        served.setdefault((s, i), []).append(variable)
        some, weights = loads.setdefault((s, int(problem.point_of_place[place])), ([], []))
        some.append(variable)
        weights.append(float(flows.load[i, s]))
        by = opens.get((s, place), [])
        program += linear_sum([variable, *by], [1.0, *[-1.0] * len(by)]) <= 0, f"open_{i}_{place}_{s}"
    for s in range(stages):
        for i in range(len(flows)):
            program += _ones(served.get((s, i), [])) == 1, f"served_{i}_{s}"
    for (s, point), (some, weights) in loads.items():
        by = stays_open.get((s, point), [])
        capacity = float(points.capacity[point])
        if sum(weights) > capacity:
            total = linear_sum([*some, *by], [*weights, *[-capacity] * len(by)])
            program += total <= 0, f"counters_{point}_{s}"
    for number, (name, most) in enumerate(problem.limits.items()):
        use = columns.resources[name][rows].tolist() if name in columns.resources else [0] * len(rows)
        variables, weights = list(course), [float(value) for value in use]
        ruled = problem.stage_rules.get(name)
        if ruled is not None and kind_of(name) == "points":
            for _, stays, variable in of_city:
                if stays > ruled:
                    variables.append(variable)
                    weights.append(-1.0)
        elif ruled is not None:
            for variable, stage, i, place in zip(x, s_of, i_of, place_of, strict=True):
                if stage == ruled and problem.journeys.near[i, place]:
                    variables.append(variable)
                    weights.append(-float(flows.people[i]))
        scale = write_in(name)
        terms = [(v, weight * scale) for v, weight in zip(variables, weights, strict=True) if weight]
        total = linear_sum([v for v, _ in terms], [weight for _, weight in terms])
        right = most * scale if ruled is not None else limit_in_floats(columns.take(rows), name, most)
        program += total <= right, f"city_{number}_{kind_of(name)}"
    return NetworkProgram(program, rows, course, of_city, np.argwhere(pairs), x)


def _ones(variables: list[Any]) -> Any:
    return linear_sum(variables, [1.0] * len(variables))


def read_choice(problem: NetworkProblem, built: NetworkProgram) -> NetworkChoice | None:
    """Return what the solver chose, None where it left no whole solution."""
    columns = problem.courses.columns
    chosen = np.array([(v.varValue or 0.0) > 0.5 for v in built.courses], bool)
    rows = built.rows[chosen]
    rows = rows[np.argsort(columns.ward[rows], kind="stable")]
    city = np.full(len(problem.points.city), -1, np.int64)
    for k, stays, variable in built.city:
        if (variable.varValue or 0.0) > 0.5:
            city[k] = stays
    s_of, i_of, place_of = built.pair_of.T
    taken = np.array([(v.varValue or 0.0) > 0.5 for v in built.pairs], bool)
    place = np.full((len(problem.stages), len(problem.flows)), -1, np.int64)
    place[s_of[taken], i_of[taken]] = place_of[taken]
    whole = np.array_equal(columns.ward[rows], np.arange(problem.wards)) and (place >= 0).all()
    return NetworkChoice(rows, city, place) if whole and (city >= 0).all() else None
