"""A message passes if it says what the advice says; whatever else is in it fails."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor.advice import Advice, Package, PrivateAdvice, PublicAdvice, Term
from bargain.anchor.private_numbers import private_numbers


def advice_of(*packages, decision="counter", **private):
    """Return an advice of packages, each a list of (issue, value, unit)."""
    fields = {
        "party": "buyer", "reservation": 41.7, "best": 97.3, "round": 5, "deadline": 23,
        "time": 0.227, "target": 73.1, "offer_value": 55.25, "offer_problem": None,
        "package_values": (76.4,) * len(packages), "other_values": {"supplier": (36.6,)},
        "references": {"nash": 68.9},
    }  # fmt: skip
    hidden = PrivateAdvice(
        **{f.name: fields.get(f.name) for f in dataclasses.fields(PrivateAdvice)} | private
    )
    public = PublicAdvice(decision, tuple(Package(tuple(Term(*t) for t in p)) for p in packages))
    return Advice(1, decision, ("opening",), public, hidden)


CONTRACT = [
    ("price", 1250.0, "EUR/unit"), ("payment", 30, "days"), ("lead_time", 45, "days"),
    ("warranty", "none", None), ("start", "May 15", None),
]  # fmt: skip
COUNTER = advice_of(CONTRACT)
REST = "payment 30 days, lead time 45 days, warranty none, start May 15."


def codes(text, advice=COUNTER, **options):
    return {finding.code for finding in bg.verify_message(text, advice, **options).findings}


FAITHFUL = {
    "plain": "We offer price 1250 EUR/unit, " + REST,
    "thousands": "We could do: price: 1,250.00 EUR per unit; " + REST,
    "currency first": "How would a price of €1,250/unit suit you? " + REST,
    "grouped by spaces": "We propose price 1 250 EUR/unit, " + REST,
    "grouped by narrow spaces": "We propose price 1\u202f250 euros per unit, " + REST,
    "exponent": "We propose price 1.25e3 EUR/unit, " + REST,
    "words": "A price of one thousand two hundred and fifty euros per unit, " + REST,
    "value before name": "A 30-day payment, 45 days lead time, no... ".replace(" no...", "")
    + "price 1250 EUR/unit, warranty: none, start: May 15",
    "capitals and plurals": "PRICES 1250 EUR/UNIT, PAYMENT 30 DAY, LEAD-TIME 45 DAYS, "
    "WARRANTY NONE, START MAY 15",
    "value that can be of one issue only": "We offer 1250 EUR/unit, May 15, payment 30 days, "
    "lead_time 45 days and warranty none. Best regards",
    "lines": "Dear supplier,\nthank you. We propose:\n- price: 1250 EUR/unit\n- payment: 30 days\n"
    "- lead time: 45 days\n- warranty: none\n- start: May 15\nKind regards",
    "markdown": "**price** = 1250 EUR/unit, " + REST,
}  # fmt: skip


@pytest.mark.parametrize("text", FAITHFUL.values(), ids=FAITHFUL)
def test_a_faithful_message_passes(text):
    check = bg.verify_message(text, COUNTER)
    assert check.ok, str(check)
    assert check.findings == ()
    assert str(check) == "ok"


UNFAITHFUL = {
    "another number": ("price 1251 EUR/unit, " + REST, "wrong_value"),
    "another currency": ("price 1250 USD/unit, " + REST, "wrong_unit"),
    "dollar sign": ("price $1250/unit, " + REST, "wrong_unit"),
    "half the unit": ("price 1250 EUR, " + REST, "wrong_unit"),
    "no unit": ("price 1250, " + REST, "missing_unit"),
    "months for days": ("price 1250 EUR/unit, " + REST.replace("30 days", "30 months"),
                        "wrong_unit"),
    "percent": ("price 1250%, " + REST, "wrong_unit"),
    "a point for thousands": ("price 1.250 EUR/unit, " + REST, "wrong_value"),
    "two styles of decimals": ("price 1.250,00 EUR/unit, payment 30.0 days, lead time 45 days, "
                               "warranty none, start May 15", "wrong_value"),
    "range": ("price 1250-1300 EUR/unit, " + REST, "number_not_in_package"),
    "range in words": ("price 1250 EUR/unit to 1300 EUR/unit, " + REST, "number_not_in_package"),
    "negative": ("price -1250 EUR/unit, " + REST, "wrong_value"),
    "thousand as k": ("price 1.25k EUR/unit, " + REST, "wrong_value"),
    "bound": ("price up to 1250 EUR/unit, " + REST, "bound"),
    "guess": ("price about 1250 EUR/unit, " + REST, "bound"),
    "sign for a guess": ("price ~1250 EUR/unit, " + REST, "unreadable_sign"),
    "negated": ("We do not offer price 1250 EUR/unit, " + REST, "negation"),
    "short negation": ("We can't do price 1250 EUR/unit, " + REST, "negation"),
    "condition": ("price 1250 EUR/unit, " + REST + " But we are flexible.", "condition"),
    "if": ("If you like: price 1250 EUR/unit, " + REST, "condition"),
    "term of no issue": ("price 1250 EUR/unit, free delivery, " + REST, "unknown_word"),
    "penalty": ("price 1250 EUR/unit, penalty 5%, " + REST, "unknown_word"),
    "missing term": ("price 1250 EUR/unit, payment 30 days, lead time 45 days", "missing_term"),
    "swapped": ("price 1250 EUR/unit, payment 45 days, lead time 30 days, warranty none, "
                "start May 15", "wrong_value"),
    "values shifted": ("price 1250 EUR/unit, 45 days payment 30 days lead time, warranty none, "
                       "start May 15", "issue_without_value"),
    "another date": ("price 1250 EUR/unit, " + REST.replace("May 15", "May 16"), "wrong_value"),
    "date otherwise": ("price 1250 EUR/unit, " + REST.replace("May 15", "5/15"),
                       "number_not_in_package"),
    "twice": ("price 1250 EUR/unit, " + REST + " So: price 1250 EUR/unit, " + REST,
              "repeated_package"),
    "zero width": ("price 12\u200b50 EUR/unit, " + REST, "strange_character"),
    "direction": ("price 1250 EUR/unit, \u202e" + REST, "strange_character"),
    "control": ("price 1250 EUR/unit, \x08" + REST, "strange_character"),
    "homoglyph": ("рrice 1250 EUR/unit, " + REST, "strange_character"),
    "wide digits": ("price １２５０ EUR/unit, " + REST, "strange_character"),
    "accepting in a counter": ("We accept. price 1250 EUR/unit, " + REST, "wrong_decision"),
    "leaving in a counter": ("price 1250 EUR/unit, " + REST + " Goodbye.", "wrong_decision"),
    "naming what is private": ("Our target is near. price 1250 EUR/unit, " + REST,
                               "private_word"),
    "another language": ("price 1250 EUR/unit, " + REST + " Mindestens siebzig.", "unknown_word"),
    "words that make no number": ("price twelve fifty EUR/unit, " + REST, "wrong_value"),
    "too long": ("price 1250 EUR/unit, " + REST + " " * 10_000, "too_long"),
    "nothing": ("", "missing_term"),
    "a label of nothing": ("price 1250 EUR/unit, " + REST + " 1)", "number_not_in_package"),
    "a letter of nothing": ("price 1250 EUR/unit, " + REST + "\nA: ", "unclear_package"),
    "an alternative that is not said": ("price 1250 EUR/unit, " + REST + " Or you know what.",
                                        "unclear_package"),
    "taking the other offer": ("We take your offer. price 1250 EUR/unit, " + REST,
                               "unknown_word"),
    "two names before two values": ("price and payment: 1250 EUR/unit and 30 days, lead time 45 "
                                    "days, warranty none, start May 15", "issue_without_value"),
    "a thousand behind the unit": ("price 1250 EUR/unit'000, " + REST, "unreadable_number"),
    "words that are no number": ("We one four offer price 1250 EUR/unit, " + REST,
                                 "unreadable_number"),
    "digits hidden far behind the point": (
        "price 1250.000000000000000000731 EUR/unit, " + REST, "wrong_value"),
    "digits hidden behind a whole number": (
        "price 1250 EUR/unit, " + REST.replace("30", "30." + 40 * "0" + "731"), "wrong_value"),
    "fractions": ("price 1250 EUR/unit, " + REST + " \u00bd", "strange_character"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), UNFAITHFUL.values(), ids=UNFAITHFUL)
def test_an_unfaithful_message_fails(text, code):
    check = bg.verify_message(text, COUNTER)
    assert not check.ok
    assert code in codes(text)


@pytest.mark.parametrize(
    "number",
    ["41.7", "73.1", "73,1", "7.31e1", "73.10", "seventy-three point one", "97.3", "23",
     "twenty-three", "68.9%", "36.6", "0.227", "55.25", "0.417", "42", "-41.7", "41.7EUR"],
)  # fmt: skip
def test_a_private_number_is_found_however_it_is_written(number):
    text = f"We offer price 1250 EUR/unit, {REST} We think {number}."
    assert "private_number" in codes(text)
    # whoever drafts must not learn that it is private
    told = bg.verify_message(text, COUNTER).public
    assert not told.ok
    assert "private_number" not in {finding.code for finding in told.findings}


@pytest.mark.parametrize(
    ("value", "known", "unknown"),
    [
        (1.0, ["1"], ["100", "0.01"]),
        (0.0, ["0"], ["100"]),
        (100.0, ["100"], ["1", "10000"]),
        (0.37, ["0.37", "37", "0.0037"], ["3.7"]),
    ],
)
def test_a_percentage_of_everything_or_nothing_is_no_private_number(value, known, unknown):
    private = private_numbers({"worth": value})
    assert all(private.knows(Decimal(number)) for number in known)
    assert not any(private.knows(Decimal(number)) for number in unknown)


def test_whoever_drafts_cannot_tell_a_private_number_from_a_wrong_one():
    def told(number):
        check = bg.verify_message(f"We offer price {number} EUR/unit, {REST}", COUNTER).public
        return [(f.code, f.start, f.end, f.expected) for f in check.findings]

    assert told("73.1") == told("73.9") != []


def test_findings_say_where_what_was_expected_and_what_came():
    text = "We offer price 99 EUR/unit, " + REST
    (finding,) = bg.verify_message(text, COUNTER).findings
    assert text[finding.start : finding.end] == finding.came == "99"
    assert finding.expected == "1250 EUR/unit"
    assert str(finding) == "15: wrong_value: expected 1250 EUR/unit, got '99'"
    assert bg.verify_message(text, COUNTER).to_dict()["findings"][0]["code"] == "wrong_value"


A = [("price", 90, "EUR"), ("payment", 30, "days")]
B = [("price", 95, "EUR"), ("payment", 45, "days")]
C = [("price", 99, "EUR"), ("payment", 60, "days")]
MENU = advice_of(A, B, C)
SAID = ["price 90 EUR, payment 30 days", "price 95 EUR, payment 45 days",
        "price 99 EUR, payment 60 days"]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "We could do " + " or ".join(SAID),
        "We have three options. A: {}. B: {}. C: {}.".format(*SAID),
        "1. {}\n2. {}\n3. {}".format(*SAID),
        "Option 1: {}; option 2: {}; option 3: {}. Which one would you like?".format(*SAID),
        "(A) {} (B) {} (C) {}".format(*SAID),
        "{}; {}; {}".format(*SAID),
        "Package A is {}. Package B is {}. Package C is {}.".format(*SAID),
        "{2} or {1} or {0}".format(*SAID),
    ],
)
def test_several_packages_pass_where_each_is_stated_in_full(text):
    assert bg.verify_message(text, MENU).ok, str(bg.verify_message(text, MENU))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" or ".join(SAID[:2]), "missing_term"),
        ("A: price 90 EUR. B: payment 30 days, {1}, {2}".format(*SAID), "missing_term"),
        ("payment 30 days, price 95 EUR, or {0} or {2}".format(*SAID), "unclear_package"),
        ("price 90 EUR or price 95 EUR or price 99 EUR, payment 60 days", "missing_term"),
        ("{0} or {0} or {1} or {2}".format(*SAID), "repeated_package"),
        ("We have two options: {}; {}; {}".format(*SAID), "number_not_in_package"),
        ("A: {}. C: {}. B: {}.".format(*SAID), "unknown_word"),
        ("price 90 EUR or 95 EUR, payment 30 days", "missing_term"),
    ],
)
def test_packages_that_are_mixed_or_left_out_fail(text, code):
    check = bg.verify_message(text, MENU)
    assert not check.ok
    assert code in {finding.code for finding in check.findings}


@pytest.mark.parametrize(
    ("decision", "text", "passes"),
    [
        ("accept", "Agreed.", True),
        ("accept", "We accept: price 90 EUR, payment 30 days. Thank you!", True),
        ("accept", "We have a deal.", True),
        ("accept", "We accept price 90 EUR.", False),
        ("accept", "We accept price 95 EUR, payment 30 days.", False),
        ("accept", "We do not accept.", False),
        ("accept", "Do we have a deal?", False),
        ("accept", "Thank you for the offer.", False),
        ("accept", "Agreed, but not now.", False),
        ("accept", "Agreed. 41.7", False),
        ("accept", "", False),
        ("walk", "I don't think we will come together. Thank you for your time.", True),
        ("walk", "We withdraw. Goodbye.", True),
        ("walk", "We leave at 41.7.", False),
        ("walk", "Agreed.", False),
        ("walk", "Thank you for your time.", False),
        ("walk", "We leave unless price 90 EUR.", False),
        ("hold", "We look forward to your answer.", True),
        ("hold", "We wait for your reply to our offer.", True),
        ("hold", "Please wait for our answer.", True),
        ("hold", "Our answer is what you proposed.", False),
        ("hold", "We accept.", False),
        ("hold", "We wait. price 90 EUR", False),
        ("hold", "Hello.", False),
    ],
)
def test_what_is_decided_must_be_what_is_said(decision, text, passes):
    advice = advice_of(*([A] if decision == "accept" else []), decision=decision)
    check = bg.verify_message(text, advice)
    assert check.ok == passes, str(check)


def test_further_words_can_be_allowed_and_stay_words():
    text = "Herr Doktor, we offer price 1250 EUR/unit, " + REST
    assert codes(text) == {"unknown_word"}
    assert bg.verify_message(text, COUNTER, words=["Herr", "Doktor"]).ok
    hedged = "We offer price about 1250 EUR/unit, " + REST
    assert not bg.verify_message(hedged, COUNTER, words=["about", "not"]).ok
    with pytest.raises(bg.InvalidArgumentError, match="words: expected words made of letters"):
        bg.verify_message(text, COUNTER, words=["73"])


@pytest.mark.parametrize(("text", "advice"), [(b"bytes", COUNTER), (None, COUNTER), ("hi", "x")])
def test_what_is_no_message_or_no_advice_is_refused(text, advice):
    with pytest.raises(bg.InvalidArgumentError, match="expected"):
        bg.verify_message(text, advice)


def test_values_that_differ_in_case_alone_must_be_said_to_the_letter():
    advice = advice_of([("mode", "Net", None)], [("mode", "net", None)])
    assert bg.verify_message("mode Net or mode net", advice).ok
    assert not bg.verify_message("mode NET or mode net", advice).ok


def test_a_decimal_comma_counts_where_the_text_shows_that_it_is_one():
    advice = advice_of([("fee", 12.5, "EUR"), ("price", 1250, "EUR")])
    assert bg.verify_message("fee 12,5 EUR, price 1.250 EUR", advice).ok
    assert not bg.verify_message("fee 12.5 EUR, price 1.250 EUR", advice).ok
    assert not bg.verify_message("fee 12,5 EUR, price 1,250 EUR", advice).ok


def test_a_real_number_may_be_rounded_to_six_digits_and_no_further():
    advice = advice_of([("price", 92.34567891, "EUR")])
    assert bg.verify_message("price 92.3457 EUR", advice).ok
    assert bg.verify_message("price 92.34568 EUR", advice).ok
    assert not bg.verify_message("price 92.35 EUR", advice).ok
    assert not bg.verify_message("price 92.3458 EUR", advice).ok


@pytest.mark.parametrize("case", ["rental", "supply_contract", "employment", "framework_contract"])
def test_packages_of_packaged_problems_pass_as_they_are_shown(case):
    problem = bg.load(case)
    anchor = bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=9)
    advice = anchor.advise()
    shown = " or ".join(
        ", ".join(str(term) for term in package.terms) for package in advice.public.packages
    )
    check = bg.verify_message(f"We propose {shown}.", advice)
    assert check.ok, f"{shown}\n{check}"
    assert not bg.verify_message(f"We propose {shown}. {advice.private.best}", advice).ok


NAMES = ["price", "payment", "lead_time", "service level", "Volume", "grade", "i0"]
UNIT = {"price": "EUR/unit", "payment": "days", "lead_time": "weeks", "Volume": None, "i0": "%"}
TEXTS = ["none", "1y", "gold", "May 15", "silver plus", "v2"]


@st.composite
def advices(draw):
    """Draw an advice of one to three packages over random issues, with private numbers."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    count = draw(st.integers(1, 3))
    packages = []
    for _ in range(count):
        package = []
        for name in names:
            if name in UNIT:
                numbers = st.one_of(
                    st.integers(0, 9999), st.floats(0.01, 9999, allow_nan=False).map(float)
                )
                package.append((name, draw(numbers), UNIT[name]))
            else:
                package.append((name, draw(st.sampled_from(TEXTS)), None))
        if package not in packages:
            packages.append(package)
    secret = st.floats(4, 1e5).map(lambda x: round(x, 2))
    return advice_of(
        *packages,
        reservation=draw(secret),
        target=draw(secret),
        other_values={"supplier": (draw(secret),)},
        deadline=draw(st.integers(4, 500)),
    )


