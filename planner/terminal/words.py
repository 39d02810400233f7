"""Every phrase that the verbs of the command line print, in English and Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.wording import COST_ITEMS

if TYPE_CHECKING:
    from planner.wording import Lang


# key: (English, Vietnamese)
WORDS: dict[str, tuple[str, str]] = {
    # Cost items first: two of them are also names of measures, which stand below and count here.
    **{item: (en, vi) for item, (vi, en) in COST_ITEMS.items()},
    # Measures of a plan.
    "premises": ("Premises in use", "Trụ sở sử dụng"),
    "premises_released": ("Premises released", "Trụ sở dôi dư"),
    "floor_in_use": ("Floor area in use", "Diện tích sàn sử dụng"),
    "surplus_floor": ("Floor area released", "Diện tích sàn dôi dư"),
    "surveyed_share": ("Floor area surveyed", "Diện tích đã khảo sát"),
    "missing_to_norm": ("Floor area missing to the norm", "Diện tích thiếu so với định mức"),
    "missing_to_tight": ("Floor area missing to the tight fit", "Diện tích thiếu so với mức tối thiểu"),
    "staff": ("Staff", "Người làm việc"),
    "citizen_travel_mean": ("Citizens to reception, average", "Người dân đi nộp hồ sơ, trung bình"),
    "citizen_travel_max": ("Citizens to reception, farthest", "Người dân đi nộp hồ sơ, xa nhất"),
    "body_distance_mean": ("Distance between bodies, average", "Khoảng cách giữa các cơ quan, trung bình"),
    "body_distance_max": ("Distance between bodies, farthest", "Khoảng cách giữa các cơ quan, xa nhất"),
    "parts_apart": ("Departments away from the office", "Phòng ngồi tách khỏi văn phòng"),
    "cost_capital": ("Capital, all years", "Chi đầu tư, tất cả các năm"),
    "cost_recurrent_year": ("Recurrent, a year", "Chi thường xuyên mỗi năm"),
    "cost_social_year": ("Social cost, a year", "Chi phí xã hội mỗi năm"),
    "income": ("Income from released premises", "Thu từ trụ sở dôi dư"),
    "net_present_cost": ("NET PRESENT COST", "TỔNG CHI PHÍ QUY VỀ HIỆN TẠI"),
    "centres": ("Joint-agency centres", "Khu liên cơ"),
    "centre_open_year": ("First centre opens", "Khu liên cơ đầu tiên hoạt động"),
    "centre_floor": ("Floor area of centres", "Diện tích sàn khu liên cơ"),
    "premises_end": ("Premises in use, last year", "Trụ sở sử dụng, năm cuối"),
    "premises_released_end": ("Premises released, last year", "Trụ sở dôi dư, năm cuối"),
    "surplus_floor_end": ("Floor area released, last year", "Diện tích sàn dôi dư, năm cuối"),
    "residual_value": ("Value of centres left at the end", "Giá trị khu liên cơ còn lại cuối kỳ"),
    "departments": ("Departments", "Phòng chuyên môn"),
    "points_open_end": ("Reception points open, last year", "Điểm tiếp nhận mở, năm cuối"),
    "points_handed_over": ("Points handed over", "Điểm đã bàn giao"),
    "city_points_open_end": ("Points of the city, last year", "Điểm của thành phố, năm cuối"),
    "counters_end": ("Counters needed, last year", "Quầy cần mở, năm cuối"),
    "reception_travel_mean_start": (
        "Way to the point, average, first year",
        "Đường đến điểm, trung bình, năm đầu",
    ),
    "reception_travel_mean_end": (
        "Way to the point, average, last year",
        "Đường đến điểm, trung bình, năm cuối",
    ),
    "reception_travel_max_start": (
        "Way to the point, farthest, first year",
        "Đường đến điểm, xa nhất, năm đầu",
    ),
    "reception_travel_max_end": (
        "Way to the point, farthest, last year",
        "Đường đến điểm, xa nhất, năm cuối",
    ),
    "within_15_start": ("People within 15 minutes, first year", "Người dân trong 15 phút, năm đầu"),
    "within_15_end": ("People within 15 minutes, last year", "Người dân trong 15 phút, năm cuối"),
    "within_30_start": ("People within 30 minutes, first year", "Người dân trong 30 phút, năm đầu"),
    "within_30_end": ("People within 30 minutes, last year", "Người dân trong 30 phút, năm cuối"),
    # The reception network: of the city, of a unit, as actions.
    "reception": (
        "Reception: {points} points in {year} ({wards} of wards, {city} of the city; {closed} handed over), counters "
        "{before} → {after}, mean way {mean_before} → {mean_after} km, {share} of people within 15 minutes in {last}; "
        "worst: {worst} {minutes} min",
        "Tiếp nhận hồ sơ: {points} điểm năm {year} ({wards} của xã, phường, {city} của thành phố; bàn giao {closed}), "
        "quầy {before} → {after}, đường đi trung bình {mean_before} → {mean_after} km, {share} người dân trong vòng "
        "15 phút năm {last}; xa nhất: {worst} {minutes} phút",
    ),
    "point_handed": (
        "Reception point: handed over from {year} on; {people} people file elsewhere, their mean way "
        "{before} → {after} m.",
        "Điểm tiếp nhận: bàn giao từ năm {year}; {people} người nộp hồ sơ nơi khác, đường đi trung bình "
        "{before} → {after} m.",
    ),
    "point_served": ("Served by: {points}", "Điểm phục vụ: {points}"),
    "point_people": ("{point} ({people} people)", "{point} ({people} người)"),
    "point_space": (
        "Free then: {m2} m2 at {site}, its share of running cost and the yearly cost of a point{site_too}.",
        "Giải phóng: {m2} m2 tại {site}, phần chi vận hành và chi cố định hằng năm của điểm{site_too}.",
    ),
    "point_site_too": (
        "; nobody else sat there, so the site is free",
        "; không còn ai ở đó, trụ sở được giải phóng",
    ),
    "point_stays": (
        "Reception point: kept; in {year} it serves {people} people and needs {needed} of {counters} counters.",
        "Điểm tiếp nhận: giữ lại; năm {year} phục vụ {people} người, cần {needed} trong {counters} quầy.",
    ),
    "point_costs": (
        "The costs below are those of the unit as if its own point stayed; what keeping it would cost the city is not "
        "known without another plan.",
        "Các chi phí dưới đây tính như thể đơn vị giữ điểm tiếp nhận; muốn biết giữ lại tốn bao nhiêu phải lập phương "
        "án khác.",
    ),
    "hand_overs": (
        "  hand over   {n} reception points ({years})",
        "  bàn giao   {n} điểm tiếp nhận ({years})",
    ),
    "step_hand_over": (
        "hand over the reception point of {unit} ({place}), {vnd} for moves",
        "bàn giao điểm tiếp nhận của {unit} ({place}), {vnd} di chuyển",
    ),
    # solve and compare.
    "saving": ("SAVING against {name}", "TIẾT KIỆM so với {name}"),
    "measures": ("MEASURES (whole city)", "CHỈ TIÊU (toàn thành phố)"),
    "items": ("COST ITEMS, present value over the years costed", "KHOẢN MỤC CHI PHÍ, quy về hiện tại"),
    "city": (
        "The city assigned {n} premises to the {units} units (25 June 2025); those of today that are not known are "
        "completed by the model.",
        "Thành phố bố trí {n} trụ sở cho {units} đơn vị (25/6/2025); "
        "nơi làm việc hiện nay chưa rõ được mô hình bổ sung.",
    ),
    "estimate": (
        "{surveyed} of the floor area in use is surveyed, the rest is estimated (data/README.md).",
        "{surveyed} diện tích sử dụng đã khảo sát, phần còn lại là ước tính (data/README.md).",
    ),
    "optimal": ("proven optimal, gap 0", "đã chứng minh tối ưu, sai số 0"),
    "feasible": (
        "not proven: at most {gap} above the best plan",
        "chưa chứng minh: cao hơn tối ưu không quá {gap}",
    ),
    "units": ("{units} units × {bodies} bodies assigned", "{units} đơn vị × {bodies} cơ quan đã có chỗ"),
    "audit_ok": ("audit passed", "kiểm tra độc lập đạt"),
    "audit_failed": (
        "AUDIT FAILED: run planner audit {folder}",
        "KIỂM TRA KHÔNG ĐẠT: chạy planner audit {folder}",
    ),
    "seconds": ("{s} s model and solve", "{s} giây lập và giải mô hình"),
    "centres_built": (
        "Centres: {n} built, the first to the last opening {years}",
        "Khu liên cơ: xây {n}, khu đầu đến khu cuối đi vào hoạt động {years}",
    ),
    "centres_built_once": (
        "Centres: {n} built, opening in {years}",
        "Khu liên cơ: xây {n}, đi vào hoạt động năm {years}",
    ),
    "centres_none": ("Centres: none is built", "Khu liên cơ: không xây"),
    "at_the_end": (
        "Premises: {premises} in the first year, {premises_end} in the last; surplus in the last year "
        "{premises_released_end} premises, {surplus_floor_end} m2",
        "Trụ sở: {premises} năm đầu, {premises_end} năm cuối; dôi dư năm cuối "
        "{premises_released_end} trụ sở, {surplus_floor_end} m2",
    ),
    "both_gaps": (
        "Gap: {gap} by the solver, {certified} certified by prices alone (the audit recomputes it)",
        "Sai số: {gap} theo bộ giải, {certified} chứng nhận chỉ bằng giá (kiểm tra độc lập tính lại)",
    ),
    "one_gap": ("Gap: {gap}", "Sai số: {gap}"),
    "year": ("year", "năm"),
    "year_budget": ("budget, bn VND", "ngân sách, tỷ đồng"),
    "year_carried": ("carried in", "chuyển sang"),
    "year_recycled": ("income spent again", "thu dùng lại"),
    "year_both": ("carried in and income", "chuyển sang và thu"),
    "year_capital": ("capital, bn VND", "chi đầu tư, tỷ đồng"),
    "year_building": ("under construction", "đang xây"),
    "year_opened": ("opened", "hoạt động mới"),
    "by_year": (
        "YEAR BY YEAR: {name} (whole city; years with the same figures in one line)",
        "TỪNG NĂM: {name} (toàn thành phố; các năm cùng số liệu ghi chung một dòng)",
    ),
    "yearly_surplus_floor": ("surplus m2", "dôi dư m2"),
    "yearly_missing_to_norm": ("missing to the norm m2", "thiếu so với định mức m2"),
    "yearly_citizen_travel_mean": ("way to reception km", "đường đến điểm tiếp nhận km"),
    "yearly_citizen_travel_max": ("farthest km", "xa nhất km"),
    "yearly_body_distance_mean": ("between bodies km", "giữa các cơ quan km"),
    "rule_prices": (
        "WHAT THE RULES COST at the margin (net present cost)",
        "CÁC QUY TẮC TỐN BAO NHIÊU, tính cho một đơn vị nới thêm (chi phí quy về hiện tại)",
    ),
    "today_line": ("Today: {premises} premises, {cost}", "Hiện nay: {premises} trụ sở, {cost}"),
    "plan_line": ("Plan:  {premises} premises, {cost}", "Phương án: {premises} trụ sở, {cost}"),
    "saving_line": (
        "Saving against today: {saving}{share}",
        "Tiết kiệm so với hiện nay: {saving}{share}",
    ),
    "actions": ("ACTIONS against today", "VIỆC CẦN LÀM so với hiện nay"),
    "actions_of": ("ACTIONS against today, {name}", "VIỆC CẦN LÀM so với hiện nay, {name}"),
    "other_todays": (
        "Today is costed with the settings of {name}. "
        "At their own settings the plans save against today: {plans}.",
        "Hiện nay được tính theo tham số của {name}. "
        "Theo tham số riêng, so với hiện nay các phương án tiết kiệm: {plans}.",
    ),
    # Actions, and steps over the years.
    "open": ("open", "mở"),
    "close": ("close", "đóng"),
    "move_in": ("move in", "chuyển vào"),
    "give_up": ("give up", "bàn giao"),
    "step_use": ("use {place}", "sử dụng {place}"),
    "step_build": (
        "build the centre at {place}, {floor} m2, {vnd} with contingency and land",
        "xây khu liên cơ tại {place}, {floor} m2, {vnd} kể cả dự phòng và đất",
    ),
    "step_enter": (
        "move into the centre at {place}, {vnd} for furniture and moves",
        "chuyển vào khu liên cơ tại {place}, {vnd} cho bàn ghế và di chuyển",
    ),
    "step_release": ("give up {place}: {route}", "bàn giao {place}: {route}"),
    "route_public_use": ("public use", "mục đích công cộng"),
    "route_health": ("health", "y tế"),
    "route_education": ("education", "giáo dục"),
    "route_culture": ("culture", "văn hóa"),
    "route_sport": ("sport", "thể thao"),
    "route_police": ("police", "công an"),
    "route_other_public": ("other public use", "mục đích công cộng khác"),
    "route_lease": ("lease", "cho thuê"),
    "route_auction": ("auction", "đấu giá"),
    "over_the_years": ("OVER THE YEARS: {name}", "TRONG CÁC NĂM: {name}"),
    "other_years": (
        "The plans are costed over different years ({spans}): their sums cannot be compared.",
        "Các phương án tính chi phí cho những năm khác nhau ({spans}): không so sánh được các tổng.",
    ),
    "only_one": ("WHERE {one} AND {other} DIFFER", "{one} VÀ {other} KHÁC NHAU Ở ĐÂU"),
    "times": ("{n} ×", "{n} lần"),
    "once": ("once {vnd}", "một lần {vnd}"),
    "a_year": ("a year {vnd}", "mỗi năm {vnd}"),
    # explain.
    "chosen": ("Chosen", "Phương án chọn"),
    "next": ("Next best {i}: {more} more", "Phương án kế tiếp {i}: đắt hơn {more}"),
    "next_less": (
        "Cheaper by {less}, but the rule asks for one site where one holds everybody",
        "Rẻ hơn {less}, nhưng quy tắc yêu cầu một trụ sở khi một trụ sở đủ chỗ",
    ),
    "next_city": (
        "Cheaper by {less} for this unit, but a city-wide rule leaves no room",
        "Rẻ hơn {less} cho đơn vị này, nhưng quy tắc chung của thành phố không cho phép",
    ),
    "today": ("Today (known or completed): {more} more", "Hiện nay (đã biết hoặc bổ sung): đắt hơn {more}"),
    "next_network": (
        "Cheaper by {less} for this unit alone, but not with the reception network",
        "Rẻ hơn {less} nếu chỉ tính riêng đơn vị này, nhưng không phải khi tính cả mạng lưới tiếp nhận",
    ),
    "today_less": (
        "Today (known or completed): {less} less",
        "Hiện nay (đã biết hoặc bổ sung): rẻ hơn {less}",
    ),
    "today_same": ("Today (known or completed): the same", "Hiện nay (đã biết hoặc bổ sung): như phương án"),
    "shared": (
        "Premises are shared with {other}.",
        "Dùng chung trụ sở với {other}.",
    ),
    "one_rule": (
        "One site is used because it holds everybody and the scenario asks for one then.",
        "Dùng một trụ sở vì đủ chỗ cho mọi cơ quan và kịch bản yêu cầu như vậy.",
    ),
    "holds_all": ("{site} could hold everybody", "{site} đủ chỗ cho mọi cơ quan"),
    "holds_not": ("{site} alone: {what} missing", "Chỉ riêng {site}: thiếu {what}"),
    "m2": ("{n} m2", "{n} m2"),
    "seats": ("{n} hall seats", "{n} ghế hội trường"),
    "why_centre": ("The unit over the years", "Đơn vị qua các năm"),
    "with_centre": ("centre at {place} from {year}", "khu liên cơ tại {place} từ {year}"),
    "without_centre": ("no centre", "không xây khu liên cơ"),
    "option_chosen": ("Plan", "Phương án"),
    "option_alone": (
        "Best for the unit alone, if the city had no shared rules",
        "Tốt nhất cho riêng đơn vị, nếu thành phố không có quy tắc chung",
    ),
    "option_none": ("Without a centre", "Không có khu liên cơ"),
    "option_place": ("Elsewhere", "Ở nơi khác"),
    "option_earlier": ("A year earlier", "Sớm hơn một năm"),
    "option_later": ("A year later", "Muộn hơn một năm"),
    "option_more": (
        "{own} for the unit, {priced} with the shared rules at their prices",
        "{own} cho đơn vị, {priced} khi tính cả quy tắc chung theo giá của chúng",
    ),
    "no_land": (
        "No land of the unit is large enough: a centre needs {needed} m2, the largest site ({site}) has {largest} m2",
        "Đơn vị không có khu đất đủ rộng: cần {needed} m2, trụ sở có đất rộng nhất ({site}) có {largest} m2",
    ),
    "not_vacant": (
        "A centre needs {needed} m2; {site} has {largest} m2, but the rules leave the unit no other place to sit "
        "while it is built on",
        "Khu liên cơ cần {needed} m2; {site} có {largest} m2, nhưng theo quy tắc đơn vị không có nơi nào khác để làm "
        "việc trong thời gian xây dựng",
    ),
    "single": ("On one site", "Trên một trụ sở"),
    "none_other": ("No other set of sites keeps the rules.", "Không có bộ trụ sở nào khác đạt quy tắc."),
    "mainly": ("mainly, as cost: {items}", "chủ yếu, tính vào chi phí: {items}"),
    # sweep.
    "status": ("Status", "Kết quả"),
    "sweep_premises": ("Premises", "Trụ sở"),
    "sweep_cost": ("Net present cost", "Tổng chi phí quy về hiện tại"),
    "sweep_saving": ("Saving against today", "Tiết kiệm so với hiện nay"),
    "sweep_travel": ("Citizens' travel, average", "Người dân đi lại, trung bình"),
    "sweep_optimal": ("optimal", "tối ưu"),
    "sweep_feasible": ("not proven", "chưa chứng minh"),
    "sweep_infeasible": ("no plan ({codes})", "không có phương án ({codes})"),
    "sweep_stopped": ("stopped ({codes})", "đã dừng ({codes})"),
    "sweep_refused": ("refused ({codes})", "bị từ chối ({codes})"),
    "sweep_line": (
        "{name}: {n} plans, {reused} of them from an earlier run",
        "{name}: {n} phương án, trong đó {reused} lấy từ lần chạy trước",
    ),
    "sweep_interrupted": (
        "Interrupted. Finished plans are kept in {folder}: the same command goes on from there.",
        "Đã ngắt. Các phương án đã xong được giữ trong {folder}: chạy lại lệnh để làm tiếp.",
    ),
    # frontier and alternatives.
    "by_access": ("citizens' travel to reception, mean", "người dân đi nộp hồ sơ, trung bình"),
    "by_separation": ("distance between bodies, mean", "khoảng cách giữa các cơ quan, trung bình"),
    "by_capital": ("capital, first year", "chi đầu tư, năm đầu"),
    "by_capital_all": ("capital, all years", "chi đầu tư, tất cả các năm"),
    "by_access_all": (
        "citizens' travel to reception, mean over the years",
        "người dân đi nộp hồ sơ, trung bình các năm",
    ),
    "by_separation_all": (
        "distance between bodies, mean over the years",
        "khoảng cách giữa các cơ quan, trung bình các năm",
    ),
    "by_premises": ("premises in use", "trụ sở sử dụng"),
    "frontier": (
        "{name}: {n} plans, none of them beaten in both cost and {measure}; {s} s model and solve",
        "{name}: {n} phương án, không phương án nào bị vượt cả về chi phí lẫn {measure}; {s} giây lập và giải",
    ),
    "all_proven": ("each proven, gap 0", "từng phương án đã chứng minh, sai số 0"),
    "some_proven": (
        "{n} of them not proven, at most {gap} above the best",
        "{n} phương án chưa chứng minh, cao hơn tối ưu không quá {gap}",
    ),
    "whole_frontier": ("There are no others.", "Ngoài ra không còn phương án nào như vậy."),
    "no_trade_off": (
        "The cheapest plan is the best in {measure} too: there is nothing to trade.",
        "Phương án rẻ nhất cũng tốt nhất về {measure}: không có gì để đánh đổi.",
    ),
    "others": (
        "{name}: {n} other plans at most {within} dearer than {cost}",
        "{name}: {n} phương án khác, đắt hơn {cost} không quá {within}",
    ),
    "no_others": (
        "No unit can use other sites at that price.",
        "Với mức chi phí đó không đơn vị nào đổi được trụ sở.",
    ),
    "centre_at": ("centre at {place}", "khu liên cơ tại {place}"),
    "plan": ("plan", "phương án"),
    "dearer": ("dearer by", "đắt hơn"),
    "differ": ("units on sites of no plan before", "đơn vị dùng trụ sở chưa có ở phương án trước"),
    "point": ("point", "điểm"),
    "net_cost": ("net present cost", "tổng chi phí"),
    "step": ("against the point before", "so với điểm trước"),
    "step_of": ("{less} less for {more}", "bớt {less} với giá {more}"),
    "step_each": (", {each} {unit}", ", {each} {unit}"),
    "per_m": ("per m", "mỗi m"),
    "per_bn": ("per billion", "mỗi tỷ"),
    "per_site": ("per premises", "mỗi trụ sở"),
    "n_sites": ("{n} premises", "{n} trụ sở"),
    "not_proven": ("not proven", "chưa chứng minh"),
    "points_audited": ("Audit of every point passed.", "Kiểm tra độc lập từng điểm đạt."),
    "points_failed": ("AUDIT FAILED at points {points}.", "KIỂM TRA KHÔNG ĐẠT ở các điểm {points}."),
    # check.
    "all_ok": ("No problems.", "Không có lỗi."),
    "problems": ("{n} problems.", "{n} lỗi."),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a phrase in a language."""
    return WORDS[key][lang == "vi"].format(**values)
