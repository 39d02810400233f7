"""The sheet Cost rows: the rows of ``costs.csv`` that every total of the workbook is made of."""

from __future__ import annotations

from planner.report.book import Book
from planner.report.figures import Figures
from planner.report.table import Column, Row, Table


def write_costs(book: Book, figures: Figures) -> None:
    """Write the amount of each unit, year and item, and name its columns for the formulas."""
    words = book.words
    columns = [
        Column("code", 8, "code"),
        Column("unit", 26, "no_wrap"),
        Column("year", 8, "year"),
        Column("item", 32, "no_wrap"),
        Column("heading", 24, "no_wrap"),
        *(Column(which, 19, "vnd", total=True) for which in figures.plans),
    ]
    order = {item: n for n, item in enumerate(one for items in figures.items.values() for one in items)}
    labels = {item: words.item(item) for item in order}
    headings = {item: words.of("heading", figures.heading_of[item]) for item in order}
    amounts = {which: costs.rows for which, costs in figures.costs.items()}
    keys = sorted(
        {key for costs in amounts.values() for key in costs},
        key=lambda key: (figures.place_of(key[0]), key[0], key[1], order[key[2]]),
    )
    rows: list[Row] = [
        {
            "code": ward,
            "unit": figures.names.get(ward, ""),
            "year": year,
            "item": labels[item],
            "heading": headings[item],
            **{which: costs[ward, year, item] for which, costs in amounts.items()},
        }
        for ward, year, item in keys
    ]
    table = Table(book, "costs", columns, rows, unit="unit.vnd", portrait=True)
    for key in ("code", "year", "item", "heading", *figures.plans):
        table.name(f"cost_{key}", table.cells_of(key))
    table.name("rows_total", table.total_of("plan"))
