"""Vietnamese and English wording: problems, numbers, money, dates, sorting, search without accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date as Date
from typing import Literal, NamedTuple

from planner.errors import Problem, did_you_mean

Lang = Literal["vi", "en"]
LANGUAGES: tuple[Lang, ...] = ("vi", "en")
MAX_SHOWN = 60
MAX_LISTED = 20


class Message(NamedTuple):
    """What a code says, in both languages."""

    what: str
    fix: str
    what_vi: str
    fix_vi: str


_SAVE = "Save it again as CSV UTF-8 (Excel: Save As, type 'CSV UTF-8 (Comma delimited)')."
_SAVE_VI = "Hãy lưu lại dạng CSV UTF-8 (Excel: Save As, kiểu 'CSV UTF-8 (Comma delimited)')."
_TEXT = "Format the column as Text before typing."
_TEXT_VI = "Hãy định dạng cột là Text trước khi nhập."

MESSAGES: dict[str, Message] = {
    # E1xx: files and tables
    "E101": Message(
        "no such file.",
        "{near}",
        "không có tệp này.",
        "{near}",
    ),
    "E102": Message(
        "cannot be read: {reason}.",
        "Give a file that this user may read, and close it in other programs.",
        "không đọc được: {reason}.",
        "Hãy chọn tệp mà người dùng này được đọc và đóng tệp ở chương trình khác.",
    ),
    "E103": Message(
        "the text is not UTF-8 (byte {byte}; it looks like {guess}).",
        _SAVE,
        "văn bản không phải UTF-8 (byte {byte}; có vẻ là {guess}).",
        _SAVE_VI,
    ),
    "E104": Message(
        "a byte-order mark (U+FEFF) stands inside the text.",
        "It is allowed only as the very first character; delete it here (files were probably joined).",
        "có dấu thứ tự byte (U+FEFF) ở giữa văn bản.",
        "Dấu này chỉ được ở ngay đầu tệp; hãy xóa ở đây (có lẽ do ghép tệp).",
    ),
    "E105": Message(
        "the file is empty.",
        "The first row must name the columns; see docs/data-format.md.",
        "tệp trống.",
        "Dòng đầu phải là tên cột; xem docs/data-format.md.",
    ),
    "E106": Message(
        "there is a header but not one row.",
        "Fill in the rows; see docs/data-format.md.",
        "chỉ có dòng tiêu đề, không có dòng dữ liệu.",
        "Hãy điền dữ liệu; xem docs/data-format.md.",
    ),
    "E107": Message(
        'cells are separated by {separator}, not by comma: "{found}".',
        "Vietnamese Windows writes CSV so. " + _SAVE + " Decimals take a point.",
        'các ô ngăn cách bằng {separator}, không phải dấu phẩy: "{found}".',
        "Windows tiếng Việt ghi CSV như vậy. " + _SAVE_VI + " Số thập phân dùng dấu chấm.",
    ),
    "E108": Message(
        'column "{found}" is missing.',
        "{near}",
        'thiếu cột "{found}".',
        "{near}",
    ),
    "E109": Message(
        'column "{found}" occurs more than once.',
        "Keep one of them.",
        'cột "{found}" xuất hiện nhiều lần.',
        "Hãy giữ một cột.",
    ),
    "E110": Message(
        "the row has {found} cells, the header has {expected}.",
        'A cell with a comma must stand in quotes ("Số 2, phố Trúc Bạch").',
        "dòng có {found} ô, dòng tiêu đề có {expected} ô.",
        'Ô có dấu phẩy phải đặt trong ngoặc kép ("Số 2, phố Trúc Bạch").',
    ),
    "E111": Message(
        'the cell holds a control or invisible character {character}: "{found}".',
        "Retype the cell on one line.",
        'ô có ký tự điều khiển hoặc vô hình {character}: "{found}".',
        "Hãy gõ lại ô trên một dòng.",
    ),
    "E112": Message(
        'accents are typed as separate characters (not NFC): "{found}".',
        "Convert the text to precomposed Unicode (NFC, 'Unicode dựng sẵn').",
        'dấu được gõ rời (không phải NFC): "{found}".',
        "Hãy chuyển sang Unicode dựng sẵn (NFC).",
    ),
    "E113": Message(
        'space or invisible character before or after "{found}".',
        "Delete it.",
        'có dấu cách hoặc ký tự vô hình trước hoặc sau "{found}".',
        "Hãy xóa đi.",
    ),
    "E114": Message(
        "the cell is empty.",
        "A value is needed here; see docs/data-format.md.",
        "ô trống.",
        "Ô này phải có giá trị; xem docs/data-format.md.",
    ),
    "E115": Message(
        'decimal comma: "{found}".',
        "Write a decimal point: {plain}.",
        'dùng dấu phẩy thập phân: "{found}".',
        "Trong tệp dữ liệu hãy dùng dấu chấm: {plain}.",
    ),
    "E116": Message(
        'thousands separators in "{found}".',
        "Write digits only: {plain}.",
        'có dấu phân cách hàng nghìn trong "{found}".',
        "Chỉ viết chữ số: {plain}.",
    ),
    "E117": Message(
        'not a number: "{found}".',
        "Allowed: {allowed}.",
        'không phải số: "{found}".',
        "Cho phép: {allowed}.",
    ),
    "E118": Message(
        'Excel shortened the number to "{found}".',
        "Digits are lost: type the full value. " + _TEXT,
        'Excel đã rút gọn số thành "{found}".',
        "Chữ số đã mất: hãy nhập lại giá trị đầy đủ. " + _TEXT_VI,
    ),
    "E119": Message(
        'Excel turned the value into a date: "{found}".',
        "Type the value again. " + _TEXT,
        'Excel đã đổi giá trị thành ngày tháng: "{found}".',
        "Hãy nhập lại giá trị. " + _TEXT_VI,
    ),
    "E120": Message(
        'not a finite number: "{found}".',
        "Give a number, or leave the cell empty where docs/data-format.md allows it.",
        'không phải số hữu hạn: "{found}".',
        "Hãy cho một số, hoặc để trống nếu docs/data-format.md cho phép.",
    ),
    "E121": Message(
        "{found} is out of range.",
        "Allowed: {allowed}.",
        "{found} nằm ngoài khoảng cho phép.",
        "Cho phép: {allowed}.",
    ),
    "E122": Message(
        'the code "{found}" has lost its form (Excel drops leading zeros).',
        "It should read {code}. " + _TEXT,
        'mã "{found}" đã mất dạng (Excel bỏ số 0 ở đầu).',
        "Mã đúng là {code}. " + _TEXT_VI,
    ),
    "E123": Message(
        'not a code: "{found}".',
        "Allowed: {allowed}.",
        'không phải mã: "{found}".',
        "Cho phép: {allowed}.",
    ),
    "E124": Message(
        '"{found}" is already in row {first}.',
        "Each may occur once: correct or delete one of the rows.",
        '"{found}" đã có ở dòng {first}.',
        "Mỗi mã chỉ được xuất hiện một lần: hãy sửa hoặc xóa một dòng.",
    ),
    "E125": Message(
        'unknown value "{found}".',
        "Allowed: {allowed}. {near}",
        'giá trị không hợp lệ "{found}".',
        "Cho phép: {allowed}. {near}",
    ),
    "E126": Message(
        "the file has {size} bytes.",
        "At most {limit} bytes are read.",
        "tệp có {size} byte.",
        "Chỉ đọc tối đa {limit} byte.",
    ),
    "E127": Message(
        "quotes do not match: {reason}.",
        'A quote inside a cell is doubled ("") and the cell stands in quotes.',
        "dấu ngoặc kép không khớp: {reason}.",
        'Ngoặc kép trong ô phải viết đôi ("") và cả ô đặt trong ngoặc kép.',
    ),
    "E128": Message(
        "{count} columns have no name.",
        "Name them or delete them.",
        "{count} cột không có tên.",
        "Hãy đặt tên hoặc xóa cột.",
    ),
    "E129": Message(
        'an Excel error stands in the cell: "{found}".',
        "Repair the formula in Excel and save values.",
        'ô chứa lỗi Excel: "{found}".',
        "Hãy sửa công thức trong Excel rồi lưu giá trị.",
    ),
    "E130": Message(
        "the cell has {length} characters.",
        "At most {limit} are allowed.",
        "ô có {length} ký tự.",
        "Cho phép tối đa {limit} ký tự.",
    ),
    "E131": Message(
        "the row is empty.",
        "Delete it.",
        "dòng trống.",
        "Hãy xóa dòng này.",
    ),
    "E132": Message(
        "{found} is not a whole number.",
        "Write a whole number, such as {plain}.",
        "{found} không phải số nguyên.",
        "Hãy viết số nguyên, ví dụ {plain}.",
    ),
    "E133": Message(
        "coordinates are not degrees: lat {lat}, lon {lon}.",
        "They look like metres (VN-2000 or UTM): convert them to degrees, EPSG:4326.",
        "tọa độ không phải độ: lat {lat}, lon {lon}.",
        "Có vẻ là mét (VN-2000 hoặc UTM): hãy đổi sang độ, EPSG:4326.",
    ),
    "E134": Message(
        'the first line is Excel\'s "{found}".',
        "Delete this line; the first row must name the columns.",
        'dòng đầu là dòng "{found}" của Excel.',
        "Hãy xóa dòng này; dòng đầu phải là tên cột.",
    ),
    "E199": Message(
        "{count} more rows have the problem {same}.",
        "Only the first ones are listed.",
        "còn {count} dòng nữa có lỗi {same}.",
        "Chỉ liệt kê những dòng đầu.",
    ),
    # E2xx: scenarios
    "E201": Message(
        'no scenario "{found}".',
        "{near} Scenarios are in {folder}.",
        'không có kịch bản "{found}".',
        "{near} Các kịch bản nằm trong {folder}.",
    ),
    "E202": Message(
        "not valid YAML: {reason}.",
        "Check indentation, colons and quotes on this line and the one before.",
        "YAML không hợp lệ: {reason}.",
        "Hãy kiểm tra thụt dòng, dấu hai chấm và ngoặc kép ở dòng này và dòng trước.",
    ),
    "E203": Message(
        'no site "{found}".',
        "{near} Sites are in {table}.",
        'không có trụ sở "{found}".',
        "{near} Danh sách trụ sở ở {table}.",
    ),
    "E204": Message(
        'unknown key "{found}".',
        "{near} `planner new` writes a file that lists every key.",
        'khóa không có "{found}".',
        "{near} Lệnh `planner new` ghi tệp liệt kê mọi khóa.",
    ),
    "E205": Message(
        'the key "{found}" is already set in line {first}.',
        "Keep one of them.",
        'khóa "{found}" đã có ở dòng {first}.',
        "Hãy giữ một khóa.",
    ),
    "E206": Message(
        'wrong kind of value: "{found}".',
        "Allowed: {allowed}.",
        'sai kiểu giá trị: "{found}".',
        "Cho phép: {allowed}.",
    ),
    "E207": Message(
        '"{found}" is out of range.',
        "Allowed: {allowed}.",
        '"{found}" nằm ngoài khoảng cho phép.',
        "Cho phép: {allowed}.",
    ),
    "E208": Message(
        'decimal comma or thousands separator in "{found}".',
        "Write a decimal point (13.5) and, if you like, underscores between thousands (1_500_000).",
        'có dấu phẩy thập phân hoặc dấu phân cách hàng nghìn trong "{found}".',
        "Hãy dùng dấu chấm thập phân (13.5) và có thể dùng gạch dưới giữa hàng nghìn (1_500_000).",
    ),
    "E209": Message(
        'unknown value "{found}".',
        "Allowed: {allowed}. {near}",
        'giá trị không hợp lệ "{found}".',
        "Cho phép: {allowed}. {near}",
    ),
    "E210": Message(
        "no value for this key.",
        "Set it here, extend a scenario that has it (extends: _base), or give it a row in settings.csv.",
        "khóa này chưa có giá trị.",
        "Hãy đặt ở đây, kế thừa kịch bản đã có (extends: _base), hoặc thêm dòng trong settings.csv.",
    ),
    "E211": Message(
        "scenarios extend each other in a circle: {found}.",
        "Remove one `extends`.",
        "các kịch bản kế thừa vòng tròn: {found}.",
        "Hãy bỏ một dòng `extends`.",
    ),
    "E212": Message(
        'the parent "{found}" does not exist.',
        "{near}",
        'không có kịch bản cha "{found}".',
        "{near}",
    ),
    "E213": Message(
        'anchors, aliases, merge keys and tags are not allowed: "{found}".',
        "Write the values out.",
        'không được dùng anchor, alias, merge key và tag: "{found}".',
        "Hãy viết rõ giá trị.",
    ),
    "E214": Message(
        "the scenario is too large or nested too deeply ({size}).",
        "At most {limit}.",
        "kịch bản quá lớn hoặc lồng quá sâu ({size}).",
        "Tối đa {limit}.",
    ),
    "E215": Message(
        'the unit "{found}" does not fit.',
        "This key is in {allowed}.",
        'đơn vị "{found}" không phù hợp.',
        "Khóa này tính bằng {allowed}.",
    ),
    "E217": Message(
        "the scenario exists already.",
        "Choose another name or delete the file first.",
        "kịch bản đã tồn tại.",
        "Hãy chọn tên khác hoặc xóa tệp trước.",
    ),
    "E218": Message(
        '"{found}" cannot be a scenario name.',
        "Allowed: letters a-z, digits, '-' and '_', at most 60.",
        '"{found}" không thể là tên kịch bản.',
        "Cho phép: chữ a-z, chữ số, '-' và '_', tối đa 60 ký tự.",
    ),
    "E219": Message(
        'site "{found}" is both required and excluded.',
        "Take it out of one of the two lists.",
        'trụ sở "{found}" vừa bắt buộc vừa bị loại.',
        "Hãy bỏ khỏi một trong hai danh sách.",
    ),
    "E220": Message(
        "{count} sites of {ward} are required, but rules.max_sites is {limit}: {found}.",
        "Require fewer or raise rules.max_sites.",
        "{count} trụ sở của {ward} là bắt buộc, nhưng rules.max_sites là {limit}: {found}.",
        "Hãy bớt trụ sở bắt buộc hoặc tăng rules.max_sites.",
    ),
    "E221": Message(
        "every site of {ward} is excluded: {found}.",
        "Leave it at least one site.",
        "mọi trụ sở của {ward} đều bị loại: {found}.",
        "Hãy để lại ít nhất một trụ sở.",
    ),
    "E222": Message(
        'the text holds control characters or separate accents (not NFC): "{found}".',
        "Retype it as precomposed Unicode on one line.",
        'văn bản có ký tự điều khiển hoặc dấu gõ rời (không phải NFC): "{found}".',
        "Hãy gõ lại bằng Unicode dựng sẵn trên một dòng.",
    ),
    "E223": Message(
        'no folder "{found}".',
        "Paths count from the project's root. {near}",
        'không có thư mục "{found}".',
        "Đường dẫn tính từ thư mục gốc của dự án. {near}",
    ),
    "E224": Message(
        "the file holds no settings.",
        "Begin with `extends: _base`, or run `planner new`.",
        "tệp không có thiết lập nào.",
        "Hãy bắt đầu bằng `extends: _base`, hoặc chạy `planner new`.",
    ),
    "E225": Message(
        "not a whole number: {found}.",
        "Allowed: whole numbers, {allowed}.",
        "không phải số nguyên: {found}.",
        "Cho phép: số nguyên, {allowed}.",
    ),
    "E226": Message(
        "online and postal share together are {found}.",
        "reception.online_share + reception.postal_share may be 100% at most.",
        "tổng tỷ lệ trực tuyến và bưu chính là {found}.",
        "reception.online_share + reception.postal_share tối đa là 100%.",
    ),
    # E3xx: tables checked against each other
    "E301": Message(
        'no unit "{found}".',
        "{near} Units are in {table}.",
        'không có đơn vị "{found}".',
        "{near} Danh sách đơn vị ở {table}.",
    ),
    "E302": Message(
        'site "{found}" is claimed by two units: {ward} here, {other} in row {first}.',
        "A site belongs to one unit: correct ward_code, or give one of them another site_id.",
        'trụ sở "{found}" thuộc hai đơn vị: {ward} ở đây, {other} ở dòng {first}.',
        "Mỗi trụ sở thuộc một đơn vị: hãy sửa ward_code hoặc đổi site_id.",
    ),
    "E303": Message(
        "{ward} has no site.",
        "Every unit needs at least one row in {table}.",
        "{ward} không có trụ sở nào.",
        "Mỗi đơn vị cần ít nhất một dòng trong {table}.",
    ),
    "E304": Message(
        "{ward} has no old commune.",
        "Every unit needs at least one row in {table}.",
        "{ward} không có xã, phường cũ nào.",
        "Mỗi đơn vị cần ít nhất một dòng trong {table}.",
    ),
    "E305": Message(
        "{ward} belongs to no unit.",
        "Every old commune needs at least one row in {table}.",
        "{ward} không thuộc đơn vị mới nào.",
        "Mỗi xã, phường cũ cần ít nhất một dòng trong {table}.",
    ),
    "E307": Message(
        "{ward}: its old communes hold {found} people, the unit {expected}.",
        "The two must agree to {allowed}: correct population in {table} or in wards.csv.",
        "{ward}: các xã, phường cũ có {found} người, đơn vị có {expected} người.",
        "Hai số phải khớp trong khoảng {allowed}: hãy sửa population trong {table} hoặc wards.csv.",
    ),
    "E308": Message(
        "site {found} at {place} lies outside every unit: {km} km from the nearest, {other}.",
        "Correct lat and lon (degrees, EPSG:4326).",
        "trụ sở {found} tại {place} nằm ngoài mọi đơn vị: cách đơn vị gần nhất {other} {km} km.",
        "Hãy sửa lat và lon (độ, EPSG:4326).",
    ),
    "E309": Message(
        "site {found} lies {km} km from its unit {ward}, next to {other}.",
        "Correct ward_code, or lat and lon.",
        "trụ sở {found} cách đơn vị của nó {ward} {km} km, nằm cạnh {other}.",
        "Hãy sửa ward_code, hoặc lat và lon.",
    ),
    "E310": Message(
        "floor areas are not in order: low {low}, middle {found}, high {high}.",
        "floor_area_low_m2 <= floor_area_m2 <= floor_area_high_m2.",
        "diện tích sàn không theo thứ tự: thấp {low}, giữa {found}, cao {high}.",
        "floor_area_low_m2 <= floor_area_m2 <= floor_area_high_m2.",
    ),
    "E312": Message(
        "site {found} belongs to {other}, not to {ward}.",
        "Name a site of the unit, or correct ward_code.",
        "trụ sở {found} thuộc {other}, không thuộc {ward}.",
        "Hãy ghi trụ sở của đơn vị, hoặc sửa ward_code.",
    ),
    "E313": Message(
        "no land price zone {found}.",
        "Zones are in {table}: {allowed}.",
        "không có vùng giá đất {found}.",
        "Các vùng ở {table}: {allowed}.",
    ),
    "E314": Message(
        "latitude and longitude are swapped: lat {lat}, lon {lon}.",
        "lat is about 8 to 24 in Viet Nam, lon about 102 to 118.",
        "vĩ độ và kinh độ bị đổi chỗ: lat {lat}, lon {lon}.",
        "Ở Việt Nam lat khoảng 8 đến 24, lon khoảng 102 đến 118.",
    ),
    "E315": Message(
        "old commune {found} is marked whole but lies in {count} units.",
        "Whole means one unit: use part and remainder, or delete the other rows.",
        "xã, phường cũ {found} ghi là whole nhưng nằm trong {count} đơn vị.",
        "Whole nghĩa là thuộc một đơn vị: hãy dùng part và remainder, hoặc xóa dòng khác.",
    ),
    "E316": Message(
        'no old commune "{found}".',
        "{near} Old communes are in {table}.",
        'không có xã, phường cũ "{found}".',
        "{near} Danh sách ở {table}.",
    ),
    "E317": Message(
        'no setting "{found}".',
        "{near} The keys are those of scenario files.",
        'không có thiết lập "{found}".',
        "{near} Khóa phải là khóa của tệp kịch bản.",
    ),
    "E318": Message(
        'no "{found}" in {table}.',
        "{near} Allowed: {allowed}.",
        'không có "{found}" trong {table}.',
        "{near} Cho phép: {allowed}.",
    ),
    "E319": Message(
        "{found} people are said to live where pop_rule is none.",
        "none means land without people: set population to 0 or change pop_rule.",
        "có {found} người trong khi pop_rule là none.",
        "none nghĩa là đất không có dân: hãy đặt population bằng 0 hoặc sửa pop_rule.",
    ),
    "E320": Message(
        "every site of {ward} has use = excluded.",
        "Leave it at least one candidate.",
        "mọi trụ sở của {ward} đều có use = excluded.",
        "Hãy để lại ít nhất một trụ sở candidate.",
    ),
    "E311": Message(
        'no site "{found}".',
        "{near} Sites are in {table}; leave the cell empty where only the address is known.",
        'không có trụ sở "{found}".',
        "{near} Danh sách trụ sở ở {table}; để trống nếu chỉ biết địa chỉ.",
    ),
    "E321": Message(
        "the point of {ward} lies {km} km from the nearest of its old communes, {other}.",
        "Correct lat and lon of the unit, or its rows in {table}.",
        "điểm của {ward} cách xã, phường cũ gần nhất của nó, {other}, {km} km.",
        "Hãy sửa lat, lon của đơn vị, hoặc các dòng trong {table}.",
    ),
    "E322": Message(
        "old commune {found} gives all its people to one unit and some to another.",
        "Use all with none, or some with some, for pop_rule.",
        "xã, phường cũ {found} vừa chuyển toàn bộ dân cho một đơn vị vừa chuyển một phần cho đơn vị khác.",
        "pop_rule phải là all đi với none, hoặc some đi với some.",
    ),
    "E323": Message(
        "old commune {found} lies {km} km from {other}, the nearest of the units it went to.",
        "Correct lat and lon of the old commune, or its rows in {table}.",
        "xã, phường cũ {found} cách {other}, đơn vị gần nhất mà nó nhập vào, {km} km.",
        "Hãy sửa lat, lon của xã, phường cũ, hoặc các dòng trong {table}.",
    ),
    "E324": Message(
        "low {low} is above high {high}.",
        "low and high are the ends of the plausible range.",
        "low {low} lớn hơn high {high}.",
        "low và high là hai đầu của khoảng hợp lý.",
    ),
    "E325": Message(
        'a site may not be named "{found}".',
        "Names that begin with centre- are kept for new joint-agency centres.",
        'trụ sở không được mang mã "{found}".',
        "Mã bắt đầu bằng centre- dành cho khu liên cơ mới.",
    ),
    "E326": Message(
        "{count} parts of {found} for units of type {kind}; {expected} expected.",
        "Every type of unit needs each body, and the committee exactly one part of kind leaders.",
        "có {count} bộ phận {found} cho loại đơn vị {kind}; cần {expected}.",
        "Mỗi loại đơn vị cần đủ bốn khối, và UBND có đúng một bộ phận loại leaders.",
    ),
    "E327": Message(
        "{found} does not follow {other}.",
        "Rows must ascend.",
        "{found} không đứng sau {other}.",
        "Các dòng phải theo thứ tự tăng dần.",
    ),
    # E4xx: boundaries
    "E401": Message(
        "cannot be read as a map layer: {reason}.",
        "GeoJSON or GeoPackage with one polygon per unit is expected.",
        "không đọc được như lớp bản đồ: {reason}.",
        "Cần GeoJSON hoặc GeoPackage, mỗi đơn vị một đa giác.",
    ),
    "E402": Message(
        "coordinates are not degrees of EPSG:4326: {found}.",
        "Convert the layer to EPSG:4326, or run `planner boundaries import`.",
        "tọa độ không phải độ EPSG:4326: {found}.",
        "Hãy chuyển lớp sang EPSG:4326, hoặc chạy `planner boundaries import`.",
    ),
    "E403": Message(
        "the polygon of {ward} is not valid: {reason}.",
        "Repair it, or run `planner boundaries import`.",
        "đa giác của {ward} không hợp lệ: {reason}.",
        "Hãy sửa, hoặc chạy `planner boundaries import`.",
    ),
    "E404": Message(
        "{ward} has no polygon.",
        "Every unit of wards.csv needs one.",
        "{ward} không có đa giác.",
        "Mỗi đơn vị trong wards.csv cần một đa giác.",
    ),
    "E405": Message(
        'a polygon belongs to the unknown unit "{found}".',
        "{near} Units are in {table}.",
        'có đa giác của đơn vị không tồn tại "{found}".',
        "{near} Danh sách đơn vị ở {table}.",
    ),
    "E406": Message(
        "{ward} has {count} polygons.",
        "Join them into one multipolygon.",
        "{ward} có {count} đa giác.",
        "Hãy gộp thành một đa giác nhiều phần.",
    ),
    "E407": Message(
        "{ward} has no area: {found}.",
        "A polygon or multipolygon is expected.",
        "{ward} không có diện tích: {found}.",
        "Cần đa giác hoặc đa giác nhiều phần.",
    ),
    "E408": Message(
        "the polygon of {ward} lies {km} km from the unit's point.",
        "Polygons may have been matched to the wrong units.",
        "đa giác của {ward} cách điểm của đơn vị {km} km.",
        "Có thể đa giác bị ghép nhầm đơn vị.",
    ),
    "E409": Message(
        'the layer has no field "{found}".',
        "{near}",
        'lớp bản đồ không có trường "{found}".',
        "{near}",
    ),
    "E411": Message(
        "the polygons of {ward} and {other} overlap by {found} of the smaller one.",
        "Polygons of two units may touch, not overlap: run `planner boundaries import`.",
        "đa giác của {ward} và {other} chồng lên nhau {found} diện tích đa giác nhỏ.",
        "Đa giác của hai đơn vị chỉ được giáp nhau: hãy chạy `planner boundaries import`.",
    ),
    "E410": Message(
        "site {found} lies {km} km outside the polygon of its unit {ward}, in {other}.",
        "Correct ward_code, or lat and lon.",
        "trụ sở {found} nằm ngoài đa giác của đơn vị {ward} {km} km, trong {other}.",
        "Hãy sửa ward_code, hoặc lat và lon.",
    ),
}

PHRASES = {
    "semicolon": "dấu chấm phẩy",
    "tab": "dấu tab",
    "is a folder": "là một thư mục",
    "Permission denied": "không có quyền đọc",
    "Is a directory": "là một thư mục",
    "File name too long": "tên tệp quá dài",
    "a folder": "một thư mục",
    "name or path of one scenario": "tên hoặc đường dẫn của một kịch bản",
    "whole number": "số nguyên",
    "text, ": "văn bản, số ký tự ",
    "[name, name]": "[tên, tên]",
    "key: value": "khóa: giá trị",
    "no unit": "không có đơn vị đo",
    "depth ": "độ sâu ",
    "unexpected end of data": "hết tệp khi ngoặc kép chưa đóng",
    "',' expected after '\"'": "sau ngoặc kép đóng phải là dấu phẩy",
    "mapping values are not allowed here": "không được có dấu hai chấm ở đây",
    "could not find expected ':'": "thiếu dấu hai chấm",
    "found character '\\t' that cannot start any token": "không được thụt dòng bằng phím tab",
    "expected <block end>, but found": "thụt dòng không đều, gặp",
    "found unexpected end of stream": "hết tệp khi ngoặc chưa đóng",
    "more than one document": "có nhiều hơn một văn bản",
    "a key must be a plain text": "khóa phải là văn bản",
}
"""Words inside messages that are not the user's; a text that begins with one is shown translated."""


