"""The file of boundaries in a data folder: written whole or not at all, and the way back to the schematic one."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputError, Problem
from planner.polygons import FILES, IMPORTED
from planner.results import write_beside
from planner.tables import shown_path
from planner.wording import problem

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

GPKG, GEOJSON = FILES
KEPT_SCHEMATIC = "wards.schematic.geojson"
KEPT_IMPORTED = "wards.imported.gpkg"


def basis_of(path: Path) -> str | None:
    """Return the basis of the first polygon of a layer; None where it cannot be read."""
    import pyogrio

    try:
        found = pyogrio.read_dataframe(path, columns=["boundary_basis"], read_geometry=False, max_features=1)
        return str(found["boundary_basis"].iloc[0])
    except Exception:  # whatever GDAL makes of a file that is not ours
        return None


def check_layer_target(path: Path, geo: Path, *, force: bool) -> None:
    """Refuse a place that holds no layer of this program (E421), or that no map would read (E422)."""
    if path.suffix.lower() not in (".gpkg", ".geojson"):
        raise InputError(problem("E420", str(path), found=path.suffix or path.name))
    if path.is_file() and not force:
        basis = basis_of(path)
        if basis is None or not (basis.startswith(IMPORTED) or basis == "schematic"):
            raise InputError(problem("E421", shown_path(path)))
    if path.absolute() == (geo / GEOJSON).absolute() and (geo / GPKG).exists():
        raise InputError(problem("E422", shown_path(path), table=shown_path(geo / GPKG)))


def write_layer(layer: GeoDataFrame, path: Path, geo: Path) -> Path | None:
    """Write the layer; return where the schematic one that stood in its place is kept, if one did."""
    kept = None
    if path.absolute() == (geo / GEOJSON).absolute() and path.is_file() and basis_of(path) == "schematic":
        kept = geo / KEPT_SCHEMATIC
        before = path.read_bytes()
        write_beside(kept, lambda beside: _bytes(beside, before))
    write_beside(path, lambda beside: _write(layer, beside, path.suffix.lower()))
    return kept


def _bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _write(layer: GeoDataFrame, path: Path, suffix: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL minds the ending .part of a file that is not yet in its place
        if suffix == ".gpkg":
            layer.to_file(path, driver="GPKG", layer="wards", engine="pyogrio", geometry_type="MultiPolygon")
        else:
            options = {"COORDINATE_PRECISION": 6, "RFC7946": "YES"}
            layer.to_file(path, driver="GeoJSON", engine="pyogrio", **options)


def restore(geo: Path) -> list[tuple[Path, Path]]:
    """Take imported boundaries away, so that the schematic ones are read again; return what moved where.

    The imported layer is kept beside as ``wards.imported.gpkg`` or ``wards.imported.geojson``.

    Raises
    ------
    InputError
        Nothing imported is there (E423), the layer is not of this program (E421), or cannot be moved (E806).
    """
    moves = []
    if (geo / GPKG).exists():
        moves.append((geo / GPKG, geo / KEPT_IMPORTED))
    if (geo / KEPT_SCHEMATIC).is_file():
        if (geo / GEOJSON).exists():
            moves.append((geo / GEOJSON, geo / KEPT_IMPORTED.replace(".gpkg", ".geojson")))
        moves.append((geo / KEPT_SCHEMATIC, geo / GEOJSON))
    if not moves:
        raise InputError(problem("E423", shown_path(geo)))
    for old, _ in moves:
        if old.name in FILES and not (basis_of(old) or "").startswith(IMPORTED):
            raise InputError(problem("E421", shown_path(old)))
    for old, new in moves:
        try:
            old.replace(new)
        except OSError as error:
            fix = "Close files of this folder that are open, then try again."
            text = f"cannot be replaced ({error.strerror})"
            raise InputError(Problem("E806", shown_path(new), text, fix)) from None
    return moves
