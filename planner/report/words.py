"""What the workbook says, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.report.cells import clean
from planner.report.phrases import PHRASES
from planner.wording import COST_ITEMS, Lang


class Words:
    """The words of one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._column = 0 if lang == "vi" else 1

    def __call__(self, key: str) -> str:
        """Return a text of the table below."""
        return TEXT[key][self._column]

    def of(self, family: str, value: object) -> str:
        """Return the label of a code, the code itself where there is no label."""
        pair = TEXT.get(f"{family}.{value}")
        return pair[self._column] if pair else clean(value)

    def item(self, item: str) -> str:
        """Return the label of a cost item; an unknown one is named as such."""
        pair = TEXT.get(f"item.{item}")
        return pair[self._column] if pair else f"{self('item.other')}: {clean(item)}"

    def pick(self, row: Mapping[str, Any]) -> str:
        """Return the name of a table row in this language."""
        return clean(row.get(self.lang, ""))

    def source(self, row: Mapping[str, Any]) -> str:
        """Return where a figure comes from, in this language where the table has it."""
        return clean(row.get(f"source_{self.lang}")) or clean(row.get("source")) or self("status.none")

    def note(self, row: Mapping[str, Any]) -> str:
        """Return the note of a figure, in this language where the table has it."""
        return clean(row.get(f"note_{self.lang}")) or clean(row.get("note"))

    def status(self, row: Mapping[str, Any]) -> str:
        """Return how far a figure can be trusted."""
        return self.of("status", row.get("status")) or self("status.none")

    def unit(self, unit: object) -> str:
        """Return a unit of the settings table in this language."""
        text = clean(unit)
        return UNITS_VI.get(text, text) if self.lang == "vi" else text


