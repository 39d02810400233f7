"""How far people have to the receptions of their own units: once for all plans of a page, by unit and site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.maps.states import BODIES
from planner.maps.words import clean
from planner.travel import metric_points, paired_road_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.maps.states import Index, Seat
    from planner.plan import Plan

NOWHERE = -1
Metres = list[int]
"""By demand point; `NOWHERE` where the unit has no reception."""


def origins_of(plan: Plan) -> pd.DataFrame:
    """Return where people set out from, in the order of ``commune_ward.csv``: codes, people, lat, lon.

    Parts of a split commune stand half way to the point of their ward, as in `planner.demand.demand_points`.
    """
    region = plan.region
    pairs = region.pairs[region.pairs["population"] > 0].reset_index(drop=True)
    commune = region.communes.loc[pairs["commune_code"], ["lat", "lon"]].to_numpy(float)
    ward = region.wards.loc[pairs["ward_code"], ["lat", "lon"]].to_numpy(float)
    at = np.where((pairs["kind"] == "whole").to_numpy()[:, None], commune, (commune + ward) / 2)
    people = pairs["population"].astype(int)
    return pairs[["commune_code", "ward_code"]].astype(str).assign(people=people, lat=at[:, 0], lon=at[:, 1])


class Reach:
    """Road metres of the people of every unit to each site where its reception sits in some plan and year.

    They are those of the plans' own measures. Plans that reckon detours alike share a table.
    """

    def __init__(self, index: Index, origins: pd.DataFrame) -> None:
        self.index, self.origins = index, origins
        self.tables: list[dict[tuple[int, int], Metres]] = []
        self._table_of: dict[str, int] = {}
        self._units = [index.unit_at[code] for code in origins["ward_code"].tolist()]
        self._start = metric_points(origins["lat"].to_numpy(float), origins["lon"].to_numpy(float))
        self._rows: list[list[int]] = [[] for _ in index.codes]
        for row, unit in enumerate(self._units):
            self._rows[unit].append(row)

    def table_of(self, plan: Plan) -> int:
        """Return the number of the table that holds the metres of a plan."""
        table = self._table_of.setdefault(plan.norms.detour.to_json(), len(self.tables))
        if table == len(self.tables):
            self.tables.append({})
        return table

    def by_year(self, plan: Plan) -> dict[int, Metres]:
        """Return the metres of everybody to his own unit's reception, year by year, and keep them for the page."""
        table, where = self.tables[self.table_of(plan)], _places(plan)
        found: dict[int, Metres] = {}
        for year, sites in _receptions(plan, self.index).items():
            metres = [NOWHERE] * len(self._units)
            for unit, site in enumerate(sites):
                if site == NOWHERE or not self._rows[unit]:
                    continue
                if (unit, site) not in table:
                    table[unit, site] = self._metres(plan, unit, site, where)
                for row, one in zip(self._rows[unit], table[unit, site], strict=True):
                    metres[row] = one
            found[year] = metres
        return found

    def data(self) -> list[list[list[int]]]:
        """Return every table as rows: unit, site, metres of the unit's demand points."""
        return [[[*key, *metres] for key, metres in sorted(table.items())] for table in self.tables]

    def _metres(self, plan: Plan, unit: int, site: int, where: dict[str, tuple[float, float]]) -> Metres:
        rows, sites = self._rows[unit], self.index.sites
        lat, lon = where.get(sites["id"][site], sites["at"][site])
        end = metric_points(np.full(len(rows), lat), np.full(len(rows), lon))
        return [int(one) for one in paired_road_metres(self._start[rows], end, plan.norms.detour)]


def _receptions(plan: Plan, index: Index) -> dict[int, list[int]]:
    """Return by year at which site the reception of every unit sits."""
    state, course = index.state(plan), index.course(plan)
    if course is None:
        return {int(plan.assignments["year"].min()): [_reception(unit, index) for unit in state.seats]}
    sites = [_reception(unit, index) for unit in state.seats]
    found = {}
    for year, change in zip(course.years, course.changes, strict=True):
        for unit, seats in change.seats.items():
            sites[unit] = _reception(seats, index)
        found[year] = list(sites)
    return found


def _reception(seats: Sequence[Seat], index: Index) -> int:
    body = BODIES.index("reception")
    return next((site for part, site, *_ in seats if index.parts[part]["body"] == body), NOWHERE)


def _places(plan: Plan) -> dict[str, tuple[float, float]]:
    """Return where sites are, to the last digit of their table, and where the centres of the plan are built."""
    ground: dict[str, tuple[float, float]] = {}
    for table in (plan.region.parcels, plan.region.sites):
        if len(table):
            points = zip(table["lat"].tolist(), table["lon"].tolist(), strict=True)
            ground |= dict(zip(table.index.astype(str), points, strict=True))
    found = {site: ground[site] for site in plan.region.sites.index.astype(str)}
    if "location" in plan.premises:
        rows: Any = zip(plan.premises["site_id"].tolist(), plan.premises["location"].tolist(), strict=True)
        found |= {str(site): ground[clean(on)] for site, on in rows if clean(on) in ground}
    return found
