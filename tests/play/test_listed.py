"""Sessions over spaces that cannot be laid out, against those over spaces that can."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import TooLargeError, UnsupportedProblemError
from bargain.play import ENDINGS, round_times
from bargain.play.listed import views_of

UNIT = st.sampled_from([0.0, 0.1, 0.3, 0.75, 1.0])
ACCEPTANCES = (
    bg.AcceptNext(),
    bg.AcceptNext(1.1, -0.05),
    bg.AcceptPrevious(1.0, 0.2),
    bg.AcceptAbove(0.6),
    bg.accept_combined(0.6),
    bg.AcceptAll((bg.AcceptBest("mean"), bg.AcceptAfter(0.3), bg.AcceptNext(0.9))),
)
CURVES = st.one_of(
    st.builds(
        bg.TimeDependent, st.sampled_from([0.2, 1.0, 5.0]), UNIT, UNIT, st.sampled_from(ACCEPTANCES)
    ),
    st.builds(bg.BezierConcession, acceptance=st.sampled_from(ACCEPTANCES)),
)


@st.composite
def problems(draw):
    """Small additive problems of whole numbers or tenths, of two parties or three."""
    unit = draw(st.sampled_from([1, 0.1]))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    issues = [bg.Issue.integer(f"i{j}", 0, size - 1) for j, size in enumerate(sizes)]
    parties, floors = {}, []
    for i in range(draw(st.sampled_from([2, 2, 3]))):
        worths = {
            issue.name: {k: unit * draw(st.integers(-2, 5)) for k in range(size)}
            for issue, size in zip(issues, sizes, strict=True)
        }
        parties[f"p{i}"] = bg.AdditiveUtility(worths)
        floors.append(unit * draw(st.sampled_from([-9, 0, 2, 4, 30])))
    if draw(st.booleans()):  # what some outcome is worth, to the last bit
        outcome = [draw(st.integers(0, size - 1)) for size in sizes]
        floors = bg.BargainingProblem(issues, parties).evaluate(outcome)
    return bg.BargainingProblem(issues, parties, disagreement_point=floors)


def huge(n_issues=20, n_parties=2, seed=0, reservation=0.0):
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(n_issues)]
    names = [issue.name for issue in issues]
    parties = {}
    for i in range(n_parties):
        worths = {name: dict(enumerate(generator.random(10).tolist())) for name in names}
        weights = generator.dirichlet(np.ones(n_issues)).tolist()
        parties[f"p{i}"] = bg.AdditiveUtility(worths, dict(zip(names, weights, strict=True)))
    return bg.BargainingProblem(issues, parties, disagreement_point=[reservation] * n_parties)


@settings(max_examples=100)
@given(
    problem=problems(),
    data=st.data(),
    deadline=st.integers(0, 14),
    first=st.integers(0, 1),
    seed=st.integers(0, 3),
    breakdown=st.sampled_from([0.0, 0.0, 0.2]),
)
def test_what_is_listed_is_played_as_if_all_were_laid_out(
    problem, data, deadline, first, seed, breakdown
):
    script = st.lists(
        st.sampled_from([tuple(outcome.values()) for outcome in problem.space]), min_size=1
    )
    policies = st.one_of(CURVES, st.just(bg.MiCRO()), st.builds(bg.Scripted, script))
    chosen = [data.draw(policies) for _ in problem.parties]
    options = {"deadline": deadline, "first": first, "seed": seed, "breakdown": breakdown}
    expected = bg.alternating_offers(problem, chosen, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bargain.solve.structure.ENUMERATION_LIMIT", 0)
        listed = bg.alternating_offers(problem, chosen, **options)
        compiled = bg.play_sessions(problem, chosen, [range(len(chosen))], **options)[0]
        worth = listed.offer_utilities
    assert listed.offer_rows.tolist() == expected.offer_rows.tolist()
    assert (listed.ended, listed.left_by) == (expected.ended, expected.left_by)
    assert listed.agreement == expected.agreement
    assert worth.tolist() == expected.offer_utilities.tolist()
    assert listed.utilities.tolist() == expected.utilities.tolist()
    assert ENDINGS[compiled["ended"]] == expected.ended
    agreed = expected.ended == "agreement"
    assert compiled["row"] == (expected.offer_rows[-1] if agreed else -1)


@pytest.mark.parametrize("n_issues", [8, 20])
def test_offers_of_a_huge_space_are_nearest_above_the_aspiration(n_issues):
    problem = huge(n_issues, reservation=0.3)
    policies = [bg.TimeDependent(beta=0.3), bg.TimeDependent(floor=0.2, beta=3)]
    times = round_times(60)
    views = views_of(problem, [[policy] for policy in policies], times)
    for view, policy in zip(views, policies, strict=True):
        shares = policy.aspiration(times)
        over = view.shares(view.utilities[view.rows_at(shares)]) - shares
        assert over.min() > -2e-12
        # near the best there is little to choose from
        assert over[shares < 0.9].max() < 1e-4
        assert np.median(over) < 1e-6


def test_a_session_over_a_huge_space_records_outcomes_and_what_they_are_worth():
    problem = huge()
    session = bg.alternating_offers(problem, ["boulware", "linear"], deadline=60)
    for offer, worth in zip(session.offers, session.offer_utilities, strict=True):
        assert problem.evaluate(offer.outcome).tolist() == worth.tolist()
    assert session.ended == "agreement"
    assert session.utilities.tolist() == problem.evaluate(session.agreement).tolist()
    assert session.offer_rows[-1] == problem.space.row(session.agreement)
    assert session.to_dict()["offers"][-1]["outcome"] == dict(session.agreement)


def test_a_hardliner_offers_its_best_and_micro_its_ranking():
    problem = huge()
    session = bg.alternating_offers(problem, ["hardliner", "micro"], deadline=41)
    best = [sum(float(term.worths.max()) for term in problem.terms[seat]) for seat in (0, 1)]
    mine, other = session.offer_utilities[::2], session.offer_utilities[1::2]
    assert mine[:, 0] == pytest.approx(best[0])
    assert other[0, 1] == pytest.approx(best[1])
    # one new offer received: one concession, then offers made before
    assert len(set(session.offer_rows[1::2].tolist())) == 2
    losses = [float(np.sort(term.worths.max() - term.worths)[1]) for term in problem.terms[1]]
    assert other[:, 1].min() == pytest.approx(best[1] - min(losses))


@pytest.mark.parametrize("n_parties", [2, 3])
def test_many_sessions_over_a_huge_space_are_those_played_one_by_one(n_parties):
    problem = huge(n_parties=n_parties)
    names = ["boulware", "conceder", "micro", bg.TimeDependent(acceptance=bg.AcceptBest())]
    options = {"deadline": 40, "seed": 3}
    many = bg.play_sessions(problem, names, **options)
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert (bg.play_sessions(problem, names, **options).results == many.results).all()
    finally:
        numba.set_num_threads(threads)
    meetings = np.indices((4,) * n_parties).reshape(n_parties, -1).T
    assert many["row"].dtype == object
    for result, meeting in list(zip(many, meetings, strict=True))[::5]:
        if (meeting == 2).any():  # draws of its own place
            continue
        session = bg.alternating_offers(problem, [names[i] for i in meeting], **options)
        assert result["round"] == session.rounds - 1
        row = int(session.offer_rows[-1]) if session.agreement else -1
        assert result["row"] == row
    agreed = many[many["row"] >= 0]
    assert len(agreed) > len(many) // 2
    assert problem.space.row(problem.space.outcome(agreed["row"][0])) == agreed["row"][0]


def test_rows_below_2_to_the_63_stay_numbers():
    problem = huge(8)
    found = bg.play_sessions(problem, ["boulware", "linear"], deadline=20)
    assert found["row"].dtype == np.int64
    session = bg.alternating_offers(problem, ["boulware", "linear"], deadline=20)
    assert found["row"][1] == session.offer_rows[-1]


def test_a_mixture_over_a_huge_space_draws_one_of_its_policies():
    problem = huge()
    mixed = bg.Mixture(["hardliner", "conceder"], [1, 1])
    found = bg.play_sessions(problem, [mixed, "boulware"], [[0, 1]] * 60, deadline=20, seed=1)
    soft = bg.play_sessions(problem, ["conceder", "boulware"], [[0, 1]], deadline=20)
    hard = bg.play_sessions(problem, ["hardliner", "boulware"], [[0, 1]], deadline=20)
    assert set(found["row"].tolist()) == {soft["row"][0], hard["row"][0]}
    session = bg.alternating_offers(problem, [mixed, "boulware"], deadline=20, seed=1)
    assert session.rounds - 1 == found["round"][0]


def test_nothing_to_gain_is_walked_away_from():
    session = bg.alternating_offers(huge(reservation=2.0), ["linear", "micro"], deadline=9)
    assert (session.ended, session.left_by, session.rounds) == ("walk_away", "p0", 0)


def test_a_reservation_at_the_very_best_leaves_one_outcome():
    # 0.1 added up eight times rounds otherwise than two halves of four
    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(8)]
    worths = {issue.name: {k: 0.1 * (k == 9) for k in range(10)} for issue in issues}
    other = {issue.name: {k: float(9 - k) for k in range(10)} for issue in issues}
    parties = {"a": bg.AdditiveUtility(worths), "b": bg.AdditiveUtility(other)}
    best = sum([0.1] * 8)
    problem = bg.BargainingProblem(issues, parties, disagreement_point=[best, 0.0])
    session = bg.alternating_offers(problem, ["conceder", "hardliner"], deadline=5)
    assert set(session.offer_utilities[::2, 0].tolist()) == {best}


@pytest.mark.parametrize(("n_issues", "size"), [(8, 10), (13, 4), (20, 10)])
def test_an_agreement_worth_the_reservation_to_the_last_bit_is_reached(n_issues, size):
    generator = np.random.default_rng(n_issues)
    issues = [bg.Issue.integer(f"i{j}", 0, size - 1) for j in range(n_issues)]
    for _ in range(5):
        tenths = generator.integers(0, 100, (n_issues, size)) / 10
        parties = {
            # what one gains the other loses
            name: bg.AdditiveUtility(
                {issue.name: dict(enumerate(row)) for issue, row in zip(issues, table, strict=True)}
            )
            for name, table in zip("ab", (tenths.tolist(), (9.9 - tenths).tolist()), strict=True)
        }
        outcome = generator.integers(size, size=n_issues).tolist()
        own, other = bg.BargainingProblem(issues, parties).evaluate(outcome)
        floors = [own, other - 1e-9]
        problem = bg.BargainingProblem(issues, parties, disagreement_point=floors)
        session = bg.alternating_offers(problem, ["linear", "linear"], deadline=21)
        assert session.ended == "agreement"
        assert own <= session.utilities[0] < own + 1e-9


@pytest.mark.parametrize("scale", [2.0**1000, 2.0**-1000])
def test_units_of_utility_change_no_offer(scale):
    def scaled(factor):
        generator = np.random.default_rng(7)
        issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(9)]
        parties = {
            name: bg.AdditiveUtility(
                {i.name: {k: factor * float(generator.integers(99)) for k in range(10)}
                 for i in issues}
            )
            for name in "ab"
        }  # fmt: skip
        return bg.BargainingProblem(issues, parties)

    options = {"deadline": 30}
    expected = bg.alternating_offers(scaled(1.0), ["boulware", "linear"], **options)
    found = bg.alternating_offers(scaled(scale), ["boulware", "linear"], **options)
    np.testing.assert_allclose(found.offer_utilities / scale, expected.offer_utilities, rtol=1e-9)


class Patient:
    """A policy of one's own that looks at nothing."""

    def plan(self, view, times):
        return bg.TimeDependent().plan(view, times)


