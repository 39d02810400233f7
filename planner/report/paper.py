"""An open Word document laid out by Decree 30/2020/NĐ-CP: paper, styles, page numbers, paragraphs, tables.

Paragraphs and tables are written as WordprocessingML and parsed once each: cell by cell, python-docx needs time
that grows with the square of the rows. What python-docx keeps is the package: sections, header, properties.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from planner.report.cells import clean
from planner.wording import Lang

Side = Literal["left", "center", "right"]
Style = Literal["", "group", "total"]

CREATED = datetime.datetime(2025, 7, 1, tzinfo=datetime.UTC)
"""The same plan gives the same bytes, whenever it is written."""
A4_MM = (210, 297)
MARGINS_MM = {"top": 20, "bottom": 20, "left": 30, "right": 15}
"""Decree 30/2020/NĐ-CP, Appendix I: top and bottom 20–25, left 30–35, right 15–20."""
HEADER_MM = 10
MAX_TEXT = 200
"""Longer texts of a cell end in ``…``: a row is never split, so one cell must not fill a page."""
FONT = "Times New Roman"

_TWIPS_PER_MM = 1440 / 25.4
_LEFT_OUT = (
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.NUMBERING,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
"""Parts of the library's empty document that this one has no use for."""
_KNOWN = ("Body Text", "Title", "Subtitle", "heading 1", "heading 2", "header")
"""Styles that every Word has; the others are our own."""


def _style(key: str, name: str, paragraph: str, run: str = "", *, based: str = "Normal") -> str:
    own = "" if name in _KNOWN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _styles(lang: Lang) -> str:
    """Return the styles of the document: few, named, so that a clerk changes the look in one place."""
    fonts = " ".join(f'w:{kind}="{FONT}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    tongue = "vi-VN" if lang == "vi" else "en-GB"
    tight = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
    middle = '<w:jc w:val="center"/>'
    return (
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/>{_size(13)}"
        f'<w:lang w:val="{tongue}" w:eastAsia="{tongue}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        + _style(
            "BodyText",
            "Body Text",
            '<w:spacing w:before="0" w:after="120" w:line="276" w:lineRule="auto"/>'
            f'<w:ind w:firstLine="{_twips(10)}"/><w:jc w:val="both"/>',
        )
        + _style("Lead", "Lead", "<w:keepNext/>", based="BodyText")
        + _style("AnnexNumber", "Annex Number", f'<w:keepNext/><w:spacing w:after="120"/>{middle}', _bold(14))
        + _style("Title", "Title", f'<w:keepNext/><w:spacing w:after="60"/>{middle}', _bold(14))
        + _style("Subtitle", "Subtitle", f'<w:spacing w:after="240"/>{middle}', f"<w:i/><w:iCs/>{_size(14)}")
        + _style(
            "Heading1",
            "heading 1",
            '<w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/>',
            _bold(13),
        )
        + _style(
            "Heading2",
            "heading 2",
            '<w:keepNext/><w:spacing w:before="180" w:after="80"/><w:outlineLvl w:val="1"/>',
            _bold(13),
        )
        + _style(
            "UnitLine",
            "Unit Line",
            '<w:keepNext/><w:spacing w:before="0" w:after="40"/><w:jc w:val="right"/>',
            f"<w:i/><w:iCs/>{_size(12)}",
        )
        + _style(
            "Note",
            "Note",
            '<w:spacing w:before="80" w:after="80"/><w:jc w:val="both"/>',
            f"<w:i/><w:iCs/>{_size(12)}",
        )
        + _style("Header", "header", middle, _size(13))
        + _style("TableText", "Table Text", tight, _size(11))
        + _style("TableSmall", "Table Text Small", tight, _size(10), based="TableText")
        + _style("PartEnd", "Part End", '<w:spacing w:line="20" w:lineRule="exact"/>', _size(1))
        + "</w:styles>"
    )


