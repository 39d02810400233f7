"""Networks as files: a folder for every online share, and a summary of all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from planner.location.location import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.reception.answer import Answer

MARK = "reception.json"


def folder_of(online_share: float) -> str:
    """Return the name of the folder of a share: ``online-60``."""
    return f"online-{round(online_share * 100, 6):g}"


def write_answers(folder: Path, answers: Sequence[Answer]) -> None:
    """Write ``summary.csv``, ``reception.json`` and a folder for every share into a folder that exists.

    ``demand.csv``, ``candidates.csv`` and ``distances.csv`` are the tables that ``planner reception --demand`` reads.
    """
    for each in answers:
        inside = folder / folder_of(each.question.online_share)
        inside.mkdir()
        for name, table in {
            **tables_of(each),
            "points": each.points,
            "catchments": each.catchments,
        }.items():
            _write(table, inside / f"{name}.csv")
    _write(summary_table(answers), folder / "summary.csv")
    text = json.dumps([each.facts() for each in answers], ensure_ascii=False, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8", newline="\n")


def tables_of(each: Answer) -> dict[str, pd.DataFrame]:
    """Return the three tables of the location problem, by the names of their files."""
    network = each.question.network
    points = each.question.ground.points
    return {
        "demand": pd.DataFrame(
            {
                "demand_id": network.demands,
                "weight": [plain(value) for value in network.weight.tolist()],
                "load": [plain(value) for value in network.load.tolist()],
            },
            dtype=object,
        ),
        "candidates": pd.DataFrame(
            {
                "candidate_id": network.candidates,
                "capacity": points["capacity_files"],
                "fixed_cost": points["fixed_cost"],
                "use": points["use"],
            }
        ),
        "distances": pd.DataFrame(
            {
                "demand_id": [network.demands[i] for i in network.demand],
                "candidate_id": [network.candidates[j] for j in network.candidate],
                "distance": network.distance.astype(int),
            }
        ),
    }


def summary_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Return one row a share, and the same figures of today's network as ``before_…``."""
    rows = []
    for each in answers:
        summary, found = each.summary, each.location
        figures = {name: value for name, value in summary.items() if not isinstance(value, (dict, list))}
        before = {
            f"before_{name}": value
            for name, value in summary["before"].items()
            if not isinstance(value, (dict, list))
        }
        rows.append(
            {
                "online_share": each.question.online_share,
                "year": each.question.year,
                "model": found.model,
                "status": found.status,
                "objective": plain(found.objective),
                "bound": plain(found.bound),
                "gap": found.gap,
                "seconds": round(found.seconds, 3),
                **figures,
                **before,
            }
        )
    return pd.DataFrame(rows)


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
