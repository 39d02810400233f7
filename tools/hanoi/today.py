"""Match the addresses of the arrangement in force to premises, by general rules tried in a fixed order."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from .points import Unit, distance_km
from .premises import JOINT_CENTRE_WORDS, Site, SiteRule
from .tables import Row

EXACT_POINTS = {
    "official_atlas_point",
    "official_atlas_point_address_match_unchecked",
    "bus_stop_named_after_HQ",
    "neighbour_house_number",
}
"""Qualities of ``hq_points.csv`` that locate a building; the others only say in which old unit it lies."""

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
_PREFIX = re.compile(
    r"^(số|phố|đường|thôn|tổ dân phố|tổ|tdp|khu|tiểu khu|phường|xã|thị trấn|tt|khu trung tâm)\s+", re.IGNORECASE
)


@dataclass
class Use:
    """One body of one unit and where it sits."""

    ward_code: str
    body: str
    address: str
    source: str
    note: str = ""
    site_id: str = ""
    basis: str = ""
    match_status: str = "unknown"


def plain(text: str) -> str:
    """Lower-case an address and drop words like *số*, *phố*, *thôn*, punctuation and what stands in brackets."""
    text = re.sub(r"\([^)]*\)", " ", text.lower())
    words = re.sub(r"[,.;–-]", " ", text).split()
    drop = {"số", "phố", "đường", "thôn", "phường", "xã", "tdp"}
    kept = [w for w in words if w not in drop]
    return " ".join(re.sub(r"^0+(\d)", r"\1", w) for w in kept).replace("thuỵ", "thụy")


def number_and_street(text: str) -> tuple[int, str] | None:
    """Split ``Số 12 đường 17/8`` into (12, ``17/8``); None where the first part is no house number."""
    match = re.match(r"(\d+)[a-z]?\s+(.+)", plain(text.split(" thôn ")[0].split(", ")[0] if ", " in text else text))
    if match is None:
        match = re.match(r"(\d+)[a-z]?\s+(.+)", plain(text))
    return (int(match.group(1)), match.group(2)) if match else None


def same_place(a: str, b: str) -> bool:
    """Say whether two address texts name the same place: equal once the small words are dropped."""
    return bool(a and b) and _door(a) == _door(b)


def _door(text: str) -> str:
    # "Số 25, phố Liễu Giai, phường Ngọc Hà": number and street are the door, the rest says where the street is.
    text = re.sub(r"^(Số\s*)?(\d+[a-z]?),\s*", r"\2 ", text, flags=re.IGNORECASE)
    return plain(text.split(",")[0])


def _contains(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", plain(text)) is not None


def origin_names(text: str) -> list[str]:
    """Read the old units that a building's origin names, e.g. *former unit HQ of Trung Tự (Phương Liên-Trung Tự 2025)*."""
    text = text.split(" [")[0]
    match = re.match(r"former unit HQ of (.+)", text) or re.match(r"former (.+?) (?:ward|commune) HQ", text)
    if match is None:
        return []
    names = [re.sub(r"\(.*", "", match.group(1)).strip()]
    for inside in re.findall(r"\(([^)]*)\)", match.group(1)):
        names.append(re.sub(r"\s*2025$", "", inside).strip())
    return [n for n in names if n]


def basis_names(text: str) -> list[str]:
    """Read the old unit that the basis of a point names, e.g. *village/street taken to lie in old Láng Hạ (Đống Đa)*."""
    found = re.search(r"(?:\bold|names old) ([^\W\d_][^(;\d]*?)(?: ward| commune| \(|;|$)", text)
    return [found.group(1).strip()] if found else []


def older_hamlets(address: str, note: str) -> list[str]:
    """Return the hamlets that a hamlet of the address was merged from, as far as the note tells."""
    names: list[str] = []
    for left, right in re.findall(r"([^,;:()=]+?) = ([^,;()]+)", note + "; " + " ".join(re.findall(r"\(([^)]*)\)", address))):
        left = left.replace("2026 name", "").strip()
        if not left or _contains(left.split(" re-formed")[0].split(" formed")[0].strip(), address):
            names += [part.strip() for part in right.split(" + ")]
    return names


