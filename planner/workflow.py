"""From scenario to result folder: read, plan, audit, save, map and workbook, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.check import read_inputs
from planner.errors import InputError, PlannerError, Problem
from planner.plan import Plan, as_today, load_plan, make_plan
from planner.polygons import boundary_file
from planner.results import appearing, check_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from planner.frontier import Frontier
    from planner.location.location import Location, Model
    from planner.location.network import Network
    from planner.program import Effort
    from planner.reception.answer import Answer
    from planner.region import Norms, Region
    from planner.scenario import Scenario
    from planner.wording import Lang

    Inputs = tuple[Scenario, Region, Norms]


def read_all(names: Sequence[str], output: Path, *, force: bool = False) -> list[Inputs]:
    """Read every scenario before the first is solved, so that a mistake in the last is told at once.

    Raises
    ------
    InputError
        With every problem of every scenario, its data and its result folder; two scenarios of one name (E807).
    """
    problems: list[Problem] = []
    found: list[Inputs] = []
    for name in names:
        try:
            inputs = read_inputs(name)
            if boundary_file(inputs[1].folder) is not None:
                inputs[1].boundaries()  # the map needs them: their faults are told now, not after the solve
            check_target(output / inputs[0].name, force=force)
            if any(other[0].name == inputs[0].name for other in found):
                text = f"two scenarios are called {inputs[0].name}"
                problems.append(
                    Problem("E807", name, text, "Rename one: the name is that of the result folder.")
                )
            found.append(inputs)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise InputError(problems)
    return found


def solve_and_save(
    inputs: Inputs,
    folder: Path,
    effort: Effort,
    *,
    lang: Lang = "vi",
    force: bool = False,
    on_progress: Callable[[str], None] = lambda text: None,
) -> tuple[Plan, bool]:
    """Plan a scenario and write its result folder; return the plan and whether the audit passed."""
    from planner.audit import audit
    from planner.explain.table import reasons_table
    from planner.layers import write_layers
    from planner.maps import write_map
    from planner.report import write_workbook

    scenario, region, norms = inputs
    plan = make_plan(scenario, region, norms, effort, on_progress=on_progress)
    plan = replace(plan, reasons=reasons_table(plan))
    with appearing(folder, force=force) as staging:
        on_progress(f"{scenario.name}: writing {folder}")
        plan.write_tables(staging)
        audit_ok = audit(staging, root=scenario.root, with_search=False).ok
        write_map(plan, staging / "map.html", lang)
        write_workbook(plan, staging / "costs.xlsx", lang)
        write_layers(plan, staging / "plan.gpkg", lang)
    return plan, audit_ok


def frontier_and_save(
    name: str,
    measure: str,
    output: Path,
    *,
    points: int,
    effort: Effort,
    save_plans: bool = False,
    force: bool = False,
    on_progress: Callable[[str], None] = lambda text: None,
) -> tuple[Frontier, Path, list[int]]:
    """Find non-dominated plans of a scenario and write them; return them, the folder and points that fail the audit.

    The folder holds ``frontier.csv`` and ``frontier.json``; with ``save_plans`` the tables of every plan too, in
    ``points/01/`` and so on, each audited.
    """
    from planner.audit import audit
    from planner.frontier import MARK, frontier

    scenario, region, norms = read_inputs(name)
    folder = output / f"{scenario.name}-frontier-{measure}"
    check_target(folder, force=force, mark=MARK)
    found = frontier(scenario, region, norms, measure, points, effort, on_progress=on_progress)
    failed = []
    today = None
    if save_plans and scenario.arrangement != "today":
        today = make_plan(as_today(scenario, region), region, norms, with_today=False)
    with appearing(folder, force=force, mark=MARK) as staging:
        on_progress(f"{scenario.name}: writing {folder}")
        found.write_tables(staging)
        for number, point in enumerate(found.points if save_plans else [], start=1):
            place = staging / "points" / f"{number:02}"
            place.mkdir(parents=True)
            replace(point.plan, today=today).write_tables(place)
            if not audit(place, root=scenario.root, with_search=False).ok:
                failed.append(number)
    return found, folder, failed


def reception_and_save(
    name: str,
    model: Model,
    shares: Sequence[float],
    year: int | None,
    output: Path | None,
    *,
    p: int | None,
    limit: float | None,
    effort: Effort,
    lang: Lang = "vi",
    force: bool = False,
) -> list[Answer]:
    """Answer for the reception network of a scenario at every online share; write the answers into a folder if given.

    Parameters
    ----------
    shares : sequence of float
        Shares of files handed in online, each once; that of the scenario in the year when none is given.
    year : int, optional
        Year of the question; the last one of the scenario when not given.
    """
    from planner.reception.answer import answer
    from planner.reception.files import MARK, write_answers
    from planner.reception.question import share_of_year, survey
    from planner.report.reception import write_reception

    if output:
        check_target(output, force=force, mark=MARK)
    inputs = read_inputs(name)
    year, usual = share_of_year(inputs[0], year)
    ground = survey(*inputs)
    answers = [
        answer(ground, model, share, year, p=p, limit=limit, effort=effort)
        for share in dict.fromkeys(shares or (usual,))
    ]
    if output:
        with appearing(output, force=force, mark=MARK) as folder:
            write_answers(folder, answers)
            write_reception(answers, folder / "reception.xlsx", lang)
    return answers


def location_and_save(
    tables: Sequence[Path],
    model: Model,
    output: Path | None,
    *,
    p: int | None,
    limit: float | None,
    effort: Effort,
    force: bool = False,
) -> tuple[Network, Location]:
    """Locate points from tables of demand, candidates and distances; write the answer into a folder if given."""
    from planner.location.files import MARK, write_location
    from planner.location.locate import locate
    from planner.location.tables import read_network

    if output:
        check_target(output, force=force, mark=MARK)
    network, inputs = read_network(*tables)
    found = locate(network, model, p, limit, effort)
    if output:
        with appearing(output, force=force, mark=MARK) as folder:
            write_location(folder, network, found, inputs)
    return network, found


def load_or_make(folder: Path, name: str, on_progress: Callable[[str], None]) -> Plan:
    """Load a result; a scenario that was not solved yet is planned in memory.

    Raises
    ------
    PlannerError
        Neither a result folder nor a scenario of that name can be used.
    """
    if (folder / "plan.json").is_file() or folder.is_dir():
        return load_plan(folder)
    try:
        inputs = read_inputs(name)
    except PlannerError as error:
        if [problem.code for problem in error.problems] != ["E201"]:
            raise
        fix = f"Run: planner solve {name}, or give the path of a result folder. {error.problems[0].fix}"
        raise InputError(Problem("E801", name, "is neither a result folder nor a scenario", fix)) from None
    on_progress(f"{name}: not solved yet, planning it now")
    from planner.explain.table import reasons_table

    plan = make_plan(*inputs)
    return replace(plan, reasons=reasons_table(plan))
