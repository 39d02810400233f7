"""One result folder under audit: what was read of it, what follows from that, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from planner.audit import centres, city, pairs, price, search
from planner.audit.course import Course
from planner.audit.findings import Exempt, Finding
from planner.audit.handed import Handed
from planner.audit.needs import half_up
from planner.audit.network import network_of
from planner.audit.pairs import Pair
from planner.audit.price import MILLION
from planner.audit.read import Inputs, Result


class Audited:
    """One result folder under audit.

    Attributes
    ----------
    name : str
        ``plan`` or ``today``: the plan itself, or the arrangement in force inside its folder.
    by_extra : dict of str to dict
        By ward and number of further departments, what its rules and prices depend on.
    cases : dict of str to Case
        By ward, the one with the departments that the plan lists.
    courses : dict of str to Course
        By ward, its plan over all years, where every part has a site that may be used.
    rows : dict of str to dict
        By placed ward, the dong of every year and cost item as they should be.
    shared : list of Pair
        The pairs of wards that share premises.
    handed : Handed or None
        What the plan does with the reception network, where there is one.
    unsure : set of str
        The wards whose people's ways to the points cannot be told.
    """

    def __init__(self, result: Result, inputs: Inputs, bases: Sequence[Path], name: str) -> None:
        self.result, self.inputs, self.bases, self.name = result, inputs, bases, name
        self.settings = result.settings
        self.by_extra = {
            code: {extra: price.with_extra(case, inputs, extra) for extra in self.extras}
            for code, case in price.build_cases(inputs, self.settings).items()
        }
        self.cases = {code: cases[0] for code, cases in self.by_extra.items()}
        self.rules = city.rules_of(self.settings)
        self.network = network_of(inputs, self.settings, self.cases)
        if self.network is not None:
            self.rules += city.network_rules(self.network)
        self.handed: Handed | None = None
        self.unsure: set[str] = set()
        self.pairs = pairs.pairs_of(self.settings, inputs, self.cases)
        self.shared: list[Pair] = []
        self.uses: dict[str, int] = {}
        self.factor = price.factors(self.settings)
        self.findings: list[Finding] = []
        self.exceptions: list[Exempt] = []
        self.courses: dict[str, Course] = {}
        self.rows: dict[str, dict[tuple[int, str], int]] = {}
        self.surveyed_share: Fraction | int | None = None
        self._least_missing: dict[tuple[str, int], tuple[int, int]] = {}
        self.least_vnd: int | None = None
        self.certified_vnd: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every ward has a plan that can be priced."""
        return len(self.courses) == len(self.cases) and not self.unsure

    @property
    def extras(self) -> range:
        """The numbers of further departments that a ward may have."""
        open_ = self.settings.flag("departments.open")
        return range(self.settings.whole("departments.extra_max") + 1 if open_ else 1)

    @property
    def plain(self) -> bool:
        """Whether nothing changes over the years, so that the wards' arrangements are all there is to choose."""
        whole, number = self.settings.word, self.settings.number
        return not (
            centres.may_build(self.settings)
            or self.pairs
            or self.settings.flag("departments.open")
            or self.network is not None
            or number("horizon.price_growth")
            or whole("release.route") == "priority"
            or {rule.kind for rule in self.rules} - {"premises", "capital"}
        )

    def objective(self) -> int:
        """Return the net present cost of all placed wards in dong, rounded once."""
        return half_up(
            Fraction(sum(price.discounted(rows, self.factor) for rows in self.rows.values()), MILLION)
        )

    def note(
        self,
        code: str,
        file: str,
        row: int | None,
        ward: str,
        item: str,
        found: object = "",
        expected: object = "",
    ) -> None:
        """Keep one finding."""
        prefix = "today/" if self.name == "today" and file in (*self.result.tables, "plan.json") else ""
        self.findings.append(Finding(code, prefix + file, row, ward, item, str(found), str(expected)))

    def broken(self, code: str, ward: str, item: str, found: object, expected: object) -> None:
        """Note a rule that a ward breaks."""
        self.note(code, "assignments.csv", None, ward, item, found, expected)

    def least_missing(self, code: str, extra: int) -> tuple[int, int]:
        """Return the least m² and seats that a ward lacks with so many further departments."""
        if (code, extra) not in self._least_missing:
            found = search.cheapest(self.by_extra[code][extra])
            self._least_missing[code, extra] = min(
                [(f.missing_m2, f.missing_seats) for f in found.values()], default=search.NEVER
            )
        return self._least_missing[code, extra]

    def check_bounds_against(self, least: int) -> None:
        """No bound lies above the cost of a plan that exists."""
        for key in ("bound_vnd", "certified_bound_vnd"):
            bound = self.result.facts.get(key)
            if bound is not None and bound > least:
                self.note("E576", "plan.json", None, "", key, bound, f"at most {least}")
