"""A drawing as primitives in points (1/72 inch), y downwards; svg.py and drawingml.py render the same model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

INK, GREY, PALE = "#1a1a1a", "#595959", "#d0d0d0"
_NARROW = frozenset("iìíịỉĩIljtfr.,:;'|!()[] ")
_WIDE = frozenset("mMWwQOÔƠĐD%≈")


@dataclass(frozen=True)
class Path:
    """Closed rings filled as one, even-odd: a ring inside another is a hole."""

    rings: Sequence[Sequence[Point]]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0


@dataclass(frozen=True)
class Rect:
    """A rectangle; ``key`` says what it stands for, for readers of the code and for tests."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    line: float = 0.0
    key: str = ""


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    width: float = 0.5
    dashed: bool = False


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is its middle, ``x`` its start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 8.0
    anchor: Anchor = "start"
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Group:
    """Primitives that belong together."""

    items: Sequence[Item]


Item = Path | Rect | Line | Text | Group


@dataclass(frozen=True)
class Drawing:
    """A drawing with what it shows in words: the title, and a description that says the numbers."""

    width: float
    height: float
    title: str
    description: str
    items: list[Item] = field(default_factory=list)


def flat(items: Sequence[Item]) -> list[Path | Rect | Line | Text]:
    """Return the primitives without groups, in the order in which they are painted."""
    found: list[Path | Rect | Line | Text] = []
    for item in items:
        if isinstance(item, Group):
            found += flat(item.items)
        else:
            found.append(item)
    return found


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a plain sans serif; never much too little."""
    widths = (0.32 if c in _NARROW else 0.86 if c in _WIDE else 0.66 if c.isupper() else 0.57 for c in text)
    return size * sum(widths)


def fitted(text: str, size: float, width: float) -> str:
    """Return text cut with ``…`` so that it is about as wide as it may be."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"
