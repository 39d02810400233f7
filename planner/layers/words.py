"""Every fixed word of the GeoPackage's styles, in Vietnamese and English side by side, so that neither can lag.

A pair is (Vietnamese, English). Words for what the map page and the workbook also name are theirs; tests compare them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.wording import Lang

Pair = tuple[str, str]

LAYERS: dict[str, Pair] = {
    "wards": ("Phường, xã", "Wards and communes"),
    "premises": ("Trụ sở", "Premises"),
    "centres": ("Khu liên cơ", "Joint-agency centres"),
    "links": ("Đường nối các trụ sở của một đơn vị", "Lines between a unit's sites"),
    "points": ("Điểm tiếp nhận hồ sơ", "Reception points"),
    "catchments": ("Địa bàn phục vụ", "Catchments"),
}
ABOUT: dict[str, Pair] = {
    "wards": (
        "Chỉ tiêu của từng phường, xã theo phương án; tô màu theo số trụ sở sử dụng",
        "Measures of every ward and commune in the plan, coloured by premises in use",
    ),
    "premises": (
        "Trụ sở sử dụng và dôi dư; diện tích ghi “ước tính” chưa được khảo sát",
        "Premises in use and released; floor areas marked “estimated” have not been surveyed",
    ),
    "centres": (
        "Khu liên cơ: năm khởi công, năm hoạt động, diện tích, vốn",
        "Joint-agency centres: start of construction, opening, floor area, capital",
    ),
    "links": ("Nối thẳng, không phải đường đi", "Straight lines, not roads"),
    "points": (
        "Mỗi dòng một điểm tiếp nhận trong một giai đoạn",
        "One row for each reception point and stage",
    ),
    "catchments": (
        "Mỗi dòng một xã, phường cũ trong một giai đoạn; nối thẳng đến điểm phục vụ, không phải đường đi",
        "One row for each old commune and stage; straight lines to the point that serves it, not roads",
    ),
}
GROUPS: dict[str, Pair] = {
    "network": ("Mạng lưới tiếp nhận", "Reception network"),
    "premises": ("Trụ sở làm việc", "Headquarters"),
    "units": ("Đơn vị hành chính", "Units"),
}
STYLE_NAMES: dict[Lang, str] = {"vi": "Tiếng Việt", "en": "English"}
"""QGIS keeps 30 characters of a style's name."""

SCHEMATIC: Pair = ("Ranh giới sơ đồ", "Schematic boundaries")
SCHEMATIC_LONG: Pair = (
    "Ranh giới sơ đồ do chương trình vẽ, không phải địa giới hành chính chính thức",
    "Schematic boundaries drawn by the program; they are not official boundaries",
)
IMPORTED: Pair = ("Ranh giới nhập từ tệp", "Imported boundaries")
LEGEND: dict[str, Pair] = {
    "premises": ("Số trụ sở sử dụng, năm {first}", "Premises in use, {first}"),
    "premises_1": ("1 trụ sở", "1 site"),
    "premises_2": ("2 trụ sở", "2 sites"),
    "premises_3": ("3 trụ sở", "3 sites"),
    "premises_more": ("4 trụ sở trở lên", "4 sites or more"),
    "premises_0": ("không có trụ sở riêng", "no site of its own"),
    "in_use": ("Trụ sở đang dùng, năm {first}", "Premises in use, {first}"),
    "district_lead": (
        "trụ sở quận, huyện cũ, có UBND",
        "former district headquarters, with the People's Committee",
    ),
    "district": ("trụ sở quận, huyện cũ", "former district headquarters"),
    "other_lead": (
        "trụ sở xã, phường cũ hoặc khác, có UBND",
        "old commune office or other, with the People's Committee",
    ),
    "other": ("trụ sở xã, phường cũ hoặc khác", "old commune office or other"),
    "until": ("đang dùng, thôi dùng trong kỳ", "in use now, no longer at the end"),
    "building": ("đang xây", "under construction"),
    "kept": ("trụ sở dành đất cho khu liên cơ", "old premises kept for a centre"),
    "released": ("Trụ sở dôi dư, năm {first}", "Surplus premises, {first}"),
    "opens": ("Khu liên cơ hoạt động từ đầu năm", "Centre open from the beginning of"),
    "centre": ("khu liên cơ", "joint-agency centre"),
    "same_unit": ("cùng một đơn vị", "same unit"),
    "from_year": ("Từ năm {year}", "From {year}"),
    "point_ward": ("điểm của xã, phường", "point of a ward"),
    "point_city": ("điểm của thành phố", "point of the city"),
    "point_idle": (
        "điểm của thành phố, không phục vụ xã, phường nào",
        "point of the city that serves no ward",
    ),
    "point_gone": ("đã bàn giao, đóng cửa", "handed over or closed"),
    "way_15": ("đến 15 phút", "up to 15 minutes"),
    "way_30": ("trên 15 đến 30 phút", "over 15 to 30 minutes"),
    "way_more": ("trên 30 phút", "over 30 minutes"),
    "estimated": ("ước tính", "estimated"),
}
PARTS: Pair = ("Cơ quan, bộ phận tại trụ sở", "Who works at the site")

