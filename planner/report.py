"""The workbook for budget staff: every dong as a number, totals as formulas, assumptions with sources."""

from __future__ import annotations

import datetime
import functools
import gc
import io
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.compare import NOTICED_PREMISES, NOTICED_UNITS, actions
from planner.plan import BODIES
from planner.report_words import TEXT, UNITS_VI
from planner.wording import Lang, collation_key, number, share

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from planner.plan import Plan

HEADINGS = ("capital", "recurrent", "social", "income")
ITEMS = {
    "renovation": "capital",
    "fit_out": "capital",
    "moves": "capital",
    "running": "recurrent",
    "site_fixed": "recurrent",
    "hall_rent": "recurrent",
    "staff_travel": "social",
    "cohesion": "social",
    "citizen_travel": "social",
    "crowding": "social",
    "release_income": "income",
}
SHEETS = (
    "summary",
    "units",
    "items",
    "costs",
    "arrangement",
    "premises",
    "compare",
    "actions",
    "assumptions",
    "norms",
)
TODAY_SHEETS = ("compare", "actions")
FONT = "Times New Roman"
CREATED = datetime.datetime(2025, 7, 1, tzinfo=datetime.UTC)
MAX_CELL = 32767
MILLION = 1_000_000
ROW_HEIGHT = 15

_NUMBER_FORMATS = {
    "int": "#,##0;-#,##0;0",
    "vnd": '#,##0;-#,##0;"–"',
    "million": '#,##0,,;-#,##0,,;"–"',
    "billion": "#,##0.0,,,",
    "difference_billion": '+#,##0.0,,,;-#,##0.0,,,;"–"',
    "difference": '+#,##0;-#,##0;"–"',
    "difference_million": '+#,##0,,;-#,##0,,;"–"',
    "share": "0.0%",
    "share_exact": "0.0##%",
    "share_signed": '+0.0%;-0.0%;"–"',
    "decimal": "#,##0.##########",
    "factor": "0.000000",
    "year": "0",
}
_DROP = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF]
)
_SPACE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
_TRIGGERS = "=+-@\t\r\n|%"
_LEADING = re.compile(r"^[\s\u200b\u2060]*[=+\-@＝＋－＠|%]")


class Formula(NamedTuple):
    """A formula and the value it has when nothing was changed, for readers that do not calculate."""

    text: str
    value: float | str


class Cell(NamedTuple):
    """A value that looks different from the rest of its column: another kind, another style."""

    value: object
    style: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: heading, width in characters, how its cells look."""

    label: str
    width: float
    kind: str = "text"
    group: str = ""


def clean(value: object) -> str:
    """Return text as a cell may hold it: NFC, no control or direction characters, at most 32,767 long."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return _cleaned(str(value))


@functools.lru_cache(maxsize=1 << 16)
def _cleaned(text: str) -> str:
    """Return the text cleaned; most texts come many times."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = unicodedata.normalize("NFC", text).translate(_DROP)
    if not text.isprintable():
        text = text.translate(_SPACE)
    return text[:MAX_CELL]


def number_of(text: object) -> float | int | None:
    """Return the number a settings cell holds (``8%`` is 0.08), None where it holds none."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, (int, float)):
        return None if math.isnan(text) else text
    raw = str(text).strip()
    per_cent = raw.endswith("%")
    try:
        value = float(raw.rstrip("%"))
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if per_cent:
        return round(value / 100, 10)
    return int(value) if value.is_integer() else value


def _escape_code(text: str, limit: int) -> str:
    """Return text for a header or footer, where ``&`` starts a code."""
    return clean(text)[:limit].replace("&", "&&")


