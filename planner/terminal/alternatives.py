"""What `alternatives` prints: other plans at nearly the same cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.terminal.columns import aligned
from planner.terminal.phrases import billions, estimate
from planner.terminal.words import say
from planner.wording import number, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.alternatives import Other
    from planner.plan import Plan
    from planner.wording import Lang


def alternatives_table(
    plan: Plan, others: Sequence[Other], within: float, lang: Lang, *, units: bool = False
) -> str:
    """Return what `alternatives` prints: cost and difference of each plan and, if asked for, its units."""
    cost = plan.facts["objective_vnd"]
    title = say(
        "others",
        lang,
        name=plan.scenario.name,
        n=len(others),
        within=share(within, lang, 2),
        cost=billions(cost, lang),
    )
    if not others:
        return f"{title}\n{say('no_others', lang)}"
    heads = ("plan", "net_cost", "dearer", "premises", "differ")
    rows = [[say(key, lang).lower() for key in heads]]
    for place, other in enumerate(others, start=1):
        remark = "" if other.status == "optimal" else f" ({say('not_proven', lang)})"
        rows.append(
            [
                str(place),
                billions(other.cost_vnd, lang),
                billions(other.cost_vnd - cost, lang),
                number(other.premises, lang),
                number(len(other.sites), lang) + remark,
            ]
        )
    lines = [title, "", aligned(rows)]
    for place, other in enumerate(others if units else [], start=1):
        lines += ["", f"{say('plan', lang)} {place}"]
        lines += [
            f"  {ward} {plan.region.wards.loc[ward, 'name']}: {', '.join(sites)}"
            + (f"; {say('centre_at', lang, place=other.centres[ward])}" if other.centres[ward] else "")
            for ward, sites in other.sites.items()
        ]
    return "\n".join([*lines, "", estimate(plan, lang)])
