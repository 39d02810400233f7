"""A table of a sheet: columns are said once, rows come as mappings, heading, totals and filter follow."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from planner.report.book import HEAD, ROW_HEIGHT, Book
from planner.report.cells import Cell, Formula, address, amount, span
from planner.report.formats import WRAPPED

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_PLACE = re.compile(r"\{(\^?)([\w.]+)\}")
Row = Mapping[str, object]
"""The cells of a row by the key of their column; what is not there stays empty."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    key : str
        Where its cells are in a row; its heading is the word of this name.
    width : float
        In characters.
    kind : str
        How its cells look. ``difference…`` is the column before less the one before that, row by row.
    label : str
        The heading where it is another word, or not one of the words.
    group : str
        A heading over this and its neighbours of the same group.
    total : bool
        Whether its sum stands below the rows.
    exact : int, optional
        The sum where it is rounded once, of amounts that are not whole.
    shown : bool
        False leaves the column out.
    """

    key: str
    width: float
    kind: str = "text"
    label: str = ""
    group: str = ""
    total: bool = False
    exact: int | None = None
    shown: bool = True

    @property
    def difference(self) -> bool:
        """Whether its cells are computed from the two columns before."""
        return self.kind.startswith("difference")


class Table:
    """A sheet that holds one table.

    Parameters
    ----------
    book, key, unit, years, portrait
        As `Book.sheet` takes them.
    columns : sequence of Column
        In order; those not shown are left out.
    rows : sequence of mapping
        In a formula ``{code}`` stands for the cell of its row in that column, ``{^code}`` for that of the row above.
    frozen : int
        How many columns stay when the sheet is scrolled.
    label : str
        The column in which the totals are named.
    filters : str
        ``sums``: rows may be filtered, and a row with the sums of those shown follows the total; ``rows``: without
        that row, for more is written below; ``none``: no filter.
    """

    def __init__(
        self,
        book: Book,
        key: str,
        columns: Iterable[Column],
        rows: Sequence[Row],
        *,
        unit: str,
        years: str = "",
        frozen: int = 2,
        portrait: bool = False,
        label: str = "unit",
        filters: Literal["sums", "rows", "none"] = "sums",
    ) -> None:
        self.book = book
        self.key = key
        self.columns = [column for column in columns if column.shown]
        self.sheet: Worksheet = book.sheet(
            key, [column.width for column in self.columns], unit=unit, years=years, portrait=portrait
        )
        grouped = any(column.group for column in self.columns)
        self.head = HEAD + 1 if grouped else HEAD
        self.top = self.head + 1
        self.end = self.top + len(rows)
        self.last_row = max(self.top, self.end - 1)
        self._places = {column.key: n for n, column in enumerate(self.columns)}
        self._code = self._places.get("code", 0)
        self._sums: list[float] = [0] * len(self.columns)
        self._label_key = label
        self._filters = filters
        self._write_head(grouped, frozen)
        for row, values in enumerate(rows, start=self.top):
            self._write_row(row, values)
        self._codes_as_text()
        totals = any(column.total for column in self.columns)
        if totals:
            self._write_totals()
        printed = self.end if totals else max(self.head, self.end - 1)
        self.sheet.print_area(0, 0, printed, len(self.columns) - 1)

    def cells_of(self, key: str) -> str:
        """Return the cells of a column below its heading, as names are defined."""
        n = self._places[key]
        return span(self.top, n, self.last_row, n, fixed="rc")

    def cell_of(self, key: str, row: int) -> str:
        """Return a cell of a column; rows count from 0, the total stands in row `len(rows)`."""
        return address(self.top + row, self._places[key], fixed="rc")

    def total_of(self, key: str) -> str:
        """Return the cell with the total of a column."""
        return address(self.end, self._places[key], fixed="rc")

    def range_of(self, key: str) -> list[object]:
        """Return the cells of a column below its heading, as charts take them."""
        n = self._places[key]
        return [self.sheet.get_name(), self.top, n, self.last_row, n]

    def place_of(self, key: str) -> int:
        """Return where a column is; they count from 0."""
        return self._places[key]

    def name(self, name: str, cells: str) -> None:
        """Define a name for cells of this table."""
        self.book.name(name, self.key, cells)

    def _label(self, column: Column) -> str:
        return column.label or self.book.words(column.key)

    def _write_head(self, grouped: bool, frozen: int) -> None:
        """Write the heading row, freeze it, repeat it in print, filter the rows below it."""
        sheet, head = self.sheet, self.head
        style = self.book.format("centre", "header")
        if grouped:
            self._write_groups()
        sheet.set_row(head, 48)
        for n, column in enumerate(self.columns):
            if column.group or not grouped:
                sheet.write_string(head, n, self._label(column), style)
        sheet.freeze_panes(head + 1, frozen)
        sheet.repeat_rows(HEAD, head)
        if self.end > self.top and self._filters != "none":
            sheet.autofilter(head, 0, self.end - 1, len(self.columns) - 1)

    def _write_groups(self) -> None:
        """Write the row of headings over several columns."""
        sheet, row = self.sheet, self.head - 1
        style = self.book.format("centre", "header")
        sheet.set_row(row, 34)
        groups = [column.group for column in self.columns]
        for n, column in enumerate(self.columns):
            if not column.group:
                # The filter needs the lower cell: the label stands there, the upper cell stays empty.
                sheet.write_blank(row, n, None, style)
                sheet.write_string(row + 1, n, self._label(column), style)
            elif n == 0 or groups[n - 1] != column.group:
                last = n + groups.count(column.group) - 1
                if last > n:
                    sheet.merge_range(row, n, row, last, column.group, style)
                else:
                    sheet.write_string(row, n, column.group, style)

    def _write_row(self, row: int, values: Row) -> None:
        """Write a row and make it as high as its longest wrapped text: not every program does so by itself."""
        lines = 1
        write, sheet = self.book.write, self.sheet
        amounts: list[float] = [0] * len(self.columns)
        for n, column in enumerate(self.columns):
            value = values.get(column.key)
            kind, style = column.kind, ""
            if isinstance(value, Cell):
                style, kind = value.style, value.kind or kind
                value = value.value
            if isinstance(value, str):
                if len(value) >= column.width and column.kind in WRAPPED:
                    lines = max(lines, math.ceil(len(value) * 1.1 / max(1, column.width - 1)))
            else:
                if column.difference:
                    value = Formula(self._difference(row, n), amounts[n - 1] - amounts[n - 2])
                elif isinstance(value, Formula):
                    text = value.text.replace("{code}", address(row, self._code, fixed="c"))
                    if "{" in text:
                        text = _PLACE.sub(lambda found: self._cell_named(found, row), text)
                    value = Formula(text, value.value)
                amounts[n] = amount(value)
                self._sums[n] += amounts[n]
            write(sheet, row, n, value, kind, style)
        if lines > 1:
            sheet.set_row(row, min(400, ROW_HEIGHT * lines + 1))

    def _cell_named(self, found: re.Match[str], row: int) -> str:
        return address(row - len(found[1]), self._places[found[2]], fixed="c")

    def _difference(self, row: int, n: int) -> str:
        return f"={address(row, n - 1)}-{address(row, n - 2)}"

    def _codes_as_text(self) -> None:
        """Keep Excel from marking codes such as 00004 as numbers stored as text."""
        spans = [
            span(self.top, n, self.last_row, n)
            for n, column in enumerate(self.columns)
            if column.kind == "code"
        ]
        if spans:
            self.sheet.ignore_errors({"number_stored_as_text": " ".join(spans)})

    def _write_totals(self) -> None:
        """Write the total row (SUM) and the row of what a filter shows (SUBTOTAL) below the rows."""
        for n, column in enumerate(self.columns):
            if column.exact is not None:
                self._sums[n] = column.exact
            if column.difference:
                self._sums[n] = self._sums[n - 1] - self._sums[n - 2]
        rows = [("total", "SUM({})"), ("filtered", "SUBTOTAL(109,{})")]
        if self._filters != "sums":
            rows.pop()
        for row, (style, function) in enumerate(rows, start=self.end):
            for n, column in enumerate(self.columns):
                value: object = None
                kind = "text"
                if column.total:
                    text = "=" + function.format(span(self.top, n, self.last_row, n))
                    if column.exact is not None:
                        text = f"=ROUND({text[1:]},0)"
                    if column.difference:
                        # Of the rounded totals beside it, so that the three agree.
                        text = self._difference(row, n)
                    value, kind = Formula(text, self._sums[n]), column.kind
                elif column.key == self._label_key:
                    value, kind = self.book.words(style), "no_wrap"
                self.book.write(self.sheet, row, n, value, kind, style)