class _Words:
    """The words of one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._column = 0 if lang == "vi" else 1

    def __call__(self, key: str) -> str:
        return TEXT[key][self._column]

    def of(self, family: str, value: object) -> str:
        """Return the label of a code, the code itself where there is no label."""
        pair = TEXT.get(f"{family}.{value}")
        return pair[self._column] if pair else clean(value)

    def item(self, item: str) -> str:
        """Return the label of a cost item; an unknown one is named as such."""
        pair = TEXT.get(f"item.{item}")
        return pair[self._column] if pair else f"{self('item.other')}: {clean(item)}"

    def pick(self, row: Mapping[str, Any]) -> str:
        """Return the text of a table row in this language."""
        return clean(row.get(self.lang, ""))

    def source(self, row: Mapping[str, Any]) -> str:
        """Return where a figure comes from, in this language where the table has it."""
        return clean(row.get(f"source_{self.lang}")) or clean(row.get("source")) or self("status.none")

    def note(self, row: Mapping[str, Any]) -> str:
        """Return the note of a figure, in this language where the table has it."""
        return clean(row.get(f"note_{self.lang}")) or clean(row.get("note"))

    def status(self, row: Mapping[str, Any]) -> str:
        """Return how far a figure can be trusted."""
        return self.of("status", row.get("status")) or self("status.none")

    def unit(self, unit: object) -> str:
        """Return a unit of the settings table in this language."""
        text = clean(unit)
        return UNITS_VI.get(text, text) if self.lang == "vi" else text


@dataclass
class _Ward:
    code: str
    name: str
    type: str


@dataclass
class _Costs:
    """Sums of one plan's cost rows, for the values that formulas carry."""

    cells: dict[tuple[str, int, str], int] = field(default_factory=dict)
    by_item_year: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    by_ward_heading: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    by_ward_heading_year: dict[tuple[str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    by_ward_year: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    by_year: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    heading_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> _Costs:
        sums = cls()
        for ward, year, item, heading, vnd in _lists(table, "ward_code", "year", "item", "heading", "vnd"):
            year, vnd = int(year), int(vnd)
            key = (ward, year, item)
            sums.cells[key] = sums.cells.get(key, 0) + vnd
            sums.by_item_year[item, year] += vnd
            sums.by_ward_heading[ward, heading] += vnd
            sums.by_ward_heading_year[ward, heading, year] += vnd
            sums.by_ward_year[ward, year] += vnd
            sums.by_year[year] += vnd
            sums.heading_of.setdefault(item, heading)
        return sums


class Book:
    """An open workbook with the words, formats and sums that the sheets share."""

    live = True
    """Whether formulas calculate and cells hold more than they show."""

    def __init__(self, plan: Plan, lang: Lang) -> None:
        self.plan = plan
        self.today = plan.today
        self.words = _Words(lang)
        self.lang: Lang = lang
        self.buffer = io.BytesIO()
        self.book = self.open_workbook()
        self._formats: dict[tuple[str, str], Format] = {}
        self.sheets: dict[str, Worksheet] = {}
        for key in SHEETS:
            if self.today is not None or key not in TODAY_SHEETS:
                self.sheets[key] = self.book.add_worksheet(self.words(f"sheet.{key}"))
        scenario = plan.scenario
        self.title = clean(scenario.title_vi if lang == "vi" else scenario.title_en) or clean(scenario.name)
        self.book.set_properties(
            {
                "title": f"{self.words('title.summary')}: {self.title}"[:250],
                "author": "planner",
                "comments": clean(scenario.name)[:250],
                "created": CREATED,
            }
        )
        self.book.set_size(2400, 1400)

        start = int(scenario.horizon.start_year)
        self.start_year = start
        self.rate = float(scenario.horizon.discount_rate)
        self.costs = _Costs.of(plan.costs)
        self.costs_today = _Costs.of(plan.today.costs) if plan.today is not None else _Costs()
        spent = {*self.costs.by_year, *self.costs_today.by_year}
        self.years = sorted({*range(start, start + int(scenario.horizon.years)), *spent})
        self.ppm = {year: int(10**6 / (1 + self.rate) ** (year - start) + 0.5) for year in self.years}
        headings = {**self.costs_today.heading_of, **self.costs.heading_of}
        self.items = {
            heading: [i for i, h in ITEMS.items() if h == heading and i in headings] for heading in HEADINGS
        }
        for item in sorted(set(headings) - set(ITEMS)):
            self.items.setdefault(headings[item], []).append(item)
        self.wards = self._wards()
        self.names = {ward.code: ward.name for ward in self.wards}
        self.measures = _measures(plan)
        self.measures_today = _measures(plan.today) if plan.today is not None else {}
        self.parts = {str(code): row for code, row in _records(plan.norms.parts, "part").items()}
        self.sites = _records(plan.region.sites, "site_id")

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

    def _wards(self) -> list[_Ward]:
        rows = _records(self.plan.region.wards, "ward_code")
        wards = [_Ward(code, clean(row.get("name")), str(row.get("type", ""))) for code, row in rows.items()]
        known = set(rows)
        for code, name in _lists(self.plan.assignments, "ward_code", "ward_name"):
            if code not in known:
                known.add(code)
                wards.append(_Ward(code, clean(name), ""))
        return sorted(wards, key=lambda ward: (ward.type, collation_key(ward.name), ward.code))

    def present(self, by_year: Mapping[int, int]) -> float:
        """Return the present value of yearly amounts, exact up to the last division."""
        return sum(vnd * self.ppm[year] for year, vnd in by_year.items()) / MILLION

    def objective(self, costs: _Costs) -> int:
        """Return the discounted total in whole dong, rounded half up once."""
        return (2 * sum(vnd * self.ppm[year] for year, vnd in costs.by_year.items()) + MILLION) // (
            2 * MILLION
        )

    def format(self, kind: str, style: str = "") -> Format:
        """Return the format of a kind of cell (text, code, vnd) in a style (bold, total, estimated)."""
        found = self._formats.get((kind, style))
        if found is None:
            found = self._formats[kind, style] = self.book.add_format(self._properties(kind, style))
        return found

    def _properties(self, kind: str, style: str) -> dict[str, Any]:
        properties: dict[str, Any] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        if style not in ("title", "subtitle", "unit", "plain", "sign", "signhint"):
            properties |= {"border": 1, "border_color": "#A6A6A6"}
        if kind in _NUMBER_FORMATS:
            code = _NUMBER_FORMATS[kind]
            if self.lang == "vi":
                code = ";".join(
                    part if part.startswith('"') else f"[$-42A]{part}" for part in code.split(";")
                )
            properties |= {"num_format": code, "align": "right"}
        elif kind in ("code", "centre"):
            properties |= {"align": "center"}
        if kind in ("text", "code", "centre"):
            properties |= {"text_wrap": True}
        if kind in ("text", "no_wrap"):
            properties |= {"indent": 1}
        if kind == "year":
            properties |= {"align": "center"}
        styles: dict[str, dict[str, Any]] = {
            "bold": {"bold": True},
            "heading": {"bold": True, "bg_color": "#EDF2F7"},
            "indent": {"indent": 3},
            "total": {"bold": True, "bg_color": "#DCE6F1", "top": 2},
            "filtered": {"italic": True, "bg_color": "#F5F5F5"},
            "estimated": {"italic": True, "font_color": "#5A5A5A"},
            "quoted": {"quote_prefix": True},
            "changed": {"bold": True, "bg_color": "#FFF2CC"},
            "figure": {"bold": True, "font_size": 18, "align": "center", "bg_color": "#EDF2F7"},
            "figure_label": {"align": "center", "font_color": "#404040", "bg_color": "#EDF2F7"},
            "header": {
                "bold": True,
                "align": "center",
                "text_wrap": True,
                "bg_color": "#1F3864",
                "font_color": "#FFFFFF",
            },
            "title": {"bold": True, "font_size": 15},
            "subtitle": {"font_size": 12},
            "unit": {"italic": True, "font_color": "#404040"},
            "sign": {"bold": True, "align": "center"},
            "signhint": {"italic": True, "align": "center"},
            "plain": {"text_wrap": True, "valign": "top"},
            "block": {"bold": True, "font_size": 12, "bg_color": "#DCE6F1"},
        }
        for name in style.split("+"):
            properties |= styles.get(name, {})
        return properties

    def set_up(
        self, key: str, columns: Sequence[Column], *, unit: str, years: str = "", portrait: bool = False
    ) -> Worksheet:
        """Set title, widths and print set-up of a sheet and return it."""
        sheet = self.sheets[key]
        for number_, column in enumerate(columns):
            sheet.set_column(number_, number_, column.width)
        sheet.write_string(0, 0, self.words(f"title.{key}").upper(), self.format("plain_text", "title"))
        self.write(sheet, 1, 0, f"{self.words('scenario')}: {self.title}", "plain_text", "subtitle")
        note = self.words(unit) if self.live or unit != "unit.million" else self.words("unit.million_shown")
        note = f"{note}; {self.words('year').lower()} {years}" if years else note
        sheet.write_string(2, 0, note, self.format("plain_text", "unit"))
        sheet.set_row(0, 24)
        if not portrait:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.7)
        sheet.hide_gridlines(2)
        page = self.words("footer.page")
        footer = f"&L&9{_escape_code(' ' + self.title, 90)}&C&9&A&R&9{page} &P/&N"
        sheet.set_footer(footer)
        return sheet

    def head(
        self, sheet: Worksheet, row: int, columns: Sequence[Column], rows: int, *, frozen: int = 2
    ) -> None:
        """Write the heading row, freeze it, repeat it in print, filter the rows below it."""
        style = self.format("centre", "header")
        first = row
        if any(column.group for column in columns):
            first = row - 1
            self._groups(sheet, first, columns)
        sheet.set_row(row, 48)
        for number_, column in enumerate(columns):
            if column.group or first == row:
                sheet.write_string(row, number_, column.label, style)
        sheet.freeze_panes(row + 1, frozen)
        sheet.repeat_rows(first, row)
        if rows:
            sheet.autofilter(row, 0, row + rows, len(columns) - 1)

    def _groups(self, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
        style = self.format("centre", "header")
        sheet.set_row(row, 34)
        start = 0
        while start < len(columns):
            end = start
            while (
                columns[start].group
                and end + 1 < len(columns)
                and columns[end + 1].group == columns[start].group
            ):
                end += 1
            if columns[start].group:
                sheet.merge_range(row, start, row, end, columns[start].group, style)
            else:
                # The filter needs the lower cell: the label stands there, the upper cell stays empty.
                sheet.write_blank(row, start, None, style)
                sheet.write_string(row + 1, start, columns[start].label, style)
            start = end + 1

    def write(
        self, sheet: Worksheet, row: int, column: int, value: object, kind: str, style: str = ""
    ) -> None:
        """Write one cell. Text is always written as text: no formula, link or number is made of it."""
        if isinstance(value, str):
            text = clean(value)
            if not text:
                sheet.write_blank(row, column, None, self.format(kind, style))
                return
            if text[0] in _TRIGGERS or _LEADING.match(text):
                style = f"{style}+quoted"
            sheet.write_string(row, column, text, self.format(kind, style))
        elif isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, self.format(kind, style), value.value)
        elif isinstance(value, (int, float)) and math.isfinite(value):
            sheet.write_number(row, column, value, self.format(kind, style))
        else:
            sheet.write_blank(row, column, None, self.format(kind, style))

    def rows(
        self, sheet: Worksheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[object]]
    ) -> int:
        """Write rows of cells and return the row after the last one."""
        kinds = [column.kind for column in columns]
        row = top
        for cells in rows:
            for number_, (kind, value) in enumerate(zip(kinds, cells, strict=True)):
                if isinstance(value, Cell):
                    self.write(sheet, row, number_, value.value, value.kind or kind, value.style)
                else:
                    self.write(sheet, row, number_, value, kind)
            self.fit_height(sheet, row, columns, cells)
            row += 1
        self.codes_as_text(sheet, top, row, columns)
        return row

    def fit_height(
        self, sheet: Worksheet, row: int, columns: Sequence[Column], cells: Sequence[object]
    ) -> None:
        """Make a row as high as its longest wrapped text needs: not every program does so by itself."""
        lines = 1
        for column, value in zip(columns, cells, strict=True):
            text = value.value if isinstance(value, Cell) else value
            if isinstance(text, str) and len(text) >= column.width and column.kind in ("text", "centre"):
                lines = max(lines, math.ceil(len(text) * 1.1 / max(1, column.width - 1)))
        if lines > 1:
            sheet.set_row(row, min(400, ROW_HEIGHT * lines + 1))

    def codes_as_text(self, sheet: Worksheet, top: int, end: int, columns: Sequence[Column]) -> None:
        """Keep Excel from marking codes such as 00004 as numbers stored as text."""
        spans = [
            f"{_cell(top, n)}:{_cell(max(top, end - 1), n)}"
            for n, c in enumerate(columns)
            if c.kind == "code"
        ]
        if spans:
            sheet.ignore_errors({"number_stored_as_text": " ".join(spans)})

    def totals(
        self,
        sheet: Worksheet,
        top: int,
        end: int,
        columns: Sequence[Column],
        sums: Mapping[int, float],
        *,
        label_column: int = 1,
        rounded: Iterable[int] = (),
    ) -> None:
        """Write the total row (SUM) and the row of what a filter shows (SUBTOTAL) below the rows."""
        round_these = set(rounded)
        for offset, (style, label) in enumerate((("total", "total"), ("filtered", "filtered"))):
            row = end + offset
            for number_, column in enumerate(columns):
                span = f"{_cell(top, number_)}:{_cell(max(top, end - 1), number_)}"
                if number_ in sums:
                    inner = f"SUM({span})" if style == "total" else f"SUBTOTAL(109,{span})"
                    text = f"=ROUND({inner},0)" if number_ in round_these else f"={inner}"
                    if column.kind.startswith("difference"):
                        # Of the rounded totals beside it, so that the three agree.
                        text = f"={_cell(row, number_ - 1)}-{_cell(row, number_ - 2)}"
                    self.write(sheet, row, number_, Formula(text, sums[number_]), column.kind, style)
                elif number_ == label_column:
                    self.write(sheet, row, number_, self.words(label), "no_wrap", style)
                else:
                    sheet.write_blank(row, number_, None, self.format("text", style))

    def name(self, name: str, key: str, cells: str) -> None:
        """Define a name for cells of a sheet, for formulas that people can read."""
        sheet = self.words(f"sheet.{key}")
        self.book.define_name(name, f"='{sheet}'!{cells}")

    def site_name(self, site: object) -> str:
        """Return what a site is called; its id where the table does not know it."""
        row = self.sites.get(str(site), {})
        return clean(row.get("name")) or clean(site)

    def part_name(self, part: str, body: str) -> str:
        """Return what a part is called."""
        row = self.parts.get(part)
        if row:
            return self.words.pick(row) or clean(part)
        return self.words.of("body", body) if part == body else clean(part)


