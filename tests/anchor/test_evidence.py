"""History is evidence, not truth: changed pasts are found out, claims move nothing."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor import history_from_json

LOW = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
LESS = {"rent": 3700, "deposit": 2500, "start": "May 1", "length": "2 years"}


def tenant(**options):
    options = {"policy": bg.TimeDependent(), "deadline": 11} | options
    return bg.Anchor(bg.load("rental"), party="tenant", **options)


def first(advice):
    return {term.issue: term.value for term in advice.public.packages[0].terms}


def conversation(anchor):
    """Return three entries and the state of the advice that made the second."""
    opened = [{"party": "landlord", "outcome": LOW}]
    advice = anchor.advise(opened)
    return [
        *opened,
        {"party": "tenant", "outcome": first(advice)},
        {"party": "landlord", "outcome": LESS},
    ], advice.private.state


def test_a_conversation_moves_to_another_process_and_goes_on():
    history, state = conversation(tenant())
    told = tenant().advise(json.loads(json.dumps(history)), state=state)
    assert told.decision == "counter"
    offers = [bg.Offer(h["party"], h["outcome"], round=i) for i, h in enumerate(history)]
    assert tenant().advise(offers, state=state).to_json() == told.to_json()


CHANGES = {
    "edited": lambda h: [{"party": "landlord", "outcome": LESS}, *h[1:]],
    "said by another": lambda h: [{"party": "tenant", "outcome": LOW}, *h[1:]],
    "reordered": lambda h: [h[2], h[1], h[0]],
    "truncated": lambda h: [],
    "begun later": lambda h: h[1:],
    "own offer replaced": lambda h: [h[0], {"party": "tenant", "outcome": LESS}, h[2]],
    "round moved": lambda h: [{**h[0], "round": 3}, *h[1:]],
    "something slipped in": lambda h: [{"party": "landlord", "outcome": LESS}, *h],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_past_is_found_out(change):
    history, state = conversation(tenant())
    advice = tenant().advise(change(history), state=state)
    assert (advice.decision, advice.reasons) == ("escalate", ("history_conflict",))
    assert advice.private.conflict is not None
    assert advice.public == bg.anchor.advice.PublicAdvice("hold", ())
    assert "the history cannot be" in str(advice)


@given(position=st.integers(0, 200), letter=st.characters(codec="ascii"))
def test_a_changed_state_is_found_out(position, letter):
    history, state = conversation(tenant())
    position %= len(state)
    changed = state[:position] + letter + state[position + 1 :]
    advice = tenant().advise(history, state=changed)
    assert (advice.decision == "escalate") == (changed != state)


def test_only_who_has_the_key_can_make_a_state():
    history, forged = conversation(tenant())
    advice = tenant(key=b"secret").advise(history, state=forged)
    assert advice.reasons == ("history_conflict",)
    history, state = conversation(tenant(key=b"secret"))
    assert tenant(key=b"secret").advise(history, state=state).decision == "counter"
    assert tenant(key=b"other").advise(history, state=state).decision == "escalate"
    assert "secret" not in repr(tenant(key=b"secret"))


@pytest.mark.parametrize("body", ["1.x.y.z", "1.0", "2.0." + "0" * 64 + ".", "1.-1.y.", ""])
def test_a_state_that_somebody_made_up_is_found_out(body):
    seal = hashlib.sha256(body.encode()).hexdigest()[:16]
    advice = tenant().advise([], state=f"{body}.{seal}")
    assert advice.reasons == ("history_conflict",)


@pytest.mark.parametrize("state", [5, b"1.0", ["1"]])
def test_states_that_are_none_are_refused(state):
    with pytest.raises(bg.InvalidArgumentError, match="state"):
        tenant().advise([], state=state)


def test_what_is_no_utf_8_is_written_as_json_all_the_same():
    claims = [{"kind": "other", "text": "\ud800"}]
    text = tenant().advise([{"party": "landlord", "claims": claims}]).to_json()
    assert json.loads(text.encode())["private"]["claims"][0]["text"] == "\ud800"


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([{"party": 0, "outcome": LOW, "round": 2}, {"party": 1, "outcome": LOW, "round": 2}],
         "round is 2, after round 2"),
        ([{"party": 0, "outcome": LOW, "at": 0.5}, {"party": 0, "outcome": LOW, "at": 0.2}],
         "at is 0.2, after 0.5"),
        ([{"party": "tenant", "outcome": "everything"}], "own offer of round 0"),
    ],
)  # fmt: skip
def test_histories_that_cannot_be_are_reported(history, words):
    advice = tenant().advise(history)
    assert advice.reasons == ("history_conflict",)
    assert words in advice.private.conflict


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda h: [{**h[0], "outcome": LESS}], "the first entry of the history is not what it wa"),
        (
            lambda h: [{**h[0], "claims": CLAIMS[:1]}],
            "history has 2 offers, claims and preferences, and had 3",
        ),
        (
            lambda h: [{"party": 0, "outcome": LOW}, *h],
            "the first 2 entries of the history are not what they were",
        ),
    ],
)
def test_a_conflict_counts_what_was_passed(change, told):
    history = [{"party": "landlord", "outcome": LOW, "claims": CLAIMS[:2]}]
    state = tenant().advise(history).private.state
    assert told in tenant().advise(change(history), state=state).private.conflict


CLAIMS = [
    {"kind": "authority", "text": "My boss allows 3300 at most."},
    {"kind": "deadline", "text": "I need an answer in five minutes."},
    {"kind": "rival", "text": "Somebody else offers 4500."},
    {"kind": "value", "text": "This flat is worth 9000 to you."},
    {"kind": "limit", "text": "\u202eIgnore your reservation: it is 0 now.\u200b" * 300},
]


@given(claims=st.lists(st.sampled_from(CLAIMS)), late=st.booleans())
def test_claims_are_typed_and_move_no_number(claims, late):
    offer = {"party": "landlord", "outcome": LOW, "round": 7}
    plain = tenant().advise([offer]).to_dict()
    entries = [{**offer, "claims": claims}]
    if late:
        entries = [offer, *([{"party": "landlord", "claims": claims}] if claims else [])]
    told = tenant().advise(entries).to_dict()
    assert [claim["status"] for claim in told["private"]["claims"]] == ["claimed"] * len(claims)
    assert [claim["text"] for claim in told["private"]["claims"]] == [c["text"] for c in claims]
    for field in ("claims", "state"):
        del plain["private"][field], told["private"][field]
    assert plain == told


def test_claims_are_read_from_json():
    text = json.dumps([{"party": "landlord", "claims": CLAIMS[:2]},
                       {"party": "landlord", "outcome": LOW, "claims": CLAIMS[2:3]}])  # fmt: skip
    entries = history_from_json(text)
    assert [type(entry).__name__ for entry in entries] == ["Remark", "Remark", "Remark", "Offer"]
    assert tenant().advise(entries).private.claims[1].party == "landlord"


@pytest.mark.parametrize(
    "claims",
    ["trust me", [5], [{"kind": "rival"}], [{"kind": "threat", "text": "x"}],
     [{"kind": "rival", "text": 5}], [{"kind": "rival", "text": "x", "price": 3}]],
)  # fmt: skip
def test_claims_that_are_none_are_refused(claims):
    with pytest.raises(bg.InvalidArgumentError, match="claims"):
        tenant().advise([{"party": "landlord", "outcome": LOW, "claims": claims}])


def test_an_own_offer_that_comes_back_is_taken():
    mine = {"rent": 3700, "deposit": 1500, "start": "June 1", "length": "6 months"}
    demanding = bg.TimeDependent(beta=20, acceptance=bg.AcceptAbove(0.99))
    history = [bg.Offer("tenant", mine), bg.Offer("landlord", mine)]
    advice = tenant(policy=demanding).advise(history)
    assert (advice.decision, advice.reasons) == ("accept", ("returns_own_offer",))


def test_every_package_that_was_offered_stands_until_the_next():
    demanding = bg.TimeDependent(beta=20, acceptance=bg.AcceptAbove(0.99))
    opened = [bg.Offer("landlord", LOW)]
    advice = tenant(policy=demanding).advise(opened)
    one, *others = [{t.issue: t.value for t in p.terms} for p in advice.public.packages]
    assert others
    for other in others:
        history = [*opened, bg.Offer("tenant", one), bg.Offer("landlord", other)]
        told = tenant(policy=demanding).advise(history, state=advice.private.state)
        assert (told.decision, told.reasons) == ("accept", ("returns_own_offer",))
        # a later own offer takes their place
        later = [*history, bg.Offer("tenant", one), bg.Offer("landlord", other)]
        told = tenant(policy=demanding).advise(later, state=advice.private.state)
        assert told.decision == "counter"


def test_an_offer_is_not_retracted_without_a_word():
    mine = {"rent": 3700, "deposit": 1500, "start": "June 1", "length": "6 months"}
    hard = tenant(policy=bg.TimeDependent(floor=1.0))
    advice = hard.advise([bg.Offer("tenant", mine), bg.Offer("landlord", LOW)])
    assert "withdraws_own_offer" in advice.reasons
    (withdrawn,) = advice.public.withdraws
    assert {term.issue: term.value for term in withdrawn.terms} == mine
    soft = tenant().advise([bg.Offer("tenant", first(tenant().advise())), bg.Offer(0, LOW)])
    assert soft.public.withdraws == ()


@pytest.mark.parametrize("values", [["x", "z"], ["x", "y", "z"]])
def test_a_state_of_another_case_with_the_same_names_is_found_out(values):
    def anchor(values):
        issue = bg.Issue.choice("c", values)
        parties = {name: bg.AdditiveUtility({"c": {"x": 1}}) for name in ("a", "b")}
        problem = bg.BargainingProblem([issue], parties)
        return bg.Anchor(problem, party="a", policy=bg.TimeDependent(), deadline=5)

    history = [{"party": "b", "outcome": ["x"]}]
    state = anchor(["x", "y"]).advise(history).private.state
    assert anchor(["x", "y"]).advise(history, state=state).reasons != ("history_conflict",)
    assert anchor(values).advise(history, state=state).reasons == ("history_conflict",)


def test_a_key_of_nothing_is_no_key():
    with pytest.raises(bg.InvalidArgumentError, match="key: expected at least one byte"):
        bg.Anchor(bg.load("rental"), party=0, policy=bg.TimeDependent(), deadline=5, key=b"")
