"""The brief as the first pages of a Word document, on Decree 30's paper: tables and charts that can be edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatchmethod
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from planner.brief.drawingml import drawing_run
from planner.brief.pages import (
    Beside,
    Block,
    Boxed,
    Brief,
    Bullets,
    Column,
    Facts,
    Figure,
    Heading,
    Page,
    Paragraph,
    Row,
    Table,
    Tiles,
)
from planner.brief.words import Say
from planner.report.annex import Annex
from planner.report.cells import clean
from planner.report.clauses import Clauses
from planner.report.paper import Paper

if TYPE_CHECKING:
    from planner.plan import Plan

POINTS_PER_MM = 72 / 25.4
ACROSS = 3
"""Tiles in a row."""
NAVY, TINT, HEAD, FRAME = "1F3864", "E8EEF7", "1F3864", "A6A6A6"


_SIZES = {"": 1.0, "large": 1.12, "small": 0.91}
"""What the type of a page is multiplied by."""
_LOOKS = {
    # name: points, space behind in twips, paragraph, run
    "Title": (15.0, 80, "", f'<w:b/><w:bCs/><w:color w:val="{NAVY}"/>'),
    "Heading": (10.5, 40, "", f'<w:b/><w:bCs/><w:color w:val="{NAVY}"/>'),
    "Text": (10.0, 60, "", ""),
    "Item": (8.8, 36, "", ""),
    "Note": (8.0, 40, "", "<w:i/><w:iCs/>"),
    "Cell": (8.2, 0, "", ""),
    "Figure": (15.0, 0, "", f'<w:b/><w:bCs/><w:color w:val="{NAVY}"/>'),
}


def _styles() -> Iterator[str]:
    """Yield the styles of the three sizes, so that a clerk changes the look in one place."""
    for size, factor in _SIZES.items():
        for name, (points, after, paragraph, run) in _LOOKS.items():
            half = round(points * factor * 2)
            yield (
                f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="Brief{name}{size.title()}">'
                f'<w:name w:val="Brief {name} {size}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}'
                f'<w:spacing w:before="0" w:after="{after}" w:line="240" w:lineRule="auto"/></w:pPr>'
                f'<w:rPr>{run}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
            )


def brief_docx(brief: Brief, words: Say, plan: Plan) -> bytes:
    """Return the document: the brief, then the annex of the recommended plan."""
    paper = Paper(brief.lang, f"{brief.title}: {brief.subject}", plan.scenario.name)
    paper.define("".join(_styles()))
    writer = _Writer(paper.width_mm)
    for page in brief.pages:
        for element in writer.page(page, brief, words):
            paper.append(element)
    paper.append(_p("PartEnd", '<w:r><w:br w:type="page"/></w:r>'))
    Annex(plan, Clauses(brief.lang), paper).write()
    return paper.finish()


class _Writer:
    """Blocks as WordprocessingML; widths are in points."""

    def __init__(self, width_mm: float) -> None:
        self.width = width_mm * POINTS_PER_MM
        self.drawings = 0
        self.size = ""

    def page(self, page: Page, brief: Brief, words: Say) -> list[str]:
        """Return the elements of a page; the last one ends it."""
        number = brief.pages.index(page) + 1
        self.size = page.type_size.title()
        start = "" if number == 1 else "<w:pageBreakBefore/>"
        found = [self.paragraph("Note", f"{words('brief.kicker')} · {brief.title}", start)]
        found.append(self.paragraph("Title", page.heading, '<w:outlineLvl w:val="0"/>'))
        found += [element for block in page.blocks for element in self.block(block, self.width)]
        found.append(self.paragraph("Note", f"{brief.foot} · {words.say('brief.page', n=number)}"))
        return found

    def paragraph(self, style: str, text: str, more: str = "") -> str:
        """Return a paragraph of one text in a style of the page's size."""
        return self.runs(style, _run(text), more)

    def runs(self, style: str, runs: str, more: str = "") -> str:
        """Return a paragraph of runs; what more it says must stand before spacing and indents, as the schema has it."""
        return _p(f"Brief{style}{self.size}", runs, more)

    @singledispatchmethod
    def block(self, block: Block, width: float) -> list[str]:
        raise TypeError(type(block).__name__)

    @block.register
    def _(self, block: Paragraph, width: float) -> list[str]:
        return [self.paragraph("Note" if block.kind == "note" else "Text", block.text)]

    @block.register
    def _(self, block: Heading, width: float) -> list[str]:
        return [self.paragraph("Heading", block.text)]

    @block.register
    def _(self, block: Bullets, width: float) -> list[str]:
        indent = '<w:ind w:left="200" w:hanging="200"/>'
        found = []
        for n, (name, what) in enumerate(block.items, start=1):
            mark = f"{n}. " if block.numbered else "• "
            runs = _run(mark) + (_run(f"{name} ", bold=True) if name else "") + _run(what)
            found.append(self.runs("Item", runs, indent))
        return found

    @block.register
    def _(self, block: Boxed, width: float) -> list[str]:
        inside = [self.paragraph("Heading", block.title)]
        inside += [self.paragraph("Text", line) for line in block.sentences]
        return [_frame([[("".join(inside), width)]], TINT, NAVY, 12), _gap()]

    @block.register
    def _(self, block: Tiles, width: float) -> list[str]:
        each = width / ACROSS
        tiles = [
            (
                self.paragraph("Item", tile.label)
                + self.runs("Figure", _run(tile.value) + _plain(tile.unit))
                + self.paragraph("Item", tile.note),
                each,
            )
            for tile in block.tiles
        ]
        rows = [tiles[n : n + ACROSS] for n in range(0, len(tiles), ACROSS)]
        return [_frame(rows, "FAFBFD", FRAME, 4), _gap()]

    @block.register
    def _(self, block: Facts, width: float) -> list[str]:
        inside = [self.paragraph("Heading", block.title)]
        inside += [
            self.runs("Item", _run(f"{name}: ", bold=True) + _run(value)) for name, value in block.rows
        ]
        return [_frame([[("".join(inside), width)]], "F6F6F4", FRAME, 4)]

    @block.register
    def _(self, block: Table, width: float) -> list[str]:
        return [
            self.paragraph("Heading", block.caption),
            _table(block, width, f"BriefCell{self.size}"),
            _gap(),
        ]

    @block.register
    def _(self, block: Figure, width: float) -> list[str]:
        self.drawings += 1
        return [self.runs("Cell", drawing_run(block.drawing, self.drawings, min(width, block.drawing.width)))]

    @block.register
    def _(self, block: Beside, width: float) -> list[str]:
        # Two cells of a table without lines: columns of a section would break in places of their own.
        gap = 8.0
        sides = []
        for blocks, share in ((block.left, block.left_share), (block.right, 1 - block.left_share)):
            wide = (width - gap) * share
            inside = "".join(element for one in blocks for element in self.block(one, wide))
            sides.append((inside + _gap(), wide + gap / 2))
        return [_frame([sides], "", "", 0), _gap()]