def write_workbook(plan: Plan, path: Path, lang: str = "vi") -> None:
    """Write ``costs.xlsx`` for budget staff.

    Parameters
    ----------
    plan : Plan
        A plan; with ``today`` the workbook also compares, without it those sheets and columns are left out.
    path : Path
        Where the workbook goes; an existing file is replaced.
    lang : str
        ``vi`` (default) or ``en``.
    """
    book = Book(plan, "en" if lang == "en" else "vi")
    with _no_collection():
        for _, write in sheets_of(book):
            write(book)
        book.book.close()
    Path(path).write_bytes(book.buffer.getvalue())


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the garbage collector out: a workbook is many small objects that all stay, searched in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def sheets_of(book: Book) -> list[tuple[str, Callable[[Book], None]]]:
    """Return the sheets that a book has, and what writes each."""
    writers: dict[str, Callable[[Book], None]] = {
        "summary": _write_summary,
        "units": _write_units,
        "items": _write_items,
        "costs": _write_costs,
        "arrangement": _write_arrangement,
        "premises": _write_premises,
        "compare": _write_compare,
        "actions": _write_actions,
        "assumptions": _write_assumptions,
        "norms": _write_norms,
    }
    return [(key, writers[key]) for key in book.sheets]


def _cell(row: int, column: int, *, fixed: str = "") -> str:
    """Return a cell as formulas write it: ``B7``, ``$B7``, ``B$7``, ``$B$7``."""
    letters = ""
    number_ = column + 1
    while number_:
        number_, rest = divmod(number_ - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{'$' if 'c' in fixed else ''}{letters}{'$' if 'r' in fixed else ''}{row + 1}"


def _lists(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Return the rows of some columns: lists of Python values are read far faster than columns of pandas."""
    return zip(*(table[name].tolist() for name in names), strict=True)


def _records(table: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by key, which is a column or the index."""
    if key not in table.columns:
        table = table.rename_axis(key).reset_index()
    names = list(table.columns)
    place = names.index(key)
    columns = [table[name].tolist() for name in names]
    return {str(row[place]): dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)}


def _measures(plan: Plan) -> dict[tuple[str, str], float]:
    table = plan.measures
    wards = ["" if ward is None or ward != ward else str(ward) for ward in table["ward_code"].tolist()]
    return {
        (ward, measure): value
        for ward, measure, value in zip(
            wards, table["measure"].tolist(), table["value"].tolist(), strict=True
        )
    }


def _quote(text: str) -> str:
    """Return text as a formula's string."""
    return '"' + text.replace('"', '""') + '"'


def _saved(value: float | None, kind: str = "int") -> float | int | None:
    if value is None or value != value:
        return None
    return int(value) if kind != "decimal" and float(value).is_integer() else float(value)


# ---------------------------------------------------------------------- per item and year


def _write_items(book: Book) -> None:
    words = book.words
    years = book.years
    columns = [Column(words("item"), 40)]
    columns += [Column(str(year), 19, "vnd") for year in years]
    columns += [Column(words("sum_years"), 20, "vnd"), Column(words("present"), 20, "vnd")]
    sheet = book.set_up("items", columns, unit="unit.vnd")
    head = 4
    sheet.set_row(head, 24)
    style = book.format("centre", "header")
    for number_, column in enumerate(columns):
        if 0 < number_ <= len(years):
            sheet.write_number(head, number_, years[number_ - 1], book.format("year", "header"))
        else:
            sheet.write_string(head, number_, column.label, style)
    sheet.freeze_panes(head + 1, 1)
    sheet.repeat_rows(head)
    last = len(years)
    book.name("cost_years", "items", f"{_cell(head, 1, fixed='rc')}:{_cell(head, last, fixed='rc')}")
    book.name(
        "cost_factors", "items", f"{_cell(head + 1, 1, fixed='rc')}:{_cell(head + 1, last, fixed='rc')}"
    )
    book.write(sheet, head + 1, 0, words("factor"), "text")
    for number_, year in enumerate(years, start=1):
        text = f"=ROUND(1/(1+discount_rate)^({_cell(head, number_, fixed='r')}-start_year),6)"
        book.write(sheet, head + 1, number_, Formula(text, book.ppm[year] / MILLION), "factor")
    for number_ in (last + 1, last + 2):
        sheet.write_blank(head + 1, number_, None, book.format("text"))
    row = _item_block(book, sheet, head + 2, "plan", book.costs, len(columns))
    if book.today is not None:
        row = _item_block(book, sheet, row + 1, "today", book.costs_today, len(columns))
        _difference_block(book, sheet, row + 1, len(columns))
    sheet.print_area(0, 0, sheet.dim_rowmax, len(columns) - 1)
    sheet.fit_to_pages(1, 1)


def _item_block(book: Book, sheet: Worksheet, top: int, which: str, costs: _Costs, width: int) -> int:
    """Write headings with their items for one plan and return the row after the block."""
    words = book.words
    years = book.years
    last = len(years)
    block = book.format("text", "block")
    sheet.write_string(top, 0, words(which).upper(), block)
    for number_ in range(1, width):
        sheet.write_blank(top, number_, None, block)
    row = top + 1
    heading_rows: list[int] = []

    def line(row: int, label: str, cells: Sequence[Formula], style: str, label_style: str = "") -> None:
        """Write a label, the years, their sum and its present value."""
        book.write(sheet, row, 0, label, "text", label_style or style)
        for number_, cell in enumerate(cells, start=1):
            book.write(sheet, row, number_, cell, "vnd", style)
        span = f"{_cell(row, 1)}:{_cell(row, last)}"
        values = {year: int(cell.value) for year, cell in zip(years, cells, strict=True)}
        total = Formula(f"=SUM({span})", sum(values.values()))
        book.write(sheet, row, last + 1, total, "vnd", style)
        book.write(
            sheet,
            row,
            last + 2,
            Formula(f"=SUMPRODUCT({span},cost_factors)", book.present(values)),
            "vnd",
            style,
        )

    for heading, items in book.items.items():
        heading_row = row
        heading_rows.append(row)
        row += 1
        for item in items:
            label = _cell(row, 0, fixed="c")
            cells = [
                Formula(
                    f"=SUMIFS(cost_{which},cost_item,{label},cost_year,{_cell(4, n, fixed='r')})",
                    costs.by_item_year.get((item, year), 0),
                )
                for n, year in enumerate(years, start=1)
            ]
            line(row, words.item(item), cells, "", "indent")
            row += 1
        sums = []
        for n, year in enumerate(years, start=1):
            value = sum(costs.by_item_year.get((item, year), 0) for item in items)
            span = f"=SUM({_cell(heading_row + 1, n)}:{_cell(row - 1, n)})" if items else "=0"
            sums.append(Formula(span, value))
        line(heading_row, words.of("heading", heading), sums, "heading")
        book.name(f"{which}_{_identifier(heading)}", "items", _cell(heading_row, last + 1, fixed="rc"))
        book.name(f"{which}_{_identifier(heading)}_first_year", "items", _cell(heading_row, 1, fixed="rc"))
    sums = [
        Formula("=" + "+".join(_cell(r, n) for r in heading_rows), costs.by_year.get(year, 0))
        for n, year in enumerate(years, start=1)
    ]
    line(row, words("sum_headings"), sums, "total")
    book.name(f"{which}_total", "items", _cell(row, last + 1, fixed="rc"))
    total_row = row
    row += 1
    book.write(sheet, row, 0, words("discounted"), "text")
    for n, year in enumerate(years, start=1):
        text = f"={_cell(total_row, n)}*{_cell(5, n, fixed='r')}"
        book.write(sheet, row, n, Formula(text, costs.by_year.get(year, 0) * book.ppm[year] / MILLION), "vnd")
    for n in (last + 1, last + 2):
        sheet.write_blank(row, n, None, book.format("text"))
    row += 1
    book.write(sheet, row, 0, words("present_total"), "text", "total")
    for n in range(1, last + 2):
        sheet.write_blank(row, n, None, book.format("text", "total"))
    text = f"=ROUND(SUM({_cell(row - 1, 1)}:{_cell(row - 1, last)}),0)"
    book.write(sheet, row, last + 2, Formula(text, book.objective(costs)), "vnd", "total")
    book.name(f"{which}_net_present_cost", "items", _cell(row, last + 2, fixed="rc"))
    return row + 1


def _difference_block(book: Book, sheet: Worksheet, top: int, width: int) -> None:
    words = book.words
    block = book.format("text", "block")
    sheet.write_string(top, 0, f"{words('difference').upper()} ({words('plan')} − {words('today')})", block)
    for number_ in range(1, width):
        sheet.write_blank(top, number_, None, block)
    row = top + 1
    for heading, items in book.items.items():
        book.write(sheet, row, 0, words.of("heading", heading), "text")
        by_year = {
            year: sum(
                book.costs.by_item_year.get((i, year), 0) - book.costs_today.by_item_year.get((i, year), 0)
                for i in items
            )
            for year in book.years
        }
        label = _quote(words.of("heading", heading))
        for n, year in enumerate(book.years, start=1):
            year_cell = _cell(4, n, fixed="r")
            text = "=" + "-".join(
                f"SUMIFS(cost_{which},cost_heading,{label},cost_year,{year_cell})"
                for which in ("plan", "today")
            )
            book.write(sheet, row, n, Formula(text, by_year[year]), "difference")
        span = f"{_cell(row, 1)}:{_cell(row, len(book.years))}"
        book.write(sheet, row, width - 2, Formula(f"=SUM({span})", sum(by_year.values())), "difference")
        text = f"=SUMPRODUCT({span},cost_factors)"
        book.write(sheet, row, width - 1, Formula(text, book.present(by_year)), "difference")
        row += 1
    book.write(sheet, row, 0, words("present_total"), "text", "total")
    for n in range(1, width - 1):
        sheet.write_blank(row, n, None, book.format("text", "total"))
    value = book.objective(book.costs) - book.objective(book.costs_today)
    text = "=plan_net_present_cost-today_net_present_cost"
    book.write(sheet, row, width - 1, Formula(text, value), "difference", "total")


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", text.lower())


# ---------------------------------------------------------------------- per unit


def _present_formula(which: str, row: int) -> str:
    code = _cell(row, 1, fixed="c")
    return f"=SUMPRODUCT(SUMIFS(cost_{which},cost_code,{code},cost_year,cost_years),cost_factors)"


def _write_units(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("no"), 6, "int"),
        Column(words("code"), 8, "code"),
        Column(words("unit"), 24),
        Column(words("type"), 9, "centre"),
    ]
    if book.today is not None:
        columns.append(Column(words("sites_today"), 9, "int"))
    columns += [
        Column(words("sites_plan"), 9, "int"),
        Column(words("staff"), 9, "int"),
        Column(words("capital_once"), 13, "million"),
        Column(words("recurrent_year"), 13, "million"),
        Column(words("social_year"), 13, "million"),
        Column(words("income_all"), 12, "million"),
        Column(words("present_plan"), 15, "million"),
    ]
    sheet = book.set_up("units", columns, unit="unit.million")
    head = 4
    book.head(sheet, head, columns, len(book.wards), frozen=3)
    top = head + 1
    sums: dict[int, float] = defaultdict(int)
    rows: list[list[object]] = []
    costs = book.costs
    first = 4 if book.today is None else 5
    for number_, ward in enumerate(book.wards):
        row = top + number_
        code = _cell(row, 1, fixed="c")

        def heading(name: str, *, year: bool = False, code: str = code, ward: _Ward = ward) -> Formula:
            text = f"=SUMIFS(cost_plan,cost_code,{code},cost_heading,{_quote(words.of('heading', name))}"
            if year:
                return Formula(
                    text + ",cost_year,start_year)",
                    costs.by_ward_heading_year.get((ward.code, name, book.start_year), 0),
                )
            return Formula(text + ")", costs.by_ward_heading.get((ward.code, name), 0))

        cells: list[object] = [number_ + 1, ward.code, ward.name, words.of("type", ward.type)]
        if book.today is not None:
            cells.append(_saved(book.measures_today.get((ward.code, "premises"))))
        cells += [
            _saved(book.measures.get((ward.code, "premises"))),
            _saved(book.measures.get((ward.code, "staff"))),
            heading("capital"),
            heading("recurrent", year=True),
            heading("social", year=True),
            heading("income"),
            Formula(
                _present_formula("plan", row),
                book.present({year: costs.by_ward_year.get((ward.code, year), 0) for year in book.years}),
            ),
        ]
        for n, cell in enumerate(cells):
            if n >= 4:
                value = cell.value if isinstance(cell, Formula) else cell
                sums[n] += value if isinstance(value, (int, float)) else 0
        rows.append(cells)
    end = book.rows(sheet, top, columns, rows)
    present = len(columns) - 1
    sums[present] = book.objective(costs)
    book.totals(sheet, top, end, columns, sums, label_column=2, rounded=[present])
    book.name("units_net_present_cost", "units", _cell(end, present, fixed="rc"))
    book.name("plan_premises", "units", _cell(end, first, fixed="rc"))
    if book.today is not None:
        book.name("today_premises", "units", _cell(end, first - 1, fixed="rc"))
    sheet.print_area(0, 0, end, len(columns) - 1)


