"""Whether the input is the one that the plan was made from, and which settings neither norms nor scenarios explain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from planner.audit.read import Result, find_input, input_files, sha256_of
from planner.audit.settings import DEFAULTS, SETTINGS

if TYPE_CHECKING:
    from planner.audit.audited import Audited

_YAML_LINE = re.compile(r"^ *([a-z0-9_]+) *: *([^#\n]*)", re.MULTILINE)
_YAML_PAIR = re.compile(r"[{,] *([a-z0-9_]+) *: *([^#\n{}\[\],]*)")
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) *(%?)")


def check_inputs(check: Audited) -> None:
    """Every listed file is unchanged, and every file the audit reads is listed."""
    listed = set()
    for entry in check.result.facts["inputs"]:
        path = find_input(entry["path"], check.bases)
        listed.add(path.resolve())
        actual = sha256_of(path) if path.is_file() else ""
        if actual != entry["sha256"]:
            check.note("E510", entry["path"], None, "", "sha256", actual, entry["sha256"])
    for path in input_files(check.settings, check.bases):
        if path.resolve() not in listed:
            check.note("E511", "plan.json", None, "", str(path), "", "path, sha256")


def other_settings(check: Audited) -> list[str]:
    """Return the settings whose value is neither the norms' default nor that of a listed scenario file.

    Scenario files are read as far as ``key: value`` goes, on a line or between braces; other notations pass.
    """
    written: dict[str, list[str]] = {key: [text] for key, text in check.inputs.defaults.items()}
    for entry in check.result.facts["inputs"]:
        path = find_input(entry["path"], check.bases)
        if path.suffix in (".yaml", ".yml") and path.is_file():
            content = path.read_text("utf-8", errors="replace")
            for name, text in _YAML_LINE.findall(content) + _YAML_PAIR.findall(content):
                for key in SETTINGS:
                    if key.rpartition(".")[2] == name:
                        written.setdefault(key, []).append(text)
    # The arrangement in force is costed under rules of its own.
    own = (
        ("rules.", "arrangement", "centres.", "budget.", "departments.", "network.")
        if check.name == "today"
        else ()
    )
    return [
        key
        for key, value in check.settings.values.items()
        if not key.startswith((*own, "geo", "norms"))
        and not any(_may_mean(text, value) for text in written.get(key, []))
        and (key in written or key not in DEFAULTS or DEFAULTS[key] != value)
    ]


def compare_settings(plan: Result, today: Result) -> Iterable[tuple[str, object, object]]:
    """Yield the settings in which the arrangement in force is not costed as the plan is."""
    same = (
        "horizon.", "staffing.", "space.", "reception.", "hall.", "prices.", "start", "geo", "norms",
        "network.allowed", "network.online_by_year", "network.travel", "network.share_minutes",
    )  # fmt: skip
    for key, value in plan.settings.values.items():
        if key.startswith(same) and today.settings.values[key] != value:
            yield key, today.settings.values[key], value
    if today.settings.word("arrangement") != "today":
        yield "arrangement", today.settings.word("arrangement"), "today"


def _may_mean(text: str, value: Any) -> bool:
    """Say whether a text is a notation of a value; of notations that are not known here it is believed."""
    plain = text.strip().strip("\"'").replace("_", "")
    if isinstance(value, bool) or value is None:
        return plain in {True: ("true",), False: ("false",), None: ("null", "~", "")}[value]
    if isinstance(value, str):
        return plain == value.replace("_", "")
    number = _NUMBER.fullmatch(plain)
    if number is None or isinstance(value, list):
        return True
    return bool(Fraction(number[1]) / (100 if number[2] else 1) == value)
