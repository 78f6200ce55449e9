"""Tournaments: what is counted, and that results do not depend on how they are played."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import numba
import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play.standings import intervals
from bargain.search.trials import Trials
from tests.play.pies import Fixed, pie
from tests.play.test_listed import huge
from tests.problems import one_choice

MIXED = ["boulware", "conceder", "micro", "tit_for_tat", "random"]


def test_payoffs_of_a_tournament_worked_out_by_hand():
    # Soft offers (5, 5) and takes anything; hard offers and takes nothing but (8, 4). Who opens:
    # soft first: (5, 5) is refused by hard in the first seat (5 < 8) and taken in the second
    # (5 > 4); hard first: (8, 4) is taken.
    players = {"soft": Fixed(2, 5), "hard": Fixed(1, 1)}
    found = bg.tournament(pie("pie"), players, deadline=2)
    # shares: (5, 5) is (.5, .625), (8, 4) is (.8, .5)
    soft_soft = (0.5 + 0.625) / 2
    hard_hard = (0.8 + 0.5) / 2
    # hard sits first: (8, 4) either way; hard sits second: (5, 5) if soft opens, else (8, 4)
    hard_soft = (0.8 + 0.8 + 0.625 + 0.5) / 4
    soft_hard = (0.5 + 0.5 + 0.5 + 0.8) / 4
    assert found.payoffs == pytest.approx(
        np.array([[soft_soft, soft_hard], [hard_soft, hard_hard]])
    )
    assert found.counts.tolist() == [[4, 4], [4, 4]]
    assert np.isnan(found.payoff_errors).all()
    best, worst = found.ranking()
    assert (best.policy, best.rank, worst.rank) == ("hard", 1, 2)
    assert best.score == pytest.approx((hard_soft + hard_hard) / 2)
    assert best.others_share == pytest.approx((soft_hard + hard_hard) / 2)
    assert best.agreement_rate == 1
    assert np.isnan([best.low, best.high, best.first]).all()


def test_problems_without_a_zone_are_skipped_if_asked_for():
    apart = pie("apart", (9, 9))
    large = huge(20, reservation=0.2)
    given = {"problems": {"one": pie(), "apart": apart, "large": large, "two": pie(d=(0, 2))}}
    options = {"policies": ["linear", "boulware"], "deadline": 9, "seed": 1}
    kept = bg.tournament(**given, **options)
    assert (kept.without_zone, kept.left_out) == (("apart",), ())
    found = bg.tournament(**given, **options, without_zone="skip")
    assert (found.without_zone, found.left_out) == ((), ("apart",))
    assert "left out, as there is no zone of agreement: apart (1 of 4 problems)" in str(found)
    assert found.to_dict()["left_out"] == ["apart"]
    # as if it had not been given
    del given["problems"]["apart"]
    fewer = bg.tournament(**given, **options)
    assert found.problem_names == fewer.problem_names
    assert repr(found.results.tolist()) == repr(fewer.results.tolist())
    with pytest.raises(bg.NoAgreementZoneError, match="got none: 'apart'"):
        bg.tournament(apart, ["linear"], deadline=3, without_zone="skip")
    with pytest.raises(InvalidArgumentError, match="without_zone: expected 'keep' or 'skip'"):
        bg.tournament(apart, ["linear"], deadline=3, without_zone="drop")
    nowhere = huge(20, reservation=0.99)
    with pytest.raises(bg.NoAgreementZoneError, match="got none"):
        bg.tournament(nowhere, ["linear"], deadline=3, without_zone="skip")


def test_intervals_of_scores_end_where_shares_do():
    names = ["hardliner", "conceder", "linear"]
    found = bg.tournament([pie("one"), pie("two", (0, 3))], names, deadline=9)
    low, high = intervals(found.problem_scores, level=0.95)
    assert low.min() < 0
    assert high.max() > 1
    for one in found.ranking():
        at = names.index(one.policy)
        assert (one.low, one.high) == (max(low[at], 0), min(high[at], 1))


@pytest.mark.parametrize("n_issues", [8, 20])
def test_a_tournament_over_too_many_outcomes_to_enumerate(n_issues):
    problems = {"huge": huge(n_issues), "rental": bg.load("rental")}
    names = ["boulware", "conceder", "micro"]
    found = bg.tournament(problems, names, deadline=30, seed=1)
    assert len(found) == 36
    assert np.isfinite(found.payoffs).all()
    for at in (0, 5, 17, 20):
        one, session = found.results[at], found.session(at)
        reached = bg.session_measures(session)
        assert one["row"] == (session.offer_rows[-1] if session.agreement else -1)
        assert one["first_offer"] == session.offer_rows[0]
        assert one["shares"].tolist() == list(reached.shares)
        assert one["frontier_distance"] == reached.frontier_distance
        assert one["first_offer_share"] == reached.first_offer_share
    rows = found.columns()["row"]
    assert max(rows) > 2**63 if n_issues == 20 else found.results["row"].dtype == np.int64
    (alone,) = bg.tournament(problems["rental"], names, deadline=30, seed=1).payoffs[:1]
    huge_alone = bg.tournament(problems["huge"], names, deadline=30, seed=1).payoffs[0]
    assert found.payoffs[0] == pytest.approx((alone + huge_alone) / 2)


def test_payoffs_and_errors_over_problems_are_means_of_problems():
    # no repetition, no matter how many sessions a problem has
    one, two = pie("one"), pie("two", (0, 2))
    players = {"soft": Fixed(2, 5), "hard": Fixed(1, 1)}
    both = bg.tournament([one, two], players, deadline=2)
    each = np.array([bg.tournament(p, players, deadline=2).payoffs for p in (one, two)])
    assert both.payoffs == pytest.approx(each.mean(axis=0))
    assert both.payoff_errors == pytest.approx(each.std(axis=0, ddof=1) / np.sqrt(2))
    assert both.problem_scores == pytest.approx(each.mean(axis=2))


@pytest.mark.parametrize("pool", [None, ["conceder", "random"]])
def test_payoffs_and_scores_by_a_slow_count(pool):
    three = one_choice([(4, 0, 0), (2, 2, 1), (0, 4, 0), (0, 0, 2), (1, 1, 1)], (0, 0, 0.5))
    problems = {"rental": "rental", "pie": pie(d=(1, 1)), "three": three}
    names = ["linear", "micro", "hardliner"]
    found = bg.tournament(
        problems, names, against=pool, deadline=[3, 8], repetitions=3, seed=5, self_play=False
    )
    columns = found.columns()
    sums = {}
    for i, problem in enumerate(columns["problem"]):
        seats = [columns[f"policy_{seat}"][i] for seat in range(3)]
        twins = sum(
            columns["problem"][j] == problem
            and columns["deadline"][j] == columns["deadline"][i]
            and columns["first"][j] == columns["first"][i]
            and [columns[f"policy_{seat}"][j] for seat in range(3)] == seats
            for j in range(len(found))
        )
        for a, own in enumerate(seats):
            for b, other in enumerate(seats):
                if a != b and own in names and other in found.opponents:
                    shares = sums.setdefault((own, other, problem), [])
                    shares.append((columns[f"shares_{a}"][i], 1 / twins))
    means = np.full((3, 3, len(found.opponents)), np.nan)
    for (own, other, problem), shares in sums.items():
        at = list(problems).index(problem), names.index(own), found.opponents.index(other)
        total = sum(weight for _, weight in shares)
        means[at] = sum(share * weight for share, weight in shares) / total
    assert found.payoffs == pytest.approx(means.mean(axis=0), nan_ok=True)
    errors = means.std(axis=0, ddof=1) / np.sqrt(3)
    assert found.payoff_errors == pytest.approx(errors, nan_ok=True)
    scores = np.nanmean(means, axis=2)
    for one in found.ranking():
        column = scores[:, names.index(one.policy)]
        assert one.score == pytest.approx(column.mean())
        assert one.standard_error == pytest.approx(column.std(ddof=1) / np.sqrt(3))


@pytest.fixture(scope="module")
def found():
    problems = ["rental", "employment", "framework_contract"]
    return bg.tournament(problems, MIXED, deadline=[7, 20], repetitions=2, seed=3, breakdown=0.02)


def test_sessions_can_be_played_again_with_all_their_offers(found):
    for i in range(0, len(found), 41):
        one, session = found.results[i], found.session(i)
        assert session.deadline == one["deadline"]
        assert session.utilities.tolist() == one["utilities"].tolist()
        assert session.discounted_utilities.tolist() == one["discounted_utilities"].tolist()
        assert session.ended == bg.play.ENDINGS[one["ended"]]
        assert session.problem.party_index(session.first) == one["first"]
        assert session.offer_rows[0] == one["first_offer"]
        measures = bg.session_measures(session)
        for name in ("nash_distance", "kalai_smorodinsky_distance", "frontier_distance",
                     "fairness", "first_offer_share", "joint_gain", "shares", "gains"):  # fmt: skip
            assert one[name] == pytest.approx(getattr(measures, name), nan_ok=True), name


def test_same_seed_same_bytes_whatever_the_threads(found):
    options = {"deadline": [7, 20], "repetitions": 2, "breakdown": 0.02}
    problems = ["rental", "employment", "framework_contract"]
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = bg.tournament(problems, MIXED, seed=3, **options)
    finally:
        numba.set_num_threads(threads)
    assert alone.results.tobytes() == found.results.tobytes()
    assert alone.ranking() == found.ranking()
    other = bg.tournament(problems, MIXED, seed=4, **options)
    assert other.results.tobytes() != found.results.tobytes()


def test_sessions_in_which_nobody_draws_are_played_once():
    found = bg.tournament("rental", ["linear", "random"], deadline=9, repetitions=5, seed=1)
    assert found.counts.tolist() == [[4, 20], [20, 20]]
    assert found.payoffs[0, 0] == bg.tournament("rental", ["linear"], deadline=9).payoffs[0, 0]
    broken = bg.tournament("rental", ["linear"], deadline=9, repetitions=5, breakdown=0.1, seed=1)
    assert broken.counts.tolist() == [[20]]


def test_a_pool_meets_policies_and_nobody_else():
    pool = {"soft": Fixed(2, 5), "hard": Fixed(1, 1)}
    found = bg.tournament(pie("pie"), {"mine": Fixed(1, 5)}, against=pool, deadline=2)
    whole = bg.tournament(pie("pie"), {"mine": Fixed(1, 5), **pool}, deadline=2)
    assert found.payoffs.tolist() == whole.payoffs[:1, 1:].tolist()
    assert found.opponents == ("soft", "hard")
    seats = found.results["policies"]
    assert ((seats == 0).sum(axis=1) == 1).all()
    assert found.columns()["policy_1"][0] == "soft"


def test_three_parties_fill_their_seats_in_every_way():
    problem = one_choice([(4, 0, 0), (2, 2, 1), (0, 4, 0), (0, 0, 2), (1, 1, 1)])
    found = bg.tournament([problem, "rental"], ["linear", "boulware"], deadline=6)
    three = found.results[found.results["problem"] == 0]
    # 2^3 ways, 3 openers
    assert len(three) == 24
    two = found.results[found.results["problem"] == 1]
    assert (two["policies"][:, 2] == -1).all()
    assert np.isnan(two["shares"][:, 2]).all()
    # slow twin: every ordered pair of seats of every session
    for i, j in np.ndindex(2, 2):
        shares = [
            one["shares"][a]
            for one in three
            for a in range(3)
            for b in range(3)
            if a != b and one["policies"][a] == i and one["policies"][b] == j
        ]
        alone = bg.tournament(problem, ["linear", "boulware"], deadline=6)
        assert alone.payoffs[i, j] == pytest.approx(np.mean(shares))
    distinct = bg.tournament(problem, MIXED[:4], deadline=6, self_play=False, first=0)
    assert len(distinct) == 4 * 3 * 2
    assert np.isnan(np.diag(distinct.payoffs)).all()


def test_without_a_zone_the_tournament_goes_on():
    none = one_choice([(1, 0), (0, 1)], (0.5, 0.5))
    found = bg.tournament({"none": none, "pie": pie()}, ["linear", "micro"], deadline=8)
    assert found.without_zone == ("none",)
    assert "no zone of agreement in 1 of 2 problems, which count in all means" in str(found)
    here = found.results[found.results["problem"] == 0]
    assert (here["row"] == -1).all()
    assert (here["shares"] == 0).all()
    assert np.isnan(here["nash_distance"]).all()
    for one in found.ranking():
        assert one.nash_distance >= 0
    alone = bg.tournament(none, ["linear"], deadline=8)
    assert json.loads(json.dumps(alone.to_dict()))["ranking"][0]["nash_distance"] is None


@pytest.mark.parametrize("waiting", [{"discount_factors": (0.8, 0.9)}, {"costs": (0.3, 0.1)}, {}])
@pytest.mark.parametrize("d", [(3, 2), (-4, -1)])
def test_shares_are_those_that_evolve_counts(d, waiting):
    problem = bg.BargainingProblem(
        pie().space, {p.name: p.utility for p in pie().profiles}, disagreement_point=d, **waiting
    )
    pool = {"linear": bg.TimeDependent(), "hard": bg.TimeDependent(floor=1.0)}
    mine = {"mine": bg.TimeDependent(beta=0.3, floor=0.9)}
    found = bg.tournament({"pie": problem}, mine, against=pool, deadline=9)
    for seat in (0, 1):
        tried = Trials.of(
            [problem], seat, list(pool.values()), deadlines=[9], sequence=np.random.SeedSequence(0)
        )
        space = bg.TimeDependentSpace()
        counted = tried.performance(space.candidates(space.vector(mine["mine"])[None]))
        here = found.results[found.results["policies"][:, seat] == 0]
        assert (here["row"] < 0).any()
        assert here["shares"][:, seat].mean() == pytest.approx(counted.share)


def test_a_discounted_disagreement_point_is_lost_by_waiting():
    # 0.8 after two rounds of 0.5 is 0.2; 0.6 lost of 0.2 that could be gained
    none = one_choice([(1, 0), (0, 1)], (0.8, 0.5))
    late = bg.BargainingProblem(none.space, none.profiles, discount_factors=(0.5, 1))
    found = bg.tournament({"late": late, "pie": pie()}, ["linear"], deadline=3)
    one = found.results[found.results["problem"] == 0][0]
    assert one["utilities"][0] == 0.8
    assert one["shares"][:2].tolist() == pytest.approx([(0.2 - 0.8) / (1 - 0.8), 0])
    assert "waiting cost more than was gained: late (mean share -1.50)" in str(found)


def test_one_policy_alone_meets_itself():
    found = bg.tournament("rental", ["linear"], deadline=10)
    assert found.payoffs.shape == (1, 1)
    assert len(found) == 2
    with pytest.raises(InvalidArgumentError, match="at least 2 without self-play"):
        bg.tournament("rental", ["linear"], deadline=10, self_play=False)


@pytest.mark.parametrize("deadline", [0, (10, 0)])
def test_a_tournament_without_rounds_has_nothing_to_rank(deadline):
    with pytest.raises(InvalidArgumentError, match="deadline: expected a whole number >= 1, got 0"):
        bg.tournament(pie("pie"), ["linear", "boulware"], deadline=deadline)


class Asks:
    """Ask for a row, and take whatever is offered."""

    def __init__(self, row):
        self.row = row

    def plan(self, view, times):
        return bg.Plan(np.full(len(times), self.row), np.zeros(len(times)))


def test_first_offers_pull_outcomes_where_asking_more_gets_more():
    slices = one_choice([(i, 10 - i) for i in range(11)])
    askers = {f"ask {row}": Asks(row) for row in (5, 6, 9)}
    effect = bg.tournament(slices, askers, deadline=4).first_offer_effect()
    # whoever opens gets what it asks for
    assert effect.slope == pytest.approx(1)
    assert effect.correlation == pytest.approx(1)
    assert effect.n == 18


def test_the_first_offer_says_nothing_where_the_second_is_what_counts():
    # the opener's first demand is refused, whatever it is, and it takes (5, 5)
    slices = one_choice([(i, 10 - i) for i in range(11)])
    openers = {f"ask {row}": Fixed(row, 5) for row in (6, 7, 9)}
    found = bg.tournament(slices, openers, against={"half": Fixed(5, 5)}, deadline=2, first=0)
    asked = found.results[found.results["policies"][:, 0] < 3]
    assert asked["first_offer"].tolist() == [6, 7, 9]
    assert asked["row"].tolist() == [5, 5, 5]
    assert bg.first_offer_effect(asked["first_offer_share"], asked["shares"][:, 0]).slope == 0


def test_results_as_columns_and_as_a_data_frame(found, monkeypatch):
    columns = found.columns()
    assert {len(column) for column in columns.values()} == {len(found)}
    assert columns["problem"][0] == "rental"
    assert columns["policy_0"][0] == "boulware"
    assert columns["shares_1"][0] == found.results["shares"][0, 1]
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=lambda given: given))
    assert found.to_pandas().keys() == columns.keys()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="expected pandas to be installed"):
        found.to_pandas()


def test_a_data_frame_of_pandas(found):
    pandas = pytest.importorskip("pandas")
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["shares_0"].tolist() == found.results["shares"][:, 0].tolist()


def test_questions_to_a_tournament_are_checked(found):
    for level in (0, 1, float("nan")):
        with pytest.raises(InvalidArgumentError, match="level"):
            found.ranking(level=level)
    with pytest.raises(InvalidArgumentError, match="index"):
        found.session(len(found))
    with pytest.raises(InvalidArgumentError, match="kind"):
        found.plot("pie")
    with pytest.raises(ValueError, match="read-only"):
        found.results["row"] = 0
