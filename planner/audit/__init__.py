"""An independent check of a result folder: every rule, dong and measure, recomputed in plain Python.

Nothing here is shared with the code that makes plans (``docs/audit.md`` says what is compared and how):

- `read` reads the result and its input files;
- `needs` computes people, floor, counters, seats and road metres;
- `price` holds rules and costs of one ward's arrangement, `measures` what is told of it;
- `centres`, `routes` and `pairs` hold what changes over the years: centres, released and shared premises;
- `yearly` holds the measures that follow the year, `check_yearly` compares them;
- `course` is a ward's plan over all years, `city` the rules that tie the wards together;
- `network` and `roads` hold the reception network, `handed` what a plan does with it;
- `search` finds the cheapest arrangement by branch and bound;
- `fronts`, `bound` and `sharing_bound` recompute the bound that the saved prices prove;
- `layouts` and `network_bound` do so where there is a reception network, `network_measures` tells of it;
- `settings` and `tables` are what `read` reads with;
- `audited` holds what is audited and what was found; `check` compares, file by file, with `check_inputs`,
  `check_wards`, `check_city`, `check_network` and `check_search`; `findings` tells what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.audit.check import Check
from planner.audit.check_inputs import compare_settings
from planner.audit.findings import SENTENCES, AuditReport, Exempt, Finding, format_finding, format_report
from planner.audit.read import read_inputs, read_result

__all__ = ["SENTENCES", "AuditReport", "Exempt", "Finding", "audit", "format_finding", "format_report"]


def audit(folder: Path | str, *, root: Path | str | None = None, with_search: bool = True) -> AuditReport:
    """Check a result folder, and the arrangement in force that may lie in its ``today/``.

    Parameters
    ----------
    folder
        Written by ``planner solve``: ``plan.json`` and five tables.
    root
        Folder that the paths of the input files count from; the project is tried after it.
    with_search
        Also search every ward for a cheaper arrangement.

    Raises
    ------
    InputError
        If the folder or an input file is missing or cannot be read (E501 to E504).
    """
    folder = Path(folder)
    bases = [*([] if root is None else [Path(root)]), *_bases(folder)]
    plan = read_result(folder)
    results = {"plan": plan}
    if (folder / "today").is_dir():
        results["today"] = read_result(folder / "today")
    inputs = read_inputs(plan.settings, bases)
    checks = {}
    for name, result in results.items():
        same = all(result.settings.word(key) == plan.settings.word(key) for key in ("geo", "norms"))
        theirs = inputs if same else read_inputs(result.settings, bases)
        checks[name] = Check(result, theirs, bases, name)
    for check in checks.values():
        check.run(with_search=with_search)
    if "today" in results:
        for key, found, expected in compare_settings(plan, results["today"]):
            checks["today"].note("E580", "plan.json", None, "", f"settings.{key}", found, expected)
    return AuditReport(
        findings=tuple(finding for check in checks.values() for finding in check.findings),
        exceptions=tuple(exempt for check in checks.values() for exempt in check.exceptions),
        facts={name: check.facts() for name, check in checks.items()},
    )


def _bases(folder: Path) -> Sequence[Path]:
    """Return where input files may lie: the project around the result or around here, here, this program."""
    starts = [folder.absolute(), Path.cwd()]
    projects = [p for start in starts for p in (start, *start.parents) if (p / "scenarios").is_dir()]
    return [*projects, Path.cwd(), Path(__file__).absolute().parents[2]]
