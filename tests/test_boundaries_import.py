"""Import of official boundaries: what is matched, repaired, refused, written, and what maps say then."""

import copy
import json
import os
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

import cli as command_line
from planner.boundaries.importing import Imported, import_boundaries
from planner.boundaries.layer import restore
from planner.boundaries.names import code_of, taken_apart
from planner.boundaries.repair import is_tiling, repaired
from planner.boundaries.text import import_text
from planner.errors import InputError, Problem
from planner.polygons import in_metres, shown_basis
from planner.region import read_region
from planner.wording import in_language

REAL = Path(
    os.environ.get("REAL_BOUNDARIES")
    or Path(__file__).resolve().parents[2] / "shared" / "geo" / "wards.geojson"
)
needs_real = pytest.mark.skipif(
    not REAL.is_file(),
    reason=f"no real boundaries at {REAL} (REAL_BOUNDARIES): they are no part of the project",
)
DAY = date(2026, 11, 24)
Layer = dict[str, Any]


@pytest.fixture
def geo(project: Path) -> Path:
    return project / "data" / "geo"


@pytest.fixture
def official(geo: Path) -> Layer:
    """What somebody might send: the five polygons with codes and names, and no basis."""
    layer: Layer = json.loads((geo / "wards.geojson").read_text(encoding="utf-8"))
    for feature in layer["features"]:
        del feature["properties"]["boundary_basis"], feature["properties"]["type"], feature["id"]
    return layer


