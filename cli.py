"""The command line: parse, call planner, print, exit status. Everything heavy is imported when a verb runs."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import planner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.errors import PlannerError, Problem
    from planner.plan import Plan

RESULTS = Path("results")
OBJECTS_BETWEEN_SEARCHES = 10_000
"""A run makes many small objects and hardly a cycle: Python looks for cycles less often than it would (700)."""
BUG, USAGE, BAD_INPUT, RULES_CLASH, NO_PLAN, NOT_PROVEN, INTERRUPTED = 1, 2, 3, 4, 5, 6, 130
LANGUAGES = click.Choice(["vi", "en"])


class Seconds(click.ParamType[float]):
    """A time such as ``90``, ``90s``, ``5m`` or ``1h``."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds."""
        text = str(value).strip().lower()
        unit = {"s": 1.0, "m": 60.0, "h": 3600.0}.get(text[-1:])
        try:
            seconds = float(text[:-1] if unit else text) * (unit or 1.0)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < 1e7:
            self.fail(f"{value!r} is not a time; write 90s, 5m or 1h", param, ctx)
        return seconds


class Share(click.ParamType[float]):
    """A share such as ``0.1%`` or ``0.001``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return a number from 0 to 1."""
        text = str(value).strip()
        try:
            share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            share = -1.0
        if not 0 <= share < 1:
            self.fail(f"{value!r} is not a share; write 0.1% or 0.001", param, ctx)
        return share


class Between(click.ParamType[str]):
    """Two things to trade against each other: ``cost,access``."""

    name = "measures"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the measure beside cost."""
        from planner.errors import did_you_mean
        from planner.frontier import MEASURES

        names = [name.strip().lower() for name in str(value).split(",")]
        choice = f"write cost,MEASURE with one of {', '.join(MEASURES)}"
        if len(names) != 2 or names.count("cost") != 1:
            self.fail(f"{str(value)[:60]!r} is not cost and one measure; {choice}", param, ctx)
        other = names[1] if names[0] == "cost" else names[0]
        if other not in MEASURES:
            near = did_you_mean(other, list(MEASURES))
            self.fail(" ".join(f"no measure {other[:60]!r}. {near} {choice}".split()), param, ctx)
        return other


class Verbs(click.Group):
    """A group that suggests the nearest verb."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or fail naming the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            if near:
                raise click.UsageError(f"No such verb '{args[0]}'. Did you mean {near[0]}?", ctx) from None
            raise


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang."""
    text = "Language of what is printed (default en) and of maps and workbooks (default vi)."
    return click.option("--lang", type=LANGUAGES, help=text)(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")(command)


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=RESULTS,
    show_default=True,
    metavar="DIR",
    help="Where result folders go.",
)
time_limit_option = click.option(
    "--time-limit", type=Seconds(), help="Stop searching for a plan after this time: 90s, 5m."
)
gap_option = click.option(
    "--gap",
    type=Share(),
    help="Stop when this near to the best: 0.1%; 0 asks for a proof.  [default: 0; with joint-agency centres "
    "under city-wide rules 0.01%]",
)
force_option = click.option("--force", is_flag=True, help="Replace a folder that planner did not write.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress.")


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(planner.__version__, message="%(prog)s %(version)s")
def cli() -> None:
    r"""Plan the headquarters of two-tier local government.

    \b
    planner solve hanoi-2025                     plan, map and workbook in results/hanoi-2025/
    planner compare today hanoi-2025             the plan beside the arrangement in force
    planner explain results/hanoi-2025 --ward 00070
    planner new my-plan --from hanoi-2025        a scenario of your own
    """


@cli.command()
@click.argument("name")
@click.option(
    "--from", "parent", default="_base", show_default=True, metavar="S", help="Scenario to start from."
)
@lang_option
def new(name: str, parent: str, lang: str | None) -> None:
    """Write a commented scenario NAME that extends another one."""
    from planner.template import new_scenario

    click.echo(new_scenario(name, parent))


@cli.command()
@click.argument("scenarios", nargs=-1)
@json_option
@lang_option
def check(scenarios: tuple[str, ...], as_json: bool, lang: str | None) -> int:
    """Validate data and SCENARIOS (all by default): every problem at once, exit status 3 if there is one."""
    from planner.check import check as check_all
    from planner.terminal.words import say

    problems = [_in(problem, lang) for problem in check_all(scenarios)]
    if as_json:
        _print_json([{"code": p.code, "where": p.where, "what": p.what, "fix": p.fix} for p in problems])
    elif problems:
        for problem in problems:
            click.echo(str(problem))
        click.echo(say("problems", _terminal(lang), n=len(problems)), err=True)
    else:
        click.echo(say("all_ok", _terminal(lang)))
    return BAD_INPUT if problems else 0


@cli.command()
@click.argument("scenarios", nargs=-1, required=True)
@output_option
@time_limit_option
@gap_option
@click.option(
    "--solver",
    type=click.Choice(["highs", "cbc"]),
    default="highs",
    show_default=True,
    help="Solver of the program.",
)
@click.option("--require-proof", is_flag=True, help="Exit with status 6 when a plan is not proven optimal.")
@force_option
@quiet_option
@json_option
@lang_option
def solve(
    scenarios: tuple[str, ...],
    output: Path,
    time_limit: float | None,
    gap: float | None,
    solver: str,
    require_proof: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Plan each of SCENARIOS: result folder with plan, audit, map and workbook in DIR/SCENARIO/."""
    from planner.prices import price_sentences
    from planner.program import Effort
    from planner.terminal.summary import summary
    from planner.workflow import read_all, solve_and_save

    effort = Effort(solver="cbc" if solver == "cbc" else "highs", time_limit=time_limit, gap=gap)
    status, printed = 0, []
    for inputs in read_all(scenarios, output, force=force):
        folder = output / inputs[0].name
        plan, audit_ok = solve_and_save(
            inputs, folder, effort, lang=_files(lang), force=force, on_progress=_progress(quiet)
        )
        if as_json:
            printed.append(
                {
                    **plan.facts,
                    "folder": str(folder),
                    "audit": audit_ok,
                    "measures": _city(plan),
                    "years": plan.years.to_dict("records"),
                    "rule_prices": price_sentences(plan.facts["limits"], _terminal(lang)),
                }
            )
        else:
            click.echo(summary(plan, folder, audit_ok, _terminal(lang)))
        if not audit_ok:
            status = BUG
        elif require_proof and plan.facts["status"] != "optimal":
            status = status or NOT_PROVEN
    if as_json:
        _print_json(printed)
    return status


