"""Which new unit an old office lies in, and what it is taken to offer until someone surveys it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from hanoi.points import Unit
from hanoi.population import nearness
from hanoi.tables import Row, read_rows

INNER_DISTRICTS = ("Quận Ba Đình", "Quận Hoàn Kiếm", "Quận Hai Bà Trưng", "Quận Đống Đa")
JOINT_CENTRE_WORDS = ("khu liên cơ", "khu trung tâm hành chính")


@dataclass
class Site:
    """One row of ``sites.csv`` while it is being put together."""

    site_id: str
    ward_code: str
    name: str
    address: str
    lat: float
    lon: float
    kind: str
    floor_area_m2: int = 0
    floor_area_low_m2: int = 0
    floor_area_high_m2: int = 0
    floor_area_basis: str = "estimated"
    hall_seats: int = 0
    land_area_m2: int = 0
    condition: str = "B"
    use: str = "candidate"
    commune_code: str = ""
    workplaces: int = 0
    point_basis: str = ""
    source: str = ""
    status: str = "estimated"
    note: str = ""
    notes: list[str] = field(default_factory=list, repr=False)

    def as_row(self) -> dict[str, object]:
        """Return the cells in the order of ``SITE_COLUMNS``."""
        row = {column: getattr(self, column) for column in SITE_COLUMNS}
        row["note"] = "; ".join(x for x in [self.note, *self.notes] if x)
        return row


SITE_COLUMNS = (
    "site_id",
    "ward_code",
    "name",
    "address",
    "lat",
    "lon",
    "kind",
    "floor_area_m2",
    "floor_area_low_m2",
    "floor_area_high_m2",
    "floor_area_basis",
    "hall_seats",
    "land_area_m2",
    "condition",
    "use",
    "commune_code",
    "workplaces",
    "point_basis",
    "source",
    "status",
    "note",
)


@dataclass(frozen=True)
class SiteRule:
    """The written rule: classes, population factors and settings, each from one table of ``data/facts``."""

    classes: dict[str, Row]
    factors: list[Row]
    settings: dict[str, float]

    @classmethod
    def read(cls, facts: Path) -> SiteRule:
        """Read the three rule tables."""
        return cls(
            {r["class"]: r for r in read_rows(facts / "site_rule.csv")},
            read_rows(facts / "site_population_factor.csv"),
            {r["name"]: float(r["value"]) for r in read_rows(facts / "site_rule_settings.csv")},
        )

    def class_of_commune(self, commune: Row) -> str:
        """Return the class of an old commune office by the old unit's type and district."""
        if commune["type"] == "Phường":
            return "inner" if commune["former_district"] in INNER_DISTRICTS else "urban"
        return "urban" if commune["type"] == "Thị trấn" else "rural"

    def class_of_ward(self, ward: Row) -> str:
        """Return the class that premises without a known old unit take from the new unit they lie in."""
        if ward["type"] == "phường":
            return "inner" if ward["former_district"] in INNER_DISTRICTS else "urban"
        return "rural"

    def estimate(
        self, site: Site, class_name: str, population: int | None = None, share: float = 1.0
    ) -> None:
        """Fill floor, range, hall, land, condition and workplaces of a site from its class.

        Parameters
        ----------
        site
            The site to fill.
        class_name
            A class of ``site_rule.csv``.
        population
            People of the old unit in 2019, where the class is scaled by them.
        share
            The part of the building that is this unit's, where two units use one building.
        """
        rule = self.classes[class_name]
        step = self.settings["round_floor_to"]
        factor, places = share, 0
        if population is not None and rule["population_factor"] == "yes":
            band = self._band(population)
            factor *= float(band["factor"])
            places = int(band["workplaces"])

        def floor(column: str) -> int:
            return int(round(float(rule[column]) * factor / step) * step)

        site.floor_area_low_m2 = floor("floor_low_m2")
        site.floor_area_m2 = floor("floor_mid_m2")
        site.floor_area_high_m2 = floor("floor_high_m2")
        site.hall_seats = int(rule["hall_seats"])
        site.land_area_m2 = round(float(rule["land_m2"]) * share)
        site.condition = rule["condition"]
        if class_name == "rural" and population is not None and population < 5000:
            site.condition = "C"
        if rule["population_factor"] == "yes":
            site.workplaces = places or int(self.settings["workplaces_unknown_office"])
        else:
            net = site.floor_area_m2 * self.settings["net_share"]
            site.workplaces = int(net / self.settings["net_m2_per_workplace"])
        site.notes.append(f"estimate class {class_name}")

    def _band(self, population: int) -> Row:
        for band in self.factors:
            if int(band["population_from"]) <= population <= int(band["population_to"] or 10**9):
                return band
        raise ValueError(f"no population band for {population}")


def wards_of_points(pairs: list[Row], communes: dict[str, Unit], wards: dict[str, Row]) -> dict[str, str]:
    """Return the new unit in which each old unit's office is taken to lie.

    A whole old unit lies in its one new unit. Of a split one:

    1. the new unit that took over the old unit's code: the code follows the place of the new headquarters;
    2. else the new unit that got all its people;
    3. else, of those that got some, the one whose point is nearest, counted in radii of that unit.

    Pieces without people are no place for an office.
    """
    by_commune: dict[str, list[Row]] = defaultdict(list)
    for pair in pairs:
        by_commune[pair["commune_code"]].append(pair)
    placed: dict[str, str] = {}
    for code, group in by_commune.items():
        own = [p for p in group if p["ward_code"] == code and p["pop_rule"] != "none"]
        populated = (
            own
            or [p for p in group if p["pop_rule"] == "all"]
            or [p for p in group if p["pop_rule"] == "some"]
        )
        placed[code] = min(populated, key=lambda p: nearness(communes[code], wards[p["ward_code"]]))[
            "ward_code"
        ]
    return placed


def give_empty_wards_a_site(
    placed: dict[str, str],
    served: set[str],
    pairs: list[Row],
    communes: dict[str, Unit],
    wards: dict[str, Row],
) -> list[tuple[str, str, str]]:
    """Move one old office to each new unit that has none; return (old unit, from, to) for the record."""
    moves = []
    for ward_code in sorted(set(wards) - served - set(placed.values())):
        counts = Counter(placed.values())
        shared = [
            p["commune_code"]
            for p in pairs
            if p["ward_code"] == ward_code
            and p["pop_rule"] != "none"
            and counts[placed[p["commune_code"]]] > 1
        ]
        if shared:
            code = min(shared, key=lambda c: nearness(communes[c], wards[ward_code]))
            moves.append((code, placed[code], ward_code))
            placed[code] = ward_code
    return moves
