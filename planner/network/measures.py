"""Measures of a reception network: how far people go at its start and its end, and how many points are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.measures import divide, half_up
from planner.model.columns import STAYS
from planner.network.journeys import within

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.network.problem import NetworkChoice, NetworkProblem
    from planner.network.tables import Served

UNITS = {
    "points_open_end": "points", "points_handed_over": "points", "city_points_open_end": "points",
    "counters_end": "counters", "reception_travel_mean_start": "m", "reception_travel_max_start": "m",
    "within_15_start": "share", "within_30_start": "share", "reception_travel_mean_end": "m",
    "reception_travel_max_end": "m", "within_15_end": "share", "within_30_end": "share",
}  # fmt: skip
"""Measures of the city in the order of ``measures.csv``, with their units (definitions: docs/audit.md)."""
MINUTES = (15, 30)


@dataclass(frozen=True)
class Travel:
    """How far people go.

    Attributes
    ----------
    mean_m, max_m : int
        Road metres one way: mean over people, and the longest.
    within : dict of int to float
        Share of people by `MINUTES`, four decimals.
    """

    mean_m: int
    max_m: int
    within: dict[int, float]


def travel_of(people: Ints, metres: Ints, speed_kmh: int) -> Travel:
    """Return how far people go; ``people`` and ``metres`` have shape (n,)."""
    everybody = int(people.sum())
    near = {minutes: int(people[within(metres, minutes, speed_kmh)].sum()) for minutes in MINUTES}
    return Travel(
        divide(int((metres * people).sum()), everybody),
        int(metres.max(initial=0)),
        {minutes: half_up(count / everybody, 4) if everybody else 0.0 for minutes, count in near.items()},
    )


def network_measures(
    problem: NetworkProblem, choice: NetworkChoice, points: pd.DataFrame, served: list[Served]
) -> pd.DataFrame:
    """Return rows of ``measures.csv``: the city's, then ``handed_over_year`` and mean travel at the end by ward."""
    last = points[points["year"] == points["year"].max()]
    is_open = last["status"].isin(["own", "kept"])
    at_city = last["kind"] == "city"
    leaves = problem.courses.columns.leaves[choice.rows]
    city: dict[str, float] = {
        "points_open_end": int(is_open.sum()),
        "points_handed_over": int((leaves != STAYS).sum()),
        "city_points_open_end": int((is_open & at_city).sum()),
        "counters_end": int(last["counters_needed"].sum()),
    }
    n = np.arange(len(problem.flows))
    for when, (_, place) in (("start", served[0]), ("end", served[-1])):
        city |= _travel(problem, problem.journeys.metres[n, place], when)
    rows = [("", name, unit, city[name]) for name, unit in UNITS.items()]
    start = problem.instance.scenario.horizon.start_year
    metres = problem.journeys.metres[n, served[-1][1]] * problem.flows.people
    total, count = (np.zeros(problem.wards, np.int64) for _ in range(2))
    np.add.at(total, problem.flows.ward, metres)
    np.add.at(count, problem.flows.ward, problem.flows.people)
    for ward, code in enumerate(problem.instance.wards):
        year = 0 if leaves[ward] == STAYS else start + int(leaves[ward])
        rows.append((code, "handed_over_year", "year", year))
        rows.append((code, "reception_travel_mean_end", "m", divide(int(total[ward]), int(count[ward]))))
    return pd.DataFrame(rows, columns=["ward_code", "measure", "unit", "value"]).astype({"value": float})


def _travel(problem: NetworkProblem, metres: Ints, when: str) -> dict[str, float]:
    speed = problem.instance.scenario.prices.speed_kmh
    found = travel_of(problem.flows.people, metres, speed)
    return {
        f"reception_travel_mean_{when}": found.mean_m,
        f"reception_travel_max_{when}": found.max_m,
        **{f"within_{minutes}_{when}": share for minutes, share in found.within.items()},
    }
