"""Everything the page says of its plans, in one language, ready to be put in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.catchments import has_network
from planner.compare import NOTICED_PREMISES, NOTICED_UNITS
from planner.errors import InputError, Problem
from planner.maps.fold import folded
from planner.maps.network import KEY, demand_data, network_data, table_lines, unit_minutes
from planner.maps.reasons import item_names, reason_rows
from planner.maps.rivers import banks_of
from planner.maps.shapes import SCALE, area_differences, shapes_of
from planner.maps.states import BODIES, Action, Course, Index, Numbers, Seat, State, unit_actions
from planner.maps.words import clean, finite_exact, labels, say, say_measure, unbroken, whole
from planner.polygons import IMPORTED, shown_basis
from planner.wording import date, number, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.plan import Plan
    from planner.wording import Lang

MOST_AREAS = 10
"""So many units are named whose polygons are too large or too small."""
MOST_BASES = 3
"""So many sources of boundaries are named; a layer of this program has one."""
COLOURED = (
    "premises",
    "net_present_cost",
    "surplus_floor",
    "citizen_travel_mean",
    "body_distance_mean",
    "missing_to_norm",
    "centre_open_year",
)
"""Measures that the map can be coloured by; the last only where a plan opens a centre."""
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
CLASSES = 5
NOTICED_FIRST = "00004"


@dataclass
class Tile:
    """One headline figure with the lines below it."""

    key: str
    label: str
    value: str
    lines: list[str]
    estimated: bool = False


@dataclass
class Cell:
    """A cell of the table: lines of (text, tag) pairs; `sort` is the number a column is sorted by."""

    lines: list[list[tuple[str, str]]]
    sort: float | int | None = None
    kind: str = "text"
    extra: dict[str, str] = field(default_factory=dict)


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
    basis, shapes = shapes_of(plans[0].region, index.codes)
    schematic = sum(word.lower() in ("", "schematic") for word in basis)
    networks = [plan for plan in plans if has_network(plan)]
    demand, shared = demand_data(networks[0], index) if networks else ([], {})
    borders = [f"{words['schematic']}."] if schematic else []
    borders += [line for line in _borders(basis, lang) if not schematic or schematic < len(index.codes)]
    sheets = [_sheet(plan, index, *pair, borders=borders) for plan, pair in zip(plans, pairs, strict=True)]
    for sheet, plan in zip(sheets, plans, strict=True):
        if networks:
            sheet.data["network"] = network_data(plan, index, demand)
    _fold([sheet.data["states"] for sheet in sheets])
    banks, rivers = banks_of(plans[0], index.codes)
    foot = []
    if schematic:
        everywhere = schematic == len(index.codes)
        some = say(words["schematic_some"], n=number(schematic, lang))
        foot.append(words["schematic_long"] if everywhere else some)
    if differing := area_differences(plans[0].region):
        units = [f"{clean(name)} ({signed_share(by, lang)})" for name, by in differing[:MOST_AREAS]]
        more = len(differing) - len(units)
        foot.append(say(words["areas_more" if more else "areas"], x=", ".join(units), n=number(more, lang)))
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
            "colours": _colours(states) + _network_colours(networks),
            "items": item_names(lang),
            "compared": [key for key in COMPARED if key in pairs[0][0].values],
            "estimated": list(ON_FLOOR_AREA) if any(_surveyed(plan) < 1 for plan in plans) else [],
            "noticed": _noticed(plans[0]),
            "scenarios": [sheet.data for sheet in sheets],
            **({"demand": shared} if networks else {}),
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


def _sheet(plan: Plan, index: Index, state: State, today: State | None, *, borders: list[str]) -> Sheet:
    lang, words = index.lang, index.words
    to_do = unit_actions(plan, index)
    course = index.course(plan)
    title = clean(plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en)
    note = say(words["first_year_note"], year=str(course.years[0])) if course else ""
    rows = [_row(i, index, state, today, to_do[i], course) for i in range(len(index.codes))]
    if has_network(plan):
        for row, lines in zip(rows, table_lines(plan, index), strict=True):
            row.append(Cell([[(line, "")] for line in lines]))
    return Sheet(
        title=title,
        truth=_truth(plan, lang, borders),
        stamps=_stamps(plan, lang),
        tiles=_tiles(plan, index, state, today, course),
        note=note,
        rows=rows,
        has_today=today is not None,
        options=[_option(i, state, lang) for i in range(len(index.codes))],
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


def _network_colours(networks: Sequence[Plan]) -> list[dict[str, Any]]:
    values = [value for plan in networks for value in unit_minutes(plan)]
    return [{"key": KEY, "zero": 0, "breaks": class_breaks(values)[1]}] if values else []


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
            {"seats": [[unit, seats] for unit, seats in change.seats.items()], "sites": change.sites}
            for change in course.changes
        ],
        "figures": course.figures,
        "centres": course.centres,
    }


def _colours(states: Sequence[State]) -> list[dict[str, Any]]:
    """Return the classes of every measure, the same for all plans and for today, so that colours can be compared."""
    found: list[dict[str, Any]] = []
    for key in COLOURED:
        if key not in states[0].values and not any(key in state.values for state in states):
            continue
        values = [value for state in states for value in state.values.get(key, []) if value is not None]
        if key == "premises":
            most = max(2, int(max(values, default=1)))
            found.append({"key": key, "zero": 0, "breaks": list(range(2, most + 1))})
        elif key == "centre_open_year":
            years = sorted({int(value) for value in values if value})
            if years:
                found.append({"key": key, "zero": 1, "breaks": years[1:], "first": years[0]})
        else:
            zero, breaks = class_breaks(values)
            found.append({"key": key, "zero": int(zero), "breaks": breaks})
    return found


def class_breaks(values: Sequence[float], classes: int = CLASSES) -> tuple[bool, list[float]]:
    """Return whether zero is a class of its own, and the lower bounds of the classes but the first.

    Bounds are quantiles rounded to two digits, so that legends read well.
    """
    ordered = sorted(values)
    zero = (
        bool(ordered) and ordered[0] <= 0 and sum(value <= 0 for value in ordered) * classes >= len(ordered)
    )
    positive = [value for value in ordered if value > 0] if zero else ordered
    count = classes - 1 if zero else classes
    if not positive:
        return zero, []
    bounds = {_two_digits(positive[len(positive) * k // count]) for k in range(1, count)}
    return zero, sorted(bound for bound in bounds if positive[0] < bound <= positive[-1])


def _two_digits(value: float) -> float:
    rounded = float(f"{value:.2g}")
    return int(rounded) if rounded >= 10 else rounded


def signed_share(value: float, lang: Lang) -> str:
    """Return a difference as per cent with its sign: ``+22,8%``, ``−9,3%``."""
    return ("+" if value > 0 else "−") + share(abs(value), lang, 1)


def _truth(plan: Plan, lang: Lang, borders: list[str]) -> list[str]:
    words = labels(lang)
    lines = [proof_line(plan, lang)]
    surveyed = _surveyed(plan)
    if surveyed <= 0:
        lines.append(words["surveyed_none"])
    elif surveyed >= 1:
        lines.append(words["surveyed_all"])
    else:
        lines.append(say(words["surveyed"], x=share(surveyed, lang, 1)))
    return lines + borders


def _surveyed(plan: Plan) -> float:
    return float(plan.facts.get("surveyed_share") or 0)


def _stamps(plan: Plan, lang: Lang) -> list[str]:
    """Say by what a page can be told from another: scenario, day, code of the input files."""
    words = labels(lang)
    found = [f"{words['scenario']}: {clean(plan.scenario.name)}"]
    if plan.solved_on:
        found.append(say(words["stamp_date"], date=date(plan.solved_on, lang)))
    return [*found, say(words["stamp_code"], code=plan.input_code)]


def _borders(basis: list[str], lang: Lang) -> list[str]:
    """Say what the boundaries rest on that are not schematic: file, checksum and day of the import."""
    words = labels(lang)
    lines = []
    for word in sorted({clean(word) for word in basis} - {""}):
        if word.lower() != "schematic":
            key = "boundaries_imported" if word.startswith(f"{IMPORTED};") else "boundaries_of"
            lines.append(say(words[key], x=shown_basis(word, lang)))
    return lines[:MOST_BASES]


def proof_line(plan: Plan, lang: Lang) -> str:
    """Say how far the plan is proven: never more than its bound shows."""
    words = labels(lang)
    gap = finite_exact(plan.facts.get("gap"))
    if gap is None or plan.facts.get("status") not in ("optimal", "feasible"):
        return words["proof_open"]
    text = share(math.ceil(gap * 1e4 - 1e-9) / 1e4, lang, 0 if gap <= 0 else 2)
    return say(words["proof_optimal" if plan.facts["status"] == "optimal" else "proof_feasible"], gap=text)


def _tiles(plan: Plan, index: Index, state: State, today: State | None, course: Course | None) -> list[Tile]:
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
            change = _change(value, today.city[key], key, lang)
            assumed = key == "premises" and any(seat[4] for unit in today.seats for seat in unit)
            pattern = words["tile_today_assumed" if assumed else "tile_today"]
            said = say_measure(key, today.city[key], lang)
            lines.append(say(pattern, x=unbroken(said), change=unbroken(change)))
        if key == "premises" and course and (last := course.figures[-1].get("premises")) is not None:
            lines.insert(0, say(words["tile_end"], year=str(course.years[-1]), x=number(last, lang)))
        if key == "premises":
            notice = _noticed(plan)
            if notice is not None:
                lines.append(say(words["tile_notice"], x=number(notice, lang)))
        if key == "body_distance_mean" and "body_distance_max" in state.city:
            lines.append(say(words["tile_max"], x=say_measure(key, state.city["body_distance_max"], lang)))
        estimated = key in ON_FLOOR_AREA and _surveyed(plan) < 1
        tiles.append(Tile(key, label, say_measure(key, value, lang), lines, estimated))
    return tiles


def _noticed(plan: Plan) -> int | None:
    wards = plan.region.wards
    if "noticed_premises" in plan.facts:
        return whole(plan.facts["noticed_premises"])
    return NOTICED_PREMISES if len(wards) == NOTICED_UNITS and NOTICED_FIRST in wards.index else None


def _where_most(values: Numbers, names: Sequence[str]) -> str:
    known = [(value, -i) for i, value in enumerate(values) if value is not None]
    return names[-max(known)[1]] if known else ""


def _change(value: float, before: float, key: str, lang: Lang) -> str:
    words = labels(lang)
    difference = value - before
    if say_measure(key, abs(difference), lang) == say_measure(key, 0, lang):
        return words["same"]
    text = say_measure(key, abs(difference), lang)
    if before > 0 and key in ("net_present_cost", "missing_to_norm"):
        text = share(abs(difference) / abs(before), lang, 1)
    return say(words["less" if difference < 0 else "more"], x=text)


def _row(
    unit: int,
    index: Index,
    plan: State,
    today: State | None,
    to_do: Sequence[Action],
    course: Course | None,
) -> list[Cell]:
    lang, words = index.lang, index.words
    cells = [
        Cell([[(index.names[unit], "button")]], unit, "head", {"unit": str(unit)}),
        Cell([[(index.types[unit], "")]]),
        _number_cell(plan, "premises", unit, lang),
    ]
    if today:
        cells.append(_number_cell(today, "premises", unit, lang))
    cells.append(_seats_cell(unit, plan.seats[unit], index, course))
    if today:
        cells.append(_seats_cell(unit, today.seats[unit], index))
        counts = {verb: 0 for verb in ("open", "close", "move_in")}
        for verb, _site, parts, *_ in to_do:
            if verb in counts:
                counts[verb] += len(parts) or 1
        said = [say(words[f"n_{verb}"], n=number(count, lang)) for verb, count in counts.items() if count]
        cells.append(Cell([[(line, "")] for line in said or [words["n_none"]]], sum(counts.values())))
    cells.append(_number_cell(plan, "net_present_cost", unit, lang, 1e9, 1))
    if today:
        cells.append(_number_cell(today, "net_present_cost", unit, lang, 1e9, 1))
    cells.append(_number_cell(plan, "citizen_travel_mean", unit, lang, 1e3, 1))
    cells.append(_number_cell(plan, "citizen_travel_max", unit, lang, 1e3, 1))
    return cells


def _option(unit: int, state: State, lang: Lang) -> tuple[str, str]:
    """Return premises and cost of a unit, for the table that compares plans."""
    cells = (
        _number_cell(state, "premises", unit, lang),
        _number_cell(state, "net_present_cost", unit, lang, 1e9, 1),
    )
    return cells[0].lines[0][0][0], cells[1].lines[0][0][0]


def _number_cell(state: State, key: str, unit: int, lang: Lang, divide: float = 1, decimals: int = 0) -> Cell:
    value = state.values.get(key, [None] * (unit + 1))[unit]
    text = "–" if value is None else number(value / divide, lang, decimals)
    return Cell([[(text, "")]], value, "number")


def _seats_cell(unit: int, seats: Sequence[Seat], index: Index, course: Course | None = None) -> Cell:
    lines = _seat_lines(seats, index)
    for year, change in zip(course.years, course.changes, strict=True) if course else ():
        if unit in change.seats:
            lines.append([(say(index.words["from_year"], year=str(year)), "i")])
            lines += _seat_lines(change.seats[unit], index)
    return Cell(lines)


def _seat_lines(seats: Sequence[Seat], index: Index) -> list[list[tuple[str, str]]]:
    lines = []
    for site, names in seats_by_site(seats, index.parts):
        line = [(f"{index.sites['name'][site]}: ", "b")]
        for at, (name, assumed) in enumerate(names):
            line.append((("; " if at else "") + name, ""))
            if assumed:
                line.append((f" ({index.words['modelled_short']})", "i"))
        lines.append(line)
    return lines


def seats_by_site(
    seats: Sequence[Seat], parts: Sequence[Mapping[str, Any]]
) -> list[tuple[int, list[tuple[str, bool]]]]:
    """Return the sites of a unit, each with (name of a body or part, whether the program assumed its seat).

    A body is named as a whole where all its parts sit on one site, else part by part. For the whole the seat
    of its leaders counts: an address that was published for the People's Committee is its office's.
    """
    sites_of_body: dict[int, set[int]] = {}
    for part, site, *_ in seats:
        sites_of_body.setdefault(parts[part]["body"], set()).add(site)
    found: dict[int, dict[str, bool]] = {}
    for part, site, _tight, _norm, assumed in seats:
        what = parts[part]
        name = what["bodyname"] if len(sites_of_body[what["body"]]) == 1 else what["name"]
        names = found.setdefault(site, {})
        if what["lead"] or name not in names:
            names[name] = bool(assumed)
    return [(site, list(names.items())) for site, names in found.items()]
