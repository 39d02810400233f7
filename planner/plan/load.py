"""Loading a plan from its result folder, with the data it was made from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner import reason_file
from planner.csvtext import unguarded
from planner.errors import InputError, Problem, ProblemList
from planner.plan.facts import SCHEMA
from planner.plan.plan import Plan
from planner.plan.tables import BY_YEAR, COLUMNS, FREE_TEXT, NUMBERS, TEXTS, tables_of
from planner.region import read_norms, read_region

if TYPE_CHECKING:
    from planner.region import Norms, Region
    from planner.scenario import Scenario


def load_plan(folder: str | Path, root: Path | None = None) -> Plan:
    """Read a result folder, and the data it was made from.

    Raises
    ------
    InputError
        The folder is not a result, a file is missing or broken (E801-E803), or the data have changed since (E804).
    """
    folder = Path(folder)
    facts = _read_facts(folder)
    scenario = _restored(facts, folder, root)
    region = read_region(scenario.geo_folder, scenario.parcels_file, scenario.travel_file)
    norms = read_norms(scenario.norms_folder)
    saved = {entry["path"]: entry["sha256"] for entry in facts["inputs"]}
    problems = ProblemList()
    for read in (*region.inputs, *norms.inputs):
        if saved.get(read.path) != read.sha256:
            problems.add(
                "E804",
                read.path,
                f"has changed since {folder} was made",
                f"Run: planner solve {facts['scenario']}",
            )
    problems.raise_if_any()
    plan = _load_tables(folder, facts, scenario, region, norms)
    if (folder / "today" / "plan.json").exists():
        today_facts = _read_facts(folder / "today")
        today = _restored(today_facts, folder / "today", root)
        plan = replace(plan, today=_load_tables(folder / "today", today_facts, today, region, norms))
    return plan


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / "plan.json"
    fix = "Give a folder that `planner solve` wrote, such as results/hanoi-2025."
    if not path.is_file():
        raise InputError(Problem("E801", str(folder), "is not a result folder: plan.json is missing", fix))
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        complete = {"schema", "scenario", "settings", "inputs", "objective_vnd"} <= set(facts)
        complete = complete and isinstance(facts["settings"], dict)
        complete = complete and all({"path", "sha256"} <= set(entry) for entry in facts["inputs"])
    except (ValueError, TypeError, OSError):
        facts, complete = {}, False
    if not complete or facts["schema"] != SCHEMA:
        raise InputError(Problem("E802", str(path), f"is not a plan of schema {SCHEMA}", fix))
    return dict(facts)


def _restored(facts: dict[str, Any], folder: Path, root: Path | None) -> Scenario:
    """Return the resolved scenario that a plan was made with."""
    from pydantic import ValidationError

    from planner.scenario import Scenario

    values = {**facts["settings"], "origins": facts.get("origins", {})}
    if root is not None:
        values["root"] = root
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        where = f"{folder / 'plan.json'} settings"
        text = f"cannot be read back: {error.error_count()} settings are missing or wrong"
        raise InputError(Problem("E802", where, text, "Solve the scenario again.")) from None


def _load_tables(
    folder: Path, facts: dict[str, Any], scenario: Scenario, region: Region, norms: Norms
) -> Plan:
    tables = {}
    problems = ProblemList()
    # Results of older versions, and plans that stay as they are, have no measures by year.
    more = [BY_YEAR] if (folder / f"{BY_YEAR}.csv").exists() else []
    for name in (*tables_of(scenario), *more):
        path = folder / f"{name}.csv"
        try:
            tables[name] = pd.read_csv(
                path, dtype=dict.fromkeys(TEXTS, str), keep_default_na=False, encoding="utf-8"
            )
            for column in tables[name].columns.intersection(FREE_TEXT):
                tables[name][column] = tables[name][column].map(unguarded)
            fault = _fault(tables[name], name)
        except (OSError, ValueError) as error:
            fault = type(error).__name__
        if fault:
            problems.add("E803", str(path), f"cannot be read ({fault})", "Solve the scenario again.")
    # Results of older versions, and plans that a search keeps, have no reasons.
    reasons = folder / "reasons.csv"
    if reasons.exists():
        try:
            texts = reason_file.read_reasons(reasons)
            fault = reason_file.fault_in(texts, region)
        except (OSError, ValueError) as error:
            fault = type(error).__name__
        if fault:
            problems.add("E803", str(reasons), f"cannot be read ({fault})", "Solve the scenario again.")
        else:
            tables["reasons"] = reason_file.typed(texts)
    problems.raise_if_any()
    log = folder / "solver.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    return Plan(scenario=scenario, region=region, norms=norms, facts=facts, log=text, **tables)


def _fault(table: pd.DataFrame, name: str) -> str:
    """Say what is wrong with a table that was read; empty if nothing is."""
    for column in COLUMNS[name].split():
        if column not in table.columns:
            return f"no column {column}"
        if column in NUMBERS and len(table) and not pd.api.types.is_numeric_dtype(table[column]):
            return f"not a number in {column}"
    # A plan that costs nothing has no rows of cost; a network that never changes has no prices.
    return "" if len(table) or name in ("costs", "network_prices") else "no rows"
