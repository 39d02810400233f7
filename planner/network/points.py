"""Where files are handed in: the points of wards, wherever their reception sits, and those of the city's centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner import costs
from planner.demand import files_at, reception_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.costs import Ints, Money
    from planner.demand import Demand
    from planner.network.flows import Stage
    from planner.region import Region
    from planner.scenario import Scenario


@dataclass(frozen=True)
class Points:
    """Points of W wards and K city points; a point of a ward comes first, in ward order.

    Attributes
    ----------
    ids : list of str, length W + K
    city : DataFrame, K rows
        Index point_id: ward_code, name, lat, lon, counters.
    counters, capacity : int64, shape (W + K,)
        Capacity in files a year.
    required, excluded : bool, shape (W + K,)
        Open in every stage, or in none.
    ward : int64, shape (W + K,)
        The ward it stands in: in whose rows its cost is written.
    yearly : int64, shape (W + K, Y)
        Dong of a year in which it is open.
    before : int64, shape (W + K,)
        The same for stage 0, in which every point is open, in millionths of a dong.
    present : int64, shape (W + K, S)
        The same for every stage.
    """

    ids: list[str]
    city: pd.DataFrame
    counters: Ints
    capacity: Ints
    required: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    ward: Ints
    yearly: Ints
    before: Ints
    present: Ints

    @property
    def wards(self) -> int:
        """Number of ward points."""
        return len(self.ids) - len(self.city)


def ward_point(ward: str) -> str:
    """Return the id of the point of a ward."""
    return f"ward-{ward}"


def build_points(
    region: Region, demand: Demand, scenario: Scenario, prices: Money, before: Stage, stages: Sequence[Stage]
) -> Points:
    """Return the points of a scenario (docs/model.md, section 7)."""
    network = scenario.network
    wards = [str(code) for code in region.wards.index]
    city = _city_points(region, scenario)
    ids = [*(ward_point(ward) for ward in wards), *(str(name) for name in city.index)]
    at_wards = demand.wards["counters"].to_numpy(np.int64)
    at_city = city["counters"].to_numpy(np.int64)
    counters = np.concatenate([at_wards, at_city])
    capacity = np.array([files_at(int(count), scenario) for count in counters], np.int64)
    own = demand.wards["in_person_year"].to_numpy(np.int64)
    capacity[: len(wards)] = np.maximum(capacity[: len(wards)], own)
    place = {ward: row for row, ward in enumerate(wards)}
    ward = np.array([*range(len(wards)), *(place[str(code)] for code in city["ward_code"])], np.int64)
    rooms = {int(count): reception_room(int(count), scenario) for count in at_city}
    space = np.array([rooms[int(count)] for count in at_city], np.int64)
    every = np.full(len(ids), network.point_vnd_year, np.int64)
    every[len(wards) :] += prices.site_fixed + space * prices.running
    yearly = np.stack([costs.escalated(every, growth) for growth in prices.growth], axis=1)
    worth = yearly * np.array(prices.factors, np.int64)
    present = [worth[:, stage.first : stage.stop].sum(axis=1) for stage in stages]
    needed = np.isin(ids, network.required)
    needed[len(wards) :] |= (city["use"] == "required").to_numpy(bool)
    return Points(
        ids,
        city,
        counters,
        capacity,
        needed,
        np.isin(ids, network.excluded),
        ward,
        yearly,
        worth[:, before.first : before.stop].sum(axis=1),
        np.stack(present, axis=1) if present else np.zeros((len(ids), 0), np.int64),
    )


def _city_points(region: Region, scenario: Scenario) -> pd.DataFrame:
    """Return the city points that exist, with counters filled in."""
    table = region.city_points[region.city_points["use"] != "excluded"]
    usual = scenario.network.city_point_counters
    return table.assign(counters=table["counters"].fillna(usual).astype(np.int64))