# ---------------------------------------------------------------------- the cost rows


def _write_costs(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("code"), 8, "code"),
        Column(words("unit"), 26),
        Column(words("year"), 8, "year"),
        Column(words("item"), 32),
        Column(words("heading"), 24),
    ]
    if book.today is not None:
        columns.append(Column(words("today"), 19, "vnd"))
    columns.append(Column(words("plan"), 19, "vnd"))
    sheet = book.set_up("costs", columns, unit="unit.vnd", portrait=True)
    plan, today = book.costs.cells, book.costs_today.cells
    order = {ward.code: n for n, ward in enumerate(book.wards)}
    item_order = {item: n for n, item in enumerate(item for items in book.items.values() for item in items)}
    heading_of = {**book.costs_today.heading_of, **book.costs.heading_of}
    keys = sorted(
        {*plan, *today}, key=lambda key: (order.get(key[0], 10**6), key[0], key[1], item_order[key[2]])
    )
    head = 4
    book.head(sheet, head, columns, len(keys))
    top = head + 1
    labels = {item: words.item(item) for item in item_order}
    groups = {item: words.of("heading", heading_of[item]) for item in item_order}
    text, code, year_format, money = (book.format(kind) for kind in ("no_wrap", "code", "year", "vnd"))
    names = {ward.code: ward.name for ward in book.wards}
    quoted = book.format("no_wrap", "quoted")
    quoted_code = book.format("code", "quoted")
    row = top
    # The longest table of the book: written cell by cell with ready formats.
    for ward, year, item in keys:
        name = names.get(ward, "")
        sheet.write_string(row, 0, clean(ward), quoted_code if _LEADING.match(ward) else code)
        sheet.write_string(row, 1, name, quoted if _LEADING.match(name) else text)
        sheet.write_number(row, 2, year, year_format)
        sheet.write_string(row, 3, labels[item], text)
        label = groups[item]
        sheet.write_string(row, 4, label, quoted if _LEADING.match(label) else text)
        column = 5
        if book.today is not None:
            sheet.write_number(row, 5, today.get((ward, year, item), 0), money)
            column = 6
        sheet.write_number(row, column, plan.get((ward, year, item), 0), money)
        row += 1
    end = row
    book.codes_as_text(sheet, top, end, columns)
    last = max(top, end - 1)
    named = ["cost_code", "", "cost_year", "cost_item", "cost_heading"]
    named += ["cost_today", "cost_plan"] if book.today is not None else ["cost_plan"]
    for n, name in enumerate(named):
        if name:
            book.name(name, "costs", f"{_cell(top, n, fixed='rc')}:{_cell(last, n, fixed='rc')}")
    sums: dict[int, float] = {len(columns) - 1: sum(plan.values())}
    if book.today is not None:
        sums[5] = sum(today.values())
    book.totals(sheet, top, end, columns, sums)
    book.name("rows_total", "costs", _cell(end, len(columns) - 1, fixed="rc"))
    sheet.print_area(0, 0, end, len(columns) - 1)


