"""A small plan with a reception network, worked out by plain loops: what the audit must pass, and copies of it fail.

Five units are planned without a network by the planner; what section 7 of docs/model.md changes is computed here.
Unit 10210 hands over in 2026: its reception sat alone on HC-10213, which becomes free. Unit 00316 hands over in
2028; its reception shared a site. The city's point CP-1 closes in 2028, CP-2 stays, CP-9 is excluded.
"""

import csv
import hashlib
import json
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, hypot
from pathlib import Path
from typing import Any

from pyproj import Transformer

Row = dict[str, str]
YEARS = range(2025, 2029)
STAGES = {2025: [2025], 2026: [2026, 2027], 2028: [2028]}
CLOSES = {"10210": 2026, "00316": 2028}
CITY_OPEN = {"CP-1": [2026], "CP-2": [2026, 2028]}
ONLINE = {2025: "0.5971", 2026: "0.5971", 2027: "0.7", 2028: "0.7"}
GROWTH = {2025: 1_000_000, 2026: 1_030_000, 2027: 1_060_900, 2028: 1_092_727}
FACTOR = {2025: 1_000_000, 2026: 925_926, 2027: 857_339, 2028: 793_832}
EAST = {"10186", "10192", "10207"}
CITIZEN = 3000 + 40000 // 25
FIXED, RUNNING, CROWDING, POINT = 471_000_000, 300_000, 300_000, 300_000_000
CITY_M2 = 240
"""max(80, (12 + 1.5 × 6) × 8 counters) / 0.7."""
ITEMS = ("running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "crowding")
HEADINGS = {
    "renovation": "capital", "fit_out": "capital", "moves": "capital", "running": "recurrent",
    "site_fixed": "recurrent", "hall_rent": "recurrent", "points": "recurrent", "city_points": "recurrent",
    "staff_travel": "social", "cohesion": "social", "crowding": "social", "citizen_travel": "social",
}  # fmt: skip
NETWORK: dict[str, Any] = {
    "allowed": True, "hand_over_years": [2026, 2028], "online_by_year": {"2027": 0.7}, "required": [],
    "excluded": [], "travel": None, "max_minutes": 90, "share_min": 0.5, "share_minutes": 30,
    "city_point_counters": 8, "point_vnd_year": POINT,
}  # fmt: skip
SCENARIO = """\
extends: _base
title_vi: Mạng lưới
title_en: Network
horizon:
  years: 4
  price_growth: 3%
prices:
  crowding_vnd_per_m2_year: 300000
rules:
  excluded: [HC-00367, HC-10186, HC-10192, HC-10207]
"""
CITY_POINTS = """\
point_id,ward_code,name,lat,lon,counters,use
CP-1,00328,Điểm Lĩnh Nam,20.9656,105.89,,candidate
CP-2,00316,Điểm Đại Kim,20.9769,105.825,8,candidate
CP-9,00316,Điểm cũ,20.97,105.82,4,excluded
"""
BRIDGES = "bridge_id,name,river,bank_a,bank_b,lat,lon\nB1,Cầu,Sông,T,Đ,20.89,105.875\n"


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, rows: list[dict[str, Any]], header: str = "") -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, header.split(",") if header else list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def add_input(project: Path) -> None:
    """Write the tables of points, banks and bridges into a project."""
    geo, norms = project / "data" / "geo", project / "data" / "norms"
    (geo / "city_points.csv").write_text(CITY_POINTS, encoding="utf-8")
    (norms / "bridges.csv").write_text(BRIDGES, encoding="utf-8")
    communes = [row["commune_code"] for row in read(geo / "communes.csv")]
    banks = [{"commune_code": code, "bank": "Đ" if code in EAST else "T"} for code in communes]
    write(norms / "banks.csv", banks)


