"""Compares what a result folder says of the whole city: its rules, its years, and the certificate."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from planner.audit import bound, city, handed, network_bound, search, sharing_bound
from planner.audit.needs import half_up
from planner.audit.price import MILLION

if TYPE_CHECKING:
    from planner.audit.audited import Audited

BROKEN = {
    "premises": "E537", "capital": "E538", "budget": "E591", "building": "E592", "relocations": "E593",
    "surplus": "E594", "surplus_m2": "E594", "centres": "E595", "centres_phuong": "E595",
    "centres_xa": "E595", "centres_district": "E595", "departments": "E596", "points": "E518", "within": "E519",
}  # fmt: skip
"""The finding for every kind of rule of the whole city."""
NETWORK_PRICES = "network_prices.csv"


def uses(check: Audited) -> dict[str, int]:
    """Return what all placed wards together use of every rule, by its name."""
    of_network = {} if check.handed is None else handed.uses(check.handed)
    return {
        rule.name: of_network[rule.name]
        if rule.name in of_network
        else sum(city.use_of(rule, course, check.rows[code]) for code, course in check.courses.items())
        for rule in check.rules
    }


def check_rules(check: Audited) -> None:
    """Limits on the whole city; where a ward could not be placed, only limits that others break alone."""
    check.uses = uses(check)
    for rule in check.rules:
        used = check.uses[rule.name]
        if used > rule.limit and (check.complete or rule.limit >= 0):
            found, expected = (used, f"at most {rule.limit}")
            if rule.limit < 0:
                found, expected = -used, f"at least {-rule.limit}"
            check.note(BROKEN[rule.kind], "assignments.csv", None, "", rule.name, found, expected)


def check_years(check: Audited) -> None:
    """Every row and cell of years.csv."""
    if not check.complete:
        return
    file = "years.csv"
    wanted = city.year_rows(check.courses, check.rows, check.settings)
    seen = set()
    for row in check.result.tables[file]:
        year = row.whole("year")
        if year not in wanted:
            check.note("E567", file, row.number, "", row["year"])
            continue
        if year in seen:
            check.note("E566", file, row.number, "", row["year"])
            continue
        seen.add(year)
        for column, right in wanted[year].items():
            shown = "" if right is None else str(right)
            if row[column] != shown:
                check.note("E568", file, row.number, "", f"{year} {column}", row[column], shown)
    for year in wanted:
        if year not in seen:
            check.note("E565", file, None, "", str(year), "", "one row")


def check_limits(check: Audited) -> None:
    """``limits`` and ``prices`` of plan.json: an entry for every rule that is set, with use, limit and price."""
    facts = check.result.facts
    prices: dict[str, Any] = facts.get("prices", {})
    priced = bool(prices) or facts.get("certified_bound_vnd") is not None
    entries: dict[str, dict[str, Any]] = {}
    for entry in facts.get("limits", []):
        if entry["name"] in entries:
            check.note("E577", "plan.json", None, "", f"limits {entry['name']}", "2", "1")
        entries[entry["name"]] = entry
    by_name = {rule.name: rule for rule in check.rules}
    for name in entries:
        if name not in by_name:
            check.note("E577", "plan.json", None, "", f"limits {name}", "1", "")
    for name, paid in prices.items():
        if name not in by_name or paid < 0:
            check.note("E578", "plan.json", None, "", f"prices {name}", paid, "0" if name in by_name else "")
    for name, rule in by_name.items():
        if name not in entries:
            check.note("E577", "plan.json", None, "", f"limits {name}", "", rule.limit)
            continue
        entry = entries[name]
        right: dict[str, Any] = {"setting": rule.setting, "year": rule.year, "limit": rule.limit}
        if check.complete:
            right["used"] = check.uses[name]
        if priced:
            right["price"] = prices.get(name)
        for key, value in right.items():
            if entry.get(key) != value:
                check.note("E577", "plan.json", None, "", f"limits {name} {key}", entry.get(key, ""), value)
        if priced and name not in prices:
            check.note("E578", "plan.json", None, "", f"prices {name}", "", "0")
    if check.network is not None:
        rows = check.result.tables[NETWORK_PRICES]
        for row, allowed in network_bound.read_prices(rows, check.network, prices).wrong:
            about = f"{row['year']} {row['kind']} {row['id']}"
            check.note("E578", NETWORK_PRICES, row.number, "", about, row["price"], allowed)


def check_certificate(check: Audited, broken: set[str], options: dict[str, dict[int, search.Found]]) -> None:
    """See that the saved bound is not above the one that the saved prices give."""
    total = certificate(check, broken, options)
    if total is None:
        return
    check.certified_vnd = half_up(Fraction(total, MILLION))
    saved = check.result.facts.get("certified_bound_vnd")
    known_false = saved is not None and check.least_vnd is not None and saved > check.least_vnd
    if saved is not None and saved > check.certified_vnd and not known_false:
        check.note(
            "E579", "plan.json", None, "", "certified_bound_vnd", saved, f"at most {check.certified_vnd}"
        )
    tied = check.network is not None and check.network.later
    if not check.rules and not check.plain and not tied:
        # Without a rule of the city that is not only a bound: the wards' cheapest plans are a plan.
        check.least_vnd = check.certified_vnd
        if check.result.facts["status"] == "optimal" and check.least_vnd < check.objective():
            check.note("E575", "plan.json", None, "", "objective_vnd", check.objective(), check.least_vnd)
        check.check_bounds_against(check.least_vnd)


def certificate(check: Audited, broken: set[str], options: dict[str, dict[int, search.Found]]) -> int | None:
    """Return the Lagrangian bound in millionths of a dong; None where a ward has no plan at all."""
    prices = check.result.facts.get("prices", {})
    weights = bound.weights_of(check.settings, check.rules, prices)
    if check.plain and not any(rule.kind == "capital" for rule in check.rules):
        return _plain(options, weights)
    words = [check.settings.word(key) for key in ("rules.floor_area", "rules.hall")]
    reported = "report" in words
    if check.network is not None:
        found = network_bound.read_prices(check.result.tables[NETWORK_PRICES], check.network, prices)
        lacks = {code: check.least_missing(code, 0) if reported else (0, 0) for code in check.cases}
        return network_bound.certificate(check.network, weights, found, lacks)
    sharing = {code for pair in check.shared for code in (pair.owner, pair.guest)}
    values: dict[str, int] = {}
    for code, course in check.courses.items():
        cases = check.by_extra[code]
        missing = min(check.least_missing(code, extra) for extra in cases) if reported else (0, 0)
        # What an enforced rule lacks rules a plan of its own out: the ward can only be a guest.
        alone = missing != search.NEVER and not any(
            short and word == "enforce" for short, word in zip(missing, words, strict=True)
        )
        known = None
        if code not in broken and code not in sharing:
            known = bound.value_of(course, check.rules, prices)
        least = None
        if alone:
            least = bound.least_of_ward(cases, weights, missing, known)
        values[code] = sharing_bound.NONE if least is None else least
    total = sharing_bound.with_pairs(check.pairs, check.by_extra, weights, values)
    return None if total > sharing_bound.NONE // 2 else total - weights.limits


def _plain(options: dict[str, dict[int, search.Found]], weights: bound.Weights) -> int | None:
    """Return the bound from the auditor's search by number of sites, which has been made already."""
    total = 0
    for found in options.values():
        if not found:
            return None
        least = min((f.missing_m2, f.missing_seats) for f in found.values())
        total += min(
            f.cost + count * weights.premises
            for count, f in found.items()
            if (f.missing_m2, f.missing_seats) == least
        )
    return total - weights.limits