def _bold(points: float) -> str:
    return f"<w:b/><w:bCs/>{_size(points)}"


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_PER_MM)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width in millimetres, its side."""

    label: str
    width: float
    side: Side = "left"


@dataclass(frozen=True)
class Line:
    """A row of a table.

    Attributes
    ----------
    cells : sequence of str or None
        None continues the cell above it, and keeps both rows on one page; of a ``group`` only the first text is
        shown, over all columns.
    style : str
        ``group`` names what follows, ``total`` is a sum.
    """

    cells: Sequence[str | None]
    style: Style = ""


class Paper:
    """An open document: what is written goes to its end.

    Parameters
    ----------
    lang : str
        The language of the text, for the spelling checker.
    title, subject : str
        Properties of the file.
    """

    def __init__(self, lang: Lang, title: str, subject: str) -> None:
        self.document = docx.Document()
        part = self.document.part
        styles: Any = part.part_related_by(RELATIONSHIP_TYPE.STYLES)
        styles._element = parse_xml(_styles(lang))
        package: Any = part.package
        for rels in (part.rels, package.rels):
            for key in [key for key, relation in rels.items() if relation.reltype in _LEFT_OUT]:
                del rels[key]
        properties = self.document.core_properties
        properties.title, properties.subject = clean(title)[:250], clean(subject)[:250]
        properties.author = properties.last_modified_by = "planner"
        properties.comments = properties.keywords = properties.category = ""
        properties.created = properties.modified = CREATED
        properties.revision = 1
        properties.language = "vi-VN" if lang == "vi" else "en-GB"
        self._body: Any = self.document.element.body
        self._first_section()

    def _first_section(self) -> None:
        """Set up the paper, and page numbers in the header from the second page on."""
        section = self.document.sections[0]
        self._set_up(section, landscape=False)
        section.different_first_page_header_footer = True
        element: Any = section._sectPr
        numbers = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
        element.find(_tag("pgMar")).addnext(numbers)
        paragraph: Any = section.header.paragraphs[0]
        paragraph.style = self.document.styles["header"]
        field = (
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:rPr><w:noProof/></w:rPr>'
            "<w:t>2</w:t></w:r></w:fldSimple>"
        )
        paragraph._p.append(parse_xml(field))

    def _set_up(self, section: Any, *, landscape: bool) -> None:
        """Set A4 and the margins; they keep their names when the paper is turned."""
        short, long = A4_MM
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (
            (Mm(long), Mm(short)) if landscape else (Mm(short), Mm(long))
        )
        for side, size in MARGINS_MM.items():
            setattr(section, f"{side}_margin", Mm(size))
        section.header_distance = section.footer_distance = Mm(HEADER_MM)
        section.gutter = Mm(0)
        self.width_mm = (long if landscape else short) - MARGINS_MM["left"] - MARGINS_MM["right"]
        self.landscape = landscape

    def turn(self, *, landscape: bool) -> None:
        """Go on on a new page, upright or across; nothing happens where the paper lies so already."""
        if landscape == self.landscape:
            return
        section = self.document.add_section()
        self.document.paragraphs[-1].style = self.document.styles["Part End"]
        section.different_first_page_header_footer = False
        element: Any = section._sectPr
        for numbers in element.findall(_tag("pgNumType")):
            element.remove(numbers)
        self._set_up(section, landscape=landscape)

    def define(self, styles: str) -> None:
        """Add styles; each is a ``w:style`` that is WordprocessingML already."""
        element: Any = self.document.styles.element
        for style in parse_xml(f"<w:styles {nsdecls('w')}>{styles}</w:styles>"):
            element.append(style)

    def write(self, style: str, text: str, limit: int = 2000) -> None:
        """Write a paragraph in one of the styles."""
        runs = "<w:r><w:br/></w:r>".join(_run(shortened(line, limit)) for line in text.split("\n"))
        self.append(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>')

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        lines: Iterable[Line],
        *,
        small: bool = False,
        together: bool = False,
    ) -> None:
        """Write a table over the whole width: heading repeated on every page, no row split over pages.

        Parameters
        ----------
        caption : str
            What readers of screens are told.
        columns, lines : sequences
            The columns, and the rows below the heading.
        small : bool
            Set in smaller type.
        together : bool
            Keep all rows on one page, for tables that fit.
        """
        total = sum(column.width for column in columns)
        widths = [_twips(column.width * self.width_mm / total) for column in columns]
        style = "TableSmall" if small else "TableText"
        border = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
        borders = "".join(
            f"<w:{s} {border}/>" for s in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        sides = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        heading = "".join(
            _cell(column.label, width, style, "center", bold=True, kept=True)
            for column, width in zip(columns, widths, strict=True)
        )
        shown = list(lines)
        below = [*shown[1:], Line([""] * len(columns))]
        rows = "".join(
            _row(line, after, columns, widths, style, kept=together and after is not below[-1])
            for line, after in zip(shown, below, strict=True)
        )
        self.append(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar>'
            f"<w:tblCaption w:val={quoteattr(shortened(caption))}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heading}</w:tr>{rows}</w:tbl>"
        )

    def append(self, xml: str) -> None:
        """Write a paragraph or table that is WordprocessingML already."""
        self._body.find(_tag("sectPr")).addprevious(parse_xml(xml))

    def finish(self) -> bytes:
        """Return the file, the same bytes for the same content; below its last table stands a paragraph."""
        self.write("PartEnd", "")
        saved, result = io.BytesIO(), io.BytesIO()
        self.document.save(saved)
        with zipfile.ZipFile(saved) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                entry = zipfile.ZipInfo(name)  # 1 January 1980
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                new.writestr(entry, old.read(name))
        return result.getvalue()


def shortened(text: str, limit: int = MAX_TEXT) -> str:
    """Return text made harmless and no longer than it may be."""
    plain = clean(text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _run(text: str, *, bold: bool = False) -> str:
    look = "<w:rPr><w:b/><w:bCs/></w:rPr>" if bold else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _row(
    line: Line, below: Line, columns: Sequence[Column], widths: Sequence[int], style: str, *, kept: bool
) -> str:
    bold = line.style != ""
    if line.style == "group":
        cells = _cell(
            line.cells[0] or "", sum(widths), style, "left", bold=True, kept=True, span=len(columns)
        )
    else:
        kept = kept or None in below.cells or below.style == "total"
        cells = "".join(
            _cell(text, width, style, column.side, bold=bold, kept=kept, merged=_merged(line, below, n))
            for n, (text, column, width) in enumerate(zip(line.cells, columns, widths, strict=True))
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _merged(line: Line, below: Line, column: int) -> str:
    """Say whether a cell continues the one above, or is continued below."""
    if line.cells[column] is None:
        return "<w:vMerge/>"
    continued = below.style != "group" and below.cells[column] is None
    return '<w:vMerge w:val="restart"/>' if continued else ""


def _cell(
    text: str | None,
    width: int,
    style: str,
    side: Side,
    *,
    bold: bool = False,
    kept: bool = False,
    span: int = 1,
    merged: str = "",
) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if span > 1 else ""
    keep = "<w:keepNext/>" if kept else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{merged}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}<w:jc w:val="{side}"/></w:pPr>'
        f"{_run(shortened(text or ''), bold=bold)}</w:p></w:tc>"
    )
