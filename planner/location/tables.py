"""Three tables into a network: demands, candidates and distances, every problem at once.

The distances may have a million rows. A file without fault is read by whole columns; at the first doubt the reader of
all tables takes over and names every fault by row and column.
"""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import ProblemList
from planner.location.network import Network, make_network
from planner.tables import MAX_SAME_PROBLEM, Column, Input, Table, decode, read_bytes, read_table, shown_path
from planner.wording import problem

if TYPE_CHECKING:
    from pathlib import Path

    from planner.location.network import Floats, Ints

MAX_DISTANCES_BYTES = 1_000_000_000
USES = ("required", "candidate", "excluded")
LARGEST = 1e12
"""Of weights, loads, capacities, costs and distances: sums of products stay well within floats."""

DEMAND = (
    Column("demand_id"),
    Column("weight", "number", low=0, high=LARGEST),
    Column("load", "number", low=0, high=LARGEST, empty=True, optional=True),
)
CANDIDATES = (
    Column("candidate_id"),
    Column("capacity", "number", low=0, high=LARGEST, empty=True, optional=True),
    Column("fixed_cost", "number", low=0, high=LARGEST, empty=True, optional=True),
    Column("use", "choice", allowed=USES, empty=True, optional=True),
)
DISTANCES = (
    Column("demand_id"),
    Column("candidate_id"),
    Column("distance", "number", low=0, high=LARGEST),
)
_NOT_PLAIN = re.compile(r"[^0-9.\n]")


def read_network(demand: Path, candidates: Path, distances: Path) -> tuple[Network, tuple[Input, ...]]:
    """Read the three tables.

    Parameters
    ----------
    demand : Path
        ``demand_id,weight,load``; an empty or missing load is the weight.
    candidates : Path
        ``candidate_id,capacity,fixed_cost,use``; empty or missing: no limit, 0, candidate.
    distances : Path
        ``demand_id,candidate_id,distance``; a pair that is missing is forbidden.

    Returns
    -------
    Network
    tuple of Input
        The files with their checksums.

    Raises
    ------
    planner.errors.InputError
        With every problem of the three files (E1xx, E901, E904).
    """
    problems = ProblemList()
    demand_table = read_table(demand, DEMAND, ("demand_id",), problems)
    candidate_table = read_table(candidates, CANDIDATES, ("candidate_id",), problems)
    pairs, source = _read_pairs(distances, demand_table, candidate_table, problems)
    problems.raise_if_any()
    network = _network(demand_table, candidate_table, pairs)
    for row in np.flatnonzero(np.diff(network.start) == 0)[:MAX_SAME_PROBLEM].tolist():
        where = demand_table.place(row)
        table = shown_path(distances)
        problems.problems.append(problem("E904", where, found=network.demands[row], table=table))
    problems.raise_if_any()
    inputs = (demand_table.source, candidate_table.source, source)
    return network, tuple(each for each in inputs if each is not None)


def _network(demand: Table, candidates: Table, pairs: tuple[Ints, Ints, Floats]) -> Network:
    weight = demand.frame["weight"].to_numpy(float)
    load = demand.frame["load"].to_numpy(float)
    capacity = candidates.frame["capacity"].to_numpy(float)
    return make_network(
        demand.frame["demand_id"].tolist(),
        candidates.frame["candidate_id"].tolist(),
        pairs,
        weight=weight,
        load=np.where(np.isnan(load), weight, load),
        capacity=np.where(np.isnan(capacity), np.inf, capacity),
        fixed_cost=np.nan_to_num(candidates.frame["fixed_cost"].to_numpy(float)),
        use=[use or "candidate" for use in candidates.frame["use"]],
    )


def _read_pairs(
    path: Path, demand: Table, candidates: Table, problems: ProblemList
) -> tuple[tuple[Ints, Ints, Floats], Input | None]:
    """Return demand index, candidate index and distance of every row, shape (e,) each."""
    whole = not problems.problems
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    places = [
        {name: place for place, name in enumerate(table.frame[column].tolist())}
        for table, column in ((demand, "demand_id"), (candidates, "candidate_id"))
    ]
    if whole:
        shown = shown_path(path)
        data = read_bytes(path, shown, problems, MAX_DISTANCES_BYTES)
        if data is None:
            return nothing, None
        fast = _read_columns(data, places)
        if fast is not None:
            return fast, Input(shown, hashlib.sha256(data).hexdigest())
        if decode(data, shown, problems) is None:
            return nothing, None
    table = read_table(path, DISTANCES, ("demand_id", "candidate_id"), problems, limit=MAX_DISTANCES_BYTES)
    if demand.complete and candidates.complete:
        _report_unknown(table, demand, candidates, places, problems)
    if problems.problems:
        return nothing, table.source
    row, column = (
        np.array([place[name] for name in table.frame[key].tolist()], np.int64)
        for place, key in zip(places, ("demand_id", "candidate_id"), strict=True)
    )
    return (row, column, table.frame["distance"].to_numpy(float)), table.source


def _read_columns(data: bytes, places: list[dict[str, int]]) -> tuple[Ints, Ints, Floats] | None:
    """Return the pairs of a file that is beyond doubt, None of any other."""
    import pandas as pd

    names = [column.name for column in DISTANCES]
    try:
        head = data[: data.index(b"\n")].decode("utf-8-sig").strip().split(",")
        if sorted(head) != sorted(names) or b'"' in data:
            return None
        frame = pd.read_csv(
            io.BytesIO(data),
            names=head,
            skiprows=1,
            dtype=object,
            index_col=False,
            na_filter=False,
            engine="c",
        )
        cells = frame["distance"].tolist()
        if not cells or _NOT_PLAIN.search("\n".join(cells)):
            return None
        distance = np.array(list(map(float, cells)))
        row, column = (
            np.array([place[name] for name in frame[key].tolist()], np.int64)
            for place, key in zip(places, names[:2], strict=True)
        )
    except (ValueError, KeyError, TypeError):  # ParserError and UnicodeDecodeError are ValueErrors
        return None
    keys = np.sort(row * len(places[1]) + column)
    if np.any(keys[1:] == keys[:-1]) or not distance.max() <= LARGEST:
        return None
    return row, column, distance


def _report_unknown(
    table: Table, demand: Table, candidates: Table, places: list[dict[str, int]], problems: ProblemList
) -> None:
    """Report pairs whose demand or candidate is in no table (E901)."""
    owners = (("demand_id", demand), ("candidate_id", candidates))
    for (name, owner), place in zip(owners, places, strict=True):
        unknown = [
            position
            for position, value in enumerate(table.frame[name].tolist())
            if value is not None and value not in place
        ]
        for position in unknown[:MAX_SAME_PROBLEM]:
            found = table.frame[name].iloc[position]
            where = table.place(position, name)
            near = (found, tuple(place)[:20_000])
            problems.problems.append(problem("E901", where, found=found, near=near, table=owner.shown))
        if len(unknown) > MAX_SAME_PROBLEM:
            more = len(unknown) - MAX_SAME_PROBLEM
            problems.problems.append(problem("E199", f"{table.shown} {name}", same="E901", count=more))
