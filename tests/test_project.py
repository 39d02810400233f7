"""The project's own files agree with each other: dependencies, exact versions, targets, entry point."""

import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import planner

PROJECT = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
)
CONSTRAINTS = {"python-3.11.txt": "3.11", "python-3.13.txt": "3.13"}


def exact_versions(path: Path) -> dict[str, Version]:
    """Read a file of exact versions."""
    versions = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            versions[canonicalize_name(name)] = Version(version)
    return versions


def requirements() -> list[Requirement]:
    """List what pyproject.toml asks for, without the project's own extras."""
    extras = PROJECT["project"]["optional-dependencies"]
    lines = PROJECT["project"]["dependencies"] + [line for extra in extras.values() for line in extra]
    return [r for r in map(Requirement, lines) if r.name != "planner"]


@pytest.mark.parametrize(("file", "python"), CONSTRAINTS.items())
def test_every_dependency_has_an_exact_version_within_its_bounds(root: Path, file: str, python: str) -> None:
    pinned = exact_versions(root / "constraints" / file)
    wrong = []
    for requirement in requirements():
        if requirement.marker and not requirement.marker.evaluate({"python_version": python}):
            continue
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            wrong.append(f"{requirement}: {version}")
    assert not wrong


def test_the_two_files_name_the_two_lines_of_pulp(root: Path) -> None:
    assert exact_versions(root / "constraints/python-3.11.txt")["pulp"] == Version("3.3.2")
    assert exact_versions(root / "constraints/python-3.13.txt")["pulp"].major == 4


def test_exact_versions_name_no_address(root: Path) -> None:
    for file in [root / "pyproject.toml", *(root / "constraints").iterdir()]:
        assert not re.search(r"https?://|--index|--find-links|@ ", file.read_text(encoding="utf-8")), (
            file.name
        )


def test_every_dependency_has_a_reason(root: Path) -> None:
    reasons = (root / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    assert [r.name for r in requirements() if r.name.lower() not in reasons] == []


def test_every_target_is_documented(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.M)) - {"help", "env", "dev"}
    assert {target for target in targets if f"`make {target}`" not in contributing} == set()


def test_the_markers_are_those_contributing_names(root: Path) -> None:
    declared = {line.split(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.search(r"Markers: (.*?)\. A new", contributing, re.S)
    assert named
    assert declared == set(re.findall(r"`(\w+)`", named[1]))


def test_tests_reach_no_network() -> None:
    with pytest.raises((RuntimeError, UserWarning), match="socket"):
        socket.create_connection(("127.0.0.1", 9), timeout=1)


def test_cli_file_does_the_same_as_the_command(root: Path) -> None:
    module, function = PROJECT["project"]["scripts"]["planner"].split(":")
    code = f"import sys; sys.argv = ['planner', '--version']; from {module} import {function}; {function}()"
    outputs = [
        subprocess.run(
            [sys.executable, *words], cwd=root, capture_output=True, text=True, check=True, encoding="utf-8"
        ).stdout
        for words in (["cli.py", "--version"], ["-c", code])
    ]
    assert outputs[0].split()[-1] == outputs[1].split()[-1] == planner.__version__
