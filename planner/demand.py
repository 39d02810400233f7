"""What every ward needs: people, square metres, counters and seats (docs/model.md, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.region import Norms, Region
    from planner.scenario import Scenario

RECEPTION = "reception"
COMMITTEE = "council_committee"


@dataclass(frozen=True)
class Demand:
    """Needs of every ward.

    Attributes
    ----------
    parts : DataFrame
        One row per ward and part, wards in code order, parts in the order of ``parts.csv``: ward_code, body,
        part, kind (body | leaders | department), people, tight_fit_m2, norm_m2 (gross floor, whole m2).
    wards : DataFrame
        Index ward_code: staff, in_person_year (files), in_person_day (files, float), counters,
        hall_seats_tight, hall_seats_norm.
    """

    parts: pd.DataFrame
    wards: pd.DataFrame


def _up(value: float) -> int:
    # Rounded to six decimals first, so that a binary fraction such as 12.000000000000002 stays 12.
    return ceil(round(value, 6))


def _down(value: float) -> int:
    return floor(round(value, 6))


def council_delegates(population: int, kind: str, mountain: bool) -> int:
    """Return the number of council delegates (Luật 72/2025/QH15, Điều 30.2)."""
    if kind == "phường":
        first, second, step_one, step_two = 15_000, 45_000, 6_000, 7_000
    elif mountain:
        first, second, step_one, step_two = 5_000, 10_000, 1_000, 3_000
    else:
        first, second, step_one, step_two = 10_000, 20_000, 2_000, 6_000
    delegates = 15
    if population > first:
        delegates += (min(population, second) - first) // step_one
    if population > second:
        delegates += (population - second) // step_two
    return min(30, delegates)


def workload(population: int, mountain: bool, scenario: Scenario) -> int:
    """Return the posts that a population calls for, without the cap on the government block."""
    rule = scenario.staffing
    per_extra = rule.government_people_per_extra_mountain if mountain else rule.government_people_per_extra
    return rule.government_base + max(0, population - rule.government_step_from_people) // per_extra


def government_block(population: int, kind: str, mountain: bool, scenario: Scenario) -> int:
    """Return the posts of the government block (Công văn 09/CV-BCĐ 2025-05-30), scaled by the scenario."""
    rule = scenario.staffing
    cap = rule.government_cap_phuong if kind == "phường" else rule.government_cap_xa
    return _down(min(cap, workload(population, mountain, scenario)) * rule.government_scale + 0.5)


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Share whole units in proportion to weights; what is left goes to the largest remainders, earlier first."""
    parts = _whole_weights(tuple(weights))
    whole = sum(parts)
    if not whole:
        return [0] * len(weights)
    shares = [total * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total * parts[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


@lru_cache(maxsize=256)
def _whole_weights(weights: tuple[float, ...]) -> tuple[int, ...]:
    """Return whole numbers in the same proportion, of the weights as they are written."""
    exact = [Fraction(str(weight)) for weight in weights]
    common = lcm(*(weight.denominator for weight in exact))
    return tuple(int(weight * common) for weight in exact)


def estimate_demand(
    region: Region, norms: Norms, scenario: Scenario, extra: int | Mapping[str, int] = 0
) -> Demand:
    """Return the needs of every ward under a scenario, with ``extra`` further departments (or so many by ward code).

    Space follows Decree 155/2025/NĐ-CP (Điều 5: m² per position, Điều 6: common-use area); staff follows
    Công văn 09/CV-BCĐ and Hướng dẫn 31-HD/BTCTW. Sources of every number are in ``data/norms``.
    """
    levels = {n: _Catalogue(norms, n) for n in ({extra} if isinstance(extra, int) else {0, *extra.values()})}
    part_rows: list[tuple[object, ...]] = []
    ward_rows: list[tuple[object, ...]] = []
    for ward in region.wards.itertuples():
        code, kind, population = str(ward.Index), str(ward.type), int(ward.population)
        mountain = bool(ward.mountain)
        catalogue = levels[extra if isinstance(extra, int) else extra.get(code, 0)]
        files = in_person_files(population, scenario)
        counters = max(scenario.reception.min_counters, counters_for(files, scenario))
        parts = catalogue.parts_of(kind)
        people = _people_by_part(parts, catalogue, kind, population, mountain, counters, scenario)
        for part in parts:
            tight, norm = _space(
                part, catalogue.positions_of(kind, part), people[part], counters, catalogue, scenario
            )
            part_rows.append(
                (code, catalogue.body[part], part, catalogue.kind[part], people[part], tight, norm)
            )
        delegates = council_delegates(population, kind, mountain)
        tight_seats = delegates + scenario.hall.party_executive_members
        norm_seats = max(
            scenario.hall.norm_min_seats,
            tight_seats + scenario.hall.front_committee_members + scenario.hall.guests,
        )
        per_day = files / scenario.reception.working_days
        ward_rows.append((code, sum(people.values()), files, per_day, counters, tight_seats, norm_seats))
    part_columns = ["ward_code", "body", "part", "kind", "people", "tight_fit_m2", "norm_m2"]
    ward_columns = [
        "ward_code", "staff", "in_person_year", "in_person_day", "counters", "hall_seats_tight", "hall_seats_norm",
    ]  # fmt: skip
    return Demand(
        parts=pd.DataFrame(part_rows, columns=part_columns),
        wards=pd.DataFrame(ward_rows, columns=ward_columns).set_index("ward_code"),
    )


def demand_points(region: Region, demand: Demand, visits_per_file: int) -> pd.DataFrame:
    """Return where citizens set out from.

    Returns
    -------
    DataFrame
        ward_code, commune_code, people, trips (one-way, a year), lat, lon; rows of ``commune_ward.csv`` with
        people. Parts of a split commune stand half way to the point of their ward.
    """
    pairs = region.pairs[region.pairs["population"] > 0]
    commune = region.communes.loc[pairs["commune_code"], ["lat", "lon"]].to_numpy(float)
    ward = region.wards.loc[pairs["ward_code"], ["lat", "lon"]].to_numpy(float)
    whole = (pairs["kind"] == "whole").to_numpy()[:, None]
    point = np.where(whole, commune, (commune + ward) / 2)
    people = pairs["population"].to_numpy(np.int64)
    total = pairs.groupby("ward_code")["population"].transform("sum").to_numpy(np.int64)
    files = demand.wards.loc[pairs["ward_code"], "in_person_year"].to_numpy(np.int64)
    visits = files * people * visits_per_file // total
    return pd.DataFrame(
        {
            "ward_code": pairs["ward_code"].to_numpy(),
            "commune_code": pairs["commune_code"].to_numpy(),
            "people": people,
            "trips": 2 * visits,
            "lat": point[:, 0],
            "lon": point[:, 1],
        }
    )


class _Catalogue:
    """The parts and the switched-on positions by type of ward, looked up once."""

    def __init__(self, norms: Norms, extra: int) -> None:
        usual = norms.parts["extra"].fillna(0) <= extra if "extra" in norms.parts else slice(None)
        self.body = {str(part): str(body) for part, body in norms.parts["body"].items()}
        self.kind = {str(part): str(kind) for part, kind in norms.parts["kind"].items()}
        self.share = {str(part): float(share) for part, share in norms.parts["share_of_rest"].items()}
        self.m2 = {str(norm): float(m2) for norm, m2 in norms.space_norms["m2_net"].items()}
        self._parts: dict[str, list[str]] = {}
        self._positions: dict[tuple[str, str], list[tuple[int | None, str]]] = {}
        for kind in ("phường", "xã"):
            self._parts[kind] = [
                str(part)
                for part, types in norms.parts.loc[usual, "types"].items()
                if kind in str(types).split("|")
            ]
        columns = (norms.positions[name] for name in ("part", "types", "count", "norm", "switch"))
        for part, types, count, norm, switch in zip(*columns, strict=True):
            if switch != "on":
                continue
            number = None if count == "rest" else int(count)
            for kind in str(types).split("|"):
                self._positions.setdefault((kind, str(part)), []).append((number, str(norm)))

    def parts_of(self, kind: str) -> list[str]:
        return self._parts[kind]

    def positions_of(self, kind: str, part: str) -> list[tuple[int | None, str]]:
        return self._positions.get((kind, part), [])


def in_person_files(population: int, scenario: Scenario, online_share: float | None = None) -> int:
    """Return the files a year that are handed in at a counter; with the scenario's online share if none is given."""
    rule = scenario.reception
    online = rule.online_share if online_share is None else online_share
    files = _down(population * rule.files_per_1000_people_year / 1000)
    return max(0, _down(files * (1 - online - rule.postal_share)))


def online_shares(scenario: Scenario) -> list[float]:
    """Return the share of files that are handed in online in every year of the horizon."""
    horizon, steps = scenario.horizon, scenario.network.online_by_year
    found = []
    for year in range(horizon.start_year, horizon.start_year + horizon.years):
        latest = max((step for step in steps if step <= year), default=None)
        found.append(scenario.reception.online_share if latest is None else steps[latest])
    return found


def counters_for(files: int, scenario: Scenario) -> int:
    """Return the counters that so many files a year keep busy on a peak day."""
    rule = scenario.reception
    minutes = files * rule.peak_factor * rule.minutes_per_file
    return _up(minutes / (rule.working_days * rule.open_minutes_per_day * rule.counter_use_share))


def files_at(counters: int, scenario: Scenario) -> int:
    """Return the files a year that so many counters can take: the inverse of `counters_for`."""
    rule = scenario.reception
    minutes = counters * rule.working_days * rule.open_minutes_per_day * rule.counter_use_share
    return _down(minutes / (rule.peak_factor * rule.minutes_per_file))


def reception_room(counters: int, scenario: Scenario) -> int:
    """Return the gross m² of a reception point with so many counters."""
    return _up(_room(counters, scenario) / scenario.space.net_to_gross)


def _room(counters: int, scenario: Scenario) -> float:
    rule = scenario.reception
    each = rule.counter_m2 + rule.waiting_m2 * rule.waiting_people_per_counter
    return float(max(rule.min_m2, each * counters))


def _people_by_part(
    parts: list[str],
    catalogue: _Catalogue,
    kind: str,
    population: int,
    mountain: bool,
    counters: int,
    scenario: Scenario,
) -> dict[str, int]:
    fixed = {p: sum(count or 0 for count, _ in catalogue.positions_of(kind, p)) for p in parts}
    has_rest = {p: any(count is None for count, _ in catalogue.positions_of(kind, p)) for p in parts}
    body = catalogue.body
    people = dict(fixed)
    for part in parts:
        if not has_rest[part]:
            continue
        if body[part] == "party":
            people[part] += max(0, scenario.staffing.party - fixed[part])
        elif body[part] == "front":
            people[part] += max(0, scenario.staffing.front - fixed[part])
        elif body[part] == RECEPTION:
            people[part] += counters
    # The staff of the reception point comes from the unit's government block (NĐ 118/2025).
    block = government_block(population, kind, mountain, scenario)
    committee = [p for p in parts if body[p] == COMMITTEE]
    taken = sum(fixed[p] for p in committee) + sum(people[p] for p in parts if body[p] == RECEPTION)
    sharing = [p for p in committee if has_rest[p]]
    weights = [catalogue.share[p] for p in sharing]
    for part, extra in zip(sharing, largest_remainder(max(0, block - taken), weights), strict=True):
        people[part] += extra
    return people


def _space(
    part: str,
    positions: list[tuple[int | None, str]],
    people: int,
    counters: int,
    catalogue: _Catalogue,
    scenario: Scenario,
) -> tuple[int, int]:
    """Return tight fit and norm of a part in gross m²."""
    space = scenario.space
    fixed = sum(count or 0 for count, _ in positions)
    work = sum((people - fixed if count is None else count) * catalogue.m2[norm] for count, norm in positions)
    if catalogue.body[part] == RECEPTION:
        room = _room(counters, scenario)
        tight = _up(room / space.net_to_gross)
        norm = _up((room + work) / space.net_to_gross)
    else:
        tight = _up(people * space.tight_m2_per_person / space.net_to_gross)
        norm = _up(work * (1 + space.common_use_share) / space.net_to_gross)
    return tight, max(tight, norm)
