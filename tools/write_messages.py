"""Write docs/messages.md from the catalogue of messages: python tools/write_messages.py."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from planner.messages import MESSAGES  # noqa: E402

INTRODUCTION = """# Messages

Every problem has a stable code. A message says, in the reader's language (`--lang vi`, `--lang en`): code,
where, what is wrong with the value found, what is allowed and what to do. `check --json` gives the same as
`code`, `where`, `what`, `fix`.

    E203 scenarios/merged.yaml:14 rules.required: no site "HC-10". Did you mean HC-01? Sites are in data/geo/sites.csv.

*Where* is a file with its row (the header is row 1, as Excel counts) and column; of a scenario file and line
and key; of a boundary layer file and unit. All problems of a run come in one list, each once. One kind of
problem in one column is listed 100 times, then counted (E199). Values are cut after 60 characters and control
characters are shown as `\\u{001b}`. Where a row or column was dropped, other tables are not held against it,
so that one fault does not bring a hundred messages; a second run may therefore tell more.

The exit status is 3 for E1 to E5 and E8, 4 for E6 (rules clash), 5 for E7 (no plan found), 1 for E999; E9 says it
below. Texts are in `planner/messages.py`; this page is written by `python tools/write_messages.py`. In the tables
`{found}` and the like stand for values; `{near}` is "Did you mean X?" where a name is near.
"""

TITLES = {
    "E1": (
        "E1: files and tables",
        "Form and cells of one file; docs/data-format.md says what each column may hold.",
    ),
    "E2": ("E2: scenarios", "The YAML file, its parents, its keys and values, and the sites it names."),
    "E3": ("E3: tables against each other", "Codes, people, places and norms that do not fit together."),
    "E4": (
        "E4: boundaries",
        "`wards.gpkg` or `wards.geojson`, read by `check` and by maps, never by solving. From E412 on: what "
        "`boundaries import` and `boundaries fetch` find.",
    ),
    "E9": (
        "E9: location tables",
        "What `planner reception` finds in its tables and options: E901 to E908 are bad input (exit status 3), E909 to "
        "E911 have no solution (4), E912 ran out of time (5), E913 has no solution (4). "
        "docs/location.md describes the tables.",
    ),
}

OTHERS = """
## E5: the audit

What `planner audit` finds in a result folder: [audit.md](audit.md#findings).

## E6: rules clash

| code | what | what to do |
|---|---|---|
| E601 | no site, or no set of `rules.max_sites` sites, is allowed in a unit | exclude or require fewer sites |
| E602 | no arrangement of a unit keeps the rules; m² and seats missing are told | the smallest change is told |
| E603 | no plan of the city keeps a limit such as `rules.premises_max` | the smallest value that works is told |
| E604 | no plan of the city keeps the limits together | relax them one by one |
| E605 | a plan of a unit could cost more than can be counted exactly | lower the prices: they are in dong |
{E6}

## E7: no plan found

| code | what | what to do |
|---|---|---|
| E701 | the solver stopped before it had a plan | allow more `--time-limit` |
| E702 | CBC is asked for and not installed | install the extra, or use HiGHS |
| E703 | the solver's answer breaks a limit | report it with the scenario |
| E704 | a process of a sweep was ended from outside | run the same command again: finished points are kept |

## E8: results and files that are written

| code | what | what to do |
|---|---|---|
| E801 | not a result folder, nor a scenario | give a folder that `planner solve` wrote |
| E802 | `plan.json` cannot be used (another schema, broken, settings missing) | solve the scenario again |
| E803 | a table of the result cannot be read | solve the scenario again |
| E804 | an input has changed since the result was made | solve the scenario again |
| E805 | the result folder is a file, or holds files that planner did not write | give another with `-o`, or `--force` |
| E806 | the place cannot be written to | close open files, or give another place with `-o` |
| E807 | two scenarios of one name in one run | rename one |
| E808 | the baseline is not among the plans compared | choose one of those named |
| E809 | no such unit | the nearest name is told |
| E810 | several units have the name | give the code |
| E811 | results of one map page or brief have other units, sites or parts | solve both again, or draw two pages |
{E8}

## E999

| code | what | what to do |
|---|---|---|
| E999 | a fault of the program | report it with the file that is named |
"""


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    for prefix, (title, about) in TITLES.items():
        rows = [
            f"| {code} | {_cell(message.what)} | {_cell(message.fix)} | {_cell(message.what_vi)} |"
            for code, message in sorted(MESSAGES.items())
            if code.startswith(prefix)
        ]
        head = "| code | what | what is allowed, what to do | tiếng Việt |\n|---|---|---|---|"
        parts.append(f"## {title}\n\n{about}\n\n{head}\n" + "\n".join(rows) + "\n")
    others = OTHERS
    for prefix in ("E6", "E8"):
        told = [
            f"| {code} | {_cell(message.what)} | {_cell(message.fix)} |"
            for code, message in sorted(MESSAGES.items())
            if code.startswith(prefix)
        ]
        others = others.replace(f"{{{prefix}}}", "\n".join(told))
    return "\n".join(parts) + others


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs" / "messages.md").write_text(page(), encoding="utf-8", newline="\n")
