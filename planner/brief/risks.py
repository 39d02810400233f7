"""What may turn out otherwise, each with its number from the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from planner.brief.option import Option
from planner.brief.words import Say, short
from planner.catchments import has_network, worst
from planner.report.assumptions import used_settings
from planner.report.figures import columns_of, known_share, records
from planner.report.levers import Trial

CLOSE = 0.10
"""A site with less floor than this above the tight fit has hardly room to spare."""
LEVERS = 3
"""So many assumptions are told, those that change the present cost most."""


@dataclass(frozen=True)
class Spare:
    """The site of a unit with the least floor above the tight fit, as a share of the tight fit."""

    ward: str
    share: float


def risks_of(option: Option, words: Say) -> list[tuple[str, str]]:
    """Return the risks: what, then its number."""
    return [*_floor(option, words), *_norm(option, words), *_far(option, words), *_assumed(option, words)]


def settings_estimated(option: Option) -> tuple[int, int]:
    """Return how many settings of the plan are estimates, and how many there are."""
    used = used_settings(option.plan)
    rows = [row for key, row in records(option.plan.norms.settings, "key").items() if key in used]
    return sum(str(row.get("status")) == "estimated" for row in rows), len(rows)


def spare_floor(option: Option) -> list[Spare]:
    """Return for every unit its least spare floor in any year, the least first.

    A site that several units share is held against the tight fit of all of them.
    """
    tight: Counter[tuple[int, str]] = Counter()
    wards: dict[tuple[int, str], set[str]] = {}
    names = ("year", "site_id", "ward_code", "tight_fit_m2")
    for year, site, ward, m2 in columns_of(option.plan.assignments, *names):
        tight[int(year), str(site)] += int(m2)
        wards.setdefault((int(year), str(site)), set()).add(str(ward))
    least: dict[str, float] = {}
    names = ("year", "site_id", "status", "floor_area_m2")
    for year, site, status, floor in columns_of(option.plan.premises, *names):
        need = tight.get((int(year), str(site)), 0)
        if status != "in_use" or not need:
            continue
        for ward in wards[int(year), str(site)]:
            least[ward] = min(least.get(ward, 9e9), int(floor) / need - 1)
    order = option.figures.place_of
    return [Spare(ward, least[ward]) for ward in sorted(least, key=lambda one: (least[one], order(one)))]


def close_units(option: Option) -> int:
    """Return how many units have a site with hardly room to spare."""
    return sum(one.share < CLOSE for one in spare_floor(option))


def _floor(option: Option, words: Say) -> Iterator[tuple[str, str]]:
    if option.surveyed < 1:
        area = words.area(option.measure("floor_in_use") * (1 - option.surveyed))
        text = words.say("risk.floor_text", share=words.share(1 - option.surveyed, 0), area=area)
        yield words("risk.floor"), text
    spare = spare_floor(option)
    if spare and spare[0].share < CLOSE:
        key = "risk.tight_text" if spare[0].share >= 0 else "risk.short_text"
        text = words.say(
            key,
            count=close_units(option),
            limit=words.share(CLOSE, 0),
            unit=option.unit(spare[0].ward),
            share=words.share(abs(spare[0].share)),
        )
        yield words("risk.tight"), text


def _norm(option: Option, words: Say) -> Iterator[tuple[str, str]]:
    missing = option.measure("missing_to_norm")
    if not missing:
        return
    code, most = option.largest("missing_to_norm")
    text = words.say(
        "risk.norm_text",
        year=option.first,
        area=words.area(missing),
        count=sum(value > 0 for value in option.by_ward("missing_to_norm").values()),
        unit=option.unit(code),
        most=words.area(most),
    )
    yield words("risk.norm"), text


def farthest(option: Option) -> tuple[int, float, str]:
    """Return year, metres and place of the longest way: of the last stage where there is a network."""
    if has_network(option.plan):
        year = option.stages[-1]
        way = worst(option.plan, year, 1)[0]
        communes = option.plan.region.communes
        name = short(communes.loc[way.commune, "name"]) if way.commune in communes.index else way.commune
        return year, way.road_m, f"{name} ({option.unit(way.ward)})"
    code, metres = option.largest("citizen_travel_max")
    return option.first, metres, option.unit(code)


def _far(option: Option, words: Say) -> Iterator[tuple[str, str]]:
    year, metres, place = farthest(option)
    yield words("risk.far"), words.say("risk.far_text", most=words.km(metres), unit=place, year=year)


def _assumed(option: Option, words: Say) -> Iterator[tuple[str, str]]:
    levers = price_ranges(option, words)
    if levers:
        texts = [
            words.say(
                "risk.lever",
                name=name,
                low=words.billions(low, sign=True),
                high=words.billions(high, sign=True),
            )
            for name, low, high in levers[:LEVERS]
        ]
        yield words("risk.prices"), words.say("risk.prices_text", levers="; ".join(texts))
    estimated, every = settings_estimated(option)
    known = option.figures.known_bodies
    modelled = words.say("risk.known", share=words.share(1 - known_share(known), 0)) if known else ""
    text = words.say("risk.settings_text", estimated=estimated, all=every, known=modelled)
    yield words("risk.settings"), text
    gap = option.plan.facts.get("certified_gap", option.gap)
    if isinstance(gap, (int, float)):
        key = "risk.proof" if gap > 0 else "risk.proven"
        money = words.money(gap * abs(option.objective))
        yield words(key), words.say(f"{key}_text", money=money, share=words.gap(gap))


def price_ranges(option: Option, words: Say) -> list[tuple[str, float, float]]:
    """Return assumptions with what their low and high change by themselves, as the workbook has it; most first."""
    trial = Trial(option.figures)
    found = []
    low, high = trial.rates
    if low is not None and high is not None:
        name = words("sensitivity.rate").lower()
        found.append((name, trial.change_at_rate(low), trial.change_at_rate(high)))
    for lever in trial.levers:
        if lever.low is not None and lever.high is not None:
            name = words(f"sensitivity.{lever.key}").lower()
            found.append((name, trial.change(lever.key, lever.low), trial.change(lever.key, lever.high)))
    return sorted(found, key=lambda one: -max(abs(one[1]), abs(one[2])))
