"""Share of each old unit that each new unit got, and the people that live there."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from hanoi.points import Unit, distance_km
from hanoi.tables import Row

FLOOR_OF_SHARE = 0.05
"""A piece said to hold *some* people never gets less than this share of its old unit as a seed."""


NEARNESS_POWER = 3
"""How fast a piece's share falls with distance: 3 cut old units best in a check against real boundaries."""

ROW_TRUST = 0.8
"""How firmly an old unit keeps to the census times the city's growth: 0 not at all, 1 as firmly as can be."""


def nearness(commune: Unit, ward: Row) -> float:
    """Distance from the old unit's point to the new unit's point, in radii of the new unit.

    A big unit reaches farther than a small one, so plain distance would give too much to the small.
    """
    radius_km = math.sqrt(float(ward["area_km2"]) / math.pi)
    return distance_km(commune.lat, commune.lon, float(ward["lat"]), float(ward["lon"])) / radius_km


def seed_shares(
    pairs: list[Row], communes: dict[str, Unit], wards: dict[str, Row]
) -> dict[tuple[str, str], float]:
    """Return the share of each old unit's people that starts in each new unit, before fitting.

    ``all`` gets 1, ``none`` gets 0. Of the rest, each piece said to hold *some* people gets a share that
    falls with the cube of its nearness, and at least `FLOOR_OF_SHARE`.
    """
    by_commune: dict[str, list[Row]] = defaultdict(list)
    for pair in pairs:
        by_commune[pair["commune_code"]].append(pair)
    shares: dict[tuple[str, str], float] = {}
    for code, group in by_commune.items():
        whole = [p for p in group if p["pop_rule"] == "all"]
        pieces = [p for p in group if p["pop_rule"] == "some"]
        for pair in group:
            shares[code, pair["ward_code"]] = 0.0
        if whole:
            shares[code, whole[0]["ward_code"]] = 1.0
            continue
        weights = {
            p["ward_code"]: nearness(communes[code], wards[p["ward_code"]]) ** -NEARNESS_POWER for p in pieces
        }
        total = sum(weights.values())
        floored = {w: max(x / total, FLOOR_OF_SHARE) for w, x in weights.items()}
        total = sum(floored.values())
        for ward_code, share in floored.items():
            shares[code, ward_code] = share / total
    return shares


def fit_population(
    pairs: list[Row],
    shares: dict[tuple[str, str], float],
    census: dict[str, int],
    official: dict[str, int],
) -> dict[tuple[str, str], int]:
    """Fit people per pair by iterative proportional fitting, rounded so that every new unit keeps its total.

    Columns are the official 2025 populations and hold exactly. Rows aim at the 2019 census times the
    city's growth, but softly: not every old unit grew alike, and many lie whole in one new unit, so that
    rows and columns cannot both hold. Plain fitting would then drive pieces to nothing in the search for
    a fit that does not exist. Each row factor is therefore the plain one to the power of `ROW_TRUST`,
    always taken against the seeds; this has one solution and keeps every piece that holds people.

    Raises
    ------
    ValueError
        If a new unit has people and no old unit that could hold them.
    """
    growth = sum(official.values()) / sum(census.values())
    rows, columns = sorted(census), sorted(official)
    row_at, column_at = {c: i for i, c in enumerate(rows)}, {w: j for j, w in enumerate(columns)}
    seeds = np.zeros((len(rows), len(columns)))
    for (commune, ward), share in shares.items():
        seeds[row_at[commune], column_at[ward]] = share * census[commune] * growth
    wanted_rows = np.array([census[c] * growth for c in rows])
    wanted_columns = np.array([official[w] for w in columns], dtype=float)
    if np.any((seeds.sum(axis=0) == 0) & (wanted_columns > 0)):
        raise ValueError("a new unit has no old unit with people")
    row_factors = np.ones(len(rows))
    for _ in range(1000):
        column_factors = wanted_columns / (seeds.T @ row_factors)
        updated = (wanted_rows / (seeds @ column_factors)) ** ROW_TRUST
        settled = np.abs(np.log(updated / row_factors)).max() < 1e-9
        row_factors = updated
        if settled:
            break
    column_factors = wanted_columns / (seeds.T @ row_factors)
    table = seeds * row_factors[:, None] * column_factors[None, :]
    people: dict[tuple[str, str], int] = {(p["commune_code"], p["ward_code"]): 0 for p in pairs}
    for ward, column in column_at.items():
        for i, number in _largest_remainder(table[:, column], official[ward]):
            people[rows[i], ward] = number
    return people


def _largest_remainder(values: np.ndarray, total: int) -> list[tuple[int, int]]:
    """Round the positive values down, then give the missing people to the largest remainders."""
    used = np.flatnonzero(values)
    down = np.floor(values[used]).astype(int)
    order = sorted(range(len(used)), key=lambda k: (down[k] - values[used[k]], used[k]))
    for k in order[: total - int(down.sum())]:
        down[k] += 1
    return [(int(i), int(n)) for i, n in zip(used, down, strict=True)]
