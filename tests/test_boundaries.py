"""The schematic boundaries tile the city, carry every unit once and say what they are."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "data" / "geo" / "wards.geojson"
REAL = ROOT.parent / "shared" / "geo" / "wards.geojson"
MEDIAN_FLOOR = 0.80
"""Median intersection over union with the real polygons; 0.82 was measured when this was written."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def wards() -> dict[str, dict[str, str]]:
    return {row["ward_code"]: row for row in rows_of(ROOT / "data" / "geo" / "wards.csv")}


@pytest.fixture(scope="module")
def features() -> list[dict]:
    return json.loads(FILE.read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def shapes(features) -> dict[str, shapely.Polygon]:
    return {f["id"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("boundaries_iou", ROOT / "benchmarks" / "boundaries_iou.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_unit_once_in_order_of_code(features, wards):
    codes = [feature["properties"]["ward_code"] for feature in features]
    assert codes == sorted(wards)
    assert [feature["id"] for feature in features] == codes


def test_names_and_basis(features, wards):
    for feature in features:
        properties = feature["properties"]
        row = wards[properties["ward_code"]]
        assert (properties["name"], properties["type"]) == (row["name"], row["type"])
        assert properties["boundary_basis"] == "schematic"


def test_polygons_are_valid_and_tile_the_city(shapes):
    every = np.array(list(shapes.values()))
    assert shapely.is_valid(every).all()
    assert {shape.geom_type for shape in every} == {"Polygon"}
    assert shapely.coverage_is_valid(every)
    city = shapely.union_all(every)
    assert city.geom_type == "Polygon"
    assert not city.interiors


def test_rings_turn_as_rfc_7946_asks(shapes):
    for shape in shapes.values():
        assert shape.exterior.is_ccw
        assert not any(ring.is_ccw for ring in shape.interiors)


def test_numbers_have_at_most_five_decimals_and_the_file_is_small():
    text = FILE.read_text(encoding="utf-8")
    assert not re.search(r"\d\.\d{6,}", text)
    assert FILE.stat().st_size <= 350 * 1024
    assert "\r" not in text


def test_label_points_lie_in_their_units(shapes, wards):
    outside = [
        code
        for code, row in wards.items()
        if not shapes[code].contains(shapely.Point(float(row["lon"]), float(row["lat"])))
    ]
    assert outside == []


def test_listed_headquarters_lie_in_their_units(shapes):
    points = [row for row in rows_of(ROOT / "data" / "facts" / "wards.csv") if row["listed_hq_lat"]]
    outside = [
        row["ward_code"]
        for row in points
        if not shapes[row["ward_code"]].contains(
            shapely.Point(float(row["listed_hq_lon"]), float(row["listed_hq_lat"]))
        )
    ]
    assert len(points) > 100
    assert outside == []


def test_areas_are_near_the_official_ones(shapes, wards):
    off = []
    for code, shape in shapes.items():
        km2 = shape.area * 110.7 * 111.32 * np.cos(np.radians(shape.centroid.y))
        off.append(abs(km2 / float(wards[code]["area_km2"]) - 1))
    assert np.median(off) < 0.02
    assert max(off) < 0.10


def test_known_neighbours_touch(shapes):
    pairs = rows_of(ROOT / "data" / "facts" / "ward_neighbours.csv")
    touching = sum(shapes[row["ward_code_a"]].intersects(shapes[row["ward_code_b"]]) for row in pairs)
    assert touching >= 0.97 * len(pairs)


def test_the_build_reads_nothing_from_shared():
    for script in [ROOT / "tools" / "build_boundaries.py", *(ROOT / "tools").glob("boundaries_*.py")]:
        assert "shared" not in script.read_text(encoding="utf-8")


@pytest.mark.skipif(
    not REAL.is_file(), reason=f"no real boundaries at {REAL}: they are no part of the project"
)
def test_likeness_to_the_real_boundaries(benchmark):
    table = benchmark.measure(FILE, REAL)
    assert len(table) == 126
    assert table["iou"].median() > MEDIAN_FLOOR
    assert table["iou"].quantile(0.25) > 0.72
    assert table["iou"].min() > 0.35


def test_the_benchmark_says_why_it_skips(benchmark, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["boundaries_iou.py", "--real", str(tmp_path / "none.geojson")])
    assert benchmark.main() == 0
    assert capsys.readouterr().out.startswith("skipped: no real boundaries at ")


@pytest.mark.slow
@pytest.mark.skipif(
    "UNITS_DB" not in os.environ, reason="set UNITS_DB to the dataset.db of vietnamadminunits"
)
def test_a_rebuild_gives_the_committed_bytes(tmp_path):
    out = tmp_path / "wards.geojson"
    script = ROOT / "tools" / "build_boundaries.py"
    command = [sys.executable, str(script), "--units-db", os.environ["UNITS_DB"], "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    assert out.read_bytes() == FILE.read_bytes()
