"""Location at scale: Hanoi's 526 old communes, the country's 10,035, graphs and plants like those of the libraries.

``python benchmarks/location.py [hanoi] [country] [graph] [capacitated] [tight] [holmberg] [cover-400] [cover-600]
[cover-900]`` prints rows of
docs/benchmarks.md; all of them when nothing is named. ``UNITS_DB`` names the file dataset.db of the package
vietnamadminunits (country).
"""

from __future__ import annotations

import os
import resource
import sqlite3
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from planner.location.locate import locate  # noqa: E402
from planner.location.location import Location  # noqa: E402
from planner.location.network import Network  # noqa: E402
from planner.location.points import network_of_points, straight  # noqa: E402
from planner.program import Effort  # noqa: E402
from planner.travel import metric_points, road_metres  # noqa: E402
from tests.location.instances import holmberg, or_library_graph, osman_christofides, tight  # noqa: E402


def hanoi() -> Network:
    """Return the old communes as demand and candidates: people × road metres."""
    communes = pd.read_csv(ROOT / "data/geo/communes.csv", dtype={"commune_code": str})
    pairs = pd.read_csv(ROOT / "data/geo/commune_ward.csv", dtype={"commune_code": str})
    people = pairs.groupby("commune_code")["population"].sum().reindex(communes["commune_code"])
    detour = pd.read_csv(ROOT / "data/norms/detour.csv", comment="#")
    points = metric_points(communes["lat"].to_numpy(float), communes["lon"].to_numpy(float))
    ids = communes["commune_code"].tolist()
    return network_of_points(
        (ids, points),
        (ids, points),
        len(ids),
        weight=people.fillna(0).to_numpy(float),
        measure=lambda one, other: road_metres(one, other, detour).astype(float),
    )


def country(nearest: int) -> Network:
    """Return the country's old units with weights drawn at random from 1,000 to 19,999 people; whole metres."""
    with sqlite3.connect(os.environ["UNITS_DB"]) as database:
        query = "select wardCode, wardLat, wardLon from admin_units_legacy where wardLat is not null order by wardCode"
        rows = database.execute(query).fetchall()
    points = metric_points(
        np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], float)
    )
    weight = np.random.default_rng(1).integers(1000, 20000, len(rows)).astype(float)
    ids = [f"{number:05d}-{row[0]}" for number, row in enumerate(rows)]
    measure = lambda one, other: np.rint(straight(one, other))  # noqa: E731
    return network_of_points((ids, points), (ids, points), nearest, weight=weight, measure=measure)


def report(
    name: str, build: object, model: str, p: int | None, effort: Effort, limit: float | None = None
) -> Location:
    """Solve one instance, print its row and return the answer."""
    begun, cpu = time.perf_counter(), time.process_time()
    network = build()  # type: ignore[operator]
    found = locate(network, model, p, limit, effort)  # type: ignore[arg-type]
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {name} | {p or ''} | {found.status} | {found.objective:,.0f} | {100 * found.gap:.4f} % | {wall:.1f} | "
        f"{cpu:.1f} | {memory:,.0f} |",
        flush=True,
    )
    return found


def cover(n: int, p: int) -> None:
    """Points by reach on a graph: p-centre gives the radius, which gives the limits of the other two."""
    network, _ = or_library_graph(n, p, n + p)
    effort = Effort(time_limit=900.0)
    radius = report(f"graph {n}, p-centre", lambda: network, "p-centre", p, effort).objective
    for model, count, share in (
        ("lscp", None, 1.0),
        ("lscp", None, 1.2),
        ("mclp", p, 0.5),
        ("mclp", p, 0.7),
        ("mclp", p, 0.85),
    ):
        limit = float(np.floor(share * radius))
        report(f"graph {n}, {model}, limit {limit:.0f}", lambda: network, model, count, effort, limit)


def main() -> None:
    """Print the table."""
    parts = sys.argv[1:] or [
        *(
            "hanoi",
            "graph",
            "capacitated",
            "tight",
            "holmberg",
            "cover-400",
            "cover-600",
            "cover-900",
            "country",
        )
    ]
    print(
        "| instance | p | status | objective | gap | wall s | CPU s | peak MiB so far |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    if "hanoi" in parts:
        for p in (126, 60, 30, 12):
            report("Hanoi 526 × 526", hanoi, "p-median", p, Effort())
    if "graph" in parts:
        for n, p in (
            (100, 5),
            (200, 10),
            (300, 30),
            (400, 5),
            (500, 5),
            (600, 60),
            (700, 5),
            (800, 10),
            (900, 5),
            (900, 90),
            (900, 200),
        ):
            report(f"graph {n}", lambda n=n, p=p: or_library_graph(n, p, n + p)[0], "p-median", p, Effort())
    if "capacitated" in parts:
        for n, p, seed in ((50, 5, 1), (50, 5, 2), (100, 10, 3), (100, 10, 4), (100, 10, 5)):
            build = lambda n=n, p=p, seed=seed: osman_christofides(n, p, seed)[0]  # noqa: E731
            report(f"capacitated {n}", build, "capacitated-p-median", p, Effort())
    if "tight" in parts:
        for n, p in ((50, 5), (100, 10)):
            for seed, share in enumerate((0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96)):
                build = lambda n=n, p=p, seed=seed, share=share: tight(n, p, seed, share)  # noqa: E731
                effort = Effort(time_limit=120.0)
                report(f"capacitated {n}, {share}", build, "capacitated-p-median", p, effort)
    if "holmberg" in parts:
        for n, m, seed in (
            (50, 10, 1),
            (50, 20, 2),
            (90, 30, 1),
            (70, 30, 1),
            (150, 30, 3),
            (200, 30, 4),
            (200, 30, 6),
        ):
            build = lambda n=n, m=m, seed=seed: holmberg(n, m, seed)  # noqa: E731
            report(f"fixed charge {n} × {m}", build, "fixed-charge", None, Effort())
    for n in (400, 600, 900):
        if f"cover-{n}" in parts:
            for p in (n // 10, 5, 10):
                cover(n, p)
    if "country" in parts:
        for p, nearest, gap in ((3321, 28, 1e-4), (1000, 60, 1e-4), (126, 400, 1e-3)):
            report(
                f"country, nearest {nearest}", lambda k=nearest: country(k), "p-median", p, Effort(gap=gap)
            )


if __name__ == "__main__":
    main()
