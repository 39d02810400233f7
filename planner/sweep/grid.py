"""The points of a sweep: a scenario for every combination of values, and what its plan depends on."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from planner.check import READ_BY_CHECK, check_values, read_inputs
from planner.errors import InputError, ProblemList
from planner.limits import LIMITS_OF_RULES
from planner.model import resource_names
from planner.plan import versions
from planner.program import Effort
from planner.region import read_settings
from planner.scenario import Rules, Scenario, finish, read_draft, scenario_folders
from planner.sweep.axes import MOST_PLANS, Axis, read_axis, sections
from planner.wording import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.region import Norms, Region

SCHEMA = 1


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
    axes = [axis for spec in specs if (axis := read_axis(spec, _units(name), points, problems))]
    names = [axis.key for axis in axes]
    for key in sorted({key for key in names if names.count(key) > 1}):
        problems.problems.append(problem("E234", f"--over {key}", found=key, allowed=sections()))
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
            points.append(Point(values, scenario, fingerprint(ground, scenario), _family(scenario)))
    if problems.problems:
        raise InputError(list(dict.fromkeys(problems.problems)))
    return tuple(points)


def fingerprint(ground: dict[str, Any], scenario: Scenario) -> str:
    """Return a checksum of everything that a scenario sets, whatever its name, and of what it is planned on."""
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
    return fingerprint({"resources": sorted(resource_names(scenario))}, without)
