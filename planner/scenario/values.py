"""The values of a scenario: the defaults of the settings table, and over them what the files say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.errors import ProblemList
from planner.scenario.files import Layer
from planner.scenario.sections import keys, unit_of
from planner.settings import MISSING, Key, ValueReader, entry_key
from planner.tables import Input, Table
from planner.wording import problem
from planner.yamlfile import Value


@dataclass
class Draft:
    """What could be read of a scenario, also of one that has problems.

    Attributes
    ----------
    values : dict
        By dotted key (``rules.max_sites``); keys that were reported are missing.
    origins : dict
        Where each value comes from.
    places : dict
        As `origins`, and where each entry of a map stands (``budget.by_year_vnd.2027``): for messages.
    """

    name: str
    shown: str
    base: Path
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)


def take_defaults(
    table: Table, values: dict[str, Any], origins: dict[str, str], problems: ProblemList
) -> dict[str, str]:
    """Take the defaults of the settings table into `values`; return the unit of every key."""
    units: dict[str, str] = {}
    known = keys()
    for position, row in enumerate(
        table.frame[["key", "value", "unit", "low", "high"]].itertuples(index=False)
    ):
        key, text, unit, *ends = row
        if not isinstance(key, str) or key in units:
            continue
        if key not in known:
            where = table.place(position, "key")
            problems.problems.append(problem("E317", where, found=key, near=(key, list(known))))
            continue
        units[key] = unit if isinstance(unit, str) else ""
        if isinstance(text, str):
            value = Value("text", table.lines[position], text, plain=True)
            reader = ValueReader(table.place(position, "value"), units[key], problems)
            result = reader.read(known[key], value)
            if result is not MISSING:
                values[key] = result
                origins[key] = table.shown
        _check_ends(table, position, known[key], units[key], ends, problems)
    return units


def _check_ends(
    table: Table, position: int, key: Key, unit: str, ends: Sequence[object], problems: ProblemList
) -> None:
    """Check the plausible range of a setting: two numbers, the lower first."""
    numbers: list[float] = []
    for name, text in zip(("low", "high"), ends, strict=True):
        if isinstance(text, str):
            reader = ValueReader(table.place(position, name), unit, problems)
            number = reader.read(key, Value("text", table.lines[position], text, plain=True))
            if isinstance(number, (int, float)):
                numbers.append(number)
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        low, high = ends
        problems.problems.append(problem("E324", table.place(position, "low"), low=low, high=high))


def find_file(key: str, layers: list[Layer], draft: Draft, problems: ProblemList) -> None:
    """Find a file that a scenario names: beside the file that names it, else from the project's root."""
    named = draft.values.get(key)
    if named is None:
        return
    base = Path(os.path.normpath(draft.base))
    beside = next((layer.path.parent for layer in layers if _sets(layer, key)), base)
    inside = False
    try:
        for place in dict.fromkeys((beside, base)):
            path = Path(os.path.normpath(place / named))
            if path.is_relative_to(base):
                inside = True
                if path.is_file():
                    draft.values[key] = path.relative_to(base).as_posix()
                    return
    except (OSError, ValueError):
        inside = True
    del draft.values[key]
    where = f"{draft.origins.get(key, draft.shown)} {key}"
    if not inside:
        problems.problems.append(problem("E245", where, found=named))
        return
    tables = sorted(path.relative_to(base).as_posix() for path in (base / "data").glob("**/*.csv"))
    problems.problems.append(problem("E244", where, found=named, near=(named, tables)))


def _sets(layer: Layer, key: str) -> bool:
    section, _, name = key.partition(".")
    found = layer.tree.items.get(section)
    return found is not None and name in found.items


def take_layer(layer: Layer, units: dict[str, str], draft: Draft, problems: ProblemList) -> None:
    """Lay the values of one file over those of its parents and the table."""
    known = keys()
    values, origins = draft.values, draft.origins
    sections = {key.partition(".")[0] for key in known if "." in key}
    top = [key for key in known if "." not in key] + sorted(sections) + ["extends"]

    def unknown(name: str, line: int, prefix: str, allowed: list[str]) -> None:
        elsewhere = [key for key in known if key.rpartition(".")[2] == name]
        near = (elsewhere[0], elsewhere) if elsewhere else (name, allowed)
        where = f"{layer.shown}:{line} {prefix}{name}"
        problems.problems.append(problem("E204", where, found=f"{prefix}{name}", near=near))

    def take(key: str, value: Value, line: int) -> None:
        reader = ValueReader(f"{layer.shown}:{line} {key}", unit_of(key, units), problems, layer.shown)
        result = reader.read(known[key], value)
        if result is MISSING:
            # What a parent or the table says instead is not what was meant: nothing is checked against it.
            values.pop(key, None)
        else:
            values[key] = result
            origins[key] = f"{layer.shown}:{line}"
            for name, at in value.key_lines.items():
                draft.places[entry_key(key, name)] = f"{layer.shown}:{at}"

    for name, value in layer.tree.items.items():
        line = layer.tree.key_lines[name]
        if name == "extends":
            continue
        if name in ("geo", "norms"):
            origins[name] = f"{layer.shown}:{line}"
        elif name in sections:
            if value.is_null():
                continue
            if value.kind != "map":
                where = f"{layer.shown}:{line} {name}"
                problems.problems.append(problem("E206", where, found=value.shown(), allowed="key: value"))
                continue
            for inner, leaf in value.items.items():
                if f"{name}.{inner}" in known:
                    take(f"{name}.{inner}", leaf, value.key_lines[inner])
                else:
                    allowed = [key.partition(".")[2] for key in known if key.startswith(f"{name}.")]
                    unknown(inner, value.key_lines[inner], f"{name}.", allowed)
        elif name in known:
            take(name, value, line)
        else:
            unknown(name, line, "", top)
