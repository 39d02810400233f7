"""Why this arrangement of a ward, what the next best costs, and what stands in the way of the obvious one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner import model
from planner.errors import ProblemList
from planner.explain.priced import Alternative, chosen_in, in_dong, instance_of, pairs_of, price
from planner.instance import NOT_FIXED, groups_of
from planner.model import arrangements
from planner.wording import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.explain.centres import OverTime, Reasons
    from planner.instance import Instance
    from planner.model.columns import PlanColumns
    from planner.plan import Plan


@dataclass(frozen=True)
class SingleSite:
    """What keeps a site from holding the whole ward: m² below the tight fit, hall seats; zero where it could."""

    site_id: str
    missing_m2: int
    missing_seats: int


@dataclass(frozen=True)
class Explanation:
    """Reasons for the arrangement of one ward.

    Attributes
    ----------
    why : str
        One of `planner.reason_file.WHY`.
    chosen : Alternative
    next_best : list of Alternative
        The cheapest arrangements on other sets of sites that keep every rule but "one site where one is enough",
        cheapest first.
    today : Alternative or None
        The arrangement in force.
    single : list of SingleSite
        Every site as the only one of the ward, least missing first.
    one_site_rule : bool
        The ward uses one site because the scenario asks for it where one site holds everything.
    shared_with : str or None
        The other ward on premises that two share.
    over_time : OverTime or None
        Where centres are allowed: the ward's plans with centres and without. The other fields are about the
        arrangement until a centre opens, as if it were for good.
    """

    ward_code: str
    ward_name: str
    why: str
    chosen: Alternative
    next_best: list[Alternative]
    today: Alternative | None
    single: list[SingleSite]
    one_site_rule: bool
    over_time: OverTime | None = None
    shared_with: str | None = None


def find_wards(plan: Plan, asked: Sequence[str]) -> list[str]:
    """Return ward codes for codes or names as people type them; every ward when none is asked for.

    Raises
    ------
    InputError
        E809 for each that is unknown, with the nearest; E810 for a name that several units share.
    """
    wards = plan.region.wards
    names: dict[str, list[str]] = {}
    for code, name in wards["name"].items():
        names.setdefault(fold(str(name)), []).append(str(code))
    found, problems = [], ProblemList()
    for text in asked:
        codes = [text] if text in wards.index else names.get(fold(text), [])
        if text.isdigit() and not codes and text.zfill(5) in wards.index:
            codes = [text.zfill(5)]
        if not codes:
            near = nearest(text, list(wards.index)) if text.isdigit() else nearest(fold(text), list(names))
            meant = str(wards.loc[names[near][0], "name"]) if near in names else near
            fix = f"{f'Did you mean {meant}? ' if meant else ''}Codes are in wards.csv."
            problems.add("E809", "--ward", f"no unit {text[:60]!r}", fix)
        elif len(codes) > 1:
            problems.add(
                "E810",
                "--ward",
                f"{text[:60]!r} is the name of several units",
                f"Give a code: {', '.join(codes)}.",
            )
        else:
            found += codes
    problems.raise_if_any()
    return found or [str(code) for code in wards.index]


def explain(plan: Plan, ward: str, alternatives: int = 3, why: Reasons | None = None) -> Explanation:
    """Explain the arrangement of one ward of a plan; for several, `explain_all` is much faster.

    Parameters
    ----------
    ward : str
        Ward code; it must be one of ``plan.region.wards``.
    alternatives : int
        How many next-best arrangements to price.
    why : Reasons, optional
        What `planner.explain.centres.reasons` gave for the plan.
    """
    return explain_all(plan, [ward], alternatives, why)[0]


def explain_all(
    plan: Plan, wards: Sequence[str], alternatives: int = 3, why: Reasons | None = None
) -> list[Explanation]:
    """Explain the arrangement of some wards of a plan, in their order; parameters as in `explain`."""
    instance = instance_of(plan)
    found = model.ward_alternatives(instance, wards)
    rows_of = _rows_by_ward(instance, found)
    chosen = chosen_in(plan, instance, wards)
    picked = [
        _next_best(instance, found, rows_of[ward], now.sites, max(alternatives, 1))
        for ward, now in zip(wards, chosen, strict=True)
    ]
    asked = [rows[:alternatives] for rows in picked]
    others = iter(price(instance, found.take(np.array([row for rows in asked for row in rows], np.int64))))
    # Priced on its own instance: the scenario may exclude a site that is in use today.
    today = chosen_in(plan.today, instance_of(plan.today), wards) if plan.today else [None] * len(wards)
    singles = _single_sites(instance, wards)
    partners = {pair["guest"]: pair["owner"] for pair in reversed(pairs_of(plan))}
    guests = set(partners)
    partners = {pair["owner"]: pair["guest"] for pair in reversed(pairs_of(plan))} | partners
    centres = _with_centre(plan)
    explained = []
    for place, ward in enumerate(wards):
        next_best = [next(others) for _ in asked[place]]
        one_site_rule = (
            ward not in guests
            and len(chosen[place].sites) == 1
            and _rule_asks(plan, singles[ward], chosen[place].sites[0])
        )
        beaten = _is_beaten(found, rows_of[ward], chosen[place].cost_vnd, alone=one_site_rule)
        explained.append(
            Explanation(
                ward_code=ward,
                ward_name=str(plan.region.wards.loc[ward, "name"]),
                why=_why(
                    plan,
                    centre=ward in centres,
                    shared=ward in partners,
                    only=not picked[place],
                    beaten=beaten,
                    one_site_rule=one_site_rule,
                ),
                chosen=chosen[place],
                next_best=next_best,
                today=today[place],
                single=singles[ward],
                one_site_rule=one_site_rule,
                shared_with=partners.get(ward),
                over_time=why.of(ward) if why is not None else None,
            )
        )
    return explained


def _why(plan: Plan, *, centre: bool, shared: bool, only: bool, beaten: bool, one_site_rule: bool) -> str:
    """Return the code of the first reason that is true of a ward (`planner.reason_file.WHY`)."""
    reasons = {
        "in_force": plan.scenario.arrangement == "today",
        "centre": centre,
        "shared": shared,
        "only": only,
        "network": beaten and plan.scenario.network.allowed,
        "city_rule": beaten,
        "one_site_rule": one_site_rule,
        "cheapest": True,
    }
    return next(code for code, holds in reasons.items() if holds)


def _rows_by_ward(instance: Instance, found: PlanColumns) -> dict[str, range]:
    """Return the rows of every ward; they stand together, cheapest first."""
    places = np.arange(len(instance.wards))
    starts, stops = (np.searchsorted(found.ward, places, side).tolist() for side in ("left", "right"))
    return {ward: range(starts[place], stops[place]) for place, ward in enumerate(instance.wards)}


def _next_best(
    instance: Instance, found: PlanColumns, rows: range, sites: tuple[str, ...], most: int
) -> list[int]:
    """Return the cheapest row of as many other sets of sites as are asked for, cheapest first."""
    # A set of sites has a row for every cash route of the ward; the first is the cheapest.
    told = {frozenset(sites)}
    picked: list[int] = []
    for row in rows:
        if len(picked) == most:
            break
        placed = found.site_of_part[row]
        used = frozenset(instance.sites.index[np.unique(placed[placed != NOT_FIXED])])
        if used not in told:
            told.add(used)
            picked.append(row)
    return picked


def _is_beaten(found: PlanColumns, rows: range, cost_vnd: int, *, alone: bool) -> bool:
    """Say whether the rules on the unit allow a cheaper arrangement, on any sites; ``alone``: on one site."""
    for row in rows:
        placed = found.site_of_part[row]
        if not alone or len(np.unique(placed[placed != NOT_FIXED])) == 1:
            return in_dong(int(found.cost[row])) < cost_vnd
    return False


def _with_centre(plan: Plan) -> set[str]:
    """Return the wards that move into a joint-agency centre."""
    table = plan.premises
    return set(table.loc[(table["kind"] == "joint_centre") & (table["status"] == "in_use"), "ward_code"])


def _rule_asks(plan: Plan, single: list[SingleSite], site: str) -> bool:
    rule = plan.scenario.rules.one_site_where_enough
    if rule == "off" or any(s.site_id == site and (s.missing_m2 or s.missing_seats) for s in single):
        return False
    return rule == "any" or plan.region.sites.loc[site, "kind"] == "former_district_hq"


def _single_sites(instance: Instance, wards: Sequence[str]) -> dict[str, list[SingleSite]]:
    found: dict[str, list[SingleSite]] = {ward: [] for ward in wards}
    for group in groups_of(instance, wards):
        block = arrangements.arrangements(instance, group, 1, np.arange(len(group.wards)))
        if block is None:
            continue
        ids = instance.sites.index[block.sites[:, 0]]
        places = group.wards[block.member].tolist()
        missing = zip(block.missing_m2[:, 0].tolist(), block.missing_seats.tolist(), strict=True)
        for place, site, (m2, seats) in zip(places, ids, missing, strict=True):
            found[instance.wards[place]].append(SingleSite(str(site), m2, seats))
    for singles in found.values():
        singles.sort(
            key=lambda s: (
                s.missing_m2 > 0 or s.missing_seats > 0,
                s.missing_m2,
                s.missing_seats,
                s.site_id,
            )
        )
    return found
