"""A plan: the tables of a result folder, made from the chosen arrangement of every ward, saved and loaded whole."""

from __future__ import annotations

import json
import platform
import time
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import planner
from planner import costs, infeasible, model, solve
from planner.errors import Infeasible, InputError, Problem, ProblemList
from planner.instance import NOT_FIXED, Instance, build_instance, excluded_sites
from planner.measures import divide, measure_table, present_value
from planner.region import read_norms, read_region

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.region import Norms, Region
    from planner.scenario import Scenario

BODIES = ("party", "council_committee", "front", "reception")
SCHEMA = 1
TABLES = ("assignments", "premises", "costs", "measures")
TODAY_TITLES = {
    "title_vi": "Hiện trạng từ 01/7/2025",
    "title_en": "The arrangement in force since 1 July 2025",
}
COLUMNS = {
    "assignments": "ward_code ward_name year body part site_id tight_fit_m2 norm_m2 basis",
    "premises": "site_id ward_code kind year status route floor_area_m2 hall_seats",
    "costs": "ward_code year item heading vnd",
    "measures": "ward_code measure unit value",
}
NUMBERS = ("year", "tight_fit_m2", "norm_m2", "floor_area_m2", "hall_seats", "vnd", "value")
CODES = ("ward_code", "site_id")


