"""What a ward needs and how far things are apart: docs/model.md sections 1 and 2, with exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, hypot

from pyproj import Transformer

from planner.audit.read import COMMITTEE, RECEPTION, Inputs, Part, Ward
from planner.audit.settings import Settings


@dataclass(frozen=True)
class PartNeed:
    """People and gross floor of one part of one ward."""

    name: str
    body: str
    kind: str
    people: int
    tight: int
    norm: int


@dataclass(frozen=True)
class Needs:
    """What one ward needs."""

    parts: tuple[PartNeed, ...]
    counters: int
    in_person: int
    seats_tight: int
    seats_norm: int


def up(value: Fraction) -> int:
    """Round up, after rounding to six decimals as the specification asks."""
    return ceil(round(value, 6))


def down(value: Fraction) -> int:
    """Round down, after rounding to six decimals as the specification asks."""
    return floor(round(value, 6))


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return floor(value + Fraction(1, 2))


def decimals(numerator: int, denominator: int, digits: int) -> Fraction:
    """Divide and round half up at so many decimals; nothing over nothing is zero."""
    if not denominator:
        return Fraction(0)
    return Fraction(half_up(Fraction(numerator * 10**digits, denominator)), 10**digits)


def needs_of(ward: Ward, inputs: Inputs, settings: Settings, extra: int = 0) -> Needs:
    """Return the people, floor, counters and seats of a ward with so many further departments."""
    parts = [part for part in inputs.parts if ward.kind in part.types and part.extra <= extra]
    number = settings.number
    in_person = files_in_person(ward, settings, number("reception.online_share"))
    counters = _counters(in_person, settings)
    people = _people(ward, parts, inputs, settings, counters)
    tight_seats = _delegates(ward) + settings.whole("hall.party_executive_members")
    guests = settings.whole("hall.front_committee_members") + settings.whole("hall.guests")
    return Needs(
        parts=tuple(_part_need(ward, part, people[part.name], counters, inputs, settings) for part in parts),
        counters=counters,
        in_person=in_person,
        seats_tight=tight_seats,
        seats_norm=max(settings.whole("hall.norm_min_seats"), tight_seats + guests),
    )


def files_in_person(ward: Ward, settings: Settings, online_share: Fraction) -> int:
    """Return the files a year that people of a ward hand in themselves."""
    number = settings.number
    files = down(ward.population * number("reception.files_per_1000_people_year") / 1000)
    return max(0, down(files * (1 - online_share - number("reception.postal_share"))))


def reception_room(counters: int, settings: Settings) -> Fraction:
    """Return the net m² of the room with so many counters."""
    number = settings.number
    waiting = number("reception.waiting_m2") * settings.whole("reception.waiting_people_per_counter")
    return max(number("reception.min_m2"), (number("reception.counter_m2") + waiting) * counters)


def _counters(in_person: int, settings: Settings) -> int:
    busy = (
        in_person * settings.number("reception.peak_factor") * settings.number("reception.minutes_per_file")
    )
    minutes = settings.whole("reception.working_days") * settings.whole("reception.open_minutes_per_day")
    open_minutes = minutes * settings.number("reception.counter_use_share")
    return max(settings.whole("reception.min_counters"), up(busy / open_minutes))


def _delegates(ward: Ward) -> int:
    """Return the council delegates: 15, one more per step, steps counted from the end of the one before."""
    if ward.kind == "phường":
        first, second, step, wider_step = 15_000, 45_000, 6_000, 7_000
    elif ward.mountain:
        first, second, step, wider_step = 5_000, 10_000, 1_000, 3_000
    else:
        first, second, step, wider_step = 10_000, 20_000, 2_000, 6_000
    inside = max(0, min(ward.population, second) - first) // step
    beyond = max(0, ward.population - second) // wider_step
    return min(30, 15 + inside + beyond)


def _people(
    ward: Ward, parts: list[Part], inputs: Inputs, settings: Settings, counters: int
) -> dict[str, int]:
    posts = [post for post in inputs.positions if ward.kind in post.types]
    fixed = {part.name: sum(p.count or 0 for p in posts if p.part == part.name) for part in parts}
    resting = {p.part for p in posts if p.count is None}
    people = dict(fixed)
    for part in parts:
        if part.name not in resting:
            continue
        if part.body == RECEPTION:
            people[part.name] += counters
        elif part.body != COMMITTEE:
            # staffing.party and staffing.front are whole bodies, posts included.
            people[part.name] = max(fixed[part.name], settings.whole(f"staffing.{part.body}"))
    cap = settings.whole("staffing.government_cap_" + ("phuong" if ward.kind == "phường" else "xa"))
    block = min(cap, settings.whole("staffing.government_base") + extra_posts(ward, settings))
    government = down(block * settings.number("staffing.government_scale") + Fraction(1, 2))
    committee = [part for part in parts if part.body == COMMITTEE]
    spoken_for = sum(fixed[part.name] for part in committee)
    spoken_for += sum(people[part.name] for part in parts if part.body == RECEPTION)
    sharing = [part for part in committee if part.name in resting]
    rest = max(0, government - spoken_for)
    for part, extra in zip(sharing, _shared_out(rest, [p.share_of_rest for p in sharing]), strict=True):
        people[part.name] += extra
    return people


def extra_posts(ward: Ward, settings: Settings) -> int:
    """Return the posts that a ward's population adds to the base of the government block."""
    per_extra = "staffing.government_people_per_extra" + ("_mountain" if ward.mountain else "")
    steps = max(0, ward.population - settings.whole("staffing.government_step_from_people"))
    return steps // settings.whole(per_extra)


