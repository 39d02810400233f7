"""Why no plan with a reception network keeps the rules: who cannot be served, which rule asks too much."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from planner.limits import AT_LEAST, city_limits, kind_of
from planner.wording import problem

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.errors import Problem
    from planner.network.problem import NetworkProblem
    from planner.network.relaxation import Relaxation


MOST_NAMES = 5


def why_no_network(network: NetworkProblem, relaxation: Relaxation) -> list[Problem]:
    """Return what is missing, as far as the relaxation tells: it lacks as little as possible, all told.

    Parameters
    ----------
    relaxation : Relaxation
        What parts of plans cannot do. Where they can do everything, only whole plans cannot.
    """
    found = [*_out_of_reach(network), *_too_many_files(network, relaxation), *_rules(network, relaxation)]
    if not found:
        settings = {limit.setting for limit in city_limits(network.instance.scenario, 1).values()}
        found = [problem("E610", network.instance.scenario.name, settings=sorted(settings) or ["network"])]
    return found


def _out_of_reach(network: NetworkProblem) -> list[Problem]:
    """Name demand points from which no place can be reached at which a point may be open."""
    can_open = np.zeros(len(network.point_of_place), bool)
    can_open[network.courses.site[network.courses.stays > 0]] = True
    city = ~network.points.excluded[network.wards :]
    can_open[len(can_open) - len(city) :] = city
    lost = np.flatnonzero(~(network.journeys.allowed & can_open).any(axis=1))
    if not len(lost) or not network.stages:
        return []
    minutes = network.instance.scenario.network.max_minutes
    key = "network.excluded" if minutes is None else "network.max_minutes"
    return [problem("E607", key, found=_names(network, lost), count=len(lost))]


def _names(network: NetworkProblem, rows: Ints) -> list[str]:
    named = [f"{network.flows.names[row]} ({network.flows.ids[row]})" for row in rows.tolist()]
    return named[:MOST_NAMES] + ["..."] * (len(named) > MOST_NAMES)


def _too_many_files(network: NetworkProblem, relaxation: Relaxation) -> list[Problem]:
    """Say in which stages the counters of all points that can be reached take too few files."""
    if _out_of_reach(network):
        return []
    start = network.instance.scenario.horizon.start_year
    found = []
    for s, stage in enumerate(network.stages):
        files = relaxation.unserved[:, s] * network.flows.load[:, s]
        missing = ceil(round(float(files.sum()), 6))
        if missing > 0:
            rows = np.argsort(-files, kind="stable")
            rows = rows[files[rows] > 0]
            found.append(
                problem(
                    "E608", "network", year=start + stage.first, count=missing, found=_names(network, rows)
                )
            )
    return found


def _rules(network: NetworkProblem, relaxation: Relaxation) -> list[Problem]:
    """Say what can be reached of the rules that are passed; of the stages of one setting the tightest."""
    everybody = int(network.flows.people.sum())
    limits = city_limits(network.instance.scenario, everybody)
    found: dict[str, tuple[int, Problem]] = {}
    for name, amount in relaxation.over.items():
        limit = limits[name]
        short = ceil(round(amount, 6))
        asked = -limit.most if kind_of(name) in AT_LEAST else limit.most
        can = asked - short if kind_of(name) in AT_LEAST else asked + short
        texts = f"{asked:,}", f"{can:,}"
        if kind_of(name) == "within":  # people: the setting is their share
            texts = f"{asked / everybody:.1%}", f"{can * 1000 // everybody / 10}%"
        told = problem("E609", limit.setting, rule=name, asked=texts[0], can=texts[1])
        found[limit.setting] = max(found.get(limit.setting, (0, told)), (short, told), key=lambda one: one[0])
    return [told for _, told in found.values()]
