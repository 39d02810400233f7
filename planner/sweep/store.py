"""The folder of a sweep: one small file a finished point, and the table of all of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from planner.errors import InputError, Problem
from planner.measures import UNITS
from planner.plan import versions
from planner.results import write_beside
from planner.sweep.grid import SCHEMA
from planner.sweep.solver import FACTS, whole

if TYPE_CHECKING:
    from pathlib import Path

    from planner.sweep.grid import Point, Sweep

MARK = "sweep.json"


@dataclass(frozen=True)
class Store:
    """The folder of a sweep: one small file a finished point, written beside and renamed."""

    folder: Path

    def begin(self, sweep: Sweep) -> None:
        """Make the folder and say in ``sweep.json`` what is swept."""
        points = self.folder / "points"
        try:
            points.mkdir(parents=True, exist_ok=True)
            for part in points.glob(".*.part"):  # of a run that was killed
                part.unlink(missing_ok=True)
        except OSError as error:
            text = f"cannot be written to ({error.strerror})"
            raise InputError(
                Problem("E806", str(self.folder), text, "Give another folder with -o.")
            ) from None
        self._write(self.folder / MARK, json.dumps(_description(sweep), ensure_ascii=False, indent=1) + "\n")

    def load(self, point: Point) -> dict[str, Any] | None:
        """Return the row of a point that was finished before; None if there is none that can be used."""
        try:
            saved = json.loads(self._path(point).read_text(encoding="utf-8"))
            row = saved["row"]
            # A point that the time limit stopped is tried again: the machine may have been busy.
            usable = saved["id"] == point.id and row["status"] != "stopped"
            usable = usable and {*FACTS, "measures", "seconds", "problems"} <= set(row)
            usable = usable and (not row["measures"] or set(UNITS) <= set(row["measures"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return dict(row) if usable else None

    def save(self, point: Point, row: dict[str, Any]) -> None:
        """Save a finished point: it is there whole, or not at all."""
        saved = {"id": point.id, "values": _plain_values(point.values), "row": row}
        self._write(self._path(point), json.dumps(saved, ensure_ascii=False, indent=1) + "\n")

    def write_table(self, sweep: Sweep, rows: dict[str, dict[str, Any]]) -> None:
        """Write ``sweep.csv``: the finished points in the order of the grid."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*(axis.key for axis in sweep.axes), *FACTS, *UNITS])
        for point in sweep.points:
            if point.id in rows:
                row = rows[point.id]
                cells = [*(row[name] for name in FACTS), *(row["measures"].get(name) for name in UNITS)]
                writer.writerow([*(as_text(value) for value in point.values), *map(_cell, cells)])
        self._write(self.folder / "sweep.csv", text.getvalue())

    def _path(self, point: Point) -> Path:
        return self.folder / "points" / f"{point.id[:32]}.json"

    def _write(self, path: Path, text: str) -> None:
        write_beside(path, lambda beside: _write_text(beside, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _description(sweep: Sweep) -> dict[str, Any]:
    inputs = {i.path: i.sha256 for i in (*sweep.region.inputs, *sweep.norms.inputs, *sweep.scenario.inputs)}
    return {
        "schema": SCHEMA,
        "scenario": sweep.scenario.name,
        "keys": [
            {"key": axis.key, "unit": axis.unit, "values": _plain_values(axis.values)} for axis in sweep.axes
        ],
        "points": [point.id[:32] for point in sweep.points],
        "effort": asdict(sweep.effort),
        "settings": sweep.scenario.model_dump(mode="json", by_alias=True),
        "inputs": [{"path": path, "sha256": inputs[path]} for path in sorted(inputs)],
        "versions": versions(),
    }


def _plain_values(values: tuple[Any, ...]) -> list[Any]:
    return [list(value) if isinstance(value, tuple) else value for value in values]


def as_text(value: Any) -> str:
    """Return a value as a scenario file would write it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(whole(value)) if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
