"""Ten years of Hanoi's centres: plan columns against the direct formulation with HiGHS and with CBC.

    python benchmarks/centres_direct_vs_enumerated.py [--scenario hanoi-centres] [--time-limit 120] [--units 126]

Every way runs in a process of its own, one after the other, so that its peak memory is its own. Prints one row a way:
seconds (reading the data is not in it), status, cost, gap, peak MiB. The direct formulation is the oracle of the
tests, tests/oracle/timedirect.py. Not a test: times are those of the machine it runs on.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from planner import model, solve  # noqa: E402
from planner.check import read_inputs  # noqa: E402
from planner.model.assemble import build_instance  # noqa: E402
from planner.program import Effort  # noqa: E402
from tests.oracle import timedirect, timefacts  # noqa: E402
from tests.oracle.instances import Case  # noqa: E402

Row = tuple[float, str, float | None, float | None, str]


def main() -> None:
    """Run every way and print the table."""
    parser = argparse.ArgumentParser(description="Direct formulation over time against plan columns.")
    parser.add_argument("--scenario", default="hanoi-centres")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds for each direct run (120)")
    parser.add_argument("--units", type=int, default=126, help="the first so many units")
    parser.add_argument("--ways", nargs="*", default=["columns", "highs", "cbc"])
    args = parser.parse_args()
    print(f"{'way':<10}{'seconds':>9}  {'status':<22}{'cost, bn':>14}{'gap':>10}{'MiB':>8}  size")
    for way in args.ways:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(theirs, way, args.scenario, args.units, args.time_limit))
        child.start()
        (seconds, status, cost, gap, size), peak = ours.recv()
        child.join()
        shown = f"{cost / 1e9:,.3f}" if cost is not None else "none"
        error = f"{gap:.4%}" if gap is not None else "–"
        print(f"{way:<10}{seconds:>9.2f}  {status:<22}{shown:>14}{error:>10}{peak:>8.0f}  {size}", flush=True)


def _child(pipe: object, way: str, scenario: str, units: int, time_limit: float) -> None:
    inputs = read_inputs(scenario, ROOT)
    scenario, region = inputs[:2]
    codes = region.wards.index[:units]
    if units < len(region.wards):
        region = replace(
            region,
            wards=region.wards.loc[codes],
            **{
                name: table[table["ward_code"].isin(codes)]
                for name in ("pairs", "sites", "today")
                for table in [getattr(region, name)]
            },
        )
        owners = region.sites["ward_code"]
        shared = tuple(
            entry
            for entry in scenario.rules.shared
            if entry.split()[0] in owners and entry.split()[1] in codes
        )
        scenario = scenario.model_copy(update={"rules": scenario.rules.model_copy(update={"shared": shared})})
    case = Case(0, region, inputs[2], scenario)
    row = _columns(case) if way == "columns" else _direct(case, way, time_limit)
    who = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    who = max(who, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)  # CBC is a program of its own
    pipe.send((row, who / 1024))  # type: ignore[attr-defined]


def _columns(case: Case) -> Row:
    began = time.perf_counter()
    instance = build_instance(case.region, case.norms, case.scenario)
    columns = model.enumerate_plans(instance)
    limits = solve.city_limits(case.scenario)
    outcome = solve.choose(columns, instance.wards, limits, Effort(gap=1e-4))
    seconds = time.perf_counter() - began
    gap = (outcome.cost - outcome.certified_bound) / abs(outcome.cost)
    return (
        seconds,
        outcome.status,
        outcome.cost / 1e6,
        gap,
        f"{len(columns)} columns, {len(limits)} city rules",
    )


def _direct(case: Case, solver: str, time_limit: float) -> Row:
    began = time.perf_counter()
    direct = timedirect.build(timefacts.time_facts(case))
    variables, rows = timedirect.size(direct)
    built = time.perf_counter() - began
    answer = timedirect.run(direct, time_limit, solver)
    seconds = time.perf_counter() - began
    size = f"{variables} variables, {rows} rows, built in {built:.0f} s"
    if answer.cost is None:
        return seconds, f"{answer.stopped}: no plan", None, None, size
    known = math.isfinite(answer.bound)  # CBC tells none
    gap = max(0.0, answer.objective - answer.bound) / abs(answer.objective) if known else None
    return seconds, answer.stopped, answer.cost / 1e6, gap, size


if __name__ == "__main__":
    main()