class Matcher:
    """Holds the premises while uses are matched to them, and makes premises for what nothing matches."""

    def __init__(
        self,
        sites: dict[str, Site],
        pairs: list[Row],
        communes: dict[str, Row],
        wards: dict[str, Row],
        points: list[Row],
        news: list[Row],
        rule: SiteRule,
    ) -> None:
        self.sites, self.communes, self.wards, self.rule = sites, communes, wards, rule
        self.news = news
        self.shared: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            if pair["pop_rule"] != "none" or pair["kind"] == "whole":
                self.shared[pair["ward_code"]].append(pair["commune_code"])
        self.points: dict[str, list[Row]] = defaultdict(list)
        for point in points:
            self.points[point["ward_code"]].append(point)
        self.claimed: dict[str, str] = {}
        self.moves: list[tuple[str, str, str]] = []

    # -- helpers ---------------------------------------------------------------------------------------------------

    def offices(self, ward_code: str) -> list[Site]:
        """Old commune offices that lie in the unit."""
        return [s for s in self.sites.values() if s.ward_code == ward_code and s.kind == "former_commune_hq"]

    def by_name(self, ward_code: str, names: list[str]) -> Site | None:
        """Return the office of the unit's old unit with one of these names, wherever the point rule put it."""
        for name in names:
            for code in self.shared[ward_code]:
                known = self.communes[code]["name"]
                parts = [known.lower(), *re.split(r"\s*-\s*", known.lower())]
                if name.lower() in parts:
                    return self._take(ward_code, code)
        return None

    def _take(self, ward_code: str, code: str) -> Site | None:
        site = self.sites[f"HC-{code}"]
        if site.ward_code != ward_code:
            if self.claimed.get(site.site_id, ward_code) != ward_code:
                return None
            self.moves.append((code, site.ward_code, ward_code))
            site.notes.append("unit by the arrangement in force, not by the point")
            site.ward_code = ward_code
        return site

    def point_of(self, use: Use) -> Row | None:
        """Return the located point whose address is the use's."""
        for point in self.points[use.ward_code]:
            if "unspecified" in point["bodies"]:
                continue
            if same_place(point["address"], use.address):
                return point
            if use.body == "council_committee" and "council_committee (atlas" in point["bodies"]:
                return point
            if use.body in ("party", "front") and "party" in point["bodies"]:
                return point
        return None

    def new_site(self, use: Use, class_name: str, why: str, share: float = 1.0) -> Site:
        """Make premises that only the arrangement in force names."""
        number = 1 + sum(s.startswith(f"HX-{use.ward_code}-") for s in self.sites)
        ward, point = self.wards[use.ward_code], self.point_of(use)
        site = Site(
            f"HX-{use.ward_code}-{number}",
            use.ward_code,
            f"Trụ sở tại {use.address}",
            use.address,
            float(point["lat"]) if point else float(ward["lat"]),
            float(point["lon"]) if point else float(ward["lon"]),
            "other",
            point_basis=f"hq_points: {point['quality']}" if point else "unit's own point: the building is not located",
            source=use.source,
            note=why,
        )
        self.rule.estimate(site, class_name, share=share)
        self.sites[site.site_id] = site
        return site

    # -- the rules, in order ------------------------------------------------------------------------------------------

    def match(self, use: Use, earlier: list[Use]) -> None:
        """Try rules (a) to (g) in order and write the site and the reason into the use."""
        for rule in (
            self._same_as_other_body,
            self._district_hq,
            self._named_origin,
            self._name_in_address,
            self._point_names_old_unit,
            self._near_office,
            self._district_agency,
            self._split_in_commune,
        ):
            found = rule(use, earlier)
            if found is not None:
                site, use.basis, use.match_status = found
                use.site_id = site.site_id
                self.claimed.setdefault(site.site_id, use.ward_code)
                return
        class_name = self.rule.class_of_ward(self.wards[use.ward_code])
        site = self.new_site(use, class_name, "named only by the arrangement in force")
        use.site_id, use.basis, use.match_status = site.site_id, "g: no old office fits", "unknown"
        self.claimed[site.site_id] = use.ward_code

    def _same_as_other_body(self, use: Use, earlier: list[Use]):
        for other in earlier:
            if other.ward_code == use.ward_code and same_place(other.address, use.address):
                status = other.match_status
                return self.sites[other.site_id], f"e: same address as {other.body}", status
        return None

    def _district_hq(self, use: Use, earlier: list[Use]):
        for site in [s for s in self.sites.values() if s.kind == "former_district_hq"]:
            origin = [
                n for n in self._news(use) if site.name.split(" ", 3)[-1].lower() in n["building_origin"].lower()
            ]
            same = same_place(site.address, use.address)
            if site.ward_code == use.ward_code and same:
                return site, "a: same address as the former district headquarters", "matched"
            if site.ward_code == use.ward_code and any("former district-level HQ" in n["building_origin"] for n in origin):
                inferred = all("inferred" in n["building_origin"] for n in origin)
                door, own = number_and_street(use.address), number_and_street(site.address)
                if door is None or own is None or door == own:
                    return site, "b: the source names the former district headquarters", "presumed" if inferred else "matched"
            if site.ward_code != use.ward_code and (same or self._complex(site, use)):
                return self._part_of_shared_building(site, use)
        return None

    def _complex(self, site: Site, use: Use) -> bool:
        door, own = number_and_street(use.address), number_and_street(site.address)
        return bool(door and own and door[1] == own[1] and 0 < abs(door[0] - own[0]) <= 2)

    def _part_of_shared_building(self, site: Site, use: Use):
        part = self.new_site(use, "district_bloc", f"part of the building of {site.site_id}, used by two units", 0.5)
        part.lat, part.lon, part.point_basis = site.lat, site.lon, f"same building as {site.site_id}"
        whole = site.floor_area_m2
        for column in ("floor_area_m2", "floor_area_low_m2", "floor_area_high_m2", "land_area_m2", "workplaces"):
            half = getattr(site, column) // 2
            setattr(part, column, getattr(site, column) - half)
            setattr(site, column, half)
        site.notes.append(f"half of {whole} m2: the other half is {part.site_id}")
        return part, f"a: same building as {site.site_id} of another unit", "presumed"

    def _news(self, use: Use) -> list[Row]:
        rows = []
        for row in self.news:
            if row["ward_code"] != use.ward_code or not row["building_origin"] or row["status"] in ("superseded", "requested"):
                continue
            if row["body"] not in (use.body, "all"):
                continue
            rows.append(row)
        # Press that saw the building comes before the atlas, the atlas before plans.
        order = {"in_use": 0, "listed": 1, "planned": 2}
        return sorted(rows, key=lambda r: order.get(r["status"], 3))

    def _named_origin(self, use: Use, earlier: list[Use]):
        for row in self._news(use):
            site = self.by_name(use.ward_code, origin_names(row["building_origin"]))
            if site is not None:
                weak = "street name only" in row["building_origin"] or row["status"] == "planned"
                return site, f"b: origin '{row['building_origin'].split(' [')[0]}'", "presumed" if weak else "matched"
        return None

    def _name_in_address(self, use: Use, earlier: list[Use]):
        texts = [use.address, *older_hamlets(use.address, use.note)]
        for code in self.shared[use.ward_code]:
            name = self.communes[code]["name"]
            if len(name.split()) < 2:
                continue
            for text in texts:
                if _contains(name.replace(" - ", " "), text):
                    site = self._take(use.ward_code, code)
                    if site is not None:
                        return site, f"c: the address names the old unit {name}", "matched"
        return None

    def _point_names_old_unit(self, use: Use, earlier: list[Use]):
        point = self.point_of(use)
        if point is None or point["quality"] in EXACT_POINTS:
            return None
        site = self.by_name(use.ward_code, basis_names(point["basis"]))
        return (site, f"c: {point['basis'].split(';')[0]}", "presumed") if site else None

    def _near_office(self, use: Use, earlier: list[Use]):
        point = self.point_of(use)
        if point is None or point["quality"] not in EXACT_POINTS:
            return None
        near = sorted(
            (distance_km(float(point["lat"]), float(point["lon"]), s.lat, s.lon), s.site_id)
            for s in self.offices(use.ward_code)
        )
        settings = self.rule.settings
        if not near or near[0][0] > settings["near_office_km"]:
            return None
        if len(near) > 1 and near[1][0] < near[0][0] * settings["clearly_nearest_ratio"]:
            return None
        status = "presumed" if "unchecked" in point["quality"] else "matched"
        return self.sites[near[0][1]], f"d: located {near[0][0]:.1f} km from the office's point", status

    def _district_agency(self, use: Use, earlier: list[Use]):
        door = number_and_street(use.address)
        named = [n for n in self._news(use) if "district" in n["building_origin"] or "Quận ủy" in n["building_origin"]]
        for site in [s for s in self.sites.values() if s.kind == "former_district_hq"]:
            own = number_and_street(site.address)
            close = door and own and door[1] == own[1] and abs(door[0] - own[0]) <= self.rule.settings["number_gap"]
            if close and site.ward_code == use.ward_code:
                made = self.new_site(use, "district_bloc", f"beside {site.site_id}: taken for a former district building")
                return made, "a: a few doors from the former district headquarters", "presumed"
        if named:
            made = self.new_site(use, "district_bloc", f"origin: {named[0]['building_origin'].split(' [')[0]}")
            return made, "b: former district building, not its headquarters", "matched"
        return None

    def _split_in_commune(self, use: Use, earlier: list[Use]):
        if self.wards[use.ward_code]["type"] != "xã" or number_and_street(use.address) and use.body == "reception":
            return None
        taken = {o.site_id for o in earlier if o.ward_code == use.ward_code}
        left = [s for s in self.offices(use.ward_code) if s.site_id not in taken]
        if not left:
            return None
        site = max(left, key=lambda s: (s.floor_area_m2, int(self.communes[s.commune_code]["population_2019"])))
        return site, "f: building unknown: largest remaining old office of the commune", "presumed"


def joint_centre(address: str) -> bool:
    """Say whether the address of a district headquarters is that of a joint centre."""
    return any(word in address.lower() for word in JOINT_CENTRE_WORDS)


__all__ = ["BODY_ORDER", "TODAY_COLUMNS", "Matcher", "Unit", "Use", "joint_centre", "plain", "same_place"]
