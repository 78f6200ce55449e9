"""What an advice looks like from outside: JSON, schema, public and private."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

import bargain as bg
from tests.problems import one_choice


def rental_anchor(**options):
    options = {"party": "tenant", "policy": bg.TimeDependent(beta=0.5), "deadline": 10} | options
    return bg.Anchor(bg.load("rental"), **options)


def test_the_published_schema_is_current():
    published = json.loads(files("bargain.anchor").joinpath("advice.schema.json").read_text())
    assert published == bg.advice_schema()


HISTORIES = {
    "opening": [],
    "counter": [bg.Offer("landlord", (3900, 2500, "May 1", "2 years"))],
    "accept": [bg.Offer("landlord", (3100, 500, "July 1", "1 month"))],
    "hold": [bg.Offer("tenant", (3100, 500, "July 1", "1 month"))],
    "walk": [bg.Offer("landlord", (3900, 2500, "May 1", "2 years"), round=99)],
    "nonsense": [{"party": "landlord", "outcome": "all of it"}],
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_every_advice_fits_the_schema(history):
    advice = rental_anchor().advise(history)
    jsonschema.validate(json.loads(advice.to_json()), bg.advice_schema())


@pytest.mark.parametrize(
    ("name", "decision"),
    [("opening", "counter"), ("counter", "counter"), ("accept", "accept"), ("hold", "hold"),
     ("walk", "walk"), ("nonsense", "counter")],
)  # fmt: skip
def test_decisions(name, decision):
    advice = rental_anchor().advise(HISTORIES[name])
    assert advice.decision == advice.public.decision == decision
    assert bool(advice.public.packages) == (decision in ("accept", "counter"))
    assert len(advice.public.packages) == len(advice.private.package_values) <= 3


def test_the_public_part_holds_terms_and_nothing_else():
    advice = rental_anchor(deadline=4).advise(
        [bg.Offer("landlord", (3900, 2500, "May 1", "1 year"))]
    )
    public = advice.to_dict()["public"]
    assert set(public) == {
        "decision", "packages", "withdraws", "facts", "questions", "respond_by",
    }  # fmt: skip
    for package in public["packages"]:
        assert set(package) == {"terms"}
        for term in package["terms"]:
            assert set(term) == {"issue", "value", "unit"}
    text = json.dumps(public)
    for secret in (advice.private.target, *advice.private.package_values):
        assert str(secret) not in text


def test_an_accepted_offer_meets_the_target_it_is_told_with():
    private = rental_anchor().advise(HISTORIES["accept"]).private
    assert private.offer_value >= private.target >= private.reservation


def test_terms_carry_units():
    terms = rental_anchor().advise().public.packages[0].terms
    assert [(term.issue, term.unit) for term in terms[:2]] == [
        ("rent", "USD/month"), ("deposit", "USD"),
    ]  # fmt: skip


def test_the_same_history_gives_the_same_bytes():
    history = HISTORIES["counter"]
    assert rental_anchor().advise(history).to_json() == rental_anchor().advise(history).to_json()


def test_references_are_own_utilities_at_the_solutions():
    references = rental_anchor().advise().private.references
    assert references == {"nash": 3100, "kalai_smorodinsky": 3100, "egalitarian": 3100}


def test_without_a_zone_there_are_no_references_but_there_is_advice():
    problem = one_choice([(1, 0), (0, 1)], disagreement_point=(1, 1))
    anchor = bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=3)
    advice = anchor.advise()
    assert advice.private.references == {}
    assert (advice.decision, advice.private.package_values) == ("counter", (1.0,))
    assert "no_agreement_zone" in advice.reasons
