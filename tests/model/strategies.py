"""Issues, spaces and problems of every kind, drawn by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

import bargain as bg

worths = st.floats(-1e6, 1e6, allow_subnormal=False)


def texts():
    return st.text("abcdefgh", min_size=1, max_size=3)


@st.composite
def finite_issues(draw, name, max_size=5):
    """Draw a choice of texts, a choice of numbers, or whole numbers in steps."""
    kind = draw(st.sampled_from(["texts", "numbers", "integer"]))
    if kind == "texts":
        return bg.Issue.choice(
            name, draw(st.lists(texts(), min_size=1, max_size=max_size, unique=True))
        )
    if kind == "numbers":
        numbers = st.integers(-50, 50).map(lambda n: n / 4)
        return bg.Issue.choice(
            name, draw(st.lists(numbers, min_size=1, max_size=max_size, unique=True))
        )
    low, step = draw(st.integers(-100, 100)), draw(st.integers(1, 30))
    return bg.Issue.integer(name, low, low + step * draw(st.integers(0, max_size - 1)), step)


@st.composite
def continuous_issues(draw, name):
    """Draw a continuous issue with bounds of one decimal."""
    low = draw(st.integers(-100, 100)) / 10
    return bg.Issue.continuous(name, low, low + draw(st.integers(1, 100)) / 10)


@st.composite
def finite_spaces(draw, max_issues=4, max_size=5):
    """Draw a space small enough to list."""
    return bg.OutcomeSpace(
        [draw(finite_issues(f"i{i}", max_size)) for i in range(draw(st.integers(1, max_issues)))]
    )


@st.composite
def any_spaces(draw, max_issues=4):
    """Draw a space in which any issue may be continuous."""
    return bg.OutcomeSpace(
        [
            draw(st.one_of(finite_issues(f"i{i}"), continuous_issues(f"i{i}")))
            for i in range(draw(st.integers(1, max_issues)))
        ]
    )


@st.composite
def huge_spaces(draw):
    """Draw a finite space of at least 10^40 outcomes."""
    sizes = draw(st.lists(st.integers(10**8, 2**53), min_size=5, max_size=7))
    return bg.OutcomeSpace(
        [bg.Issue.integer(f"i{i}", 1, size) for i, size in enumerate(sizes)]
        + [bg.Issue.choice("gift", ["no", "yes"])]
    )


@st.composite
def value_functions(draw, issue):
    """Draw any value function that the issue takes."""
    kinds = []
    if issue.is_finite:
        kinds.append("table")
    if issue.is_numeric:
        kinds += ["linear", "piecewise"]
    kind = draw(st.sampled_from(kinds))
    if kind == "table":
        listed = [issue.value(i) for i in range(issue.size) if draw(st.booleans())]
        return bg.Table({value: draw(worths) for value in listed})
    if kind == "linear":
        return bg.Linear(draw(worths), draw(worths))
    low, high = issue.bounds
    middle = sorted({low - 1, high + 1, (low + high) / 2, (3 * low + high) / 4})
    return bg.PiecewiseLinear([(position, draw(worths)) for position in middle])


@st.composite
def additive_utilities(draw, space):
    """Draw a utility that may leave out issues, weigh them, and have a ceiling."""
    values = {
        issue.name: draw(value_functions(issue)) for issue in space.issues if draw(st.booleans())
    }
    weights = {name: draw(st.floats(0, 5)) for name in space.names if draw(st.booleans())}
    return bg.AdditiveUtility(values, weights, ceiling=draw(st.none() | worths))


@st.composite
def problems(draw, spaces=None, n_parties=2):
    """Draw a problem with additive utilities of every kind."""
    space = draw(finite_spaces() if spaces is None else spaces)
    return bg.BargainingProblem(
        space, {f"p{j}": draw(additive_utilities(space)) for j in range(n_parties)}
    )
