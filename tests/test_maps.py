"""The page as text: what stands in it, what cannot, that it is the plan's. In a browser: tests/browser."""

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping, shape

from planner.errors import InputError
from planner.maps import colours, headlines, render_map, shapes, write_map
from planner.maps import content as maps
from planner.maps import page as pages
from planner.maps.colours import class_breaks
from planner.maps.content import TOLD, page_content
from planner.maps.fold import folded
from planner.maps.page import json_for_page
from planner.maps.truth import proof_line
from planner.maps.words import WEB, clean, labels, network_labels, say_measure, say_money
from planner.plan import Plan
from planner.reason_file import WHY
from planner.wording import collation_key, in_language
from planner.yearly import COLUMNS
from tests.browser.mapplans import MEASURES, centres, hanoi, over_time, plan_of, region5, renamed
from tests.browser.netplans import small as networked

ALLOWED_TAGS = {
    *("html", "head", "meta", "link", "title", "style", "script", "body", "noscript"),
    *("a", "header", "main", "section", "article", "footer", "div", "span", "p", "b", "i", "small"),
    *("h1", "h2", "h3", "ul", "li", "dl", "dt", "dd"),
    *("fieldset", "legend", "label", "input", "select", "button", "output"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
VIETNAMESE = re.compile(r"[À-ỹ]")


class Parsed(HTMLParser):
    """Elements, attributes and texts of a page, read without our code."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {}
        self.stack: list[str] = []
        self.rows: list[list[str]] = []
        self.cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside.setdefault(tag, []).append("")
        self.stack.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.cell = False
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.stack:
            self.inside[self.stack[-1]][-1] += data
        if self.cell:
            self.rows[-1][-1] += data

    @property
    def data(self) -> dict:
        at = next(i for i, (tag, _) in enumerate(self._scripts()) if tag == "application/json")
        return json.loads(self.inside["script"][at])

    def _scripts(self) -> list[tuple[str | None, None]]:
        return [(attrs.get("type"), None) for tag, attrs in self.elements if tag == "script"]


@pytest.fixture(scope="module")
def small() -> str:
    return render_map(plan_of(*region5()))


@pytest.fixture(scope="module")
def hostile() -> str:
    return render_map(plan_of(*region5(hostile=True), hostile=True))


def test_labels_of_both_languages_have_the_same_keys_and_places() -> None:
    vi, en = labels("vi"), labels("en")
    assert vi.keys() == en.keys()
    for key in vi:
        assert set(re.findall(r"{(\w+)}", vi[key])) == set(re.findall(r"{(\w+)}", en[key])), key
        assert bool(vi[key]) == bool(en[key]), key


def test_english_labels_are_english() -> None:
    assert [text for text in labels("en").values() if VIETNAMESE.search(text)] == []


def test_every_label_that_is_asked_for_exists() -> None:
    scripts = [WEB / "network.js", *(WEB / "page" / f"{name}.js" for name in pages.SCRIPTS)]
    assert {path.name for path in (WEB / "page").glob("*.js")} == {path.name for path in scripts[1:]}
    script = "".join(path.read_text(encoding="utf-8") for path in scripts)
    shell = (WEB / "shell.html").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in Path(maps.__file__).parent.glob("*.py"))
    asked = set(re.findall(r"\bW\.(\w+)", script)) | set(re.findall(r'say\("(\w+[a-z0-9])"', script))
    asked |= set(re.findall(r"label\.(\w+)", shell)) | set(re.findall(r'words\["(\w+)"\]', source))
    asked |= {f"m_{key}" for key in (*colours.COLOURED, *maps.COMPARED)}
    asked |= {f"why_{code}" for code in WHY}
    asked |= {"tile_cost", *(f"tile_{key}" for key in headlines.HEADLINES if key != "net_present_cost")}
    asked |= {
        "mode_premises",
        "mode_network",
        "layer_points",
        "layer_gone",
        "layer_ways",
        "m_reception_minutes",
    }
    assert asked - labels("vi").keys() - network_labels("vi").keys() == set()
    assert not labels("vi").keys() & network_labels("vi").keys()


def test_vendored_files_are_the_released_ones() -> None:
    vendor = tomllib.loads((WEB / "vendor" / "VENDOR.toml").read_text(encoding="utf-8"))
    assert (vendor["name"], vendor["version"]) == ("leaflet", "1.9.4")
    for name, digest in vendor["sha256"].items():
        assert hashlib.sha256((WEB / "vendor" / name).read_bytes()).hexdigest() == digest, name
    assert {path.name for path in (WEB / "vendor").iterdir()} == {*vendor["sha256"], "VENDOR.toml"}


def test_the_page_refers_to_nothing_outside(small: str) -> None:
    page = Parsed(small)
    targets = [
        attrs[key]
        for _, attrs in page.elements
        for key in ("src", "href", "srcset", "action")
        if key in attrs
    ]
    assert set(targets) == {"#table", "data:,"}
    styles = "".join(page.inside["style"])
    assert "url(" not in styles
    assert "@import" not in styles
    assert "sourceMappingURL" not in small


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(small: str) -> None:
    page = Parsed(small)
    policy = next(
        a["content"] for t, a in page.elements if t == "meta" and "Content-Security-Policy" in a.values()
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        attributes = [attrs for name, attrs in page.elements if name == tag]
        texts = [
            t
            for t, a in zip(page.inside[tag], attributes, strict=True)
            if a.get("type") != "application/json"
        ]
        wanted = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
        rule = next(part for part in policy.split(";") if part.strip().startswith(f"{tag}-src"))
        assert set(re.findall(r"'sha256-([^']*)'", rule)) == wanted
        assert len(texts) == 2
    # The policy stands before anything it must hold for.
    assert small.index("Content-Security-Policy") < small.index("<script>")
    assert not [attrs for _, attrs in page.elements if "style" in attrs]


def test_the_page_has_its_frame(small: str) -> None:
    page = Parsed(small)
    tags = [tag for tag, _ in page.elements]
    assert page.elements[0] == ("html", {"lang": "vi"})
    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer", "title", "caption")] == [1] * 6
    assert ("a", {"class": "skip", "href": "#table"}) in page.elements
    viewport = next(attrs["content"] for tag, attrs in page.elements if attrs.get("name") == "viewport")
    assert viewport == "width=device-width, initial-scale=1"
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.elements if tag == "th")


def test_two_renderings_are_the_same_bytes_and_folium_keeps_its_own_ids(tmp_path: Path) -> None:
    from branca.element import Element

    plan, before = plan_of(*region5()), Element.__dict__["_generate_id"]
    write_map(plan, tmp_path / "a.html")
    pages._rendered.cache_clear()
    write_map(plan, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert b"\r" not in (tmp_path / "a.html").read_bytes()
    assert Element.__dict__["_generate_id"] is before
    assert Element._generate_id() != Element._generate_id()


def test_hostile_text_makes_no_element_no_attribute_and_runs_no_template(hostile: str) -> None:
    page = Parsed(hostile)
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []
    assert [tag for tag, _ in page.elements].count("script") == 3
    assert "1337" not in hostile
    assert "{{ 7 * 191 }}" in hostile
    data = page.data
    region = plan_of(*region5(hostile=True), hostile=True).region
    assert sorted(data["units"]["name"]) == sorted(clean(name) for name in region.wards["name"])
    assert sorted(data["sites"]["name"]) == sorted(clean(name) for name in region.sites["name"])
    assert any("@@DATA@@ @@TITLE@@ {n} {{label.skip}}" in name for name in data["sites"]["name"])


def test_hostile_text_shows_as_it_was_typed(hostile: str) -> None:
    plan = plan_of(*region5(hostile=True), hostile=True)
    page = Parsed(hostile)
    assert page.inside["h1"] == [clean(plan.scenario.title_vi)]
    shown = {row[0] for row in page.rows[1:]}
    assert shown == {clean(name) for name in plan.region.wards["name"]}


@given(st.text())
def test_json_in_the_page_comes_back_and_holds_no_markup(text: str) -> None:
    written = json_for_page({"a": [text, text], text: 1})
    assert not set("<>&\u2028\u2029") & set(written)
    written.encode("utf-8")
    assert json.loads(written) == {"a": [text, text], text: 1}


@settings(max_examples=8)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_name_stays_text(name: str, address: str) -> None:
    region, norms = region5()
    wards = region.wards.assign(name=name)
    sites = region.sites.assign(address=address, name=name)
    page = Parsed(render_map(plan_of(replace(region, wards=wards, sites=sites), norms)))
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS
    assert page.data["units"]["name"] == [clean(name)] * 5


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_page_and_plan_agree_for_all_units(lang: str) -> None:
    plan = hanoi()
    page = Parsed(render_map(plan, lang))
    data = page.data
    assert len(data["units"]["code"]) == len(plan.region.wards) == len(data["shapes"]) == 126
    assert plan.today is not None
    for key, one in (("plan", plan), ("today", plan.today)):
        state = data["scenarios"][0]["states"][key]
        seats = {
            (data["units"]["code"][unit], data["parts"][part]["key"], data["sites"]["id"][site], tight, norm)
            for unit, rows in enumerate(state["seats"])
            for part, site, tight, norm, _ in rows
        }
        columns = ["ward_code", "part", "site_id", "tight_fit_m2", "norm_m2"]
        assert seats == set(one.assignments[columns].itertuples(index=False, name=None))
        used = {data["sites"]["id"][at] for at, status in enumerate(state["status"]) if status == 1}
        assert used == set(one.premises[one.premises.status == "in_use"].site_id)
        values = one.measures[one.measures.ward_code != ""].set_index(["ward_code", "measure"]).value
        for measure, numbers in state["values"].items():
            for code, number in zip(data["units"]["code"], numbers, strict=True):
                assert number == pytest.approx(values[code, measure], abs=0.001)


def test_the_table_lists_every_unit_in_vietnamese_order_with_its_figures() -> None:
    plan = hanoi()
    rows = Parsed(render_map(plan)).rows[1:]
    assert [row[0] for row in rows] == sorted(plan.region.wards["name"], key=collation_key)
    by_name = plan.ward_measures().join(plan.region.wards.name).set_index("name")
    for row in rows:
        assert row[2] == str(int(by_name.premises[row[0]]))
        cost = by_name.net_present_cost[row[0]] / 1e9
        assert float(row[7].replace(".", "").replace(",", ".")) == pytest.approx(cost, abs=0.051)


def test_headline_figures_are_the_city_s() -> None:
    plan = hanoi()
    content = page_content([plan], "vi").sheets[0]
    tiles = {tile.key: tile for tile in content.tiles}
    assert set(tiles) >= {"premises", "net_present_cost", "citizen_travel_mean", "citizen_travel_max"}
    assert tiles["premises"].value == str(int(plan.city("premises")))
    assert any("232" in line for line in tiles["premises"].lines)
    assert plan.today is not None
    assert any(str(int(plan.today.city("premises"))) in line for line in tiles["premises"].lines)
    for key, tile in tiles.items():
        assert tile.value == say_measure(key, plan.city(key), "vi")


def test_actions_are_those_of_the_comparison() -> None:
    from planner.compare import actions

    plan = hanoi()
    data = page_content([plan], "vi").data
    found = []
    for unit, to_do in enumerate(data["scenarios"][0]["actions"]):
        for verb, site, parts, *_ in to_do:
            for part in parts or [None]:
                name = data["parts"][part]["key"] if part is not None else ""
                found.append((data["units"]["code"][unit], verb, data["sites"]["id"][site], name))
    wanted = actions(plan)[["ward_code", "action", "site_id", "part"]]
    assert sorted(found) == sorted(wanted.itertuples(index=False, name=None))
    amounts = sum(one[4] for to_do in data["scenarios"][0]["actions"] for one in to_do)
    assert amounts == actions(plan).one_off_vnd.sum()


def test_the_page_says_what_is_schematic_and_estimated() -> None:
    for lang, words in (
        ("vi", ("Ranh giới sơ đồ", "ước tính")),
        ("en", ("Schematic boundaries", "estimated")),
    ):
        page = render_map(hanoi(), lang)
        text = "".join(Parsed(page).inside["p"]) + "".join(Parsed(page).inside["li"])
        for word in words:
            assert word in text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "optimal", "gap": 0.0}, "Đã chứng minh tối ưu"),
        ({"status": "feasible", "gap": 0.01234}, "nhiều nhất 1,24%"),
        ({"status": "feasible", "gap": 0.01234}, "Chưa chứng minh tối ưu"),
        ({"status": "stopped"}, "Chưa chứng minh tối ưu."),
        ({}, "Chưa chứng minh tối ưu."),
    ],
)
def test_proof_is_never_more_than_the_bound_shows(facts: dict[str, object], said: str) -> None:
    assert said in proof_line(replace(plan_of(*region5()), facts=facts), "vi")


@pytest.mark.parametrize(
    ("surveyed", "said"),
    [
        (0, "100% of floor area is estimated"),
        (0.013, "1.3% of floor area is surveyed, the rest estimated"),
        (1, "All"),
    ],
)
def test_the_surveyed_share_is_said(surveyed: float, said: str) -> None:
    plan = plan_of(*region5())
    page = render_map(replace(plan, facts={**plan.facts, "surveyed_share": surveyed}), "en")
    assert any(said in line for line in Parsed(page).inside["li"])


def test_a_plan_without_today_has_a_page_without_comparison() -> None:
    page = Parsed(render_map(plan_of(*region5(), today=False)))
    assert page.data["scenarios"][0]["states"]["today"] is None
    assert [len(row) for row in page.rows] == [7] * 6
    assert page.data["scenarios"][0]["actions"] == [[]] * 5


def test_real_boundaries_take_the_schematic_mark_away(tmp_path: Path) -> None:
    region, norms = region5()
    layer = json.loads((region.folder / "wards.geojson").read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"]["boundary_basis"] = "official"
        # Two pieces apart: the polygon less a strip through its middle.
        whole = shape(feature["geometry"])
        west, south, east, north = whole.bounds
        middle = (west + east) / 2
        feature["geometry"] = mapping(whole.difference(box(middle, south - 1, middle + 0.0005, north + 1)))
    (tmp_path / "wards.geojson").write_text(json.dumps(layer), encoding="utf-8")
    page = Parsed(render_map(plan_of(replace(region, folder=tmp_path), norms), "en"))
    assert all(len(unit) >= 2 for unit in page.data["shapes"])
    assert not any("schematic" in line.lower() for line in page.inside["li"] + page.inside["p"])


def test_shapes_are_the_polygons_to_the_metre() -> None:
    plan = plan_of(*region5())
    layer = json.loads((plan.region.folder / "wards.geojson").read_text(encoding="utf-8"))
    data = page_content([plan], "vi").data
    for feature in layer["features"]:
        flat = data["shapes"][data["units"]["code"].index(feature["properties"]["ward_code"])][0][0]
        x = y = 0
        points = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append([x / data["scale"], y / data["scale"]])
        ring = feature["geometry"]["coordinates"][0]
        assert points == [pytest.approx(point, abs=1e-5) for point in ring[:-1]]


def test_fine_boundaries_are_simplified_for_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*region5())
    before = sum(
        len(ring)
        for unit in shapes.shapes_of(plan.region, list(plan.region.wards.index))[1]
        for p in unit
        for ring in p
    )
    monkeypatch.setattr(shapes, "MOST_VERTICES", 10)
    after = sum(
        len(ring)
        for unit in shapes.shapes_of(plan.region, list(plan.region.wards.index))[1]
        for p in unit
        for ring in p
    )
    assert 0 < after <= before


def test_a_file_that_is_not_vendored_is_refused() -> None:
    found = re.match(r'<script src="([^"]*)"></script>()', '<script src="//elsewhere/x.js"></script>')
    assert found is not None
    with pytest.raises(ValueError, match="not vendored"):
        pages._inlined(found)


@given(st.lists(st.floats(0, 1e12), max_size=150))
def test_class_bounds_ascend_and_no_end_class_is_empty(values: list[float]) -> None:
    zero, bounds = class_breaks(values)
    assert bounds == sorted(set(bounds))
    assert len(bounds) + 1 + zero <= colours.CLASSES
    positive = [value for value in values if value > 0] if zero else values
    if bounds:
        assert min(positive) < bounds[0]
        assert max(positive) >= bounds[-1]


@pytest.mark.parametrize(
    ("vnd", "vi", "en"),
    [
        (2_138_000_000_000, "2.138 tỷ đồng", "2,138 billion VND"),
        (950_000_000, "1,0 tỷ đồng", "1.0 billion VND"),
        (949_000_000, "949 triệu đồng", "949 million VND"),
        (1_234_567_890, "1,2 tỷ đồng", "1.2 billion VND"),
        (-34_000_000, "-34,0 triệu đồng", "-34.0 million VND"),
        (1500, "1.500 đồng", "1,500 VND"),
    ],
)
def test_money_is_said_in_billions(vnd: int, vi: str, en: str) -> None:
    assert (say_money(vnd, "vi"), say_money(vnd, "en")) == (vi, en)


def test_the_input_code_follows_the_content_and_not_the_folder() -> None:
    plan = plan_of(*region5())
    moved = [{"path": "/elsewhere/sites.csv", "sha256": "ab" * 32}]
    other = [{"path": "data/geo/sites.csv", "sha256": "cd" * 32}]
    assert replace(plan, facts={"inputs": moved}).input_code == plan.input_code
    assert replace(plan, facts={"inputs": other}).input_code != plan.input_code
    assert replace(plan, facts={}).input_code == "–"


def test_sizes_stay_small() -> None:
    assert len(render_map(hanoi()).encode()) <= 670_000
    assert len(render_map(centres()).encode()) <= 710_000
    others = [renamed(hanoi(), "two"), renamed(hanoi(), "three")]
    assert len(render_map([centres(), *others]).encode()) <= 800_000
    assert len(render_map(plan_of(*region5())).encode()) <= 300_000
    assert set(MEASURES) >= set(maps.COMPARED)


# --- year by year -------------------------------------------------------------------------------------------------


def replayed(data: dict, scene: dict) -> dict[int, tuple[set, dict]]:
    """Year to (unit, part, site) of every seat and site to (status, route), from what the page's data say."""
    state, course = scene["states"]["plan"], scene["course"]
    seats, sites = list(state["seats"]), list(zip(state["status"], state["routes"], strict=True))
    found = {}
    for year, change in zip(course["years"], course["changes"], strict=True):
        for unit, rows in change["seats"]:
            seats[unit] = rows
        for site, status, route in change["sites"]:
            sites[site] = (status, route)
        names = data["sites"]["id"]
        found[year] = (
            {
                (data["units"]["code"][unit], data["parts"][part]["key"], names[site])
                for unit, rows in enumerate(seats)
                for part, site, *_ in rows
            },
            {names[at]: one for at, one in enumerate(sites) if one[0]},
        )
    return found


@pytest.mark.parametrize("make", [centres, over_time])
def test_every_year_of_the_page_is_that_of_the_tables(make: Callable[[], Plan]) -> None:
    plan = make()
    data = page_content([plan], "vi").data
    years = replayed(data, data["scenarios"][0])
    assert list(years) == sorted(set(plan.assignments.year))
    for year, (seats, sites) in years.items():
        rows = plan.assignments[plan.assignments.year == year]
        assert seats == set(rows[["ward_code", "part", "site_id"]].itertuples(index=False, name=None))
        wanted = {}
        for row in plan.premises[plan.premises.year == year].itertuples():
            status = {"in_use": 1, "under_construction": 3}.get(row.status, 4 if row.route == "centre" else 2)
            wanted[row.site_id] = (status, row.route if status in (2, 4) else "")
        assert sites == wanted


@pytest.mark.parametrize("make", [centres, over_time])
def test_figures_of_a_year_are_those_of_the_years_table(make: Callable[[], Plan]) -> None:
    plan = make()
    course = page_content([plan], "vi").data["scenarios"][0]["course"]
    opened = 0
    for row, figures in zip(plan.years.itertuples(), course["figures"], strict=True):
        opened += row.opened
        same = ("premises", "released", "building", "opened", "capital_vnd", "carried_in_vnd", "recycled_vnd")
        assert {name: figures[name] for name in same} == {name: getattr(row, name) for name in same}
        assert figures["open"] == opened
        assert figures["budget_vnd"] == (None if row.budget_vnd == "" else row.budget_vnd)


@pytest.mark.parametrize("make", [centres, networked])
def test_the_page_is_told_of_later_years_what_differs_from_the_year_before(make: Callable[[], Plan]) -> None:
    plan = make()
    data = page_content([plan], "vi").data
    scene = data["scenarios"][0]
    units, course = data["units"]["code"], scene["course"]
    values = {key: list(scene["states"]["plan"]["values"][key]) for key in TOLD}
    for at, (year, change) in enumerate(zip(course["years"], course["changes"], strict=True)):
        table = plan.measures_by_year[plan.measures_by_year.year == year].set_index("ward_code")
        for key, flat in change["values"].items():
            for unit, value in zip(flat[::2], flat[1::2], strict=True):
                assert values[key][unit] != value
                values[key][unit] = value
        for key in TOLD:
            assert values[key] == table[COLUMNS[key]][units].to_list(), (key, year)
        for key, numbers in course["city"].items():
            assert numbers[at] == table[COLUMNS[key]][""], (key, year)
    assert scene["first_year_note"] == ""


def test_classes_of_colours_hold_values_of_all_years() -> None:
    plan = centres()
    assert plan.today is not None
    found = {one["key"]: one for one in page_content([plan], "vi").data["colours"]}
    rows = plan.measures_by_year[plan.measures_by_year.ward_code != ""].sort_values(["ward_code", "year"])
    for key in ("missing_to_norm", "body_distance_mean", "citizen_travel_mean", "surplus_floor"):
        values = rows[COLUMNS[key]].to_numpy().reshape(len(plan.region.wards), -1)
        later = values[:, 1:][values[:, 1:] != values[:, :-1]]
        of_units = [*values[:, 0], *later, *plan.today.ward_measures()[key]]
        zero, breaks = class_breaks([float(value) for value in of_units])
        assert (found[key]["zero"], found[key]["breaks"]) == (int(zero), breaks), key


def test_a_result_without_measures_by_year_says_which_are_those_of_the_first_year() -> None:
    plan = replace(centres(), measures_by_year=pd.DataFrame())
    scene = page_content([plan], "en").data["scenarios"][0]
    assert "those of the first year (2025)" in scene["first_year_note"]
    assert scene["course"]["city"] == {}
    assert not any(change["values"] for change in scene["course"]["changes"])
    assert scene["first_year_note"] in render_map(plan, "en")


def test_a_centre_says_when_it_is_built_and_stands_where_it_is_built() -> None:
    plan = centres()
    data = page_content([plan], "vi").data
    rows = plan.premises[plan.premises.kind == "joint_centre"]
    course = data["scenarios"][0]["course"]
    assert len(course["centres"]) == rows.site_id.nunique() == 40
    for unit, site, start, opens in course["centres"]:
        mine = rows[rows.site_id == data["sites"]["id"][site]]
        assert set(mine.ward_code) == {data["units"]["code"][unit]}
        assert start == mine[mine.status == "under_construction"].year.min()
        assert opens == mine[mine.status == "in_use"].year.min()
        ground = plan.region.sites.loc[mine.location.iloc[0]]
        assert data["sites"]["at"][site] == pytest.approx([ground.lat, ground.lon], abs=1.1e-5)
        assert ground["name"] in data["sites"]["address"][site]
    colours = next(one for one in data["colours"] if one["key"] == "centre_open_year")
    years = sorted({opens for *_, opens in course["centres"]})
    assert [colours["first"], *colours["breaks"]] == years


def test_the_table_says_where_a_unit_sits_once_its_centre_is_open() -> None:
    plan = over_time()
    rows = Parsed(render_map(plan, "en")).rows[1:]
    name = plan.region.wards.name.iloc[0]
    said = {row[0]: row[4] for row in rows}
    assert "From 2029:" in said[name]
    assert said[name].index("From 2029:") < said[name].index("Joint-agency centre")
    assert sum("From" in text for text in said.values()) == 1


def test_a_plan_that_stays_as_it_is_has_no_years() -> None:
    scene = page_content([hanoi()], "vi").data["scenarios"][0]
    assert hanoi().assignments.year.nunique() == 5
    assert scene["course"] is None
    assert not any(one["key"] == "centre_open_year" for one in page_content([hanoi()], "vi").data["colours"])
    assert "centre_open_year" not in scene["states"]["plan"]["values"]


def test_a_centre_on_a_new_parcel_stands_there() -> None:
    plan = over_time()
    parcel = pd.DataFrame([{"name": "Khu đất mới", "lat": 21.05, "lon": 105.85}], index=["P-1"])
    plan = replace(plan, region=replace(plan.region, parcels=parcel))
    premises = plan.premises.assign(
        location=plan.premises.location.where(plan.premises.location == "", "P-1")
    )
    data = page_content([replace(plan, premises=premises)], "vi").data
    site = data["scenarios"][0]["course"]["centres"][0][1]
    assert data["sites"]["at"][site] == [21.05, 105.85]
    assert data["sites"]["address"][site] == "tại Khu đất mới"


# --- several scenarios --------------------------------------------------------------------------------------------


def test_several_scenarios_share_units_sites_boundaries_and_classes() -> None:
    plans = [centres(), hanoi()]
    data = page_content(plans, "vi").data
    assert [one["name"] for one in data["scenarios"]] == ["hanoi-centres", "hanoi-2025"]
    assert len(data["shapes"]) == len(data["units"]["code"]) == 126
    alone = page_content([hanoi()], "vi").data
    assert data["shapes"] == alone["shapes"]
    assert set(data["sites"]["id"]) > set(alone["sites"]["id"])
    for plan, scene in zip(plans, whole_states(data), strict=True):
        assert sum(status == 1 for status in scene["states"]["plan"]["status"]) == plan.city("premises")
        assert plan.today is not None
        assert sum(status == 1 for status in scene["states"]["today"]["status"]) == plan.today.city(
            "premises"
        )
    assert [one["course"] is None for one in data["scenarios"]] == [False, True]
    assert data["scenarios"][0]["note"].startswith(
        f"{plans[0].city('premises'):.0f} → {plans[0].city('premises_end'):.0f} trụ sở · "
    )


def whole_states(data: dict) -> list[dict]:
    """The scenarios of a page with their states written out, as the page's script does it."""
    first = data["scenarios"][0]["states"]
    found = []
    for scene in data["scenarios"]:
        states = {}
        for name, state in scene["states"].items():
            if state is None or "status" in state:
                states[name] = state
                continue
            base = first[name]
            seats, status, routes = list(base["seats"]), list(base["status"]), list(base["routes"])
            for unit, rows in state["seats"]:
                seats[unit] = rows
            for site, what, route in state["sites"]:
                status[site], routes[site] = what, route
            values = {key: list(numbers) for key, numbers in base["values"].items()}
            for key, changed in state["values"].items():
                if changed is None:
                    del values[key]
                elif isinstance(changed[0], list):
                    for unit, value in changed:
                        values[key][unit] = value
                else:
                    values[key] = changed
            states[name] = {"seats": seats, "status": status, "routes": routes, "values": values}
        found.append({**scene, "states": states})
    return found


def test_later_scenarios_are_written_as_differences_and_come_back_whole() -> None:
    plans = [centres(), hanoi()]
    together = page_content(plans, "vi").data
    assert "status" not in together["scenarios"][1]["states"]["plan"]
    back = whole_states(together)
    # Alone the second plan has fewer sites (no centres), so that seats are compared by site id.
    alone = page_content(plans[1:], "vi").data
    for name in ("plan", "today"):
        one, other = back[1]["states"][name], alone["scenarios"][0]["states"][name]
        ids, others = together["sites"]["id"], alone["sites"]["id"]
        assert [[[p, ids[s], *rest] for p, s, *rest in unit] for unit in one["seats"]] == [
            [[p, others[s], *rest] for p, s, *rest in unit] for unit in other["seats"]
        ]
        assert one["values"] == other["values"]
        said = {
            ids[at]: pair for at, pair in enumerate(zip(one["status"], one["routes"], strict=True)) if pair[0]
        }
        pairs = enumerate(zip(other["status"], other["routes"], strict=True))
        assert said == {others[at]: pair for at, pair in pairs if pair[0]}


@given(st.data())
def test_folding_keeps_every_state(data: st.DataObject) -> None:
    units, sites = 4, 5
    number = st.none() | st.integers(0, 3)
    state = st.fixed_dictionaries(
        {
            "seats": st.lists(
                st.lists(st.lists(st.integers(0, 2), max_size=2), max_size=2), min_size=units, max_size=units
            ),
            "status": st.lists(st.integers(0, 4), min_size=sites, max_size=sites),
            "routes": st.lists(st.sampled_from(["", "lease"]), min_size=sites, max_size=sites),
            "values": st.dictionaries(
                st.sampled_from("abc"), st.lists(number, min_size=units, max_size=units)
            ),
        }
    )
    base, other = data.draw(state), data.draw(state)
    scenes = [{"states": {"plan": base}}, {"states": {"plan": folded(other, base)}}]
    assert whole_states({"scenarios": scenes})[1]["states"]["plan"] == other


def test_the_tables_and_the_figures_of_every_scenario_are_in_the_page() -> None:
    page = Parsed(render_map([centres(), hanoi()]))
    tables = [attrs for tag, attrs in page.elements if tag == "table"]
    assert tables == [{"class": "units"}] * 2
    assert len(page.rows) == 2 * 127
    parts = [attrs.get("data-scenario") for tag, attrs in page.elements if "data-scenario" in attrs]
    assert set(parts) == {"0", "1"}
    titles = [centres().scenario.title_vi, hanoi().scenario.title_vi]
    assert page.inside["h1"] == [" · ".join(titles)]


def test_one_centre_on_two_grounds_is_two_sites() -> None:
    one = over_time()
    ward = str(one.region.wards.index[0])
    other_ground = str(one.region.sites.index[one.region.sites.ward_code != ward][0])
    moved = one.premises.assign(
        location=one.premises.location.where(one.premises.location == "", other_ground)
    )
    data = page_content([one, renamed(replace(one, premises=moved), "other")], "vi").data
    places = [scene["course"]["centres"][0][1] for scene in data["scenarios"]]
    assert places[0] != places[1]
    assert {data["sites"]["id"][site] for site in places} == {f"centre-{ward}"}
    assert data["sites"]["at"][places[0]] != data["sites"]["at"][places[1]]


def test_scenarios_of_other_data_or_of_one_name_are_refused() -> None:
    region, norms = region5()
    with pytest.raises(InputError) as told:
        render_map([hanoi(), plan_of(region, norms), hanoi()])
    problems = told.value.problems
    assert [problem.code for problem in problems] == ["E811", "E807"]
    assert problems[0].where == "thu-nghiem"
    said = in_language(problems[0], "vi")
    assert "khác hanoi-2025 về đơn vị" in said.what
    assert "Một trang" in said.fix
    others = replace(norms, parts=norms.parts.iloc[1:])
    with pytest.raises(InputError, match="E811"):
        maps.check_together([plan_of(region, norms), renamed(plan_of(region, others), "other")])


def test_hostile_text_of_several_scenarios_over_time_stays_text() -> None:
    plan = over_time(hostile=True)
    page = Parsed(render_map([plan, renamed(plan, "<b>two</b>")]))
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []
    assert page.data["scenarios"][1]["name"] == "<b>two</b>"
