"""A mixed integer program as flat arrays, straight into HiGHS: for models too large to be built row by row.

The only file beside ``program.py`` that knows HiGHS. One thread, as there: a second thread count in one process makes
HiGHS refuse to run, silently.
"""

from __future__ import annotations

import math
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from planner.program import printing_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.location.network import Bools, Floats, Ints


@dataclass
class Program:
    """Minimise cost · v subject to rows and bounds; built by adding columns, then rows.

    Attributes
    ----------
    cost, lower, upper : list of arrays
        One block of columns after the other.
    integer : list of arrays of bool
    """

    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    integer: list[Bools] = field(default_factory=list)
    columns: int = 0
    rows: int = 0
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)

    def add_columns(
        self, cost: Floats, lower: Floats | float, upper: Floats | float, *, integer: bool
    ) -> Ints:
        """Add a block of columns; return their numbers."""
        count = len(cost)
        self.cost.append(np.asarray(cost, float))
        self.lower.append(np.broadcast_to(np.asarray(lower, float), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, float), count))
        self.integer.append(np.full(count, integer))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(
        self,
        count: int,
        parts: list[tuple[Ints, Ints, Floats | float]],
        lower: Floats | float,
        upper: Floats | float,
    ) -> None:
        """Add so many rows; each part lists (row within the block, column, coefficient)."""
        for row, column, value in parts:
            values = np.broadcast_to(np.asarray(value, float), len(row))
            self.entries.append((np.asarray(row) + self.rows, np.asarray(column), values))
        self.row_lower.append(np.broadcast_to(np.asarray(lower, float), count))
        self.row_upper.append(np.broadcast_to(np.asarray(upper, float), count))
        self.rows += count


@dataclass(frozen=True)
class Answer:
    """What HiGHS found.

    Attributes
    ----------
    stop : {"optimal", "infeasible", "limit"}
        Optimal means within the gaps asked for.
    values : array of float, shape (columns,), or None
        None when there is no solution.
    bound : float
        Nothing is cheaper than this; ``-inf`` when unknown, ``inf`` when infeasible.
    duals : array of float, shape (rows,), or None
        Of a program without whole numbers.
    """

    stop: Literal["optimal", "infeasible", "limit"]
    values: Floats | None
    bound: float
    duals: Floats | None = None


