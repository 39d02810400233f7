"""A plan over time as plain Python numbers, worked out from docs/model.md, section 5.

On top of `tests.oracle.facts`; shares nothing with the program but needs (`planner.demand`) and distances
(`planner.travel`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tests.oracle import facts

if TYPE_CHECKING:
    from planner.scenario import Scenario
    from tests.oracle.instances import Case

MILLION = 1_000_000
ITEMS = (
    "running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "citizen_travel", "crowding",
    "departments", "overload",
)  # fmt: skip
"""Recurrent and social items in the order in which a year is split."""
CAPITAL = ("renovation", "fit_out", "moves", "construction", "contingency", "land")
NEEDS = ("health", "education", "culture", "sport", "police", "other")


@dataclass(frozen=True)
class Candidate:
    """Where a centre may stand: on a site of the ward (``site`` is its position) or on a parcel (``None``).

    Amounts in dong of the first year: ``construction``, ``contingency``, ``land``.
    """

    id: str
    site: int | None
    beside: bool
    floor: int
    build: int
    construction: int
    contingency: int
    land: int
    reception_yearly: int


@dataclass(frozen=True)
class Mode:
    """A ward with ``extra`` further departments: its parts, what the departments cost, where a centre may stand."""

    extra: int
    ward: facts.Ward
    people: int
    departments: int
    departments_yearly: int
    overload_yearly: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class TimeWard:
    """One ward; by site of its own: m², a year's rent and the price at auction."""

    code: str
    kind: str
    district: str
    modes: tuple[Mode, ...]
    rents: tuple[int, ...]
    prices: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """A site that the owner may share: its position there; the guest has it as its last site."""

    owner: int
    site: int
    guest: int
    guest_modes: tuple[facts.Ward, ...]


@dataclass(frozen=True)
class TimeCity:
    """The wards, what a dong of every year weighs in millionths, and the growth of prices in millionths."""

    wards: tuple[TimeWard, ...]
    scenario: Scenario
    weights: tuple[int, ...]
    growth: tuple[int, ...]
    building_growth: tuple[int, ...]
    pairs: tuple[Pair, ...]

    @property
    def years(self) -> int:
        """Years of the horizon."""
        return len(self.weights)

    @property
    def flat(self) -> facts.City:
        """What `tests.oracle.brute.price` asks for: the scenario."""
        return facts.City((), self.scenario, 0, 0)

    @property
    def needs(self) -> int:
        """Premises that the public needs of a ward take, all uses together."""
        return sum(getattr(self.scenario.release, f"needs_{use}") for use in NEEDS)


def growth_factors(rate: float, years: int) -> tuple[int, ...]:
    """round(10⁶ (1 + rate)^t), half up."""
    growth = 1 + Fraction(str(rate))
    return tuple(int(MILLION * growth**t + Fraction(1, 2)) for t in range(years))


def time_facts(case: Case) -> TimeCity:
    """Work out a planning problem over time from its tables."""
    horizon = case.scenario.horizon
    codes = list(case.region.wards.index)
    return TimeCity(
        wards=tuple(_time_ward(case, code) for code in codes),
        scenario=case.scenario,
        weights=tuple(facts.discount_factors(case.scenario)),
        growth=growth_factors(horizon.price_growth, horizon.years),
        building_growth=growth_factors(horizon.construction_growth, horizon.years),
        pairs=_pairs(case, codes),
    )


def _extras(case: Case) -> range:
    departments = case.scenario.departments
    return range(departments.extra_max + 1 if departments.open else 1)


def _time_ward(case: Case, code: str) -> TimeWard:
    row = case.region.wards.loc[code]
    modes = tuple(_mode(case, code, extra) for extra in _extras(case))
    sites = case.region.sites
    values = [
        facts.cash_values(case, {**sites.loc[site.id].to_dict(), "site_id": site.id})
        for site in modes[0].ward.sites
    ]
    return TimeWard(
        code=code,
        kind=row["type"],
        district=row["former_district"],
        modes=modes,
        rents=tuple(rent for rent, _ in values),
        prices=tuple(price for _, price in values),
    )


