"""A sweep that is run: the points that are not finished yet, each saved as soon as it is solved."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.results import check_target
from planner.sweep.store import MARK, Store
from planner.sweep.workers import solved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.sweep.grid import Point, Sweep


@dataclass(frozen=True)
class Finished:
    """What a sweep gave.

    Attributes
    ----------
    rows : list of dict
        One a point in the order of the grid: ``values`` by key, the columns `FACTS`, ``measures`` of the city,
        ``seconds`` and ``problems``.
    reused : int
        Points that an earlier run had finished.
    """

    rows: list[dict[str, Any]]
    reused: int


def run_sweep(
    sweep: Sweep, folder: Path, jobs: int = 1, on_progress: Callable[[str], None] = lambda text: None
) -> Finished:
    """Plan every point that is not finished yet, each saved as soon as it is; write ``sweep.csv``.

    Raises
    ------
    InputError
        The folder is not that of a sweep (E805), or cannot be written to (E806).
    """
    check_target(folder, mark=MARK)
    store = Store(folder)
    store.begin(sweep)
    rows = {point.id: row for point in sweep.points if (row := store.load(point))}
    store.write_table(sweep, rows)
    pending = [point for point in sweep.points if point.id not in rows]
    pending.sort(key=lambda point: point.family)  # stable: within a family the order of the grid
    reused = len(rows)
    try:
        with closing(solved(sweep, pending, jobs)) as rows_of_points:
            for point, row in rows_of_points:
                store.save(point, row)
                rows[point.id] = row
                on_progress(f"{sweep.scenario.name}: {len(rows)}/{len(sweep.points)}")
    finally:
        store.write_table(sweep, rows)
    return Finished([_shown(sweep, point, rows[point.id]) for point in sweep.points], reused)


def _shown(sweep: Sweep, point: Point, row: dict[str, Any]) -> dict[str, Any]:
    names = (axis.key for axis in sweep.axes)
    return {"values": dict(zip(names, point.values, strict=True)), **row}
