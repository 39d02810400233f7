"""Every message of reading and checking, in English and Vietnamese, by code; listed in docs/messages.md."""

from __future__ import annotations

from typing import NamedTuple


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
        "{near} docs/data-format.md lists the files.",
        "không có tệp này.",
        "{near} docs/data-format.md liệt kê các tệp.",
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
        "{near} docs/data-format.md lists the columns.",
        'thiếu cột "{found}".',
        "{near} docs/data-format.md liệt kê các cột.",
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
        "{near} A parent is named or given as a path from this file or from the project's root.",
        'không có kịch bản cha "{found}".',
        "{near} Kịch bản cha ghi bằng tên, hoặc đường dẫn tính từ tệp này hay từ thư mục gốc của dự án.",
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
    "E230": Message(
        'not a key and its values: "{found}".',
        "Write KEY=a..b, KEY=a..b/step or KEY=v1,v2,v3, such as rules.max_sites=1..3.",
        'không phải khóa và các giá trị: "{found}".',
        "Hãy viết KEY=a..b, KEY=a..b/bước hoặc KEY=v1,v2,v3, ví dụ rules.max_sites=1..3.",
    ),
    "E231": Message(
        '"{found}" is not a range.',
        "A range goes from a smaller to a larger number: 1..3, 6%..10%/0.5%.",
        '"{found}" không phải một khoảng.',
        "Khoảng đi từ số nhỏ đến số lớn: 1..3, 6%..10%/0.5%.",
    ),
    "E232": Message(
        "{count} plans are asked for.",
        "At most {limit}: give fewer values, a larger step or fewer --points.",
        "yêu cầu {count} phương án.",
        "Tối đa {limit}: hãy cho ít giá trị hơn, bước lớn hơn hoặc giảm --points.",
    ),
    "E233": Message(
        'some numbers have a unit and some have none: "{found}".',
        "Write the unit behind every number, and decimals with a point: 1.5 triệu,2 triệu.",
        'có số kèm đơn vị, có số không: "{found}".',
        "Hãy ghi đơn vị sau mọi số và dùng dấu chấm thập phân: 1.5 triệu,2 triệu.",
    ),
    "E234": Message(
        '"{found}" cannot be swept, or not twice.',
        "Allowed: each key once, of {allowed}.",
        '"{found}" không thể thay đổi hàng loạt, hoặc bị lặp lại.',
        "Cho phép: mỗi khóa một lần, thuộc {allowed}.",
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
        "Every type of unit needs each body once, and the committee exactly one part of kind leaders.",
        "có {count} bộ phận {found} cho loại đơn vị {kind}; cần {expected}.",
        "Mỗi loại đơn vị cần đủ bốn khối, và UBND có đúng một bộ phận loại leaders.",
    ),
    "E328": Message(
        'this part must be called "{expected}", not "{found}".',
        "A body that is one part is named like the body; the part of kind leaders is the office.",
        'bộ phận này phải mang mã "{expected}", không phải "{found}".',
        "Khối chỉ có một bộ phận thì mã bộ phận là mã khối; bộ phận loại leaders là office.",
    ),
    "E329": Message(
        "part {found} has a second row with count = rest for units of type {kind}.",
        "One row of a part takes the rest of its staff; give the others a number or switch them off.",
        "bộ phận {found} có dòng thứ hai với count = rest cho loại đơn vị {kind}.",
        "Mỗi bộ phận chỉ một dòng nhận phần còn lại; dòng khác phải là số hoặc switch = off.",
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
        "{near} Fields ward_code and boundary_basis are needed.",
        'lớp bản đồ không có trường "{found}".',
        "{near} Cần các trường ward_code và boundary_basis.",
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

FREE_PHRASES: tuple[tuple[str, str], ...] = (
    # E6xx: rules clash
    (r"no plan keeps the rules: (.+) missing", r"không phương án nào giữ được các quy tắc: thiếu \1"),
    (r"([\d,]+) m2 of floor area", r"\1 m2 diện tích sàn"),
    (r"([\d,]+) hall seats", r"\1 ghế hội trường"),
    (r"(m2 diện tích sàn) and ([\d,.]+ ghế)", r"\1 và \2"),
    (r"Smallest change: ([\d,]+) m2 more on ", r"Thay đổi nhỏ nhất: thêm \1 m2 ở "),
    (
        r", or space\.tight_m2_per_person ([\d.]+) instead of ([\d.]+)",
        r", hoặc space.tight_m2_per_person bằng \1 thay cho \2",
    ),
    (
        r"Smallest change: a hall with ([\d,]+) more seats on one of (.+), or rules\.hall: report",
        r"Thay đổi nhỏ nhất: hội trường thêm \1 ghế ở một trong các trụ sở \2, hoặc rules.hall: report",
    ),
    (r"no site is allowed in this unit", "đơn vị này không được dùng trụ sở nào"),
    (r"Take a site out of rules\.excluded\.", "Hãy bỏ một trụ sở khỏi rules.excluded."),
    (
        r"no set of at most (\d+) sites contains the (\d+) that are (.+)",
        r"không nhóm nào tối đa \1 trụ sở chứa đủ \2 trụ sở \3",
    ),
    (r"(?<=trụ sở )known today$", "đang dùng hiện nay"),
    (r"(?<=trụ sở )required$", "bắt buộc"),
    (r"Raise rules\.max_sites to (\d+)\.", r"Hãy tăng rules.max_sites lên \1."),
    (r"Require fewer sites\.", "Hãy bớt trụ sở bắt buộc."),
    (
        r"no plan of the city keeps these limits together",
        "không phương án nào giữ được đồng thời các giới hạn này",
    ),
    (r"Relax them one by one\.", "Hãy nới từng giới hạn."),
    (r"no plan of the city keeps ([\d,]+)", r"không phương án nào của thành phố giữ được \1"),
    (r"The smallest value that works is ([\d,]+)\.", r"Giá trị nhỏ nhất có phương án là \1."),
    (
        r"a plan of this unit could cost (.+), more than can be counted exactly",
        r"phương án của đơn vị này có thể tốn \1, quá lớn để tính chính xác",
    ),
    (
        r"At most 9 x 10\^12 dong a unit\. Lower the prices: are they in dong\?",
        "Tối đa 9 x 10^12 đồng mỗi đơn vị. Hãy giảm đơn giá: có đúng là tính bằng đồng không?",
    ),
    # E7xx: the solver
    (r"(\w+) stopped \((.+)\) before it had a plan", r"\1 đã dừng (\2) khi chưa có phương án"),
    (r"Allow more --time-limit\.", "Hãy tăng --time-limit."),
    (r"CBC is not installed", "chưa cài CBC"),
    (
        r"Install the extra: pip install planner\[cbc\], or use highs\.",
        "Hãy cài thêm: pip install planner[cbc], hoặc dùng highs.",
    ),
    (
        r"the solver's choice uses ([\d,]+) of (\w+), ([\d,]+) allowed",
        r"lựa chọn của bộ giải dùng \1 \2, cho phép \3",
    ),
    (r"Report this with the scenario\.", "Hãy báo lỗi này kèm kịch bản."),
    (
        r"(\w+) finds no plan that keeps (.+), but there is one",
        r"\1 không tìm được phương án giữ \2, dù có phương án như vậy",
    ),
    (
        r"Use --solver highs, or a limit a little larger\.",
        "Hãy dùng --solver highs, hoặc giới hạn lớn hơn một chút.",
    ),
    (r"a process of the sweep was ended", "một tiến trình của loạt phương án đã bị dừng"),
    (
        r"Finished points are kept\. Run the same command again, with fewer --jobs if memory is short\.",
        "Các phương án đã xong được giữ lại. Hãy chạy lại lệnh, giảm --jobs nếu thiếu bộ nhớ.",
    ),
    # E8xx: results and files
    (r"is not a result folder: plan\.json is missing", "không phải thư mục kết quả: thiếu plan.json"),
    (
        r"Give a folder that `planner solve` wrote, such as results/hanoi-2025\.",
        "Hãy chọn thư mục do `planner solve` ghi, ví dụ results/hanoi-2025.",
    ),
    (r"is neither a result folder nor a scenario", "không phải thư mục kết quả, cũng không phải kịch bản"),
    (
        r"Run: planner solve (\S+), or give the path of a result folder\.",
        r"Hãy chạy: planner solve \1, hoặc cho đường dẫn thư mục kết quả.",
    ),
    (r"Scenarios are in (\S+)\.", r"Các kịch bản nằm trong \1."),
    (r"is not a plan of schema (\d+)", r"không phải phương án theo schema \1"),
    (
        r"cannot be read back: (\d+) settings are missing or wrong",
        r"không đọc lại được: \1 thiết lập thiếu hoặc sai",
    ),
    (r"Solve the scenario again\.", "Hãy giải lại kịch bản."),
    (r"cannot be read \((\w+)\)", r"không đọc được (\1)"),
    (r"is a file, not a folder", "là tệp, không phải thư mục"),
    (r"holds files that planner did not write", "chứa tệp không do planner ghi"),
    (
        r"Give another folder with -o, or replace it with --force\.",
        "Hãy chọn thư mục khác bằng -o, hoặc thay thế bằng --force.",
    ),
    (r"Give another folder with -o\.", "Hãy chọn thư mục khác bằng -o."),
    (r"cannot be written to", "không ghi được"),
    (r"cannot be written", "không ghi được"),
    (r"cannot be replaced", "không thay thế được"),
    (
        r"Close files of this folder that are open, then try again\.",
        "Hãy đóng các tệp đang mở trong thư mục này rồi thử lại.",
    ),
    (
        r"Close the file if it is open, or give another one with -o\.",
        "Hãy đóng tệp nếu đang mở, hoặc chọn tệp khác bằng -o.",
    ),
    (r"is a folder", "là một thư mục"),
    (r"Give the name of a file with -o\.", "Hãy cho tên tệp bằng -o."),
    (r"two scenarios are called (.+)", r"hai kịch bản cùng tên \1"),
    (
        r"Rename one: the name is that of the result folder\.",
        "Hãy đổi tên một kịch bản: tên này là tên thư mục kết quả.",
    ),
    (r"(.+) is not among the plans compared", r"\1 không nằm trong các phương án được so sánh"),
    (r"Choose one of: ", "Hãy chọn một trong: "),
    (r"no unit (.+)", r"không có đơn vị \1"),
    (r"Codes are in wards\.csv\.", "Mã đơn vị ở wards.csv."),
    (r"(.+) is the name of several units", r"\1 là tên của nhiều đơn vị"),
    (r"Give a code: ", "Hãy cho mã đơn vị: "),
    (r"has changed since (.+) was made", r"đã thay đổi từ khi \1 được lập"),
    (r"Run: planner solve ", "Hãy chạy: planner solve "),
    (r"Permission denied", "không có quyền"),
    (r"Did you mean (.+?)\?", r"Ý bạn là \1?"),
)
"""Vietnamese for problems that other modules word themselves: patterns of their English, tried in this order."""
