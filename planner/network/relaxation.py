"""Prices of the network: the linear relaxation, to which pairs of demand point and place are added as they matter.

Prices of any kind give a valid bound; these are near the best ones. It is given to HiGHS as arrays: its numbers are
used only as prices, and to see which courses, points and pairs are worth searching.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import NoPlanFound, Problem
from planner.limits import kind_of
from planner.location.highs import Program, solve
from planner.network.bound import Prices, allowed_stays, lower_bound, pair_values
from planner.program import MICRO, MICRO_PER_MILLION, write_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.network.problem import NetworkProblem

NEAREST = 6
"""Other wards and city points that each demand point may go to at first; more come in by their price."""
ADDED = 4
"""Pairs added for each demand point and stage in a round."""
ROUNDS = 60
CLOSE = 2e-7
"""Relative distance of bound and relaxation at which adding pairs stops, where a proof is asked for."""
KEPT = 0.6
"""How much the prices that pairs are added by stay with the best ones so far: prices of a round alone jump about
(Wentges 1997, weighted Dantzig-Wolfe decomposition)."""
MISSING = 1e5, 1e6
"""Million dong for a demand point that is not served, or one unit by which a rule is passed: where that is bought,
there is no plan. The second is tried where the first was, so that dear plans are not taken for none."""
TOLERANCE = 1e-6
"""Of the solver: what is missed by less is kept."""


@dataclass(frozen=True)
class Relaxation:
    """What the relaxation gives.

    Attributes
    ----------
    prices : Prices
    bound : int
        `lower_bound` at these prices, micro-dong.
    unserved : float, shape (n, S)
        Share of each demand point that no point takes: there is no plan where this or ``over`` is not zero.
    over : dict of str to float
        By how much rules are passed, in their units.
    """

    prices: Prices
    bound: int
    unserved: NDArray[np.floating[Any]]
    over: dict[str, float]

    @property
    def possible(self) -> bool:
        """Whether parts of plans at least can keep all rules."""
        return not self.over and not (self.unserved > TOLERANCE).any()


def relax(problem: NetworkProblem, until: float | None = None, close: float = CLOSE) -> Relaxation:
    """Return prices and the bound that they prove, and what parts of plans cannot do.

    Parameters
    ----------
    until : float, optional
        Time of `time.perf_counter` at which to stop.
    close : float
        Relative distance of bound and relaxation that will do.
    """
    for missing in MISSING:
        found = _relax(problem, missing, until, close)
        if found.possible:
            break
    return found


def _relax(problem: NetworkProblem, missing: float, until: float | None, close: float) -> Relaxation:
    pairs = _first_pairs(problem)
    best: Relaxation | None = None
    for _ in range(ROUNDS):
        value, now = _solve(problem, pairs, missing)
        if best is not None:
            between = _mixed(best.prices, now.prices)
            nearer = replace(now, prices=between, bound=lower_bound(problem, between))
        else:
            nearer = now
        better = max((one for one in (best, now, nearer) if one is not None), key=lambda one: one.bound)
        best = replace(now, prices=better.prices, bound=better.bound)
        if value - best.bound <= close * abs(value) or (until is not None and time.perf_counter() > until):
            break
        added = _missing_pairs(problem, nearer.prices, pairs)
        if not added.any():
            added = _missing_pairs(problem, now.prices, pairs)
        if not added.any():
            break
        pairs = pairs | added
    if best is None:
        raise AssertionError("a relaxation has at least one round")
    return best


def _mixed(old: Prices, new: Prices) -> Prices:
    def between(a: Ints, b: Ints) -> Ints:
        return np.rint(a * KEPT + b * (1 - KEPT)).astype(np.int64)

    return Prices(
        between(old.served, new.served),
        between(old.counter, new.counter),
        {name: price * KEPT + new.rules[name] * (1 - KEPT) for name, price in old.rules.items()},
    )


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


def _solve(problem: NetworkProblem, pairs: NDArray[np.bool_], missing: float) -> tuple[float, Relaxation]:
    """Return value (micro-dong) and relaxation on some pairs; ``missing`` as in `MISSING`."""
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
    nobody = program.add_columns(np.full(n * stages, missing), 0.0, np.inf, integer=False)
    passed = program.add_columns(np.full(len(problem.limits), missing), 0.0, np.inf, integer=False)
    program.add_rows(wards, [(columns.ward, course, 1.0)], 1.0, 1.0)
    served_rows: list[tuple[Any, Any, Any]] = [
        (i_of * stages + s_of, pair, 1.0),
        (np.arange(n * stages), nobody, 1.0),
    ]
    program.add_rows(n * stages, served_rows, 1.0, 1.0)
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
    for number, (name, most) in enumerate(problem.limits.items()):
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
        entries.append((np.zeros(1, np.int64), passed[number : number + 1], -1.0))
        program.add_rows(1, entries, -np.inf, most * scale)
    answer = solve(program)
    if answer.duals is None or answer.values is None or answer.stop != "optimal":
        raise NoPlanFound(
            Problem("E701", "solver", "the relaxation was not solved", "Report this with the scenario.")
        )
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
        _whole(served),
        _whole(counter),
        rules,
    )
    over = {
        name: float(answer.values[column]) / write_in(name)
        for name, column in zip(problem.limits, passed.tolist(), strict=True)
        if answer.values[column] > TOLERANCE
    }
    found = Relaxation(prices, lower_bound(problem, prices), answer.values[nobody].reshape(n, stages), over)
    return answer.bound * MICRO_PER_MILLION, found


def _whole(million_dong: NDArray[np.floating[Any]]) -> Ints:
    """Return prices as whole millionths of a dong; what does not fit 64 bits is cut off, any price is a valid one."""
    within = np.clip(million_dong * MICRO_PER_MILLION, -(2.0**61), 2.0**61)
    return np.asarray(np.rint(within), np.int64)
