"""Compares a plan with arrangements that the audit finds itself: none lacks less, none is cheaper."""

from __future__ import annotations

from fractions import Fraction

from planner.audit import check_city, price, search
from planner.audit.audited import Audited
from planner.audit.findings import Exempt
from planner.audit.needs import half_up
from planner.audit.price import MILLION


def check_against_own_search(check: Audited, *, every_ward: bool) -> None:
    """No arrangement lacks less floor or fewer seats; if asked, none is cheaper than an optimal plan."""
    broken = {finding.ward for finding in check.findings if "E530" <= finding.code <= "E536"}
    by_count = check.settings.limit("rules.premises_max") is not None
    options: dict[str, dict[int, search.Found]] = {}
    for code, course in check.courses.items():
        case, arrangement = course.case, course.arrangement
        m2, seats = search.missing(case, arrangement)
        lacks = bool(m2 or seats) and code not in broken
        if (every_ward and check.plain) or lacks:
            options[code] = search.cheapest(case, None if code in broken else arrangement, by_count=by_count)
        if lacks:
            best = min([(f.missing_m2, f.missing_seats) for f in options[code].values()], default=(m2, seats))
            best = min(
                [best, *(check.least_missing(code, extra) for extra in check.extras if extra != case.extra)]
            )
            if best < (m2, seats):
                check.broken("E539", code, "m2, seats", f"{m2}, {seats}", f"{best[0]}, {best[1]}")
            else:
                check.exceptions.append(Exempt(check.name, code, case.ward.name, m2, seats))
    if every_ward and check.complete:
        if check.plain:
            _check_least(check, options)
        check_city.check_certificate(check, broken, options)


def _check_least(check: Audited, options: dict[str, dict[int, search.Found]]) -> None:
    least = search.least_for_city(options.values(), check.settings.limit("rules.premises_max"))
    if least is None or check.settings.limit("rules.capital_max_vnd") is not None:
        # With a limit on capital the cheapest arrangements of the wards need not add up to a plan.
        return
    check.least_vnd = half_up(Fraction(least, MILLION))
    if check.result.facts["status"] == "optimal" and check.least_vnd < check.objective():
        _note_cheaper(check, options)
    check.check_bounds_against(check.least_vnd)


def _note_cheaper(check: Audited, options: dict[str, dict[int, search.Found]]) -> None:
    """Name the wards that could be cheaper; under a limit of the whole city, only the sum tells."""
    check.note("E575", "plan.json", None, "", "objective_vnd", check.objective(), check.least_vnd)
    if check.settings.limit("rules.premises_max") is not None:
        return
    for code, found in options.items():
        mine, cost = (
            min(found.values(), key=lambda f: f.cost),
            price.discounted(check.rows[code], check.factor),
        )
        if mine.cost < cost:
            where = "; ".join(f"{part} {site}" for part, site in mine.arrangement.items())
            costs = (half_up(Fraction(c, MILLION)) for c in (cost, mine.cost))
            check.note(
                "E575",
                "assignments.csv",
                None,
                code,
                "net present cost",
                next(costs),
                f"{next(costs)}: {where}",
            )
