"""A QGIS project inside the GeoPackage: layers in drawing order under their names, in one language."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from planner.layers.qml import DOCTYPE, VERSION, plain
from planner.layers.words import GROUPS, LAYERS, SCHEMATIC, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.wording import Lang

CREATE = "CREATE TABLE qgis_projects(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
"""As QGIS creates it; QGIS does not register it in ``gpkg_contents``."""
NAMES: dict[Lang, str] = {"vi": "Phương án (tiếng Việt)", "en": "Plan (English)"}
CRS = "EPSG:3405"
"""VN-2000 / UTM zone 48N, Vietnam's own system west of 108° E."""
SRSID = {CRS: "1363", "EPSG:4326": "3452"}
"""QGIS's own numbers of both systems."""
DAY = (2025, 7, 1, 0, 0, 0)
KINDS = {"MultiPolygon": "Polygon", "Point": "Point", "LineString": "Line"}
ORDER = {
    "network": ("points", "catchments"),
    "premises": ("centres", "premises", "links"),
    "units": ("wards",),
}
"""Groups of layers, the topmost first."""


def project_row(
    file: str,
    title: str,
    lang: Lang,
    kinds: Mapping[str, str],
    styles: Mapping[str, Element],
    bounds: tuple[float, float, float, float],
    schematic: bool,
) -> tuple[str, str, str]:
    """Return the name, the metadata and the content (hexadecimal) of a row of ``qgis_projects``.

    Parameters
    ----------
    file : str
        Name of the GeoPackage, beside which QGIS looks for its layers.
    kinds : mapping
        Kind of geometry by layer.
    styles : mapping
        The root of the style of each layer.
    bounds : tuple of float
        West, south, east and north of what is shown first, degrees.
    """
    text = project(file, title, lang, kinds, styles, bounds, schematic)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("plan.qgs", DAY), text.encode(), zipfile.ZIP_DEFLATED)
    about = json.dumps({"last_modified_time": "2025-07-01T00:00:00", "last_modified_user": ""})
    return NAMES[lang], about, whole.getvalue().hex()


def project(
    file: str,
    title: str,
    lang: Lang,
    kinds: Mapping[str, str],
    styles: Mapping[str, Element],
    bounds: tuple[float, float, float, float],
    schematic: bool,
) -> str:
    """Return the project as XML (see `project_row`)."""
    root = Element("qgis", projectname=plain(title), version=VERSION)
    SubElement(root, "title").text = plain(title)
    _crs(SubElement(root, "projectCrs"), CRS)
    tree = SubElement(root, "layer-tree-group")
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    _extent(canvas, bounds)
    SubElement(canvas, "rotation").text = "0"
    _crs(SubElement(canvas, "destinationsrs"), CRS)
    layers = SubElement(root, "projectlayers")
    order = SubElement(root, "layerorder")
    known_crs = SubElement(SubElement(root, "properties"), "SpatialRefSys")
    SubElement(
        known_crs, "ProjectionsEnabled", type="int"
    ).text = "1"  # without it QGIS takes no system at all
    for group, names in ORDER.items():
        here = [name for name in names if name in kinds]
        if not here:
            continue
        label = word(GROUPS[group], lang)
        if group == "units" and schematic:
            label += f" – {word(SCHEMATIC, lang)}"
        branch = SubElement(tree, "layer-tree-group", name=label, checked="Qt::Checked", expanded="1")
        for name in here:
            known, title = f"planner_{name}", word(LAYERS[name], lang)
            source = f"./{file}|layername={name}"
            SubElement(branch, "layer-tree-layer", id=known, name=title, source=source, providerKey="ogr",
                       checked="Qt::Checked", expanded="1")  # fmt: skip
            layer = SubElement(layers, "maplayer", type="vector", geometry=KINDS[kinds[name]])
            for key, value in (("id", known), ("datasource", source), ("layername", title)):
                SubElement(layer, key).text = value
            SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
            _crs(SubElement(layer, "srs"), "EPSG:4326")
            for key, value in styles[name].attrib.items():
                if key != "version":
                    layer.set(key, value)
            layer.extend(styles[name])
            SubElement(order, "layer", id=known)
    return DOCTYPE + tostring(root, encoding="unicode")


def _crs(parent: Element, code: str) -> None:
    system = SubElement(parent, "spatialrefsys")
    # QGIS 3.22 passes over a project's system that has no number of its own list, but then goes by the EPSG code.
    SubElement(system, "srsid").text = SRSID[code]
    SubElement(system, "srid").text = code.removeprefix("EPSG:")
    SubElement(system, "authid").text = code


def _extent(canvas: Element, bounds: tuple[float, float, float, float]) -> None:
    extent = SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), _shown_first(bounds), strict=True):
        SubElement(extent, name).text = str(value)


@cache
def _shown_first(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return what is shown first in metres, in steps of 100 m, so that another PROJ gives the same bytes."""
    from pyproj import Transformer

    west, south, east, north = bounds
    to: Any = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    (left, right), (bottom, top) = to.transform([west, east], [south, north])
    margin = 0.03 * max(right - left, top - bottom)
    return (
        round(left - margin, -2),
        round(bottom - margin, -2),
        round(right + margin, -2),
        round(top + margin, -2),
    )
