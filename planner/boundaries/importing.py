"""Import of official polygons: read, match, repair, check, compare with the official areas, write."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from planner.boundaries.layer import GPKG, check_layer_target, write_layer
from planner.boundaries.match import Match, match
from planner.boundaries.read import Source, read_source, texts
from planner.boundaries.repair import Repair, is_tiling, repaired
from planner.errors import ProblemList
from planner.polygons import IMPORTED, NOTICED_AREA, area_table, boundary_file, check_shapes, in_metres
from planner.region import Region, read_region
from planner.tables import Input, shown_path
from planner.wording import problem, shown

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TOLERANCE_M = 25.0
"""Borders are simplified so far unless asked otherwise: pages stay small, checks never look closer."""


@dataclass(frozen=True)
class Imported:
    """What an import found and did.

    Attributes
    ----------
    layer : geopandas.GeoDataFrame
        ``ward_code``, ``name``, ``boundary_basis`` and the polygons.
    areas : pandas.DataFrame
        By unit, the largest difference first: ``ward_code``, ``name``, ``official_km2``, ``polygon_km2``,
        ``difference`` (share of the official area).
    outside : tuple of (str, float)
        Units whose point lies outside their polygon, with the metres.
    target, kept : Path or None
        Where the layer was written (None: not at all), and where the schematic one is kept if it was replaced.
    in_use : bool
        Whether maps read what was written.
    """

    layer: GeoDataFrame
    features: int
    found: Match
    repair: Repair
    areas: pd.DataFrame
    outside: tuple[tuple[str, float], ...]
    basis: str
    crs: str
    crs_assumed: bool
    tolerance_m: float
    inputs: tuple[Input, ...]
    target: Path | None = None
    kept: Path | None = None
    in_use: bool = False

    def noticed(self) -> pd.DataFrame:
        """Return the areas that differ by more than `NOTICED_AREA`."""
        return self.areas[self.areas["difference"].abs() > NOTICED_AREA]

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values, for ``--json``."""
        return {
            "written": str(self.target) if self.target else None,
            "schematic_kept": str(self.kept) if self.kept else None,
            "boundary_basis": self.basis,
            "inputs": [asdict(one) for one in self.inputs],
            "crs": self.crs,
            "crs_assumed": self.crs_assumed,
            "features": self.features,
            "units": len(self.layer),
            "code_field": self.found.fields[0],
            "name_field": self.found.fields[1],
            "matched_by_name": list(self.found.by_name),
            "joined_from_parts": {code: len(rows) for code, rows in self.found.rows.items() if len(rows) > 1},
            "unused_features": [{"where": where, "name": name} for where, name in self.found.unused],
            "features_without_area": list(self.found.no_area),
            "repair": asdict(self.repair),
            "tolerance_m": self.tolerance_m,
            "points_outside": [{"ward_code": code, "m": round(metres)} for code, metres in self.outside],
            "official_km2": round(float(self.areas["official_km2"].sum()), 3),
            "polygon_km2": round(float(self.areas["polygon_km2"].sum()), 3),
            "noticed": list(self.noticed()["ward_code"]),
            "areas": [
                {
                    **row,
                    "polygon_km2": round(row["polygon_km2"], 4),
                    "difference": round(row["difference"], 5),
                }
                for row in self.areas.to_dict("records")
            ],
        }


def import_boundaries(
    path: Path,
    geo: Path,
    *,
    layer: str | None = None,
    code_field: str | None = None,
    name_field: str | None = None,
    crs: str | None = None,
    basis: str = "",
    output: Path | None = None,
    tolerance_m: float = TOLERANCE_M,
    dry_run: bool = False,
    force: bool = False,
    today: date | None = None,
) -> Imported:
    """Read polygons from a file or folder and make them the boundaries of a data folder.

    Raises
    ------
    InputError
        With everything that is ambiguous or missing; then nothing is written.
    """
    target = output or geo / GPKG
    if not dry_run:
        check_layer_target(target, geo, force=force)
    region = read_region(geo)
    source = read_source(path, layer, crs)
    where = shown_path(path)
    problems = ProblemList()
    _refuse_schematic(source, where, problems)
    problems.raise_if_any()
    found = match(region, source.frame, where, problems, code_field, name_field)
    problems.raise_if_any()
    codes = list(region.wards.index)
    groups = [list(source.frame.geometry.iloc[found.rows[code]]) for code in codes]
    shapes, repair = repaired(codes, groups, tolerance_m)
    text = _basis(path, source, basis, today or date.today())
    result = _layer(region, codes, shapes, text)
    _check(region, result, where, problems)
    problems.raise_if_any()
    written = kept = None
    if not dry_run:
        kept = write_layer(result.reset_index(), target, geo)
        written = target
    return Imported(
        layer=result.reset_index(),
        features=len(source.frame),
        found=found,
        repair=repair,
        areas=area_table(region.wards, shapes),
        outside=_outside(region, codes, shapes),
        basis=text,
        crs=source.crs,
        crs_assumed=source.crs_assumed,
        tolerance_m=tolerance_m,
        inputs=source.inputs,
        target=written,
        kept=kept,
        in_use=written is not None and boundary_file(geo) == written,
    )


def _refuse_schematic(source: Source, where: str, problems: ProblemList) -> None:
    """Note it where the program's own drawing would come back as official."""
    if "boundary_basis" in source.frame.columns and "schematic" in texts(source.frame, "boundary_basis"):
        problems.problems.append(problem("E424", where))


def _basis(path: Path, source: Source, text: str, today: date) -> str:
    """Return the basis that every polygon carries: what the user says, file, checksum, day."""
    if len(source.inputs) == 1:
        digest = source.inputs[0].sha256
    else:
        import hashlib

        lines = "".join(f"{one.sha256}  {Path(one.path).name}\n" for one in source.inputs)
        digest = hashlib.sha256(lines.encode()).hexdigest()
    parts = [IMPORTED, *([shown(" ".join(text.replace(";", ",").split()))] if text.strip() else [])]
    return "; ".join([*parts, shown(path.name), f"sha256 {digest}", today.isoformat()])


def _layer(region: Region, codes: list[str], shapes: list[Any], basis: str) -> GeoDataFrame:
    import geopandas

    columns = {"ward_code": codes, "name": list(region.wards["name"]), "boundary_basis": basis}
    frame = pd.DataFrame(columns)
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326").set_index("ward_code")


def _check(region: Region, layer: GeoDataFrame, where: str, problems: ProblemList) -> None:
    """Hold the polygons to what maps and `check` will ask of them."""
    for code, shape in layer.geometry.items():
        if shape.is_empty:
            name = f"{code} {region.wards.loc[code, 'name']}"
            problems.problems.append(problem("E407", where, ward=name, found="empty"))
    problems.raise_if_any()
    if not is_tiling(list(layer.geometry)):
        problems.problems.append(problem("E425", where))
    check_shapes(region, layer, where, problems)


def _outside(region: Region, codes: list[str], shapes: list[Any]) -> tuple[tuple[str, float], ...]:
    points = shapely.points(region.wards["lon"].to_numpy(float), region.wards["lat"].to_numpy(float))
    flat = in_metres(np.array([*shapes, *points], dtype=object))
    metres = shapely.distance(flat[: len(codes)], flat[len(codes) :])
    return tuple((code, float(m)) for code, m in zip(codes, metres, strict=True) if m > 0)
