"""A ward's plan over all years, its costs, and what it uses of every rule of the whole city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.audit import centres, price, routes
from planner.audit.centres import Centre
from planner.audit.price import MILLION, Arrangement, Case


@dataclass(frozen=True)
class Course:
    """Where a ward sits in every year.

    Attributes
    ----------
    case : Case
        With the further departments that the plan opens, and the site that its owner shares.
    arrangement : dict of str to str
        Part to site until the centre opens.
    centre : Centre or None
        What the ward moves into.
    cash : str
        The route of released sites that bring money.
    closes : int or None
        The year from which the ward has no reception of its own, where it is handed over.
    """

    case: Case
    arrangement: Arrangement
    centre: Centre | None
    cash: str
    closes: int | None = None

    @cached_property
    def used(self) -> list[str]:
        """The sites of the interim arrangement, a shared one too."""
        return sorted(set(self.arrangement.values()))

    @cached_property
    def own_used(self) -> list[str]:
        """The ward's own sites of the interim arrangement."""
        return [name for name in self.used if self.case.sites[name].ward == self.case.ward.code]

    @property
    def free_from(self) -> dict[str, int]:
        """The first year in which each site is free, of those that ever are."""
        free = routes.free_from(self.case, set(self.used), self.centre)
        if self.closes is not None and self.left_alone is not None:
            free[self.left_alone] = self.closes
        return free

    @cached_property
    def left_alone(self) -> str | None:
        """The site on which nothing but the reception sits, if there is one."""
        return left_alone(self.case, self.arrangement)

    def used_in(self, year: int) -> list[str]:
        """Return the ward's own sites in use in a year before a centre opens."""
        free = self.left_alone if self.closes is not None and year >= self.closes else None
        return [name for name in self.own_used if name != free]

    def in_centre(self, year: int) -> bool:
        """Say whether the ward sits in its centre in a year."""
        return self.centre is not None and year >= self.centre.opens

    def building(self, year: int) -> bool:
        """Say whether the centre is under construction in a year."""
        return self.centre is not None and self.centre.start <= year < self.centre.opens

    def seat(self, part: str, year: int) -> str:
        """Return the site of a part in a year."""
        return centres.centre_id(self.case) if self.in_centre(year) else self.arrangement[part]


def left_alone(case: Case, arrangement: Arrangement) -> str | None:
    """Return the site on which nothing but the reception sits, if there is one."""
    site = price.reception_site(case, arrangement)
    others = {arrangement[part.name] for part in price.without_reception(case).needs.parts}
    return None if site in others else site


def rows_of(course: Course) -> dict[tuple[int, str], int]:
    """Return the dong of every year and item, without the zeros."""
    case, centre = course.case, course.centre
    years = case.settings.years
    grown = centres.growth(case.settings, "price")
    once, yearly = price.own_costs(case, course.arrangement)
    rows = {(years[0], item): vnd for item, vnd in once.items()}
    later: Mapping[str, int] = {}
    if centre is not None:
        capital = centres.capital_rows(case, centre)
        rows.update(capital)
        rows[years[-1], "residual_value"] = -centres.residual_value(case, centre, capital)
        later = centres.yearly_costs(case, centre.place)
    for year in years:
        escalated = escalate(later if course.in_centre(year) else yearly, grown[year])
        rows.update({(year, item): vnd for item, vnd in escalated.items()})
    for year, vnd in routes.income(case, course.free_from, course.cash, grown).items():
        rows[year, "release_income"] = -vnd
    return {key: vnd for key, vnd in rows.items() if vnd}


def escalate(yearly: Mapping[str, int], grown: int) -> dict[str, int]:
    """Return yearly items in the prices of a year: their sum is escalated and split again."""
    found, before = {}, 0
    for item in price.YEARLY:
        after = before + yearly[item]
        found[item] = after * grown // MILLION - before * grown // MILLION
        before = after
    return found
