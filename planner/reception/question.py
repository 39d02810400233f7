"""The reception network of a scenario as three tables: who comes, where a point may be, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner import solve
from planner.demand import RECEPTION, online_shares
from planner.errors import Infeasible, InputError
from planner.location.network import make_network
from planner.network.flows import Stage, build_flows
from planner.network.journeys import within
from planner.network.points import build_points
from planner.plan import prepare
from planner.roads import NO_WAY, build_roads, places_of
from planner.scenario import Budget, Rules
from planner.wording import problem

if TYPE_CHECKING:
    from planner.costs import Ints, Money
    from planner.demand import Demand
    from planner.location.location import Model
    from planner.location.network import Floats, Network
    from planner.network.flows import Flows
    from planner.region import Norms, Region
    from planner.scenario import Scenario

ONE_YEAR = Stage(0, 1)
NO_YEAR = Stage(0, 0)


@dataclass(frozen=True)
class Ground:
    """What is the same at every online share; n demand points, W wards, m points (W of wards, then the city's).

    Attributes
    ----------
    points : DataFrame, m rows
        point_id, ward_code, name, kind (ward | city), site_id (of a ward point), lat, lon, counters, capacity_files,
        fixed_cost (dong a year, prices of the first year), use (required | candidate | excluded).
    metres : int64, shape (n, m)
        Road metres one way, `NO_WAY` where there is none.
    own : int64, shape (n,)
        The point of the ward of each demand point.
    """

    scenario: Scenario
    region: Region
    demand: Demand
    money: Money
    points: pd.DataFrame
    metres: Ints
    own: Ints


@dataclass(frozen=True)
class Question:
    """The location problem at one online share.

    Attributes
    ----------
    flows : Flows
        People, files and trips of one year with that share.
    network : Network
        Demands in the order of ``flows``, candidates in the order of ``ground.points``.
    """

    ground: Ground
    online_share: float
    year: int
    model: Model
    flows: Flows
    network: Network


def ward_by_itself(scenario: Scenario) -> Scenario:
    """Return the scenario in which every ward is arranged at least cost by itself, its reception included."""
    city_wide = {
        name: info.get_default(call_default_factory=True)
        for name, info in Rules.model_fields.items()
        if not info.is_required() and name not in ("required", "excluded")
    }
    return scenario.model_copy(
        update={
            "rules": scenario.rules.model_copy(update=city_wide),
            "budget": Budget(),
            "centres": scenario.centres.model_copy(update={"allowed": False}),
            "departments": scenario.departments.model_copy(update={"open": False}),
            "network": scenario.network.model_copy(update={"allowed": False}),
        }
    )


def at_share(scenario: Scenario, online_share: float) -> Scenario:
    """Return the scenario of one year in which so many files are handed in online, wherever people may file."""
    start = scenario.horizon.start_year
    network = scenario.network.model_copy(
        update={"hand_over_years": (start,), "online_by_year": {start: online_share}}
    )
    horizon = scenario.horizon.model_copy(update={"years": 1})
    return scenario.model_copy(update={"network": network, "horizon": horizon})


def share_of_year(scenario: Scenario, year: int | None) -> tuple[int, float]:
    """Return a year, the last one where none is given, and the online share of it.

    Raises
    ------
    InputError
        The year is not one of the scenario (E908).
    """
    first, shares = scenario.horizon.start_year, online_shares(scenario)
    last = first + len(shares) - 1
    chosen = last if year is None else year
    if not first <= chosen <= last:
        raise InputError(problem("E908", "--year", found=chosen, allowed=f"{first}–{last}"))
    return chosen, shares[chosen - first]


def survey(scenario: Scenario, region: Region, norms: Norms) -> Ground:
    """Place a point in every ward, where its cheapest plan has the reception, and add those of the city.

    Raises
    ------
    planner.errors.Infeasible
        Some ward has no arrangement.
    """
    alone = ward_by_itself(scenario)
    instance, columns = prepare(alone, region, norms)
    chosen = columns.take(solve.choose(columns, instance.wards, {}).rows)
    site = np.zeros(len(instance.wards), np.int64)
    is_alone = np.zeros(len(instance.wards), bool)
    for group in instance.groups:
        part, parts = group.parts.index(RECEPTION), len(group.parts)
        seats = chosen.site_of_part[group.wards, :parts]
        site[group.wards] = seats[:, part]
        is_alone[group.wards] = (seats == seats[:, [part]]).sum(axis=1) == 1
    rows = instance.demand.parts
    of_reception = rows[rows["part"] == RECEPTION].set_index("ward_code")["norm_m2"]
    norm_m2 = of_reception.reindex(instance.wards).to_numpy(np.int64)
    money, wards = instance.money, len(instance.wards)
    points = build_points(region, instance.demand, at_share(scenario, 0.0), money, NO_YEAR, [ONE_YEAR])
    fixed = points.yearly[:, 0].copy()
    fixed[:wards] += norm_m2 * money.running + is_alone * money.site_fixed
    sites = region.sites.iloc[site]
    table = pd.DataFrame(
        {
            "point_id": points.ids,
            "ward_code": [instance.wards[place] for place in points.ward],
            "name": [*region.wards["name"].astype(str), *points.city["name"].astype(str)],
            "kind": np.repeat(["ward", "city"], [wards, len(points.city)]),
            "site_id": [*sites.index.astype(str), *[""] * len(points.city)],
            "lat": [*sites["lat"], *points.city["lat"]],
            "lon": [*sites["lon"], *points.city["lon"]],
            "counters": points.counters,
            "capacity_files": points.capacity,
            "fixed_cost": fixed,
            "use": np.where(points.excluded, "excluded", np.where(points.required, "required", "candidate")),
        }
    )
    flows = build_flows(region, instance.demand, at_share(scenario, 0.0))
    metres = build_roads(region, norms).metres(flows.places, places_of(sites, points.city))
    return Ground(scenario, region, instance.demand, money, table, metres, flows.ward)


def pose(ground: Ground, model: Model, online_share: float, year: int) -> Question:
    """Return the location problem at an online share.

    Raises
    ------
    Infeasible
        Somebody has no point that may be opened within ``network.max_minutes`` (E913).
    """
    scenario, points = ground.scenario, ground.points
    flows = build_flows(ground.region, ground.demand, at_share(scenario, online_share))
    network = scenario.network
    allowed = ground.metres != NO_WAY
    if network.max_minutes is not None:
        allowed &= within(ground.metres, network.max_minutes, scenario.prices.speed_kmh)
    row, column = np.nonzero(allowed)
    found = make_network(
        flows.ids,
        points["point_id"].tolist(),
        (row, column, ground.metres[row, column].astype(float)),
        weight=_weight(model, flows, ground.money),
        load=flows.load[:, 0].astype(float),
        capacity=points["capacity_files"].to_numpy(float),
        fixed_cost=points["fixed_cost"].to_numpy(float),
        use=points["use"].tolist(),
    )
    without = np.flatnonzero(np.diff(found.start) == 0)
    if len(without):
        names = tuple(flows.ids[place] for place in without.tolist())
        limit = network.max_minutes or "∞"
        raise Infeasible(problem("E913", scenario.name, count=len(names), found=names, limit=limit))
    return Question(ground, online_share, year, model, flows, found)


def _weight(model: Model, flows: Flows, money: Money) -> Floats:
    """Return what a metre counts: nothing but itself, people, or dong a year."""
    if model == "p-centre":
        return np.ones(len(flows))
    if model in ("lscp", "mclp"):
        return flows.people.astype(float)
    return flows.trips[:, 0] * money.citizen_km / 1000


def metres_of(minutes: float, speed_kmh: int) -> int:
    """Return the most whole metres that take at most so many minutes."""
    return int(Fraction(str(minutes)) * speed_kmh * 1000 / 60)