class Roads:
    """Road metres, straight from the tables."""

    def __init__(self, project: Path) -> None:
        self._project = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
        rows = read(project / "data" / "norms" / "detour.csv")
        self._detour = [(float(row["straight_km"]), float(row["detour"])) for row in rows]
        self.communes = read(project / "data" / "geo" / "communes.csv")

    def straight(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        (east, north), (x, y) = (self._project.transform(lon, lat) for lat, lon in (a, b))
        return hypot(east - x, north - y)

    def direct(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        straight, table = self.straight(a, b), self._detour
        km, factor = straight / 1000, table[-1][1] if straight / 1000 >= table[-1][0] else table[0][1]
        for (low, first), (high, second) in pairwise(table):
            if low < km <= high:
                factor = first + (second - first) / (high - low) * (km - low)
        return floor(straight * factor + 0.5)

    def bank(self, place: tuple[float, float]) -> str:
        gaps = [self.straight(place, (float(c["lat"]), float(c["lon"]))) for c in self.communes]
        return "Đ" if self.communes[gaps.index(min(gaps))]["commune_code"] in EAST else "T"

    def crossing(self, a: tuple[float, float], bank: str, b: tuple[float, float]) -> int:
        bridge = (20.89, 105.875)
        if bank == self.bank(b):
            return self.direct(a, b)
        return self.direct(a, bridge) + self.direct(bridge, b)


class Example:
    """Turns the tables of a plan without a network into those of one that has it."""

    def __init__(self, project: Path, folder: Path, *, hands_over: bool) -> None:
        self.project, self.folder = project, folder
        self.stages = STAGES if hands_over else {2025: list(YEARS)}
        self.closes = CLOSES if hands_over else {}
        self.geo = project / "data" / "geo"
        self.sites = {row["site_id"]: row for row in read(self.geo / "sites.csv")}
        self.wards = {row["ward_code"]: row for row in read(self.geo / "wards.csv")}
        self.city = {r["point_id"]: r for r in read(self.geo / "city_points.csv") if r["use"] != "excluded"}
        self.roads = Roads(project)
        self.assignments = read(folder / "assignments.csv")
        self.seat = {r["ward_code"]: r["site_id"] for r in self.assignments if r["part"] == "reception"}
        self.measures = {(r["ward_code"], r["measure"]): r for r in read(folder / "measures.csv")}
        self.counters = {code: int(self.measures[code, "counters"]["value"]) for code in self.wards}
        self._take_demand()
        self.served = {(d, s): self._point(d, s) for s in self.stages for d in self.demand}
        self._cost()

    def place(self, row: Row) -> tuple[float, float]:
        return float(row["lat"]), float(row["lon"])

    def in_person(self, code: str, online: str) -> int:
        files = int(self.wards[code]["population"]) * 256 // 1000
        return floor(files * (1 - Fraction(online) - Fraction("0.0024")))

    def _take_demand(self) -> None:
        communes = {row["commune_code"]: self.place(row) for row in self.roads.communes}
        rows = [row for row in read(self.geo / "commune_ward.csv") if int(row["population"])]
        self.demand: dict[str, dict[str, Any]] = {}
        for row in sorted(rows, key=lambda row: row["ward_code"]):
            code, people = row["ward_code"], int(row["population"])
            everybody = sum(int(r["population"]) for r in rows if r["ward_code"] == code)
            lat, lon = communes[row["commune_code"]]
            if row["kind"] != "whole":
                there = self.place(self.wards[code])
                lat, lon = (lat + there[0]) / 2, (lon + there[1]) / 2
            each = {year: self.in_person(code, ONLINE[year]) * people for year in YEARS}
            self.demand[f"{row['commune_code']}-{code}"] = {
                "commune": row["commune_code"], "ward": code, "people": people, "place": (lat, lon),
                "files": {year: n // everybody for year, n in each.items()},
                "trips": {year: 2 * (n * 2 // everybody) for year, n in each.items()},
            }  # fmt: skip

    def _point(self, name: str, stage: int) -> str:
        """Return the point of the own unit while it is open, then the nearest of the city's."""
        code = self.demand[name]["ward"]
        if self.closes.get(code, 9999) > stage:
            return f"ward-{code}"
        return min((p for p in CITY_OPEN if stage in CITY_OPEN[p]), key=lambda point: self.road(name, point))

    def road(self, name: str, point: str) -> int:
        demand = self.demand[name]
        if point in self.city:
            bank = "Đ" if demand["commune"] in EAST else "T"
            return self.roads.crossing(demand["place"], bank, self.place(self.city[point]))
        code = point.removeprefix("ward-")
        there = self.place(self.sites[self.seat[code]])
        if code == demand["ward"]:
            return self.roads.direct(demand["place"], there)
        return self.roads.crossing(demand["place"], "Đ" if demand["commune"] in EAST else "T", there)

    # -- costs ----------

    def _cost(self) -> None:
        old = {
            (r["ward_code"], r["item"]): int(r["vnd"])
            for r in read(self.folder / "costs.csv")
            if r["year"] == "2025"
        }
        rows: dict[tuple[str, int, str], int] = {}
        for code in self.wards:
            for item in ("renovation", "fit_out", "moves"):
                rows[code, 2025, item] = old.get((code, item), 0)
            before = {item: old.get((code, item), 0) for item in ITEMS}
            after = self._without(code, before) if code in self.closes else before
            for year in YEARS:
                yearly = after if year >= self.closes.get(code, 9999) else before
                total = 0
                for item in ITEMS:
                    next_total = total + yearly[item]
                    grown = GROWTH[year]
                    rows[code, year, item] = next_total * grown // 1_000_000 - total * grown // 1_000_000
                    total = next_total
                rows[code, year, "citizen_travel"] = 0
            if code in self.closes:
                rows[code, self.closes[code], "moves"] = (self.counters[code] + 1) * 2_000_000
        for stage, years in self.stages.items():
            for year in years:
                for name, demand in self.demand.items():
                    way = demand["trips"][year] * self.road(name, self.served[name, stage]) * CITIZEN // 1000
                    rows[demand["ward"], year, "citizen_travel"] += way * GROWTH[year] // 1_000_000
                for code in self.wards:
                    if self.closes.get(code, 9999) > year:
                        rows[code, year, "points"] = POINT * GROWTH[year] // 1_000_000
                for point in CITY_OPEN:
                    if stage in (2025, *CITY_OPEN[point]):
                        each = (POINT + FIXED + CITY_M2 * RUNNING) * GROWTH[year] // 1_000_000
                        rows[self.city[point]["ward_code"], year, "city_points"] = each
        self.costs = {key: vnd for key, vnd in rows.items() if vnd}

    def _without(self, code: str, yearly: dict[str, int]) -> dict[str, int]:
        """Return the yearly costs without the reception: alone on HC-10213, or on a site that stays too small."""
        [norm] = {
            int(r["norm_m2"]) for r in self.assignments if (r["ward_code"], r["part"]) == (code, "reception")
        }
        if code == "10210":
            assert yearly["cohesion"] == yearly["hall_rent"] == 0
            left = {"running": yearly["running"] - norm * RUNNING, "site_fixed": FIXED, "staff_travel": 0}
            return {**yearly, **left}
        assert yearly["crowding"] > norm * CROWDING
        return {**yearly, "crowding": yearly["crowding"] - norm * CROWDING}

    # -- tables ----------

    def write(self) -> None:
        """Replace the tables of the folder."""
        self._write_rows()
        self._write_points()
        self._write_measures()
        self._write_plan()

    def _write_rows(self) -> None:
        seats = [
            row
            for row in self.assignments
            if row["part"] != "reception" or int(row["year"]) < self.closes.get(row["ward_code"], 9999)
        ]
        write(self.folder / "assignments.csv", seats)
        premises = read(self.folder / "premises.csv")
        for row in premises:
            if row["site_id"] == "HC-10213" and int(row["year"]) >= self.closes.get("10210", 9999):
                row.update(status="released", route="public_use")
        write(self.folder / "premises.csv", premises)
        costs = [
            {"ward_code": code, "year": year, "item": item, "heading": HEADINGS[item], "vnd": vnd}
            for (code, year, item), vnd in self.costs.items()
        ]
        write(self.folder / "costs.csv", costs)
        years = read(self.folder / "years.csv")
        for row in years:
            for name in ("capital", "recurrent", "social"):
                row[f"{name}_vnd"] = str(self.heading(name, int(row["year"])))
            here = [p for p in premises if p["year"] == row["year"]]
            released = [p for p in here if p["status"] == "released"]
            row["premises"] = str(len(here) - len(released))
            row["released"] = str(len(released))
            row["surplus_m2"] = str(sum(int(p["floor_area_m2"]) for p in released))
        write(self.folder / "years.csv", years)

    def heading(self, name: str, year: int | None = None, ward: str | None = None) -> int:
        return sum(
            vnd
            for (code, y, item), vnd in self.costs.items()
            if HEADINGS[item] == name and year in (None, y) and ward in (None, code)
        )

    def points(self, stage: int) -> dict[str, str]:
        """Return the status of every point in a stage."""
        if stage == 2025:
            return {f"ward-{code}": "own" for code in self.wards} | dict.fromkeys(CITY_OPEN, "kept")
        found = {
            f"ward-{code}": "kept" if self.closes.get(code, 9999) > stage else "handed_over"
            for code in self.wards
        }
        return found | {p: "kept" if stage in CITY_OPEN[p] else "closed" for p in CITY_OPEN}

    def needed(self, point: str, stage: int) -> tuple[int, int, int]:
        """Return files, counters and people of a point."""
        mine = [d for name, d in self.demand.items() if self.served[name, stage] == point]
        load = sum(max(d["files"][year] for year in self.stages[stage]) for d in mine)
        counters = max(1, ceil(Fraction(load) * 30 / (250 * 420 * Fraction("0.7")))) if mine else 0
        return load, counters, sum(d["people"] for d in mine)

    def _write_points(self) -> None:
        points = []
        for stage in self.stages:
            for point, status in self.points(stage).items():
                load, needed, people = self.needed(point, stage)
                city = self.city.get(point)
                code = city["ward_code"] if city else point.removeprefix("ward-")
                row = city or self.sites[self.seat[code]]
                counters = 8 if city else self.counters[code]
                full = floor(counters * 250 * 420 * Fraction("0.7") / 30)
                points.append({
                    "point_id": point, "ward_code": code, "kind": "city" if city else "ward", "year": stage,
                    "name": city["name"] if city else self.wards[code]["name"],
                    "status": status, "site_id": "" if city else self.seat[code], "lat": row["lat"],
                    "lon": row["lon"], "counters": counters, "load_files": load, "counters_needed": needed,
                    "capacity_files": full if city else max(full, self.in_person(code, ONLINE[2025])),
                    "people": people,
                })  # fmt: skip
        write(self.folder / "points.csv", points)
        ways = []
        for (name, stage), point in self.served.items():
            demand, road = self.demand[name], self.road(name, point)
            tenths = half_up(Fraction(road * 600, 25_000))
            ways.append({
                "demand_id": name, "commune_code": demand["commune"], "ward_code": demand["ward"], "year": stage,
                "people": demand["people"], "files": demand["files"][stage], "trips": demand["trips"][stage],
                "point_id": point, "road_m": road, "minutes": f"{tenths // 10}.{tenths % 10}",
            })  # fmt: skip
        write(self.folder / "catchments.csv", ways)
        write(self.folder / "network_prices.csv", [], "kind,id,year,price")

    def worth(self, ward: str | None = None) -> int:
        return half_up(
            Fraction(
                sum(v * FACTOR[y] for (code, y, _), v in self.costs.items() if ward in (None, code)), 10**6
            )
        )

    def mean(self, stage: int, ward: str | None = None) -> int:
        mine = {name: d["people"] for name, d in self.demand.items() if ward in (None, d["ward"])}
        metres = sum(people * self.road(name, self.served[name, stage]) for name, people in mine.items())
        return half_up(Fraction(metres, sum(mine.values())))

    def within(self, minutes: int, stage: int) -> Fraction:
        people = {name: d["people"] for name, d in self.demand.items()}
        near = sum(
            n
            for name, n in people.items()
            if 60 * self.road(name, self.served[name, stage]) <= minutes * 25_000
        )
        return Fraction(half_up(Fraction(10_000 * near, sum(people.values()))), 10_000)

    def _write_measures(self) -> None:
        end = max(self.stages)
        for code in (*self.wards, ""):
            ward = code or None
            values: dict[str, Any] = {
                "cost_capital": self.heading("capital", ward=ward),
                "cost_recurrent_year": self.heading("recurrent", 2025, ward),
                "cost_social_year": self.heading("social", 2025, ward),
                "net_present_cost": self.worth(ward),
            }
            freed = "10210" in self.closes and code in ("10210", "")
            for measure, more in (
                ("premises_end", -1),
                ("premises_released_end", 1),
                ("surplus_floor_end", 1100),
            ):
                old = int(self.measures[code, measure]["value"])
                values[measure] = old + more * freed
            for measure, value in values.items():
                self.measures[code, measure]["value"] = str(value)
            if code:
                self.add(code, "handed_over_year", self.closes.get(code, 0), "year")
                self.add(code, "reception_travel_mean_end", self.mean(end, code), "m")
        open_end = [point for point, status in self.points(end).items() if status != "handed_over"]
        open_end = [point for point in open_end if self.points(end)[point] != "closed"]
        self.add("", "points_open_end", len(open_end), "points")
        self.add("", "points_handed_over", len(self.closes), "points")
        self.add("", "city_points_open_end", sum(p in self.city for p in open_end), "points")
        self.add("", "counters_end", sum(self.needed(p, end)[1] for p in self.points(end)), "counters")
        self.add("", "reception_travel_mean_start", self.mean(2025), "m")
        self.add("", "reception_travel_mean_end", self.mean(end), "m")
        for name, stage in (("start", 2025), ("end", end)):
            longest = max(self.road(demand, self.served[demand, stage]) for demand in self.demand)
            self.add("", f"reception_travel_max_{name}", longest, "m")
        for minutes in (15, 30):
            self.add("", f"within_{minutes}_start", float(self.within(minutes, 2025)), "share")
            self.add("", f"within_{minutes}_end", float(self.within(minutes, end)), "share")
        write(self.folder / "measures.csv", list(self.measures.values()))

    def add(self, code: str, measure: str, value: object, unit: str) -> None:
        self.measures[code, measure] = dict(ward_code=code, measure=measure, value=str(value), unit=unit)

    def _write_plan(self) -> None:
        path = self.folder / "plan.json"
        facts = json.loads(path.read_text(encoding="utf-8"))
        later = [stage for stage in self.stages if stage > 2025]
        facts.update(objective_vnd=self.worth(), status="feasible", bound_vnd=None, gap=None)
        facts.update(certified_bound_vnd=None, certified_gap=None, prices={}, limits=[])
        facts["settings"]["network"] = {**NETWORK, "hand_over_years": later}
        facts["settings"]["rules"]["points_min"] = 4 if later else None
        everybody = sum(d["people"] for d in self.demand.values())
        for stage in later:
            used = -sum(status == "kept" for status in self.points(stage).values())
            near = -sum(
                d["people"]
                for name, d in self.demand.items()
                if self.road(name, self.served[name, stage]) <= 12_500
            )
            least = -ceil(everybody / 2)
            facts["limits"] += [
                dict(name=f"points_{stage}", setting="rules.points_min", year=stage, limit=-4, used=used),
                dict(name=f"within_{stage}", setting="network.share_min", year=stage, limit=least, used=near),
            ]
        for name in ("geo/city_points.csv", "norms/banks.csv", "norms/bridges.csv"):
            whole = (self.project / "data" / name).read_bytes()
            facts["inputs"] = [one for one in facts["inputs"] if one["path"] != f"data/{name}"]
            facts["inputs"].append({"path": f"data/{name}", "sha256": hashlib.sha256(whole).hexdigest()})
        path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
