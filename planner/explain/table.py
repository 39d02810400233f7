"""Why every unit of a plan is arranged so, one row a unit: what the cards of the map say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.explain.unit import explain_all
from planner.reason_file import typed

if TYPE_CHECKING:
    from planner.explain.unit import Explanation
    from planner.plan import Plan


def reasons_table(plan: Plan) -> pd.DataFrame:
    """Return the rows of ``reasons.csv`` (`planner.reason_file`): what `explain` says of every ward, in ward order."""
    wards = [str(code) for code in plan.region.wards.index]
    rows = [_row(found) for found in explain_all(plan, wards, alternatives=1)]
    # Objects: a column of whole numbers with an empty cell must not become one of floating-point numbers.
    return typed(pd.DataFrame(rows, dtype="object"))


def _row(found: Explanation) -> dict[str, object]:
    other = found.next_best[0] if found.next_best else None
    # Of items that differ as much as each other the first by name, as `explain` prints them.
    item, item_vnd = next(iter(other.changes_from(found.chosen).items()), ("", None)) if other else ("", None)
    single = found.single[0] if found.single else None
    return {
        "ward_code": found.ward_code,
        "why": found.why,
        "next_sites": ";".join(other.sites) if other else "",
        "next_extra_vnd": other.cost_vnd - found.chosen.cost_vnd if other else None,
        "next_item": item,
        "next_item_vnd": item_vnd,
        "single_site": single.site_id if single else "",
        "single_missing_m2": single.missing_m2 if single else None,
        "single_missing_seats": single.missing_seats if single else None,
        "today_extra_vnd": found.today.cost_vnd - found.chosen.cost_vnd if found.today else None,
    }