VALUES: dict[str, dict[str, Pair]] = {
    "unit_type": {
        "phường": ("phường", "ward"),
        "xã": ("xã", "commune"),
        "đặc khu": ("đặc khu", "special zone"),
    },
    "site_kind": {
        "former_district_hq": ("trụ sở quận, huyện cũ", "former district headquarters"),
        "former_commune_hq": ("trụ sở xã, phường cũ", "old commune office"),
        "other": ("trụ sở khác", "other premises"),
        "joint_centre": ("khu liên cơ", "joint-agency centre"),
    },
    "status": {
        "in_use": ("Sử dụng", "In use"),
        "released": ("Dôi dư", "Released"),
        "built": ("Xây mới", "Built"),
        "under_construction": ("Đang xây", "Under construction"),
    },
    "route": {
        "": ("–", "–"),
        "public_use": ("cho y tế, giáo dục, văn hóa, công cộng", "for health, schools, culture, public use"),
        "lease": ("cho thuê", "lease"),
        "auction": ("đấu giá", "auction"),
        "health": ("cho y tế", "health care"),
        "education": ("cho giáo dục", "schools"),
        "culture": ("cho văn hóa", "culture"),
        "sport": ("cho thể thao", "sport"),
        "police": ("cho công an", "police"),
        "other_public": ("cho việc công cộng khác", "other public use"),
        "centre": ("dành đất cho khu liên cơ", "kept for the centre"),
    },
    "floor_basis": {
        "surveyed": ("khảo sát", "surveyed"),
        "sourced": ("có nguồn", "sourced"),
        "estimated": ("ước tính", "estimated"),
    },
    "condition": {
        "A": ("A – như mới", "A – as new"),
        "B": ("B – còn tốt", "B – sound"),
        "C": ("C – phải sửa chữa lớn", "C – needs heavy repair"),
        "D": ("D – không dùng được", "D – not to be used"),
    },
    "point_kind": {"ward": ("xã, phường", "ward"), "city": ("thành phố", "city")},
    "point_status": {
        "own": ("của đơn vị", "the unit's own"),
        "kept": ("giữ lại, phục vụ chung", "kept, open to all"),
        "handed_over": ("đã bàn giao", "handed over"),
        "closed": ("đã đóng", "closed"),
    },
    "boundary_basis": {"schematic": SCHEMATIC},
}
"""Every value that the program writes into a column of fixed values, by domain."""


def word(pair: Pair, lang: Lang, /, **values: object) -> str:
    """Return one side of a pair, its ``{names}`` filled."""
    text = pair[0 if lang == "vi" else 1]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def choices(domain: Mapping[str, Pair], lang: Lang) -> dict[str, str]:
    """Return the words of a domain in one language, by value."""
    return {value: word(pair, lang) for value, pair in domain.items()}
