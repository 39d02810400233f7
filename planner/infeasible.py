"""Why a ward has no arrangement: what is missing, and the smallest single change that helps."""

from __future__ import annotations

import numpy as np

from planner.errors import Problem
from planner.instance import MOST_SITES, NOT_FIXED, Instance
from planner.model.arrangements import Arrangements, blocks_of_ward
from planner.model.interim import SEATS_PER_MISSING_M2


def _widest_fit(instance: Instance, found: Arrangements) -> float:
    """Return the largest tight fit, m² net a person, at which some allowed arrangement of the block fits."""
    group, pattern = found.group, found.block.slot_of_part
    seated = np.array([body != "reception" for body in group.bodies])
    people, room = group.people * seated, group.tight * ~seated
    widest = np.full((len(found.sites), len(pattern)), np.inf)
    for slot in range(found.sites.shape[1]):
        on = (pattern == slot).T.astype(np.int64)
        # A part's tight fit is rounded up to whole m2: one m2 a part is set aside.
        free = found.block.floor[:, slot, None] - (room @ on + (people > 0) @ on)[found.member]
        heads = np.broadcast_to((people @ on)[found.member], free.shape)
        fit = np.where(heads > 0, free / np.maximum(1, heads), np.where(free >= 0, np.inf, -np.inf))
        widest = np.minimum(widest, fit * instance.scenario.space.net_to_gross)
    return max(0.0, float(np.where(found.allowed, widest, -np.inf).max()))


def why_infeasible(instance: Instance, ward: str, name: str) -> Problem:
    """Say what is missing in a ward without a plan, and the smallest single change that helps."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    shrink = 0.0
    ids = instance.sites.index
    label = f"{ward} {name}"
    rules, space = instance.scenario.rules, instance.scenario.space
    counts_m2, counts_seats = rules.floor_area == "enforce", rules.hall == "enforce"
    for _, found in blocks_of_ward(instance, ward):
        missing = found.missing_m2 * (SEATS_PER_MISSING_M2 * counts_m2)
        missing = missing + (found.missing_seats * counts_seats)[:, None]
        missing = np.where(found.allowed, missing, np.iinfo(np.int64).max)
        row, col = np.unravel_index(int(missing.argmin()), missing.shape)
        if found.allowed[row, col]:
            least = (int(missing[row, col]), int(found.block.sites_in_use), tuple(ids[found.sites[row]]))
            best = min(best, least) if best else least
            shrink = max(shrink, _widest_fit(instance, found))
    if best is None:
        return _no_set_of_sites(instance, ward, label)
    m2, seats = divmod(best[0], SEATS_PER_MISSING_M2)
    where = ", ".join(best[2])
    parts = [f"{m2:,} m2 of floor area"] * (m2 > 0) + [f"{seats} hall seats"] * (seats > 0)
    advice = []
    if m2:
        more = f"Smallest change: {m2:,} m2 more on {where}"
        if shrink >= 1:  # below a square metre a person no tight fit is worth proposing
            more += f", or space.tight_m2_per_person {int(shrink * 10) / 10} instead of {space.tight_m2_per_person:g}"
        advice.append(more)
    if seats:
        advice.append(
            f"Smallest change: a hall with {seats} more seats on one of {where}, or rules.hall: report"
        )
    return Problem(
        "E602", label, f"no plan keeps the rules: {' and '.join(parts)} missing", "; ".join(advice) + "."
    )


def _no_set_of_sites(instance: Instance, ward: str, label: str) -> Problem:
    """Say why no set of sites may be used, whatever it lacks."""
    rules = instance.scenario.rules
    place = instance.wards.index(ward)
    group = next(g for g in instance.groups if place in g.wards)
    sites = instance.ward_sites[place]
    if not len(sites.sites):
        return Problem("E601", label, "no site is allowed in this unit", "Take a site out of rules.excluded.")
    if instance.scenario.arrangement == "today":
        known = group.known[int(np.flatnonzero(group.wards == place)[0])]
        needed, what = len(set(known.tolist()) - {NOT_FIXED}), "known today"
    else:
        needed, what = int(sites.required.sum()), "required"
    return Problem(
        "E601",
        label,
        f"no set of at most {rules.max_sites} sites contains the {needed} that are {what}",
        f"Raise rules.max_sites to {needed}." if needed <= MOST_SITES else "Require fewer sites.",
    )
