"""Rules and risks in plain words, in Vietnamese and English; part of the words of the brief."""

from __future__ import annotations

# key: (Vietnamese, English)
SENTENCES: dict[str, tuple[str, str]] = {
    # rules: a name, then what is asked
    "rule.sites": ("Trụ sở", "Sites"),
    "rule.max_sites": ("mỗi đơn vị dùng nhiều nhất {n} trụ sở", "at most {n} a unit"),
    "rule.one_any": ("một trụ sở đủ chỗ thì chỉ dùng một", "one where one holds everybody"),
    "rule.one_former": (
        "trụ sở quận, huyện, thị xã cũ đủ chỗ thì chỉ dùng trụ sở đó",
        "only the former district headquarters where it holds everybody",
    ),
    "rule.premises_max": ("cả thành phố nhiều nhất {n}", "at most {n} in the whole city"),
    "rule.shared": ("{n} cặp đơn vị được dùng chung trụ sở", "{n} pairs of units may share premises"),
    "rule.required": ("{n} trụ sở bắt buộc dùng", "{n} must be used"),
    "rule.excluded": ("{n} trụ sở không được dùng", "{n} must not be used"),
    "rule.space": ("Diện tích", "Space"),
    "rule.floor_enforce": (
        "mỗi trụ sở đủ diện tích tối thiểu ({m2} m² sử dụng mỗi người)",
        "every site has the tight fit ({m2} m² net a person)",
    ),
    "rule.floor_report": (
        "thiếu diện tích tối thiểu thì ghi lại, không cấm",
        "floor missing to the tight fit is told, not forbidden",
    ),
    "rule.hall_enforce": ("đủ ghế hội trường", "halls seat those who must meet"),
    "rule.hall_report": ("thiếu ghế hội trường thì ghi lại", "missing hall seats are told"),
    "rule.hall_off": ("không xét hội trường", "halls are not asked for"),
    "rule.departments": ("Phòng chuyên môn", "Departments"),
    "rule.apart": (
        "được ở tách khỏi văn phòng, có tính chi phí",
        "may sit apart from the office, at a price",
    ),
    "rule.together": ("ở cùng văn phòng", "sit with the office"),
    "rule.open": ("thêm phòng theo khối lượng việc", "more where the workload asks for them"),
    "rule.departments_max": ("cả thành phố nhiều nhất {n} phòng", "at most {n} in the whole city"),
    "rule.capital": ("Vốn", "Capital"),
    "rule.capital_max": ("năm đầu nhiều nhất {money}", "at most {money} in the first year"),
    "rule.yearly": ("{money} mỗi năm từ năm {year}", "{money} a year from {year} on"),
    "rule.in_year": ("năm {year}: {money}", "{money} in {year}"),
    "rule.carry": ("vốn chưa dùng được chuyển sang năm sau", "what is left is carried over"),
    "rule.recycle": ("tiền thu được dùng lại năm sau", "income can be spent in the next year"),
    "rule.centres": ("Khu liên cơ", "Centres"),
    "rule.centres_allowed": ("được xây", "may be built"),
    "rule.centres_min": ("ít nhất {n}", "at least {n}"),
    "rule.centres_phuong": ("ít nhất {n} ở phường", "at least {n} in wards (phường)"),
    "rule.centres_xa": ("ít nhất {n} ở xã", "at least {n} in communes (xã)"),
    "rule.centres_district": (
        "{n} quận, huyện cũ có mức riêng",
        "{n} former districts have their own number",
    ),
    "rule.building_max": ("cùng lúc xây nhiều nhất {n}", "at most {n} under construction at once"),
    "rule.relocations_max": ("mỗi năm nhiều nhất {n} đơn vị chuyển vào", "at most {n} units move in a year"),
    "rule.surplus": ("Trụ sở dôi dư", "Released premises"),
    "rule.surplus_min": ("ít nhất {n} đến năm {year}", "at least {n} by {year}"),
    "rule.surplus_m2": ("ít nhất {n} m² đến năm {year}", "at least {n} m² by {year}"),
    "rule.route_public_use": ("giao làm mục đích công cộng", "given to public use"),
    "rule.route_lease": ("cho thuê", "leased"),
    "rule.route_auction": ("bán đấu giá", "auctioned"),
    "rule.route_priority": (
        "ưu tiên y tế, giáo dục, văn hóa; phần còn lại khai thác lấy tiền",
        "health, education and culture first; the rest brings cash",
    ),
    "rule.network": ("Tiếp nhận hồ sơ", "Reception"),
    "rule.hand_over": ("bàn giao cho thành phố vào {years}", "handed over to the city in {years}"),
    "rule.points_min": ("luôn còn ít nhất {n} điểm", "at least {n} points stay open"),
    "rule.online": ("nộp trực tuyến {shares}", "online share {shares}"),
    "rule.max_minutes": ("không ai quá {n} phút", "nobody beyond {n} minutes"),
    "rule.share_min": ("{share} người dân trong {n} phút", "{share} of people within {n} minutes"),
    "rule.start": ("Điểm xuất phát", "Starting from"),
    "rule.start_today": ("bố trí hiện nay", "the arrangement in force"),
    # risks: what, then the number
    "risk.floor": ("Diện tích chưa khảo sát.", "Floors not surveyed."),
    "risk.floor_text": (
        "{share} diện tích sàn đang dùng là số ước tính ({area}).",
        "{share} of the floor in use is estimated ({area}).",
    ),
    "risk.tight": ("Chỗ làm việc sát mức tối thiểu.", "Hardly room to spare."),
    "risk.tight_text": (
        "{count} đơn vị có trụ sở chỉ rộng hơn mức tối thiểu dưới {limit}; ít nhất là {unit} ({share}).",
        "{count} units have a site with less than {limit} above the tight fit; the least: {unit} ({share}).",
    ),
    "risk.short_text": (
        "{count} đơn vị có trụ sở rộng hơn mức tối thiểu dưới {limit}; {unit} thiếu {share}.",
        "{count} units have a site with less than {limit} above the tight fit; {unit} lacks {share}.",
    ),
    "risk.norm": ("Dưới tiêu chuẩn diện tích.", "Below the norm."),
    "risk.norm_text": (
        "Năm {year} thiếu {area} so với tiêu chuẩn, ở {count} đơn vị; nhiều nhất {unit} ({most}).",
        "{area} are missing to the norm in {year}, in {count} units; most in {unit} ({most}).",
    ),
    "risk.far": ("Đường đi xa.", "Long ways."),
    "risk.far_text": (
        "Người dân xa nhất đi {most} đến nơi nộp hồ sơ, ở {unit} (năm {year}).",
        "The farthest people travel {most} to reception, in {unit} ({year}).",
    ),
    "risk.prices": ("Giả định thay đổi.", "Assumptions that change."),
    "risk.prices_text": (
        "Hiện giá thay đổi khi giả định ở mức thấp – cao: {levers}.",
        "Present cost changes when an assumption is low – high: {levers}.",
    ),
    "risk.lever": ("{name} {low} … {high} tỷ đồng", "{name} {low} … {high} billion VND"),
    "risk.settings": ("Số giả định.", "Assumed figures."),
    "risk.settings_text": (
        "{estimated} trong {all} giả định là ước tính{known}.",
        "{estimated} of {all} assumptions are estimates{known}.",
    ),
    "risk.known": (
        "; {share} chỗ ngồi hiện nay do mô hình giả định",
        "; {share} of today's seats are modelled",
    ),
    "risk.proof": ("Còn rẻ hơn được không?", "Could it be cheaper?"),
    "risk.proof_text": (
        "Có thể còn phương án rẻ hơn, nhiều nhất {money} ({share}).",
        "There may be a cheaper plan, by {money} ({share}) at most.",
    ),
    "risk.proven": ("Còn rẻ hơn được không?", "Could it be cheaper?"),
    "risk.proven_text": (
        "Đã chứng minh không phương án nào rẻ hơn theo cùng giả định (sai lệch {share}).",
        "It is proven that no plan is cheaper under the same assumptions (gap {share}).",
    ),
}
