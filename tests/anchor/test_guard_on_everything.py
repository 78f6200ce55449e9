"""The guard holds for any problem, limits, clock, belief, policy, state and history at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.anchor.test_guard import JUNK, policies
from tests.problems import constrained_problems

OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Reckless:
    """A policy that offers anything and accepts anything."""

    def __init__(self, seed):
        self.seed = seed

    def plan(self, view, times):
        chosen = np.random.default_rng(self.seed).choice(view.order, len(times))
        return bg.Plan(chosen, np.full(len(times), -np.inf))


@st.composite
def limits_of(draw, problem):
    number = st.one_of(st.none(), st.integers(-9, 12))

    def some_values():
        issue = draw(st.sampled_from(problem.space.issues))
        values = [issue.value(k) for k in range(int(issue.size))]
        return {issue.name: draw(st.lists(st.sampled_from(values), min_size=1, unique=True))}

    return bg.Limits(
        reservation=draw(number),
        alternative=draw(number),
        floor=draw(number),
        allowed=some_values() if draw(st.booleans()) else {},
        forbidden=[some_values() for _ in range(draw(st.integers(0, 1)))],
        largest_concession=draw(st.one_of(st.none(), st.integers(0, 5))),
        approval_below=draw(number),
        approval_for=[some_values() for _ in range(draw(st.integers(0, 1)))],
    )


def meets(outcome, conditions):
    return all(outcome[name] in values for name, values in conditions.items())


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_nothing_passes_that_is_below_the_line_outside_the_space_or_beyond_limits(data):
    problem, allowed = data.draw(constrained_problems())
    limits = data.draw(limits_of(problem))
    rows = [k for k, outcome in enumerate(problem.space) if allowed[k]
            and meets(outcome, limits.allowed)
            and not any(meets(outcome, each) for each in limits.forbidden)]  # fmt: skip
    assume(rows)
    clock = data.draw(st.sampled_from([None, bg.Clock.lasting(OPENS, skew=60)]))
    line = max(problem.disagreement_point[0], *(
        each for each in (limits.reservation, limits.alternative, limits.floor, -1e9)
        if each is not None
    ))  # fmt: skip
    build = partial(
        bg.Anchor,
        problem,
        party=0,
        policy=data.draw(st.one_of(policies, st.integers(0, 99).map(Reckless))),
        deadline=data.draw(st.sampled_from([1, 2, 6] if clock is None else [2, 6, None])),
        limits=limits,
        other=data.draw(st.sampled_from(["exact", "believed", "unknown", bg.BayesianModel()])),
        clock=clock,
    )
    worths, without = problem.utilities()[:, 0], problem.disagreement_point[0]
    if limits.alternative is not None:
        without = max(without, limits.alternative)
    if worths[rows].max() < line and (worths[allowed] >= without).any():
        with pytest.raises(bg.InfeasibleProblemError, match="limits: "):
            build()
        return
    anchor = build()
    history, own, state, approved = [], None, None, []
    for _turn in range(3):
        share = data.draw(st.sampled_from([0.0, 0.4, 1.0, 1.2]))
        now = share if clock is None else OPENS + share * timedelta(hours=48)
        advice = anchor.advise(history, now, state=state, approved=approved)
        assert anchor.advise(history, now, state=state, approved=approved) == advice
        shown = [{t.issue: t.value for t in p.terms} for p in advice.public.packages]
        pending = [{t.issue: t.value for t in p.terms} for p in advice.private.pending]
        for outcome in shown + pending:
            worth = problem.evaluate(outcome)[0]
            assert problem.space.row(outcome) in rows
            assert worth >= line
            if own is not None and limits.largest_concession is not None:
                assert worth >= own - limits.largest_concession
        for outcome in shown:
            waits = limits.approval_below is not None
            waits = waits and problem.evaluate(outcome)[0] < limits.approval_below
            waits = waits or any(meets(outcome, each) for each in limits.approval_for)
            assert not waits or outcome in approved
        if share > 1:
            assert advice.decision == "walk"
        if advice.decision == "accept":
            assert problem.space.validate(history[-1]["outcome"]) == shown[0]
        if advice.decision == "escalate":
            assert advice.public == bg.anchor.advice.PublicAdvice("hold", ())
            approved = pending
        if advice.decision == "counter":
            state = advice.private.state
            own = problem.evaluate(shown[0])[0]
            history.append({"party": "p0", "outcome": shown[0]})
        theirs = st.integers(0, 10**6).map(lambda s: dict(problem.space.sample(1, seed=s)[0]))
        history.append(
            {"party": "p1", "outcome": data.draw(st.one_of(theirs, theirs, st.sampled_from(JUNK)))}
        )
