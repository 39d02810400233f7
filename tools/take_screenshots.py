"""Take the pictures of the map page in ``docs/``: desktop, comparison, phone, dark, paper. Needs Chromium and pdftoppm.

    python cli.py solve hanoi-2025 hanoi-centres hanoi-thrift hanoi-digital
    python tools/take_screenshots.py

Only with the schematic boundaries: pictures of imported ones are not ours to publish.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DOCS = ROOT / "docs"
WIDE, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
PICTURES: dict[str, tuple[str, dict[str, Any], str]] = {
    "map": ("#scenario=hanoi-2025", {"viewport": WIDE}, ""),
    "map-centres": ("#scenario=hanoi-centres&year=2032", {"viewport": WIDE}, ""),
    "map-compare": ("#scenario=hanoi-2025&beside=hanoi-thrift&split=56", {"viewport": WIDE}, ".work"),
    "map-phone": (
        "#scenario=hanoi-2025&ward=00166",
        {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 1.5},
        "",
    ),
    "map-dark": (
        "#scenario=hanoi-centres&year=2032&ward=00070",
        {"viewport": WIDE, "color_scheme": "dark"},
        "",
    ),
}
"""Name of the picture: address, how the browser is set, and the part of the page to scroll to."""
NETWORK: dict[str, tuple[str, dict[str, Any], str]] = {
    "map-network": ("#view=network&year=2032&beside=today&split=48", {"viewport": WIDE}, ".work"),
}
"""The same of the page of the reception network."""


def take(browser: Any, page_file: Path, pictures: dict[str, tuple[str, dict[str, Any], str]]) -> None:
    """Write the pictures of one page."""
    for name, (address, options, part) in pictures.items():
        context = browser.new_context(offline=True, locale="vi-VN", **options)
        page = context.new_page()
        page.goto(page_file.as_uri() + address)
        page.wait_for_selector("html[data-ready]", state="attached")
        if part:
            page.locator(part).scroll_into_view_if_needed()
            page.evaluate("css => document.querySelector(css).scrollIntoView()", part)
        page.screenshot(path=str(DOCS / f"{name}.png"))
        context.close()


def main(results: Path) -> None:
    """Write the pictures of the results in a folder."""
    from planner.maps import write_map
    from planner.plan import load_plan

    plans = [load_plan(results / name) for name in ("hanoi-2025", "hanoi-centres", "hanoi-thrift")]
    if set(plans[0].region.boundaries()["boundary_basis"]) != {"schematic"}:
        sys.exit("these are no schematic boundaries: planner boundaries restore")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "map.html"
        write_map(plans, page_file)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        take(browser, page_file, PICTURES)
        network_file = Path(folder) / "network.html"
        write_map(load_plan(results / "hanoi-digital"), network_file)
        take(browser, network_file, NETWORK)
        page = browser.new_context(offline=True, locale="vi-VN", viewport=WIDE).new_page()
        page.goto(page_file.as_uri() + "#scenario=hanoi-centres&year=2032")
        page.wait_for_selector("html[data-ready]", state="attached")
        paper = Path(folder) / "map.pdf"
        page.pdf(path=str(paper), prefer_css_page_size=True)
        browser.close()
        for sheet in (1, 2):
            target = DOCS / f"map-print-{sheet}"
            command = ["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", str(sheet), "-l", str(sheet)]
            subprocess.run([*command, str(paper), str(target)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "results")
