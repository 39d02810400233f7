"""A plan: the tables of a result folder, made from the chosen arrangement of every ward, saved and loaded whole."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import time
from dataclasses import dataclass, field, replace
from datetime import date as Date
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import planner
from planner import clash, costs, infeasible, limits, model, network, pricing, reason_file, solve, yearly
from planner import tabulate as tables
from planner.csvtext import guarded, unguarded
from planner.demand import Demand, demand_points, estimate_demand
from planner.errors import Infeasible, InputError, Problem, ProblemList
from planner.instance import Instance
from planner.measures import divide, measure_table, present_value
from planner.model.assemble import build_instance
from planner.program import Effort
from planner.region import read_norms, read_region
from planner.scenario import Budget, Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.costs import Ints
    from planner.region import Norms, Region
    from planner.scenario import Scenario

BODIES = ("party", "council_committee", "front", "reception")
SCHEMA = 1
TABLES = ("assignments", "premises", "costs", "measures", "years")
NETWORK_TABLES = ("points", "catchments", "network_prices")
"""Tables that only plans with a reception network have."""
BY_YEAR = "measures_by_year"
"""The table that only plans have which change over the years."""
TODAY_TITLES = {
    "title_vi": "Hiện trạng từ 01/7/2025",
    "title_en": "The arrangement in force since 1 July 2025",
}
COLUMNS = {
    "assignments": "ward_code ward_name year body part site_id tight_fit_m2 norm_m2 basis",
    "premises": "site_id ward_code kind year status route floor_area_m2 hall_seats location",
    "costs": "ward_code year item heading vnd",
    "measures": "ward_code measure unit value",
    "years": "year budget_vnd carried_in_vnd recycled_vnd capital_vnd recurrent_vnd income_vnd social_vnd premises "
    "released surplus_m2 building opened",
    "points": network.POINTS,
    "catchments": network.CATCHMENTS,
    "network_prices": network.PRICES,
    BY_YEAR: " ".join(["year ward_code", *yearly.COLUMNS.values()]),
}
NUMBERS = (
    "year", "tight_fit_m2", "norm_m2", "floor_area_m2", "hall_seats", "vnd", "value", "carried_in_vnd",
    "recycled_vnd", "capital_vnd", "recurrent_vnd", "income_vnd", "social_vnd", "premises", "released", "surplus_m2",
    "building", "opened", "capacity_files", "load_files", "counters", "counters_needed", "people", "files", "trips",
    "road_m", "minutes", "lat", "lon", "price", *yearly.COLUMNS.values(),
)  # fmt: skip
FREE_TEXT = ("ward_name", "name")
"""Columns of text that people typed."""
TEXTS = tuple(
    sorted({column for columns in COLUMNS.values() for column in columns.split()} - {*NUMBERS, "budget_vnd"})
)
"""Columns that are read as text, whatever they look like."""
GAP_OVER_TIME = 1e-4
"""Relative gap of plans with centres under city-wide rules, unless another one is asked for."""


@dataclass(frozen=True)
class Plan:
    """An arrangement of every ward with what it costs and what it achieves.

    Attributes
    ----------
    assignments : DataFrame
        ward_code, ward_name, year, body, part, site_id, tight_fit_m2, norm_m2, basis (known | modelled);
        one row per ward, year, body and part.
    premises : DataFrame
        site_id, ward_code, kind, year, status (in_use | released | under_construction), route, floor_area_m2,
        hall_seats, location (of a centre: the site or parcel it stands on); one row per site that is not excluded,
        and year; a centre from the start of its construction.
    costs : DataFrame
        ward_code, year, item, heading (capital | recurrent | income | social), vnd; whole dong, no zero rows.
    measures : DataFrame
        ward_code ("" for the whole city), measure, unit, value.
    years : DataFrame
        One row a year: budget, what was carried in and recycled, money by heading, premises, released, centres.
    points, catchments, network_prices : DataFrame
        The reception network (`planner.network.tables`), empty where the scenario has none.
    measures_by_year : DataFrame
        The measures that follow the year (`planner.yearly.COLUMNS`), one row a year and ward, and first of every year
        the whole city's (ward_code ""); no rows where the plan stays as it is in its first year.
    reasons : DataFrame
        Why every ward is arranged so (`planner.reason_file`); no rows unless they were asked for (`planner.explain`).
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
    years: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    points: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    catchments: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    network_prices: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    measures_by_year: pd.DataFrame = field(default_factory=pd.DataFrame, kw_only=True)
    reasons: pd.DataFrame = field(default_factory=reason_file.no_reasons, kw_only=True)
    facts: dict[str, Any]
    log: str = ""
    today: Plan | None = None

    def city(self, measure: str) -> float:
        """Return a measure of the whole city."""
        rows = self.measures[(self.measures["ward_code"] == "") & (self.measures["measure"] == measure)]
        return float(rows["value"].iloc[0])

    def city_by_year(self) -> dict[int, dict[str, int]]:
        """Return the measures of the whole city that follow the year, by year; empty where they are not told."""
        table = self.measures_by_year
        rows = table[table["ward_code"] == ""].to_dict("records") if len(table) else []
        return {
            int(row["year"]): {measure: int(row[column]) for measure, column in yearly.COLUMNS.items()}
            for row in rows
        }

    @property
    def solved_on(self) -> Date | None:
        """The day of the plan; None in results of versions that did not say it."""
        try:
            return Date.fromisoformat(str(self.facts.get("solved_on", "")))
        except ValueError:
            return None

    @property
    def input_code(self) -> str:
        """A short code of the input files: the same for the same content, whatever the folder."""
        inputs = self.facts.get("inputs") or []
        joined = "\n".join(sorted(f"{Path(str(item['path'])).name} {item['sha256']}" for item in inputs))
        return hashlib.sha256(joined.encode()).hexdigest()[:10] if inputs else "–"

    def ward_measures(self) -> pd.DataFrame:
        """Return the measures of the wards, ward codes down, measures across."""
        rows = self.measures[self.measures["ward_code"] != ""]
        return rows.pivot_table(index="ward_code", columns="measure", values="value", sort=False)

    def first_year(self) -> pd.DataFrame:
        """Return the assignments of the first year."""
        return self.assignments[self.assignments["year"] == self.scenario.horizon.start_year]

    def further_departments(self) -> dict[str, int]:
        """Return how many departments beyond the usual ones the plan gives every ward."""
        rows = self.first_year()
        levels = self.norms.parts.get("extra", pd.Series(dtype=float)).fillna(0)
        further = rows["part"].map(levels).fillna(0) > 0
        return {str(ward): int(count) for ward, count in further.groupby(rows["ward_code"]).sum().items()}

    @cached_property
    def demand(self) -> Demand:
        """The needs of every ward, with the departments that the plan gives it."""
        return estimate_demand(self.region, self.norms, self.scenario, self.further_departments())

    def write_tables(self, folder: Path) -> None:
        """Write the tables, ``plan.json`` and ``solver.log`` into an existing folder, today's plan in ``today/``."""
        more = [name for name in (BY_YEAR, "reasons") if len(getattr(self, name))]
        for name in (*tables_of(self.scenario), *more):
            table: pd.DataFrame = getattr(self, name)
            if name == "measures":
                table = table.assign(value=[_plain(value) for value in table["value"]])
            free = {column: table[column].map(guarded) for column in FREE_TEXT if column in table}
            table = table.assign(**free)
            table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
        text = json.dumps(self.facts, ensure_ascii=False, indent=1)
        (folder / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        (folder / "solver.log").write_text(self.log, encoding="utf-8", newline="\n")
        if self.today is not None:
            (folder / "today").mkdir(exist_ok=True)
            self.today.write_tables(folder / "today")


def tables_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the tables that a result of a scenario has."""
    return (*TABLES, *NETWORK_TABLES) if scenario.network.allowed else TABLES


# --- making ------------------------------------------------------------------------------------------------------


def make_plan(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    effort: Effort | None = None,
    *,
    with_today: bool = True,
    advice: bool = True,
    prepared: tuple[Instance, model.PlanColumns] | None = None,
    on_progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """Find the cheapest arrangement of every ward that keeps the rules, and what it costs and achieves.

    Parameters
    ----------
    advice : bool
        Where city-wide rules clash, search for the smallest change of each that makes a plan.
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
    effort = effort_for(scenario, effort)
    if scenario.network.allowed:
        plan, outcome, used = _with_network(scenario, region, norms, effort, on_progress)
    else:
        instance, columns = prepared or prepare(scenario, region, norms)
        on_progress(f"{scenario.name}: choosing among {len(columns)} plans")
        outcome = solve.choose(
            columns,
            instance.wards,
            solve.city_limits(scenario),
            effort,
            changes=limits.families_of(scenario),
            seconds_for_advice=clash.SECONDS if advice else 0.0,
        )
        chosen = columns.take(outcome.rows)
        plan, used = plan_of(instance, region, norms, chosen), used_by(chosen)
    seconds = time.perf_counter() - began
    plan = replace(plan, facts=facts_of(plan, outcome, seconds, used), log=outcome.log)
    if with_today and scenario.arrangement != "today":
        today = make_plan(as_today(scenario, region), region, norms, effort, with_today=False)
        plan = replace(plan, today=today)
    return plan


def _with_network(
    scenario: Scenario,
    region: Region,
    norms: Norms,
    effort: Effort,
    on_progress: Callable[[str], None],
) -> tuple[Plan, solve.Outcome, dict[str, int]]:
    """Return the tables of the best plan with a reception network, its proof, and its use of city-wide resources."""
    instance = build_instance(region, norms, scenario)
    problem = network.build_problem(region, norms, scenario, instance)
    _all_have_plans(problem.courses.columns, instance, region)
    on_progress(
        f"{scenario.name}: choosing among {len(problem.courses)} courses and {len(problem.points.ids)} points"
    )
    found = network.choose(problem, effort)
    chosen = problem.courses.columns.take(found.choice.rows)
    catchments = network.catchments_table(problem, found.choice)
    more = network.cost_items(problem, found.choice)
    plan = plan_of(problem.instance, region, norms, chosen, more, catchments)
    served = network.served_at(problem, found.choice)
    points = network.points_table(region, problem, found.choice)
    measures = network.network_measures(problem, found.choice, points, served)
    plan = replace(
        plan,
        points=points,
        catchments=catchments,
        network_prices=network.prices_table(problem, found.prices),
        measures=pd.concat([plan.measures, measures], ignore_index=True),
    )
    return plan, found.outcome, found.used


def effort_for(scenario: Scenario, effort: Effort | None = None) -> Effort:
    """Return an effort with its gap filled in: `GAP_OVER_TIME` under city-wide rules over years, else a proof.

    The rules of every year together make a program whose last ten-thousandth can take minutes.
    """
    effort = effort or Effort()
    if effort.gap is not None:
        return effort
    return replace(effort, gap=GAP_OVER_TIME if limits.over_time(scenario) else 0.0)


def used_by(chosen: model.PlanColumns) -> dict[str, int]:
    """Return what chosen plans use together of every resource, in whole numbers."""
    return {name: sum(use.tolist()) for name, use in chosen.resources.items()}


def plan_columns(instance: Instance, region: Region, measured: Sequence[str] = ()) -> model.PlanColumns:
    """Return the arrangements that can matter, at least one a ward (`model.enumerate_plans`).

    Raises
    ------
    Infeasible
        Some ward has no arrangement; all of them are named.
    """
    columns = model.enumerate_plans(instance, measured)
    _all_have_plans(columns, instance, region)
    return columns


def _all_have_plans(columns: model.PlanColumns, instance: Instance, region: Region) -> None:
    """Refuse a problem in which some ward has no arrangement; all of them are named."""
    without = sorted(set(range(len(instance.wards))) - {*columns.ward.tolist(), *columns.partner.tolist()})
    if without:
        codes = [instance.wards[place] for place in without]
        raise Infeasible(
            [infeasible.why_infeasible(instance, code, str(region.wards.loc[code, "name"])) for code in codes]
        )


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
    today = as_today(scenario, region)
    if today.network.allowed:
        return int(make_plan(today, region, norms, with_today=False).facts["objective_vnd"])
    instance, columns = prepare(today, region, norms)
    return divide(solve.choose(columns, instance.wards, {}).cost, costs.MILLION)


def as_today(scenario: Scenario, region: Region) -> Scenario:
    """Return the scenario of the arrangement in force, with the settings and prices of another scenario."""
    known = region.today[region.today["site_id"].isin(region.sites.index)]
    most = known.groupby("ward_code")["site_id"].nunique().max() if len(known) else 1
    none = {
        name: info.get_default(call_default_factory=True)
        for name, info in Rules.model_fields.items()
        if not info.is_required()
    }
    rules = scenario.rules.model_copy(
        update={
            **none,  # lists of sites and city-wide rules
            "max_sites": max(scenario.rules.max_sites, int(most)),
            "one_site_where_enough": "off",
            "floor_area": "report",
            "hall": "off" if scenario.rules.hall == "off" else "report",
        }
    )
    changes = {
        "name": "today",
        "arrangement": "today",
        "rules": rules,
        "budget": Budget(),
        "centres": scenario.centres.model_copy(update={"allowed": False}),
        # Files go online whatever becomes of the points; nobody is handed over.
        "network": scenario.network.model_copy(
            update={
                "hand_over_years": (),
                "required": (),
                "excluded": (),
                "share_min": None,
                "max_minutes": None,
            }
        ),
        # Workload counts, but nobody has a further department yet.
        "departments": scenario.departments.model_copy(update={"extra_max": 0}),
        **TODAY_TITLES,
    }
    return scenario.model_copy(update=changes)


def plan_of(
    instance: Instance,
    region: Region,
    norms: Norms,
    columns: model.PlanColumns,
    more: dict[str, Ints] | None = None,
    catchments: pd.DataFrame | None = None,
) -> Plan:
    """Return the tables of chosen plans, one row a ward in ward order; without facts and today's plan.

    Parameters
    ----------
    more : dict of str to int64, shape (wards, years), optional
        Dong of items that are counted elsewhere: those of a reception network.
    catchments : DataFrame, optional
        Where people file in every stage, with a reception network.
    """
    scenario = instance.scenario
    instance, chosen = model.as_chosen(instance, columns)
    table = pricing.cost_table(instance, chosen) | (more or {})
    assignments = tables.assignments(region, instance, chosen)
    premises = tables.premises(region, instance, chosen)
    money = tables.cost_rows(instance, table)
    points = demand_points(region, instance.demand, scenario.reception.visits_per_file)
    by_year = yearly.yearly_measures(region, norms, points, assignments, premises, catchments)
    measures = measure_table(region, instance, chosen, assignments, premises, money, by_year)
    changes = yearly.changes(assignments, premises, catchments)
    return Plan(
        scenario=scenario,
        region=region,
        norms=norms,
        assignments=assignments,
        premises=premises,
        costs=money,
        measures=measures,
        years=tables.years(scenario, premises, money),
        measures_by_year=by_year.table() if changes else pd.DataFrame(),
        facts={},
    )


def _limits(plan: Plan, used: dict[str, int], prices: dict[str, float]) -> list[dict[str, Any]]:
    scenario = plan.scenario
    people = int(plan.region.pairs["population"].sum())
    return [
        {
            "name": name,
            "setting": limit.setting,
            "year": limit.year,
            "limit": limit.most,
            "used": used[name],
            "price": prices.get(name, 0.0),
            # A budget that is carried over limits the sum up to its year.
            **({"summed": scenario.budget.carry_over} if limit.kind == "budget" else {}),
        }
        for name, limit in limits.city_limits(scenario, people).items()
    ]


def _shared(plan: Plan) -> list[dict[str, str]]:
    """Return the premises that hold parts of a ward besides their owner's."""
    rows = plan.first_year()
    owner = plan.region.sites["ward_code"].to_dict()
    pairs = dict.fromkeys(
        (site, owner[site], ward)
        for site, ward in zip(rows["site_id"], rows["ward_code"], strict=True)
        if owner.get(site, ward) != ward
    )
    return [{"site_id": site, "owner": mine, "guest": guest} for site, mine, guest in sorted(pairs)]


def facts_of(plan: Plan, outcome: solve.Outcome, seconds: float, used: dict[str, int]) -> dict[str, Any]:
    """Return what ``plan.json`` holds; ``used`` is what the plan uses of every limited resource."""
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
        "solved_on": _day(),
        "surveyed_share": plan.city("surveyed_share"),
        "prices": outcome.prices,
        "limits": _limits(plan, used, outcome.prices),
        "shared": _shared(plan),
        "solver": outcome.solver,
        "settings": plan.scenario.model_dump(mode="json", by_alias=True),
        "origins": plan.scenario.origins,
        "inputs": [{"path": path, "sha256": inputs[path]} for path in sorted(inputs)],
        "versions": versions(),
    }


def _day() -> str:
    """Return the day of a plan; ``SOURCE_DATE_EPOCH`` stands in for the clock where builds must be the same."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = int(given) if re.fullmatch(r"[0-9]{1,10}", given) else time.time()
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


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
