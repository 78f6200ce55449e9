from __future__ import annotations

import pytest

from bargain.errors import InvalidArgumentError
from bargain.model import Outcome
from bargain.play import Offer


def test_an_offer_keeps_its_party_as_given_and_its_outcome_unchangeable():
    package = {"price": 95}
    offer = Offer("buyer", package, round=3, at=0.5)
    package["price"] = 1
    assert offer.outcome == {"price": 95}
    assert isinstance(offer.outcome, Outcome)
    assert Offer(1, [95, "2y"]).outcome == (95, "2y")
    assert Offer(1, [95, "2y"]) == Offer(1, (95, "2y"))
    assert hash(offer) == hash(Offer("buyer", {"price": 95}, 3, 0.5))


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("party", (None, {"price": 1})),
        ("party", (-1, {"price": 1})),
        ("party", (True, {"price": 1})),
        ("outcome", ("buyer", "95")),
        ("outcome", ("buyer", None)),
        ("round", ("buyer", {"price": 1}, -1)),
        ("round", ("buyer", {"price": 1}, 0.5)),
        ("at", ("buyer", {"price": 1}, 0, float("nan"))),
    ],
)
def test_an_offer_that_cannot_be_is_refused_by_field(field, arguments):
    with pytest.raises(InvalidArgumentError, match=f"offer: {field}"):
        Offer(*arguments)
