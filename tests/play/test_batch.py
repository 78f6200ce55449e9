"""The compiled table against the same sessions played turn by turn in Python."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.kernels.draws import uniform
from bargain.kernels.threads import in_slices
from bargain.play import ENDINGS, batch
from bargain.play.seeds import (
    AT_ONCE,
    KEYS_PER_THREAD,
    SessionSeed,
    seed_sequence,
    session_key,
    session_keys,
    uniforms,
)

ACCEPTANCES = (
    bg.AcceptNext(),
    bg.AcceptNext(1.1, -0.05),
    bg.AcceptPrevious(),
    bg.AcceptPrevious(1.0, 0.2),
    bg.AcceptAbove(0.6),
    bg.AcceptAfter(0.7),
    bg.AcceptBest(),
    bg.AcceptNext() | (bg.AcceptAfter(0.4) & bg.AcceptBest("mean", "remaining")),
    bg.accept_combined(0.6),
    bg.AcceptAll((bg.AcceptBest("mean"), bg.AcceptAfter(0.3), bg.AcceptNext(0.9))),
)


MODELS = (bg.FrequencyModel("smith"), bg.BayesianModel(), bg.WindowedModel(window=2))
BY = ("similarity", "hardheaded", "smith", *MODELS)


def policies():
    acceptance = st.sampled_from(ACCEPTANCES)
    unit = st.sampled_from([0.0, 0.1, 0.3, 0.75, 1.0])
    curve = st.one_of(
        st.builds(bg.TimeDependent, st.sampled_from([0.2, 1.0, 5.0]), unit, unit, acceptance),
        st.builds(bg.ExponentialConcession, k=st.sampled_from([0.01, 0.5]), acceptance=acceptance),
        st.builds(bg.BezierConcession, acceptance=acceptance),
        st.builds(bg.ResourceDependent, floor=unit, acceptance=acceptance),
    )
    looking = st.one_of(
        st.builds(
            bg.TitForTat,
            st.sampled_from(["relative", "averaged"]),
            st.integers(1, 3),
            st.just(0.0),
            unit,
            acceptance,
        ),
        st.builds(
            bg.TitForTat,
            st.just("absolute"),
            st.integers(1, 3),
            st.sampled_from([0.0, 0.2]),
            unit,
            acceptance,
        ),
        st.just(bg.MiCRO()),
        st.builds(bg.RandomOffers, unit, acceptance),
        st.builds(
            bg.NiceTitForTat,
            st.sampled_from(MODELS),
            unit,
            unit,
            unit,
            unit,
            acceptance,
        ),
        st.builds(
            bg.TradeOff,
            curve,
            st.sampled_from(BY),
            unit,
            acceptance,
        ),
        adaptive(acceptance),
    )
    return st.one_of(curve, looking, looking)


def adaptive(acceptance, by=("closest", "similarity", "hardheaded", "smith")):
    unit = st.sampled_from([0.0, 0.1, 0.3, 0.75, 1.0])
    return st.builds(
        bg.Adaptive,
        beta=st.sampled_from([0.2, 1.0, 5.0]),
        floor=unit,
        k=unit,
        conceded=st.lists(unit, max_size=3).map(sorted).map(tuple),
        patience=st.integers(0, 3),
        final=unit,
        reciprocity=st.sampled_from([0.0, 0.5, 1.0]),
        matching=st.sampled_from([0.0, 0.4, 1.0, 2.5]),
        least=unit,
        by=st.sampled_from(by),
        band=unit,
        acceptance=acceptance,
    )


@st.composite
def problems(draw):
    """Small problems with many ties, two parties or three, some with a constraint."""
    n_parties = draw(st.sampled_from([2, 2, 3]))
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    issues = [
        bg.Issue.integer(f"i{j}", 0, size - 1)
        if draw(st.booleans())
        else bg.Issue.choice(f"i{j}", [f"v{k}" for k in range(size)])
        for j, size in enumerate(sizes)
    ]
    parties, floors = {}, []
    for i in range(n_parties):
        worths = {
            issue.name: {issue.value(k): draw(st.integers(0, 5)) for k in range(size)}
            for issue, size in zip(issues, sizes, strict=True)
        }
        parties[f"p{i}"] = bg.AdditiveUtility(worths)
        floors.append(draw(st.sampled_from([0, 0, 2, 4, 30])))
    rules = []
    if len(sizes) > 1 and draw(st.booleans()):
        rules.append(bg.Forbidden({issues[0].name: issues[0].value(0)}))
    return bg.BargainingProblem(issues, parties, disagreement_point=floors, constraints=rules)


def told(session, problem):
    """A session as a row of `play_sessions`."""
    agreed = session.ended == "agreement"
    row = int(session.offer_rows[-1]) if agreed else -1
    left = -1 if session.left_by is None else problem.parties.index(session.left_by)
    return session.ended, row, left


@settings(max_examples=400)
@given(
    problem=problems(),
    chosen=st.lists(policies(), min_size=1, max_size=3),
    deadline=st.integers(0, 14),
    first=st.integers(0, 1),
    seed=st.integers(0, 3),
    breakdown=st.sampled_from([0.0, 0.0, 0.2]),
)
def test_compiled_sessions_are_those_played_turn_by_turn(
    problem, chosen, deadline, first, seed, breakdown
):
    options = {"deadline": deadline, "first": first, "seed": seed, "breakdown": breakdown}
    meetings = np.indices((len(chosen),) * problem.n_parties).reshape(problem.n_parties, -1).T
    # a session's draws belong to its place: the first is what one session alone draws
    for meeting in meetings[:4]:
        compiled = bg.play_sessions(problem, chosen, meeting[None], **options)[0]
        session = bg.alternating_offers(problem, [chosen[i] for i in meeting], **options)
        ended, row, left = told(session, problem)
        assert (ENDINGS[compiled["ended"]], compiled["row"], compiled["left_by"]) == (
            ended,
            row,
            left,
        )
        if session.rounds and ended != "walk_away":
            assert compiled["round"] == session.rounds - 1


@settings(max_examples=60)
@given(
    problem=problems(),
    deadline=st.integers(0, 20),
    first=st.integers(0, 1),
    seed=st.integers(0, 3),
)
def test_micro_against_micro_is_the_same_by_its_ranking_alone_and_at_the_table(
    problem, deadline, first, seed
):
    options = {"deadline": deadline, "first": first, "seed": seed}
    meetings = np.zeros((3, problem.n_parties), dtype=int)
    found = bg.play_sessions(problem, ["micro"], meetings, **options)
    # a breakdown that never comes is played at the table
    general = bg.play_sessions(problem, ["micro"], meetings, breakdown=1e-300, **options)
    assert (found.results == general.results).all()


def test_micro_goes_on_when_its_ranking_is_used_up():
    # two outcomes are worth the reservation to each, and each finds the other's below it, but one
    issue = [bg.Issue.integer("x", 0, 3)]
    worths = ({0: 3, 1: 2, 2: 0, 3: 1}, {0: 0, 1: 1, 2: 3, 3: 2})
    parties = {name: bg.AdditiveUtility({"x": w}) for name, w in zip("ab", worths, strict=True)}
    problem = bg.BargainingProblem(issue, parties, disagreement_point=[2, 2])
    options = {"deadline": 30, "seed": 4}
    found = bg.play_sessions(problem, ["micro"], np.zeros((5, 2), dtype=int), **options)
    assert (found["row"] == -1).all()
    assert (found["round"] == 29).all()
    problem = bg.BargainingProblem(issue, parties, disagreement_point=[2, 0])
    session = bg.alternating_offers(problem, ["micro", "micro"], **options)
    found = bg.play_sessions(problem, ["micro"], [[0, 0]], **options)
    assert session.ended == "agreement"
    assert (found["row"][0], found["round"][0]) == (session.offer_rows[-1], session.rounds - 1)


def test_draws_of_many_sessions_are_those_of_each():
    keys = session_keys(seed_sequence(3), 50)
    assert len(set(keys.tolist())) == 50
    assert (keys[:20] == session_keys(seed_sequence(3), 20)).all()
    many = uniforms(keys, 1 << 21, 7)
    assert many.tolist() == [uniform(int(key), 1 << 21, 7) for key in keys]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 2, 15, 1000])
def test_slices_are_everything_once(threads, count):
    allowed = numba.get_num_threads()
    numba.set_num_threads(min(threads, allowed))
    seen = np.zeros(count, dtype=int)

    def work(start, stop):
        seen[start:stop] += 1

    try:
        in_slices(work, count, steps=count, steps_per_thread=2)
    finally:
        numba.set_num_threads(allowed)
    assert (seen == 1).all()


@pytest.fixture(scope="module")
def rental():
    return bg.load("rental")


NAMES = ("boulware", "conceder", "tit_for_tat", "micro", "random", "trade_off")


def test_threads_and_the_size_of_the_batch_change_nothing(rental):
    grid = np.tile(np.indices((len(NAMES),) * 2).reshape(2, -1).T, (20, 1))
    options = {"deadline": 60, "seed": 5, "breakdown": 0.01}
    many = bg.play_sessions(rental, NAMES, grid, **options)
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert (bg.play_sessions(rental, NAMES, grid, **options).results == many.results).all()
    finally:
        numba.set_num_threads(threads)
    few = bg.play_sessions(rental, NAMES, grid[:50], **options)
    assert (few.results == many[:50]).all()
    assert len(np.unique(many[["round", "row"]])) > 100


def test_a_policy_in_plain_python_plays_in_a_batch(rental):
    class Patient:
        """Offer the best, accept anything better than nothing after round 5."""

        def act(self, turn):
            if not turn.is_answer:
                return turn.outcome(int(turn.view.order[-1]))
            late = turn.round > 5 and turn.utility(turn.offer) > turn.view.reservation
            return bg.Answer.ACCEPT if late else bg.Answer.REJECT

    found = bg.play_sessions(rental, [Patient(), "conceder"], deadline=30)
    for result, meeting in zip(found, [(0, 0), (0, 1), (1, 0), (1, 1)], strict=True):
        chosen = [[Patient(), "conceder"][i] for i in meeting]
        session = bg.alternating_offers(rental, chosen, deadline=30)
        assert (session.ended == "agreement") == (result["row"] >= 0)
        if result["row"] >= 0:
            assert session.agreement == rental.space.outcome(int(result["row"]))
    assert found["round"][0] > 5


def test_a_mixture_is_drawn_by_its_weights(rental):
    mixed = bg.Mixture(["hardliner", "conceder"], [1, 3])
    meetings = np.tile([0, 1], (4000, 1))
    found = bg.play_sessions(rental, [mixed, "boulware"], meetings, deadline=30, seed=1)
    soft = bg.play_sessions(rental, ["conceder", "boulware"], [[0, 1]], deadline=30)
    share = float((found["row"] == soft["row"][0]).mean())
    # four standard errors
    assert abs(share - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 4000)
    sessions = [
        bg.alternating_offers(rental, [mixed, "boulware"], deadline=30, seed=seed).rounds
        for seed in range(20)
    ]
    assert len(set(sessions)) == 2


def test_a_breakdown_comes_with_its_chance(rental):
    stubborn = ["hardliner", "hardliner"]
    meetings = np.tile([0, 1], (5000, 1))
    found = bg.play_sessions(rental, stubborn, meetings, deadline=50, seed=2, breakdown=0.1)
    ends = found["round"][found["ended"] == ENDINGS.index("breakdown")]
    # after round r with chance .1 .9^r
    for round in range(5):
        chance = 0.1 * 0.9**round
        seen = float((ends == round).sum() / 5000)
        assert abs(seen - chance) < 4 * np.sqrt(chance * (1 - chance) / 5000)
    assert (found["row"] == -1).all()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"policies": []}, "policies"),
        ({"policies": "boulware"}, "policies"),
        ({"problem": "rental"}, r"^problem: .*bargain\.load\('rental'\)"),
        ({"problem": None}, "^problem: expected a BargainingProblem, got None"),
        (
            {"policies": ["linear", "nobody"]},
            r"^policies\[1\]: expected one of boulware, .* got 'nob",
        ),
        ({"meetings": [[0]]}, "meetings"),
        ({"meetings": [[0, 2]]}, "meetings"),
        ({"meetings": [[0, -1]]}, "meetings"),
        ({"meetings": [[0.5, 1]]}, "meetings"),
        ({"first": 2}, "^first: expected one of landlord, tenant, got 2"),
        ({"first": "bob"}, "^first: "),
        ({"first": 1.0}, "^first: "),
        ({"first": [0, 0]}, "first"),
        ({"deadline": -1}, "deadline"),
        ({"breakdown": 1.0}, "breakdown"),
        ({"breakdown": float("nan")}, "breakdown"),
        ({"times": [0, 0.5]}, "times"),
        ({"times": [0.5, 0.2, 1]}, "times"),
        ({"times": [0, float("nan"), 1]}, "times"),
        ({"times": [0, 0, 0]}, "^times: expected a last time above 0"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_input_is_named(rental, changes, says):
    options = {"problem": rental, "policies": ["boulware", "linear"], "deadline": 3, **changes}
    with pytest.raises(InvalidArgumentError, match=says):
        bg.play_sessions(**options)
    if "meetings" not in changes:
        with pytest.raises(InvalidArgumentError, match=says):
            bg.alternating_offers(**options)


def test_no_sessions_are_no_sessions(rental):
    assert len(bg.play_sessions(rental, ["linear"], np.empty((0, 2), dtype=int), deadline=3)) == 0


def test_keys_are_those_of_their_sessions_across_parts_and_threads():
    count = 2 * KEYS_PER_THREAD + 3
    keys = session_keys(seed_sequence(7), count)
    at = [0, AT_ONCE - 1, AT_ONCE, count // 16, count // 16 + AT_ONCE, count - 1]
    assert keys[at].tolist() == [session_key(SessionSeed(7, i)) for i in at]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_the_caller_gave_is_copied_and_left_alone(threads, monkeypatch):
    monkeypatch.setattr(batch, "MEETINGS_PER_THREAD", 10)
    monkeypatch.setattr(numba, "get_num_threads", lambda: threads)
    meetings = np.array([[0, 1], [1, 0], [1, 1]] * 20, dtype=np.uint8)
    first = np.array([0, 1, 1] * 20, dtype=np.int32)
    found = bg.play_sessions(
        bg.load("rental"), ["boulware", "conceder"], meetings, deadline=9, first=first
    )
    assert found.meetings.tolist() == meetings.tolist()
    assert found.openers.tolist() == first.tolist()
    assert (found.meetings.dtype, found.openers.dtype) == (np.int64, np.int64)
    meetings[0], first[0] = 0, 1
    assert found.meetings[0].tolist() == [0, 1]
    assert found.openers[0] == 0
