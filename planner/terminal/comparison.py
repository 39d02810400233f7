"""What `compare` prints: measures and cost items side by side, what is saved, and the sums of the actions."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from planner.catchments import rounded
from planner.compare import NOTICED_PREMISES, NOTICED_UNITS
from planner.terminal.actions import action_sums
from planner.terminal.columns import aligned
from planner.terminal.network import hand_over_lines
from planner.terminal.phrases import billions, estimate
from planner.terminal.words import say
from planner.wording import number, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.compare import Comparison
    from planner.plan import Plan
    from planner.wording import Lang

MEASURES = (
    "premises", "premises_released", "floor_in_use", "surplus_floor", "missing_to_norm", "missing_to_tight",
    "staff", "citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "body_distance_max", "parts_apart",
    "cost_capital", "cost_recurrent_year", "cost_social_year", "income", "net_present_cost",
)  # fmt: skip
"""Measures of the comparison, in reading order."""
MEASURES_OVER_TIME = (
    "centres", "centre_open_year", "centre_floor", "premises_end", "premises_released_end", "surplus_floor_end",
    "residual_value", "departments",
)  # fmt: skip
"""Further ones where a plan builds centres or opens departments."""
MEASURES_OF_NETWORK = (
    "points_open_end", "points_handed_over", "city_points_open_end", "counters_end", "reception_travel_mean_start",
    "reception_travel_mean_end", "reception_travel_max_start", "reception_travel_max_end", "within_15_start",
    "within_15_end", "within_30_start", "within_30_end",
)  # fmt: skip
"""Further ones where a plan has a reception network."""


def comparison(result: Comparison, plans: Sequence[Plan], actions: pd.DataFrame | None, lang: Lang) -> str:
    """Return the table that `compare` prints: measures, cost items, the saving, and actions."""
    names = result.names
    rows: list[list[str]] = [["", *names]]
    measures, items = (part.set_index("key") for part in (result.measures, result.items))
    rows.append([say("measures", lang)])
    over_time = any(plan.scenario.centres.allowed or plan.scenario.departments.open for plan in plans)
    more = (
        *(MEASURES_OVER_TIME if over_time else ()),
        *(key for key in MEASURES_OF_NETWORK if key in measures.index),
    )
    for key in (*MEASURES[:-1], *more, MEASURES[-1]):
        rows.append([say(key, lang), *(_value(key, measures.loc[key], name, lang) for name in names)])
        if key == "net_present_cost":
            saved = [_saved(result, name, lang) for name in names]
            rows.append([say("saving", lang, name=names[0]), *saved])
    rows.append([say("items", lang)])
    rows += [
        [say(key, lang), *(billions(items.loc[key, name], lang) for name in names)]
        for key in items.index
        if any(items.loc[key, name] for name in names)
    ]
    lines = [aligned(rows), *(line for plan in plans for line in _by_year(plan, lang))]
    if actions is not None and len(actions):
        acting = [plan.scenario.name for plan in plans if plan.today is not None]
        head = say("actions_of", lang, name=acting[-1]) if len(acting) > 1 else say("actions", lang)
        lines += ["", head, *action_sums(actions, lang), *hand_over_lines(plans, lang)]
    spans = {(plan.scenario.horizon.start_year, plan.scenario.horizon.years) for plan in plans}
    if len(spans) > 1:
        lines += ["", say("other_years", lang, spans=", ".join(f"{a}-{a + n - 1}" for a, n in sorted(spans)))]
    lines += _own_todays(plans, lang)
    if len(plans[0].region.wards) == NOTICED_UNITS:
        lines += ["", say("city", lang, n=NOTICED_PREMISES, units=NOTICED_UNITS)]
    lines.append(estimate(plans[0], lang))
    return "\n".join(lines)


def _by_year(plan: Plan, lang: Lang) -> list[str]:
    """Return the city's measures year by year; none where a plan stays as it is in its first year."""
    by_year = plan.city_by_year()
    if not by_year:
        return []
    kilometres = ("citizen_travel_mean", "citizen_travel_max", "body_distance_mean")
    shown = ("surplus_floor", "missing_to_norm", *kilometres)
    rows = [[say("year", lang), say("premises", lang), *(say(f"yearly_{name}", lang) for name in shown)]]

    def cells(year: int) -> list[str]:
        values = by_year[year]
        said = [
            number(values[name] / 1000, lang, 2) if name in kilometres else number(values[name], lang)
            for name in shown
        ]
        return [number(values["premises"], lang), *said]

    for said, run in groupby(sorted(by_year), key=cells):
        span = list(run)
        rows.append(["-".join(str(year) for year in sorted({span[0], span[-1]})), *said])
    return ["", say("by_year", lang, name=plan.scenario.name), aligned(rows)]


def _own_todays(plans: Sequence[Plan], lang: Lang) -> list[str]:
    """Say what each plan saves at its own settings, where today does not cost the same at all of them."""
    own = [(plan, plan.today.facts["objective_vnd"]) for plan in plans if plan.today is not None]
    if plans[0].today is None or len({cost for _, cost in own}) < 2:
        return []
    saved = [
        f"{plan.scenario.name} {billions(cost - plan.facts['objective_vnd'], lang)}" for plan, cost in own
    ]
    return ["", say("other_todays", lang, name=plans[0].scenario.name, plans=", ".join(saved))]


def _saved(result: Comparison, name: str, lang: Lang) -> str:
    """Return what a plan saves against the baseline; a dash where the two are costed over other years."""
    if name == result.names[0]:
        return ""
    saving = result.saving(name)
    return "–" if saving is None else billions(saving, lang)


def _value(key: str, row: pd.Series, name: str, lang: Lang) -> str:
    value, unit = row[name], row["unit"]
    if value is None:
        return "–"
    if unit == "share":
        return share(rounded(value), lang, 1)
    if unit == "VND":
        return billions(value, lang)
    if unit == "m":
        return f"{number(value / 1000, lang, 2)} km"
    if unit == "year":
        return str(int(value)) if value else "–"
    suffix = " m2" if unit == "m2" else ""
    return number(value, lang) + suffix