def _shared_out(total: int, shares: Sequence[Fraction]) -> list[int]:
    """Share whole people in proportion, by largest remainder; of equal remainders the earlier comes first."""
    if not sum(shares):
        return [0] * len(shares)
    exact = [total * share / sum(shares) for share in shares]
    result = [floor(value) for value in exact]
    left = total - sum(result)
    for i in sorted(range(len(exact)), key=lambda i: (-(exact[i] - floor(exact[i])), i))[:left]:
        result[i] += 1
    return result


def _part_need(
    ward: Ward, part: Part, people: int, counters: int, inputs: Inputs, settings: Settings
) -> PartNeed:
    number, gross = settings.number, settings.number("space.net_to_gross")
    posts = [post for post in inputs.positions if post.part == part.name and ward.kind in post.types]
    rest = people - sum(post.count or 0 for post in posts)
    work = sum(
        ((rest if p.count is None else p.count) * inputs.space_norms[p.norm] for p in posts), Fraction(0)
    )
    if part.body == RECEPTION:
        room = reception_room(counters, settings)
        tight, norm = up(room / gross), up((room + work) / gross)
    else:
        tight = up(people * number("space.tight_m2_per_person") / gross)
        norm = up(work * (1 + number("space.common_use_share")) / gross)
    return PartNeed(part.name, part.body, part.kind, people, tight, max(tight, norm))


class Map:
    """Road metres between points given in degrees."""

    def __init__(self, detour: Sequence[tuple[float, float]]) -> None:
        self._detour = sorted(detour)
        self._to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
        self._seen: dict[tuple[float, float], tuple[float, float]] = {}

    def add(self, points: Sequence[tuple[float, float]]) -> None:
        """Project many points (latitude, longitude) at once, which is much faster than one at a time."""
        new = sorted(set(points) - set(self._seen))
        if new:
            east, north = self._to_metres.transform([lon for _, lon in new], [lat for lat, _ in new])
            self._seen.update(zip(new, zip(east, north, strict=True), strict=True))

    def road_metres(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        """Return the straight line times the detour, in whole metres, of two points that were added."""
        (east_a, north_a), (east_b, north_b) = self._seen[a], self._seen[b]
        straight = hypot(east_a - east_b, north_a - north_b)
        return floor(straight * self._factor(straight / 1000) + 0.5)

    def _factor(self, km: float) -> float:
        table = self._detour
        if km <= table[0][0]:
            return table[0][1]
        for (km_from, factor_from), (km_to, factor_to) in pairwise(table):
            if km <= km_to:
                return factor_from + (factor_to - factor_from) / (km_to - km_from) * (km - km_from)
        return table[-1][1]
