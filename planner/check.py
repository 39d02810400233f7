"""Everything a run reads, checked at once: scenario, region, norms and how they fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.errors import InputError, Problem, ProblemList
from planner.polygons import boundary_file, read_boundaries_into
from planner.region import Norms, Region, read_norms_into, read_region_into
from planner.scenario import Draft, Scenario, finish, read_draft, scenario_folders, scenario_names
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
    draft = read_draft(name_or_path, problems, root)
    sound = not problems.problems
    geo, norm = scenario_folders(name_or_path, root)
    norms = read_norms_into(norm, problems) if norm else None
    region = read_region_into(geo, problems, _parcels(draft)) if geo else None
    if region and norms:
        problems.problems.extend(check_zones(region, norms))
    if region and draft:
        problems.problems.extend(check_values(draft.values, draft.origins, region))
    scenario = finish(draft, problems) if draft and sound else None
    if problems.problems or not scenario or not region or not norms:
        raise InputError(_once(problems.problems))
    return scenario, region, norms


def _parcels(draft: Draft | None) -> Path | None:
    named = draft.values.get("centres.parcels") if draft else None
    return draft.base / named if draft and named else None


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
        draft = read_draft(name, problems, root)
        geo, norm = scenario_folders(name, root)
        if geo and geo not in regions:
            regions[geo] = read_region_into(geo, problems)
            if boundary_file(geo) and len(regions[geo].wards):
                read_boundaries_into(regions[geo], problems)
        if norm and norm not in norms:
            norms[norm] = read_norms_into(norm, problems)
        if geo and norm:
            problems.problems.extend(check_zones(regions[geo], norms[norm]))
        if draft and geo:
            problems.problems.extend(check_values(draft.values, draft.origins, regions[geo]))
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
    sections = scenario.model_dump(include={"rules", "reception"})
    values = {f"{name}.{key}": value for name, keys in sections.items() for key, value in keys.items()}
    return check_values(values, scenario.origins, region)


def check_values(values: Mapping[str, Any], origins: Mapping[str, str], region: Region) -> list[Problem]:
    """Check what could be read of a scenario against its region; see `check_scenario`."""
    required = set(values.get("rules.required", ()))
    excluded = set(values.get("rules.excluded", ()))
    problems = [*_check_names(values, origins, region)]
    where_required = f"{origins.get('rules.required', '')} rules.required".strip()
    where_excluded = f"{origins.get('rules.excluded', '')} rules.excluded".strip()
    problems += [problem("E219", where_required, found=site) for site in sorted(required & excluded)]
    problems += _check_choice(values, required, excluded, (where_required, where_excluded), region)
    online, postal = (values.get(f"reception.{name}_share", 0.0) for name in ("online", "postal"))
    if online + postal > 1 + 1e-9:
        origin = origins.get("reception.online_share", "")
        problems.append(
            problem("E226", f"{origin} reception.online_share".strip(), found=f"{online + postal:.2%}")
        )
    return problems


def _check_names(values: Mapping[str, Any], origins: Mapping[str, str], region: Region) -> Iterator[Problem]:
    table = shown_path(region.folder / "sites.csv")
    known = list(region.sites.index) if region.rows.get("sites", True) else []
    for key in ("rules.required", "rules.excluded"):
        for site in values.get(key, ()):
            if known and site not in region.sites.index:
                where = f"{origins.get(key, '')} {key}".strip()
                yield problem("E203", where, found=site, near=(site, known), table=table)


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
