"""The tables of a result folder, from the chosen plan of every ward (columns: docs/data-format.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner import costs
from planner.instance import NOT_FIXED, Instance
from planner.limits import budgets
from planner.pricing import RECEPTION, free_from, sits_alone

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.model.columns import PlanColumns
    from planner.region import Region
    from planner.scenario import Scenario

CENTRE = "joint_centre"
ON_CENTRE = "centre"
"""The route of a site that is kept for the ward's joint-agency centre."""


def centre_id(ward: str) -> str:
    """Return the site id of the centre of a ward."""
    return f"centre-{ward}"


def assignments(region: Region, instance: Instance, chosen: PlanColumns) -> pd.DataFrame:
    """Return the rows of ``assignments.csv``: one a ward, year and part."""
    parts = instance.demand.parts
    ids = np.array(instance.sites.index, dtype=object)[instance.sites["real"].to_numpy()]
    site_of_part = np.concatenate([row[row != NOT_FIXED] for row in chosen.site_of_part])
    keeps = instance.scenario.arrangement == "today"
    known = np.concatenate([_known_of_ward(instance, place) for place in range(len(instance.wards))])
    opens = _by_ward(instance, chosen, parts["ward_code"])
    centre = np.array([centre_id(ward) for ward in parts["ward_code"]], dtype=object)
    years = instance.money.years
    leaves = dict(zip(instance.wards, chosen.leaves.tolist(), strict=True))
    leaves_of_row = np.array([leaves[ward] for ward in parts["ward_code"]], np.int64)
    until = np.where(parts["part"] == RECEPTION, leaves_of_row, years)
    frames = []
    for t, year in enumerate(_years(instance.scenario)):
        moved = opens <= t
        frames.append(
            pd.DataFrame(
                {
                    "ward_code": parts["ward_code"],
                    "ward_name": region.wards.loc[parts["ward_code"], "name"].to_numpy(),
                    "year": year,
                    "body": parts["body"],
                    "part": parts["part"],
                    "site_id": np.where(moved, centre, ids[site_of_part]),
                    "tight_fit_m2": parts["tight_fit_m2"],
                    "norm_m2": parts["norm_m2"],
                    "basis": np.where(keeps & (known != NOT_FIXED), "known", "modelled"),
                }
            )[until > t]
        )
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["ward_code", "year"], kind="stable", ignore_index=True)


def _by_ward(instance: Instance, chosen: PlanColumns, wards: pd.Series) -> Ints:
    """Return the year index in which the centre of each ward opens, row by row of a column of ward codes."""
    opens = {}
    for row, ward in enumerate(instance.wards):
        centre = chosen.centre_of(instance, row)
        opens[ward] = centre.opens if centre else instance.money.years
    return np.array([opens[ward] for ward in wards], np.int64)


def _known_of_ward(instance: Instance, place: int) -> Any:
    group = next(g for g in instance.groups if place in g.wards)
    return group.known[int(np.flatnonzero(group.wards == place)[0])]


def premises(region: Region, instance: Instance, chosen: PlanColumns) -> pd.DataFrame:
    """Return the rows of ``premises.csv``: one a site and year, and a centre from the start of its construction."""
    scenario = instance.scenario
    years = _years(scenario)
    table = region.sites
    kind, floor, hall = (table[name].to_numpy() for name in ("kind", "floor_area_m2", "hall_seats"))
    rows: list[tuple[object, ...]] = []
    for place, ward in enumerate(instance.wards):
        sites, free = free_from(instance, chosen, place)
        routes = instance.releases.route(sites, free, int(chosen.cash[place]))
        used = np.isin(sites, chosen.site_of_part[place])
        centre = chosen.centre_of(instance, place)
        opens = centre.opens if centre else len(years)
        alone, leaves = sits_alone(instance, chosen, place), int(chosen.leaves[place])
        for t, year in enumerate(years):
            for site, since, route, mine in zip(
                sites.tolist(), free.tolist(), routes, used.tolist(), strict=True
            ):
                if site >= len(table):  # a shared site stands among those of its owner
                    continue
                in_use = mine and t < (min(opens, leaves) if site == alone else opens)
                gone = "" if in_use else route if since <= t else ON_CENTRE
                status = "in_use" if in_use else "released"
                rows.append(
                    (
                        str(table.index[site]),
                        ward,
                        kind[site],
                        year,
                        status,
                        gone,
                        floor[site],
                        hall[site],
                        "",
                    )
                )
            if centre and t >= centre.start:
                status = "in_use" if t >= opens else "under_construction"
                seats = int(instance.hall_norm[place])
                rows.append(
                    (centre_id(ward), ward, CENTRE, year, status, "", centre.floor, seats, centre.place.name)
                )
    names = [
        "site_id",
        "ward_code",
        "kind",
        "year",
        "status",
        "route",
        "floor_area_m2",
        "hall_seats",
        "location",
    ]
    return pd.DataFrame(rows, columns=names)


def cost_rows(instance: Instance, table: dict[str, Ints]) -> pd.DataFrame:
    """Return the rows of ``costs.csv``: by ward, year and item, no zero rows.

    Parameters
    ----------
    table : dict of str to int64, shape (wards, years)
        Dong by item.
    """
    items = list(costs.HEADING)
    amounts = np.stack([table[item] for item in items], axis=2)
    ward, t, item = np.nonzero(amounts)
    return pd.DataFrame(
        {
            "ward_code": np.array(instance.wards, dtype=object)[ward],
            "year": instance.scenario.horizon.start_year + t,
            "item": np.array(items, dtype=object)[item],
            "heading": np.array([costs.HEADING[name] for name in items], dtype=object)[item],
            "vnd": amounts[ward, t, item],
        }
    )


def years(scenario: Scenario, premises: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``years.csv``: the city year by year."""
    span = _years(scenario)
    by_heading = money.pivot_table(index="year", columns="heading", values="vnd", aggfunc="sum", fill_value=0)
    by_heading = by_heading.reindex(
        index=span, columns=["capital", "recurrent", "income", "social"], fill_value=0
    )
    limits = budgets(scenario)
    is_centre = premises["kind"] == CENTRE
    released = (premises["status"] == "released") & (premises["route"] != ON_CENTRE)
    first = premises[is_centre & (premises["status"] == "in_use")].groupby("site_id")["year"].min()
    rows = []
    left = 0
    for year in span:
        here = premises["year"] == year
        capital, recurrent, income, social = (int(by_heading.loc[year, name]) for name in by_heading.columns)
        budget = limits.get(year)
        recycled = 0
        if budget is not None and scenario.budget.recycle_income and year > span[0]:
            recycled = -int(by_heading.loc[year - 1, "income"])
        carried = left if scenario.budget.carry_over and budget is not None else 0
        if budget is not None:
            left = carried + budget + recycled - capital
        rows.append(
            {
                "year": year,
                "budget_vnd": "" if budget is None else budget,
                "carried_in_vnd": carried,
                "recycled_vnd": recycled,
                "capital_vnd": capital,
                "recurrent_vnd": recurrent,
                "income_vnd": income,
                "social_vnd": social,
                "premises": int((here & (premises["status"] == "in_use")).sum()),
                "released": int((here & released).sum()),
                "surplus_m2": int(premises.loc[here & released, "floor_area_m2"].sum()),
                "building": int((here & is_centre & (premises["status"] == "under_construction")).sum()),
                "opened": int((first == year).sum()),
            }
        )
    return pd.DataFrame(rows)


def _years(scenario: Scenario) -> list[int]:
    return list(range(scenario.horizon.start_year, scenario.horizon.start_year + scenario.horizon.years))
