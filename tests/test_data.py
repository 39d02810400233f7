"""The tables of data/geo agree with each other, with the official totals and with the facts they rest on."""

from __future__ import annotations

import csv
import importlib.util
import math
import os
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
GEO, FACTS, NORMS = ROOT / "data" / "geo", ROOT / "data" / "facts", ROOT / "data" / "norms"
TABLES = ("wards", "communes", "commune_ward", "sites", "today", "city_points")
Row = dict[str, str]
STATUSES = {"sourced", "second-hand", "derived", "estimated"}


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def wards() -> dict[str, Row]:
    return {row["ward_code"]: row for row in rows_of(GEO / "wards.csv")}


@pytest.fixture(scope="module")
def communes() -> dict[str, Row]:
    return {row["commune_code"]: row for row in rows_of(GEO / "communes.csv")}


@pytest.fixture(scope="module")
def pairs() -> list[Row]:
    return rows_of(GEO / "commune_ward.csv")


@pytest.fixture(scope="module")
def sites() -> dict[str, Row]:
    return {row["site_id"]: row for row in rows_of(GEO / "sites.csv")}


@pytest.fixture(scope="module")
def today() -> list[Row]:
    return rows_of(GEO / "today.csv")


@pytest.fixture(scope="module")
def build_data() -> ModuleType:
    """The developer's script, which is no part of the package."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        spec = importlib.util.spec_from_file_location("build_data", ROOT / "tools" / "build_data.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["build_data"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return module


# Form of the files.


@pytest.mark.parametrize(
    "path",
    sorted([*GEO.glob("*.csv"), *FACTS.glob("*.csv"), NORMS / "banks.csv", NORMS / "bridges.csv"]),
    ids=lambda p: p.stem,
)
def test_files_are_utf8_nfc_with_plain_line_ends(path: Path) -> None:
    data = path.read_bytes()
    text = data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_in_the_dictionary_in_order(table: str) -> None:
    with (GEO / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    dictionary = rows_of(GEO / f"{table}.columns.csv")
    assert [row["column"] for row in dictionary] == header
    assert all(all(row.values()) for row in dictionary), "every cell of a dictionary is filled"


@pytest.mark.parametrize("table", TABLES)
def test_every_row_states_source_and_status(table: str) -> None:
    for row in rows_of(GEO / f"{table}.csv"):
        if "source" in row:
            assert row["source"]
        if "status" in row:
            assert row["status"] in STATUSES


def test_codes_keep_their_five_digits(wards: dict[str, Row], communes: dict[str, Row]) -> None:
    assert all(len(code) == 5 and code.isdigit() for code in [*wards, *communes])


def test_coordinates_lie_in_hanoi_and_have_six_decimals_at_most(
    wards: dict[str, Row], communes: dict[str, Row], sites: dict[str, Row], today: list[Row]
) -> None:
    network = [*rows_of(GEO / "city_points.csv"), *rows_of(NORMS / "bridges.csv")]
    for row in [*wards.values(), *communes.values(), *sites.values(), *today, *network]:
        assert 20.5 < float(row["lat"]) < 21.4
        assert 105.2 < float(row["lon"]) < 106.1
        assert all(len(row[axis].partition(".")[2]) <= 6 for axis in ("lat", "lon"))


# Units.


def test_units_and_official_totals(wards: dict[str, Row], communes: dict[str, Row], pairs: list[Row]) -> None:
    assert Counter(row["type"] for row in wards.values()) == {"phường": 51, "xã": 75}
    assert sum(int(row["population"]) for row in wards.values()) == 8_807_523
    assert len(communes) == 526
    assert sum(int(row["population_2019"]) for row in communes.values()) == 8_053_663
    assert len(pairs) == 795
    assert len({(row["commune_code"], row["ward_code"]) for row in pairs}) == 795
    assert {row["commune_code"] for row in pairs} == set(communes)
    assert {row["ward_code"] for row in pairs} == set(wards)


def test_people_of_the_pieces_sum_to_each_official_population(
    wards: dict[str, Row], pairs: list[Row]
) -> None:
    sums: Counter[str] = Counter()
    for row in pairs:
        sums[row["ward_code"]] += int(row["population"])
    assert sums == {code: int(row["population"]) for code, row in wards.items()}


def test_only_pieces_without_people_are_empty(pairs: list[Row]) -> None:
    assert all((int(row["population"]) == 0) == (row["pop_rule"] == "none") for row in pairs)


def test_old_units_keep_close_to_the_census_and_growth(communes: dict[str, Row], pairs: list[Row]) -> None:
    """One growth rate for all is not true, but most old units keep within a fifth of it."""
    sums: Counter[str] = Counter()
    for row in pairs:
        sums[row["commune_code"]] += int(row["population"])
    growth = 8_807_523 / 8_053_663
    ratios = sorted(sums[code] / (int(row["population_2019"]) * growth) for code, row in communes.items())
    assert ratios[0] > 0.7
    assert ratios[-1] < 1.5
    assert sum(0.8 < ratio < 1.2 for ratio in ratios) > 0.9 * len(ratios)


def test_no_piece_with_people_is_fitted_away(communes: dict[str, Row], pairs: list[Row]) -> None:
    for row in pairs:
        if row["pop_rule"] != "none":
            assert int(row["population"]) > 0.005 * int(communes[row["commune_code"]]["population_2019"])


# Premises.


def test_every_old_office_and_district_headquarters_is_a_site(
    wards: dict[str, Row], communes: dict[str, Row], sites: dict[str, Row]
) -> None:
    kinds = Counter(row["kind"] for row in sites.values())
    assert kinds["former_commune_hq"] == 526
    assert kinds["former_district_hq"] == 30
    assert len(sites) == len(rows_of(GEO / "sites.csv")), "no id twice"
    assert all(f"HC-{code}" in sites for code in communes)
    assert {row["ward_code"] for row in sites.values()} == set(wards), "no unit without premises"


def test_an_old_office_lies_in_a_unit_that_got_a_piece_with_people(
    pairs: list[Row], sites: dict[str, Row]
) -> None:
    got = defaultdict(set)
    for row in pairs:
        if row["pop_rule"] != "none":
            got[row["commune_code"]].add(row["ward_code"])
    assert all(row["ward_code"] in got[row["commune_code"]] for row in sites.values() if row["commune_code"])


def test_estimates_are_whole_ordered_and_marked(sites: dict[str, Row]) -> None:
    for row in sites.values():
        low, mid, high = (int(row[f"floor_area{end}_m2"]) for end in ("_low", "", "_high"))
        assert 0 < low <= mid <= high
        assert row["floor_area_basis"] in {"estimated", "surveyed", "sourced"}
        assert int(row["land_area_m2"]) > 0
        assert int(row["hall_seats"]) >= 0
        assert int(row["workplaces"]) > 0
        assert row["condition"] in "ABCD"
        assert row["use"] in {"required", "candidate", "excluded"}
        assert row["point_basis"]


def test_same_class_and_size_give_the_same_estimate(communes: dict[str, Row], sites: dict[str, Row]) -> None:
    """One written rule: no office is tuned by itself (published figures aside)."""
    overridden = {row["site_id"] for row in rows_of(FACTS / "site_overrides.csv")}
    seen: dict[tuple[str, int], set[tuple[str, ...]]] = defaultdict(set)
    columns = (
        "floor_area_low_m2",
        "floor_area_m2",
        "floor_area_high_m2",
        "hall_seats",
        "land_area_m2",
        "condition",
    )
    for site_id, row in sites.items():
        if row["commune_code"] and site_id not in overridden:
            people = int(communes[row["commune_code"]]["population_2019"])
            size = sum(people >= bound for bound in (5000, 10000, 20000))
            class_name = row["note"].split("estimate class ")[1].split(";")[0]
            seen[class_name, size].add(tuple(row[column] for column in columns))
    assert all(len(values) == 1 for values in seen.values())
    assert {class_name for class_name, _ in seen} == {"inner", "urban", "rural"}


def test_a_building_of_two_units_is_not_counted_twice(sites: dict[str, Row]) -> None:
    parts = [row for row in sites.values() if row["note"].startswith("part of the building of ")]
    assert len(parts) == 2
    for part in parts:
        whole = sites[part["note"].removeprefix("part of the building of ").split(",")[0]]
        assert whole["ward_code"] != part["ward_code"]
        assert int(whole["floor_area_m2"]) + int(part["floor_area_m2"]) == 4500


# The arrangement in force.


def test_every_committee_has_an_address_and_nothing_is_listed_twice(
    wards: dict[str, Row], today: list[Row]
) -> None:
    keys = Counter((row["ward_code"], row["body"]) for row in today)
    assert max(keys.values()) == 1
    assert {code for code, body in keys if body == "council_committee"} == set(wards)
    assert {body for _, body in keys} == {"party", "council_committee", "front", "reception"}


def test_bodies_sit_in_premises_of_their_own_unit(sites: dict[str, Row], today: list[Row]) -> None:
    for row in today:
        assert sites[row["site_id"]]["ward_code"] == row["ward_code"]
        assert row["match_status"] in {"matched", "presumed", "unknown"}
        assert row["basis"][:3] in {f"{letter}: " for letter in "abcdefg"}


def test_premises_that_only_today_names_are_used_today(sites: dict[str, Row], today: list[Row]) -> None:
    used = {row["site_id"] for row in today}
    assert {site_id for site_id in sites if site_id.startswith("HX-")} <= used


def test_together_and_apart_follow_the_notice_or_a_written_decision(today: list[Row]) -> None:
    decided = {row["ward_code"] for row in rows_of(FACTS / "today_decisions.csv")}
    seats = {(row["ward_code"], row["body"]): row["site_id"] for row in today}
    for row in rows_of(FACTS / "today.csv"):
        party = seats.get((row["ward_code"], "party"))
        if party is None or row["ward_code"] in decided or row["party_and_committee"] == "unknown":
            continue
        together = party == seats[row["ward_code"], "council_committee"]
        assert together == (row["party_and_committee"] != "split"), row["ward_name"]


def test_no_body_is_invented(today: list[Row]) -> None:
    """Every row rests on a row of the facts for that unit."""
    known = {
        (row["ward_code"], body)
        for row in rows_of(FACTS / "today.csv")
        for body in ("party", "council_committee", "front", "reception")
        if row[f"{body}_address"]
    }
    for row in rows_of(FACTS / "hq_news.csv"):
        known |= {(row["ward_code"], body) for body in ("party", "front") if row["body"] in (body, "all")}
        known.add((row["ward_code"], row["body"]))
    known |= {(row["ward_code"], "reception") for row in rows_of(FACTS / "reception_points.csv")}
    assert {(row["ward_code"], row["body"]) for row in today} <= known


def test_about_32_units_use_a_former_district_building(sites: dict[str, Row], today: list[Row]) -> None:
    used = {row["ward_code"] for row in today if sites[row["site_id"]]["floor_area_m2"] in ("4500", "2250")}
    assert 30 <= len(used) <= 35


# The reception network.


@pytest.fixture(scope="module")
def bank_of() -> dict[str, str]:
    return {row["commune_code"]: row["bank"] for row in rows_of(NORMS / "banks.csv")}


def ground_km(row: Row) -> tuple[float, float]:
    return float(row["lat"]) * 110.7, float(row["lon"]) * 103.9


def test_one_city_point_for_every_former_district(wards: dict[str, Row], sites: dict[str, Row]) -> None:
    points = rows_of(GEO / "city_points.csv")
    offices = {row["district_code"]: row for row in rows_of(FACTS / "district_hq.csv")}
    assert [row["point_id"] for row in points] == sorted(f"CP-{code}" for code in offices)
    for row in points:
        office = offices[row["point_id"].removeprefix("CP-")]
        at_office = (float(office["lat"]), float(office["lon"])) == (float(row["lat"]), float(row["lon"]))
        assert (
            at_office == row["coordinate_basis"].startswith("former district headquarters") or row["branch"]
        )
        assert math.dist(ground_km(row), ground_km(office)) < 1.5
        assert row["ward_code"] in wards
        assert row["use"] == "required"
        assert "inferred" in row["source"]
        assert "suy" in row["source_vi"]
    branches = {row["branch"]: row["point_id"] for row in points if row["branch"]}
    assert branches == {
        "1": "CP-003", "2": "CP-005", "3": "CP-002", "4": "CP-007", "7": "CP-268", "11": "CP-020",
    }  # fmt: skip
    assert {row["branch"]: row["counters"] for row in points if row["counters"]} == {"7": "11"}


def test_every_old_unit_has_a_bank(communes: dict[str, Row], bank_of: dict[str, str]) -> None:
    assert set(bank_of) == set(communes)
    assert Counter(bank_of.values()) == {"centre": 280, "west": 149, "north": 73, "between": 24}
    for row in rows_of(NORMS / "banks.csv"):
        assert row["status"] in STATUSES
        assert row["source"].startswith("working value")
        assert row["source_vi"].startswith("Giá trị tạm tính")
    north_of_duong = {
        c for c, b in bank_of.items() if b == "north" and "Gia Lâm" in communes[c]["former_district"]
    }
    assert {communes[code]["name"] for code in north_of_duong} == {
        "Yên Viên", "Yên Thường", "Ninh Hiệp", "Thiên Đức", "Phù Đổng",
    }  # fmt: skip


def test_few_people_of_a_unit_live_on_another_bank(pairs: list[Row], bank_of: dict[str, str]) -> None:
    """The new units were drawn along the rivers: where banks are right, hardly any unit lies on two of them."""
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for row in pairs:
        people[row["ward_code"]][bank_of[row["commune_code"]]] += int(row["population"])
    mixed = {code: count for code, count in people.items() if len(+count) > 1}
    assert len(mixed) <= 6
    assert sum(sum(count.values()) - max(count.values()) for count in mixed.values()) < 0.004 * 8_807_523


def test_a_bridge_lies_between_its_banks(communes: dict[str, Row], bank_of: dict[str, str]) -> None:
    """Within 5 km of an old unit on each bank, and between two of those that are nearest."""
    for bridge in rows_of(NORMS / "bridges.csv"):
        here = ground_km(bridge)
        nearest = []
        for end in ("bank_a", "bank_b"):
            on_bank = [ground_km(row) for code, row in communes.items() if bank_of[code] == bridge[end]]
            nearest.append(sorted(on_bank, key=lambda point: math.dist(point, here))[:3])
            assert math.dist(nearest[-1][0], here) < 5, bridge["name"]
        assert any(
            (a[0] - here[0]) * (b[0] - here[0]) + (a[1] - here[1]) * (b[1] - here[1]) < 0
            for a in nearest[0]
            for b in nearest[1]
        ), bridge["name"]


def test_bridges_say_what_they_are(bank_of: dict[str, str]) -> None:
    bridges = rows_of(NORMS / "bridges.csv")
    assert len({row["bridge_id"] for row in bridges}) == len(bridges) == 19
    joins = Counter((row["river"], *sorted((row["bank_a"], row["bank_b"]))) for row in bridges)
    assert joins == {
        ("Hồng", "centre", "north"): 2,
        ("Hồng", "between", "centre"): 4,
        ("Đuống", "between", "north"): 3,
        ("Đáy", "centre", "west"): 10,
    }
    for row in bridges:
        assert row["status"] == "estimated"
        assert row["source"].startswith("approximate, from general knowledge")
        assert {row["bank_a"], row["bank_b"]} <= set(bank_of.values())


def test_neighbours_are_mostly_on_the_same_bank(communes: dict[str, Row], bank_of: dict[str, str]) -> None:
    """An old unit whose three nearest all lie on another bank is on the wrong side, or a known riverside place."""
    points = {code: ground_km(row) for code, row in communes.items()}
    alone = set()
    for code, here in points.items():
        near = sorted(points, key=lambda other: math.dist(points[other], here))[1:4]
        if bank_of[code] not in {bank_of[other] for other in near}:
            alone.add(communes[code]["name"])
    # Kim Lan and Văn Đức (now Kim Đức) lie on the left bank of the Red River, opposite Thanh Trì; the others face each
    # other over the Đáy, which is the whole border of Mỹ Đức and Ứng Hòa.
    assert alone == {"Kim Đức", "Mỹ Xuyên", "Hoa Viên", "Thái Hòa"}


def test_a_bank_is_refused_that_fits_no_old_unit(build_data: ModuleType, tmp_path: Path) -> None:
    network = sys.modules["hanoi.network"]
    facts = tmp_path / "banks.csv"
    head = "former_district,commune_code,bank,note,note_vi\n"
    commune_of = {"00001": {"former_district": "Quận Ba Đình"}}
    facts.write_text(f"{head}Quận Ba Đình,,centre,,\nQuận Ba Đình,00002,west,x,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="00002"):
        network.build_banks(tmp_path, commune_of)
    facts.write_text(f"{head}Quận Tây Hồ,,centre,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Quận Ba Đình"):
        network.build_banks(tmp_path, commune_of)


# The build itself.


def test_build_repeats_the_tables_byte_for_byte(build_data: ModuleType, tmp_path: Path) -> None:
    given = os.environ.get("UNITS_DB")
    try:
        database = build_data.find_database(Path(given) if given else None)
    except FileNotFoundError as error:
        pytest.skip(str(error))
    build_data.write(build_data.build(database, FACTS), tmp_path, tmp_path)
    for table in TABLES:
        assert (tmp_path / f"{table}.csv").read_bytes() == (GEO / f"{table}.csv").read_bytes()
    assert (tmp_path / "banks.csv").read_bytes() == (NORMS / "banks.csv").read_bytes()


def test_build_refuses_another_database(build_data: ModuleType, tmp_path: Path) -> None:
    other = tmp_path / "dataset.db"
    other.write_bytes(b"something else")
    with pytest.raises(ValueError, match="SHA-256"):
        build_data.find_database(other)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Số 25, phố Liễu Giai", "25 Liễu Giai"),
        ("Số 02 ngõ 4B phố Đặng Văn Ngữ", "2 ngõ 4B Đặng Văn Ngữ"),
        ("Số 1 phố Vạn Hạnh", "1 Vạn Hạnh (KĐT Việt Hưng)"),
        ("Số 102, tổ dân phố Bắc Sơn", "102 TDP Bắc Sơn, TT Chúc Sơn"),
        ("Thôn Đức Hoà", "thôn Đức Hòa"),
    ],
)
def test_one_door_written_in_two_ways(build_data: ModuleType, a: str, b: str) -> None:
    assert build_data.same_place(a, b)


def test_neighbouring_numbers_are_not_one_door(build_data: ModuleType) -> None:
    assert not build_data.same_place("Số 12 đường 17/8", "10 đường 17/8, TT Quốc Oai")
