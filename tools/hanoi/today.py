"""Match the addresses of the arrangement in force to premises, by general rules tried in a fixed order.

No rule knows a single unit by name. Where two facts contradict each other, a row of
``data/facts/today_decisions.csv`` says which is followed and why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from hanoi.points import distance_km
from hanoi.premises import JOINT_CENTRE_WORDS, Site, SiteRule
from hanoi.tables import Row

EXACT_POINTS = {
    "official_atlas_point",
    "official_atlas_point_address_match_unchecked",
    "bus_stop_named_after_HQ",
    "neighbour_house_number",
    "same_street_stop",
    "street_number_interpolation",
    "reception_point",
}
"""Qualities of points that locate a building; the others only say in which old unit it lies."""

BODY_ORDER = ("party", "council_committee", "front", "reception")
TODAY_COLUMNS = (
    "ward_code",
    "body",
    "address",
    "site_id",
    "lat",
    "lon",
    "source",
    "basis",
    "match_status",
    "note",
)
SMALL_WORDS = {"số", "phố", "đường", "thôn", "phường", "xã", "tdp"}
# Hoà and Hòa are one word with the tone written in two places; qu- keeps its own vowel.
_OLD_TONES = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW_TONES = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_TONES = dict(zip(_OLD_TONES.split(), _NEW_TONES.split(), strict=True))
_OLD_TONE = re.compile(r"(?<!q)(" + "|".join(_TONES) + r")(?!\w)")

Found = tuple[Site, str, str]
"""A site, the rule that found it in words, and the match status."""


@dataclass
class Use:
    """One body of one unit and where it sits.

    ``one_building`` says that a source has Party and committee in one building, not only in one hamlet.
    """

    ward_code: str
    body: str
    address: str
    source: str
    note: str = ""
    one_building: bool = False
    site_id: str = ""
    basis: str = ""
    match_status: str = "unknown"


def plain(text: str) -> str:
    """Lower-case an address; drop small words, punctuation and brackets; write tones one way."""
    text = re.sub(r"\([^)]*\)", " ", text.lower()).replace("tổ dân phố", " ")
    text = _OLD_TONE.sub(lambda match: _TONES[match.group(1)], text)
    words = re.sub(r"[,.;–-]", " ", text).split()
    return " ".join(re.sub(r"^0+(\d)", r"\1", word) for word in words if word not in SMALL_WORDS)


def door(text: str) -> str:
    """Return number and street, or the hamlet: the part of an address before where the street is."""
    text = re.sub(r"\([^)]*\)", " ", text)
    text = re.sub(r"^(Số\s*)?(\d+[a-z]?),\s*", r"\2 ", text, flags=re.IGNORECASE)
    return plain(text.split(",")[0])


def number_and_street(text: str) -> tuple[int, str] | None:
    """Split ``Số 12 đường 17/8`` into (12, ``17/8``); None where the first part is no house number."""
    match = re.match(r"(\d+)[a-z]?\s+(.+)", door(text))
    return (int(match.group(1)), match.group(2)) if match else None


def same_place(a: str, b: str) -> bool:
    """Say whether two address texts name the same door or hamlet."""
    return bool(a and b) and door(a) == door(b)


def contains(name: str, text: str) -> bool:
    """Say whether a text has a name as whole words."""
    return re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", plain(text)) is not None


def origin_names(text: str) -> list[str]:
    """Read the old units an origin names: *former unit HQ of Trung Tự (Phương Liên-Trung Tự 2025)*."""
    text = text.split(" [")[0]
    match = re.match(r"former unit HQ of (.+)", text) or re.match(r"former (.+?) (?:ward|commune) HQ", text)
    if match is None:
        return []
    names = [re.sub(r"\(.*", "", match.group(1)).strip()]
    names += [
        re.sub(r"\s*2025$", "", inside).strip() for inside in re.findall(r"\(([^)]*)\)", match.group(1))
    ]
    return [name for name in names if name]


def basis_names(text: str) -> list[str]:
    """Read the old unit a basis names: *village/street taken to lie in old Láng Hạ (Đống Đa)*."""
    found = re.search(r"\bold ([^\W\d_][^(;\d]*?)(?: ward| commune| \(|;|$)", text)
    return [found.group(1).strip()] if found else []


def older_hamlets(address: str, note: str) -> list[str]:
    """Return the hamlets the address's hamlet was merged from, as far as note or brackets tell."""
    texts = [note, *(f"{door(address)} {inside}" for inside in re.findall(r"\(([^)]*)\)", address))]
    names: list[str] = []
    for text in texts:
        for left, right in re.findall(r"([^,;:()=]+?) = ([^,;()]+)", text):
            hamlet = re.split(r" re-formed| formed|2026 name", left)[0].strip()
            if contains(hamlet, address):
                names += [part.strip() for part in right.split(" + ")]
    return names


