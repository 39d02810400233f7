"""The integer program in PuLP: one binary variable a plan of a ward, and the solvers that it is given to.

The only file that knows PuLP's versions (3.3 on Python 3.11, 4 on later ones) and its solvers. It uses the part that
both versions share; what PuLP calls "Optimal" is never trusted (a time-limited run is called so in 3.3).
"""

from __future__ import annotations

import math
import os
import re
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from planner.errors import InputError, NoPlanFound, Problem
from planner.limits import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.costs import Ints
    from planner.model.columns import PlanColumns

MICRO = 1_000_000
MICRO_PER_MILLION = 1e12
"""Costs are millionths of a dong; the program's coefficients are million dong, near one to a million."""
WRITE_IN = {
    "capital": 1e-6,
    "capital_all": 1e-6,
    "budget": 1e-6,
    "surplus_m2": 1e-3,
    "access": 1e-6,
    "separation": 1e-3,
    "cost": 1 / MICRO_PER_MILLION,
}
"""Coefficient of one unit of a kind of city-wide resource, where it is not 1: million dong, thousand m², million
person-metres, km."""
EXACT_BELOW = 1_000_000
"""Sums of whole numbers below this are exact in every solver."""
MOST_REPAIRS = 50
INFEASIBLE = -1
"""The status of both versions of PuLP for a program without solution."""


@dataclass(frozen=True)
class Effort:
    """How long and how hard to search.

    Attributes
    ----------
    solver : {"highs", "cbc"}
    time_limit : float or None
        Seconds.
    gap : float or None
        Relative gap at which the search may stop; 0 asks for a proof. None: what suits the scenario
        (`planner.plan.effort_for`), a proof where there is none.
    """

    solver: Literal["highs", "cbc"] = "highs"
    time_limit: float | None = None
    gap: float | None = None


def write_in(resource: str) -> float:
    """Return the coefficient of one unit of a resource in the program."""
    return WRITE_IN.get(kind_of(resource), 1.0)


def safe_bound(solver_bound: float) -> int:
    """Return the solver's bound, in million dong, as millionths of a dong.

    It is a float; a billionth of it is given away so that it stays a bound.
    """
    return int((solver_bound - abs(solver_bound) * 1e-9) * MICRO_PER_MILLION)


def build_program(
    columns: PlanColumns,
    wards: list[str],
    limits: dict[str, int],
    *,
    minimise: str = "cost",
    relaxed: bool = False,
    loosened: Mapping[str, int] | None = None,
) -> tuple[Any, list[Any]]:
    """Return the integer program and its variables, one a row of ``columns``.

    minimise Σ cost · x  subject to  Σ x = 1 for every ward,  Σ use · x ≤ limit for every city-wide resource.

    With ``loosened`` (a weight for some resources) the limits of these give way by weight · more, and ``more`` ≥ 0 is
    what is minimised.
    """
    import pulp

    program = pulp.LpProblem("headquarters", pulp.LpMinimize)
    count: dict[int, int] = {}
    chosen = []
    for ward in columns.ward:
        count[int(ward)] = number = count.get(int(ward), 0) + 1
        name = f"x_{wards[ward]}_{number}"
        kind = {"lowBound": 0, "upBound": 1, "cat": pulp.LpContinuous} if relaxed else {"cat": pulp.LpBinary}
        chosen.append(program.add_variable(name, **kind))
    if loosened:
        more = program.add_variable("more", lowBound=0)
        program += linear_sum([more], [1.0]), "more"
    else:
        weight = columns.cost / MICRO_PER_MILLION if minimise == "cost" else _coefficients(columns, minimise)
        program += linear_sum(chosen, weight.tolist()), f"total_{minimise}"
    for ward, rows in rows_of_wards(columns).items():
        one = linear_sum([chosen[row] for row in rows], [1.0] * len(rows))
        program += one == 1, f"one_plan_{wards[ward]}"
    for number, (resource, limit) in enumerate(limits.items()):
        use = _coefficients(columns, resource)
        some = np.flatnonzero(use)
        variables, weights = [chosen[row] for row in some], use[some].tolist()
        if loosened and resource in loosened:
            variables.append(more)
            weights.append(-float(loosened[resource]))
        total = linear_sum(variables, weights)
        name = re.sub(r"[^A-Za-z0-9_]", f"_{number}_", resource)
        exact = loosened is not None and resource in loosened
        most = limit * write_in(resource) if exact else limit_in_floats(columns, resource, limit)
        program += total <= most, f"city_{name}"
    return program, chosen


def rows_of_wards(columns: PlanColumns) -> dict[int, list[int]]:
    """Return the rows that cover each ward, wards in order: its own, and those in which it is a guest."""
    found: dict[int, list[int]] = {}
    partner = columns.partner.tolist()
    for row, ward in enumerate(columns.ward.tolist()):
        found.setdefault(ward, []).append(row)
        if partner[row] >= 0:
            found.setdefault(partner[row], []).append(row)
    return dict(sorted(found.items()))


