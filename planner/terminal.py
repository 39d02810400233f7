"""What the command line prints: plans, comparisons and explanations as text, in Vietnamese or English."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from planner.catchments import hand_overs, has_network, minutes, names_of_points, rounded, stages, worst
from planner.compare import NOTICED_PREMISES, NOTICED_UNITS
from planner.prices import price_sentences
from planner.wording import COST_ITEMS, money, number, share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from planner.alternatives import Other
    from planner.catchments import HandOver
    from planner.compare import Comparison
    from planner.explain import Explanation
    from planner.frontier import Frontier, Point
    from planner.plan import Plan
    from planner.priced import Alternative
    from planner.sweep import Finished, Sweep
    from planner.wording import Lang

MEASURES = (
    "premises", "premises_released", "floor_in_use", "surplus_floor", "missing_to_norm", "missing_to_tight",
    "staff", "citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "body_distance_max", "parts_apart",
    "cost_capital", "cost_recurrent_year", "cost_social_year", "income", "net_present_cost",
)  # fmt: skip
"""Measures of the comparison, in reading order."""
MEASURES_OVER_TIME = (
    "centres", "centre_open_year", "centre_floor", "premises_end", "premises_released_end", "surplus_floor_end",
    "residual_value", "departments",
)  # fmt: skip
"""Further ones where a plan builds centres or opens departments."""
MEASURES_OF_NETWORK = (
    "points_open_end", "points_handed_over", "city_points_open_end", "counters_end", "reception_travel_mean_start",
    "reception_travel_mean_end", "reception_travel_max_start", "reception_travel_max_end", "within_15_start",
    "within_15_end", "within_30_start", "within_30_end",
)  # fmt: skip
"""Further ones where a plan has a reception network."""

# key: (English, Vietnamese)
WORDS: dict[str, tuple[str, str]] = {
    # Cost items first: two of them are also names of measures, which stand below and count here.
    **{item: (en, vi) for item, (vi, en) in COST_ITEMS.items()},
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
    "mainly": ("mainly: {items}", "chủ yếu: {items}"),
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
    "all_ok": ("No problems.", "Không có lỗi."),
    "problems": ("{n} problems.", "{n} lỗi."),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a phrase in a language."""
    return WORDS[key][lang == "vi"].format(**values)


def summary(plan: Plan, folder: Path | None, audit_ok: bool | None, lang: Lang) -> str:
    """Return the lines that `solve` prints for a plan."""
    facts, bodies = plan.facts, plan.assignments["body"].nunique()
    title = plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en
    proof = (
        say("optimal", lang)
        if facts["status"] == "optimal"
        else say("feasible", lang, gap=share(max(facts["gap"], 1e-5), lang, 3))
    )
    checks = [say("units", lang, units=len(plan.region.wards), bodies=bodies), proof]
    if audit_ok is not None:
        checks.append(say("audit_ok", lang) if audit_ok else say("audit_failed", lang, folder=folder))
    checks.append(say("seconds", lang, s=number(facts["seconds"], lang, 2)))
    lines = [f"{plan.scenario.name}: {title}", "  " + ", ".join(checks)]
    cost = facts["objective_vnd"]
    if plan.today is not None:
        now = plan.today.facts["objective_vnd"]
        premises = number(plan.today.city("premises"), lang)
        lines.append("  " + say("today_line", lang, premises=premises, cost=billions(now, lang)))
    lines.append(
        "  " + say("plan_line", lang, premises=number(plan.city("premises"), lang), cost=billions(cost, lang))
    )
    if plan.today is not None:
        # Where income outweighs all that today costs, a share of it would have the wrong sign.
        part = f" ({share((now - cost) / now, lang, 1)})" if now > 0 else ""
        lines.append("  " + say("saving_line", lang, saving=billions(now - cost, lang), share=part))
    lines += _over_time(plan, lang)
    lines += _reception(plan, lang)
    lines.append("  " + _estimate(plan, lang))
    if folder is not None:
        lines.append(f"  {folder}")
    return "\n".join(lines)