def solve(
    program: Program,
    *,
    until: float | None = None,
    gap: float = 0.0,
    difference: float = 0.0,
    start: tuple[Ints, Floats] | None = None,
) -> Answer:
    """Solve a program.

    Parameters
    ----------
    program : Program
    until : float, optional
        Time of `time.perf_counter` at which to stop.
    gap, difference : float
        Relative and absolute gap at which the search may stop.
    start : tuple of arrays, optional
        Columns and their values in a known solution.
    """
    with _quiet():
        answer = _solve(program, until, gap, difference, start)
        if answer.stop == "limit" and start is not None and (until is None or time.perf_counter() < until):
            # HiGHS 1.16 now and then keeps the start and calls it optimal: the gap tells. Without it all is well.
            answer = _solve(program, until, gap, difference, None)
        return answer


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what HiGHS prints out of the terminal."""
    with tempfile.TemporaryDirectory(prefix="planner-") as folder, printing_to(Path(folder) / "highs.log"):
        yield


def _solve(
    program: Program,
    until: float | None,
    gap: float,
    difference: float,
    start: tuple[Ints, Floats] | None,
) -> Answer:
    import highspy

    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": gap,
        "mip_abs_gap": max(difference, 0.0),
        "mip_feasibility_tolerance": 1e-7,
    }
    if until is not None:
        options["time_limit"] = max(0.05, until - time.perf_counter())
    for name, value in options.items():
        model.setOptionValue(name, value)
    model.passModel(_matrix(program))
    if start is not None:
        where, known = start
        model.setSolution(len(where), where.astype(np.int32), known.astype(float))
    model.run()
    status, info, words = model.getModelStatus(), model.getInfo(), highspy.HighsModelStatus
    if status in (words.kInfeasible, words.kUnboundedOrInfeasible):
        return Answer("infeasible", None, math.inf)
    found = info.primal_solution_status == 2
    values = np.array(model.getSolution().col_value) if found else None
    whole = any(bool(block.any()) for block in program.integer)
    bound = float(info.mip_dual_bound if whole else info.objective_function_value)
    # HiGHS 1.16 has been seen to name the value of one solution and to give another, a start that it was given.
    value = float(np.concatenate(program.cost) @ values) if values is not None else 0.0
    apart = value - bound if whole and found else 0.0
    closed = apart <= max(gap * abs(value), difference, 1e-6 * max(1.0, abs(value)))
    stop: Literal["optimal", "limit"] = "optimal" if status == words.kOptimal and closed else "limit"
    if not whole and stop == "limit":
        bound = -math.inf
    duals = None if whole or not found else np.array(model.getSolution().row_dual)
    return Answer(stop, values, bound if math.isfinite(bound) else -math.inf, duals)


class Linear:
    """A linear program that grows by columns and rows and is solved again from where it was.

    Columns lie between 0 and infinity; ``run`` gives their values and the duals of the rows.
    """

    def __init__(self, lower: Floats, upper: Floats) -> None:
        import highspy

        nothing = np.zeros(0, np.int32)
        with _quiet():
            self._model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
            for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
                self._model.setOptionValue(name, value)
            self._model.addRows(
                len(lower),
                lower.astype(np.float64),
                upper.astype(np.float64),
                0,
                np.zeros(len(lower), np.int32),
                nothing,
                np.zeros(0),
            )

    def add_columns(self, cost: Floats, start: Ints, row: Ints, value: Floats) -> None:
        """Add columns; the coefficients of column k stand from ``start[k]`` on."""
        zero, no_end = np.zeros(len(cost)), np.full(len(cost), np.inf)
        self._model.addCols(
            len(cost), cost, zero, no_end, len(row), start.astype(np.int32), row.astype(np.int32), value
        )

    def add_rows(self, lower: Floats, upper: Floats, start: Ints, column: Ints, value: Floats) -> None:
        """Add rows; the coefficients of row k stand from ``start[k]`` on."""
        self._model.addRows(
            len(lower), lower, upper, len(column), start.astype(np.int32), column.astype(np.int32), value
        )

    def value_without(self, gone: Ints, iterations: int, until: float = math.inf) -> float:
        """Return what the program is worth without some columns after so many steps; they come back after."""
        columns, zero = gone.astype(np.int32), np.zeros(len(gone))
        with _quiet():
            self._model.setOptionValue("simplex_iteration_limit", iterations)
            self._model.changeColsBounds(len(columns), columns, zero, zero)
            self._run(until)
            value = float(self._model.getInfo().objective_function_value)
            self._model.changeColsBounds(len(columns), columns, zero, np.full(len(gone), np.inf))
            self._model.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        return value

    def run(self, until: float = math.inf) -> tuple[Floats, Floats] | None:
        """Return the values of the columns and the duals of the rows; None when the time is over."""
        import highspy

        with _quiet():
            self._run(until)
        if self._model.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            return None
        found = self._model.getSolution()
        return np.array(found.col_value), np.array(found.row_dual)

    def _run(self, until: float) -> None:
        """Solve; HiGHS counts its time from the first run on."""
        left = math.inf if math.isinf(until) else max(0.0, until - time.perf_counter())
        self._model.setOptionValue("time_limit", self._model.getRunTime() + left)
        self._model.run()


def _matrix(program: Program) -> Any:
    """Return the program as HiGHS takes it, by rows."""
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.columns, program.rows
    lp.col_cost_ = np.concatenate(program.cost)
    lp.col_lower_ = np.concatenate(program.lower)
    lp.col_upper_ = np.concatenate(program.upper)
    lp.row_lower_ = np.concatenate(program.row_lower) if program.rows else np.zeros(0)
    lp.row_upper_ = np.concatenate(program.row_upper) if program.rows else np.zeros(0)
    row, column, value = (
        np.concatenate([entry[part] for entry in program.entries]) if program.entries else np.zeros(0)
        for part in range(3)
    )
    order = np.argsort(row, kind="stable")
    count = np.bincount(row.astype(np.int64), minlength=program.rows)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    lp.a_matrix_.index_ = column[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order].astype(float)
    integer = np.concatenate(program.integer)
    if integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[flag] for flag in integer.astype(int).tolist()]
    return lp
