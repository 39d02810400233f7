"""The first sheet: what is planned, what it saves, what the figures rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.catchments import has_network
from planner.compare import NOTICED_PREMISES, NOTICED_UNITS
from planner.report.book import HEAD, ROW_HEIGHT, Book
from planner.report.cells import Cell, Formula, address, amount, identifier, span, whole
from planner.report.figures import HEADINGS, Figures, Which, known_share, years_text
from planner.report.served import Names, stage_lines, worst_served
from planner.wording import share

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WIDTHS = (52, 21, 21, 21, 18)
BUDGET = ("capital", "recurrent", "income")
MEASURES = (
    "premises_released",
    "floor_in_use",
    "surplus_floor",
    "missing_to_norm",
    "missing_to_tight",
    "staff",
    "moves",
    "parts_apart",
    "citizen_travel_mean",
    "citizen_travel_max",
    "body_distance_mean",
)
MEASURES_OVER_TIME = ("centres", "premises_end", "premises_released_end", "surplus_floor_end")
"""Told where centres are built: else the last year is as the first."""


def write_summary(book: Book, figures: Figures) -> None:
    """Write headline, result, measures, costs, checks, notes and the lines to sign."""
    _Summary(book, figures).write()


class _Summary:
    """The sheet Summary, written from the top down; each part leaves `row` where the next one may start."""

    def __init__(self, book: Book, figures: Figures) -> None:
        self.book = book
        self.words = book.words
        self.figures = figures
        self.compared = figures.compared
        self.of_the_city = len(figures.wards) == NOTICED_UNITS
        self.objectives = {which: figures.objective(which) for which in figures.plans}
        self.sheet: Worksheet = book.sheet("summary", WIDTHS, unit="unit.vnd", portrait=True)
        self.row = HEAD

    def write(self) -> None:
        """Write every part and set up the paper."""
        self._headline()
        network = (self._network,) if has_network(self.figures.plan) else ()
        parts = (
            *(self._facts, self._measures, self._costs, *network),
            *(self._checks, self._notes, self._signatures),
        )
        for part in parts:
            self.row += 1
            part()
        self.sheet.print_area(0, 0, self.row + 4, len(WIDTHS) - 1)
        self.sheet.activate()

    def _line(self, values: Sequence[object], kind: str = "text", style: str = "") -> None:
        self.book.line(self.sheet, self.row, values, kind, style)
        self.row += 1

    def _title(self, key: str) -> None:
        """Write the title of a part over the whole width."""
        title = Cell(self.words(key), "block", "no_wrap")
        self._line([title, *[Cell(None, "block", "no_wrap")] * (len(WIDTHS) - 1)])

    def _part(self, key: str, labels: Sequence[str]) -> None:
        """Write the title of a part and the headings of its columns."""
        self._title(key)
        # Headings that are empty are cells too.
        for column, label in enumerate(labels):
            self.sheet.write_string(self.row, column, label, self.book.format("centre", "header"))
        self.row += 1

    def _difference(self, formula: str, values: Sequence[float]) -> Formula:
        return Formula(formula, values[-1] - values[0])

    def _headline(self) -> None:
        """Write the figures that are read first, as formulas on the totals of the other sheets."""
        figures, sheet = self.figures, self.sheet
        premises = [int(figures.measure(which, "premises") or 0) for which in figures.plans]
        costs = list(self.objectives.values())
        shown: list[tuple[str, Formula, str]] = [("premises", Formula("=plan_premises", premises[-1]), "int")]
        if self.compared:
            formula = self._difference("=plan_premises-today_premises", premises)
            shown.append(("against_today", formula, "difference"))
        if self.of_the_city:
            text = f"=plan_premises-{NOTICED_PREMISES}"
            shown.append(("against_city", Formula(text, premises[-1] - NOTICED_PREMISES), "difference"))
        shown.append(("present", Formula("=plan_net_present_cost", costs[-1]), "billion"))
        if self.compared:
            formula = self._difference("=plan_net_present_cost-today_net_present_cost", costs)
            shown.append(("saving", formula, "difference_billion"))
        sheet.set_row(self.row, 32)
        sheet.set_row(self.row + 1, 30)
        self._line([Cell(self.words(f"headline.{key}"), "figure_label", "centre") for key, _, _ in shown])
        self._line([Cell(formula, "figure", kind) for _, formula, kind in shown])

    def _facts(self) -> None:
        """Write what was solved, with which result, for which years, and how much of it is estimated."""
        words, figures = self.words, self.figures
        facts = figures.plan.facts
        solved = words.of("solved", facts.get("status", ""))
        gap = facts.get("gap")
        if isinstance(gap, (int, float)):
            solved += f"; {words('gap')} {share(gap, words.lang, 2)}"
        horizon = f"{years_text(figures.years)} ({len(figures.years)}); {words('horizon.from')}"
        self._text_fact("scenario", f"{figures.title} ({figures.name})")
        self._text_fact("solved", solved)
        self._text_fact("horizon", horizon)
        self._text_fact("choice.start", words.of("option", figures.plan.scenario.start))
        self._share_fact("rate", Formula("=discount_rate", figures.rate))
        surveyed = facts.get("surveyed_share", figures.measure("plan", "surveyed_share"))
        self._share_fact("surveyed", surveyed, "surveyed.note")
        if figures.known_bodies:
            self._share_fact("known", known_share(figures.known_bodies), "known.note")

    def _text_fact(self, key: str, text: str) -> None:
        self.sheet.merge_range(self.row, 1, self.row, 4, "", self.book.format("text"))
        self._line([Cell(self.words(key), "bold"), text])

    def _share_fact(self, key: str, value: object, note: str = "") -> None:
        self.sheet.merge_range(self.row, 2, self.row, 4, "", self.book.format("text"))
        if note:
            self.sheet.set_row(self.row, 2 * ROW_HEIGHT + 2)
        label, figure = Cell(self.words(key), "bold"), Cell(value, "bold", "share")
        self._line([label, figure, self.words(note) if note else None])

    def _measures(self) -> None:
        """Write premises and service: today, plan, difference, and what the city itself counted."""
        words, figures = self.words, self.figures
        labels = [words("measure"), words("city"), *(words(which) for which in figures.plans)]
        self._part("block.measures", [*labels, words("difference")] if self.compared else labels)
        over_time = MEASURES_OVER_TIME if figures.centres else ()
        departments = ("departments",) if figures.plan.scenario.departments.open else ()
        for measure in ("premises", *MEASURES[:3], *over_time, *MEASURES[3:], *departments):
            values = [whole(figures.measure(which, measure)) for which in figures.plans]
            if all(value is None for value in values):
                continue
            first = measure == "premises"
            cells: list[object] = [NOTICED_PREMISES if first and self.of_the_city else None]
            if first:
                names = (f"={which}_premises" for which in figures.plans)
                cells += [Formula(name, value or 0) for name, value in zip(names, values, strict=True)]
            else:
                cells += values
            line: list[object] = [words(f"measure.{measure}"), *(Cell(cell, "", "int") for cell in cells)]
            if self.compared:
                formula = f"={address(self.row, 3)}-{address(self.row, 2)}"
                difference = self._difference(formula, [value or 0 for value in values])
                line.append(Cell(difference, "", "difference"))
            self._line(line, style="bold" if first else "")

    def _costs(self) -> None:
        """Write the costs of all years by heading, then what they come to in one year."""
        words, figures = self.words, self.figures
        labels = [words("heading"), *(words(which) for which in figures.plans)]
        more = [words("difference"), words("difference_share")]
        self._part("block.costs", [*labels, *more] if self.compared else labels)
        columns = list(enumerate(figures.plans, start=1))
        rows: dict[str, int] = {}
        for heading in (*BUDGET, "budget", "social", *(h for h in figures.items if h not in HEADINGS)):
            rows[heading] = self.row
            if heading == "budget":
                cells = [
                    Formula(
                        "=" + "+".join(address(rows[one], n) for one in BUDGET),
                        sum(figures.item_cost(which, figures.items[one]) for one in BUDGET),
                    )
                    for n, which in columns
                ]
                self._amounts(words("budget"), cells, "heading")
            else:
                cells = [self._heading_cost(which, heading) for which in figures.plans]
                self._amounts(words.of("heading", heading), cells)
        top, skip, last = rows["capital"], rows["budget"], self.row - 1
        cells = [
            Formula(
                f"=SUM({span(top, n, last, n)})-{address(skip, n)}",
                sum(figures.costs[which].by_year.values()),
            )
            for n, which in columns
        ]
        self._amounts(words("total"), cells, "total")
        cells = [Formula(f"={which}_net_present_cost", value) for which, value in self.objectives.items()]
        rate = share(figures.rate, words.lang, 1)
        self._amounts(f"{words('present_total')} ({rate})", cells, "total")
        first = "block.first_year" if figures.centres else "block.year"
        self._line([words(first)], style="unit")
        for heading in ("recurrent", "social"):
            cells = [self._heading_cost(which, heading, figures.start_year) for which in figures.plans]
            key = f"{heading}_year.first" if figures.centres else f"{heading}_year"
            self._amounts(words(key), cells)

    def _heading_cost(self, which: Which, heading: str, year: int | None = None) -> Formula:
        """Return what a plan costs under a heading, by the names of the sheet Per item."""
        suffix = "" if year is None else "_first_year"
        value = self.figures.item_cost(which, self.figures.items.get(heading, []), year)
        return Formula(f"={which}_{identifier(heading)}{suffix}", value)

    def _amounts(self, label: str, cells: Sequence[Formula], style: str = "") -> None:
        """Write a label, the amounts of the plans, their difference and its share."""
        line: list[object] = [label, *cells]
        if self.compared:
            today, plan, difference = (address(self.row, n) for n in (1, 2, 3))
            before, after = (amount(cell) for cell in cells)
            line.append(Cell(Formula(f"={plan}-{today}", after - before), "", "difference"))
            text = f'=IF({today}=0,"",{difference}/ABS({today}))'
            change = Formula(text, (after - before) / abs(before) if before else "")
            line.append(Cell(change, "", "share_signed"))
        self._line(line, "vnd", style)

    def _network(self) -> None:
        """Write the reception network: today, then every stage, then the worst served by name."""
        words, names = self.words, Names(self.figures)
        labels = ("stage", "points_open", "point_needed", "mean_km", "within_15")
        self.sheet.set_row(self.row + 1, 2 * ROW_HEIGHT + 2)
        self._part("block.network", [words(key) for key in labels])
        for label, stage in stage_lines(self.figures):
            text = words("stage.of").format(label=label, wards=stage.of_wards, city=stage.of_city)
            if stage.closed:
                text += words("stage.closed").format(closed=stage.closed)
            if len(text) > WIDTHS[0]:
                self.sheet.set_row(self.row, 2 * ROW_HEIGHT + 2)
            way, near = Cell(stage.mean_m, "", "km"), Cell(stage.within_15, "", "share")
            self._line([text, stage.points, stage.counters, way, near], "int")
        found = worst_served(self.figures)
        year = max(int(one) for one in self.figures.plan.catchments["year"])
        heads = (
            words("block.worst").format(year),
            *map(words, ("point", "point_people")),
            "km",
            words("minutes"),
        )
        for column, text in enumerate(heads):
            self.sheet.write_string(self.row, column, text, self.book.format("centre", "header"))
        self.row += 1
        for way_ in found:
            place = words("commune_in").format(
                commune=names.commune(way_.commune), unit=names.unit(way_.ward)
            )
            point = names.point(way_.point)
            if len(point) > WIDTHS[1] - 2:
                self.sheet.set_row(self.row, 2 * ROW_HEIGHT + 2)
            road = Cell(way_.road_m, "", "km")
            self._line([place, point, way_.people, road, Cell(way_.minutes, "", "tenths")], "int")

    def _checks(self) -> None:
        """Write whether the sheets agree with each other and with the result of the plan."""
        words, objective = self.words, self.objectives["plan"]
        key = "block.checks_after" if has_network(self.figures.plan) else "block.checks"
        self._part(key, [words("measure"), words("plan"), "", words("difference"), ""])
        total = sum(self.figures.costs["plan"].by_year.values())
        self._check("check.rows", Formula("=rows_total", total), "plan_total", total)
        units = Formula("=units_net_present_cost", objective)
        self._check("check.units", units, "plan_net_present_cost", objective)
        expected = self.figures.plan.facts.get("objective_vnd")
        if isinstance(expected, (int, float)):
            computed = Formula("=plan_net_present_cost", objective)
            self._check("check.objective", computed, str(int(expected)), int(expected))

    def _check(self, key: str, left: Formula, right: str, expected: int) -> None:
        words = self.words
        difference = Formula(f"{left.text}-{right}", amount(left) - expected)
        good, bad = words("check.ok"), words("check.bad")
        verdict = Formula(
            f'=IF({address(self.row, 3)}=0,"{good}","{bad}")', bad if difference.value else good
        )
        signs = (Cell(difference, "", "difference"), Cell(verdict, "bold", "centre"))
        self._line([words(key), left, None, *signs], "vnd")

    def _notes(self) -> None:
        """Write what a reader must know before the figures are used."""
        self._title("block.notes")
        keys = ["estimate", "social"]
        if self.compared:
            keys += ["sign", "baseline"]
        keys += ["formula", "norms"] if self.book.live else ["norms"]
        if self.of_the_city:
            keys.append("city")
        style = self.book.format("text", "plain")
        for n, key in enumerate(keys, start=1):
            text = f"{n}. {self.words(f'note.{key}')}"
            self.sheet.merge_range(self.row, 0, self.row, 4, text, style)
            self.sheet.set_row(self.row, 16 * math.ceil(len(text) / 118) + 2)
            self.row += 1

    def _signatures(self) -> None:
        for column, key in ((0, "sign.made"), (2, "sign.checked"), (4, "sign.head")):
            for row, word, style in ((self.row, key, "sign"), (self.row + 1, "sign.hint", "signhint")):
                self.sheet.write_string(row, column, self.words(word), self.book.format("plain_text", style))
        self.row += 1
