"""The reception network on the page: points, who files where in every stage, and the figures that follow the year."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.catchments import OPEN, Stage, has_network, minutes, names_of_points, point_rows, stages, ways
from planner.maps.reach import NOWHERE, Reach, origins_of
from planner.maps.words import clean, network_labels, place, say
from planner.network.measures import travel_of
from planner.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from planner.maps.states import Index
    from planner.plan import Plan

KEY = "reception_minutes"
ABSENT, IS_OPEN, CLOSED = range(3)
GRID = 10_000
"""Old communes stand to about ten metres: whole parts of a degree from the south-western one."""


def demand_data(origins: pd.DataFrame, index: Index) -> tuple[list[str], dict[str, Any]]:
    """Return where people set out from: ids; commune, unit, people, place."""
    communes = {code: i for i, code in enumerate(index.communes["code"])}
    codes, wards = origins["commune_code"].tolist(), origins["ward_code"].tolist()
    at = origins[["lat", "lon"]].to_numpy(float).tolist()
    base = [min(one[i] for one in at) for i in (0, 1)]
    return [f"{commune}-{ward}" for commune, ward in zip(codes, wards, strict=True)], {
        "commune": [communes[code] for code in codes],
        "unit": [index.unit_at[ward] for ward in wards],
        "people": origins["people"].tolist(),
        "at": [round((one[i] - base[i]) * GRID) for one in at for i in (0, 1)],
        "base": [round(one, 6) for one in base],
        "grid": GRID,
    }


def networks_data(plans: Sequence[Plan], index: Index) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what all plans share of where people go, and by plan what the page holds of its reception.

    A plan with a network has ``network``, another on the same page ``own_points``. Where no plan has a network there
    is nothing of either.
    """
    first = next((plan for plan in plans if has_network(plan)), None)
    if first is None:
        return {}, [{} for _ in plans]
    reach = Reach(index, origins_of(first))
    ids, demand = demand_data(reach.origins, index)
    found: list[dict[str, Any]] = []
    for plan in plans:
        kind = "network" if has_network(plan) else "own_points"
        data = network_data(plan, reach, ids) if has_network(plan) else own_points_data(plan, reach)
        found.append({kind: {"reach": reach.table_of(plan), **data}})
    return {"demand": demand, "reach": reach.data()}, found


def network_data(plan: Plan, reach: Reach, demand: Sequence[str]) -> dict[str, Any]:
    """Return the network of a plan for the page.

    Ways are coded as changes: demand point, point and metres in a row. The page knows the ways of everybody to his
    own unit's reception; stage 0 and today are what differs from them, mostly nothing, later stages what differs from
    the stage before. Names of wards' points are left out where they are those of the units.
    """
    index = reach.index
    today = plan.today if plan.today is not None and has_network(plan.today) else None
    both = [plan] if today is None else [plan, today]
    names = {key: name for one in reversed(both) for key, name in names_of_points(one).items()}
    ids = sorted(names)
    at_id = {key: i for i, key in enumerate(ids)}
    known = {key: row for one in reversed(both) for (key, _), row in point_rows(one).items()}
    units = [index.unit_at[str(known[key]["ward_code"])] for key in ids]
    city = [int(known[key]["kind"] == "city") for key in ids]
    own = {unit: p for p, unit in reversed(list(enumerate(units))) if not city[p]}
    found = stages(plan)
    places = {key: place(row["lat"], row["lon"]) for key, row in known.items()}
    before, changes = _own_ways(plan, reach, own), []
    for stage in found:
        now = _ways(plan, stage.year, demand, at_id)
        changes.append(_changes(before, now))
        before = now
    data: dict[str, Any] = {
        "years": [stage.year for stage in found],
        "speed": plan.scenario.prices.speed_kmh,
        "points": {
            "name": [
                "" if not c and clean(names[key]) == index.names[unit] else clean(names[key])
                for key, unit, c in zip(ids, units, city, strict=True)
            ],
            "unit": units,
            "city": city,
            "at": [places[key] for key in ids],
            "counters": [int(known[key]["counters"]) for key in ids],
        },
        "stages": [_stage(plan, stage, ids) for stage in found],
        "ways": changes,
        "today": None,
    }
    if today is not None:
        stage = stages(today)[-1]
        todays = point_rows(today)
        moved = {
            at_id[key]: place(row["lat"], row["lon"])
            for (key, _), row in todays.items()
            if place(row["lat"], row["lon"]) != places[key]
        }
        ways_today = _ways(today, stage.year, demand, at_id)
        data["today"] = {
            **_stage(today, stage, ids),
            "ways": _changes(_own_ways(today, reach, own), ways_today),
            "at": sorted([point, *where] for point, where in moved.items() if where),
        }
    return data


