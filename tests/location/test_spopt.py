"""Agreement with spopt, where an environment has it: ``PLANNER_SPOPT_PYTHON`` names its interpreter."""

import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.location.instances import or_library_graph

INTERPRETER = os.environ.get("PLANNER_SPOPT_PYTHON")
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "spopt_comparison.py"


@pytest.mark.slow
@pytest.mark.skipif(not INTERPRETER, reason="PLANNER_SPOPT_PYTHON names no interpreter that has spopt")
@pytest.mark.parametrize("p", [3, 8])
def test_spopt_finds_the_same_objective(p: int, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("spopt_comparison", SCRIPT)
    comparison = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(comparison)
    network, _ = or_library_graph(40, p, 1)
    distance = np.zeros((40, 40))
    distance[network.demand, network.candidate] = network.distance
    np.savez(tmp_path / "matrix.npz", distance=distance, weight=np.arange(1.0, 41.0))
    ours = comparison.run(sys.executable, comparison.OURS, tmp_path / "matrix.npz", p)
    other = comparison.run(INTERPRETER, comparison.SPOPT, tmp_path / "matrix.npz", p)
    assert ours["objective"] == pytest.approx(other["objective"])
