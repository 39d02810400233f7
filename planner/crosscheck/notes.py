"""Faults of tables, each with the row it stands in, and not too many of a kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from planner.errors import ProblemList
from planner.tables import MAX_SAME_PROBLEM, Table
from planner.wording import problem


class Notes:
    """Adds problems of one table, the same kind at most `MAX_SAME_PROBLEM` times."""

    def __init__(self, problems: ProblemList) -> None:
        self.problems = problems
        self.counts: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, code: str, table: Table, position: int | None, column: str, /, **values: object) -> None:
        """Note a fault in a cell, or in the whole table where `position` is None."""
        self.counts[code, table.shown] += 1
        if self.counts[code, table.shown] <= MAX_SAME_PROBLEM:
            where = table.shown if position is None else table.place(position, column)
            self.problems.problems.append(problem(code, where, **values))

    def close(self) -> None:
        """Say of every kind how many more there are."""
        for (code, shown), count in self.counts.items():
            if count > MAX_SAME_PROBLEM:
                more = count - MAX_SAME_PROBLEM
                self.problems.problems.append(problem("E199", shown, same=code, count=more))


def filled(values: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """Yield the cells of a column that hold text, each with its position."""
    for position, value in enumerate(values):
        if isinstance(value, str) and value:
            yield position, value
