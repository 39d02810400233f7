"""The sheets Against today and Actions: what changes, and what has to be done for it."""

from __future__ import annotations

from planner.compare import actions
from planner.report.book import Book
from planner.report.cells import clean, whole
from planner.report.figures import Figures, Which, columns_of
from planner.report.table import Column, Row, Table

_COUNTED = ("premises", "floor_in_use", "citizen_travel_mean", "body_distance_mean")
_COSTED = ("cost_recurrent_year", "net_present_cost")
_NOT_SUMMED = ("citizen_travel_mean", "body_distance_mean")
_BOTH: tuple[Which, ...] = ("today", "plan")


def write_compare(book: Book, figures: Figures) -> None:
    """Write today, plan and difference of each unit."""
    words = book.words
    columns = [
        Column("no", 6, "int"),
        Column("code", 8, "code"),
        Column("unit", 24),
        Column("known_bodies", 9, "int", total=True),
    ]
    for measure in (*_COUNTED, *_COSTED):
        width, kind, difference = (
            (9, "int", "difference") if measure in _COUNTED else (11, "million", "difference_million")
        )
        group = words(f"measure.{measure}")
        total = measure not in _NOT_SUMMED
        for which in _BOTH:
            exact = figures.objective(which) if measure == "net_present_cost" else None
            columns.append(Column(f"{which}.{measure}", width, kind, words(which), group, total, exact))
        label = words("difference")
        columns.append(Column(f"difference.{measure}", width, difference, label, group, total))
    rows: list[Row] = []
    for number_, ward in enumerate(figures.wards, start=1):
        row: dict[str, object] = {
            "no": number_,
            "code": ward.code,
            "unit": ward.name,
            "known_bodies": figures.known_bodies.get(ward.code),
        }
        for which in _BOTH:
            for measure in _COUNTED:
                row[f"{which}.{measure}"] = whole(figures.measure(which, measure, ward.code))
            row[f"{which}.cost_recurrent_year"] = figures.ward_cost(
                which, ward.code, "recurrent", first_year=True
            )
            row[f"{which}.net_present_cost"] = figures.ward_present(which, ward.code)
        rows.append(row)
    Table(book, "compare", columns, rows, unit="unit.compare", frozen=3)


def write_actions(book: Book, figures: Figures) -> None:
    """Write what has to be done to get from today to the plan, with its cost counted from today."""
    words = book.words
    seats = figures.plans["today"].assignments
    was = {(ward, part): site for ward, part, site in columns_of(seats, "ward_code", "part", "site_id")}
    table = actions(figures.plan).to_dict("records")
    rows: list[Row] = []
    for row in sorted(table, key=lambda row: figures.place_of(row["ward_code"])):
        ward, part = row["ward_code"], row["part"]
        moves = row["action"] == "move_in"
        before = was.get((ward, part)) if moves else None
        rows.append(
            {
                "code": ward,
                "unit": figures.names.get(ward, ""),
                "action": words.of("action", row["action"]),
                "site_id": clean(row["site_id"]),
                "site_name": figures.site_name(row["site_id"]),
                "part": figures.part_name(part) if part else "",
                "from": figures.site_name(before) if before else "",
                "people": int(row["people"]) if moves else None,
                "one_off": int(row["one_off_vnd"]),
                "yearly": int(row["yearly_vnd"]),
            }
        )
    columns = [
        Column("code", 8, "code"),
        Column("unit", 22),
        Column("action", 16),
        Column("site_id", 12, "centre"),
        Column("site_name", 36),
        Column("part", 36),
        Column("from", 36),
        Column("people", 9, "int", total=True),
        Column("one_off", 17, "vnd", total=True),
        Column("yearly", 17, "vnd", total=True),
    ]
    Table(book, "actions", columns, rows, unit="unit.actions")
