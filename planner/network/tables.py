"""The tables of a plan's reception network: points, catchments, prices, and its rows of cost (docs/model.md, 7)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.demand import counters_for
from planner.network.flows import Stage
from planner.network.journeys import travel_of_year
from planner.network.problem import NetworkChoice, NetworkProblem

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.network.bound import Prices
    from planner.region import Region

POINTS = (
    "point_id ward_code name kind year status site_id lat lon counters capacity_files load_files counters_needed "
    "people"
)
CATCHMENTS = "demand_id commune_code ward_code year people files trips point_id road_m minutes"
PRICES = "kind id year price"
Served = tuple[Stage, "Ints"]
"""A stage, and the place at which each demand point is served in it, int64 (n,)."""


def served_at(problem: NetworkProblem, choice: NetworkChoice) -> list[Served]:
    """Return every stage with the place at which each demand point is served in it, stage 0 first."""
    own = problem.courses.site[choice.rows][problem.flows.ward]
    return [(problem.before, own), *zip(problem.stages, choice.place, strict=True)]


def cost_items(problem: NetworkProblem, choice: NetworkChoice) -> dict[str, Ints]:
    """Return the dong of the network's items by ward and year, shape (W, Y) each."""
    prices, flows, points = problem.instance.money, problem.flows, problem.points
    shape = (problem.wards, prices.years)
    found = {item: np.zeros(shape, np.int64) for item in ("citizen_travel", "points", "city_points")}
    n = np.arange(len(flows))
    for stage, place in served_at(problem, choice):
        metres = problem.journeys.metres[n, place]
        for t in range(stage.first, stage.stop):
            vnd = travel_of_year(flows.trips[:, t], metres, prices, t)
            np.add.at(found["citizen_travel"][:, t], flows.ward, vnd)
    stays = problem.courses.stays[choice.rows]
    # In stage 0, counted as -1, every point is open.
    for s, stage in enumerate([problem.before, *problem.stages], start=-1):
        for t in range(stage.first, stage.stop):
            found["points"][:, t] += points.yearly[: problem.wards, t] * (stays > s)
            city = points.yearly[problem.wards :, t] * (choice.city > s)
            np.add.at(found["city_points"][:, t], points.ward[problem.wards :], city)
    return found


def points_table(region: Region, problem: NetworkProblem, choice: NetworkChoice) -> pd.DataFrame:
    """Return the rows of ``points.csv``: one a point and stage."""
    points, flows, scenario = problem.points, problem.flows, problem.instance.scenario
    wards, start = problem.wards, scenario.horizon.start_year
    sites = region.sites.iloc[problem.courses.site[choice.rows]]
    own = sites[["lat", "lon"]].to_numpy(float)
    city = points.city[["lat", "lon"]].to_numpy(float)
    where = np.concatenate([own, city])
    names = [*region.wards["name"].astype(str), *points.city["name"].astype(str)]
    codes = np.array(problem.instance.wards, dtype=object)
    stays = [*problem.courses.stays[choice.rows].tolist(), *choice.city.tolist()]
    rows: list[tuple[Any, ...]] = []
    for number, (stage, place) in enumerate(served_at(problem, choice)):
        point = problem.point_of_place[place]
        load_of = (
            flows.load[:, number - 1] if number else flows.files[:, stage.first : stage.stop].max(axis=1)
        )
        load, people = (np.zeros(len(points.ids), np.int64) for _ in range(2))
        np.add.at(load, point, load_of)
        np.add.at(people, point, flows.people)
        for p, point_id in enumerate(points.ids):
            at_ward = p < wards
            if not number:
                status = "own" if at_ward else "kept"
            elif stays[p] >= number:
                status = "kept"
            else:
                status = "handed_over" if at_ward else "closed"
            served = int(load[p])
            needed = max(1, counters_for(served, scenario)) if people[p] else 0
            rows.append(
                (
                    point_id, codes[points.ward[p]], names[p], "ward" if at_ward else "city", start + stage.first,
                    status, str(sites.index[p]) if at_ward else "", where[p, 0], where[p, 1],
                    int(points.counters[p]), int(points.capacity[p]), served, needed, int(people[p]),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=POINTS.split())


def catchments_table(problem: NetworkProblem, choice: NetworkChoice) -> pd.DataFrame:
    """Return the rows of ``catchments.csv``: one a demand point and stage."""
    flows, scenario = problem.flows, problem.instance.scenario
    n = np.arange(len(flows))
    ids = np.array(problem.points.ids, dtype=object)
    frames = []
    for stage, place in served_at(problem, choice):
        metres = problem.journeys.metres[n, place]
        frames.append(
            pd.DataFrame(
                {
                    "demand_id": flows.ids,
                    "commune_code": flows.places["commune_code"],
                    "ward_code": flows.places["ward_code"],
                    "year": scenario.horizon.start_year + stage.first,
                    "people": flows.people,
                    "files": flows.files[:, stage.first],
                    "trips": flows.trips[:, stage.first],
                    "point_id": ids[problem.point_of_place[place]],
                    "road_m": metres,
                    "minutes": [minutes_of(int(m), scenario.prices.speed_kmh) for m in metres],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def minutes_of(metres: int, speed_kmh: int) -> float:
    """Return the minutes of a way to one decimal, half up."""
    exact = Decimal(metres) * 60 / (1000 * speed_kmh)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def prices_table(problem: NetworkProblem, prices: Prices) -> pd.DataFrame:
    """Return the rows of ``network_prices.csv``: prices of who is served and of counters, zero ones left out."""
    rows: list[tuple[str, str, int, int]] = []
    start = problem.instance.scenario.horizon.start_year
    for s, stage in enumerate(problem.stages):
        for kind, ids, table in (
            ("demand", problem.flows.ids, prices.served),
            ("capacity", problem.points.ids, prices.counter),
        ):
            rows += [
                (kind, name, start + stage.first, int(price))
                for name, price in zip(ids, table[:, s], strict=True)
                if price
            ]
    return pd.DataFrame(rows, columns=PRICES.split())
