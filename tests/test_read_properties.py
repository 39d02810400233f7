"""Properties of reading and wording that hold for any text."""

import csv
import io
import shutil
import unicodedata
from collections.abc import Callable
from datetime import date as Date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner.errors import InputError, Problem, ProblemList
from planner.region import SITES, WARDS, Region, read_region
from planner.scenario import Scenario, keys, read_scenario
from planner.tables import read_table
from planner.wording import (
    MAX_SHOWN,
    MESSAGES,
    collation_key,
    date,
    fold,
    in_language,
    money,
    number,
    problem,
    share,
    shown,
)
from planner.yamlfile import parse_yaml

ROOT = Path(__file__).resolve().parent.parent


def outcome(read: Callable[[], object]) -> object:
    """Return what was read, or the error with the problems; any other exception is a bug."""
    try:
        return read()
    except InputError as error:
        return error


VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệóòỏõọốồổỗộớờởỡợúùủũụ -", max_size=20
)


@given(st.text())
def test_fold_is_plain_and_stable(text: str) -> None:
    """Folded text has no accents, no đ, no capitals, and folds to itself."""
    folded = fold(text)
    assert "đ" not in folded
    assert fold(folded) == folded
    assert not any(unicodedata.combining(character) for character in unicodedata.normalize("NFD", folded))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đống Đa", "dong da"),
        ("Văn Miếu - Quốc Tử Giám", "van mieu - quoc tu giam"),
        ("  Ô  Chợ\u00a0Dừa ", "o cho dua"),
        (unicodedata.normalize("NFD", "Hoàng Liệt"), "hoang liet"),
        ("ĐAN PHƯỢNG", "dan phuong"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """What is typed without accents finds the name."""
    assert fold(text) == folded


@given(VIETNAMESE)
def test_fold_and_order_do_not_depend_on_unicode_form(text: str) -> None:
    """NFC and NFD of a name are the same to search and to sorting."""
    other = unicodedata.normalize("NFD", text)
    assert fold(text) == fold(other)
    assert collation_key(text)[:2] == collation_key(other)[:2]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_collation_is_a_total_order(texts: list[str]) -> None:
    """Any texts sort, and in one way only."""
    assert sorted(texts, key=collation_key) == sorted(reversed(texts), key=collation_key)


def test_collation() -> None:
    """Letters in Vietnamese order first, then tones."""
    ordered = [
        "a",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "ă",
        "ằ",
        "ẳ",
        "ẵ",
        "ắ",
        "ặ",
        "â",
        "ầ",
        "ẩ",
        "ẫ",
        "ấ",
        "ậ",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "è",
        "ẻ",
        "ẽ",
        "é",
        "ẹ",
        "ê",
        "ề",
        "ể",
        "ễ",
        "ế",
        "ệ",
        "g",
        "h",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "ò",
        "ỏ",
        "õ",
        "ó",
        "ọ",
        "ô",
        "ồ",
        "ổ",
        "ỗ",
        "ố",
        "ộ",
        "ơ",
        "ờ",
        "ở",
        "ỡ",
        "ớ",
        "ợ",
        "p",
        "q",
        "r",
        "s",
        "t",
        "u",
        "ù",
        "ủ",
        "ũ",
        "ú",
        "ụ",
        "ư",
        "ừ",
        "ử",
        "ữ",
        "ứ",
        "ự",
        "v",
        "x",
        "y",
        "ỳ",
        "ỷ",
        "ỹ",
        "ý",
        "ỵ",
    ]
    assert sorted(reversed(ordered), key=collation_key) == ordered
    names = [
        "Ba Đình",
        "Ba Vì",
        "Bạch Mai",
        "Bát Tràng",
        "Cầu Giấy",
        "Cửa Nam",
        "Dân Hòa",
        "Đa Phúc",
        "Đống Đa",
    ]
    names += ["Ô Chợ Dừa", "Ô Diên", "Phú Thượng", "Phúc Lợi", "Tây Hồ", "Từ Liêm", "Xã 2", "Xã 10"]
    assert sorted(reversed(names), key=collation_key)[:9] == names[:9]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["vi", "en"]), st.integers(0, 3))