def point_basis(point: Row) -> str:
    """Say in a site's ``point_basis`` where its point comes from."""
    table = "reception_points" if point["quality"] == "reception_point" else "hq_points"
    return f"{table}: {point['quality'] if table == 'hq_points' else point['basis']}"


def joint_centre(address: str) -> bool:
    """Say whether the address of a district headquarters is that of a joint centre."""
    return any(word in address.lower() for word in JOINT_CENTRE_WORDS)


class Matcher:
    """Holds the premises while uses are matched to them, and makes premises for what nothing matches.

    Parameters
    ----------
    sites
        Premises by id; premises are added and moved to the unit that uses them.
    pairs, communes, wards
        The tables of units.
    points, news, districts, hamlets, receptions
        ``hq_points.csv``, ``hq_news.csv``, ``district_hq.csv``, ``hamlets.csv``, ``reception_points.csv``.
    rule
        The rule that estimates premises.
    """

    def __init__(
        self,
        sites: dict[str, Site],
        pairs: list[Row],
        communes: dict[str, Row],
        wards: dict[str, Row],
        points: list[Row],
        news: list[Row],
        districts: list[Row],
        hamlets: list[Row],
        receptions: list[Row],
        rule: SiteRule,
    ) -> None:
        self.sites, self.communes, self.wards, self.rule = sites, communes, wards, rule
        self.news = news
        self.hamlets = hamlets
        self.districts = {f"HD-{row['district_code']}": row for row in districts}
        self.shared: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            if pair["pop_rule"] != "none":
                self.shared[pair["ward_code"]].append(pair["commune_code"])
        self.points: dict[str, list[Row]] = defaultdict(list)
        self.receptions = [row for row in receptions if row["kind"] == "ward_point"]
        located = [
            {**row, "bodies": "reception", "quality": "reception_point", "basis": row["coordinate_basis"]}
            for row in self.receptions
            if row["lat"]
        ]
        for point in [*points, *located]:
            self.points[point["ward_code"]].append(point)
        self.user: dict[str, str] = {}
        self.moves: list[tuple[str, str, str]] = []

    # What the rules look things up with.

    def offices(self, ward_code: str) -> list[Site]:
        """Return the old commune offices that lie in the unit."""
        return [s for s in self.sites.values() if s.ward_code == ward_code and s.kind == "former_commune_hq"]

    def headquarters(self, ward_code: str) -> Site | None:
        """Return the former district headquarters in the unit."""
        held = [s for s in self.sites.values() if s.ward_code == ward_code and s.kind == "former_district_hq"]
        return held[0] if held else None

    def by_name(self, ward_code: str, names: list[str]) -> Site | None:
        """Return the office of the unit's old unit of this name, wherever the point rule put it."""
        for name in names:
            for code in self.shared[ward_code]:
                if plain(self.communes[code]["name"]) == plain(name):
                    return self._take(ward_code, code)
        return None

    def _take(self, ward_code: str, code: str) -> Site | None:
        """Return the old unit's office, moved to the unit known to use it; None if another uses it."""
        site = self.sites[f"HC-{code}"]
        if site.ward_code == ward_code:
            return site
        if self.user.get(site.site_id, ward_code) != ward_code or code == site.ward_code:
            return None
        self.moves.append((code, site.ward_code, ward_code))
        site.notes.append("unit by the arrangement in force, not by the point")
        site.ward_code = ward_code
        return site

    def point_of(self, use: Use) -> Row | None:
        """Return the located point of the use: its address, or the kind of body it was gathered for."""
        same, fitting = [], []
        for point in self.points[use.ward_code]:
            if "unspecified" in point["bodies"] or "plan" in point["bodies"]:
                continue
            if same_place(point["address"], use.address):
                same.append(point)
            committee = use.body == "council_committee" and "council_committee" in point["bodies"]
            if committee or (use.body in ("party", "front") and "party" in point["bodies"]):
                fitting.append(point)
        located = [point for point in same if point["quality"] in EXACT_POINTS]
        return next(iter([*located, *same, *fitting]), None)

    def _news(self, use: Use) -> list[Row]:
        """Return what is known of the building's origin, what was seen in use first."""
        order = {"in_use": 0, "listed": 1, "doubtful": 1, "planned": 2}
        rows = [
            row
            for row in self.news
            if row["ward_code"] == use.ward_code
            and row["building_origin"]
            and row["status"] in order
            and (row["body"] == use.body or (row["body"] == "all" and use.body != "reception"))
        ]
        return sorted(rows, key=lambda row: order[row["status"]])

    def new_site(self, use: Use, class_name: str, why: str) -> Site:
        """Make premises that only the arrangement in force names."""
        number = 1 + sum(site_id.startswith(f"HX-{use.ward_code}-") for site_id in self.sites)
        ward, point = self.wards[use.ward_code], self.point_of(use)
        if point is not None and not (
            same_place(point["address"], use.address) or use.body == "council_committee"
        ):
            point = None
        site = Site(
            f"HX-{use.ward_code}-{number}",
            use.ward_code,
            f"Trụ sở tại {use.address}",
            use.address,
            float(point["lat"]) if point else float(ward["lat"]),
            float(point["lon"]) if point else float(ward["lon"]),
            "other",
            point_basis=point_basis(point) if point else "unit's own point: the building is not located",
            source=f"{use.source}; data/facts/site_rule.csv",
            note=why,
        )
        self.rule.estimate(site, class_name)
        self.sites[site.site_id] = site
        return site

    # The rules, in order.

    def match(self, use: Use, earlier: list[Use]) -> None:
        """Try the rules in order; write the site, the rule and the status into the use.

        The order is the order of trust: the same door, what somebody saw in use, what the address says,
        what lists and plans say, where a point lies, and last what is only presumed.
        """
        rules: tuple[Callable[[Use, list[Use]], Found | None], ...] = (
            self._same_door,
            self._shared_building,
            self._named_in_use,
            self._other_building,
            self._known_hamlet,
            self._named_in_address,
            self._named_in_lists,
            self._rural_district_plan,
            self._named_by_point,
            self._near_office,
            self._a_few_doors_away,
            self._unit_code,
            self._near_unchecked,
            self._second_point,
            self._largest_left,
        )
        for number, rule in enumerate(rules):
            # The same address as another body wins over all but the door of the district headquarters itself.
            found = (self._same_as_other_body(use, earlier) if number == 1 else None) or rule(use, earlier)
            if found is not None:
                break
        else:
            class_name = self.rule.class_of_ward(self.wards[use.ward_code])
            site = self.new_site(use, class_name, "named only by the arrangement in force")
            found = site, "g: no old office fits the address", "unknown"
        site, use.basis, use.match_status = found
        use.site_id = site.site_id
        self.user.setdefault(site.site_id, use.ward_code)

    def _same_door(self, use: Use, earlier: list[Use]) -> Found | None:
        site = self.headquarters(use.ward_code)
        if site is not None and same_place(site.address, use.address):
            return site, "a: address of the former district headquarters", "matched"
        return None

    def _same_as_other_body(self, use: Use, earlier: list[Use]) -> Found | None:
        for other in earlier:
            if other.ward_code == use.ward_code and same_place(other.address, use.address):
                numbered = use.one_building or number_and_street(use.address) is not None
                status = other.match_status if numbered or other.match_status == "unknown" else "presumed"
                what = "address" if numbered else "hamlet or road"
                return self.sites[other.site_id], f"e: same {what} as {other.body}", status
        return None

    def _shared_building(self, use: Use, earlier: list[Use]) -> Found | None:
        """Two units list one building: the second gets premises of its own and the floor is divided."""
        own = number_and_street(use.address)
        for site in [s for s in self.sites.values() if s.kind == "former_district_hq"]:
            theirs = number_and_street(site.address)
            if site.ward_code == use.ward_code or own is None or theirs is None:
                continue
            if own[1] == theirs[1] and abs(own[0] - theirs[0]) <= 2:
                part = self.new_site(
                    use, "district_bloc", f"part of the building of {site.site_id}, used by two units"
                )
                part.lat, part.lon, part.point_basis = site.lat, site.lon, f"same building as {site.site_id}"
                for column in (
                    "floor_area_m2",
                    "floor_area_low_m2",
                    "floor_area_high_m2",
                    "land_area_m2",
                    "workplaces",
                ):
                    setattr(part, column, getattr(site, column) // 2)
                    setattr(site, column, getattr(site, column) - getattr(part, column))
                site.notes.append(f"half of the bloc: the other half is {part.site_id}")
                return part, f"a: same building as {site.site_id} of another unit", "presumed"
        return None

    def _named(self, use: Use, rows: list[Row]) -> Found | None:
        for row in rows:
            origin = row["building_origin"]
            weak = "inferred" in origin or row["status"] == "planned"
            status = "presumed" if weak else "matched"
            words = f"b: {row['status']}, origin '{origin.split(' [')[0]}'"
            if "district" in origin or "Quận ủy" in origin:
                return self._district_building(use, row), words, status
            names = origin_names(origin)
            site = self.by_name(use.ward_code, names)
            if site is not None:
                fits = "atlas point lies in this old unit and village/street fits" in origin
                return site, words, "matched" if fits else status
            if names:
                # An office of a unit that was merged before 2025, so that none of the 526 stands for it.
                class_name = self.rule.class_of_ward(self.wards[use.ward_code])
                made = self.new_site(use, class_name, f"former office of {names[0]}, merged away before 2025")
                return made, words, status
        return None

    def _district_building(self, use: Use, row: Row) -> Site:
        """Return the former district headquarters of the unit, or premises for another district building."""
        site = self.headquarters(use.ward_code)
        if site is not None and "Quận ủy" not in row["building_origin"]:
            own, theirs = number_and_street(use.address), number_and_street(site.address)
            if own is None or theirs is None or own[1] != theirs[1] or abs(own[0] - theirs[0]) <= 2:
                return site
        made = self.new_site(use, "district_bloc", f"origin: {row['building_origin'].split(' [')[0]}")
        own = number_and_street(use.address)
        if site is not None and own and (number_and_street(site.address) or (0, ""))[1] == own[1]:
            made.lat, made.lon, made.point_basis = (
                site.lat,
                site.lon,
                f"as {site.site_id}, in the same street",
            )
        return made

    def _named_in_use(self, use: Use, earlier: list[Use]) -> Found | None:
        rows = [row for row in self._news(use) if row["status"] == "in_use"]
        # Where both texts have a house number and they differ, the press means another place or time.
        rows = [
            row
            for row in rows
            if same_place(row["address"], use.address)
            or number_and_street(use.address) is None
            or number_and_street(row["address"]) is None
        ]
        return self._named(use, rows)

    def _named_in_lists(self, use: Use, earlier: list[Use]) -> Found | None:
        rows = [row for row in self._news(use) if row["status"] != "in_use"]
        if use.body != "council_committee":
            # The atlas lists the committee; plans for all bodies came true only where they share a door.
            rows = [row for row in rows if row["body"] == use.body or same_place(row["address"], use.address)]
        return self._named(use, rows)

    def _other_building(self, use: Use, earlier: list[Use]) -> Found | None:
        """Make premises for a building that a source says was another former district building."""
        for row in self.receptions:
            inside = re.search(r"\(([^)]*former (?:quận|huyện)[^)]*)\)", row["address"])
            if row["ward_code"] == use.ward_code and inside and same_place(row["address"], use.address):
                class_name = self.rule.class_of_ward(self.wards[use.ward_code])
                made = self.new_site(use, class_name, inside.group(1))
                return made, f"b: in_use, {inside.group(1)}", "matched"
        return None

    def _known_hamlet(self, use: Use, earlier: list[Use]) -> Found | None:
        """Take the old office of the old unit in which the hamlet of the address lay."""
        for row in self.hamlets:
            hamlet = rf"(?<!\w)(thôn|tổ dân phố|tdp)\s+{re.escape(row['hamlet'])}(?!\s*\w)"
            if row["ward_code"] == use.ward_code and re.search(hamlet, use.address, re.IGNORECASE):
                site = self._take(use.ward_code, row["commune_code"])
                if site is not None:
                    return site, f"c: the hamlet lay in the old unit {row['commune']}", "matched"
        return None

    def _named_in_address(self, use: Use, earlier: list[Use]) -> Found | None:
        on_street = number_and_street(use.address) is not None or "đường" in use.address.lower()
        best: tuple[int, str, str] | None = None
        for code in self.shared[use.ward_code]:
            name = self.communes[code]["name"]
            for text in [use.address, *older_hamlets(use.address, use.note)]:
                # Names of one syllable are too common; Dịch Vọng must not claim an address in Dịch Vọng Hậu.
                named = len(name.split()) > 1 and contains(name, text) and not self._longer_name(name, text)
                if named and (best is None or len(name) > best[0]):
                    best = len(name), code, name
        if best is None:
            return None
        site = self._take(use.ward_code, best[1])
        # A street goes on into the next unit; a hamlet does not. The unit's code is a second sign.
        hamlet = re.search(rf"(thôn|tổ dân phố|tdp)\s+{re.escape(best[2])}", use.address, re.IGNORECASE)
        street = on_street and hamlet is None
        status = "presumed" if street and best[1] != use.ward_code else "matched"
        what = "street" if street else "hamlet"
        return (site, f"c: the {what} has the name of the old unit {best[2]}", status) if site else None

    def _longer_name(self, name: str, text: str) -> bool:
        names = {self.communes[c]["name"] for c in self.communes}
        return any(n != name and contains(name, n) and contains(n, text) for n in names)

    def _named_by_point(self, use: Use, earlier: list[Use]) -> Found | None:
        point = self.point_of(use)
        if point is None or point["quality"] in EXACT_POINTS:
            return None
        site = self.by_name(use.ward_code, basis_names(point["basis"]))
        return (site, f"c: {point['basis'].split(';')[0]}", "presumed") if site else None

    def _near(self, use: Use, unchecked: bool) -> Found | None:
        point = self.point_of(use)
        if (
            point is None
            or point["quality"] not in EXACT_POINTS
            or ("unchecked" in point["quality"]) != unchecked
        ):
            return None
        lat, lon = float(point["lat"]), float(point["lon"])
        near = sorted((distance_km(lat, lon, s.lat, s.lon), s.site_id) for s in self.offices(use.ward_code))
        near = [n for n in near if n[0] <= self.rule.settings["near_office_km"]]
        clear = self.rule.settings["clearly_nearest_ratio"]
        chosen = None
        if near and (len(near) == 1 or near[1][0] >= clear * near[0][0]):
            chosen = near[0]
        if not unchecked and use.body == "council_committee":
            chosen = next((n for n in near if n[1] == f"HC-{use.ward_code}"), chosen)
        if chosen is None:
            return None
        words = f"d: {chosen[0]:.1f} km from the point of the old unit"
        return self.sites[chosen[1]], words, "presumed" if unchecked else "matched"

    def _near_office(self, use: Use, earlier: list[Use]) -> Found | None:
        return self._near(use, unchecked=False)

    def _near_unchecked(self, use: Use, earlier: list[Use]) -> Found | None:
        return self._near(use, unchecked=True)

    def _a_few_doors_away(self, use: Use, earlier: list[Use]) -> Found | None:
        site = self.headquarters(use.ward_code)
        own, theirs = number_and_street(use.address), number_and_street(site.address) if site else None
        if site is None or own is None or theirs is None or own[1] != theirs[1]:
            return None
        if abs(own[0] - theirs[0]) > self.rule.settings["number_gap"]:
            return None
        made = self.new_site(
            use, "district_bloc", f"beside {site.site_id}: taken for a former district building"
        )
        made.lat, made.lon = site.lat, site.lon
        made.point_basis = f"as {site.site_id}, a few doors away"
        return made, "a: a few doors from the former district headquarters", "presumed"

    def _rural_district_plan(self, use: Use, earlier: list[Use]) -> Found | None:
        """Use the plan of May 2025: the 17 headquarters of rural districts go to new units (city_facts)."""
        site = self.headquarters(use.ward_code)
        if use.body != "council_committee" or site is None:
            return None
        if not self.districts[site.site_id]["district"].startswith("Huyện"):
            return None
        return site, "f: planned in the former rural district's headquarters, another door", "presumed"

    def _unit_code(self, use: Use, earlier: list[Use]) -> Found | None:
        """Use that a new unit took the code of an old one, nearly always the one where its committee sits."""
        site = self.sites.get(f"HC-{use.ward_code}")
        if use.body != "council_committee" or site is None or site.ward_code != use.ward_code:
            return None
        words = (
            f"f: origin not given; the unit has the code of old {self.communes[site.commune_code]['name']}"
        )
        return site, words, "presumed"

    def _second_point(self, use: Use, earlier: list[Use]) -> Found | None:
        """Presume a Party committee of unknown building where the state atlas has a second office."""
        if use.body != "party":
            return None
        taken = {other.site_id for other in earlier}
        for row in self.news:
            found = re.match(r"inside former unit (.+)", row["building_origin"])
            if row["ward_code"] == use.ward_code and row["body"] == "unspecified" and found:
                site = self.by_name(use.ward_code, [found.group(1)])
                if site is not None and site.site_id not in taken:
                    return (
                        site,
                        f"f: origin not given; the atlas has an office in {found.group(1)}",
                        "presumed",
                    )
        return None

    def _largest_left(self, use: Use, earlier: list[Use]) -> Found | None:
        if self.wards[use.ward_code]["type"] != "xã" or use.body == "reception":
            return None
        taken = {other.site_id for other in earlier}
        left = [site for site in self.offices(use.ward_code) if site.site_id not in taken]
        if not left:
            return None
        people = {s.site_id: int(self.communes[s.commune_code]["population_2019"]) for s in left}
        site = max(left, key=lambda s: (s.floor_area_m2, people[s.site_id], s.site_id))
        return site, "f: origin not given; largest old office of the commune that is left", "presumed"
