"""The certificate: no plan that keeps the rules of the city costs less (docs/model.md section 5).

Every rule of the city has a price. For every ward the plan of least cost and priced use is found, exactly, by trying
every set of sites, centre, start and cash route that a simple lower bound does not exclude; their sum less
price × limit is a lower bound of the cost of any plan. All amounts are whole millionths of a dong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from planner.audit import centres, city, price, routes
from planner.audit.centres import Centre
from planner.audit.city import Rule
from planner.audit.course import Course, rows_of
from planner.audit.fronts import Fronts
from planner.audit.price import MILLION, Case
from planner.audit.settings import Settings


@dataclass
class Weights:
    """What a dong, a site or a centre of one ward counts, year by year: discounted cost and prices of use.

    Attributes
    ----------
    yearly, capital, income : dict of int to int
        By year, for a dong of recurrent and social cost, of capital and of income.
    building, opening : dict of int to int
        By year, for a centre under construction, for one that opens.
    free : list of (int, int, int)
        By rule on released premises: year, for a site, for a m² that is free by then.
    """

    settings: Settings
    yearly: dict[int, int]
    capital: dict[int, int]
    income: dict[int, int]
    grown: dict[int, int]
    premises: int = 0
    departments: int = 0
    building: dict[int, int] = field(default_factory=dict)
    opening: dict[int, int] = field(default_factory=dict)
    free: list[tuple[int, int, int]] = field(default_factory=list)
    centre_rules: list[tuple[Rule, int]] = field(default_factory=list)
    limits: int = 0

    def of_centre(self, case: Case) -> int:
        """Return the weight of one centre of a ward, by the rules on their number."""
        return -sum(paid for rule, paid in self.centre_rules if city.counts_centre(rule, case))

    def of_free(self, site_floor: int, since: int) -> int:
        """Return the weight of a site that is free from a year on, by the rules on released premises."""
        return -sum(paid + paid_m2 * site_floor for year, paid, paid_m2 in self.free if since <= year)


def whole_price(value: Any) -> int:
    """Return a price as whole millionths of a dong per unit; a negative one counts as none."""
    return max(0, floor(Fraction(value) * MILLION))


def weights_of(settings: Settings, rules: list[Rule], prices: Mapping[str, Any]) -> Weights:
    """Return the weights that discounting and the prices of rules give."""
    factor = price.factors(settings)
    made = Weights(settings, dict(factor), dict(factor), dict(factor), centres.growth(settings, "price"))
    for rule in rules:
        paid = whole_price(prices.get(rule.name, 0))
        made.limits += paid * rule.limit
        match rule.kind:
            case "premises":
                made.premises += paid
            case "departments":
                made.departments += paid
            case "capital":
                made.capital[settings.years[0]] += paid
            case "budget":
                for year in rule.together:
                    made.capital[year] += paid
                    if settings.flag("budget.recycle_income") and year - 1 in made.income:
                        made.income[year - 1] += paid
            case "building" if rule.year is not None:
                made.building[rule.year] = paid
            case "relocations" if rule.year is not None:
                made.opening[rule.year] = paid
            case "surplus" if rule.year is not None:
                made.free.append((rule.year, paid, 0))
            case "surplus_m2" if rule.year is not None:
                made.free.append((rule.year, 0, paid))
            case "points" | "within":
                pass  # They are priced where the points are.
            case _:
                made.centre_rules.append((rule, paid))
    return made


def value_of(course: Course, rules: list[Rule], prices: Mapping[str, Any]) -> int:
    """Return cost and priced use of one ward's plan, straight from their definitions."""
    rows = rows_of(course)
    total = price.discounted(rows, price.factors(course.case.settings))
    return total + sum(
        whole_price(prices.get(rule.name, 0)) * city.use_of(rule, course, rows) for rule in rules
    )