def _over_time(plan: Plan, lang: Lang) -> list[str]:
    """Return what a plan with centres does year by year, how far it is proven, and what its rules cost."""
    if not plan.scenario.centres.allowed or plan.scenario.arrangement == "today":
        return []
    years, facts = plan.years, plan.facts
    opened = years.loc[years["opened"] > 0, "year"]
    span = "-".join(str(year) for year in sorted({opened.min(), opened.max()})) if len(opened) else ""
    key = ("centres_none", "centres_built_once", "centres_built")[min(len(opened), 2)]
    lines = [say(key, lang, n=number(plan.city("centres"), lang), years=span)]
    measures = ("premises", "premises_end", "premises_released_end", "surplus_floor_end")
    lines.append(say("at_the_end", lang, **{name: number(plan.city(name), lang) for name in measures}))
    key = "both_gaps" if facts.get("certified_gap") is not None else "one_gap"
    lines.append(
        say(key, lang, gap=_gap(facts["gap"], lang), certified=_gap(facts.get("certified_gap") or 0.0, lang))
    )
    budget = plan.scenario.budget
    more = "year_carried" if budget.carry_over or not budget.recycle_income else "year_recycled"
    heads = (
        "year",
        "year_budget",
        "year_both" if budget.carry_over and budget.recycle_income else more,
        "year_capital",
        "premises",
        "year_building",
        "year_opened",
    )
    rows = [[say(head, lang) for head in heads]]
    for row in years.to_dict("records"):
        limit = row["budget_vnd"]
        has = str(limit) not in ("", "nan")
        rows.append(
            [
                str(row["year"]),
                number(float(limit) / 1e9, lang, 1) if has else "–",
                number((row["carried_in_vnd"] + row["recycled_vnd"]) / 1e9, lang, 1) if has else "",
                number(row["capital_vnd"] / 1e9, lang, 1),
                *(number(row[name], lang) for name in ("premises", "building", "opened")),
            ]
        )
    lines += ["", *_aligned(rows).splitlines()]
    prices = price_sentences(facts.get("limits", []), lang)
    lines += ["", say("rule_prices", lang), *(f"  {text}" for text in prices)] if prices else []
    return [f"  {line}".rstrip() for line in (*lines, "")]


def _reception(plan: Plan, lang: Lang) -> list[str]:
    """Return what becomes of the reception points, and what the rules on them cost."""
    found = stages(plan)
    if not found:
        return []
    first, last = found[min(1, len(found) - 1)], found[-1]
    before = stages(plan.today)[-1] if plan.today is not None and has_network(plan.today) else found[0]
    way = worst(plan, last.year, 1)[0]
    commune = str(plan.region.communes.loc[way.commune, "name"])
    text = say(
        "reception",
        lang,
        points=number(first.points, lang),
        year=first.year,
        wards=number(first.of_wards, lang),
        city=number(first.of_city, lang),
        closed=number(first.closed, lang),
        before=number(before.counters, lang),
        after=number(last.counters, lang),
        mean_before=number(before.mean_m / 1000, lang, 1),
        mean_after=number(last.mean_m / 1000, lang, 1),
        share=share(rounded(last.within_15), lang, 1),
        last=last.year,
        worst=commune,
        minutes=number(minutes(plan, way.road_m), lang, 1),
    )
    prices = price_sentences(plan.facts.get("limits", []), lang)
    lines = [text, *(["", say("rule_prices", lang), *(f"  {one}" for one in prices), ""] if prices else [])]
    return [f"  {line}".rstrip() for line in lines]


def _gap(value: float, lang: Lang) -> str:
    """Return a gap as per cent; one that would round to nothing is not shown as nothing."""
    if 0 < value < 5e-6:
        return "< " + share(1e-5, lang, 3)
    return share(value, lang, 3)


def billions(vnd: float, lang: Lang) -> str:
    """Return money in billion dong with one decimal, so that columns of a table can be compared."""
    return f"{number(vnd / 1e9, lang, 1)} {'tỷ đồng' if lang == 'vi' else 'bn VND'}"


