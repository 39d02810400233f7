"""The linear relaxation of headquarters and network on some pairs, as arrays for HiGHS, and the prices it gives.

Nobody need be served in it and every rule may be passed, at a price that no plan pays: so it always has a solution,
and what it buys tells why there is no plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import NoPlanFound, Problem
from planner.limits import kind_of
from planner.location.highs import Answer, Program, solve
from planner.network.bound import Prices, allowed_stays
from planner.program import MICRO_PER_MILLION, write_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.network.problem import NetworkProblem

    Numbers = NDArray[np.integer[Any]]
    Entries = list[tuple[Any, Any, Any]]

TOLERANCE = 1e-6
"""Of the solver: what is missed by less is kept."""


@dataclass(frozen=True)
class Solved:
    """The relaxation on some pairs.

    Attributes
    ----------
    value : float
        Micro-dong, what is bought included.
    prices : Prices
    unserved : float, shape (n, S)
        Share of each demand point that nobody serves.
    over : dict of str to float
        By how much rules are passed, in their units.
    """

    value: float
    prices: Prices
    unserved: NDArray[np.floating[Any]]
    over: dict[str, float]


@dataclass(frozen=True)
class _Columns:
    """Numbers of the variables, and the pairs they stand for.

    Attributes
    ----------
    course : int64, shape (m,)
    city : int64, shape (K, S)
        A city point is open in a stage.
    pair, stage, demand, place : int64, shape (e,)
    nobody : int64, shape (n · S,)
    passed : int64, one a rule
    """

    course: Numbers
    city: Numbers
    pair: Numbers
    stage: Numbers
    demand: Numbers
    place: Numbers
    nobody: Numbers
    passed: Numbers


def solve_relaxation(problem: NetworkProblem, pairs: NDArray[np.bool_], missing: float) -> Solved:
    """Solve the relaxation.

    Parameters
    ----------
    pairs : bool, shape (S, n, L)
    missing : float
        Million dong for a demand point that is not served, or a unit by which a rule is passed.
    """
    program = Program()
    columns = _add_columns(program, problem, pairs, missing)
    stages, wards = len(problem.stages), problem.wards
    program.add_rows(wards, [(problem.courses.columns.ward, columns.course, 1.0)], 1.0, 1.0)
    served: Entries = [
        (columns.demand * stages + columns.stage, columns.pair, 1.0),
        (np.arange(len(columns.nobody)), columns.nobody, 1.0),
    ]
    program.add_rows(len(columns.nobody), served, 1.0, 1.0)
    _pairs_need_open_places(program, problem, columns)
    first_counter = program.rows
    _counters_take_the_load(program, problem, columns)
    _closed_for_good(program, columns)
    first_rule = program.rows
    _keep_city_rules(program, problem, columns)
    answer = solve(program)
    if answer.duals is None or answer.values is None or answer.stop != "optimal":
        raise NoPlanFound(
            Problem("E701", "solver", "the relaxation was not solved", "Report this with the scenario.")
        )
    return _read(problem, columns, answer, (wards, first_counter, first_rule))


def _add_columns(
    program: Program, problem: NetworkProblem, pairs: NDArray[np.bool_], missing: float
) -> _Columns:
    points, wards = problem.points, problem.wards
    stages, city = len(problem.stages), len(points.city)
    course = program.add_columns(problem.courses.columns.cost / MICRO_PER_MILLION, 0.0, np.inf, integer=False)
    lower, upper = np.zeros((city, stages)), np.ones((city, stages))
    for k in range(city):
        stays = allowed_stays(problem, k)
        lower[k, : stays[0]] = 1.0
        upper[k, stays[-1] :] = 0.0
    city_cost = points.present[wards:].ravel() / MICRO_PER_MILLION
    city_open = program.add_columns(city_cost, lower.ravel(), upper.ravel(), integer=False)
    stage, demand, place = np.nonzero(pairs)
    travel = problem.journeys.worth[stage, demand, place] / MICRO_PER_MILLION
    pair = program.add_columns(travel, 0.0, np.inf, integer=False)
    many = np.full(len(problem.flows) * stages, missing)
    nobody = program.add_columns(many, 0.0, np.inf, integer=False)
    passed = program.add_columns(np.full(len(problem.limits), missing), 0.0, np.inf, integer=False)
    return _Columns(course, city_open.reshape(city, stages), pair, stage, demand, place, nobody, passed)


def _pairs_need_open_places(program: Program, problem: NetworkProblem, columns: _Columns) -> None:
    """One row a pair: x ≤ the courses that seat the reception at the place and stay so long, or the city point."""
    courses, stage, place = problem.courses, columns.stage, columns.place
    first_city = len(problem.point_of_place) - len(columns.city)
    at_city = np.flatnonzero(place >= first_city)
    parts: Entries = [
        (np.arange(len(place)), columns.pair, 1.0),
        (at_city, columns.city[place[at_city] - first_city, stage[at_city]], -1.0),
    ]
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(first_city + 1))
    for site in np.unique(courses.site).tolist():
        mine = order[bounds[site] : bounds[site + 1]]
        rows = np.flatnonzero(courses.site == site)
        which, row = np.nonzero(courses.stays[rows][None, :] > stage[mine][:, None])
        parts.append((mine[which], columns.course[rows[row]], -1.0))
    program.add_rows(len(place), parts, -np.inf, 0.0)


def _counters_take_the_load(program: Program, problem: NetworkProblem, columns: _Columns) -> None:
    """One row a point and stage: Σ load · x ≤ capacity of what is open."""
    courses, stages, wards = problem.courses, len(problem.stages), problem.wards
    capacity = problem.points.capacity.astype(float)
    of_pair = problem.point_of_place[columns.place] * stages + columns.stage
    course, stage = np.nonzero(courses.stays[:, None] > np.arange(stages))
    ward = courses.columns.ward[course]
    city = (wards + np.arange(len(columns.city)))[:, None] * stages + np.arange(stages)
    parts: Entries = [
        (of_pair, columns.pair, problem.flows.load[columns.demand, columns.stage].astype(float)),
        (ward * stages + stage, columns.course[course], -capacity[ward]),
        (city.ravel(), columns.city.ravel(), -np.repeat(capacity[wards:], stages)),
    ]
    program.add_rows(len(capacity) * stages, parts, -np.inf, 0.0)


def _closed_for_good(program: Program, columns: _Columns) -> None:
    later, earlier = columns.city[:, 1:].ravel(), columns.city[:, :-1].ravel()
    if len(later):
        numbers = np.arange(len(later))
        program.add_rows(len(later), [(numbers, later, 1.0), (numbers, earlier, -1.0)], -np.inf, 0.0)


def _keep_city_rules(program: Program, problem: NetworkProblem, columns: _Columns) -> None:
    """One row a rule, in the order of ``problem.limits``."""
    resources, people = problem.courses.columns.resources, problem.flows.people

    def row(size: int) -> Ints:
        return np.zeros(size, np.int64)

    for number, (name, most) in enumerate(problem.limits.items()):
        scale, stage = write_in(name), problem.stage_rules.get(name)
        parts: Entries = [(row(1), columns.passed[number : number + 1], -1.0)]
        if name in resources:
            some = np.flatnonzero(resources[name])
            parts.append((row(len(some)), columns.course[some], resources[name][some] * scale))
        if stage is not None and kind_of(name) == "points":
            parts.append((row(len(columns.city)), columns.city[:, stage], -scale))
        elif stage is not None:
            near = problem.journeys.near[columns.demand, columns.place]
            here = np.flatnonzero((columns.stage == stage) & near)
            parts.append((row(len(here)), columns.pair[here], -people[columns.demand[here]] * scale))
        program.add_rows(1, parts, -np.inf, most * scale)


def _read(problem: NetworkProblem, columns: _Columns, answer: Answer, first: tuple[int, int, int]) -> Solved:
    """Return what the solver found; ``first`` are the first rows on serving, counters and rules."""
    if answer.duals is None or answer.values is None:
        raise AssertionError("read without a solution")
    duals, stages, (serving, counters, rules) = answer.duals, len(problem.stages), first
    n, points = len(problem.flows), len(problem.points.ids)
    names = list(problem.limits)
    prices = Prices(
        _whole(duals[serving : serving + n * stages].reshape(n, stages)),
        _whole(np.maximum(0.0, -duals[counters : counters + points * stages]).reshape(points, stages)),
        {
            name: max(0.0, -float(dual)) * write_in(name) * 1e6
            for name, dual in zip(names, duals[rules:], strict=True)
        },
    )
    bought = answer.values[columns.passed].tolist()
    over = {
        name: amount / write_in(name)
        for name, amount in zip(names, bought, strict=True)
        if amount > TOLERANCE
    }
    unserved = answer.values[columns.nobody].reshape(n, stages)
    return Solved(answer.bound * MICRO_PER_MILLION, prices, unserved, over)


def _whole(million_dong: NDArray[np.floating[Any]]) -> Ints:
    """Return prices as whole millionths of a dong; what does not fit 64 bits is cut off, any price is a valid one."""
    within = np.clip(million_dong * MICRO_PER_MILLION, -(2.0**61), 2.0**61)
    return np.asarray(np.rint(within), np.int64)
