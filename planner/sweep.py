"""One plan for every value of some settings: a grid whose finished points are kept, so that it can be resumed."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import multiprocessing
import os
import re
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from multiprocessing.connection import wait as wait_for
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from planner.check import READ_BY_CHECK, check_values, read_inputs
from planner.errors import Infeasible, InputError, NoPlanFound, PlannerError, Problem, ProblemList
from planner.limits import LIMITS_OF_RULES
from planner.measures import UNITS
from planner.model import resource_names
from planner.plan import as_today, cost_of_today, make_plan, prepare, versions
from planner.program import Effort
from planner.region import read_settings
from planner.results import check_target, write_beside
from planner.scenario import Rules, Scenario, finish, keys, read_draft, scenario_folders, unit_of
from planner.settings import LARGEST, MISSING, Key, ValueReader
from planner.wording import problem, shown_place
from planner.yamlfile import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from planner.columns import PlanColumns
    from planner.instance import Instance
    from planner.plan import Plan
    from planner.region import Norms, Region

MARK = "sweep.json"
SCHEMA = 1
MOST_PLANS = 10_000
MOST_SPEC = 10_000
EVERY_WHOLE = 25
"""Ranges of so many whole numbers or fewer are swept number by number."""
POINTS = 11
NOT_SWEPT = ("schema", "geo", "norms", "title_vi", "title_en", "centres.parcels")
SHORT = {
    "budget": "budget.yearly_vnd",
    "centres": "centres.allowed",
    "departments": "departments.open",
    "release": "release.route",
}
"""Sections that may stand for one of their keys: ``budget=100 tỷ..500 tỷ/50 tỷ``."""
FACTS = ("status", "problem", "objective_vnd", "bound_vnd", "gap", "today_vnd", "saving_vnd")

_RANGE = re.compile(r"(.+?)\.\.(.+?)(?:/\s*([+-]?[0-9].*))?", re.DOTALL)
_UNIT = re.compile(r"[^\s0-9.,_+-]")


@dataclass(frozen=True)
class Axis:
    """A setting and the values it takes, in the order they are swept."""

    key: str
    unit: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Point:
    """One scenario of the grid.

    Attributes
    ----------
    values : tuple
        One a key, in the order of the axes.
    id : str
        Stands for everything that the plan depends on: settings, data, versions and effort.
    family : str
        Points of one family differ only in the value of city-wide limits: they choose among the same plans.
    """

    values: tuple[Any, ...]
    scenario: Scenario
    id: str
    family: str


@dataclass(frozen=True)
class Sweep:
    """The points of a grid, the last key varying fastest, and what they are planned from."""

    scenario: Scenario
    region: Region
    norms: Norms
    effort: Effort
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]

    @property
    def folder_name(self) -> str:
        """The folder of the sweep: scenario and keys; a sweep of the same keys takes up what is there."""
        name = f"{self.scenario.name}-sweep-{'+'.join(axis.key for axis in self.axes)}"
        if len(name) <= 120:
            return name
        return f"{name[:100]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


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


# --- what is asked for ----------------------------------------------------------------------------------------------


def read_sweep(
    name: str, specs: Sequence[str], points: int | None = None, effort: Effort | None = None
) -> Sweep:
    """Read a scenario and the values to sweep, each checked as if a scenario file held it.

    Parameters
    ----------
    specs : sequence of str
        ``KEY=a..b``, ``KEY=a..b/step`` or ``KEY=v1,v2,v3``; some sections stand for a key (`SHORT`).
    points : int, optional
        Values of a range without a step: 11, or every whole number where they are few.

    Raises
    ------
    InputError
        With every problem of the scenario, its data and the values.
    """
    problems = ProblemList()
    inputs = None
    try:
        inputs = read_inputs(name)
    except InputError as error:
        problems.problems += error.problems
    axes = [axis for spec in specs if (axis := _axis(spec, _units(name), points, problems))]
    names = [axis.key for axis in axes]
    for key in sorted({key for key in names if names.count(key) > 1}):
        problems.problems.append(problem("E234", f"--over {key}", found=key, allowed=_sections()))
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if count > MOST_PLANS:
        problems.problems.append(problem("E232", "--over", count=count, limit=MOST_PLANS))
    if inputs is None or problems.problems:
        raise InputError(list(dict.fromkeys(problems.problems)))
    scenario, region, norms = inputs
    effort = effort or Effort()
    return Sweep(scenario, region, norms, effort, tuple(axes), _points(name, axes, region, norms, effort))


def _units(name: str) -> dict[str, str]:
    _, folder = scenario_folders(name)
    if folder is None:
        return {}
    table = read_settings(folder, ProblemList()).frame
    return {str(key): unit for key, unit in zip(table["key"], table["unit"], strict=True) if unit == unit}


def _axis(spec: str, units: dict[str, str], points: int | None, problems: ProblemList) -> Axis | None:
    """Read one ``KEY=VALUES``; None, with the reason in `problems`, when it cannot be used."""
    key, equals, text = spec.partition("=")
    key = key.strip()
    if not equals or not key or not text.strip() or len(spec) > MOST_SPEC:
        problems.problems.append(problem("E230", "--over", found=spec))
        return None
    key = SHORT.get(key, key)
    where = f"--over {key}"
    known = keys()
    if key not in known:
        near = next((other for other in known if other.rpartition(".")[2] == key), None)
        names = [near] if near else list(known)
        problems.problems.append(problem("E204", where, found=key, near=(near or key, names)))
        return None
    if key in NOT_SWEPT:
        problems.problems.append(problem("E234", where, found=key, allowed=_sections()))
        return None
    if known[key].is_map():
        others = [other for other in known if not known[other].is_map() and other not in NOT_SWEPT]
        problems.problems.append(problem("E235", where, found=key, near=(key, others)))
        return None
    leaf, unit = known[key], unit_of(key, units)
    pieces = [piece.strip() for piece in _pieces(text)]
    before = len(problems.problems)
    if not all(pieces):
        problems.problems.append(problem("E230", where, found=spec))
        return None
    kind = _number_kind(leaf)
    if kind is not None and _mixed(pieces):
        problems.problems.append(problem("E233", where, found=text))
        return None
    values: list[Any] = []
    for piece in pieces:
        if kind is not None and ".." in piece:
            values += _range(leaf, kind, unit, piece, points, problems)
        else:
            values.append(_value(leaf, unit, piece, where, problems))
    if len(problems.problems) > before:
        return None
    return Axis(key, unit, tuple(_distinct(values)))


def _sections() -> list[str]:
    return [key for key in dict.fromkeys(key.partition(".")[0] for key in keys()) if key not in NOT_SWEPT]


def _pieces(text: str) -> list[str]:
    """Split at commas that stand in no list and no quotes."""
    pieces, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        if character == "," and depth == 0 and not quote:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


def _number_kind(leaf: Key) -> type | None:
    annotation = leaf.annotation
    if get_origin(annotation) in (Union, UnionType):
        inner = [kind for kind in get_args(annotation) if kind is not NoneType]
        annotation = inner[0] if len(inner) == 1 else None
    return annotation if annotation in (int, float) else None


def _mixed(pieces: list[str]) -> bool:
    """Return whether some numbers have a unit and some have none: ``1,5 triệu`` is 1.5 million to its writer."""
    ends: list[str] = []
    for piece in pieces:
        found = _RANGE.fullmatch(piece)
        ends += [end for end in (found.groups() if found else (piece,)) if end]
    bare = {bool(_UNIT.search(end)) for end in ends if end.strip() not in ("0", "null", "~")}
    return len(bare) > 1


def _value(leaf: Key, unit: str, text: str, where: str, problems: ProblemList) -> Any:
    """Read one value as a scenario file would write it."""
    found = ProblemList()
    value = parse_yaml(text, where, found)
    result: object = MISSING
    if value is not None and not found.problems:
        result = ValueReader(where, unit, found).read(leaf, value)
    problems.problems += [replace(each, where=shown_place(where)) for each in found.problems]
    return result


def _range(
    leaf: Key, kind: type, unit: str, text: str, points: int | None, problems: ProblemList
) -> list[Any]:
    """Return the numbers of ``a..b`` or ``a..b/step``."""
    where = f"--over {leaf.key}"
    found = _RANGE.fullmatch(text)
    if found is None:
        problems.problems.append(problem("E231", where, found=text))
        return []
    number = replace(leaf, annotation=kind)
    positive = replace(number, low=0, high=LARGEST, above=True)
    low, high = (_value(number, unit, end.strip(), where, problems) for end in found.groups()[:2])
    step = _value(positive, unit, found[3].strip(), where, problems) if found[3] else None
    if MISSING in (low, high, step):
        return []
    if low >= high:
        problems.problems.append(problem("E231", where, found=text))
        return []
    first, span = Decimal(repr(low)), Decimal(repr(high)) - Decimal(repr(low))
    if step is not None:
        each, count = Decimal(repr(step)), int(span / Decimal(repr(step))) + 1
    elif kind is int and points is None and span < EVERY_WHOLE:
        each, count = Decimal(1), int(span) + 1
    else:
        count = points or POINTS
        each = span / (count - 1)
    if count > MOST_PLANS:
        problems.problems.append(problem("E232", where, count=count, limit=MOST_PLANS))
        return []
    numbers = [first + each * i for i in range(count)]
    if kind is int:
        return [int(value.to_integral_value(ROUND_HALF_UP)) for value in numbers]
    return [float(f"{value:.12g}") for value in numbers]


def _distinct(values: list[Any]) -> list[Any]:
    return list({(type(value), value): value for value in values}.values())


def _points(name: str, axes: list[Axis], region: Region, norms: Norms, effort: Effort) -> tuple[Point, ...]:
    """Return the points of the grid; raise with every problem of every point."""
    problems = ProblemList()
    draft = read_draft(name, problems)
    problems.raise_if_any()
    if draft is None:
        raise AssertionError("a scenario that was read before can be read again")
    names = [axis.key for axis in axes]
    origins, places = ({**known, **dict.fromkeys(names, "--over")} for known in (draft.origins, draft.places))
    ground = {
        "schema": SCHEMA,
        "inputs": sorted((entry.path, entry.sha256) for entry in (*region.inputs, *norms.inputs)),
        "versions": versions(),
        "effort": asdict(effort),
    }
    seen: set[tuple[Any, ...]] = set()
    points = []
    for values in itertools.product(*(axis.values for axis in axes)):
        here = replace(
            draft, values={**draft.values, **dict(zip(names, values, strict=True))}, origins=origins
        )
        checked = tuple(value for key, value in zip(names, values, strict=True) if key in READ_BY_CHECK)
        if checked not in seen:
            seen.add(checked)
            problems.problems += check_values(here.values, places, region)
        scenario = finish(here, problems)
        if scenario is not None and not problems.problems:
            points.append(Point(values, scenario, _hash(ground, scenario), _family(scenario)))
    if problems.problems:
        raise InputError(list(dict.fromkeys(problems.problems)))
    return tuple(points)


def _hash(ground: dict[str, Any], scenario: Scenario) -> str:
    settings = scenario.model_dump(mode="json", by_alias=True, exclude={"name", "title_vi", "title_en"})
    text = json.dumps({**ground, "settings": settings}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _family(scenario: Scenario) -> str:
    # Which city-wide resources count decides which plans of a ward can matter; how much there is of each does not
    # (planner.model). Whether budgets are carried over and filled up with income changes what a plan uses of them.
    budget = scenario.budget.model_copy(update={"yearly_vnd": None, "from_year": None, "by_year_vnd": {}})
    usual = {name: info.get_default(call_default_factory=True) for name, info in Rules.model_fields.items()}
    limits = {name: usual[name] for name in LIMITS_OF_RULES}
    rules = scenario.rules.model_copy(update=limits)
    without = scenario.model_copy(update={"rules": rules, "budget": budget})
    return _hash({"resources": sorted(resource_names(scenario))}, without)


# --- solving --------------------------------------------------------------------------------------------------------


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
    store = _Store(folder)
    store.begin(sweep)
    rows = {point.id: row for point in sweep.points if (row := store.load(point))}
    store.write_table(sweep, rows)
    pending = [point for point in sweep.points if point.id not in rows]
    pending.sort(key=lambda point: point.family)  # stable: within a family the order of the grid
    reused = len(rows)
    try:
        with closing(_solved(sweep, pending, jobs)) as solved:
            for point, row in solved:
                store.save(point, row)
                rows[point.id] = row
                on_progress(f"{sweep.scenario.name}: {len(rows)}/{len(sweep.points)}")
    finally:
        store.write_table(sweep, rows)
    return Finished([_shown(sweep, point, rows[point.id]) for point in sweep.points], reused)


def _shown(sweep: Sweep, point: Point, row: dict[str, Any]) -> dict[str, Any]:
    names = (axis.key for axis in sweep.axes)
    return {"values": dict(zip(names, point.values, strict=True)), **row}


def _solved(
    sweep: Sweep, pending: list[Point], jobs: int
) -> Generator[tuple[Point, dict[str, Any]], None, None]:
    """Yield points as they are solved."""
    jobs = min(jobs, len(pending))
    if jobs <= 1:
        solver = _Solver(sweep.region, sweep.norms, sweep.effort)
        for point in pending:
            yield point, solver.solve(point)
        return
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context(
            "spawn"
        ),  # the same on every system; HiGHS and fork do not mix
        initializer=_begin_worker,
        initargs=(sweep.region, sweep.norms, sweep.effort),
    )
    try:
        left = iter(pending)
        waiting: dict[Future[dict[str, Any]], Point] = {}
        for point in itertools.islice(left, 2 * jobs):
            waiting[pool.submit(_solve_in_worker, point)] = point
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                point = waiting.pop(future)
                row = future.result()
                for following in itertools.islice(left, 1):
                    waiting[pool.submit(_solve_in_worker, following)] = following
                yield point, row
    except BrokenProcessPool:
        fix = "Finished points are kept. Run the same command again, with fewer --jobs if memory is short."
        raise NoPlanFound(Problem("E704", "--jobs", "a process of the sweep was ended", fix)) from None
    except BaseException:
        # Interrupted: what the workers are at is given up.
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass
class _Solver:
    """Plans points one after the other; keeps what the next one may need too."""

    region: Region
    norms: Norms
    effort: Effort
    family: str = ""
    prepared: tuple[Instance, PlanColumns] | None = None
    today: dict[str, int] = field(default_factory=dict)

    def solve(self, point: Point) -> dict[str, Any]:
        """Return the row of a point."""
        began = time.perf_counter()
        row: dict[str, Any] = {**dict.fromkeys(FACTS), "measures": {}, "problems": []}
        try:
            row |= self._plan(point)
        except PlannerError as error:
            row["status"] = (
                "infeasible"
                if isinstance(error, Infeasible)
                else "stopped"
                if isinstance(error, NoPlanFound)
                else "refused"
            )
            row["problem"] = " ".join(dict.fromkeys(each.code for each in error.problems))
            row["problems"] = [_told(each) for each in error.problems]
        row["seconds"] = round(time.perf_counter() - began, 3)
        return row

    def _plan(self, point: Point) -> dict[str, Any]:
        scenario = point.scenario
        if scenario.network.allowed:
            # Courses and points are not plan columns: every point is prepared anew.
            plan = make_plan(scenario, self.region, self.norms, self.effort, with_today=False, advice=False)
            return self._row(plan)
        if self.prepared is None or self.family != point.family:
            self.prepared = None  # frees the memory of the last family first
            self.prepared = prepare(scenario, self.region, self.norms)
            self.family = point.family
        instance, columns = self.prepared
        plan = make_plan(
            scenario,
            self.region,
            self.norms,
            self.effort,
            with_today=False,
            advice=False,
            prepared=(replace(instance, scenario=scenario), columns),
        )
        return self._row(plan)

    def _row(self, plan: Plan) -> dict[str, Any]:
        scenario = plan.scenario
        objective = plan.facts["objective_vnd"]
        rows = plan.measures[plan.measures["ward_code"] == ""]
        city = dict(zip(rows["measure"], rows["value"].tolist(), strict=True))
        today = objective if scenario.arrangement == "today" else self._today(scenario)
        return {
            **{name: plan.facts[name] for name in ("status", "objective_vnd", "bound_vnd", "gap")},
            "today_vnd": today,
            "saving_vnd": today - objective,
            "measures": {name: _whole(city[name]) for name in UNITS},
        }

    def _today(self, scenario: Scenario) -> int:
        """Return the cost of the arrangement in force; settings that it does not depend on cost nothing."""
        key = _hash({}, as_today(scenario, self.region))
        if key not in self.today:
            self.today[key] = cost_of_today(scenario, self.region, self.norms)
        return self.today[key]


def _told(found: Problem) -> dict[str, str]:
    return {"code": found.code, "where": found.where, "what": found.what, "fix": found.fix}


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


_worker: _Solver | None = None


def _begin_worker(region: Region, norms: Norms, effort: Effort) -> None:
    """Begin a process of the pool: Ctrl-C is for the parent alone, and without a parent there is nothing to do."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _worker = _Solver(region, norms, effort)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _solve_in_worker(point: Point) -> dict[str, Any]:
    if _worker is None:
        raise AssertionError("a worker begins before it solves")
    return _worker.solve(point)


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Store:
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
    return str(_whole(value)) if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