def saved(folder: Path, layer: Layer, name: str = "official.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
    return path


def done(geo: Path, layer: Layer, **options: Any) -> Imported:
    return import_boundaries(saved(geo.parent, layer), geo, **{"tolerance_m": 0.0, "today": DAY, **options})


def refused(geo: Path, layer: Layer, **options: Any) -> list[Problem]:
    before = {path: path.read_bytes() for path in geo.iterdir()}
    with pytest.raises(InputError) as caught:
        done(geo, layer, **options)
    assert {path: path.read_bytes() for path in geo.iterdir()} == before, "something was written"
    for found in caught.value.problems:
        assert in_language(found, "vi").what != found.what
        assert "\n" not in str(found)
    return caught.value.problems


def codes(problems: list[Problem]) -> list[str]:
    return [found.code for found in problems]


def ring(layer: Layer, at: int) -> list[list[float]]:
    points: list[list[float]] = layer["features"][at]["geometry"]["coordinates"][0]
    return points


def properties(layer: Layer, at: int) -> dict[str, Any]:
    found: dict[str, Any] = layer["features"][at]["properties"]
    return found


def shape_of(layer: Layer, at: int) -> Any:
    return shapely.from_geojson(json.dumps(layer["features"][at]["geometry"]))


def put(layer: Layer, at: int, shape: Any) -> None:
    layer["features"][at]["geometry"] = json.loads(shapely.to_geojson(shape))


# --- what is written ---------------------------------------------------------------------------------------------


def test_the_layer_is_read_in_place_of_the_schematic_one(geo: Path, official: Layer) -> None:
    found = done(geo, official, basis="Sở Nội vụ; hồ sơ 2025")
    layer = read_region(geo).boundaries()
    digest = found.inputs[0].sha256
    assert set(layer["boundary_basis"]) == {
        f"imported; Sở Nội vụ, hồ sơ 2025; official.geojson; sha256 {digest}; 2026-11-24"
    }
    assert list(layer["name"]) == list(read_region(geo).wards["name"])
    assert is_tiling(list(layer.geometry))
    assert found.target == geo / "wards.gpkg"
    assert "schematic" in (geo / "wards.geojson").read_text(encoding="utf-8")


def test_a_basis_in_the_words_of_a_page() -> None:
    basis = f"imported; Sở Nội vụ; a.gpkg; sha256 {'ab' * 32}; 2026-11-04"
    assert shown_basis(basis, "vi") == "Sở Nội vụ; a.gpkg; SHA-256 ababababab…; 04/11/2026"
    assert shown_basis("official", "en") == "official"


def test_geojson_keeps_the_schematic_layer_and_restore_brings_it_back(geo: Path, official: Layer) -> None:
    before = (geo / "wards.geojson").read_bytes()
    found = done(geo, official, output=geo / "wards.geojson")
    assert found.kept == geo / "wards.schematic.geojson"
    assert found.kept.read_bytes() == before
    assert set(read_region(geo).boundaries()["boundary_basis"]) == {found.basis}
    done(geo, official, output=geo / "wards.geojson")  # again: the kept one stays the schematic one
    assert found.kept.read_bytes() == before
    assert restore(geo)[0] == (geo / "wards.geojson", geo / "wards.imported.geojson")
    assert (geo / "wards.geojson").read_bytes() == before


def test_restore_keeps_the_imported_layer_aside(geo: Path, official: Layer) -> None:
    done(geo, official)
    assert restore(geo) == [(geo / "wards.gpkg", geo / "wards.imported.gpkg")]
    assert set(read_region(geo).boundaries()["boundary_basis"]) == {"schematic"}
    with pytest.raises(InputError, match="E423"):
        restore(geo)


def test_a_layer_of_somebody_else_is_not_replaced(geo: Path, official: Layer) -> None:
    (geo / "wards.gpkg").write_bytes(b"mine")
    assert codes(refused(geo, official)) == ["E421"]
    with pytest.raises(InputError, match="E421"):
        restore(geo)
    done(geo, official, force=True)
    done(geo, official)  # our own is replaced without asking
    assert codes(refused(geo, official, output=geo / "wards.geojson")) == ["E422"]
    assert codes(refused(geo, official, output=geo / "wards.shp")) == ["E420"]


def test_a_layer_written_elsewhere_is_used_by_no_map(geo: Path, official: Layer) -> None:
    found = done(geo, official, output=geo.parent / "check.geojson")
    assert not found.in_use
    assert done(geo, official).in_use
    assert "no map reads it there" in import_text(found, "en")


def test_a_dry_run_writes_nothing(geo: Path, official: Layer) -> None:
    before = sorted(geo.iterdir())
    assert done(geo, official, dry_run=True).target is None
    assert sorted(geo.iterdir()) == before


def test_the_schematic_layer_does_not_come_back_as_official(geo: Path) -> None:
    layer = json.loads((geo / "wards.geojson").read_text(encoding="utf-8"))
    assert codes(refused(geo, layer)) == ["E424"]


# --- which feature is which unit ---------------------------------------------------------------------------------


def test_numbers_that_lost_their_zeros_are_codes(geo: Path, official: Layer) -> None:
    for n in range(5):
        here = properties(official, n)
        here["MAXA"] = float(here.pop("ward_code"))
        here["OBJECTID"] = 316 + n  # looks like a code
    found = done(geo, official)
    assert found.found.fields[0] == "MAXA"
    assert found.found.by_name == ()


@pytest.mark.parametrize(
    ("given", "unit"),
    [
        ("Phường Định Công", "Định Công"),
        ("P.Định Công", "Định Công"),
        ("dinh cong", "Định Công"),
        ("Dinh Cong Ward", "Định Công"),
        ("X. Hoà Lạc", "Hòa Lạc"),
        ("Xã HOÀ LẠC", "Hòa Lạc"),
        ("Ho\u0300a La\u0323c", "Hòa Lạc"),
        ("Commune of Hoa Lac", "Hòa Lạc"),
        ("Hoà Lạc (huyện Thạch Thất)", "Hòa Lạc"),
        ("Hoà Lạc, H. Thạch Thất", "Hòa Lạc"),
        ("Phuong Liet", "Phương Liệt"),
        ("Văn Miếu - Quốc Tử Giám", "Văn Miếu – Quốc Tử Giám"),
        ("Phường 01", "1"),
        ("Định Công".encode().decode("latin-1"), "Định Công"),
    ],
)
def test_names_as_people_write_them(given: str, unit: str) -> None:
    name, wanted = taken_apart(given), taken_apart(unit)
    assert wanted.plain in (name.plain, name.whole)


def test_tone_marks_in_either_place_are_the_same_and_other_accents_are_not() -> None:
    assert taken_apart("Hoà").exact == taken_apart("Hòa").exact != taken_apart("Hóa").exact
    assert taken_apart("Yên Hòa").exact != taken_apart("Yên Hoa").exact
    assert taken_apart("Hoà Lạc (huyện Thạch Thất)").rest == "thach that"


@pytest.mark.parametrize(
    ("cell", "code"),
    [(316, "00316"), ("316.0", "00316"), (10210.0, "10210"), ("HN-1", ""), (None, ""), ("", "")],
)
def test_codes(cell: object, code: str) -> None:
    assert code_of(cell) == code


def test_units_are_found_by_their_names(geo: Path, official: Layer) -> None:
    names = ["P. Định Công", "linh nam", "Phuong Liet Ward", "Phường Thanh Xuân", "X. HỒNG VÂN"]
    for n, name in enumerate(names):
        official["features"][n]["properties"] = {"TEN": name, "stt": n + 1}
    found = done(geo, official)
    assert found.found.fields == ("", "TEN")
    assert found.found.by_name == ("00316", "00328", "00352", "00367", "10210")


def test_equal_names_are_told_apart_by_district_type_or_place(geo: Path, official: Layer) -> None:
    wards = geo / "wards.csv"
    text = (
        wards.read_text(encoding="utf-8")
        .replace("Phương Liệt,", "Thanh Xuân,")
        .replace("Lĩnh Nam,", "Thanh Xuân,")
    )
    wards.write_text(text, encoding="utf-8")
    for n, name in enumerate(["Định Công", "Thanh Xuân", "Thanh Xuân", "Thanh Xuân", "Hồng Vân"]):
        official["features"][n]["properties"] = {"ten": name}
    # 00352 and 00367 are neighbours; 00328 lies apart, so place tells it.
    problems = refused(geo, official)
    assert "E415" in codes(problems)
    assert "00352 Thanh Xuân, 00367 Thanh Xuân" in str(next(p for p in problems if p.code == "E415"))
    region = read_region(geo)
    assert region.wards.loc["00352", "former_district"] == region.wards.loc["00367", "former_district"]
    text = wards.read_text(encoding="utf-8").splitlines()
    own = region.wards.loc["00352", "former_district"]
    wards.write_text(
        "\n".join(line.replace(own, "Quận Đống Đa") if line.startswith("00352") else line for line in text)
        + "\n",
        encoding="utf-8",
    )
    for n, where in ((2, "Đống Đa"), (3, own)):
        properties(official, n)["huyen_cu"] = where
    assert done(geo, official).found.rows["00352"] == [2]


def test_everything_missing_and_unknown_is_told_at_once_with_near_names(geo: Path, official: Layer) -> None:
    properties(official, 0).update(ward_code="", name="Dịnh Côngg")
    properties(official, 3).update(ward_code="99999", name="<b>\u0007Nơi khác</b>")
    problems = refused(geo, official)
    assert codes(problems) == ["E418", "E418", "E419", "E419"]
    assert "00316 Định Công" in str(problems[0])
    assert "Dịnh Côngg" in str(problems[0])
    assert "Did you mean Định Công?" in str(problems[2])
    assert "\u0007" not in str(problems[3])


def test_code_and_name_that_contradict_are_told(geo: Path, official: Layer) -> None:
    """The units of before July 2025 had the same codes: a file of theirs must not pass."""
    properties(official, 1)["name"] = "Trúc Bạch"
    problems = refused(geo, official)
    assert codes(problems) == ["E416"]
    assert done(geo, official, code_field="ward_code").repair.overlaps == 0


def test_a_unit_drawn_twice_is_refused_and_one_in_parts_is_joined(geo: Path, official: Layer) -> None:
    twice = copy.deepcopy(official)
    twice["features"].append(copy.deepcopy(official["features"][0]))
    assert done(geo, twice).found.rows["00316"] == [0]  # the very same feature once more
    ring(twice, 5)[1][0] += 0.002
    assert codes(refused(geo, twice)) == ["E417"]
    whole = shape_of(official, 4)
    west, south, east, north = whole.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    official["features"].append(copy.deepcopy(official["features"][4]))
    put(official, 4, shapely.intersection(whole, half))
    put(official, 5, shapely.difference(whole, half))
    found = done(geo, official)
    assert found.found.rows["10210"] == [4, 5]
    assert found.layer.set_index("ward_code").geometry["10210"].area == pytest.approx(whole.area, rel=1e-4)


def test_features_of_other_places_are_left_out_and_told(geo: Path, official: Layer) -> None:
    far = copy.deepcopy(official["features"][0])
    far["properties"] = {"ward_code": "", "name": "Định Công"}
    far["geometry"]["coordinates"] = [[[x + 1, y - 4] for x, y in far["geometry"]["coordinates"][0]]]
    official["features"].append(far)
    found = done(geo, official)
    assert [name for _, name in found.found.unused] == ["Định Công"]


# --- geometry ----------------------------------------------------------------------------------------------------


def test_lines_and_nothing_are_no_polygons(geo: Path, official: Layer) -> None:
    official["features"][0]["geometry"] = {"type": "LineString", "coordinates": ring(official, 0)}
    official["features"][1]["geometry"] = None
    official["features"][2]["geometry"] = {"type": "Polygon", "coordinates": []}
    problems = refused(geo, official)
    assert [p.code for p in problems if p.code == "E407"] == ["E407"] * 3
    assert "LineString" in str(problems[0])


def test_a_bow_tie_is_made_valid(geo: Path, official: Layer) -> None:
    points = ring(official, 4)
    west, south = shape_of(official, 4).bounds[:2]
    points[-1:] = [[west - 0.01, south - 0.01], [west, south - 0.01], [west - 0.01, south - 0.005], points[0]]
    assert not shape_of(official, 4).is_valid
    found = done(geo, official)
    assert found.repair.invalid == ("10210",)
    assert is_tiling(list(found.layer.geometry))


def squares(*boxes: tuple[float, float, float, float]) -> list[list[Any]]:
    return [[shapely.box(105 + a, 21 + b, 105 + c, 21 + d)] for a, b, c, d in boxes]


def m2(*box: float) -> float:
    return float(shapely.area(in_metres(np.array([group[0] for group in squares(box)])))[0])


def test_an_overlap_goes_to_one_unit_and_a_narrow_gap_is_closed() -> None:
    groups = squares((0, 0, 0.0101, 0.01), (0.01, 0, 0.02, 0.01), (0.0202, 0, 0.03, 0.01))
    shapes, repair = repaired(["1", "2", "3"], groups)
    assert is_tiling(shapes)
    assert (repair.overlaps, repair.gaps, repair.open_gaps) == (1, 0, 0)  # the gap is open at both ends
    assert repair.overlaps_m2 == pytest.approx(m2(0.01, 0, 0.0101, 0.01), rel=0.01)
    closed = squares(
        (0, 0, 0.0101, 0.01),
        (0.01, 0, 0.02, 0.01),
        (0.0202, 0, 0.03, 0.01),
        (0, -0.01, 0.03, 0.0),
        (0, 0.01, 0.03, 0.02),
    )
    shapes, repair = repaired(list("12345"), closed)
    assert (repair.overlaps, repair.gaps, repair.open_gaps) == (1, 1, 0)
    assert repair.gaps_m2 == pytest.approx(m2(0.02, 0, 0.0202, 0.01), rel=0.01)
    whole = shapely.union_all(shapes)
    assert whole.equals(shapely.box(105, 20.99, 105.03, 21.02))
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area)