@cli.command()
@click.argument("results", nargs=-1, required=True)
@click.option("--baseline", metavar="NAME", help="What differences are counted from (default: today).")
@click.option("--actions", "list_actions", is_flag=True, help="List every action, unit by unit.")
@json_option
@lang_option
def compare(
    results: tuple[str, ...], baseline: str | None, list_actions: bool, as_json: bool, lang: str | None
) -> None:
    """Put scenarios or RESULTS side by side; today's arrangement is always among them."""
    from planner.compare import changes_of, check_baseline
    from planner.compare import compare as compare_plans
    from planner.terminal.actions import change_lists
    from planner.terminal.comparison import comparison

    plans = [_plan(result) for result in results]
    check_baseline(plans, baseline)
    result, changes = compare_plans(plans, baseline), changes_of(plans)
    if as_json:
        _print_json({**result.facts(), **changes.facts()})
        return
    click.echo(comparison(result, plans, changes.actions, _terminal(lang)))
    for text in change_lists(changes, _terminal(lang)) if list_actions else ():
        click.echo("\n" + text)


@cli.command()
@click.argument("scenario")
@click.option(
    "--over",
    "specs",
    multiple=True,
    required=True,
    metavar="KEY=VALUES",
    help="Setting and its values: a..b, a..b/step or v1,v2,v3; may be repeated for a grid.",
)
@click.option(
    "--points",
    type=click.IntRange(2, 10_000),
    metavar="N",
    help="Values of a range without step (default 11; whole numbers: every one of up to 25).",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes at work."
)
@output_option
@time_limit_option
@gap_option
@quiet_option
@json_option
@lang_option
def sweep(
    scenario: str,
    specs: tuple[str, ...],
    points: int | None,
    jobs: int,
    output: Path,
    time_limit: float | None,
    gap: float | None,
    quiet: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Plan SCENARIO once for every value of a setting; a sweep that was interrupted goes on where it stopped."""
    from planner.program import Effort
    from planner.sweep import read_sweep, run_sweep
    from planner.terminal.sweep import sweep_table
    from planner.terminal.words import say

    asked = read_sweep(scenario, specs, points, Effort(time_limit=time_limit, gap=gap))
    folder = output / asked.folder_name
    try:
        finished = run_sweep(asked, folder, jobs, _progress(quiet))
    except KeyboardInterrupt:
        click.echo(say("sweep_interrupted", _terminal(lang), folder=folder), err=True)
        return INTERRUPTED
    if as_json:
        keys = [axis.key for axis in asked.axes]
        facts = {"scenario": asked.scenario.name, "folder": str(folder), "keys": keys}
        _print_json({**facts, "reused": finished.reused, "plans": finished.rows})
    else:
        click.echo(sweep_table(asked, finished, folder, _terminal(lang)))
    if any(row["measures"] for row in finished.rows):
        return 0
    return {"infeasible": RULES_CLASH, "stopped": NO_PLAN}.get(finished.rows[0]["status"], BAD_INPUT)


@cli.command()
@click.argument("scenario")
@click.option(
    "--between",
    "measure",
    type=Between(),
    required=True,
    metavar="cost,MEASURE",
    help="access: people x road metres to reception; separation: road metres between the bodies; "
    "capital: capital of all years; premises: premises in use.",
)
@click.option(
    "--points",
    type=click.IntRange(2, 500),
    default=20,
    show_default=True,
    help="Plans at most, both ends too.",
)
@output_option
@click.option("--save-plans", is_flag=True, help="Write and audit the tables of every plan in points/NN/.")
@time_limit_option
@force_option
@quiet_option
@json_option
@lang_option
def frontier(
    scenario: str,
    measure: str,
    points: int,
    output: Path,
    save_plans: bool,
    time_limit: float | None,
    force: bool,
    quiet: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Find plans of SCENARIO that no other plan beats in both cost and a second measure."""
    from planner.program import Effort
    from planner.terminal.frontier import frontier_table
    from planner.terminal.words import say
    from planner.workflow import frontier_and_save

    found, folder, failed = frontier_and_save(
        scenario,
        measure,
        output,
        points=points,
        effort=Effort(time_limit=time_limit),
        save_plans=save_plans,
        force=force,
        on_progress=_progress(quiet),
    )
    if as_json:
        _print_json({**found.facts(), "folder": str(folder), "audit_failed": failed if save_plans else None})
    else:
        click.echo(frontier_table(found, _terminal(lang)))
        if save_plans:
            key = "points_failed" if failed else "points_audited"
            click.echo(say(key, _terminal(lang), points=", ".join(map(str, failed))))
        click.echo(folder)
    return BUG if failed else 0


@cli.command()
@click.argument("result")
@click.option(
    "--within",
    type=Share(),
    default="1%",
    show_default=True,
    help="How much dearer a plan may be: 1%, 0.005.",
)
@click.option(
    "--count", type=click.IntRange(1, 100), default=5, show_default=True, help="How many plans to look for."
)
@click.option("--units", is_flag=True, help="List the units that differ, with their sites.")
@json_option
@lang_option
def alternatives(
    result: str, within: float, count: int, units: bool, as_json: bool, lang: str | None
) -> None:
    """Find plans that cost nearly what RESULT costs and use other sites in as many units as possible."""
    from dataclasses import asdict

    from planner.alternatives import alternatives as find_others
    from planner.terminal.alternatives import alternatives_table

    plan = _plan(result)
    others = find_others(plan, within, count)
    if as_json:
        facts = {
            "scenario": plan.scenario.name,
            "objective_vnd": plan.facts["objective_vnd"],
            "within": within,
        }
        _print_json({**facts, "alternatives": [asdict(other) for other in others]})
    else:
        click.echo(alternatives_table(plan, others, within, _terminal(lang), units=units))


@cli.command()
@click.argument("result")
@click.option(
    "--ward", "wards", multiple=True, metavar="CODE", help="Code or name of a unit; may be repeated."
)
@json_option
@lang_option
def explain(result: str, wards: tuple[str, ...], as_json: bool, lang: str | None) -> None:
    """Say why a unit of RESULT is arranged as it is, and what the next best costs."""
    from dataclasses import asdict

    from planner.explain import explain_all, find_wards
    from planner.explain.centres import reasons
    from planner.terminal.explanation import explanation

    plan = _plan(result)
    asked = find_wards(plan, wards)
    why = reasons(plan)
    found = explain_all(plan, asked, why=why)
    if as_json:
        _print_json([asdict(each) for each in found])
    else:
        click.echo("\n\n".join(explanation(plan, each, _terminal(lang)) for each in found))


@cli.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--quick", is_flag=True, help="Leave out the search for a cheaper arrangement.")
@json_option
@lang_option
def audit(result: Path, quick: bool, as_json: bool, lang: str | None) -> int:
    """Recompute every rule, dong and measure of RESULT without solver and model; status 3 when something differs."""
    from planner.audit import audit as audit_folder
    from planner.audit import format_report

    report = audit_folder(_folder(str(result)), with_search=not quick)
    click.echo(report.to_json() if as_json else format_report(report, _terminal(lang)))
    return 0 if report.ok else BAD_INPUT


@cli.command("map")
@click.argument("results", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Default: map.html in RESULT; needed for several results.",
)
@lang_option
def map_(results: tuple[str, ...], output: Path | None, lang: str | None) -> None:
    """Draw one self-contained map page of RESULTS to choose from."""
    from planner.maps import write_map
    from planner.results import write_beside

    if output is None and len(results) > 1:
        raise click.UsageError("several results make one page: name its file with -o")
    target = output or _folder(results[0]) / "map.html"
    write_beside(target, lambda path: write_map([_plan(result) for result in results], path, _files(lang)))
    click.echo(target)


@cli.command()
@click.argument("results", nargs=-1, required=True)
@click.option(
    "--format",
    "formats",
    default="xlsx",
    show_default=True,
    metavar="xlsx,html,pdf,docx",
    help="Files to write.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Default: costs.xlsx in every RESULT; costs.html, brief.pdf, costs.docx in the first.",
)
@lang_option
def report(results: tuple[str, ...], formats: str, output: Path | None, lang: str | None) -> None:
    """Write RESULTS for a meeting and for budget staff.

    html is the four-page brief, then the tables of the workbook; pdf the four pages alone, printed by Chromium;
    docx the brief, then the annex of a submission; xlsx the workbook, one for every RESULT. The brief sets RESULTS
    side by side with the arrangement in force; the first one is recommended.
    """
    from planner.brief.report import FORMATS, Result, files_of
    from planner.results import write_beside

    wanted = list(dict.fromkeys(name.strip() for name in formats.split(",")))
    for name in wanted:
        if name not in FORMATS:
            text = f"'{name}' is not a format; choose from {', '.join(FORMATS)}"
            raise click.BadParameter(text, param_hint="--format")
    if output and (len(wanted) > 1 or (wanted == ["xlsx"] and len(results) > 1)):
        raise click.UsageError("-o names one file: give one format, and for xlsx one result")
    found = [Result(_plan(result), _folder(result)) for result in results]
    for file in files_of(found, wanted, _files(lang)):
        target = output or file.path
        write_beside(target, file.write)
        click.echo(target)


# --- location ----------------------------------------------------------------------------------------------------

TABLE = click.Path(path_type=Path)


@cli.command()
@click.argument("scenario", required=False)
@click.option("--demand", type=TABLE, metavar="CSV", help="demand_id,weight,load")
@click.option(
    "--candidates",
    type=TABLE,
    metavar="CSV",
    help="candidate_id,capacity,fixed_cost,use (required, candidate or excluded)",
)
@click.option("--distances", type=TABLE, metavar="CSV", help="demand_id,candidate_id,distance")
@click.option(
    "--model",
    type=click.Choice(["p-median", "capacitated-p-median", "fixed-charge", "p-centre", "lscp", "mclp"]),
    help="What is sought: docs/location.md.",
)
@click.option("--p", "p", type=click.IntRange(min=1), help="How many points are open.")
@click.option(
    "--limit",
    type=click.FloatRange(min=0),
    help="Nobody is served from farther away: minutes for a SCENARIO, distance for tables.",
)
@click.option(
    "--online",
    "online",
    type=Share(),
    multiple=True,
    metavar="SHARE",
    help="For a SCENARIO: share of files handed in online, 60%; may be repeated.  [default: the scenario's]",
)
@click.option("--year", type=int, help="For a SCENARIO: year of its online share.  [default: its last year]")
@click.option(
    "-o",
    "--output",
    type=TABLE,
    metavar="DIR",
    help="Write location.json, open.csv, assignment.csv; for a SCENARIO a folder a share, summary.csv, "
    "reception.json, reception.xlsx.",
)
@time_limit_option
@click.option(
    "--gap",
    type=Share(),
    help="Stop when this near to the best: 0.1%; 0 asks for a proof.  [default: 0; for a SCENARIO 0.1%]",
)
@click.option(
    "--require-proof", is_flag=True, help="Exit with status 6 when the answer is not proven within the gap."
)
@force_option
@json_option
@lang_option
def reception(
    scenario: str | None,
    demand: Path | None,
    candidates: Path | None,
    distances: Path | None,
    model: Any,
    p: int | None,
    limit: float | None,
    online: tuple[float, ...],
    year: int | None,
    output: Path | None,
    time_limit: float | None,
    gap: float | None,
    require_proof: bool,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Choose where to open points: for a SCENARIO, or from three tables of demand, candidates and distances."""
    from planner.location.checks import NEEDS_LIMIT, NEEDS_P
    from planner.location.text import location_text
    from planner.program import Effort
    from planner.reception.answer import DEFAULT_GAP
    from planner.reception.text import reception_text
    from planner.workflow import location_and_save, reception_and_save

    tables = [path for path in (demand, candidates, distances) if path is not None]
    if scenario and tables:
        raise click.UsageError("give a SCENARIO or --demand, --candidates, --distances, not both")
    if not scenario and (len(tables) < 3 or model is None):
        raise click.UsageError("give a SCENARIO, or --demand, --candidates, --distances and --model")
    if not scenario and (online or year is not None):
        raise click.UsageError("--online and --year go with a SCENARIO")
    model = model or "fixed-charge"
    if p is None and model in NEEDS_P:
        raise click.UsageError(f"--model {model} needs --p")
    if limit is None and model in NEEDS_LIMIT:
        raise click.UsageError(f"--model {model} needs --limit")
    effort = Effort(time_limit=time_limit, gap=gap)
    if scenario:
        answers = reception_and_save(
            scenario,
            model,
            online,
            year,
            output,
            p=p,
            limit=limit,
            effort=effort,
            lang=_files(lang),
            force=force,
        )
        statuses = {each.location.status for each in answers}
        if as_json:
            _print_json([each.facts() for each in answers])
        else:
            click.echo(reception_text(answers, _terminal(lang), DEFAULT_GAP if gap is None else gap, p))
    else:
        network, found = location_and_save(
            tables, model, output, p=p, limit=limit, effort=effort, force=force
        )
        statuses = {found.status}
        if as_json:
            _print_json(found.facts())
        else:
            click.echo(location_text(found, network, _terminal(lang)))
    return NOT_PROVEN if require_proof and statuses != {"optimal"} else 0


# --- boundaries --------------------------------------------------------------------------------------------------


@cli.group(cls=Verbs)
def boundaries() -> None:
    """Put official polygons of the units in place of the schematic ones: import, fetch, restore."""


geo_option = click.option(
    "--geo",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Tables of the region.  [default: data/geo of the project]",
)


def _geo(given: Path | None) -> Path:
    from planner.tables import project_root

    return given or project_root() / "data" / "geo"


@boundaries.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@geo_option
@click.option("--layer", metavar="NAME", help="Layer of the file, where several have polygons.")
@click.option("--code-field", metavar="F", help="Field of five-digit codes; names are then not compared.")
@click.option("--name-field", metavar="F", help="Field of names.")
@click.option("--crs", metavar="EPSG:N", help="Coordinate system, where the file names none.")
@click.option("--basis", default="", metavar="TEXT", help="Where the polygons come from, as maps will say.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 500),
    default=25.0,
    show_default=True,
    metavar="METRES",
    help="Simplify borders so far, those of two units alike; 0 keeps every corner.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Layer to write, .gpkg or .geojson.  [default: wards.gpkg in --geo]",
)
@click.option(
    "--all-areas", is_flag=True, help="List the area of every unit, not only the largest differences."
)
@click.option("--dry-run", is_flag=True, help="Report, write nothing.")
@click.option("--force", is_flag=True, help="Replace a layer that planner did not write.")
@json_option
@lang_option
def import_(
    source: Path,
    geo: Path | None,
    layer: str | None,
    code_field: str | None,
    name_field: str | None,
    crs: str | None,
    basis: str,
    tolerance: float,
    output: Path | None,
    all_areas: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read polygons from SOURCE, a map file or a folder of them, and make them the boundaries of the region."""
    from planner.boundaries.importing import import_boundaries
    from planner.boundaries.text import import_text

    done = import_boundaries(
        source,
        _geo(geo),
        layer=layer,
        code_field=code_field,
        name_field=name_field,
        crs=crs,
        basis=basis,
        output=output,
        tolerance_m=tolerance,
        dry_run=dry_run,
        force=force,
    )
    if as_json:
        _print_json(done.facts())
    else:
        click.echo(import_text(done, _terminal(lang), every=all_areas))


@boundaries.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where files go.  [default: downloads/MANIFEST]",
)
@click.option("--base-url", metavar="URL", help="Stands before each path where the manifest has no url.")
@click.option(
    "--retries", type=click.IntRange(0, 20), default=3, show_default=True, help="Further tries of each file."
)
@click.option(
    "--timeout",
    type=Seconds(),
    default="20s",
    show_default=True,
    help="Longest silence of a server: 20s, 1m.",
)
@click.option(
    "--accept-licence", is_flag=True, help="You have read the terms of the source and may use the files."
)
@click.option("--force", is_flag=True, help="Write into a folder that planner did not write.")
@quiet_option
@json_option
@lang_option
def fetch(
    manifest: Path,
    output: Path | None,
    base_url: str | None,
    retries: int,
    timeout: float,
    accept_licence: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
    lang: str | None,
) -> int:
    """Fetch the files that MANIFEST lists, each verified by size and SHA-256; the only verb that uses a network."""
    from planner.boundaries.fetch import fetch as fetch_files
    from planner.boundaries.text import fetch_text, say

    try:
        done = fetch_files(
            manifest,
            output or Path("downloads") / manifest.stem,
            base_url=base_url,
            retries=retries,
            timeout=timeout,
            accept_licence=accept_licence,
            force=force,
            on_progress=_progress(quiet),
        )
    except KeyboardInterrupt:
        click.echo(say("again", _terminal(lang)), err=True)
        return INTERRUPTED
    if as_json:
        _print_json(done.facts())
    else:
        click.echo(fetch_text(done, _terminal(lang)))
    for problem in done.failed.values():
        click.echo(str(_in(problem, lang)), err=True)
    return BAD_INPUT if done.failed else 0


@boundaries.command()
@geo_option
@lang_option
def restore(geo: Path | None, lang: str | None) -> None:
    """Go back to the schematic boundaries; the imported ones are kept as wards.imported.gpkg."""
    from planner.boundaries.layer import restore as restore_schematic
    from planner.boundaries.text import moved_text

    click.echo(moved_text(restore_schematic(_geo(geo)), _terminal(lang)))


# --- shared ------------------------------------------------------------------------------------------------------


def _terminal(lang: str | None) -> Any:
    return lang or "en"


def _files(lang: str | None) -> Any:
    return lang or "vi"


def _in(problem: Problem, lang: str | None) -> Problem:
    from planner.wording import in_language

    return in_language(problem, _terminal(lang))


def _folder(result: str) -> Path:
    """Return a result folder by its path or by the name of its scenario."""
    path = Path(result)
    return path if path.exists() or os.sep in result or "/" in result else RESULTS / result


def _plan(result: str) -> Plan:
    from planner.workflow import load_or_make

    return load_or_make(_folder(result), result, _progress(quiet=False))


def _city(plan: Plan) -> dict[str, float]:
    rows = plan.measures[plan.measures["ward_code"] == ""]
    return dict(zip(rows["measure"], rows["value"], strict=True))


def _progress(quiet: bool) -> Callable[[str], None]:
    def show(text: str) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(text, err=True)

    return show


def _print_json(value: object) -> None:
    def plain(other: Any) -> Any:
        return other.item() if hasattr(other, "item") else str(other)

    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=plain))


