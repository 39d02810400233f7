"""The sheets Per unit and Per item: what the plan costs, by unit, and by item and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.costs import MILLION
from planner.report.book import HEAD, Book
from planner.report.cells import Cell, Formula, address, identifier, quote, span, whole
from planner.report.figures import Figures, Which
from planner.report.table import Column, Row, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def write_units(book: Book, figures: Figures) -> None:
    """Write one row a unit: sites, staff, costs by heading, present value."""
    words = book.words

    def yearly(key: str) -> str:
        """Return the heading of a yearly amount: of the first year, where the years differ."""
        return words(f"{key}.first") if figures.centres else words(key)

    columns = [
        Column("no", 6, "int"),
        Column("code", 8, "code"),
        Column("unit", 24),
        Column("type", 9, "centre"),
        Column("sites_today", 9, "int", total=True, shown=figures.compared),
        Column("sites_plan", 9, "int", total=True),
        Column("staff", 9, "int", total=True),
        Column("capital_once", 13, "million", total=True),
        Column("recurrent_year", 13, "million", label=yearly("recurrent_year"), total=True),
        Column("social_year", 13, "million", label=yearly("social_year"), total=True),
        Column("income_all", 12, "million", total=True),
        Column("present_plan", 15, "million", total=True, exact=figures.objective("plan")),
    ]
    rows: list[Row] = [
        {
            "no": number_,
            "code": ward.code,
            "unit": ward.name,
            "type": words.of("type", ward.type),
            "sites_today": whole(figures.measure("today", "premises", ward.code)),
            "sites_plan": whole(figures.measure("plan", "premises", ward.code)),
            "staff": whole(figures.measure("plan", "staff", ward.code)),
            "capital_once": figures.ward_cost("plan", ward.code, "capital"),
            "recurrent_year": figures.ward_cost("plan", ward.code, "recurrent", first_year=True),
            "social_year": figures.ward_cost("plan", ward.code, "social", first_year=True),
            "income_all": figures.ward_cost("plan", ward.code, "income"),
            "present_plan": figures.ward_present("plan", ward.code),
        }
        for number_, ward in enumerate(figures.wards, start=1)
    ]
    table = Table(book, "units", columns, rows, unit="unit.million", frozen=3)
    table.name("units_net_present_cost", table.total_of("present_plan"))
    for which in figures.plans:
        table.name(f"{which}_premises", table.total_of(f"sites_{which}"))


def write_items(book: Book, figures: Figures) -> None:
    """Write items by year for the plan, today and the difference, with discount factors and present values."""
    _Items(book, figures).write()


class _Items:
    """The sheet Per item: years across, blocks of headings and items down."""

    def __init__(self, book: Book, figures: Figures) -> None:
        self.book = book
        self.words = book.words
        self.figures = figures
        self.last = len(figures.years)
        """The column of the last year; the sum of the years and its present value follow."""
        widths = [40, *(19 for _ in figures.years), 20, 20]
        self.sheet: Worksheet = book.sheet("items", widths, unit="unit.vnd")
        self.factors = HEAD + 1

    def write(self) -> None:
        """Write the heading, the factors and the blocks."""
        self._head()
        row = self._block(self.factors + 1, "plan")
        if self.figures.compared:
            row = self._block(row + 1, "today")
            self._difference(row + 1)
        self.sheet.print_area(0, 0, self.sheet.dim_rowmax, self.last + 2)
        self.sheet.fit_to_pages(1, 1)

    def _head(self) -> None:
        book, sheet, words, years = self.book, self.sheet, self.words, self.figures.years
        sheet.set_row(HEAD, 24)
        labels = [words("item"), *years, words("sum_years"), words("present")]
        self._line(HEAD, [Cell(one, "header", "year" if one in years else "centre") for one in labels])
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.repeat_rows(HEAD)
        book.name("cost_years", "items", span(HEAD, 1, HEAD, self.last, fixed="rc"))
        book.name("cost_factors", "items", span(self.factors, 1, self.factors, self.last, fixed="rc"))
        factors = [
            Formula(
                f"=ROUND(1/(1+discount_rate)^({self._year(n)}-start_year),6)",
                self.figures.ppm[year] / MILLION,
            )
            for n, year in enumerate(years, start=1)
        ]
        self._line(self.factors, [words("factor"), *factors, None, None], "factor")

    def _line(self, row: int, values: Sequence[object], kind: str = "vnd", style: str = "") -> None:
        self.book.line(self.sheet, row, values, kind, style)

    def _year(self, n: int) -> str:
        """Return the cell that holds a year."""
        return address(HEAD, n, fixed="r")

    def _amounts(
        self, row: int, label: str | Cell, cells: Sequence[Formula], kind: str = "vnd", style: str = ""
    ) -> None:
        """Write a label, the years, their sum and its present value."""
        years = span(row, 1, row, self.last)
        values = {year: int(cell.value) for year, cell in zip(self.figures.years, cells, strict=True)}
        total = Formula(f"=SUM({years})", sum(values.values()))
        present = Formula(f"=SUMPRODUCT({years},cost_factors)", self.figures.present(values))
        self._line(row, [label, *cells, total, present], kind, style)

    def _title(self, row: int, text: str) -> None:
        self._line(row, [text, *[None] * (self.last + 2)], "text", "block")

    def _present_total(self, row: int, total: Formula, kind: str) -> None:
        blanks = [None] * (self.last + 1)
        self._line(row, [self.words("present_total"), *blanks, total], kind, "total")

    def _block(self, top: int, which: Which) -> int:
        """Write headings with their items for one plan and return the row after the block."""
        book, figures, words = self.book, self.figures, self.words
        years = list(enumerate(figures.years, start=1))
        sum_column = self.last + 1
        self._title(top, words(which).upper())
        row = top + 1
        heading_rows: list[int] = []
        for heading, items in figures.items.items():
            heading_row = row
            heading_rows.append(row)
            for row, item in enumerate(items, start=heading_row + 1):
                label = address(row, 0, fixed="c")
                cells = [
                    Formula(
                        f"=SUMIFS(cost_{which},cost_item,{label},cost_year,{self._year(n)})",
                        figures.item_cost(which, [item], year),
                    )
                    for n, year in years
                ]
                self._amounts(row, Cell(words.item(item), "indent", "text"), cells)
            sums = [
                Formula(
                    f"=SUM({span(heading_row + 1, n, row, n)})" if items else "=0",
                    figures.item_cost(which, items, year),
                )
                for n, year in years
            ]
            self._amounts(heading_row, words.of("heading", heading), sums, style="heading")
            name = f"{which}_{identifier(heading)}"
            book.name(name, "items", address(heading_row, sum_column, fixed="rc"))
            book.name(f"{name}_first_year", "items", address(heading_row, 1, fixed="rc"))
            row += 1
        by_year = figures.costs[which].by_year
        sums = [Formula("=" + "+".join(address(r, n) for r in heading_rows), by_year[y]) for n, y in years]
        self._amounts(row, words("sum_headings"), sums, style="total")
        book.name(f"{which}_total", "items", address(row, sum_column, fixed="rc"))
        discounted = [
            Formula(
                f"={address(row, n)}*{address(self.factors, n, fixed='r')}",
                by_year[year] * figures.ppm[year] / MILLION,
            )
            for n, year in years
        ]
        self._line(row + 1, [words("discounted"), *discounted, None, None])
        text = f"=ROUND(SUM({span(row + 1, 1, row + 1, self.last)}),0)"
        self._present_total(row + 2, Formula(text, figures.objective(which)), "vnd")
        book.name(f"{which}_net_present_cost", "items", address(row + 2, sum_column + 1, fixed="rc"))
        return row + 3

    def _difference(self, top: int) -> None:
        """Write the plan less today by heading."""
        figures, words = self.figures, self.words
        self._title(top, f"{words('difference').upper()} ({words('plan')} − {words('today')})")
        for row, (heading, items) in enumerate(figures.items.items(), start=top + 1):
            name = words.of("heading", heading)
            cells = [
                Formula(
                    "="
                    + "-".join(
                        f"SUMIFS(cost_{which},cost_heading,{quote(name)},cost_year,{self._year(n)})"
                        for which in ("plan", "today")
                    ),
                    figures.item_cost("plan", items, year) - figures.item_cost("today", items, year),
                )
                for n, year in enumerate(figures.years, start=1)
            ]
            self._amounts(row, name, cells, "difference")
        value = figures.objective("plan") - figures.objective("today")
        text = "=plan_net_present_cost-today_net_present_cost"
        self._present_total(top + 1 + len(figures.items), Formula(text, value), "difference")