# ---------------------------------------------------------------------- who sits where


def _spans(years: Iterable[int]) -> str:
    """Return years as text: ``2025–2029``."""
    ordered = sorted(set(years))
    return f"{ordered[0]}" if len(ordered) == 1 else f"{ordered[0]}–{ordered[-1]}"


def _periods(
    table: pd.DataFrame, keys: Sequence[str], values: Sequence[str]
) -> list[tuple[tuple[Any, ...], str]]:
    """Return rows that repeat over the years once, with their years: ``((keys, values), "2025–2029")``."""
    runs: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], list[int]]]] = {}
    columns = [table[name].tolist() for name in (*keys, *values)]
    width = len(keys)
    order = sorted(range(len(table)), key=table["year"].astype(int).tolist().__getitem__)
    years = table["year"].astype(int).tolist()
    for n in order:
        row = tuple(column[n] for column in columns)
        found = runs.setdefault(row[:width], [])
        if found and found[-1][0] == row:
            found[-1][1].append(years[n])
        else:
            found.append((row, [years[n]]))
    return [(row, _spans(run)) for found in runs.values() for row, run in found]


def _first_years(periods: Sequence[tuple[tuple[Any, ...], str]]) -> str:
    return periods[0][1] if periods else ""


def _write_arrangement(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("code"), 8, "code"),
        Column(words("unit"), 22),
        Column(words("body"), 22),
        Column(words("part"), 34),
        Column(words("site_id"), 13, "centre"),
        Column(words("site_name"), 34),
        Column(words("tight"), 11, "int"),
        Column(words("norm_m2"), 11, "int"),
    ]
    todays: dict[tuple[str, str], tuple[str, str]] = {}
    if book.today is not None:
        columns.append(Column(words("site_today"), 34))
        table = book.today.assignments
        for ward, part, site, basis in _lists(table, "ward_code", "part", "site_id", "basis"):
            todays.setdefault((ward, part), (str(site), basis))
    columns.append(Column(words("basis" if book.today is None else "basis_today"), 12, "centre"))
    table = book.plan.assignments
    values = ["site_id", "tight_fit_m2", "norm_m2", "basis"]
    order = {ward.code: n for n, ward in enumerate(book.wards)}
    bodies = {body: n for n, body in enumerate(BODIES)}
    parts = {part: n for n, part in enumerate(book.parts)}
    periods = sorted(
        _periods(table, ["ward_code", "body", "part"], values),
        key=lambda p: (
            order.get(p[0][0], 10**6),
            bodies.get(p[0][1], 9),
            parts.get(p[0][2], 99),
            p[0][2],
            p[1],
        ),
    )
    changes = any(years != periods[0][1] for _, years in periods)
    if changes:
        columns.append(Column(words("years"), 11, "centre"))
    sheet = book.set_up(
        "arrangement",
        columns,
        unit="unit.m2" if book.today is None else "unit.arrangement",
        years="" if changes else _first_years(periods),
    )
    head, top = 4, 5
    book.head(sheet, head, columns, len(periods))
    rows: list[list[object]] = []
    sums: dict[int, float] = {6: 0, 7: 0}
    for (ward, body, part, site, tight, norm, basis), years in periods:
        cells: list[object] = [
            ward,
            book.names.get(ward, ""),
            words.of("body", body),
            book.part_name(part, body),
            clean(site),
            book.site_name(site),
            _saved(tight),
            _saved(norm),
        ]
        if book.today is None:
            cells.append(words.of("basis", basis))
        else:
            before, known = todays.get((ward, part), ("", ""))
            if before != site:
                cells[5] = Cell(cells[5], "changed")
            cells += [book.site_name(before), words.of("basis", known)]
        if changes:
            cells.append(years)
        sums[6] += tight if tight == tight else 0
        sums[7] += norm if norm == norm else 0
        rows.append(cells)
    end = book.rows(sheet, top, columns, rows)
    book.totals(sheet, top, end, columns, sums)
    sheet.print_area(0, 0, end, len(columns) - 1)


# ---------------------------------------------------------------------- premises


def _occupants(book: Book) -> dict[str, list[str]]:
    """Return who sits on a site in any year: a body that is there whole by its name, else its parts."""
    table = book.plan.assignments
    sitting: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
    parts_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ward, site, body, part in _lists(table, "ward_code", "site_id", "body", "part"):
        sitting.setdefault(str(site), {}).setdefault((ward, body), {})[part] = None
        parts_of[ward, body].add(part)
    return {
        site: [
            name
            for key, parts in groups.items()
            for name in (
                [book.words.of("body", key[1])]
                if len(parts) == len(parts_of[key])
                else [book.part_name(part, key[1]) for part in parts]
            )
        ]
        for site, groups in sitting.items()
    }


def _write_premises(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("code"), 7.5, "code"),
        Column(words("unit"), 18),
        Column(words("site_id"), 11.5, "centre"),
        Column(words("site_name"), 32),
        Column(words("address"), 24),
        Column(words("type"), 23),
    ]
    if book.today is not None:
        columns.append(Column(words("status_today"), 11, "centre"))
    columns += [
        Column(words("status_plan"), 10, "centre"),
        Column(words("route"), 15),
        Column(words("floor"), 10, "int"),
        Column(words("floor_low"), 9, "int"),
        Column(words("floor_high"), 9, "int"),
        Column(words("floor_basis"), 10, "centre"),
        Column(words("hall"), 8, "int"),
        Column(words("land"), 9, "int"),
        Column(words("condition"), 8, "centre"),
        Column(words("occupants"), 40),
    ]
    in_use_today: set[str] = set()
    if book.today is not None:
        table = book.today.premises
        in_use_today = set(table.loc[table["status"] == "in_use", "site_id"].astype(str))
    occupants = _occupants(book)
    order = {ward.code: n for n, ward in enumerate(book.wards)}
    periods = sorted(
        _periods(
            book.plan.premises,
            ["site_id", "ward_code", "kind"],
            ["status", "route", "floor_area_m2", "hall_seats"],
        ),
        key=lambda p: (
            order.get(p[0][1], 10**6),
            p[0][3] != "in_use",
            p[1],
            collation_key(book.site_name(p[0][0])),
        ),
    )
    changes = any(years != periods[0][1] for _, years in periods)
    if changes:
        columns.append(Column(words("years"), 11, "centre"))
    sheet = book.set_up("premises", columns, unit="unit.m2", years="" if changes else _first_years(periods))
    head, top = 4, 5
    book.head(sheet, head, columns, len(periods))
    place = {column.label: n for n, column in enumerate(columns)}
    floor_column = place[words("floor")]
    sums: dict[int, float] = {floor_column: 0}
    rows: list[list[object]] = []
    for (site, ward, kind, status, route, floor, hall), years in periods:
        row = book.sites.get(str(site), {})
        surveyed = row.get("floor_area_basis") == "surveyed"
        style = "" if surveyed else "estimated"
        cells: list[object] = [
            ward,
            book.names.get(ward, ""),
            clean(site),
            book.site_name(site),
            clean(row.get("address")),
            words.of("kind", kind),
        ]
        if book.today is not None:
            cells.append(words("site.in_use") if str(site) in in_use_today else words("site.not_used"))
        cells += [
            Cell(words.of("site", status), "bold" if status == "in_use" else ""),
            words.of("route", route) if isinstance(route, str) else "",
            Cell(_saved(floor), style),
            Cell(_saved(row.get("floor_area_low_m2")), style),
            Cell(_saved(row.get("floor_area_high_m2")), style),
            Cell(words("basis.surveyed") if surveyed else words("basis.estimated"), style),
            Cell(_saved(hall), style),
            Cell(_saved(row.get("land_area_m2")), style),
            Cell(clean(row.get("condition")), style),
            "; ".join(occupants.get(str(site), ())) if status == "in_use" else "",
        ]
        if changes:
            cells.append(years)
        sums[floor_column] += floor if floor == floor else 0
        rows.append(cells)
    end = book.rows(sheet, top, columns, rows)
    book.totals(sheet, top, end, columns, sums)
    sheet.print_area(0, 0, end, len(columns) - 1)


