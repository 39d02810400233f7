"""A scenario read by name or path: a draft that may have problems, then the scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.errors import Problem, ProblemList
from planner.region import read_settings
from planner.scenario.files import chain, folders_of, locate
from planner.scenario.sections import Scenario, default_of, keys
from planner.scenario.values import Draft, find_file, take_defaults, take_layer
from planner.settings import MISSING
from planner.tables import shown_path
from planner.wording import problem

_STEM = re.compile(r"\w[\w .-]{0,99}")


def read_scenario(name_or_path: str | Path, root: Path | None = None) -> Scenario:
    """Read a scenario by name or path, with its parents and the defaults of the settings table.

    Parameters
    ----------
    name_or_path : str or Path
        ``hanoi-2025`` is looked for in ``scenarios/``; a text that ends in ``.yaml`` or ``.yml`` or has a
        ``/`` is a path from the current folder.
    root : Path, optional
        The folder that contains ``scenarios/``; found from the file or the current folder when not given.

    Raises
    ------
    InputError
        With every problem found in the scenario, its parents and the settings table.
    """
    problems = ProblemList()
    scenario = read_scenario_into(name_or_path, problems, root)
    problems.raise_if_any()
    if scenario is None:
        raise AssertionError("a scenario that cannot be read has a problem")
    return scenario


def read_scenario_into(
    name_or_path: str | Path, problems: ProblemList, root: Path | None = None
) -> Scenario | None:
    """Read a scenario, note every problem in `problems`; None when there is one."""
    before = len(problems.problems)
    draft = read_draft(name_or_path, problems, root)
    return finish(draft, problems) if draft and len(problems.problems) == before else None


def read_draft(name_or_path: str | Path, problems: ProblemList, root: Path | None = None) -> Draft | None:
    """Read what can be read of a scenario, note every problem in `problems`; None when there is no file."""
    before = len(problems.problems)
    path, base = locate(str(name_or_path), root, problems)
    if path is None:
        return None
    if not _STEM.fullmatch(path.stem):
        problems.problems.append(problem("E218", shown_path(path), found=path.stem))
    draft = Draft(path.stem, shown_path(path), base)
    layers, whole = chain(path, base, problems, draft.inputs)
    if not layers:
        return None
    values, origins = draft.values, draft.origins
    folders = folders_of(layers, base, problems, whole=whole)
    units: dict[str, str] = {}
    if "norms" in folders:
        table = read_settings(folders["norms"], problems)
        units = take_defaults(table, values, origins, problems)
    told = bool(units) and whole
    for layer in reversed(layers):
        take_layer(layer, units, draft, problems)
    for key in keys():
        if key in values or key in ("geo", "norms") or _reported(problems.problems[before:], key):
            continue
        default = default_of(key)
        if default is not MISSING:
            values[key] = default
        elif told:
            problems.problems.append(problem("E210", f"{draft.shown} {key}"))
    draft.places = {**origins, **draft.places}
    for key in ("centres.parcels", "network.travel"):
        find_file(key, layers, draft, problems)
    for name, folder in folders.items():
        values[name] = (
            folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.as_posix()
        )
    return draft


def scenario_folders(name_or_path: str | Path, root: Path | None = None) -> tuple[Path | None, Path | None]:
    """Return the folders of region and norms, also of a scenario that has problems; None if not known."""
    quiet = ProblemList()
    path, base = locate(str(name_or_path), root, quiet)
    layers, _ = chain(path, base, quiet, []) if path else ([], False)
    folders = folders_of(layers, base, quiet, whole=False)
    return folders.get("geo"), folders.get("norms")


def finish(draft: Draft, problems: ProblemList) -> Scenario | None:
    """Turn a draft without problems into a scenario; None, with the reason in `problems`, when the models refuse."""
    nested: dict[str, Any] = {
        "name": draft.name,
        "origins": draft.origins,
        "inputs": tuple(draft.inputs),
        "root": draft.base,
    }
    for key, value in draft.values.items():
        section, _, name = key.rpartition(".")
        if section:
            nested.setdefault(section, {})[name] = value
        else:
            nested[name] = value
    try:
        return Scenario.model_validate(nested)
    except ValidationError as error:
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"][:2])
            where = f"{draft.origins.get(key, draft.shown)} {key}"
            problems.problems.append(problem("E206", where, found=fault["input"], allowed=fault["msg"]))
        return None


def _reported(problems: Iterable[Problem], key: str) -> bool:
    return any(found.where.endswith(f" {key}") or f" {key}." in found.where for found in problems)
