"""States of later plans as what differs from the first plan's: most units sit alike in every scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

PAIR = 2
"""A changed value is written with its unit: worth it where fewer than one of so many units differ."""


def folded(state: dict[str, Any], base: dict[str, Any] | None) -> dict[str, Any]:
    """Return a state as its differences from another one; as it is where there is none to differ from.

    Parameters
    ----------
    state, base : dict
        ``seats`` (per unit), ``status`` and ``routes`` (per site), ``values`` (measure to numbers per unit).

    Returns
    -------
    dict
        ``seats`` as pairs of unit and seats, ``sites`` as triples of site, status and route, ``values`` of the
        measures that differ: pairs of unit and value, all values, or None for a measure that the state lacks.
        It has no ``status``: by that a reader tells it from a whole one. `unfolded` in ``web/page/plans.js`` is
        the way back.
    """
    if base is None:
        return state
    seats = [[unit, rows] for unit, rows in _changed(base["seats"], state["seats"])]
    before = list(zip(base["status"], base["routes"], strict=True))
    after = list(zip(state["status"], state["routes"], strict=True))
    values: dict[str, Any] = dict.fromkeys(base["values"].keys() - state["values"].keys())
    for key, numbers in state["values"].items():
        if key not in base["values"]:
            values[key] = numbers
            continue
        changed = [[unit, value] for unit, value in _changed(base["values"][key], numbers)]
        if changed:
            values[key] = changed if len(changed) * PAIR < len(numbers) else numbers
    return {
        "seats": seats,
        "sites": [[site, *pair] for site, pair in _changed(before, after)],
        "values": dict(sorted(values.items())),
    }


def _changed(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int, Any]]:
    pairs = enumerate(zip(before, after, strict=True))
    return [(at, new) for at, (old, new) in pairs if old != new]
