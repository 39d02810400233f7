"""The tables of the norms held against each other."""

from __future__ import annotations

import math

from planner.crosscheck.notes import Notes, filled
from planner.errors import ProblemList
from planner.tables import Table


def check_norms(
    parts: Table, positions: Table, space_norms: Table, trips: Table, detour: Table, problems: ProblemList
) -> None:
    """Check the norms against each other."""
    notes = Notes(problems)
    part_names = [name for _, name in filled(parts.frame["part"])]
    kinds = ["leaders", "department", "body"]
    norms = [name for _, name in filled(space_norms.frame["norm"])]
    for table, column, allowed, other in (
        (positions, "part", part_names, parts),
        (positions, "norm", norms, space_norms),
        (trips, "part_a", [*part_names, *kinds], parts),
        (trips, "part_b", [*part_names, *kinds], parts),
    ):
        if other.complete:
            for position, name in filled(table.frame[column]):
                if name not in allowed:
                    near = (name, allowed)
                    notes.add(
                        "E318",
                        table,
                        position,
                        column,
                        found=name,
                        near=near,
                        allowed=allowed,
                        table=other.shown,
                    )
    for table in (parts, positions):
        for position, types in filled(table.frame["types"]):
            for kind in types.split("|"):
                if kind not in ("phường", "xã"):
                    unit_types = ("phường", "xã", "phường|xã")
                    near = (kind, list(unit_types))
                    notes.add("E125", table, position, "types", found=types, allowed=unit_types, near=near)
    for position, count in filled(positions.frame["count"]):
        if count != "rest" and not (count.isascii() and count.isdigit() and len(count) < 5):
            notes.add("E117", positions, position, "count", found=count, allowed="0 … 9999, rest")
    if parts.complete and not parts.frame[["body", "kind", "types"]].isna().any(axis=None):
        _check_parts(parts, notes)
        _check_further(parts, notes)
    if not positions.frame[["part", "types", "count", "switch"]].isna().any(axis=None):
        _check_rest(positions, notes)
    before = -math.inf
    for position, km in enumerate(detour.frame["straight_km"].to_list()):
        if not math.isnan(km):
            if km <= before:
                notes.add("E327", detour, position, "straight_km", found=f"{km:g}", other=f"{before:g}")
            before = km
    notes.close()


def check_bridges(banks: Table, bridges: Table, problems: ProblemList) -> None:
    """Check that every bridge joins two banks, both of them with old communes."""
    notes = Notes(problems)
    known = sorted({bank for _, bank in filled(banks.frame["bank"])})
    whole = banks.complete and not banks.frame["bank"].isna().any()
    for column in ("bank_a", "bank_b"):
        for position, bank in filled(bridges.frame[column]) if whole else ():
            if bank not in known:
                near = (bank, known)
                notes.add("E338", bridges, position, column, found=bank, near=near, table=banks.shown)
    for position, bank in filled(bridges.frame["bank_a"]):
        if bank == bridges.frame["bank_b"].iloc[position]:
            notes.add("E339", bridges, position, "bank_b", found=bank)
    notes.close()


def _check_parts(parts: Table, notes: Notes) -> None:
    """Every type of unit has each body once, whole and named like the body; the committee has one part that leads."""
    columns = (parts.frame[name] for name in ("part", "body", "kind", "types"))
    rows = list(zip(*columns, strict=True))
    for kind in ("phường", "xã"):
        here = [(body, role) for _, body, role, types in rows if kind in types.split("|")]
        for body in ("party", "front", "reception"):
            count = sum(body == other for other, _ in here)
            if count != 1:
                notes.add("E326", parts, None, "", count=count, found=body, kind=kind, expected=1)
        if not any(body == "council_committee" for body, _ in here):
            found = "council_committee"
            notes.add("E326", parts, None, "", count=0, found=found, kind=kind, expected=">= 1")
            continue
        leaders = sum(role == "leaders" for _, role in here)
        if leaders != 1:
            found = "council_committee (leaders)"
            notes.add("E326", parts, None, "", count=leaders, found=found, kind=kind, expected=1)
    for position, (part, body, role, _) in enumerate(rows):
        wanted = "office" if role == "leaders" else body if body != "council_committee" else part
        if part != wanted:
            notes.add("E328", parts, position, "part", found=part, expected=wanted)


def _check_further(parts: Table, notes: Notes) -> None:
    """Check that the further departments of each type of unit are the first, the second, each once."""
    columns = (parts.frame[name] for name in ("part", "kind", "types", "extra"))
    rows = [(*row, position) for position, row in enumerate(zip(*columns, strict=True)) if row[3] > 0]
    for position in [position for _, role, _, _, position in rows if role != "department"]:
        notes.add("E332", parts, position, "extra", found=parts.frame["kind"].iloc[position])
    for kind in ("phường", "xã"):
        here = sorted(
            (int(extra), position) for _, _, types, extra, position in rows if kind in types.split("|")
        )
        for expected, (extra, position) in enumerate(here, start=1):
            if extra != expected:
                notes.add("E331", parts, position, "extra", found=extra, expected=expected, kind=kind)
                break


def _check_rest(positions: Table, notes: Notes) -> None:
    """Check that a part takes what is left of its staff in one row only."""
    seen: set[tuple[str, str]] = set()
    columns = (positions.frame[name] for name in ("part", "types", "count", "switch"))
    for position, (part, types, count, switch) in enumerate(zip(*columns, strict=True)):
        if count != "rest" or switch != "on":
            continue
        for kind in types.split("|"):
            if (part, kind) in seen:
                notes.add("E329", positions, position, "count", found=part, kind=kind)
            seen.add((part, kind))
