"""What `solve` prints for a plan: its cost beside today's, and what it does over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.prices import price_sentences
from planner.terminal.columns import aligned
from planner.terminal.network import network_lines
from planner.terminal.phrases import billions, estimate
from planner.terminal.words import say
from planner.wording import number, share

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan import Plan
    from planner.wording import Lang


def summary(plan: Plan, folder: Path | None, audit_ok: bool | None, lang: Lang) -> str:
    """Return the lines that `solve` prints for a plan."""
    facts, bodies = plan.facts, plan.assignments["body"].nunique()
    title = plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en
    proof = (
        say("optimal", lang)
        if facts["status"] == "optimal"
        else say("feasible", lang, gap=share(max(facts["gap"], 1e-5), lang, 3))
    )
    checks = [say("units", lang, units=len(plan.region.wards), bodies=bodies), proof]
    if audit_ok is not None:
        checks.append(say("audit_ok", lang) if audit_ok else say("audit_failed", lang, folder=folder))
    checks.append(say("seconds", lang, s=number(facts["seconds"], lang, 2)))
    lines = [f"{plan.scenario.name}: {title}", "  " + ", ".join(checks)]
    cost = facts["objective_vnd"]
    if plan.today is not None:
        now = plan.today.facts["objective_vnd"]
        premises = number(plan.today.city("premises"), lang)
        lines.append("  " + say("today_line", lang, premises=premises, cost=billions(now, lang)))
    lines.append(
        "  " + say("plan_line", lang, premises=number(plan.city("premises"), lang), cost=billions(cost, lang))
    )
    if plan.today is not None:
        # Where income outweighs all that today costs, a share of it would have the wrong sign.
        part = f" ({share((now - cost) / now, lang, 1)})" if now > 0 else ""
        lines.append("  " + say("saving_line", lang, saving=billions(now - cost, lang), share=part))
    lines += _over_time(plan, lang)
    lines += network_lines(plan, lang)
    lines.append("  " + estimate(plan, lang))
    if folder is not None:
        lines.append(f"  {folder}")
    return "\n".join(lines)


def _over_time(plan: Plan, lang: Lang) -> list[str]:
    """Return what a plan with centres does year by year, how far it is proven, and what its rules cost."""
    if not plan.scenario.centres.allowed or plan.scenario.arrangement == "today":
        return []
    years, facts = plan.years, plan.facts
    opened = years.loc[years["opened"] > 0, "year"]
    span = "-".join(str(year) for year in sorted({opened.min(), opened.max()})) if len(opened) else ""
    key = ("centres_none", "centres_built_once", "centres_built")[min(len(opened), 2)]
    lines = [say(key, lang, n=number(plan.city("centres"), lang), years=span)]
    measures = ("premises", "premises_end", "premises_released_end", "surplus_floor_end")
    lines.append(say("at_the_end", lang, **{name: number(plan.city(name), lang) for name in measures}))
    key = "both_gaps" if facts.get("certified_gap") is not None else "one_gap"
    lines.append(
        say(key, lang, gap=_gap(facts["gap"], lang), certified=_gap(facts.get("certified_gap") or 0.0, lang))
    )
    budget = plan.scenario.budget
    more = "year_carried" if budget.carry_over or not budget.recycle_income else "year_recycled"
    heads = (
        "year",
        "year_budget",
        "year_both" if budget.carry_over and budget.recycle_income else more,
        "year_capital",
        "premises",
        "year_building",
        "year_opened",
    )
    rows = [[say(head, lang) for head in heads]]
    for row in years.to_dict("records"):
        limit = row["budget_vnd"]
        has = str(limit) not in ("", "nan")
        rows.append(
            [
                str(row["year"]),
                number(float(limit) / 1e9, lang, 1) if has else "–",
                number((row["carried_in_vnd"] + row["recycled_vnd"]) / 1e9, lang, 1) if has else "",
                number(row["capital_vnd"] / 1e9, lang, 1),
                *(number(row[name], lang) for name in ("premises", "building", "opened")),
            ]
        )
    lines += ["", *aligned(rows).splitlines()]
    prices = price_sentences(facts.get("limits", []), lang)
    lines += ["", say("rule_prices", lang), *(f"  {text}" for text in prices)] if prices else []
    return [f"  {line}".rstrip() for line in (*lines, "")]


def _gap(value: float, lang: Lang) -> str:
    """Return a gap as per cent; one that would round to nothing is not shown as nothing."""
    if 0 < value < 5e-6:
        return "< " + share(1e-5, lang, 3)
    return share(value, lang, 3)
