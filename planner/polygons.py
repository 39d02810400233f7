"""The polygons of the units, read when a map or a check asks for them; solving never does."""

from __future__ import annotations

import re
import warnings
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from planner.crosscheck import REACH_KM
from planner.errors import ProblemList
from planner.tables import shown_path
from planner.wording import date, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from planner.wording import Lang

FILES = ("wards.gpkg", "wards.geojson")
MAX_OVERLAP = 0.02
"""Two units may overlap by this share of the smaller one: lines of different scales never meet exactly."""
OUTSIDE_KM = 1.0
NOTICED_AREA = 0.05
"""The area of a polygon that differs from the official one by more than this share is told."""
_KM_PER_DEGREE = 111.2
IMPORTED = "imported"
"""How the basis of a layer starts that `planner boundaries import` wrote."""


class Units(Protocol):
    """What polygons are held against: the tables of a region, as `planner.region.Region` has them."""

    @property
    def wards(self) -> DataFrame:
        """Index ``ward_code``; ``name``, ``area_km2``, ``lat``, ``lon``."""

    @property
    def sites(self) -> DataFrame:
        """Index ``site_id``; ``ward_code``, ``lat``, ``lon``."""

    @property
    def folder(self) -> Path:
        """Where tables and layer lie."""

    @property
    def rows(self) -> dict[str, dict[str, int]]:
        """The row of its file that each site stands in, under ``sites``: for messages."""


def boundary_file(folder: Path) -> Path | None:
    """Return the layer of a data folder: ``wards.gpkg`` before ``wards.geojson``; None when there is none."""
    return next((folder / name for name in FILES if (folder / name).exists()), None)


def shown_basis(basis: str, lang: Lang) -> str:
    """Return a basis for people: without its first word, ten digits of the checksum, the day as they write it."""
    parts = []
    for part in basis.removeprefix(f"{IMPORTED}; ").split("; "):
        if re.fullmatch(r"sha256 [0-9a-f]{64}", part):
            parts.append(f"SHA-256 {part[7:17]}…")
            continue
        try:
            parts.append(date(Date.fromisoformat(part), lang))
        except ValueError:
            parts.append(part)
    return "; ".join(parts)


def in_metres(shapes: Any) -> Any:
    """Return shapes on an equal-area plane in metres about their middle: areas there are those on the ellipsoid."""
    import shapely
    from pyproj import Transformer

    west, south, east, north = shapely.total_bounds(shapes)
    plane = (
        f"+proj=laea +lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} +ellps=WGS84 +units=m"
    )
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(to_plane.transform(xy[:, 0], xy[:, 1])))


def area_table(wards: DataFrame, shapes: Sequence[Any]) -> DataFrame:
    """Return the areas of polygons beside the official ones, the largest difference first.

    Parameters
    ----------
    wards : pandas.DataFrame
        Index ``ward_code``; ``name``, ``area_km2``.
    shapes : sequence of shapely geometry
        One a row of `wards`, in degrees.

    Returns
    -------
    pandas.DataFrame
        ``ward_code``, ``name``, ``official_km2``, ``polygon_km2``, ``difference`` (share of the official area).
    """
    import pandas as pd
    import shapely

    official = wards["area_km2"].to_numpy(float)
    polygon = shapely.area(in_metres(np.array(shapes, dtype=object))) / 1e6
    table = pd.DataFrame(
        {
            "ward_code": list(wards.index),
            "name": list(wards["name"]),
            "official_km2": official,
            "polygon_km2": polygon,
            "difference": polygon / official - 1,
        }
    )
    order = (-table["difference"].abs()).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def read_boundaries(region: Units) -> GeoDataFrame:
    """Read and check the polygons of the units; see `Region.boundaries`."""
    problems = ProblemList()
    layer = read_boundaries_into(region, problems)
    problems.raise_if_any()
    return layer


def read_boundaries_into(region: Units, problems: ProblemList) -> GeoDataFrame:
    """Read the polygons, note every problem in `problems`, and return what could be read."""
    import geopandas

    nothing = geopandas.GeoDataFrame({"ward_code": [], "boundary_basis": []}, geometry=[], crs="EPSG:4326")
    path = boundary_file(region.folder)
    if path is None:
        wanted = shown_path(region.folder / FILES[1])
        near = (FILES[1], [other.name for other in region.folder.glob("*.*")])
        problems.problems.append(problem("E101", wanted, near=near))
        return nothing.set_index("ward_code")
    shown = shown_path(path)
    before = len(problems.problems)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layer = geopandas.read_file(path, engine="pyogrio")
    except Exception as error:  # GDAL raises whatever its driver raises; all of it is bad input here.
        problems.problems.append(problem("E401", shown, reason=" ".join(str(error).split())))
        return nothing.set_index("ward_code")
    if not isinstance(layer, geopandas.GeoDataFrame):
        problems.problems.append(problem("E401", shown, reason="no geometry"))
        return nothing.set_index("ward_code")
    for name in ("ward_code", "boundary_basis"):
        if name not in layer.columns:
            near = (name, [str(column) for column in layer.columns])
            problems.problems.append(problem("E409", shown, found=name, near=near))
    if len(problems.problems) > before or not _in_degrees(layer, shown, problems):
        return nothing.set_index("ward_code")
    layer["ward_code"] = layer["ward_code"].map(str)
    _check_members(region, layer, shown, problems)
    layer = layer[layer["ward_code"].isin(region.wards.index)].drop_duplicates("ward_code")
    layer = layer.set_index("ward_code").sort_index()
    if len(problems.problems) == before:
        check_shapes(region, layer, shown, problems)
    return layer