@dataclass(frozen=True)
class Plan:
    """An arrangement of every ward with what it costs and what it achieves.

    Attributes
    ----------
    assignments : DataFrame
        ward_code, ward_name, year, body, part, site_id, tight_fit_m2, norm_m2, basis (known | modelled);
        one row per ward, year, body and part.
    premises : DataFrame
        site_id, ward_code, kind, year, status (in_use | released), route, floor_area_m2, hall_seats;
        one row per site that is not excluded, and year.
    costs : DataFrame
        ward_code, year, item, heading (capital | recurrent | income | social), vnd; whole dong, no zero rows.
    measures : DataFrame
        ward_code ("" for the whole city), measure, unit, value.
    facts : dict
        What ``plan.json`` holds: schema, scenario, settings, status, objective_vnd, bound_vnd, gap, ...
    today : Plan or None
        The arrangement in force, costed with the same settings.
    """

    scenario: Scenario
    region: Region
    norms: Norms
    assignments: pd.DataFrame
    premises: pd.DataFrame
    costs: pd.DataFrame
    measures: pd.DataFrame
    facts: dict[str, Any]
    log: str = ""
    today: Plan | None = None

    def city(self, measure: str) -> float:
        """Return a measure of the whole city."""
        rows = self.measures[(self.measures["ward_code"] == "") & (self.measures["measure"] == measure)]
        return float(rows["value"].iloc[0])

    def ward_measures(self) -> pd.DataFrame:
        """Return the measures of the wards, ward codes down, measures across."""
        rows = self.measures[self.measures["ward_code"] != ""]
        return rows.pivot_table(index="ward_code", columns="measure", values="value", sort=False)

    def first_year(self) -> pd.DataFrame:
        """Return the assignments of the first year."""
        return self.assignments[self.assignments["year"] == self.scenario.horizon.start_year]

    def write_tables(self, folder: Path) -> None:
        """Write the tables, ``plan.json`` and ``solver.log`` into an existing folder, today's plan in ``today/``."""
        for name in TABLES:
            table: pd.DataFrame = getattr(self, name)
            if name == "measures":
                table = table.assign(value=[_plain(value) for value in table["value"]])
            table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
        text = json.dumps(self.facts, ensure_ascii=False, indent=1)
        (folder / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        (folder / "solver.log").write_text(self.log, encoding="utf-8", newline="\n")
        if self.today is not None:
            (folder / "today").mkdir(exist_ok=True)
            self.today.write_tables(folder / "today")


# --- making ------------------------------------------------------------------------------------------------------


def make_plan(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    effort: solve.Effort | None = None,
    *,
    with_today: bool = True,
    prepared: tuple[Instance, model.PlanColumns] | None = None,
    on_progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """Find the cheapest arrangement of every ward that keeps the rules, and what it costs and achieves.

    Parameters
    ----------
    prepared : tuple, optional
        What `prepare` gave for the same scenario; made here when not given.

    Raises
    ------
    Infeasible
        Some ward has no arrangement, or the city-wide rules clash; all of them are named.
    NoPlanFound
        The time limit came before a plan.
    """
    began = time.perf_counter()
    on_progress(f"{scenario.name}: enumerating arrangements of {len(region.wards)} units")
    instance, columns = prepared or prepare(scenario, region, norms)
    on_progress(f"{scenario.name}: choosing among {len(columns)} plans")
    outcome = solve.choose(columns, instance.wards, solve.city_limits(scenario), effort)
    plan = plan_of(instance, region, norms, columns.take(outcome.rows))
    seconds = time.perf_counter() - began
    plan = replace(plan, facts=facts_of(plan, outcome, seconds), log=outcome.log)
    if with_today and scenario.arrangement != "today":
        today = make_plan(as_today(scenario, region), region, norms, effort, with_today=False)
        plan = replace(plan, today=today)
    return plan


def plan_columns(instance: Instance, region: Region, measured: Sequence[str] = ()) -> model.PlanColumns:
    """Return the arrangements that can matter, at least one a ward (`model.enumerate_plans`).

    Raises
    ------
    Infeasible
        Some ward has no arrangement; all of them are named.
    """
    columns = model.enumerate_plans(instance, measured)
    without = sorted(set(range(len(instance.wards))) - set(columns.ward.tolist()))
    if without:
        codes = [instance.wards[place] for place in without]
        raise Infeasible(
            [infeasible.why_infeasible(instance, code, str(region.wards.loc[code, "name"])) for code in codes]
        )
    return columns


def prepare(scenario: Scenario, region: Region, norms: Norms) -> tuple[Instance, model.PlanColumns]:
    """Return the problem as arrays, and the arrangements of every ward to choose from.

    Raises
    ------
    Infeasible
        Some ward has no arrangement; all of them are named.
    """
    instance = build_instance(region, norms, scenario)
    return instance, plan_columns(instance, region)


def cost_of_today(scenario: Scenario, region: Region, norms: Norms) -> int:
    """Return the net present cost of the arrangement in force in dong, without the tables of its plan."""
    instance, columns = prepare(as_today(scenario, region), region, norms)
    return divide(solve.choose(columns, instance.wards, {}).cost, costs.MILLION)


def as_today(scenario: Scenario, region: Region) -> Scenario:
    """Return the scenario of the arrangement in force, with the settings and prices of another scenario."""
    known = region.today[region.today["site_id"].isin(region.sites.index)]
    most = known.groupby("ward_code")["site_id"].nunique().max() if len(known) else 1
    rules = scenario.rules.model_copy(
        update={
            "max_sites": max(scenario.rules.max_sites, int(most)),
            "one_site_where_enough": "off",
            "floor_area": "report",
            "hall": "off" if scenario.rules.hall == "off" else "report",
            "required": (),
            "excluded": (),
            "premises_max": None,
            "capital_max_vnd": None,
        }
    )
    return scenario.model_copy(
        update={"name": "today", "arrangement": "today", "rules": rules, **TODAY_TITLES}
    )


def plan_of(instance: Instance, region: Region, norms: Norms, chosen: model.PlanColumns) -> Plan:
    """Return the tables of chosen arrangements, one row a ward in ward order; without facts and today's plan."""
    scenario = instance.scenario
    years = list(range(scenario.horizon.start_year, scenario.horizon.start_year + scenario.horizon.years))
    items = model.itemise(instance, chosen)
    assignments = _assignments(region, instance, chosen)
    used = set(assignments["site_id"])
    premises = _premises(region, scenario, used)
    money = _cost_rows(instance, items, years)
    plan = Plan(
        scenario=scenario,
        region=region,
        norms=norms,
        assignments=_by_year(assignments, years, after="ward_name", within="ward_code"),
        premises=_by_year(premises, years, after="kind", within="ward_code"),
        costs=money,
        measures=pd.DataFrame(),
        facts={},
    )
    return replace(
        plan, measures=measure_table(region, norms, instance, chosen, items, assignments, premises, money)
    )


def _assignments(region: Region, instance: Instance, chosen: model.PlanColumns) -> pd.DataFrame:
    parts = instance.demand.parts
    ids = np.array(instance.sites.index)
    site_of_part = np.concatenate([row[row != NOT_FIXED] for row in chosen.site_of_part])
    keeps = instance.scenario.arrangement == "today"
    known = np.concatenate([_known_of_ward(instance, place) for place in range(len(instance.wards))])
    return pd.DataFrame(
        {
            "ward_code": parts["ward_code"],
            "ward_name": region.wards.loc[parts["ward_code"], "name"].to_numpy(),
            "body": parts["body"],
            "part": parts["part"],
            "site_id": ids[site_of_part],
            "tight_fit_m2": parts["tight_fit_m2"],
            "norm_m2": parts["norm_m2"],
            "basis": np.where(keeps & (known != NOT_FIXED), "known", "modelled"),
        }
    )


def _known_of_ward(instance: Instance, place: int) -> Any:
    group = next(g for g in instance.groups if place in g.wards)
    return group.known[int(np.flatnonzero(group.wards == place)[0])]


def _premises(region: Region, scenario: Scenario, used: set[str]) -> pd.DataFrame:
    sites = region.sites[~region.sites.index.isin(excluded_sites(region, scenario))]
    in_use = sites.index.isin(list(used))
    table = pd.DataFrame(
        {
            "site_id": sites.index,
            "ward_code": sites["ward_code"].to_numpy(),
            "kind": sites["kind"].to_numpy(),
            "status": np.where(in_use, "in_use", "released"),
            "route": np.where(in_use, "", scenario.release.route),
            "floor_area_m2": sites["floor_area_m2"].to_numpy(),
            "hall_seats": sites["hall_seats"].to_numpy(),
        }
    )
    return table.sort_values(["ward_code", "site_id"], kind="stable", ignore_index=True)


def _by_year(table: pd.DataFrame, years: list[int], *, after: str, within: str) -> pd.DataFrame:
    """Repeat the rows of a table for every year, ward by ward."""
    repeated = pd.concat([table.assign(year=year) for year in years], ignore_index=True)
    repeated = repeated.sort_values([within, "year"], kind="stable", ignore_index=True)
    names = [name for name in table.columns if name != "year"]
    names.insert(names.index(after) + 1, "year")
    return repeated[names]


def _cost_rows(instance: Instance, items: model.Itemised, years: list[int]) -> pd.DataFrame:
    """Return the rows of ``costs.csv``: by ward, year and item, no zero rows."""
    wards = np.array(instance.wards)
    nothing = np.zeros(len(wards), np.int64)
    blocks = []
    for year in years:
        for order, item in enumerate(costs.HEADING):
            amount = items.yearly.get(item, nothing) + (
                items.once.get(item, nothing) if year == years[0] else 0
            )
            rows = np.flatnonzero(amount)
            blocks.append(
                pd.DataFrame(
                    {
                        "ward_code": wards[rows],
                        "year": year,
                        "item": item,
                        "heading": costs.HEADING[item],
                        "vnd": amount[rows],
                        "order": order,
                    }
                )
            )
    table = pd.concat(blocks, ignore_index=True)
    return table.sort_values(["ward_code", "year", "order"], ignore_index=True).drop(columns="order")


def facts_of(plan: Plan, outcome: solve.Outcome, seconds: float) -> dict[str, Any]:
    """Return what ``plan.json`` holds."""
    micro = present_value(plan.costs, plan.scenario)
    if micro != outcome.cost:
        raise AssertionError(f"the cost table sums to {micro}, the model priced {outcome.cost}")
    objective, bound, certified = (
        divide(v, costs.MILLION) for v in (micro, outcome.bound, outcome.certified_bound)
    )
    inputs = {i.path: i.sha256 for i in (*plan.region.inputs, *plan.norms.inputs, *plan.scenario.inputs)}
    return {
        "schema": SCHEMA,
        "scenario": plan.scenario.name,
        "status": outcome.status,
        "objective_vnd": objective,
        "bound_vnd": bound,
        "gap": _gap(objective, bound),
        "certified_bound_vnd": certified,
        "certified_gap": _gap(objective, certified),
        "seconds": round(seconds, 3),
        "surveyed_share": plan.city("surveyed_share"),
        "prices": outcome.prices,
        "solver": outcome.solver,
        "settings": plan.scenario.model_dump(mode="json", by_alias=True),
        "origins": plan.scenario.origins,
        "inputs": [{"path": path, "sha256": inputs[path]} for path in sorted(inputs)],
        "versions": versions(),
    }


def _gap(objective: int, bound: int) -> float:
    return round((objective - bound) / abs(objective), 9) if objective else 0.0


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {"planner": planner.__version__, "python": platform.python_version()}
    for package in ("pulp", "highspy", "numpy", "pandas"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # pragma: no cover - every one is a requirement
            found[package] = "?"
    return found


def _plain(value: float) -> str:
    """Write a measure without a binary tail: whole numbers whole, others as short as they read."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


# --- loading -----------------------------------------------------------------------------------------------------


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
    region = read_region(scenario.geo_folder, scenario.parcels_file)
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
    for name in TABLES:
        path = folder / f"{name}.csv"
        try:
            tables[name] = pd.read_csv(
                path, dtype=dict.fromkeys(CODES, str), keep_default_na=False, encoding="utf-8"
            )
            fault = _fault(tables[name], name)
        except (OSError, ValueError) as error:
            fault = type(error).__name__
        if fault:
            problems.add("E803", str(path), f"cannot be read ({fault})", "Solve the scenario again.")
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
    # A plan that costs nothing has no rows of cost.
    return "" if len(table) or name == "costs" else "no rows"
