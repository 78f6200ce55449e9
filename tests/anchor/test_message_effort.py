"""Hostile texts cost no more than their length: counted in calls, not in seconds."""

from __future__ import annotations

import sys

import pytest

import bargain as bg
from tests.anchor.message_corpus import advice_of_case

HOSTILE = {
    "number words": "one ", "digits": "1 ", "groups of digits": "100 ", "words": "zxq ",
    "signs": "-", "numbers glued": "1-", "names": "rent ", "terms": "rent 3300 USD/month ",
    "joiners": "and ", "courtesies": "thank you for your time and ", "lines": "a\n",
    "strokes": "|", "rows": "|a|b|\n", "private numbers": "41.7 ", "values": "June 1 ",
    "labels": "A: ", "options": "option A ", "greetings": "dear tenant,",
    "almost a courtesy": "we are looking forward to the chance to ",
    "almost a time": "Please answer by ", "exponents": "1e999 ", "one long number": "1",
    "a long fraction": "one point one one one one ", "units": "3300 USD/",
}  # fmt: skip
MOST_CALLS = 1_300_000
"""Python functions called for the largest message: a fraction of a second on any machine."""


def calls(text, advice):
    """Return how many functions a check calls, in Python and in C."""
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        check = bg.verify_message(text, advice)
    finally:
        sys.setprofile(before)
    assert not check.ok
    return count


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("case", ["tenant_menu", "bill", "landlord"])
def test_a_hostile_text_costs_no_more_than_its_length(case, piece):
    advice = advice_of_case(case)
    bg.verify_message("Hello.", advice)  # reads the clauses that are known, once
    half, whole = (piece * (n // len(piece)) for n in (4_900, 9_800))
    most = calls(whole, advice)
    assert most <= MOST_CALLS
    assert most <= 3 * calls(half, advice) or most < 20_000
