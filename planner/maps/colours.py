"""Classes of the measures that the map is coloured by: the same for all plans of a page and for today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.maps.network import KEY, unit_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.maps.states import Course, State
    from planner.plan import Plan

COLOURED = (
    "premises",
    "net_present_cost",
    "surplus_floor",
    "citizen_travel_mean",
    "body_distance_mean",
    "missing_to_norm",
    "centre_open_year",
)
"""Measures that the map can be coloured by; the last only where a plan opens a centre."""
CLASSES = 5


def colours(states: Sequence[State], courses: Sequence[Course]) -> list[dict[str, Any]]:
    """Return the classes of every measure, the same for all plans and years and for today.

    Colours can then be compared. A value of a later year counts where it is another one than in the year before.
    """
    found: list[dict[str, Any]] = []
    for key in COLOURED:
        if key not in states[0].values and not any(key in state.values for state in states):
            continue
        values = [value for state in states for value in state.values.get(key, []) if value is not None]
        later = [change.values.get(key, []) for course in courses for change in course.changes]
        values += [value for pairs in later for _, value in pairs]
        if key == "premises":
            most = max(2, int(max(values, default=1)))
            found.append({"key": key, "zero": 0, "breaks": list(range(2, most + 1))})
        elif key == "centre_open_year":
            years = sorted({int(value) for value in values if value})
            if years:
                found.append({"key": key, "zero": 1, "breaks": years[1:], "first": years[0]})
        else:
            zero, breaks = class_breaks(values)
            found.append({"key": key, "zero": int(zero), "breaks": breaks})
    return found


def class_breaks(values: Sequence[float], classes: int = CLASSES) -> tuple[bool, list[float]]:
    """Return whether zero is a class of its own, and the lower bounds of the classes but the first.

    Bounds are quantiles rounded to two digits, so that legends read well.
    """
    ordered = sorted(values)
    zero = (
        bool(ordered) and ordered[0] <= 0 and sum(value <= 0 for value in ordered) * classes >= len(ordered)
    )
    positive = [value for value in ordered if value > 0] if zero else ordered
    count = classes - 1 if zero else classes
    if not positive:
        return zero, []
    bounds = {_two_digits(positive[len(positive) * k // count]) for k in range(1, count)}
    return zero, sorted(bound for bound in bounds if positive[0] < bound <= positive[-1])


def _two_digits(value: float) -> float:
    rounded = float(f"{value:.2g}")
    return int(rounded) if rounded >= 10 else rounded


def network_colours(networks: Sequence[Plan]) -> list[dict[str, Any]]:
    """Return the classes of minutes to the points, over all stages of all networks; empty without a network."""
    values = [value for plan in networks for value in unit_minutes(plan)]
    return [{"key": KEY, "zero": 0, "breaks": class_breaks(values)[1]}] if values else []