def limit_in_floats(columns: PlanColumns, resource: str, limit: int) -> float:
    """Return the right-hand side of a limit: half way between the largest sum of uses that keeps it and the next.

    Solvers take a limit for kept when a sum passes it by a billionth of the largest use: twenty dong in twenty
    billion. Uses are multiples of the unit prices, so there is room for half a step; small numbers need none.
    """
    step = int(np.gcd.reduce(columns.resources[resource])) if len(columns) else 0
    if not step or limit < EXACT_BELOW:
        return limit * write_in(resource)
    # The cost of a city is so large that floats add it up to a thousandth of a dong only.
    room = max(step, MICRO) if resource == "cost" else step
    return (limit // step * step + room / 2) * write_in(resource)


def linear_sum(variables: list[Any], coefficients: list[float]) -> Any:
    """Return Σ coefficient · variable by the fast way of either version of PuLP."""
    import pulp

    pairs = list(zip(variables, coefficients, strict=True))
    if hasattr(pulp, "lpSum_vars_coefs"):  # PuLP 4; its LpAffineExpression does not take pairs
        return pulp.lpSum_vars_coefs(pairs)
    return pulp.LpAffineExpression(pairs)


def _coefficients(columns: PlanColumns, resource: str) -> Any:
    return columns.resources[resource] * write_in(resource)


# --- solvers ------------------------------------------------------------------------------------------------------


def search(
    program: Any, chosen: list[Any], columns: PlanColumns, limits: dict[str, int], effort: Effort
) -> tuple[str, float | None, str, Ints | None]:
    """Solve; return why it stopped, the solver's bound, its log and the rows, which keep the limits to the dong.

    A choice that passes a limit within the tolerance of the solver is forbidden, as a whole, and the search begun
    again: Σ x over its rows ≤ wards − 1.
    """
    wards = len(rows_of_wards(columns))
    until = None if effort.time_limit is None else time.perf_counter() + effort.time_limit
    for attempt in range(MOST_REPAIRS):
        left = None if until is None else max(0.01, until - time.perf_counter())
        stop, bound, log = run(program, replace(effort, time_limit=left))
        rows = None if stop == "infeasible" else _read_choice(columns, chosen, wards)
        over = "" if rows is None else _over_limits(columns, rows, limits)
        if rows is None or not over:
            return stop, bound, log, rows
        again = linear_sum([chosen[row] for row in rows], [1.0] * len(rows))
        program += again <= len(rows) - 1, f"over_a_limit_{attempt}"
    raise NoPlanFound(Problem("E703", "solver", over, "Report this with the scenario."))


def run(program: Any, effort: Effort) -> tuple[str, float | None, str]:
    """Solve; return why it stopped (optimal | infeasible | limit), the solver's bound and its log."""
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        path = Path(folder) / "solver.log"
        path.touch()
        with printing_to(path):
            if effort.solver == "cbc":
                stop, bound = _run_cbc(program, effort, path), None
            else:
                stop, bound = _run_highs(program, effort, path)
        return stop, bound, path.read_text(encoding="utf-8", errors="replace")


@contextmanager
def printing_to(path: Path) -> Iterator[None]:
    """Send what compiled code prints to a file: HiGHS prints its banner to stdout whatever its options say."""
    sys.stdout.flush()
    kept = os.dup(1)
    with path.open("ab") as sink:
        os.dup2(sink.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def _run_highs(program: Any, effort: Effort, log: Path) -> tuple[str, float | None]:
    import highspy
    import pulp

    solver = pulp.HiGHS(
        msg=True,
        timeLimit=effort.time_limit,
        gapRel=effort.gap or 0.0,
        gapAbs=1e-7,
        # The usual 1e-6 lets a plan pass a limit by a dong (a millionth of a million) and a part of a plan be chosen;
        # at 1e-9 HiGHS 1.16 called a plan optimal that was 26 million dong too dear (docs/notes-pulp.md).
        mip_feasibility_tolerance=1e-8,
        primal_feasibility_tolerance=1e-8,
        # Where a gap is allowed presolve takes longer than it saves (docs/benchmarks.md, frontier of hanoi-centres).
        presolve="off" if effort.gap else "choose",
        threads=1,  # a second thread count in one process makes HiGHS refuse to run, silently
        log_to_console=False,
        log_file=str(log),
    )
    program.solve(solver)
    status = program.solverModel.getModelStatus()
    info = program.solverModel.getInfo()
    words = highspy.HighsModelStatus
    if status in (words.kInfeasible, words.kUnboundedOrInfeasible):
        return "infeasible", None
    bound = float(info.mip_dual_bound)
    return "optimal" if status == words.kOptimal else "limit", bound if math.isfinite(bound) else None


def _run_cbc(program: Any, effort: Effort, log: Path) -> str:
    import pulp

    options = {
        "msg": False,
        "timeLimit": effort.time_limit,
        "gapRel": effort.gap or 0.0,
        "threads": 1,
        "logPath": str(log),
    }
    solver = pulp.COIN_CMD(path=_cbc_path(), **options)
    if not solver.available():
        raise InputError(
            Problem(
                "E702",
                "--solver cbc",
                "CBC is not installed",
                "Install the extra: pip install planner[cbc], or use highs.",
            )
        )
    result = program.solve(solver)
    if int(getattr(result, "status", result)) == INFEASIBLE:  # a number in PuLP 3, a record of the run in 4
        return "infeasible"
    # CBC calls a run that met its time limit optimal in PuLP 3.3; its log tells.
    stopped = "Stopped on time" in log.read_text(encoding="utf-8", errors="replace")
    return "limit" if stopped else "optimal"


def _cbc_path() -> str:
    import shutil

    import pulp

    bundled = getattr(getattr(pulp, "PULP_CBC_CMD", None), "pulp_cbc_path", None)
    if bundled:  # PuLP 3.3 brings CBC along
        return str(bundled)
    try:
        import cbcbox
    except ImportError:
        return shutil.which("cbc") or "cbc"
    return str(cbcbox.cbc_bin_path())


def _read_choice(columns: PlanColumns, chosen: list[Any], wards: int) -> Ints | None:
    """Return the chosen rows by ward, or None when the solver left no solution (PuLP reads zeros then)."""
    value = np.array([variable.varValue or 0.0 for variable in chosen])
    rows = np.flatnonzero(value > 0.5)
    partner = columns.partner[rows]
    covered = np.sort(np.concatenate([columns.ward[rows], partner[partner >= 0]]))
    if not np.array_equal(covered, np.arange(wards)):
        return None
    return rows[np.argsort(columns.ward[rows], kind="stable")]


def _over_limits(columns: PlanColumns, rows: Ints, limits: dict[str, int]) -> str:
    """Return which limit a choice does not keep, in whole numbers; empty if it keeps all."""
    for resource, limit in limits.items():
        used = sum(columns.resources[resource][rows].tolist())
        if used > limit:
            return f"the solver's choice uses {used:,} of {resource}, {limit:,} allowed"
    return ""


def relaxed_shortfall(
    columns: PlanColumns, wards: list[str], limits: dict[str, int], loosened: Mapping[str, int]
) -> float | None:
    """Return by how much some limits must give way at least (`build_program`), None if nothing is enough.

    Parts of plans count: whole plans can need more.
    """
    solved = _relaxed(columns, limits, loosened)
    return None if solved is None else solved[0] / write_in(next(iter(loosened)))


def resource_prices(columns: PlanColumns, wards: list[str], limits: dict[str, int]) -> dict[str, float]:
    """Return dong per unit of every limited resource: the duals of the relaxation. Any price gives a valid bound."""
    solved = _relaxed(columns, limits)
    if solved is None:
        return dict.fromkeys(limits, 0.0)
    duals = solved[1][-len(limits) :]
    return {
        resource: max(0.0, -dual) * write_in(resource) * 1e6
        for resource, dual in zip(limits, duals, strict=True)
    }


def _relaxed(
    columns: PlanColumns, limits: dict[str, int], loosened: Mapping[str, int] | None = None
) -> tuple[float, list[float]] | None:
    """Return cost and duals of the program of `build_program` whose plans may be mixed, None if it has no solution.

    It is given to HiGHS as arrays: every verb asks for it again and again, and only its prices and bounds are used.
    """
    import highspy

    rows_of = list(rows_of_wards(columns).values())
    wards, m = len(rows_of), len(columns)
    row = np.concatenate([np.full(len(rows), ward) for ward, rows in enumerate(rows_of)])
    col = np.concatenate([np.array(rows, np.int64) for rows in rows_of])
    value = np.ones(len(row))
    for number, resource in enumerate(limits):
        use = _coefficients(columns, resource)
        some = np.flatnonzero(use)
        row, col = np.append(row, np.full(len(some), wards + number)), np.append(col, some)
        value = np.append(value, use[some])
        if loosened and resource in loosened:
            row, col = np.append(row, wards + number), np.append(col, m)
            value = np.append(value, -float(loosened[resource]))
    cost = np.zeros(m) if loosened else columns.cost / MICRO_PER_MILLION
    most = [limit * write_in(resource) for resource, limit in limits.items()]
    count = m + bool(loosened)
    order = np.argsort(col, kind="stable")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, wards + len(limits)
    lp.col_cost_ = np.append(cost, 1.0) if loosened else cost
    lp.col_lower_ = np.zeros(count)
    lp.col_upper_ = np.append(np.ones(m), highspy.kHighsInf) if loosened else np.ones(m)
    lp.row_lower_ = np.append(np.ones(wards), np.full(len(limits), -highspy.kHighsInf))
    lp.row_upper_ = np.append(np.ones(wards), most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(col[order], np.arange(count + 1)).astype(np.int32)
    lp.a_matrix_.index_ = row[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order].astype(np.float64)
    with (
        tempfile.TemporaryDirectory(prefix="planner-") as folder,
        printing_to(Path(folder) / "relaxation.log"),
    ):
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(lp)
        solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(solver.getInfo().objective_function_value), list(solver.getSolution().row_dual)
