"""Build ``data/geo/{wards,communes,commune_ward,sites,today}.csv`` from ``data/facts`` and the package of points.

Run ``python tools/build_data.py`` in an environment that has the package ``vietnamadminunits``, or give the path of its
``dataset.db`` with ``--units-db``. Same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hanoi.points import SHA256, VERSION, find_database, read_new_units, read_old_units  # noqa: E402
from hanoi.population import fit_population, seed_shares  # noqa: E402
from hanoi.premises import (  # noqa: E402
    SITE_COLUMNS,
    Site,
    SiteRule,
    give_empty_wards_a_site,
    wards_of_points,
)
from hanoi.tables import Row, read_rows, write_rows  # noqa: E402
from hanoi.today import BODY_ORDER, EXACT_POINTS, TODAY_COLUMNS, Matcher, Use, joint_centre, same_place  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PACKAGE_SOURCE = f"PyPI vietnamadminunits {VERSION} (MIT), dataset.db"
NOTICE = "city notice 729 of 2025-06-25, read through encyclopedia pages (data/facts/today.csv)"

WARD_COLUMNS = (
    "ward_code",
    "name",
    "type",
    "former_district",
    "area_km2",
    "population",
    "lat",
    "lon",
    "land_price_zone",
    "mountain",
    "population_status",
    "source",
    "date",
    "status",
)
COMMUNE_COLUMNS = (
    "commune_code",
    "name",
    "type",
    "former_district",
    "lat",
    "lon",
    "population_2019",
    "source",
    "status",
)
PAIR_COLUMNS = ("commune_code", "ward_code", "kind", "pop_rule", "population", "status")


def build_wards(facts: Path) -> list[dict[str, object]]:
    """Carry the 126 units over."""
    mountain = {r["ward_code"] for r in read_rows(facts / "mountain.csv") if r["mountain"] == "1"}
    rows: list[dict[str, object]] = []
    for r in read_rows(facts / "wards.csv"):
        repaired = r["population_repaired"] == "1"
        rows.append(
            {
                "ward_code": r["ward_code"],
                "name": r["name"],
                "type": r["type"],
                "former_district": r["former_district"],
                "area_km2": r["area_km2"],
                "population": r["population"],
                "lat": r["lat"],
                "lon": r["lon"],
                "land_price_zone": r["land_price_zone_2026"],
                "mountain": int(r["ward_code"] in mountain),
                "population_status": "derived" if repaired else "sourced",
                "source": "Resolution 1656/NQ-UBTVQH15 clause " + r["resolution_clause"] + " (data/facts/wards.csv)",
                "date": "2025-06-16",
                "status": "sourced",
            }
        )
    return rows


def build_communes(facts: Path, old_units: dict) -> list[dict[str, object]]:
    """Carry the 526 old units over and add their label points."""
    rows = []
    for r in read_rows(facts / "communes.csv"):
        unit = old_units[r["commune_code"]]
        rows.append(
            {
                **r,
                "lat": unit.lat,
                "lon": unit.lon,
                "source": f"census 2019 (data/facts/communes.csv); point: {PACKAGE_SOURCE}",
                "status": "sourced",
            }
        )
    return rows


def build_sites(
    facts: Path, rule: SiteRule, placed: dict[str, str], communes: dict[str, Row], old_units: dict
) -> dict[str, Site]:
    """Make one candidate per old commune office and per former district headquarters."""
    sites: dict[str, Site] = {}
    for code, commune in sorted(communes.items()):
        unit = old_units[code]
        kind = commune["type"].lower()
        site = Site(
            f"HC-{code}",
            placed[code],
            f"Trụ sở cũ {kind} {commune['name']}",
            "",
            unit.lat,
            unit.lon,
            "former_commune_hq",
            commune_code=code,
            point_basis="label point of the old unit, not its office",
            source=f"data/facts/site_rule.csv; point: {PACKAGE_SOURCE}",
        )
        rule.estimate(site, rule.class_of_commune(commune), int(commune["population_2019"]))
        sites[site.site_id] = site
    for r in read_rows(facts / "district_hq.csv"):
        site = Site(
            f"HD-{r['district_code']}",
            r["ward_code"],
            f"Trụ sở cũ UBND {r['district'][0].lower()}{r['district'][1:]}",
            r["address"],
            float(r["lat"]),
            float(r["lon"]),
            "former_district_hq",
            point_basis=f"district_hq: {r['coordinate_basis']}, within {r['precision_m']} m",
            source="data/facts/district_hq.csv; data/facts/site_rule.csv",
            note=f"unit: {r['ward_basis']}",
        )
        rule.estimate(site, "district_joint" if joint_centre(r["address"]) else "district_bloc")
        sites[site.site_id] = site
    return sites


def collect_uses(facts: Path) -> list[Use]:
    """List every body of every unit whose address or building is known, in the order they are matched."""
    decisions = {(r["ward_code"], r["body"]): r for r in read_rows(facts / "today_decisions.csv")}
    news = read_rows(facts / "hq_news.csv")
    uses: dict[tuple[str, str], Use] = {}
    for r in read_rows(facts / "today.csv"):
        source = NOTICE if r["cites_notice_729"] == "yes" else "encyclopedia page (data/facts/today.csv)"
        for body in BODY_ORDER:
            decided = decisions.get((r["ward_code"], body))
            address = decided["address"] if decided else r[f"{body}_address"]
            if address:
                note = decided["note"] if decided else r["note"]
                use = Use(r["ward_code"], body, address, decided["source"] if decided else source, note)
                use.one_building = r["party_and_committee"] == "same"
                uses[r["ward_code"], body] = use
    # The press adds bodies that the notice does not give; it never replaces an address but by a written decision.
    for r in news:
        known = r["status"] == "in_use" or r["status"] == "planned" and r["confidence"] == "high"
        if not known or r["body"] == "unspecified" or "not given" in r["address"]:
            continue
        bodies = ("party", "front") if r["body"] == "all" else (r["body"],)
        committee = uses[r["ward_code"], "council_committee"]
        for body in bodies:
            if (r["ward_code"], body) in uses:
                continue
            address = r["address"]
            if r["body"] == "all":
                if r["status"] == "planned" and not _plan_came_true(r, committee, uses):
                    continue
                address = committee.address
            note = f"{r['status']} ({r['confidence']} confidence), {r['date']}"
            uses[r["ward_code"], body] = Use(r["ward_code"], body, address, r["evidence"], note)
    for r in read_rows(facts / "reception_points.csv"):
        main = r["kind"] == "ward_point" and r["address"] and r["ward_code"] and not r["name"].startswith("Support")
        if not main or (r["ward_code"], "reception") in uses:
            continue
        if r["number"] and "main" not in r["name"]:
            continue
        address = r["address"].split(" (")[0]
        uses[r["ward_code"], "reception"] = Use(r["ward_code"], "reception", address, r["source_url"], r["note"])
    order = {"council_committee": 0, "party": 1, "front": 2, "reception": 3}
    return sorted(uses.values(), key=lambda u: (u.ward_code, order[u.body]))


def _plan_came_true(plan: Row, committee: Use, uses: dict[tuple[str, str], Use]) -> bool:
    """A plan to put all bodies on one site counts where the notice later gave that site to the committee."""
    party = uses.get((plan["ward_code"], "party"))
    if party is not None and not same_place(party.address, committee.address):
        return False
    return same_place(plan["address"], committee.address) or "district" in plan["building_origin"]


def better_points(sites: dict[str, Site], uses: list[Use], matcher: Matcher) -> int:
    """Move an old office to the located point of the headquarters that sits in it; return how many moved."""
    moved = set()
    for use in uses:
        site, point = sites[use.site_id], matcher.point_of(use)
        if point is None or point["quality"] not in EXACT_POINTS or site.site_id in moved:
            continue
        if use.body != "council_committee" and not same_place(point["address"], use.address):
            continue
        site.lat, site.lon = float(point["lat"]), float(point["lon"])
        site.point_basis = f"hq_points: {point['quality']}"
        site.address = site.address or use.address
        moved.add(site.site_id)
    return len(moved)


def build(database: Path, facts: Path, out: Path) -> None:
    """Build the five tables and print what a reader should check."""
    new_units, old_units = read_new_units(database), read_old_units(database)
    wards = build_wards(facts)
    communes = build_communes(facts, old_units)
    pairs = read_rows(facts / "commune_ward.csv")
    ward_of = {str(w["ward_code"]): {k: str(v) for k, v in w.items()} for w in wards}
    commune_of = {str(c["commune_code"]): {k: str(v) for k, v in c.items()} for c in communes}
    if set(new_units) != set(ward_of) or set(old_units) != set(commune_of):
        raise ValueError("units of the package and of data/facts differ")

    shares = seed_shares(pairs, old_units, ward_of)
    census = {c: int(r["population_2019"]) for c, r in commune_of.items()}
    official = {w: int(r["population"]) for w, r in ward_of.items()}
    people = fit_population(pairs, shares, census, official)
    pair_rows = [
        {**p, "population": people[p["commune_code"], p["ward_code"]], "status": "estimated" if p["pop_rule"] == "some" else "derived"}
        for p in pairs
    ]

    rule = SiteRule.read(facts)
    placed = wards_of_points(pairs, old_units, ward_of)
    by_point = dict(placed)
    sites = build_sites(facts, rule, placed, commune_of, old_units)
    uses = collect_uses(facts)
    matcher = Matcher(
        sites,
        pairs,
        commune_of,
        ward_of,
        read_rows(facts / "hq_points.csv"),
        read_rows(facts / "hq_news.csv"),
        read_rows(facts / "district_hq.csv"),
        rule,
    )
    done: list[Use] = []
    for use in uses:
        matcher.match(use, done)
        done.append(use)
    served = {s.ward_code for s in sites.values()}
    placed_now = {s.commune_code: s.ward_code for s in sites.values() if s.commune_code}
    given = give_empty_wards_a_site(placed_now, served, pairs, old_units, ward_of)
    for code, _, ward_code in given:
        sites[f"HC-{code}"].ward_code = ward_code
        sites[f"HC-{code}"].notes.append("given to a unit that had no old office")
    moved = better_points(sites, uses, matcher)

    today_rows = []
    for use in sorted(uses, key=lambda u: (u.ward_code, BODY_ORDER.index(u.body))):
        site = sites[use.site_id]
        today_rows.append({**{k: getattr(use, k, "") for k in TODAY_COLUMNS}, "lat": site.lat, "lon": site.lon})

    write_rows(out / "wards.csv", WARD_COLUMNS, wards)
    write_rows(out / "communes.csv", COMMUNE_COLUMNS, communes)
    write_rows(out / "commune_ward.csv", PAIR_COLUMNS, pair_rows)
    write_rows(out / "sites.csv", SITE_COLUMNS, [s.as_row() for _, s in sorted(sites.items())])
    write_rows(out / "today.csv", TODAY_COLUMNS, today_rows)
    report(facts, by_point, sites, uses, matcher, given, moved, census, pair_rows)


def report(facts, by_point, sites, uses, matcher, given, moved, census, pair_rows) -> None:
    """Print the checks of the build against the facts."""
    per_ward = Counter(s.ward_code for s in sites.values())
    premises = {(u.ward_code, u.site_id) for u in uses}
    named = Counter(Counter(w for w, _ in premises).values())
    split = Counter(r["party_and_committee"] for r in read_rows(facts / "today.csv"))
    both = {}
    for u in uses:
        both.setdefault(u.ward_code, {})[u.body] = u.site_id
    known = [b for b in both.values() if "party" in b]
    in_district = {u.ward_code for u in uses if sites[u.site_id].kind == "former_district_hq"}
    in_part = {u.ward_code for u in uses if sites[u.site_id].note.startswith("part of the building")}
    rows: Counter[str] = Counter()
    for p in pair_rows:
        rows[p["commune_code"]] += p["population"]
    growth = sum(rows.values()) / sum(census.values())
    ratio = sorted((rows[c] / (census[c] * growth), c) for c in census)
    print(f"sites {len(sites)}: {dict(Counter(s.kind for s in sites.values()))}")
    print(f"sites per unit: {dict(sorted(Counter(per_ward.values()).items()))}")
    print(f"today rows {len(uses)}: {dict(Counter(u.body for u in uses))}; {dict(Counter(u.match_status for u in uses))}")
    print(f"  by rule: {dict(Counter(u.basis[0] for u in uses))}")
    print(f"  units by number of premises named: {dict(sorted(named.items()))}; premises {len(premises)} (city: 232)")
    print(f"  facts, Party and committee: {dict(split)}")
    apart = sum(b["party"] != b["council_committee"] for b in known)
    print(f"  matched: apart {apart}, together {len(known) - apart} of {len(known)} units with both known")
    print(f"  units in a former district headquarters: {len(in_district)}, in part of one: {len(in_part)} (city: about 32)")
    print(f"offices moved to another unit by the arrangement in force: {matcher.moves}")
    print(f"offices given to units without one: {given}; points improved: {moved}")
    print(f"old units' people against census x growth {growth:.4f}: lowest {ratio[:3]}, highest {ratio[-3:]}")


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units-db", type=Path, help=f"dataset.db of vietnamadminunits {VERSION} (SHA-256 {SHA256[:12]}…)")
    parser.add_argument("--facts", type=Path, default=ROOT / "data" / "facts")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "geo")
    args = parser.parse_args()
    try:
        build(find_database(args.units_db), args.facts, args.out)
    except (FileNotFoundError, ValueError) as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
