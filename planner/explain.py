"""Why this arrangement of a ward, what the next best costs, and what stands in the way of the obvious one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner import arrangements, costs, model, pricing
from planner.assemble import build_instance
from planner.errors import ProblemList, did_you_mean
from planner.instance import NOT_FIXED, Instance, as_guests, with_departments
from planner.releases import CASH_ROUTES
from planner.wording import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.centre_reasons import OverTime, Reasons
    from planner.plan import Plan


@dataclass(frozen=True)
class Alternative:
    """An arrangement of one ward with its price.

    Attributes
    ----------
    seats : dict of str to str
        Site of every part.
    cost_vnd : int
        Net present cost.
    items_vnd : dict of str to int
        Present value by cost item.
    """

    seats: dict[str, str]
    cost_vnd: int
    items_vnd: dict[str, int]

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites in use, in order of their ids."""
        return tuple(sorted(set(self.seats.values())))


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
            near = did_you_mean(fold(text), list(names)) or did_you_mean(
                text, [str(code) for code in wards.index]
            )
            problems.add(
                "E809", "--ward", f"no unit {text[:60]!r}", f"{near} Codes are in wards.csv.".strip()
            )
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
    """Explain the arrangement of one ward of a plan.

    Parameters
    ----------
    ward : str
        Ward code; it must be one of ``plan.region.wards``.
    alternatives : int
        How many next-best arrangements to price.
    why : Reasons, optional
        What `planner.centre_reasons.reasons` gave for the plan.
    """
    instance = _instance_of(plan)
    found = model.ward_alternatives(instance, ward)
    seats = _seats(plan, ward)
    others: list[Alternative] = []
    # A set of sites has a row for every cash route of the ward; the first is the cheapest.
    told = {tuple(sorted(set(seats.values())))}
    for row in range(len(found)):
        if len(others) == alternatives:
            break
        other = _alternative(instance, found.take(np.array([row])), ward)
        if other.sites not in told:
            told.add(other.sites)
            others.append(other)
    single = _single_sites(instance, ward)
    rule = plan.scenario.rules.one_site_where_enough
    today = plan.today
    host = _host(plan, instance, ward)
    chosen = _priced(instance, ward, seats, _cash(plan, instance, ward), host)
    return Explanation(
        ward_code=ward,
        ward_name=str(plan.region.wards.loc[ward, "name"]),
        chosen=chosen,
        next_best=others,
        # Priced on its own instance: the scenario may exclude a site that is in use today.
        today=_today(today, ward) if today else None,
        single=single,
        one_site_rule=host is None
        and len(chosen.sites) == 1
        and _rule_asks(plan, rule, single, chosen.sites[0]),
        shared_with=next((pair["owner"] for pair in _pairs(plan) if pair["guest"] == ward), None)
        or next((pair["guest"] for pair in _pairs(plan) if pair["owner"] == ward), None),
        over_time=why.of(ward) if why is not None else None,
    )


def _instance_of(plan: Plan) -> Instance:
    """Return the problem of a plan, in which every ward has the departments that the plan gives it."""
    instance = build_instance(plan.region, plan.norms, plan.scenario)
    if not instance.further:
        return instance
    extra = plan.further_departments()
    return with_departments(instance, np.array([extra.get(ward, 0) for ward in instance.wards], np.int64))


def _pairs(plan: Plan) -> list[dict[str, str]]:
    found: list[dict[str, str]] = plan.facts.get("shared", [])
    return found


def _host(plan: Plan, instance: Instance, ward: str) -> tuple[str, int] | None:
    """Return the site that a guest shares and its position beside what the owner has there; None for others."""
    entry = next((pair for pair in _pairs(plan) if pair["guest"] == ward), None)
    if entry is None:
        return None
    rows = plan.first_year()
    rows = rows[(rows["ward_code"] == entry["owner"]) & (rows["site_id"] == entry["site_id"])]
    people = plan.demand().parts.set_index(["ward_code", "part"])["people"]
    state = (
        int(rows["tight_fit_m2"].sum()),
        int(rows["norm_m2"].sum()),
        sum(int(people[entry["owner"], part]) for part in rows["part"]),
    )
    site, guest = instance.sites.index.get_loc(entry["site_id"]), instance.wards.index(ward)
    pair = next(pair for pair in instance.pairs if (pair.site, pair.guest) == (site, guest))
    return entry["site_id"], pair.left[state]


