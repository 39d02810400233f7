"""Page 4: cost by year, what becomes of released premises, risks with their numbers, what the meeting decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.brief.charts import cost_by_year
from planner.brief.option import PARTS, Option
from planner.brief.pages import Beside, Block, Bullets, Column, Figure, Heading, Page, Row, Table
from planner.brief.risks import close_units, risks_of
from planner.brief.words import Say
from planner.catchments import hand_overs
from planner.report.cells import number_of
from planner.report.figures import records
from planner.report.release import released_sites

MANY_ROUTES = 6
MANY_YEARS = 11
"""With more rows of years the page is set smaller."""


def outlook_page(option: Option, words: Say) -> Page:
    """Return the page."""
    lines = list(records(option.plan.years, "year").values()) if len(option.plan.years) else []
    years = {
        year: {part: vnd for part in PARTS if (vnd := option.part(part, year))}
        for year in option.figures.years
    }
    chart = cost_by_year(years, _available(lines), words, 165.0 if len(years) > MANY_YEARS else 190.0)
    released = _released(option, words)
    blocks: list[Block] = [
        Heading(words("p4.chart")),
        Figure(chart),
        Beside([_by_year(option, lines, words)], [released], 0.69),
        Heading(words("p4.risks")),
        Bullets(risks_of(option, words)),
        Beside(
            [Heading(words("p4.asked")), Bullets([("", one) for one in _decisions(option, words)], True)],
            [Heading(words("p4.next")), Bullets([("", one) for one in _next(option, words)], True)],
            0.52,
        ),
    ]
    return Page(words("p4.heading"), blocks, "small" if len(years) > MANY_YEARS else "")


def _available(lines: list[dict[str, Any]]) -> dict[int, float]:
    """Return what can be spent in years that have a budget: it, what was carried in and what was recycled."""
    return {
        int(line["year"]): budget
        + (number_of(line["carried_in_vnd"]) or 0)
        + (number_of(line["recycled_vnd"]) or 0)
        for line in lines
        if (budget := number_of(line["budget_vnd"])) is not None
    }


def _by_year(option: Option, lines: list[dict[str, Any]], words: Say) -> Table:
    budgeted = any(number_of(line["budget_vnd"]) is not None for line in lines)
    years = option.figures.years
    always = ("capital", "recurrent", "social")
    money = [part for part in PARTS if part in always or any(option.part(part, year) for year in years)]
    by_year = {int(line["year"]): line for line in lines}
    columns = [
        Column(words("p4.year"), 13, "left"),
        *([Column(words("p4.budget"), 17)] if budgeted else []),
        *(Column(words(f"p4.{key}"), 20) for key in money),
        Column(words("p4.sum"), 17),
        Column(words("p4.premises"), 15),
    ]

    def amounts(year: int | None) -> list[int]:
        return [option.part(part, year) for part in money]

    def cells(head: str, budget: float | None, values: list[int], premises: object) -> list[str]:
        told = [] if not budgeted else ["–" if budget is None else words.billions(budget)]
        return [head, *told, *map(words.billions, [*values, sum(values)]), str(premises)]

    rows = []
    for year in years:
        line: Mapping[str, Any] = by_year.get(year, {})
        budget = number_of(line.get("budget_vnd"))
        rows.append(Row(cells(str(year), budget, amounts(year), line.get("premises", "–"))))
    budgets = [value for line in lines if (value := number_of(line["budget_vnd"])) is not None]
    total = cells(words("p4.total"), sum(budgets), amounts(None), "")
    return Table(words("p4.table"), columns, [*rows, Row(total, "total")])


def _released(option: Option, words: Say) -> Table:
    count: dict[str, list[float]] = {}
    for one in released_sites(option.figures):
        sums = count.setdefault(one.route, [0, 0])
        sums[0], sums[1] = sums[0] + 1, sums[1] + one.floor
    ordered = sorted(count.items(), key=lambda one: -one[1][1])
    if len(ordered) > MANY_ROUTES:
        rest = [sum(sums[n] for _, sums in ordered[MANY_ROUTES - 1 :]) for n in (0, 1)]
        ordered = [*ordered[: MANY_ROUTES - 1], ("other_public", rest)]
    rows = [
        Row([words.of("route", route) or "–", words.count(sums[0]), words.count(sums[1])])
        for route, sums in ordered
    ] or [Row([words("p4.none"), "", ""])]
    total = [sum(sums[n] for _, sums in ordered) for n in (0, 1)]
    rows.append(Row([words("p4.total"), *map(words.count, total)], "total"))
    columns = [
        Column(words("p4.route"), 24, "left"),
        Column(words("p4.count"), 15),
        Column(words("p4.area"), 20),
    ]
    return Table(words.say("p4.released", year=option.last), columns, rows)


def _decisions(option: Option, words: Say) -> Iterator[str]:
    yield words.say("p4.decide_plan", title=option.title, units=len(option.figures.wards))
    by_year = {year: vnd for year in option.figures.years if (vnd := option.part("capital", year))}
    if len(by_year) == 1:
        yield words.say(
            "p4.decide_capital_once", capital=words.money(sum(by_year.values())), year=next(iter(by_year))
        )
    elif by_year:
        text = "; ".join(f"{year}: {words.billions(vnd)}" for year, vnd in by_year.items())
        yield words.say("p4.decide_capital", capital=words.money(sum(by_year.values())), years=text)
    if option.centres_opened:
        yield words.say("p4.decide_centres", count=option.centres_opened)
    handed = len(hand_overs(option.plan))
    if handed:
        yield words.say("p4.decide_points", count=handed)
    released = option.end("premises_released")
    if released:
        area = words.area(option.end("surplus_floor"))
        yield words.say("p4.decide_release", count=words.count(released), area=area)


def _next(option: Option, words: Say) -> Iterator[str]:
    close = close_units(option)
    if option.surveyed < 1:
        yield words.say("p4.next_survey", count=close) if close else words("p4.next_survey_all")
        yield words("p4.next_again")
    yield words.say("p4.next_book", book="costs.xlsx")
