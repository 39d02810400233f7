"""The GeoPackage: styles and projects in both languages, the same bytes for the same plan, seen by QGIS itself."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas
import pyogrio
import pytest

from planner.check import read_inputs
from planner.layers import write_layers
from planner.layers.fields import FIELDS
from planner.layers.looks import ROUTES
from planner.layers.project import NAMES
from planner.layers.qml import NAMED_PARTS, alias
from planner.layers.styles import style
from planner.layers.tables import layers_of
from planner.layers.words import ABOUT, LAYERS, LEGEND, SCHEMATIC, STYLE_NAMES, VALUES, word
from planner.maps.words import labels, network_labels
from planner.measures import UNITS
from planner.plan import Plan, make_plan
from planner.region import CITY_POINTS, SITES, WARDS
from planner.report.words import TEXT
from planner.wording import LANGUAGES, Lang
from tests.browser.mapplans import centres, hanoi, over_time
from tests.browser.netplans import small
from tests.hostile.inputs import clean_project, soil

PLANS = {"network": small, "over time": over_time, "hostile": lambda: small(hostile=True)}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()


@cache
def tables(name: str) -> dict[str, Any]:
    return {layer: table for layer, (_, _, table) in layers_of(PLANS[name]()).items()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the GeoPackage of every plan."""
    found = {}
    for name, plan in PLANS.items():
        found[name] = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
        write_layers(plan(), found[name])
    return found


