"""The sheet Capital plan: what every centre costs year by year, against the budget of the city."""

from __future__ import annotations

from planner.report.book import Book
from planner.report.cells import Formula, address, clean, number_of, quote, span
from planner.report.figures import Centre, Figures
from planner.report.table import Column, Row, Table
from planner.wording import collation_key


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
        Column("starts", 10, "year"),
        Column("opens", 9, "year"),
        *(Column(f"year.{year}", 11, "million", str(year), group, total=True) for year in years),
        Column("sum_all", 13, "million", group=group, total=True),
    ]
    table = Table(book, "capital", columns, _rows(figures), unit="unit.million", frozen=3, filters="rows")
    last = _City(book, figures, table).write(table.end + 2)
    book.across(table.sheet, last, 0, len(table.columns) - 1, words("note.capital"), "plain_text", "unit")
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
        self.first = table.place_of(f"year.{figures.years[0]}")
        self.row = 0

    def write(self, top: int) -> int:
        """Write the lines and return the row below."""
        figures, years = self.figures, self.figures.years
        label = quote(figures.words.of("heading", "capital"))
        self.row = top
        costs = figures.costs["plan"].by_ward
        built = {centre.ward for centre in figures.centres.values()}
        city = [figures.item_cost("plan", figures.items["capital"], year) for year in years]
        of_centres = [sum(costs[ward, "capital", year] for ward in built) for year in years]
        texts = [
            f"={address(top + 1, n)}-{address(self.table.end, n)}" for n in range(self.first, self._sums)
        ]
        others = [whole - part for whole, part in zip(city, of_centres, strict=True)]
        self._line("capital.others", texts, others)
        texts = [f"=SUMIFS(cost_plan,cost_heading,{label},cost_year,{year})" for year in years]
        self._line("capital.city", texts, city, "total")
        funds = _funds(figures, city)
        if any(funds["city_budget"]):
            for key, amounts in funds.items():
                texts = [f"=SUMIFS(years_{key},years_year,{year})" for year in years]
                style = "bold" if key in ("city_budget", "left_over") else ""
                self._line(f"capital.{key}", texts, amounts, style, summed=key in ("city_budget", "recycled"))
        return self.row + 1

    @property
    def _sums(self) -> int:
        """The column of the sums."""
        return self.first + len(self.figures.years)

    def _line(
        self, key: str, texts: list[str], amounts: list[int], style: str = "", *, summed: bool = True
    ) -> None:
        """Write a label over the first columns, an amount a year, and their sum where it means something."""
        book, sheet, row = self.book, self.table.sheet, self.row
        cells = [Formula(text, vnd) for text, vnd in zip(texts, amounts, strict=True)]
        total = Formula(f"=SUM({span(row, self.first, row, self._sums - 1)})", sum(amounts))
        for column, cell in enumerate([*cells, total if summed else None], start=self.first):
            book.write(sheet, row, column, cell, "million", style)
        book.across(sheet, row, 0, self.first - 1, book.words(key), "no_wrap", style)
        self.row += 1


def _funds(figures: Figures, city: list[int]) -> dict[str, list[int]]:
    """Return budget, carried in, recycled and left over of every year; nothing is 0."""
    table = figures.plan.years.set_index("year")
    found: dict[str, list[int]] = {
        key: [int(number_of(table[column].get(year)) or 0) for year in figures.years]
        for key, column in (
            ("city_budget", "budget_vnd"),
            ("carried_in", "carried_in_vnd"),
            ("recycled", "recycled_vnd"),
        )
    }
    limited = [number_of(table["budget_vnd"].get(year)) is not None for year in figures.years]
    found["left_over"] = [
        sum(found[key][n] for key in found) - spent if limited[n] else 0 for n, spent in enumerate(city)
    ]
    return found
