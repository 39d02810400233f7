"""A new scenario file that lists every key with its value, unit, range and source, commented out."""

from __future__ import annotations

import re
from pathlib import Path

from planner.errors import InputError, ProblemList
from planner.region import read_settings
from planner.scenario import Scenario, keys, read_scenario, scenario_names, unit_of
from planner.tables import project_root, shown_path
from planner.wording import problem

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_SECTION_NOTES = {
    "horizon": "the years that are planned and costed",
    "staffing": "people per body",
    "space": "square metres per person",
    "reception": "files, counters and space of the reception points",
    "hall": "seats of the meeting hall",
    "rules": "each rule can be switched off or relaxed",
    "prices": "unit costs in dong",
    "centres": "joint-agency centres: whether, where and how they are built",
    "budget": "capital money of the whole city, year by year",
    "departments": "how many departments a unit has",
    "release": "what becomes of released premises",
    "network": "reception points: hand-over to the city's centre, online filing, who is served where",
}
_DESCRIBED = {
    "geo": "Thư mục dữ liệu địa bàn / Folder of the region's tables",
    "norms": "Thư mục định mức / Folder of the norms",
    "start": "Mốc tính chi phí di chuyển, sửa chữa / State that moves and repairs are counted from",
    "arrangement": "Bố trí tự do hay theo hiện trạng / Free, or as bodies sit today",
    "rules.one_site_where_enough": "Dùng một trụ sở nếu đủ chỗ / One site where one is enough",
    "rules.floor_area": "Diện tích sàn tối thiểu / Least floor area",
    "rules.hall": "Chỗ ngồi hội trường / Seats of the meeting hall",
    "rules.departments_apart": "Các phòng có thể ở trụ sở khác nhau / Departments may sit apart, at a price",
    "rules.required": "Trụ sở bắt buộc dùng / Sites that must be used: [HC-00004]",
    "rules.excluded": "Trụ sở không được dùng / Sites that must not be used: [HC-00004]",
    "rules.shared": "Trụ sở cấp huyện cũ dùng chung / A neighbour may use it too: [HD-009 00352]",
    "rules.premises_max": "Số trụ sở tối đa toàn thành phố / Most premises in the whole city",
    "rules.capital_max_vnd": "Vốn đầu tư tối đa năm đầu / Most capital spending of the first year",
    "rules.departments_max": "Tổng số phòng tối đa toàn thành phố / Most departments of all units together",
    "rules.centres_min": "Số khu liên cơ tối thiểu / Least number of joint-agency centres",
    "rules.centres_min_phuong": "Số khu liên cơ tối thiểu ở phường / Least number of centres of wards",
    "rules.centres_min_xa": "Số khu liên cơ tối thiểu ở xã / Least number of centres of communes",
    "rules.centres_min_by_district": "Theo quận, huyện cũ / By former district: {Huyện Ba Vì: 1}",
    "rules.centres_building_max": "Số khu liên cơ xây cùng lúc tối đa / Most centres under construction in a year",
    "rules.relocations_max": "Số đơn vị chuyển vào tối đa một năm / Most units moving into a centre in a year",
    "rules.surplus_min": "Số trụ sở dôi dư tối thiểu đến năm / Least premises free by a year: {2028: 300}",
    "rules.surplus_m2_min": "Diện tích dôi dư tối thiểu đến năm, m² / Least m² free by a year: {2028: 200_000}",
    "rules.points_min": "Số điểm tiếp nhận tối thiểu sau khi chuyển giao / Least reception points after a hand-over",
    "centres.allowed": "Được xây khu liên cơ / Units may get a joint-agency centre",
    "centres.parcels": "Tệp khu đất mới / CSV file of new parcels: data/parcels.csv",
    "budget.yearly_vnd": "Vốn mỗi năm của thành phố / Capital money of a year; null: no limit",
    "budget.from_year": "Từ năm / From this year on; null: the second year",
    "budget.by_year_vnd": "Vốn của từng năm / Other amounts for single years: {2027: 200 tỷ}",
    "budget.carry_over": "Vốn chưa dùng được chuyển sang năm sau / What a year leaves can be spent later",
    "budget.recycle_income": "Nguồn thu được dùng cho năm sau / Income of a year can be spent in the next",
    "departments.open": "Được lập thêm phòng theo khối lượng việc / Further departments where there is the work",
    "release.route": "Hướng xử lý trụ sở dôi dư / What becomes of released premises",
    "release.cash_route": "Trụ sở còn lại khi đã đủ nhu cầu công / With priority, those left when public needs are met",
    "network.allowed": "Lập mạng lưới điểm tiếp nhận / Reception may be handed over to the city's centre",
    "network.hand_over_years": "Các năm có thể chuyển giao / Years in which points may be closed: [2027, 2029]",
    "network.online_by_year": "Tỷ lệ nộp trực tuyến từ năm / Share filed online from a year on: {2027: 70%}",
    "network.required": "Điểm tiếp nhận phải giữ / Points that stay: [ward-00004, CP-001]",
    "network.excluded": "Điểm tiếp nhận phải đóng / Points closed from the first hand-over on: [ward-00004]",
    "network.travel": "Tệp quãng đường / CSV file of road metres: data/travel.csv",
    "network.max_minutes": "Thời gian đi tối đa, phút / Nobody farther than so many minutes from the point",
    "network.share_min": "Tỷ lệ dân trong network.share_minutes / Least share of people within network.share_minutes",
}
"""Keys that have no row in settings.csv."""


