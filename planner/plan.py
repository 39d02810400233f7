"""A plan: the tables of a result folder, made from the chosen arrangement of every ward, saved and loaded whole."""

from __future__ import annotations

import json
import platform
import time
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import planner
from planner import costs, infeasible, model, solve
from planner.errors import Infeasible, InputError, Problem, ProblemList
from planner.instance import NOT_FIXED, Instance, build_instance, demand_points, excluded_sites
from planner.region import read_norms, read_region
from planner.travel import metric_points, paired_road_metres

if TYPE_CHECKING:
    from collections.abc import Callable

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
ITEMS = (*costs.CAPITAL_ITEMS, *costs.RECURRENT_ITEMS, *costs.SOCIAL_ITEMS, "release_income")
UNITS = {
    "premises": "sites", "premises_released": "sites", "surplus_floor": "m2", "floor_in_use": "m2",
    "surveyed_share": "share", "tight_fit": "m2", "norm": "m2", "missing_to_norm": "m2", "missing_to_tight": "m2",
    "staff": "people", "citizen_travel_mean": "m", "citizen_travel_max": "m", "body_distance_mean": "m",
    "body_distance_max": "m", "parts_apart": "parts", "counters": "counters", "in_person_files_day": "files",
    "hall_seats": "seats", "hall_seats_norm": "seats", "moves": "people", "cost_capital": "VND",
    "cost_recurrent_year": "VND", "cost_social_year": "VND", "income": "VND", "net_present_cost": "VND",
}  # fmt: skip
"""Measures in the order of ``measures.csv``, with their units (definitions: docs/audit.md)."""


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
    on_progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """Find the cheapest arrangement of every ward that keeps the rules, and what it costs and achieves.

    Raises
    ------
    Infeasible
        Some ward has no arrangement, or the city-wide rules clash; all of them are named.
    NoPlanFound
        The time limit came before a plan.
    """
    began = time.perf_counter()
    on_progress(f"{scenario.name}: enumerating arrangements of {len(region.wards)} units")
    instance = build_instance(region, norms, scenario)
    columns = model.enumerate_plans(instance)
    without = sorted(set(range(len(instance.wards))) - set(columns.ward.tolist()))
    if without:
        codes = [instance.wards[place] for place in without]
        raise Infeasible(
            [infeasible.why_infeasible(instance, code, str(region.wards.loc[code, "name"])) for code in codes]
        )
    on_progress(f"{scenario.name}: choosing among {len(columns)} plans")
    outcome = solve.choose(columns, instance.wards, solve.city_limits(scenario), effort)
    chosen = columns.take(outcome.rows)
    plan = _tables(scenario, region, norms, instance, chosen)
    seconds = time.perf_counter() - began
    plan = replace(plan, facts=_facts(plan, outcome, seconds), log=outcome.log)
    if with_today and scenario.arrangement != "today":
        today = make_plan(as_today(scenario, region), region, norms, effort, with_today=False)
        plan = replace(plan, today=today)
    return plan


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


def _tables(
    scenario: Scenario, region: Region, norms: Norms, instance: Instance, chosen: model.PlanColumns
) -> Plan:
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
    return replace(plan, measures=_measures(plan, instance, chosen, items, assignments, premises))


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
        for order, item in enumerate(ITEMS):
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


def _half_up(value: float, digits: int = 0) -> float:
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _divide(total: int, parts: int) -> int:
    """Return total / parts rounded half up, 0 for no parts."""
    return (2 * total + parts) // (2 * parts) if parts else 0


def present_value(table: pd.DataFrame, scenario: Scenario) -> int:
    """Return the net present cost of cost rows in millionths of a dong (exact)."""
    factors = costs.discount_factors(scenario.horizon.years, scenario.horizon.discount_rate)
    by_year = table.groupby("year")["vnd"].sum()
    return sum(int(vnd) * factors[int(year) - scenario.horizon.start_year] for year, vnd in by_year.items())


