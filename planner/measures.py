"""Measures of a plan, ward by ward and for the whole city (definitions: docs/audit.md)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner import costs, pricing
from planner.instance import NOT_FIXED, Instance
from planner.yearly import COLUMNS

if TYPE_CHECKING:
    from planner import model
    from planner.region import Region
    from planner.scenario import Scenario
    from planner.yearly import Yearly

UNITS = {
    "premises": "sites", "premises_released": "sites", "surplus_floor": "m2", "floor_in_use": "m2",
    "surveyed_share": "share", "tight_fit": "m2", "norm": "m2", "missing_to_norm": "m2", "missing_to_tight": "m2",
    "staff": "people", "citizen_travel_mean": "m", "citizen_travel_max": "m", "body_distance_mean": "m",
    "body_distance_max": "m", "parts_apart": "parts", "counters": "counters", "in_person_files_day": "files",
    "hall_seats": "seats", "hall_seats_norm": "seats", "moves": "people", "cost_capital": "VND",
    "cost_recurrent_year": "VND", "cost_social_year": "VND", "income": "VND", "net_present_cost": "VND",
    "centres": "centres", "centre_open_year": "year", "centre_floor": "m2", "premises_end": "sites",
    "premises_released_end": "sites", "surplus_floor_end": "m2", "residual_value": "VND", "departments": "departments",
}  # fmt: skip
"""Measures in the order of ``measures.csv``, with their units (definitions: docs/audit.md)."""

AT_THE_END = ("premises", "premises_released", "surplus_floor")
"""Measures that are told of the last year too, with ``_end`` behind their name."""


def half_up(value: float, digits: int = 0) -> float:
    """Return a number rounded to so many decimals, halves up."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def divide(total: int, parts: int) -> int:
    """Return total / parts rounded half up, 0 for no parts."""
    return (2 * total + parts) // (2 * parts) if parts else 0


def present_value(table: pd.DataFrame, scenario: Scenario) -> int:
    """Return the net present cost of cost rows in millionths of a dong (exact)."""
    factors = costs.discount_factors(scenario.horizon.years, scenario.horizon.discount_rate)
    by_year = table.groupby("year")["vnd"].sum()
    return sum(int(vnd) * factors[int(year) - scenario.horizon.start_year] for year, vnd in by_year.items())


