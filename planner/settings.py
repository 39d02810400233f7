"""One value of a scenario: from the text that was written to the type its model asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from planner.errors import ProblemList
from planner.wording import problem, shown
from planner.yamlfile import Value

MAX_TEXT = 200
LARGEST = 10**16
MISSING = object()
"""Stands for a value that is not there, or that was reported."""
YEARS = "{2027: number, 2028: number}"
NAMES = "{name: number, name: number}"
"""How messages show a map of years, and one of names."""

_YEAR = re.compile(r"2[0-9]{3}")
_QUANTITY = re.compile(r"([+-]?[0-9][0-9_]*(?:\.[0-9]+)?)\s*([^\s0-9.,_+-][^0-9.,_]*(?:2[^0-9.,_]*)?)?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(?:[.,][0-9]+)*,[0-9]|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")
_MONEY = {
    **dict.fromkeys(("triệu", "tr", "million"), Decimal(1_000_000)),
    **dict.fromkeys(("tỷ", "tỉ", "billion"), Decimal(1_000_000_000)),
}
_VND = ("đồng", "đ", "VND", "vnd")
_SAME_UNIT = {
    "minutes": ("minutes", "minute", "min", "m", "phút"),
    "years": ("years", "year", "năm"),
    "people": ("people", "người"),
    "days": ("days", "day", "ngày"),
    "m2": ("m2", "m²"),
    "km": ("km", "km/h"),
    "seats": ("seats", "ghế", "chỗ"),
    "sites": ("sites", "trụ sở"),
}


@dataclass(frozen=True)
class Key:
    """A key that holds a value: its place in the models."""

    key: str
    annotation: Any
    low: float | None
    high: float | None
    above: bool

    def is_map(self) -> bool:
        """Return whether the key holds a number for each of some years or names."""
        return get_origin(self.annotation) is dict

    def admits(self, number: float) -> bool:
        """Return whether a number is within the bounds."""
        if self.low is not None and (number < self.low or (self.above and number == self.low)):
            return False
        return self.high is None or number <= self.high

    def choices_text(self) -> str:
        """Return the values a choice allows, ``a | b``; empty for other keys."""
        if get_origin(self.annotation) is Literal:
            return " | ".join(str(option) for option in get_args(self.annotation))
        return "true | false" if self.annotation is bool else ""

    def range_text(self, unit: str) -> str:
        """Return the allowed range: ``0% … 100%`` for shares, ``1 … 15`` for others."""

        def text(value: float | None) -> str:
            if value is None:
                return ""
            if unit == "share":
                return f"{value * 100:g}%"
            return str(int(value)) if float(value).is_integer() else str(value)

        return f"{'> ' if self.above else ''}{text(self.low)} … {text(self.high)}".strip()


def key_of(key: str, info: FieldInfo) -> Key:
    """Return what a field asks of its key; numbers without a bound get one that arithmetic can bear."""
    low: float | None = None
    high: float | None = LARGEST
    above = False
    for bound in info.metadata:
        low = getattr(bound, "ge", getattr(bound, "gt", low))
        above = above or hasattr(bound, "gt")
        high = getattr(bound, "le", getattr(bound, "lt", high))
    return Key(key, info.annotation, low, high, above)


@dataclass
class ValueReader:
    """Turns the text of one key into the type its model asks for.

    Attributes
    ----------
    where : str
        The place of the key, as messages name it.
    file : str, optional
        The file as messages name it: where it is given, entries of a map are told at their own line.
    """

    where: str
    unit: str
    problems: ProblemList
    file: str = ""

    def fail(self, code: str, **values: object) -> object:
        """Note a problem of this key."""
        self.problems.problems.append(problem(code, self.where, **values))
        return MISSING

    def read(self, leaf: Key, value: Value) -> object:
        """Return the value, or `MISSING` after noting what is wrong with it."""
        annotation = leaf.annotation
        if get_origin(annotation) in (Union, UnionType):
            inner = [kind for kind in get_args(annotation) if kind is not NoneType]
            if value.is_null() or len(inner) > 1:
                return None if value.is_null() else plain_value(value)
            annotation = inner[0]
        if annotation in (int, float):
            return self.number(leaf, annotation, value)
        if annotation is bool:
            if value.kind == "text" and value.plain and value.text.lower() in ("true", "false"):
                return value.text.lower() == "true"
            return self.fail("E206", found=value.shown(), allowed="true, false")
        if get_origin(annotation) is Literal:
            allowed = [str(option) for option in get_args(annotation)]
            if value.kind == "text" and value.text in allowed:
                choice: object = get_args(annotation)[allowed.index(value.text)]
                return choice
            return self.fail("E209", found=value.shown(), allowed=allowed, near=(value.shown(), allowed))
        if annotation is str:
            if value.kind == "text" and not value.is_null() and 0 < len(value.text.strip()) <= MAX_TEXT:
                return value.text.strip()
            return self.fail("E206", found=value.shown(), allowed=f"text, 1 … {MAX_TEXT}")
        if annotation == tuple[str, ...]:
            return self.texts(value)
        if annotation == tuple[int, ...]:
            return self.years(value)
        if leaf.is_map():
            kind, number_kind = get_args(annotation)
            return self.numbers(leaf, kind, number_kind, value)
        return plain_value(value)

    def years(self, value: Value) -> object:
        """Read a list of years: ``[2027, 2029]``."""
        if value.is_null():
            return ()
        if value.kind != "list" or any(member.kind != "text" for member in value.members):
            return self.fail("E206", found=value.shown(), allowed="[2027, 2029]")
        wrong = [member.text for member in value.members if not _YEAR.fullmatch(member.text)]
        for text in wrong:
            self.fail("E227", found=text, allowed="[2027, 2029]")
        return MISSING if wrong else tuple(dict.fromkeys(int(member.text) for member in value.members))

    def numbers(self, leaf: Key, kind: type, number_kind: type, value: Value) -> object:
        """Read a number for each of some years or names: ``{2027: 300 tỷ, 2028: 400 tỷ}``.

        Every entry is read, so that all that is wrong with a map is told at once.
        """
        allowed = YEARS if kind is int else NAMES
        if value.is_null():
            return {}
        if value.kind != "map":
            return self.fail("E206", found=value.shown(), allowed=allowed)
        share = number_kind is float
        number = Key(leaf.key, number_kind, 0, 1 if share else LARGEST, above=False)
        found: dict[object, object] = {}
        sound = True
        for name, member in value.items.items():
            entry = replace(self, where=self.place_of(leaf.key, name, value.key_lines[name]))
            if kind is int and not _YEAR.fullmatch(name):
                entry.fail("E227", found=name, allowed=allowed)
                sound = False
                continue
            result = entry.number(number, number_kind, member)
            sound = sound and result is not MISSING
            found[int(name) if kind is int else name] = result
        return found if sound else MISSING

    def place_of(self, key: str, name: str, line: int) -> str:
        """Return the place of an entry of a map."""
        entry = entry_key(key, name)
        return (
            f"{self.file}:{line} {entry}" if self.file else f"{self.where.rpartition(' ')[0]} {entry}".strip()
        )

    def texts(self, value: Value) -> object:
        """Read a list of names."""
        if value.is_null():
            return ()
        if value.kind != "list" or any(member.kind != "text" or member.is_null() for member in value.members):
            return self.fail("E206", found=value.shown(), allowed="[name, name]")
        return tuple(dict.fromkeys(member.text for member in value.members))

    def number(self, leaf: Key, kind: type, value: Value) -> object:
        """Read a number with its unit behind it: ``8%``, ``1_500_000``, ``20 minutes``, ``1.5 tỷ``."""
        allowed = leaf.range_text(self.unit)
        if value.kind != "text" or value.is_null():
            return self.fail("E206", found=value.shown(), allowed=allowed)
        text = value.text.strip()
        match = _QUANTITY.fullmatch(text)
        if match is None or len(text) > 40:
            if _COMMA_NUMBER.match(text):
                return self.fail("E208", found=text)
            return self.fail("E206", found=text, allowed=allowed)
        digits, suffix = match.group(1).replace("_", ""), (match.group(2) or "").strip()
        if _GROUPS.fullmatch(match.group(1)) and (kind is int or (suffix and suffix != "%")):
            # 16.000 is sixteen thousand to whoever writes it so, and sixteen to a computer: ask.
            return self.fail("E208", found=text)
        number = Decimal(digits)
        if suffix:
            factor = self.factor(suffix)
            if factor is None:
                return self.fail("E215", found=suffix, allowed=self.unit or "no unit")
            number *= factor
        result: float = float(number)
        if kind is int:
            if number != number.to_integral_value():
                return self.fail("E225", found=text, allowed=allowed)
            result = int(number)
        if not leaf.admits(result):
            return self.fail("E207", found=text, allowed=allowed)
        return result

    def factor(self, suffix: str) -> Decimal | None:
        """Return what a unit multiplies by; None when it does not fit the key."""
        if self.unit == "share":
            return Decimal("0.01") if suffix == "%" else None
        if self.unit.startswith("VND"):
            first, _, rest = suffix.partition(" ")
            size = _MONEY.get(first.lower())
            if size is None:
                return Decimal(1) if suffix == self.unit or first in _VND else None
            return size if not rest or rest == self.unit or rest in _VND else None
        first = self.unit.split(" ")[0]
        return Decimal(1) if suffix == self.unit or suffix in _SAME_UNIT.get(first, (first,)) else None


def entry_key(key: str, name: object) -> str:
    """Return how messages name an entry of a map: ``budget.by_year_vnd.2027``."""
    return f"{key}.{shown(name)}"


def plain_value(value: Value) -> object:
    """Return a value as pydantic takes it, for keys of a type this module does not know."""
    if value.kind == "map":
        return {key: plain_value(item) for key, item in value.items.items()}
    if value.kind == "list":
        return [plain_value(item) for item in value.members]
    return None if value.is_null() else value.text
