"""Boundaries of the units as whole steps between points, simplified where they are fine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.polygons import NOTICED_AREA, area_table, boundary_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.region import Region

SCALE = 100_000
"""Coordinates are whole hundred-thousandths of a degree, about a metre."""
MOST_VERTICES = 16_000
"""Boundaries with more are simplified for the page, shared borders kept; the model never sees that."""
SIMPLIFY_DEGREES = 0.0005


def shapes_of(region: Region, codes: Sequence[str]) -> tuple[list[str], list[list[list[list[int]]]]]:
    """Return the boundary basis, and per unit its polygons, their rings, flat steps between points."""
    if boundary_file(region.folder) is None:
        return [], [[] for _ in codes]
    from shapely.geometry import mapping

    layer = region.boundaries()
    geometries = {str(code): mapping(shape) for code, shape in layer.geometry.items()}
    basis = {str(code): str(word) for code, word in layer["boundary_basis"].items()}
    kept = [code for code in codes if code in geometries]
    polygons = {code: _polygons(geometries[code]) for code in kept}
    if sum(len(ring) for unit in polygons.values() for polygon in unit for ring in polygon) > MOST_VERTICES:
        polygons = _simplified(geometries, kept)
    shapes = [[[_steps(ring) for ring in polygon] for polygon in polygons.get(code, [])] for code in codes]
    return [basis[code] for code in kept], shapes


def area_differences(region: Region) -> list[tuple[str, float]]:
    """Return the names of units whose polygon is not as large as the unit officially is, and by what share of it.

    Schematic boundaries are not meant: they are drawn by the program, fitted to the areas as far as it goes.
    """
    if boundary_file(region.folder) is None:
        return []
    layer = region.boundaries()
    layer = layer[[str(word).lower() not in ("", "schematic") for word in layer["boundary_basis"]]]
    if not len(layer):
        return []
    table = area_table(region.wards.loc[layer.index], list(layer.geometry))
    far = table[table["difference"].abs() > NOTICED_AREA]
    return list(zip(far["name"], far["difference"], strict=True))


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def _simplified(geometries: Mapping[str, dict[str, Any]], codes: Sequence[str]) -> dict[str, list[Any]]:
    import shapely
    from shapely.geometry import mapping, shape

    simple = shapely.coverage_simplify([shape(geometries[code]) for code in codes], SIMPLIFY_DEGREES)
    return {code: _polygons(mapping(one)) for code, one in zip(codes, simple, strict=True)}


def _steps(ring: Sequence[Sequence[float]]) -> list[int]:
    """Return lon, lat of the first point, then the step to each next one; the closing point is left out."""
    points = [(round(point[0] * SCALE), round(point[1] * SCALE)) for point in ring[:-1]]
    flat: list[int] = []
    before = (0, 0)
    for point in points:
        flat += (point[0] - before[0], point[1] - before[1])
        before = point
    return flat
