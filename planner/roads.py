"""Road metres from where citizens live to reception points, over bridges (docs/model.md, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.travel import metric_points, road_metres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.region import Norms, Region

NO_WAY = -1
"""Stands for the metres of a pair that no chain of bridges joins."""

_FAR = np.int64(2**40)
"""More metres than any way has, and small enough to add up three of."""


def places_of(sites: pd.DataFrame, city_points: pd.DataFrame) -> pd.DataFrame:
    """Return the places where reception can be: the sites, then the points of the city, each in their order.

    Returns
    -------
    DataFrame
        Index ``place_id`` (site id or id of a city point): ``ward_code``, ``""`` for points of the city, which
        are nobody's own; ``lat``, ``lon`` in degrees.
    """
    columns = ["ward_code", "lat", "lon"]
    city = city_points[columns].assign(ward_code="")
    return (pd.concat([sites[columns], city]) if len(city) else sites[columns]).rename_axis("place_id")


@dataclass(frozen=True)
class Roads:
    """The ways of a region: its banks, bridges and the road metres that are given; made by `build_roads`.

    Demand points are tables as `planner.demand.demand_points` returns them (``ward_code``, ``commune_code``, ``lat``,
    ``lon``), places are tables as `places_of` returns them (index: id; ``ward_code``, ``lat``, ``lon``).
    """

    _detour: pd.DataFrame
    _communes: NDArray[np.float64]  # metric points, in the order of the file
    _bank_of: NDArray[np.int64]  # bank of each of them
    _bank_by_code: Mapping[str, int]
    _bridges: NDArray[np.float64]  # metric points
    _ends: NDArray[np.int64]  # the two banks of each bridge
    _between: NDArray[np.int64]  # metres of the shortest chain from bridge to bridge
    _given: pd.DataFrame

    def metres(self, demand: pd.DataFrame, places: pd.DataFrame) -> NDArray[np.int64]:
        """Return the road metres of every demand point and place.

        Within a ward, and on one bank, they are those of `travel.road_metres`. On different banks they are the least
        sum over chains of bridges, neighbours in the chain having a bank in common. Metres that are given for
        a pair take precedence.

        Returns
        -------
        array of int64, shape (demand points, places)
            Whole metres; `NO_WAY` where no chain of bridges joins the two.
        """
        start, end = _metric(demand), _metric(places)
        result = road_metres(start, end, self._detour)
        across = self.crosses(demand, places)
        if across.any():
            to_bridge = self._to_bridges(start, self._banks_of_demand(demand))
            from_bridge = self._to_bridges(end, self._banks_of_places(end))
            # Up to the last bridge of the chain, then on to the place: one bridge at a time keeps the arrays small.
            reached = (to_bridge[:, :, None] + self._between[None, :, :]).min(axis=1, initial=_FAR)
            over = np.full(result.shape, _FAR)
            for bridge in range(len(self._bridges)):
                np.minimum(over, reached[:, bridge, None] + from_bridge[None, :, bridge], out=over)
            result = np.where(across, np.where(over < _FAR, over, NO_WAY), result)
        self._take_given(result, demand, places)
        return result

    def crosses(self, demand: pd.DataFrame, places: pd.DataFrame) -> NDArray[np.bool_]:
        """Return whether the way of a pair leads over a river: on different banks, and not within a ward.

        Returns
        -------
        array of bool, shape (demand points, places)
            True also where there is no way, or where the metres of the pair are given.
        """
        own = demand["ward_code"].to_numpy()[:, None] == places["ward_code"].to_numpy()[None, :]
        banks = self._banks_of_demand(demand)[:, None] != self._banks_of_places(_metric(places))[None, :]
        return np.asarray(banks & ~own, bool)

    def _banks_of_demand(self, demand: pd.DataFrame) -> NDArray[np.int64]:
        """Return the bank of each demand point: that of its old commune; one bank where there are none."""
        if not self._bank_by_code:
            return np.zeros(len(demand), dtype=np.int64)
        return np.array([self._bank_by_code[code] for code in demand["commune_code"]], dtype=np.int64)

    def _banks_of_places(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the bank of each point: that of the nearest old commune, the first in the file among equals."""
        if not self._bank_by_code:
            return np.zeros(len(points), dtype=np.int64)
        apart = points[:, None, :] - self._communes[None, :, :]
        nearest = np.hypot(apart[..., 0], apart[..., 1]).argmin(axis=1)
        return np.asarray(self._bank_of[nearest], np.int64)

    def _to_bridges(self, points: NDArray[np.float64], banks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the metres from each point to each bridge of its bank, `_FAR` to the others."""
        here = (banks[:, None, None] == self._ends[None, :, :]).any(axis=2)
        return np.where(here, road_metres(points, self._bridges, self._detour), _FAR)

    def _take_given(self, result: NDArray[np.int64], demand: pd.DataFrame, places: pd.DataFrame) -> None:
        if self._given.empty:
            return
        ids = pd.Index(demand["commune_code"] + "-" + demand["ward_code"])
        row = ids.get_indexer(self._given["demand_id"])
        column = places.index.get_indexer(self._given["point_id"])
        here = (row >= 0) & (column >= 0)
        result[row[here], column[here]] = self._given["road_m"].to_numpy(np.int64)[here]


def build_roads(region: Region, norms: Norms) -> Roads:
    """Return the ways of a region: banks and bridges of the norms, given metres of the region.

    Without banks everything lies on one bank. Every old commune of the region has a bank otherwise, as
    `planner.check` makes sure.
    """
    # Equal distances are decided by the order of the file, which the sorted table has lost.
    rows = region.rows.get("communes", {})
    codes = sorted(region.communes.index, key=lambda code: (rows.get(code, 0), code))
    banks = {str(code): str(bank) for code, bank in norms.banks["bank"].items()}
    number = {bank: position for position, bank in enumerate(sorted(set(banks.values())))}
    ends = norms.bridges[["bank_a", "bank_b"]].to_numpy(dtype=object)
    bridges = _metric(norms.bridges)
    joined = np.array([[number.get(bank, -1) for bank in pair] for pair in ends], dtype=np.int64).reshape(
        -1, 2
    )
    return Roads(
        _detour=norms.detour,
        _communes=_metric(region.communes.loc[codes]),
        _bank_of=np.array([number[banks[code]] for code in codes] if banks else [], dtype=np.int64),
        _bank_by_code={code: number[bank] for code, bank in banks.items()},
        _bridges=bridges,
        _ends=joined,
        _between=_chains(road_metres(bridges, bridges, norms.detour), joined),
        _given=region.travel,
    )


def _metric(frame: pd.DataFrame) -> NDArray[np.float64]:
    return metric_points(frame["lat"].to_numpy(float), frame["lon"].to_numpy(float))


def _chains(legs: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the metres of the shortest chain between every two bridges, `_FAR` where there is none.

    A leg joins two bridges that have a bank in common (Floyd and Warshall).

    Parameters
    ----------
    legs : array of int64, shape (bridges, bridges)
        Road metres, bank or no bank.
    ends : array of int64, shape (bridges, 2)
        The banks that each bridge joins.
    """
    shared = (ends[:, None, :, None] == ends[None, :, None, :]).any(axis=(2, 3))
    least = np.where(shared, legs, _FAR)
    for bridge in range(len(legs)):
        np.minimum(least, least[:, bridge, None] + least[None, bridge, :], out=least)
    return np.minimum(least, _FAR)
