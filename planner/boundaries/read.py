"""Features of any map file that GDAL reads, in EPSG:4326."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import InputError, ProblemList
from planner.tables import Input, shown_path
from planner.wording import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz", ".zip", ".fgb", ".gml")
"""What is read from a folder."""
MARK = "fetched.json"
"""What `planner.boundaries.fetch` leaves in its folder; no map file."""
WEST, SOUTH, EAST, NORTH = 102.0, 6.0, 118.0, 24.0
_POINTERS = (
    b"<OGRVRTDataSource",
    b"<VRTDataset",
    b"<OGRWFSDataSource",
    b"<GDAL_WMS",
    b"/vsicurl",
    b"gdal vector",
)
_SHOWN_BOUNDS = "x {:g} … {:g}, y {:g} … {:g}"


@dataclass(frozen=True)
class Source:
    """What was read.

    Attributes
    ----------
    frame : geopandas.GeoDataFrame
        All features in EPSG:4326, with the column ``_place``: file and number of the feature, as messages say it.
    inputs : tuple of Input
        The files with their SHA-256.
    crs : str
        The coordinate system of the file, by name.
    crs_assumed : bool
        True where the file names none and its coordinates are degrees.
    """

    frame: GeoDataFrame
    inputs: tuple[Input, ...]
    crs: str
    crs_assumed: bool


def read_source(path: Path, layer: str | None = None, crs: str | None = None) -> Source:
    """Read a file, or all map files of a folder.

    Raises
    ------
    InputError
        It is missing, no map layer, has several layers to choose from, or coordinates that lie nowhere near.
    """
    import geopandas
    import pandas as pd

    problems = ProblemList()
    if not path.exists():
        near = (path.name, [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else [])
        raise InputError(problem("E101", shown_path(path), near=near))
    files = _files(path)
    if not files:
        raise InputError(problem("E401", shown_path(path), reason=f"a folder without {', '.join(SUFFIXES)}"))
    frames, inputs, assumed, names = [], [], False, []
    for file in files:
        shown = shown_path(file)
        frame = _read(file, shown, layer, problems)
        if frame is None:
            continue
        inputs.append(Input(shown, _sha256(file)))
        if frame.crs is None and crs is None:
            if not _in_degrees(frame):
                problems.problems.append(problem("E413", shown, found=_bounds(frame)))
                continue
            assumed = True
            frame = frame.set_crs("EPSG:4326")
        elif frame.crs is None:
            try:
                frame = frame.set_crs(crs)
            except Exception as error:  # pyproj raises what it likes; --crs is the user's text
                raise InputError(problem("E401", shown, reason=_one_line(error))) from None
        names.append(str(frame.crs.name))
        frame = frame.to_crs("EPSG:4326")
        if len(frame) and not _in_degrees(frame):
            problems.problems.append(problem("E402", shown, found=_bounds(frame)))
            continue
        frames.append(frame)
    problems.raise_if_any()
    if not sum(map(len, frames)):
        raise InputError(problem("E106", shown_path(path)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        joined = geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4326")
    return Source(joined, tuple(inputs), ", ".join(dict.fromkeys(names)), assumed)


def _files(path: Path) -> list[Path]:
    if not path.is_dir() or path.suffix.lower() == ".gdb":
        return [path]
    found = [file for file in sorted(path.iterdir()) if file.is_file() and not file.name.startswith(".")]
    return [file for file in found if file.suffix.lower() in SUFFIXES and file.name != MARK]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        with file.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _read(file: Path, shown: str, layer: str | None, problems: ProblemList) -> GeoDataFrame | None:
    """Read the polygons of one file; every problem is noted."""
    import geopandas
    import pandas as pd
    import pyogrio

    if reason := _refused(file):
        problems.problems.append(problem("E401", shown, reason=reason))
        return None
    # The only driver that fetches by itself what a file mentions.
    pyogrio.set_gdal_config_options({"GML_DOWNLOAD_SCHEMA": "NO"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
            if layer is not None and layer not in names:
                problems.problems.append(
                    problem("E414", shown, found=layer, near=(layer, names), allowed=names)
                )
                return None
            wanted = [layer] if layer is not None else names
            tables = {name: geopandas.read_file(file, layer=name, engine="pyogrio") for name in wanted}
    except Exception as error:  # GDAL raises whatever its driver raises; all of it is bad input here.
        problems.problems.append(problem("E401", shown, reason=_one_line(error)))
        return None
    spatial = {name: table for name, table in tables.items() if isinstance(table, geopandas.GeoDataFrame)}
    if not spatial:
        problems.problems.append(problem("E401", shown, reason="no geometry"))
        return None
    if len(spatial) > 1:
        areal = {name: table for name, table in spatial.items() if _has_area(table)}
        folders = file.suffix.lower() in (".kml", ".kmz")  # there a layer is only a folder of features
        if len(areal) > 1 and not folders:
            problems.problems.append(problem("E412", shown, found=list(areal)))
            return None
        spatial = areal or dict(list(spatial.items())[:1])
    for name, table in spatial.items():
        whose = f"{shown} {name}" if len(spatial) > 1 else shown
        table["_place"] = [f"{whose}:{row}" for row in range(1, len(table) + 1)]
    found = list(spatial.values())
    if len(found) == 1:
        return found[0]
    return geopandas.GeoDataFrame(pd.concat(found, ignore_index=True), crs=found[0].crs)


def _refused(file: Path) -> str:
    """Return why a file is not given to GDAL: it points elsewhere, perhaps to another machine."""
    if file.is_dir():
        return ""
    try:
        with file.open("rb") as handle:
            head = handle.read(8192)
    except OSError as error:
        return str(error.strerror)
    if not head:
        return "the file is empty"
    return "it only points to other sources" if any(mark in head for mark in _POINTERS) else ""


def _has_area(table: GeoDataFrame) -> bool:
    return bool(table.geometry.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"]).any())


def _shapes(frame: GeoDataFrame) -> Any:
    return frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]


def _in_degrees(frame: GeoDataFrame) -> bool:
    shapes = _shapes(frame)
    if shapes.empty:
        return True
    west, south, east, north = shapes.total_bounds
    return bool(west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH)


def _bounds(frame: GeoDataFrame) -> str:
    shapes = _shapes(frame)
    return _SHOWN_BOUNDS.format(*shapes.total_bounds) if len(shapes) else "-"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def texts(frame: GeoDataFrame, field: str) -> Sequence[str]:
    """Return a field as text; a missing value is empty, a whole number has no decimals."""
    import pandas as pd

    def text(value: object) -> str:
        if value is None or pd.isna(value):
            return ""
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    return [text(value) for value in frame[field].tolist()]
