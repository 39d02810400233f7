"""A plan: the tables of a result folder, made from the chosen arrangement of every ward, saved and loaded whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from planner.region import Norms, Region
    from planner.scenario import Scenario

BODIES = ("party", "council_committee", "front", "reception")


@dataclass(frozen=True)
class Plan:
    """An arrangement of every ward with what it costs and what it achieves.

    Attributes
    ----------
    assignments : DataFrame
        ward_code, ward_name, year, body, part, site_id, tight_fit_m2, norm_m2, basis (known | modelled);
        one row per ward, year, body and part.
    premises : DataFrame
        site_id, ward_code, kind, year, status (in_use | released), route, floor_area_m2, hall_seats;
        one row per site that is not excluded, and year.
    costs : DataFrame
        ward_code, year, item, heading (capital | recurrent | income | social), vnd; whole dong, no zero rows.
    measures : DataFrame
        ward_code ("" for the whole city), measure, unit, value.
    facts : dict
        What ``plan.json`` holds: schema, scenario, settings, status, objective_vnd, bound_vnd, gap, ...
    today : Plan or None
        The arrangement in force, costed with the same settings.
    """

    scenario: Scenario
    region: Region
    norms: Norms
    assignments: pd.DataFrame
    premises: pd.DataFrame
    costs: pd.DataFrame
    measures: pd.DataFrame
    facts: dict[str, Any]
    today: Plan | None = None
