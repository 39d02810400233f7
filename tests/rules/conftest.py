"""The option that rewrites the golden LP files: ``pytest tests/rules --update-golden``."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option; it is known only when this folder is named on the command line."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden LP files of tests/rules"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Return whether to rewrite the golden files instead of comparing."""
    return bool(request.config.getoption("--update-golden", default=False))