@pytest.mark.parametrize("name", PLANS)
def test_every_layer_has_a_style_in_both_languages(files: dict[str, Path], name: str) -> None:
    found = rows(
        files[name],
        'SELECT f_table_name, "styleName", "useAsDefault", f_geometry_column, "styleQML", update_time, description '
        "FROM layer_styles",
    )
    wanted = {(layer, STYLE_NAMES[lang]) for layer in tables(name) for lang in LANGUAGES}
    assert {row[:2] for row in found} == wanted
    assert len(found) == len(wanted)
    geometry = dict(rows(files[name], "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    for layer, title, default, column, qml, day, about in found:
        assert default == (title == "Tiếng Việt")
        assert len(title) <= 30
        assert column == geometry[layer]
        assert day == "2025-07-01T00:00:00.000Z"
        assert about.startswith(word(ABOUT[layer], "vi" if default else "en"))
        root = ElementTree.fromstring(qml)  # noqa: S314 our own file
        assert root.find("renderer-v2") is not None
        assert root.findtext("mapTip")


def test_the_table_is_the_one_qgis_makes(files: dict[str, Path]) -> None:
    columns = [row[1] for row in rows(files["network"], "PRAGMA table_info(layer_styles)")]
    assert columns == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML",
        "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
    ]  # fmt: skip
    kinds = dict(rows(files["network"], "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {**dict.fromkeys(tables("network"), "features"), "layer_styles": "attributes"}


def test_layers_are_named_and_described_in_both_languages(files: dict[str, Path]) -> None:
    found = {
        row[0]: row[1:]
        for row in rows(files["hostile"], "SELECT table_name, identifier, description FROM gpkg_contents")
    }
    for layer in tables("hostile"):
        identifier, about = found[layer]
        assert identifier == " / ".join(LAYERS[layer])
        for lang in LANGUAGES:
            assert word(ABOUT[layer], lang) in about
    assert "Ranh giới sơ đồ" in found["wards"][1]
    assert "Schematic boundaries" in found["wards"][1]


def test_english_is_the_default_where_it_was_asked_for(tmp_path: Path) -> None:
    write_layers(over_time(), tmp_path / "plan.gpkg", "en")
    found = rows(tmp_path / "plan.gpkg", 'SELECT DISTINCT "styleName", "useAsDefault" FROM layer_styles')
    assert set(found) == {("Tiếng Việt", 0), ("English", 1)}


@pytest.mark.parametrize("name", PLANS)
def test_the_same_plan_gives_the_same_bytes(files: dict[str, Path], name: str, tmp_path: Path) -> None:
    write_layers(PLANS[name](), tmp_path / "plan.gpkg")
    assert (tmp_path / "plan.gpkg").read_bytes() == files[name].read_bytes()


@pytest.mark.parametrize("name", PLANS)
def test_layers_read_as_they_were_written(files: dict[str, Path], name: str) -> None:
    listed = [str(layer) for layer, kind in pyogrio.list_layers(files[name]) if kind]
    assert listed == list(tables(name))
    for layer, table in tables(name).items():
        frame = geopandas.read_file(files[name], layer=layer)
        assert frame.crs.to_epsg() == 4326
        assert [*table.columns, "geometry"] == list(frame.columns)
        for column in table.columns if len(table) else ():
            assert frame[column].tolist() == table[column].tolist()


def test_every_column_is_named_with_its_unit() -> None:
    written = {layer: set(table) for name in PLANS for layer, table in tables(name).items()}
    for layer, columns in written.items():
        assert columns <= set(FIELDS[layer])
    assert set(UNITS) <= set(FIELDS["wards"])
    units = {"m2": ("(m²)", "(m²)"), "VND": ("(đồng)", "(VND)"), "m": ("(m)", "(m)")}
    for column, unit in UNITS.items():
        for lang in LANGUAGES:
            assert alias("wards", column, lang).endswith(units.get(unit, ("", ""))[lang == "en"])
    for layer, fields in FIELDS.items():
        for column, field in fields.items():
            assert field.vi
            assert field.en
            assert field.vi != field.en
            assert field.values in ("", "year", *VALUES)
            for end, unit in (("_m2", "(m²)"), ("_vnd", "(đồng)"), ("_m", "(m)")):
                assert not column.endswith(end) or field.vi.endswith(unit), (layer, column)
        for lang in LANGUAGES:
            named = [alias(layer, column, lang) for column in fields]
            assert len(set(named)) == len(named)


def test_every_value_a_column_may_hold_has_a_word() -> None:
    allowed = {column.name: column.allowed for column in SITES if column.kind == "choice"}
    assert set(allowed["kind"]) < set(VALUES["site_kind"])
    assert set(allowed["floor_area_basis"]) == set(VALUES["floor_basis"])
    assert set(allowed["condition"]) == set(VALUES["condition"])
    assert set(next(column.allowed for column in WARDS if column.name == "type")) < set(VALUES["unit_type"])
    assert CITY_POINTS[1].name == "ward_code"
    assert set(ROUTES) == set(VALUES["route"]) - {"", "centre"}
    for name in ("network", "over time"):
        for layer, table in tables(name).items():
            for column, field in FIELDS[layer].items():
                if column in table and field.values:
                    root = style(PLANS[name](), layer, table, "vi")
                    assert {str(value).removesuffix(".0") for value in table[column]} <= set(
                        choices_of(root, column)
                    )


def choices_of(root: ElementTree.Element, column: str) -> dict[str, str]:
    """Return the words of a column's values, by value."""
    widget = next(one for one in root.iter("field") if one.get("name") == column).find("editWidget")
    assert widget is not None
    assert widget.get("type") == "ValueMap"
    options = widget.iterfind("config/Option/Option/Option/Option")
    return {str(one.get("value")): str(one.get("name")) for one in options}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_those_of_the_map_page_and_the_workbook(lang: Lang) -> None:
    page, network = labels(lang), network_labels(lang)
    for value, pair in VALUES["site_kind"].items():
        assert page[f"kind_{value}"] == word(pair, lang)
    for value, pair in VALUES["route"].items():
        assert not value or page[f"route_{value}"] == word(pair, lang)
    for value, pair in VALUES["unit_type"].items():
        assert page[f"type_{value}"] == word(pair, lang)
    for value, pair in VALUES["status"].items():
        assert TEXT[f"site.{value}"] == pair
    for value, pair in VALUES["point_kind"].items():
        assert TEXT[f"point.{value}"] == pair
    for value, pair in VALUES["point_status"].items():
        assert TEXT[f"point.{value}"] == pair
    assert page["estimated"] == word(LEGEND["estimated"], lang)
    for key, sign in (("district", "district"), ("other", "other"), ("kept", "kept"), ("same_unit", "line")):
        assert page[f"sign_{sign}"] == word(LEGEND[key], lang)
    for key in ("ward", "city", "gone"):
        assert network[f"sign_{key}"] == word(LEGEND[f"point_{key}"], lang)
    assert page["schematic"] == word(SCHEMATIC, lang)


def test_both_languages_differ_in_words_only() -> None:
    """Rules, filters, signs, columns and values are the same; nothing but words was translated."""
    words = {"label", "name", "comment", "fieldName", "expression"}
    for layer, table in tables("network").items():
        vi, en = (style(PLANS["network"](), layer, table, lang) for lang in LANGUAGES)
        for one, other in zip(vi.iter(), en.iter(), strict=True):
            assert one.tag == other.tag
            keep = words if one.tag in ("rule", "alias", "Option", "field", "text-style", "style") else set()
            assert {k: v for k, v in one.items() if k not in keep} == {
                k: v for k, v in other.items() if k not in keep
            }


def test_estimated_areas_are_marked() -> None:
    root = style(over_time(), "premises", tables("over time")["premises"], "vi")
    text = next(root.iter("text-style")).get("fieldName")
    assert text is not None
    assert "' (ước tính)'" in text
    marked = {one.get("fieldname") for one in root.iter("fieldstyle")}
    assert marked == {"floor_area_m2", "floor_area_low_m2", "floor_area_high_m2"}
    assert {one.get("rule") for one in root.iterfind("conditionalstyles/fieldstyles/fieldstyle/style")} == {
        "\"floor_area_basis\" = 'estimated'"
    }


def test_text_of_the_data_reaches_no_rule_label_or_tip() -> None:
    """Of the data only the names of parts and the basis of boundaries stand in a style, and as values only."""
    clean = {layer: style(small(), layer, table, "vi") for layer, table in tables("network").items()}
    for layer, table in tables("hostile").items():
        root = style(small(hostile=True), layer, table, "vi")
        for tag in ("renderer-v2", "labeling", "aliases", "previewExpression", "mapTip", "conditionalstyles"):
            ours, theirs = root.find(tag), clean[layer].find(tag)
            assert (ours is None) == (theirs is None)
            if ours is not None and theirs is not None:
                assert ElementTree.tostring(ours) == ElementTree.tostring(theirs)


@pytest.mark.parametrize("name", PLANS)
def test_projects_hold_every_layer_in_drawing_order(files: dict[str, Path], name: str) -> None:
    found = dict(rows(files[name], "SELECT name, content FROM qgis_projects"))
    assert set(found) == set(NAMES.values())
    for lang in LANGUAGES:
        with zipfile.ZipFile(io.BytesIO(bytes.fromhex(found[NAMES[lang]]))) as archive:
            root = ElementTree.fromstring(archive.read("plan.qgs"))  # noqa: S314 our own file
        order = [str(one.get("source")) for one in root.iter("layer-tree-layer")]
        assert order[-1] == "./plan.gpkg|layername=wards"
        assert {one.rpartition("=")[2] for one in order} == set(tables(name))
        named = [str(one.findtext("layername")) for one in root.iter("maplayer")]
        assert sorted(named) == sorted(word(LAYERS[layer], lang) for layer in tables(name))


# --- in QGIS itself ------------------------------------------------------------------------------------------------


@cache
def python_with_qgis() -> str:
    """Return a Python that has QGIS, empty where there is none."""
    for name in ("/usr/bin/python3", shutil.which("python3") or ""):
        if name and Path(name).exists():
            done = subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False)
            if done.returncode == 0:
                return name
    return ""


def in_qgis(path: Path) -> dict[str, Any]:
    """Return what QGIS makes of a GeoPackage (tests/qgis_look.py)."""
    if not python_with_qgis():
        pytest.skip("no QGIS here: apt-get install python3-qgis runs this test")
    script = Path(__file__).with_name("qgis_look.py")
    done = subprocess.run(
        [python_with_qgis(), str(script), str(path)], capture_output=True, text=True, check=False, timeout=300
    )
    assert "JSON" in done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.partition("JSON")[2])
    return found


def typed(folder: Path) -> Plan:
    """Return a plan of a project in which every free text is hostile."""
    clean_project(folder)
    soil(folder)
    return make_plan(*read_inputs("mang", folder))


QGIS_PLANS = {
    "hanoi-2025": lambda _: hanoi(),
    "hanoi-centres": lambda _: centres(),
    "network": lambda _: small(),
    "hostile": typed,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", QGIS_PLANS)
def test_qgis_opens_it_styled(name: str, tmp_path: Path) -> None:
    plan = QGIS_PLANS[name](tmp_path)
    write_layers(plan, tmp_path / "plan.gpkg")
    found = in_qgis(tmp_path / "plan.gpkg")
    layers = {layer: table for layer, (_, _, table) in layers_of(plan).items()}
    assert set(found["layers"]) == set(layers)
    for layer, one in found["layers"].items():
        assert one["default"], one["message"]
        assert one["first"] == one["styles"]["Tiếng Việt"]["legend"]
        assert set(one["styles"]) == set(STYLE_NAMES.values())
        for lang, title in STYLE_NAMES.items():
            seen = one["styles"][title]
            assert seen["read"], seen["message"]
            assert seen["faults"] == []
            assert not seen["html"]
            named = {column: alias(layer, column, lang) for column in ("fid", *layers[layer])}
            assert {
                column: text for column, text in seen["aliases"].items() if column != NAMED_PARTS
            } == named
            for tip in seen["tips"]:
                assert "(vi)" not in tip
                assert (
                    set(tip.replace("<b>", "").replace("</b>", "").replace("<br>", "")) & {"<", ">"} == set()
                )
            text = "".join(str(said) for kind in ("tips", "labels", "titles") for said in seen[kind])
            assert "1337" not in text
            if name == "hostile" and layer == "wards":
                assert "=HYPERLINK" in "".join(seen["tips"])
            if name == "hostile" and layer == "premises":
                assert "[% 7 * 191 %]" in "".join(seen["tips"])
            assert name == "hostile" or "[%" not in text
    for lang, title in NAMES.items():
        project = found["projects"][title]
        assert project["read"]
        assert project["valid"]
        assert project["errors"] == []
        assert project["crs"] == "EPSG:3405"
        assert project["layers"][-1] == word(LAYERS["wards"], lang)
        assert project["colours"] > 50
