"""The columns of every layer: what each is called in both languages, with its unit, and which fixed values it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column as people read it.

    Attributes
    ----------
    vi, en : str
        Its name, with the unit behind.
    values : str
        Domain of fixed values (`planner.layers.words.VALUES`); ``year`` for a year of the plan, 0 for never;
        empty: as it is.
    """

    vi: str
    en: str
    values: str = ""


WARD_CODE = Field("Mã đơn vị", "Unit code")
KIND = Field("Loại trụ sở", "Kind of premises", "site_kind")
FIELDS: dict[str, dict[str, Field]] = {
    "wards": {
        "ward_code": WARD_CODE,
        "name": Field("Tên đơn vị", "Name of the unit"),
        "type": Field("Loại đơn vị", "Type of unit", "unit_type"),
        "former_district": Field("Quận, huyện cũ", "Former district"),
        "population": Field("Dân số (người)", "Population (people)"),
        "premises": Field("Số trụ sở sử dụng", "Premises in use"),
        "premises_released": Field("Số trụ sở dôi dư", "Premises released"),
        "surplus_floor": Field("Diện tích sàn dôi dư (m²)", "Surplus floor (m²)"),
        "floor_in_use": Field("Diện tích sàn sử dụng (m²)", "Floor in use (m²)"),
        "surveyed_share": Field("Phần diện tích đã khảo sát (0–1)", "Share of floor surveyed (0–1)"),
        "tight_fit": Field("Nhu cầu tối thiểu (m²)", "Least workable need (m²)"),
        "norm": Field("Nhu cầu theo định mức (m²)", "Need by the norm (m²)"),
        "missing_to_norm": Field("Thiếu so với định mức (m²)", "Missing to the norm (m²)"),
        "missing_to_tight": Field("Thiếu so với mức tối thiểu (m²)", "Missing to the tight fit (m²)"),
        "staff": Field("Biên chế (người)", "Staff (people)"),
        "citizen_travel_mean": Field("Dân đi nộp hồ sơ, trung bình (m)", "Way to reception, mean (m)"),
        "citizen_travel_max": Field("Dân đi nộp hồ sơ, xa nhất (m)", "Way to reception, farthest (m)"),
        "body_distance_mean": Field(
            "Khoảng cách giữa các cơ quan, trung bình (m)", "Distance between bodies, mean (m)"
        ),
        "body_distance_max": Field(
            "Khoảng cách giữa các cơ quan, xa nhất (m)", "Distance between bodies, farthest (m)"
        ),
        "parts_apart": Field("Phòng ngồi riêng khỏi văn phòng", "Departments apart from the office"),
        "counters": Field("Quầy một cửa", "Counters"),
        "in_person_files_day": Field("Hồ sơ nộp trực tiếp mỗi ngày", "Files handed in a day"),
        "hall_seats": Field("Ghế hội trường", "Hall seats"),
        "hall_seats_norm": Field("Ghế hội trường theo định mức", "Hall seats by the norm"),
        "moves": Field("Số người phải chuyển", "People that move"),
        "cost_capital": Field("Chi đầu tư cả kỳ (đồng)", "Capital, all years (VND)"),
        "cost_recurrent_year": Field("Chi thường xuyên mỗi năm (đồng)", "Recurrent cost a year (VND)"),
        "cost_social_year": Field("Chi phí xã hội mỗi năm (đồng)", "Social cost a year (VND)"),
        "income": Field("Thu từ trụ sở dôi dư (đồng)", "Income from released premises (VND)"),
        "net_present_cost": Field("Chi phí quy về hiện tại (đồng)", "Net present cost (VND)"),
        "centres": Field("Số khu liên cơ", "Centres"),
        "centre_open_year": Field("Năm khu liên cơ hoạt động", "Year the centre opens", "year"),
        "centre_floor": Field("Diện tích sàn khu liên cơ (m²)", "Floor of the centre (m²)"),
        "premises_end": Field("Số trụ sở sử dụng, năm cuối", "Premises in use, last year"),
        "premises_released_end": Field("Số trụ sở dôi dư, năm cuối", "Premises released, last year"),
        "surplus_floor_end": Field("Diện tích sàn dôi dư, năm cuối (m²)", "Surplus floor, last year (m²)"),
        "residual_value": Field(
            "Giá trị còn lại của khu liên cơ (đồng)", "Residual value of the centre (VND)"
        ),
        "departments": Field("Số phòng chuyên môn", "Departments"),
        "handed_over_year": Field("Năm bàn giao điểm tiếp nhận", "Year the point is handed over", "year"),
        "reception_travel_mean_end": Field(
            "Đường đến điểm tiếp nhận, trung bình, năm cuối (m)", "Way to the point, mean, last year (m)"
        ),
        "boundary_basis": Field("Căn cứ ranh giới", "Basis of the boundary", "boundary_basis"),
    },
    "premises": {
        "site_id": Field("Mã trụ sở", "Site code"),
        "ward_code": WARD_CODE,
        "kind": KIND,
        "status": Field("Tình trạng năm đầu", "Status in the first year", "status"),
        "route": Field("Hướng xử lý năm đầu", "Route in the first year", "route"),
        "floor_area_m2": Field("Diện tích sàn (m²)", "Floor area (m²)"),
        "hall_seats": Field("Ghế hội trường", "Hall seats"),
        "name": Field("Tên trụ sở", "Name of the site"),
        "address": Field("Địa chỉ", "Address"),
        "floor_area_low_m2": Field("Diện tích sàn, mức thấp (m²)", "Floor area, low (m²)"),
        "floor_area_high_m2": Field("Diện tích sàn, mức cao (m²)", "Floor area, high (m²)"),
        "floor_area_basis": Field("Căn cứ diện tích", "Basis of the area", "floor_basis"),
        "condition": Field("Chất lượng nhà", "Condition", "condition"),
        "parts": Field("Cơ quan, bộ phận (mã)", "Who works there (codes)"),
        "used_until": Field("Sử dụng đến hết năm", "In use to the end of", "year"),
        "free_from": Field("Dôi dư từ năm", "Released from", "year"),
        "free_route": Field("Hướng xử lý khi dôi dư", "Route when released", "route"),
    },
    "centres": {
        "site_id": Field("Mã khu liên cơ", "Code of the centre"),
        "ward_code": WARD_CODE,
        "ward_name": Field("Tên đơn vị", "Name of the unit"),
        "location": Field("Xây trên (mã trụ sở hoặc khu đất)", "Stands on (code of site or parcel)"),
        "starts": Field("Năm khởi công", "Construction starts in", "year"),
        "opens": Field("Hoạt động từ đầu năm", "Open from the beginning of", "year"),
        "floor_m2": Field("Diện tích sàn theo định mức (m²)", "Floor area by the norm (m²)"),
        "hall_seats": Field("Ghế hội trường", "Hall seats"),
        "capital_vnd": Field("Vốn đầu tư (đồng)", "Capital (VND)"),
    },
    "links": {
        "ward_code": WARD_CODE,
        "site_id_a": Field("Mã trụ sở thứ nhất", "Code of the first site"),
        "site_id_b": Field("Mã trụ sở thứ hai", "Code of the second site"),
    },
    "points": {
        "point_id": Field("Mã điểm", "Point code"),
        "ward_code": WARD_CODE,
        "name": Field("Tên điểm", "Name of the point"),
        "kind": Field("Thuộc", "Of", "point_kind"),
        "year": Field("Giai đoạn từ năm", "Stage from", "year"),
        "status": Field("Tình trạng", "Status", "point_status"),
        "site_id": Field("Mã trụ sở", "Site code"),
        "counters": Field("Quầy hiện có", "Counters there"),
        "capacity_files": Field("Năng lực (hồ sơ/năm)", "Capacity (files a year)"),
        "load_files": Field("Hồ sơ một năm", "Files a year"),
        "counters_needed": Field("Quầy cần", "Counters needed"),
        "people": Field("Số dân phục vụ (người)", "People served"),
    },
    "catchments": {
        "demand_id": Field("Mã địa bàn", "Code of the area"),
        "commune_code": Field("Mã xã, phường cũ", "Code of the old commune"),
        "ward_code": WARD_CODE,
        "year": Field("Giai đoạn từ năm", "Stage from", "year"),
        "people": Field("Số dân (người)", "People"),
        "files": Field("Hồ sơ một năm", "Files a year"),
        "trips": Field("Lượt đi một năm", "Trips a year"),
        "point_id": Field("Mã điểm phục vụ", "Code of the point"),
        "road_m": Field("Đường đi (m)", "Way by road (m)"),
        "minutes": Field("Thời gian đi (phút)", "Way (minutes)"),
    },
}
"""Every column of every layer, in the order of the layer; tests hold it against the tables."""
