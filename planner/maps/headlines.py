"""The headline figures of a plan, each beside the arrangement in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.compare import NOTICED_PREMISES, NOTICED_UNITS
from planner.maps.truth import surveyed_share
from planner.maps.words import labels, say, say_measure, unbroken, whole
from planner.wording import number, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.maps.states import Course, Index, Numbers, State
    from planner.plan import Plan
    from planner.wording import Lang

HEADLINES = (
    "premises",
    "net_present_cost",
    "surplus_floor",
    "citizen_travel_mean",
    "citizen_travel_max",
    "body_distance_mean",
    "missing_to_norm",
)
"""Headline figures in order; the same in ``web/page/figures.js``, which shows them for every choice."""
CITY = (*HEADLINES, "premises_released", "body_distance_max")
ON_FLOOR_AREA = ("net_present_cost", "surplus_floor", "missing_to_norm")
"""Headline figures that are estimates as long as floor areas are."""
NOTICED_FIRST = "00004"


@dataclass
class Tile:
    """One headline figure with the lines below it."""

    key: str
    label: str
    value: str
    lines: list[str]
    estimated: bool = False


def tiles_of(
    plan: Plan, index: Index, state: State, today: State | None, course: Course | None
) -> list[Tile]:
    """Return the headline figures of a plan in its first year."""
    lang, words = index.lang, index.words
    years = number(plan.scenario.horizon.years, lang)
    tiles = []
    for key in HEADLINES:
        label = say(words["tile_cost"], years=years) if key == "net_present_cost" else words[f"tile_{key}"]
        value = state.city.get(key)
        if value is None:
            continue
        lines = []
        if key == "citizen_travel_max" and (farthest := _where_most(state.values.get(key, []), index.names)):
            lines.append(farthest)
        if key == "surplus_floor" and "premises_released" in state.city:
            lines.append(say(words["tile_surplus"], n=number(state.city["premises_released"], lang)))
        if today and key in today.city:
            differs = change(value, today.city[key], key, lang)
            assumed = key == "premises" and any(seat[4] for unit in today.seats for seat in unit)
            pattern = words["tile_today_assumed" if assumed else "tile_today"]
            said = say_measure(key, today.city[key], lang)
            lines.append(say(pattern, x=unbroken(said), change=unbroken(differs)))
        if key == "premises" and course and (last := course.figures[-1].get("premises")) is not None:
            lines.insert(0, say(words["tile_end"], year=str(course.years[-1]), x=number(last, lang)))
        if key == "premises":
            notice = noticed(plan)
            if notice is not None:
                lines.append(say(words["tile_notice"], x=number(notice, lang)))
        if key == "body_distance_mean" and "body_distance_max" in state.city:
            lines.append(say(words["tile_max"], x=say_measure(key, state.city["body_distance_max"], lang)))
        estimated = key in ON_FLOOR_AREA and surveyed_share(plan) < 1
        tiles.append(Tile(key, label, say_measure(key, value, lang), lines, estimated))
    return tiles


def noticed(plan: Plan) -> int | None:
    """Return how many premises the city has announced; None but for its 126 units."""
    wards = plan.region.wards
    if "noticed_premises" in plan.facts:
        return whole(plan.facts["noticed_premises"])
    return NOTICED_PREMISES if len(wards) == NOTICED_UNITS and NOTICED_FIRST in wards.index else None


def _where_most(values: Numbers, names: Sequence[str]) -> str:
    known = [(value, -i) for i, value in enumerate(values) if value is not None]
    return names[-max(known)[1]] if known else ""


def change(value: float, before: float, key: str, lang: Lang) -> str:
    """Say how a figure differs from another one, cost and missing area as a share."""
    words = labels(lang)
    difference = value - before
    if say_measure(key, abs(difference), lang) == say_measure(key, 0, lang):
        return words["same"]
    text = say_measure(key, abs(difference), lang)
    if before > 0 and key in ("net_present_cost", "missing_to_norm"):
        text = share(abs(difference) / abs(before), lang, 1)
    return say(words["less" if difference < 0 else "more"], x=text)
