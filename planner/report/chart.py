"""Charts that belong to the workbook: columns, lines and bars over cells, in the words and numbers of its language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.report.formats import FONT, number_format

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from planner.report.book import Book

Cells = list[object]
"""Sheet, first row, first column, last row, last column."""

COLOURS = ("#1F3864", "#8EA9DB", "#F4B183", "#A9D18E", "#BF8F00")
HEIGHT = 300
ROWS = 16
"""Rows that a chart covers, at 20 pixels a row."""


class Series(NamedTuple):
    """Cells that a chart draws: their name, and the colour by its place."""

    name: str
    values: Cells
    colour: int


def add_columns(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    width: int,
    *,
    title: str,
    axis: str,
    kind: str,
    categories: Cells,
    columns: Sequence[Series],
    lines: Sequence[Series] = (),
    stacked: bool = False,
) -> None:
    """Put a chart of columns over the years on a sheet; lines, where there are any, lie on top of them.

    Parameters
    ----------
    place : tuple of int
        Row and column of the upper left corner.
    width : int
        In pixels.
    axis : str
        What the numbers are, in words: tỷ đồng.
    kind : str
        How the numbers of the axis look, as cells do.
    """
    if not book.live:
        return
    options = {"type": "column"} | ({"subtype": "stacked"} if stacked else {})
    chart: Any = book.workbook.add_chart(options)
    for series in columns:
        chart.add_series(_filled(series, categories) | {"gap": 60, "overlap": 100 if stacked else 0})
    if lines:
        over: Any = book.workbook.add_chart({"type": "line"})
        for series in lines:
            drawn = {"color": COLOURS[series.colour], "width": 2.25}
            marker = {"type": "circle", "size": 5, "fill": {"color": COLOURS[series.colour]}}
            over.add_series(
                {"name": series.name, "categories": categories, "values": series.values}
                | {"line": drawn, "marker": marker}
            )
        chart.combine(over)
    _dress(book, chart, title)
    chart.set_x_axis({"name": book.words("year"), **_axis(), "num_format": "0", "label_position": "low"})
    chart.set_y_axis(
        {"name": axis, **_axis(), "num_format": number_format(kind, book.lang), "major_gridlines": _GRID}
    )
    chart.set_size({"width": width, "height": HEIGHT})
    sheet.insert_chart(*place, chart, {"object_position": 1})


def add_bars(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    size: tuple[int, int],
    *,
    title: str,
    axis: str,
    kind: str,
    categories: Cells,
    bars: Sequence[Series],
) -> None:
    """Put a chart of bars to the left and right of zero on a sheet, the first category on top."""
    if not book.live:
        return
    chart: Any = book.workbook.add_chart({"type": "bar"})
    for series in bars:
        chart.add_series(_filled(series, categories) | {"gap": 40, "overlap": 100})
    _dress(book, chart, title)
    chart.set_y_axis({**_axis(), "reverse": True, "label_position": "low"})
    chart.set_x_axis(
        {"name": axis, **_axis(), "num_format": number_format(kind, book.lang), "major_gridlines": _GRID}
    )
    chart.set_size({"width": size[0], "height": size[1]})
    sheet.insert_chart(*place, chart, {"object_position": 1})


_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}


def _filled(series: Series, categories: Cells) -> dict[str, Any]:
    fill = {"color": COLOURS[series.colour]}
    return {"name": series.name, "categories": categories, "values": series.values, "fill": fill}


def _axis() -> dict[str, Any]:
    return {
        "name_font": {"name": FONT, "size": 10, "bold": False},
        "num_font": {"name": FONT, "size": 10},
    }


def _dress(book: Book, chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 13}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 10}})
