"""The files of a scenario: the one that is named, its parents, and the folders they point to."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from planner.errors import ProblemList
from planner.tables import Input, decode, project_root, read_bytes, shown_path
from planner.wording import problem
from planner.yamlfile import MAX_FILE_BYTES, Value, parse_yaml

ENDINGS = (".yaml", ".yml")


@dataclass
class Layer:
    """One scenario file of a chain of parents."""

    path: Path
    shown: str
    tree: Value


def scenario_names(root: Path | None = None) -> list[str]:
    """Return the names of the scenarios of the project; names that begin with ``_`` are parents only."""
    folder = (root or project_root()) / "scenarios"
    files = (path for ending in ENDINGS for path in folder.glob(f"*{ending}"))
    return sorted({path.stem for path in files if not path.name.startswith(("_", "."))})


def locate(text: str, root: Path | None, problems: ProblemList) -> tuple[Path | None, Path]:
    """Find the file of a scenario and the root of its project."""
    if text.endswith(ENDINGS) or "/" in text or "\\" in text:
        path = Path(text).absolute()
        return path, (root or project_root(path.parent)).absolute()
    base = (root or project_root()).absolute()
    for ending in ENDINGS:
        path = base / "scenarios" / f"{text}{ending}"
        if _exists(path):
            return path, base
    folder = shown_path(base / "scenarios")
    problems.problems.append(
        problem("E201", folder, found=text, folder=folder, near=(text, scenario_names(base)))
    )
    return None, base


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def chain(path: Path, base: Path, problems: ProblemList, inputs: list[Input]) -> tuple[list[Layer], bool]:
    """Read a scenario file and its parents, the file itself first; False when one of them cannot be used."""
    layers: list[Layer] = []
    seen: list[Path] = []
    while True:
        shown = shown_path(path)
        seen.append(_real(path))
        data = read_bytes(path, shown, problems, MAX_FILE_BYTES)
        text = decode(data, shown, problems) if data is not None else None
        tree = parse_yaml(text, shown, problems) if text is not None else None
        if data is None or tree is None:
            return layers, False
        inputs.append(Input(shown, hashlib.sha256(data).hexdigest()))
        if tree.kind != "map":
            code = "E224" if tree.is_null() else "E206"
            problems.problems.append(
                problem(code, f"{shown}:{tree.line}", found=tree.shown(), allowed="key: value")
            )
            return layers, False
        layers.append(Layer(path, shown, tree))
        parent = tree.items.get("extends")
        if parent is None or parent.is_null():
            return layers, True
        where = f"{shown}:{tree.key_lines['extends']} extends"
        if parent.kind != "text" or not parent.text:
            allowed = "name or path of one scenario"
            problems.problems.append(problem("E206", where, found=parent.shown(), allowed=allowed))
            return layers, False
        found = _parent(parent.text, path.parent, base)
        if found is None:
            names = {*scenario_names(base), *(other.stem for other in path.parent.glob("*.y*ml"))}
            near = (parent.text, sorted(names))
            problems.problems.append(problem("E212", where, found=parent.text, near=near))
            return layers, False
        if _real(found) in seen:
            circle = [*(other.stem for other in seen), found.stem]
            problems.problems.append(problem("E211", where, found=" > ".join(circle)))
            return layers, False
        path = found


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _parent(text: str, folder: Path, base: Path) -> Path | None:
    names = [text] if text.endswith(ENDINGS) else [f"{text}{ending}" for ending in ENDINGS]
    for place in (folder, base / "scenarios", base):
        for name in names:
            if _exists(place / name):
                return place / name
    return None


def folders_of(layers: list[Layer], base: Path, problems: ProblemList, *, whole: bool) -> dict[str, Path]:
    """Find ``geo`` and ``norms``: beside the file that names them, else from the project's root."""
    folders: dict[str, Path] = {}
    for key in ("geo", "norms"):
        layer = next((layer for layer in layers if key in layer.tree.items), None)
        if layer is None:
            # Where a parent is missing, the project's usual folder lets the rest be checked.
            if whole:
                problems.problems.append(problem("E210", f"{layers[0].shown} {key}"))
            elif (base / "data" / key).is_dir():
                folders[key] = base / "data" / key
            continue
        value = layer.tree.items[key]
        where = f"{layer.shown}:{layer.tree.key_lines[key]} {key}"
        if value.kind != "text" or value.is_null() or not value.text:
            problems.problems.append(problem("E206", where, found=value.shown(), allowed="a folder"))
            continue
        for place in (layer.path.parent, base):
            try:
                folder = Path(os.path.normpath(place / value.text))
                if folder.is_dir():
                    folders[key] = folder
                    break
            except (OSError, ValueError):
                continue
        else:
            near = [shown_path(other) for other in (base / "data").glob("*") if other.is_dir()]
            problems.problems.append(problem("E223", where, found=value.text, near=(value.text, near)))
    return folders
