"""The reception network in lines: of the whole city, of one unit, and its points as actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.catchments import hand_overs, has_network, minutes, names_of_points, rounded, stages, worst
from planner.prices import price_sentences
from planner.terminal.words import say
from planner.wording import number, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.catchments import HandOver
    from planner.plan import Plan
    from planner.wording import Lang


def network_lines(plan: Plan, lang: Lang) -> list[str]:
    """Return what becomes of the reception points, and what the rules on them cost."""
    found = stages(plan)
    if not found:
        return []
    first, last = found[min(1, len(found) - 1)], found[-1]
    before = stages(plan.today)[-1] if plan.today is not None and has_network(plan.today) else found[0]
    way = worst(plan, last.year, 1)[0]
    commune = str(plan.region.communes.loc[way.commune, "name"])
    text = say(
        "reception",
        lang,
        points=number(first.points, lang),
        year=first.year,
        wards=number(first.of_wards, lang),
        city=number(first.of_city, lang),
        closed=number(first.closed, lang),
        before=number(before.counters, lang),
        after=number(last.counters, lang),
        mean_before=number(before.mean_m / 1000, lang, 1),
        mean_after=number(last.mean_m / 1000, lang, 1),
        share=share(rounded(last.within_15), lang, 1),
        last=last.year,
        worst=commune,
        minutes=number(minutes(plan, way.road_m), lang, 1),
    )
    prices = price_sentences(plan.facts.get("limits", []), lang)
    lines = [text, *(["", say("rule_prices", lang), *(f"  {one}" for one in prices), ""] if prices else [])]
    return [f"  {line}".rstrip() for line in lines]


def hand_over_lines(plans: Sequence[Plan], lang: Lang) -> list[str]:
    """Return how many points the plan whose actions are listed hands over, and when."""
    acting = [plan for plan in plans if plan.today is not None]
    found = hand_overs(acting[-1]) if acting else []
    if not found:
        return []
    years = [one.year for one in found]
    when = ", ".join(f"{year}: {years.count(year)}" for year in sorted(set(years)))
    return [say("hand_overs", lang, n=number(len(found), lang), years=when)]


def point_lines(plan: Plan, ward: str, lang: Lang) -> list[str]:
    """Return what becomes of the ward's reception point, as far as the tables of the plan tell."""
    if not has_network(plan):
        return []
    handed = next((one for one in hand_overs(plan) if one.ward == ward), None)
    lines = _kept_lines(plan, ward, lang) if handed is None else _handed_lines(plan, handed, lang)
    return [f"  {line}" for line in lines]


def _kept_lines(plan: Plan, ward: str, lang: Lang) -> list[str]:
    mine = plan.points[plan.points["point_id"] == f"ward-{ward}"]
    if not len(mine):
        return []
    row = mine.loc[mine["year"].idxmax()]
    counts = {name: number(int(row[key]), lang) for name, key in _OF_POINT.items()}
    return [say("point_stays", lang, year=int(row["year"]), **counts)]


_OF_POINT = {"people": "people", "needed": "counters_needed", "counters": "counters"}


def _handed_lines(plan: Plan, handed: HandOver, lang: Lang) -> list[str]:
    names = names_of_points(plan)
    points = [
        say("point_people", lang, point=names[point], people=number(people, lang))
        for point, people in handed.served
    ]
    return [
        say(
            "point_handed",
            lang,
            year=handed.year,
            people=number(handed.people, lang),
            before=number(handed.before_m, lang),
            after=number(handed.after_m, lang),
        ),
        say("point_served", lang, points="; ".join(points)),
        say(
            "point_space",
            lang,
            m2=number(handed.space_m2, lang),
            site=handed.site,
            site_too=say("point_site_too", lang) if handed.frees else "",
        ),
        say("point_costs", lang),
    ]