def shown(value: object) -> str:
    """Return a value as a message may show it: control characters escaped, long text cut."""
    text = str(value)
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):04x}}}" for character in cut
    )


def problem(code: str, where: str, /, **values: object) -> Problem:
    """Build a problem from the catalogue, in English; `in_language` gives it in another language.

    Values are cut and escaped; ``near=(found, names)`` becomes ``Did you mean X?`` where a name is near.
    """
    kept = tuple(sorted((name, _kept(name, value)) for name, value in values.items()))
    what, fix = _render(code, kept, "en")
    return Problem(code, shown_place(where), what, fix, kept)


def in_language(found: Problem, lang: Lang) -> Problem:
    """Return the problem in the reader's language; one that is not in the catalogue stays as it is."""
    if found.code not in MESSAGES or (not found.values and "{" in MESSAGES[found.code].what):
        return found
    what, fix = _render(found.code, found.values, lang)
    return Problem(found.code, found.where, what, fix, found.values)


def shown_place(where: str) -> str:
    """Return a place without control characters; places are longer than values."""
    text = where if len(where) <= 4 * MAX_SHOWN else "…" + where[-4 * MAX_SHOWN :]
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):04x}}}" for character in text
    )


def _kept(name: str, value: object) -> object:
    if name == "near" and isinstance(value, (list, tuple)):
        return shown(_nearest(str(value[0])[:200], [str(item) for item in value[1]]))
    if isinstance(value, (list, tuple)):
        items = value if len(value) <= MAX_LISTED else (*value[:MAX_LISTED], "…")
        return tuple(_kept("", item) for item in items)
    if isinstance(value, (int, float)):
        return value
    return shown(value)