class WardBound:
    """Cost and priced use of the plans of one ward with a given number of further departments."""

    def __init__(
        self, case: Case, weights: Weights, most_missing: tuple[int, int], through: str | None = None
    ) -> None:
        self.case, self.weights = case, weights
        self.fronts = Fronts(case, most_missing, through)
        self.first = case.settings.years[0]
        self.end = case.settings.years[-1] + 1
        self._interim: dict[tuple[tuple[str, ...], int], int | None] = {}
        self._rough: dict[tuple[tuple[str, ...], int], int] = {}
        self._cash: dict[tuple[str, str, int], int] = {}
        self.needs = sum(case.settings.whole(f"release.{key}") for key, _ in routes.NEEDS)
        self.by_need = case.settings.word("release.route") == "priority"
        self.fixed = weights.departments * price.departments(case)
        self.people = sum(part.people for part in case.needs.parts)
        self.norm = sum(part.norm for part in case.needs.parts)

    def least(self, known: int | None, *, with_centre: bool = True) -> int | None:
        """Return the least value of a plan that is below `known`, else `known`."""
        best = known
        options: list[Centre | None] = [None]
        if with_centre:
            options += [
                centres.centre_at(self.case, place, start)
                for place in centres.places(self.case).values()
                for start in centres.starts(self.case)
            ]
        fixed = {centre: self.fixed + self.centre_value(centre) for centre in options}
        for cash in routes.cash_routes(self.case.settings):
            for centre in sorted(options, key=lambda c: fixed[c] + self._floor(c, cash)):
                if best is not None and fixed[centre] + self._floor(centre, cash) >= best:
                    break
                best = self._least_of(centre, cash, fixed[centre], best)
        return best

    def _least_of(self, centre: Centre | None, cash: str, fixed: int, best: int | None) -> int | None:
        until = self.end if centre is None else centre.opens
        chances = sorted(
            (fixed + self._rough_interim(chosen, until) + self.release_value(chosen, centre, cash), chosen)
            for chosen in self._sets(centre)
        )
        for chance, chosen in chances:
            if best is not None and chance >= best:
                break
            interim = self.interim(chosen, until)
            if interim is None:
                continue
            value = chance - self._rough_interim(chosen, until) + interim
            if best is None or value < best:
                best = value
        return best

    def _sets(self, centre: Centre | None) -> list[tuple[str, ...]]:
        if centre is None or centre.place.beside:
            return self.fronts.sets
        return [chosen for chosen in self.fronts.sets if centre.place.location not in chosen]

    # -- the parts of a value ----------

    def centre_value(self, centre: Centre | None) -> int:
        """Return what a centre costs and uses, with the years in it."""
        if centre is None:
            return 0
        case, weights = self.case, self.weights
        capital = centres.capital_rows(case, centre)
        total = sum(vnd * weights.capital[year] for (year, _), vnd in capital.items())
        total -= centres.residual_value(case, centre, capital) * weights.yearly[self.end - 1]
        yearly = sum(centres.yearly_costs(case, centre.place).values())
        total += self._yearly(yearly, centre.opens, self.end)
        total += sum(weights.building.get(year, 0) for year in range(centre.start, centre.opens))
        return total + weights.opening.get(centre.opens, 0) + weights.of_centre(case)

    def _yearly(self, vnd: int, start: int, end: int) -> int:
        """Return the value of a yearly cost from one year until before another."""
        weights = self.weights
        return sum(vnd * weights.grown[year] // MILLION * weights.yearly[year] for year in range(start, end))

    def interim(self, chosen: tuple[str, ...], until: int) -> int | None:
        """Return the least value of an arrangement on exactly these sites until a year; None if there is none."""
        key = (chosen, until)
        if key not in self._interim:
            own = sum(self.case.sites[name].ward == self.case.ward.code for name in chosen)
            values = [self.cost_value(once, yearly, until) for once, yearly in self.fronts.front(chosen)]
            self._interim[key] = min(values) + own * self.weights.premises if values else None
        return self._interim[key]

    def cost_value(self, once: int, yearly: int, until: int) -> int:
        """Return the value of capital in the first year and of a yearly cost until a year."""
        return once * self.weights.capital[self.first] + self._yearly(yearly, self.first, until)

    def set_value(self, chosen: tuple[str, ...]) -> int:
        """Return what using exactly these sites in all years is worth beside the cost of arrangements on them."""
        own = sum(self.case.sites[name].ward == self.case.ward.code for name in chosen)
        release = min(
            self.release_value(chosen, None, cash) for cash in routes.cash_routes(self.case.settings)
        )
        return self.fixed + own * self.weights.premises + release

    def release_value(self, chosen: tuple[str, ...], centre: Centre | None, cash: str) -> int:
        """Return the value (negative) of what becomes free where these sites are used."""
        case = self.case
        free = routes.free_from(case, chosen, centre)
        total = sum(self.weights.of_free(case.sites[name].floor, since) for name, since in free.items())
        if not self.by_need:
            return total - sum(self._cash_value(name, cash, since) for name, since in free.items())
        if len(free) <= self.needs:
            return total
        taken = routes.routes(case, free, cash)
        return total - sum(
            self._cash_value(name, cash, since) for name, since in free.items() if taken[name] == cash
        )

    def _cash_value(self, name: str, cash: str, since: int) -> int:
        key = (name, cash, since)
        if key not in self._cash:
            value = price.release_value(self.case, self.case.sites[name], cash)
            years = range(since, self.end if cash == "lease" else since + 1)
            self._cash[key] = sum(
                value * self.weights.grown[year] // MILLION * self.weights.income[year] for year in years
            )
        return self._cash[key]

    # -- lower bounds ----------

    def _floor(self, centre: Centre | None, cash: str) -> int:
        """Return a lower bound of interim and release together."""
        until = self.end if centre is None else centre.opens
        roughs = [self._rough_interim(chosen, until) for chosen in self._sets(centre)]
        if not roughs:
            return 1 << 200
        values, total = [], 0
        for name, site in self.case.own.items():
            if centre is not None and centre.place.parcel is None and name == centre.place.location:
                continue
            years = [self.first] if centre is None else [self.first, centre.opens]
            values.append(max(self._cash_value(name, cash, year) for year in years))
            total += self.weights.of_free(site.floor, self.first)
        values.sort(reverse=True)
        if self.by_need:
            values = values[: max(0, len(values) - self.needs)]
        return min(roughs) + total - sum(values)

    def _rough_interim(self, chosen: tuple[str, ...], until: int) -> int:
        """Return a lower bound of `interim`: floor where it is cheapest, the nearest reception, no trips of staff."""
        key = (chosen, until)
        if key in self._rough:
            return self._rough[key]
        case, weights, whole = self.case, self.weights, self.case.settings.whole
        once = weights.capital[self.first]
        years = range(self.first, until)
        yearly = sum(weights.grown[year] * weights.yearly[year] for year in years)  # in millionths
        lost = (
            0 if all(g == MILLION for g in weights.grown.values()) else sum(weights.yearly[y] for y in years)
        )
        sites = [case.sites[name] for name in chosen]
        own = [site for site in sites if site.ward == case.ward.code]
        in_place = [
            case.settings.word("start") == "today" and site.site_id in case.used_today for site in sites
        ]
        crowding = whole("prices.crowding_vnd_per_m2_year") * yearly
        running = whole("prices.running_vnd_per_m2_year") * yearly
        left, total = self.norm, 0
        paid = [
            once * MILLION * (0 if stays else whole(f"prices.renovation_{site.condition.lower()}_vnd_per_m2"))
            + running
            for site, stays in zip(sites, in_place, strict=True)
        ]
        for per_m2, most in sorted(zip(paid, (site.floor for site in sites), strict=True)):
            if per_m2 >= crowding:
                break
            here = min(left, most)
            total += here * per_m2
            left -= here
        total += left * crowding
        if not any(in_place):
            seats = sum(site.workplaces for site in sites)
            total += once * MILLION * max(0, self.people - seats) * whole("prices.furniture_vnd_per_person")
        if case.settings.word("start") == "before_reform":
            total += once * MILLION * self.people * whole("prices.move_vnd_per_person")
        each_year = price.hall_rent(case, chosen) + self.fronts.constant
        each_year += len(own) * whole("prices.site_fixed_vnd_year")
        each_year += min(self.fronts.citizens[name] for name in chosen)
        total += each_year * yearly
        self._rough[key] = total // MILLION - lost + len(own) * weights.premises
        return self._rough[key]


def least_of_ward(
    cases: Mapping[int, Case], weights: Weights, most_missing: tuple[int, int], known: int | None
) -> int | None:
    """Return the least value of the plans of one ward; `cases` by number of further departments."""
    best = known
    for case in cases.values():
        best = WardBound(case, weights, most_missing).least(best)
    return best