class Whimsical(bg.TimeDependent):
    """A concession by time that offers something else."""

    def offer(self, turn):
        return 0


@pytest.mark.parametrize(
    "policy",
    ["tit_for_tat", "random", "trade_off", Patient(), Whimsical(), bg.Mixture(["micro", "random"])],
)
def test_policies_whose_offers_cannot_be_listed_are_refused(policy):
    with pytest.raises(UnsupportedProblemError, match="too many to enumerate"):
        bg.alternating_offers(huge(), [policy, "linear"], deadline=5)
    with pytest.raises(UnsupportedProblemError, match="too many to enumerate"):
        bg.play_sessions(huge(), [policy, "linear"], [[0, 1]], deadline=5)


def test_huge_spaces_with_constraints_or_ceilings_are_refused():
    problem = huge()
    utilities = {profile.name: profile.utility for profile in problem.profiles}
    bound = bg.BargainingProblem(problem.space, utilities, constraints=[bg.Forbidden({"i0": 0})])
    capped = utilities | {"p0": replace(utilities["p0"], ceiling=0.5)}
    for refused in (bound, bg.BargainingProblem(problem.space, capped)):
        with pytest.raises(TooLargeError, match="without constraints"):
            bg.alternating_offers(refused, ["linear", "linear"], deadline=5)


def test_continuous_issues_are_still_refused():
    space = [bg.Issue.continuous("price", 0, 1)]
    parties = {
        name: bg.AdditiveUtility({"price": bg.Linear(i, 1 - i)}) for i, name in enumerate("ab")
    }
    with pytest.raises(UnsupportedProblemError, match="discretized"):
        bg.alternating_offers(bg.BargainingProblem(space, parties), ["linear"] * 2, deadline=5)
