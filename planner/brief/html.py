"""The brief as HTML: four sheets of A4 that hold no script and ask for nothing, then the tables of the plan."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import singledispatchmethod

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

POLICY = "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'"
STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#e4e7eb;color:#1a1a1a;font:9.2pt/1.32 Arial,"Liberation Sans","Noto Sans",sans-serif}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:#fff;padding:.4rem}
.page{width:210mm;height:297mm;overflow:hidden;background:#fff;margin:6mm auto;padding:11mm 14mm 10mm;
display:flex;flex-direction:column;box-shadow:0 1px 6px #0004}
.top{display:flex;justify-content:space-between;border-bottom:1.6pt solid #1f3864;padding-bottom:1.2mm;
font-size:8pt;color:#404040;gap:6mm}
.top b{color:#1f3864}.foot{margin-top:auto;padding-top:1.5mm;display:flex;justify-content:space-between;
font-size:7pt;color:#595959;border-top:.5pt solid #a6a6a6}
.main{flex:1 1 auto;min-height:0;overflow:hidden}
h1{font-size:15pt;margin:2.6mm 0 1.4mm;color:#1f3864;line-height:1.15}h2{font-size:15pt;margin:2.6mm 0 1.4mm;
color:#1f3864;line-height:1.15}h3{font-size:10pt;margin:2.4mm 0 1mm;color:#1f3864;line-height:1.2}
p{margin:0 0 1.4mm}.lead{font-size:10pt}.note{font-size:7.6pt;color:#4a4a4a;margin-top:1mm}
.boxed{border:1.2pt solid #1f3864;border-left-width:5pt;background:#eef3fa;padding:2mm 3mm 1.4mm;margin:1.6mm 0 2.4mm}
.boxed h3{font-size:11.5pt;margin:0 0 1mm}.boxed p{margin:0 0 .9mm}
dl{margin:0}.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:2.2mm;margin:0 0 1.6mm}
.tiles div{border:.6pt solid #b8c4d6;padding:1.5mm 2.2mm 1.3mm;background:#fafbfd}
dt{font-size:7.8pt;color:#404040}dd{margin:0}.tiles .big{font-size:14.5pt;font-weight:bold;color:#1f3864;line-height:1.2;
white-space:nowrap}
.tiles .under{font-size:7.8pt;color:#404040}
ul,ol{margin:0 0 1mm;padding-left:4.2mm}li{margin:0 0 .75mm;overflow-wrap:anywhere}p,dd,dt,td,th{overflow-wrap:anywhere}
.beside{display:flex;gap:5mm;align-items:flex-start}.beside>div{min-width:0;flex:1 1 0}
.facts{border:.6pt solid #8a8a8a;padding:1.8mm 2.6mm 1.2mm;margin-top:2.4mm;background:#f6f6f4}
.facts h3{margin:0 0 1mm;color:#1a1a1a}.facts div{display:flex;gap:2mm;margin-bottom:.7mm;font-size:8.2pt}
.facts dt{flex:0 0 29mm;font-size:8.2pt}.facts dd{flex:1 1 auto}
table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:8pt;line-height:1.2;margin:0 0 1.4mm}
caption{caption-side:top;text-align:left;font-weight:bold;font-size:9pt;color:#1f3864;padding:1mm 0 .8mm}
td,th{border-bottom:.5pt solid #c4c9d1;padding:.62mm 1.1mm;vertical-align:bottom;font-weight:normal;text-align:right;
font-variant-numeric:tabular-nums}
thead th{background:#1f3864;color:#fff;font-weight:bold;font-size:7.3pt;vertical-align:middle;text-align:center;white-space:pre-line;
line-height:1.18}
.left{text-align:left}.center{text-align:center}
thead th.marked{background:#0b1f45;border:1.4pt solid #0b1f45}td.marked{background:#e8eef7;border-left:1.4pt solid #0b1f45;
border-right:1.4pt solid #0b1f45;font-weight:bold}tr:last-child td.marked{border-bottom:1.4pt solid #0b1f45}
.group th,.group td{background:#e3e6ea;font-weight:bold;padding-top:.5mm;padding-bottom:.4mm}
.total th,.total td{font-weight:bold;border-top:1pt solid #1f3864}
svg{display:block;width:100%;height:auto;font-family:Arial,"Liberation Sans","Noto Sans",sans-serif}
.nav{width:210mm;margin:6mm auto 0;font-size:9pt}.nav a{margin-right:1.2em;color:#1f3864}
@page{size:A4;margin:0}
@media print{body{background:none}.page{margin:0;box-shadow:none;break-after:page;break-inside:avoid}
.page.last{break-after:auto}.nav,.skip{display:none}}
""".strip()


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
        tag = "h1" if self.number == 1 else "h2"
        place = text(words.say("brief.page", n=self.number))
        head = f"<b>{text(brief.title)}</b><span>{text(words('brief.kicker'))}</span>"
        foot = f"<span>{text(brief.foot)}</span><span>{text(words('approx'))}</span><span>{place}</span>"
        heading = f'<{tag} id="page-{self.number}">{text(page.heading)}</{tag}>'
        return (
            f'<section class="page{last}" aria-labelledby="page-{self.number}"><div class="top">{head}</div>'
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
            f'<div><dt>{text(tile.label)}</dt><dd class="big">{text(tile.value)}</dd>'
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


def _part(share: float) -> str:
    return f"w{round(share * 100)}"


STYLE += "".join(f"\n.beside>.w{n}{{flex-grow:{n}}}" for n in (31, 34, 48, 50, 52, 66, 69))


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