def _estimate(plan: Plan, lang: Lang) -> str:
    return say("estimate", lang, surveyed=share(plan.city("surveyed_share"), lang, 1))


def comparison(result: Comparison, plans: Sequence[Plan], actions: pd.DataFrame | None, lang: Lang) -> str:
    """Return the table that `compare` prints: measures, cost items, the saving, and actions."""
    names = result.names
    rows: list[list[str]] = [["", *names]]
    measures, items = (part.set_index("key") for part in (result.measures, result.items))
    rows.append([say("measures", lang)])
    over_time = any(plan.scenario.centres.allowed or plan.scenario.departments.open for plan in plans)
    more = (
        *(MEASURES_OVER_TIME if over_time else ()),
        *(key for key in MEASURES_OF_NETWORK if key in measures.index),
    )
    for key in (*MEASURES[:-1], *more, MEASURES[-1]):
        rows.append([say(key, lang), *(_value(key, measures.loc[key], name, lang) for name in names)])
        if key == "net_present_cost":
            saved = [_saved(result, name, lang) for name in names]
            rows.append([say("saving", lang, name=names[0]), *saved])
    rows.append([say("items", lang)])
    rows += [
        [say(key, lang), *(billions(items.loc[key, name], lang) for name in names)]
        for key in items.index
        if any(items.loc[key, name] for name in names)
    ]
    lines = [_aligned(rows), *(line for plan in plans for line in _by_year(plan, lang))]
    if actions is not None and len(actions):
        acting = [plan.scenario.name for plan in plans if plan.today is not None]
        head = say("actions_of", lang, name=acting[-1]) if len(acting) > 1 else say("actions", lang)
        lines += ["", head, *_action_lines(actions, lang), *_hand_over_lines(plans, lang)]
    spans = {(plan.scenario.horizon.start_year, plan.scenario.horizon.years) for plan in plans}
    if len(spans) > 1:
        lines += ["", say("other_years", lang, spans=", ".join(f"{a}-{a + n - 1}" for a, n in sorted(spans)))]
    lines += _own_todays(plans, lang)
    if len(plans[0].region.wards) == NOTICED_UNITS:
        lines += ["", say("city", lang, n=NOTICED_PREMISES, units=NOTICED_UNITS)]
    lines.append(_estimate(plans[0], lang))
    return "\n".join(lines)


def _by_year(plan: Plan, lang: Lang) -> list[str]:
    """Return the city's measures year by year; none where a plan stays as it is in its first year."""
    by_year = plan.city_by_year()
    if not by_year:
        return []
    kilometres = ("citizen_travel_mean", "citizen_travel_max", "body_distance_mean")
    shown = ("surplus_floor", "missing_to_norm", *kilometres)
    rows = [[say("year", lang), say("premises", lang), *(say(f"yearly_{name}", lang) for name in shown)]]

    def cells(year: int) -> list[str]:
        values = by_year[year]
        said = [
            number(values[name] / 1000, lang, 2) if name in kilometres else number(values[name], lang)
            for name in shown
        ]
        return [number(values["premises"], lang), *said]

    for said, run in groupby(sorted(by_year), key=cells):
        span = list(run)
        rows.append(["-".join(str(year) for year in sorted({span[0], span[-1]})), *said])
    return ["", say("by_year", lang, name=plan.scenario.name), _aligned(rows)]


def _hand_over_lines(plans: Sequence[Plan], lang: Lang) -> list[str]:
    """Return how many points the plan whose actions are listed hands over, and when."""
    acting = [plan for plan in plans if plan.today is not None]
    found = hand_overs(acting[-1]) if acting else []
    if not found:
        return []
    years = [one.year for one in found]
    when = ", ".join(f"{year}: {years.count(year)}" for year in sorted(set(years)))
    return [say("hand_overs", lang, n=number(len(found), lang), years=when)]


