"""A plan: the tables of a result folder and what they come to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner import reason_file, yearly
from planner.csvtext import guarded
from planner.demand import Demand, estimate_demand
from planner.plan.tables import BY_YEAR, FREE_TEXT, tables_of

if TYPE_CHECKING:
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
        site_id, ward_code, kind, year, status (in_use | released | under_construction), route, floor_area_m2,
        hall_seats, location (of a centre: the site or parcel it stands on); one row per site that is not excluded,
        and year; a centre from the start of its construction.
    costs : DataFrame
        ward_code, year, item, heading (capital | recurrent | income | social), vnd; whole dong, no zero rows.
    measures : DataFrame
        ward_code ("" for the whole city), measure, unit, value.
    years : DataFrame
        One row a year: budget, what was carried in and recycled, money by heading, premises, released, centres.
    points, catchments, network_prices : DataFrame
        The reception network (`planner.network.tables`), empty where the scenario has none.
    measures_by_year : DataFrame
        The measures that follow the year (`planner.yearly.COLUMNS`), one row a year and ward, and first of every year
        the whole city's (ward_code ""); no rows where the plan stays as it is in its first year.
    reasons : DataFrame
        Why every ward is arranged so (`planner.reason_file`); no rows unless they were asked for (`planner.explain`).
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
    years: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    points: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    catchments: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    network_prices: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    measures_by_year: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    reasons: pd.DataFrame = field(default_factory=reason_file.no_reasons, kw_only=True)
    facts: dict[str, Any]
    log: str = ""
    today: Plan | None = None

    def city(self, measure: str) -> float:
        """Return a measure of the whole city."""
        rows = self.measures[(self.measures["ward_code"] == "") & (self.measures["measure"] == measure)]
        return float(rows["value"].iloc[0])

    def city_by_year(self) -> dict[int, dict[str, int]]:
        """Return the measures of the whole city that follow the year, by year; empty where they are not told."""
        table = self.measures_by_year
        rows = table[table["ward_code"] == ""].to_dict("records") if len(table) else []
        return {
            int(row["year"]): {measure: int(row[column]) for measure, column in yearly.COLUMNS.items()}
            for row in rows
        }

    @property
    def solved_on(self) -> Date | None:
        """The day of the plan; None in results of versions that did not say it."""
        try:
            return Date.fromisoformat(str(self.facts.get("solved_on", "")))
        except ValueError:
            return None

    @property
    def input_code(self) -> str:
        """A short code of the input files: the same for the same content, whatever the folder."""
        inputs = self.facts.get("inputs") or []
        joined = "\n".join(sorted(f"{Path(str(item['path'])).name} {item['sha256']}" for item in inputs))
        return hashlib.sha256(joined.encode()).hexdigest()[:10] if inputs else "–"

    def ward_measures(self) -> pd.DataFrame:
        """Return the measures of the wards, ward codes down, measures across."""
        rows = self.measures[self.measures["ward_code"] != ""]
        return rows.pivot_table(index="ward_code", columns="measure", values="value", sort=False)

    def first_year(self) -> pd.DataFrame:
        """Return the assignments of the first year."""
        return self.assignments[self.assignments["year"] == self.scenario.horizon.start_year]

    def further_departments(self) -> dict[str, int]:
        """Return how many departments beyond the usual ones the plan gives every ward."""
        rows = self.first_year()
        levels = self.norms.parts.get("extra", pd.Series(dtype=float)).fillna(0)
        further = rows["part"].map(levels).fillna(0) > 0
        return {str(ward): int(count) for ward, count in further.groupby(rows["ward_code"]).sum().items()}

    @cached_property
    def demand(self) -> Demand:
        """The needs of every ward, with the departments that the plan gives it."""
        return estimate_demand(self.region, self.norms, self.scenario, self.further_departments())

    def write_tables(self, folder: Path) -> None:
        """Write the tables, ``plan.json`` and ``solver.log`` into an existing folder, today's plan in ``today/``."""
        more = [name for name in (BY_YEAR, "reasons") if len(getattr(self, name))]
        for name in (*tables_of(self.scenario), *more):
            table: pd.DataFrame = getattr(self, name)
            if name == "measures":
                table = table.assign(value=[_plain(value) for value in table["value"]])
            free = {column: table[column].map(guarded) for column in FREE_TEXT if column in table}
            table = table.assign(**free)
            table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
        text = json.dumps(self.facts, ensure_ascii=False, indent=1)
        (folder / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        (folder / "solver.log").write_text(self.log, encoding="utf-8", newline="\n")
        if self.today is not None:
            (folder / "today").mkdir(exist_ok=True)
            self.today.write_tables(folder / "today")


def _plain(value: float) -> str:
    """Write a measure without a binary tail: whole numbers whole, others as short as they read."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