def _rule_asks(plan: Plan, rule: str, single: list[SingleSite], site: str) -> bool:
    if rule == "off" or any(s.site_id == site and (s.missing_m2 or s.missing_seats) for s in single):
        return False
    return rule == "any" or plan.region.sites.loc[site, "kind"] == "former_district_hq"


def _seats(plan: Plan, ward: str) -> dict[str, str]:
    rows = plan.first_year()
    rows = rows[rows["ward_code"] == ward]
    return dict(zip(rows["part"], rows["site_id"], strict=True))


def _today(today: Plan, ward: str) -> Alternative:
    instance = _instance_of(today)
    return _priced(instance, ward, _seats(today, ward), _cash(today, instance, ward))


def _cash(plan: Plan, instance: Instance, ward: str) -> int:
    """Return the cash route of a ward; where the plan sends none of its sites there, any will do."""
    choices = instance.releases.choices
    routes = set(plan.premises.loc[plan.premises["ward_code"] == ward, "route"])
    return next((choice for choice in choices if choice >= 0 and CASH_ROUTES[choice] in routes), choices[0])


def _priced(
    instance: Instance, ward: str, seats: dict[str, str], cash: int, host: tuple[str, int] | None = None
) -> Alternative:
    """Price an arrangement given by site ids; ``host`` is the site that a guest shares, and its position."""
    place = instance.wards.index(ward)
    position = {site: instance.sites.index.get_loc(site) for site in set(seats.values())}
    if host is not None:
        instance = as_guests(instance, {place: host[1]})
        position[host[0]] = host[1]
    width = max(len(group.parts) for group in instance.groups)
    parts = next(group for group in instance.groups if place in group.wards).parts
    site_of_part = np.full((1, width), NOT_FIXED, np.int64)
    site_of_part[0, : len(parts)] = [position[seats[part]] for part in parts]
    zero = np.zeros(1, np.int64)
    row = model.PlanColumns(
        np.array([place]), zero, {}, zero, zero, site_of_part, zero - 1, zero + cash, zero
    )
    return _alternative(instance, row, ward)


def _alternative(instance: Instance, row: model.PlanColumns, ward: str) -> Alternative:
    place = instance.wards.index(ward)
    parts = next(group for group in instance.groups if place in group.wards).parts
    ids = instance.sites.index[instance.sites["real"].to_numpy()]
    seats = {part: str(ids[site]) for part, site in zip(parts, row.site_of_part[0], strict=False)}
    table = pricing.cost_table(instance, row)
    factors = np.array(instance.money.factors, dtype=object)
    micro = {item: int((amount[0].astype(object) * factors).sum()) for item, amount in table.items()}
    rounded = {item: (2 * m + costs.MILLION) // (2 * costs.MILLION) for item, m in micro.items() if m}
    total = sum(micro.values())
    return Alternative(seats, (2 * total + costs.MILLION) // (2 * costs.MILLION), rounded)


def _single_sites(instance: Instance, ward: str) -> list[SingleSite]:
    relaxed = replace(
        instance,
        scenario=instance.scenario.model_copy(
            update={"rules": instance.scenario.rules.model_copy(update={"max_sites": 1})}
        ),
    )
    found = []
    for _, block in arrangements.blocks_of_ward(relaxed, ward):
        for row, sites in enumerate(block.sites):
            site = str(instance.sites.index[sites[0]])
            found.append(SingleSite(site, int(block.missing_m2[row, 0]), int(block.missing_seats[row])))
    return sorted(
        found,
        key=lambda s: (s.missing_m2 > 0 or s.missing_seats > 0, s.missing_m2, s.missing_seats, s.site_id),
    )
