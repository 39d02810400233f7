"""A location as files: ``location.json``, ``open.csv`` and ``assignment.csv``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.csvtext import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.location.location import Location
    from planner.location.network import Network
    from planner.tables import Input

MARK = "location.json"


def write_location(folder: Path, network: Network, location: Location, inputs: Sequence[Input]) -> None:
    """Write the three files into a folder that exists.

    ``location.json`` holds what ``--json`` prints and the inputs with their checksums. ``open.csv``:
    ``candidate_id,demands,weight,load,capacity,fixed_cost``; ``assignment.csv``:
    ``demand_id,candidate_id,distance,weight,load``.
    """
    facts = {**location.facts(), "inputs": [{"path": each.path, "sha256": each.sha256} for each in inputs]}
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")
    assignment = _assignment(network, location)
    assignment.to_csv(folder / "assignment.csv", index=False, lineterminator="\n")
    _open_points(network, location, assignment).to_csv(folder / "open.csv", index=False, lineterminator="\n")


def _assignment(network: Network, location: Location) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(network.candidates)}
    chosen = np.array([places.get(location.assignment.get(name, ""), -1) for name in network.demands])
    pair = np.flatnonzero(network.candidate == chosen[network.demand])
    demand = network.demand[pair]
    return pd.DataFrame(
        {
            "demand_id": [guarded(network.demands[i]) for i in demand],
            "candidate_id": [guarded(network.candidates[j]) for j in network.candidate[pair]],
            "distance": network.distance[pair],
            "weight": network.weight[demand],
            "load": network.load[demand],
        }
    )


def _open_points(network: Network, location: Location, assignment: pd.DataFrame) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(network.candidates)}
    at = [places[name] for name in location.open]
    names = [guarded(name) for name in location.open]
    served = assignment.groupby("candidate_id", sort=False)
    sums = served[["weight", "load"]].sum().reindex(names, fill_value=0.0)
    return pd.DataFrame(
        {
            "candidate_id": names,
            "demands": served.size().reindex(names, fill_value=0).to_numpy(),
            "weight": sums["weight"].to_numpy(),
            "load": sums["load"].to_numpy(),
            "capacity": np.where(np.isinf(network.capacity[at]), np.nan, network.capacity[at]),
            "fixed_cost": network.fixed_cost[at],
        }
    )
