"""Who comes to a reception point, from where, in every year: people, files and trips of the demand points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.demand import demand_points, in_person_files, online_shares

if TYPE_CHECKING:
    import pandas as pd

    from planner.costs import Ints
    from planner.demand import Demand
    from planner.region import Region
    from planner.scenario import Scenario


@dataclass(frozen=True)
class Stage:
    """Years in a row in which the network stays the same; year indexes, ``stop`` excluded."""

    first: int
    stop: int


def stages_of(scenario: Scenario) -> tuple[Stage, list[Stage]]:
    """Return stage 0, in which everybody files at the point of his ward, and the stages of the network."""
    start, years = scenario.horizon.start_year, scenario.horizon.years
    begins = [year - start for year in scenario.network.hand_over_years]
    ends = [*begins[1:], years]
    before = Stage(0, begins[0] if begins else years)
    return before, [Stage(first, stop) for first, stop in zip(begins, ends, strict=False)]


@dataclass(frozen=True)
class Flows:
    """Demand points with what they bring; n points, Y years, S stages.

    Attributes
    ----------
    places : DataFrame, n rows
        ward_code, commune_code, people, lat, lon (`planner.demand.demand_points`).
    ids, names : list of str, length n
        ``<commune_code>-<ward_code>``, and the name of the old commune.
    ward : int64, shape (n,)
        Position of the ward.
    people : int64, shape (n,)
    files, trips : int64, shape (n, Y)
        Files handed in at a counter, and one-way trips, a year.
    load : int64, shape (n, S)
        Files of the busiest year of a stage.
    """

    places: pd.DataFrame
    ids: list[str]
    names: list[str]
    ward: Ints
    people: Ints
    files: Ints
    trips: Ints
    load: Ints

    def __len__(self) -> int:
        return len(self.ids)


def build_flows(region: Region, demand: Demand, scenario: Scenario) -> Flows:
    """Return the demand points of a scenario (docs/model.md, sections 2 and 7)."""
    places = demand_points(region, demand, scenario.reception.visits_per_file)
    wards = {str(code): place for place, code in enumerate(region.wards.index)}
    ward = np.array([wards[code] for code in places["ward_code"]], np.int64)
    people = places["people"].to_numpy(np.int64)
    total = np.bincount(ward, people, len(wards)).astype(np.int64)
    population = region.wards["population"].to_numpy()
    by_share = {
        share: np.array([in_person_files(int(p), scenario, share) for p in population], np.int64)
        for share in set(online_shares(scenario))
    }
    in_person = np.column_stack([by_share[share] for share in online_shares(scenario)])[ward]  # (n, Y)
    of_ward, share = total[ward][:, None], people[:, None]
    files = in_person * share // of_ward
    visits = in_person * share * scenario.reception.visits_per_file // of_ward
    stages = stages_of(scenario)[1]
    load = (
        np.stack([files[:, s.first : s.stop].max(axis=1) for s in stages], axis=1) if stages else files[:, :0]
    )
    ids = [f"{c}-{w}" for c, w in zip(places["commune_code"], places["ward_code"], strict=True)]
    names = [str(name) for name in region.communes.loc[places["commune_code"], "name"]]
    return Flows(places, ids, names, ward, people, files, 2 * visits, load)
