"""The sheet By year: capital against the budget, costs, premises, centres and service year by year, with charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planner.costs import MILLION
from planner.report.book import HEAD, Book
from planner.report.cells import Cell, Formula, address, amount, number_of, quote, span
from planner.report.chart import HEIGHT, ROWS, Frame, Series, add_columns
from planner.report.figures import HEADINGS, Figures
from planner.report.table import Column, Row, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SERVICE = {
    "year_missing": "missing_to_norm",
    "year_travel_mean": "citizen_travel_mean",
    "year_travel_max": "citizen_travel_max",
    "year_apart": "body_distance_mean",
}
"""Columns of the city's measures by year, where a plan has them."""
PIXELS = 7
"""Of a character: the charts share the width of the table."""


def write_years(book: Book, figures: Figures) -> None:
    """Write one row a year, the items by year, and the charts."""
    words = book.words
    years = figures.plan.years.to_dict("records")
    budgeted = any(_budget(row) is not None for row in years)
    columns = _columns(book, figures, budgeted)
    table = Table(
        book,
        "years",
        columns,
        _rows(figures, years),
        unit="unit.million",
        label="year",
        frozen=1,
        filters="none",
    )
    sheet = table.sheet
    # The second table has a heading of its own: only the years stay in sight.
    sheet.freeze_panes(HEAD, 1)
    for key in ("year", "city_budget", "carried_in", "recycled", "left_over"):
        if key == "year" or budgeted:
            table.name(f"years_{key}", table.cells_of(key))
    row = _Items(book, figures, sheet).write(table.end + 2)
    if budgeted:
        book.across(sheet, row, 0, len(table.columns) - 1, words("note.budget"), "plain_text", "unit")
    row += 2
    _add_charts(book, figures, table, row, budgeted=budgeted)
    last = max(len(table.columns), _Items.width(figures)) - 1
    sheet.print_area(0, 0, row + (ROWS if book.live else 0), last)
    sheet.fit_to_pages(1, 1)


def _budget(row: Mapping[str, Any]) -> float | int | None:
    return number_of(row["budget_vnd"])


def _columns(book: Book, figures: Figures, budgeted: bool) -> list[Column]:
    words = book.words
    funds, costs, present = words("group.funds"), words("group.costs"), words("group.present")
    premises, centres = words("group.premises"), words("group.centres")
    exact = figures.objective("plan")
    built, service = bool(figures.centres), words("group.service")
    told = len(figures.plan.measures_by_year) > 0
    return [
        Column("year", 15, "year"),
        Column("city_budget", 12, "million", group=funds, total=True, shown=budgeted),
        Column("carried_in", 12, "million", group=funds, shown=budgeted),
        Column("recycled", 14, "million", group=funds, total=True, shown=budgeted),
        Column("available", 12, "million", group=funds, shown=budgeted),
        Column("capital", 12, "million", group=funds, total=True),
        Column("left_over", 12, "million", group=funds, shown=budgeted),
        Column("recurrent", 13, "million", group=costs, total=True),
        Column("income", 12, "million", group=costs, total=True),
        Column("social", 13, "million", group=costs, total=True),
        Column("sum_year", 13, "million", group=present, total=True),
        Column("factor", 12, "factor", group=present),
        Column("discounted_year", 13, "million", group=present, total=True, exact=exact),
        Column("in_use", 11, "int", group=premises),
        Column("released", 11, "int", group=premises),
        Column("surplus_m2", 12, "int", group=premises),
        Column("building", 11, "int", group=centres, shown=built),
        Column("opened", 11, "int", group=centres, total=True, shown=built),
        *(
            Column(key, 13, "int" if key == "year_missing" else "km", group=service, shown=told)
            for key in SERVICE
        ),
    ]


