"""Every message is in two languages and in docs/messages.md."""

import ast
import re
import string
from pathlib import Path

import pytest

from planner.errors import Problem
from planner.messages import FREE_PHRASES, MESSAGES
from planner.region import (
    BANKS,
    BRIDGES,
    CITY_POINTS,
    COMMUNES,
    DETOUR,
    LAND_ZONES,
    PAIRS,
    PARCELS,
    PARTS,
    POSITIONS,
    SETTINGS,
    SITES,
    SPACE_NORMS,
    STATUSES,
    TODAY,
    TRAVEL,
    TRIPS,
    WARDS,
)
from planner.wording import in_language

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for path in (ROOT / "planner").rglob("*.py") if path.parent.name != "audit")
"""The audit words its findings itself (`planner.audit.findings`)."""


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages(code: str) -> None:
    """The catalogue is whole: both languages, the same values in both."""
    message = MESSAGES[code]
    assert all(message)
    assert fields(message.what + message.fix) == fields(message.what_vi + message.fix_vi)
    assert message.what != message.what_vi


def worded() -> list[tuple[str, str, str]]:
    """Every text of a problem that a module words itself: module, code, text with 7 for each value."""
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            code = node.args[0]
            if not (
                isinstance(code, ast.Constant)
                and isinstance(code.value, str)
                and re.fullmatch(r"E\d{3}", code.value)
            ):
                continue
            texts = (sample(argument) for argument in node.args[2:])
            found += [(path.name, code.value, text) for text in texts if text and code.value not in MESSAGES]
    return found


def sample(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""


@pytest.mark.parametrize(("module", "code", "text"), worded())
def test_free_wording_has_vietnamese(module: str, code: str, text: str) -> None:
    """A module that words a problem itself has its phrases in `FREE_PHRASES`."""
    assert in_language(Problem(code, "x", text), "vi").what != text, (
        f"add Vietnamese to planner/messages.py ({module})"
    )


@pytest.mark.parametrize(("pattern", "vietnamese"), FREE_PHRASES)
def test_free_phrases_are_patterns(pattern: str, vietnamese: str) -> None:
    """Every group of the pattern is used in its translation."""
    assert re.compile(pattern).groups == len(set(re.findall(r"\\\d", vietnamese)))


def test_every_code_is_documented() -> None:
    """docs/messages.md lists every code that the program can print."""
    text = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| (E\d{3}) \|", text, re.MULTILINE))
    audit = set(
        re.findall(r"^\| (E\d{3}) \|", (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    used = {code for _, code, _ in worded()} | set(MESSAGES)
    assert used <= documented | audit
    assert documented <= used | audit | {"E999"} | codes_in_source()


def codes_in_source() -> set[str]:
    return {code for path in MODULES for code in re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8"))}


def test_catalogue_in_the_document() -> None:
    """The tables of docs/messages.md say what the catalogue says (tools/write_messages.py)."""
    text = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    for code, message in MESSAGES.items():
        what = message.what.replace("|", "\\|")
        assert f"| {code} | {what} |" in text, f"run python tools/write_messages.py ({code})"


def test_every_column_is_documented() -> None:
    """docs/data-format.md names every column that is read, and every value a column may hold."""
    text = (ROOT / "docs" / "data-format.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[^`,|\\]+", "".join(re.findall(r"`[^`]+`", text))))
    for columns in (
        WARDS,
        COMMUNES,
        PAIRS,
        SITES,
        TODAY,
        PARCELS,
        CITY_POINTS,
        TRAVEL,
        BANKS,
        BRIDGES,
        SETTINGS,
        PARTS,
        POSITIONS,
        SPACE_NORMS,
        TRIPS,
        DETOUR,
        LAND_ZONES,
    ):
        for column in columns:
            assert column.name in words, column.name
            assert set(column.allowed) <= words | {"sourced | second-hand | derived | estimated"} | set(
                STATUSES
            )
