"""From a raster of ward numbers to smooth polygons that tile the city exactly."""

from __future__ import annotations

import json

import numpy as np
import shapely
from boundaries_fit import OUTSIDE
from boundaries_inputs import SOUTH, WEST, Inputs
from numpy.typing import NDArray
from scipy import ndimage

Raster = NDArray[np.int32]
NOTE = "Schematic boundaries drawn from points, areas and boxes; not surveyed, no legal meaning."


def one_piece_each(raster: Raster) -> Raster:
    """Give every patch that is cut off from the main part of its unit to what surrounds it."""
    raster = raster.copy()
    for _ in range(8):
        loose = np.zeros(raster.shape, dtype=bool)
        for number, window in enumerate(ndimage.find_objects(raster + 1)):
            if window is not None:
                loose[window] |= _all_but_largest(raster[window] == number)
        loose |= _all_but_largest(raster == OUTSIDE)
        if not loose.any():
            return raster
        near = ndimage.distance_transform_edt(loose, return_distances=False, return_indices=True)
        raster = raster[tuple(near)]
    raise ValueError("some unit stays in several pieces")


def _all_but_largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    patches, count = ndimage.label(mask)
    if count < 2:
        return np.zeros(mask.shape, dtype=bool)
    sizes = np.bincount(patches.ravel())[1:]
    return np.asarray((patches > 0) & (patches != 1 + sizes.argmax()))


def refine(raster: Raster, factor: int, blur: float) -> Raster:
    """Return the raster on finer pixels with its stairs smoothed away.

    Parameters
    ----------
    factor
        Fine pixels along the side of a coarse one.
    blur
        Standard deviation of the smoothing, in coarse pixels.
    """
    shape = (raster.shape[0] * factor, raster.shape[1] * factor)
    best = np.zeros(shape, dtype=np.float32)
    fine = np.full(shape, OUTSIDE, dtype=np.int32)
    border = int(np.ceil(3 * blur)) + 1
    for number, window in enumerate(ndimage.find_objects(raster + 2)):
        if window is None:
            continue
        rows, columns = (
            slice(max(w.start - border, 0), min(w.stop + border, n))
            for w, n in zip(window, raster.shape, strict=True)
        )
        image = (raster[rows, columns] == number + OUTSIDE).astype(np.float32)
        image = np.repeat(np.repeat(image, factor, axis=0), factor, axis=1)
        soft = ndimage.gaussian_filter(image, blur * factor, mode="nearest", truncate=3)
        target = (
            slice(rows.start * factor, rows.stop * factor),
            slice(columns.start * factor, columns.stop * factor),
        )
        more = soft > best[target]
        best[target][more] = soft[more]
        fine[target][more] = number + OUTSIDE
    return fine


def polygons(raster: Raster, count: int, tolerance: float, step: float) -> list[shapely.Polygon]:
    """Trace the units' outlines and thin them together, so that common borders stay common.

    Parameters
    ----------
    tolerance
        Of the thinning, in pixels.
    step
        Degrees per pixel; a divisor of 1 with at most five decimals, so that all corners have five decimals.
    """
    shapes = []
    for number in range(count):
        rows, columns = np.nonzero(raster == number)
        cut = np.r_[True, (np.diff(rows) != 0) | (np.diff(columns) != 1)]
        start, stop = np.nonzero(cut)[0], np.r_[np.nonzero(cut)[0][1:], len(rows)] - 1
        runs = shapely.box(columns[start], rows[start], columns[stop] + 1, rows[start] + 1)
        # A vertex at every pixel corner: neighbours then share all their vertices, as a coverage must.
        shapes.append(shapely.transform(shapely.segmentize(shapely.union_all(runs), 1.0), np.round))
    thinned = shapely.coverage_simplify(np.array(shapes), tolerance)
    origin = np.array([WEST, SOUTH])
    degrees = shapely.transform(thinned, lambda corner: np.round(origin + corner * step, 5))
    return [shapely.orient_polygons(shape) for shape in shapely.normalize(degrees)]


def as_geojson(inputs: Inputs, shapes: list[shapely.Polygon]) -> str:
    """Return a FeatureCollection with one line per unit, by code."""
    lines = []
    for code, name, kind, shape in zip(inputs.codes, inputs.names, inputs.kinds, shapes, strict=True):
        rings = [shape.exterior, *shape.interiors]
        feature = {
            "type": "Feature",
            "id": code,
            "properties": {"ward_code": code, "name": name, "type": kind, "boundary_basis": "schematic"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring.coords] for ring in rings],
            },
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = f'{{"type":"FeatureCollection","note":{json.dumps(NOTE)},"features":[\n'
    return head + ",\n".join(lines) + "\n]}\n"