def _mode(case: Case, code: str, extra: int) -> Mode:
    scenario = case.scenario
    ward = facts.ward_facts(case, code, extra)
    rules, staffing, row = scenario.departments, scenario.staffing, case.region.wards.loc[code]
    per_extra = (
        staffing.government_people_per_extra_mountain
        if row["mountain"]
        else staffing.government_people_per_extra
    )
    beyond = max(0, int(row["population"]) - staffing.government_step_from_people)
    workload = staffing.government_base + beyond // per_extra
    departments = sum(part.kind in ("leaders", "department") for part in ward.parts) + rules.count_reception
    overload = max(0, workload - departments * rules.posts_each) * rules.overload_vnd_per_post_year
    return Mode(
        extra=extra,
        ward=ward,
        people=sum(part.people for part in ward.parts),
        departments=departments,
        departments_yearly=extra * rules.extra_vnd_year if rules.open else 0,
        overload_yearly=overload if rules.open else 0,
        candidates=_candidates(case, ward, code, extra),
    )


def up(number: int, divisor: float) -> int:
    """Return the ratio rounded to six decimals, then up."""
    ratio = Fraction(number) / Fraction(str(divisor))
    return ceil(Fraction(int(ratio * MILLION + Fraction(1, 2)), MILLION))


def centre_floor(case: Case, ward: facts.Ward) -> int:
    """F: the norm of the parts and the hall."""
    hall = Fraction(ward.hall_norm) * Fraction(str(case.scenario.centres.hall_m2_per_seat))
    seats = hall / Fraction(str(case.scenario.space.net_to_gross))
    hall_m2 = ceil(Fraction(int(seats * MILLION + Fraction(1, 2)), MILLION))
    return sum(part.norm for part in ward.parts) + hall_m2


def _candidates(case: Case, ward: facts.Ward, code: str, extra: int) -> tuple[Candidate, ...]:
    scenario, region = case.scenario, case.region
    centres = scenario.centres
    if not centres.allowed or scenario.arrangement == "today":
        return ()
    row = region.wards.loc[code]
    floor = centre_floor(case, ward)
    storeys = centres.storeys_phuong if row["type"] == "phường" else centres.storeys_xa
    band = "le5" if storeys <= 5 else "6_7" if storeys <= 7 else "8_10" if storeys <= 10 else "11_15"
    needed = up(up(floor, storeys), centres.coverage_share)
    construction = floor * getattr(centres, f"cost_{band}_vnd_per_m2")
    files = int(facts.needs_of(case, extra).wards.loc[code, "in_person_year"])

    def candidate(place: dict, name: str, site: int | None, land: int, *, beside: bool) -> Candidate:
        return Candidate(
            id=name,
            site=site,
            beside=beside,
            floor=floor,
            build=centres.build_years_large if floor > centres.large_m2 else centres.build_years,
            construction=construction,
            contingency=int(construction * Fraction(str(centres.contingency_share))),
            land=land,
            reception_yearly=facts.citizens_yearly(case, {**place, "ward_code": code}, files),
        )

    found = []
    required = any(site.required for site in ward.sites)
    for j, site in enumerate(ward.sites):
        place = region.sites.loc[site.id].to_dict()
        if place["land_area_m2"] < needed or (required and not site.required):
            continue
        old = up(up(site.floor, centres.old_storeys), centres.coverage_share)
        found.append(candidate(place, site.id, j, 0, beside=place["land_area_m2"] >= needed + old))
    if required:
        return tuple(found)
    zone = case.norms.land_zones.loc[row["land_price_zone"]]
    for place in region.parcels.sort_index().reset_index().to_dict("records"):
        if place["ward_code"] != code or place["land_area_m2"] < needed:
            continue
        own = place["land_vnd_per_m2"]
        price = int(zone["land_vnd_per_m2"]) if own != own or own is None else int(own)
        land = int(int(place["land_area_m2"]) * price * Fraction(str(centres.land_price_share)))
        found.append(candidate(place, place["parcel_id"], None, land, beside=True))
    return tuple(found)


def _pairs(case: Case, codes: list[str]) -> tuple[Pair, ...]:
    found = []
    for text in case.scenario.rules.shared:
        site, guest = text.split()
        owner = case.region.sites.loc[site, "ward_code"]
        places = [known.id for known in facts.ward_facts(case, owner).sites]
        if site in places:  # an excluded site holds nobody
            found.append(
                Pair(
                    owner=codes.index(owner),
                    site=places.index(site),
                    guest=codes.index(guest),
                    guest_modes=tuple(facts.ward_facts(case, guest, extra, site) for extra in _extras(case)),
                )
            )
    return tuple(found)