def _measures(
    plan: Plan,
    instance: Instance,
    chosen: model.PlanColumns,
    items: model.Itemised,
    assignments: pd.DataFrame,
    premises: pd.DataFrame,
) -> pd.DataFrame:
    codes = pd.Index(instance.wards, name="ward_code")
    demand, scenario = instance.demand, plan.scenario
    in_use = premises[premises["status"] == "in_use"]
    released = premises[premises["status"] == "released"]
    surveyed = in_use[plan.region.sites.loc[in_use["site_id"], "floor_area_basis"].to_numpy() == "surveyed"]

    def by_ward(values: pd.Series, of: pd.Series) -> Any:
        return values.groupby(of.to_numpy()).sum().reindex(codes, fill_value=0).to_numpy(np.int64)

    table = pd.DataFrame(index=codes)
    table["premises"] = by_ward(in_use["floor_area_m2"] * 0 + 1, in_use["ward_code"])
    table["premises_released"] = by_ward(released["floor_area_m2"] * 0 + 1, released["ward_code"])
    table["surplus_floor"] = by_ward(released["floor_area_m2"], released["ward_code"])
    table["floor_in_use"] = by_ward(in_use["floor_area_m2"], in_use["ward_code"])
    surveyed_floor = by_ward(surveyed["floor_area_m2"], surveyed["ward_code"])
    table["tight_fit"] = by_ward(assignments["tight_fit_m2"], assignments["ward_code"])
    table["norm"] = by_ward(assignments["norm_m2"], assignments["ward_code"])
    table["missing_to_norm"] = items.short_m2
    table["missing_to_tight"] = chosen.missing_m2
    table["staff"] = demand.wards["staff"].to_numpy()
    people_metres, people = _citizen_metres(plan, instance, chosen, table)
    _body_distances(instance, chosen, table)
    table["parts_apart"] = items.parts_apart
    table["counters"] = demand.wards["counters"].to_numpy()
    days = scenario.reception.working_days
    files = demand.wards["in_person_year"].to_numpy()
    table["hall_seats"] = [
        int(instance.sites["hall"].to_numpy()[row[row != NOT_FIXED]].max()) for row in chosen.site_of_part
    ]
    table["hall_seats_norm"] = instance.hall_norm
    table["moves"] = items.movers
    table["cost_capital"] = sum(items.once[item] for item in costs.CAPITAL_ITEMS)
    table["cost_recurrent_year"] = sum(items.yearly[item] for item in costs.RECURRENT_ITEMS)
    table["cost_social_year"] = sum(items.yearly[item] for item in costs.SOCIAL_ITEMS)
    table["income"] = items.once["release_income"] + items.yearly["release_income"] * scenario.horizon.years
    micro = _micro_by_ward(plan.costs, scenario, codes)
    table["net_present_cost"] = [_divide(value, costs.MILLION) for value in micro]

    city: dict[str, float] = {name: int(table[name].sum()) for name in table.columns}
    city["citizen_travel_mean"] = _divide(people_metres, people)
    city["citizen_travel_max"] = int(table["citizen_travel_max"].max())
    city["body_distance_mean"] = _divide(int(table["body_distance_mean"].sum()), len(table))
    city["body_distance_max"] = int(table["body_distance_max"].max())
    city["net_present_cost"] = _divide(sum(micro), costs.MILLION)
    wide = table.astype(object)
    floors = table["floor_in_use"].to_numpy()
    wide["surveyed_share"] = [
        _half_up(part / whole, 4) if whole else 0 for part, whole in zip(surveyed_floor, floors, strict=True)
    ]
    wide["in_person_files_day"] = [_half_up(count / days, 1) for count in files]
    city["surveyed_share"] = _half_up(surveyed_floor.sum() / floors.sum(), 4)
    city["in_person_files_day"] = _half_up(int(files.sum()) / days, 1)
    names = list(UNITS)
    rows = [("", name, UNITS[name], city[name]) for name in names]
    for code, values in zip(codes, wide[names].to_numpy(), strict=True):
        rows += [(code, name, UNITS[name], value) for name, value in zip(names, values, strict=True)]
    return pd.DataFrame(rows, columns=["ward_code", "measure", "unit", "value"]).astype({"value": float})


