"""Time of `hanoi-digital`: problem, prices, search; and what lifting the least number of points does.

Run: ``python benchmarks/network.py [--repeat 3]`` from the project's root. Wall seconds, medians; one process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from planner.check import read_inputs
from planner.model.assemble import build_instance
from planner.network import build_problem, choose
from planner.network.relaxation import relax
from planner.program import Effort


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=120.0)
    options = parser.parse_args()
    base, region, norms = read_inputs("hanoi-digital")
    lifted = base.model_copy(update={"rules": base.rules.model_copy(update={"points_min": None})})
    for name, scenario in (("points_min 126", base), ("no least number", lifted)):
        rows = []
        for _ in range(options.repeat):
            began = time.perf_counter()
            instance = build_instance(region, norms, scenario)
            problem = build_problem(region, norms, scenario, instance)
            built = time.perf_counter()
            relaxation = relax(problem, close=3e-6)
            priced = time.perf_counter()
            found = choose(problem, Effort(gap=1e-4, time_limit=options.time_limit))
            rows.append((built - began, priced - built, time.perf_counter() - priced))
        build, price, choice = (statistics.median(column) for column in zip(*rows, strict=True))
        cost = found.outcome.cost
        gap, certified = (cost - found.outcome.bound) / cost, (cost - relaxation.bound) / cost
        stays = problem.courses.stays[found.choice.rows]
        print(
            f"{name}: {len(problem.courses)} courses; build {build:.2f} s, prices {price:.2f} s, "
            f"choose (prices included) {choice:.2f} s; gap {gap:.4%}, certified {certified:.4%}; "
            f"ward points in the last stage {int((stays == len(problem.stages)).sum())}; "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
        )


if __name__ == "__main__":
    main()
