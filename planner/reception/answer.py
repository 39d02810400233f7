"""The reception network of a scenario at an online share: points, counters, ways and money, beside today's network."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.demand import counters_for
from planner.errors import Infeasible
from planner.location.locate import locate
from planner.network.journeys import within
from planner.network.tables import minutes_of
from planner.program import Effort
from planner.reception.question import metres_of, pose
from planner.waiting import mean_wait
from planner.wording import problem

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.location.location import Location, Model
    from planner.reception.question import Ground, Question

DEFAULT_GAP = 1e-3
"""Relative gap of this verb unless another one is asked for: the last thousandth can take minutes."""
NOWHERE = -1
NEAR_MINUTES = (15, 30)
WORST = 5


@dataclass(frozen=True)
class Answer:
    """A network that was found.

    Attributes
    ----------
    location : Location
    points, catchments : DataFrame
        Rows of ``points.csv`` and ``catchments.csv``.
    summary : dict
        Figures of the network; under ``before`` the same of today's, where everybody files at the point of his ward.
    """

    question: Question
    location: Location
    points: pd.DataFrame
    catchments: pd.DataFrame
    summary: dict[str, Any]

    def facts(self) -> dict[str, Any]:
        """Return what ``--json`` prints for one share."""
        return {
            **self.location.facts(),
            "online_share": self.question.online_share,
            "year": self.question.year,
            "summary": self.summary,
        }


def answer(
    ground: Ground,
    model: Model,
    online_share: float,
    year: int,
    *,
    p: int | None = None,
    limit: float | None = None,
    effort: Effort | None = None,
) -> Answer:
    """Choose the points at an online share and count what comes of it.

    Parameters
    ----------
    p : int, optional
        How many points are open.
    limit : float, optional
        Minutes.
    effort : Effort, optional
        Without a gap `DEFAULT_GAP`.

    Raises
    ------
    InputError, Infeasible, NoPlanFound
        As `planner.location.locate.locate`.
    """
    effort = effort or Effort()
    effort = replace(effort, gap=DEFAULT_GAP if effort.gap is None else effort.gap)
    question = pose(ground, model, online_share, year)
    metres = None if limit is None else metres_of(limit, ground.scenario.prices.speed_kmh)
    try:
        location = locate(question.network, model, p, metres, effort)
    except Infeasible as error:
        raise Infeasible([_in_minutes(found, limit, metres) for found in error.problems]) from None
    names = {name: place for place, name in enumerate(question.network.candidates)}
    place = np.array(
        [names.get(location.assignment.get(name, ""), NOWHERE) for name in question.flows.ids], np.int64
    )
    is_open = np.isin(question.network.candidates, location.open)
    points = _points(question, is_open, place)
    today = _points(question, np.ones(len(is_open), bool), ground.own)
    summary = {**_figures(question, points, place), "before": _figures(question, today, ground.own)}
    return Answer(question, location, points, _catchments(question, place), summary)


def _in_minutes(found: Any, limit: float | None, metres: int | None) -> Any:
    """Return a problem about a limit with minutes beside the metres."""
    if found.code != "E911" or limit is None:
        return found
    values = dict(found.values)
    values["limit"] = f"{limit:g} min = {metres} m"
    return problem(found.code, found.where, **values)


def _points(question: Question, is_open: np.ndarray, place: Ints) -> pd.DataFrame:
    """Return the points with whom they serve; ``place`` is the point of every demand point."""
    ground, flows = question.ground, question.flows
    scenario, rule = ground.scenario, ground.scenario.reception
    served = np.flatnonzero(place != NOWHERE)
    load, people = (np.zeros(len(is_open), np.int64) for _ in range(2))
    np.add.at(load, place[served], flows.load[served, 0])
    np.add.at(people, place[served], flows.people[served])
    needed = [max(1, counters_for(int(n), scenario)) if o else 0 for n, o in zip(load, is_open, strict=True)]
    per_minute = load / rule.working_days * rule.peak_factor / rule.open_minutes_per_day
    wait = [
        mean_wait(count, float(rate), rule.minutes_per_file) if count else 0.0
        for count, rate in zip(needed, per_minute, strict=True)
    ]
    of_ward = (ground.points["kind"] == "ward").to_numpy()
    status = np.where(is_open, "kept", np.where(of_ward, "handed_over", "closed"))
    return ground.points.assign(
        status=status,
        load_files=load,
        counters_needed=needed,
        people=people,
        waiting_minutes=np.round(wait, 3),
    )


def _figures(question: Question, points: pd.DataFrame, place: Ints) -> dict[str, Any]:
    """Return the figures of a network."""
    ground, flows = question.ground, question.flows
    speed = ground.scenario.prices.speed_kmh
    rows = np.flatnonzero(place != NOWHERE)
    metres = ground.metres[rows, place[rows]]
    people = flows.people[rows]
    all_people = int(flows.people.sum())
    open_points = points[points["status"] == "kept"]
    load = open_points["load_files"].to_numpy()
    waits = open_points["waiting_minutes"].to_numpy(float)
    total = int(people.sum())
    return {
        "points_ward": int((open_points["kind"] == "ward").sum()),
        "points_city": int((open_points["kind"] == "city").sum()),
        "handed_over": int((points["status"] == "handed_over").sum()),
        "closed": int((points["status"] == "closed").sum()),
        "counters_needed": int(open_points["counters_needed"].sum()),
        "files_year": int(load.sum()),
        "people_not_served": all_people - total,
        "mean_km": float((people * metres).sum() / total / 1000) if total else 0.0,
        "farthest_minutes": minutes_of(int(metres.max(initial=0)), speed),
        **{
            f"share_within_{minutes}": (
                float(people[within(metres, minutes, speed)].sum() / all_people) if all_people else 0.0
            )
            for minutes in NEAR_MINUTES
        },
        "waiting_mean_minutes": float((waits * load).sum() / load.sum()) if load.sum() else 0.0,
        "waiting_worst_minutes": float(waits.max(initial=0.0)),
        "points_vnd_year": int(open_points["fixed_cost"].sum()),
        "travel_vnd_year": int(
            sum((flows.trips[rows, 0] * metres * ground.money.citizen_km // 1000).tolist())
        ),
        "worst_served": _worst(question, rows, metres, place),
    }


def _worst(question: Question, rows: Ints, metres: Ints, place: Ints) -> list[dict[str, Any]]:
    """Return the old communes with the farthest way, each once."""
    ground, places = question.ground, question.flows.places
    found: dict[str, dict[str, Any]] = {}
    for at in np.argsort(-metres, kind="stable").tolist():
        row = int(rows[at])
        code, ward = str(places["commune_code"].iloc[row]), str(places["ward_code"].iloc[row])
        if code in found:
            continue
        found[code] = {
            "commune_code": code,
            "commune": str(ground.region.communes.loc[code, "name"]),
            "ward": str(ground.region.wards.loc[ward, "name"]),
            "people": int(question.flows.people[row]),
            "point_id": str(ground.points["point_id"].iloc[int(place[row])]),
            "minutes": minutes_of(int(metres[at]), ground.scenario.prices.speed_kmh),
        }
        if len(found) == WORST:
            break
    return list(found.values())


def _catchments(question: Question, place: Ints) -> pd.DataFrame:
    """Return who goes where and how far, and where to before; people who are not served have no point."""
    ground, flows = question.ground, question.flows
    speed, ids = ground.scenario.prices.speed_kmh, ground.points["point_id"].to_numpy(object)
    n = np.arange(len(flows))
    there = place != NOWHERE
    now, before = ground.metres[n, place], ground.metres[n, ground.own]
    return pd.DataFrame(
        {
            "demand_id": flows.ids,
            "commune_code": flows.places["commune_code"].to_numpy(),
            "ward_code": flows.places["ward_code"].to_numpy(),
            "people": flows.people,
            "files": flows.files[:, 0],
            "trips": flows.trips[:, 0],
            "point_id": np.where(there, ids[place], ""),
            "road_m": pd.array(np.where(there, now, 0), dtype="Int64").copy(),
            "minutes": [
                minutes_of(int(m), speed) if ok else math.nan for m, ok in zip(now, there, strict=True)
            ],
            "before_point_id": ids[ground.own],
            "before_road_m": before,
            "before_minutes": [minutes_of(int(m), speed) for m in before],
        }
    ).assign(road_m=lambda table: table["road_m"].where(there))