# ---------------------------------------------------------------------- today against plan


_COMPARED = (
    ("premises", "int"),
    ("floor_in_use", "int"),
    ("citizen_travel_mean", "int"),
    ("body_distance_mean", "int"),
    ("cost_recurrent_year", "million"),
    ("net_present_cost", "million"),
)
_NOT_SUMMED = ("citizen_travel_mean", "body_distance_mean")


def _known_bodies(book: Book) -> dict[str, int]:
    """Return how many bodies of each ward are known to sit where today's plan has them."""
    assert book.today is not None  # noqa: S101
    table = book.today.assignments
    known: dict[str, set[str]] = defaultdict(set)
    for ward, body, basis in _lists(table, "ward_code", "body", "basis"):
        known[ward].update([body] if basis == "known" else [])
    return {ward: len(bodies) for ward, bodies in known.items()}


def _write_compare(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("no"), 6, "int"),
        Column(words("code"), 8, "code"),
        Column(words("unit"), 24),
        Column(words("known_bodies"), 9, "int"),
    ]
    known = _known_bodies(book)
    for measure, kind in _COMPARED:
        group = words(f"measure.{measure}")
        width = 9 if kind == "int" else 11
        signed = "difference" if kind == "int" else "difference_million"
        columns += [Column(words("today"), width, kind, group), Column(words("plan"), width, kind, group)]
        columns.append(Column(words("difference"), width, signed, group))
    sheet = book.set_up("compare", columns, unit="unit.compare")
    head, top = 5, 6
    book.head(sheet, head, columns, len(book.wards), frozen=3)
    sums: dict[int, float] = defaultdict(int)
    rows: list[list[object]] = []
    recurrent = _quote(words("heading.recurrent"))
    for number_, ward in enumerate(book.wards):
        row = top + number_
        code = _cell(row, 1, fixed="c")
        cells: list[object] = [number_ + 1, ward.code, ward.name, known.get(ward.code)]
        sums[3] += known.get(ward.code, 0)
        for measure, _ in _COMPARED:
            pair: list[object] = []
            for which, costs, measures in (
                ("today", book.costs_today, book.measures_today),
                ("plan", book.costs, book.measures),
            ):
                if measure == "cost_recurrent_year":
                    text = f"=SUMIFS(cost_{which},cost_code,{code},cost_heading,{recurrent}"
                    text += ",cost_year,start_year)"
                    pair.append(
                        Formula(
                            text, costs.by_ward_heading_year.get((ward.code, "recurrent", book.start_year), 0)
                        )
                    )
                elif measure == "net_present_cost":
                    value = book.present(
                        {year: costs.by_ward_year.get((ward.code, year), 0) for year in book.years}
                    )
                    pair.append(Formula(_present_formula(which, row), value))
                else:
                    pair.append(_saved(measures.get((ward.code, measure))))
            values = [cell.value if isinstance(cell, Formula) else cell for cell in pair]
            before, after = (v if isinstance(v, (int, float)) else 0 for v in values)
            place = len(cells)
            pair.append(Formula(f"={_cell(row, place + 1)}-{_cell(row, place)}", after - before))
            if measure not in _NOT_SUMMED:
                for n, value in enumerate((before, after, after - before)):
                    sums[place + n] += value
            cells += pair
        rows.append(cells)
    end = book.rows(sheet, top, columns, rows)
    last = len(columns)
    sums[last - 3], sums[last - 2] = book.objective(book.costs_today), book.objective(book.costs)
    sums[last - 1] = sums[last - 2] - sums[last - 3]
    book.totals(sheet, top, end, columns, sums, label_column=2, rounded=[last - 3, last - 2])
    sheet.print_area(0, 0, end, last - 1)


def _write_actions(book: Book) -> None:
    """Write what has to be done to get from today to the plan, with its cost counted from today."""
    words = book.words
    columns = [
        Column(words("code"), 8, "code"),
        Column(words("unit"), 22),
        Column(words("action"), 16),
        Column(words("site_id"), 12, "centre"),
        Column(words("site_name"), 36),
        Column(words("part"), 36),
        Column(words("from"), 36),
        Column(words("people"), 9, "int"),
        Column(words("one_off"), 17, "vnd"),
        Column(words("yearly"), 17, "vnd"),
    ]
    sheet = book.set_up("actions", columns, unit="unit.actions")
    assert book.today is not None  # noqa: S101
    seats = book.today.assignments
    was = {(ward, part): site for ward, part, site in _lists(seats, "ward_code", "part", "site_id")}
    order = {ward.code: n for n, ward in enumerate(book.wards)}
    table = sorted(actions(book.plan).to_dict("records"), key=lambda row: order.get(row["ward_code"], 10**6))
    head, top = 4, 5
    book.head(sheet, head, columns, len(table))
    rows: list[list[object]] = []
    for row in table:
        ward, part = row["ward_code"], row["part"]
        moves = row["action"] == "move_in"
        before = was.get((ward, part)) if moves else None
        rows.append(
            [
                ward,
                book.names.get(ward, ""),
                words.of("action", row["action"]),
                clean(row["site_id"]),
                book.site_name(row["site_id"]),
                book.part_name(part, "") if part else "",
                book.site_name(before) if before else "",
                int(row["people"]) if moves else "",
                int(row["one_off_vnd"]),
                int(row["yearly_vnd"]),
            ]
        )
    end = book.rows(sheet, top, columns, rows)
    sums: dict[int, float] = {n: sum(int(row[n] or 0) for row in rows) for n in (7, 8, 9)}  # type: ignore[call-overload]
    book.totals(sheet, top, end, columns, sums)
    sheet.print_area(0, 0, end, len(columns) - 1)


# ---------------------------------------------------------------------- assumptions


def _used_settings(plan: Plan) -> dict[str, object]:
    """Return the value of every setting of the scenario, by key ``section.name``."""
    scenario = plan.scenario
    raw: Mapping[str, Any] = scenario.model_dump() if hasattr(scenario, "model_dump") else {}
    used: dict[str, object] = {}
    for section, values in raw.items():
        if isinstance(values, Mapping):
            used.update({f"{section}.{name}": value for name, value in values.items()})
        else:
            used[section] = values
    return used


def _shown(words: _Words, value: object) -> object:
    """Return a scenario choice as people read it."""
    if value is None or value == () or value == []:
        return words("nothing")
    if isinstance(value, bool):
        return words("yes") if value else words("no_")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return ", ".join(clean(one) for one in value)
    return words.of("option", value)


def _setting_cell(key: str, value: float | None, unit: object, style: str = "") -> Cell:
    """Return the value of a setting as its unit looks: a share, a year, a whole or a decimal number."""
    if value is None:
        return Cell("", style, "centre")
    if str(unit) == "share":
        return Cell(value, style, "share_exact")
    if key == "horizon.start_year":
        return Cell(value, style, "year")
    return Cell(value, style, "int" if float(value).is_integer() else "decimal")


def _write_assumptions(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("section"), 18),
        Column(words("name"), 38),
        Column(words("value"), 16, "int"),
        Column(words("measure_unit"), 24),
        Column(words("default"), 14, "int"),
        Column(words("low"), 13, "int"),
        Column(words("high"), 13, "int"),
        Column(words("status"), 15, "centre"),
        Column(words("source"), 50),
        Column(words("note"), 36),
        Column(words("changed"), 18, "centre"),
        Column(words("key"), 40),
    ]
    sheet = book.set_up("assumptions", columns, unit="unit.assumptions")
    used = _used_settings(book.plan)
    origins = getattr(book.plan.scenario, "origins", None)
    origins = origins if isinstance(origins, Mapping) else {}
    table = _records(book.plan.norms.settings, "key")
    head, top = 4, 5
    rows: list[list[object]] = []
    places: dict[str, int] = {}
    for key, row in table.items():
        unit = row.get("unit")
        default = number_of(row.get("value"))
        value = number_of(used.get(key, default))
        changed = value is not None and default is not None and not math.isclose(value, default, rel_tol=1e-9)
        mark = "changed" if changed else ""
        places[key] = top + len(rows)
        rows.append(
            [
                words.of("section", key.split(".")[0]),
                words.pick(row),
                _setting_cell(key, value, unit, mark),
                words.unit(unit),
                _setting_cell(key, default, unit),
                _setting_cell(key, number_of(row.get("low")), unit),
                _setting_cell(key, number_of(row.get("high")), unit),
                words.status(row),
                words.source(row),
                words.note(row),
                Cell(_changed_text(words, origins.get(key)) if changed else "", mark),
                key,
            ]
        )
    for key, choice in used.items():
        if key in table or key in ("schema", "schema_", "name", "title_vi", "title_en"):
            continue
        label = words(f"choice.{key}") if f"choice.{key}" in TEXT else f"{words('choice.other')}: {key}"
        origin = clean(origins.get(key)) or f"{words('scenario')} {clean(book.plan.scenario.name)}"
        shown = _shown(words, choice)
        cell = Cell(shown, "", "centre" if isinstance(shown, str) else "")
        section = words.of("section", key.split(".")[0] if "." in key else "scenario")
        status = words("status.scenario")
        rows.append([section, label, cell, "", "", "", "", status, origin, "", "", key])
    book.head(sheet, head, columns, len(rows))
    end = book.rows(sheet, top, columns, rows)
    for key, name in (("horizon.discount_rate", "discount_rate"), ("horizon.start_year", "start_year")):
        if key in places:
            book.name(name, "assumptions", _cell(places[key], 2, fixed="rc"))
        else:
            fallback = {"discount_rate": book.rate, "start_year": book.start_year}[name]
            book.book.define_name(name, f"={fallback}")
    sheet.print_area(0, 0, max(head, end - 1), len(columns) - 1)


