"""The sheet Capital plan: what every centre costs year by year, against the budget of the city."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from planner.report.book import Book
from planner.report.cells import Cell, Formula, address, clean, number_of, quote, span
from planner.report.figures import Centre, Figures
from planner.report.table import Column, Row, Table
from planner.wording import collation_key

if TYPE_CHECKING:
    from planner.report.words import Words

_FUNDS = ("city_budget", "carried_in", "recycled", "left_over")


def write_capital(book: Book, figures: Figures) -> None:
    """Write one row a unit that builds a centre, then the whole city and its budget."""
    words, years = book.words, figures.years
    group = words("group.capital_years")
    columns = [
        Column("no", 5, "int"),
        Column("code", 8, "code"),
        Column("unit", 22),
        Column("type", 9, "centre"),
        Column("district", 22),
        Column("location", 34),
        Column("floor_new", 10, "int", total=True),
        Column("starts", 9, "year"),
        Column("opens", 9, "year"),
        *(Column(f"year.{year}", 11, "million", str(year), group, total=True) for year in years),
        Column("sum_all", 13, "million", group=group, total=True),
    ]
    table = Table(book, "capital", columns, _rows(figures), unit="unit.million", frozen=3, filters="rows")
    last = _City(book, figures, table).write(table.end + 2)
    book.write(table.sheet, last, 0, words("note.capital"), "plain_text", "unit")
    table.sheet.print_area(0, 0, last, len(table.columns) - 1)


def _rows(figures: Figures) -> list[Row]:
    words, label = figures.words, quote(figures.words.of("heading", "capital"))
    wards = {ward.code: ward for ward in figures.wards}
    about = figures.plan.region.wards["former_district"].to_dict()

    def place(centre: Centre) -> tuple[object, ...]:
        return centre.starts, collation_key(figures.names.get(centre.ward, "")), centre.ward

    rows: list[Row] = []
    costs = figures.costs["plan"].by_ward
    for number_, centre in enumerate(sorted(figures.centres.values(), key=place), start=1):
        row: dict[str, object] = {
            "no": number_,
            "code": centre.ward,
            "unit": figures.names.get(centre.ward, ""),
            "type": words.of("type", wards[centre.ward].type) if centre.ward in wards else "",
            "district": clean(about.get(centre.ward)),
            "location": figures.location_name(centre),
            "floor_new": centre.floor,
            "starts": centre.starts,
            "opens": centre.opens,
        }
        for year in figures.years:
            text = f"=SUMIFS(cost_plan,cost_code,{{code}},cost_heading,{label},cost_year,{year})"
            row[f"year.{year}"] = Formula(text, costs[centre.ward, "capital", year])
        cells = f"{{year.{figures.years[0]}}}:{{year.{figures.years[-1]}}}"
        total = sum(costs[centre.ward, "capital", year] for year in figures.years)
        row["sum_all"] = Formula(f"=SUM({cells})", total)
        rows.append(row)
    return rows


class _City:
    """The lines below the units: those that build nothing, the whole city, and its budget."""

    def __init__(self, book: Book, figures: Figures, table: Table) -> None:
        self.book = book
        self.figures = figures
        self.table = table
        self.words: Words = book.words
        self.first = table.place_of(f"year.{figures.years[0]}")
        self.centres = set(figures.centres)
        self.row = 0

    def write(self, top: int) -> int:
        """Write the lines and return the row below."""
        figures, label = self.figures, quote(self.words.of("heading", "capital"))
        self.row = top
        costs = figures.costs["plan"].by_ward
        built = {centre.ward for centre in figures.centres.values()}
        city = {year: figures.item_cost("plan", figures.items["capital"], year) for year in figures.years}
        of_centres = {year: sum(costs[ward, "capital", year] for ward in built) for year in figures.years}
        others = {year: city[year] - of_centres[year] for year in figures.years}
        below = top + 1
        self._line(
            "capital.others",
            lambda n, year: f"={address(below, n)}-{address(self.table.end, n)}",
            others,
        )
        self._line(
            "capital.city",
            lambda n, year: f"=SUMIFS(cost_plan,cost_heading,{label},cost_year,{year})",
            city,
            "total",
        )
        budgets = _by_year(figures, "budget_vnd")
        if any(budgets.values()):
            carried, recycled = _by_year(figures, "carried_in_vnd"), _by_year(figures, "recycled_vnd")
            limited = {int(row["year"]) for row in _years(figures) if number_of(row["budget_vnd"]) is not None}
            left = {
                year: budgets[year] + carried[year] + recycled[year] - city[year] if year in limited else 0
                for year in figures.years
            }
            for key, amounts in zip(_FUNDS, (budgets, carried, recycled, left), strict=True):
                self._line(
                    f"capital.{key}",
                    lambda n, year, key=key: f"=SUMIFS(years_{key},years_year,{year})",
                    amounts,
                    "bold" if key in ("city_budget", "left_over") else "",
                    summed=key in ("city_budget", "recycled"),
                )
        return self.row + 1

    def _line(
        self,
        key: str,
        formula: Callable[[int, int], str],
        amounts: dict[int, int],
        style: str = "",
        *,
        summed: bool = True,
    ) -> None:
        """Write a label over the first columns, an amount a year, and their sum where it means something."""
        years = list(enumerate(self.figures.years, start=self.first))
        cells: list[object] = [Formula(formula(n, year), amounts[year]) for n, year in years]
        total = f"=SUM({span(self.row, years[0][0], self.row, years[-1][0])})"
        cells.append(Formula(total, sum(amounts.values())) if summed else None)
        label = Cell(self.words(key), style, "no_wrap")
        blanks = [Cell(None, style, "text")] * (self.first - 3)
        self.book.line(self.table.sheet, self.row, [None, None, label, *blanks, *cells], "million", style)
        self.row += 1


def _years(figures: Figures) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = figures.plan.years.to_dict("records")
    return rows


def _by_year(figures: Figures, key: str) -> dict[int, int]:
    """Return a column of the table of years; nothing is 0."""
    found = {int(str(row["year"])): int(number_of(row[key]) or 0) for row in _years(figures)}
    return {year: found.get(year, 0) for year in figures.years}
