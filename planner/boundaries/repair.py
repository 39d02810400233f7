"""Polygons of the units made valid and into one tiling: no overlaps, no narrow gaps, six decimals.

All borders are drawn together on a grid of 0.000001 degrees (0.1 m) and cut where they meet. Of the faces between
them each goes to one unit: where several units claim one, or none does and it is narrow, to the one with which it
shares most of its border. So the pieces fit exactly, whatever the rounding (docs/decisions/009).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.polygons import in_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

GRID = 1e-6
DECIMALS = 6
SLIVER_M2 = 100.0
"""A part of a unit smaller than this beside larger ones is a slip of drawing, no island."""
GAP_M = 50.0
"""A gap that is nowhere wider than this between units is closed; wider ones may be meant and are told."""
METRES = 111_320.0


@dataclass(frozen=True)
class Repair:
    """What was done to the polygons.

    Attributes
    ----------
    invalid : tuple of str
        Units whose polygon was not valid, and was made so.
    slivers, slivers_m2 : int, float
        Parts smaller than `SLIVER_M2` that were left out.
    overlaps, overlaps_m2 : int, float
        Faces that several units claimed, each now of one.
    gaps, gaps_m2 : int, float
        Narrow faces of no unit, closed.
    open_gaps, open_gaps_m2 : int, float
        Wider holes between units, left as they are.
    vertices_before, vertices : int
        Corners of all polygons as read, and as written.
    """

    invalid: tuple[str, ...] = ()
    slivers: int = 0
    slivers_m2: float = 0.0
    overlaps: int = 0
    overlaps_m2: float = 0.0
    gaps: int = 0
    gaps_m2: float = 0.0
    open_gaps: int = 0
    open_gaps_m2: float = 0.0
    vertices_before: int = 0
    vertices: int = 0


def repaired(
    codes: Sequence[str], groups: Sequence[Sequence[Any]], tolerance_m: float = 0.0
) -> tuple[list[Any], Repair]:
    """Return one valid (multi-)polygon a unit, together a tiling, and what was done.

    Parameters
    ----------
    codes : sequence of str
        The units.
    groups : sequence of sequences of geometries
        The features of each unit in degrees; anything that is no polygon is left out.
    tolerance_m : float
        Borders are simplified so far, those of two units alike.
    """
    groups = [shapely.force_2d(list(group)) for group in groups]
    before = sum(int(shapely.get_num_coordinates(list(group)).sum()) for group in groups)
    invalid = tuple(
        code for code, group in zip(codes, groups, strict=True) if not shapely.is_valid(list(group)).all()
    )
    shapes = [
        _polygonal(shapely.union_all(shapely.make_valid(list(group)), grid_size=GRID)) for group in groups
    ]
    shapes, slivers, slivers_m2 = _without_slivers(shapes)
    done = Repair(invalid=invalid, slivers=slivers, slivers_m2=slivers_m2, vertices_before=before)
    shapes, done = _tiled(shapes, done)
    if tolerance_m > 0:
        shapes = _simplified(shapes, tolerance_m)
        if not is_tiling(shapes):
            shapes, _ = _tiled(shapes, done)
    # RFC 7946: outer rings counter-clockwise; the same polygons always start at the same corner.
    shapes = [shapely.orient_polygons(shapely.normalize(shape)) for shape in shapes]
    return shapes, replace(done, vertices=int(shapely.get_num_coordinates(shapes).sum()))


def is_tiling(shapes: Sequence[Any]) -> bool:
    """Return whether all polygons are valid and meet along the same corners."""
    every = np.array([shape for shape in shapes if not shape.is_empty], dtype=object)
    return bool(shapely.is_valid(every).all() and shapely.coverage_is_valid(every))


def _polygonal(shape: Any) -> Any:
    """Return the polygons of a shape; lines and points that validity left are dropped."""
    parts = shapely.get_parts(shape)
    while any(part.geom_type in ("GeometryCollection", "MultiPolygon") for part in parts):
        parts = shapely.get_parts(parts)
    parts = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _without_slivers(shapes: list[Any]) -> tuple[list[Any], int, float]:
    """Leave out tiny parts of a unit, its largest never."""
    kept, count, lost = [], 0, 0.0
    for shape in shapes:
        parts = shapely.get_parts(shape)
        if len(parts) < 2:
            kept.append(shape)
            continue
        area = shapely.area(in_metres(parts))
        large = (area >= SLIVER_M2) | (area == area.max())
        count += int((~large).sum())
        lost += float(area[~large].sum())
        kept.append(_polygonal(shapely.multipolygons(parts[large])))
    return kept, count, lost


def _tiled(shapes: list[Any], done: Repair) -> tuple[list[Any], Repair]:
    """Cut all borders where they meet and give every face to one unit."""
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return shapes, done
    claims = _claims(faces, shapes)
    flat = in_metres(faces)
    area = shapely.area(flat)
    contested = [n for n, units in enumerate(claims) if len(units) > 1]
    empty = [n for n, units in enumerate(claims) if not units]
    narrow = [n for n in empty if shapely.is_empty(shapely.buffer(flat[n], -GAP_M / 2))]
    wide = sorted(set(empty) - set(narrow))
    largest = {
        units[0]: area[n]
        for n, units in sorted(enumerate(claims), key=lambda x: area[x[0]])
        if len(units) == 1
    }
    crumbs = [
        n for n, own in enumerate(claims) if len(own) == 1 and area[n] < min(SLIVER_M2, largest[own[0]])
    ]
    owner = _owners(faces, claims, contested, narrow, crumbs)
    pieces: list[list[Any]] = [[] for _ in shapes]
    for face, unit in zip(faces, owner, strict=True):
        if unit >= 0:
            pieces[unit].append(face)
    joined = [
        _rounded(_polygonal(shapely.coverage_union_all(own))) if own else shapely.MultiPolygon()
        for own in pieces
    ]
    return joined, replace(
        done,
        overlaps=len(contested),
        overlaps_m2=float(area[contested].sum()),
        gaps=len(narrow),
        gaps_m2=float(area[narrow].sum()),
        open_gaps=len(wide),
        open_gaps_m2=float(area[wide].sum()),
    )


def _claims(faces: Any, shapes: list[Any]) -> list[list[int]]:
    """Return the units whose polygon holds a point inside each face."""
    claims: list[list[int]] = [[] for _ in faces]
    shapely.prepare(shapes)
    points = shapely.point_on_surface(faces)
    found, units = shapely.STRtree(shapes).query(points, predicate="intersects")
    for face, unit in zip(found, units, strict=True):
        claims[face].append(int(unit))
    return [sorted(units) for units in claims]


def _owners(
    faces: Any, claims: list[list[int]], contested: list[int], narrow: list[int], crumbs: list[int]
) -> list[int]:
    """Return the unit of each face, -1 for none: the one with the longest border in common, among those that may.

    Crumbs are what crossing borders cut off a unit: like gaps they go to whatever surrounds them.
    """
    owner = [units[0] if len(units) == 1 else -1 for units in claims]
    for n in crumbs:
        owner[n], claims[n] = -1, []
    open_faces = {*contested, *narrow, *crumbs}
    if not open_faces:
        return owner
    borders = _borders(faces, open_faces)
    while open_faces:
        best: dict[int, tuple[float, int]] = {}
        for n in sorted(open_faces):
            common: dict[int, float] = {}
            for other, length in borders[n].items():
                if owner[other] >= 0 and (not claims[n] or owner[other] in claims[n]):
                    common[owner[other]] = common.get(owner[other], 0.0) + length
            if common:
                best[n] = max((length, -unit) for unit, length in common.items())
        if not best:
            break
        for n, (_, unit) in best.items():
            owner[n] = -unit
        open_faces -= set(best)
    for n in open_faces:
        if claims[n]:  # an overlap that touches none of its claimants elsewhere: one lies wholly in the other
            owner[n] = claims[n][0]
    return owner


def _borders(faces: Any, wanted: set[int]) -> dict[int, dict[int, float]]:
    """Return the length that each wanted face has in common with every other face: two faces share whole segments."""
    rings = shapely.boundary(faces)
    parts, face_of = shapely.get_parts(rings, return_index=True)
    corners, part_of = shapely.get_coordinates(parts, return_index=True)
    inside = np.flatnonzero(part_of[1:] == part_of[:-1])
    ends = np.stack([np.rint(corners / GRID).astype(np.int64)[inside + step] for step in (0, 1)], axis=1)
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[turned] = ends[turned][:, ::-1]
    keys = ends.reshape(-1, 4)
    order = np.lexsort(keys.T)
    twins = np.flatnonzero((keys[order[1:]] == keys[order[:-1]]).all(axis=1))
    one, other = order[twins], order[twins + 1]
    length = np.hypot(*(corners[inside[one] + 1] - corners[inside[one]]).T)
    lengths: dict[int, dict[int, float]] = {n: {} for n in wanted}
    owners = face_of[part_of[inside]]
    for a, b, along in zip(owners[one].tolist(), owners[other].tolist(), length.tolist(), strict=True):
        for n, neighbour in ((a, b), (b, a)):
            if n in lengths:
                lengths[n][neighbour] = lengths[n].get(neighbour, 0.0) + along
    return lengths


def _rounded(shape: Any) -> Any:
    return shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))


def _simplified(shapes: list[Any], tolerance_m: float) -> list[Any]:
    """Return the tiling with fewer corners; the corners left stay where they are."""
    bounds = shapely.total_bounds(shapes)
    scale = np.array([METRES * np.cos(np.radians((bounds[1] + bounds[3]) / 2)), METRES])
    flat = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * scale)
    simple = shapely.coverage_simplify(flat, tolerance_m)
    return [_rounded(shape) for shape in shapely.transform(simple, lambda xy: xy / scale)]