def _changed_text(words: _Words, origin: object) -> str:
    place = clean(origin)
    return f"{words('changed.yes')}: {place}" if ".yaml" in place else words("changed.yes")


def _norm_rows(book: Book) -> list[list[object]]:
    """Return the norm tables as rows: table, code, name, applies to, value, unit, status, source."""
    words, norms = book.words, book.plan.norms
    areas = _records(norms.space_norms, "norm")
    rows: list[list[object]] = []

    def add(
        table: str, code: str, name: str, applies: str, value: object, unit: str, row: Mapping[str, Any]
    ) -> None:
        kind = "centre" if isinstance(value, str) else "decimal" if isinstance(value, float) else "int"
        label, measure = words(f"table.{table}"), words(f"norms.{unit}")
        amount = Cell(value, "", kind)
        rows.append(
            [label, clean(code), name, applies, amount, measure, words.status(row), words.source(row)]
        )

    def part(code: object) -> str:
        text = str(code)
        return words("norms.department") if text == "department" else book.part_name(text, "")

    def types(row: Mapping[str, Any]) -> str:
        return ", ".join(words.of("type", one).lower() for one in str(row.get("types", "")).split("|"))

    for code, row in _records(norms.parts, "part").items():
        applies = f"{words.of('body', row.get('body'))}; {types(row)}"
        add(
            "parts", code, words.pick(row), applies, number_of(row.get("share_of_rest")), "share_of_rest", row
        )
    for code, row in _records(norms.positions, "position").items():
        count = number_of(row.get("count"))
        norm = str(row.get("norm"))
        area = number_of(areas.get(norm, {}).get("m2_net"))
        shown = f"{number(area, book.lang)} {words('norms.m2')}" if area is not None else clean(norm)
        applies = f"{part(row.get('part'))}; {types(row)}; {words.of('post', norm)}: {shown}"
        if str(row.get("switch")) != "on":
            applies += f"; {words('norms.off')}"
        amount: object = words("norms.rest") if count is None else count
        add("positions", code, words.pick(row), applies, amount, "count", row)
    for code, row in areas.items():
        add(
            "space_norms",
            code,
            words.of("post", code),
            clean(row.get("row")),
            number_of(row.get("m2_net")),
            "m2",
            row,
        )
    for row in norms.trips.reset_index().to_dict("records"):
        pair = f"{part(row['part_a'])} – {part(row['part_b'])}"
        trips = number_of(row["trips_per_day"])
        add("trips", f"{row['part_a']}, {row['part_b']}", pair, "", trips, "trips", row)
    for row in norms.detour.reset_index().to_dict("records"):
        distance = number(number_of(row["straight_km"]) or 0, book.lang, 2)
        name = f"{distance} {words('norms.straight')}"
        add("detour", distance, name, "", number_of(row["detour"]), "detour", row)
    for code, row in _records(norms.land_zones, "zone").items():
        zone = f"{words('norms.zone')} {clean(code)}"
        add("land_zones", code, zone, "", number_of(row["land_vnd_per_m2"]), "land", row)
        add("land_zones", code, zone, "", number_of(row["rent_vnd_per_m2_month"]), "rent", row)
    return rows


def _write_norms(book: Book) -> None:
    words = book.words
    columns = [
        Column(words("table"), 26),
        Column(words("code"), 20, "centre"),
        Column(words("name_of"), 44),
        Column(words("applies"), 44),
        Column(words("value"), 15, "int"),
        Column(words("measure_unit"), 24),
        Column(words("status"), 15, "centre"),
        Column(words("source"), 56),
    ]
    sheet = book.set_up("norms", columns, unit="unit.norms")
    rows = _norm_rows(book)
    book.head(sheet, 4, columns, len(rows), frozen=0)
    end = book.rows(sheet, 5, columns, rows)
    sheet.ignore_errors({"number_stored_as_text": f"B6:B{max(6, end)}"})
    sheet.print_area(0, 0, max(5, end - 1), len(columns) - 1)


# ---------------------------------------------------------------------- summary


_SUMMARY_MEASURES = (
    "premises_released",
    "floor_in_use",
    "surplus_floor",
    "missing_to_norm",
    "missing_to_tight",
    "staff",
    "moves",
    "parts_apart",
    "citizen_travel_mean",
    "citizen_travel_max",
    "body_distance_mean",
)


def _write_summary(book: Book) -> None:
    """Write the first sheet: what is planned, what it saves, what the figures rest on."""
    words = book.words
    compared = book.today is not None
    columns = [Column("", 52), Column("", 21), Column("", 21), Column("", 21), Column("", 18)]
    sheet = book.set_up("summary", columns, unit="unit.vnd")
    row = _summary_headline(book, sheet, 4, compared)
    row = _summary_facts(book, sheet, row + 1)
    row = _summary_measures(book, sheet, row + 1, compared)
    row = _summary_costs(book, sheet, row + 1, compared)
    row = _summary_checks(book, sheet, row + 1)
    row = _summary_notes(book, sheet, row + 1)
    row += 1
    for n, key in enumerate(("sign.made", "sign.checked", "sign.head")):
        column = (0, 2, 4)[n]
        sheet.write_string(row, column, words(key), book.format("plain_text", "sign"))
        sheet.write_string(row + 1, column, words("sign.hint"), book.format("plain_text", "signhint"))
    sheet.print_area(0, 0, row + 5, 4)
    sheet.fit_to_pages(1, 0)
    sheet.set_portrait()
    sheet.activate()


def _summary_headline(book: Book, sheet: Worksheet, row: int, compared: bool) -> int:
    """Write the figures that are read first, as formulas on the totals of the other sheets."""
    words = book.words
    premises = int(book.measures.get(("", "premises"), 0))
    objective = book.objective(book.costs)
    figures: list[tuple[str, str, float, str]] = [("headline.premises", "=plan_premises", premises, "int")]
    if compared:
        before = int(book.measures_today.get(("", "premises"), 0))
        text = "=plan_premises-today_premises"
        figures.append(("headline.against_today", text, premises - before, "difference"))
    if len(book.wards) == NOTICED_UNITS:
        text = f"=plan_premises-{NOTICED_PREMISES}"
        figures.append(("headline.against_city", text, premises - NOTICED_PREMISES, "difference"))
    figures.append(("headline.present", "=plan_net_present_cost", objective, "billion"))
    if compared:
        text = "=plan_net_present_cost-today_net_present_cost"
        saved = objective - book.objective(book.costs_today)
        figures.append(("headline.saving", text, saved, "difference_billion"))
    for n, (key, text, value, kind) in enumerate(figures):
        sheet.write_string(row, n, words(key), book.format("centre", "figure_label"))
        book.write(sheet, row + 1, n, Formula(text, value), kind, "figure")
    sheet.set_row(row, 32)
    sheet.set_row(row + 1, 30)
    return row + 2


