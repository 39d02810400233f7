"""Measures of the reception network: docs/audit.md says what each means."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from planner.audit.handed import Handed, open_points, people_within
from planner.audit.needs import decimals
from planner.audit.network import Stage

UNITS = {
    "points_open_end": "points", "points_handed_over": "points", "city_points_open_end": "points",
    "counters_end": "counters", "reception_travel_mean_start": "m", "reception_travel_max_start": "m",
    "within_15_start": "share",
    "within_30_start": "share", "reception_travel_mean_end": "m", "reception_travel_max_end": "m",
    "within_15_end": "share", "within_30_end": "share", "handed_over_year": "year",
}  # fmt: skip


def measures(handed: Handed) -> dict[tuple[str, str], Fraction | int]:
    """Return every measure of the network, by ward ("" for the whole city) and name."""
    network = handed.network
    start, end = network.stages[0], network.stages[-1]
    open_end = open_points(handed, end)
    loads = {point: handed.load(point, end) for point in network.points if handed.served_by(point, end)}
    everybody = range(len(network.demand))
    people = sum(demand.people for demand in network.demand)
    found: dict[tuple[str, str], Fraction | int] = {
        ("", "points_open_end"): len(open_end),
        ("", "points_handed_over"): len(handed.closes),
        ("", "city_points_open_end"): sum(point in network.city for point in open_end),
        ("", "counters_end"): sum(network.counters_needed(load) for load in loads.values()),
    }
    for name, stage in (("start", start), ("end", end)):
        found["", f"reception_travel_mean_{name}"] = _mean(handed, everybody, stage)
        found["", f"reception_travel_max_{name}"] = max(
            (handed.road(i, stage) or 0 for i in everybody), default=0
        )
        for minutes in (15, 30):
            near = people_within(handed, stage, network.metres_within(Fraction(minutes)))
            found["", f"within_{minutes}_{name}"] = decimals(near, people, 4)
    for code in network.cases:
        found[code, "handed_over_year"] = handed.closes.get(code, 0)
        found[code, "reception_travel_mean_end"] = _mean(handed, network.of_ward[code], end)
    return found


def _mean(handed: Handed, points: Iterable[int], stage: Stage) -> Fraction:
    """Return the mean road metres of some demand points to their point, by people."""
    demand, chosen = handed.network.demand, list(points)
    metres = sum(demand[i].people * (handed.road(i, stage) or 0) for i in chosen)
    return decimals(metres, sum(demand[i].people for i in chosen), 0)
