"""Twenty non-dominated plans of Hanoi's 126 units: ``python benchmarks/frontier.py [--points 20] [--measure access]``.

Prints one row a measure: plans found, whether each is proven, seconds of enumerating, solving and pricing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from planner.check import read_inputs
from planner.frontier import MEASURES, frontier


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time of a frontier of plans.")
    parser.add_argument("--scenario", default="hanoi-2025")
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--measure", choices=list(MEASURES), nargs="*", default=list(MEASURES))
    arguments = parser.parse_args()
    scenario, region, norms = read_inputs(arguments.scenario)
    print(f"{'measure':<12}{'points':>8}{'proven':>8}{'seconds':>9}")
    for measure in arguments.measure:
        found = frontier(scenario, region, norms, measure, arguments.points)
        proven = sum(point.status == "optimal" for point in found.points)
        print(f"{measure:<12}{len(found.points):>8}{proven:>8}{found.seconds:>9.2f}")


if __name__ == "__main__":
    main()
