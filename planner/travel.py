"""Road distance between points: straight line in UTM zone 48N times the measured detour, in whole metres."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import Transformer

METRIC_CRS = "EPSG:32648"


@cache
def _to_metric() -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", METRIC_CRS, always_xy=True)


def metric_points(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project points to metres.

    Parameters
    ----------
    lat, lon : array of float, shape (n,)
        Degrees, EPSG:4326.

    Returns
    -------
    array of float, shape (n, 2)
        Easting and northing in metres, EPSG:32648.
    """
    east, north = _to_metric().transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.column_stack([east, north])


def road_metres(
    origins: NDArray[np.float64], targets: NDArray[np.float64], detour: pd.DataFrame
) -> NDArray[np.int64]:
    """Return the road distance of every pair.

    Parameters
    ----------
    origins, targets : array of float, shape (n, 2) and (m, 2)
        Metric points.
    detour : DataFrame
        ``straight_km`` ascending and ``detour`` (network over straight line), interpolated linearly and
        constant outside the table.

    Returns
    -------
    array of int, shape (n, m)
        Whole metres, rounded half up.
    """
    return _with_detour(origins[:, None, :] - targets[None, :, :], detour)


def paired_road_metres(
    origins: NDArray[np.float64], targets: NDArray[np.float64], detour: pd.DataFrame
) -> NDArray[np.int64]:
    """Return the road distance from every origin to the target of the same row, whole metres, shape (n,)."""
    return _with_detour(origins - targets, detour)


def _with_detour(difference: NDArray[np.float64], detour: pd.DataFrame) -> NDArray[np.int64]:
    straight = np.hypot(difference[..., 0], difference[..., 1])
    factor = np.interp(
        straight / 1000, detour["straight_km"].to_numpy(float), detour["detour"].to_numpy(float)
    )
    metres: NDArray[np.int64] = np.floor(straight * factor + 0.5).astype(np.int64)
    return metres