def _own_todays(plans: Sequence[Plan], lang: Lang) -> list[str]:
    """Say what each plan saves at its own settings, where today does not cost the same at all of them."""
    own = [(plan, plan.today.facts["objective_vnd"]) for plan in plans if plan.today is not None]
    if plans[0].today is None or len({cost for _, cost in own}) < 2:
        return []
    saved = [
        f"{plan.scenario.name} {billions(cost - plan.facts['objective_vnd'], lang)}" for plan, cost in own
    ]
    return ["", say("other_todays", lang, name=plans[0].scenario.name, plans=", ".join(saved))]


def _saved(result: Comparison, name: str, lang: Lang) -> str:
    """Return what a plan saves against the baseline; a dash where the two are costed over other years."""
    if name == result.names[0]:
        return ""
    saving = result.saving(name)
    return "–" if saving is None else billions(saving, lang)


def _value(key: str, row: pd.Series, name: str, lang: Lang) -> str:
    value, unit = row[name], row["unit"]
    if value is None:
        return "–"
    if unit == "share":
        return share(rounded(value), lang, 1)
    if unit == "VND":
        return billions(value, lang)
    if unit == "m":
        return f"{number(value / 1000, lang, 2)} km"
    if unit == "year":
        return str(int(value)) if value else "–"
    suffix = " m2" if unit == "m2" else ""
    return number(value, lang) + suffix


def _action_lines(actions: pd.DataFrame, lang: Lang) -> list[str]:
    def row(action: str) -> list[str]:
        some = actions[actions["action"] == action]
        return [
            "  " + say(action, lang),
            say("times", lang, n=number(len(some), lang)),
            say("once", lang, vnd=billions(some["one_off_vnd"].sum(), lang)),
            say("a_year", lang, vnd=billions(some["yearly_vnd"].sum(), lang)),
        ]

    return [_aligned([row(action) for action in ("open", "move_in", "close", "give_up")])]


def action_list(plan: Plan, actions: pd.DataFrame, lang: Lang) -> str:
    """Return every action on a line of its own, unit by unit."""
    lines = []
    for (code, name), rows in actions.groupby(["ward_code", "ward_name"], sort=False):
        lines.append(f"{code} {name}")
        for row in rows.itertuples():
            part = f" {part_name(plan, str(row.part), lang)} →" if row.part else ""
            once = say("once", lang, vnd=money(float(row.one_off_vnd), lang))
            yearly = say("a_year", lang, vnd=money(float(row.yearly_vnd), lang))
            lines.append(
                f"  {say(str(row.action), lang)}:{part} {row.site_id} {row.site_name} ({once}, {yearly})"
            )
    return "\n".join(lines)


def step_list(steps: pd.DataFrame, lang: Lang, names: tuple[str, str] | None = None) -> str:
    """Return what happens over the years, unit by unit; with names of plans, what only one of them does."""
    lines = []
    for (code, name), rows in steps.groupby(["ward_code", "ward_name"], sort=False):
        lines.append(f"{code} {name}")
        for row in rows.itertuples():
            place = f"{row.site_id} {row.site_name}".strip()
            floor, vnd = number(float(row.floor_m2), lang), money(float(row.vnd), lang)
            route = say(f"route_{row.route}", lang) if row.route else ""
            values = {"place": place, "floor": floor, "vnd": vnd, "route": route, "unit": name}
            text = say(f"step_{row.action}", lang, **values)
            whose = f"{names[row.plan]}: " if names else ""
            lines.append(f"  {whose}{row.year}: {text}")
    return "\n".join(lines)


