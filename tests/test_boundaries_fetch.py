"""Fetching of boundary files, against a server on this machine that fails, stalls and lies."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

import cli as command_line
from planner.boundaries.fetch import Fetched, fetch
from planner.boundaries.manifest import clean_name, read_manifest, refused
from planner.errors import InputError
from planner.wording import in_language

pytestmark = pytest.mark.enable_socket

DATA = bytes(range(256)) * 700
SHA = hashlib.sha256(DATA).hexdigest()


class Server(BaseHTTPRequestHandler):
    """What a path does is its first part: /fails-2/x answers 500 twice, then serves."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, str | None]]] = []
    gate: ClassVar[threading.Event] = threading.Event()

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        asked = self.headers.get("Range")
        times = sum(path == self.path for path, _ in self.seen)
        self.seen.append((self.path, asked))
        getattr(self, f"_{kind.replace('-', '_')}")(times, int(asked[6:-1]) if asked else 0)

    def send(self, data: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def part(self, start: int) -> None:
        where = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
        self.send(DATA[start:], 206 if start else 200, **({"Content_Range": where} if start else {}))

    def _good(self, times: int, start: int) -> None:
        self.part(start)

    def _norange(self, times: int, start: int) -> None:
        self.send(DATA)

    def _fails(self, times: int, start: int) -> None:
        self.send(b"", 500) if times < 2 else self.part(start)

    def _busy(self, times: int, start: int) -> None:
        self.send(b"", 503, Retry_After="7") if times < 1 else self.part(start)

    def _down(self, times: int, start: int) -> None:
        self.send(b"", 500)

    def _gone(self, times: int, start: int) -> None:
        self.send(b"", 404)

    def _breaks(self, times: int, start: int) -> None:
        """Close the connection in the middle, once."""
        self.send(DATA[: len(DATA) // 2], length=len(DATA)) if times < 1 else self.part(start)

    def _breaks_norange(self, times: int, start: int) -> None:
        self.send(DATA[: len(DATA) // 2], length=len(DATA)) if times < 1 else self.send(DATA)

    def _stalls(self, times: int, start: int) -> None:
        """Send half and hang, always."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA[: len(DATA) // 2])
        self.wfile.flush()
        self.gate.wait(10)
        self.close_connection = True

    def _stalls_once(self, times: int, start: int) -> None:
        self._stalls(times, start) if times < 1 else self.part(start)

    def _silent(self, times: int, start: int) -> None:
        self.gate.wait(10)
        self.close_connection = True

    def _wrong(self, times: int, start: int) -> None:
        self.send(bytes(len(DATA)))

    def _short(self, times: int, start: int) -> None:
        self.send(DATA[:-1])

    def _long(self, times: int, start: int) -> None:
        self.send(DATA + b"x")

    def _endless(self, times: int, start: int) -> None:
        """More than the manifest says, without saying how much."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while not self.gate.is_set():
                self.wfile.write(DATA)
        except OSError:
            pass
        self.close_connection = True

    def _packed(self, times: int, start: int) -> None:
        self.send(DATA, Content_Encoding="gzip")

    def _otherpart(self, times: int, start: int) -> None:
        where = f"bytes 0-{len(DATA) - 1}/{len(DATA)}"
        self.send(DATA, 206, Content_Range=where) if start else self.send(DATA)

    def _norest(self, times: int, start: int) -> None:
        self.send(b"", 416) if start else self.send(DATA)

    def _moved(self, times: int, start: int) -> None:
        self.send(b"", 302, Location="/good/moved")

    def _tofile(self, times: int, start: int) -> None:
        self.send(b"", 302, Location="file:///etc/passwd")

    def _toftp(self, times: int, start: int) -> None:
        self.send(b"", 301, Location="ftp://127.0.0.1/x")

    def _round(self, times: int, start: int) -> None:
        self.send(b"", 302, Location=self.path)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    Server.seen = []
    Server.gate = threading.Event()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    Server.gate.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def manifest(
    folder: Path, *paths: str, licence: str = "ODbL-1.0", sha: str = SHA, size: int = len(DATA)
) -> Path:
    path = folder / "manifest.csv"
    rows = [f"{one},{size},{sha},{licence}" for one in paths]
    path.write_text("\n".join(["path,bytes,sha256,licence", *rows]) + "\n", encoding="utf-8")
    return path


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def run(server: str, folder: Path, *paths: str, **options: Any) -> Fetched:
    given = {"timeout": 0.4, "pause": Pauses(), **options}
    return fetch(manifest(folder, *paths), folder / "out", base_url=server, **given)


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "out").iterdir()}


def only_problem(found: Fetched) -> str:
    (problem,) = found.failed.values()
    assert in_language(problem, "vi").what != problem.what
    return str(problem)


@pytest.mark.parametrize(
    "path", ["good/a", "norange/a", "fails/a", "breaks/a", "breaks-norange/a", "moved/a", "stalls-once/a"]
)
def test_what_arrives_whole(server: str, tmp_path: Path, path: str) -> None:
    found = run(server, tmp_path, path)
    assert (found.fetched, found.failed) == (["a"], {})
    assert (tmp_path / "out" / "a").read_bytes() == DATA
    assert names(tmp_path) == {"a", "fetched.json"}


def test_back_off_and_the_pause_a_server_asks_for(server: str, tmp_path: Path) -> None:
    pauses = Pauses()
    assert run(server, tmp_path, "fails/a", pause=pauses).fetched == ["a"]
    assert pauses == [1.0, 2.0]
    pauses.clear()
    assert run(server, tmp_path, "busy/b", pause=pauses).fetched == ["b"]
    assert pauses == [7.0]


@pytest.mark.parametrize(
    ("path", "says", "tries"),
    [
        ("down/a", "E426 .*the server answered 500", 3),
        ("gone/a", "E426 .*the server answered 404", 1),
        ("silent/a", "E426 .*timed out after 0.4 s", 3),
        ("wrong/a", "E427 .*SHA-256", 1),
        ("short/a", f"E428 .*has {len(DATA) - 1} bytes, the manifest says {len(DATA)}", 1),
        ("long/a", f"E428 .*has {len(DATA) + 1} bytes", 1),
        ("endless/a", f"E428 .*has > {len(DATA)} bytes", 1),
        ("packed/a", "E426 .*packed", 1),
        ("tofile/a", "E429 .*file:///etc/passwd.*only http and https", 1),
        ("toftp/a", "E429 .*only http and https", 1),
        ("round/a", "E429 .*redirects in circles", None),
    ],
)
def test_what_does_not_arrive(server: str, tmp_path: Path, path: str, says: str, tries: int | None) -> None:
    import re

    found = run(server, tmp_path, path, "good/b", retries=2)
    assert re.search(says, only_problem(found))
    assert found.fetched == ["b"]  # one bad file does not keep the others away
    assert names(tmp_path) == {"b", "fetched.json"}
    if tries:
        assert sum(one == f"/{path}" for one, _ in Server.seen) == tries
    mark = json.loads((tmp_path / "out" / "fetched.json").read_text(encoding="utf-8"))
    assert mark["missing"] == ["a"]


def test_a_stalled_file_goes_on_in_the_next_run(server: str, tmp_path: Path) -> None:
    assert "timed out" in only_problem(run(server, tmp_path, "stalls/a", retries=0))
    part = tmp_path / "out" / "a.part"
    assert part.read_bytes() == DATA[: len(DATA) // 2]
    found = run(server, tmp_path, "good/a")
    assert found.fetched == ["a"]
    assert Server.seen[-1] == ("/good/a", f"bytes={len(DATA) // 2}-")
    assert names(tmp_path) == {"a", "fetched.json"}


@pytest.mark.parametrize("path", ["good/a", "norange/a", "otherpart/a", "norest/a"])
@pytest.mark.parametrize(
    "left",
    [DATA[:1000], bytes(1000), DATA, bytes(len(DATA)), DATA + b"more"],
    ids=["right", "wrong", "whole", "bad", "long"],
)
def test_partial_files_of_any_kind(server: str, tmp_path: Path, path: str, left: bytes) -> None:
    """Whatever an earlier run left, what stands in its place in the end is the file."""
    run(server, tmp_path, "gone/a")
    (tmp_path / "out" / "a.part").write_bytes(left)
    assert run(server, tmp_path, path).failed == {}
    assert (tmp_path / "out" / "a").read_bytes() == DATA
    assert names(tmp_path) == {"a", "fetched.json"}


def test_a_second_run_keeps_what_is_verified_and_mends_what_is_not(server: str, tmp_path: Path) -> None:
    run(server, tmp_path, "good/a", "good/b")
    (tmp_path / "out" / "b").write_bytes(bytes(len(DATA)))
    Server.seen.clear()
    found = run(server, tmp_path, "good/a", "good/b")
    assert (found.kept, found.fetched) == (["a"], ["b"])
    assert [path for path, _ in Server.seen] == ["/good/b"]


def test_nobody_listens(tmp_path: Path) -> None:
    found = run("http://127.0.0.1:9", tmp_path, "a", retries=0)
    assert "no connection" in only_problem(found)


def test_terms_that_nobody_has_cleared(server: str, tmp_path: Path) -> None:
    for licence in ("", "MIT", "all rights reserved"):
        listed = manifest(tmp_path, "good/a", licence=licence)
        with pytest.raises(InputError, match="E430"):
            fetch(listed, tmp_path / "out", base_url=server)
        assert Server.seen == []
        assert not (tmp_path / "out").exists()
    assert fetch(listed, tmp_path / "out", base_url=server, accept_licence=True).fetched == ["a"]


def test_a_folder_of_somebody_else_is_left_alone(server: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="E805"):
        run(server, tmp_path, "good/a")
    assert run(server, tmp_path, "good/a", force=True).fetched == ["a"]
    assert "letter.txt" in names(tmp_path)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("a/..%2f..%2fx.geojson", "x.geojson"),
        (r"C:\Windows\x.geojson", "x.geojson"),
        (".hidden", "hidden"),
        ("..", "file"),
        ("a/Hồ sơ.geojson", "H__s_.geojson"),
        ("con.geojson", "_con.geojson"),
        ("x\u202egnp.exe", "x_gnp.exe"),
        ("a" * 300, "a" * 120),
    ],
)
def test_names_of_files(path: str, name: str) -> None:
    assert clean_name(path) == name


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://h/x",
        "http://",
        "http://u:p@h/x",
        "http://h/a b",
        "http://h:x/",
        "//h/x",
        "data:,x",
        "http://hà/",
    ],
)
def test_addresses_that_are_not_opened(url: str) -> None:
    assert refused(url)
    assert not refused("https://example.org/a%20b?x=1")