def test_a_wide_hole_stays_and_is_told() -> None:
    ring = shapely.difference(shapely.box(105, 21, 105.03, 21.03), shapely.box(105.01, 21.01, 105.02, 21.02))
    shapes, repair = repaired(["1"], [[ring]])
    assert (repair.gaps, repair.open_gaps) == (0, 1)
    assert repair.open_gaps_m2 == pytest.approx(m2(0.01, 0.01, 0.02, 0.02), rel=0.01)
    assert shapes[0].equals(ring)


def test_a_unit_inside_another_one_keeps_its_land() -> None:
    groups = squares((0, 0, 0.03, 0.03), (0.01, 0.01, 0.02, 0.02))
    shapes, repair = repaired(["1", "2"], groups)
    assert repair.overlaps == 1
    assert is_tiling(shapes)
    assert shapely.union_all(shapes).equals(groups[0][0])


def test_tiny_parts_are_left_out_and_islands_stay() -> None:
    main, island, crumb = (
        group[0]
        for group in squares((0, 0, 0.01, 0.01), (0.02, 0, 0.021, 0.001), (0.03, 0, 0.03005, 0.00005))
    )
    shapes, repair = repaired(["1"], [[shapely.MultiPolygon([main, island, crumb])]])
    assert repair.slivers == 1
    assert len(shapes[0].geoms) == 2


