"""The brief as HTML: four sheets of A4 that hold no script and ask for nothing, then the tables of the plan."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import singledispatchmethod
from pathlib import Path

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
from planner.brief.svg import svg, text
from planner.brief.words import Say

POLICY = "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = (Path(__file__).parent / "brief.css").read_text(encoding="utf-8")


def brief_html(brief: Brief, words: Say, links: str = "", appendix: str = "", style: str = "") -> str:
    """Return the whole page.

    Parameters
    ----------
    brief : Brief
        What the four pages say.
    words : Say
        Their language.
    links, appendix, style : str
        Elements of what follows the four pages, links to it, and its style.
    """
    css = STYLE + style
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode()
    nav = "".join(
        f'<a href="#page-{n}">{n}. {text(page.heading)}</a>' for n, page in enumerate(brief.pages, start=1)
    )
    last = "" if appendix else " last"
    pages = "".join(
        _Sheet(n, words).page(page, brief, last if n == len(brief.pages) else "")
        for n, page in enumerate(brief.pages, start=1)
    )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{brief.lang}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(style=f"sha256-{digest}")}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">',
            f"<title>{text(f'{brief.title}: {brief.subject}')}</title><style>{css}</style></head><body>",
            f'<nav class="nav" aria-label="{text(words("brief.nav"))}">{nav}{links}</nav>',
            f"<main>{pages}{appendix}</main>",
            "</body></html>\n",
        ]
    )


class _Sheet:
    """One sheet of paper; it numbers the drawings on it."""

    def __init__(self, number: int, words: Say) -> None:
        self.number = number
        self.words = words
        self.drawings = 0

    def page(self, page: Page, brief: Brief, last: str) -> str:
        words = self.words
        size = f" {page.type_size}" if page.type_size else ""
        place = text(words.say("brief.page", n=self.number))
        title = "h1" if self.number == 1 else "b"
        head = f"<{title}>{text(brief.title)}</{title}><span>{text(words('brief.kicker'))}</span>"
        foot = f"<span>{text(brief.foot)}</span><span>{text(words('approx'))}</span><span>{place}</span>"
        heading = f'<h2 id="page-{self.number}">{text(page.heading)}</h2>'
        return (
            f'<section class="page{last}{size}" aria-labelledby="page-{self.number}"><div class="top">{head}</div>'
            f'<div class="main">{heading}{self.blocks(page.blocks)}</div><div class="foot">{foot}</div></section>'
        )

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(map(self.block, blocks))

    @singledispatchmethod
    def block(self, block: Block) -> str:
        raise TypeError(type(block).__name__)

    @block.register
    def _(self, block: Paragraph) -> str:
        kind = "" if block.kind == "text" else f' class="{block.kind}"'
        return f"<p{kind}>{text(block.text)}</p>"

    @block.register
    def _(self, block: Heading) -> str:
        return f"<h3>{text(block.text)}</h3>"

    @block.register
    def _(self, block: Bullets) -> str:
        tag = "ol" if block.numbered else "ul"
        items = "".join(
            f"<li>{f'<b>{text(name)}</b> ' if name else ''}{text(what)}</li>" for name, what in block.items
        )
        return f"<{tag}>{items}</{tag}>" if items else ""

    @block.register
    def _(self, block: Boxed) -> str:
        lines = "".join(f"<p>{text(line)}</p>" for line in block.sentences)
        return f'<div class="boxed"><h3>{text(block.title)}</h3>{lines}</div>'

    @block.register
    def _(self, block: Tiles) -> str:
        tiles = "".join(
            f'<div><dt>{text(tile.label)}</dt><dd class="big">{text(tile.value)}{_unit(tile.unit)}</dd>'
            f'<dd class="under">{text(tile.note)}</dd></div>'
            for tile in block.tiles
        )
        return f'<dl class="tiles">{tiles}</dl>'

    @block.register
    def _(self, block: Facts) -> str:
        rows = "".join(
            f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in block.rows
        )
        return f'<div class="facts"><h3>{text(block.title)}</h3><dl>{rows}</dl></div>'

    @block.register
    def _(self, block: Table) -> str:
        return _table(block)

    @block.register
    def _(self, block: Figure) -> str:
        self.drawings += 1
        return svg(block.drawing, f"d{self.number}-{self.drawings}")

    @block.register
    def _(self, block: Beside) -> str:
        # A column of so many parts of the width; a style attribute would need a looser policy.
        left, right = (f'<div class="{_part(part)}">' for part in (block.left_share, 1 - block.left_share))
        return f'<div class="beside">{left}{self.blocks(block.left)}</div>{right}{self.blocks(block.right)}</div></div>'


def _unit(unit: str) -> str:
    return f" <small>{text(unit)}</small>" if unit else ""


def _part(share: float) -> str:
    return f"w{round(share * 100)}"


def _table(block: Table) -> str:
    total = sum(column.width for column in block.columns)
    columns = "".join(f'<col width="{column.width / total:.2%}">' for column in block.columns)
    head = "".join(f'<th scope="col"{_classes(column)}>{text(column.label)}</th>' for column in block.columns)
    body = "".join(_row(row, block.columns) for row in block.rows)
    caption = f"<caption>{text(block.caption)}</caption>"
    return f"<table>{caption}<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Row, columns: Iterable[Column]) -> str:
    if row.kind == "group":
        # Over all columns, but for a marked one, whose frame runs through.
        cells = "".join(
            f'<th scope="rowgroup" class="left">{text(cell)}</th>'
            if n == 0
            else f"<td{_classes(column)}></td>"
            for n, (cell, column) in enumerate(zip(row.cells, columns, strict=True))
        )
        return f'<tr class="group">{cells}</tr>'
    cells = "".join(
        f'<th scope="row" class="left">{text(cell)}</th>'
        if n == 0
        else f"<td{_classes(column)}>{text(cell)}</td>"
        for n, (cell, column) in enumerate(zip(row.cells, columns, strict=True))
    )
    kind = f' class="{row.kind}"' if row.kind else ""
    return f"<tr{kind}>{cells}</tr>"


def _classes(column: Column) -> str:
    names = [*([column.side] if column.side != "right" else []), *(["marked"] if column.marked else [])]
    return f' class="{" ".join(names)}"' if names else ""