def _citizen_metres(
    plan: Plan, instance: Instance, chosen: model.PlanColumns, table: pd.DataFrame
) -> tuple[int, int]:
    """Fill in citizens' travel to reception by ward; return people × metres and people of the city."""
    points = demand_points(plan.region, instance.demand, plan.scenario.reception.visits_per_file)
    reception = np.zeros(len(instance.wards), np.int64)
    for group in instance.groups:
        reception[group.wards] = chosen.site_of_part[group.wards, group.parts.index("reception")]
    place = {code: i for i, code in enumerate(instance.wards)}
    ward = points["ward_code"].map(place).to_numpy(np.int64)
    sites = plan.region.sites
    target = metric_points(sites["lat"].to_numpy()[reception[ward]], sites["lon"].to_numpy()[reception[ward]])
    origin = metric_points(points["lat"].to_numpy(), points["lon"].to_numpy())
    metres = paired_road_metres(origin, target, plan.norms.detour)
    people = points["people"].to_numpy(np.int64)
    by_ward = np.zeros(len(instance.wards), np.int64)
    count = np.zeros(len(instance.wards), np.int64)
    farthest = np.zeros(len(instance.wards), np.int64)
    np.add.at(by_ward, ward, people * metres)
    np.add.at(count, ward, people)
    np.maximum.at(farthest, ward, metres)
    table["citizen_travel_mean"] = [_divide(int(a), int(b)) for a, b in zip(by_ward, count, strict=True)]
    table["citizen_travel_max"] = farthest
    return int(by_ward.sum()), int(count.sum())


def _body_distances(instance: Instance, chosen: model.PlanColumns, table: pd.DataFrame) -> None:
    """Fill in the road metres between the four bodies; the committee stands where its office is."""
    mean, most = [], []
    for place in range(len(instance.wards)):
        group = next(g for g in instance.groups if place in g.wards)
        seats = [
            i
            for i, (body, kind) in enumerate(zip(group.bodies, group.kinds, strict=True))
            if body != "council_committee" or kind == "leaders"
        ]
        local = np.searchsorted(instance.ward_sites[place].sites, chosen.site_of_part[place, seats])
        metres = [int(instance.ward_sites[place].distance[a, b]) for a, b in combinations(local, 2)]
        mean.append(_divide(sum(metres), len(metres)))
        most.append(max(metres, default=0))
    table["body_distance_mean"] = mean
    table["body_distance_max"] = most


def _micro_by_ward(table: pd.DataFrame, scenario: Scenario, codes: pd.Index) -> list[int]:
    factors = costs.discount_factors(scenario.horizon.years, scenario.horizon.discount_rate)
    total = dict.fromkeys(codes, 0)
    for ward, year, vnd in zip(table["ward_code"], table["year"], table["vnd"], strict=True):
        total[ward] += int(vnd) * factors[int(year) - scenario.horizon.start_year]
    return list(total.values())


def _facts(plan: Plan, outcome: solve.Outcome, seconds: float) -> dict[str, Any]:
    """Return what ``plan.json`` holds."""
    micro = present_value(plan.costs, plan.scenario)
    if micro != outcome.cost:
        raise AssertionError(f"the cost table sums to {micro}, the model priced {outcome.cost}")
    objective, bound, certified = (
        _divide(v, costs.MILLION) for v in (micro, outcome.bound, outcome.certified_bound)
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
        "versions": _versions(),
    }


def _gap(objective: int, bound: int) -> float:
    return round((objective - bound) / abs(objective), 9) if objective else 0.0


def _versions() -> dict[str, str]:
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
    region = read_region(scenario.geo_folder)
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
