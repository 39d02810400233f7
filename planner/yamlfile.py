"""YAML files as a tree that remembers the line of every key and value.

Only what a settings file needs: maps, lists and plain texts. Anchors, aliases, merge keys and tags are
refused, so a small file cannot grow in memory; values stay the text that was written, so ``00004`` and
``off`` mean what they say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from planner.errors import ProblemList
from planner.wording import problem

MAX_FILE_BYTES = 100_000
MAX_DEPTH = 8
_BAD_CHARACTER = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)


@dataclass
class Value:
    """A map, a list or a text of a YAML file.

    Attributes
    ----------
    line : int
        Where it starts.
    plain : bool
        True for a text without quotes.
    items : dict
        Of a map: key to its value; `key_lines` has the line of the key.
    """

    kind: Literal["map", "list", "text"]
    line: int
    text: str = ""
    plain: bool = False
    items: dict[str, Value] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    members: list[Value] = field(default_factory=list)

    def is_null(self) -> bool:
        """Return whether this is an empty value, ``null`` or ``~``."""
        return self.kind == "text" and self.plain and self.text in ("", "~", "null", "Null", "NULL")

    def shown(self) -> str:
        """Return the value as messages show it."""
        if self.kind == "text":
            return self.text if self.text or not self.plain else "null"
        return (
            "{...}"
            if self.kind == "map"
            else "[" + ", ".join(member.shown() for member in self.members[:5]) + "]"
        )


def parse_yaml(text: str, shown: str, problems: ProblemList) -> Value | None:
    """Parse a file of one document; None when it cannot be used, with the reason in `problems`."""
    try:
        return _Builder(shown, problems).build(text)
    except _Refused:
        return None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = None if mark is None else mark.line
        if isinstance(error, ReaderError):
            line = text.count("\n", 0, error.position)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        where = shown if line is None else f"{shown}:{line + 1}"
        problems.problems.append(problem("E202", where, reason=" ".join(str(reason).split())))
        return None


class _Refused(Exception):
    """The file was refused; the problem is noted."""


class _Builder:
    def __init__(self, shown: str, problems: ProblemList) -> None:
        self.shown = shown
        self.problems = problems

    def refuse(self, code: str, line: int, /, **values: object) -> _Refused:
        self.problems.problems.append(problem(code, f"{self.shown}:{line}", **values))
        return _Refused()

    def build(self, text: str) -> Value:
        """Build the tree from the parser's events, so that depth and aliases are stopped early."""
        root: Value | None = None
        stack: list[Value] = []
        keys: list[tuple[str, int] | None] = []
        for event in self.events(text):
            if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                stack.pop()
                keys.pop()
                continue
            value = self.value(event)
            if value is None:
                continue
            if stack:
                self.put(stack[-1], keys, value)
            elif root is not None:
                raise self.refuse("E202", value.line, reason="more than one document")
            else:
                root = value
            if value.kind != "text":
                stack.append(value)
                keys.append(None)
                if len(stack) > MAX_DEPTH:
                    raise self.refuse(
                        "E214", value.line, size=f"depth {len(stack)}", limit=f"depth {MAX_DEPTH}"
                    )
        return root or Value("text", 1, "", plain=True)

    def events(self, text: str) -> Iterator[Event]:
        """Yield the parser's events one by one: what is refused early costs nothing more."""
        line = 1
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                if event.start_mark is not None:
                    line = event.start_mark.line + 1
                yield event
        except (ValueError, TypeError, AttributeError, IndexError, AssertionError, RecursionError) as error:
            # The parser is known to trip over some broken files with plain Python errors.
            raise self.refuse("E202", line, reason=type(error).__name__) from None

    def value(self, event: Event) -> Value | None:
        """Turn an event into a value; None for the events around documents."""
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, AliasEvent):
            raise self.refuse("E213", line, found=f"*{event.anchor}")
        if not isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
            return None
        if event.anchor:
            raise self.refuse("E213", line, found=f"&{event.anchor}")
        if event.tag:
            raise self.refuse("E213", line, found=str(event.tag).replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, MappingStartEvent):
            return Value("map", line)
        if isinstance(event, SequenceStartEvent):
            return Value("list", line)
        text = event.value
        if _BAD_CHARACTER.search(text.rstrip("\n")) or not unicodedata.is_normalized("NFC", text):
            self.problems.problems.append(problem("E222", f"{self.shown}:{line}", found=text))
        return Value("text", line, text, plain=event.style is None)

    def put(self, parent: Value, keys: list[tuple[str, int] | None], value: Value) -> None:
        """Add a value to the list or map it stands in; the values of a map come as key, value, key, value."""
        if parent.kind == "list":
            parent.members.append(value)
            return
        key = keys[-1]
        if key is None:
            if value.kind != "text":
                raise self.refuse("E202", value.line, reason="a key must be a plain text")
            if value.text == "<<" and value.plain:
                raise self.refuse("E213", value.line, found="<<")
            keys[-1] = (value.text, value.line)
            return
        name, line = key
        keys[-1] = None
        if name in parent.items:
            where = f"{self.shown}:{line}"
            self.problems.problems.append(problem("E205", where, found=name, first=parent.key_lines[name]))
        else:
            parent.items[name] = value
            parent.key_lines[name] = line
