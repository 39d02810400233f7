"""The report as one printable HTML page: the sheets of the workbook as tables, without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.report import writers_of
from planner.report.book import Book
from planner.report.figures import Figures
from planner.report.words import Words
from planner.wording import Lang, number, share

if TYPE_CHECKING:
    from planner.plan import Plan

LEFT_OUT = ("costs",)
"""The cost rows are thousands of lines that only a spreadsheet can use."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
body{font:11pt "Times New Roman",Times,serif;color:#1a1a1a;margin:1.5rem auto;max-width:80rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2.2rem 0 .2rem}
nav a{margin-right:1rem}p{margin:.2rem 0 .6rem}.unit{font-style:italic;color:#404040}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.4rem 0 1rem;min-width:40rem}
td,th{border:1px solid #a6a6a6;padding:.15rem .45rem;vertical-align:middle}
th,td.blank{background:#1f3864;color:#fff;text-align:center}td.n{text-align:right;white-space:nowrap}td.c{text-align:center}
.total,.block,.heading,.figure,.figure_label{background:#e6edf5}.total,.block,.bold,.heading,.figure{font-weight:bold}
td.figure{font-size:1.4rem;text-align:center}tr.gap td{border:0;height:.8rem}
.filtered{display:none}.estimated{font-style:italic;color:#5a5a5a}
.changed{background:#fff2cc;font-weight:bold}.indent{padding-left:1.6rem}.none{border:0}
@page{size:A4 landscape;margin:12mm}
@media print{body{max-width:none;margin:0;font-size:9pt}nav{display:none}h2{break-before:page}
thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}table{min-width:0}}
""".strip()

_SCALE = {"million": (10**6, 0), "billion": (10**9, 1), "km": (1000, 2)}


@dataclass(frozen=True)
class Look:
    """How a cell looks: the names of its kind and its styles."""

    kind: str
    styles: tuple[str, ...]


@dataclass
class Page:
    """What a sheet writes, kept as cells: stands in for a worksheet of xlsxwriter."""

    name: str
    cells: dict[tuple[int, int], tuple[object, Look]] = field(default_factory=dict)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    header: tuple[int, int] = (-1, -1)

    @property
    def dim_rowmax(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    def write_string(self, row: int, column: int, text: str, look: Look) -> None:
        """Keep a text."""
        self.cells[row, column] = (text, look)

    def write_number(self, row: int, column: int, value: float, look: Look) -> None:
        """Keep a number."""
        self.cells[row, column] = (value, look)

    def write_formula(self, row: int, column: int, formula: str, look: Look, value: object) -> None:
        """Keep the value of a formula."""
        self.cells[row, column] = (value, look)

    def write_blank(self, row: int, column: int, blank: None, look: Look) -> None:
        """Keep an empty cell."""
        self.cells[row, column] = ("", look)

    def merge_range(self, row: int, column: int, last: int, right: int, text: str, look: Look) -> None:
        """Keep a text over several cells."""
        self.cells[row, column] = (text, look)
        self.merged[row, column] = (last - row + 1, right - column + 1)

    def repeat_rows(self, first: int, last: int | None = None) -> None:
        """Keep which rows are the heading."""
        self.header = (first, first if last is None else last)

    def __getattr__(self, name: str) -> Any:
        """Widths, panes, filters and paper mean nothing here."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **options: None


class Pages:
    """Stands in for a workbook of xlsxwriter."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def add_worksheet(self, name: str) -> Page:
        """Begin a table."""
        self.pages.append(Page(name))
        return self.pages[-1]

    def __getattr__(self, name: str) -> Any:
        """Names, properties and sizes mean nothing here."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **options: None


class HtmlBook(Book):
    """A book whose sheets are kept as cells."""

    live = False

    def open_workbook(self) -> Any:
        """Return what the sheets write to."""
        return Pages()

    def format(self, kind: str, style: str = "") -> Any:
        """Return the names of how a cell looks."""
        return Look(kind, tuple(name for name in style.split("+") if name))


def write_report_html(plan: Plan, path: Path, lang: str = "vi") -> None:
    """Write the tables of the workbook, without the cost rows, as one HTML page that needs nothing else.

    Parameters
    ----------
    plan : Plan
        A plan; with ``today`` the page also compares.
    path : Path
        Where the page goes; an existing file is replaced.
    lang : str
        ``vi`` (default) or ``en``.
    """
    words = Words("en" if lang == "en" else "vi")
    sheets = sheets_html(plan, words)
    title = f"{words('title.summary')}: {sheets.title}"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{words.lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(sheets.title)}</h1><nav>{sheets.links}</nav>",
        *sheets.sections,
        "</body></html>\n",
    ]
    Path(path).write_text("\n".join(parts), encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Sheets:
    """The sheets as elements: the title of the plan, links to the sheets, and a section for each."""

    title: str
    links: str
    sections: list[str]


def sheets_html(plan: Plan, words: Words) -> Sheets:
    """Return the sheets of a plan, without the cost rows, as elements of a page."""
    figures = Figures(plan, words)
    book = HtmlBook(words, figures.title, figures.name)
    writers = {key: write for key, write in writers_of(figures).items() if key not in LEFT_OUT}
    for write in writers.values():
        write(book, figures)
    pages: list[tuple[str, Page]] = list(zip(writers, book.workbook.pages, strict=True))
    links = "".join(f'<a href="#{key}">{escape(page.name)}</a>' for key, page in pages)
    return Sheets(book.title, links, [_section(key, page, book.lang) for key, page in pages])


def _section(key: str, page: Page, lang: Lang) -> str:
    title, unit = (str(page.cells.get((row, 0), ("", None))[0]) for row in (0, 2))
    rows = sorted({row for row, _ in page.cells if row > 2})
    width = 1 + max((column for _, column in page.cells), default=0)
    covered = {
        (row + down, column + right)
        for (row, column), (height, across) in page.merged.items()
        for down in range(height)
        for right in range(across)
        if down or right
    }
    lines: list[str] = []
    inside = ""
    last = rows[0] if rows else 0
    for row in rows:
        wanted = "thead" if page.header[0] <= row <= page.header[1] else "tbody"
        if wanted != inside:
            lines.append(f"</{inside}>" if inside else "")
            lines.append(f"<{wanted}>")
            inside = wanted
        if row > last + 1:
            lines.append(f'<tr class="gap"><td colspan="{width}"></td></tr>')
        last = row
        lines.append(_row(page, row, width, covered, lang))
    table = "".join(lines) + (f"</{inside}>" if inside else "")
    return (
        f'<section id="{key}"><h2>{escape(title)}</h2><p class="unit">{escape(unit)}</p>'
        # Who has no mouse must be able to scroll a table that is wider than the window.
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(title)}"><table>{table}</table></div>'
        "</section>"
    )


def _row(page: Page, row: int, width: int, covered: set[tuple[int, int]], lang: Lang) -> str:
    cells: list[str] = []
    hidden = False
    for column in range(width):
        if (row, column) in covered:
            continue
        value, look = page.cells.get((row, column), ("", Look("", ("none",))))
        hidden = hidden or "filtered" in look.styles
        span = page.merged.get((row, column))
        spans = f' colspan="{span[1]}"' if span and span[1] > 1 else ""
        header, text = "header" in look.styles, escape(_text(value, look.kind, lang))
        tag = "th" if header and text else "td"
        names = _classes(value, look) + (" blank" if header and not text else "")
        classes = f' class="{names}"' if names else ""
        cells.append(f"<{tag}{spans}{classes}>{text}</{tag}>")
    return "" if hidden else f"<tr>{''.join(cells)}</tr>"


def _classes(value: object, look: Look) -> str:
    side: Sequence[str] = ()
    if isinstance(value, (int, float)) and look.kind not in ("year", "centre"):
        side = ("n",)
    elif look.kind in ("code", "centre", "year"):
        side = ("c",)
    return " ".join((*side, *(style for style in look.styles if style not in ("header", "quoted", "plain"))))


def _text(value: object, kind: str, lang: Lang) -> str:
    """Return a value as the workbook shows it."""
    if not isinstance(value, (int, float)):
        return str(value)
    plain = kind.removeprefix("difference_") if kind != "difference" else "vnd"
    sign = "+" if kind.startswith("difference") and value > 0 else ""
    if kind == "year":
        return str(int(value))
    if kind == "tenths":
        return number(value, lang, 1)
    if kind == "km":
        return number(value / 1000, lang, 2)
    if kind in ("vnd", "million", "billion") or sign or kind.startswith("difference"):
        if not value:
            return "–"
        size, decimals = _SCALE.get(plain, (1, 0))
        return sign + number(value / size, lang, decimals)
    if kind == "share_signed":
        return ("+" if value > 0 else "") + share(value, lang, 1) if value else "–"
    if kind == "share":
        return share(value, lang, 1)
    if kind == "share_exact":
        return share(value, lang, 2)
    if kind in ("decimal", "factor"):
        digits = 6 if kind == "factor" else len(f"{value:.10f}".rstrip("0").split(".")[1])
        return number(value, lang, digits)
    return number(value, lang)
