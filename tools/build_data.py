"""Build the tables of ``data/geo``, and the banks of ``data/norms``, from ``data/facts`` and the package of points.

Run ``python tools/build_data.py`` in an environment that has the package ``vietnamadminunits``, or give
the path of its ``dataset.db`` with ``--units-db``. Same inputs give the same bytes. What the build
leaves to be checked by eye goes to stdout.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from hanoi.network import BANK_COLUMNS, CITY_POINT_COLUMNS, build_banks, build_city_points
from hanoi.points import SHA256, VERSION, Unit, distance_km, find_database, read_new_units, read_old_units
from hanoi.population import fit_population, seed_shares
from hanoi.premises import (
    SITE_COLUMNS,
    Site,
    SiteRule,
    give_empty_wards_a_site,
    wards_of_points,
)
from hanoi.tables import Row, read_rows, write_rows
from hanoi.today import (
    BODY_ORDER,
    EXACT_POINTS,
    TODAY_COLUMNS,
    Matcher,
    Use,
    joint_centre,
    older_hamlets,
    point_basis,
    same_place,
)

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
    """Carry the 126 units over; ``mountain`` is filled by `mark_mountain_units`."""
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
                "mountain": 0,
                "population_status": "derived" if repaired else "sourced",
                "source": f"data/facts/wards.csv; NQ 1656/NQ-UBTVQH15, clause {r['resolution_clause']}",
                "date": "2025-06-16",
                "status": "sourced",
            }
        )
    return rows


def mark_mountain_units(
    facts: Path, wards: list[dict[str, object]], people: dict[tuple[str, str], int]
) -> None:
    """Call a unit mountainous where at least half of its people live in old mountain communes."""
    listed = {row["commune_code"] for row in read_rows(facts / "mountain.csv")}
    for ward in wards:
        code = ward["ward_code"]
        upland = sum(n for (commune, unit), n in people.items() if unit == code and commune in listed)
        ward["mountain"] = int(2 * upland >= int(str(ward["population"])))


def build_communes(facts: Path, old_units: dict[str, Unit]) -> list[dict[str, object]]:
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
    facts: Path, rule: SiteRule, placed: dict[str, str], communes: dict[str, Row], old_units: dict[str, Unit]
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
    # The press adds bodies that the notice does not give; only a written decision replaces an address.
    for r in news:
        known = r["status"] == "in_use" or (r["status"] == "planned" and r["confidence"] == "high")
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
        key = r["ward_code"], "reception"
        if r["kind"] != "ward_point" or not r["address"] or not r["ward_code"] or key in uses:
            continue
        if r["name"].startswith("Support") or (r["number"] and "main" not in r["name"]):
            continue
        uses[key] = Use(*key, r["address"].split(" (")[0], r["source_url"], r["note"])
    order = {"council_committee": 0, "party": 1, "front": 2, "reception": 3}
    return sorted(uses.values(), key=lambda u: (u.ward_code, order[u.body]))


def _plan_came_true(plan: Row, committee: Use, uses: dict[tuple[str, str], Use]) -> bool:
    """Say whether the notice later gave the site planned for all bodies to the committee."""
    party = uses.get((plan["ward_code"], "party"))
    if party is not None and not same_place(party.address, committee.address):
        return False
    return same_place(plan["address"], committee.address) or "district" in plan["building_origin"]


@dataclass
class Built:
    """What the build made, for the tables and for the report."""

    wards: list[dict[str, object]]
    communes: list[dict[str, object]]
    pairs: list[dict[str, object]]
    sites: dict[str, Site]
    uses: list[Use]
    city_points: list[dict[str, object]]
    banks: list[dict[str, object]]
    moved_by_use: list[tuple[str, str, str]] = field(default_factory=list)
    given: list[tuple[str, str, str]] = field(default_factory=list)
    located: set[str] = field(default_factory=set)


def better_points(built: Built, matcher: Matcher) -> None:
    """Move an old office to the located point of the headquarters that sits in it.

    A point moves it only where nothing speaks against the pair: the same address (or a hamlet it was merged
    from), or no other old office of the unit nearer to the point. Points whose address the facts could not
    check need the second.
    """
    starts = {site_id: (site.lat, site.lon) for site_id, site in built.sites.items()}
    for use in built.uses:
        site, point = built.sites[use.site_id], matcher.point_of(use)
        if point is None or point["quality"] not in EXACT_POINTS or site.site_id in built.located:
            continue
        same = same_place(point["address"], use.address) or any(
            same_place(point["address"], f"Thôn {hamlet}") for hamlet in older_hamlets(use.address, use.note)
        )
        if use.body != "council_committee" and not same:
            continue
        lat, lon = float(point["lat"]), float(point["lon"])
        own = distance_km(lat, lon, *starts[site.site_id])
        others = [
            distance_km(lat, lon, *starts[s.site_id]) for s in matcher.offices(use.ward_code) if s is not site
        ]
        nearest = site.kind == "former_district_hq" or own <= min(others, default=own)
        if nearest or (same and "unchecked" not in point["quality"]):
            site.lat, site.lon, site.point_basis = lat, lon, point_basis(point)
            built.located.add(site.site_id)


def build(database: Path, facts: Path) -> Built:
    """Build the tables.

    Raises
    ------
    ValueError
        If the package and the facts do not name the same units.
    """
    new_units, old_units = read_new_units(database), read_old_units(database)
    wards, communes = build_wards(facts), build_communes(facts, old_units)
    pairs = read_rows(facts / "commune_ward.csv")
    ward_of = {str(w["ward_code"]): {k: str(v) for k, v in w.items()} for w in wards}
    commune_of = {str(c["commune_code"]): {k: str(v) for k, v in c.items()} for c in communes}
    if set(new_units) != set(ward_of) or set(old_units) != set(commune_of):
        raise ValueError("the units of the package and of data/facts differ")

    census = {code: int(row["population_2019"]) for code, row in commune_of.items()}
    official = {code: int(row["population"]) for code, row in ward_of.items()}
    people = fit_population(pairs, seed_shares(pairs, old_units, ward_of), census, official)
    mark_mountain_units(facts, wards, people)
    pair_rows: list[dict[str, object]] = [
        {
            **pair,
            "population": people[pair["commune_code"], pair["ward_code"]],
            "status": "estimated" if pair["pop_rule"] == "some" else "derived",
        }
        for pair in pairs
    ]

    rule = SiteRule.read(facts)
    placed = wards_of_points(pairs, old_units, ward_of)
    sites = build_sites(facts, rule, placed, commune_of, old_units)
    network = build_city_points(facts), build_banks(facts, commune_of)
    built = Built(wards, communes, pair_rows, sites, collect_uses(facts), *network)
    matcher = Matcher(
        sites,
        pairs,
        commune_of,
        ward_of,
        read_rows(facts / "hq_points.csv"),
        read_rows(facts / "hq_news.csv"),
        read_rows(facts / "district_hq.csv"),
        read_rows(facts / "hamlets.csv"),
        read_rows(facts / "reception_points.csv"),
        rule,
    )
    earlier: list[Use] = []
    for use in built.uses:
        matcher.match(use, earlier)
        earlier.append(use)
    built.moved_by_use = matcher.moves
    placed = {site.commune_code: site.ward_code for site in sites.values() if site.commune_code}
    served = {site.ward_code for site in sites.values()}
    built.given = give_empty_wards_a_site(placed, served, pairs, old_units, ward_of)
    for code, _, ward_code in built.given:
        sites[f"HC-{code}"].ward_code = ward_code
        sites[f"HC-{code}"].notes.append("given to a unit that had no premises")
    better_points(built, matcher)
    for use in built.uses:
        sites[use.site_id].address = sites[use.site_id].address or use.address
    apply_overrides(facts, sites)
    return built


def apply_overrides(facts: Path, sites: dict[str, Site]) -> None:
    """Put published figures of single premises in the place of estimates."""
    for row in read_rows(facts / "site_overrides.csv"):
        site = sites[row["site_id"]]
        setattr(site, row["column"], int(row["value"]))
        site.notes.append(f"{row['column']} {row['status']}: {row['note']} ({row['source']})")


def write(built: Built, out: Path, norms: Path) -> None:
    """Write the tables of the region to `out`, the banks to `norms`."""
    today = [
        {
            **{column: getattr(use, column, "") for column in TODAY_COLUMNS},
            "lat": built.sites[use.site_id].lat,
            "lon": built.sites[use.site_id].lon,
        }
        for use in sorted(built.uses, key=lambda use: (use.ward_code, BODY_ORDER.index(use.body)))
    ]
    write_rows(out / "wards.csv", WARD_COLUMNS, built.wards)
    write_rows(out / "communes.csv", COMMUNE_COLUMNS, built.communes)
    write_rows(out / "commune_ward.csv", PAIR_COLUMNS, built.pairs)
    write_rows(out / "sites.csv", SITE_COLUMNS, [site.as_row() for _, site in sorted(built.sites.items())])
    write_rows(out / "today.csv", TODAY_COLUMNS, today)
    write_rows(out / "city_points.csv", CITY_POINT_COLUMNS, built.city_points)
    write_rows(norms / "banks.csv", BANK_COLUMNS, built.banks)


def report(built: Built, facts: Path) -> str:
    """Return what a reader should hold against the facts."""
    sites, uses = built.sites, built.uses
    per_ward = Counter(Counter(site.ward_code for site in sites.values()).values())
    premises = {(use.ward_code, use.site_id) for use in uses}
    named = Counter(Counter(ward_code for ward_code, _ in premises).values())
    seats: dict[str, dict[str, str]] = defaultdict(dict)
    for use in uses:
        seats[use.ward_code][use.body] = use.site_id
    both = [bodies for bodies in seats.values() if "party" in bodies]
    apart = sum(bodies["party"] != bodies["council_committee"] for bodies in both)
    in_district = {use.ward_code for use in uses if sites[use.site_id].kind == "former_district_hq"}
    others = [site for site in sites.values() if site.kind == "other"]
    in_other = {s.ward_code for s in others if "estimate class district_bloc" in s.notes} - in_district
    people: Counter[str] = Counter()
    for pair in built.pairs:
        people[str(pair["commune_code"])] += int(str(pair["population"]))
    census = {str(c["commune_code"]): int(str(c["population_2019"])) for c in built.communes}
    growth = sum(people.values()) / sum(census.values())
    ratios = sorted(people[code] / (census[code] * growth) for code in census)
    stated = Counter(row["party_and_committee"] for row in read_rows(facts / "today.csv"))
    code_seat = [
        site.commune_code == use.ward_code
        for use in uses
        for site in [sites[use.site_id]]
        if use.body == "council_committee" and use.match_status == "matched" and site.commune_code
    ]
    lines = [
        f"premises: {len(sites)}, {dict(Counter(site.kind for site in sites.values()))}",
        f"units by number of premises: {dict(sorted(per_ward.items()))}",
        f"today: {len(uses)} bodies, {dict(Counter(use.body for use in uses))}",
        f"  by status {dict(Counter(use.match_status for use in uses))}",
        f"  by rule {dict(sorted(Counter(use.basis[0] for use in uses).items()))}",
        f"  premises named {len(premises)} (the city: 232), units by number {dict(sorted(named.items()))}",
        f"  Party and committee: apart {apart}, together {len(both) - apart}; the notice: {dict(stated)}",
        "  (of all 119 units known to the facts: 69 apart, 30 together, 20 in one hamlet)",
        f"  in a former district headquarters {len(in_district)} units, in another district building"
        f" {len(in_other)} (the city: about 32)",
        f"  committees matched to an old office {len(code_seat)}, of these in the one with the unit's code"
        f" {sum(code_seat)}",
        f"offices moved to the unit that uses them: {built.moved_by_use}",
        f"offices given to units without premises: {built.given}; located: {len(built.located)}",
        f"city points {len(built.city_points)}, branches placed"
        f" {', '.join(str(point['branch']) for point in built.city_points if point['branch'])};"
        f" old units by bank {dict(Counter(str(row['bank']) for row in built.banks))}",
        f"mountain units: {', '.join(str(w['name']) for w in built.wards if w['mountain'])}",
        f"people of old units / (census x {growth:.4f}): {ratios[0]:.2f} to {ratios[-1]:.2f}",
    ]
    return "\n".join(lines)


def main() -> None:
    """Read the options, build, write and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--units-db", type=Path, help=f"dataset.db of vietnamadminunits {VERSION}, SHA-256 {SHA256}"
    )
    parser.add_argument("--facts", type=Path, default=ROOT / "data" / "facts", help="default: %(default)s")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "geo", help="default: %(default)s")
    parser.add_argument(
        "--norms", type=Path, default=ROOT / "data" / "norms", help="for banks.csv; default: %(default)s"
    )
    args = parser.parse_args()
    try:
        built = build(find_database(args.units_db), args.facts)
    except (FileNotFoundError, ValueError) as error:
        raise SystemExit(str(error)) from error
    write(built, args.out, args.norms)
    print(report(built, args.facts))


if __name__ == "__main__":
    main()
