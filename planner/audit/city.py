"""Rules of the whole city: their limits, what a ward's plan uses of them, and the city year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.audit import price
from planner.audit.course import Course
from planner.audit.needs import up
from planner.audit.network import Network
from planner.audit.settings import Settings

Rows = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Rule:
    """One rule of the whole city: Σ over wards of use ≤ limit.

    Attributes
    ----------
    kind : str
        Its name without year or district: premises, capital, budget, building, relocations, surplus,
        surplus_m2, centres, centres_phuong, centres_xa, centres_district, departments, points, within.
    """

    kind: str
    setting: str
    limit: int
    year: int | None = None
    district: str = ""
    together: tuple[int, ...] = ()
    """Of a budget: the years whose spending is added up."""

    @property
    def name(self) -> str:
        """The name in ``plan.json``."""
        if self.kind == "centres_district":
            return f"{self.kind}:{self.district}"
        return self.kind if self.year is None else f"{self.kind}_{self.year}"


def budgets(settings: Settings) -> dict[int, int]:
    """Return the own budget of every year that has one."""
    by_year, yearly = settings.by_year("budget.by_year_vnd"), settings.limit("budget.yearly_vnd")
    from_year = settings.limit("budget.from_year")
    first = settings.years[0] + 1 if from_year is None else from_year
    found: dict[int, int] = {}
    for year in settings.years:
        if year in by_year:
            found[year] = by_year[year]
        elif yearly is not None and year >= first:
            found[year] = yearly
        elif found and settings.flag("budget.carry_over"):
            found[year] = 0
    return found


def budget_years(settings: Settings) -> dict[int, list[int]]:
    """Return for every year with a budget the years whose spending its rule adds up."""
    years = list(budgets(settings))
    together = settings.flag("budget.carry_over")
    return {year: years[: i + 1] if together else [year] for i, year in enumerate(years)}


def rules_of(settings: Settings) -> list[Rule]:
    """Return every rule of the whole city that a scenario sets."""
    found: list[Rule] = []

    def add(kind: str, key: str, limit: int | None, year: int | None = None) -> None:
        if limit is not None:
            found.append(Rule(kind, key, limit, year))

    add("premises", "rules.premises_max", settings.limit("rules.premises_max"))
    add("capital", "rules.capital_max_vnd", settings.limit("rules.capital_max_vnd"))
    own = budgets(settings)
    for year, together in budget_years(settings).items():
        key = "by_year_vnd" if year in settings.by_year("budget.by_year_vnd") else "yearly_vnd"
        limit = sum(own[y] for y in together)
        found.append(Rule("budget", f"budget.{key}", limit, year, together=tuple(together)))
    for year in settings.years:
        add("building", "rules.centres_building_max", settings.limit("rules.centres_building_max"), year)
    for year in settings.years[1:]:
        add("relocations", "rules.relocations_max", settings.limit("rules.relocations_max"), year)
    for kind in ("surplus", "surplus_m2"):
        for year, least in settings.by_year(f"rules.{kind}_min").items():
            add(kind, f"rules.{kind}_min", -least, year)
    for kind, key in (("", "centres_min"), ("_phuong", "centres_min_phuong"), ("_xa", "centres_min_xa")):
        fewest = settings.limit(f"rules.{key}")
        add("centres" + kind, f"rules.{key}", None if fewest is None else -fewest)
    for district, fewest in settings.by_name("rules.centres_min_by_district").items():
        found.append(Rule("centres_district", "rules.centres_min_by_district", -fewest, None, district))
    add("departments", "rules.departments_max", settings.limit("rules.departments_max"))
    return found


def network_rules(network: Network) -> list[Rule]:
    """Return the rules on the reception points of every stage that a scenario sets."""
    fewest = network.settings.limit("rules.points_min")
    share = network.settings.number_or_none("network.share_min")
    people = sum(demand.people for demand in network.demand)
    found = []
    for stage in network.later:
        if fewest is not None:
            found.append(Rule("points", "rules.points_min", -fewest, stage.year))
        if share is not None:
            found.append(Rule("within", "network.share_min", -up(share * people), stage.year))
    return found


def use_of(rule: Rule, course: Course, rows: Rows) -> int:
    """Return what a ward's plan uses of a rule; `rows` are its costs."""
    centre, settings, year = course.centre, course.case.settings, rule.year
    match rule.kind:
        case "premises":
            return len(course.own_used)
        case "capital":
            return heading(rows, "capital", settings.years[0])
        case "budget":
            used = sum(heading(rows, "capital", y) for y in rule.together)
            if settings.flag("budget.recycle_income"):
                used += sum(heading(rows, "income", y - 1) for y in rule.together)
            return used
        case "building":
            return int(year is not None and course.building(year))
        case "relocations":
            return int(centre is not None and centre.opens == year)
        case "surplus" | "surplus_m2" if year is not None:
            sites = [course.case.sites[name] for name, since in course.free_from.items() if since <= year]
            return -sum(site.floor if rule.kind == "surplus_m2" else 1 for site in sites)
        case "departments":
            return price.departments(course.case)
    return -int(centre is not None and counts_centre(rule, course.case))


def counts_centre(rule: Rule, case: price.Case) -> bool:
    """Say whether a centre of a ward counts for a rule on centres."""
    match rule.kind:
        case "centres_phuong":
            return case.ward.kind == "phường"
        case "centres_xa":
            return case.ward.kind != "phường"
        case "centres_district":
            return case.ward.district == rule.district
    return rule.kind == "centres"


def heading(rows: Rows, name: str, year: int) -> int:
    """Return the sum of the rows of a heading in a year."""
    return sum(vnd for (y, item), vnd in rows.items() if y == year and price.HEADINGS[item] == name)


def year_rows(
    courses: Mapping[str, Course], rows: Mapping[str, Rows], settings: Settings
) -> dict[int, dict[str, int | None]]:
    """Return ``years.csv``: by year and column; None where a year has no budget."""
    own, recycle = budgets(settings), settings.flag("budget.recycle_income")
    found: dict[int, dict[str, int | None]] = {}
    left, before = 0, 0
    for year in settings.years:
        totals = dict.fromkeys(("capital", "recurrent", "income", "social"), 0)
        for ward in rows.values():
            for name in totals:
                totals[name] += heading(ward, name, year)
        recycled = -before if recycle and year in own else 0
        carried = left if settings.flag("budget.carry_over") and year in own else 0
        if year in own:
            left += own[year] + recycled - totals["capital"]
        free = [
            course.case.sites[name]
            for course in courses.values()
            for name, since in course.free_from.items()
            if since <= year
        ]
        found[year] = {
            "budget_vnd": own.get(year),
            "carried_in_vnd": carried,
            "recycled_vnd": recycled,
            **{f"{name}_vnd": vnd for name, vnd in totals.items()},
            "premises": sum(in_use(course, year) for course in courses.values()),
            "released": len(free),
            "surplus_m2": sum(site.floor for site in free),
            "building": sum(course.building(year) for course in courses.values()),
            "opened": sum(c.centre is not None and c.centre.opens == year for c in courses.values()),
        }
        before = totals["income"]
    return found


def in_use(course: Course, year: int) -> int:
    """Return the premises a ward uses in a year; a shared site is its owner's."""
    return 1 if course.in_centre(year) else len(course.used_in(year))
