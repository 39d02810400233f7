"""What every test may rely on: the project's root, hypothesis profiles, the points of the national package."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# On CI the same examples on every run: a submission must not fail by the luck of the draw.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("local", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# The builds of data/geo read one file of the package vietnamadminunits (in the extra dev); its code is never imported.
_package = importlib.util.find_spec("vietnamadminunits")
if _package and _package.origin:
    os.environ.setdefault("UNITS_DB", str(Path(_package.origin).parent / "data" / "dataset.db"))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root folder."""
    return ROOT


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a small project of five units with the real norms, and stand in it."""
    shutil.copytree(root / "tests" / "data" / "region5", tmp_path / "data" / "geo")
    shutil.copytree(root / "data" / "norms", tmp_path / "data" / "norms")
    # What names premises of Hanoi's inner wards, or asks for 126 points, stays behind.
    only_hanoi = ["hanoi-shared.yaml", "hanoi-digital.yaml"]
    shutil.copytree(root / "scenarios", tmp_path / "scenarios", ignore=lambda *_: only_hanoi)
    monkeypatch.chdir(tmp_path)
    return tmp_path
