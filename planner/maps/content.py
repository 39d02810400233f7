"""Everything the page says of its plans, in one language, ready to be put in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.catchments import has_network
from planner.errors import InputError, Problem
from planner.maps.colours import COLOURED, colours, network_colours
from planner.maps.fold import folded
from planner.maps.headlines import CITY, ON_FLOOR_AREA, Tile, noticed, tiles_of
from planner.maps.network import networks_data, table_lines
from planner.maps.reasons import item_names, reason_rows
from planner.maps.rivers import banks_of
from planner.maps.rows import Cell, option_of, row_of
from planner.maps.shapes import SCALE, shapes_of
from planner.maps.states import BODIES, Course, Index, State, unit_actions
from planner.maps.truth import areas_line, borders_of, stamps, surveyed_share, truth
from planner.maps.words import clean, labels, say, say_measure
from planner.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan import Plan
    from planner.wording import Lang

COMPARED = (
    "premises",
    "net_present_cost",
    "cost_capital",
    "cost_recurrent_year",
    "cost_social_year",
    "citizen_travel_mean",
    "citizen_travel_max",
    "body_distance_mean",
    "floor_in_use",
    "surplus_floor",
    "tight_fit",
    "norm",
    "missing_to_norm",
    "staff",
    "counters",
    "parts_apart",
)
"""Measures of a unit's card, in this order; one that a plan does not have is left out."""
TOLD = ("citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "missing_to_norm")
"""Measures of units that the page is told for later years; premises and their floor follow from the signs."""


@dataclass
class Sheet:
    """What the page says of one plan: figures, table and, in ``data``, its part of the map."""

    title: str
    truth: list[str]
    stamps: list[str]
    tiles: list[Tile]
    note: str
    rows: list[list[Cell]]
    has_today: bool
    options: list[tuple[str, str]]
    data: dict[str, Any]
    has_network: bool = False


@dataclass
class Content:
    """Everything the page says; ``data`` is what all plans share and, under ``scenarios``, the map of each."""

    lang: Lang
    kicker: str
    sheets: list[Sheet]
    foot: list[str]
    schematic: bool
    data: dict[str, Any]
    has_network: bool = False


def page_content(plans: Sequence[Plan], lang: Lang) -> Content:
    """Collect what the page of one or several plans says, in one language.

    Raises
    ------
    InputError
        The plans are not of the same units, sites and parts (E811), or two have one name (E807).
    """
    check_together(plans)
    words = labels(lang)
    index = Index(plans, lang)
    pairs = [
        (index.state(plan), index.state(plan.today) if plan.today is not None else None) for plan in plans
    ]
    states = [state for pair in pairs for state in pair if state is not None]
    courses = [index.course(plan) for plan in plans]
    basis, shapes = shapes_of(plans[0].region, index.codes)
    schematic = sum(word.lower() in ("", "schematic") for word in basis)
    networks = [plan for plan in plans if has_network(plan)]
    demand, by_plan = networks_data(plans, index)
    borders = [f"{words['schematic']}."] if schematic else []
    borders += [line for line in borders_of(basis, lang) if not schematic or schematic < len(index.codes)]
    sheets = [
        _sheet(plan, index, *pair, course, borders=borders)
        for plan, pair, course in zip(plans, pairs, courses, strict=True)
    ]
    for sheet, of_network in zip(sheets, by_plan, strict=True):
        sheet.data |= of_network
    _fold([sheet.data["states"] for sheet in sheets])
    banks, rivers = banks_of(plans[0], index.codes)
    foot = []
    if schematic:
        everywhere = schematic == len(index.codes)
        some = say(words["schematic_some"], n=number(schematic, lang))
        foot.append(words["schematic_long"] if everywhere else some)
    if areas := areas_line(plans[0].region, lang):
        foot.append(areas)
    if any(index.approximate):
        foot.append(words["points_approximate"])
    foot += [words["estimates_note"]]
    if any(seat[4] for state, today in pairs for unit in (today or state).seats for seat in unit):
        foot.append(words["modelled_note"])
    foot.append(words["offline"])
    return Content(
        lang=lang,
        kicker=say(words["kicker"], n=number(len(index.codes), lang)),
        sheets=sheets,
        foot=foot,
        schematic=bool(schematic),
        data={
            "lang": lang,
            "scale": SCALE,
            "shapes": shapes,
            "units": {**index.units, "bank": banks},
            "rivers": rivers,
            "communes": index.communes,
            "sites": index.sites,
            "parts": index.parts,
            "bodies": [{"key": body, "name": words[f"body_{body}"]} for body in BODIES],
            "colours": colours(states, [course for course in courses if course]) + network_colours(networks),
            "items": item_names(lang),
            "compared": [key for key in COMPARED if key in pairs[0][0].values],
            "estimated": list(ON_FLOOR_AREA) if any(surveyed_share(plan) < 1 for plan in plans) else [],
            "noticed": noticed(plans[0]),
            "scenarios": [sheet.data for sheet in sheets],
            **demand,
        },
        has_network=bool(networks),
    )


def check_together(plans: Sequence[Plan]) -> None:
    """Refuse plans that cannot share a page.

    Raises
    ------
    InputError
        The plans are not of the same units, sites and parts (E811), or two have one name (E807).
    """
    first, problems = plans[0], []
    names: set[str] = set()
    for plan in plans:
        name = plan.scenario.name
        if name in names:
            fix = "Rename one: the name is that of the result folder."
            problems.append(Problem("E807", name, f"two scenarios are called {name}", fix))
        names.add(name)
        if _ground(plan) != _ground(first):
            text = f"has other units, sites or parts than {first.scenario.name}"
            fix = "One page shows results of the same data: solve both again, or draw two pages."
            problems.append(Problem("E811", name, text, fix))
    if problems:
        raise InputError(problems)


def _fold(states: Sequence[dict[str, Any]]) -> None:
    """Write the states of every plan but the first as differences from the first one's."""
    for name in ("plan", "today"):
        base = states[0][name]
        for one in states[1:]:
            if one[name] is not None:
                one[name] = folded(one[name], base)


def _ground(plan: Plan) -> tuple[list[str], list[str]]:
    """Return what plans of one page must have in common: the tables of the region, less parcels, and the parts."""
    shared = ("wards.csv", "communes.csv", "commune_ward.csv", "sites.csv", "today.csv")
    tables = sorted(item.sha256 for item in plan.region.inputs if Path(item.path).name in shared)
    return tables, [str(part) for part in plan.norms.parts.index]


def _sheet(
    plan: Plan, index: Index, state: State, today: State | None, course: Course | None, *, borders: list[str]
) -> Sheet:
    lang, words = index.lang, index.words
    to_do = unit_actions(plan, index)
    title = clean(plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en)
    tells = course is None or course.city
    note = "" if tells else say(words["first_year_note"], year=str(course.years[0] if course else ""))
    rows = [row_of(i, index, state, today, to_do[i], course) for i in range(len(index.codes))]
    if has_network(plan):
        for row, lines in zip(rows, table_lines(plan, index), strict=True):
            row.append(Cell([[(line, "")] for line in lines]))
    return Sheet(
        title=title,
        truth=truth(plan, lang, borders),
        stamps=stamps(plan, lang),
        tiles=tiles_of(plan, index, state, today, course),
        note=note,
        rows=rows,
        has_today=today is not None,
        options=[option_of(i, state, lang) for i in range(len(index.codes))],
        data={
            "name": clean(plan.scenario.name),
            "title": title,
            "note": _choice_note(state, course, plan.scenario.horizon.years, lang),
            "first_year_note": note,
            "years": plan.scenario.horizon.years,
            "reasons": reason_rows(plan, index),
            "city": {"plan": _city_data(state), "today": _city_data(today) if today else None},
            "states": {"plan": _state_data(state), "today": _state_data(today) if today else None},
            "actions": to_do,
            "course": _course_data(course) if course else None,
        },
        has_network=has_network(plan),
    )


def _choice_note(state: State, course: Course | None, years: int, lang: Lang) -> str:
    """Return the two figures by which a reader tells scenarios apart before choosing."""
    words, said = labels(lang), []
    if "premises" in state.city:
        count = number(state.city["premises"], lang)
        last = course.figures[-1].get("premises") if course else None
        if last is not None and last != state.city["premises"]:
            count = f"{count} → {number(last, lang)}"
        said.append(say(words["choice_premises"], n=count))
    if "net_present_cost" in state.city:
        cost = say_measure("net_present_cost", state.city["net_present_cost"], lang)
        said.append(say(words["choice_cost"], x=cost, years=number(years, lang)))
    return " · ".join(said)


def _state_data(state: State) -> dict[str, Any]:
    keys = dict.fromkeys((*COMPARED, *COLOURED))
    values = {key: state.values[key] for key in keys if key in state.values and _says(state, key)}
    return {"seats": state.seats, "status": state.status, "routes": state.routes, "values": values}


def _city_data(state: State) -> dict[str, float]:
    return {key: state.city[key] for key in CITY if key in state.city}


def _says(state: State, key: str) -> bool:
    return key != "centre_open_year" or any(state.values.get(key, []))


def _course_data(course: Course) -> dict[str, Any]:
    return {
        "years": course.years,
        "changes": [
            {
                "seats": [[unit, seats] for unit, seats in change.seats.items()],
                "sites": change.sites,
                # Unit and value in a row.
                "values": {
                    key: [one for pair in change.values[key] for one in pair]
                    for key in TOLD
                    if key in change.values
                },
            }
            for change in course.changes
        ],
        "figures": course.figures,
        "centres": course.centres,
        "city": {key: course.city[key] for key in CITY if key in course.city},
    }
