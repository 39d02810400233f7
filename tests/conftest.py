"""What every test may rely on: the project's root, hypothesis profiles, a browser that is really there."""

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


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the Chromium to drive; without one the test fails: a skipped test proves nothing."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("no Chromium: `make browser` installs it, or set CHROMIUM=/path/to/chromium")
    return path