def test_numbers_round_trip(value: int, lang: str, decimals: int) -> None:
    """A number as people read it gives the number back."""
    text = number(value / 8, lang, decimals)  # type: ignore[arg-type]
    plain = text.replace(".", "").replace(",", ".") if lang == "vi" else text.replace(",", "")
    assert abs(float(plain) - value / 8) <= 0.5 / 10**decimals + 1e-6 * abs(value)
    assert not text.startswith("-0") or any(digit in text for digit in "123456789")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (number(1234.5, "vi", 1), "1.234,5"),
        (number(1234.5, "en", 1), "1,234.5"),
        (number(-0.001, "vi", 1), "0,0"),
        (share(0.5971, "vi", 1), "59,7%"),
        (share(0.08, "en"), "8%"),
        (money(1_500_000_000), "1,5 tỷ đồng"),
        (money(15_000_000_000_000), "15 nghìn tỷ đồng"),
        (money(1_234_500_000_000), "1,2 nghìn tỷ đồng"),
        (money(999_960_000), "1 tỷ đồng"),
        (money(350_000_000), "350 triệu đồng"),
        (money(-2_300_000_000, "en"), "-2.3 billion VND"),
        (money(5000), "5.000 đồng"),
        (money(0), "0 đồng"),
        (date(Date(2025, 7, 1)), "01/7/2025"),
        (date(Date(2025, 2, 12)), "12/02/2025"),
        (date(Date(2025, 7, 1), "en"), "1 July 2025"),
    ],
)
def test_wording(text: str, expected: str) -> None:
    """Numbers, money and dates as the readers write them."""
    assert text == expected


@given(st.text())
def test_shown_is_short_and_printable(text: str) -> None:
    """No value breaks a line, a terminal or a screen."""
    assert shown(text).isprintable()
    assert len(shown(text)) <= 12 * MAX_SHOWN
    assert shown(text[:MAX_SHOWN]) == text[:MAX_SHOWN] or not text[:MAX_SHOWN].isprintable()


