"""A utility that is nothing but its form, evaluated outcome by outcome, and problems made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import bargain as bg
from bargain.model import Budget, Forbidden, Implication, Mandatory
from bargain.model.forms import Ceiling, Form, Pair, Payment
from bargain.model.utilities import Term


class RootTerm(Term):
    """A continuous term that is curved: the square root of the value, from 0 to 1."""

    is_curved = True
    is_concave = True

    def at(self, values):
        return np.sqrt(values)

    def slope(self, value):
        return 0.5 / value**0.5 if value > 0 else np.inf


@dataclass(frozen=True, eq=False)
class FormUtility:
    """What a form says, added up the slow way."""

    given: Form

    def check(self, space):
        pass

    def utilities(self, space):
        return np.array([self.evaluate(space, outcome) for outcome in space])

    def evaluate(self, space, outcome):
        values = [outcome[issue.name] for issue in space.issues]
        form, total = self.given, 0.0
        places = [
            issue.index(value) if issue.is_finite else None
            for issue, value in zip(space.issues, values, strict=True)
        ]
        for place, value, term in zip(places, values, form.terms, strict=True):
            if place is not None:
                total += float(term.worths[place])
            elif isinstance(term, RootTerm):
                total += float(term.at(np.array([value]))[0])
            else:
                total += float(np.interp(value, term.positions, term.worths))
        for pair in form.pairs:
            total += float(pair.worths[places[pair.first], places[pair.second]])
        for payment in form.payments:
            inside = all(mask[places[i]] for i, mask in payment.allowed.items())
            inside = inside and all(
                low <= values[i] <= high for i, (low, high) in payment.ranges.items()
            )
            total += payment.worth if inside != payment.outside else 0.0
        for shape in form.shapes:
            total = float(shape(np.array([total]))[0])
        return total

    def form(self, space):
        return self.given


@dataclass(frozen=True, eq=False)
class Root:
    """A concave shape: the square root of a sum from some level on."""

    level: float = 0.0

    @property
    def is_concave(self):
        return True

    def __call__(self, utilities):
        return np.sqrt(np.maximum(np.asarray(utilities) - self.level, 0.0))

    def slope(self, utilities):
        with np.errstate(divide="ignore"):
            return 0.5 / np.sqrt(np.maximum(np.asarray(utilities) - self.level, 0.0))

    def least(self, shaped):
        return np.asarray(shaped) ** 2 + self.level


@st.composite
def forms(draw, sizes, worth):
    """Draw a form over finite issues of these sizes, with worths from a strategy."""
    terms = [
        Term(np.array(draw(st.lists(worth, min_size=size, max_size=size)), dtype=float))
        for size in sizes
    ]
    pairs = []
    if len(sizes) > 1 and draw(st.booleans()):
        first = draw(st.integers(0, len(sizes) - 2))
        second = draw(st.integers(first + 1, len(sizes) - 1))
        cells = sizes[first] * sizes[second]
        table = np.array(draw(st.lists(worth, min_size=cells, max_size=cells)), dtype=float)
        pairs.append(Pair(first, second, table.reshape(sizes[first], sizes[second])))
    payments = []
    for _ in range(draw(st.integers(0, 3))):
        allowed = {
            i: np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
            for i, size in enumerate(sizes)
            if draw(st.booleans())
        }
        payments.append(Payment(float(draw(worth)), allowed, {}, draw(st.booleans())))
    shapes = [Ceiling(float(draw(st.integers(0, 14))))] if draw(st.integers(0, 3)) == 0 else []
    return Form(tuple(terms), tuple(pairs), tuple(payments), tuple(shapes))


@st.composite
def constraints(draw, issues):
    """Draw a constraint of any of the four kinds over integer issues that start at 0."""

    def conditions():
        some = draw(st.lists(st.sampled_from(issues), min_size=1, max_size=2, unique=True))
        given = {}
        for issue in some:
            values = [issue.value(k) for k in range(issue.size)]
            low, high = sorted(draw(st.tuples(*[st.sampled_from(values)] * 2)))
            listed = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))
            given[issue.name] = draw(
                st.sampled_from([listed, {"at_least": low, "at_most": high}, {"at_least": high}])
            )
        return given

    kind = draw(st.integers(0, 3))
    if kind == 0:
        return Mandatory(conditions())
    if kind == 1:
        return Forbidden(conditions())
    if kind == 2:
        return Implication(conditions(), conditions())
    coefficients = {issue.name: draw(st.integers(-2, 3)) for issue in issues}
    return Budget(coefficients, at_most=draw(st.integers(-1, 9)))


@st.composite
def formed_problems(draw, n_parties=2, max_constraints=3, worth=None, max_size=4):
    """Draw small finite problems with pairs, payments, ceilings and constraints."""
    worth = st.integers(-3, 6) if worth is None else worth
    sizes = draw(st.lists(st.integers(1, max_size), min_size=1, max_size=3))
    issues = [bg.Issue.integer(f"i{k}", 0, size - 1) for k, size in enumerate(sizes)]
    parties = {f"p{i}": FormUtility(draw(forms(sizes, worth))) for i in range(n_parties)}
    point = draw(st.lists(st.integers(-4, 5), min_size=n_parties, max_size=n_parties))
    rules = draw(st.lists(constraints(issues), max_size=max_constraints))
    return bg.BargainingProblem(issues, parties, disagreement_point=point, constraints=rules)
