"""What `explain` prints: why a unit is arranged so, what else it could do, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.terminal.network import point_lines
from planner.terminal.phrases import part_name
from planner.terminal.words import say
from planner.wording import money, number

if TYPE_CHECKING:
    from planner.explain import Explanation
    from planner.explain.priced import Alternative
    from planner.plan import Plan
    from planner.wording import Lang


def explanation(plan: Plan, found: Explanation, lang: Lang) -> str:
    """Return the reasons that `explain` prints for one ward."""
    lines = [
        f"{found.ward_code} {found.ward_name}",
        f"{say('chosen', lang)}: {money(found.chosen.cost_vnd, lang)}",
    ]
    lines += _seat_lines(plan, found.chosen, lang)
    lines += point_lines(plan, found.ward_code, lang)
    if found.one_site_rule:
        lines.append("  " + say("one_rule", lang))
    if found.shared_with is not None:
        neighbour = str(plan.region.wards.loc[found.shared_with, "name"])
        lines.append("  " + say("shared", lang, other=neighbour))
    for i, other in enumerate(found.next_best, start=1):
        more = other.cost_vnd - found.chosen.cost_vnd
        if more >= 0:
            lines.append(say("next", lang, i=i, more=money(more, lang)) + f" ({', '.join(other.sites)})")
        else:
            usual = "next_less" if found.one_site_rule else "next_city"
            key = {"network": "next_network", "city_rule": "next_city"}.get(found.why, usual)
            lines.append(say(key, lang, less=money(-more, lang)) + f" ({', '.join(other.sites)})")
        lines.append("  " + _mainly(found.chosen, other, lang))
    if not found.next_best:
        lines.append(say("none_other", lang))
    if found.today is not None:
        more = found.today.cost_vnd - found.chosen.cost_vnd
        key = "today_same" if more == 0 else "today" if more > 0 else "today_less"
        lines.append(say(key, lang, more=money(more, lang), less=money(-more, lang)))
        lines += _seat_lines(plan, found.today, lang)
    lines += _centre_lines(plan, found, lang)
    lines.append(say("single", lang))
    for single in found.single:
        missing = [say("m2", lang, n=number(single.missing_m2, lang))] * (single.missing_m2 > 0)
        missing += [say("seats", lang, n=number(single.missing_seats, lang))] * (single.missing_seats > 0)
        site = _site(plan, single.site_id, lang)
        text = (
            say("holds_not", lang, site=site, what=", ".join(missing))
            if missing
            else say("holds_all", lang, site=site)
        )
        lines.append("  " + text)
    return "\n".join(lines)


def _centre_lines(plan: Plan, found: Explanation, lang: Lang) -> list[str]:
    """Return why the ward gets a centre in its year, or none."""
    over = found.over_time
    if over is None:
        return []
    lines = [say("why_centre", lang)]
    for option in over.options:
        region = plan.region
        name = region.sites["name"].get(option.place, region.parcels["name"].get(option.place, ""))
        place = f"{option.place} {name}".strip()
        what = say("with_centre" if option.place else "without_centre", lang, place=place, year=option.opens)
        lead = say(f"option_{option.kind}", lang)
        if option.kind == "chosen":
            lines.append(f"  {lead}: {what}, {money(option.cost_vnd, lang)}")
            continue
        more = say(
            "option_more",
            lang,
            own=_signed(option.more_vnd, lang),
            priced=_signed(option.priced_more_vnd, lang),
        )
        lines.append(f"  {lead}: {what}: {more}")
    if not any(option.place for option in over.options):
        largest = f"{over.largest_site} {plan.region.sites['name'].get(over.largest_site, '')}".strip()
        land = {"needed": number(over.land_needed_m2, lang), "largest": number(over.largest_m2, lang)}
        key = "no_land" if over.largest_m2 < over.land_needed_m2 else "not_vacant"
        lines.append("  " + say(key, lang, **land, site=largest))
    return lines


def _signed(vnd: float, lang: Lang) -> str:
    return f"{'+' if vnd > 0 else '−' if vnd < 0 else '±'}{money(abs(vnd), lang)}"


def _seat_lines(plan: Plan, arrangement: Alternative, lang: Lang) -> list[str]:
    return [
        f"  {_site(plan, site, lang)}: "
        + ", ".join(part_name(plan, p, lang) for p, s in arrangement.seats.items() if s == site)
        for site in arrangement.sites
    ]


def _site(plan: Plan, site: str, lang: Lang) -> str:
    row = plan.region.sites.loc[site]
    return f"{site} {row['name']} ({number(row['floor_area_m2'], lang)} m2)"


def _mainly(chosen: Alternative, other: Alternative, lang: Lang) -> str:
    """Name the three cost items that make most of the difference."""
    items = [
        f"{say(key, lang)} {'+' if change > 0 else '−'}{money(abs(change), lang)}"
        for key, change in list(other.changes_from(chosen).items())[:3]
    ]
    return say("mainly", lang, items="; ".join(items))
