"""What every year of a plan comes to, ward by ward and for the whole city (definitions: docs/audit.md)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.tabulate import CENTRE, ON_CENTRE
from planner.travel import metric_points, paired_road_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.region import Norms, Region

COLUMNS = {
    "premises": "premises",
    "premises_released": "premises_released",
    "surplus_floor": "surplus_floor_m2",
    "floor_in_use": "floor_in_use_m2",
    "missing_to_norm": "missing_to_norm_m2",
    "citizen_travel_mean": "citizen_travel_mean_m",
    "citizen_travel_max": "citizen_travel_max_m",
    "body_distance_mean": "body_distance_mean_m",
    "body_distance_max": "body_distance_max_m",
}
"""The measures that follow the year, in the order of ``measures_by_year.csv``, with their columns there."""
FARTHEST = ("citizen_travel_max", "body_distance_max")
COMMITTEE, RECEPTION, LEADERS = "council_committee", "reception", "leaders"


@dataclass(frozen=True)
class Yearly:
    """The measures of every year.

    Attributes
    ----------
    years : list of int
    codes : list of str
        Of the wards, in their order.
    wards : dict of str to int64, shape (Y, W)
        By measure, those of `COLUMNS`.
    city : dict of str to int64, shape (Y,)
        The same of the whole city.
    """

    years: list[int]
    codes: list[str]
    wards: dict[str, Ints]
    city: dict[str, Ints]

    def table(self) -> pd.DataFrame:
        """Return the rows of ``measures_by_year.csv``: year by year the whole city (no code), then ward by ward."""
        rows = len(self.codes) + 1
        columns: dict[str, object] = {
            "year": np.repeat(self.years, rows),
            "ward_code": ["", *self.codes] * len(self.years),
        }
        for measure, column in COLUMNS.items():
            columns[column] = np.column_stack([self.city[measure], self.wards[measure]]).ravel()
        return pd.DataFrame(columns)


class _Grid:
    """Sums over rows of a table, by year and ward."""

    def __init__(self, years: Sequence[int], codes: Sequence[str]) -> None:
        self.shape = (len(years), len(codes))
        self._start = years[0]
        self._place = {code: i for i, code in enumerate(codes)}

    def ward(self, codes: pd.Series) -> Ints:
        """Return the positions of wards."""
        place: Ints = codes.map(self._place).to_numpy(np.int64)
        return place

    def cell(self, table: pd.DataFrame) -> Ints:
        """Return the place in the flat grid of every row, from its columns ``year`` and ``ward_code``."""
        year: Ints = table["year"].to_numpy(np.int64) - self._start
        return year * self.shape[1] + self.ward(table["ward_code"])

    def sum(self, cell: Ints, values: Ints) -> Ints:
        """Return the sums of whole numbers, shape (Y, W)."""
        total = np.zeros(self.shape[0] * self.shape[1], np.int64)
        np.add.at(total, cell, values)
        return total.reshape(self.shape)

    def largest(self, cell: Ints, values: Ints) -> Ints:
        """Return the largest of the values, 0 where there is none, shape (Y, W)."""
        most = np.zeros(self.shape[0] * self.shape[1], np.int64)
        np.maximum.at(most, cell, values)
        return most.reshape(self.shape)


def yearly_measures(
    region: Region,
    norms: Norms,
    points: pd.DataFrame,
    assignments: pd.DataFrame,
    premises: pd.DataFrame,
    catchments: pd.DataFrame | None = None,
) -> Yearly:
    """Return the measures of every year of a plan, from the rows of its tables.

    Parameters
    ----------
    points : DataFrame
        Where citizens set out from (`planner.demand.demand_points`).
    assignments, premises : DataFrame
        Of consecutive years.
    catchments : DataFrame, optional
        With a reception network: where people file, and how far that is, from the first year of every stage on.
    """
    first, last = int(assignments["year"].min()), int(assignments["year"].max())
    years, codes = list(range(first, last + 1)), [str(code) for code in region.wards.index]
    grid = _Grid(years, codes)
    wards = _premises(grid, premises)
    sites = _Sites(region, premises)
    seats = assignments.assign(site=sites.of(assignments["site_id"]), cell=grid.cell(assignments))
    wards["missing_to_norm"] = _missing(grid, region, seats, sites)
    if catchments is None:
        cell, people, metres = _ways_to_reception(grid, norms, points, seats, sites)
    else:
        cell, people, metres = _ways_to_points(grid, years, catchments)
    way, count = grid.sum(cell, people * metres), grid.sum(cell, people)
    wards["citizen_travel_mean"] = _mean(way, count)
    wards["citizen_travel_max"] = grid.largest(cell, metres)
    wards["body_distance_mean"], wards["body_distance_max"] = _body_distances(grid, norms, seats, sites)
    city = {
        name: wards[name].max(axis=1, initial=0) if name in FARTHEST else wards[name].sum(axis=1)
        for name in COLUMNS
    }
    city["citizen_travel_mean"] = _mean(way.sum(axis=1), count.sum(axis=1))
    city["body_distance_mean"] = _mean(
        wards["body_distance_mean"].sum(axis=1), np.full(len(years), len(codes), np.int64)
    )
    return Yearly(years, codes, wards, city)


def _free(premises: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of premises that were released; land of a centre was not."""
    return premises[(premises["status"] == "released") & (premises["route"] != ON_CENTRE)]