def test_every_bad_row_of_a_manifest_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    good = "a" * 64
    path.write_text(
        f"path,bytes,sha256,url\na.json,5,{good},file:///x\nb.json,5,xyz,http://h/b\nc/B.json,5,{good},http://h/c\nd.json,5,{good},\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    assert [(p.code, p.where.split(":")[-1]) for p in caught.value.problems] == [
        ("E429", "2 url"), ("E431", "3 sha256"), ("E432", "4 path"), ("E429", "5 url"),
    ]  # fmt: skip
    path.write_text(f"path,bytes,sha256\na,-1,{good}\nb,9999999999,{good}\nc,1.5,{good}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_manifest(path, "http://h")
    assert len(caught.value.problems) == 3


def test_an_interrupted_run_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.boundaries.fetch.fetch", interrupt)
    assert command_line.main(["boundaries", "fetch", str(manifest(tmp_path, "a"))]) == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_the_manifest_that_came_with_the_project_can_be_read() -> None:
    path = Path(__file__).resolve().parents[2] / "shared" / "geo" / "fetch-manifest.csv"
    if not path.is_file():
        pytest.skip(f"no {path}")
    entries = read_manifest(path, "https://raw.githubusercontent.com/o/r/commit/")
    assert len(entries) == 126
    assert entries[0].url.endswith("/commit/json/geojson/01_ha_noi/wards/00004_ba_dinh.geojson")


def test_the_verb(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    manifest(tmp_path, "good/a.geojson", "gone/b.geojson")
    words = ["boundaries", "fetch", "manifest.csv", "--base-url", server, "--retries", "1", "--timeout", "1s"]
    assert command_line.main(words) == 3
    printed = capsys.readouterr()
    assert "Licence ODbL-1.0: 2 files" in printed.out
    assert "1 files fetched, 0 were there already, 1 missing of 2." in printed.out
    assert "Missing: b.geojson" in printed.out
    assert "E426" in printed.err
    manifest(tmp_path, "good/a.geojson", "good/b.geojson")
    assert command_line.main([*words, "--lang", "vi"]) == 0
    assert "Đã tải 1 tệp, có sẵn 1" in capsys.readouterr().out
    assert command_line.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == ["a.geojson", "b.geojson"]
    assert {path.name for path in (tmp_path / "downloads" / "manifest").iterdir()} == {
        "a.geojson", "b.geojson", "fetched.json",
    }  # fmt: skip
