"""Messages that say something else in harmless words, and honest ones that must pass."""

from __future__ import annotations

import dataclasses

import pytest

import bargain as bg
from tests.anchor.test_message import COUNTER, REST, A, advice_of, codes

OFFER = "We offer price 1250 EUR/unit, " + REST

SMUGGLED = {
    "taking theirs, politely": OFFER + " We are happy with your proposal.",
    "taking theirs by choice": OFFER + " We choose your offer.",
    "thanks and taking": OFFER + " Thank you, let us have your proposal.",
    "doing what they said": OFFER + " We will do what you suggested.",
    "theirs in one word": OFFER + " Yours it is.",
    "their terms": OFFER + " The terms are yours to set.",
    "more to come": OFFER + " This is our offer for now.",
    "more to come, longer": OFFER + " This is what we propose for the time being.",
    "a promise of time": OFFER + " You will have it this evening.",
    "a promise to bring": OFFER + " We bring it to you.",
    "terms by another way": OFFER + " See the details we send you by email.",
    "days of work": OFFER.replace("30 days", "30 days of work"),
    "days, the time open": OFFER.replace("30 days", "30 days time"),
    "another dollar": "We offer A€1250/unit price, " + REST,
    "overwritten line": OFFER + "\rWe offer",
}


@pytest.mark.parametrize("text", SMUGGLED.values(), ids=SMUGGLED)
def test_harmless_words_that_together_say_something_else_fail(text):
    assert not bg.verify_message(text, COUNTER).ok


OTHERWISE = [
    ("walk", "We will not leave. We accept."),
    ("walk", "We never end the talks. We continue together."),
    ("walk", "Unfortunately we agree."),
    ("walk", "We do not end."),
    ("walk", "We stop here: we accept your offer."),
    ("walk", "We leave it to you to continue."),
    ("walk", "We leave the offer with you."),
    ("walk", "I walk away with your offer."),
    ("hold", "Our answer is what you proposed."),
    ("hold", "Our answer is to have your proposal."),
    ("hold", "We answer: your offer it is."),
    ("hold", "In reply we would have your offer."),
    ("accept", "We are done."),
    ("accept", "We agree to consider your offer."),
    ("accept", "You accept our offer."),
    ("accept", "We could accept."),
    ("accept", "Let us agree."),
    ("accept", "Please accept."),
    ("accept", "We agree to meet."),
    ("accept", "We wish you would accept."),
    ("accept", "Thank you. Let's talk. We see whether we agree."),
    ("accept", "We accept our proposal."),
]


@pytest.mark.parametrize(("decision", "text"), OTHERWISE)
def test_a_message_that_leaves_the_decision_open_or_turns_it_round_fails(decision, text):
    advice = advice_of(*([A] if decision == "accept" else []), decision=decision)
    assert not bg.verify_message(text, advice).ok


ADVICE = {
    "counter": COUNTER,
    "accept": advice_of(A, decision="accept"),
    "hold": advice_of(decision="hold"),
    "walk": advice_of(decision="walk"),
}
HONEST = [
    ("counter", OFFER),
    ("counter", "Thank you for your offer. We appreciate it. Our counteroffer: " + OFFER[9:]),
    ("counter", "We have considered your proposal and suggest the following terms: " + OFFER[9:]),
    ("counter", "To move forward, we suggest " + OFFER[9:]),
    ("counter", "We hope this works for you: " + OFFER[9:]),
    ("counter", "Thanks for the quick response, I understand your position. " + OFFER),
    ("counter", "In response to your proposal, we offer " + OFFER[9:]),
    ("counter", OFFER + " Please let us know what you think.\r\nSincerely yours"),
    ("counter", OFFER.replace("1250 EUR/unit", '"1250 EUR/unit"')),
    ("accept", "We are happy to accept your proposal: price 90 EUR, payment 30 days."),
    ("accept", "Deal! We look forward to working with you."),
    ("accept", "Thank you for your offer. Yes, we agree to your terms."),
    ("walk", "Unfortunately we cannot agree. Thank you for your time."),
    ("walk", "We do not think that we will come to an agreement. We wish you well."),
    ("walk", "Thank you for the talks. We will leave it here."),
    ("hold", "Please let us know what you think; we await your reply."),
    ("hold", "We look forward to your answer."),
]


