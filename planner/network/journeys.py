"""What it costs people to reach a point, by demand point, place and stage; and who may go where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner import costs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints, Money
    from planner.network.flows import Flows, Stage
    from planner.scenario import Scenario

NO_WAY = -1


@dataclass(frozen=True)
class Journeys:
    """Ways of n demand points to L places: the sites in their order, then the city points.

    Attributes
    ----------
    metres : int64, shape (n, L)
        Road metres one way, `NO_WAY` where there is none.
    allowed : bool, shape (n, L)
        Not farther than the rule of the scenario.
    near : bool, shape (n, L)
        Within ``network.share_minutes``.
    before : int64, shape (n, L)
        Citizens' travel of stage 0, in millionths of a dong of present value.
    worth : int64, shape (S, n, L)
        The same for every stage.
    """

    metres: Ints
    allowed: NDArray[np.bool_]
    near: NDArray[np.bool_]
    before: Ints
    worth: Ints


def within(metres: Ints, minutes: int, speed_kmh: int) -> NDArray[np.bool_]:
    """Say which ways take at most so many minutes: 60 · metres ≤ minutes · speed · 1000, in whole numbers."""
    return np.asarray((metres >= 0) & (60 * metres <= minutes * speed_kmh * 1000), bool)


def travel_of_year(trips: Ints, metres: Ints, prices: Money, t: int) -> Ints:
    """Return citizens' travel of year ``t`` in dong, demand point by demand point."""
    return costs.escalated(trips * metres * prices.citizen_km // 1000, prices.growth[t])


def build_journeys(
    flows: Flows, metres: Ints, scenario: Scenario, prices: Money, before: Stage, stages: Sequence[Stage]
) -> Journeys:
    """Price the ways of all demand points.

    Parameters
    ----------
    metres : int64, shape (n, L)
    """
    network, speed = scenario.network, scenario.prices.speed_kmh
    reached = np.maximum(metres, 0)

    def present(stage: Stage) -> Ints:
        total = np.zeros(metres.shape, np.int64)
        for t in range(stage.first, stage.stop):
            total += travel_of_year(flows.trips[:, t, None], reached, prices, t) * prices.factors[t]
        return total

    allowed = metres != NO_WAY
    if network.max_minutes is not None:
        allowed &= within(metres, network.max_minutes, speed)
    return Journeys(
        metres,
        allowed,
        within(metres, network.share_minutes, speed),
        present(before),
        np.stack([present(stage) for stage in stages]) if stages else np.zeros((0, *metres.shape), np.int64),
    )
