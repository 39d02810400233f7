"""Problems in the words of the user: code, place, what is wrong, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the input, or one rule that cannot be kept.

    Attributes
    ----------
    code : str
        Stable code such as ``E203``; the list is in ``docs/messages.md``.
    where : str
        File, line or row and column, key: ``scenarios/x.yaml:14 rules.required``.
    what : str
        What is wrong, naming the value found.
    fix : str
        What is allowed and what to do.
    values : tuple of (str, object)
        What the texts were built from, so that `wording.in_language` can build them in another language.
    """

    code: str
    where: str
    what: str
    fix: str = ""
    values: tuple[tuple[str, object], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        place = f"{self.where}:" if self.where else ""
        stop = "" if not self.fix or self.what.endswith((".", "!", "?")) else "."
        return " ".join(part for part in (self.code, place, self.what + stop, self.fix) if part)


class PlannerError(Exception):
    """Base of every error this program raises on purpose; carries the exit status."""

    exit_status = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(PlannerError):
    """Data, scenario or result folder cannot be used as they are (exit status 3)."""

    exit_status = 3


class Infeasible(PlannerError):
    """No plan keeps every rule (exit status 4)."""

    exit_status = 4


class NoPlanFound(PlannerError):
    """The solver stopped before it had a plan (exit status 5)."""

    exit_status = 5


@dataclass
class ProblemList:
    """Collects every problem of a run so that they are reported at once."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, where: str, what: str, fix: str = "") -> None:
        """Note one more problem."""
        self.problems.append(Problem(code, where, what, fix))

    def raise_if_any(self) -> None:
        """Raise `InputError` with all problems, in the order they were met."""
        if self.problems:
            raise InputError(self.problems)


def did_you_mean(value: str, allowed: Sequence[str]) -> str:
    """Return ``Did you mean X?`` with the nearest allowed name, or an empty text."""
    near = get_close_matches(value, list(allowed), n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""
