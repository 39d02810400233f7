"""Hanoi's 126 units: enumerate and choose, against the direct formulation with HiGHS.

    python benchmarks/direct_vs_enumerated.py [--time-limit 60] [--scenario hanoi-2025] [--units 8 32 126]
                                              [--premises-max 180]

Prints one row a way: seconds, cost in million dong, gap to the best bound known to that way. Not a test: times are
those of the machine it runs on. The direct formulation is that of tests/oracle/direct.py, the oracle of the tests.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from planner import model, solve  # noqa: E402
from planner.model.assemble import build_instance  # noqa: E402
from planner.region import Norms, Region, read_norms, read_region  # noqa: E402
from planner.scenario import Scenario, read_scenario  # noqa: E402
from tests.oracle import direct, facts  # noqa: E402
from tests.oracle.instances import Case  # noqa: E402

COLUMNS = ("units", "way", "seconds", "status", "cost, million dong", "gap")


def main() -> None:
    """Run both ways and print the table."""
    parser = argparse.ArgumentParser(description="Direct formulation against enumeration.")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each direct run (60)")
    parser.add_argument("--scenario", default="hanoi-2025")
    parser.add_argument("--units", type=int, nargs="*", default=[8, 32, 126], help="the first so many units")
    parser.add_argument(
        "--premises-max", type=int, help="limit premises in the city, for the last number of units"
    )
    args = parser.parse_args()
    scenario = read_scenario(args.scenario, ROOT)
    region, norms = read_region(scenario.geo_folder), read_norms(scenario.norms_folder)
    print("{:>6}  {:<12}{:>9}  {:<12}{:>20}{:>10}".format(*COLUMNS))
    for units in args.units:
        part = first_units(region, units)
        here = scenario
        if args.premises_max and units == max(args.units):
            rules = scenario.rules.model_copy(update={"premises_max": args.premises_max})
            here = scenario.model_copy(update={"rules": rules})
        enumerated(part, norms, here)
        direct_run(part, norms, here, args.time_limit)


def first_units(region: Region, count: int) -> Region:
    """Return the region with its first units only."""
    codes = region.wards.index[:count]

    def mine(table: object) -> object:
        return table[table["ward_code"].isin(codes)]  # type: ignore[index]

    return replace(
        region,
        wards=region.wards.loc[codes],
        pairs=mine(region.pairs),
        sites=mine(region.sites),
        today=mine(region.today),
    )


def enumerated(region: Region, norms: Norms, scenario: Scenario) -> None:
    """Enumerate, price and choose."""
    began = time.perf_counter()
    instance = build_instance(region, norms, scenario)
    columns = model.enumerate_plans(instance)
    outcome = solve.choose(columns, instance.wards, solve.city_limits(scenario))
    gap = (outcome.cost - outcome.certified_bound) / abs(outcome.cost)
    show(region, "enumerated", began, outcome.status, outcome.cost / 1e12, gap)


def direct_run(region: Region, norms: Norms, scenario: Scenario, time_limit: float) -> None:
    """Build and solve the direct formulation."""
    began = time.perf_counter()
    city = facts.city_facts(Case(0, region, norms, scenario))
    answer = direct.solve(city, time_limit)
    if answer.cost is None:
        show(region, "direct", began, f"{answer.stopped}: none", float("nan"), float("nan"))
        return
    gap = max(0.0, answer.objective - answer.bound) / abs(answer.objective)
    show(region, "direct", began, answer.stopped, answer.cost / 1e12, gap)


def show(region: Region, way: str, began: float, status: str, cost: float, gap: float) -> None:
    """Print one row."""
    seconds = time.perf_counter() - began
    print(
        f"{len(region.wards):>6}  {way:<12}{seconds:>9.2f}  {status:<12}{cost:>20,.3f}{gap:>10.4%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
