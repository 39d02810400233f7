"""City-wide rules of a scenario, each a limit on what all wards together use (docs/model.md, section 5).

Wards meet in these rules only. A rule that asks for at least so much is written as a limit on the negative amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.scenario import Scenario

_NAME = re.compile(r"(?P<kind>.*?)(?:_(?P<year>20[0-9]{2})|:(?P<group>.*))?", re.DOTALL)
_SETTINGS = {
    "premises": "rules.premises_max",
    "capital": "rules.capital_max_vnd",
    "departments": "rules.departments_max",
    "centres": "rules.centres_min",
    "centres_phuong": "rules.centres_min_phuong",
    "centres_xa": "rules.centres_min_xa",
    "centres_district": "rules.centres_min_by_district",
    "building": "rules.centres_building_max",
    "relocations": "rules.relocations_max",
    "surplus": "rules.surplus_min",
    "surplus_m2": "rules.surplus_m2_min",
    "points": "rules.points_min",
    "within": "network.share_min",
}
LIMITS_OF_RULES = tuple(key.removeprefix("rules.") for key in _SETTINGS.values() if key.startswith("rules."))
"""Keys of the section ``rules`` that set city-wide rules."""
AT_LEAST = (
    "centres",
    "centres_phuong",
    "centres_xa",
    "centres_district",
    "surplus",
    "surplus_m2",
    "points",
    "within",
)
"""Kinds of which the city must have at least so much: use and limit are negative."""


@dataclass(frozen=True)
class Limit:
    """One city-wide rule: Σ use ≤ ``most``.

    Attributes
    ----------
    name : str
        As in ``plan.json``: ``budget_2028``, ``centres_district:Huyện Ba Vì``.
    kind : str
        What is used: the name without year or group.
    setting : str
        The key of the scenario that sets it.
    year : int or None
    group : str or None
        Name of a former district.
    most : int
        In the unit of the kind (sites, dong, centres, m2 ...).
    """

    name: str
    kind: str
    setting: str
    year: int | None
    group: str | None
    most: int


@dataclass(frozen=True)
class Family:
    """Rules that one setting sets: that of every year, say.

    Attributes
    ----------
    kind, setting : str
    weights : dict of str to int
        By how much each rule gives way if the setting is raised by one.
    now : int or None
        The value of the setting, as the scenario writes it; None where every year has its own.
    """

    kind: str
    setting: str
    weights: dict[str, int]
    now: int | None


def families(limits: Mapping[str, int]) -> list[Family]:
    """Return the names of some rules with their limits, grouped by the setting that sets them."""
    found: dict[str, Family] = {}
    for name, most in limits.items():
        kind = kind_of(name)
        one_setting = kind in ("budget", "building", "relocations")
        now = -most if kind in AT_LEAST else most
        family = found.setdefault(kind if one_setting else name, Family(kind, _setting(name), {}, now))
        family.weights[name] = 1
    return list(found.values())


def families_of(scenario: Scenario) -> list[Family]:
    """Return the city-wide rules of a scenario, grouped by the setting that sets them.

    Budgets make up to two families: the money of a year, where one amount is set for most years, and all budgets
    together with those that single years have of their own. Carried over, one dong more a year is k dong more by the
    k-th year that it is paid in.
    """
    limits = {name: limit.most for name, limit in city_limits(scenario).items()}
    found = [family for family in families(limits) if family.kind != "budget"]
    years, own = list(budgets(scenario)), scenario.budget.by_year_vnd
    usual = _weights(scenario, [year for year in years if year not in own])
    every = _weights(scenario, years)
    if usual and scenario.budget.yearly_vnd is not None:
        found.append(Family("budget", "budget.yearly_vnd", usual, scenario.budget.yearly_vnd))
    if any(year in own for year in years):
        found.append(Family("budget", "budget.by_year_vnd", every, None))
    return found


def _weights(scenario: Scenario, raised: list[int]) -> dict[str, int]:
    """Return by how much the budget of each year grows if some years get one dong more."""
    found = {}
    for year in budgets(scenario):
        over = [other for other in raised if other <= year] if scenario.budget.carry_over else [year]
        weight = sum(other in raised for other in over)
        if weight:
            found[f"budget_{year}"] = weight
    return found


def _setting(name: str) -> str:
    kind = kind_of(name)
    setting = _SETTINGS.get(kind, "budget.yearly_vnd" if kind == "budget" else name)
    match = _NAME.fullmatch(name)
    part = (match["year"] if kind.startswith("surplus") else match["group"]) if match else None
    return f"{setting} {part}" if part else setting


def kind_of(name: str) -> str:
    """Return the kind of a resource name: ``budget`` of ``budget_2028``."""
    match = _NAME.fullmatch(name)
    return match["kind"] if match else name


def group_of(name: str) -> str:
    """Return the group of a resource name: ``Huyện Ba Vì`` of ``centres_district:Huyện Ba Vì``, or nothing."""
    match = _NAME.fullmatch(name)
    return (match["group"] or "") if match else ""


def budgets(scenario: Scenario) -> dict[int, int]:
    """Return the capital budget of every year that has one, by year in order; carry-over not counted."""
    budget, horizon = scenario.budget, scenario.horizon
    first = budget.from_year if budget.from_year is not None else horizon.start_year + 1
    found: dict[int, int] = {}
    for year in range(horizon.start_year, horizon.start_year + horizon.years):
        usual = budget.yearly_vnd if year >= first else None
        if usual is None and found and budget.carry_over:
            usual = 0  # what earlier years left can be spent
        amount = budget.by_year_vnd.get(year, usual)
        if amount is not None:
            found[year] = amount
    return found


def city_limits(scenario: Scenario, people: int | None = None) -> dict[str, Limit]:
    """Return the city-wide rules that a scenario sets, by name.

    Parameters
    ----------
    people : int, optional
        People of all demand points; without it the rules on shares of people are left out.
    """
    rules, horizon = scenario.rules, scenario.horizon
    years = range(horizon.start_year, horizon.start_year + horizon.years)
    amounts: dict[str, int | None] = {
        "premises": rules.premises_max,
        "capital": rules.capital_max_vnd,
        "departments": rules.departments_max,
        "centres": rules.centres_min,
        "centres_phuong": rules.centres_min_phuong,
        "centres_xa": rules.centres_min_xa,
    }
    amounts |= {f"centres_district:{name}": least for name, least in rules.centres_min_by_district.items()}
    total = 0
    for year, amount in budgets(scenario).items():
        total = total + amount if scenario.budget.carry_over else amount
        amounts[f"budget_{year}"] = total
    amounts |= {f"building_{year}": rules.centres_building_max for year in years}
    amounts |= {f"relocations_{year}": rules.relocations_max for year in years[1:]}
    amounts |= {f"surplus_{year}": rules.surplus_min[year] for year in sorted(rules.surplus_min)}
    amounts |= {f"surplus_m2_{year}": rules.surplus_m2_min[year] for year in sorted(rules.surplus_m2_min)}
    if scenario.network.allowed:
        share = scenario.network.share_min
        for year in scenario.network.hand_over_years:
            amounts[f"points_{year}"] = rules.points_min
            if share is not None and people is not None:
                amounts[f"within_{year}"] = ceil(Fraction(str(share)) * people)
    return {name: limit_of(name, amount, scenario) for name, amount in amounts.items() if amount is not None}


def over_time(scenario: Scenario) -> bool:
    """Say whether city-wide rules bind wards together over the years in which centres are built."""
    if scenario.network.allowed and scenario.network.hand_over_years:
        return True
    return scenario.centres.allowed and scenario.arrangement != "today" and bool(city_limits(scenario))


def limit_of(name: str, amount: int, scenario: Scenario) -> Limit:
    """Return the rule of a name; ``amount`` as the scenario writes it."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(name)
    kind, year = match["kind"], int(match["year"]) if match["year"] else None
    setting = _SETTINGS.get(kind, "")
    if kind == "budget":
        own = year in scenario.budget.by_year_vnd
        setting = "budget.by_year_vnd" if own else "budget.yearly_vnd"
    most = -amount if kind in AT_LEAST else amount
    return Limit(name, kind, setting, year, match["group"], most)
