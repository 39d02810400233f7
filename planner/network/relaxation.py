"""Prices of the network: the linear relaxation, to which pairs of demand point and place are added as they matter.

Prices of any kind give a valid bound; these are near the best ones. It is given to HiGHS as arrays: its numbers are
used only as prices, and to see which courses, points and pairs are worth searching.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.network.bound import Prices, lower_bound, pair_values
from planner.network.linear import TOLERANCE, solve_relaxation
from planner.program import MICRO

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
    complete : bool
        No pair that was left out could change that; not so where the time ended first.
    """

    prices: Prices
    bound: int
    unserved: NDArray[np.floating[Any]]
    over: dict[str, float]
    complete: bool = False

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
    best: Prices | None = None
    bound, complete = 0, False
    for _ in range(ROUNDS):
        solved = solve_relaxation(problem, pairs, missing)
        tried = [solved.prices] if best is None else [solved.prices, _mixed(best, solved.prices)]
        for prices in tried:
            reached = lower_bound(problem, prices)
            if best is None or reached > bound:
                best, bound = prices, reached
        complete = solved.value - bound <= close * abs(solved.value)
        if complete or (until is not None and time.perf_counter() > until):
            break
        added = _missing_pairs(problem, tried[-1], pairs)
        if not added.any():
            added = _missing_pairs(problem, solved.prices, pairs)
        if not added.any():
            complete = True
            break
        pairs = pairs | added
    if best is None:
        raise AssertionError("a relaxation has at least one round")
    return Relaxation(best, bound, solved.unserved, solved.over, complete)


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