@pytest.mark.parametrize("seed", range(4))
def test_two_drawings_that_never_meet_become_one_tiling(official: Layer, seed: int) -> None:
    """Every unit is shifted by some metres, as if each were drawn by somebody else."""
    rng = np.random.default_rng(seed)
    groups = [
        [shapely.transform(shape_of(official, n), lambda xy: xy + rng.uniform(-5e-5, 5e-5, 2))]
        for n in range(5)
    ]
    shapes, repair = repaired(list("12345"), groups, 10.0)
    assert is_tiling(shapes)
    assert repair.overlaps or repair.gaps or seed >= 0
    for shape, group in zip(shapes, groups, strict=True):
        assert shape.area == pytest.approx(group[0].area, rel=0.01)
    corners = shapely.get_coordinates(shapes)
    assert np.array_equal(corners, np.round(corners, 6))
    if hasattr(shapely, "coverage_clean"):
        flat = [group[0] for group in groups]
        other = shapely.union_all(shapely.coverage_clean(np.array(flat)))
        assert shapely.union_all(shapes).area == pytest.approx(other.area, rel=0.01)


def test_borders_are_simplified_on_both_sides_alike(geo: Path, official: Layer) -> None:
    fine = done(geo, official).repair.vertices
    found = done(geo, official, tolerance_m=200.0)
    assert found.repair.vertices < fine * 0.6
    assert is_tiling(list(found.layer.geometry))