def _nearest(value: str, names: list[str]) -> str:
    """Return the name that was probably meant, or an empty text."""
    stem = value.rstrip("0123456789")
    number = value[len(stem) :]
    if number:
        # Of numbered names: fewest digits changed, then nearest number; word matching knows nothing of numbers.
        near = [
            (
                sum(a != b for a, b in zip(name, value, strict=True)),
                abs(int(name[len(stem) :]) - int(number)),
                name,
            )
            for name in names
            if len(name) == len(value) and name.startswith(stem) and _is_number(name[len(stem) :])
        ]
        best = min(near, default=(9, 0, ""))
        if best[0] <= 2:
            return best[2]
    return did_you_mean(value, names)[len("Did you mean ") : -1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _render(code: str, values: Iterable[tuple[str, object]], lang: Lang) -> tuple[str, str]:
    message = MESSAGES[code]
    texts = {name: _text(name, value, lang) for name, value in values}
    what, fix = (message.what, message.fix) if lang == "en" else (message.what_vi, message.fix_vi)
    return what.format(**texts), " ".join(fix.format(**texts).split())


def _text(name: str, value: object, lang: Lang) -> str:
    if name == "near":
        return "" if not value else f"Did you mean {value}?" if lang == "en" else f"Ý bạn là {value}?"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    text = str(value)
    if lang == "vi" and name in ("separator", "reason", "allowed", "limit"):
        for english, vietnamese in PHRASES.items():
            if text.startswith(english):
                return vietnamese + text[len(english) :]
    return text


def number(value: float, lang: Lang = "vi", decimals: int = 0) -> str:
    """Return a number for people: ``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
    text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def share(value: float, lang: Lang = "vi", decimals: int = 0) -> str:
    """Return a share as per cent: ``59,7%``."""
    return f"{number(value * 100, lang, decimals)}%"


def money(vnd: float, lang: Lang = "vi") -> str:
    """Return an amount of money for people: ``1,5 tỷ đồng``, ``350 triệu đồng``, ``5.000 đồng``."""
    units = (
        (1_000_000_000_000, "nghìn tỷ đồng", "trillion VND"),
        (1_000_000_000, "tỷ đồng", "billion VND"),
        (1_000_000, "triệu đồng", "million VND"),
    )
    for size, vi, en in units:
        # Compare after rounding so that 999.96 million reads as 1 billion, not as 1,000 million.
        if round(abs(vnd) / size, 1) >= 1:
            decimals = (
                0 if round(abs(vnd) / size, 1) >= 100 or round(vnd / size, 1) == round(vnd / size) else 1
            )
            return f"{number(vnd / size, lang, decimals)} {vi if lang == 'vi' else en}"
    return f"{number(vnd, lang)} {'đồng' if lang == 'vi' else 'VND'}"


def date(day: Date, lang: Lang = "vi") -> str:
    """Return a date: ``01/7/2025`` in Vietnamese (days 1-9 and months 1-2 take a zero), ``1 July 2025``."""
    if lang == "vi":
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{day.day:02d}/{month}/{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=20)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return a key that sorts Vietnamese: letters a ă â b c d đ e ê ..., then tones.

    Tones go ngang, huyền, hỏi, ngã, sắc, nặng and count only between words of the same letters.
    """
    letters: list[int] = []
    tones: list[int] = []
    previous = ""
    for character in unicodedata.normalize("NFD", text.casefold()):
        if character in _TONES:
            if tones:
                tones[-1] = _TONES[character]
        elif (shaped := _SHAPES.get(character, {}).get(previous)) and letters:
            letters[-1] = _LETTER_RANK[shaped]
        elif unicodedata.combining(character):
            continue
        elif character.isspace():
            letters.append(1)
            tones.append(0)
        elif character.isdecimal():
            letters.append(2 + int(character))
            tones.append(0)
        else:
            rank = _LETTER_RANK.get(character)
            letters.append(
                rank if rank is not None else (12 if ord(character) < 128 else 100 + ord(character))
            )
            tones.append(0)
        if not unicodedata.combining(character):
            previous = character
    return tuple(letters), tuple(tones), text


def fold(text: str) -> str:
    """Return text for search: lower case, no accents, ``đ`` as ``d``, single spaces."""
    bare = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(character for character in bare if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFC", kept).replace("đ", "d").split())