def _rows(figures: Figures, years: list[dict[Any, Any]]) -> list[Row]:
    """Return the rows of the years; what follows from other cells is a formula."""
    words, budget = figures.words, figures.plan.scenario.budget
    by_year = figures.plan.city_by_year()
    rows: list[Row] = []
    left: Formula | None = None
    for place, line in enumerate(years):
        year, given = int(line["year"]), _budget(line)
        row: dict[str, object] = {"year": year}
        for heading in HEADINGS:
            label = quote(words.of("heading", heading))
            text = f"=SUMIFS(cost_plan,cost_heading,{label},cost_year,{{year}})"
            row[heading] = Formula(text, figures.item_cost("plan", figures.items[heading], year))
        total = figures.costs["plan"].by_year[year]
        factor = figures.ppm[year]
        row |= {
            "sum_year": Formula("={capital}+{recurrent}+{income}+{social}", total),
            "factor": Formula("=ROUND(1/(1+discount_rate)^({year}-start_year),6)", factor / MILLION),
            "discounted_year": Formula("={sum_year}*{factor}", total * factor / MILLION),
            "in_use": int(line["premises"]),
            "released": int(line["released"]),
            "surplus_m2": int(line["surplus_m2"]),
            "building": int(line["building"]),
            "opened": int(line["opened"]),
        }
        if year in by_year:
            row |= {key: by_year[year][measure] for key, measure in SERVICE.items()}
        if given is not None:
            carried: object = 0
            if budget.carry_over and left is not None:
                carried = Formula("={^left_over}", left.value)
            recycled: object = 0
            if budget.recycle_income and place:
                recycled = Formula("=-{^income}", -amount(rows[-1]["income"]))
            available = given + amount(carried) + amount(recycled)
            left = Formula("={available}-{capital}", available - amount(row["capital"]))
            row |= {"city_budget": given, "carried_in": carried, "recycled": recycled, "left_over": left}
            row["available"] = Formula("={city_budget}+{carried_in}+{recycled}", available)
        rows.append(row)
    return rows


class _Items:
    """The table of items by year below the first one: years down, items across."""

    def __init__(self, book: Book, figures: Figures, sheet: Worksheet) -> None:
        self.book = book
        self.figures = figures
        self.sheet = sheet
        self.items = [item for items in figures.items.values() for item in items]

    @staticmethod
    def width(figures: Figures) -> int:
        """Return how many columns it takes: the year, the items, their sum."""
        return sum(len(items) for items in figures.items.values()) + 2

    def write(self, top: int) -> int:
        """Write heading, years and totals; return the row below."""
        book, figures, words = self.book, self.figures, self.book.words
        book.across(self.sheet, top, 0, len(self.items) + 1, words("block.year_items"), "no_wrap", "block")
        head = top + 1
        labels = [words("year"), *(words.item(item) for item in self.items), words("sum_year")]
        self.sheet.set_row(head, 64)
        book.line(self.sheet, head, [Cell(label, "header", "centre") for label in labels])
        last = len(self.items)
        for row, year in enumerate(figures.years, start=head + 1):
            cells = [
                Formula(
                    f"=SUMIFS(cost_plan,cost_item,{quote(words.item(item))},cost_year,{address(row, 0, fixed='c')})",
                    figures.item_cost("plan", [item], year),
                )
                for item in self.items
            ]
            total = Formula(f"=SUM({span(row, 1, row, last)})", figures.costs["plan"].by_year[year])
            book.line(self.sheet, row, [Cell(year, "", "year"), *cells, total], "million")
        row = head + 1 + len(figures.years)
        sums = [figures.item_cost("plan", [item]) for item in self.items]
        sums.append(sum(sums))
        totals = [
            Formula(f"=SUM({span(head + 1, n, row - 1, n)})", value) for n, value in enumerate(sums, start=1)
        ]
        book.line(self.sheet, row, [Cell(words("total"), "total", "no_wrap"), *totals], "million", "total")
        return row + 1


def _add_charts(book: Book, figures: Figures, table: Table, row: int, *, budgeted: bool) -> None:
    """Put the three charts side by side below the tables."""
    words, years = book.words, table.range_of("year")
    width = int(sum(column.width * PIXELS + 5 for column in table.columns)) // 3

    def add(place: int, title: str, columns: list[Series], **more: Any) -> None:
        frame = Frame(table.sheet, row, 0, width - 8, HEIGHT, place * width)
        from_zero = title != "chart.costs"
        add_columns(book, frame, words(title), years, columns, from_zero=from_zero, **more)

    def series(names: dict[str, str]) -> list[Series]:
        return [Series(label, table.range_of(key), n) for n, (key, label) in enumerate(names.items())]

    billion = {"axis": words("chart.billion"), "kind": "whole_billion"}
    funds = {
        "capital": words("capital"),
        "city_budget": words("city_budget"),
        "available": words("available"),
    }
    columns, *lines = series(funds if budgeted else {"capital": words("capital")})
    add(0, "chart.capital" if budgeted else "chart.capital_only", [columns], lines=lines, **billion)
    headings = {one: words.of("heading", one) for one in HEADINGS if figures.items[one]}
    add(1, "chart.costs", series(headings), stacked=True, **billion)
    sites = {key: words(key) for key in ("in_use", "released")}
    add(2, "chart.premises", series(sites), axis=words("chart.sites"), kind="int")
