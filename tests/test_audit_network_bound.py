"""The certificate of a plan with a reception network against trying every plan of every unit, one by one."""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path
from typing import Any

import pytest

from planner.audit import format_report, price, routes
from planner.audit.course import Course, escalate
from planner.audit.price import Case, build_cases
from planner.audit.read import read_inputs, read_result
from tests.network_example import (
    CITIZEN,
    CITY_M2,
    EAST,
    FACTOR,
    FIXED,
    GROWTH,
    POINT,
    RUNNING,
    STAGES,
    YEARS,
    Example,
    half_up,
    write,
)
from tests.test_audit import Copy, codes
from tests.test_audit_network import V, copy, network_project

__all__ = ["copy", "network_project"]
LATER = [stage for stage in STAGES if stage > 2025]
MILLION = 10**6


class Brute:
    """Every plan of every unit, by loops."""

    def __init__(self, copy: Copy, prices: dict[tuple[str, str, int], int], rules: dict[str, float]) -> None:
        result = read_result(copy.folder)
        self.settings = result.settings
        self.inputs = read_inputs(self.settings, [copy.project])
        self.cases = build_cases(self.inputs, self.settings)
        self.example = Example(copy.project, copy.folder / "today", hands_over=False)
        self.known: dict[tuple[str, int], int] = {}
        self.prices = prices
        self.rules = {name: floor(Fraction(str(paid)) * MILLION) for name, paid in rules.items()}
        self.most_metres = floor(Fraction(self.settings.values["network.max_minutes"]) * 25_000 / 60)

    def way(self, name: str, place: dict[str, str], ward: str) -> int:
        """Return road metres to a site of a ward, or to a point of the city (no ward)."""
        demand, roads = self.example.demand[name], self.example.roads
        there = self.example.place(place)
        if demand["ward"] == ward:
            return roads.direct(demand["place"], there)
        return roads.crossing(demand["place"], "Đ" if demand["commune"] in EAST else "T", there)

    def trips(self, name: str, year: int, metres: int) -> int:
        vnd = self.example.demand[name]["trips"][year] * metres * CITIZEN // 1000
        return vnd * GROWTH[year] // MILLION * FACTOR[year]

    def rho(self, place: dict[str, str], ward: str, point: str, stage: int) -> int:
        file = self.prices.get(("capacity", point, stage), 0)
        counters = 8 if not ward else self.cases[ward].needs.counters
        full = floor(counters * 250 * 420 * Fraction("0.7") / 30)
        if ward:
            full = max(full, self.cases[ward].needs.in_person)
        total = -file * full
        for name, demand in self.example.demand.items():
            metres = self.way(name, place, ward)
            if metres > self.most_metres:
                continue
            value = sum(self.trips(name, year, metres) for year in STAGES[stage])
            if metres <= 12_500:
                value -= self.rules.get(f"within_{stage}", 0) * demand["people"]
            value += file * max(demand["files"][year] for year in STAGES[stage])
            value -= self.prices.get(("demand", name, stage), 0)
            total += min(0, value)
        return total

    def arrangements(self, case: Case) -> Iterator[dict[str, str]]:
        groups = price.parts_together(case)
        alone = bool(price.sites_enough_alone(case))
        choices = [[name] * len(groups) for name in case.sites]
        for sites in choices if alone else product(case.sites, repeat=len(groups)):
            chosen = {part.name: site for site, group in zip(sites, groups, strict=True) for part in group}
            used = set(sites)
            if len(used) > self.settings.whole("rules.max_sites") or not case.required <= used:
                continue
            if not price.missing_floor(case, chosen) and not price.missing_seats(case, chosen.values()):
                yield chosen

    def value(self, case: Case, arrangement: dict[str, str], closes: int | None) -> int | None:
        """Return cost and priced use of one plan, without the trips after the hand-over."""
        code = case.ward.code
        course = Course(case, arrangement, None, routes.cash_routes(self.settings)[0], closes)
        alone, seat = course.left_alone, price.reception_site(case, arrangement)
        if closes is not None and alone is not None:
            left = [case.sites[name].hall for name in course.used if name != alone]
            if alone in case.required or max(left) < min(
                case.needs.seats_tight, price.largest_hall(case, course.used)
            ):
                return None
        once, yearly = price.office_costs(case, arrangement)
        _, later = price.office_costs(price.without_reception(case), arrangement)
        capital = {2025: sum(once.values())}
        if closes is not None:
            capital[closes] = (case.needs.counters + 1) * 2_000_000
        total = sum(vnd * FACTOR[year] for year, vnd in capital.items())
        total += sum(vnd * self.rules.get(f"budget_{year}", 0) for year, vnd in capital.items())
        total += len(course.used) * self.rules.get("premises", 0)
        income = routes.income(case, course.free_from, course.cash, GROWTH)
        total -= sum(vnd * FACTOR[year] for year, vnd in income.items())
        for year in YEARS:
            gone = closes is not None and year >= closes
            total += sum(escalate(later if gone else yearly, GROWTH[year]).values()) * FACTOR[year]
            free = sum(since <= year for since in course.free_from.values())
            total -= free * self.rules.get(f"surplus_{year}", 0)
            if not gone:
                total += POINT * GROWTH[year] // MILLION * FACTOR[year]
        place = self.example.sites[seat]
        mine = [name for name, demand in self.example.demand.items() if demand["ward"] == code]
        total += sum(self.trips(name, 2025, self.way(name, place, code)) for name in mine)
        for stage in LATER:
            if closes is None or stage < closes:
                total += self._rho_of(seat, code, stage) - self.rules.get(f"points_{stage}", 0)
        return total

    def _rho_of(self, seat: str, code: str, stage: int) -> int:
        if (seat, stage) not in self.known:
            self.known[seat, stage] = self.rho(self.example.sites[seat], code, f"ward-{code}", stage)
        return self.known[seat, stage]

    def bound(self, limits: dict[str, int]) -> int:
        total = sum(vnd for (kind, _, _), vnd in self.prices.items() if kind == "demand")
        total -= sum(self.rules[name] * limit for name, limit in limits.items())
        for code, case in self.cases.items():
            years: list[int | None] = [2026, 2028, None]
            if f"ward-{code}" in self.settings.ids("network.required"):
                years = [None]
            if f"ward-{code}" in self.settings.ids("network.excluded"):
                years = [2026]
            values = [self.value(case, a, closes) for a in self.arrangements(case) for closes in years]
            total += min(value for value in values if value is not None)
        for point, row in self.example.city.items():
            yearly = POINT + FIXED + CITY_M2 * RUNNING
            sums = [yearly * FACTOR[2025]]
            for stage in LATER:
                cost = sum(yearly * GROWTH[year] // MILLION * FACTOR[year] for year in STAGES[stage])
                sums.append(
                    sums[-1] + cost + self.rho(row, "", point, stage) - self.rules.get(f"points_{stage}", 0)
                )
            total += sums[-1] if point in self.settings.ids("network.required") else min(sums)
        return half_up(Fraction(total, MILLION))


def some_prices(example: Example, rnd: random.Random) -> dict[tuple[str, str, int], int]:
    prices = {}
    for stage in LATER:
        for name in example.demand:
            prices["demand", name, stage] = rnd.randint(-(10**12), 4 * 10**14)
        for point in [f"ward-{code}" for code in example.wards] + list(example.city):
            if rnd.random() < 0.5:
                prices["capacity", point, stage] = rnd.randint(0, 10**10)
    return prices


def save(copy: Copy, prices: dict[tuple[str, str, int], int]) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": kind, "id": name, "year": year, "price": vnd} for (kind, name, year), vnd in prices.items()
    ]
    write(copy.folder / V, rows, "kind,id,year,price")


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_that_of_trying_everything(copy: Copy, seed: int) -> None:
    rnd = random.Random(seed)
    rules = {"points_2026": 2e8 * rnd.random(), "points_2028": 5e8, "within_2026": 30.5, "within_2028": 0.0}
    people = sum(int(r["people"]) for r in copy.rows("catchments.csv") if r["year"] == "2026")
    limits = dict.fromkeys(("points_2026", "points_2028"), -4)
    limits |= dict.fromkeys(("within_2026", "within_2028"), -((people + 1) // 2))
    if seed % 2:
        rules |= {"premises": 1e8, "budget_2026": 0.4, "surplus_2026": 7e8}
        limits |= {"premises": 9, "budget_2026": 10**9, "surplus_2026": -3}
        copy.setting("rules.premises_max", 9)
        copy.setting("rules.surplus_min", {"2026": 3})
        copy.setting("budget.by_year_vnd", {"2026": 10**9})
    if seed > 1:
        copy.setting("release.route", "lease")
    if seed > 2:
        copy.setting("rules.one_site_where_enough", "off" if seed == 3 else "former_district_hq")
        copy.setting("network.required", ["ward-00352", "CP-1"])
        copy.setting("network.excluded", ["ward-00328"])
        copy.setting("network.max_minutes", 25)
    if seed == 4:
        copy.setting("rules.required", ["HC-10213"])
    if seed == 5:
        copy.setting("rules.max_sites", 2)
    example = Example(copy.project, copy.folder / "today", hands_over=False)
    prices = some_prices(example, rnd)
    save(copy, prices)
    copy.plan_json(lambda facts: facts.update(prices=rules))
    right = Brute(copy, prices, rules).bound(limits)
    assert copy.audit().facts["plan"]["certified_bound_vnd"] == right


def certify(copy: Copy, above: int = 0) -> int:
    """Save prices, and the bound that they give and so much more."""
    example = Example(copy.project, copy.folder / "today", hands_over=False)
    save(copy, some_prices(example, random.Random(7)))
    names = [f"{kind}_{stage}" for kind in ("points", "within") for stage in LATER]

    def edit(facts: dict[str, Any]) -> None:
        facts["prices"] = dict.fromkeys(names, 0)
        for entry in facts["limits"]:
            entry["price"] = 0

    copy.plan_json(edit)
    bound = copy.audit().facts["plan"]["certified_bound_vnd"]

    def claim(facts: dict[str, Any]) -> None:
        objective = facts["objective_vnd"]
        facts["certified_bound_vnd"] = bound + above
        facts["certified_gap"] = (objective - bound - above) / objective

    copy.plan_json(claim)
    return bound


def test_a_certified_bound_passes(copy: Copy) -> None:
    certify(copy)
    report = copy.audit()
    assert report.ok, format_report(report)


def test_a_bound_a_dong_too_high_fails(copy: Copy) -> None:
    bound = certify(copy, above=1)
    [finding] = copy.audit().findings
    assert (finding.code, finding.item) == ("E579", "certified_bound_vnd")
    assert finding.expected == f"at most {bound}"


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "demand", "id": "1-10210", "year": "2026", "price": "1"},
        {"kind": "demand", "id": "10213-10210", "year": "2025", "price": "1"},
        {"kind": "capacity", "id": "CP-9", "year": "2026", "price": "1"},
        {"kind": "capacity", "id": "CP-1", "year": "2026", "price": "-1"},
        {"kind": "people", "id": "CP-1", "year": "2026", "price": "1"},
    ],
)
def test_prices_that_may_not_be(copy: Copy, row: dict[str, str]) -> None:
    write(copy.folder / V, [row])
    [finding] = copy.audit(with_search=False).findings
    assert (finding.code, finding.file, finding.row) == ("E578", V, 2)


def test_a_price_twice(copy: Copy) -> None:
    row = {"kind": "demand", "id": "10213-10210", "year": "2026", "price": "1"}
    write(copy.folder / V, [row, row])
    assert codes(copy.audit(with_search=False)) == {"E578"}


def test_large_numbers_are_kept_exact(copy: Copy) -> None:
    """Prices beyond 64 bits: the bound grows with what is paid, exactly."""
    example = Example(copy.project, copy.folder / "today", hands_over=False)
    prices = some_prices(example, random.Random(1)) | {("capacity", "CP-2", 2026): 10**22}
    save(copy, prices)
    copy.plan_json(lambda facts: facts.update(prices={}))
    limits: dict[str, int] = {}
    assert copy.audit().facts["plan"]["certified_bound_vnd"] == Brute(copy, prices, {}).bound(limits)


def test_a_unit_must_not_free_a_required_site(network_project: Path, copy: Copy) -> None:
    """With a required site on which only the reception sits, handing over is no choice of the bound."""
    save(copy, {})
    free = copy.audit().facts["plan"]["certified_bound_vnd"]
    copy.setting("rules.required", ["HC-10213"])
    assert copy.audit().facts["plan"]["certified_bound_vnd"] >= free