def own_points_data(plan: Plan, reach: Reach) -> dict[str, Any]:
    """Return the reception of a plan without a network: everybody files in his own unit, where its reception sits.

    Places, people and counters stand among seats and values; here are the years in which a reception moves, and what
    the ways come to.
    """
    by_year = reach.by_year(plan)
    years = sorted(by_year)
    kept = years[:1] + [after for before, after in pairwise(years) if by_year[before] != by_year[after]]
    people = reach.origins["people"].to_numpy(np.int64)
    speed = plan.scenario.prices.speed_kmh

    def figures(metres: Sequence[int]) -> dict[str, float]:
        travel = travel_of(people, np.array(metres, np.int64), speed)
        return {"mean": travel.mean_m, "within_15": travel.within[15], "within_30": travel.within[30]}

    today = reach.by_year(plan.today) if plan.today is not None else {}
    return {
        "years": kept,
        "speed": speed,
        "figures": [figures(by_year[year]) for year in kept],
        "today": figures(today[min(today)]) if today else None,
    }


def _own_ways(plan: Plan, reach: Reach, own: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return the ways to everybody's own point that the page works out for itself from who sits where at first."""
    by_year = reach.by_year(plan)
    units = [reach.index.unit_at[code] for code in reach.origins["ward_code"].tolist()]
    pairs = zip(units, by_year[min(by_year)], strict=True)
    return [(own.get(unit, NOWHERE), metres) if metres != NOWHERE else (NOWHERE, 0) for unit, metres in pairs]


def _stage(plan: Plan, stage: Stage, ids: Sequence[str]) -> dict[str, Any]:
    rows = point_rows(plan)
    mine = [rows.get((key, stage.year)) for key in ids]
    return {
        "status": [ABSENT if row is None else IS_OPEN if row["status"] in OPEN else CLOSED for row in mine],
        "needed": [int(row["counters_needed"]) if row else 0 for row in mine],
        "use": [_per_mille(int(row["load_files"]), int(row["capacity_files"])) if row else 0 for row in mine],
        "people": [int(row["people"]) if row else 0 for row in mine],
        "figures": {
            "points": stage.points,
            "wards": stage.of_wards,
            "city": stage.of_city,
            "closed": stage.closed,
            "counters": stage.counters,
            "mean": stage.mean_m,
            "within_15": stage.within_15,
            "within_30": stage.within_30,
        },
    }


def _per_mille(load: int, capacity: int) -> int:
    """Return a share in tenths of a per cent, half up."""
    return (2000 * load + capacity) // (2 * capacity) if capacity else 0


def _ways(plan: Plan, year: int, demand: Sequence[str], at_id: dict[str, int]) -> list[tuple[int, int]]:
    known = {way.demand_id: (at_id[way.point], way.road_m) for way in ways(plan, year)}
    return [known.get(key, (NOWHERE, 0)) for key in demand]


def _changes(before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]) -> list[int]:
    pairs = enumerate(zip(before, after, strict=True))
    return [value for n, (old, new) in pairs if old != new for value in (n, *new)]


def unit_minutes(plan: Plan) -> list[float]:
    """Return the mean minutes of every unit in every stage and today, for the classes of the colours."""
    found = []
    for one in (plan, plan.today):
        if one is None or not has_network(one):
            continue
        table = one.catchments.assign(both=one.catchments["people"] * one.catchments["road_m"])
        sums = table.groupby(["year", "ward_code"])[["both", "people"]].sum()
        found += [minutes(one, round(both / people)) for both, people in sums.to_numpy() if people]
    return found


def table_lines(plan: Plan, index: Index) -> list[list[str]]:
    """Return what the table says of every unit's point: kept, or when it is handed over and who serves then."""
    words = network_labels(index.lang)
    last = int(plan.points["year"].max())
    names = names_of_points(plan)
    rows = point_rows(plan)
    handed: dict[str, int] = {}
    for (key, year), row in sorted(rows.items(), key=lambda one: one[0][1]):
        if row["status"] == "handed_over":
            handed.setdefault(key, year)
    serving: dict[str, dict[str, int]] = {}
    for way in ways(plan, last):
        of_ward = serving.setdefault(way.ward, {})
        of_ward[way.point] = of_ward.get(way.point, 0) + way.people
    found = []
    for code in index.codes:
        closed = handed.get(f"ward-{code}")
        lines = [words["point_kept"] if closed is None else say(words["point_to"], year=str(closed))]
        order = sorted(serving.get(code, {}).items(), key=lambda one: (-one[1], one[0]))
        if [key for key, _ in order] != [f"ward-{code}"]:
            lines += [f"{clean(names[key])} ({number(people, index.lang)})" for key, people in order]
        found.append(lines)
    return found
