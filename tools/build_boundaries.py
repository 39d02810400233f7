"""Build ``data/geo/wards.geojson``: schematic boundaries of the new units, from points, boxes and areas only.

Run ``python tools/build_boundaries.py`` in an environment that has the package ``vietnamadminunits``, or give the path
of its ``dataset.db`` with ``--units-db``. Method and limits: ``data/geo/boundaries.md``. Same inputs, same libraries
and same kind of machine give the same bytes.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import shapely
from boundaries_fit import Fit, Settings
from boundaries_inputs import Inputs, read_inputs
from boundaries_shape import as_geojson, one_piece_each, polygons, refine
from hanoi.points import SHA256, VERSION, find_database

ROOT = Path(__file__).resolve().parent.parent
FINER = 4
"""Fine pixels along a coarse one when outlines are smoothed."""
BLUR = 1.0
THIN = 1.5
"""Tolerance of the thinning in fine pixels."""


def _km2(shape: shapely.Polygon) -> float:
    middle = math.radians(shape.centroid.y)
    return float(shape.area) * 110.7 * 111.32 * math.cos(middle)


def check(inputs: Inputs, shapes: list[shapely.Polygon]) -> None:
    """Refuse a tiling that is none; print how well it keeps what is known.

    Raises
    ------
    ValueError
        If a polygon is invalid or in pieces, the tiling has gaps or overlaps, or a label point lies outside.
    """
    if not shapely.coverage_is_valid(shapes) or not shapely.is_valid(shapes).all():
        raise ValueError("the polygons are no valid coverage")
    whole = shapely.union_all(shapes)
    if whole.geom_type != "Polygon" or whole.interiors or any(s.geom_type != "Polygon" for s in shapes):
        raise ValueError("the city or a unit is in pieces or has a hole")
    labels = shapely.points(inputs.ward_lon, inputs.ward_lat)
    lost = [inputs.codes[i] for i in np.nonzero(~shapely.contains(shapes, labels))[0]]
    if lost:
        raise ValueError(f"label points outside their units: {lost}")
    off = np.abs(np.array([_km2(s) for s in shapes]) / inputs.area - 1)
    print(f"area against the official one: median {np.median(off):.1%} off, at most {off.max():.1%}")
    anchors = [shapely.contains(shapes[w], shapely.Point(x, y)) for x, y, w in inputs.anchors[len(shapes) :]]
    print(f"listed headquarters in their unit: {sum(anchors)} of {len(anchors)}")
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    touching = {
        (int(i), int(j))
        for i, j in zip(a, b, strict=True)
        if i < j and shapely.length(shapely.intersection(shapes[i], shapes[j])) > 0
    }
    known = inputs.neighbours
    print(
        f"neighbouring pairs: {len(touching & known)} of {len(known)} known, {len(touching - known)} others"
    )


def main() -> None:
    """Read the arguments, build, check, write."""
    parser = argparse.ArgumentParser(description="Build the schematic boundaries of the new units.")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="the project's data folder")
    parser.add_argument(
        "--units-db", type=Path, help=f"dataset.db of vietnamadminunits {VERSION}, SHA-256 {SHA256}"
    )
    parser.add_argument("--out", type=Path, help="default: geo/wards.geojson in the data folder")
    for item in fields(Settings):
        kind = int if isinstance(item.default, int) else float
        parser.add_argument(
            f"--{item.name.replace('_', '-')}", type=kind, default=item.default, help="experiments"
        )
    arguments = parser.parse_args()
    begun = time.perf_counter()
    settings = Settings(**{item.name: getattr(arguments, item.name) for item in fields(Settings)})
    inputs = read_inputs(arguments.data, find_database(arguments.units_db), settings.dense, settings.small)
    guessed = [inputs.old_names[i] for i in np.nonzero(inputs.guessed & inputs.inside)[0]]
    print(
        f"boxes replaced by a guess: {', '.join(guessed)}; outside the city {sum(inputs.guessed & ~inputs.inside)}"
    )
    coarse = one_piece_each(Fit(inputs, settings).solve())
    fine = one_piece_each(refine(coarse, FINER, BLUR))
    shapes = polygons(fine, len(inputs.codes), THIN, settings.step / FINER)
    check(inputs, shapes)
    out = arguments.out or arguments.data / "geo" / "wards.geojson"
    out.write_text(as_geojson(inputs, shapes), encoding="utf-8", newline="\n")
    corners = int(shapely.get_num_coordinates(shapes).sum())
    print(
        f"{out}: {out.stat().st_size / 1024:.0f} KB, {corners} corners, {time.perf_counter() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
