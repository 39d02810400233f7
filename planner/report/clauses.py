"""What the annex says beyond the words of the workbook, in Vietnamese and English."""

from __future__ import annotations

from planner.report.words import TEXT, Words


class Clauses(Words):
    """The words of one language: those of the annex, then those of the workbook."""

    def __call__(self, key: str) -> str:
        """Return a text of the annex or of the workbook."""
        pair = ANNEX.get(key)
        return pair[0 if self.lang == "vi" else 1] if pair else super().__call__(key)

    def of(self, family: str, value: object) -> str:
        """Return the label of a code, the code itself where there is no label."""
        key = f"{family}.{value}"
        return self(key) if key in ANNEX or key in TEXT else super().of(family, value)

    def unit(self, unit: object) -> str:
        """Return a unit of the settings table in this language."""
        return self.of("measured", unit) if f"measured.{unit}" in ANNEX else super().unit(unit)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return self(key).format(**values)


# key: (Vietnamese, English)
ANNEX: dict[str, tuple[str, str]] = {
    # head: the number and the date of the submission are filled in by hand
    "annex.number": ("Phụ lục ……", "Annex ……"),
    "annex.title": (
        "PHƯƠNG ÁN BỐ TRÍ TRỤ SỞ LÀM VIỆC\nCỦA {units} ĐƠN VỊ HÀNH CHÍNH CẤP XÃ",
        "PLAN OF THE HEADQUARTERS OF {units} WARDS AND COMMUNES",
    ),
    "annex.attached": (
        "(Kèm theo Tờ trình số ……/TTr-…… ngày …… tháng …… năm …… của ………………………………)",
        "(Attached to submission No. ……/TTr-…… dated …………………… of ………………………………)",
    ),
    # parts
    "part.summary": ("TỔNG HỢP", "SUMMARY"),
    "part.years": ("VỐN VÀ TRỤ SỞ THEO NĂM", "MONEY AND PREMISES BY YEAR"),
    "part.centres": ("KHU LIÊN CƠ", "JOINT-AGENCY CENTRES"),
    "part.arrangement": ("BỐ TRÍ CÁC CƠ QUAN THEO ĐƠN VỊ", "WHO SITS WHERE, BY UNIT"),
    "part.reception": ("TIẾP NHẬN HỒ SƠ", "RECEPTION OF FILES"),
    "part.released": ("TRỤ SỞ DÔI DƯ", "PREMISES GIVEN UP"),
    "part.costs": ("CHI PHÍ THEO ĐƠN VỊ", "COST BY UNIT"),
    "part.assumptions": ("GIẢ ĐỊNH VÀ NGUỒN SỐ LIỆU", "ASSUMPTIONS AND SOURCES"),
    "part.rules": ("Quy tắc chung của phương án", "City-wide rules of the plan"),
    "part.settings": ("Các giả định chính", "Main assumptions"),
    # sentences of the summary
    "say.scenario": (
        "Phương án “{title}” (kịch bản {name}) bố trí trụ sở cho {units} đơn vị, gồm {phuong} phường và {xa} xã; "
        "chi phí tính cho {count} năm ({years}), mỗi năm tính từ 01/7.",
        "The plan “{title}” (scenario {name}) seats {units} units, {phuong} wards and {xa} communes; costs are "
        "counted over {count} years ({years}), each from 1 July.",
    ),
    "say.reception": (
        "Từ năm {year} có {points} điểm tiếp nhận: {wards} điểm của xã, phường và {city} điểm của thành phố; {share} "
        "người dân đến điểm trong vòng 15 phút. Xa nhất là {worst}: {minutes} phút.",
        "From {year} on there are {points} reception points: {wards} of wards and {city} of the city; {share} of the "
        "people reach theirs within 15 minutes. The longest way is that of {worst}: {minutes} minutes.",
    ),
    "say.handed_over": (
        "Chức năng tiếp nhận của {count} điểm được bàn giao; các bộ phận khác của đơn vị giữ nguyên chỗ làm việc.",
        "The reception of {count} points is handed over; the other parts of the units stay where they are.",
    ),
    "say.premises": (
        "Phương án sử dụng {plan} trụ sở trong năm {first}",
        "The plan uses {plan} premises in {first}",
    ),
    "say.premises_end": (" và {plan} trụ sở trong năm {last}", " and {plan} in {last}"),
    "say.premises_today": ("; hiện nay sử dụng {today} trụ sở.", "; {today} are in use today."),
    "say.cost": (
        "Hiện giá chi phí của phương án là {plan} tỷ đồng (tỷ suất chiết khấu thực {rate} mỗi năm)",
        "The net present cost of the plan is {plan} billion VND (real discount rate {rate} a year)",
    ),
    "say.less": (
        ", giảm {saving} tỷ đồng{share} so với hiện nay ({today} tỷ đồng)",
        ", {saving} billion{share} less than today ({today} billion)",
    ),
    "say.more": (
        ", tăng {saving} tỷ đồng{share} so với hiện nay ({today} tỷ đồng)",
        ", {saving} billion{share} more than today ({today} billion)",
    ),
    "say.social": (
        ". Số này gồm chi phí xã hội (thời gian và chi phí đi lại, chật chội), không chi từ ngân sách.",
        ". It includes social cost (travel, crowding), which is not paid from the budget.",
    ),
    "say.centres": (
        "Phương án xây dựng {count} khu liên cơ ({phuong} ở phường, {xa} ở xã), đưa vào sử dụng: {opened}.",
        "The plan builds {count} joint-agency centres ({phuong} in wards, {xa} in communes); they open: {opened}.",
    ),
    "say.opened": ("năm {year}: {count}", "{year}: {count}"),
    "say.proof": (
        "Kết quả giải: {status}; sai lệch so với cận dưới {gap}",
        "Result: {status}; gap to the lower bound {gap}",
    ),
    "say.certified": (
        "; sai lệch theo cận dưới có thể tính lại độc lập {gap}",
        "; gap to the bound that anybody can recompute {gap}",
    ),
    "say.surveyed": (
        "Diện tích sàn có số liệu khảo sát chiếm {surveyed} diện tích đang bố trí; phần còn lại là ước tính, cần "
        "khảo sát trước khi quyết định.",
        "{surveyed} of the floor in use is surveyed; the rest is estimated and needs a survey before a decision.",
    ),
    "say.known": (
        "{known} bố trí hiện nay lấy từ nguồn công bố; phần còn lại do mô hình bổ sung với chi phí thấp nhất.",
        "{known} of today's arrangement is from published sources; the model completes the rest at least cost.",
    ),
    "say.built": (
        "Tổng diện tích sàn {floor} m² tính theo tiêu chuẩn, định mức; tổng vốn {capital} tỷ đồng gồm xây dựng, dự "
        "phòng, đất, thiết bị và di chuyển. Suất vốn và diện tích đất là ước tính khi chưa có dự án.",
        "The floor of {floor} m² follows the norms; the capital of {capital} billion VND is construction, "
        "contingency, land, equipment and moves. Unit costs and land are estimated until there are projects.",
    ),
    "say.unchanged": (
        "Bố trí như nhau trong các năm {years}.",
        "The arrangement is the same in all years {years}.",
    ),
    "say.interim": (
        "“Tạm thời” là bố trí trong lúc chờ khu liên cơ.",
        "“Interim” is the arrangement until the centre opens.",
    ),
    "say.reception_leaves": (
        "Bố trí chỉ thay đổi ở điểm tiếp nhận khi được bàn giao.",
        "The arrangement changes only where a reception point is handed over.",
    ),
    "say.released": (
        "{count} trụ sở dôi dư; diện tích ghi “ước tính” chưa được khảo sát.",
        "{count} premises are given up; floors marked “estimated” were not surveyed.",
    ),
    "say.none_released": ("Không có trụ sở dôi dư.", "No premises are given up."),
    "say.costs": (
        "Hiện giá gồm cả chi phí xã hội và đã trừ khoản thu; các số được làm tròn nên tổng có thể lệch ở số cuối.",
        "Present values include social cost and are net of income; figures are rounded, totals may differ in the "
        "last digit.",
    ),
    "say.assumptions": (
        "Phương án dùng {count} giả định, trong đó {estimated} là ước tính, {sourced} có nguồn, còn lại suy ra từ "
        "nguồn hoặc có nguồn gián tiếp; bảng dưới ghi {shown} giả định chính, đầy đủ ở trang Giả định của costs.xlsx. "
        "{surveyed} trong {sites} trụ sở có diện tích khảo sát.",
        "The plan rests on {count} assumptions: {estimated} estimated, {sourced} sourced, the others derived or "
        "second-hand; the table names the {shown} main ones, the sheet Assumptions of costs.xlsx all. {surveyed} of "
        "{sites} premises have a surveyed floor.",
    ),
    # units of a table
    "in.billion": ("Đơn vị: tỷ đồng", "Unit: billion VND"),
    "in.million": ("Đơn vị: triệu đồng", "Unit: million VND"),
    "in.premises": ("trụ sở", "premises"),
    "in.m2": ("m²", "m²"),
    "in.m": ("m", "m"),
    "in.billion_short": ("tỷ đồng", "billion VND"),
    "in.people": ("người", "people"),
    # rows of the summary
    "row.premises": ("Trụ sở sử dụng, năm {first}", "Premises in use, {first}"),
    "row.premises_end": ("Trụ sở sử dụng, năm {last}", "Premises in use, {last}"),
    "row.premises_released": ("Trụ sở dôi dư, năm {first}", "Premises given up, {first}"),
    "row.premises_released_end": ("Trụ sở dôi dư, năm {last}", "Premises given up, {last}"),
    "row.floor_in_use": ("Diện tích sàn sử dụng, năm {first}", "Floor in use, {first}"),
    "row.surplus_floor": ("Diện tích sàn dôi dư, năm {first}", "Surplus floor, {first}"),
    "row.surplus_floor_end": ("Diện tích sàn dôi dư, năm {last}", "Surplus floor, {last}"),
    "row.missing_to_norm": ("Thiếu so với tiêu chuẩn, năm {first}", "Missing to the norm, {first}"),
    "row.citizen_travel_mean": (
        "Đường đến điểm tiếp nhận, bình quân, năm {first}",
        "Way to reception, mean, {first}",
    ),
    "row.moves": ("Số người phải chuyển, năm {first}", "People that move, {first}"),
    "row.capital": ("Chi đầu tư, cả kỳ", "Capital, all years"),
    "row.recurrent": ("Chi thường xuyên, cả kỳ", "Recurrent cost, all years"),
    "row.income": ("Thu từ trụ sở dôi dư, cả kỳ", "Income from surplus, all years"),
    "row.budget": ("Ngân sách chi sau khi trừ thu, cả kỳ", "Budget net of income, all years"),
    "row.social": ("Chi phí xã hội, cả kỳ", "Social cost, all years"),
    "row.present": ("Hiện giá chi phí ({rate})", "Net present cost ({rate})"),
    # headings of columns
    "col.points_w": ("Điểm của xã, phường", "Points of wards"),
    "col.points_c": ("Điểm của thành phố", "Points of the city"),
    "col.points_x": ("Đã đóng", "Closed"),
    "col.counters": ("Quầy cần", "Counters"),
    "col.mean_km": ("Đường đi bình quân (km)", "Mean way (km)"),
    "col.within_15": ("Dân trong 15 phút", "People within 15 min"),
    "col.from_year": ("Bàn giao từ", "From"),
    "col.served": ("Điểm phục vụ (số dân)", "Served by (people)"),
    "col.way": ("Đường đi (km)", "Way (km)"),
    "col.handed": ("Điểm tiếp nhận được bàn giao", "Points handed over"),
    "col.unit": ("Đơn vị hành chính", "Unit"),
    "col.measured": ("Đơn vị tính", "Measured in"),
    "col.budget": ("Mức vốn", "Budget"),
    "col.carried": ("Vốn mang sang", "Carried in"),
    "col.recycled": ("Thu được dùng lại", "Income spent again"),
    "col.capital": ("Chi đầu tư", "Capital"),
    "col.recurrent": ("Chi thường xuyên", "Recurrent"),
    "col.income": ("Thu từ dôi dư", "Income"),
    "col.premises": ("Trụ sở sử dụng", "Premises in use"),
    "col.released": ("Trụ sở dôi dư", "Given up"),
    "col.building": ("Khu liên cơ đang xây", "Centres being built"),
    "col.opened": ("Khu liên cơ mở trong năm", "Centres opened"),
    "col.place": ("Địa điểm", "Place"),
    "col.centre_floor": ("Sàn (m²)", "Floor (m²)"),
    "col.start": ("Khởi công", "Start"),
    "col.opens": ("Sử dụng từ", "Open from"),
    "col.capital_of": ("Vốn {year}", "Capital {year}"),
    "col.sum": ("Tổng vốn", "Total"),
    "col.site": ("Trụ sở (tên, địa chỉ)", "Premises (name, address)"),
    "col.bodies": ("Cơ quan, bộ phận", "Bodies, parts"),
    "col.when": ("Thời gian", "When"),
    "col.floor": ("Sàn (m²)", "Floor (m²)"),
    "col.floor_basis": ("Căn cứ diện tích", "Basis of the floor"),
    "col.used_today": ("Đang dùng", "Used today"),
    "col.from": ("Dôi dư từ năm", "From"),
    "col.route": ("Hướng xử lý", "Route"),
    "col.capital_all": ("Chi đầu tư cả kỳ", "Capital, all years"),
    "col.recurrent_first": ("Chi thường xuyên năm {year}", "Recurrent {year}"),
    "col.income_all": ("Thu cả kỳ", "Income, all years"),
    "col.present": ("Hiện giá phương án", "Present value, plan"),
    "col.present_today": ("Hiện giá hiện nay", "Present value, today"),
    "col.rule": ("Quy tắc", "Rule"),
    "col.limit": ("Mức", "Limit"),
    "col.reached": ("Phương án đạt", "Plan"),
    "col.assumption": ("Giả định", "Assumption"),
    "col.value": ("Giá trị", "Value"),
    "annex.total": ("Tổng cộng", "Total"),
    "annex.former": ("{name} (cũ)", "{name} (former)"),
    "annex.centre_at": ("Khu liên cơ, xây tại: {place}", "Joint-agency centre, built at: {place}"),
    "annex.site_of": ("{site} (thuộc {unit})", "{site} (in {unit})"),
    "annex.everybody": ("Tất cả cơ quan", "All bodies"),
    "annex.interim": ("{years} (tạm thời)", "{years} (interim)"),
    "annex.from_year": ("từ {year}", "from {year}"),
    "annex.at_least": ("ít nhất {value}", "at least {value}"),
    "annex.at_most": ("nhiều nhất {value}", "at most {value}"),
    "annex.changed": ("{source}; giá trị đổi trong kịch bản", "{source}; value changed by the scenario"),
    "annex.long_unit": ("{type} {name}", "{name} {type}"),
    # routes
    "route.health": ("Y tế", "Health"),
    "route.education": ("Giáo dục", "Education"),
    "route.culture": ("Văn hóa", "Culture"),
    "route.sport": ("Thể thao", "Sport"),
    "route.police": ("Công an", "Police"),
    "route.other_public": ("Công cộng khác", "Other public use"),
    "route.": ("Chưa xác định", "Not set"),
    # rules
    "rule.premises": ("Số trụ sở sử dụng năm đầu", "Premises in use in the first year"),
    "rule.capital": ("Chi đầu tư năm đầu (triệu đồng)", "Capital of the first year (million VND)"),
    "rule.departments": ("Tổng số phòng", "Departments"),
    "rule.centres": ("Số khu liên cơ", "Joint-agency centres"),
    "rule.centres_phuong": ("Số khu liên cơ ở phường", "Centres in wards"),
    "rule.centres_xa": ("Số khu liên cơ ở xã", "Centres in communes"),
    "rule.centres_district": ("Số khu liên cơ ở {group}", "Centres in {group}"),
    "rule.building": ("Khu liên cơ đang xây trong năm", "Centres under construction in a year"),
    "rule.relocations": (
        "Đơn vị chuyển vào khu liên cơ trong năm",
        "Units that move into a centre in a year",
    ),
    "rule.points": ("Điểm tiếp nhận mở từ năm", "Reception points open from"),
    "rule.within": ("Người dân trong số phút quy định từ năm", "People within the minutes from"),
    "rule.surplus": ("Trụ sở dôi dư đến hết năm", "Premises given up by the year"),
    "rule.surplus_m2": ("Diện tích sàn dôi dư đến hết năm (m²)", "Surplus floor by the year (m²)"),
    # units of settings that the workbook does not translate yet
    "measured.m2": ("m²", "m²"),
    "measured.storeys": ("tầng", "storeys"),
    "measured.departments": ("phòng", "departments"),
    "measured.posts": ("vị trí", "posts"),
    "measured.m2 net per seat": ("m² thông thủy mỗi ghế", "m² net per seat"),
    "measured.VND a year": ("đồng/năm", "VND a year"),
    "measured.VND per post a year": ("đồng/vị trí/năm", "VND per post a year"),
    "measured.premises per unit": ("trụ sở mỗi đơn vị", "premises per unit"),
}
