"""Files of a manifest, fetched and verified. The only module of the program that opens a connection."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import planner
from planner.boundaries.manifest import Entry, check_licences, read_manifest, refused
from planner.boundaries.read import MARK
from planner.errors import InputError, Problem
from planner.results import check_target, write_beside
from planner.tables import shown_path
from planner.wording import problem

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 65_536
MAX_REDIRECTS = 5
LONGEST_PAUSE = 30.0
LEAST_BYTES_A_SECOND = 1_000
"""A server that drips slower than this over a whole file is given up like one that stalls."""
AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass
class Fetched:
    """What a run of `fetch` left in its folder.

    Attributes
    ----------
    fetched, kept : list of str
        Files fetched in this run, and those that were there already, verified.
    failed : dict of str to Problem
        Files that are missing, and why.
    """

    folder: Path
    entries: list[Entry]
    fetched: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, Problem] = field(default_factory=dict)

    def licences(self) -> dict[str, tuple[int, int]]:
        """Return files and bytes by licence, in the order of the manifest."""
        sums: dict[str, tuple[int, int]] = {}
        for entry in self.entries:
            count, size = sums.get(entry.licence, (0, 0))
            sums[entry.licence] = (count + 1, size + entry.size)
        return sums

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values, for ``--json``."""
        failed = [
            {"file": name, "code": p.code, "where": p.where, "what": p.what}
            for name, p in self.failed.items()
        ]
        licences = {name: {"files": count, "bytes": size} for name, (count, size) in self.licences().items()}
        return {
            "folder": str(self.folder),
            "licences": licences,
            "fetched": self.fetched,
            "kept": self.kept,
            "missing": failed,
        }


class _GiveUp(Exception):
    """A fault that trying again does not mend."""

    def __init__(self, found: Problem) -> None:
        super().__init__(str(found))
        self.problem = found


class _TryAgain(Exception):
    """A fault that may pass."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows few redirects, never to another scheme and never from https back to http."""

    max_redirections = MAX_REDIRECTS
    max_repeats = 2

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the next request, or refuse it."""
        reason = refused(newurl)
        if not reason and req.type == "https" and newurl.lower().startswith("http:"):
            reason = "from https to http"
        if reason:
            fp.close()
            raise _GiveUp(problem("E429", req.full_url, found=newurl, reason=reason))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
    manifest: Path,
    folder: Path,
    *,
    base_url: str | None = None,
    retries: int = 3,
    timeout: float = 20.0,
    accept_licence: bool = False,
    force: bool = False,
    on_progress: Callable[[str], None] = lambda text: None,
    pause: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Fetch what a manifest lists into a folder; what is there and verified stays, partial files go on.

    Raises
    ------
    InputError
        The manifest cannot be used, its terms are not cleared, or the folder is somebody else's. A file that cannot
        be fetched is no exception: `Fetched.failed` has it.
    """
    entries = read_manifest(manifest, base_url)
    if not accept_licence:
        check_licences(entries, shown_path(manifest))
    check_target(folder, force=force, mark=MARK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot be written to ({error.strerror})"
        raise InputError(Problem("E806", str(folder), text, "")) from None
    done = Fetched(folder, entries)
    _leave_mark(done, manifest)
    opener = _opener()
    for number, entry in enumerate(entries, start=1):
        target = folder / entry.name
        if _is_right(target, entry):
            done.kept.append(entry.name)
            continue
        on_progress(f"{number}/{len(entries)} {entry.name}")
        try:
            _fetch_one(opener, entry, target, retries, timeout, pause)
            done.fetched.append(entry.name)
        except _GiveUp as error:
            done.failed[entry.name] = error.problem
        except OSError as error:
            raise InputError(
                Problem("E806", str(target), f"cannot be written ({error.strerror})", "")
            ) from None
    _leave_mark(done, manifest)
    return done


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https and nothing else: no file, no ftp, no data."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", f"planner/{planner.__version__}")]
    return opener


def _leave_mark(done: Fetched, manifest: Path) -> None:
    """Write what the folder holds: it says later that the folder is ours, and under which terms its files came."""
    there = {*done.fetched, *done.kept}
    files = [
        {"file": e.name, "url": e.url, "bytes": e.size, "sha256": e.sha256, "licence": e.licence}
        for e in done.entries
        if e.name in there
    ]
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    facts = {"manifest": manifest.name, "sha256": digest, "files": files, "missing": sorted(done.failed)}
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="\n")

    write_beside(done.folder / MARK, write)


