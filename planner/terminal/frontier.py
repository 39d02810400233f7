"""What `frontier` prints: cost against a second measure, point by point, and the price of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.terminal.columns import aligned
from planner.terminal.phrases import billions, estimate
from planner.terminal.words import say
from planner.wording import money, number, share

if TYPE_CHECKING:
    from planner.frontier import Frontier, Point
    from planner.wording import Lang


def frontier_table(found: Frontier, lang: Lang) -> str:
    """Return what `frontier` prints: cost, second measure and premises by point, and the price of each step."""
    all_years = found.over_years or (found.measure == "capital" and found.scenario.centres.allowed)
    measure = say(f"by_{found.measure}" + ("_all" if all_years else ""), lang)
    title = say(
        "frontier",
        lang,
        name=found.scenario.name,
        n=len(found.points),
        measure=measure,
        s=number(found.seconds, lang, 2),
    )
    open_points = [point for point in found.points if point.status != "optimal"]
    most = max((point.gap for point in open_points), default=0.0)
    proof = say("some_proven", lang, n=len(open_points), gap=share(most, lang, 3))
    lines = [f"{title}, {proof if open_points else say('all_proven', lang)}"]
    beside = [] if found.measure == "premises" else ["premises"]
    head = [say("point", lang), say("net_cost", lang), measure, *(say(key, lang).lower() for key in beside)]
    rows = [[*head, say("step", lang)]]
    for place, point in enumerate(found.points):
        step = _step(found, found.points[place - 1], point, lang) if place else ""
        remark = "" if point.status == "optimal" else f" ({say('not_proven', lang)})"
        rows.append(
            [
                str(place + 1),
                billions(point.cost / 1e6, lang),
                _amount(found, point.value, lang),
                *(number(point.plan.city(key), lang) for key in beside),
                step + remark,
            ]
        )
    lines += ["", aligned(rows), ""]
    if len(found.points) == 1:
        lines.append(say("no_trade_off", lang, measure=measure))
    elif found.complete:
        lines.append(say("whole_frontier", lang))
    lines.append(estimate(found.points[0].plan, lang))
    return "\n".join(lines)


def _amount(found: Frontier, value: float, lang: Lang) -> str:
    """Return an amount of the second measure for people to read."""
    if found.measure == "capital":
        return billions(value, lang)
    if found.measure == "premises":
        return say("n_sites", lang, n=number(value, lang))
    return f"{number(value / found.parts, lang, 1)} m"


def _step(found: Frontier, before: Point, point: Point, lang: Lang) -> str:
    """Say what the improvement from one point to the next costs, and a unit of it."""
    less, more = before.value - point.value, (point.cost - before.cost) / 1e6
    size, unit = {"capital": (1e9, "per_bn"), "premises": (1, "per_site")}.get(
        found.measure, (found.parts, "per_m")
    )
    text = say("step_of", lang, less=_amount(found, less, lang), more=money(more, lang))
    return text + say("step_each", lang, each=money(more * size / less, lang), unit=say(unit, lang))
