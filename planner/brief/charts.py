"""The charts of the brief: what options cost, and what the recommended one costs year by year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.brief.drawing import GREY, PALE, Drawing, Item, Line, Rect, Text, fitted, text_width
from planner.brief.words import BILLION, Say

WIDTH = 516.0
"""Points between the margins of the page."""
COLOURS = {
    "capital": "#1f4e79",
    "recurrent": "#7fb2dc",
    "social": "#e69f00",
    "residual": "#9a9a9a",
    "income": "#3f9b72",
}
"""Told apart by people who see no red or green, and by their lightness in grey print."""
DARK = ("capital",)
TEXT, SMALL = 8.0, 7.0


@dataclass(frozen=True)
class Bar:
    """A bar of parts in dong; a ``head`` stands for today, which the ones below are held against."""

    label: str
    parts: Mapping[str, float]
    note: str = ""
    marked: bool = False
    head: bool = False

    @property
    def total(self) -> float:
        """The sum of the parts in dong."""
        return sum(self.parts.values())


def _span(columns: Sequence[Mapping[str, float]]) -> tuple[float, float]:
    """Return the lowest and the highest end of stacked parts; zero lies between."""
    low = min((sum(v for v in parts.values() if v < 0) for parts in columns), default=0.0)
    high = max((sum(v for v in parts.values() if v > 0) for parts in columns), default=0.0)
    return min(low, 0.0), max(high, 0.0, 1.0 if low >= 0 else 0.0)


def scale_of(low: float, high: float, most: int) -> tuple[list[float], float, float]:
    """Return round numbers for an axis in billions, and both ends in dong, moved out to the next round number."""
    step = _step(low / BILLION, high / BILLION, most)
    first, last = math.floor(low / BILLION / step + 1e-9), math.ceil(high / BILLION / step - 1e-9)
    return [n * step for n in range(first, last + 1)], first * step * BILLION, last * step * BILLION


def _step(low: float, high: float, most: int) -> float:
    least = max(high - low, 1e-9) / most
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(power * part for part in (1, 2, 5, 10) if power * part >= least * 0.999)


def _legend(parts: Sequence[str], words: Say, y: float, more: str = "") -> list[Item]:
    items: list[Item] = []
    x = 0.0
    for part in parts:
        label = words(f"part.{part}")
        items += [Rect(x, y - 4, 8, 8, COLOURS[part]), Text(x + 11, y, label, SMALL)]
        x += 21 + text_width(label, SMALL)
    if more:
        items += [Line(x, y, x + 14, y, "#000000", 1.6), Text(x + 17, y, more, SMALL)]
    return items


def present_cost(bars: Sequence[Bar], words: Say, pitch: float = 15.0) -> Drawing:
    """Return a bar of stacked parts for every option; lengths are in proportion to the dong."""
    used = [part for part in COLOURS if any(part in bar.parts for bar in bars)]
    low, high = _span([bar.parts for bar in bars])
    left, right, top = 178.0, 62.0, 16.0
    scale = (WIDTH - left - right) / (high - low)
    zero = left - low * scale
    bottom = top + pitch * len(bars)
    items: list[Item] = _legend(used, words, 5)
    for tick in scale_of(low, high, 5)[0]:
        if not low <= tick * BILLION <= high:
            continue
        x = zero + tick * BILLION * scale
        items += [Line(x, top, x, bottom, PALE, 0.5)]
        items += [Text(x, bottom + 6, words.billions(tick * BILLION), SMALL, "middle", colour=GREY)]
    for n, bar in enumerate(bars):
        items += _bar(bar, n, top + n * pitch, pitch, zero, scale, left)
        at = zero + sum(value for value in bar.parts.values() if value > 0) * scale
        total = words.billions(bar.total)
        items.append(Text(at + 4, top + (n + 0.5) * pitch, total, TEXT, bold=True))
        if bar.note:
            x = at + 8 + text_width(total, TEXT)
            items.append(Text(x, top + (n + 0.5) * pitch, bar.note, SMALL, colour=GREY))
    items.append(Line(zero, top, zero, bottom, "#000000", 0.8))
    rows = [
        words.say(
            "p2.chart_row",
            option=bar.label,
            total=words.billions(bar.total),
            parts="; ".join(
                f"{words(f'part.{p}').lower()} {words.billions(v)}" for p, v in bar.parts.items()
            ),
        )
        for bar in bars
    ]
    return Drawing(WIDTH, bottom + 12, words("p2.chart"), ". ".join(rows) + ".", items)


def _bar(bar: Bar, n: int, y: float, pitch: float, zero: float, scale: float, left: float) -> list[Item]:
    inset = 2.0
    items: list[Item] = []
    if bar.marked:
        items.append(Rect(0, y + 0.5, WIDTH, pitch - 1, "#e8eef7"))
    size = 7.6
    label = fitted(bar.label, size, left - 8)
    items.append(Text(0, y + pitch / 2, label, size, bold=bar.marked, colour=GREY if bar.head else "#1a1a1a"))
    ahead, behind = zero, zero
    for part, value in bar.parts.items():
        width = abs(value) * scale
        if value < 0:
            behind -= width
        start = ahead if value > 0 else behind
        stroke = "#ffffff"
        items.append(
            Rect(start, y + inset, width, pitch - 2 * inset, COLOURS[part], stroke, 0.5, f"{n}.{part}")
        )
        if value > 0:
            ahead += width
    return items


def cost_by_year(
    years: Mapping[int, Mapping[str, float]],
    available: Mapping[int, float],
    words: Say,
    height: float = 150.0,
) -> Drawing:
    """Return a column of stacked parts for every year, with the capital that is available where there is a budget."""
    used = [part for part in COLOURS if any(part in parts for parts in years.values())]
    low, high = _span(list(years.values()))
    high = max(high, *available.values()) if available else high
    marks, low, high = scale_of(low, high, 7)
    left, top = 36.0, 16.0
    bottom = height - 12
    scale = (bottom - top) / (high - low)
    zero = bottom + low * scale
    step = (WIDTH - left) / len(years)
    wide = min(step * 0.62, 60.0)
    items: list[Item] = _legend(used, words, 5, words("p4.available") if available else "")
    for tick in marks:
        y = zero - tick * BILLION * scale
        items += [Line(left, y, WIDTH, y, PALE, 0.5)]
        items += [Text(left - 4, y, words.billions(tick * BILLION), SMALL, "end", colour=GREY)]
    for n, (year, parts) in enumerate(years.items()):
        middle = left + (n + 0.5) * step
        up, down = zero, zero
        for part, value in parts.items():
            size = abs(value) * scale
            y = up - size if value > 0 else down
            items.append(
                Rect(middle - wide / 2, y, wide, size, COLOURS[part], "#ffffff", 0.4, f"{year}.{part}")
            )
            up, down = (up - size, down) if value > 0 else (up, down + size)
        if year in available:
            y = zero - available[year] * scale
            items.append(Line(middle - step * 0.42, y, middle + step * 0.42, y, "#000000", 1.6))
        items.append(Text(middle, height - 5, str(year), SMALL, "middle"))
    items.append(Line(left, zero, WIDTH, zero, "#000000", 0.8))
    rows = [
        words.say(
            "p4.chart_year",
            year=year,
            parts="; ".join(f"{words(f'part.{p}').lower()} {words.billions(v)}" for p, v in parts.items()),
        )
        for year, parts in years.items()
    ]
    if available:
        some = ", ".join(f"{year}: {words.billions(vnd)}" for year, vnd in available.items())
        rows.append(f"{words('p4.available')}: {some}")
    return Drawing(WIDTH, height, words("p4.chart"), ". ".join(rows) + ".", items)