def sweep_table(sweep: Sweep, finished: Finished, folder: Path, lang: Lang) -> str:
    """Return the table that `sweep` prints: one row a plan, in the order of the grid."""
    names = [axis.key for axis in sweep.axes]
    heads = ("status", "sweep_premises", "sweep_cost", "sweep_saving", "sweep_travel")
    rows = [[*names, *(say(head, lang) for head in heads)]]
    for row in finished.rows:
        cells = [_setting(row["values"][axis.key], axis.unit, lang) for axis in sweep.axes]
        cells.append(say(f"sweep_{row['status']}", lang, codes=row["problem"]))
        measures = row["measures"]
        if measures:
            cells += [
                number(measures["premises"], lang),
                billions(row["objective_vnd"], lang),
                billions(row["saving_vnd"], lang),
                f"{number(measures['citizen_travel_mean'] / 1000, lang, 2)} km",
            ]
        rows.append([*cells, *[""] * (len(names) + len(heads) - len(cells))])
    done = say(
        "sweep_line",
        lang,
        name=sweep.scenario.name,
        n=len(finished.rows),
        reused=number(finished.reused, lang),
    )
    return "\n".join([_aligned(rows), "", done, f"  {folder}"])


def _setting(value: object, unit: str, lang: Lang) -> str:
    """Return the value of a setting with all its digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if isinstance(value, tuple):
            return f"[{', '.join(value)}]"
        return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    exact = Decimal(repr(value)) * (100 if unit == "share" else 1)
    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    text = str(value) if unit == "year" else number(float(exact), lang, decimals)
    return f"{text}%" if unit == "share" else text


def _aligned(rows: list[list[str]]) -> str:
    """Return rows as columns: text left, numbers right; rows of one cell are headings."""
    wide = [row for row in rows if len(row) > 1]
    widths = [max(len(row[i]) for row in wide) for i in range(len(wide[0]))]
    lines = []
    for row in rows:
        if len(row) == 1:
            lines += ["", row[0]]
            continue
        cells = [row[0].ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines).strip("\n")


def explanation(plan: Plan, found: Explanation, lang: Lang) -> str:
    """Return the reasons that `explain` prints for one ward."""
    lines = [
        f"{found.ward_code} {found.ward_name}",
        f"{say('chosen', lang)}: {money(found.chosen.cost_vnd, lang)}",
    ]
    lines += _seat_lines(plan, found.chosen, lang)
    lines += _point_lines(plan, found.ward_code, lang)
    if found.one_site_rule:
        lines.append("  " + say("one_rule", lang))
    if found.shared_with is not None:
        neighbour = str(plan.region.wards.loc[found.shared_with, "name"])
        lines.append("  " + say("shared", lang, other=neighbour))
    for i, other in enumerate(found.next_best, start=1):
        more = other.cost_vnd - found.chosen.cost_vnd
        if more >= 0:
            lines.append(say("next", lang, i=i, more=money(more, lang)) + f" ({', '.join(other.sites)})")
        else:
            usual = "next_less" if found.one_site_rule else "next_city"
            key = {"network": "next_network", "city_rule": "next_city"}.get(found.why, usual)
            lines.append(say(key, lang, less=money(-more, lang)) + f" ({', '.join(other.sites)})")
        lines.append("  " + _mainly(found.chosen, other, lang))
    if not found.next_best:
        lines.append(say("none_other", lang))
    if found.today is not None:
        more = found.today.cost_vnd - found.chosen.cost_vnd
        key = "today_same" if more == 0 else "today" if more > 0 else "today_less"
        lines.append(say(key, lang, more=money(more, lang), less=money(-more, lang)))
        lines += _seat_lines(plan, found.today, lang)
    lines += _centre_lines(plan, found, lang)
    lines.append(say("single", lang))
    for single in found.single:
        missing = [say("m2", lang, n=number(single.missing_m2, lang))] * (single.missing_m2 > 0)
        missing += [say("seats", lang, n=number(single.missing_seats, lang))] * (single.missing_seats > 0)
        site = _site(plan, single.site_id, lang)
        text = (
            say("holds_not", lang, site=site, what=", ".join(missing))
            if missing
            else say("holds_all", lang, site=site)
        )
        lines.append("  " + text)
    return "\n".join(lines)


def _point_lines(plan: Plan, ward: str, lang: Lang) -> list[str]:
    """Return what becomes of the ward's reception point, as far as the tables of the plan tell."""
    if not has_network(plan):
        return []
    handed = next((one for one in hand_overs(plan) if one.ward == ward), None)
    lines = _kept_lines(plan, ward, lang) if handed is None else _handed_lines(plan, handed, lang)
    return [f"  {line}" for line in lines]


