"""Plans side by side: the same measures for each, and differences from today as actions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from planner import costs
from planner.catchments import hand_overs, has_network
from planner.errors import InputError, Problem, did_you_mean
from planner.measures import UNITS, present_value
from planner.network.measures import UNITS as NETWORK_UNITS
from planner.releases import release_value
from planner.tabulate import CENTRE, ON_CENTRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan import Plan

NOTICED_PREMISES = 232
"""Premises the city assigned to its 126 units (Department of Finance, 25 June 2025; data/facts/city_facts.csv)."""
NOTICED_UNITS = 126

ACTION_COLUMNS = (
    "ward_code", "ward_name", "action", "site_id", "site_name", "part", "people", "one_off_vnd", "yearly_vnd",
)  # fmt: skip
STEP_COLUMNS = (
    "ward_code",
    "ward_name",
    "year",
    "action",
    "site_id",
    "site_name",
    "route",
    "floor_m2",
    "vnd",
)


@dataclass(frozen=True)
class Comparison:
    """Measures and cost items of several plans.

    Attributes
    ----------
    names : list of str
        One a plan, the baseline first.
    table : DataFrame
        kind (measure | item), key, unit, then one column a plan. Items are present values in dong over the
        horizon; a saving against the baseline is the baseline's value less the plan's.
    spans : dict of str to (int, int)
        First year and number of years that each plan is costed over.
    """

    names: list[str]
    table: pd.DataFrame
    spans: dict[str, tuple[int, int]]

    @property
    def measures(self) -> pd.DataFrame:
        """The rows that are measures."""
        return self.table[self.table["kind"] == "measure"]

    @property
    def items(self) -> pd.DataFrame:
        """The rows that are cost items."""
        return self.table[self.table["kind"] == "item"]

    def saving(self, name: str) -> int | None:
        """Return the net present cost of the baseline less that of a plan, in dong; None if of other years."""
        if self.spans[name] != self.spans[self.names[0]]:
            return None
        row = self.table[self.table["key"] == "net_present_cost"].iloc[0]
        return int(row[self.names[0]] - row[name])

    def facts(self) -> dict[str, Any]:
        """Return baseline, table and savings for ``--json``."""
        return {
            "baseline": self.names[0],
            "table": self.table.to_dict("records"),
            "saving_vnd": {name: self.saving(name) for name in self.names},
        }


def compare(plans: Sequence[Plan], baseline: str | None = None) -> Comparison:
    """Put plans side by side; today's arrangement is always among them.

    Parameters
    ----------
    plans : sequence of Plan
        Where none is the arrangement in force, that of the first plan is taken along.
    baseline : str, optional
        Name of the plan that differences are counted from; the arrangement in force when not given.
    """
    every = list(plans)
    if not any(plan.scenario.arrangement == "today" for plan in every) and every[0].today is not None:
        every.insert(0, every[0].today)
    by_name: dict[str, Plan] = {}
    for plan in every:
        name, number = plan.scenario.name, 2
        while name in by_name:
            name, number = f"{plan.scenario.name}-{number}", number + 1
        by_name[name] = plan
    first = baseline or next(
        (n for n, p in by_name.items() if p.scenario.arrangement == "today"), next(iter(by_name))
    )
    names = [first, *(name for name in by_name if name != first)]
    columns = {name: _values(by_name[name]) for name in names}
    units = UNITS | NETWORK_UNITS if any(has_network(plan) for plan in every) else UNITS
    rows: list[tuple[object, ...]] = [
        ("measure", key, unit, *(columns[name].get(("measure", key)) for name in names))
        for key, unit in units.items()
    ]
    rows += [
        ("item", item, "VND", *(columns[name]["item", item] for name in names)) for item in costs.HEADING
    ]
    spans = {name: (p.scenario.horizon.start_year, p.scenario.horizon.years) for name, p in by_name.items()}
    table = pd.DataFrame(rows, columns=["kind", "key", "unit", *names])
    if table.isna().to_numpy().any():  # a plan without a network has none of its measures
        table = table.astype(object).where(table.notna(), None)
    return Comparison(names, table, spans)


def check_baseline(plans: Sequence[Plan], baseline: str | None) -> None:
    """Refuse a baseline that is not among the plans.

    Raises
    ------
    InputError
        E808, with the names to choose from.
    """
    names = [plan.scenario.name for plan in plans] + ["today"]
    if baseline is not None and baseline not in names:
        fix = f"{did_you_mean(baseline, names)} Choose one of: {', '.join(dict.fromkeys(names))}.".strip()
        raise InputError(Problem("E808", "--baseline", f"{baseline!r} is not among the plans compared", fix))


def _values(plan: Plan) -> dict[tuple[str, str], float]:
    """Return measures and present values of cost items by kind and name: some names are both."""
    units = UNITS | NETWORK_UNITS if has_network(plan) else UNITS
    values = {("measure", measure): plan.city(measure) for measure in units}
    for item in costs.HEADING:
        rows = plan.costs[plan.costs["item"] == item]
        values["item", item] = (2 * present_value(rows, plan.scenario) + costs.MILLION) // (2 * costs.MILLION)
    return values


def actions(plan: Plan) -> pd.DataFrame:
    """Return what has to be done to get from the arrangement in force to a plan.

    Returns
    -------
    DataFrame
        One row an action, by ward: ``open`` a site not in use today (renovation and fit-out), ``move_in`` a part
        (its people times the price of a move), ``close`` a site in use today (what it costs a year, as a
        negative amount), ``give_up`` the same site by the scenario's route (income, negative). Amounts are counted
        from the arrangement in force, whatever the scenario's own start is; those of ``close`` and ``open`` a
        year are the fixed cost and the running cost of the floor used.
    """
    if plan.today is None:
        return pd.DataFrame(columns=list(ACTION_COLUMNS))
    prices = costs.money(plan.scenario)
    once, every = release_value(plan.region, plan.norms, plan.scenario)
    position = {site: i for i, site in enumerate(plan.region.sites.index)}
    now, then = (_seats(p) for p in (plan.today, plan))
    names = plan.region.wards["name"].to_dict()
    sites = plan.region.sites
    site_names, floors = sites["name"].to_dict(), sites["floor_area_m2"].to_dict()
    desks, condition = sites["workplaces"].to_dict(), sites["condition"].to_dict()
    rows: list[tuple[object, ...]] = []
    for ward, after in then.items():
        before = now[ward]
        name = names[ward]
        in_use, will_be = ({seat.site for seat in seats.values()} for seats in (before, after))
        for site in sorted(will_be - in_use):
            used, heads = _used(after, site, floors[site])
            renovation = used * prices.renovation[condition[site]]
            fit_out = max(0, heads - desks[site]) * prices.furniture
            yearly = prices.site_fixed + used * prices.running
            rows.append((ward, name, "open", site, site_names[site], "", heads, renovation + fit_out, yearly))
        for part, seat in after.items():
            # The people of a department that is new sit with the leaders' office so far.
            if before.get(part, before.get("office", seat)).site != seat.site:
                amount = seat.people * prices.move
                place = (seat.site, site_names[seat.site])
                rows.append((ward, name, "move_in", *place, part, seat.people, amount, 0))
        for site in sorted(in_use - will_be):
            used, heads = _used(before, site, floors[site])
            yearly = -(prices.site_fixed + used * prices.running)
            rows.append((ward, name, "close", site, site_names[site], "", heads, 0, yearly))
            income = (-int(once[position[site]]), -int(every[position[site]]))
            rows.append((ward, name, "give_up", site, site_names[site], "", 0, *income))
    return pd.DataFrame(rows, columns=list(ACTION_COLUMNS))


def steps(plan: Plan) -> pd.DataFrame:
    """Return what happens in a plan over its years, unit by unit.

    Returns
    -------
    DataFrame
        Columns `STEP_COLUMNS`, in order of ward, year and action: ``use`` a site from the first year on, ``build`` a
        centre at a site or parcel from a year on (floor in m², construction, contingency and land in dong), ``enter``
        the centre (fit-out and moves), ``hand_over`` the unit's reception point at a site (moves), ``release`` a site
        by a route from a year on.
    """
    first = plan.scenario.horizon.start_year
    names = plan.region.wards["name"].to_dict()
    sites = {**plan.region.parcels["name"].to_dict(), **plan.region.sites["name"].to_dict()}
    spent: dict[tuple[str, str], int] = {}
    for ward, year, item, vnd in zip(
        *(plan.costs[k] for k in ("ward_code", "year", "item", "vnd")), strict=True
    ):
        if item in ("construction", "contingency", "land"):
            spent[ward, "build"] = spent.get((ward, "build"), 0) + int(vnd)
        elif item in ("fit_out", "moves") and year > first:
            spent[ward, "enter"] = spent.get((ward, "enter"), 0) + int(vnd)
    table = plan.premises
    centre = table["kind"] == CENTRE
    released = (table["status"] == "released") & (table["route"] != ON_CENTRE)
    in_use = table["status"] == "in_use"
    rows = []
    for action, some in (
        ("use", table[~centre & in_use & (table["year"] == first)]),
        ("build", table[centre & (table["status"] == "under_construction")]),
        ("enter", table[centre & in_use]),
        ("release", table[released]),
    ):
        begins = some.sort_values("year", kind="stable").drop_duplicates(["ward_code", "site_id"])
        for row in begins.itertuples():
            ward, site = str(row.ward_code), str(row.location or row.site_id)
            floor = int(row.floor_area_m2) if action == "build" else 0
            name = str(sites.get(site, ""))
            vnd = spent.get((ward, action), 0)
            rows.append((ward, names[ward], int(row.year), action, site, name, str(row.route), floor, vnd))
    moved = plan.costs[plan.costs["item"] == "moves"].groupby(["ward_code", "year"])["vnd"].sum()
    for one in hand_overs(plan):
        vnd = int(moved.get((one.ward, one.year), 0))
        place = (one.site, str(sites.get(one.site, "")))
        rows.append((one.ward, names[one.ward], one.year, "hand_over", *place, "", 0, vnd))
    found = pd.DataFrame(rows, columns=list(STEP_COLUMNS))
    order = found["action"].map({"use": 0, "build": 1, "enter": 2, "hand_over": 3, "release": 4})
    return found.assign(order=order).sort_values(
        ["ward_code", "year", "order", "site_id"], ignore_index=True
    )[list(STEP_COLUMNS)]


def differences(one: Plan, other: Plan) -> pd.DataFrame:
    """Return the steps that only one of two plans takes: column ``plan`` (0 or 1), then `STEP_COLUMNS`."""
    key = ["ward_code", "year", "action", "site_id", "route", "floor_m2"]
    tables = [steps(plan) for plan in (one, other)]
    seen = [set(zip(*(table[name] for name in key), strict=True)) for table in tables]
    kept = []
    for number, table in enumerate(tables):
        only = [row not in seen[1 - number] for row in zip(*(table[name] for name in key), strict=True)]
        mine = table[only].copy()
        mine.insert(0, "plan", number)
        kept.append(mine)
    both = pd.concat(kept)
    return both.sort_values(["ward_code", "plan", "year"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Changes:
    """What plans that are compared ask to be done.

    Attributes
    ----------
    acting : Plan or None
        The last plan that is costed beside the arrangement in force: its actions are listed.
    planned : list of Plan
        Those that are not the arrangement in force.
    """

    acting: Plan | None
    planned: list[Plan]

    @property
    def two(self) -> tuple[Plan, Plan] | None:
        """The first and the last planned, where there are several."""
        return (self.planned[0], self.planned[-1]) if len(self.planned) > 1 else None

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """What the acting plan does against today."""
        return None if self.acting is None else actions(self.acting)

    @cached_property
    def steps(self) -> pd.DataFrame | None:
        """What the acting plan does over its years, where it builds centres or hands points over."""
        if self.acting is None:
            return None
        scenario = self.acting.scenario
        return steps(self.acting) if scenario.centres.allowed or scenario.network.allowed else None

    @cached_property
    def differences(self) -> pd.DataFrame | None:
        """The steps that only one of the two plans takes."""
        return None if self.two is None else differences(*self.two)

    def facts(self) -> dict[str, Any]:
        """Return all of it for ``--json``, and the measures by year; ``differences`` only where there are two plans."""
        facts: dict[str, Any] = {
            "actions": [] if self.actions is None else self.actions.to_dict("records"),
            "steps": {},
        }
        if self.acting is not None and self.steps is not None:
            facts["steps"] = {self.acting.scenario.name: self.steps.to_dict("records")}
        by_year = {plan.scenario.name: plan.city_by_year() for plan in self.planned}
        facts["by_year"] = {name: years for name, years in by_year.items() if years}
        if self.differences is not None:
            facts["differences"] = self.differences.to_dict("records")
        return facts


def changes_of(plans: Sequence[Plan]) -> Changes:
    """Return what plans ask to be done, in the order they were given."""
    return Changes(
        acting=next((plan for plan in reversed(plans) if plan.today is not None), None),
        planned=[plan for plan in plans if plan.scenario.arrangement != "today"],
    )


class _Seat(NamedTuple):
    site: str
    people: int
    norm_m2: int


def _seats(plan: Plan) -> dict[str, dict[str, _Seat]]:
    """Return the seat of every part by ward."""
    table = plan.first_year()
    people = plan.demand.parts.set_index(["ward_code", "part"])["people"].to_dict()
    seats: dict[str, dict[str, _Seat]] = {}
    for ward, part, site, norm in zip(
        table["ward_code"], table["part"], table["site_id"], table["norm_m2"], strict=True
    ):
        seats.setdefault(ward, {})[part] = _Seat(site, int(people[ward, part]), int(norm))
    return seats


def _used(seats: dict[str, _Seat], site: str, floor_m2: int) -> tuple[int, int]:
    """Return the m² used on a site, and the people on it."""
    here = [seat for seat in seats.values() if seat.site == site]
    return min(sum(seat.norm_m2 for seat in here), int(floor_m2)), sum(seat.people for seat in here)
