"""The sheet Sensitivity: the present cost of this plan, kept as it is, under other rates and unit prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.costs import MILLION
from planner.report.book import HEAD, ROW_HEIGHT, Book
from planner.report.cells import Cell, Formula, address, quote, span
from planner.report.chart import ROWS, Frame, Series, add_bars
from planner.report.figures import Figures, records
from planner.report.levers import Lever, Trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

LABEL, FACTOR, FIRST = 0, 1, 2
"""Columns of the amounts: the item, its factor, the first year. The inputs use the same columns."""
BASE, TRIAL, LOW, HIGH, AT_LOW, AT_HIGH, STATUS = range(1, 8)
CHART_RIGHT = AT_LOW + 8
"""The column that the chart reaches."""
SHARES = (0.8, 0.9, 1.0, 1.1, 1.2)


def write_sensitivity(book: Book, figures: Figures) -> None:
    """Write inputs, result, the table of two assumptions, and the amounts that they are computed from."""
    _Sensitivity(book, figures).write()


class _Sensitivity:
    """The sheet: rows are laid out first, because the inputs above compute with the amounts below."""

    def __init__(self, book: Book, figures: Figures) -> None:
        self.book = book
        self.words = book.words
        self.figures = figures
        self.years = figures.years
        self.trial = Trial(figures)
        self.levers, self.amounts = self.trial.levers, self.trial.amounts
        items = list(self.amounts)
        self.last = FIRST + len(self.years) - 1
        self.width = max(self.last + 3, STATUS + 1)
        widths = [46, 14, *[12.5] * (self.width - 2)]
        widths[STATUS] = 17
        self.sheet: Worksheet = book.sheet("sensitivity", widths, unit="unit.sensitivity")
        self.notes = HEAD
        self.inputs = self.notes + 4
        """The row of the discount rate; the unit prices follow."""
        self.lever_rows = {lever.key: self.inputs + n for n, lever in enumerate(self.levers, start=1)}
        self.result = self.inputs + len(self.levers) + 2
        self.two_way = self.result + (5 if book.live else 0)
        self.table = self.result + (ROWS + 2 if book.live else 9)
        self.factors = self.table + 2
        """The discount factors of the plan; those of the trial follow, then the items."""
        self.item_rows = {item: self.factors + 2 + n for n, item in enumerate(items)}
        self.sums = self.factors + 2 + len(items)
        """The sums: as planned, with factors, what follows the main unit price, the rest."""
        names = [lever.key for lever in self.levers]
        self.main = next(key for key in ("construction", "renovation", *names) if key in names)

    def write(self) -> None:
        """Write every part and set up the paper."""
        self._notes()
        self._inputs()
        if self.book.live:
            self._result()
        self._two_way()
        if self.book.live:
            self._amounts()
        sheet = self.sheet
        sheet.freeze_panes(HEAD, 1)
        sheet.repeat_rows(0, 2)
        right = max(self.width - 1, CHART_RIGHT) if self.book.live else self.width - 1
        sheet.print_area(0, 0, self.sums + 3, right)
        sheet.fit_to_pages(1, 1)
        rows = range(self.inputs, self.inputs + 1 + len(self.levers))
        name = sheet.get_name()
        bars = [
            Series(self.words(side), [name, rows[0], column, rows[-1], column], colour)
            for side, column, colour in (("low", AT_LOW, 2), ("high", AT_HIGH, 0))
        ]
        add_bars(
            self.book,
            Frame(sheet, self.result, AT_LOW, 700, 20 * ROWS),
            self.words("chart.tornado"),
            [name, rows[0], LABEL, rows[-1], LABEL],
            bars,
            axis=self.words("chart.billion"),
            kind="whole_billion",
        )

    # --- parts ---------------------------------------------------------------------------------------------------

    def _line(self, row: int, values: Sequence[object], kind: str = "text", style: str = "") -> None:
        self.book.line(self.sheet, row, values, kind, style)

    def _title(self, row: int, key: str) -> None:
        self.book.across(self.sheet, row, 0, self.width - 1, self.words(key), "no_wrap", "block")

    def _heads(self, row: int, labels: Sequence[object], height: int = 48) -> None:
        self.sheet.set_row(row, height)
        cells = [Cell(label, "header", "year" if isinstance(label, int) else "centre") for label in labels]
        self._line(row, cells)

    def _notes(self) -> None:
        style = self.book.format("text", "plain")
        text = " ".join([self.words("note.kept"), *([self.words("note.factors")] if self.book.live else [])])
        self.sheet.merge_range(self.notes, 0, self.notes, self.width - 1, text, style)
        self.sheet.set_row(self.notes, (2 if len(self.years) > STATUS else 4) * ROW_HEIGHT + 2)

    def _inputs(self) -> None:
        """Write the discount rate and the unit prices: plan, trial, range, what the range does."""
        words, live = self.words, self.book.live
        self._title(self.inputs - 2, "block.inputs" if live else "block.range")
        keys = ("assumption", "base", "trial", "low", "high", "at_low", "at_high", "status")
        self._heads(self.inputs - 1, [words(key) for key in keys], 62)
        if not live:
            self.book.across(self.sheet, self.inputs - 1, BASE, TRIAL, words("base"), "centre", "header")
        row, settings = self.inputs, records(self.figures.plan.norms.settings, "key")
        setting = settings.get("horizon.discount_rate", {})
        low, high = self.trial.rates
        base = Formula("=discount_rate", self.figures.rate)
        changes = [self._at_rate(row, LOW, low), self._at_rate(row, HIGH, high)]
        label = words("sensitivity.rate")
        self._input(row, label, base, [low, high], changes, words.status(setting))
        for lever in self.levers:
            row = self.lever_rows[lever.key]
            changes = [
                self._at_share(lever, row, LOW, lever.low),
                self._at_share(lever, row, HIGH, lever.high),
            ]
            label = words(f"sensitivity.{lever.key}")
            self._input(row, label, 1, [lever.low, lever.high], changes, lever.status)

    def _input(
        self,
        row: int,
        label: str,
        base: object,
        ends: Sequence[object],
        changes: Sequence[object],
        status: str,
    ) -> None:
        """Write an assumption; the trial begins as the plan, and a page, where nothing can be tried, has none."""
        self._line(
            row,
            [
                Cell(label, "", "no_wrap"),
                Cell(base, "", "share"),
                Cell(base, "input", "share"),
                *(Cell(end, "", "share") for end in ends),
                *(Cell(change, "", "difference_billion") for change in changes),
                Cell(status, "", "centre"),
            ],
        )
        if not self.book.live:
            self.sheet.merge_range(row, BASE, row, TRIAL, "", self.book.format("share"))
            self.book.write(self.sheet, row, BASE, base, "share")
        self.sheet.data_validation(
            row,
            TRIAL,
            row,
            TRIAL,
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10},
        )

    def _at_rate(self, row: int, column: int, rate: float | None) -> Formula | None:
        """Return by how much another discount rate changes the present cost."""
        if rate is None:
            return None
        text = f"=SUMPRODUCT({self._years_of(self.sums)},{self._discount(address(row, column))})-plan_net_present_cost"
        return Formula(text, self.trial.change_at_rate(rate))

    def _at_share(self, lever: Lever, row: int, column: int, share: float | None) -> Formula | None:
        """Return by how much another unit price changes the present cost: in proportion."""
        if share is None:
            return None
        text = self._following(lever, self.last + 2)
        value = self.trial.change(lever.key, share)
        return Formula(f"=({address(row, column)}-{address(row, BASE)})*({text})", value)

    def _result(self) -> None:
        """Write the present cost of the plan, that of the trial, and the difference."""
        objective = self.figures.objective("plan")
        self.book.across(self.sheet, self.result, 0, 3, self.words("block.result"), "no_wrap", "block")
        trial = f"=ROUND(SUMPRODUCT({self._years_of(self.sums + 1)},{self._years_of(self.factors + 1)}),0)"
        first = self.result + 1
        lines = (
            ("base", Formula("=plan_net_present_cost", objective), "", "vnd"),
            ("trial", Formula(trial, objective), "total", "vnd"),
            ("difference", Formula(f"={address(first + 1, 1)}-{address(first, 1)}", 0), "bold", "difference"),
        )
        for row, (key, formula, style, kind) in enumerate(lines, start=first):
            label = Cell(self.words(f"sensitivity.{key}"), style, "no_wrap")
            self.sheet.merge_range(row, 1, row, 2, "", self.book.format(kind, style))
            self._line(row, [label, Cell(formula, style, kind)])

    def _two_way(self) -> None:
        """Write the present cost for three discount rates and five levels of the main unit price."""
        words, top = self.words, self.two_way
        title = words("block.two_way" if self.book.live else "block.two_way_shown")
        self.book.across(self.sheet, top, 0, 3, title, "no_wrap", "block")
        self._heads(top + 1, [words(f"sensitivity.{self.main}")], 18)
        self.book.across(self.sheet, top + 1, 1, 3, words("sensitivity.rate"), "centre", "header")
        rates: list[object] = []
        for column in (LOW, BASE, HIGH):
            value = self._rate(column)
            rates.append(None if value is None else Formula(f"={address(self.inputs, column)}", value))
        self._line(top + 2, [None, *(Cell(rate, "heading", "share") for rate in rates)], "text", "heading")
        rest, scaled = self._years_of(self.sums + 3), self._years_of(self.sums + 2)
        for row, share in enumerate(SHARES, start=top + 3):
            shares = self.trial.shares({self.main: share})
            cells: list[object] = []
            for n, column in enumerate((LOW, BASE, HIGH), start=1):
                rate = self._rate(column)
                head = address(top + 2, n, fixed="r")
                text = f"=SUMPRODUCT(({rest}+{address(row, 0, fixed='c')}*{scaled})*{self._discount(head)})"
                value = 0.0 if rate is None else self.trial.present(self.trial.by_year(shares), rate)
                cells.append(None if rate is None else Formula(text, value))
            plan = "bold" if share == 1 else ""
            line = [Cell(share, "heading", "share"), *(Cell(cell, plan, "billion") for cell in cells)]
            self._line(row, line)

    def _rate(self, column: int) -> float | None:
        if column == BASE:
            return self.figures.rate
        return self.trial.rates[0 if column == LOW else 1]

    def _amounts(self) -> None:
        """Write the amounts by item and year, the factors, and the sums that the parts above use."""
        words, figures, years = self.words, self.figures, list(enumerate(self.years, start=FIRST))
        self._title(self.table, "block.amounts")
        self._heads(
            self.table + 1,
            [words("item"), words("share_used"), *self.years, words("sum_years"), words("present")],
            24,
        )
        for row, rate in (
            (self.factors, "discount_rate"),
            (self.factors + 1, address(self.inputs, TRIAL, fixed="rc")),
        ):
            key = "factor" if row == self.factors else "factor.trial"
            cells = [
                Formula(
                    f"=ROUND(1/(1+{rate})^({address(self.table + 1, n, fixed='r')}-start_year),6)",
                    figures.ppm[year] / MILLION,
                )
                for n, year in years
            ]
            self._line(row, [words(key), None, *cells, None, None], "factor")
        for item, row in self.item_rows.items():
            cells = [
                Formula(
                    f"=SUMIFS(cost_plan,cost_item,{quote(words.item(item))},cost_year,"
                    f"{address(self.table + 1, n, fixed='r')})",
                    vnd,
                )
                for (n, _), vnd in zip(years, self.amounts[item], strict=True)
            ]
            share = Cell(self._share_of(item), "input", "share")
            self._amount_line(row, Cell(words.item(item), "", "no_wrap"), share, cells, self.amounts[item])
        self._sums()

    def _amount_line(
        self,
        row: int,
        label: object,
        share: object,
        cells: Sequence[object],
        amounts: Sequence[float],
        style: str = "",
    ) -> None:
        years = self._years_of(row, fixed="")
        total = Formula(f"=SUM({years})", sum(amounts))
        present = Formula(f"=SUMPRODUCT({years},{self._years_of(self.factors)})", self.trial.present(amounts))
        self._line(row, [label, share, *cells, total, present], "million", style)

    def _share_of(self, item: str) -> object:
        """Return the factor of an item: that of its unit price; of the residual value, by what it is made of."""
        rows = {item: self.lever_rows[lever.key] for lever in self.levers for item in lever.items}
        if item == "residual_value" and "construction" in self.lever_rows:
            value = address(self.item_rows[item], self.last + 1)
            build = address(self.lever_rows["construction"], TRIAL, fixed="rc")
            if "land" not in self.lever_rows:
                return Formula(f"={build}", 1)
            land = address(self.item_rows["land"], self.last + 1)
            price = address(self.lever_rows["land"], TRIAL, fixed="rc")
            text = f"=IF({value}=0,1,({build}*({value}+{land})-{price}*{land})/{value})"
            return Formula(text, 1)
        if item not in rows:
            return 1
        return Formula(f"={address(rows[item], TRIAL, fixed='rc')}", 1)

    def _sums(self) -> None:
        """Write the sums of the years: as planned, with factors, what follows the main unit price, the rest."""
        words, first, last = self.words, self.factors + 2, self.sums - 1
        base = self.trial.by_year({})
        scaled = self.trial.following(self.main)
        shares = span(first, FACTOR, last, FACTOR, fixed="rc")
        main = address(self.lever_rows[self.main], TRIAL, fixed="rc")
        lever = next(one for one in self.levers if one.key == self.main)
        plain, changed, following, rest = [], [], [], []
        for n, (_, total, part) in enumerate(zip(self.years, base, scaled, strict=True), start=FIRST):
            column = span(first, n, last, n)
            plain.append(Formula(f"=SUM({column})", total))
            changed.append(Formula(f"=SUMPRODUCT({shares},{column})", total))
            following.append(Formula(f"={self._following(lever, n)}", part))
            text = f"={address(self.sums + 1, n)}-{main}*{address(self.sums + 2, n)}"
            rest.append(Formula(text, total - part))
        others = [total - part for total, part in zip(base, scaled, strict=True)]
        for row, (label, cells, amounts) in enumerate(
            (
                (words("sum_headings"), plain, base),
                (words("sensitivity.changed"), changed, base),
                (words("sensitivity.scaled"), following, scaled),
                (words("sensitivity.rest"), rest, others),
            ),
            start=self.sums,
        ):
            style = "total" if row == self.sums else "heading"
            self._amount_line(row, Cell(label, style, "no_wrap"), None, cells, amounts, style)

    def _following(self, lever: Lever, n: int) -> str:
        """Return the formula of what follows a unit price in a column: its items, and a part of the residual value.

        The residual value is that of the building and, with the opposite sign, all that the land has cost.
        """
        cells = [address(self.item_rows[item], n) for item in lever.items if item in self.amounts]
        text = "+".join(cells)
        if "residual_value" in self.amounts and lever.key in ("construction", "land"):
            residual = address(self.item_rows["residual_value"], n)
            total = address(self.item_rows["residual_value"], self.last + 1)
            land = ""
            if "land" in self.amounts:
                land = f"{residual}*{address(self.item_rows['land'], self.last + 1)}/{total}"
            if lever.key == "construction":
                text += f"+{residual}" + (f"+{land}" if land else "")
            else:
                text += f"-{land}"
        return text

    # --- formulas ------------------------------------------------------------------------------------------------

    def _years_of(self, row: int, *, fixed: str = "rc") -> str:
        return span(row, FIRST, row, self.last, fixed=fixed)

    def _discount(self, rate: str) -> str:
        """Return the discount factors of all years as a formula, rounded as those of the plan."""
        return f"ROUND(1/(1+{rate})^({self._years_of(self.table + 1)}-start_year),6)"
