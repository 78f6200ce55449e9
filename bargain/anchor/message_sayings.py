"""The sentences that an advice itself says may be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from bargain.anchor.advice import PublicAdvice

ASKING = (
    "Please answer", "Please reply", "Please respond", "Please let us know", "Kindly reply",
    "Kindly answer", "Kindly respond", "We ask for your answer", "We ask for your reply",
    "We would be grateful for a reply", "We would be grateful for your reply",
    "We would appreciate your reply", "We would appreciate a reply",
    "Please let us have your answer", "Please let us have your reply",
    "Kindly let us have your response", "We look forward to your reply",
    "We look forward to your answer",
)  # fmt: skip
"""How an answer by a time may be asked for, where the advice discloses the time."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def sayings(public: PublicAdvice) -> list[str]:
    """Return the sentences that the advice itself says may be told."""
    said = [fact.text for fact in public.facts] + [each.text for each in public.questions]
    if public.respond_by is not None:
        said += [f"{asked} by {time}." for asked in ASKING for time in _moments(public.respond_by)]
    if public.withdraws:
        said += [
            f"This {verb} {whose} earlier {what}."
            for verb in ("replaces", "supersedes")
            for whose in ("our", "my")
            for what in ("offer", "offers", "proposal", "proposals")
        ]
    return said


def _moments(when: str) -> list[str]:
    """Return a moment as it is in the advice, and as people write it, in UTC."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return [when]
    if moment.utcoffset() != timedelta(0) or moment.second or moment.microsecond:
        return [when]
    month, clock = _MONTHS[moment.month - 1], f"{moment:%H:%M} UTC"
    dates = [
        f"{moment:%Y-%m-%d}", f"{month} {moment.day}", f"{moment.day} {month}",
        f"{month} {moment.day}, {moment.year}", f"{moment.day} {month} {moment.year}",
    ]  # fmt: skip
    with_clock = [f"{date}{gap}{clock}" for date in dates for gap in (" ", ", ", " at ")]
    return [when, *with_clock, *(f"{clock} on {date}" for date in dates)]