@pytest.mark.parametrize(("decision", "text"), HONEST)
def test_an_honest_message_passes(decision, text):
    check = bg.verify_message(text, ADVICE[decision])
    assert check.ok, str(check)


@pytest.mark.parametrize(
    ("value", "said", "passes"),
    [
        ("-5 %", "-5 %", True),
        ("-5 %", "5 %", False),
        ("10-20 days", "10-20 days", True),
        ("10-20 days", "10 20 days", False),
        ("2026-03-02", "2026-03-02", True),
        ("2026-03-02", "2026 03 02", False),
        ("two-way", "two way", True),
    ],
)
def test_a_hyphen_of_a_value_may_be_left_out_before_words_only(value, said, passes):
    advice = advice_of([("level", value, None)])
    assert bg.verify_message(f"level {said}", advice).ok == passes


@pytest.mark.parametrize("mark", ["'", '"', "’", "”"])
def test_a_mark_behind_a_number_makes_another_of_it(mark):
    advice = advice_of([("size", 5, None)])
    assert not bg.verify_message(f"size 5{mark}", advice).ok
    assert bg.verify_message('size "5"', advice).ok


def test_what_the_advice_says_may_be_told_can_be_told():
    rental = bg.load("rental")
    clock = bg.Clock.lasting("2026-03-02T09:00:00Z", respond_within=3600)
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(floor=0.5), clock=clock)
    low = [3900, 2500, "May 1", "2 years"]
    history = [
        {"party": "tenant", "outcome": [3100, 500, "June 1", "1 month"]},
        {"party": "landlord", "outcome": low},
        {"party": "landlord", "outcome": [3900, 2000, "May 1", "2 years"]},
    ]
    public = anchor.advise(history, "2026-03-03T09:00:00Z").public
    said = [each.text for each in (*public.facts, *public.questions)]
    assert public.facts
    assert public.questions
    assert public.respond_by == "2026-03-03T10:00:00+00:00"
    advice = anchor.advise(history, "2026-03-03T09:00:00Z")
    terms = "We propose " + " or ".join(map(str, public.packages)) + "."
    for saying in [*said, f"Please answer by {public.respond_by}."]:
        assert bg.verify_message(f"{terms} {saying}", advice).ok, saying
        assert not bg.verify_message(f"{terms} {saying[:-1]} now.", advice).ok
    assert not bg.verify_message(f"{terms} Please answer by 2026-03-03T11:00:00+00:00.", advice).ok
    replaced = f"{terms} This replaces our earlier offer."
    assert bg.verify_message(replaced, advice).ok == bool(public.withdraws)
    withdrawing = dataclasses.replace(
        advice, public=dataclasses.replace(public, withdraws=public.packages[:1])
    )
    assert bg.verify_message(replaced, withdrawing).ok


def test_that_a_person_is_asked_is_not_to_be_seen_in_a_check():
    advice = dataclasses.replace(advice_of(decision="hold"), decision="escalate")
    check = bg.verify_message("Hello.", advice)
    assert not check.ok
    assert "escalate" not in str(check.public.to_dict())
    assert bg.verify_message("We look forward to your answer.", advice).ok


def test_whoever_drafts_is_not_told_that_a_word_names_something_private():
    check = bg.verify_message(OFFER + " surplus marmalade", COUNTER)
    assert {f.code for f in check.findings} == {"private_word", "unknown_word"}
    assert len({(f.code, f.expected) for f in check.public.findings}) == 1


def test_words_may_come_from_any_iterable():
    assert not codes("Herr Doktor. " + OFFER, words=iter(["Herr", "Doktor"]))
    with pytest.raises(bg.InvalidArgumentError, match="words: expected words"):
        bg.verify_message(OFFER, COUNTER, words=5)
