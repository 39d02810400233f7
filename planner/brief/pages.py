"""What a brief is made of: four pages of blocks, which every writer lays out in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planner.brief.drawing import Drawing
from planner.wording import Lang

Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: plain text, the ``lead`` of a page, a small ``note``."""

    text: str
    kind: Literal["text", "lead", "note"] = "text"


@dataclass(frozen=True)
class Heading:
    """A heading inside a page."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list; each item may begin with words that stand out."""

    items: Sequence[tuple[str, str]]
    numbered: bool = False


@dataclass(frozen=True)
class Boxed:
    """Sentences in a frame: what is recommended."""

    title: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Tile:
    """One headline figure: what it is, the figure and its unit, and what it is compared with."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Tiles:
    """Headline figures side by side, three in a row."""

    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Facts:
    """A frame of names and values: what the figures rest on."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, share of the width, side; a marked one stands out by frame and tint."""

    label: str
    width: float
    side: Side = "right"
    marked: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table; ``group`` names what follows, ``total`` is a sum."""

    cells: Sequence[str]
    kind: Literal["", "group", "total"] = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first column heads its rows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Figure:
    """A drawing over the whole width."""

    drawing: Drawing


@dataclass(frozen=True)
class Beside:
    """Blocks side by side; ``left_share`` of the width is the first's."""

    left: Sequence[Block]
    right: Sequence[Block]
    left_share: float = 0.5


Block = Paragraph | Heading | Bullets | Boxed | Tiles | Facts | Table | Figure | Beside


@dataclass(frozen=True)
class Page:
    """A page: its heading and what stands below; little text is set larger, much of it smaller."""

    heading: str
    blocks: Sequence[Block]
    type_size: Literal["large", "", "small"] = ""


@dataclass(frozen=True)
class Brief:
    """Four pages, the title they share, and the line at the foot of each."""

    lang: Lang
    title: str
    subject: str
    foot: str
    pages: Sequence[Page]
