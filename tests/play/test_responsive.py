"""What policies that look at the other side do, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidOutcomeError
from bargain.play.models import IssueValues


def script(*slices, acceptance=None):
    return bg.Scripted([[s] for s in slices], acceptance or bg.AcceptAbove(1.0))


def offers_of(session, seat):
    return session.offer_rows[session.proposers == seat].tolist()


def test_relative_tit_for_tat_shrinks_by_the_fraction_given_up(pie):
    tit = bg.TitForTat(acceptance=bg.AcceptAbove(1.0))
    # Bob holds back 10, 8, 4, 4: Ann's demand shrinks to 10 * .8, 8 * .5, then stays
    session = bg.alternating_offers(pie, (tit, script(0, 2, 6, 6)), deadline=10)
    assert offers_of(session, 0) == [10, 10, 8, 4, 4]
    # with its own acceptance it takes 6 rather than offer 4
    session = bg.alternating_offers(pie, (bg.TitForTat(), script(0, 2, 6)), deadline=10)
    assert session.agreement == {"slices": 6}


def test_absolute_tit_for_tat_gives_the_same_amount_and_takes_it_back(pie):
    tit = bg.TitForTat("absolute", acceptance=bg.AcceptAbove(1.0))
    session = bg.alternating_offers(pie, (tit, script(0, 3, 1, 2)), deadline=10)
    assert offers_of(session, 0) == [10, 10, 7, 9, 8]


def test_averaged_tit_for_tat_looks_over_its_window(pie):
    tit = bg.TitForTat("averaged", delay=2, acceptance=bg.AcceptAbove(1.0))
    session = bg.alternating_offers(pie, (tit, script(0, 0, 5, 5)), deadline=8)
    # held back 10, 10, 5, 5: one step is 10/10, two are 5/10 of the last demand
    assert offers_of(session, 0) == [10, 10, 10, 5]


def test_delayed_tit_for_tat_answers_what_came_before(pie):
    tit = bg.TitForTat("absolute", delay=2, acceptance=bg.AcceptAbove(1.0))
    session = bg.alternating_offers(pie, (tit, script(0, 2, 2, 3)), deadline=10)
    assert offers_of(session, 0) == [10, 10, 10, 8, 8]


def test_micro_concedes_one_outcome_for_one(pie):
    session = bg.alternating_offers(pie, (bg.MiCRO(), bg.MiCRO()), deadline=40)
    assert session.offer_rows.tolist() == [10, 0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert session.agreement == {"slices": 5}


def test_micro_stops_when_the_other_repeats_itself(pie):
    session = bg.alternating_offers(pie, (bg.MiCRO(), script(0, 1)), deadline=30, seed=1)
    mine = offers_of(session, 0)
    assert mine[:3] == [10, 9, 8]
    assert set(mine[3:]) == {10, 9, 8}
    assert session.ended == "deadline"


def test_random_offers_are_spread_evenly_above_the_floor(pie):
    offers = []
    for seed in range(30):
        chosen = (bg.RandomOffers(0.5, bg.AcceptAbove(1)), script(0))
        offers += offers_of(bg.alternating_offers(pie, chosen, deadline=100, seed=seed), 0)
    counts = np.bincount(offers, minlength=11)
    assert (counts[:5] == 0).all()
    chance = 1 / 6
    spread = np.sqrt(len(offers) * chance * (1 - chance))
    assert (np.abs(counts[5:] - len(offers) * chance) < 4.5 * spread).all()


def test_a_trade_off_offers_what_is_like_the_last_offer():
    space = [bg.Issue.choice("a", ["x", "y"]), bg.Issue.integer("b", 0, 4)]
    mine = bg.AdditiveUtility({"a": {"x": 2, "y": 2}, "b": bg.Linear(0, 8)})
    yours = bg.AdditiveUtility({"a": {"y": 5}, "b": bg.Linear(4, 0)})
    problem = bg.BargainingProblem(space, {"me": mine, "you": yours})
    chosen = (
        bg.TradeOff(bg.TimeDependent(floor=1), acceptance=bg.AcceptAbove(1)),
        bg.Scripted([["y", 0]], bg.AcceptAbove(1)),
    )
    session = bg.alternating_offers(problem, chosen, deadline=4)
    # x and y are worth the same to me; x comes first until y has been asked for
    assert [offer.outcome["a"] for offer in session.offers] == ["x", "y", "y", "y"]


def test_likeness_counts_distance_on_a_scale():
    space = bg.OutcomeSpace([bg.Issue.integer("n", 0, 4), bg.Issue.choice("c", ["r", "g", "b"])])
    values = IssueValues.of(space)
    first = space.row([0, "r"])
    assert values.likeness(first, space.row([0, "r"])) == 2
    assert values.likeness(first, space.row([1, "r"])) == 1.75
    assert values.likeness(first, space.row([4, "b"])) == 0


def test_three_parties_the_first_who_refuses_proposes_next():
    space = [bg.Issue.choice("deal", ["a", "b", "c"])]
    problem = bg.BargainingProblem(
        space,
        {
            name: bg.AdditiveUtility({"deal": worths})
            for name, worths in (
                ("p", {"a": 3, "b": 1, "c": 2}),
                ("q", {"a": 2, "b": 3, "c": 2}),
                ("r", {"a": 0, "b": 1, "c": 3}),
            )
        },
    )
    content = bg.AcceptAbove(0.6)
    chosen = [bg.Scripted([[deal]], content) for deal in ("a", "b", "c")]
    session = bg.alternating_offers(problem, chosen, deadline=10)
    # p offers a: q accepts, r refuses and offers c, which p and q accept
    assert session.proposers.tolist() == [0, 2]
    assert [offer.outcome["deal"] for offer in session.offers] == ["a", "c"]
    assert session.ended == "agreement"
    assert [offer.party for offer in session.offers] == ["p", "r"]


def test_what_a_policy_of_ones_own_sees(pie):
    seen = []

    class Watching:
        def act(self, turn):
            turn.memory["turns"] = turn.memory.get("turns", 0) + 1
            seen.append((turn.round, turn.is_answer, turn.received[:], turn.memory["turns"]))
            return bg.Answer.REJECT if turn.is_answer else {"slices": 9}

    bg.alternating_offers(pie, (Watching(), script(1, 2)), deadline=4)
    assert seen == [
        (0, False, [], 1),
        (1, True, [1], 2),
        (2, False, [1], 3),
        (3, True, [1, 2], 4),
    ]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (bg.Answer.ACCEPT, "an offer"),
        ({"slices": 11}, "slices"),
        (99, "a row below 11"),
        (None, "round 0"),
        ("10", "round 0"),
    ],
)
def test_what_no_party_can_say_is_named(pie, answer, says):
    class Wrong:
        def act(self, turn):
            return answer

    with pytest.raises(InvalidArgumentError, match=says):
        bg.alternating_offers(pie, (Wrong(), "linear"), deadline=2)


def test_an_offer_is_no_answer(pie):
    class Wrong:
        def act(self, turn):
            return 3

    with pytest.raises(InvalidArgumentError, match=r"Answer\.ACCEPT"):
        bg.alternating_offers(pie, ("hardliner", Wrong()), deadline=2)


def test_a_script_is_checked_against_the_problem(pie):
    with pytest.raises(InvalidOutcomeError, match=r"^outcomes\[1\]: .*11"):
        bg.alternating_offers(pie, (script(10, 11), "linear"), deadline=2)
    with pytest.raises(
        InvalidArgumentError, match=r"^outcomes\[1\]: expected a row below 11, got 11"
    ):
        bg.alternating_offers(pie, (bg.Scripted([10, 11]), "linear"), deadline=2)


def test_a_script_takes_whatever_stands_for_an_outcome(pie):
    said = bg.alternating_offers(pie, (script(10, 8, 7), "hardliner"), deadline=6)
    rows = said.offer_rows[said.proposers == 0]
    own = [offer for offer in said.offers if offer.party == "Ann"]
    for outcomes in (rows, rows.tolist(), tuple(rows), own, [{"slices": 10}, [8], int(rows[2])]):
        again = bg.alternating_offers(pie, (bg.Scripted(outcomes), "hardliner"), deadline=6)
        assert again.offer_rows.tolist() == said.offer_rows.tolist()
    many = bg.play_sessions(pie, [bg.Scripted(rows), "conceder"], [[0, 1]], deadline=6)
    assert many.session(0).agreement == many.agreements[0] == {"slices": 8}


def test_a_script_of_rows_plays_over_a_space_too_large_to_list():
    issues = [bg.Issue.integer(f"clause {j}", 0, 9) for j in range(20)]
    sides = {
        "buyer": bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues}),
        "supplier": bg.AdditiveUtility({issue.name: bg.Linear(1, 0) for issue in issues}),
    }
    contract = bg.BargainingProblem(issues, sides)
    rows = [10**20 - 1, 7 * 10**19]
    session = bg.alternating_offers(contract, (bg.Scripted(rows), "hardliner"), deadline=3)
    assert session.offer_rows[[0, 2]].tolist() == rows
    with pytest.raises(InvalidArgumentError, match=r"^outcomes\[0\]: expected a row below "):
        bg.alternating_offers(contract, (bg.Scripted([10**20]), "hardliner"), deadline=3)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: bg.TitForTat("fierce"), "form"),
        (lambda: bg.TitForTat(delay=0), "delay"),
        (lambda: bg.TitForTat(["relative"]), "form"),
        (lambda: bg.TitForTat("absolute", noise=-1), "noise"),
        (lambda: bg.TitForTat(noise=0.1), "^noise: expected 0 with form 'relative' .*got 0.1"),
        (lambda: bg.TitForTat("averaged", noise=0.1), "^noise: expected 0 with form 'averaged'"),
        (lambda: bg.TitForTat(floor=float("nan")), "floor"),
        (lambda: bg.TitForTat(acceptance=0.5), "acceptance"),
        (lambda: bg.TradeOff(by="love"), "by"),
        (lambda: bg.TradeOff(by=3), "^by: .*model or one of similarity, hardheaded, smith, got 3"),
        (lambda: bg.TradeOff(by=bg.BayesianModel), "by"),
        (lambda: bg.TradeOff(curve="linear"), "curve"),
        (lambda: bg.TradeOff(band=2), "band"),
        (lambda: bg.Scripted([]), "outcomes"),
        (lambda: bg.Scripted("ab"), "outcomes"),
        (lambda: bg.Scripted([[1], -1]), r"^outcomes\[1\]: expected a whole number >= 0, got -1"),
        (lambda: bg.Scripted([True]), r"^outcomes\[0\]: expected a mapping, .* or a row, got True"),
        (lambda: bg.Scripted([0.5]), r"^outcomes\[0\]: "),
        (lambda: bg.RandomOffers(-0.1), "floor"),
        (lambda: bg.Mixture([]), "policies"),
        (lambda: bg.Mixture(["linear", "quick"]), r"^policies\[1\]: expected one of boulware"),
        (lambda: bg.Mixture(["linear"], [0]), "weights"),
        (lambda: bg.Mixture(["linear"], [1, 2]), "weights"),
        (lambda: bg.ExponentialConcession(k=0), "k"),
        (lambda: bg.BezierConcession(bend=1.5), "bend"),
        (lambda: bg.ResourceDependent(patience=-1), "patience"),
        (lambda: bg.AcceptAbove(2), "share"),
        (lambda: bg.AcceptAfter(float("inf")), "time"),
        (lambda: bg.AcceptBest("worst"), "measure"),
        (lambda: bg.AcceptAny((bg.AcceptNext(),)), "conditions"),
        (lambda: bg.AcceptAny((bg.AcceptNext(), 1)), "conditions"),
    ],
)
def test_parameters_out_of_range_are_named(make, says):
    with pytest.raises(InvalidArgumentError, match=says):
        make()
