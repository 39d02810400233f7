"""Golden LP per rule: a changed coefficient, row or sign shows as a readable difference."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from planner import model, program, solve
from planner.model.assemble import build_instance
from tests.oracle import direct, facts, netdirect, netfacts
from tests.rules.tiny import further_departments, tiny_case, with_network

pytestmark = pytest.mark.solver

HERE = Path(__file__).parent
TABLE: list[dict[str, Any]] = YAML(typ="safe").load((HERE / "rules.yaml").read_text(encoding="utf-8"))

NETWORK = (*netdirect.RULES, *netdirect.ITEMS, *netdirect.LAST)


def _program(rule: dict[str, Any]) -> Any:
    case = tiny_case(**rule.get("settings", {}))
    case = further_departments(case) if rule.get("further_departments") else case
    for table in ("sites", "wards"):
        case = case.with_tables(**{table: getattr(case.region, table).assign(**rule.get(table, {}))})
    if rule["name"] == "master":
        instance = build_instance(case.region, case.norms, case.scenario)
        columns = model.enumerate_plans(instance)
        return program.build_program(columns, instance.wards, solve.city_limits(case.scenario))[0]
    module, _, name = rule["name"].rpartition(".")
    if module == "netdirect":
        network = netdirect.Network(netfacts.net_facts(with_network(case)))
        for function in (*rule.get("with", []), name):
            getattr(netdirect, function)(network)
        network.base.program += netdirect.objective(network), "cost"
        return network.base.program
    built = direct.Direct(facts.city_facts(case))
    for name in (*rule.get("with", []), rule["name"]):
        getattr(direct, name)(built)
    built.program += built.objective(), "cost"
    return built.program


def lp_text(program: Any, folder: Path, description: str) -> str:
    """Return the LP file of a program, the same whichever PuLP wrote it: rows, terms and variables by name."""
    path = folder / "program.lp"
    program.writeLP(str(path))
    section, sections = "", {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("\\") or not line.strip():
            continue
        if line.strip().lower() in HEADINGS:
            section = line.strip()
            sections[section] = []
        elif section in ("Minimize", "Subject To") and ":" not in line:
            sections[section][-1] += " " + line.strip()  # a long row goes on in the next line
        elif section:
            sections[section].append(line.strip())
    lines = [f"\\* {description} *\\"]
    for heading, body in sections.items():
        lines.append(heading)
        lines += sorted(_sorted_terms(line) if ":" in line else line for line in body)
    return "\n".join(lines) + "\n"


HEADINGS = ("minimize", "subject to", "bounds", "binaries", "generals", "end")
TERM = re.compile(r"([+-]?)\s*(\d[\d.e+-]*)?\s*([A-Za-z_]\w*)")


def _sorted_terms(line: str) -> str:
    name, _, row = line.partition(":")
    left, sign, right = re.match(r"(.*?)\s*(<=|>=|=|$)\s*(.*)$", row.strip()).groups()  # type: ignore[union-attr]
    terms = sorted(
        (variable, f"{plus or '+'} {number or 1} {variable}") for plus, number, variable in TERM.findall(left)
    )
    return " ".join([f"{name}:", *(term for _, term in terms), *([sign, right] if sign else [])])


@pytest.mark.parametrize("rule", TABLE, ids=[rule["file"].removesuffix(".lp") for rule in TABLE])
def test_golden(rule: dict[str, Any], update_golden: bool, tmp_path: Path) -> None:
    text = lp_text(_program(rule), tmp_path, rule["description"])
    path = HERE / rule["file"]
    if update_golden:
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text


def test_every_rule_and_item_has_a_golden_file() -> None:
    named = {rule["name"] for rule in TABLE}
    written = {function.__name__ for function in (*direct.RULES, *direct.ITEMS, *direct.LAST)}
    written |= {f"netdirect.{function.__name__}" for function in NETWORK}
    assert named == written | {"master"}


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in HERE.glob("*.lp")} == {rule["file"] for rule in TABLE}


def test_every_rule_is_told_in_plain_words() -> None:
    for function in (*direct.RULES, *direct.ITEMS, *direct.LAST, *NETWORK):
        assert function.__doc__
        assert len(function.__doc__.split()) > 3
