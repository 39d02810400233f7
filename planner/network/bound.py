"""What no plan can beat: prices on who is served, on counters and on city-wide rules (docs/model.md, section 7).

At given prices the problem falls apart into one choice a ward and one a city point. Prices are whole millionths of
a dong, so that the auditor finds the same bound to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.limits import kind_of
from planner.program import MICRO

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.network.problem import NetworkProblem


@dataclass(frozen=True)
class Prices:
    """Prices of the rules that tie wards and points together.

    Attributes
    ----------
    served : int64, shape (n, S)
        Millionths of a dong for serving a demand point in a stage; any sign.
    counter : int64, shape (P, S)
        Millionths of a dong a file, for the capacity of a point; not negative.
    rules : dict of str to float
        Dong a unit of every city-wide rule; not negative.
    """

    served: Ints
    counter: Ints
    rules: dict[str, float]

    def of(self, name: str) -> int:
        """Return the price of a rule in millionths of a dong, 0 where there is none."""
        return int(self.rules.get(name, 0.0) * MICRO)


def pair_values(problem: NetworkProblem, prices: Prices, s: int) -> Any:
    """Return what serving each demand point at each place costs beyond its price, shape (n, L), micro-dong.

    Whole numbers of 64 bits where their sums fit, of any size (dtype object) where prices are so high that they do
    not: that happens where rules can hardly be kept.
    """
    point = problem.point_of_place
    load, people = problem.flows.load[:, s, None], problem.flows.people[:, None]
    worth, served = problem.journeys.worth[s], prices.served[:, s, None]
    counter = prices.counter[point, s][None, :]
    near = sum(
        prices.of(name)
        for name, stage in problem.stage_rules.items()
        if stage == s and kind_of(name) == "within"
    )
    most_load, most_files = int(load.max(initial=0)), int(problem.points.capacity.max(initial=0))
    parts = ((worth, 1), (served, 1), (counter, most_load), (counter, most_files), (people, near))
    largest = sum(int(np.abs(part).max(initial=0)) * factor for part, factor in parts)
    if largest * (len(problem.flows) + 1) >= 2**62:
        worth, served, counter, people = (part.astype(object) for part in (worth, served, counter, people))
    return worth + counter * load - served - near * (people * problem.journeys.near)


def worth_of_places(problem: NetworkProblem, prices: Prices) -> Any:
    """Return what an open point at each place is worth at these prices (negative: it pays), shape (S, L).

    Python's whole numbers: dtype object.
    """
    found = np.zeros((len(problem.stages), len(problem.point_of_place)), object)
    capacity = problem.points.capacity[problem.point_of_place].astype(object)
    for s in range(len(problem.stages)):
        value = np.where(problem.journeys.allowed, pair_values(problem, prices, s), 0)
        found[s] = np.minimum(value, 0).sum(axis=0).astype(object)
        found[s] -= prices.counter[problem.point_of_place, s] * capacity
    return found


def priced_courses(problem: NetworkProblem, prices: Prices, worth: Any) -> list[int]:
    """Return the cost of every course with its uses and its point priced, micro-dong; whole numbers of any size."""
    courses = problem.courses
    gain = np.zeros((len(worth) + 1, worth.shape[1]), object)
    for s, of_stage in enumerate(worth):
        gain[s + 1] = gain[s] + of_stage
    priced: list[int] = (courses.columns.cost.astype(object) + gain[courses.stays, courses.site]).tolist()
    for name, use in courses.columns.resources.items():
        price = prices.of(name)
        for row in np.flatnonzero(use).tolist() if price else ():
            priced[row] += price * int(use[row])
    return priced


def priced_city(problem: NetworkProblem, prices: Prices, worth: Any) -> list[list[int]]:
    """Return the cost of every city point open for 0, 1 ... S stages, micro-dong."""
    wards, stages = problem.wards, len(problem.stages)
    price = [0] * stages
    for name, s in problem.stage_rules.items():
        if kind_of(name) == "points":
            price[s] = prices.of(name)
    found = []
    for k in range(len(problem.points.city)):
        place = worth.shape[1] - len(problem.points.city) + k
        each = [
            int(problem.points.present[wards + k, s]) + int(worth[s, place]) - price[s] for s in range(stages)
        ]
        found.append([sum(each[:stays]) for stays in range(stages + 1)])
    return found


def allowed_stays(problem: NetworkProblem, k: int) -> range:
    """Return for how many stages a city point may be open."""
    stages, point = len(problem.stages), problem.wards + k
    if problem.points.required[point]:
        return range(stages, stages + 1)
    return range(1) if problem.points.excluded[point] else range(stages + 1)


def lower_bound(problem: NetworkProblem, prices: Prices) -> int:
    """Return what every plan costs at least, in millionths of a dong."""
    worth = worth_of_places(problem, prices)
    bound = sum(prices.served.ravel().tolist())
    least: dict[int, int] = {}
    for ward, cost in zip(
        problem.courses.columns.ward.tolist(), priced_courses(problem, prices, worth), strict=True
    ):
        least[ward] = min(least.get(ward, cost), cost)
    bound += sum(least.values())
    for k, costs in enumerate(priced_city(problem, prices, worth)):
        bound += min(costs[stays] for stays in allowed_stays(problem, k))
    return bound - sum(prices.of(name) * most for name, most in problem.limits.items())
