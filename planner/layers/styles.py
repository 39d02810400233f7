"""Styles and projects inside the GeoPackage as QGIS keeps them: tables ``layer_styles`` and ``qgis_projects``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from planner.layers.fields import FIELDS
from planner.layers.looks import look_of
from planner.layers.project import CREATE, project_row
from planner.layers.qml import as_text, qml
from planner.layers.words import ABOUT, LAYERS, SCHEMATIC_LONG, STYLE_NAMES, VALUES, choices, word
from planner.polygons import shown_basis
from planner.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from xml.etree.ElementTree import Element

    import pandas as pd

    from planner.plan import Plan
    from planner.wording import Lang

    Layer = tuple[str, Any, pd.DataFrame]

TABLE = "layer_styles"
GEOMETRY = "geom"
_CREATE = """CREATE TABLE "layer_styles" (
"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "f_table_catalog" TEXT(256), "f_table_schema" TEXT(256),
"f_table_name" TEXT(256), "f_geometry_column" TEXT(256), "styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT,
"useAsDefault" BOOLEAN, "description" TEXT, "owner" TEXT(30), "ui" TEXT(30),
"update_time" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
"""As QGIS 3.22 creates it in a GeoPackage."""


def write_styles(plan: Plan, path: Path, layers: Mapping[str, Layer], lang: Lang, day: str) -> None:
    """Add styles and a project in both languages to a GeoPackage, and name its layers.

    Parameters
    ----------
    layers : mapping
        The layers of the file: kind of geometry, shapes, columns.
    lang : {"vi", "en"}
        Whose styles QGIS takes by itself.
    day : str
        Time stamp of every row: the same plan gives the same bytes.
    """
    kinds = {name: kind for name, (kind, _, _) in layers.items()}
    tables = {name: table for name, (_, _, table) in layers.items()}
    looks = {one: {name: style(plan, name, tables[name], one) for name in tables} for one in LANGUAGES}
    drawn = _is_schematic(tables["wards"])
    with closing(sqlite3.connect(path)) as file, file:
        # The file is written beside its place and renamed when it is whole: a power cut spoils nothing that was there.
        file.execute("PRAGMA synchronous = OFF")
        file.execute(_CREATE)
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES (?, 'attributes', ?, '', ?, 0)",
            (TABLE, TABLE, day),
        )
        for layer, table in tables.items():
            about = _about(layer, table)
            file.execute(
                "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
                (" / ".join(LAYERS[layer]), "\n".join(about[one] for one in LANGUAGES), layer),
            )
            for one in LANGUAGES:
                row = (layer, GEOMETRY, STYLE_NAMES[one], as_text(looks[one][layer]), "", one == lang, about[one],
                       "", day)  # fmt: skip
                file.execute(
                    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                    '"styleName", "styleQML", "styleSLD", "useAsDefault", description, owner, update_time) '
                    "VALUES ('', '', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
        file.execute(CREATE)
        bounds = _bounds(layers)
        for one in LANGUAGES:
            title = plan.scenario.title_vi if one == "vi" else plan.scenario.title_en
            project = project_row(path.name, title, one, kinds, looks[one], bounds, drawn)
            file.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", project)


def _bounds(layers: Mapping[str, Layer]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the units, or of the premises where there are no boundaries."""
    import shapely

    for name in ("wards", "premises"):
        found = shapely.total_bounds(layers[name][1]).tolist()
        if found[0] == found[0]:
            break
    return found[0], found[1], found[2], found[3]


def style(plan: Plan, layer: str, table: pd.DataFrame, lang: Lang) -> Element:
    """Return the style of a layer in a language."""
    horizon = plan.scenario.horizon
    years = range(horizon.start_year, horizon.start_year + horizon.years)
    words: dict[str, Mapping[str, str]] = {}
    for name, field in FIELDS[layer].items():
        if name not in table or not field.values:
            continue
        if field.values == "year":
            words[name] = {"0": "–", **{str(year): str(year) for year in years}}
        else:
            words[name] = choices(VALUES[field.values], lang)
        if field.values == "boundary_basis":
            given = sorted(set(table[name].astype(str)) - set(VALUES["boundary_basis"]))
            words[name] = {**words[name], **{text: shown_basis(text, lang) for text in given}}
    parts = plan.norms.parts[lang].astype(str).to_dict()
    look = look_of(layer, table, years[0], years[-1])
    return qml(layer, look, lang, list(table.columns), words, parts)


def _about(layer: str, table: pd.DataFrame) -> dict[Lang, str]:
    """Say what a layer is, and that its boundaries are schematic where they are."""
    found: dict[Lang, str] = {}
    for lang in LANGUAGES:
        text = f"{word(ABOUT[layer], lang)}."
        if layer == "wards" and _is_schematic(table):
            text += f" {word(SCHEMATIC_LONG, lang)}."
        found[lang] = text
    return found


def _is_schematic(wards: pd.DataFrame) -> bool:
    """Say whether a boundary was drawn by the program; without boundaries none was."""
    return "boundary_basis" in wards and bool((wards["boundary_basis"] == "schematic").any())
