"""In how many cases an old office is given to the unit in which the label point of its old unit really lies.

    python benchmarks/office_units.py

Compares data/geo/sites.csv with the real polygons of ../shared/geo, which the build never reads.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
POLYGONS = ROOT.parent / "shared" / "geo" / "wards.geojson"


def main() -> None:
    """Print the two counts."""
    if not POLYGONS.is_file():
        sys.exit(f"{POLYGONS} is missing: the real polygons lie beside the checkout, never in it")
    geo = ROOT / "data" / "geo"
    codes = dict.fromkeys(("ward_code", "commune_code"), str)
    communes = pd.read_csv(geo / "communes.csv", dtype=codes)
    pairs = pd.read_csv(geo / "commune_ward.csv", dtype=codes)
    sites = pd.read_csv(geo / "sites.csv", dtype=codes)
    points = geopandas.GeoDataFrame(
        communes, geometry=geopandas.points_from_xy(communes["lon"], communes["lat"]), crs="EPSG:4326"
    )
    wards = geopandas.read_file(POLYGONS)[["ward_code", "geometry"]]
    inside = geopandas.sjoin(points, wards, predicate="within").drop_duplicates("commune_code")
    real = inside.set_index("commune_code")["ward_code"]
    offices = sites[sites["kind"] == "former_commune_hq"].set_index("commune_code")["ward_code"]
    agrees = real.reindex(offices.index) == offices
    split = agrees[agrees.index.isin(pairs.loc[pairs["kind"] != "whole", "commune_code"])]
    print(f"all old units: {agrees.sum()} of {len(agrees)}; split ones: {split.sum()} of {len(split)}")


if __name__ == "__main__":
    main()
