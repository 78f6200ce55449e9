"""Random problems of every shape that a file can hold, for properties of round trips."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

import bargain as bg

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=8
).filter(str.strip)
PLAIN_NAMES = st.text("abcXYZ é&<>'\"0", min_size=1, max_size=6).filter(
    lambda name: name.strip() == name != ""
)
WORTHS = st.floats(-1e9, 1e9, allow_nan=False)
UNIT_WORTHS = st.floats(0, 1)
VALUES = st.one_of(
    NAMES,
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(["yes", "no", "1e-3", "2026-05-01", "12:30", "null", "~", "true", "0x1F", ""]),
)


@st.composite
def problems(draw: Any) -> bg.BargainingProblem:
    """Draw a problem with issues of all kinds, value functions of all kinds, 2 or 3 parties."""
    issues = [
        draw(_issue(name)) for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    ]
    space = bg.OutcomeSpace(issues)
    outcomes = space.sample(3, seed=draw(st.integers(0, 1000)))
    parties = [
        bg.Party(
            name,
            draw(_utility(issues)),
            **draw(
                st.sampled_from(
                    [{}, {"reservation_value": draw(WORTHS)}, {"disagreement": outcomes[0]}]
                )
            ),
            **draw(
                st.sampled_from(
                    [{}, {"discount_factor": 0.9}, {"discount_factor": 1 / 3}, {"cost": 1 / 3}]
                )
            ),
            discount_per=draw(st.sampled_from(["round", "session"])),
            cost_per=draw(st.sampled_from(["round", "session"])),
        )
        for name in draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
    ]
    constraints = draw(st.lists(_constraint(space), max_size=2))
    return bg.BargainingProblem(
        space, parties, constraints=constraints, name=draw(NAMES), source=draw(NAMES)
    )


@st.composite
def finite_problems(draw: Any, *, integers: bool = True) -> bg.BargainingProblem:
    """Draw a problem of worths in 0..1 and weights that sum to 1, as foreign formats want them."""
    names = draw(st.lists(PLAIN_NAMES, min_size=1, max_size=3, unique=True))
    issues = [draw(_finite_issue(name, integers)) for name in names]
    shares = [[draw(st.integers(1, 9)) for _ in issues] for _ in range(2)]
    utilities = []
    for share in shares:
        values = {issue.name: draw(_unit_worths(issue)) for issue in issues}
        weights = {issue.name: part / sum(share) for issue, part in zip(issues, share, strict=True)}
        utilities.append(bg.AdditiveUtility(values, weights))
    return bg.BargainingProblem(issues, dict(zip(("ann", "bob"), utilities, strict=True)))


@st.composite
def _constraint(draw: Any, space: bg.OutcomeSpace) -> Any:
    def conditions(*, avoided: bool) -> dict[str, Any]:
        chosen = draw(st.lists(st.sampled_from(space.issues), min_size=1, unique=True))
        return {issue.name: draw(_condition(issue, avoided)) for issue in chosen}

    name = draw(st.just("") | NAMES)
    kind = draw(st.sampled_from(["if", "forbid", "require", "budget"]))
    if kind == "if":
        given = conditions(avoided=True)
        return bg.Implication(given, conditions(avoided=False), name=name)
    if kind == "forbid":
        return bg.Forbidden(conditions(avoided=True), name=name)
    numeric = [issue.name for issue in space.issues if issue.is_numeric]
    if kind == "require" or not numeric:
        return bg.Mandatory(conditions(avoided=False), name=name)
    uses = {issue: draw(WORTHS) for issue in numeric}
    sides = draw(
        st.sampled_from([{"at_most": 7.5}, {"at_least": -1}, {"at_most": 9, "at_least": 0}])
    )
    assume(all(abs(bound) < 1e200 for i in space.issues if i.is_numeric for bound in i.bounds))
    return bg.Budget(uses, **sides, name=name)


@st.composite
def _condition(draw: Any, issue: bg.Issue, avoided: bool) -> Any:
    if issue.is_numeric and (not issue.is_finite or draw(st.booleans())):
        low, high = issue.bounds
        middle = low / 2 + high / 2
        sides = [{"at_least": middle}, {"at_most": middle}, {"at_least": low, "at_most": high}]
        sides += [] if issue.is_finite or avoided else [middle]
        assume(issue.is_finite or low < middle < high)
        return draw(st.sampled_from(sides))
    values = [issue.value(k) for k in range(int(issue.size))]
    return draw(st.lists(st.sampled_from(values), min_size=1, unique=True))


@st.composite
def _issue(draw: Any, name: str) -> bg.Issue:
    unit = draw(st.none() | NAMES)
    kind = draw(st.sampled_from(["choice", "integer", "continuous"]))
    if kind == "choice":
        values = draw(st.lists(VALUES, min_size=1, max_size=4))
        try:
            return bg.Issue.choice(name, values, unit=unit)
        except ValueError:
            assume(False)
    if kind == "integer":
        low, step = draw(st.integers(-50, 50)), draw(st.integers(1, 7))
        return bg.Issue.integer(name, low, low + step * draw(st.integers(0, 5)), step, unit=unit)
    low = draw(st.floats(-1e6, 1e6))
    return bg.Issue.continuous(name, low, low + draw(st.floats(0.125, 1e6)), unit=unit)


@st.composite
def _utility(draw: Any, issues: list[bg.Issue]) -> bg.AdditiveUtility:
    listed = draw(st.lists(st.sampled_from(issues), unique=True))
    weights = {issue.name: draw(st.floats(0, 10)) for issue in listed[:1]}
    ceiling = draw(st.none() | WORTHS)
    return bg.AdditiveUtility(
        {issue.name: draw(_worths(issue)) for issue in listed}, weights, ceiling=ceiling
    )


@st.composite
def _worths(draw: Any, issue: bg.Issue) -> Any:
    if issue.is_finite and (not issue.is_numeric or draw(st.booleans())):
        values = [issue.value(i) for i in range(int(issue.size))]
        return bg.Table(
            {value: draw(WORTHS) for value in draw(st.lists(st.sampled_from(values), unique=True))}
        )
    if draw(st.booleans()):
        return bg.Linear(draw(WORTHS), draw(WORTHS))
    low, high = issue.bounds
    assume(abs(low) < 1e100 and abs(high) < 1e100)
    width = max(1.0, abs(low), abs(high))
    return bg.PiecewiseLinear(
        [
            (low - width, draw(WORTHS)),
            (low / 2 + high / 2, draw(WORTHS)),
            (high + width, draw(WORTHS)),
        ]
    )


@st.composite
def _finite_issue(draw: Any, name: str, integers: bool) -> bg.Issue:
    if integers and draw(st.booleans()):
        low, step = draw(st.integers(-9, 9)), draw(st.integers(1, 3))
        return bg.Issue.integer(name, low, low + step * draw(st.integers(0, 4)), step)
    return bg.Issue.choice(name, draw(st.lists(PLAIN_NAMES, min_size=1, max_size=4, unique=True)))


@st.composite
def _unit_worths(draw: Any, issue: bg.Issue) -> Any:
    if issue.kind == "integer" and draw(st.booleans()):
        return bg.Linear(draw(UNIT_WORTHS), draw(UNIT_WORTHS))
    return bg.Table({issue.value(i): draw(UNIT_WORTHS) for i in range(int(issue.size))})
