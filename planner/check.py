"""Everything a run reads, checked at once: scenario, region, norms and how they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.errors import InputError, Problem, ProblemList
from planner.polygons import boundary_file, read_boundaries_into
from planner.region import UNIT_TYPES, Norms, Region, read_norms_into, read_region_into
from planner.scenario import Draft, Scenario, finish, read_draft, scenario_folders, scenario_names
from planner.settings import entry_key
from planner.tables import project_root, shown_path
from planner.wording import problem

DISTRICT_HQ = "former_district_hq"
LEAST_CENTRES = ("rules.centres_min", "rules.centres_min_phuong", "rules.centres_min_xa")
BY_DISTRICT = "rules.centres_min_by_district"
YEAR_MAPS = ("rules.surplus_min", "rules.surplus_m2_min", "budget.by_year_vnd", "network.online_by_year")
OF_STAGES = (
    "rules.points_min",
    "network.required",
    "network.excluded",
    "network.max_minutes",
    "network.share_min",
)
"""Keys that say something of the years after a hand-over only."""
OF_NETWORK = ("network.hand_over_years", "network.online_by_year", *OF_STAGES)
NOT_WITH_NETWORK = ("centres.allowed", "departments.open", "rules.shared")
READ_BY_CHECK = (
    "arrangement", "horizon.start_year", "horizon.years", "reception.online_share", "reception.postal_share",
    "rules.max_sites", "rules.required", "rules.excluded", "rules.shared", *LEAST_CENTRES, BY_DISTRICT, *YEAR_MAPS,
    "budget.yearly_vnd", "budget.from_year", "budget.carry_over", "budget.recycle_income",
    "centres.allowed", "centres.first_start_after_years", "centres.build_years", "centres.build_years_large",
    "departments.open", "network.allowed", *OF_NETWORK,
)  # fmt: skip
"""Keys whose values are checked against each other and the region."""

_SHARED = re.compile(r"(\S+) ([0-9]{5})")


def read_inputs(name_or_path: str | Path, root: Path | None = None) -> tuple[Scenario, Region, Norms]:
    """Read a scenario with its region and norms.

    Raises
    ------
    InputError
        With every problem of all three and of how they fit together, each once.
    """
    problems = ProblemList()
    draft = read_draft(name_or_path, problems, root)
    sound = not problems.problems
    geo, norm = scenario_folders(name_or_path, root)
    norms = read_norms_into(norm, problems) if norm else None
    region = read_region_into(geo, problems, *_files(draft)) if geo else None
    if region and norms:
        problems.problems.extend(check_zones(region, norms))
    if norms and draft:
        problems.problems.extend(check_departments(draft.values, draft.places, norms))
    if region and norms and draft:
        problems.problems.extend(check_banks(draft.values, region, norms))
    if region and draft:
        problems.problems.extend(check_values(draft.values, draft.places, region))
    scenario = finish(draft, problems) if draft and sound else None
    if problems.problems or not scenario or not region or not norms:
        raise InputError(_once(problems.problems))
    return scenario, region, norms


def _files(draft: Draft | None) -> tuple[Path | None, Path | None]:
    """Return the files of parcels and of road metres that a scenario names."""
    names = [draft.values.get(key) if draft else None for key in ("centres.parcels", "network.travel")]
    parcels, travel = (draft.base / name if draft and name else None for name in names)
    return parcels, travel


def check(names: Sequence[str | Path] = (), root: Path | None = None) -> list[Problem]:
    """Check scenarios (all of the project when none is named), their data and their boundaries.

    Returns
    -------
    list of Problem
        Every problem, each once; empty when all is well.
    """
    problems = ProblemList()
    regions: dict[tuple[Path, Path | None, Path | None], Region] = {}
    mapped: set[Path] = set()
    norms: dict[Path, Norms] = {}
    chosen: list[str | Path] = list(names) or list(scenario_names(root or project_root()))
    for name in chosen:
        draft = read_draft(name, problems, root)
        geo, norm = scenario_folders(name, root)
        files = _files(draft)
        region = regions.get((geo, *files)) if geo else None
        if geo and region is None:
            region = regions[geo, *files] = read_region_into(geo, problems, *files)
        if geo and region and geo not in mapped:
            mapped.add(geo)
            if boundary_file(geo) and len(region.wards):
                read_boundaries_into(region, problems)
        if norm and norm not in norms:
            norms[norm] = read_norms_into(norm, problems)
        if region and norm:
            problems.problems.extend(check_zones(region, norms[norm]))
        if draft and norm:
            problems.problems.extend(check_departments(draft.values, draft.places, norms[norm]))
        if draft and region and norm:
            problems.problems.extend(check_banks(draft.values, region, norms[norm]))
        if draft and region:
            problems.problems.extend(check_values(draft.values, draft.places, region))
    return _once(problems.problems)


def _once(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def check_zones(region: Region, norms: Norms) -> list[Problem]:
    """Check that the land price zone of every unit has a price."""
    zones = [int(zone) for zone in norms.land_zones.index]
    if not zones:
        return []
    table = shown_path(norms.folder / "land_zones.csv")
    wards = shown_path(region.folder / "wards.csv")
    rows = region.rows.get("wards", {})
    return [
        problem(
            "E313",
            f"{wards}:{rows.get(code, code)} land_price_zone",
            found=int(zone),
            table=table,
            allowed=zones,
        )
        for code, zone in region.wards["land_price_zone"].items()
        if zone == zone and int(zone) not in zones
    ]


def check_banks(values: Mapping[str, Any], region: Region, norms: Norms) -> list[Problem]:
    """Check that every old commune of the region has a bank, where banks are told and a network is planned.

    Banks may name other old communes too: one table of a city serves a part of it.
    """
    if not values.get("network.allowed") or norms.banks.empty or not region.rows.get("communes", True):
        return []
    missing = [code for code in region.communes.index if code not in norms.banks.index]
    table = shown_path(norms.folder / "banks.csv")
    return [problem("E337", table, count=len(missing), found=missing)] if missing else []


def check_departments(values: Mapping[str, Any], places: Mapping[str, str], norms: Norms) -> list[Problem]:
    """Check that the norms name as many further departments as a unit may have."""
    most = values.get("departments.extra_max")
    if not values.get("departments.open") or most is None or norms.parts.empty:
        return []
    extra = norms.parts["extra"].fillna(0)
    found = []
    for kind in UNIT_TYPES:
        named = extra[
            norms.parts["types"].fillna("").str.split("|").map(lambda types, kind=kind: kind in types)
        ]
        limit = int(named.max()) if len(named) else 0
        if most > limit:
            table = shown_path(norms.folder / "parts.csv")
            where = _place(places, "departments.extra_max")
            found.append(problem("E246", where, kind=kind, found=most, limit=limit, table=table))
    return found


def check_scenario(scenario: Scenario, region: Region) -> list[Problem]:
    """Check a scenario against its region: every site it names, and whether each unit keeps a choice."""
    values = {
        f"{name}.{key}" if isinstance(section, dict) else name: value
        for name, section in scenario.model_dump().items()
        for key, value in (section.items() if isinstance(section, dict) else [(name, section)])
    }
    return check_values(values, scenario.origins, region)


def check_values(values: Mapping[str, Any], places: Mapping[str, str], region: Region) -> list[Problem]:
    """Check what could be read of a scenario against its region; see `check_scenario`.

    Only the keys `READ_BY_CHECK` are looked at; those that are missing were reported. `places` says where a key,
    or an entry of a map, stands.
    """
    required = set(values.get("rules.required", ()))
    excluded = set(values.get("rules.excluded", ()))
    problems = [*_check_names(values, places, region)]
    where_required, where_excluded = _place(places, "rules.required"), _place(places, "rules.excluded")
    problems += [problem("E219", where_required, found=site) for site in sorted(required & excluded)]
    problems += _check_choice(values, required, excluded, (where_required, where_excluded), region)
    problems += _check_shared(values, _place(places, "rules.shared"), region)
    problems += _check_shares(values, places)
    problems += _check_network(values, places)
    problems += _check_points(values, places, region)
    problems += _check_districts(values, places, region)
    start, count = values.get("horizon.start_year"), values.get("horizon.years")
    if start is not None and count is not None:
        years = range(start, start + count)
        problems += _check_years(values, places, years)
        problems += _check_budget(values, places, years)
        problems += _check_least_centres(values, places, years)
    return problems


def _place(places: Mapping[str, str], key: str, entry: object = None) -> str:
    """Return the place of a key or of an entry of its map: ``scenarios/x.yaml:14 budget.by_year_vnd.2027``."""
    name = key if entry is None else entry_key(key, entry)
    return f"{places.get(name) or places.get(key, '')} {name}".strip()


def _check_shares(values: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[Problem]:
    """Check that in no year more files come online and by post than there are."""
    postal = values.get("reception.postal_share", 0.0)
    online = {_place(places, "reception.online_share"): values.get("reception.online_share", 0.0)}
    key = "network.online_by_year"
    online |= {_place(places, key, year): share for year, share in values.get(key, {}).items()}
    for where, share in online.items():
        if share + postal > 1 + 1e-9:
            yield problem("E226", where, found=f"{share + postal:.2%}")


def _check_network(values: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[Problem]:
    """Check that the network stands alone, and that what is asked of it is asked of a year."""
    allowed, years = values.get("network.allowed"), values.get("network.hand_over_years")
    if allowed is None or years is None:
        return
    if allowed:
        other = [key for key in NOT_WITH_NETWORK if values.get(key)]
        # Without a hand-over the arrangement of today has reception points like any other.
        other += ["arrangement: today"] if years and values.get("arrangement") == "today" else []
        if other:
            yield problem("E247", _place(places, "network.allowed"), found=other)
    if not allowed or not years:
        needed = "network.hand_over_years" if allowed else "network.allowed: true"
        for key in OF_STAGES if allowed else OF_NETWORK:
            if values.get(key):
                yield problem("E248", _place(places, key), needed=needed)
    if list(years) != sorted(years):
        yield problem("E249", _place(places, "network.hand_over_years"), found=years, allowed=sorted(years))


def _check_points(values: Mapping[str, Any], places: Mapping[str, str], region: Region) -> Iterator[Problem]:
    """Check that the points that are named exist, that none must be open and closed, and that enough may be open."""
    if not all(region.rows.get(name, True) for name in ("wards", "city_points")):
        return
    city = region.city_points["use"]
    known = [*(f"ward-{code}" for code in region.wards.index), *city.index]
    names = [shown_path(region.folder / "wards.csv")]
    table = shown_path(region.folder / "city_points.csv")
    names += [table] if len(city) else []
    lists = {key: values.get(f"network.{key}", ()) for key in ("required", "excluded")}
    for key, points in lists.items():
        for point in points:
            if point not in known:
                where = _place(places, f"network.{key}")
                yield problem("E250", where, found=point, near=(point, known), table=names)
    gone = set(city.index[city == "excluded"])
    for point in lists["required"]:
        if point in gone:
            yield problem("E251", _place(places, "network.required"), found=point, table=table)
    must = {*lists["required"], *city.index[city == "required"]} - gone
    for point in lists["excluded"]:
        if point in must:
            yield problem("E252", _place(places, "network.excluded"), found=point, table=table)
    least, most = values.get("rules.points_min"), len(set(known) - gone - set(lists["excluded"]))
    if least is not None and least > most:
        yield problem("E253", _place(places, "rules.points_min"), found=least, count=most)


def _check_names(values: Mapping[str, Any], places: Mapping[str, str], region: Region) -> Iterator[Problem]:
    table = shown_path(region.folder / "sites.csv")
    known = list(region.sites.index) if region.rows.get("sites", True) else []
    for key in ("rules.required", "rules.excluded"):
        for site in values.get(key, ()):
            if known and site not in region.sites.index:
                yield problem("E203", _place(places, key), found=site, near=(site, known), table=table)


def _check_choice(
    values: Mapping[str, Any], required: set[str], excluded: set[str], places: tuple[str, str], region: Region
) -> Iterator[Problem]:
    """Check that no unit must use more sites than it may, or has none left."""
    sites = region.sites
    names = {code: f"{code} {name}" for code, name in region.wards["name"].items()}
    gone = (set(sites.index[sites["use"] == "excluded"]) | excluded) - required
    must = (set(sites.index[sites["use"] == "required"]) - excluded) | required
    limit = values.get("rules.max_sites")
    for code, group in sites.groupby("ward_code", sort=True):
        ward = names.get(code, str(code))
        members = list(group.index)
        needed = [site for site in members if site in must]
        if limit is not None and len(needed) > limit:
            yield problem("E220", places[0], ward=ward, count=len(needed), limit=limit, found=needed)
        if excluded and all(site in gone for site in members):
            yield problem("E221", places[1], ward=ward, found=members)


def _check_shared(values: Mapping[str, Any], where: str, region: Region) -> Iterator[Problem]:
    """Check that every pair of ``rules.shared`` is a former district headquarters and a unit that does not own it."""
    sites, wards = region.sites, region.wards
    table, units = (shown_path(region.folder / f"{name}.csv") for name in ("sites", "wards"))
    offices = list(sites.index[sites["kind"] == DISTRICT_HQ])
    required = set(values.get("rules.required", ()))
    gone = set(sites.index[sites["use"] == "excluded"]) | set(values.get("rules.excluded", ()))
    for pair in values.get("rules.shared", ()):
        match = _SHARED.fullmatch(pair)
        if match is None:
            yield problem("E238", where, found=pair, example=f"{offices[0] if offices else 'HD-001'} 00004")
            continue
        site, ward = match.groups()
        if site in sites.index:
            kind, owner = sites.loc[site, ["kind", "ward_code"]]
            if isinstance(kind, str) and kind != DISTRICT_HQ:
                yield problem("E239", where, found=site, kind=kind, allowed=offices)
            if owner == ward:
                yield problem("E240", where, found=site, ward=_ward(region, ward))
            if site in gone - required:
                yield problem("E241", where, found=site, table=table)
        elif region.rows.get("sites", True):
            yield problem("E203", where, found=site, near=(site, offices), table=table)
        if ward not in wards.index and region.rows.get("wards", True):
            yield problem("E301", where, found=ward, near=(ward, list(wards.index)), table=units)


def _ward(region: Region, code: str) -> str:
    return f"{code} {region.wards['name'].get(code, '')}".strip()


def _check_districts(
    values: Mapping[str, Any], places: Mapping[str, str], region: Region
) -> Iterator[Problem]:
    known = sorted({str(name) for name in region.wards["former_district"].dropna() if name})
    table = shown_path(region.folder / "wards.csv")
    for name in values.get(BY_DISTRICT, {}) if region.rows.get("wards", True) else ():
        if name not in known:
            yield problem(
                "E229", _place(places, BY_DISTRICT, name), found=name, near=(name, known), table=table
            )


def _check_years(values: Mapping[str, Any], places: Mapping[str, str], years: range) -> Iterator[Problem]:
    """Check that every year that is named is planned."""
    allowed = f"{years[0]} … {years[-1]}"
    for key in YEAR_MAPS:
        for year in values.get(key, {}):
            if year not in years:
                yield problem("E228", _place(places, key, year), found=year, allowed=allowed)
    for year in values.get("network.hand_over_years", ()):
        where = _place(places, "network.hand_over_years")
        if year not in years:
            yield problem("E228", where, found=year, allowed=allowed)
        elif year == years[0]:
            yield problem("E254", where, found=year)
    first = values.get("budget.from_year")
    if first is not None and first not in years:
        yield problem("E228", _place(places, "budget.from_year"), found=first, allowed=allowed)


def _check_budget(values: Mapping[str, Any], places: Mapping[str, str], years: range) -> Iterator[Problem]:
    """Check that money can be carried over from year to year, and that there is a budget for income to join."""
    if not {"budget.yearly_vnd", "budget.from_year", "budget.by_year_vnd"} <= set(values):
        return
    yearly, first, single = (values[f"budget.{name}"] for name in ("yearly_vnd", "from_year", "by_year_vnd"))
    if values.get("budget.recycle_income") and yearly is None and not single:
        yield problem("E237", _place(places, "budget.recycle_income"))
    begin = years[0] + 1 if first is None else first
    budgeted = [year for year in years if year in single or (yearly is not None and year >= begin)]
    missing = [year for year in years if budgeted and year > budgeted[0] and year not in budgeted]
    if values.get("budget.carry_over") and missing:
        yield problem("E236", _place(places, "budget.carry_over"), first=budgeted[0], found=missing)


def _check_least_centres(
    values: Mapping[str, Any], places: Mapping[str, str], years: range
) -> Iterator[Problem]:
    """Check that centres that are asked for may be built, and can open within the horizon."""
    names = ("allowed", "first_start_after_years", "build_years", "build_years_large")
    if values.get("arrangement") != "free" or not {f"centres.{name}" for name in names} <= set(values):
        return
    allowed, prepare, build, build_large = (values[f"centres.{name}"] for name in names)
    opens = years[0] + prepare + min(build, build_large)
    if allowed and opens in years:
        return
    asked = [(_place(places, key), values.get(key)) for key in LEAST_CENTRES]
    asked += [
        (_place(places, BY_DISTRICT, name), least) for name, least in values.get(BY_DISTRICT, {}).items()
    ]
    for where, least in asked:
        if not least:
            continue
        if not allowed:
            yield problem("E242", where, found=least)
        else:
            needed = opens - years[0] + 1
            yield problem("E243", where, found=least, first=opens, last=years[-1], years=needed)
