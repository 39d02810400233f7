"""The workbook of `planner reception SCENARIO`: figures by online share, points, who goes where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.reception.text import BEFORE, NETWORK, percent
from planner.reception.text import say as say_word
from planner.report.book import Book
from planner.report.cells import Cell, clean
from planner.report.table import Column, Row, Table
from planner.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reception.answer import Answer

_KINDS = {
    "mean_km": "decimal",
    "farthest_minutes": "decimal",
    "share_within_15": "share",
    "share_within_30": "share",
    "waiting_mean_minutes": "decimal",
    "waiting_worst_minutes": "decimal",
    "points_vnd_year": "vnd",
    "travel_vnd_year": "vnd",
}


def write_reception(answers: Sequence[Answer], path: Path, lang: str = "vi") -> None:
    """Write ``reception.xlsx``: one sheet of figures, one of points, one of catchments, all shares in each."""
    words = Words("en" if lang == "en" else "vi")
    scenario = answers[0].question.ground.scenario
    title = scenario.title_en if words.lang == "en" else scenario.title_vi
    book = Book(words, clean(title), scenario.name)
    _figures(book, answers)
    _points(book, answers)
    _catchments(book, answers)
    path.write_bytes(book.finish())


def _figures(book: Book, answers: Sequence[Answer]) -> None:
    lang = book.lang
    columns = [Column("figure", 44, label=book.words("reception.figure"))]
    columns += [
        Column(f"share{n}", 20, "decimal", label=percent(each.question.online_share, lang))
        for n, each in enumerate(answers)
    ]
    rows: list[Row] = [_row(book, key, [each.summary[key] for each in answers]) for key in NETWORK]
    rows.append({"figure": Cell(say_word("before", lang), "bold")})
    rows += [_row(book, key, [each.summary["before"][key] for each in answers]) for key in BEFORE]
    rows.append({"figure": Cell(say_word("proof", lang), "bold")})
    found = [each.location for each in answers]
    rows.append(_named(book, "status", [Cell(say_word(each.status, lang), "", "centre") for each in found]))
    rows.append(_named(book, "objective", [Cell(each.objective, "", "decimal") for each in found]))
    rows.append(_named(book, "gap", [Cell(each.gap, "", "share_exact") for each in found]))
    year = str(answers[0].question.year)
    Table(book, "reception", columns, rows, unit="unit.reception", years=year, frozen=1, filters="none")


def _row(book: Book, key: str, values: Sequence[object]) -> Row:
    return _named(book, key, [Cell(value, "", _KINDS.get(key, "int")) for value in values])


def _named(book: Book, key: str, cells: Sequence[Cell]) -> Row:
    named = {f"share{n}": cell for n, cell in enumerate(cells)}
    return {"figure": say_word(key, book.lang), **named}


def _points(book: Book, answers: Sequence[Answer]) -> None:
    words = book.words
    columns = [
        Column("online", 11, "share_exact", label=words("reception.online")),
        Column("point_id", 14, label=words("reception.point")),
        Column("name", 30, label=words("reception.name")),
        Column("kind", 12, "centre", label=words("reception.kind")),
        Column("status", 14, "centre", label=words("reception.status")),
        Column("site_id", 12, "centre", label=words("site_id")),
        Column("counters", 9, "int", label=words("reception.counters")),
        Column("counters_needed", 9, "int", label=words("reception.needed")),
        Column("capacity_files", 12, "int", label=words("reception.capacity")),
        Column("load_files", 12, "int", label=words("reception.load")),
        Column("people", 11, "int", label=words("people")),
        Column("waiting_minutes", 11, "decimal", label=words("reception.wait")),
        Column("fixed_cost", 17, "vnd", label=words("reception.cost")),
    ]
    rows: list[Row] = [
        {
            **row,
            "online": each.question.online_share,
            "kind": words.of("reception.kind", row["kind"]),
            "status": words.of("reception.status", row["status"]),
            "fixed_cost": int(row["fixed_cost"]),
        }
        for each in answers
        for row in each.points.to_dict("records")
    ]
    Table(book, "reception_points", columns, rows, unit="unit.vnd", filters="rows")


def _catchments(book: Book, answers: Sequence[Answer]) -> None:
    words = book.words
    columns = [
        Column("online", 11, "share_exact", label=words("reception.online")),
        Column("commune", 24, label=words("reception.commune")),
        Column("unit", 24),
        Column("people", 11, "int"),
        Column("files", 11, "int", label=words("reception.files")),
        Column("point_id", 14, label=words("reception.point")),
        Column("road_m", 11, "int", label=words("reception.metres")),
        Column("minutes", 9, "decimal", label=words("reception.minutes")),
        Column("before_road_m", 11, "int", label=words("reception.metres_before")),
        Column("before_minutes", 9, "decimal", label=words("reception.minutes_before")),
    ]
    rows: list[Row] = []
    region = answers[0].question.ground.region
    for each in answers:
        for row in each.catchments.to_dict("records"):
            served = bool(row["point_id"])
            rows.append(
                {
                    **row,
                    "online": each.question.online_share,
                    "commune": clean(region.communes.loc[row["commune_code"], "name"]),
                    "unit": clean(region.wards.loc[row["ward_code"], "name"]),
                    "road_m": int(row["road_m"]) if served else None,
                    "minutes": row["minutes"] if served else None,
                }
            )
    Table(book, "reception_catchments", columns, rows, unit="unit.reception", filters="rows")
