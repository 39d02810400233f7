"""Everything a run reads, checked at once: scenario, region, norms and how they fit together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.errors import InputError, Problem, ProblemList
from planner.polygons import boundary_file, read_boundaries_into
from planner.region import Norms, Region, read_norms_into, read_region_into
from planner.scenario import Scenario, read_scenario_into, scenario_folders, scenario_names
from planner.tables import project_root, shown_path
from planner.wording import problem


def read_inputs(name_or_path: str | Path, root: Path | None = None) -> tuple[Scenario, Region, Norms]:
    """Read a scenario with its region and norms.

    Raises
    ------
    InputError
        With every problem of all three and of how they fit together, each once.
    """
    problems = ProblemList()
    scenario = read_scenario_into(name_or_path, problems, root)
    geo, norm = scenario_folders(name_or_path, root)
    norms = read_norms_into(norm, problems) if norm else None
    region = read_region_into(geo, problems) if geo else None
    if region and norms:
        problems.problems.extend(check_zones(region, norms))
    if region and scenario:
        problems.problems.extend(check_scenario(scenario, region))
    if problems.problems or not scenario or not region or not norms:
        raise InputError(_once(problems.problems))
    return scenario, region, norms


def check(names: Sequence[str | Path] = (), root: Path | None = None) -> list[Problem]:
    """Check scenarios (all of the project when none is named), their data and their boundaries.

    Returns
    -------
    list of Problem
        Every problem, each once; empty when all is well.
    """
    problems = ProblemList()
    regions: dict[Path, Region] = {}
    norms: dict[Path, Norms] = {}
    chosen: list[str | Path] = list(names) or list(scenario_names(root or project_root()))
    for name in chosen:
        scenario = read_scenario_into(name, problems, root)
        geo, norm = scenario_folders(name, root)
        if geo and geo not in regions:
            regions[geo] = read_region_into(geo, problems)
            if boundary_file(geo) and len(regions[geo].wards):
                read_boundaries_into(regions[geo], problems)
        if norm and norm not in norms:
            norms[norm] = read_norms_into(norm, problems)
        if geo and norm:
            problems.problems.extend(check_zones(regions[geo], norms[norm]))
        if scenario and geo:
            problems.problems.extend(check_scenario(scenario, regions[geo]))
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


def check_scenario(scenario: Scenario, region: Region) -> list[Problem]:
    """Check a scenario against its region: every site it names, and whether each unit keeps a choice."""
    problems: list[Problem] = []
    rules = scenario.rules
    sites = region.sites
    table = shown_path(region.folder / "sites.csv")
    names = {code: f"{code} {name}" for code, name in region.wards["name"].items()}
    places = {
        key: f"{scenario.origins.get(key, scenario.name)} {key}"
        for key in ("rules.required", "rules.excluded")
    }
    known = list(sites.index)
    for key, listed in (("rules.required", rules.required), ("rules.excluded", rules.excluded)):
        problems.extend(
            problem("E203", places[key], found=site, near=(site, known), table=table)
            for site in listed
            if site not in sites.index
        )
    both = sorted(set(rules.required) & set(rules.excluded))
    problems.extend(problem("E219", places["rules.required"], found=site) for site in both)
    excluded = (set(sites.index[sites["use"] == "excluded"]) | set(rules.excluded)) - set(rules.required)
    required = (set(sites.index[sites["use"] == "required"]) - set(rules.excluded)) | set(rules.required)
    for code, group in sites.groupby("ward_code", sort=True):
        ward = names.get(code, str(code))
        members = list(group.index)
        must = [site for site in members if site in required]
        if len(must) > rules.max_sites:
            problems.append(
                problem(
                    "E220",
                    places["rules.required"],
                    ward=ward,
                    count=len(must),
                    limit=rules.max_sites,
                    found=must,
                )
            )
        if rules.excluded and all(site in excluded for site in members):
            problems.append(problem("E221", places["rules.excluded"], ward=ward, found=members))
    online, postal = scenario.reception.online_share, scenario.reception.postal_share
    if online + postal > 1 + 1e-9:
        origin = scenario.origins.get("reception.online_share", scenario.name)
        problems.append(problem("E226", f"{origin} reception.online_share", found=f"{online + postal:.2%}"))
    return problems