def narrated(advice, style):
    """Put an advice into words by a template."""
    packages = [", ".join(_term(t, style) for t in p.terms) for p in advice.public.packages]
    opening = ["We could do: ", "Dear colleague, thank you.\n", "How about "][style % 3]
    return opening + [" or ", "; or ", "\nor: "][style % 3].join(packages)


def _term(term, style):
    value = repr(term.value) if isinstance(term.value, float) else str(term.value)
    if isinstance(term.value, int) and style == 1:
        value = f"{term.value:,}"
    unit = (term.unit or "").replace("/", " per " if style == 2 else "/")
    name = term.issue.replace("_", " ") if style else term.issue
    return f"{name}{[' ', ': ', ' of '][style % 3]}{value} {unit}".rstrip()


@given(advices(), st.integers(0, 2))
def test_a_template_narrator_passes(advice, style):
    check = bg.verify_message(narrated(advice, style), advice)
    assert check.ok, f"{narrated(advice, style)!r}\n{check}"


@given(advices(), st.integers(0, 2), st.data())
def test_any_other_value_unit_or_name_fails(advice, style, data):
    packages = list(advice.public.packages)
    p = data.draw(st.integers(0, len(packages) - 1))
    terms = list(packages[p].terms)
    i = data.draw(st.integers(0, len(terms) - 1))
    term = terms[i]
    kind = data.draw(st.sampled_from(["value", "unit", "name", "drop"]))
    if kind == "value":
        if isinstance(term.value, str):
            values = st.sampled_from([text for text in TEXTS if text != term.value])
        else:
            near = [term.value + 1, term.value * 10 + 1, term.value + 0.5, 1000 * term.value + 1000]
            values = st.sampled_from(near)
        terms[i] = dataclasses.replace(term, value=data.draw(values))
    elif kind == "unit":
        units = ["USD/unit", "months", "EUR", "kg", "points"]
        terms[i] = dataclasses.replace(term, unit=data.draw(st.sampled_from(units)))
    elif kind == "name":
        others = [name for name in [*NAMES, "penalty"] if name != term.issue]
        terms[i] = dataclasses.replace(term, issue=data.draw(st.sampled_from(others)))
    else:
        del terms[i]
    changed = [*packages[:p], Package(tuple(terms)), *packages[p + 1 :]]
    if sorted(map(str, changed)) == sorted(map(str, packages)):
        return
    mutant = dataclasses.replace(advice, public=PublicAdvice("counter", tuple(changed)))
    text = narrated(mutant, style)
    assert not bg.verify_message(text, advice).ok, text


SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen"
WORDS = SMALL.split()


def spelled(number):
    """Spell a number digit by digit beyond thirteen."""
    if number == int(number) and number <= 13:
        return WORDS[int(number)]
    whole, _, rest = f"{number:g}".partition(".")
    if rest:
        return f"{spelled(int(whole))} point {' '.join(WORDS[int(d)] for d in rest)}"
    return " ".join(WORDS[int(digit)] for digit in whole)


FORMS = [
    str, lambda x: f"{x:.2f}", lambda x: f"{x:,.2f}", lambda x: f"{x:,.2f}".replace(",", " "),
    lambda x: f"{x:.2f}".replace(".", ","), lambda x: f"{x:e}", lambda x: f"{x:.0f}",
    lambda x: f"€{x}", lambda x: f"{x}%", lambda x: f"{x / 100:g}", lambda x: f"~{x}",
    lambda x: f"({x})", lambda x: f"'{x}'", lambda x: f"{x}k", lambda x: f"at{x}",
    lambda x: "\u200b".join(str(x)), lambda x: " ".join(str(x)), lambda x: f"{x}-{x}",
    lambda x: spelled(int(x)), lambda x: f"{x} EUR/unit", lambda x: f"price {x} EUR/unit",
]  # fmt: skip


@settings(max_examples=300)
@given(advices(), st.integers(0, 2), st.sampled_from(FORMS), st.data())
def test_a_private_number_anywhere_fails(advice, style, form, data):
    private = advice.private
    secret = data.draw(
        st.sampled_from(
            [private.reservation, private.target, private.deadline,
             private.other_values["supplier"][0]]
        )
    )  # fmt: skip
    text = narrated(advice, style)
    places = [at for at, character in enumerate(text) if character in " \n,"] + [0, len(text)]
    at = data.draw(st.sampled_from(places))
    leaked = f"{text[:at]} {form(secret)} {text[at:]}"
    assert not bg.verify_message(leaked, advice).ok, leaked


@given(st.text(max_size=300))
def test_no_text_raises(text):
    check = bg.verify_message(text, MENU)
    assert check.ok == (not check.findings)
    assert all(0 <= f.start <= f.end <= len(text) for f in check.findings)
