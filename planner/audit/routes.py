"""What becomes of released premises: from which year they are free, by which route, for how much."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from planner.audit import price
from planner.audit.centres import Centre
from planner.audit.price import MILLION, Case
from planner.audit.settings import Settings

CENTRE = "centre"
NEEDS = (
    ("needs_health", "health"), ("needs_education", "education"), ("needs_culture", "culture"),
    ("needs_sport", "sport"), ("needs_police", "police"), ("needs_other", "other_public"),
)  # fmt: skip
"""Public needs in the order in which free premises fill them: setting and route."""


def cash_routes(settings: Settings) -> tuple[str, ...]:
    """Return the routes that a ward may choose for what brings money; with one route for all, that one."""
    route = settings.word("release.route")
    if route != "priority":
        return (route,)
    chosen = settings.word("release.cash_route")
    return ("lease", "auction") if chosen == "best" else (chosen,)


def free_from(case: Case, used: Collection[str], centre: Centre | None) -> dict[str, int]:
    """Return the first free year of every site of the ward that becomes free; a centre's site never does."""
    found = {}
    for name in case.own:
        if centre is not None and name == centre.place.location and centre.place.parcel is None:
            continue
        if name not in used:
            found[name] = case.settings.years[0]
        elif centre is not None:
            found[name] = centre.opens
    return found


def routes(case: Case, free: Mapping[str, int], cash: str) -> dict[str, str]:
    """Return the route of every free site, where what brings money takes the route `cash`."""
    if case.settings.word("release.route") != "priority":
        return dict.fromkeys(free, cash)
    ranked = sorted(
        free, key=lambda name: (free[name], price.release_value(case, case.sites[name], cash), name)
    )
    public = [route for key, route in NEEDS for _ in range(case.settings.whole(f"release.{key}"))]
    return {name: public[i] if i < len(public) else cash for i, name in enumerate(ranked)}


def income(case: Case, free: Mapping[str, int], cash: str, grown: Mapping[int, int]) -> dict[int, int]:
    """Return the money that free sites bring by year, in the prices of those years."""
    found: dict[int, int] = {}
    for name, route in routes(case, free, cash).items():
        value = price.release_value(case, case.sites[name], route)
        if not value:
            continue
        last = case.settings.years[-1] if route == "lease" else free[name]
        for year in range(free[name], last + 1):
            found[year] = found.get(year, 0) + value * grown[year] // MILLION
    return found
