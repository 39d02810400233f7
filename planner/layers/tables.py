"""The layers of a plan as tables with shapes: units, premises, centres, links and the reception network."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.polygons import boundary_file
from planner.tabulate import CENTRE, ON_CENTRE

if TYPE_CHECKING:
    from planner.plan import Plan


def layers_of(plan: Plan) -> dict[str, tuple[str, Any, pd.DataFrame]]:
    """Return the kind of geometry, the shapes and the columns of every layer, in the order they are written."""
    return {
        "wards": ("MultiPolygon", *_wards(plan)),
        "premises": ("Point", *_premises(plan)),
        "centres": ("Point", *_centres(plan)),
        "links": ("LineString", *_links(plan)),
        **_network(plan),
    }


def _wards(plan: Plan) -> tuple[Any, pd.DataFrame]:
    import shapely

    measures = plan.ward_measures()
    table = plan.region.wards[["name", "type", "former_district", "population"]].join(measures).reset_index()
    shapes: dict[str, Any] = {}
    if boundary_file(plan.region.folder) is not None:
        layer = plan.region.boundaries()
        for code, shape in layer.geometry.items():
            shapes[code] = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
        table["boundary_basis"] = layer["boundary_basis"].reindex(table["ward_code"]).fillna("").to_numpy()
    empty = shapely.MultiPolygon()
    return np.array([shapes.get(code, empty) for code in table["ward_code"]], dtype=object), table


def _premises(plan: Plan) -> tuple[Any, pd.DataFrame]:
    import shapely

    first = plan.premises[plan.premises["year"] == plan.scenario.horizon.start_year]
    sites = plan.region.sites.loc[first["site_id"]]
    seats = plan.first_year().groupby("site_id")["part"].agg(", ".join).to_dict()
    columns = ["name", "address", "floor_area_low_m2", "floor_area_high_m2", "floor_area_basis", "condition"]
    table = first[
        ["site_id", "ward_code", "kind", "status", "route", "floor_area_m2", "hall_seats"]
    ].reset_index(drop=True)
    table = table.join(sites[columns].reset_index(drop=True))
    table["parts"] = [seats.get(site, "") for site in table["site_id"]]
    last = plan.premises[plan.premises["status"] == "in_use"].groupby("site_id")["year"].max().to_dict()
    freed = plan.premises[(plan.premises["status"] == "released") & (plan.premises["route"] != ON_CENTRE)]
    freed = freed.drop_duplicates("site_id").set_index("site_id")
    since, route = freed["year"].to_dict(), freed["route"].to_dict()
    # Zero for never: a GeoPackage keeps whole numbers whole only without gaps.
    table["used_until"] = [int(last.get(site, 0)) for site in table["site_id"]]
    table["free_from"] = [int(since.get(site, 0)) for site in table["site_id"]]
    table["free_route"] = [str(route.get(site, "")) for site in table["site_id"]]
    return shapely.points(sites["lon"].to_numpy(), sites["lat"].to_numpy()), table


def _centres(plan: Plan) -> tuple[Any, pd.DataFrame]:
    """Return the joint-agency centres: where they stand, when they are built, floor and capital."""
    import shapely

    first = plan.scenario.horizon.start_year
    table = plan.premises[plan.premises["kind"] == CENTRE]
    by_centre = table.groupby("site_id", sort=True)
    capital = plan.costs[(plan.costs["heading"] == "capital") & (plan.costs["year"] > first)]
    spent = capital.groupby("ward_code")["vnd"].sum()
    rows, points = [], []
    for centre, years in by_centre:
        row = years.iloc[0]
        land = plan.region.sites if row["location"] in plan.region.sites.index else plan.region.parcels
        place = land.loc[row["location"]]
        points.append((float(place["lon"]), float(place["lat"])))
        opens = int(years.loc[years["status"] == "in_use", "year"].min())
        ward, floor = str(row["ward_code"]), int(row["floor_area_m2"])
        name = str(plan.region.wards.loc[ward, "name"])
        seats = int(row["hall_seats"])
        build = int(years["year"].min())
        rows.append(
            (
                str(centre),
                ward,
                name,
                str(row["location"]),
                build,
                opens,
                floor,
                seats,
                int(spent.get(ward, 0)),
            )
        )
    names = [
        "site_id", "ward_code", "ward_name", "location", "starts", "opens", "floor_m2", "hall_seats", "capital_vnd",
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=names)
    found = found.astype({name: "int64" for name in names[4:]}).astype({name: str for name in names[:4]})
    return shapely.points(np.array(points, float).reshape(-1, 2)), found


def _network(plan: Plan) -> dict[str, tuple[str, Any, pd.DataFrame]]:
    """Return the layers of the reception network: points, and lines from old communes to their points."""
    import shapely

    if not len(plan.points):
        return {}
    points = plan.points.drop(columns=["lat", "lon"]).reset_index(drop=True)
    shapes = shapely.points(plan.points["lon"].to_numpy(float), plan.points["lat"].to_numpy(float))
    stage = plan.points.set_index(["point_id", "year"])[["lon", "lat"]]
    served = plan.catchments.reset_index(drop=True)
    to = stage.loc[list(zip(served["point_id"], served["year"], strict=True))].to_numpy(float)
    start = _places(plan, served)
    lines = shapely.linestrings(np.stack([start, to], axis=1))
    return {"points": ("Point", shapes, points), "catchments": ("LineString", lines, served)}


def _places(plan: Plan, served: pd.DataFrame) -> Any:
    """Return where people set out from: parts of a divided commune half way to the point of their ward."""
    region = plan.region
    here = region.communes.loc[served["commune_code"], ["lon", "lat"]].to_numpy(float)
    ward = region.wards.loc[served["ward_code"], ["lon", "lat"]].to_numpy(float)
    kind = region.pairs.set_index(["commune_code", "ward_code"])["kind"]
    kinds = kind.loc[list(zip(served["commune_code"], served["ward_code"], strict=True))].to_numpy()
    return np.where((kinds == "whole")[:, None], here, (here + ward) / 2)


def _links(plan: Plan) -> tuple[Any, pd.DataFrame]:
    import shapely

    at = plan.region.sites[["lon", "lat"]].to_numpy(float)
    point_of = dict(zip(plan.region.sites.index, at.tolist(), strict=True))
    rows, lines = [], []
    for ward, seats in plan.first_year().groupby("ward_code", sort=True)["site_id"]:
        for a, b in combinations(sorted(set(seats)), 2):
            rows.append((ward, a, b))
            lines.append([point_of[a], point_of[b]])
    table = pd.DataFrame(rows, columns=["ward_code", "site_id_a", "site_id_b"]).astype(str)
    return shapely.linestrings(np.array(lines, float).reshape(-1, 2, 2)), table