def measure_table(
    region: Region,
    instance: Instance,
    chosen: model.PlanColumns,
    assignments: pd.DataFrame,
    premises: pd.DataFrame,
    cost_rows: pd.DataFrame,
    yearly: Yearly,
) -> pd.DataFrame:
    """Return the rows of ``measures.csv``: the whole city first (ward_code empty), then ward by ward.

    Parameters
    ----------
    chosen : PlanColumns
        One row a ward, in ward order.
    assignments, premises, cost_rows : DataFrame
        The rows of the tables of the plan.
    yearly : Yearly
        The measures that follow the year: those of the first year, and of the last one as far as they are told.
    """
    codes = pd.Index(instance.wards, name="ward_code")
    demand, scenario = instance.demand, instance.scenario
    items = pricing.itemise(instance, chosen)
    start = scenario.horizon.start_year
    assignments = assignments[assignments["year"] == start]
    in_use = premises[(premises["year"] == start) & (premises["status"] == "in_use")]
    surveyed = in_use[region.sites.loc[in_use["site_id"], "floor_area_basis"].to_numpy() == "surveyed"]

    def by_ward(values: pd.Series, of: pd.Series) -> Any:
        return values.groupby(of.to_numpy()).sum().reindex(codes, fill_value=0).to_numpy(np.int64)

    table = pd.DataFrame({name: of_years[0] for name, of_years in yearly.wards.items()}, index=codes)
    surveyed_floor = by_ward(surveyed["floor_area_m2"], surveyed["ward_code"])
    table["tight_fit"] = by_ward(assignments["tight_fit_m2"], assignments["ward_code"])
    table["norm"] = by_ward(assignments["norm_m2"], assignments["ward_code"])
    table["missing_to_tight"] = chosen.missing_m2
    table["staff"] = demand.wards["staff"].to_numpy()
    table["parts_apart"] = items.parts_apart
    table["counters"] = demand.wards["counters"].to_numpy()
    days = scenario.reception.working_days
    files = demand.wards["in_person_year"].to_numpy()
    table["hall_seats"] = [
        int(instance.sites["hall"].to_numpy()[row[row != NOT_FIXED]].max()) for row in chosen.site_of_part
    ]
    table["hall_seats_norm"] = instance.hall_norm
    table["moves"] = items.movers

    def vnd(heading: str, year: int | None = None) -> Any:
        rows = cost_rows[cost_rows["heading"] == heading]
        rows = rows if year is None else rows[rows["year"] == year]
        return by_ward(rows["vnd"], rows["ward_code"])

    table["cost_capital"] = vnd("capital")
    table["cost_recurrent_year"] = vnd("recurrent", start)
    table["cost_social_year"] = vnd("social", start)
    table["income"] = vnd("income")
    micro = _micro_by_ward(cost_rows, scenario, codes)
    table["net_present_cost"] = [divide(value, costs.MILLION) for value in micro]
    _add_centres(instance, chosen, table)
    for name in AT_THE_END:
        table[f"{name}_end"] = yearly.wards[name][-1]
    residual = cost_rows[cost_rows["item"] == "residual_value"]
    table["residual_value"] = by_ward(residual["vnd"], residual["ward_code"])
    table["departments"] = instance.departments

    city: dict[str, float] = {name: int(table[name].sum()) for name in table.columns}
    city |= {name: int(yearly.city[name][0]) for name in COLUMNS}
    opened = table.loc[table["centres"] > 0, "centre_open_year"]
    city["centre_open_year"] = int(opened.min()) if len(opened) else 0
    city["net_present_cost"] = divide(sum(micro), costs.MILLION)
    wide = table.astype(object)
    floors = table["floor_in_use"].to_numpy()
    wide["surveyed_share"] = [
        half_up(part / whole, 4) if whole else 0 for part, whole in zip(surveyed_floor, floors, strict=True)
    ]
    wide["in_person_files_day"] = [half_up(count / days, 1) for count in files]
    city["surveyed_share"] = half_up(surveyed_floor.sum() / floors.sum(), 4)
    city["in_person_files_day"] = half_up(int(files.sum()) / days, 1)
    names = list(UNITS)
    rows = [("", name, UNITS[name], city[name]) for name in names]
    for code, values in zip(codes, wide[names].to_numpy(), strict=True):
        rows += [(code, name, UNITS[name], value) for name, value in zip(names, values, strict=True)]
    return pd.DataFrame(rows, columns=["ward_code", "measure", "unit", "value"]).astype({"value": float})


def _add_centres(instance: Instance, chosen: model.PlanColumns, table: pd.DataFrame) -> None:
    """Fill in the centres of the wards."""
    centres = [chosen.centre_of(instance, row) for row in range(len(table))]
    start = instance.scenario.horizon.start_year
    table["centres"] = [int(centre is not None) for centre in centres]
    table["centre_open_year"] = [start + centre.opens if centre else 0 for centre in centres]
    table["centre_floor"] = [centre.floor if centre else 0 for centre in centres]


def _micro_by_ward(table: pd.DataFrame, scenario: Scenario, codes: pd.Index) -> list[int]:
    factors = costs.discount_factors(scenario.horizon.years, scenario.horizon.discount_rate)
    total = dict.fromkeys(codes, 0)
    for ward, year, vnd in zip(table["ward_code"], table["year"], table["vnd"], strict=True):
        total[ward] += int(vnd) * factors[int(year) - scenario.horizon.start_year]
    return list(total.values())