def test_areas_and_points_that_do_not_fit_are_reported(geo: Path, official: Layer) -> None:
    whole = shape_of(official, 4)
    point = read_region(geo).wards.loc["10210"]
    put(
        official,
        4,
        shapely.difference(
            whole, shapely.box(point["lon"] - 0.002, 20, point["lon"] + 0.002, point["lat"] + 0.002)
        ),
    )
    found = done(geo, official)
    assert [code for code, _ in found.outside] == ["10210"]
    assert found.outside[0][1] == pytest.approx(208, rel=0.05)
    row = found.areas.set_index("ward_code").loc["10210"]
    assert row["difference"] == pytest.approx(row["polygon_km2"] / row["official_km2"] - 1)
    assert (found.areas["difference"].abs().diff().dropna() <= 0).all()


# --- files -------------------------------------------------------------------------------------------------------


def test_formats_and_coordinate_systems(geo: Path, official: Layer) -> None:
    frame = geopandas.read_file(saved(geo.parent, official))
    plain = done(geo, official).layer
    folder = geo.parent / "formats"
    folder.mkdir()
    frame.to_crs("EPSG:3405").to_file(folder / "vn2000.gpkg", layer="phường")
    frame.to_crs("EPSG:32648").to_file(folder / "utm.shp", encoding="UTF-8")
    frame.to_file(folder / "page.kml", driver="KML")
    with zipfile.ZipFile(folder / "utm.zip", "w") as archive:
        for part in folder.glob("utm.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    for name in ("vn2000.gpkg", "utm.shp", "utm.zip", "page.kml"):
        found = import_boundaries(folder / name, geo, tolerance_m=0, today=DAY)
        for one, other in zip(found.layer.geometry, plain.geometry, strict=True):
            assert shapely.symmetric_difference(one, other).area < 1e-3 * other.area, name


def test_a_file_without_a_coordinate_system(geo: Path, official: Layer) -> None:
    frame = geopandas.read_file(saved(geo.parent, official))
    bare = geo.parent / "bare.shp"
    frame.to_file(bare)
    bare.with_suffix(".prj").unlink()
    assert import_boundaries(bare, geo, today=DAY).crs_assumed
    frame.to_crs("EPSG:3405").to_file(bare)
    bare.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="E413"):
        import_boundaries(bare, geo)
    assert not import_boundaries(bare, geo, crs="EPSG:3405", today=DAY).crs_assumed
    with pytest.raises(InputError, match="E401"):
        import_boundaries(bare, geo, crs="EPSG:nonsense")