def _report_problems(error: PlannerError, arguments: Sequence[str]) -> None:
    lang = "vi" if "vi" in [a.split("=")[-1] for a in arguments if a in ("vi", "--lang=vi")] else None
    for problem in error.problems:
        click.echo(str(_in(problem, lang)), err=True)


def _report_bug(error: BaseException) -> None:
    """Keep the traceback in a file: no user should have to read one."""
    handle, path = tempfile.mkstemp(prefix="planner-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        traceback.print_exception(error, file=file)
    text = f"E999 planner: a fault of the program ({type(error).__name__}). Please report it with the file {path}."
    click.echo(text, err=True)


def _tolerate_consoles() -> None:
    """Never fail on a console that cannot show Vietnamese (Windows code pages): it gets question marks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status (docs/cli.md)."""
    from planner.errors import PlannerError

    _tolerate_consoles()
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    args = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = cli.main(args, prog_name="planner", standalone_mode=False)
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written.", err=True)
        status = INTERRUPTED
    except PlannerError as error:
        _report_problems(error, args)
        status = error.exit_status
    except BrokenPipeError:
        # The reader of a pipe left (planner ... | head): not our fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        _report_bug(error)
        status = BUG
    return int(status or 0)


if __name__ == "__main__":
    sys.exit(main())
