"""A new scenario file that lists every key with its value, unit, range and source, commented out."""

from __future__ import annotations

import re
from pathlib import Path

from planner.errors import InputError, ProblemList
from planner.region import read_settings
from planner.scenario import Scenario, keys, read_scenario, scenario_names
from planner.tables import project_root, shown_path
from planner.wording import problem

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_SECTION_NOTES = {
    "horizon": "the years that are planned and costed",
    "staffing": "people per body",
    "space": "square metres per person",
    "reception": "files, counters and space of the reception points",
    "hall": "seats of the meeting hall",
    "rules": "each rule can be switched off or relaxed",
    "prices": "unit costs in dong",
    "release": "what becomes of released premises",
}


def new_scenario(name: str, parent: str = "_base", root: Path | None = None) -> Path:
    """Write ``scenarios/NAME.yaml``: every key with its present value, commented out, and return its path.

    Parameters
    ----------
    name : str
        Name of the scenario: small letters, digits, ``-`` and ``_``.
    parent : str
        The scenario whose values the new one starts from.
    root : Path, optional
        The project's root; found from the current folder when not given.

    Raises
    ------
    InputError
        If the name cannot be used or is taken, or the parent cannot be read. Nothing is overwritten.
    """
    base = (root or project_root()).absolute()
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise InputError(problem("E218", "scenarios", found=name))
    path = base / "scenarios" / f"{name}.yaml"
    taken = [other for other in scenario_names(base) if other.lower() == name]
    if taken or path.exists():
        raise InputError(problem("E217", shown_path(path)))
    scenario = read_scenario(parent, base)
    text = _text(scenario, parent)
    try:
        # "x" refuses a file that appeared since the check.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise InputError(problem("E102", shown_path(path), reason=error.strerror or str(error))) from error
    return path


def _text(scenario: Scenario, parent: str) -> str:
    settings = read_settings(scenario.norms_folder, ProblemList()).frame.set_index("key")
    lines = [
        f"extends: {_quoted(parent)}",
        f"title_vi: {_quoted(scenario.title_vi)}",
        f"title_en: {_quoted(scenario.title_en)}",
        "",
        "# Every key follows with the value it has now. To change one, remove the # before it and write",
        "# another value. Numbers take a decimal point (13.5), shares a % (8%), thousands an underscore",
        "# (1_500_000), money also triệu and tỷ (1.5 tỷ). Ranges are what is plausible; more is allowed.",
    ]
    section = ""
    values = scenario.model_dump(by_alias=True)
    for key, leaf in keys().items():
        head, _, field = key.rpartition(".")
        if field in ("schema", "title_vi", "title_en"):
            continue
        if head != section:
            section = head
            lines += ["", f"{section}:    # {_SECTION_NOTES.get(section, '')}".rstrip(" #")]
        value = values[head][field] if head else values[field]
        indent = "  " if head else ""
        unit, note = "", leaf.choices_text()
        if key in settings.index:
            row = settings.loc[key]
            unit = str(row["unit"])
            source = f"{row['status']}: {row['source']}"
            lines += [
                f"{indent}# {row['vi']} / {row['en']}",
                f"{indent}# {unit}; {row['low']} … {row['high']}; {source}",
            ]
        lines.append(f"{indent}# {field}: {_value(value, unit)}" + (f"    # {note}" if note else ""))
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w][\w .,()–/-]*", text) and not re.fullmatch(r"[\d_.,-]*|null|true|false", text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _value(value: object, unit: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(str(k))}: {_value(v, unit)}" for k, v in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_quoted(str(item)) for item in value) + "]"
    if isinstance(value, (int, float)):
        if unit == "share":
            return f"{value * 100:.10g}%"
        return f"{value:_}" if isinstance(value, int) and value >= 10_000 else f"{value:.10g}"
    return _quoted(str(value))
