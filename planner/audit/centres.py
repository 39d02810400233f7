"""Joint-agency centres: where one may stand, when, and what it costs (docs/model.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from planner.audit import price
from planner.audit.needs import down, half_up, up
from planner.audit.price import MILLION, Case
from planner.audit.read import Parcel
from planner.audit.settings import Settings

KIND = "joint_centre"
BASIS = "modelled"


@dataclass(frozen=True)
class Place:
    """Land that has room for the centre of a ward.

    Attributes
    ----------
    location : str
        Id of the site or of the parcel.
    beside : bool
        Whether the interim may use the place: the old building stays, or there is none.
    parcel : Parcel or None
        The new land; None for a site of the ward.
    roads : tuple of int
        Road metres from every demand point of the ward.
    """

    location: str
    beside: bool
    parcel: Parcel | None
    roads: tuple[int, ...]


@dataclass(frozen=True)
class Centre:
    """A centre that is built: its place, the first year of construction and the first year of use."""

    place: Place
    start: int
    opens: int


def centre_id(case: Case) -> str:
    """Return the name of the centre of a ward in the tables."""
    return f"centre-{case.ward.code}"


def centre_floor(case: Case) -> int:
    """Return the floor of the centre of a ward: the norm of every part and a hall."""
    number = case.settings.number
    hall = up(case.needs.seats_norm * number("centres.hall_m2_per_seat") / number("space.net_to_gross"))
    return sum(part.norm for part in case.needs.parts) + hall


def storeys(case: Case) -> int:
    """Return the storeys of the centre of a ward."""
    return case.settings.whole("centres.storeys_" + ("phuong" if case.ward.kind == "phường" else "xa"))


def land_needed(case: Case) -> int:
    """Return the land that a centre needs."""
    footprint = -(-centre_floor(case) // storeys(case))
    return up(footprint / case.settings.number("centres.coverage_share"))


def build_years(case: Case) -> int:
    """Return the years that construction lasts."""
    large = centre_floor(case) > case.settings.whole("centres.large_m2")
    return case.settings.whole("centres.build_years_large" if large else "centres.build_years")


def may_build(settings: Settings) -> bool:
    """Say whether centres are allowed at all; the arrangement in force has none."""
    return settings.flag("centres.allowed") and settings.word("arrangement") != "today"


def places(case: Case) -> dict[str, Place]:
    """Return the places that have room for a centre of a ward, by id."""
    if not may_build(case.settings):
        return {}
    needed, whole = land_needed(case), case.settings.whole
    coverage = case.settings.number("centres.coverage_share")
    found = {}
    for name, site in case.own.items():
        if site.land < needed or (case.required and name not in case.required):
            continue
        old = up(-(-site.floor // whole("centres.old_storeys")) / coverage)
        found[name] = Place(name, site.land >= needed + old, None, tuple(case.to_reception[name]))
    for parcel in case.parcels:
        if parcel.land < needed or case.required:
            continue
        here = (parcel.lat, parcel.lon)
        roads = tuple(case.roads.road_metres(here, (p.lat, p.lon)) for p in case.points)
        found.setdefault(parcel.parcel_id, Place(parcel.parcel_id, True, parcel, roads))
    return found


def starts(case: Case) -> list[int]:
    """Return the years in which construction may start, so that the centre opens within the horizon."""
    years = case.settings.years
    first = years[0] + case.settings.whole("centres.first_start_after_years")
    return list(range(first, years[-1] - build_years(case) + 1))


def centre_at(case: Case, place: Place, start: int) -> Centre:
    """Return the centre that is started at a place in a year."""
    return Centre(place, start, start + build_years(case))


# -- costs ----------


def growth(settings: Settings, kind: str) -> dict[int, int]:
    """Return the growth of prices (kind ``price`` or ``construction``) up to every year, in parts per million."""
    return dict(_growth(1 + settings.number(f"horizon.{kind}_growth"), settings.years))


@lru_cache(maxsize=64)
def _growth(rate: Fraction, years: range) -> dict[int, int]:
    return {year: half_up(MILLION * rate**i) for i, year in enumerate(years)}


def unit_cost(case: Case) -> int:
    """Return the dong of a square metre of a centre, by its storeys."""
    high = storeys(case)
    band = "le5" if high <= 5 else "6_7" if high <= 7 else "8_10" if high <= 10 else "11_15"
    return case.settings.whole(f"centres.cost_{band}_vnd_per_m2")


def capital_rows(case: Case, centre: Centre) -> dict[tuple[int, str], int]:
    """Return the capital of a centre by year and item, in the prices of those years."""
    whole, number = case.settings.whole, case.settings.number
    grown = growth(case.settings, "construction")
    rows: dict[tuple[int, str], int] = {}
    construction = centre_floor(case) * unit_cost(case)
    lasts = centre.opens - centre.start
    for item, vnd in (
        ("construction", construction),
        ("contingency", down(construction * number("centres.contingency_share"))),
    ):
        for k in range(lasts):
            rows[centre.start + k, item] = vnd * (k + 1) // lasts - vnd * k // lasts
    parcel = centre.place.parcel
    if parcel is not None:
        land_price = case.zone[0] if parcel.price is None else parcel.price
        rows[centre.start, "land"] = down(parcel.land * land_price * number("centres.land_price_share"))
    people = sum(part.people for part in case.needs.parts)
    rows[centre.opens, "fit_out"] = people * whole("prices.furniture_vnd_per_person")
    rows[centre.opens, "moves"] = people * whole("prices.move_vnd_per_person")
    return {(year, item): vnd * grown[year] // MILLION for (year, item), vnd in rows.items()}


def residual_value(case: Case, centre: Centre, rows: dict[tuple[int, str], int]) -> int:
    """Return what building and land are still worth at the end; `rows` is the capital of the centre."""
    life, years = case.settings.whole("centres.life_years"), case.settings.years
    built = sum(vnd for (_, item), vnd in rows.items() if item in ("construction", "contingency"))
    land = sum(vnd for (_, item), vnd in rows.items() if item == "land")
    used = years[-1] + 1 - centre.opens
    return built * max(0, life - used) // life + land


def yearly_costs(case: Case, place: Place) -> dict[str, int]:
    """Return what a year in a centre costs, by item, in prices of the first year."""
    whole = case.settings.whole
    return dict.fromkeys(price.YEARLY, 0) | {
        "running": centre_floor(case) * whole("prices.running_vnd_per_m2_year"),
        "site_fixed": whole("prices.site_fixed_vnd_year"),
        "citizen_travel": price.citizen_travel(case, place.roads),
        **price.workload_costs(case),
    }
