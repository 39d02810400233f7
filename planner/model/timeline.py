"""Interim arrangement × centre × cash route of every ward, priced, with the use of every city-wide resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.centres import PARCEL
from planner.limits import budgets, kind_of
from planner.model.columns import NO_CENTRE, PlanColumns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.instance import Instance
    from planner.model.interim import Interim

BY_YEAR = ("budget", "building", "relocations", "surplus", "surplus_m2")


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
    starts = np.array([*(centre.start for centre in centres), years])

    def spend() -> Ints:
        spent = np.zeros((len(interim), len(opens), years), np.int64)
        for z, centre in enumerate(centres):
            spent[:, z] = centre.capital(years)
        spent[:, :, 0] += interim.once[:, None]
        return spent

    course = Course(free, np.arange(len(opens)) < len(centres), starts, opens, spend)
    plans = [
        (choice, uses_of(instance, ward, names, interim, course, choice))
        for choice in instance.releases.choices
    ]
    rows, costs_of, centre_of, cash_of, uses_found = [], [], [], [], []
    for choice, uses in plans:
        total = cost - instance.releases.income(sites, free, choice)
        row, centre = np.nonzero(allowed)
        table = np.column_stack([*(uses[name][row, centre] for name in names), centre])
        if every_set:
            table = np.column_stack([table, row])
        keep = cheapest_of_equal(total[row, centre], table)
        row, centre = row[keep], centre[keep]
        rows.append(row)
        costs_of.append(total[row, centre])
        centre_of.append(np.where(centre == len(centres), NO_CENTRE, centre))
        cash_of.append(np.full(len(row), choice))
        uses_found.append({name: uses[name][row, centre] for name in names})
    return (
        np.concatenate(rows),
        np.concatenate(costs_of),
        np.concatenate(centre_of),
        np.concatenate(cash_of),
        {name: np.concatenate([uses[name] for uses in uses_found]) for name in uses_found[0]},
    )


def cheapest_of_equal(cost: Ints, table: Ints) -> Ints:
    """Return the rows that are cheapest of those with equal rows of a table; of equally cheap ones the first."""
    varies = (table != table[:1]).any(axis=0)
    order = np.lexsort((cost, *table[:, varies].T))
    sorted_table = table[order][:, varies]
    first = np.r_[True, (sorted_table[1:] != sorted_table[:-1]).any(axis=1)]
    return np.sort(order[first])


@dataclass(frozen=True)
class Course:
    """What becomes of the sites of one ward in Z ways, for R interim arrangements.

    Attributes
    ----------
    free : int64, shape (R, Z, n)
        Year index from which each site is free; ``years``: never.
    built : bool, shape (Z,)
        Whether a centre is built; then construction begins in year ``starts`` and it opens in ``opens``, int64, (Z,).
    spend : callable
        Returns capital by year, shape (R, Z, years): asked for only where a rule counts it.
    """

    free: Ints
    built: NDArray[np.bool_]
    starts: Ints
    opens: Ints
    spend: Callable[[], Ints]


def uses_of(
    instance: Instance, ward: int, names: Sequence[str], interim: Interim, course: Course, choice: int
) -> dict[str, Ints]:
    """Return the use of every named resource by every interim arrangement and course of a ward, shape (R, Z)."""
    scenario, centres = instance.scenario, instance.centres[ward]
    free, built, starts, opens = course.free, course.built, course.starts, course.opens
    first_year, years = scenario.horizon.start_year, instance.money.years
    shape = free.shape[:2]
    sites = instance.ward_sites[ward].sites
    spent, received = np.zeros((*shape, years), np.int64), np.zeros((1, 1, years), np.int64)
    if any(kind_of(name) in ("budget", "capital", "capital_all") for name in names):
        spent = course.spend()
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
