"""``plan.gpkg``: the layers of a plan with their styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.layers.styles import write_styles
from planner.layers.tables import layers_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.plan import Plan
    from planner.wording import Lang

FIXED_DATE = "2025-07-01T00:00:00.000Z"
"""GDAL stamps layers with the time; a fixed one keeps the file the same for the same plan."""


VERSION = "1.2"
"""Of the GeoPackage standard: newer ones make QGIS 3.22 warn at every step."""


def write_layers(plan: Plan, path: Path, lang: Lang = "vi") -> None:
    """Write ``plan.gpkg`` (EPSG:4326).

    Layers ``wards``, ``premises``, ``centres`` and ``links``; of a reception network also ``points`` and
    ``catchments``, one row a stage. Each has a style in both languages; QGIS opens it in `lang`.
    """
    import pyogrio
    import shapely

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    layers = layers_of(plan)
    for layer, (kind, shapes, table) in layers.items():
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(shapes),
            field_data=[_column(table[name]) for name in table.columns],
            fields=list(table.columns),
            layer=layer,
            driver="GPKG",
            geometry_type=kind,
            crs="EPSG:4326",
            dataset_options={"VERSION": VERSION},
            append=layer != "wards",
        )
    write_styles(plan, path, layers, lang, FIXED_DATE)


def _column(values: pd.Series) -> Any:
    return values.to_numpy() if values.dtype.kind in "if" else values.astype(object).to_numpy()
