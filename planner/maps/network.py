"""The reception network on the page: points, who files where in every stage, and the figures that follow the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.catchments import OPEN, Stage, has_network, minutes, names_of_points, point_rows, stages, ways
from planner.maps.words import clean, network_labels, place, say
from planner.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.maps.states import Index
    from planner.plan import Plan

KEY = "reception_minutes"
ABSENT, IS_OPEN, CLOSED = range(3)
GRID = 10_000
"""Old communes stand to about ten metres: whole parts of a degree from the south-western one."""


def demand_data(plan: Plan, index: Index) -> tuple[list[str], dict[str, Any]]:
    """Return where people set out from, in the order of ``commune_ward.csv``: ids; commune, unit, people, place."""
    region = plan.region
    communes = {code: i for i, code in enumerate(index.communes["code"])}
    ids: list[str] = []
    rows: dict[str, list[Any]] = {"commune": [], "unit": [], "people": []}
    at = []
    for commune, ward, people, kind in zip(
        *(region.pairs[name].tolist() for name in ("commune_code", "ward_code", "population", "kind")),
        strict=True,
    ):
        if not people > 0:
            continue
        here = region.communes.loc[commune, ["lat", "lon"]].to_numpy(float)
        if kind != "whole":
            here = (here + region.wards.loc[ward, ["lat", "lon"]].to_numpy(float)) / 2
        ids.append(f"{commune}-{ward}")
        rows["commune"].append(communes[str(commune)])
        rows["unit"].append(index.unit_at[str(ward)])
        rows["people"].append(int(people))
        at.append([float(here[0]), float(here[1])])
    base = [min(one[i] for one in at) for i in (0, 1)]
    flat = [round((one[i] - base[i]) * GRID) for one in at for i in (0, 1)]
    return ids, {**rows, "at": flat, "base": [round(one, 6) for one in base], "grid": GRID}


def network_data(plan: Plan, index: Index, demand: Sequence[str]) -> dict[str, Any] | None:
    """Return the network of a plan for the page, None where it has none.

    Ways are coded by position: the points of stage 0 and the metres to them, then, for every later stage and for
    today, only what differs, as demand point, point and metres in a row.
    """
    if not has_network(plan):
        return None
    today = plan.today if plan.today is not None and has_network(plan.today) else None
    both = [plan] if today is None else [plan, today]
    names = {key: name for one in reversed(both) for key, name in names_of_points(one).items()}
    ids = sorted(names)
    at_id = {key: i for i, key in enumerate(ids)}
    known = {key: row for one in reversed(both) for (key, _), row in point_rows(one).items()}
    found = stages(plan)
    places = {key: place(row["lat"], row["lon"]) for key, row in known.items()}
    first = _ways(plan, found[0].year, demand, at_id)
    before, later = first, []
    for stage in found[1:]:
        now = _ways(plan, stage.year, demand, at_id)
        later.append(_changes(before, now))
        before = now
    data: dict[str, Any] = {
        "years": [stage.year for stage in found],
        "speed": plan.scenario.prices.speed_kmh,
        "points": {
            "name": [clean(names[key]) for key in ids],
            "unit": [index.unit_at[str(known[key]["ward_code"])] for key in ids],
            "city": [int(known[key]["kind"] == "city") for key in ids],
            "at": [places[key] for key in ids],
            "counters": [int(known[key]["counters"]) for key in ids],
            "capacity": [int(known[key]["capacity_files"]) for key in ids],
        },
        "stages": [_stage(plan, stage, ids) for stage in found],
        "first": [list(pair) for pair in zip(*first, strict=True)],
        "later": later,
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
        data["today"] = {
            **_stage(today, stage, ids),
            "ways": _changes(first, _ways(today, stage.year, demand, at_id)),
            "at": sorted([point, *where] for point, where in moved.items() if where),
        }
    return data


def _stage(plan: Plan, stage: Stage, ids: Sequence[str]) -> dict[str, Any]:
    rows = point_rows(plan)
    mine = [rows.get((key, stage.year)) for key in ids]
    return {
        "status": [ABSENT if row is None else IS_OPEN if row["status"] in OPEN else CLOSED for row in mine],
        "needed": [int(row["counters_needed"]) if row else 0 for row in mine],
        "load": [int(row["load_files"]) if row else 0 for row in mine],
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


def _ways(plan: Plan, year: int, demand: Sequence[str], at_id: dict[str, int]) -> list[tuple[int, int]]:
    known = {way.demand_id: (at_id[way.point], way.road_m) for way in ways(plan, year)}
    return [known.get(key, (-1, 0)) for key in demand]


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
