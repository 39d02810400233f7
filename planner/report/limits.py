"""The sheet City-wide rules: how much of each limit the plan uses, and what one more unit would save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planner.limits import AT_LEAST, kind_of
from planner.report.book import Book
from planner.report.cells import Cell, Formula, clean
from planner.report.figures import Figures
from planner.report.table import Column, Row, Table
from planner.wording import money

if TYPE_CHECKING:
    from planner.report.words import Words

_SMALL = 100
"""Prices below are of one dong, and have decimals."""
_FROM = ("points", "within")
"""Rules that hold from their year on."""
_IN_DONG = ("budget", "capital")
_STEPS = {"vnd": 10**9, "m2": 1000, "within": 1000}
"""How much more the words speak of: one dong and one square metre say nothing."""


def write_limits(book: Book, figures: Figures) -> None:
    """Write one row a rule: limit, used, left, price, and what the price means."""
    columns = [
        Column("no", 6, "int"),
        Column("rule", 48),
        Column("sense", 11, "centre"),
        Column("year", 8, "year"),
        Column("limit", 22, "vnd"),
        Column("used", 22, "vnd"),
        Column("left", 22, "vnd"),
        Column("price", 20, "decimal"),
        Column("price_words", 60),
    ]
    rows = [_row(figures, limit, n) for n, limit in enumerate(figures.limits, start=1)]
    Table(book, "limits", columns, rows, unit="unit.limits")


def _row(figures: Figures, limit: Mapping[str, Any], place: int) -> Row:
    """Return the row of a rule; one that asks for at least so much is kept negative and shown positive."""
    words = figures.words
    name = str(limit["name"])
    kind, year = kind_of(name), limit.get("year")
    least = kind in AT_LEAST
    sign = -1 if least else 1
    most, used, price = sign * int(limit["limit"]), sign * int(limit["used"]), float(limit["price"])
    summed = kind == "budget" and figures.plan.scenario.budget.carry_over
    rule = words.of("rule", "budget_summed" if summed else kind)
    if kind == "centres_district":
        rule = f"{rule} {clean(name.partition(':')[2])}"
    left = Formula("={used}-{limit}" if least else "={limit}-{used}", sign * (most - used))
    style = "changed" if price or not left.value else ""
    number_kind = "vnd" if kind in _IN_DONG else "int"
    return {
        "no": place,
        "rule": Cell(rule, style),
        "sense": words("sense.least" if least else "sense.most"),
        "year": None if year is None else int(year),
        "limit": Cell(most, "", number_kind),
        "used": Cell(used, "", number_kind),
        "left": Cell(left, style, number_kind),
        "price": Cell(round(price, 0 if price > _SMALL else 4), "", "decimal") if price else None,
        "price_words": _meaning(words, kind, year, price, summed=summed),
    }


def _meaning(words: Words, kind: str, year: object, price: float, *, summed: bool) -> str:
    """Return a price in words: one billion more in 2031 (carried over: in all up to 2031) saves so much."""
    if not price:
        return words("no_price")
    same = {kind: kind for kind in ("departments", *_FROM)}
    unit = {"budget": "vnd", "capital": "vnd", "surplus_m2": "m2", **same}.get(kind)
    if unit is None:
        unit = "sites" if kind in ("premises", "surplus") else "centres"
    change = words(f"{'fewer' if kind in AT_LEAST else 'more'}.{unit}")
    since = "from_year" if kind in _FROM else "until_year" if summed else "in_year"
    when = "" if year is None else f" {words(since)} {year}"
    saved = money(round(price * _STEPS.get(unit, 1)), words.lang)
    return f"{change}{when}: {words('saves').format(saved)}"
