"""Prices of the network: the linear relaxation, to which pairs of demand point and place are added as they matter.

Prices of any kind give a valid bound; these are near the best ones. It is given to HiGHS as arrays: its numbers are
used only as prices, and to see which courses, points and pairs are worth searching.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.limits import kind_of
from planner.location.highs import Program, solve
from planner.network.bound import Prices, allowed_stays, lower_bound, pair_values
from planner.program import MICRO, MICRO_PER_MILLION, write_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.network.problem import NetworkProblem

NEAREST = 3
"""Other wards and city points that each demand point may go to at first; more come in by their price."""
ROUNDS = 30
CLOSE = 2e-6
"""Relative distance of bound and relaxation at which adding pairs stops."""
ADDED = 2
"""Pairs added for each demand point and stage in a round."""


@dataclass(frozen=True)
class Relaxation:
    """What the relaxation gives.

    Attributes
    ----------
    prices : Prices
    bound : int
        `lower_bound` at these prices, micro-dong.
    pairs : bool, shape (S, n, L)
        The pairs that were in the program.
    """

    prices: Prices
    bound: int
    pairs: NDArray[np.bool_]


def relax(problem: NetworkProblem, until: float | None = None) -> Relaxation | None:
    """Return prices and the bound that they prove, or None if even parts of plans cannot keep the rules."""
    pairs = _first_pairs(problem)
    best: Relaxation | None = None
    for _ in range(ROUNDS):
        solved = _solve(problem, pairs)
        if solved is None:
            if pairs.all():
                return best
            more = np.broadcast_to(problem.journeys.allowed, pairs.shape)
            if (more & ~pairs).sum() == 0:
                return None
            pairs = more.copy()  # too few pairs for a solution: take all
            continue
        value, prices = solved
        bound = lower_bound(problem, prices)
        if best is None or bound > best.bound:
            best = Relaxation(prices, bound, pairs)
        if value - bound <= CLOSE * abs(value) or (until is not None and time.perf_counter() > until):
            break
        added = _missing_pairs(problem, prices, pairs)
        if not added.any():
            break
        pairs = pairs | added
    return best


def _first_pairs(problem: NetworkProblem) -> NDArray[np.bool_]:
    """Return the sites of the own ward, and the nearest few sites that other wards would choose, or city points."""
    journeys, flows, wards = problem.journeys, problem.flows, problem.wards
    place_count = len(problem.point_of_place)
    city = np.arange(place_count) >= place_count - len(problem.points.city)
    first = np.zeros(place_count, bool)
    columns = problem.courses.columns
    cheapest = np.full(wards, -1)
    for row in range(len(columns) - 1, -1, -1):
        if problem.courses.stays[row]:
            cheapest[columns.ward[row]] = row  # the cheapest comes first
    first[problem.courses.site[cheapest[cheapest >= 0]]] = True
    first |= city
    own = (problem.point_of_place[None, :] == flows.ward[:, None]) & ~city[None, :]
    metres = np.where(journeys.allowed & first[None, :] & ~own, journeys.metres, np.iinfo(np.int64).max)
    near = np.argsort(metres, axis=1, kind="stable")[:, :NEAREST]
    some = own.copy()
    np.put_along_axis(some, near, True, axis=1)
    some &= journeys.allowed
    return np.broadcast_to(some, (len(problem.stages), *some.shape)).copy()


def _missing_pairs(problem: NetworkProblem, prices: Prices, pairs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the best pairs that are not in the program and would pay at these prices."""
    added = np.zeros_like(pairs)
    possible = np.zeros(len(problem.point_of_place), bool)
    possible[problem.courses.site[problem.courses.stays > 0]] = True
    possible[len(possible) - len(problem.points.city) :] = True
    for s in range(len(problem.stages)):
        value = pair_values(problem, prices, s).astype(float)
        value[~problem.journeys.allowed | pairs[s] | ~possible[None, :]] = 0.0
        count = min(ADDED, value.shape[1])
        best = np.argpartition(value, count - 1, axis=1)[:, :count]
        pays = np.take_along_axis(value, best, axis=1) < -MICRO
        row, col = np.nonzero(pays)
        added[s, row, best[row, col]] = True
    return added