def _kept_lines(plan: Plan, ward: str, lang: Lang) -> list[str]:
    mine = plan.points[plan.points["point_id"] == f"ward-{ward}"]
    if not len(mine):
        return []
    row = mine.loc[mine["year"].idxmax()]
    counts = {name: number(int(row[key]), lang) for name, key in _OF_POINT.items()}
    return [say("point_stays", lang, year=int(row["year"]), **counts)]


_OF_POINT = {"people": "people", "needed": "counters_needed", "counters": "counters"}


def _handed_lines(plan: Plan, handed: HandOver, lang: Lang) -> list[str]:
    names = names_of_points(plan)
    points = [
        say("point_people", lang, point=names[point], people=number(people, lang))
        for point, people in handed.served
    ]
    return [
        say(
            "point_handed",
            lang,
            year=handed.year,
            people=number(handed.people, lang),
            before=number(handed.before_m, lang),
            after=number(handed.after_m, lang),
        ),
        say("point_served", lang, points="; ".join(points)),
        say(
            "point_space",
            lang,
            m2=number(handed.space_m2, lang),
            site=handed.site,
            site_too=say("point_site_too", lang) if handed.frees else "",
        ),
        say("point_costs", lang),
    ]


def _centre_lines(plan: Plan, found: Explanation, lang: Lang) -> list[str]:
    """Return why the ward gets a centre in its year, or none."""
    over = found.over_time
    if over is None:
        return []
    lines = [say("why_centre", lang)]
    for option in over.options:
        region = plan.region
        name = region.sites["name"].get(option.place, region.parcels["name"].get(option.place, ""))
        place = f"{option.place} {name}".strip()
        what = say("with_centre" if option.place else "without_centre", lang, place=place, year=option.opens)
        lead = say(f"option_{option.kind}", lang)
        if option.kind == "chosen":
            lines.append(f"  {lead}: {what}, {money(option.cost_vnd, lang)}")
            continue
        more = say(
            "option_more",
            lang,
            own=_signed(option.more_vnd, lang),
            priced=_signed(option.priced_more_vnd, lang),
        )
        lines.append(f"  {lead}: {what}: {more}")
    if not any(option.place for option in over.options):
        largest = f"{over.largest_site} {plan.region.sites['name'].get(over.largest_site, '')}".strip()
        land = {"needed": number(over.land_needed_m2, lang), "largest": number(over.largest_m2, lang)}
        key = "no_land" if over.largest_m2 < over.land_needed_m2 else "not_vacant"
        lines.append("  " + say(key, lang, **land, site=largest))
    return lines


def _signed(vnd: float, lang: Lang) -> str:
    return f"{'+' if vnd > 0 else '−' if vnd < 0 else '±'}{money(abs(vnd), lang)}"


def _seat_lines(plan: Plan, arrangement: Alternative, lang: Lang) -> list[str]:
    return [
        f"  {_site(plan, site, lang)}: "
        + ", ".join(part_name(plan, p, lang) for p, s in arrangement.seats.items() if s == site)
        for site in arrangement.sites
    ]


def _site(plan: Plan, site: str, lang: Lang) -> str:
    row = plan.region.sites.loc[site]
    return f"{site} {row['name']} ({number(row['floor_area_m2'], lang)} m2)"


def part_name(plan: Plan, part: str, lang: Lang) -> str:
    """Return the name of a part from ``parts.csv``."""
    return str(plan.norms.parts.loc[part, lang])


def _mainly(chosen: Alternative, other: Alternative, lang: Lang) -> str:
    """Name the three cost items that make most of the difference."""
    items = [
        f"{say(key, lang)} {'+' if change > 0 else '−'}{money(abs(change), lang)}"
        for key, change in list(other.changes_from(chosen).items())[:3]
    ]
    return say("mainly", lang, items="; ".join(items))


