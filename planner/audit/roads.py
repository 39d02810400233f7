"""Road metres of the reception network: banks of the rivers, and chains of bridges between them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from planner.audit.read import Bridge, Inputs

Place = tuple[float, float]
"""Latitude and longitude in degrees."""
Metres = NDArray[np.int64]

FORBIDDEN = -1
"""Stands for the road metres of a pair that no chain of bridges joins."""
_FAR = 1 << 40


class Roads:
    """Road metres between demand points and points where reception may be."""

    def __init__(self, inputs: Inputs) -> None:
        self._detour = sorted(inputs.detour)
        self._to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
        self._communes = [(place, inputs.banks.get(code, "")) for code, place in inputs.communes.items()]
        self._has_banks = bool(inputs.banks)
        self._bridges: list[Bridge] = inputs.bridges if inputs.banks else []

    def table(self, origins: Sequence[Place], banks: Sequence[str], targets: Sequence[Place]) -> Metres:
        """Return the metres from every origin, whose bank is given, to every target.

        A pair on one bank is as far apart as in section 2 of docs/model.md; else the least over chains of bridges.
        """
        direct = self.direct(origins, targets)
        if not self._has_banks:
            return direct
        here, there = np.array(banks), np.array(self.banks_of(targets))
        same: NDArray[np.bool_] = here[:, None] == there[None, :]
        return np.where(same, direct, self._over_bridges(origins, here, targets, there))

    def banks_of(self, places: Sequence[Place]) -> list[str]:
        """Return the banks of some places: that of the nearest old commune, the first among equals."""
        if not self._has_banks:
            return [""] * len(places)
        communes = self._project([place for place, _ in self._communes])
        found = []
        for east, north in self._project(places):
            gaps = [hypot(east - x, north - y) for x, y in communes]
            found.append(self._communes[gaps.index(min(gaps))][1])
        return found

    def direct(self, origins: Sequence[Place], targets: Sequence[Place]) -> Metres:
        """Return straight metres times the detour, in whole metres."""
        a, b = (np.array(self._project(p), float).reshape(-1, 2) for p in (origins, targets))
        straight = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
        metres: Metres = np.floor(straight * self._factor(straight / 1000) + 0.5).astype(np.int64)
        return metres

    def _project(self, places: Sequence[Place]) -> list[tuple[float, float]]:
        if not places:
            return []
        east, north = self._to_metres.transform([lon for _, lon in places], [lat for lat, _ in places])
        return list(zip(east, north, strict=True))

    def _factor(self, km: NDArray[np.float64]) -> NDArray[np.float64]:
        table = self._detour
        found = np.full(km.shape, table[-1][1])
        # From the far end on, so that the nearest interval that reaches a distance is the one that stays.
        for i in range(len(table) - 1, 0, -1):
            (km_from, factor_from), (km_to, factor_to) = table[i - 1], table[i]
            slope = (factor_to - factor_from) / (km_to - km_from)
            found = np.where(km <= km_to, factor_from + slope * (km - km_from), found)
        return np.where(km <= table[0][0], table[0][1], found)

    def _over_bridges(
        self, origins: Sequence[Place], here: NDArray[Any], targets: Sequence[Place], there: NDArray[Any]
    ) -> Metres:
        """Return the least metres over chains of one bridge or more, every leg on one bank."""
        found = np.full((len(origins), len(targets)), _FAR, dtype=np.int64)
        bridges = self._bridges
        if not bridges:
            return np.full_like(found, FORBIDDEN)
        places = [(bridge.lat, bridge.lon) for bridge in bridges]
        between = self._between_bridges(places)
        first = np.where(_touching(here, bridges), self.direct(origins, places), _FAR)
        last = np.where(_touching(there, bridges), self.direct(targets, places), _FAR)
        for j in range(len(bridges)):
            up_to = (first + between[:, j][None, :]).min(axis=1)
            found = np.minimum(found, up_to[:, None] + last[:, j][None, :])
        return np.where(found >= _FAR, FORBIDDEN, found)

    def _between_bridges(self, places: Sequence[Place]) -> Metres:
        """Return the least metres from bridge to bridge along chains whose legs join bridges of one bank."""
        legs = self.direct(places, places)
        count = len(places)
        found = np.full((count, count), _FAR, dtype=np.int64)
        near = [
            [j for j in range(count) if set(self._bridges[i].banks) & set(self._bridges[j].banks)]
            for i in range(count)
        ]
        for start in range(count):
            queue = [(0, start)]
            while queue:
                metres, i = heappop(queue)
                if metres >= found[start, i]:
                    continue
                found[start, i] = metres
                for j in near[i]:
                    heappush(queue, (metres + int(legs[i, j]), j))
        return found


def _touching(banks: NDArray[Any], bridges: Sequence[Bridge]) -> NDArray[np.bool_]:
    """Say for every place, by its bank, and every bridge whether the bridge ends on that bank."""
    return np.array([[bank in bridge.banks for bridge in bridges] for bank in banks], dtype=bool).reshape(
        len(banks), len(bridges)
    )
