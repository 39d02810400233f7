"""A hundred plans of Hanoi's 126 units: ``python benchmarks/sweep.py [--points 100] [--jobs 1 2]``.

Prints, for three sweeps and each number of processes, the seconds from reading the data to ``sweep.csv``, and those of
the same command again, when every plan is there already. Times are those of the machine it runs on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from planner.sweep import read_sweep, run_sweep  # noqa: E402

SWEEPS = (
    "prices.crowding_vnd_per_m2_year=300_000..2_000_000",
    "rules.premises_max=171..270",
    "rules.capital_max_vnd=490 tỷ..690 tỷ",
)
LINE = "{:<44}{:>5}{:>7}{:>8}{:>10}{:>8}"


def main() -> None:
    """Run every sweep with every number of processes and print the table."""
    parser = argparse.ArgumentParser(description="Time sweeps.")
    parser.add_argument("--scenario", default="hanoi-2025")
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    args = parser.parse_args()
    print(LINE.format("values", "jobs", "plans", "none", "seconds", "again"))
    for spec in SWEEPS:
        for jobs in args.jobs:
            with tempfile.TemporaryDirectory() as folder:
                seconds = []
                for _ in range(2):
                    began = time.perf_counter()
                    sweep = read_sweep(args.scenario, [spec], args.points)
                    rows = run_sweep(sweep, Path(folder) / "sweep", jobs).rows
                    seconds.append(time.perf_counter() - began)
            none = sum(not row["measures"] for row in rows)
            first, again = (f"{value:.1f}" for value in seconds)
            key = spec.replace("prices.crowding_vnd_per_m2_year", "prices.crowding")
            print(LINE.format(key, jobs, len(rows), none, first, again), flush=True)


if __name__ == "__main__":
    main()
