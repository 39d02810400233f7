"""The scenario of the arrangement in force, with which every plan is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.scenario import Budget, Rules

if TYPE_CHECKING:
    from planner.region import Region
    from planner.scenario import Scenario

TODAY_TITLES = {
    "title_vi": "Hiện trạng từ 01/7/2025",
    "title_en": "The arrangement in force since 1 July 2025",
}


def as_today(scenario: Scenario, region: Region) -> Scenario:
    """Return the scenario of the arrangement in force, with the settings and prices of another scenario."""
    known = region.today[region.today["site_id"].isin(region.sites.index)]
    most = known.groupby("ward_code")["site_id"].nunique().max() if len(known) else 1
    none = {
        name: info.get_default(call_default_factory=True)
        for name, info in Rules.model_fields.items()
        if not info.is_required()
    }
    rules = scenario.rules.model_copy(
        update={
            **none,  # lists of sites and city-wide rules
            "max_sites": max(scenario.rules.max_sites, int(most)),
            "one_site_where_enough": "off",
            "floor_area": "report",
            "hall": "off" if scenario.rules.hall == "off" else "report",
        }
    )
    changes = {
        "name": "today",
        "arrangement": "today",
        "rules": rules,
        "budget": Budget(),
        "centres": scenario.centres.model_copy(update={"allowed": False}),
        # Files go online whatever becomes of the points; nobody is handed over.
        "network": scenario.network.model_copy(
            update={
                "hand_over_years": (),
                "required": (),
                "excluded": (),
                "share_min": None,
                "max_minutes": None,
            }
        ),
        # Workload counts, but nobody has a further department yet.
        "departments": scenario.departments.model_copy(update={"extra_max": 0}),
        **TODAY_TITLES,
    }
    return scenario.model_copy(update=changes)
