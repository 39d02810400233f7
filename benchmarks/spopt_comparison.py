"""Hanoi's 526 old communes as p-median, p = 126, 60, 30, 12, by `locate` and by spopt: time, memory, objective.

spopt asks for PuLP 3 and is no dependency of the planner: give it an environment of its own and name its interpreter.

    python -m venv /tmp/spoptenv && /tmp/spoptenv/bin/pip install spopt
    python benchmarks/spopt_comparison.py --spopt /tmp/spoptenv/bin/python

Each solves the same cost matrix in a process of its own; seconds are those of building and solving the model, not of
imports; memory is the peak of the whole process. spopt solves with the CBC that PuLP 3 carries, to gap 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

ENDING = """
print(json.dumps({"objective": value, "seconds": seconds,
                  "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
SPOPT = (
    """
import json, resource, sys, time
import numpy, pulp
from spopt.locate import PMedian
data = numpy.load(sys.argv[1])
begun = time.perf_counter()
model = PMedian.from_cost_matrix(data["distance"], data["weight"], p_facilities=int(sys.argv[2]))
model = model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0))
seconds, value = time.perf_counter() - begun, float(pulp.value(model.problem.objective))
"""
    + ENDING
)
OURS = (
    """
import json, resource, sys, time
import numpy
from planner.location.locate import locate
from planner.location.network import make_network
data = numpy.load(sys.argv[1])
begun = time.perf_counter()
n, m = data["distance"].shape
i, j = numpy.divmod(numpy.arange(n * m), m)
pairs = (i, j, data["distance"].ravel())
network = make_network([str(k) for k in range(n)], [str(k) for k in range(m)], pairs, weight=data["weight"])
found = locate(network, "p-median", int(sys.argv[2]))
assert found.status == "optimal"
seconds, value = time.perf_counter() - begun, found.objective
"""
    + ENDING
)


def run(
    interpreter: str, script: str, matrix: Path, p: int, limit: float | None = None
) -> dict[str, float] | None:
    """Return objective, seconds and MiB of one solution in a process of its own; None after the limit."""
    command = [interpreter, "-c", script, str(matrix), str(p)]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time and memory beside spopt's.")
    parser.add_argument("--spopt", required=True, help="interpreter of an environment with spopt")
    parser.add_argument("--p", type=int, nargs="*", default=[126, 60, 30, 12])
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for each of spopt's solutions")
    arguments = parser.parse_args()
    from location import hanoi

    network = hanoi()
    distance = np.full((network.n, network.m), np.inf)
    distance[network.demand, network.candidate] = network.distance
    print("| p | seconds | MiB | spopt: seconds | MiB | objectives |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        matrix = Path(folder) / "matrix.npz"
        np.savez(matrix, distance=distance, weight=network.weight)
        for p in arguments.p:
            ours = run(sys.executable, OURS, matrix, p)
            other = run(arguments.spopt, SPOPT, matrix, p, arguments.limit)
            row = f"| {p} | {ours['seconds']:.1f} | {ours['mib']:.0f} |" if ours else f"| {p} | | |"
            if ours is None or other is None:
                print(f"{row} over {arguments.limit:.0f} | | |", flush=True)
                continue
            apart = abs(ours["objective"] - other["objective"]) / ours["objective"]
            words = "equal" if apart < 1e-6 else f"{apart:.1e} apart"
            print(f"{row} {other['seconds']:.1f} | {other['mib']:.0f} | {words} |", flush=True)


if __name__ == "__main__":
    main()
