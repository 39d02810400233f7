"""The sheet Released premises: every site that is given up, its route, and the cash it brings by year."""

from __future__ import annotations

from typing import NamedTuple

from planner import costs
from planner.releases import CASH_ROUTES, LEASE, cash_values
from planner.report.book import Book
from planner.report.cells import Cell, Formula, address, amount, clean, quote, span, whole
from planner.report.chart import HEIGHT, ROWS, Frame, Series, add_columns
from planner.report.figures import Figures, columns_of
from planner.report.table import Column, Row, Table
from planner.tabulate import ON_CENTRE
from planner.wording import collation_key

_ROUTES = (
    "health",
    "education",
    "culture",
    "sport",
    "police",
    "other_public",
    "public_use",
    "lease",
    "auction",
)


class Released(NamedTuple):
    """A site that is given up: from when, what for, its value at first-year prices, the cash of every year."""

    site: str
    ward: str
    kind: str
    floor: float
    free: int
    route: str
    value: int | None
    cash: dict[int, int]


def released_sites(figures: Figures) -> list[Released]:
    """Return the sites that a plan gives up, unit by unit in order of the year."""
    plan = figures.plan
    rows = plan.premises
    rows = rows[(rows["status"] == "released") & (rows["route"] != ON_CENTRE)]
    first: dict[str, tuple[int, str, str, float, str]] = {}
    for site, ward, kind, year, floor, route in columns_of(
        rows, "site_id", "ward_code", "kind", "year", "floor_area_m2", "route"
    ):
        if site not in first or year < first[site][0]:
            first[site] = (int(year), ward, kind, floor, route if isinstance(route, str) else "")
    places = {site: n for n, site in enumerate(plan.region.sites.index)}
    values = cash_values(plan.region, plan.norms, plan.scenario) if _cash_routes(first) else ()
    growth = costs.growth_factors(len(figures.years), plan.scenario.horizon.price_growth)
    found = []
    for site, (free, ward, kind, floor, route) in first.items():
        value, cash = None, {}
        if route in CASH_ROUTES and site in places:
            choice = CASH_ROUTES.index(route)
            value = int(values[choice][places[site]])
            when = [year for year in figures.years if year >= free] if choice == LEASE else [free]
            cash = {year: value * growth[year - figures.start_year] // costs.MILLION for year in when}
        found.append(Released(str(site), ward, kind, floor, free, route, value, cash))
    return sorted(
        found,
        key=lambda one: (figures.place_of(one.ward), one.free, collation_key(figures.site_name(one.site))),
    )


def _cash_routes(first: dict[str, tuple[int, str, str, float, str]]) -> bool:
    return any(route in CASH_ROUTES for *_, route in first.values())


def has_routes(figures: Figures) -> bool:
    """Say whether premises are given up for more than public use in general."""
    rows = figures.plan.premises
    routes = set(rows.loc[rows["status"] == "released", "route"])
    return bool(routes & (set(_ROUTES) - {"public_use"}))


def write_release(book: Book, figures: Figures) -> None:
    """Write the sites, then what they come to by route and year, then the chart of the cash."""
    words = book.words
    sites = released_sites(figures)
    paid = any(one.cash for one in sites)
    group = words("group.cash_years")
    columns = [
        Column("no", 6, "int"),
        Column("code", 8, "code"),
        Column("unit", 20),
        Column("site_id", 12, "centre"),
        Column("site_name", 34),
        Column("type", 22),
        Column("floor", 10, "int", total=True),
        Column("land", 10, "int", total=True),
        Column("free_from", 9, "year"),
        Column("route", 14, "centre"),
        Column("value_first", 12, "million", total=True, shown=paid),
        *(
            Column(f"year.{year}", 10, "million", str(year), group, total=True)
            for year in figures.years
            if paid
        ),
        Column("sum_all", 12, "million", group=group, total=True, shown=paid),
    ]
    rows = [_row(figures, one, n) for n, one in enumerate(sites, start=1)]
    table = Table(book, "release", columns, rows, unit="unit.release", frozen=3, filters="rows")
    block = _Routes(book, figures, table, sites)
    row = block.write()
    if paid:
        row = _add_chart(book, figures, table, block, row + 2)
    table.sheet.print_area(0, 0, row, len(table.columns) - 1)


def _row(figures: Figures, one: Released, place: int) -> Row:
    words, site = figures.words, figures.sites.get(one.site, {})
    style = "" if site.get("floor_area_basis") == "surveyed" else "estimated"
    row: dict[str, object] = {
        "no": place,
        "code": one.ward,
        "unit": figures.names.get(one.ward, ""),
        "site_id": clean(one.site),
        "site_name": figures.site_name(one.site),
        "type": words.of("kind", one.kind),
        "floor": Cell(whole(one.floor), style),
        "land": Cell(whole(site.get("land_area_m2")), style),
        "free_from": one.free,
        "route": words.of("route", one.route),
        # The values follow from the areas.
        "value_first": Cell(one.value, style),
    }
    if one.cash:
        row |= {f"year.{year}": Cell(vnd, style) for year, vnd in one.cash.items()}
        cells = f"{{year.{figures.years[0]}}}:{{year.{figures.years[-1]}}}"
        row["sum_all"] = Formula(f"=SUM({cells})", sum(one.cash.values()))
    return row


class _Routes:
    """The lines below the sites: premises, areas and cash by route, and whether they agree with the cost rows."""

    def __init__(self, book: Book, figures: Figures, table: Table, sites: list[Released]) -> None:
        self.book = book
        self.words = book.words
        self.figures = figures
        self.table = table
        self.sites = sites
        self.keys = [column.key for column in table.columns]
        self.routes = [route for route in _ROUTES if any(one.route == route for one in sites)]
        self.head = table.end + 3
        self.first = self.head + 1

    def write(self) -> int:
        """Write the lines and return the row of the last."""
        words, table = self.words, self.table
        table.name("release_route", table.cells_of("route"))
        self.book.across(
            table.sheet, self.head - 1, 0, len(self.keys) - 1, words("block.routes"), "no_wrap", "block"
        )
        labels: dict[str, object] = {
            "unit": words("route"),
            "site_name": words("sites_count"),
            "floor": words("floor"),
            "land": words("land"),
            "value_first": words("value_first"),
            "sum_all": words("sum_all"),
            **{f"year.{year}": Cell(year, "header", "year") for year in self.figures.years},
        }
        heads = [labels.get(key, "") for key in self.keys]
        self.table.sheet.set_row(self.head, 48)
        self.book.line(
            table.sheet,
            self.head,
            [one if isinstance(one, Cell) else Cell(one, "header", "centre") for one in heads],
        )
        for row, route in enumerate(self.routes, start=self.first):
            self._route(row, route)
        row = self.first + len(self.routes)
        self._total(row)
        if "sum_all" not in self.keys:
            return row
        self._income(row + 1)
        return row + 2

    def _line(self, row: int, label: str, cells: dict[str, object], style: str = "") -> None:
        sheet, place = self.table.sheet, self.table.place_of("site_id")
        self.book.line(sheet, row, [cells.get(key) for key in self.keys], "million", style)
        self.book.across(sheet, row, 0, place, label, "no_wrap", style)

    def _route(self, row: int, route: str) -> None:
        label = self.words.of("route", route)
        mine = [one for one in self.sites if one.route == route]
        cells: dict[str, object] = {}
        for key in self.keys:
            if key in ("floor", "land", "value_first", "sum_all") or key.startswith("year."):
                text = f"=SUMIFS({self.table.cells_of(key)},release_route,{quote(label)})"
                formula = Formula(text, self._sum(mine, key))
                cells[key] = Cell(formula, "", "int") if key in ("floor", "land") else formula
        count = Formula(f"=COUNTIFS(release_route,{quote(label)})", len(mine))
        cells["site_name"] = Cell(count, "", "int")
        self._line(row, label, cells)

    def _sum(self, sites: list[Released], key: str) -> float:
        if key == "floor":
            return sum(amount(whole(one.floor)) for one in sites)
        if key == "land":
            known = self.figures.sites
            return sum(amount(whole(known.get(one.site, {}).get("land_area_m2"))) for one in sites)
        if key == "value_first":
            return sum(one.value or 0 for one in sites)
        if key == "sum_all":
            return sum(sum(one.cash.values()) for one in sites)
        return sum(one.cash.get(int(key.removeprefix("year.")), 0) for one in sites)

    def _total(self, row: int) -> None:
        cells: dict[str, object] = {}
        for n, key in enumerate(self.keys):
            if key in ("site_name", "floor", "land", "value_first", "sum_all") or key.startswith("year."):
                value = len(self.sites) if key == "site_name" else self._sum(self.sites, key)
                formula = Formula(f"=SUM({span(self.first, n, row - 1, n)})", value)
                whole_number = key in ("site_name", "floor", "land")
                cells[key] = Cell(formula, "", "int") if whole_number else formula
        self._line(row, self.words("total"), cells, "total")

    def _income(self, row: int) -> None:
        """Write what the cost rows say for the same years, and the difference."""
        figures = self.figures
        label = quote(self.words.of("heading", "income"))
        income = {y: -figures.item_cost("plan", figures.items["income"], y) for y in figures.years}
        rows: dict[str, object] = {}
        differences: dict[str, object] = {}
        for n, key in enumerate(self.keys):
            if key.startswith("year."):
                year = int(key.removeprefix("year."))
                text, value = f"=-SUMIFS(cost_plan,cost_heading,{label},cost_year,{year})", income[year]
            elif key == "sum_all":
                text, value = f"=-SUMIFS(cost_plan,cost_heading,{label})", sum(income.values())
            else:
                continue
            rows[key] = Formula(text, value)
            text = f"={address(row - 1, n)}-{address(row, n)}"
            differences[key] = Cell(Formula(text, self._sum(self.sites, key) - value), "", "difference")
        self._line(row, self.words("release.rows"), rows)
        self._line(row + 1, self.words("release.check"), differences)


def _add_chart(book: Book, figures: Figures, table: Table, block: _Routes, row: int) -> int:
    """Put the chart of the cash by year and route below the lines; return its last row."""
    name, words = table.sheet.get_name(), book.words
    left, right = (table.place_of(f"year.{year}") for year in (figures.years[0], figures.years[-1]))
    series = [
        Series(words.of("route", route), [name, block.first + n, left, block.first + n, right], colour)
        for n, route in enumerate(block.routes)
        for colour, cash in enumerate(CASH_ROUTES)
        if route == cash
    ]
    add_columns(
        book,
        Frame(table.sheet, row, 0, 1000, HEIGHT),
        words("chart.cash"),
        [name, block.head, left, block.head, right],
        series,
        axis=words("chart.billion"),
        kind="whole_billion",
        stacked=True,
        from_zero=True,
    )
    return row + (ROWS if book.live else 0)