@given(st.sampled_from(sorted(MESSAGES)), st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_any_value_in_any_message(code: str, text: str, names: list[str]) -> None:
    """Values with braces, quotes or control characters stay values, in both languages."""
    import string

    message = MESSAGES[code]
    wanted = {name for part in message for _, name, _, _ in string.Formatter().parse(part) if name}
    values: dict[str, object] = {name: (text, names) if name == "near" else text for name in wanted}
    found = problem(code, f"x.csv:1 {text}", **values)
    assert str(found).isprintable()
    assert in_language(in_language(found, "vi"), "en") == found
    assert str(in_language(found, "vi")).isprintable()


def test_unknown_problem_stays() -> None:
    """A problem that another module words itself passes through."""
    found = Problem("E501", "x", "what", "fix")
    assert in_language(found, "vi") == found


@given(st.text())
@example("a: &x [1]\nb: *x")
@example("? - a\n: b")
@example("!!binary x")
@example("%YAML 3.0\n---\na: b")
@example("a: !<tag:x> b")
@example("- |\n  text\n - b")
@example("{a: b, ? }")
def test_any_text_as_yaml(text: str) -> None:
    """Any text is a tree or a problem, nothing else."""
    problems = ProblemList()
    tree = parse_yaml(text, "x.yaml", problems)
    assert tree is not None or problems.problems


YAML_BITS = st.lists(
    st.sampled_from(
        [
            "extends: _base",
            "rules:",
            "  max_sites: 2",
            "  max_sites: [",
            "geo: data/geo",
            "norms: x",
            "horizon: 1",
            "  years: 5%",
            "prices: {vnd_per_km: 3}",
            "title_vi: Tên",
            "- a",
            "---",
            "\t",
            "  hall: 'off'",
            "release:",
            "  route: lease",
            "#",
            "a: *b",
        ]
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "scenarios").mkdir()
    shutil.copy(ROOT / "scenarios" / "_base.yaml", folder / "scenarios")
    shutil.copytree(ROOT / "data" / "norms", folder / "data" / "norms")
    shutil.copytree(ROOT / "tests" / "data" / "region5", folder / "data" / "geo")
    return folder


@given(st.one_of(YAML_BITS.map("\n".join), st.text().map("extends: _base\n".__add__)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_any_scenario_is_read_or_refused(project: Path, text: str) -> None:
    """A scenario file gives a scenario or an InputError with problems, never another exception."""
    path = project / "scenarios" / "fuzz.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = outcome(lambda: read_scenario("fuzz", project))
    if isinstance(found, InputError):
        assert found.problems
        assert all(str(in_language(one, "vi")).isprintable() for one in found.problems)
    else:
        assert isinstance(found, Scenario)


@given(
    st.sampled_from(sorted(keys())),
    st.one_of(st.text(max_size=30), st.from_regex(r"-?[0-9_]{1,20}(\.[0-9]+)? ?(%|tỷ|m2)?", fullmatch=True)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_any_value_of_any_key(project: Path, key: str, text: str) -> None:
    """A value is taken within its bounds or refused at its line."""
    section, _, name = key.rpartition(".")
    quoted = "'" + text.replace("'", "''") + "'"
    body = f"{section}:\n  {name}: {quoted}\n" if section else f"{name}: {quoted}\n"
    (project / "scenarios" / "value.yaml").write_bytes(
        f"extends: _base\n{body}".encode("utf-8", "surrogatepass")
    )
    found = outcome(lambda: read_scenario("value", project))
    if isinstance(found, InputError):
        assert all(one.where.startswith("scenarios/value.yaml") for one in found.problems)


@given(st.binary(max_size=400))
@example(b"ward_code,name\n\xff")
@example(b"\xef\xbb\xbf")
@example(b'"\n')
@example(b",\n,\n")
@example(b"\r")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_as_a_table(tmp_path: Path, data: bytes) -> None:
    """Any bytes give problems, never an exception, and a frame with the columns asked for."""
    path = tmp_path / "wards.csv"
    path.write_bytes(data)
    problems = ProblemList()
    table = read_table(path, WARDS, ["ward_code"], problems)
    assert problems.problems
    assert {column.name for column in WARDS} <= set(table.frame.columns)
    assert all(str(found).isprintable() for found in problems.problems)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_cells_in_any_table(project: Path, data: st.DataObject) -> None:
    """Broken cells in any of the six tables at once are reported, never an exception."""
    geo = project / "data" / "fuzz"
    shutil.rmtree(geo, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "data" / "region5", geo)
    junk = st.one_of(
        st.text(max_size=5),
        st.sampled_from(["", "0", "-1", "00316", "HC-00316", "1e5", "NaN", "99", "none", "20.9", "105.8"]),
    )
    for _ in range(data.draw(st.integers(1, 6))):
        path = geo / data.draw(
            st.sampled_from(
                ["wards.csv", "communes.csv", "commune_ward.csv", "sites.csv", "today.csv", "parcels.csv"]
            )
        )
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
        row = data.draw(st.integers(0, len(rows) - 1))
        if rows[row]:
            rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(junk)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    found = outcome(lambda: read_region(geo, geo / "parcels.csv"))
    assert isinstance(found, Region) or (isinstance(found, InputError) and found.problems)


@given(st.lists(st.tuples(st.integers(1, 200_000), st.integers(0, 5000)), min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_good_tables_come_back(tmp_path: Path, numbers: list[tuple[int, int]]) -> None:
    """What is written well is read back as it was."""
    columns = [column for column in SITES if column.name in ("site_id", "floor_area_m2", "hall_seats")]
    lines = [f"X-{at},{floor},{hall}" for at, (floor, hall) in enumerate(numbers)]
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(["site_id,floor_area_m2,hall_seats", *lines]) + "\n", encoding="utf-8")
    problems = ProblemList()
    frame = read_table(path, columns, ["site_id"], problems).frame
    assert not problems.problems
    assert list(zip(frame["floor_area_m2"], frame["hall_seats"], strict=True)) == numbers