def new_scenario(name: str, parent: str = "_base", root: Path | None = None) -> Path:
    """Write ``scenarios/NAME.yaml``: every key with its present value, commented out, and return its path.

    Parameters
    ----------
    name : str
        Name of the scenario: small letters, digits, ``-`` and ``_``.
    parent : str
        The scenario whose values the new one starts from.
    root : Path, optional
        The project's root; found from the current folder when not given.

    Raises
    ------
    InputError
        If the name cannot be used or is taken, or the parent cannot be read. Nothing is overwritten.
    """
    base = (root or project_root()).absolute()
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise InputError(problem("E218", "scenarios", found=name))
    path = base / "scenarios" / f"{name}.yaml"
    taken = [other for other in scenario_names(base) if other.lower() == name]
    if taken or path.exists():
        raise InputError(problem("E217", shown_path(path)))
    scenario = read_scenario(parent, base)
    text = _text(scenario, parent)
    try:
        # "x" refuses a file that appeared since the check.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise InputError(problem("E102", shown_path(path), reason=error.strerror or str(error))) from error
    return path


def _text(scenario: Scenario, parent: str) -> str:
    settings = read_settings(scenario.norms_folder, ProblemList()).frame.set_index("key")
    lines = [
        f"extends: {_quoted(parent)}",
        f"title_vi: {_quoted(scenario.title_vi)}",
        f"title_en: {_quoted(scenario.title_en)}",
        "",
        "# Every key follows with the value it has now. To change one, remove the # before it and write",
        "# another value. Numbers take a decimal point (13.5), shares a % (8%), thousands an underscore",
        "# (1_500_000), money also triệu and tỷ (1.5 tỷ). Ranges are what is plausible; more is allowed.",
    ]
    section = ""
    values = scenario.model_dump(by_alias=True)
    for key, leaf in keys().items():
        head, _, field = key.rpartition(".")
        if field in ("schema", "title_vi", "title_en"):
            continue
        if head != section:
            section = head
            lines += ["", f"{section}:    # {_SECTION_NOTES.get(section, '')}".rstrip(" #")]
        value = values[head][field] if head else values[field]
        indent = "  " if head else ""
        unit, note = unit_of(key, {}), leaf.choices_text()
        if key in settings.index:
            row = settings.loc[key]
            unit = str(row["unit"])
            source = f"{row['status']}: {row['source']}"
            lines += [
                f"{indent}# {row['vi']} / {row['en']}",
                f"{indent}# {unit}; {row['low']} … {row['high']}; {source}",
            ]
        elif key in _DESCRIBED:
            lines.append(f"{indent}# {_DESCRIBED[key]}")
        lines.append(f"{indent}# {field}: {_value(value, unit)}" + (f"    # {note}" if note else ""))
    return "\n".join(lines) + "\n"


_PLAIN = re.compile(r"\w([\w .,()–/-]*[\w.,()–/-])?")
_NOT_PLAIN = re.compile(r"[\d_.,-]*|null|true|false", re.IGNORECASE)


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _member(item: object) -> str:
    """Return a name or a year as a list or map holds it: a comma would end it."""
    text = _quoted(str(item))
    return str(item) if isinstance(item, int) else f"'{text}'" if text[0] != "'" and "," in text else text


def _value(value: object, unit: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_member(name)}: {_value(v, unit)}" for name, v in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_member(item) for item in value) + "]"
    if isinstance(value, (int, float)):
        if unit == "share":
            return f"{value * 100:.10g}%"
        return f"{value:_}" if isinstance(value, int) and value >= 10_000 else f"{value:.10g}"
    return _quoted(str(value))