def _is_right(path: Path, entry: Entry) -> bool:
    return path.is_file() and path.stat().st_size == entry.size and _digest(path) == entry.sha256


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _fetch_one(
    opener: urllib.request.OpenerDirector,
    entry: Entry,
    target: Path,
    retries: int,
    timeout: float,
    pause: Callable[[float], None],
) -> None:
    """Fetch one file, trying again where that may help; it stands in its place only when it is verified."""
    part = target.with_name(f"{target.name}.part")
    for attempt in range(retries + 1):
        try:
            resumed = _receive(opener, entry, part, timeout)
            found = _digest(part)
            if found == entry.sha256:
                part.replace(target)
                return
            part.unlink()
            wrong = problem("E427", entry.url, found=found, wanted=entry.sha256)
            if not resumed:
                raise _GiveUp(wrong)
            reason, wait = "the file had changed on the server", 0.0
        except _TryAgain as error:
            reason, wait = str(error), error.pause
        if attempt < retries:
            pause(min(LONGEST_PAUSE, max(wait, 2.0**attempt)))
    raise _GiveUp(problem("E426", entry.url, reason=reason, count=retries + 1))


def _receive(opener: urllib.request.OpenerDirector, entry: Entry, part: Path, timeout: float) -> bool:
    """Receive the rest of a file, never more than the manifest says; return whether a partial file went on."""
    there = part.stat().st_size if part.is_file() else 0
    if there > entry.size:
        part.unlink()
        there = 0
    if there == entry.size:
        return True
    request = urllib.request.Request(entry.url, headers={"Accept-Encoding": "identity"})  # noqa: S310 - see `refused`
    if there:
        request.add_header("Range", f"bytes={there}-")
    try:
        with opener.open(request, timeout=timeout) as response:
            start = _start(response, entry, there, part)
            with part.open("ab" if start else "wb") as handle:
                _copy(response, handle, entry, start, timeout)
            return start > 0
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"the server answered {error.code}"
        if error.code == 416 and there:
            part.unlink()
            raise _TryAgain(reason) from None
        if to := error.headers.get("Location", "") if 300 <= error.code < 400 else "":
            why = refused(urllib.parse.urljoin(entry.url, to)) or "it redirects in circles"
            raise _GiveUp(problem("E429", entry.url, found=to, reason=why)) from None
        if error.code in AGAIN:
            raise _TryAgain(reason, _asked_pause(error.headers.get("Retry-After"))) from None
        raise _GiveUp(problem("E426", entry.url, reason=reason, count=1)) from None
    except TimeoutError:
        raise _TryAgain(f"timed out after {timeout:g} s without an answer") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _TryAgain(f"timed out after {timeout:g} s without an answer") from None
        raise _TryAgain(f"no connection ({error.reason})") from None
    except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
        raise _TryAgain(f"the connection broke ({type(error).__name__})") from None


def _start(response: Any, entry: Entry, there: int, part: Path) -> int:
    """Return where the answer starts in the file, after a look at what the server promises."""
    coding = response.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise _GiveUp(problem("E426", entry.url, reason=f"the server sends it packed ({coding})", count=1))
    start = 0
    if response.status == 206:
        words = response.headers.get("Content-Range", "")
        if words not in (f"bytes {there}-{entry.size - 1}/{entry.size}", f"bytes {there}-{entry.size - 1}/*"):
            part.unlink(missing_ok=True)
            raise _TryAgain("the server sent another part than was asked for")
        start = there
    length = response.headers.get("Content-Length")
    if length is not None and length.strip() != str(entry.size - start):
        part.unlink(missing_ok=True)
        found = int(length) + start if length.strip().isdecimal() else length
        raise _GiveUp(problem("E428", entry.url, found=found, wanted=entry.size))
    return start


def _copy(response: Any, handle: IO[bytes], entry: Entry, start: int, timeout: float) -> None:
    """Copy until the file is whole; one byte more is a lie, less a broken connection."""
    left = entry.size - start
    until = time.monotonic() + timeout + left / LEAST_BYTES_A_SECOND
    while block := response.read1(min(BLOCK, left + 1)):
        if len(block) > left:
            handle.close()
            Path(handle.name).unlink()
            raise _GiveUp(problem("E428", entry.url, found=f"> {entry.size}", wanted=entry.size))
        handle.write(block)
        left -= len(block)
        if time.monotonic() > until:
            raise _TryAgain("the server sends too slowly")
    if left:
        raise _TryAgain(f"the connection broke ({left} bytes missing)")


def _asked_pause(text: str | None) -> float:
    return float(text) if text and text.isdecimal() and len(text) < 6 else 0.0
