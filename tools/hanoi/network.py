"""The reception network: the points of the city's service centre, and on which bank of a river each old unit lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hanoi.tables import Row, read_rows

CITY_POINT_COLUMNS = (
    "point_id",
    "ward_code",
    "name",
    "lat",
    "lon",
    "counters",
    "use",
    "branch",
    "coordinate_basis",
    "status",
    "source",
    "source_vi",
)
BANK_COLUMNS = ("commune_code", "bank", "status", "source", "source_vi")

_POINTS = (
    "data/facts/reception_points.csv (one point a former district: inferred from '30 points in 30 districts')"
)
_POINTS_VI = (
    "data/facts/reception_points.csv (mỗi quận, huyện, thị xã cũ một điểm:"
    " suy ra từ '30 điểm ở 30 quận, huyện, thị xã')"
)
_ADDRESS = "; place: the published address"
_ADDRESS_VI = "; vị trí: theo địa chỉ đã công bố"
_PLAN = (
    "; place: the former district headquarters, since the plan was 'in the one-stop office of the district'"
)
_PLAN_VI = "; vị trí: trụ sở quận, huyện, thị xã cũ, vì kế hoạch đặt điểm tại bộ phận một cửa của quận, huyện, thị xã"
_RULE = "working value: side of the river by former district"
_RULE_VI = "Giá trị tạm tính: bờ sông theo quận, huyện, thị xã cũ"


def build_city_points(facts: Path) -> list[dict[str, object]]:
    """Place the 30 points of the city's service centre: at the published address, else at the district headquarters.

    Raises
    ------
    ValueError
        If there is not exactly one point for every former district.
    """
    rows = read_rows(facts / "reception_points.csv")
    offices = {row["district"]: row for row in read_rows(facts / "district_hq.csv")}
    branches = {
        row["former_district"]: row for row in rows if row["kind"] == "branch" and row["former_district"]
    }
    points = {row["former_district"]: row for row in rows if row["kind"] == "city_point"}
    if set(points) != set(offices) or sum(row["kind"] == "city_point" for row in rows) != len(offices):
        raise ValueError("the city points and the former districts of data/facts differ")
    built = [_city_point(points[name], offices[name], branches.get(name)) for name in offices]
    return sorted(built, key=lambda row: str(row["point_id"]))


def _city_point(point: Row, office: Row, branch: Row | None) -> dict[str, object]:
    located = bool(point["lat"])
    place = point if located else office
    basis = point["coordinate_basis"]
    if not located:
        basis = f"former district headquarters, {office['address']}: {office['coordinate_basis']}"
        basis += f"; about {office['precision_m']} m"
    said, said_vi = _branch(branch, located, place["ward_code"])
    return {
        "point_id": f"CP-{office['district_code']}",
        "ward_code": place["ward_code"],
        "name": f"Điểm tiếp nhận {point['name'].removeprefix('Điểm tiếp nhận hồ sơ ')}",
        "lat": float(place["lat"]),
        "lon": float(place["lon"]),
        "counters": branch["counters"] if branch else "",
        "use": "required",
        "branch": branch["number"] if branch else "",
        "coordinate_basis": basis,
        "status": "second-hand" if located else "estimated",
        "source": _POINTS + (_ADDRESS if located else _PLAN) + said,
        "source_vi": _POINTS_VI + (_ADDRESS_VI if located else _PLAN_VI) + said_vi,
    }


def _branch(branch: Row | None, located: bool, ward_code: str) -> tuple[str, str]:
    """Say in both languages how it is known that a branch sits at the point."""
    if branch is None:
        return "; no branch is known to be here", "; chưa biết chi nhánh nào đặt tại đây"
    number = branch["number"]
    if located:
        return f"; branch {number} at the same address", f"; chi nhánh số {number} cùng địa chỉ"
    where = f"phường {branch['ward_name']}" if branch["ward_name"] else branch["former_district"]
    said = f"; branch {number} is in {where}, address not given: that it is here is inferred"
    said_vi = f"; chi nhánh số {number} ở {where}, chưa rõ địa chỉ: đặt tại đây là suy luận"
    if branch["ward_code"] not in ("", ward_code):
        said += ", though this is another ward"
        said_vi += ", dù đây là phường khác"
    return said, said_vi


def build_banks(facts: Path, commune_of: Mapping[str, Row]) -> list[dict[str, object]]:
    """Give every old unit its bank: that of its former district, or of its own row in ``banks.csv``.

    Raises
    ------
    ValueError
        If a former district has no rule, or an exception does not fit its old unit.
    """
    of_district: dict[str, Row] = {}
    of_commune: dict[str, Row] = {}
    for row in read_rows(facts / "banks.csv"):
        code = row["commune_code"]
        if code and commune_of.get(code, {}).get("former_district") != row["former_district"]:
            raise ValueError(f"data/facts/banks.csv: no old unit {code} in {row['former_district']}")
        (of_commune if code else of_district)[code or row["former_district"]] = row
    built: list[dict[str, object]] = []
    for code, commune in sorted(commune_of.items()):
        if commune["former_district"] not in of_district:
            raise ValueError(f"data/facts/banks.csv: {commune['former_district']} has no bank")
        own = of_commune.get(code)
        built.append(
            {
                "commune_code": code,
                "bank": (own or of_district[commune["former_district"]])["bank"],
                "status": "estimated",
                "source": f"{_RULE}; exception: {own['note']}" if own else _RULE,
                "source_vi": f"{_RULE_VI}; ngoại lệ: {own['note_vi']}" if own else _RULE_VI,
            }
        )
    return built
