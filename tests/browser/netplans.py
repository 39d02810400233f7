"""Small plans with a reception network, solved: five units, two points of the city, every text hostile where asked."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from tests.browser.mapplans import ROOT, hostile_text, region5

POINTS = """point_id,ward_code,name,lat,lon,counters,use
CP-1,10210,Điểm Một,20.8731,105.897,,candidate
CP-2,00352,Điểm Hai,20.9968,105.829,11,candidate
"""


@cache
def without() -> Plan:
    """Return the plan of the same units without a network."""
    region, norms = read_region(ROOT / "tests/data/region5"), read_norms(ROOT / "data/norms")
    return make_plan(read_scenario("hanoi-2025", ROOT), region, norms)


@cache
def small(hostile: bool = False) -> Plan:
    """Return a plan over five years that hands points over in 2027 and 2028."""
    with tempfile.TemporaryDirectory() as folder:
        geo = Path(folder) / "geo"
        shutil.copytree(ROOT / "tests/data/region5", geo)
        (geo / "city_points.csv").write_text(POINTS, encoding="utf-8")
        found, norms = read_region(geo), read_norms(ROOT / "data/norms")
    # Boundaries are read when a map asks: from the folder that stays.
    region = replace(found, folder=ROOT / "tests/data/region5")
    if hostile:
        dirty, norms = region5(hostile=True)
        names = [hostile_text(700 + n) for n in range(len(region.city_points))]
        city = region.city_points.assign(name=names)
        tables = {name: getattr(dirty, name) for name in ("wards", "communes", "sites", "today")}
        region = replace(region, city_points=city, **tables)
    usual = read_scenario("hanoi-2025", ROOT)
    titles = {"name": "mang-luoi", "title_vi": "Thử mạng lưới", "title_en": "A network"}
    if hostile:
        titles = {key: hostile_text(950 + n) for n, key in enumerate(titles)}
    rules = usual.rules.model_copy(update={"points_min": 4})
    online = {2027: 0.7, 2028: 0.95}
    given = {
        "allowed": True,
        "hand_over_years": (2027, 2028),
        "online_by_year": online,
        "point_vnd_year": 10**9,
    }
    network = usual.network.model_copy(update=given)
    horizon = usual.horizon.model_copy(update={"years": 5})
    scenario = usual.model_copy(update={**titles, "rules": rules, "network": network, "horizon": horizon})
    return make_plan(scenario, region, norms)
