"""Every plan of every ward that can matter: interim arrangement × centre × cash route × number of departments.

Wards meet only in city-wide rules, so of the plans of one ward with the same use of every city-wide resource only a
cheapest can be chosen (docs/model.md, section 6). What is left goes into the integer program of `planner.solve`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.arrangements import blocks_of_ward
from planner.centres import PARCEL, Centre
from planner.instance import Instance, with_departments
from planner.interim import Interim, interim_arrangements, joined, least_missing, useful_rows
from planner.limits import budgets, city_limits, kind_of
from planner.releases import NO_CASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.costs import Ints
    from planner.scenario import Scenario

NO_CENTRE = -1
NOT_GIVEN = np.zeros(0, np.int64)
"""Stands for a column of `PlanColumns` that plans without centres leave out."""
BY_YEAR = ("budget", "building", "relocations", "surplus", "surplus_m2")


@dataclass(frozen=True)
class PlanColumns:
    """Arrangements that can matter, one a row, cheapest first within a ward.

    Attributes
    ----------
    ward : int64, shape (m,)
        Position of the ward.
    cost : int64, shape (m,)
        Net present cost in millionths of a dong.
    resources : dict of str to int64, shape (m,)
        Use of every city-wide resource: ``premises`` (sites); ``capital`` (dong of the first year) where it is
        limited; what else was asked for (`RESOURCES`).
    missing_m2, missing_seats : int64, shape (m,)
        Below the tight fit; zero unless the scenario only reports the rule.
    site_of_part : int64, shape (m, k_max)
        Position of the site of every part of the ward until a centre opens, -1 beyond the ward's parts.
    centre : int64, shape (m,)
        Place in the ward's list of ``Instance.centres``, or `NO_CENTRE`.
    cash : int64, shape (m,)
        Cash route of the ward's free sites (`planner.releases`).
    extra : int64, shape (m,)
        Further departments: the place in ``Instance.levels``.
    """

    ward: Ints
    cost: Ints
    resources: dict[str, Ints]
    missing_m2: Ints
    missing_seats: Ints
    site_of_part: Ints
    centre: Ints = field(default_factory=lambda: NOT_GIVEN)
    cash: Ints = field(default_factory=lambda: NOT_GIVEN)
    extra: Ints = field(default_factory=lambda: NOT_GIVEN)

    def __post_init__(self) -> None:
        for name, usual in (("centre", NO_CENTRE), ("cash", NO_CASH), ("extra", 0)):
            if getattr(self, name) is NOT_GIVEN:
                object.__setattr__(self, name, np.full(len(self.ward), usual, np.int64))

    def __len__(self) -> int:
        return len(self.ward)

    def take(self, rows: Ints) -> PlanColumns:
        """Return some of the rows."""
        return PlanColumns(
            self.ward[rows],
            self.cost[rows],
            {name: use[rows] for name, use in self.resources.items()},
            self.missing_m2[rows],
            self.missing_seats[rows],
            self.site_of_part[rows],
            self.centre[rows],
            self.cash[rows],
            self.extra[rows],
        )

    def centre_of(self, instance: Instance, row: int) -> Centre | None:
        """Return the centre that a row builds."""
        if self.centre[row] == NO_CENTRE:
            return None
        found: Centre = instance.levels[self.extra[row]].centres[self.ward[row]][self.centre[row]]
        return found


def resource_names(scenario: Scenario, measured: Sequence[str] = ()) -> list[str]:
    """Return the city-wide resources that plans of a ward are compared in, in order."""
    # Without centres premises are few plans more, and whoever reads the program sees the trade-off.
    always = [] if scenario.centres.allowed else ["premises"]
    return list(dict.fromkeys([*always, *city_limits(scenario), *measured]))


def enumerate_plans(
    instance: Instance, measured: Sequence[str] = (), *, every_set: bool = False
) -> PlanColumns:
    """Return, for every ward, the plans that can be part of a best plan of the city, cheapest first.

    A ward without any row has no arrangement that keeps the rules; `why_infeasible` says what is missing.

    Parameters
    ----------
    measured : sequence of str
        Further `RESOURCES` that will be limited or minimised: plans that cost more but use less of one of them are
        kept too.
    every_set : bool
        Keep the best plans of every set of sites, also where another set is better.
    """
    names = resource_names(instance.scenario, measured)
    first_year = f"budget_{instance.scenario.horizon.start_year}"
    wanted: list[str] = [name for name in ("access", "separation") if name in names]
    if any(name in names for name in ("capital", "capital_all", first_year)):
        wanted.append("capital")
    interim = least_missing(interim_arrangements(instance, ["premises", *wanted]))
    columns = over_time(instance, interim, names, every_set=every_set)
    order = np.lexsort((np.arange(len(columns)), columns.cost, columns.ward))
    columns = columns.take(order)
    return columns if every_set else not_dominated(columns)


def over_time(
    instance: Instance, interim: Interim, names: Sequence[str], *, every_set: bool = False
) -> PlanColumns:
    """Return interim arrangement × centre × cash route of every ward, with the use of every named resource.

    Of plans with the same centre, cash route and use of every resource only a cheapest is kept (``every_set``: of
    every set of sites).
    """
    found = []
    order = np.lexsort((np.arange(len(interim)), interim.extra, interim.ward))
    interim = interim.take(order)
    key = interim.ward * len(instance.levels) + interim.extra
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(interim) else np.zeros(0, np.int64)
    for start, stop in zip(starts, [*starts[1:], len(interim)][: len(starts)], strict=True):
        found.append(_ward_over_time(instance, interim.take(np.arange(start, stop)), names, every_set))
    if not found:
        empty = np.zeros(0, np.int64)
        nothing = dict.fromkeys(names, empty)
        return PlanColumns(empty, empty, nothing, empty, empty, interim.site_of_part)
    row = np.concatenate([start + each[0] for start, each in zip(starts, found, strict=True)])
    cost, centre, cash = (np.concatenate([each[k] for each in found]) for k in (1, 2, 3))
    return PlanColumns(
        ward=interim.ward[row],
        cost=cost,
        resources={name: np.concatenate([each[4][name] for each in found]) for name in found[0][4]},
        missing_m2=interim.missing_m2[row],
        missing_seats=interim.missing_seats[row],
        site_of_part=interim.site_of_part[row],
        centre=centre,
        cash=cash,
        extra=interim.extra[row],
    )


def _ward_over_time(
    whole: Instance, interim: Interim, names: Sequence[str], every_set: bool
) -> tuple[Ints, Ints, Ints, Ints, dict[str, Ints]]:
    """Return interim row, cost, centre, cash route and uses of the plans of one ward with as many departments."""
    instance = whole.levels[int(interim.extra[0])]
    ward, years = int(interim.ward[0]), instance.money.years
    sites, centres = instance.ward_sites[ward].sites, instance.centres[ward]
    used = (interim.site_of_part[:, :, None] == sites).any(axis=1)  # (R, n)
    opens = np.array([*(centre.opens for centre in centres), years])  # (Z,); the last: no centre
    stands_on = np.array([*(centre.place.site for centre in centres), PARCEL])
    vacant = np.array([*(centre.vacant for centre in centres), False])
    on = sites == stands_on[:, None]  # (Z, n)
    allowed = ~(used[:, None, :] & on & vacant[:, None]).any(axis=2)  # (R, Z)
    free = np.where(used[:, None, :], opens[:, None], 0)  # (R, Z, n)
    free = np.where(on, years, free)
    later = np.array([*(centre.present(instance.money.factors) for centre in centres), 0], np.int64)
    span, of_centre = np.unique(opens, return_inverse=True)
    waiting = np.column_stack([instance.money.present(interim.every, 0, int(o)) for o in span])[:, of_centre]
    cost = interim.once[:, None] * instance.money.factors[0] + waiting + later
    plans = [
        (choice, _uses(instance, ward, names, interim, free, opens, choice))
        for choice in instance.releases.choices
    ]
    rows, costs_of, centre_of, cash_of, uses_of = [], [], [], [], []
    for choice, uses in plans:
        total = cost - instance.releases.income(sites, free, choice)
        row, centre = np.nonzero(allowed)
        table = np.column_stack([*(uses[name][row, centre] for name in names), centre])
        if every_set:
            table = np.column_stack([table, row])
        keep = _cheapest_of_equal(total[row, centre], table)
        row, centre = row[keep], centre[keep]
        rows.append(row)
        costs_of.append(total[row, centre])
        centre_of.append(np.where(centre == len(centres), NO_CENTRE, centre))
        cash_of.append(np.full(len(row), choice))
        uses_of.append(
            {name: uses[name][row, centre] for name in names} | {"premises": used[row].sum(axis=1)}
        )
    return (
        np.concatenate(rows),
        np.concatenate(costs_of),
        np.concatenate(centre_of),
        np.concatenate(cash_of),
        {name: np.concatenate([uses[name] for uses in uses_of]) for name in uses_of[0]},
    )


def _cheapest_of_equal(cost: Ints, table: Ints) -> Ints:
    """Return the rows that are cheapest of those with equal rows of a table; of equally cheap ones the first."""
    varies = (table != table[:1]).any(axis=0)
    order = np.lexsort((cost, *table[:, varies].T))
    sorted_table = table[order][:, varies]
    first = np.r_[True, (sorted_table[1:] != sorted_table[:-1]).any(axis=1)]
    return np.sort(order[first])


def _uses(
    instance: Instance,
    ward: int,
    names: Sequence[str],
    interim: Interim,
    free: Ints,
    opens: Ints,
    choice: int,
) -> dict[str, Ints]:
    """Return the use of every named resource by every interim arrangement and centre of a ward, shape (R, Z)."""
    scenario, centres = instance.scenario, instance.centres[ward]
    first_year, years = scenario.horizon.start_year, instance.money.years
    shape = free.shape[:2]
    built = np.arange(shape[1]) < len(centres)
    starts = np.array([*(centre.start for centre in centres), years])
    sites = instance.ward_sites[ward].sites
    spent, received = np.zeros((*shape, years), np.int64), np.zeros((1, 1, years), np.int64)
    if any(kind_of(name) in ("budget", "capital", "capital_all") for name in names):
        for z, centre in enumerate(centres):
            spent[:, z] = centre.capital(years)
        spent[:, :, 0] += interim.once[:, None]
        if scenario.budget.recycle_income:
            received = instance.releases.cash_by_year(sites, free, choice)
    budgeted = [year - first_year for year in budgets(scenario)]
    floors = instance.sites["floor"].to_numpy()[sites]

    def of(name: str) -> Any:
        limit = kind_of(name)
        t = int(name.rpartition("_")[2]) - first_year if limit in BY_YEAR else 0
        match limit:
            case "premises":
                return interim.uses["premises"][:, None]
            case "capital":
                return spent[:, :, 0]
            case "capital_all":
                return spent.sum(axis=2)
            case "access" | "separation":
                # Summed over the years where centres make them differ.
                there = np.array([*(centre.place.people_metres for centre in centres), 0], np.int64)
                lasting = opens if scenario.centres.allowed else np.ones_like(opens)
                after = there * (years - opens) * (limit == "access")
                return interim.uses[limit][:, None] * lasting + after
            case "budget":
                over = [u for u in budgeted if u <= t] if scenario.budget.carry_over else [t]
                return sum(spent[:, :, u] - (received[:, :, u - 1] if u else 0) for u in over)
            case "building":
                return ((starts <= t) & (t < opens) & built)[None, :]
            case "relocations":
                return ((opens == t) & built)[None, :]
            case "surplus":
                return -(free <= t).sum(axis=2)
            case "surplus_m2":
                return -((free <= t) * floors).sum(axis=2)
            case "centres":
                return -built[None, :].astype(np.int64)
            case "centres_phuong" | "centres_xa":
                mine = instance.types[ward] == {"centres_phuong": "phường", "centres_xa": "xã"}[limit]
                return -(built & mine)[None, :].astype(np.int64)
            case "centres_district":
                return -(built & (instance.districts[ward] == name.partition(":")[2]))[None, :].astype(
                    np.int64
                )
            case "departments":
                return instance.departments[ward : ward + 1, None]
        raise KeyError(name)

    return {name: np.broadcast_to(np.asarray(of(name), np.int64), shape) for name in names}


def not_dominated(columns: PlanColumns) -> PlanColumns:
    """Drop plans that cost no less and use no less of every resource than another one of the ward.

    Rows come cheapest first within a ward. The first row is never dominated; what it dominates is struck out, and so
    on: as many rounds as rows stay, each on arrays.
    """
    if not len(columns):  # no ward has an arrangement that keeps the rules
        return columns
    use = (
        np.column_stack(list(columns.resources.values())) if columns.resources else columns.cost[:, None] * 0
    )
    starts = np.flatnonzero(np.r_[True, columns.ward[1:] != columns.ward[:-1]])
    keep: list[int] = []
    for start, stop in zip(starts, [*starts[1:], len(columns)], strict=True):
        here = use[start:stop]
        here = here[:, (here != here[:1]).any(axis=0)]
        left = np.arange(stop - start)
        while len(left):
            keep.append(int(start) + int(left[0]))
            left = left[(here[left] < here[left[0]]).any(axis=1)]
    return columns.take(np.array(keep, np.int64))


def as_chosen(instance: Instance, columns: PlanColumns) -> tuple[Instance, PlanColumns]:
    """Return one problem in which every ward has the departments that its plan has; one row a ward, in ward order."""
    if not instance.further:
        return instance, columns
    return with_departments(instance, columns.extra), replace(columns, extra=np.zeros_like(columns.extra))


def ward_alternatives(instance: Instance, ward: str) -> PlanColumns:
    """Return the cheapest arrangement of every open set of one ward, cheapest first (one-site rule off)."""
    rules = instance.scenario.rules.model_copy(update={"one_site_where_enough": "off"})
    relaxed = replace(instance, scenario=instance.scenario.model_copy(update={"rules": rules}))
    k_max = max(len(group.parts) for group in instance.groups)
    blocks = [block for _, block in blocks_of_ward(relaxed, ward)]
    kept = [useful_rows(relaxed, block, k_max, [instance.money.years], ["premises"]) for block in blocks]
    columns = over_time(
        replace(relaxed, further=(), centres=[[] for _ in instance.wards]),
        least_missing(joined(kept, k_max)),
        ["premises"],
        every_set=True,
    )
    return columns.take(np.lexsort((np.arange(len(columns)), columns.cost)))
