"""What `sweep` prints: one row a plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from planner.terminal.columns import aligned
from planner.terminal.phrases import billions
from planner.terminal.words import say
from planner.wording import number

if TYPE_CHECKING:
    from pathlib import Path

    from planner.sweep import Finished, Sweep
    from planner.wording import Lang


def sweep_table(sweep: Sweep, finished: Finished, folder: Path, lang: Lang) -> str:
    """Return the table that `sweep` prints: one row a plan, in the order of the grid."""
    names = [axis.key for axis in sweep.axes]
    heads = ("status", "sweep_premises", "sweep_cost", "sweep_saving", "sweep_travel")
    rows = [[*names, *(say(head, lang) for head in heads)]]
    for row in finished.rows:
        cells = [_setting(row["values"][axis.key], axis.unit, lang) for axis in sweep.axes]
        cells.append(say(f"sweep_{row['status']}", lang, codes=row["problem"]))
        measures = row["measures"]
        if measures:
            cells += [
                number(measures["premises"], lang),
                billions(row["objective_vnd"], lang),
                billions(row["saving_vnd"], lang),
                f"{number(measures['citizen_travel_mean'] / 1000, lang, 2)} km",
            ]
        rows.append([*cells, *[""] * (len(names) + len(heads) - len(cells))])
    done = say(
        "sweep_line",
        lang,
        name=sweep.scenario.name,
        n=len(finished.rows),
        reused=number(finished.reused, lang),
    )
    return "\n".join([aligned(rows), "", done, f"  {folder}"])


def _setting(value: object, unit: str, lang: Lang) -> str:
    """Return the value of a setting with all its digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if isinstance(value, tuple):
            return f"[{', '.join(value)}]"
        return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    exact = Decimal(repr(value)) * (100 if unit == "share" else 1)
    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    text = str(value) if unit == "year" else number(float(exact), lang, decimals)
    return f"{text}%" if unit == "share" else text