def _in_degrees(layer: GeoDataFrame, shown: str, problems: ProblemList) -> bool:
    if layer.crs is None or layer.crs.to_epsg() not in (4326, 4979):
        name = "none given" if layer.crs is None else layer.crs.name
        problems.problems.append(problem("E402", shown, found=name))
        return False
    shapes = layer.geometry[~(layer.geometry.isna() | layer.geometry.is_empty)]
    if shapes.empty:
        problems.problems.append(problem("E106", shown))
        return False
    west, south, east, north = shapes.total_bounds
    if west >= 102 and east <= 118 and south >= 6 and north <= 24:
        return True
    found = f"x {west:g} … {east:g}, y {south:g} … {north:g}"
    problems.problems.append(problem("E402", shown, found=found))
    return False


def _check_members(region: Units, layer: GeoDataFrame, shown: str, problems: ProblemList) -> None:
    """Every unit has one polygon, and every polygon a unit."""
    import shapely

    names = {code: f"{code} {name}" for code, name in region.wards["name"].items()}
    counts = layer["ward_code"].value_counts()
    table = shown_path(region.folder / "wards.csv")
    for code, count in sorted(counts.items()):
        if code not in names:
            problems.problems.append(
                problem("E405", shown, found=code, near=(code, list(names)), table=table)
            )
        elif count > 1:
            problems.problems.append(problem("E406", f"{shown} {code}", ward=names[code], count=int(count)))
    for code, name in names.items():
        if code not in counts:
            problems.problems.append(problem("E404", f"{shown} {code}", ward=name))
    for code, shape in zip(layer["ward_code"], layer.geometry, strict=True):
        name = names.get(code, code)
        if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
            found = "empty" if shape is None or shape.is_empty else shape.geom_type
            problems.problems.append(problem("E407", f"{shown} {code}", ward=name, found=found))
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            problems.problems.append(problem("E403", f"{shown} {code}", ward=name, reason=reason))


def check_shapes(region: Units, layer: GeoDataFrame, shown: str, problems: ProblemList) -> None:
    """Polygons lie where their units and sites are, and do not lie on one another."""
    import shapely

    names = {code: f"{code} {name}" for code, name in region.wards["name"].items()}
    # Degrees of longitude are shortened, so that lengths are comparable in both directions.
    shrink = float(np.cos(np.radians(region.wards["lat"].mean())))
    shapes = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy * [shrink, 1.0])
    codes = list(layer.index)
    of_code = dict(zip(codes, shapes, strict=True))

    def km_outside(code: str, frame: Series) -> float:
        point = shapely.Point(frame["lon"] * shrink, frame["lat"])
        return float(shapely.distance(of_code[code], point)) * _KM_PER_DEGREE

    for code, ward in region.wards.iterrows():
        km = km_outside(str(code), ward)
        if km > REACH_KM:
            problems.problems.append(problem("E408", f"{shown} {code}", ward=names[code], km=f"{km:.1f}"))
    tree = shapely.STRtree(shapes)
    one, two = tree.query(shapes, predicate="intersects")
    for a, b in zip(one[one < two], two[one < two], strict=True):
        common = shapely.area(shapely.intersection(shapes[a], shapes[b]))
        share = float(common / min(shapely.area(shapes[a]), shapely.area(shapes[b])))
        if share > MAX_OVERLAP:
            ward, other = names[codes[a]], names[codes[b]]
            where = f"{shown} {codes[a]}"
            problems.problems.append(problem("E411", where, ward=ward, other=other, found=f"{share:.0%}"))
    surveyed = layer["boundary_basis"].astype(str).str.lower() != "schematic"
    sites = shown_path(region.folder / "sites.csv")
    rows = region.rows.get("sites", {})
    for site, row in region.sites.iterrows():
        code = row["ward_code"]
        if surveyed.get(code, False) and (km := km_outside(code, row)) > OUTSIDE_KM:
            at = tree.query(shapely.Point(row["lon"] * shrink, row["lat"]), predicate="intersects")
            other = names[codes[at[0]]] if len(at) else "-"
            problems.problems.append(
                problem(
                    "E410",
                    f"{sites}:{rows.get(str(site), site)} lat",
                    found=site,
                    km=f"{km:.1f}",
                    ward=names[code],
                    other=other,
                )
            )