def _solve(problem: NetworkProblem, pairs: NDArray[np.bool_]) -> tuple[float, Prices] | None:
    """Return value (micro-dong) and prices of the relaxation on some pairs, None if it has no solution."""
    courses, columns, flows, points = problem.courses, problem.courses.columns, problem.flows, problem.points
    wards, city, n = problem.wards, len(problem.points.city), len(problem.flows)
    program = Program()
    course = program.add_columns(columns.cost / MICRO_PER_MILLION, 0.0, np.inf, integer=False)
    stages = len(problem.stages)
    lower, upper = np.zeros((city, stages)), np.ones((city, stages))
    for k in range(city):
        stays = allowed_stays(problem, k)
        lower[k, : stays[0]] = 1.0
        upper[k, stays[-1] :] = 0.0
    city_cost = points.present[wards:] / MICRO_PER_MILLION
    city_open = program.add_columns(city_cost.ravel(), lower.ravel(), upper.ravel(), integer=False).reshape(
        city, stages
    )
    s_of, i_of, place_of = np.nonzero(pairs)
    pair = program.add_columns(
        problem.journeys.worth[s_of, i_of, place_of] / MICRO_PER_MILLION, 0.0, np.inf, integer=False
    )
    program.add_rows(wards, [(columns.ward, course, 1.0)], 1.0, 1.0)
    program.add_rows(n * stages, [(i_of * stages + s_of, pair, 1.0)], 1.0, 1.0)
    first_city = len(problem.point_of_place) - city
    # A pair needs its place open: one row a pair, courses that seat the reception there and stay so long.
    at_city = np.flatnonzero(place_of >= first_city)
    parts: list[tuple[Any, Any, Any]] = [
        (np.arange(len(pair)), pair, 1.0),
        (at_city, city_open[place_of[at_city] - first_city, s_of[at_city]], -1.0),
    ]
    rows_at: dict[int, Ints] = {
        int(site): np.flatnonzero(courses.site == site) for site in np.unique(courses.site)
    }
    row_index, col_index = [], []
    order = np.argsort(place_of, kind="stable")
    bounds = np.searchsorted(place_of[order], np.arange(first_city + 1))
    for site in range(first_city):
        mine = order[bounds[site] : bounds[site + 1]]
        rows = rows_at.get(site)
        if rows is None or not len(mine):
            continue
        which, row = np.nonzero(courses.stays[rows][None, :] > s_of[mine][:, None])
        row_index.append(mine[which])
        col_index.append(course[rows[row]])
    if row_index:
        parts.append((np.concatenate(row_index), np.concatenate(col_index), -1.0))
    program.add_rows(len(pair), parts, -np.inf, 0.0)
    # Counters.
    count = wards + city
    cap_rows = problem.point_of_place[place_of] * stages + s_of
    stay_course, stay_stage = np.nonzero(courses.stays[:, None] > np.arange(stages))
    ward_of = columns.ward[stay_course]
    city_row = (wards + np.arange(city))[:, None] * stages + np.arange(stages)
    capacity = points.capacity.astype(float)
    program.add_rows(
        count * stages,
        [
            (cap_rows, pair, flows.load[i_of, s_of].astype(float)),
            (ward_of * stages + stay_stage, course[stay_course], -capacity[ward_of]),
            (city_row.ravel(), city_open.ravel(), -np.repeat(capacity[wards:], stages)),
        ],
        -np.inf,
        0.0,
    )
    # Closed once, closed for good.
    if stages > 1 and city:
        later, earlier = city_open[:, 1:].ravel(), city_open[:, :-1].ravel()
        numbers = np.arange(len(later))
        program.add_rows(len(later), [(numbers, later, 1.0), (numbers, earlier, -1.0)], -np.inf, 0.0)
    for name, most in problem.limits.items():
        scale = write_in(name)
        use = columns.resources[name] if name in columns.resources else np.zeros(len(columns), np.int64)
        some = np.flatnonzero(use)
        entries: list[tuple[Any, Any, Any]] = [
            (np.zeros(len(some), np.int64), course[some], use[some] * scale)
        ]
        s = problem.stage_rules.get(name)
        if s is not None and kind_of(name) == "points":
            entries.append((np.zeros(city, np.int64), city_open[:, s], -scale))
        elif s is not None:
            here = np.flatnonzero((s_of == s) & problem.journeys.near[i_of, place_of])
            entries.append((np.zeros(len(here), np.int64), pair[here], -flows.people[i_of[here]] * scale))
        program.add_rows(1, entries, -np.inf, most * scale)
    answer = solve(program)
    if answer.duals is None or answer.stop != "optimal":
        return None
    duals = answer.duals
    served = duals[wards : wards + n * stages].reshape(n, stages)
    first = wards + n * stages + len(pair)
    counter = np.maximum(0.0, -duals[first : first + count * stages]).reshape(count, stages)
    of_rules = duals[len(duals) - len(problem.limits) :]
    rules = {
        name: max(0.0, -float(dual)) * write_in(name) * 1e6
        for name, dual in zip(problem.limits, of_rules, strict=True)
    }
    prices = Prices(
        np.rint(served * MICRO_PER_MILLION).astype(np.int64),
        np.rint(counter * MICRO_PER_MILLION).astype(np.int64),
        rules,
    )
    return answer.bound * MICRO_PER_MILLION, prices
