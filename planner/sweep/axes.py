"""A setting and the values it takes: ``KEY=a..b/step`` read as if a scenario file held each value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from planner.errors import ProblemList
from planner.scenario import keys, unit_of
from planner.settings import LARGEST, MISSING, Key, ValueReader
from planner.wording import problem, shown_place
from planner.yamlfile import parse_yaml

MOST_PLANS = 10_000
MOST_SPEC = 10_000
EVERY_WHOLE = 25
"""Ranges of so many whole numbers or fewer are swept number by number."""
POINTS = 11
NOT_SWEPT = ("schema", "geo", "norms", "title_vi", "title_en", "centres.parcels")
SHORT = {
    "budget": "budget.yearly_vnd",
    "centres": "centres.allowed",
    "departments": "departments.open",
    "release": "release.route",
}
"""Sections that may stand for one of their keys: ``budget=100 tỷ..500 tỷ/50 tỷ``."""

_RANGE = re.compile(r"(.+?)\.\.(.+?)(?:/\s*([+-]?[0-9].*))?", re.DOTALL)
_UNIT = re.compile(r"[^\s0-9.,_+-]")


@dataclass(frozen=True)
class Axis:
    """A setting and the values it takes, in the order they are swept."""

    key: str
    unit: str
    values: tuple[Any, ...]


def read_axis(spec: str, units: dict[str, str], points: int | None, problems: ProblemList) -> Axis | None:
    """Read one ``KEY=VALUES``; None, with the reason in `problems`, when it cannot be used."""
    key, equals, text = spec.partition("=")
    key = key.strip()
    if not equals or not key or not text.strip() or len(spec) > MOST_SPEC:
        problems.problems.append(problem("E230", "--over", found=spec))
        return None
    key = SHORT.get(key, key)
    where = f"--over {key}"
    known = keys()
    if key not in known:
        near = next((other for other in known if other.rpartition(".")[2] == key), None)
        names = [near] if near else list(known)
        problems.problems.append(problem("E204", where, found=key, near=(near or key, names)))
        return None
    if key in NOT_SWEPT:
        problems.problems.append(problem("E234", where, found=key, allowed=sections()))
        return None
    if known[key].is_map():
        others = [other for other in known if not known[other].is_map() and other not in NOT_SWEPT]
        problems.problems.append(problem("E235", where, found=key, near=(key, others)))
        return None
    leaf, unit = known[key], unit_of(key, units)
    pieces = [piece.strip() for piece in _pieces(text)]
    before = len(problems.problems)
    if not all(pieces):
        problems.problems.append(problem("E230", where, found=spec))
        return None
    kind = _number_kind(leaf)
    if kind is not None and _mixed(pieces):
        problems.problems.append(problem("E233", where, found=text))
        return None
    values: list[Any] = []
    for piece in pieces:
        if kind is not None and ".." in piece:
            values += _range(leaf, kind, unit, piece, points, problems)
        else:
            values.append(_value(leaf, unit, piece, where, problems))
    if len(problems.problems) > before:
        return None
    return Axis(key, unit, tuple(_distinct(values)))


def sections() -> list[str]:
    """Return the sections and keys that can be swept, for messages."""
    return [key for key in dict.fromkeys(key.partition(".")[0] for key in keys()) if key not in NOT_SWEPT]


def _pieces(text: str) -> list[str]:
    """Split at commas that stand in no list and no quotes."""
    pieces, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        if character == "," and depth == 0 and not quote:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


def _number_kind(leaf: Key) -> type | None:
    annotation = leaf.annotation
    if get_origin(annotation) in (Union, UnionType):
        inner = [kind for kind in get_args(annotation) if kind is not NoneType]
        annotation = inner[0] if len(inner) == 1 else None
    return annotation if annotation in (int, float) else None


def _mixed(pieces: list[str]) -> bool:
    """Return whether some numbers have a unit and some have none: ``1,5 triệu`` is 1.5 million to its writer."""
    ends: list[str] = []
    for piece in pieces:
        found = _RANGE.fullmatch(piece)
        ends += [end for end in (found.groups() if found else (piece,)) if end]
    bare = {bool(_UNIT.search(end)) for end in ends if end.strip() not in ("0", "null", "~")}
    return len(bare) > 1


def _value(leaf: Key, unit: str, text: str, where: str, problems: ProblemList) -> Any:
    """Read one value as a scenario file would write it."""
    found = ProblemList()
    value = parse_yaml(text, where, found)
    result: object = MISSING
    if value is not None and not found.problems:
        result = ValueReader(where, unit, found).read(leaf, value)
    problems.problems += [replace(each, where=shown_place(where)) for each in found.problems]
    return result


def _range(
    leaf: Key, kind: type, unit: str, text: str, points: int | None, problems: ProblemList
) -> list[Any]:
    """Return the numbers of ``a..b`` or ``a..b/step``."""
    where = f"--over {leaf.key}"
    found = _RANGE.fullmatch(text)
    if found is None:
        problems.problems.append(problem("E231", where, found=text))
        return []
    number = replace(leaf, annotation=kind)
    positive = replace(number, low=0, high=LARGEST, above=True)
    low, high = (_value(number, unit, end.strip(), where, problems) for end in found.groups()[:2])
    step = _value(positive, unit, found[3].strip(), where, problems) if found[3] else None
    if MISSING in (low, high, step):
        return []
    if low >= high:
        problems.problems.append(problem("E231", where, found=text))
        return []
    first, span = Decimal(repr(low)), Decimal(repr(high)) - Decimal(repr(low))
    if step is not None:
        each, count = Decimal(repr(step)), int(span / Decimal(repr(step))) + 1
    elif kind is int and points is None and span < EVERY_WHOLE:
        each, count = Decimal(1), int(span) + 1
    else:
        count = points or POINTS
        each = span / (count - 1)
    if count > MOST_PLANS:
        problems.problems.append(problem("E232", where, count=count, limit=MOST_PLANS))
        return []
    numbers = [first + each * i for i in range(count)]
    if kind is int:
        return [int(value.to_integral_value(ROUND_HALF_UP)) for value in numbers]
    return [float(f"{value:.12g}") for value in numbers]


def _distinct(values: list[Any]) -> list[Any]:
    return list({(type(value), value): value for value in values}.values())
