"""What a scenario asks of its plan, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.brief.words import Say, short
from planner.report.assumptions import used_settings
from planner.report.cells import number_of
from planner.report.figures import records
from planner.wording import number

if TYPE_CHECKING:
    from planner.plan import Plan

MANY = 4
"""Of amounts by year only so many are told."""


def rules_of(plan: Plan, words: Say) -> list[tuple[str, str]]:
    """Return what is asked, by subject: the subject and its rules."""
    found = []
    for key, lines in (
        ("sites", _sites(plan, words)),
        ("space", _space(plan, words)),
        ("departments", _departments(plan, words)),
        ("centres", _centres(plan, words)),
        ("capital", _capital(plan, words)),
        ("surplus", _surplus(plan, words)),
        ("network", _network(plan, words)),
        ("start", _start(plan, words)),
    ):
        texts = list(lines)
        if texts:
            found.append((words(f"rule.{key}"), "; ".join(texts)))
    return found


def other_rules(plan: Plan, first: Plan, words: Say) -> list[str]:
    """Return what one plan is asked that the first is not, or otherwise."""
    known = {(subject, rule) for subject, rules in rules_of(first, words) for rule in rules.split("; ")}
    return [
        f"{subject.lower()}: {', '.join(new)}"
        for subject, rules in rules_of(plan, words)
        if (new := [rule for rule in rules.split("; ") if (subject, rule) not in known])
    ]


def other_settings(plan: Plan, first: Plan, words: Say) -> list[str]:
    """Return the assumptions of the settings table that differ from the first plan's, with both values."""
    table = records(plan.norms.settings, "key")
    mine, theirs = used_settings(plan), used_settings(first)
    found = []
    for key, row in table.items():
        value, before = number_of(mine.get(key)), number_of(theirs.get(key))
        if key.startswith("horizon.") or value is None or before is None or value == before:
            continue
        name = short(words.pick(row), 60) or key
        told = {"value": _plain(value, words), "before": _plain(before, words)}
        found.append(words.say("p2.setting", name=name, **told))
    return found


def _plain(value: float, words: Say) -> str:
    return number(value, words.lang, 0 if float(value).is_integer() else 2)


def _sites(plan: Plan, words: Say) -> Iterator[str]:
    rules = plan.scenario.rules
    yield words.say("rule.max_sites", n=rules.max_sites)
    one = {"any": "rule.one_any", "former_district_hq": "rule.one_former"}.get(rules.one_site_where_enough)
    if one:
        yield words(one)
    if rules.premises_max is not None:
        yield words.say("rule.premises_max", n=words.count(rules.premises_max))
    for key in ("shared", "required", "excluded"):
        if count := len(getattr(rules, key)):
            yield words.say(f"rule.{key}", n=count)


def _space(plan: Plan, words: Say) -> Iterator[str]:
    rules = plan.scenario.rules
    tight = plan.scenario.space.tight_m2_per_person
    m2 = number(tight, words.lang, 0 if float(tight).is_integer() else 1)
    yield words.say(f"rule.floor_{rules.floor_area}", m2=m2)
    yield words(f"rule.hall_{rules.hall}")


def _departments(plan: Plan, words: Say) -> Iterator[str]:
    rules = plan.scenario.rules
    yield words("rule.apart" if rules.departments_apart else "rule.together")
    if plan.scenario.departments.open:
        yield words("rule.open")
    if rules.departments_max is not None:
        yield words.say("rule.departments_max", n=words.count(rules.departments_max))


def _centres(plan: Plan, words: Say) -> Iterator[str]:
    rules = plan.scenario.rules
    if not plan.scenario.centres.allowed:
        return
    if rules.centres_min is None:
        yield words("rule.centres_allowed")
    for key, value in (
        ("centres_min", rules.centres_min),
        ("centres_phuong", rules.centres_min_phuong),
        ("centres_xa", rules.centres_min_xa),
        ("centres_district", len(rules.centres_min_by_district) or None),
        ("building_max", rules.centres_building_max),
        ("relocations_max", rules.relocations_max),
    ):
        if value is not None:
            yield words.say(f"rule.{key}", n=value)


def _capital(plan: Plan, words: Say) -> Iterator[str]:
    rules, budget = plan.scenario.rules, plan.scenario.budget
    if rules.capital_max_vnd is not None:
        yield words.say("rule.capital_max", money=_money(rules.capital_max_vnd, words))
    if budget.yearly_vnd is not None:
        year = budget.from_year or plan.scenario.horizon.start_year + 1
        yield words.say("rule.yearly", money=_money(budget.yearly_vnd, words), year=year)
    for year, vnd in sorted(budget.by_year_vnd.items())[:MANY]:
        yield words.say("rule.in_year", year=year, money=_money(vnd, words))
    if budget.yearly_vnd is not None or budget.by_year_vnd:
        if budget.carry_over:
            yield words("rule.carry")
        if budget.recycle_income:
            yield words("rule.recycle")


def _money(vnd: int, words: Say) -> str:
    """Return an amount that was set, so no estimate."""
    return words.money(vnd).lstrip("≈\u00a0")


def _surplus(plan: Plan, words: Say) -> Iterator[str]:
    rules = plan.scenario.rules
    for year, count in sorted(rules.surplus_min.items())[:MANY]:
        yield words.say("rule.surplus_min", n=words.count(count), year=year)
    for year, m2 in sorted(rules.surplus_m2_min.items())[:MANY]:
        yield words.say("rule.surplus_m2", n=words.count(m2), year=year)
    yield words(f"rule.route_{plan.scenario.release.route}")


def _network(plan: Plan, words: Say) -> Iterator[str]:
    network = plan.scenario.network
    if not network.allowed:
        return
    if network.hand_over_years:
        yield words.say("rule.hand_over", years=", ".join(map(str, sorted(network.hand_over_years)[:MANY])))
    if plan.scenario.rules.points_min is not None:
        yield words.say("rule.points_min", n=plan.scenario.rules.points_min)
    if network.online_by_year:
        shares = sorted(network.online_by_year.items())[:MANY]
        yield words.say("rule.online", shares=", ".join(f"{words.share(s, 0)} ({y})" for y, s in shares))
    if network.max_minutes is not None:
        yield words.say("rule.max_minutes", n=network.max_minutes)
    if network.share_min is not None:
        yield words.say("rule.share_min", share=words.share(network.share_min, 0), n=network.share_minutes)


def _start(plan: Plan, words: Say) -> Iterator[str]:
    if plan.scenario.start == "today":
        yield words("rule.start_today")
