"""The tables of a result folder: which there are, their columns, what their cells hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner import network, yearly

if TYPE_CHECKING:
    from planner.scenario import Scenario

TABLES = ("assignments", "premises", "costs", "measures", "years")
NETWORK_TABLES = ("points", "catchments", "network_prices")
"""Tables that only plans with a reception network have."""
BY_YEAR = "measures_by_year"
"""The table that only plans have which change over the years."""
COLUMNS = {
    "assignments": "ward_code ward_name year body part site_id tight_fit_m2 norm_m2 basis",
    "premises": "site_id ward_code kind year status route floor_area_m2 hall_seats location",
    "costs": "ward_code year item heading vnd",
    "measures": "ward_code measure unit value",
    "years": "year budget_vnd carried_in_vnd recycled_vnd capital_vnd recurrent_vnd income_vnd social_vnd premises "
    "released surplus_m2 building opened",
    "points": network.POINTS,
    "catchments": network.CATCHMENTS,
    "network_prices": network.PRICES,
    BY_YEAR: " ".join(["year ward_code", *yearly.COLUMNS.values()]),
}
NUMBERS = (
    "year", "tight_fit_m2", "norm_m2", "floor_area_m2", "hall_seats", "vnd", "value", "carried_in_vnd",
    "recycled_vnd", "capital_vnd", "recurrent_vnd", "income_vnd", "social_vnd", "premises", "released", "surplus_m2",
    "building", "opened", "capacity_files", "load_files", "counters", "counters_needed", "people", "files", "trips",
    "road_m", "minutes", "lat", "lon", "price", *yearly.COLUMNS.values(),
)  # fmt: skip
FREE_TEXT = ("ward_name", "name")
"""Columns of text that people typed."""
TEXTS = tuple(
    sorted({column for columns in COLUMNS.values() for column in columns.split()} - {*NUMBERS, "budget_vnd"})
)
"""Columns that are read as text, whatever they look like."""


def tables_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the tables that a result of a scenario has."""
    return (*TABLES, *NETWORK_TABLES) if scenario.network.allowed else TABLES