def _p(style: str, runs: str, more: str = "") -> str:
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _gap() -> str:
    """Return the paragraph that must stand between tables and at the end of a cell: hardly to be seen."""
    return _p("PartEnd", "", '<w:spacing w:before="60" w:after="0" w:line="20" w:lineRule="exact"/>')


def _run(text: str, *, bold: bool = False, colour: str = "") -> str:
    look = ("<w:b/><w:bCs/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(clean(line))}</w:t>' for line in text.split("\n")
    )
    return f"<w:r>{look}{lines}</w:r>"


def _plain(unit: str) -> str:
    """Return the unit of a figure, smaller than it."""
    look = '<w:rPr><w:b w:val="0"/><w:bCs w:val="0"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve"> {escape(clean(unit))}</w:t></w:r>' if unit else ""


def _twips(points: float) -> int:
    return round(points * 20)


def _frame(rows: Sequence[Sequence[tuple[str, float]]], fill: str, line: str, size: int) -> str:
    """Return a table as a frame: cells with what they hold and their width."""
    border = f'w:val="single" w:sz="{size}" w:space="0" w:color="{line}"' if line else 'w:val="nil"'
    edges = "".join(
        f"<w:{side} {border}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margin = 80 if line else 0
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (
            ("top", margin // 2),
            ("left", margin),
            ("bottom", margin // 2),
            ("right", margin or 80),
        )
    )
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    # Rows may split: LibreOffice moves a row that must not, and holds a table, to the next page though it has room.
    lines = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{shade}</w:tcPr>{inside}</w:tc>'
            for inside, width in row
        )
        + "</w:tr>"
        for row in rows
    )
    widths = [_twips(width) for _, width in rows[0]]
    return _tbl(widths, edges, margins, "", lines)


def _tbl(widths: Sequence[int], edges: str, margins: str, caption: str, rows: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    about = f"<w:tblCaption w:val={quoteattr(clean(caption))}/>" if caption else ""
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>{about}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _table(block: Table, width: float, style: str) -> str:
    total = sum(column.width for column in block.columns)
    widths = [_twips(column.width * width / total) for column in block.columns]
    edges = f'<w:top w:val="single" w:sz="4" w:color="{NAVY}"/><w:bottom w:val="single" w:sz="4" w:color="{NAVY}"/>'
    edges += f'<w:insideH w:val="single" w:sz="4" w:color="{FRAME}"/>'
    margins = "".join(f'<w:{side} w:w="50" w:type="dxa"/>' for side in ("left", "right"))
    head = "".join(
        _cell(column.label, wide, "center", style, fill=HEAD, bold=True, colour="FFFFFF")
        for column, wide in zip(block.columns, widths, strict=True)
    )
    rows = "".join(_row(row, block.columns, widths, style) for row in block.rows)
    lines = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}"
    return _tbl(widths, edges, margins, block.caption, lines)


def _row(row: Row, columns: Iterable[Column], widths: Iterable[int], style: str) -> str:
    cells = "".join(
        _cell(
            cell,
            width,
            column.side,
            style,
            fill="E3E6EA" if row.kind == "group" else TINT if column.marked else "",
            bold=bool(row.kind) or column.marked,
            marked=column.marked,
        )
        for cell, column, width in zip(row.cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(
    text: str,
    width: int,
    side: str,
    style: str,
    *,
    fill: str = "",
    bold: bool = False,
    colour: str = "",
    marked: bool = False,
) -> str:
    edge = f'w:val="single" w:sz="12" w:space="0" w:color="{NAVY}"'
    edges = f"<w:tcBorders><w:left {edge}/><w:right {edge}/></w:tcBorders>" if marked else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    run = _run(text, bold=bold, colour=colour)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{edges}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{side}"/></w:pPr>{run}</w:p></w:tc>'
    )
