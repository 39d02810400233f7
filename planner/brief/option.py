"""A plan as one of the options of a brief: its figures, and those of today reckoned alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from planner.brief.words import TITLE, Say, short
from planner.catchments import has_network, stages
from planner.report.figures import Figures, Which, columns_of, years_text

if TYPE_CHECKING:
    from planner.plan import Plan

PARTS = ("capital", "recurrent", "social", "residual", "income")
"""What the present cost is made of: the residual value of centres is no social cost to a reader, so it is apart."""
RESIDUAL = "residual_value"


class Option:
    """A plan, or the arrangement in force as a plan has it.

    Attributes
    ----------
    figures : Figures
        Sums of the plan and of today.
    which : {"plan", "today"}
        Which of the two this option is.
    """

    def __init__(self, figures: Figures, words: Say, which: Which = "plan") -> None:
        self.figures = figures
        self.words = words
        self.which: Which = which
        self.plan: Plan = figures.plans[which]
        self.name = figures.name
        self.title = words("today") if which == "today" else short(figures.title, TITLE)
        self.first, self.last = figures.years[0], figures.years[-1]
        self.years = years_text(figures.years)

    @classmethod
    def of(cls, plan: Plan, words: Say) -> Option:
        """Return a plan as an option."""
        return cls(Figures(plan, words), words)

    @cached_property
    def today(self) -> Option | None:
        """The arrangement in force, costed with the same settings over the same years."""
        if self.which == "today" or not self.figures.compared:
            return None
        return Option(self.figures, self.words, "today")

    @property
    def basis(self) -> tuple[str, int | None]:
        """What makes totals comparable: the years, and what today costs with the same settings."""
        if self.figures.compared:
            return self.years, self.figures.objective("today")
        return self.years, self.objective if self.plan.scenario.arrangement == "today" else None

    # --- measures ------------------------------------------------------------------------------------------------

    def measure(self, name: str, ward: str = "") -> float:
        """Return a measure of a unit or of the whole, 0 where there is none."""
        return self.figures.measure(self.which, name, ward) or 0

    def by_ward(self, name: str) -> dict[str, float]:
        """Return a measure by unit, in the order of units."""
        return {ward.code: self.measure(name, ward.code) for ward in self.figures.wards}

    def largest(self, name: str) -> tuple[str, float]:
        """Return the unit where a measure is largest, and the measure."""
        values = self.by_ward(name)
        code = max(values, key=lambda one: values[one])
        return code, values[code]

    def unit(self, code: str) -> str:
        """Return the name of a unit."""
        return short(self.figures.names.get(code, code))

    @cached_property
    def premises(self) -> int:
        """Premises in use in the first year."""
        return int(self.measure("premises"))

    @cached_property
    def premises_end(self) -> int:
        """Premises in use in the last year."""
        return self._in_use_end if self._in_use_end is not None else self.premises

    @cached_property
    def _in_use_end(self) -> int | None:
        value = self.figures.measure(self.which, "premises_end")
        return None if value is None else int(value)

    def end(self, name: str) -> float:
        """Return what a measure is in the last year; that of the first where nothing else is known."""
        value = self._by_year.get(self.last, {}).get(name, self.figures.measure(self.which, f"{name}_end"))
        return self.measure(name) if value is None else value

    @cached_property
    def _by_year(self) -> dict[int, dict[str, int]]:
        return self.plan.city_by_year()

    @cached_property
    def stages(self) -> list[int]:
        """The first years of the stages of the reception network; none without one."""
        return [stage.year for stage in stages(self.plan)] if has_network(self.plan) else []

    @property
    def points_end(self) -> int:
        """Reception points that are open in the last year."""
        if has_network(self.plan):
            return stages(self.plan)[-1].points
        return len({ward for ward, body in self._bodies(self.last) if body == "reception"})

    @property
    def centres_opened(self) -> int:
        """Joint-agency centres that open in these years."""
        if self.which == "today":
            return 0
        return sum(centre.opens is not None for centre in self.figures.centres.values())

    # --- seats ---------------------------------------------------------------------------------------------------

    @cached_property
    def _seats(self) -> dict[int, dict[tuple[str, str], set[str]]]:
        found: dict[int, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
        names = ("year", "ward_code", "body", "site_id")
        for year, ward, body, site in columns_of(self.plan.assignments, *names):
            found[int(year)][str(ward), str(body)].add(str(site))
        return found

    def _bodies(self, year: int) -> dict[tuple[str, str], set[str]]:
        return self._seats.get(year) or self._seats[max(self._seats)]

    def seats(self, year: int) -> dict[tuple[str, str], set[str]]:
        """Return the sites of every unit and body in a year."""
        return self._bodies(year)

    def sites(self, year: int) -> dict[str, int]:
        """Return how many sites each unit uses in a year, in the order of units."""
        used: dict[str, set[str]] = {ward.code: set() for ward in self.figures.wards}
        for (ward, _), sites in self._bodies(year).items():
            used.setdefault(ward, set()).update(sites)
        return {ward: len(sites) for ward, sites in used.items()}

    def spread(self, year: int) -> Counter[int]:
        """Return how many units use so many sites; four stands for four and more."""
        return Counter(min(count, 4) for count in self.sites(year).values())

    # --- money ---------------------------------------------------------------------------------------------------

    @property
    def objective(self) -> int:
        """Net present cost in dong."""
        return self.figures.objective(self.which)

    @property
    def against(self) -> int | None:
        """By how many dong the present cost differs from today's; None without one."""
        return self.objective - self.today.objective if self.today else None

    def items(self, part: str) -> list[str]:
        """Return the cost items of a part of the present cost."""
        if part == "residual":
            return [RESIDUAL]
        return [item for item in self.figures.items.get(part, []) if item != RESIDUAL]

    def part(self, part: str, year: int | None = None) -> int:
        """Return the dong of a part in a year or in all, not discounted."""
        return self.figures.item_cost(self.which, self.items(part), year)

    def present(self, part: str) -> float:
        """Return the present value of a part in dong."""
        return self.figures.present({year: self.part(part, year) for year in self.figures.years})

    def parts(self) -> dict[str, float]:
        """Return the present values of the parts that occur; together they are the present cost."""
        return {part: value for part in PARTS if (value := self.present(part))}

    def ward_present(self, ward: str) -> float:
        """Return what a unit costs as present value."""
        costs = self.figures.costs[self.which].by_ward
        return self.figures.present({year: costs[ward, "", year] for year in self.figures.years})

    @property
    def gap(self) -> float | None:
        """The gap to the bound of the solver; None where none is known."""
        value = self.plan.facts.get("gap")
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def surveyed(self) -> float:
        """Share of the floor in use that was surveyed."""
        return float(self.plan.facts.get("surveyed_share") or self.measure("surveyed_share"))
