"""What a plan's reception network comes to, stage by stage: points, travel, the worst served, points handed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.measures import divide, half_up
from planner.network.measures import travel_of
from planner.network.tables import minutes_of

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan import Plan

OPEN = ("own", "kept")
WORST = 10


@dataclass(frozen=True)
class Stage:
    """Years in which the same points are open and the same people file at each.

    Attributes
    ----------
    year, last : int
        First and last year.
    points, of_wards, of_city, closed : int
        Points open, those of wards and of the city among them, and points that are closed.
    counters : int
        Counters that the files need.
    mean_m, max_m : int
        Way from the old communes to their points: mean over people, and the longest.
    within_15, within_30 : float
        Share of people.
    """

    year: int
    last: int
    points: int
    of_wards: int
    of_city: int
    closed: int
    counters: int
    mean_m: int
    max_m: int
    within_15: float
    within_30: float


@dataclass(frozen=True)
class Way:
    """An old commune, or the part of it in one unit, and the point that serves it."""

    demand_id: str
    commune: str
    ward: str
    people: int
    point: str
    road_m: int
    minutes: float


@dataclass(frozen=True)
class HandOver:
    """A unit whose point is closed.

    Attributes
    ----------
    year : int
        From which it is closed.
    site : str
        Where it was.
    frees : bool
        Nobody else sat there: the site is no longer used.
    space_m2 : int
        What the reception took there (tight fit).
    people : int
        Of the unit.
    served : list of (str, int)
        Points that serve them from that year on, with people; most people first.
    before_m, after_m : int
        Their mean way in the stage before, and from that year on.
    """

    ward: str
    year: int
    site: str
    frees: bool
    space_m2: int
    people: int
    served: list[tuple[str, int]]
    before_m: int
    after_m: int


def has_network(plan: Plan) -> bool:
    """Say whether a plan has a reception network."""
    return len(plan.points) > 0


def stages(plan: Plan) -> list[Stage]:
    """Return the stages of a plan in order; none where it has no network."""
    if not has_network(plan):
        return []
    years = sorted({int(year) for year in plan.points["year"]})
    end = plan.scenario.horizon.start_year + plan.scenario.horizon.years
    speed = plan.scenario.prices.speed_kmh
    found = []
    for year, after in zip(years, [*years[1:], end], strict=True):
        points = plan.points[plan.points["year"] == year]
        is_open = points["status"].isin(OPEN)
        served = plan.catchments[plan.catchments["year"] == year]
        travel = travel_of(served["people"].to_numpy(np.int64), served["road_m"].to_numpy(np.int64), speed)
        found.append(
            Stage(
                year=year,
                last=after - 1,
                points=int(is_open.sum()),
                of_wards=int((is_open & (points["kind"] == "ward")).sum()),
                of_city=int((is_open & (points["kind"] == "city")).sum()),
                closed=int((~is_open).sum()),
                counters=int(points["counters_needed"].sum()),
                mean_m=travel.mean_m,
                max_m=travel.max_m,
                within_15=travel.within[15],
                within_30=travel.within[30],
            )
        )
    return found


def mean_way(served: pd.DataFrame) -> int:
    """Return the mean way over people in metres of some rows of ``catchments.csv``."""
    pairs = list(zip(served["people"].tolist(), served["road_m"].tolist(), strict=True))
    return divide(sum(int(n) * int(m) for n, m in pairs), sum(int(n) for n, _ in pairs))


def minutes(plan: Plan, metres: int) -> float:
    """Return the minutes of a way to one decimal, as ``catchments.csv`` has them."""
    return minutes_of(metres, plan.scenario.prices.speed_kmh)


def ways(plan: Plan, year: int) -> list[Way]:
    """Return the ways of a stage in the order of ``catchments.csv``."""
    table = plan.catchments[plan.catchments["year"] == year]
    names = ("demand_id", "commune_code", "ward_code", "people", "point_id", "road_m", "minutes")
    rows = zip(*(table[name].tolist() for name in names), strict=True)
    return [Way(str(d), str(c), str(w), int(n), str(p), int(m), float(t)) for d, c, w, n, p, m, t in rows]


def rounded(value: float) -> float:
    """Return a share to a tenth of a per cent, halves up, as spreadsheets and the page show it."""
    return half_up(value, 3)


def worst(plan: Plan, year: int, count: int = WORST) -> list[Way]:
    """Return the old communes with the longest way in a stage; of equals the one with more people first."""
    return sorted(ways(plan, year), key=lambda way: (-way.road_m, -way.people))[:count]


def hand_overs(plan: Plan) -> list[HandOver]:
    """Return the ward points that a plan closes, by year and in the order of units."""
    if not has_network(plan):
        return []
    closed = plan.points[plan.points["status"] == "handed_over"].drop_duplicates("point_id")
    years = sorted({int(year) for year in plan.points["year"]})
    before_of = dict(zip(years[1:], years, strict=False))
    first = plan.first_year()
    seats: dict[str, list[tuple[str, str, int]]] = {}
    for ward, body, site, tight in zip(
        *(first[k].tolist() for k in ("ward_code", "body", "site_id", "tight_fit_m2")), strict=True
    ):
        seats.setdefault(str(ward), []).append((str(site), str(body), int(tight)))
    shared = Counter(site for rows in seats.values() for site in {site for site, *_ in rows})
    found = []
    for ward, year, site in zip(*(closed[k].tolist() for k in ("ward_code", "year", "site_id")), strict=True):
        mine = plan.catchments[plan.catchments["ward_code"] == ward]
        now, then = (mine[mine["year"] == one] for one in (before_of[int(year)], int(year)))
        served: Counter[str] = Counter()
        for point, people in zip(then["point_id"].tolist(), then["people"].tolist(), strict=True):
            served[str(point)] += int(people)
        rows = seats.get(str(ward), [])
        others = any(where == site and body != "reception" for where, body, _ in rows)
        found.append(
            HandOver(
                ward=str(ward),
                year=int(year),
                site=str(site),
                frees=not others and shared[site] == 1,
                space_m2=sum(tight for _, body, tight in rows if body == "reception"),
                people=sum(served.values()),
                served=sorted(served.items(), key=lambda one: (-one[1], one[0])),
                before_m=mean_way(now),
                after_m=mean_way(then),
            )
        )
    return sorted(found, key=lambda one: one.year)


def names_of_points(plan: Plan) -> dict[str, str]:
    """Return what points are called: a ward's point by the name of its ward."""
    return dict(zip(plan.points["point_id"].astype(str), plan.points["name"].astype(str), strict=True))


def point_rows(plan: Plan) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the rows of ``points.csv`` by point and first year of the stage."""
    columns = {name: plan.points[name].tolist() for name in plan.points.columns}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {(str(row["point_id"]), int(row["year"])): row for row in rows}
