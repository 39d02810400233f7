"""What a plan asks to be done: actions against today and steps over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.terminal.columns import aligned
from planner.terminal.phrases import billions, part_name
from planner.terminal.words import say
from planner.wording import money, number

if TYPE_CHECKING:
    import pandas as pd

    from planner.compare import Changes
    from planner.plan import Plan
    from planner.wording import Lang


def action_sums(actions: pd.DataFrame, lang: Lang) -> list[str]:
    """Return how many actions of each kind there are, and what they cost once and a year."""

    def row(action: str) -> list[str]:
        some = actions[actions["action"] == action]
        return [
            "  " + say(action, lang),
            say("times", lang, n=number(len(some), lang)),
            say("once", lang, vnd=billions(some["one_off_vnd"].sum(), lang)),
            say("a_year", lang, vnd=billions(some["yearly_vnd"].sum(), lang)),
        ]

    return [aligned([row(action) for action in ("open", "move_in", "close", "give_up")])]


def change_lists(changes: Changes, lang: Lang) -> list[str]:
    """Return what `compare --actions` adds: every action, every step, and the steps that only one plan takes."""
    texts = []
    if changes.acting is not None and changes.actions is not None:
        texts.append(action_list(changes.acting, changes.actions, lang))
    if changes.acting is not None and changes.steps is not None:
        head = say("over_the_years", lang, name=changes.acting.scenario.name)
        texts.append(f"{head}\n{step_list(changes.steps, lang)}")
    if changes.two is not None and changes.differences is not None:
        one, other = (plan.scenario.name for plan in changes.two)
        head = say("only_one", lang, one=one, other=other)
        texts.append(f"{head}\n{step_list(changes.differences, lang, (one, other))}")
    return texts


def action_list(plan: Plan, actions: pd.DataFrame, lang: Lang) -> str:
    """Return every action on a line of its own, unit by unit."""
    lines = []
    for (code, name), rows in actions.groupby(["ward_code", "ward_name"], sort=False):
        lines.append(f"{code} {name}")
        for row in rows.itertuples():
            part = f" {part_name(plan, str(row.part), lang)} →" if row.part else ""
            once = say("once", lang, vnd=money(float(row.one_off_vnd), lang))
            yearly = say("a_year", lang, vnd=money(float(row.yearly_vnd), lang))
            lines.append(
                f"  {say(str(row.action), lang)}:{part} {row.site_id} {row.site_name} ({once}, {yearly})"
            )
    return "\n".join(lines)


def step_list(steps: pd.DataFrame, lang: Lang, names: tuple[str, str] | None = None) -> str:
    """Return what happens over the years, unit by unit; with names of plans, what only one of them does."""
    lines = []
    for (code, name), rows in steps.groupby(["ward_code", "ward_name"], sort=False):
        lines.append(f"{code} {name}")
        for row in rows.itertuples():
            place = f"{row.site_id} {row.site_name}".strip()
            floor, vnd = number(float(row.floor_m2), lang), money(float(row.vnd), lang)
            route = say(f"route_{row.route}", lang) if row.route else ""
            values = {"place": place, "floor": floor, "vnd": vnd, "route": route, "unit": name}
            text = say(f"step_{row.action}", lang, **values)
            whose = f"{names[row.plan]}: " if names else ""
            lines.append(f"  {whose}{row.year}: {text}")
    return "\n".join(lines)