def changes(assignments: pd.DataFrame, premises: pd.DataFrame, catchments: pd.DataFrame | None) -> bool:
    """Say whether a plan is another one in a later year: seats, status or route of premises, or network."""
    if catchments is not None and catchments["year"].nunique() > 1:
        return True
    return _differ(assignments, ["ward_code", "part", "site_id"]) or _differ(
        premises, ["site_id", "status", "route", "location"]
    )


def _differ(table: pd.DataFrame, columns: list[str]) -> bool:
    """Say whether some columns hold other rows in another year; rows of a year stand in the same order."""
    by_year = [rows[columns].to_numpy() for _, rows in table.groupby("year")]
    return any(not np.array_equal(before, after) for before, after in pairwise(by_year))


def _mean(total: Ints, parts: Ints) -> Ints:
    """Return total / parts rounded half up, 0 for no parts; shape of ``total``."""
    return np.where(parts > 0, (2 * total + parts) // np.maximum(2 * parts, 1), 0)


def _premises(grid: _Grid, premises: pd.DataFrame) -> dict[str, Ints]:
    """Return premises in use and released, and their floor; a centre that is open is one of them."""
    in_use, free = premises[premises["status"] == "in_use"], _free(premises)
    used, left = grid.cell(in_use), grid.cell(free)
    return {
        "premises": grid.sum(used, np.ones(len(used), np.int64)),
        "premises_released": grid.sum(left, np.ones(len(left), np.int64)),
        "surplus_floor": grid.sum(left, free["floor_area_m2"].to_numpy(np.int64)),
        "floor_in_use": grid.sum(used, in_use["floor_area_m2"].to_numpy(np.int64)),
    }


class _Sites:
    """Sites of the region and centres of the plan, numbered: floor, owner and metric point of each."""

    def __init__(self, region: Region, premises: pd.DataFrame) -> None:
        own = region.sites
        centres = premises[premises["kind"] == CENTRE].drop_duplicates("site_id")
        self._at = {str(name): i for i, name in enumerate([*own.index, *centres["site_id"]])}
        self.floor = np.concatenate([own["floor_area_m2"], centres["floor_area_m2"]]).astype(np.int64)
        self.owner = np.array([*own["ward_code"], *centres["ward_code"]], dtype=object)
        ground = [_ground(region, str(name)) for name in centres["location"]]
        lat = [*own["lat"].astype(float), *(at[0] for at in ground)]
        lon = [*own["lon"].astype(float), *(at[1] for at in ground)]
        self.points = metric_points(np.array(lat), np.array(lon))

    def of(self, ids: pd.Series) -> Ints:
        """Return the numbers of sites."""
        numbers: Ints = ids.map(self._at).to_numpy(np.int64)
        return numbers


def _ground(region: Region, name: str) -> tuple[float, float]:
    """Return the point of the site or parcel that a centre stands on."""
    table = region.sites if name in region.sites.index else region.parcels
    return float(table.loc[name, "lat"]), float(table.loc[name, "lon"])


def _missing(grid: _Grid, region: Region, seats: pd.DataFrame, sites: _Sites) -> Ints:
    """Return the m² missing to the norm; a guest has of a shared site what the norm of its owner leaves."""
    size = len(sites.floor)
    key, place = np.unique(seats["cell"].to_numpy() * size + seats["site"].to_numpy(), return_inverse=True)
    norm = np.zeros(len(key), np.int64)
    np.add.at(norm, place, seats["norm_m2"].to_numpy(np.int64))
    cell, site = np.divmod(key, size)
    floor = sites.floor[site]
    owner = grid.ward(pd.Series(sites.owner[site]))
    guest = np.flatnonzero(owner != cell % grid.shape[1])
    # The owner's seats on the site in the same year.
    theirs = (cell[guest] // grid.shape[1] * grid.shape[1] + owner[guest]) * size + site[guest]
    at = np.minimum(np.searchsorted(key, theirs), len(key) - 1)
    taken = np.where(key[at] == theirs, norm[at], 0)
    floor[guest] = np.maximum(0, floor[guest] - taken)
    return grid.sum(cell, np.maximum(0, norm - floor))


Ways = tuple["Ints", "Ints", "Ints"]
"""Place in the grid, people and road metres of every demand point and year, int64 (n,) each."""


def _ways_to_reception(
    grid: _Grid, norms: Norms, points: pd.DataFrame, seats: pd.DataFrame, sites: _Sites
) -> Ways:
    """Return the ways to the site on which the ward's reception sits, or to its centre."""
    rows = seats[seats["body"] == RECEPTION]
    site = np.zeros(grid.shape[0] * grid.shape[1], np.int64)
    site[rows["cell"].to_numpy()] = rows["site"].to_numpy()
    site = site.reshape(grid.shape)
    ward, people = grid.ward(points["ward_code"]), points["people"].to_numpy(np.int64)
    origin = metric_points(points["lat"].to_numpy(float), points["lon"].to_numpy(float))
    metres = np.zeros((grid.shape[0], len(ward)), np.int64)
    for t in range(grid.shape[0]):
        # A way is measured again only where the reception has moved.
        moved = np.full(len(ward), True) if t == 0 else (site[t] != site[t - 1])[ward]
        metres[t] = metres[t - 1]
        metres[t, moved] = paired_road_metres(origin[moved], sites.points[site[t][ward[moved]]], norms.detour)
    return _every_year(grid, ward), np.tile(people, grid.shape[0]), metres.ravel()


def _ways_to_points(grid: _Grid, years: Sequence[int], catchments: pd.DataFrame) -> Ways:
    """Return the ways to the points where people file, those of the stage of every year."""
    firsts = np.unique(catchments["year"].to_numpy(np.int64))
    stages = {int(year): catchments[catchments["year"] == year] for year in firsts}
    parts = []
    for t, year in enumerate(years):
        rows = stages[int(firsts[firsts <= year].max())]
        cell = t * grid.shape[1] + grid.ward(rows["ward_code"])
        parts.append((cell, rows["people"].to_numpy(np.int64), rows["road_m"].to_numpy(np.int64)))
    cells, people, metres = zip(*parts, strict=True)
    return np.concatenate(cells), np.concatenate(people), np.concatenate(metres)


def _every_year(grid: _Grid, ward: Ints) -> Ints:
    return (np.arange(grid.shape[0])[:, None] * grid.shape[1] + ward[None, :]).ravel()


def _body_distances(grid: _Grid, norms: Norms, seats: pd.DataFrame, sites: _Sites) -> tuple[Ints, Ints]:
    """Return mean and largest road metres between the bodies that are seated; the committee stands with its office."""
    leads = (seats["body"] != COMMITTEE) | (seats["part"].map(norms.parts["kind"]) == LEADERS)
    rows = seats[leads]
    bodies = {body: i for i, body in enumerate(sorted(rows["body"].unique()))}
    stands: NDArray[np.int64] = np.full((grid.shape[0] * grid.shape[1], len(bodies)), -1, np.int64)
    stands[rows["cell"].to_numpy(), rows["body"].map(bodies).to_numpy(np.int64)] = rows["site"].to_numpy()
    total, count, most = (np.zeros(len(stands), np.int64) for _ in range(3))
    for a, b in combinations(range(len(bodies)), 2):
        here, there = stands[:, a], stands[:, b]
        both = (here >= 0) & (there >= 0)
        apart = np.flatnonzero(both & (here != there))
        metres = paired_road_metres(sites.points[here[apart]], sites.points[there[apart]], norms.detour)
        total[apart] += metres
        most[apart] = np.maximum(most[apart], metres)
        count += both
    return _mean(total, count).reshape(grid.shape), most.reshape(grid.shape)
