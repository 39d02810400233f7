"""The rows of the table that stands in the file, for readers without the script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.maps.words import say
from planner.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.maps.states import Action, Course, Index, Seat, State
    from planner.wording import Lang


@dataclass
class Cell:
    """A cell of the table: lines of (text, tag) pairs; `sort` is the number a column is sorted by."""

    lines: list[list[tuple[str, str]]]
    sort: float | int | None = None
    kind: str = "text"
    extra: dict[str, str] = field(default_factory=dict)


def row_of(
    unit: int,
    index: Index,
    plan: State,
    today: State | None,
    to_do: Sequence[Action],
    course: Course | None,
) -> list[Cell]:
    """Return the cells of a unit."""
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


def option_of(unit: int, state: State, lang: Lang) -> tuple[str, str]:
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
