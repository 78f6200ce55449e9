"""Deadlines by the clock on the wall, across time zones and clocks that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number


@dataclass(frozen=True)
class Clock:
    """When talks open and close.

    Nothing here reads a clock: the time is passed to `Anchor.advise`. Times are compared as
    moments, in UTC, so that time zones and daylight saving play no part.

    Parameters
    ----------
    opens, closes : datetime or ISO 8601 text, with a time zone
    skew : timedelta or float (seconds)
        How far the clocks of the two sides may be apart, >= 0. The anchor takes talks to be over
        so much earlier, and bears with entries of a history that are so much in the future.
    respond_within : timedelta or float (seconds), optional
        How long an offer stands. With it the other side is told by when to answer: this long
        after the offer, and never after the close less the skew, which late in the talks tells
        it when they close.

    Raises
    ------
    InvalidArgumentError
        Naming the field that is wrong.

    Examples
    --------
    >>> clock = Clock.lasting("2026-03-01T09:00:00+01:00", hours=48)
    >>> clock.closes.isoformat(), clock.share("2026-03-02T08:00:00Z")
    ('2026-03-03T08:00:00+00:00', 0.5)
    """

    opens: datetime
    closes: datetime
    skew: timedelta = timedelta(0)
    respond_within: timedelta | None = None

    def __post_init__(self) -> None:
        for name in ("opens", "closes"):
            object.__setattr__(self, name, moment(f"clock: {name}", getattr(self, name)))
        object.__setattr__(self, "skew", span("clock: skew", self.skew))
        if self.respond_within is not None:
            within = span("clock: respond_within", self.respond_within)
            if not within:
                raise InvalidArgumentError.at("clock: respond_within", "some time", within)
            object.__setattr__(self, "respond_within", within)
        if not self.opens < self.closes - self.skew:
            expected = f"a time after {self.opens.isoformat()} by more than the skew"
            raise InvalidArgumentError.at("clock: closes", expected, self.closes.isoformat())

    @classmethod
    def lasting(cls, opens: datetime | str, *, hours: float = 48, **others: Any) -> Clock:
        """Make a clock for talks that last so many hours."""
        start = moment("clock: opens", opens)
        lasts = span(
            "clock: hours", finite_number("hours", hours, error=InvalidArgumentError) * 3600
        )
        try:
            return cls(start, start + lasts, **others)
        except OverflowError:
            raise InvalidArgumentError.at("clock: hours", "fewer hours", hours) from None

    @property
    def last(self) -> datetime:
        """The last moment to act on: the close less the skew."""
        return self.closes - self.skew

    def share(self, now: datetime | str) -> float:
        """Return the share of the time that has gone by: 0 before it opens, above 1 when over."""
        gone = moment("now", now) - self.opens
        return max(gone / (self.last - self.opens), 0.0)

    def share_at(self, seconds: float) -> float:
        """Return the share of the time that had gone by at a time in seconds since 1970."""
        opens, last = self.opens.timestamp(), self.last.timestamp()
        return max((seconds - opens) / (last - opens), 0.0)

    def seconds_left(self, now: datetime | str) -> float:
        """Return the seconds until the last moment to act, 0 when over."""
        return max((self.last - moment("now", now)).total_seconds(), 0.0)

    def is_after(self, at: float | None, now: datetime | str) -> bool:
        """Whether a time in seconds since 1970 lies further in the future than clocks differ."""
        latest = moment("now", now).timestamp() + self.skew.total_seconds()
        return at is not None and at > latest

    def respond_by(self, now: datetime | str) -> str | None:
        """Return by when the other side is asked to answer, in UTC; None if it is not told."""
        if self.respond_within is None:
            return None
        start = moment("now", now)
        return (start + min(self.respond_within, self.last - start)).isoformat()


def moment(where: str, given: Any) -> datetime:
    """Return a moment in UTC, or raise an error that names the place."""
    found = given
    if isinstance(given, str):
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            found = None
    if not isinstance(found, datetime) or found.utcoffset() is None:
        expected = "a time with its time zone, such as 2026-03-01T09:00:00+01:00"
        raise InvalidArgumentError.at(where, expected, given)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise InvalidArgumentError.at(where, "a time in the years 1 to 9999", given) from None


def span(where: str, given: Any) -> timedelta:
    """Return a span of time given as such or in seconds, or raise an error naming the place."""
    if isinstance(given, timedelta):
        found = given
    else:
        try:
            found = timedelta(seconds=finite_number(where, given, error=InvalidArgumentError))
        except OverflowError:
            raise InvalidArgumentError.at(where, "fewer seconds", given) from None
    if found < timedelta(0):
        raise InvalidArgumentError.at(where, "a time span >= 0", given)
    return found
