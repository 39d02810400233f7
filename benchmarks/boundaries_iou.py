"""Measure the schematic boundaries against real ones: intersection over union per unit.

Run ``python benchmarks/boundaries_iou.py [FILE]``. The real polygons (``../shared/geo/wards.geojson``, or
``--real FILE``) are no part of the project: their terms are not cleared. Without them nothing is measured.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

ROOT = Path(__file__).resolve().parent.parent
METRIC = "EPSG:32648"


def measure(drawn: Path, real: Path) -> DataFrame:
    """Return name, area and intersection over union per unit, the worst first."""
    import geopandas

    ours = geopandas.read_file(drawn).set_index("ward_code").to_crs(METRIC).sort_index()
    theirs = geopandas.read_file(real).set_index("ward_code").to_crs(METRIC).sort_index()
    if list(ours.index) != list(theirs.index):
        raise ValueError(f"{drawn} and {real} have different units")
    both = ours.geometry.intersection(theirs.geometry).area
    either = ours.geometry.union(theirs.geometry).area
    table = ours[["name"]].assign(km2=theirs.area / 1e6, iou=both / either)
    return table.sort_values("iou")


def main() -> int:
    """Print median, quartiles and the worst ten."""
    parser = argparse.ArgumentParser(description="Compare the schematic boundaries with real ones.")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "data" / "geo" / "wards.geojson")
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "geo" / "wards.geojson")
    arguments = parser.parse_args()
    if not arguments.real.is_file():
        print(
            f"skipped: no real boundaries at {arguments.real} (they are not part of the project; give --real FILE)"
        )
        return 0
    table = measure(arguments.file, arguments.real)
    low, middle, high = table["iou"].quantile([0.25, 0.5, 0.75])
    print(
        f"{len(table)} units: median {middle:.3f}, quartiles {low:.3f} and {high:.3f}, mean {table['iou'].mean():.3f}"
    )
    print("worst ten:")
    for code, row in table.head(10).iterrows():
        print(f"  {code} {row['name']:<20} {row['km2']:7.2f} km²  {row['iou']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
