"""Outcomes, constraints and utilities as an integer program.

Everything that is asked for grows with the utilities: floors, sums, products, the least gain. So a
utility needs a column that is at most what the outcome is worth, and no more is said: worths that
count for a party are held down by their conditions, those that count against it are held up.
Whatever a program answers is evaluated again by the problem itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NotConcaveError, UnsupportedProblemError
from bargain.model import BargainingProblem, Outcome, OutcomeSpace
from bargain.model.forms import Form, Pair, Payment, sum_limits
from bargain.model.rules import Rule
from bargain.solve.integer_program import Affine, Hood, IntegerProgram
from bargain.solve.settled import Chosen, Measured, chosen, tabulated
from bargain.solve.steps import straightened
from bargain.solve.structure import Shaped, shown_forms

CLASSES = 256
"""Most groups of values of a numeric issue that get a binary each, if lines can say it shorter."""

TANGENTS = np.linspace(0.0, 1.0, 9)
"""Where curves get their first tangents, over their range."""

LINE_UNITS = 1000.0
"""Largest sum of a budget line in its row, so that HiGHS's tolerance is small beside it."""

Conditions = tuple[tuple[int, bytes], ...]
"""What a payment hangs on, as something that can be compared: issue, and mask or range."""


class Encoding:
    """A space under rules, and utilities over it, as rows and columns of one program.

    Attributes
    ----------
    program : IntegerProgram
    hoods : list of Hood
        Curves, which get more tangents where answers pass them.
    """

    def __init__(
        self, space: OutcomeSpace, rules: Iterable[Rule], forms: Iterable[Form] = ()
    ) -> None:
        self.space = space
        self.rules = tuple(rules)
        self.forms = tuple(forms)
        self.program = IntegerProgram()
        self.hoods: list[Hood] = []
        self._chosen: dict[int, Chosen] = {}
        self._measured: dict[int, Measured] = {}
        for position in range(len(space.issues)):
            self._settle(position)
        self._paid: dict[tuple[bool, Conditions], Affine] = {}
        for rule in self.rules:
            self._obey(rule)

    @classmethod
    def of(cls, problem: BargainingProblem) -> Encoding:
        """Write a problem as a program.

        Raises
        ------
        UnsupportedProblemError
            If a utility does not show its arithmetic.
        """
        return cls(problem.space, problem.rules, shown_forms(problem))

    def _settle(self, position: int) -> None:
        """Write down an issue by what is asked about it."""
        issue = self.space.issues[position]
        if not issue.is_finite:
            self._measured[position] = Measured(self.program, issue)
            return
        worths = [f.terms[position].worths for f in self.forms]
        asked: list[NDArray[Any]] = []
        for form in self.forms:
            for pair in form.pairs:
                if pair.first == position:
                    asked.extend(pair.worths.T)
                elif pair.second == position:
                    asked.extend(pair.worths)
        paired = len(asked)
        for form in self.forms:
            asked += [p.allowed[position] for p in form.payments if position in p.allowed]
        literals = [lit for r in self.rules for clause in r.clauses for lit in clause]
        asked += [
            lit.allowed for lit in literals if lit.issue == position and lit.allowed is not None
        ]
        uses = [
            line.uses[position] for r in self.rules for line in r.lines if position in line.uses
        ]
        size = int(issue.size)
        if issue.kind == "integer" and size > CLASSES and not paired:
            corners = sum(len(tabulated(worth)[0]) for worth in worths)
            edges = sum(int(np.count_nonzero(np.diff(mask))) for mask in asked)
            if corners + edges < min(CLASSES, size // 4):
                self._measured[position] = Measured(self.program, issue)
                return
        columns = [*worths, *asked, *uses]
        questions = np.array(columns, dtype=np.float64).T if columns else np.zeros((size, 0))
        self._chosen[position] = chosen(self.program, issue, questions)

    def _within(self, position: int, allowed: NDArray[np.bool_], *, near: bool = False) -> Affine:
        """Return 1 only where an issue's value is marked; with `near`, 0 only where it isn't."""
        if position in self._chosen:
            return self._chosen[position].within(allowed)
        settled = self._measured[position]
        # runs of marked values of an integer issue that is measured
        edges = np.flatnonzero(np.diff(np.concatenate([[False], allowed, [False]])))
        numbers = settled.issue.numbers()
        parts = []
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            low, high = float(numbers[start]), float(numbers[stop - 1])
            parts.append((settled.near if near else settled.within)(low, high))
        if near or len(parts) == 1:
            return Affine.total((part, 1.0) for part in parts)
        either = self.program.column(0.0, 1.0)
        self.program.row(Affine.total((part, 1.0) for part in parts) - either, at_least=0.0)
        return either

    def _obey(self, rule: Rule) -> None:
        for clause in rule.clauses:
            holds = []
            for literal in clause:
                if literal.allowed is not None:
                    holds.append(self._within(literal.issue, literal.allowed))
                else:
                    holds.append(self._measured[literal.issue].within(literal.low, literal.high))
            self.program.row(Affine.total((hold, 1.0) for hold in holds), at_least=1.0)
        for line in rule.lines:
            total, reach = Affine(), 0.0
            for position, use in line.uses.items():
                if position in self._chosen:
                    used = self._chosen[position].worth(np.asarray(use))
                    reach += float(np.abs(use).max())
                else:
                    settled = self._measured[position]
                    unit = use if isinstance(use, float) else _per_unit(settled, use)
                    used = settled.share * (unit * settled.spread) + unit * settled.low
                    reach += abs(unit) * max(abs(settled.low), abs(settled.low + settled.spread))
                total = total + used
            size = LINE_UNITS / reach if reach > 0 else 1.0
            self.program.row(total * size, line.low * size, line.high * size)

    def utility(self, party: int) -> Affine:
        """Return an expression that is at most a party's utility, and reaches it."""
        form = self.forms[party]
        parts = [(self._term(position, term), 1.0) for position, term in enumerate(form.terms)]
        parts += [(self._pair(pair), 1.0) for pair in form.pairs]
        for conditions, worth, payment in self._payments(form):
            if conditions is None:
                parts.append((Affine(constant=worth), 1.0))
            else:
                parts.append((self._paid_for(conditions, payment, worth > 0), worth))
        return self._shaped(form, Affine.total(parts))

    def _term(self, position: int, term: Any) -> Affine:
        if position in self._chosen:
            return self._chosen[position].worth(term.worths)
        settled = self._measured[position]
        if term.positions is None:
            return settled.lines(*tabulated(term.worths))
        if not getattr(term, "is_curved", False):
            return settled.lines((term.positions - settled.low) / settled.spread, term.worths)
        if not term.is_concave:
            raise NotConcaveError.at(
                f"issue {settled.issue.name!r}", "a concave curve or straight lines", term.curve
            )
        height = self.program.column(float(term.worths.min()), float(term.worths.max()))
        hood = Hood(
            height,
            settled.share,
            lambda share: float(term.at(np.array([settled.low + share * settled.spread]))[0]),
            lambda share: term.slope(settled.low + share * settled.spread) * settled.spread,
            0.0,
            1.0,
        )
        for place in TANGENTS:
            hood.touch(self.program, float(place))
        self.hoods.append(hood)
        return height

    def _pair(self, pair: Pair) -> Affine:
        """Write a table over two issues by the share of each cell, whose sums are the values'."""
        first, second = self._chosen[pair.first], self._chosen[pair.second]
        table = pair.worths[np.ix_(first.first, second.first)]
        # what a row or a column adds whatever the other does needs no cell
        level = table.min(axis=1, keepdims=True)
        rest = table - level
        across = rest.min(axis=0, keepdims=True)
        rest = rest - across
        alone = [(share, float(level[a, 0])) for a, share in enumerate(first.shares)]
        alone += [(share, float(across[0, b])) for b, share in enumerate(second.shares)]
        if not rest.any():
            return Affine.total(alone)
        cells = [[self.program.column(0.0, 1.0) for _ in second.shares] for _ in first.shares]
        for a, share in enumerate(first.shares):
            self.program.row(Affine.total((c, 1.0) for c in cells[a]) - share, 0.0, 0.0)
        for b, share in enumerate(second.shares):
            self.program.row(Affine.total((row[b], 1.0) for row in cells) - share, 0.0, 0.0)
        worth = [(cells[a][b], float(rest[a, b])) for a, b in zip(*np.nonzero(rest), strict=True)]
        return Affine.total([*alone, *worth])

    def _payments(self, form: Form) -> list[tuple[Conditions | None, float, Payment]]:
        """Return payments for what is inside bounds, put together where the bounds are the same.

        None stands for what is paid always.
        """
        found: dict[Conditions | None, tuple[float, Payment]] = {}

        def add(conditions: Conditions | None, worth: float, payment: Payment) -> None:
            found[conditions] = (found.get(conditions, (0.0, payment))[0] + worth, payment)

        for payment in form.payments:
            keys: list[tuple[int, bytes]] = []
            never = False
            for position, allowed in payment.allowed.items():
                never = never or not allowed.any()
                if not allowed.all():
                    keys.append((position, allowed.tobytes()))
            for position, (low, high) in payment.ranges.items():
                least, largest = self.space.issues[position].bounds
                never = never or low > high or high < least or low > largest
                if low > least or high < largest:
                    keys.append((position, np.array([low, high]).tobytes()))
            worth = payment.worth
            if payment.outside:
                add(None, worth, payment)
                worth = -worth
            if not never:
                add(tuple(sorted(keys)) or None, worth, payment)
        return [(key, worth, payment) for key, (worth, payment) in found.items() if worth != 0.0]

    def _paid_for(self, conditions: Conditions, payment: Payment, wanted: bool) -> Affine:
        """Return what is 1 only (`wanted`) or at least where all bounds are met."""
        if (wanted, conditions) in self._paid:
            return self._paid[wanted, conditions]
        met = []
        for position, _ in conditions:
            if position in payment.allowed:
                met.append(self._within(position, payment.allowed[position], near=not wanted))
                continue
            settled = self._measured[position]
            low, high = payment.ranges[position]
            met.append(settled.within(low, high) if wanted else settled.near(low, high))
        if len(met) == 1:
            paid = met[0]
        elif wanted:
            paid = self.program.column(0.0, 1.0)
            for condition in met:
                self.program.row(condition - paid, at_least=0.0)
        else:
            paid = self.program.column(0.0, 1.0)
            self.program.row(
                paid - Affine.total((condition, 1.0) for condition in met), at_least=1.0 - len(met)
            )
        self._paid[wanted, conditions] = paid
        return paid

    def _shaped(self, form: Form, total: Affine) -> Affine:
        """Put a sum through its shapes."""
        if not form.shapes:
            return total
        for shape in form.shapes:
            if not shape.is_concave:
                raise UnsupportedProblemError.at(
                    "integer program", "concave attitudes to risk and ceilings", shape
                )
        shaped = Shaped(form)
        start, stop = sum_limits(form)
        line = straightened(form)
        if line is not None and np.isinf(line[1]):
            return total * line[0]
        # in shares of both ranges: tolerances are the same whatever utilities are counted in
        low, length = shaped.at(start), stop - start
        span = shaped.at(stop) - low
        if not (span > 0.0 and length > 0.0):
            return Affine(constant=low)
        height = self.program.column(0.0, 1.0)
        if line is not None:
            self.program.row(height - total * (line[0] / span), at_most=-low / span)
            return height * span + low
        share = (total - start) * (1.0 / length)
        hood = Hood(
            height,
            share,
            lambda part: (shaped.at(start + part * length) - low) / span,
            lambda part: shaped.slope(start + part * length) * (length / span),
            0.0,
            1.0,
        )
        for place in TANGENTS:
            hood.touch(self.program, float(place))
        self.hoods.append(hood)
        return height * span + low

    def outcome(self, point: NDArray[np.float64]) -> Outcome:
        """Return the outcome at a point of the program."""
        settled: dict[int, Chosen | Measured] = {**self._chosen, **self._measured}
        return Outcome(
            {
                issue.name: settled[position].value(point)
                for position, issue in enumerate(self.space.issues)
            }
        )

    def exclude(self, point: NDArray[np.float64]) -> bool:
        """Exclude the whole columns of a point; False where that takes more than one row."""
        differ, count = [], 0.0
        for column, whole in enumerate(self.program.whole):
            if not whole or self.program.upper[column] == self.program.lower[column]:
                continue
            if self.program.upper[column] > 1.0:
                return False
            one = round(point[column]) == 1
            differ.append((Affine({column: 1.0}), -1.0 if one else 1.0))
            count += one
        if not differ:
            return False
        self.program.row(Affine.total(differ), at_least=1.0 - count)
        return True


def _per_unit(settled: Measured, uses: NDArray[np.float64]) -> float:
    """Return what one unit of an integer issue uses up."""
    return float(uses[-1] - uses[0]) / settled.spread if len(uses) > 1 else 0.0
