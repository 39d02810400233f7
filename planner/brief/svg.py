"""A drawing as inline SVG: a picture with a name and a description, no script, no style, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from planner.brief.drawing import Drawing, Group, Item, Line, Path, Point, Rect, Text


def svg(drawing: Drawing, key: str) -> str:
    """Return a drawing as an element; ``key`` makes the ids of its title and description unique on a page."""
    width, height = _plain(drawing.width), _plain(drawing.height)
    body = "".join(map(_item, drawing.items))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{text(drawing.title)}</title>'
        f'<desc id="{key}-d">{text(drawing.description)}</desc>{body}</svg>'
    )


def text(value: str) -> str:
    """Return text that may stand in an element or a quoted attribute; no character of it is markup."""
    return escape(value.encode("utf-8", "replace").decode("utf-8"), quote=True)


def _item(item: Item) -> str:
    if isinstance(item, Group):
        return f"<g>{''.join(map(_item, item.items))}</g>"
    if isinstance(item, Path):
        look = _look(item.fill, item.stroke, item.width)
        return f'<path d="{"".join(map(_ring, item.rings))}"{look} fill-rule="evenodd"/>'
    if isinstance(item, Rect):
        place = f'x="{_plain(item.x)}" y="{_plain(item.y)}" width="{_plain(item.width)}" height="{_plain(item.height)}"'
        key = f' data-key="{text(item.key)}"' if item.key else ""
        return f"<rect {place}{_look(item.fill, item.stroke, item.line)}{key}/>"
    if isinstance(item, Line):
        dash = ' stroke-dasharray="3 2"' if item.dashed else ""
        ends = f'x1="{_plain(item.x1)}" y1="{_plain(item.y1)}" x2="{_plain(item.x2)}" y2="{_plain(item.y2)}"'
        return f"<line {ends}{_look('', item.stroke, item.width)}{dash}/>"
    return _text(item)


def _text(item: Text) -> str:
    anchor = "" if item.anchor == "start" else f' text-anchor="{item.anchor}"'
    weight = ' font-weight="bold"' if item.bold else ""
    # The baseline stands about a third of the size below the middle; not every reader knows dominant-baseline.
    y = item.y + 0.35 * item.size
    return (
        f'<text x="{_plain(item.x)}" y="{_plain(y)}" font-size="{_plain(item.size)}" fill="{item.colour}"'
        f"{anchor}{weight}>{text(item.text)}</text>"
    )


def _ring(ring: Sequence[Point]) -> str:
    """Return a ring as steps: written short, a map is half as long."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    parts = [f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l"]
    for (x, y), (nx, ny) in pairwise(tenths):
        parts.append(f"{_tenth(nx - x)} {_tenth(ny - y)} ")
    return "".join(parts).rstrip() + "z"


def _tenth(value: int) -> str:
    return _plain(value / 10)


def _look(fill: str, stroke: str, width: float) -> str:
    found = f' fill="{fill or "none"}"'
    if stroke and width:
        found += f' stroke="{stroke}" stroke-width="{_plain(width)}"'
    return found


def _plain(value: float) -> str:
    """Return a number as short as it reads to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
