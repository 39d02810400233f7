"""Which units lie between which rivers, so that the page can draw a river where two banks meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.maps.words import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan import Plan


def banks_of(plan: Plan, codes: Sequence[str]) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the bank of every unit and the rivers between banks; empty without ``banks.csv``.

    A unit lies where most of its people do. A river is drawn along the borders of units of its two banks, the
    data have no line of the water itself: it is as schematic as they are.

    Returns
    -------
    banks : list of int
        Per unit, -1 where it is not known.
    rivers : list of dict
        ``name`` and ``banks``, the two banks that it parts.
    """
    banks, bridges = plan.norms.banks, plan.norms.bridges
    if not len(banks) or not len(bridges):
        return [-1] * len(codes), []
    order = sorted(set(banks["bank"]))
    people = plan.region.pairs.assign(bank=plan.region.pairs["commune_code"].map(banks["bank"]))
    sums = people.dropna(subset=["bank"]).groupby(["ward_code", "bank"])["population"].sum()
    most: dict[str, tuple[float, str]] = {}
    for (ward, bank), count in sums.items():
        most[ward] = max(most.get(ward, (-1.0, "")), (float(count), str(bank)))
    found = [order.index(most[code][1]) if code in most else -1 for code in codes]
    rivers: dict[tuple[int, int], str] = {}
    for name, a, b in zip(bridges["river"], bridges["bank_a"], bridges["bank_b"], strict=True):
        if a in order and b in order and a != b:
            first, second = sorted((order.index(a), order.index(b)))
            rivers.setdefault((first, second), clean(name))
    return found, [{"name": name, "banks": list(pair)} for pair, name in sorted(rivers.items())]
