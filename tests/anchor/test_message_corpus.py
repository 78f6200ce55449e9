"""Free prose about packaged cases: how much of what is honest passes, and that nothing else does.

The messages were written before the clauses that are known were. Those of the development half
were looked at while the clauses were written, those of the other half only counted, before and
after. A second reader wrote honest ones and attacks before reading the clauses, and more attacks
after.
"""

from __future__ import annotations

import pytest

import bargain as bg
from tests.anchor.message_corpus import CASES, advice_of_case, messages

MOST_REFUSED = {"development": 14, "held_out": 17, "second_reader": 41}
"""Of 63, 62 and 62; before whole clauses were read it was 60 and 58 of the first two.

Those of the second reader were written without knowing the clauses, as people write who do not
know them either; what they use that is unknown was not added.
"""


@pytest.mark.parametrize("half", MOST_REFUSED)
def test_most_honest_messages_pass(half):
    said = messages(f"honest_{half}")
    assert len(said) >= 60
    assert {case for case, _ in said} <= set(CASES)
    refused = [text for case, text in said if not bg.verify_message(text, advice_of_case(case)).ok]
    assert len(refused) <= MOST_REFUSED[half], "\n---\n".join(refused)


@pytest.mark.parametrize("half", MOST_REFUSED)
def test_no_dishonest_message_passes(half):
    said = messages(f"dishonest_{half}")
    assert len(said) >= 50
    passed = [text for case, text in said if bg.verify_message(text, advice_of_case(case)).ok]
    assert not passed, "\n---\n".join(passed)


@pytest.mark.parametrize("half", MOST_REFUSED)
def test_an_honest_message_of_another_case_fails(half):
    swapped = {
        "tenant": "landlord", "landlord": "tenant", "buyer": "buyer_accept", "firm": "consultant",
        "consultant": "firm", "supplier": "buyer_menu", "chair_seller": "lamp_buyer",
        "tenant_accept": "tenant_hold", "tenant_hold": "tenant_accept", "buyer_escalate":
        "buyer_walk", "tenant_walk": "tenant_hold", "buyer_walk": "buyer_accept",
    }  # fmt: skip
    for case, text in messages(f"honest_{half}"):
        if case in swapped:
            assert not bg.verify_message(text, advice_of_case(swapped[case])).ok, text


