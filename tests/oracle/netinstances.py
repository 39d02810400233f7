"""Random small problems of the reception network (docs/model.md, section 7), the same for the same seed."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from ruamel.yaml import YAML

from tests.oracle.instances import (
    BODIES,
    Case,
    _near,
    _random_sites,
    make_region,
    random_norms,
    random_scenario,
    write_case,
)

if TYPE_CHECKING:
    from planner.region import Region
    from planner.scenario import Scenario

SETTINGS = Path(__file__).resolve().parents[2] / "data" / "norms" / "settings.csv"
CITY_COLUMNS = (
    "point_id", "ward_code", "name", "lat", "lon", "counters", "use", "branch", "coordinate_basis", "status",
    "source", "source_vi",
)  # fmt: skip
SOURCE = {"status": "estimated", "source": "test", "source_vi": "thử"}
RIVER = 105.85


@dataclass(frozen=True)
class NetCase:
    """A problem: the tables of any problem, and those of the network (None: there is no such file)."""

    case: Case
    city_points: pd.DataFrame | None = None
    banks: pd.DataFrame | None = None
    bridges: pd.DataFrame | None = None
    travel: pd.DataFrame | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.case.scenario

    def changed(self, section: str = "", **values: Any) -> NetCase:
        """Return the same problem with other settings of one section of the scenario."""
        return replace(self, case=self.case.changed(section, **values))

    def write(self, root: Path) -> Path:
        """Write a whole project below `root`; return its scenario file."""
        write_case(self.case, root)
        shutil.copy(SETTINGS, root / "norms" / "settings.csv")
        for folder, name in (
            ("geo", "city_points"),
            ("norms", "banks"),
            ("norms", "bridges"),
            (".", "travel"),
        ):
            table = getattr(self, name)
            if table is not None:
                file = root / folder / f"{name}.csv"
                table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
        values = self.scenario.model_dump(by_alias=True) | {"geo": "geo", "norms": "norms"}
        del values["name"]
        path = root / "scenarios" / "test.yaml"
        path.parent.mkdir()
        with path.open("w", encoding="utf-8") as stream:
            YAML(typ="safe").dump(_plain(values), stream)
        return path


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    return list(value) if isinstance(value, tuple) else value


def random_net_case(seed: int) -> NetCase:
    """Draw a problem small enough for brute force."""
    rng = random.Random(f"network {seed}")
    wards = rng.choice((2, 2, 3, 3, 4))
    departments = rng.choice((0, 0, 1)) if wards < 4 else 0
    norms = random_norms(rng, departments)
    if norms.trips.empty:  # a table without rows is not read
        norms = random_norms(rng, departments)
    region = _region(rng, wards, {2: 4, 3: 3, 4: 2}[wards])
    case = Case(seed, region, norms, random_scenario(rng, region))
    net = NetCase(_ordinary(rng, case))
    net = replace(net, city_points=_city_points(rng, region))
    if rng.random() < 0.45:
        net = _with_banks(rng, net)
    net = _with_network(rng, net)
    if rng.random() < 0.2:
        net = _with_travel(rng, net)
    return _with_rules(rng, net) if rng.random() < 0.6 else net


def _ordinary(rng: random.Random, case: Case) -> Case:
    start = case.scenario.horizon.start_year
    case = case.changed(
        "horizon",
        start_year=start,
        years=rng.randint(2, 4),
        price_growth=rng.choice((0.0, 0.0, 0.03, 0.0777)),
        construction_growth=rng.choice((0.0, 0.05)),
    )
    case = case.changed(
        "release",
        route=rng.choice(("public_use", "lease", "auction", "priority")),
        cash_route=rng.choice(("lease", "auction", "best")),
        needs_health=rng.choice((0, 1)),
        needs_education=rng.choice((0, 1)),
        needs_culture=0,
    )
    if rng.random() < 0.8:  # feasible more often than not
        case = case.changed("rules", floor_area="report", hall=rng.choice(("report", "off")))
    case = case.changed("rules", max_sites=rng.choice((1, 2, 2, 3, 3)))
    case = case.changed("prices", site_fixed_vnd_year=rng.choice((0, 20_000_000, 100_000_000, 471_000_000)))
    if rng.random() < 0.5:  # bodies keep apart: the reception alone on its site now and then
        most = max(3, case.scenario.rules.max_sites)
        case = case.changed("rules", max_sites=most, one_site_where_enough="off")
        case = case.changed(
            "prices",
            crowding_vnd_per_m2_year=rng.choice((3_000_000, 9_000_000)),
            site_fixed_vnd_year=rng.choice((5_000_000, 50_000_000)),
            staff_vnd_per_hour=rng.choice((0, 75_000)),
        )
    case = case.changed(arrangement="free")
    case = case.changed("rules", **_lists_that_can_be(case))
    return case.changed(
        "reception",
        files_per_1000_people_year=rng.choice((0, 256, 400.5, 2_000, 2_000, 5_000)),
        online_share=rng.choice((0.2, 0.4, 0.5971)),
        peak_factor=rng.choice((1.0, 1.5)),
        minutes_per_file=rng.choice((7.5, 20)),
        counter_use_share=rng.choice((0.7, 0.85)),
        min_counters=rng.choice((1, 1, 3)),
        min_m2=rng.choice((0, 80)),
    )


def _lists_that_can_be(case: Case) -> dict[str, Any]:
    """Return the lists of required and excluded sites, without what the program refuses to read."""
    sites, rules = case.region.sites, case.scenario.rules
    excluded = set(rules.excluded)
    out = (sites["use"] == "excluded") | sites.index.isin(rules.excluded)
    if out.groupby(sites["ward_code"]).all().any():
        excluded = set()
    required = (sites["use"] == "required") | sites.index.isin(rules.required)
    most = required.groupby(sites["ward_code"]).sum().max()
    return {"excluded": tuple(sorted(excluded)), "max_sites": max(rules.max_sites, int(most))}


# --- geography ---------------------------------------------------------------------------------------------------


def _region(rng: random.Random, wards: int, most_sites: int) -> Region:
    """Draw wards on both sides of a river; some old communes are split between two of them."""
    ward_rows: list[dict[str, Any]] = []
    communes: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    sites: list[dict[str, Any]] = []
    today: list[dict[str, Any]] = []
    spread = rng.choice((0.03, 0.07))
    for w in range(wards):
        code, kind = f"{100 + 7 * w:05}", rng.choice(("phường", "xã"))
        lat, lon = 21.0 + rng.uniform(-spread, spread), RIVER + rng.uniform(-spread, spread)
        people = 0
        if communes and rng.random() < 0.4:  # the rest of an old commune of the ward before
            other = rng.choice([pair for pair in pairs if pair["ward_code"] == ward_rows[-1]["ward_code"]])
            if other["kind"] == "whole":
                other["kind"] = "part"
                count = rng.randint(100, 9_000)
                pairs.append({**other, "ward_code": code, "kind": "remainder", "population": count})
                people += count
        for c in range(rng.randint(1, 3)):
            if people and c and rng.random() < 0.3:
                continue
            count = rng.choice((0, rng.randint(500, 8_000), rng.randint(500, 30_000)))
            if not people and not c:
                count = rng.randint(800, 30_000)
            people += count
            commune = f"{code[2:]}{c:02}"
            communes.append({"commune_code": commune, "name": f"Xã {c}", **_near(rng, lat, lon)})
            pairs.append({"commune_code": commune, "ward_code": code, "kind": "whole", "population": count})
        ward_rows.append(
            {
                "ward_code": code,
                "name": f"Phường {w}",
                "type": kind,
                "area_km2": 60.0,
                "population": people + w,
                "lat": round(lat, 5),
                "lon": round(lon, 5),
                "land_price_zone": rng.randint(1, 3),
                "mountain": int(kind == "xã" and rng.random() < 0.3),
            }
        )
        ids = _random_sites(rng, code, lat, lon, most_sites, sites)
        today += [
            {"ward_code": code, "body": body, "site_id": rng.choice([*ids, *ids, ""])}
            for body in BODIES
            if rng.random() < 0.6
        ]
    if not today:  # a table without rows is not read
        today.append({"ward_code": ward_rows[0]["ward_code"], "body": BODIES[0], "site_id": ""})
    return make_region(ward_rows, communes, pairs, sites, today)


def _city_points(rng: random.Random, region: Region) -> pd.DataFrame | None:
    count = rng.choice((0, 1, 1, 2, 3))
    if not count:
        return None
    rows = []
    for k in range(count):
        code = rng.choice(list(region.wards.index))
        ward = region.wards.loc[code]
        rows.append(
            {
                "point_id": f"CP-{k + 1}",
                "ward_code": code,
                "name": f"Chi nhánh {k + 1}",
                **_near(rng, ward["lat"], ward["lon"]),
                "counters": rng.choice((None, 1, 2, 4, 12)),
                "use": rng.choice(("candidate",) * 5 + ("required", "excluded")),
                "branch": k + 1,
                "coordinate_basis": "test",
                **SOURCE,
            }
        )
    return pd.DataFrame(rows, columns=list(CITY_COLUMNS)).astype({"counters": "Int64", "branch": "Int64"})


def _with_banks(rng: random.Random, net: NetCase) -> NetCase:
    communes = net.case.region.communes
    islands = rng.random() < 0.3
    banks = {
        code: "isle" if islands and rng.random() < 0.25 else "left" if row["lon"] < RIVER else "right"
        for code, row in communes.iterrows()
    }
    if len(set(banks.values())) < 2:
        banks[min(banks)] = "right" if "left" in banks.values() else "left"
    known = sorted(set(banks.values()))
    if len(known) < 2:
        return net
    rows = []
    for k in range(rng.choice((1, 1, 1, 2, 2, 2, 3))):
        ends = rng.sample(known, 2)
        place = {"lat": round(21.0 + rng.uniform(-0.05, 0.05), 5), "lon": RIVER}
        rows.append(
            {
                "bridge_id": f"BR-{k + 1}",
                "name": f"Cầu {k + 1}",
                "river": "Sông",
                "bank_a": ends[0],
                "bank_b": ends[1],
                **place,
                **SOURCE,
            }
        )
    columns = ["bridge_id", "name", "river", "bank_a", "bank_b", "lat", "lon", *SOURCE]
    return replace(
        net,
        banks=pd.DataFrame([{"commune_code": code, "bank": bank, **SOURCE} for code, bank in banks.items()]),
        bridges=pd.DataFrame(rows, columns=columns),
    )


def _with_travel(rng: random.Random, net: NetCase) -> NetCase:
    pairs, sites = net.case.region.pairs, net.case.region.sites
    demand = [f"{row.commune_code}-{row.ward_code}" for row in pairs.itertuples() if row.population]
    points = list(sites.index)
    if net.city_points is not None:
        points += list(net.city_points["point_id"])
    every = [(i, j) for i in demand for j in points]
    rows = [
        {"demand_id": i, "point_id": j, "road_m": rng.choice((0, rng.randint(1, 30_000)))}
        for i, j in rng.sample(every, min(len(every), rng.randint(1, 12)))
    ]
    return replace(net.changed("network", travel="travel.csv"), travel=pd.DataFrame(rows))


# --- scenario ----------------------------------------------------------------------------------------------------


def _with_network(rng: random.Random, net: NetCase) -> NetCase:
    horizon = net.scenario.horizon
    first, end = horizon.start_year, horizon.start_year + horizon.years
    later = list(range(first + 1, end))
    years = rng.sample(later, min(len(later), rng.choice((0, 1, 1, 1, 1, 2, 2, 2, 2))))
    online: dict[int, float] = {}
    for year in rng.sample(range(first, end), rng.choice((0, 1, 1, 2))):
        online[year] = rng.choice((0.0, 0.3, 0.5971, 0.7, 0.85, 0.95, 0.99))
    names = [f"ward-{code}" for code in net.case.region.wards.index]
    fixed: dict[str, str] = {}  # required by use and excluded by the scenario would contradict each other
    if net.city_points is not None:
        kept = net.city_points[net.city_points["use"] != "excluded"]
        fixed = dict(zip(kept["point_id"], kept["use"], strict=True))
        names += list(fixed)
    picked = rng.sample(names, min(len(names), 2)) if rng.random() < 0.3 else []
    excluded = [name for name in picked[1:] if fixed.get(name) != "required"]
    net = net.changed(
        "network",
        allowed=True,
        hand_over_years=tuple(sorted(years)),
        online_by_year=online,
        required=tuple(picked[:1]),
        excluded=tuple(excluded),
        city_point_counters=rng.choice((1, 3, 8)),
        point_vnd_year=rng.choice((0, 50_000_000, 300_000_000, 300_000_000, 2_000_000_000)),
        max_minutes=rng.choice((None, None, None, 20, 40, 80)),
    )
    if not years:  # what would be without effect is not read
        net = net.changed("network", required=(), excluded=(), max_minutes=None)
    return net.changed("reception", visits_per_file=rng.choice((0, 1, 2, 3)))


def _with_rules(rng: random.Random, net: NetCase) -> NetCase:
    horizon, wards = net.scenario.horizon, len(net.case.region.wards)
    years = range(horizon.start_year, horizon.start_year + horizon.years)
    points = 0 if net.city_points is None else int((net.city_points["use"] != "excluded").sum())
    most = wards + points - len(net.scenario.network.excluded)

    def some(name: str) -> None:
        nonlocal net
        if name == "points_min":
            net = net.changed("rules", points_min=rng.randint(0, most))
        elif name == "share":
            net = net.changed(
                "network",
                share_min=rng.choice((0.3, 0.5, 0.75, 0.9, 1.0)),
                share_minutes=rng.choice((5, 10, 20, 40)),
            )
        elif name == "premises":
            net = net.changed("rules", premises_max=rng.randint(wards, 3 * wards))
        elif name == "capital":
            net = net.changed("rules", capital_max_vnd=rng.randint(2 * 10**9, 4 * 10**10))
        elif name == "budget":
            begins = rng.choice((None, None, None, years[0]))
            yearly = rng.choice((0, rng.randint(0, 80_000_000), rng.randint(0, 80_000_000)))
            if begins is not None:
                yearly = rng.randint(2 * 10**9, 4 * 10**10)
            by_year = {rng.choice(years[1:]): rng.randint(0, 50_000_000)} if rng.random() < 0.3 else {}
            net = net.changed(
                "budget",
                yearly_vnd=yearly,
                from_year=begins,
                by_year_vnd=by_year,
                carry_over=rng.random() < 0.4,
                recycle_income=rng.random() < 0.4,
            )
        elif name == "surplus":
            net = net.changed("rules", surplus_min={rng.choice(years): rng.randint(0, wards)})
        else:
            net = net.changed("rules", surplus_m2_min={rng.choice(years): rng.randint(0, 1_000)})

    names = (
        "points_min",
        "points_min",
        "share",
        "share",
        "premises",
        "capital",
        "budget",
        "budget",
        "surplus",
        "m2",
    )
    for name in rng.sample(names, rng.randint(1, 3)):
        if net.scenario.network.hand_over_years or name not in ("points_min", "share"):
            some(name)
    return net
