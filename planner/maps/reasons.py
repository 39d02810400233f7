"""Why a unit is arranged so, as the page's script puts it into words: the rows of ``reasons.csv`` by position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.maps.words import records, whole
from planner.wording import COST_ITEMS, EARNED

if TYPE_CHECKING:
    from planner.maps.states import Index
    from planner.plan import Plan
    from planner.wording import Lang


def reason_rows(plan: Plan, index: Index) -> list[list[Any]] | None:
    """Return a row for every unit; None for a result that was written without reasons.

    Returns
    -------
    list of list
        Code of why; positions of the sites of the cheapest other arrangement, dong that it costs more (or less),
        the item that differs most and by how many dong there is more of it (of income: more comes in); position of
        the site that lacks least as the only one, m2 and hall seats that it lacks; dong that today's arrangement
        costs more.
    """
    if not len(plan.reasons):
        return None
    found: list[list[Any]] = [[] for _ in index.codes]
    for row in records(plan.reasons):
        others = [index.site_at[site] for site in str(row["next_sites"]).split(";") if site in index.site_at]
        single = index.site_at.get(str(row["single_site"]), -1)
        found[index.unit_at[str(row["ward_code"])]] = [
            str(row["why"]),
            others,
            _number(row["next_extra_vnd"]),
            str(row["next_item"]),
            more_of_it(str(row["next_item"]), _number(row["next_item_vnd"])),
            single,
            _number(row["single_missing_m2"]),
            _number(row["single_missing_seats"]),
            _number(row["today_extra_vnd"]),
        ]
    return found


def _number(cell: Any) -> int | None:
    return None if str(cell) in ("", "<NA>", "None") else whole(int(cell))


def more_of_it(item: str, cost: int | None) -> int | None:
    """Return by how much more there is of what an item is named after: of income, what its cost falls."""
    return -cost if cost is not None and item in EARNED else cost


def item_names(lang: Lang) -> dict[str, str]:
    """Return cost item to its name."""
    return {item: pair[0 if lang == "vi" else 1] for item, pair in COST_ITEMS.items()}
