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

COLOURS = ("#1F3864", "#C55A11", "#8EA9DB", "#A9D18E")
HEIGHT = 300
ROWS = 16
"""Rows that a chart covers, at 20 pixels a row."""


class Frame(NamedTuple):
    """Where a chart lies: sheet, cell of its upper left corner, size and shift to the right in pixels."""

    sheet: Worksheet
    row: int
    column: int
    width: int
    height: int
    shift: int = 0


class Series(NamedTuple):
    """Cells that a chart draws: their name, and the place of their colour."""

    name: str
    values: Cells
    colour: int


def add_columns(
    book: Book,
    frame: Frame,
    title: str,
    categories: Cells,
    columns: Sequence[Series],
    *,
    axis: str,
    kind: str,
    lines: Sequence[Series] = (),
    stacked: bool = False,
    from_zero: bool = False,
) -> None:
    """Put a chart of columns over the years on a sheet; lines, where there are any, lie on top of them.

    Parameters
    ----------
    categories : list
        The cells with the years.
    axis : str
        What the numbers are, in words: tỷ đồng.
    kind : str
        How the numbers of the axis look, as cells do.
    from_zero : bool
        There are no negative numbers, and the axis begins at 0 though all of them are large.
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
            colour = {"color": COLOURS[series.colour]}
            marker = {"type": "circle", "size": 5, "fill": colour, "border": colour}
            over.add_series(
                {"name": series.name, "categories": categories, "values": series.values}
                | {"line": {**colour, "width": 2.25}, "marker": marker}
            )
        chart.combine(over)
    chart.set_x_axis({"name": book.words("year"), **_FONTS, "num_format": "0", "label_position": "low"})
    chart.set_y_axis(_numbers(book, axis, kind) | ({"min": 0} if from_zero else {}))
    _insert(chart, frame, title)


def add_bars(
    book: Book, frame: Frame, title: str, categories: Cells, bars: Sequence[Series], *, axis: str, kind: str
) -> None:
    """Put a chart of bars to the left and right of zero on a sheet, the first category on top."""
    if not book.live:
        return
    chart: Any = book.workbook.add_chart({"type": "bar"})
    for series in bars:
        chart.add_series(_filled(series, categories) | {"gap": 40, "overlap": 100})
    # The categories run down, so that the far end of their axis is the bottom: there the numbers stand.
    chart.set_y_axis({**_FONTS, "reverse": True, "label_position": "low", "interval_unit": 1})
    chart.set_x_axis({**_numbers(book, axis, kind), "label_position": "high"})
    _insert(chart, frame, title)


_FONTS = {
    "name_font": {"name": FONT, "size": 10, "bold": False},
    "num_font": {"name": FONT, "size": 10},
}


def _filled(series: Series, categories: Cells) -> dict[str, Any]:
    fill = {"color": COLOURS[series.colour]}
    return {"name": series.name, "categories": categories, "values": series.values, "fill": fill}


def _numbers(book: Book, axis: str, kind: str) -> dict[str, Any]:
    grid = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
    return {"name": axis, **_FONTS, "num_format": number_format(kind, book.lang), "major_gridlines": grid}


def _insert(chart: Any, frame: Frame, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 13}})
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 10}})
    chart.set_size({"width": frame.width, "height": frame.height})
    options = {"x_offset": frame.shift, "object_position": 1}
    frame.sheet.insert_chart(frame.row, frame.column, chart, options)