TERMS = "Rent 3300 USD/month, deposit 1000 USD, start June 1, length 1 year. "
OPEN = {
    "tenant": [TERMS + said for said in (
        "These terms are acceptable to us.", "That works for us.", "Your terms work for us.",
        "We look forward to your proposal.", "Thank you for your offer. We think it is fair.",
        "Thank you for your offer. It is fair.", "We welcome your offer.", "We meet you.",
        "We would be happy to have it.", "We are ready to meet you.", "We can meet.",
        "We could consider your offer.", "Our offer is yours to set.", "We are out of time.",
        "We are happy with what you propose", "We will work with you on the rent.",
        "You may set the length.", "We are open to your thoughts on the deposit.",
        "We would like to discuss the rent with you.", "We would go with either.",
        "The choice is yours.", "Thank you for your generous offer.", "There is time.",
        "We have a choice.", "We have others interested.", "We hear others offer.",
        "It is up to you what the rent is.", "We think that this is the best we can do.",
        "Enjoy the flat.", "You will hear from us.", "Thank you, it is fair: thank you.",
        "We are happy to welcome you on board.", "We are ending the talks.",
    )],
    "tenant_walk": ["We end the talks. " + said for said in (
        "We look forward to your reply.", "Please consider our offer.", "Let us talk.",
        "Please get back to us soon.", "We would be happy to hear from you.", "Your turn.",
        "Thank you for your offer, we will consider it.", "Our offer stands.",
        "We look forward to working with you.", "You will hear from us.",
    )] + ["We end the talks for today?", "We will leave it here today, and continue tomorrow.",
          "We do not think we will stop.", "We will not leave it here.", "Unfortunately.",
          "We hope to work with you again."],
    "tenant_hold": ["You will hear from us. " + said for said in (
        "We look forward to working with you.", "We are happy.", "It is fair.", "We like it.",
        "We think it is fair.", "That works for us.", "You have a deal.", "It is a good deal.",
        "We would love to have you on board.", "We have a choice: thank you.",
    )] + ["We are delighted. You will hear from us.", "You will hear from us, and it will be yes.",
          "We like your offer and await your answer.", "Will you hear from us"],
    "tenant_accept": ["We accept your offer. " + said for said in (
        "We look forward to your reply.", "Please consider our proposal.", "Is it?",
        "Now, you will have to come down.", "We would like to discuss it.", "It is our offer.",
        "We will get back to you.", "We are waiting for your answer.", "We will review it first.",
        "Here is our counterproposal.", "We are ending the talks.", "You have a deal with others.",
    )] + ["That works.", "It is fine.", "We can accept your offer.", "Great news.",
          "We are eager to accept your offer.", "To confirm the terms."],
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_a_clause_that_leaves_open_or_takes_back_what_was_said_fails(case):
    for text in OPEN[case]:
        assert not bg.verify_message(text, advice_of_case(case)).ok, text


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("tenant_hold", "You will hear from us."),
        ("tenant_hold", "You'll hear back from us as soon as we have an answer."),
        ("tenant_hold", "We will get back to you shortly."),
        ("tenant_hold", "Please bear with us while we look into it."),
        ("buyer_escalate", "We are discussing your offer internally and will reply soon."),
        ("buyer_escalate", "Let me check this with my team."),
        ("tenant_walk", "We are ending the talks. We wish you all the best."),
        ("tenant_walk", "I'm afraid we will have to leave it here."),
        ("tenant_accept", "Having reviewed your offer, we are pleased to accept it."),
        ("landlord", "Please reply by March 3, 10:00 UTC. Rent 3700 USD a month, deposit 2000 USD, "
         "start May 15, length six months."),
        ("landlord", "Rent 3700 USD/month, deposit 2000 USD, start May 15, length 6 months. "
         "We would appreciate a reply by 10:00 UTC on 3 March."),
        ("tenant", "1. Rent: 3300 USD/month\n2. Deposit: 1000 USD\n3. Start: June 1\n"
         "4. Length: 1 year"),
        ("tenant", "Dear Sir/Madam, " + TERMS + "Feel free to contact us if anything is unclear."),
    ],
)  # fmt: skip
def test_what_is_said_in_known_clauses_passes(case, text):
    check = bg.verify_message(text, advice_of_case(case))
    assert check.ok, str(check)


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("landlord", "Rent 3700 USD a week, deposit 2000 USD, start May 15, length 6 months."),
        ("landlord", "Rent 3700 USD/month, deposit 2000 USD, start May 15, length sixty months."),
        ("landlord", "Rent 3700 USD/month, deposit 2000 USD, start May 15, length 6 months. "
         "Please reply by March 3, 11:00 UTC."),
        ("landlord", "Rent 3700 USD/month, deposit 2000 USD, start May 15, length 6 months. "
         "Please reply by March 3, 10:00."),
        ("tenant", "1. Rent: 3300 USD/month\n3. Deposit: 1000 USD\n2. Start: June 1\n"
         "4. Length: 1 year"),
        ("tenant", TERMS + "Subject to approval."),
        ("tenant", TERMS + "Subject"),
    ],
)  # fmt: skip
def test_what_is_nearly_said_so_fails(case, text):
    assert not bg.verify_message(text, advice_of_case(case)).ok


ROWS = """| | Rent | Deposit | Start | Length |
|---|---|---|---|---|
| A | 3300 USD/month | 1000 USD | June 1 | 1 year |
| B | 3500 USD/month | 500 USD | June 15 | 6 months |
| C | 3500 USD/month | 1500 USD | July 1 | 2 years |"""
COLUMNS = """| Term | Option A | **Option B** | Option C |
|:---|---|---|---:|
| Rent | 3300 USD/month | 3500 USD/month | 3500 USD/month |
| Deposit | 1000 USD | 500 USD | 1500 USD |
| **Start** | June 1 | June 15 | July 1 |
| Length | 1 year | 6 months | 2 years |"""


@pytest.mark.parametrize("table", [ROWS, COLUMNS], ids=["rows", "columns"])
def test_a_table_is_told_cell_by_cell(table):
    advice = advice_of_case("tenant_menu")
    assert bg.verify_message(f"Here are three packages:\n\n{table}\n", advice).ok
    for said, other in [
        ("1000 USD", "500 USD"), ("| Deposit", "| Length"), ("2 years |", "2 years"),
        ("3300 USD/month", "3300"), ("July 1", "July 1 or earlier"), ("| A |", "| B |"),
        ("Option A", "Option C"), ("| Term", "| Best case"), ("|---", "|--x"), ("2 years", ""),
        ("| Rent", "| Their rent"),
    ]:  # fmt: skip
        if said in table:
            assert not bg.verify_message(table.replace(said, other), advice).ok, other
