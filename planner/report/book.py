"""An open workbook: sheets with title and print set-up, formats, cells and lines of cells, names."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from planner.report.cells import Cell, Formula, footer_text, harmless
from planner.report.formats import FONT, properties

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from planner.report.words import Words

CREATED = datetime.datetime(2025, 7, 1, tzinfo=datetime.UTC)
HEAD = 4
"""The row in which the contents of a sheet begin: title, scenario, unit and an empty row stand above."""
ROW_HEIGHT = 15


class Book:
    """An open workbook and the words it is written in."""

    live = True
    """Whether formulas calculate and cells hold more than they show."""

    def __init__(self, words: Words, title: str, name: str) -> None:
        self.words = words
        self.lang = words.lang
        self.title = title
        self.buffer = io.BytesIO()
        self.workbook = self.open_workbook()
        self.workbook.set_properties(
            {
                "title": f"{words('title.summary')}: {title}"[:250],
                "author": "planner",
                "comments": name[:250],
                "created": CREATED,
            }
        )
        self.workbook.set_size(2400, 1400)
        self._formats: dict[tuple[str, str], Format] = {}

    def open_workbook(self) -> Workbook:
        """Return an empty workbook in memory that makes nothing but text of text."""
        import xlsxwriter

        return xlsxwriter.Workbook(
            self.buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": 11},
            },
        )

    def finish(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.workbook.close()
        return self.buffer.getvalue()

    def format(self, kind: str, style: str = "") -> Format:
        """Return the format of a kind of cell (text, code, vnd) in a style (bold, total, estimated)."""
        found = self._formats.get((kind, style))
        if found is None:
            made = self.workbook.add_format(properties(kind, style, self.lang))
            found = self._formats[kind, style] = made
        return found

    def sheet(
        self, key: str, widths: Iterable[float], *, unit: str, years: str = "", portrait: bool = False
    ) -> Worksheet:
        """Add a sheet: title, scenario, unit of measure, widths of columns and print set-up.

        Parameters
        ----------
        key : str
            ``summary``: its name and title are the words ``sheet.summary`` and ``title.summary``.
        widths : iterable of float
            In characters.
        unit : str
            The word that says in which unit its figures are.
        years : str
            Which years all of its rows are about.
        portrait : bool
            How the paper lies.
        """
        words = self.words
        sheet = self.workbook.add_worksheet(words(f"sheet.{key}"))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, words(f"title.{key}").upper(), self.format("plain_text", "title"))
        self.write(sheet, 1, 0, f"{words('scenario')}: {self.title}", "plain_text", "subtitle")
        note = words(unit) if self.live or unit != "unit.million" else words("unit.million_shown")
        note = f"{note}; {words('year').lower()} {years}" if years else note
        sheet.write_string(2, 0, note, self.format("plain_text", "unit"))
        sheet.set_row(0, 24)
        if not portrait:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.7)
        sheet.hide_gridlines(2)
        title = footer_text(f" {self.title}", 90)
        sheet.set_footer(f"&L&9{title}&C&9&A&R&9{words('footer.page')} &P/&N")
        return sheet

    def write(
        self, sheet: Worksheet, row: int, column: int, value: object, kind: str, style: str = ""
    ) -> None:
        """Write one cell. Text is always written as text: no formula, link or number is made of it."""
        text, like_a_formula = harmless(value) if isinstance(value, str) else ("", False)
        look = self.format(kind, f"{style}+quoted" if like_a_formula else style)
        if text:
            sheet.write_string(row, column, text, look)
        elif isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, look, value.value)
        elif isinstance(value, (int, float)) and math.isfinite(value):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_blank(row, column, None, look)

    def line(
        self, sheet: Worksheet, row: int, values: Iterable[object], kind: str = "text", style: str = ""
    ) -> None:
        """Write cells from the first column on: numbers of a kind, text and blanks as text."""
        for column, value in enumerate(values):
            if isinstance(value, Cell):
                self.write(sheet, row, column, value.value, value.kind or kind, value.style or style)
            else:
                of_text = value is None or isinstance(value, str)
                self.write(sheet, row, column, value, "text" if of_text else kind, style)

    def across(
        self, sheet: Worksheet, row: int, left: int, right: int, text: str, kind: str, style: str = ""
    ) -> None:
        """Write a text over several cells, so that no border runs through it."""
        if right > left:
            sheet.merge_range(row, left, row, right, "", self.format(kind, style))
        self.write(sheet, row, left, text, kind, style)

    def name(self, name: str, key: str, cells: str) -> None:
        """Define a name for cells of a sheet, for formulas that people can read."""
        self.workbook.define_name(name, f"='{self.words(f'sheet.{key}')}'!{cells}")
