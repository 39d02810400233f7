"""Bad boundary layers, one fault each."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest

from planner.check import check
from planner.errors import InputError, Problem
from planner.region import read_region
from planner.wording import in_language

ROOT = Path(__file__).resolve().parent.parent
Layer = dict[str, Any]


@pytest.fixture
def geo(tmp_path: Path) -> Path:
    """The data folder of a project of five units."""
    (tmp_path / "scenarios").mkdir()
    shutil.copytree(ROOT / "tests" / "data" / "region5", tmp_path / "data" / "geo")
    return tmp_path / "data" / "geo"


def problems_of(geo: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_region(geo).boundaries()
    return caught.value.problems


def ring(layer: Layer, at: int) -> list[list[float]]:
    points: list[list[float]] = layer["features"][at]["geometry"]["coordinates"][0]
    return points


def drop_feature(layer: Layer) -> None:
    del layer["features"][1]


def double_feature(layer: Layer) -> None:
    layer["features"].append(layer["features"][0])


def unknown_ward(layer: Layer) -> None:
    layer["features"][0]["properties"]["ward_code"] = "00317"


def number_for_code(layer: Layer) -> None:
    for feature in layer["features"]:
        feature["properties"]["ward_code"] = int(feature["properties"]["ward_code"])


def bow_tie(layer: Layer) -> None:
    points = ring(layer, 0)
    west, south = points[0]
    layer["features"][0]["geometry"]["coordinates"] = [
        [
            [west, south],
            [west + 0.01, south + 0.01],
            [west + 0.01, south],
            [west, south + 0.01],
            [west, south],
        ]
    ]


def point_for_polygon(layer: Layer) -> None:
    layer["features"][2]["geometry"] = {"type": "Point", "coordinates": [105.83, 20.99]}


def no_geometry(layer: Layer) -> None:
    layer["features"][2]["geometry"] = None


def no_code(layer: Layer) -> None:
    for feature in layer["features"]:
        feature["properties"]["ward_cod"] = feature["properties"].pop("ward_code")


def no_basis(layer: Layer) -> None:
    for feature in layer["features"]:
        del feature["properties"]["boundary_basis"]


def swapped_axes(layer: Layer) -> None:
    for at in range(5):
        for point in ring(layer, at):
            point.reverse()


def metres(layer: Layer) -> None:
    for at in range(5):
        for point in ring(layer, at):
            point[:] = [point[0] * 5500, point[1] * 110_000]


def declared_metric(layer: Layer) -> None:
    layer["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}


def swapped_units(layer: Layer) -> None:
    first, last = layer["features"][0]["properties"], layer["features"][4]["properties"]
    first["ward_code"], last["ward_code"] = last["ward_code"], first["ward_code"]


def overlapping(layer: Layer) -> None:
    layer["features"][2]["geometry"] = layer["features"][3]["geometry"]


CASES: dict[str, tuple[Callable[[Layer], None], str, str, str]] = {
    "ward-without-polygon": (drop_feature, "E404", " 00328", "00328 Lĩnh Nam"),
    "two-polygons": (double_feature, "E406", " 00316", "2 polygons"),
    "unknown-ward": (unknown_ward, "E405", "", "Did you mean 00316?"),
    "code-as-number": (number_for_code, "E405", "", '"316"'),
    "self-intersection": (bow_tie, "E403", " 00316", "Self-intersection"),
    "point": (point_for_polygon, "E407", " 00352", "Point"),
    "no-geometry": (no_geometry, "E407", " 00352", "empty"),
    "no-ward-code": (no_code, "E409", "", "Did you mean ward_cod?"),
    "no-boundary-basis": (no_basis, "E409", "", "boundary_basis"),
    "swapped-axes": (swapped_axes, "E402", "", "x 20."),
    "metres-undeclared": (metres, "E402", "", "x 58"),
    "metric-crs": (declared_metric, "E402", "", "UTM zone 48N"),
    "polygons-of-each-other": (swapped_units, "E408", " 00316", "00316 Định Công"),
    "overlap": (overlapping, "E411", " 00352", "00367 Thanh Xuân"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_boundaries(geo: Path, name: str) -> None:
    """Code, unit and value are told, in both languages; `check` tells the same."""
    change, code, place, names = CASES[name]
    path = geo / "wards.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    change(layer)
    path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
    problems = problems_of(geo)
    hits = [
        found for found in problems if found.code == code and found.where == f"data/geo/wards.geojson{place}"
    ]
    assert hits, "\n".join(map(str, problems))
    assert names in str(hits[0])
    for found in problems:
        assert in_language(found, "vi").what != found.what
    if name != "code-as-number":
        assert len(problems) <= 2, "\n".join(map(str, problems))


def test_good_boundaries(geo: Path) -> None:
    """The polygons come by unit, in EPSG:4326, with their basis."""
    layer = read_region(geo).boundaries()
    assert list(layer.index) == ["00316", "00328", "00352", "00367", "10210"]
    assert layer.crs.to_epsg() == 4326
    assert set(layer["boundary_basis"]) == {"schematic"}


def test_geopackage_comes_before_geojson(geo: Path) -> None:
    """An imported GeoPackage is taken before the schematic layer that ships."""
    layer = geopandas.read_file(geo / "wards.geojson")
    layer["boundary_basis"] = "surveyed"
    layer.to_file(geo / "wards.gpkg", driver="GPKG")
    assert set(read_region(geo).boundaries()["boundary_basis"]) == {"surveyed"}


def test_site_outside_its_surveyed_polygon(geo: Path) -> None:
    """Against real boundaries sites are held to their polygon; against schematic ones they are not."""
    path = geo / "sites.csv"
    text = path.read_text(encoding="utf-8").replace("20.995921,105.80408", "20.9650,105.8041")
    path.write_text(text, encoding="utf-8")
    read_region(geo).boundaries()
    layer = json.loads((geo / "wards.geojson").read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"]["boundary_basis"] = "imported"
    (geo / "wards.geojson").write_text(json.dumps(layer), encoding="utf-8")
    hits = [found for found in problems_of(geo) if "HC-00355" in found.what]
    assert [(found.code, found.where) for found in hits] == [("E410", "data/geo/sites.csv:8 lat")]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1, 2", b"\x00\x01\x02", b'{"type": "FeatureCollection", "features": []}']
)
def test_not_a_layer(geo: Path, data: bytes) -> None:
    """A file that is no layer is told, whatever GDAL makes of it."""
    (geo / "wards.geojson").write_bytes(data)
    problems = problems_of(geo)
    assert {found.code for found in problems} <= {"E401", "E402", "E404", "E409", "E106"}
    assert all("\n" not in str(found) and len(str(found)) < 400 for found in problems)


def test_layer_is_a_folder(geo: Path) -> None:
    """A folder of that name is told."""
    (geo / "wards.geojson").unlink()
    (geo / "wards.geojson").mkdir()
    assert [found.code for found in problems_of(geo)] == ["E401"]


def test_layer_missing(geo: Path) -> None:
    """Without a layer only what draws fails."""
    (geo / "wards.geojson").unlink()
    region = read_region(geo)
    with pytest.raises(InputError, match=r"E101 data/geo/wards.geojson"):
        region.boundaries()


def test_check_reads_boundaries(geo: Path) -> None:
    """`check` holds boundaries against the units."""
    project = geo.parent.parent
    shutil.copytree(ROOT / "data" / "norms", project / "data" / "norms")
    shutil.copy(ROOT / "scenarios" / "_base.yaml", project / "scenarios" / "five.yaml")
    assert check(["five"], project) == []
    layer = json.loads((geo / "wards.geojson").read_text(encoding="utf-8"))
    drop_feature(layer)
    (geo / "wards.geojson").write_text(json.dumps(layer), encoding="utf-8")
    assert [found.code for found in check(["five"], project)] == ["E404"]