def frontier_table(found: Frontier, lang: Lang) -> str:
    """Return what `frontier` prints: cost, second measure and premises by point, and the price of each step."""
    all_years = found.over_years or (found.measure == "capital" and found.scenario.centres.allowed)
    measure = say(f"by_{found.measure}" + ("_all" if all_years else ""), lang)
    title = say(
        "frontier",
        lang,
        name=found.scenario.name,
        n=len(found.points),
        measure=measure,
        s=number(found.seconds, lang, 2),
    )
    open_points = [point for point in found.points if point.status != "optimal"]
    most = max((point.gap for point in open_points), default=0.0)
    proof = say("some_proven", lang, n=len(open_points), gap=share(most, lang, 3))
    lines = [f"{title}, {proof if open_points else say('all_proven', lang)}"]
    beside = [] if found.measure == "premises" else ["premises"]
    head = [say("point", lang), say("net_cost", lang), measure, *(say(key, lang).lower() for key in beside)]
    rows = [[*head, say("step", lang)]]
    for place, point in enumerate(found.points):
        step = _step(found, found.points[place - 1], point, lang) if place else ""
        remark = "" if point.status == "optimal" else f" ({say('not_proven', lang)})"
        rows.append(
            [
                str(place + 1),
                billions(point.cost / 1e6, lang),
                _amount(found, point.value, lang),
                *(number(point.plan.city(key), lang) for key in beside),
                step + remark,
            ]
        )
    lines += ["", _aligned(rows), ""]
    if len(found.points) == 1:
        lines.append(say("no_trade_off", lang, measure=measure))
    elif found.complete:
        lines.append(say("whole_frontier", lang))
    lines.append(_estimate(found.points[0].plan, lang))
    return "\n".join(lines)


def _amount(found: Frontier, value: float, lang: Lang) -> str:
    """Return an amount of the second measure for people to read."""
    if found.measure == "capital":
        return billions(value, lang)
    if found.measure == "premises":
        return say("n_sites", lang, n=number(value, lang))
    return f"{number(value / found.parts, lang, 1)} m"


def _step(found: Frontier, before: Point, point: Point, lang: Lang) -> str:
    """Say what the improvement from one point to the next costs, and a unit of it."""
    less, more = before.value - point.value, (point.cost - before.cost) / 1e6
    size, unit = {"capital": (1e9, "per_bn"), "premises": (1, "per_site")}.get(
        found.measure, (found.parts, "per_m")
    )
    text = say("step_of", lang, less=_amount(found, less, lang), more=money(more, lang))
    return text + say("step_each", lang, each=money(more * size / less, lang), unit=say(unit, lang))


def alternatives_table(
    plan: Plan, others: Sequence[Other], within: float, lang: Lang, *, units: bool = False
) -> str:
    """Return what `alternatives` prints: cost and difference of each plan and, if asked for, its units."""
    cost = plan.facts["objective_vnd"]
    title = say(
        "others",
        lang,
        name=plan.scenario.name,
        n=len(others),
        within=share(within, lang, 2),
        cost=billions(cost, lang),
    )
    if not others:
        return f"{title}\n{say('no_others', lang)}"
    heads = ("plan", "net_cost", "dearer", "premises", "differ")
    rows = [[say(key, lang).lower() for key in heads]]
    for place, other in enumerate(others, start=1):
        remark = "" if other.status == "optimal" else f" ({say('not_proven', lang)})"
        rows.append(
            [
                str(place),
                billions(other.cost_vnd, lang),
                billions(other.cost_vnd - cost, lang),
                number(other.premises, lang),
                number(len(other.sites), lang) + remark,
            ]
        )
    lines = [title, "", _aligned(rows)]
    for place, other in enumerate(others if units else [], start=1):
        lines += ["", f"{say('plan', lang)} {place}"]
        lines += [
            f"  {ward} {plan.region.wards.loc[ward, 'name']}: {', '.join(sites)}"
            + (f"; {say('centre_at', lang, place=other.centres[ward])}" if other.centres[ward] else "")
            for ward, sites in other.sites.items()
        ]
    return "\n".join([*lines, "", _estimate(plan, lang)])
