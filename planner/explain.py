"""Why this arrangement of a ward, what the next best costs, and what stands in the way of the obvious one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner import arrangements, costs, model, pricing
from planner.errors import ProblemList, did_you_mean
from planner.instance import NOT_FIXED, Instance, build_instance
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
    instance = build_instance(plan.region, plan.norms, plan.scenario)
    found = model.ward_alternatives(instance, ward)
    seats = _seats(plan, ward)
    others = []
    # One more than asked for: the chosen set of sites is among the alternatives and drops out.
    for row in range(min(len(found), alternatives + 1)):
        other = _alternative(instance, found.take(np.array([row])), ward)
        if other.sites != tuple(sorted(set(seats.values()))):
            others.append(other)
    single = _single_sites(instance, ward)
    rule = plan.scenario.rules.one_site_where_enough
    today = plan.today
    chosen = _priced(instance, ward, seats)
    return Explanation(
        ward_code=ward,
        ward_name=str(plan.region.wards.loc[ward, "name"]),
        chosen=chosen,
        next_best=others[:alternatives],
        # Priced on its own instance: the scenario may exclude a site that is in use today.
        today=_priced(build_instance(today.region, today.norms, today.scenario), ward, _seats(today, ward))
        if today
        else None,
        single=single,
        one_site_rule=len(chosen.sites) == 1 and _rule_asks(plan, rule, single, chosen.sites[0]),
        over_time=why.of(ward) if why is not None else None,
    )


def _rule_asks(plan: Plan, rule: str, single: list[SingleSite], site: str) -> bool:
    if rule == "off" or any(s.site_id == site and (s.missing_m2 or s.missing_seats) for s in single):
        return False
    return rule == "any" or plan.region.sites.loc[site, "kind"] == "former_district_hq"


def _seats(plan: Plan, ward: str) -> dict[str, str]:
    rows = plan.first_year()
    rows = rows[rows["ward_code"] == ward]
    return dict(zip(rows["part"], rows["site_id"], strict=True))


def _priced(instance: Instance, ward: str, seats: dict[str, str]) -> Alternative:
    """Price an arrangement given by site ids."""
    place = instance.wards.index(ward)
    width = max(len(group.parts) for group in instance.groups)
    parts = next(group for group in instance.groups if place in group.wards).parts
    site_of_part = np.full((1, width), NOT_FIXED, np.int64)
    site_of_part[0, : len(parts)] = [instance.sites.index.get_loc(seats[part]) for part in parts]
    zero = np.zeros(1, np.int64)
    cash = zero + instance.releases.choices[0]
    row = model.PlanColumns(np.array([place]), zero, {}, zero, zero, site_of_part, zero - 1, cash, zero)
    return _alternative(instance, row, ward)


def _alternative(instance: Instance, row: model.PlanColumns, ward: str) -> Alternative:
    place = instance.wards.index(ward)
    parts = next(group for group in instance.groups if place in group.wards).parts
    ids = instance.sites.index
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
