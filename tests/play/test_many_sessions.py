"""What many sessions reached, and that each can be played again alone."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play import ENDINGS
from tests.problems import one_choice

MIXED = bg.Mixture(
    ["hardliner", bg.Mixture(["random", bg.RandomOffers(0.5)]), "conceder"], [1, 2, 1]
)
NOISY = bg.TitForTat("absolute", noise=0.3)


class Coin:
    """Offer one of two demands, drawn."""

    def act(self, turn):
        if turn.is_answer:
            return bg.Answer.ACCEPT if turn.draw() > 0.9 else bg.Answer.REJECT
        return int(turn.view.rows_at([0.9 if turn.draw() < 0.5 else 0.6])[0])


class Leaver:
    """Ask for everything, accept nothing, and walk away in some round."""

    def __init__(self, stays):
        self.stays = stays

    def plan(self, view, times):
        n = len(times)
        return bg.Plan(np.full(n, view.order[-1]), np.full(n, np.inf), self.stays)


def huge():
    """10^20 outcomes."""
    generator = np.random.default_rng(20)
    issues = [bg.Issue.integer(f"clause {j}", 0, 9) for j in range(20)]
    sides = {
        party: bg.AdditiveUtility({i.name: dict(enumerate(generator.random(10))) for i in issues})
        for party in ("buyer", "supplier")
    }
    return bg.BargainingProblem(issues, sides)


def costly():
    """A lease on which waiting costs, each side in another way."""
    rental = bg.load("rental")
    return bg.BargainingProblem(
        rental.space,
        {"landlord": rental.profiles[0].utility, "tenant": rental.profiles[1].utility},
        disagreement_point=[500, 300],
        discount_factors=[0.97, 1.0],
        costs=[0, 5],
    )


def three():
    return one_choice([(9, 1, 2), (1, 9, 2), (2, 1, 9), (5, 5, 4), (4, 4, 6), (6, 3, 3), (3, 6, 4)])


CASES = {
    "two": (lambda: bg.load("rental"), ["random", MIXED, NOISY, "micro", "boulware"]),
    "own": (lambda: bg.load("rental"), [Coin(), MIXED, NOISY]),
    "three": (three, ["random", MIXED, NOISY]),
    "huge": (huge, ["micro", bg.Mixture(["boulware", "conceder", "linear"]), "linear"]),
}


@pytest.mark.parametrize("breakdown", [0.0, 0.05])
@pytest.mark.parametrize("case", CASES)
def test_the_seed_of_a_session_plays_exactly_that_session(case, breakdown):
    make, policies = CASES[case]
    problem = make()
    n_parties = problem.n_parties
    grid = np.indices((len(policies),) * n_parties).reshape(n_parties, -1).T
    meetings = np.concatenate([grid, grid])
    openers = np.arange(len(meetings)) % n_parties
    options = {"deadline": 18, "breakdown": breakdown}
    many = bg.play_sessions(problem, policies, meetings, first=openers, seed=11, **options)
    for i, (meeting, opener) in enumerate(zip(meetings, openers, strict=True)):
        one = bg.alternating_offers(
            problem,
            [policies[j] for j in meeting],
            first=int(opener),
            seed=bg.SessionSeed(11, i),
            **options,
        )
        row = one.offer_rows[-1] if one.agreement is not None else -1
        assert (many.ended[i], many[i]["row"]) == (one.ended, row)
        assert many.agreements[i] == one.agreement
        assert many.utilities[i].tolist() == one.utilities.tolist()
        assert many.discounted_utilities[i].tolist() == one.discounted_utilities.tolist()
        assert many.seed_of(i) == bg.SessionSeed(11, i)
        again = many.session(i)
        assert again.offer_rows.tolist() == one.offer_rows.tolist()
        assert again.first == one.first
    # draws differ from session to session, so that the seeds are needed
    if case != "huge":
        assert (many[: len(grid)] != many[len(grid) :]).any()


@pytest.mark.parametrize(
    "seed",
    [None, 5, np.random.SeedSequence(3).spawn(2)[1], np.random.SeedSequence(3, pool_size=8)],
)
def test_sessions_know_their_seeds_whatever_was_given(seed):
    rental = bg.load("rental")
    pair = ("random", MIXED)
    options = {"deadline": 15, "breakdown": 0.02}
    many = bg.play_sessions(rental, pair, [[0, 1]] * 30, seed=seed, **options)
    for i in range(30):
        one = bg.alternating_offers(rental, pair, seed=many.seed_of(i), **options)
        assert (many.ended[i], many[i]["round"]) == (one.ended, one.rounds - 1)
        assert many.utilities[i].tolist() == one.utilities.tolist()
    again = bg.play_sessions(rental, pair, [[0, 1]] * 30, seed=many.seed, **options)
    assert (again.results == many.results).all()


def test_a_generator_is_drawn_from_once_and_its_sessions_can_be_played_again():
    rental = bg.load("rental")
    generator = np.random.default_rng(8)
    many = bg.play_sessions(rental, ["random"], [[0, 0]] * 10, deadline=15, seed=generator)
    more = bg.play_sessions(rental, ["random"], [[0, 0]] * 10, deadline=15, seed=generator)
    assert (many.results != more.results).any()
    for i in range(10):
        assert many.session(i).offer_rows[-1] == many[i]["row"]


def test_the_first_session_is_what_the_seed_itself_plays():
    rental = bg.load("rental")
    alone = bg.alternating_offers(rental, ("random", "random"), deadline=15, seed=4)
    first = bg.alternating_offers(
        rental, ("random", "random"), deadline=15, seed=bg.SessionSeed(4, 0)
    )
    assert alone.offer_rows.tolist() == first.offer_rows.tolist()


def test_a_session_says_which_policy_of_a_mixture_played():
    rental = bg.load("rental")
    mixed = bg.Mixture(["hardliner", "conceder"])
    seen = set()
    for seed in range(20):
        session = bg.alternating_offers(rental, (mixed, "boulware"), deadline=20, seed=seed)
        drawn, other = session.policies
        assert other == bg.policy_from_name("boulware")
        alone = bg.alternating_offers(rental, (drawn, other), deadline=20, seed=seed)
        assert session.offer_rows.tolist() == alone.offer_rows.tolist()
        assert session.to_dict()["policies"][0]["floor"] == drawn.floor
        seen.add(drawn)
    assert seen == {bg.policy_from_name("hardliner"), bg.policy_from_name("conceder")}


def test_how_sessions_ended_is_counted():
    rental = bg.load("rental")
    policies = ["linear", "hardliner", Leaver(3), Leaver(4)]
    meetings = [[0, 0], [1, 1], [1, 1], [2, 1], [1, 2], [3, 3]]
    many = bg.play_sessions(rental, policies, meetings, deadline=10)
    assert many.counts == {"agreement": 1, "deadline": 2, "walk_away": 3, "breakdown": 0}
    assert many.ended.tolist() == ["agreement", "deadline", "deadline", *["walk_away"] * 3]
    assert many.agreed.tolist() == [True] + [False] * 5
    assert many["left_by"].tolist() == [-1, -1, -1, 0, 1, 0]
    assert [ENDINGS[code] for code in many["ended"]] == many.ended.tolist()
    risky = bg.play_sessions(
        rental, policies, [[1, 1]] * 300, deadline=10, seed=1, breakdown=0.2
    ).counts
    # at least one of nine draws fails with chance 1 - 0.8^10
    assert risky["breakdown"] + risky["deadline"] == 300
    chance = 1 - 0.8**10
    assert abs(risky["breakdown"] / 300 - chance) < 4 * np.sqrt(chance * (1 - chance) / 300)
    nobody = bg.play_sessions(rental, policies, np.empty((0, 2), dtype=int), deadline=10)
    assert nobody.counts == dict.fromkeys(ENDINGS, 0)
    assert (repr(nobody), nobody.utilities.shape) == ("Sessions(0)", (0, 2))
    assert "0 sessions" in str(nobody)


@pytest.mark.parametrize("deadline", [0, 1, 14])
def test_utilities_are_those_of_each_session_after_waiting_too(deadline):
    problem = costly()
    policies = ["boulware", "conceder", "hardliner", "micro", Leaver(2)]
    many = bg.play_sessions(problem, policies, deadline=deadline, seed=2)
    for i in range(len(many)):
        session = many.session(i)
        assert many.utilities[i].tolist() == session.utilities.tolist()
        assert many.gains[i].tolist() == session.gains.tolist()
        assert many.discounted_utilities[i].tolist() == session.discounted_utilities.tolist()
        assert many.agreements[i] == session.agreement
    if deadline == 14:
        assert (many.discounted_utilities < many.utilities).any()


def test_sessions_say_in_a_few_lines_what_they_reached():
    many = bg.play_sessions(bg.load("rental"), ["linear", "hardliner"], deadline=10)
    assert repr(many) == "Sessions(4: agreement 3, deadline 1)"
    assert str(many).splitlines() == [
        "rental: landlord | tenant, 4 sessions, deadline 10",
        "agreement 3, deadline 1, walk_away 0, breakdown 0",
        f"mean utility: landlord {many.utilities[:, 0].mean():g}, "
        f"tenant {many.utilities[:, 1].mean():g}",
    ]


def test_what_sessions_hold_cannot_be_changed_nor_changes_with_what_was_given():
    meetings, first = np.zeros((3, 2), dtype=np.int64), np.zeros(3, dtype=np.int64)
    many = bg.play_sessions(bg.load("rental"), ["linear"], meetings, deadline=5, first=first)
    meetings[:], first[:] = 7, 7
    assert many.meetings.tolist() == [[0, 0]] * 3
    assert many.openers.tolist() == [0, 0, 0]
    for array in (many.meetings, many.openers, many.results, many.schedule, many.utilities):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("index", [-1, 4, 0.5, None, "first"])
def test_a_session_that_was_not_played_is_refused(index):
    many = bg.play_sessions(bg.load("rental"), ["linear", "micro"], deadline=5)
    for ask in (many.session, many.seed_of):
        with pytest.raises(InvalidArgumentError, match=r"^index: expected a "):
            ask(index)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((-1, 0), r"^seed: expected a whole number >= 0, got -1"),
        ((None, 0), r"^seed: "),
        ((np.random.default_rng(1), 0), r"^seed: "),
        ((1, -1), r"^session: expected a whole number >= 0, got -1"),
        ((1, 0.5), r"^session: "),
    ],
)
def test_the_seed_of_no_session_is_refused(given, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.SessionSeed(*given)
