"""Sessions of NegMAS's own strategies, offer for offer as its mechanism plays them.

Its MiCRO repeats an earlier offer at random where it does not concede. So sessions with it are
compared up to the first repeat, and after that turn by turn: ours, at each of its turns, accepts
when it does, concedes to the same outcome and repeats when it repeats. It is compared where no two
outcomes are worth the same to a party. Everything else is compared to the end, ties included.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import bargain as bg
from tests.peers.sessions import our_session, peer_session, random_problem

negmas = pytest.importorskip("negmas", reason="NegMAS, an optional peer, is not installed")

from bargain.adapters.negmas import SAOTimeBased, SAOTitForTat, sao_times  # noqa: E402
from bargain.play import PartyView  # noqa: E402
from bargain.play.turn import Turn  # noqa: E402

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
MISSING = pytest.mark.skip(reason=f"the real negotiation data is not at {DATA}")
DEADLINES = (1, 2, 3, 10, 37, 100)
MOST_OUTCOMES = 5000

PEERS = {
    "boulware": (negmas.BoulwareTBNegotiator, SAOTimeBased.boulware()),
    "linear": (negmas.LinearTBNegotiator, SAOTimeBased.linear()),
    "conceder": (negmas.ConcederTBNegotiator, SAOTimeBased.conceder()),
    "aspiration": (negmas.AspirationNegotiator, SAOTimeBased.aspiration()),
    "tit_for_tat": (negmas.NaiveTitForTatNegotiator, SAOTitForTat()),
    "micro": (negmas.MiCRONegotiator, bg.MiCRO()),
}
"""Its negotiators and our policies that should do the same."""

RANDOM = [(seed, n) for n in (1, 2, 3, 4) for seed in range(3)]


def published():
    """Return folders of published domains, by name; none where the data is missing."""
    found = {}
    for framework in ("genius", "geniusweb", "negolog"):
        for folder in sorted((DATA / framework).glob("*")):
            if folder.is_dir():
                found[f"{framework}/{folder.name}"] = folder
    return found


def first_repeat(rows, seats):
    """Return the round in which one of the seats first repeats an offer of its own."""
    for seat in seats:
        own = rows[seat::2]
        repeats = [2 * i + seat for i, row in enumerate(own) if row in own[:i]]
        if repeats:
            seats = [s for s in seats if s != seat]
            return min([repeats[0], *([] if not seats else [first_repeat(rows, seats)])])
    return len(rows)


def assert_same_session(problem, names, n_steps):
    """Compare offers, agreement, and what the compiled table makes of it."""
    theirs, their_agreement = peer_session(problem, [PEERS[name][0] for name in names], n_steps)
    policies = [PEERS[name][1] for name in names]
    ours, our_agreement = our_session(problem, policies, n_steps)
    end = first_repeat(theirs, [seat for seat, name in enumerate(names) if name == "micro"])
    if end < len(theirs):
        assert ours[:end] == theirs[:end]
        for seat in (seat for seat, name in enumerate(names) if name == "micro"):
            assert_micro_does_the_same(problem, seat, theirs, their_agreement, n_steps)
        return
    assert our_agreement == their_agreement
    # without an agreement its second speaker makes one more offer, which nobody answers
    spoken = theirs if their_agreement is not None else theirs[: 2 * n_steps - 1]
    assert ours == spoken
    times = sao_times(n_steps)
    (batch,) = bg.play_sessions(problem, policies, [[0, 1]], deadline=len(times), times=times)
    assert batch["row"] == (-1 if their_agreement is None else their_agreement)
    assert batch["round"] == len(ours) - 1


def assert_micro_does_the_same(problem, seat, rows, agreement, n_steps):
    """Ask ours at each turn of a seat in a session of theirs."""
    view, times = PartyView.of(problem, seat), sao_times(n_steps)
    seats = [r % 2 for r in range(len(rows))]
    for r, row in enumerate(rows[: len(times)]):
        if seats[r] == seat:
            said = bg.MiCRO().act(Turn(view, seat, r, times, rows[:r], seats[:r], False))
            own = rows[seat:r:2]
            assert said == row or (said in own and row in own)
        else:
            asked = Turn(view, seat, r, times, rows[: r + 1], seats[: r + 1], True)
            accepted = agreement is not None and r == len(rows) - 1
            assert bg.MiCRO().act(asked) is (bg.Answer.ACCEPT if accepted else bg.Answer.REJECT)


def pairs_for(turn, names):
    """Return as many pairs as there are names, each name once on either side."""
    shift = turn % len(names)
    return list(zip(names, names[shift:] + names[:shift], strict=True))


@pytest.mark.parametrize(("seed", "n_issues"), RANDOM)
def test_sessions_without_ties_are_the_peers(seed, n_issues):
    problem = random_problem(seed, n_issues)
    for turn, n_steps in enumerate(DEADLINES):
        for names in pairs_for(turn + seed, list(PEERS)):
            assert_same_session(problem, names, n_steps)


@pytest.mark.parametrize("betas", [(0.05, 3.0), (0.3, 0.3), (10.0, 0.1)], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_a_concession_rate_of_ours_is_the_peers_exponent(seed, betas):
    problem = random_problem(seed, 2)
    theirs = [
        negmas.TimeBasedConcedingNegotiator(offering_curve=negmas.PolyAspiration(1.0, 1 / beta))
        for beta in betas
    ]
    rows, agreed = peer_session(problem, theirs, 40)
    ours, our_agreed = our_session(problem, [SAOTimeBased.of_beta(beta) for beta in betas], 40)
    assert our_agreed == agreed
    assert ours == (rows if agreed is not None else rows[:79])


@pytest.mark.parametrize("levels", [4, 10])
@pytest.mark.parametrize("seed", range(3))
def test_sessions_with_ties_are_the_peers(seed, levels):
    problem = random_problem(seed, 3, levels=levels)
    for turn, n_steps in enumerate(DEADLINES):
        for names in pairs_for(turn + seed, ["boulware", "linear", "conceder", "aspiration"]):
            assert_same_session(problem, names, n_steps)


@pytest.mark.parametrize("name", list(published()) or [pytest.param(None, marks=MISSING)])
def test_sessions_on_published_domains_are_the_peers(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            problem = bg.load(published()[name])
        except bg.BargainError as error:
            pytest.skip(str(error))
    if problem.n_parties != 2 or not problem.space.is_finite or problem.space.size > MOST_OUTCOMES:
        pytest.skip("not two parties over a space small enough for NegMAS")
    names = list(PEERS)
    if any(len(np.unique(column)) < len(column) for column in problem.utilities().T):
        names.remove("micro")
    for turn, n_steps in enumerate(DEADLINES):
        for pair in pairs_for(turn, names):
            assert_same_session(problem, pair, n_steps)