# key: (Vietnamese, English)
TEXT: dict[str, tuple[str, str]] = {
    # sheets
    "sheet.summary": ("Tổng hợp", "Summary"),
    "sheet.units": ("Theo đơn vị", "Per unit"),
    "sheet.items": ("Theo khoản mục", "Per item"),
    "sheet.costs": ("Chi tiết chi phí", "Cost rows"),
    "sheet.arrangement": ("Bố trí", "Arrangement"),
    "sheet.premises": ("Trụ sở", "Premises"),
    "sheet.points": ("Mạng lưới", "Network"),
    "sheet.catchments": ("Địa bàn phục vụ", "Catchments"),
    "sheet.compare": ("So với hiện nay", "Against today"),
    "sheet.actions": ("Việc cần làm", "Actions"),
    "sheet.assumptions": ("Giả định", "Assumptions"),
    "sheet.norms": ("Định mức", "Norms"),
    "title.summary": ("Tổng hợp chi phí bố trí trụ sở", "Summary of the cost of the headquarters"),
    "title.units": ("Chi phí bố trí trụ sở theo đơn vị", "Cost of the headquarters per unit"),
    "title.items": ("Chi phí theo khoản mục và theo năm", "Cost per item and year"),
    "title.costs": ("Chi tiết các dòng chi phí", "The cost rows"),
    "title.arrangement": ("Bố trí các cơ quan vào trụ sở", "Who sits where"),
    "title.premises": ("Danh mục trụ sở sử dụng và dôi dư", "Premises in use and released"),
    "title.points": ("Điểm tiếp nhận hồ sơ qua các giai đoạn", "Reception points by stage"),
    "title.catchments": (
        "Người dân nộp hồ sơ ở đâu: giai đoạn đầu và giai đoạn cuối",
        "Where people file: first and last stage",
    ),
    "title.compare": ("So sánh phương án với hiện nay theo đơn vị", "The plan against today, per unit"),
    "title.actions": (
        "Việc cần làm để chuyển từ hiện nay sang phương án",
        "What to do to get from today to the plan",
    ),
    "title.assumptions": ("Giả định, nguồn và giá trị đã dùng", "Assumptions: values used and their sources"),
    "title.norms": ("Bảng định mức và đơn giá, có nguồn", "Tables of norms and prices, with sources"),
    # units of measure
    "unit.vnd": ("Đơn vị tính: đồng", "Amounts in VND"),
    "unit.million": (
        "Đơn vị tính: triệu đồng (ô chứa số đồng đầy đủ, chỉ hiển thị theo triệu)",
        "Amounts shown in million VND (cells hold whole VND)",
    ),
    "unit.million_shown": ("Đơn vị tính: triệu đồng", "Amounts in million VND"),
    "unit.m2": ("Diện tích: m² sàn", "Areas: m² of floor"),
    "unit.arrangement": (
        "Diện tích: m² sàn; ô tô màu là bộ phận chuyển chỗ so với hiện nay",
        "Areas: m² of floor; coloured cells: the part moves, compared with today",
    ),
    "unit.compare": (
        "Tiền: triệu đồng; diện tích: m²; khoảng cách: m",
        "Money shown in million VND; areas in m²; distances in m",
    ),
    "unit.points": (
        "Hồ sơ: nhiều nhất trong một năm của giai đoạn; ô tô màu: điểm đã bàn giao hoặc đóng cửa",
        "Files: the most in a year of the stage; coloured: handed over or closed",
    ),
    "unit.catchments": (
        "Đường đi: km theo đường bộ (ô chứa số mét); ô tô màu: đổi điểm tiếp nhận",
        "Ways: km by road (cells hold metres); coloured: another point",
    ),
    "unit.actions": (
        "Đơn vị tính: đồng; chi phí tính từ bố trí hiện nay; số âm là khoản giảm chi hoặc thu",
        "Amounts in VND, counted from the arrangement in force; negative amounts are savings or income",
    ),
    "unit.assumptions": (
        "Mỗi số ghi nguồn và độ tin cậy; ô tô màu là giá trị đã đổi trong kịch bản so với mặc định",
        "Every figure has its source and status; coloured cells were changed by the scenario",
    ),
    "unit.norms": (
        "Mỗi số ghi nguồn và độ tin cậy",
        "Every figure has its source and status",
    ),
    # words
    "plan": ("Phương án", "Plan"),
    "today": ("Hiện nay", "Today"),
    "difference": ("Chênh lệch", "Difference"),
    "difference_share": ("Chênh lệch (%)", "Difference (%)"),
    "city": ("Thành phố 6/2025", "City, June 2025"),
    "total": ("TỔNG CỘNG", "TOTAL"),
    "filtered": ("Cộng các dòng đang lọc", "Total of the rows shown"),
    "no": ("STT", "No."),
    "code": ("Mã", "Code"),
    "unit": ("Đơn vị", "Unit"),
    "type": ("Loại", "Type"),
    "type.phường": ("Phường", "Ward"),
    "type.xã": ("Xã", "Commune"),
    "year": ("Năm", "Year"),
    "years": ("Năm", "Years"),
    "item": ("Khoản mục", "Item"),
    "heading": ("Nhóm", "Heading"),
    "sum_years": ("Cộng các năm", "All years"),
    "present": ("Hiện giá", "Present value"),
    "staff": ("Biên chế", "Staff"),
    "sites_today": ("Trụ sở hiện nay", "Sites today"),
    "sites_plan": ("Trụ sở phương án", "Sites, plan"),
    "capital_once": ("Chi đầu tư cả kỳ", "Capital, all years"),
    "recurrent_year": ("Thường xuyên mỗi năm", "Recurrent, a year"),
    "budget": ("Cộng ngân sách (đầu tư + thường xuyên + thu)", "Budget (capital + recurrent + income)"),
    "social_year": ("Xã hội mỗi năm", "Social, a year"),
    "income_all": ("Thu (số âm)", "Income (negative)"),
    "present_plan": ("Hiện giá phương án", "Net present cost"),
    "factor": ("Hệ số chiết khấu", "Discount factor"),
    "sum_headings": ("Cộng", "Sum"),
    "discounted": ("Hiện giá từng năm", "Discounted, by year"),
    "present_total": ("TỔNG HIỆN GIÁ", "NET PRESENT COST"),
    # headings and items
    "heading.capital": ("Chi đầu tư", "Capital"),
    "heading.recurrent": ("Chi thường xuyên", "Recurrent"),
    "heading.social": ("Chi phí xã hội", "Social cost"),
    "heading.income": ("Thu từ trụ sở dôi dư", "Income from surplus"),
    **{f"item.{item}": pair for item, pair in COST_ITEMS.items()},
    # bodies, statuses
    "point": ("Điểm tiếp nhận", "Reception point"),
    "point_of": ("Điểm {}", "Point of {}"),
    "point.ward": ("xã, phường", "ward"),
    "point.city": ("thành phố", "city"),
    "point.own": ("của đơn vị", "the unit's own"),
    "point.kept": ("giữ lại, phục vụ chung", "kept, open to all"),
    "point.idle": ("mở, không phục vụ xã, phường nào", "open, serves no ward"),
    "point.handed_over": ("đã bàn giao", "handed over"),
    "point.closed": ("đã đóng", "closed"),
    "point_kind": ("Thuộc", "Of"),
    "point_status": ("Tình trạng", "Status"),
    "point_counters": ("Quầy hiện có", "Counters there"),
    "point_needed": ("Quầy cần", "Counters needed"),
    "point_files": ("Hồ sơ một năm", "Files a year"),
    "point_people": ("Số dân", "People"),
    "point_capacity": ("Năng lực (hồ sơ/năm)", "Capacity (files a year)"),
    "point_use": ("Sử dụng năng lực", "Use of capacity"),
    "old_commune": ("Xã, phường cũ", "Old commune"),
    "minutes": ("Phút", "Minutes"),
    "points_open": ("Điểm tiếp nhận mở", "Points open"),
    "mean_km": ("Đường đi bình quân (km)", "Mean way (km)"),
    "within_15": ("Dân trong vòng 15 phút", "People within 15 min"),
    "stage": ("Giai đoạn", "Stage"),
    "stage.of": (
        "{label}: xã, phường {wards}, thành phố {city}",
        "{label}: wards {wards}, city {city}",
    ),
    "stage.closed": ("; đã đóng {closed}", "; {closed} closed"),
    "commune_in": ("{commune}, nay thuộc {unit}", "{commune}, now in {unit}"),
    "body.party": ("Đảng ủy", "Party committee"),
    "body.council_committee": ("HĐND – UBND", "People's Council and Committee"),
    "body.front": ("Ủy ban MTTQ", "Fatherland Front"),
    "body.reception": ("Điểm tiếp nhận hồ sơ", "Reception point"),
    "basis.known": ("đã biết", "known"),
    "basis.modelled": ("mô hình", "modelled"),
    "basis.surveyed": ("khảo sát", "surveyed"),
    "basis.estimated": ("ước tính", "estimated"),
    "basis.planned": ("theo tiêu chuẩn", "by the norm"),
    "status.sourced": ("có nguồn", "sourced"),
    "status.second-hand": ("nguồn gián tiếp", "second-hand"),
    "status.derived": ("suy ra từ nguồn", "derived"),
    "status.estimated": ("ước tính", "estimated"),
    "status.scenario": ("lựa chọn của kịch bản", "scenario choice"),
    "status.none": ("chưa ghi", "not stated"),
    "site.in_use": ("Sử dụng", "In use"),
    "site.released": ("Dôi dư", "Released"),
    "site.built": ("Xây mới", "Built"),
    "site.under_construction": ("Đang xây", "Under construction"),
    "site.not_used": ("Không dùng", "Not used"),
    "kind.former_district_hq": ("Trụ sở quận, huyện, thị xã cũ", "Former district headquarters"),
    "kind.former_commune_hq": ("Trụ sở phường, xã cũ", "Former commune office"),
    "kind.joint_centre": ("Khu liên cơ", "Joint-agency centre"),
    "kind.other": ("Khác", "Other"),
    "route.public_use": ("Công cộng", "Public use"),
    "route.lease": ("Cho thuê", "Lease"),
    "route.auction": ("Bán đấu giá", "Auction"),
    "route.centre": ("Xây khu liên cơ", "Site of a centre"),
    "route.health": ("Y tế", "Health"),
    "route.education": ("Giáo dục", "Education"),
    "route.culture": ("Văn hóa", "Culture"),
    "route.sport": ("Thể thao", "Sport"),
    "route.police": ("Công an", "Police"),
    "route.other_public": ("Công cộng khác", "Other public use"),
    "solved.optimal": ("tối ưu, đã chứng minh", "optimal, proven"),
    "solved.feasible": ("khả thi, chưa chứng minh tối ưu", "feasible, not proven optimal"),
    "solved.stopped": ("dừng giữa chừng", "stopped"),
    "solved.infeasible": ("không có phương án thỏa mọi quy tắc", "no plan keeps every rule"),
    # columns
    "body": ("Cơ quan", "Body"),
    "part": ("Bộ phận", "Part"),
    "site_id": ("Mã trụ sở", "Site"),
    "site_name": ("Tên trụ sở", "Name of the site"),
    "address": ("Địa chỉ", "Address"),
    "site_today": ("Đang ở (hiện nay)", "Sits today at"),
    "floor": ("Diện tích sàn", "Floor area"),
    "floor_low": ("Thấp", "Low"),
    "floor_high": ("Cao", "High"),
    "floor_basis": ("Căn cứ diện tích", "Basis of the area"),
    "tight": ("Tối thiểu (m²)", "Tight fit (m²)"),
    "norm_m2": ("Tiêu chuẩn (m²)", "Norm (m²)"),
    "basis": ("Căn cứ bố trí", "Basis"),
    "basis_today": ("Căn cứ hiện nay", "Basis, today"),
    "hall": ("Ghế hội trường", "Hall seats"),
    "land": ("Đất (m²)", "Land (m²)"),
    "condition": ("Tình trạng", "Condition"),
    "status_today": ("Hiện nay", "Today"),
    "status_plan": ("Phương án", "Plan"),
    "route": ("Hướng xử lý", "Route"),
    "occupants": ("Cơ quan, bộ phận sử dụng", "Who sits there"),
    "action": ("Việc", "Action"),
    "from": ("Đang ở (chuyển từ)", "Moves from"),
    "people": ("Số người", "People"),
    "one_off": ("Chi phí một lần", "Cost, once"),
    "yearly": ("Chi phí mỗi năm", "Cost, a year"),
    "note": ("Ghi chú", "Note"),
    "action.open": ("Mở trụ sở", "Open"),
    "action.close": ("Thôi sử dụng", "Close"),
    "action.move_in": ("Chuyển đến", "Move in"),
    "action.give_up": ("Giao trả trụ sở", "Give up"),
    "key": ("Khóa", "Key"),
    "name": ("Tên giả định", "Name"),
    "value": ("Giá trị dùng", "Value used"),
    "measure_unit": ("Đơn vị", "Unit"),
    "default": ("Mặc định", "Default"),
    "low": ("Thấp", "Low"),
    "high": ("Cao", "High"),
    "status": ("Độ tin cậy", "Status"),
    "source": ("Nguồn", "Source"),
    "changed": ("Đổi trong kịch bản", "Changed by the scenario"),
    "changed.yes": ("đã đổi trong kịch bản", "changed by the scenario"),
    "table": ("Bảng", "Table"),
    "applies": ("Áp dụng", "Applies to"),
    "yes": ("có", "yes"),
    "no_": ("không", "no"),
    "nothing": ("không", "none"),
    # measures
    "known_bodies": ("Cơ quan đã biết (trên 4)", "Bodies known (of 4)"),
    "measure": ("Chỉ tiêu", "Measure"),
    "measure.premises": ("Số trụ sở sử dụng", "Premises in use"),
    "measure.premises_released": ("Số trụ sở dôi dư", "Premises released"),
    "measure.surplus_floor": ("Diện tích sàn dôi dư (m²)", "Surplus floor (m²)"),
    "measure.floor_in_use": ("Diện tích sàn sử dụng (m²)", "Floor in use (m²)"),
    "measure.missing_to_norm": ("Thiếu so với tiêu chuẩn (m²)", "Missing to the norm (m²)"),
    "measure.missing_to_tight": ("Thiếu so với mức tối thiểu (m²)", "Missing to the tight fit (m²)"),
    "measure.staff": ("Biên chế (người)", "Staff (people)"),
    "measure.citizen_travel_mean": ("Đường đến điểm tiếp nhận, bình quân (m)", "Way to reception, mean (m)"),
    "measure.citizen_travel_max": ("Đường đến điểm tiếp nhận, xa nhất (m)", "Way to reception, farthest (m)"),
    "measure.body_distance_mean": (
        "Khoảng cách giữa các cơ quan, bình quân (m)",
        "Distance between bodies, mean (m)",
    ),
    "measure.parts_apart": ("Số phòng ở tách khỏi văn phòng", "Departments apart from the office"),
    "measure.moves": ("Số người phải chuyển", "People that move"),
    "measure.cost_recurrent_year": ("Chi thường xuyên mỗi năm", "Recurrent cost a year"),
    "measure.net_present_cost": ("Hiện giá chi phí", "Net present cost"),
    # summary
    "headline.premises": ("Trụ sở sử dụng theo phương án", "Premises in use, plan"),
    "headline.against_today": ("So với hiện nay (trụ sở)", "Against today (premises)"),
    "headline.against_city": ("So với 232 của thành phố", "Against the city's 232"),
    "headline.present": ("Hiện giá chi phí (tỷ đồng)", "Net present cost (billion VND)"),
    "headline.saving": ("So với hiện nay (tỷ đồng)", "Against today (billion VND)"),
    "scenario": ("Kịch bản", "Scenario"),
    "solved": ("Kết quả giải", "Result"),
    "gap": ("sai lệch so với cận dưới", "gap to the bound"),
    "horizon": ("Kỳ tính chi phí", "Years costed"),
    "horizon.from": ("mỗi năm tính từ 01/7", "each year counted from 1 July"),
    "rate": ("Tỷ suất chiết khấu thực", "Real discount rate"),
    "surveyed": ("Diện tích đã khảo sát", "Surveyed share of the floor"),
    "surveyed.note": (
        "diện tích sàn theo phương án có số liệu khảo sát; phần còn lại là ƯỚC TÍNH",
        "of the floor in use; the rest is ESTIMATED",
    ),
    "known": ("Hiện trạng đã biết", "Arrangement known today"),
    "known.note": (
        "bố trí hiện nay lấy từ nguồn công bố; phần còn lại do mô hình bổ sung với chi phí thấp nhất",
        "of today's arrangement is from published sources; the model completes the rest at least cost",
    ),
    "block.measures": ("I. TRỤ SỞ VÀ PHỤC VỤ", "I. PREMISES AND SERVICE"),
    "block.costs": ("II. CHI PHÍ CẢ KỲ (đồng)", "II. COST OVER ALL YEARS (VND)"),
    "block.year": ("Trong đó mỗi năm:", "Of which a year:"),
    "block.checks": ("III. KIỂM TRA", "III. CHECKS"),
    "block.network": ("III. MẠNG LƯỚI TIẾP NHẬN HỒ SƠ", "III. RECEPTION NETWORK"),
    "block.worst": ("Mười xã, phường cũ đi xa nhất, năm {}", "The ten old communes with the longest way, {}"),
    "block.checks_after": ("IV. KIỂM TRA", "IV. CHECKS"),
    "block.notes": ("GHI CHÚ", "NOTES"),
    "check.rows": (
        "Cộng các dòng chi tiết = cộng theo khoản mục",
        "Sum of the cost rows = sum per item",
    ),
    "check.units": ("Hiện giá theo đơn vị = hiện giá theo khoản mục", "Present value per unit = per item"),
    "check.objective": (
        "Hiện giá tính lại = kết quả của phương án",
        "Present value computed here = result of the plan",
    ),
    "check.ok": ("KHỚP", "EQUAL"),
    "check.bad": ("LỆCH", "DIFFERENT"),
    "note.estimate": (
        "Số ước tính không phải số khảo sát. Diện tích, ghế hội trường, tình trạng chưa khảo sát được in "
        "nghiêng và ghi "
        "“ước tính” trong bảng Trụ sở, kèm khoảng thấp – cao.",
        "An estimate is never a survey. Areas, halls and conditions that were not surveyed are in italics "
        "and marked "
        "“estimated” on the sheet Premises, with their low–high range.",
    ),
    "note.social": (
        "Chi phí xã hội (thời gian và chi phí đi lại, chật chội, phòng ở tách) không chi từ ngân sách; "
        "được tính để so sánh các "
        "phương án.",
        "Social cost (travel time and cost, crowding, departments apart) is not paid from the budget; it "
        "serves to compare plans.",
    ),
    "note.sign": (
        "Chênh lệch = phương án trừ hiện nay; số âm là giảm (tiết kiệm). Khoản thu ghi số âm.",
        "Difference = plan minus today; a negative number is a saving. Income is negative.",
    ),
    "note.baseline": (
        "Hai cột dùng cùng giả định và cùng mốc bắt đầu; hiện nay là bố trí đang thực hiện, tính bằng cùng "
        "đơn giá.",
        "Both columns use the same assumptions and the same starting point; today is the arrangement in "
        "force at the same prices.",
    ),
    "note.city": (
        "232 trụ sở: số của thành phố tháng 6/2025 cho 126 đơn vị, không kèm danh mục đầy đủ; cột Hiện nay "
        "là phần đã biết và "
        "phần mô hình bổ sung.",
        "232 premises: the city's figure of June 2025 for the 126 units, without a full list; the column "
        "Today is what is known "
        "and what the model completes.",
    ),
    "note.formula": (
        "Các tổng là công thức. Sửa một dòng ở bảng Chi tiết chi phí thì mọi tổng đổi theo; sửa bảng Giả "
        "định chỉ đổi hệ số chiết "
        "khấu, đơn giá khác thì thử ở bảng Độ nhạy, giá trị khác nữa phải giải lại bằng planner.",
        "Totals are formulas. Change a cost row and every total follows; on Assumptions only the discount "
        "rate acts here; try other unit prices on Sensitivity; anything else needs a new planner solve.",
    ),
    "note.norms": (
        "Đơn giá và định mức ghi ở bảng Giả định và Định mức, mỗi số có nguồn và độ tin cậy.",
        "Prices and norms are on the sheets Assumptions and Norms, each with its source and status.",
    ),
    "sign.made": ("Người lập biểu", "Prepared by"),
    "sign.checked": ("Người kiểm tra", "Checked by"),
    "sign.head": ("Thủ trưởng đơn vị", "Head of the unit"),
    "sign.hint": ("(Ký, ghi rõ họ tên)", "(signature, full name)"),
    "footer.page": ("Trang", "Page"),
    # scenario choices that are no row of settings.csv
    "choice.start": ("Mốc bắt đầu tính di chuyển, sửa chữa", "Where moves and repairs are counted from"),
    "choice.arrangement": ("Bố trí: tự do hay giữ như hiện nay", "Arrangement: free or as today"),
    "choice.rules.one_site_where_enough": (
        "Dùng một trụ sở khi đủ chỗ",
        "One site where one holds everybody",
    ),
    "choice.rules.floor_area": ("Quy tắc diện tích tối thiểu", "Rule of the floor area"),
    "choice.rules.hall": ("Quy tắc hội trường", "Rule of the hall"),
    "choice.rules.departments_apart": ("Cho phép phòng ở tách", "Departments may sit apart"),
    "choice.rules.required": ("Trụ sở bắt buộc dùng", "Sites that must be used"),
    "choice.rules.excluded": ("Trụ sở không được dùng", "Sites that must not be used"),
    "choice.rules.premises_max": ("Số trụ sở tối đa toàn thành phố", "Most premises in the whole city"),
    "choice.release.route": ("Hướng xử lý trụ sở dôi dư", "Route of released premises"),
    "choice.geo": ("Thư mục dữ liệu địa lý", "Folder of the geographic data"),
    "choice.norms": ("Thư mục định mức", "Folder of the norms"),
    "choice.other": ("Thiết lập khác", "Other setting"),
    "choice.rules.capital_max_vnd": ("Mức chi đầu tư tối đa", "Most capital"),
    "option.before_reform": ("trước khi sắp xếp", "before the reform"),
    "option.today": ("hiện nay", "today"),
    "option.free": ("tự do", "free"),
    "option.any": ("bất kỳ trụ sở nào", "any site"),
    "option.former_district_hq": ("trụ sở quận, huyện cũ", "former district headquarters"),
    "option.off": ("không áp dụng", "off"),
    "option.enforce": ("bắt buộc", "enforced"),
    "option.report": ("chỉ báo cáo phần thiếu", "reported only"),
    "option.public_use": ("mục đích công cộng", "public use"),
    "option.lease": ("cho thuê", "lease"),
    "option.auction": ("bán đấu giá", "auction"),
    "section": ("Nhóm", "Section"),
    "section.horizon": ("Kỳ tính", "Horizon"),
    "section.staffing": ("Biên chế", "Staffing"),
    "section.space": ("Diện tích", "Space"),
    "section.reception": ("Tiếp nhận hồ sơ", "Reception"),
    "section.hall": ("Hội trường", "Hall"),
    "section.rules": ("Quy tắc", "Rules"),
    "section.prices": ("Đơn giá", "Prices"),
    "section.release": ("Trụ sở dôi dư", "Surplus"),
    "section.scenario": ("Kịch bản", "Scenario"),
    # norm tables
    "name_of": ("Tên", "Name"),
    "post.secretary": ("Bí thư", "Secretary"),
    "post.deputy_secretary": ("Phó Bí thư", "Deputy secretary"),
    "post.chair": ("Chủ tịch UBND", "Committee chair"),
    "post.vice_chair": ("Phó Chủ tịch", "Vice-chair"),
    "post.front_chair": ("Chủ tịch Ủy ban MTTQ", "Front chair"),
    "post.front_vice_chair": ("Phó Chủ tịch Ủy ban MTTQ", "Front vice-chair"),
    "post.department_head": ("Cấp trưởng, cấp phó phòng", "Head or deputy of a department"),
    "post.specialist": ("Chuyên viên", "Specialist"),
    "post.contract": ("Lao động hợp đồng", "Contract worker"),
    "row.not named": ("không nêu trong Phụ lục", "not named"),
    "norms.department": ("một phòng", "a department"),
    "table.positions": ("Vị trí việc làm", "Positions"),
    "table.space_norms": ("Diện tích mỗi chức danh", "Area per position"),
    "table.parts": ("Cơ quan và bộ phận", "Bodies and parts"),
    "table.trips": ("Lượt đi lại giữa các bộ phận", "Trips between parts"),
    "table.detour": ("Hệ số đường vòng", "Detour factor"),
    "table.land_zones": ("Giá đất, giá thuê theo khu vực", "Land and rent by zone"),
    "norms.count": ("người", "people"),
    "norms.rest": ("phần còn lại", "the rest"),
    "norms.m2": ("m² thông thủy", "m² net"),
    "norms.share_of_rest": ("phần của biên chế còn lại", "share of the remaining staff"),
    "norms.trips": ("lượt một chiều mỗi ngày", "one-way trips a day"),
    "norms.detour": ("lần đường chim bay", "times the straight line"),
    "norms.straight": ("km đường chim bay", "km straight"),
    "norms.zone": ("Khu vực", "Zone"),
    "norms.land": ("đồng/m² đất", "VND per m² of land"),
    "norms.rent": ("đồng/m² sàn/tháng", "VND per m² of floor a month"),
    "norms.off": ("không dùng", "switched off"),
} | PHRASES