def test_swapped_axes_and_wrong_systems_are_refused(geo: Path, official: Layer) -> None:
    for n in range(5):
        for point in ring(official, n):
            point.reverse()
    assert codes(refused(geo, official)) == ["E402"]


def test_several_layers_ask_which(geo: Path, official: Layer) -> None:
    frame = geopandas.read_file(saved(geo.parent, official))
    path = geo.parent / "two.gpkg"
    frame.to_file(path, layer="new")
    frame.to_file(path, layer="old")
    with pytest.raises(InputError, match=r"E412 .*new, old"):
        import_boundaries(path, geo)
    with pytest.raises(InputError, match=r"E414 .*Did you mean new"):
        import_boundaries(path, geo, layer="neww")
    assert import_boundaries(path, geo, layer="new").features == 5


def test_a_folder_of_files_is_read_whole(geo: Path, official: Layer) -> None:
    folder = geo.parent / "downloads"
    folder.mkdir()
    (folder / "fetched.json").write_text("{}", encoding="utf-8")
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    for n, feature in enumerate(official["features"]):
        saved(folder, {"type": "FeatureCollection", "features": [feature]}, f"{n}.geojson")
    found = import_boundaries(folder, geo)
    assert len(found.inputs) == found.features == 5


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E401"),
        (b"nonsense", "E401"),
        (b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "E401"),
        (b'{"type": "FeatureCollection", "features": []}', "E106"),
    ],
)  # fmt: skip
def test_files_that_are_no_map(geo: Path, data: bytes, code: str) -> None:
    path = geo.parent / "x.geojson"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        import_boundaries(path, geo)
    assert codes(caught.value.problems) == [code]


def test_missing_things_are_told_with_near_names(geo: Path, official: Layer) -> None:
    saved(geo.parent, official)
    with pytest.raises(InputError, match=r"E101 .*Did you mean official.geojson"):
        import_boundaries(geo.parent / "oficial.geojson", geo)
    assert "Did you mean ward_code?" in str(refused(geo, official, code_field="wardcode")[0])


# --- the command line, the map -----------------------------------------------------------------------------------


