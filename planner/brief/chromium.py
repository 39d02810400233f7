"""Chromium prints a page to PDF: found on this machine, run without a network, in a folder that is then removed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from planner.errors import InputError
from planner.wording import problem

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
VARIABLES = ("CHROMIUM", "CHROME")
SECONDS = 120
"""Longer than a slow machine needs; a browser that hangs is ended."""
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--metrics-recording-only",
    # No name is resolved and no address reached but this machine, whatever the page or the browser may want.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--no-pdf-header-footer",
    "--run-all-compositor-stages-before-draw",
)
_DATE = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")
_NODE = re.compile(rb"\(node(\d{8})\)")
_ID = re.compile(rb"/ID ?\[ ?<[0-9A-Fa-f]*> ?<[0-9A-Fa-f]*> ?\]")


def find_chromium() -> str:
    """Return the program that prints.

    Raises
    ------
    InputError
        There is none (E813).
    """
    for variable in VARIABLES:
        named = os.environ.get(variable)
        if named:
            found = shutil.which(named)
            if found:
                return found
            raise InputError(problem("E813", variable, tried=named))
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise InputError(problem("E813", "--format pdf", tried=", ".join(NAMES[:3])))


def print_pdf(page: str, program: str) -> bytes:
    """Return a page as PDF, without the time at which it was printed.

    Raises
    ------
    InputError
        The browser fails, or takes too long (E814).
    """
    with tempfile.TemporaryDirectory(prefix="planner-brief-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "brief.html", Path(folder) / "brief.pdf"
        source.write_text(page, encoding="utf-8", newline="\n")
        command = [program, *FLAGS]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium refuses to start as root with one
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        reason = _run(command, Path(folder) / "said")
        if not target.is_file() or target.stat().st_size == 0:
            raise InputError(problem("E814", program, reason=reason or "no file"))
        return timeless(target.read_bytes())


def _run(command: list[str], said: Path) -> str:
    """Run the browser to its end; return what it said last where it failed.

    What it says goes to a file: a pipe would be held open by processes that it leaves behind.
    """
    with said.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - the program was found above, its arguments are ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"{SECONDS} s"
        except BaseException:
            _end(process)
            raise
    lines = said.read_bytes().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines and process.returncode else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and the processes that it started."""
    try:
        os.killpg(process.pid, 9)
    except (AttributeError, OSError):
        process.kill()
    process.wait()


def timeless(pdf: bytes) -> bytes:
    """Return a PDF with fixed dates, no random id and elements numbered from one: the same bytes on one machine.

    Elements of tables are named by the numbers of their nodes in the browser, which vary by what it did before.
    Everything keeps its length, because the file names the places of its objects in bytes.
    """
    nodes = {node: n for n, node in enumerate(sorted(set(_NODE.findall(pdf))), start=1)}
    numbered = _NODE.sub(lambda found: b"(node%08d)" % nodes[found.group(1)], pdf)
    return _ID.sub(_without_id, _DATE.sub(_without_time, numbered))


def _without_time(found: re.Match[bytes]) -> bytes:
    size = len(found.group())
    text = b"/%s (D:20250701000000+00'00')" % found.group(1)
    return text[: size - 1].ljust(size - 1) + b")" if len(text) > size else text.ljust(size)


def _without_id(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", found.group())