UNITS_VI = {
    "year": "năm",
    "years": "năm",
    "departments": "phòng",
    "m2": "m²",
    "m2 net per seat": "m² thông thủy mỗi ghế",
    "posts": "biên chế",
    "premises per unit": "trụ sở mỗi đơn vị",
    "storeys": "tầng",
    "VND a year": "đồng/năm",
    "VND a point a year": "đồng/điểm/năm",
    "VND per post a year": "đồng/biên chế/năm",
    "share": "tỷ lệ",
    "people": "người",
    "m2 net per person": "m² thông thủy mỗi người",
    "files per 1,000 people a year": "hồ sơ trên 1.000 dân một năm",
    "days a year": "ngày một năm",
    "minutes": "phút",
    "counters": "quầy",
    "m2 net": "m² thông thủy",
    "visits": "lượt",
    "seats": "ghế",
    "sites": "trụ sở",
    "VND per m2": "đồng/m²",
    "VND per person": "đồng/người",
    "VND per m2 a year": "đồng/m²/năm",
    "VND per site a year": "đồng/trụ sở/năm",
    "VND per seat a year": "đồng/ghế/năm",
    "VND per part a year": "đồng/phòng/năm",
    "VND per km": "đồng/km",
    "VND per hour": "đồng/giờ",
    "km per hour": "km/giờ",
}
