"""Refresh the help texts inside docs/cli.md: ``python tools/build_cli_docs.py`` (a test fails when they are stale)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cli import cli  # noqa: E402

PAGE = ROOT / "docs" / "cli.md"
BLOCK = re.compile(r"(<!-- help (\S+) -->\n)(?:```text\n.*?```\n)?", re.DOTALL)


def help_text(verb: str) -> str:
    """Return what ``planner VERB --help`` prints at 100 columns; ``group/verb`` names a verb of a group."""
    settings = {**cli.context_settings, "terminal_width": 100, "max_content_width": 100}
    parent = click.Context(cli, info_name="planner", **settings)
    if verb == "planner":
        return cli.get_help(parent)
    command: click.Command = cli
    for name in verb.split("/"):
        assert isinstance(command, click.Group)  # noqa: S101 - a page that names no such verb is a mistake of ours
        command = command.commands[name]
        parent = click.Context(command, info_name=name, parent=parent, **settings)
    return command.get_help(parent)


def refreshed(page: str) -> str:
    """Return the page with every help block as it is now."""
    return BLOCK.sub(lambda found: f"{found[1]}```text\n{help_text(found[2])}\n```\n", page)


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