def _summary_facts(book: Book, sheet: Worksheet, row: int) -> int:
    words, facts, lang = book.words, book.plan.facts, book.lang
    solved = words.of("solved", facts.get("status", ""))
    gap = facts.get("gap")
    if isinstance(gap, (int, float)):
        solved += f"; {words('gap')} {share(gap, lang, 2)}"
    lines: list[tuple[str, object, str, str]] = [
        (words("scenario"), f"{book.title} ({clean(book.plan.scenario.name)})", "text", ""),
        (words("solved"), solved, "text", ""),
        (words("horizon"), f"{_spans(book.years)} ({len(book.years)}); {words('horizon.from')}", "text", ""),
        (words("choice.start"), words.of("option", book.plan.scenario.start), "text", ""),
        (words("rate"), Formula("=discount_rate", book.rate), "share", ""),
        (
            words("surveyed"),
            _saved(facts.get("surveyed_share", book.measures.get(("", "surveyed_share"))), "decimal"),
            "share",
            words("surveyed.note"),
        ),
    ]
    if book.today is not None:
        known_bodies = _known_bodies(book)
        if known_bodies:
            known = sum(known_bodies.values()) / (len(BODIES) * len(known_bodies))
            lines.append((words("known"), known, "share", words("known.note")))
    for label, value, kind, note in lines:
        book.write(sheet, row, 0, label, "text", "bold")
        style = book.format("text")
        if kind == "text":
            sheet.merge_range(row, 1, row, 4, "", style)
            book.write(sheet, row, 1, value, "text")
        else:
            book.write(sheet, row, 1, value, kind, "bold")
            sheet.merge_range(row, 2, row, 4, "", style)
            if note:
                sheet.set_row(row, 2 * ROW_HEIGHT + 2)
            book.write(sheet, row, 2, note, "text")
        row += 1
    return row


def _summary_head(book: Book, sheet: Worksheet, row: int, title: str, labels: Sequence[str]) -> int:
    block = book.format("no_wrap", "block")
    for n in range(5):
        sheet.write_blank(row, n, None, block)
    sheet.write_string(row, 0, title, block)
    for n, label in enumerate(labels):
        sheet.write_string(row + 1, n, label, book.format("centre", "header"))
    return row + 2


def _summary_measures(book: Book, sheet: Worksheet, row: int, compared: bool) -> int:
    words = book.words
    labels = [words("measure"), words("city"), words("today"), words("plan"), words("difference")]
    if not compared:
        labels = [words("measure"), words("city"), words("plan")]
    row = _summary_head(book, sheet, row, words("block.measures"), labels)
    plan_column = 3 if compared else 2
    for measure in ("premises", *_SUMMARY_MEASURES):
        after = _saved(book.measures.get(("", measure)))
        before = _saved(book.measures_today.get(("", measure)))
        if after is None and before is None:
            continue
        first = measure == "premises"
        style = "bold" if first else ""
        book.write(sheet, row, 0, words(f"measure.{measure}"), "text", style)
        city = NOTICED_PREMISES if first and len(book.wards) == NOTICED_UNITS else None
        book.write(sheet, row, 1, city, "int", style)
        if compared:
            value: object = Formula("=today_premises", before or 0) if first else before
            book.write(sheet, row, 2, value, "int", style)
        value = Formula("=plan_premises", after or 0) if first else after
        book.write(sheet, row, plan_column, value, "int", style)
        if compared:
            text = f"={_cell(row, 3)}-{_cell(row, 2)}"
            book.write(sheet, row, 4, Formula(text, (after or 0) - (before or 0)), "difference", style)
        row += 1
    return row


def _summary_costs(book: Book, sheet: Worksheet, row: int, compared: bool) -> int:
    words = book.words
    labels = [words("heading"), words("today"), words("plan"), words("difference"), words("difference_share")]
    if not compared:
        labels = [words("heading"), words("plan")]
    row = _summary_head(book, sheet, row, words("block.costs"), labels)
    whiches = [("today", book.costs_today), ("plan", book.costs)] if compared else [("plan", book.costs)]

    def line(row: int, label: str, cells: Sequence[Formula], style: str) -> None:
        book.write(sheet, row, 0, label, "text", style)
        for n, cell in enumerate(cells, start=1):
            book.write(sheet, row, n, cell, "vnd", style)
        if compared:
            before, after = (float(cell.value) for cell in cells)
            book.write(
                sheet,
                row,
                3,
                Formula(f"={_cell(row, 2)}-{_cell(row, 1)}", after - before),
                "difference",
                style,
            )
            text = f'=IF({_cell(row, 1)}=0,"",{_cell(row, 3)}/ABS({_cell(row, 1)}))'
            book.write(
                sheet,
                row,
                4,
                Formula(text, (after - before) / abs(before) if before else ""),
                "share_signed",
                style,
            )

    def heading(which: str, costs: _Costs, name: str, year: int | None = None) -> Formula:
        items = book.items.get(name, [])
        years = book.years if year is None else [year]
        value = sum(costs.by_item_year.get((item, y), 0) for item in items for y in years)
        suffix = "" if year is None else "_first_year"
        return Formula(f"={which}_{_identifier(name)}{suffix}", value)

    budget = ("capital", "recurrent", "income")
    rows: dict[str, int] = {}
    for name in (*budget, "budget", "social", *(h for h in book.items if h not in HEADINGS)):
        rows[name] = row
        if name == "budget":
            cells = [
                Formula(
                    "=" + "+".join(_cell(rows[one], n) for one in budget),
                    sum(float(heading(which, costs, one).value) for one in budget),
                )
                for n, (which, costs) in enumerate(whiches, start=1)
            ]
            line(row, words("budget"), cells, "heading")
        else:
            line(
                row, words.of("heading", name), [heading(which, costs, name) for which, costs in whiches], ""
            )
        row += 1
    top = rows["capital"]
    skip = rows["budget"]
    cells = [
        Formula(
            f"=SUM({_cell(top, n)}:{_cell(row - 1, n)})-{_cell(skip, n)}",
            sum(costs.by_year.values()),
        )
        for n, (_, costs) in enumerate(whiches, start=1)
    ]
    line(row, words("total"), cells, "total")
    row += 1
    cells = [Formula(f"={which}_net_present_cost", book.objective(costs)) for which, costs in whiches]
    line(row, f"{words('present_total')} ({share(book.rate, book.lang, 1)})", cells, "total")
    row += 1
    book.write(sheet, row, 0, words("block.year"), "text", "unit")
    row += 1
    for name, label in (("recurrent", "recurrent_year"), ("social", "social_year")):
        line(
            row, words(label), [heading(which, costs, name, book.start_year) for which, costs in whiches], ""
        )
        row += 1
    return row


def _summary_checks(book: Book, sheet: Worksheet, row: int) -> int:
    words = book.words
    labels = [words("measure"), words("plan"), "", words("difference"), ""]
    row = _summary_head(book, sheet, row, words("block.checks"), labels)
    computed = book.objective(book.costs)
    expected = book.plan.facts.get("objective_vnd")
    total = sum(book.costs.by_year.values())
    checks: list[tuple[str, str, int, str, int]] = [
        ("check.rows", "=rows_total", total, "=rows_total-plan_total", 0),
        (
            "check.units",
            "=units_net_present_cost",
            computed,
            "=units_net_present_cost-plan_net_present_cost",
            0,
        ),
    ]
    if isinstance(expected, (int, float)):
        text = f"=plan_net_present_cost-{int(expected)}"
        checks.append(("check.objective", "=plan_net_present_cost", computed, text, computed - int(expected)))
    for key, left, value, text, difference in checks:
        book.write(sheet, row, 0, words(key), "text")
        book.write(sheet, row, 1, Formula(left, value), "vnd")
        sheet.write_blank(row, 2, None, book.format("text"))
        book.write(sheet, row, 3, Formula(text, difference), "difference")
        good, bad = words("check.ok"), words("check.bad")
        verdict = f'=IF({_cell(row, 3)}=0,"{good}","{bad}")'
        book.write(sheet, row, 4, Formula(verdict, bad if difference else good), "centre", "bold")
        row += 1
    return row


def _summary_notes(book: Book, sheet: Worksheet, row: int) -> int:
    words = book.words
    block = book.format("no_wrap", "block")
    for n in range(5):
        sheet.write_blank(row, n, None, block)
    sheet.write_string(row, 0, words("block.notes"), block)
    row += 1
    keys = ["note.estimate", "note.social"]
    if book.today is not None:
        keys += ["note.sign", "note.baseline"]
    keys += ["note.formula", "note.norms"] if book.live else ["note.norms"]
    if len(book.wards) == NOTICED_UNITS:
        keys.append("note.city")
    for n, key in enumerate(keys, start=1):
        text = f"{n}. {words(key)}"
        sheet.merge_range(row, 0, row, 4, "", book.format("text", "plain"))
        sheet.write_string(row, 0, text, book.format("text", "plain"))
        sheet.set_row(row, 16 * math.ceil(len(text) / 118) + 2)
        row += 1
    return row
