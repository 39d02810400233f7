"""A real Chromium with the network off, and pages that must ask for nothing and report nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.maps import write_map
from planner.plan import Plan

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start Chromium; without one skip here, fail on CI, where a skip would pass for a proof."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        message = "no Chromium: `make browser` installs it, or set CHROMIUM=/path/to/chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that writes and opens the page of a plan; what the page asked for is checked at the end.

    A test that provokes a message of the browser takes it out of ``open_page.noise``.
    """
    contexts: list[Any] = []
    requests: list[str] = []
    noise: list[str] = []

    def opened(plan: Plan | list[Plan], lang: str = "vi", fragment: str = "", **options: Any) -> Any:
        file = tmp_path / f"map-{lang}.html"
        write_map(plan, file, lang)  # type: ignore[arg-type]
        options = {"viewport": {"width": 1440, "height": 1000}, "locale": "vi-VN", **options}
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfailed", lambda request: noise.append(f"failed: {request.url[:80]}"))
        page.on("console", lambda message: noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: noise.append(f"dialog: {dialog.message}"))
        page.goto(file.as_uri() + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
        return page

    opened.noise = noise  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert noise == []