def test_the_verbs(project: Path, geo: Path, official: Layer, capsys: pytest.CaptureFixture[str]) -> None:
    saved(project, official)
    assert command_line.main(["boundaries", "import", "official.geojson", "--basis", "Sở <i>Nội vụ"]) == 0
    text = capsys.readouterr().out
    assert "5 units from 5 features: 5 by code" in text
    assert "data/geo/wards.gpkg: written" in text
    assert command_line.main(["boundaries", "import", "official.geojson", "--dry-run", "--lang", "vi"]) == 0
    assert "Không ghi gì" in capsys.readouterr().out
    assert command_line.main(["boundaries", "import", "official.geojson", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["units"] == 5
    assert len(facts["areas"]) == 5
    assert command_line.main(["solve", "hanoi-2025"]) == 0
    page = (project / "results" / "hanoi-2025" / "map.html").read_text(encoding="utf-8")
    assert "Ranh giới thật, nhập từ: official.geojson" in page
    assert "<i>Nội" not in page
    assert "Ranh giới sơ đồ</" not in page
    assert "Ranh giới sơ đồ.</" not in page
    layer = geopandas.read_file(project / "results" / "hanoi-2025" / "plan.gpkg", layer="wards")
    assert set(layer["boundary_basis"]) == {facts["boundary_basis"]}
    capsys.readouterr()
    assert command_line.main(["boundaries", "restore"]) == 0
    assert "wards.imported.gpkg" in capsys.readouterr().out
    assert command_line.main(["boundaries", "restore"]) == 3
    assert command_line.main(["boundaries", "imprt", "x"]) == 2


@needs_real
@pytest.mark.slow
@pytest.mark.solver
def test_the_real_boundaries_of_hanoi(
    project: Path, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All 126 are matched, the two whose areas differ are named, and the page shows real borders."""
    geo = project / "data" / "geo"
    for path in (root / "data" / "geo").glob("*"):
        if path.suffix in (".csv", ".geojson"):
            (geo / path.name).write_bytes(path.read_bytes())
    assert command_line.main(["boundaries", "import", str(REAL)]) == 0
    text = capsys.readouterr().out
    assert "126 units from 126 features: 126 by code" in text
    assert "2 units differ by more than 5 %: Hòa Lạc (35.37 / 43.42 / +22.8%), Yên Xuân (78.01 / 70.7" in text
    layer = read_region(geo).boundaries()
    assert len(layer) == 126
    assert is_tiling(list(layer.geometry))
    assert command_line.main(["solve", "hanoi-2025"]) == 0
    page = project / "results" / "hanoi-2025" / "map.html"
    assert "Ranh giới thật, nhập từ: wards.geojson" in page.read_text(encoding="utf-8")
    assert page.stat().st_size < 1_000_000


@needs_real
def test_the_real_boundaries_by_name_alone(project: Path, root: Path) -> None:
    geo = project / "data" / "geo"
    for path in (root / "data" / "geo").glob("*.csv"):
        (geo / path.name).write_bytes(path.read_bytes())
    layer = json.loads(REAL.read_text(encoding="utf-8"))
    for n, feature in enumerate(layer["features"]):
        name = feature["properties"]["name"].replace("òa", "oà")
        feature["properties"] = {"id": n, "ten_xa": f"{feature['properties']['type']} {name}".upper()}
        feature.pop("id", None)
    found = import_boundaries(saved(project, layer), geo)
    assert len(set(found.found.by_name)) == 126


def test_nothing_of_the_real_boundaries_is_in_the_project(root: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("no checkout")
    listed = subprocess.run(
        ["git", "ls-files", "data/geo"], cwd=root, capture_output=True, text=True, check=True
    )
    layers = [name for name in listed.stdout.split() if name.endswith((".gpkg", ".geojson"))]
    assert layers == ["data/geo/wards.geojson"]
    assert '"imported' not in (root / layers[0]).read_text(encoding="utf-8")


def test_only_fetch_opens_connections(root: Path) -> None:
    """What the contract of import-linter says of `urllib` as a whole, for its parts."""
    sources = {path: path.read_text(encoding="utf-8") for path in (root / "planner").rglob("*.py")}
    for word in ("urllib.request", "http.client", "import socket"):
        users = {path.name for path, text in sources.items() if word in text}
        assert users <= {"fetch.py"}
