"""Deadlines on the wall: 48 hours, time zones, clocks that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import bargain as bg

OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
STINGY = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}


def tenant(clock, **options):
    options = {"policy": bg.TimeDependent()} | options
    return bg.Anchor(bg.load("rental"), party="tenant", clock=clock, **options)


def test_48_hours_drive_the_concession_without_a_count_of_rounds():
    anchor = tenant(bg.Clock.lasting(OPENS))
    targets = []
    for hours in (1, 12, 24, 36, 47):
        advice = anchor.advise([bg.Offer("landlord", STINGY)], OPENS + timedelta(hours=hours))
        assert advice.private.time == hours / 48
        assert advice.private.deadline is None
        assert advice.private.seconds_left == (48 - hours) * 3600
        targets.append(advice.private.target)
    assert targets == sorted(targets, reverse=True)
    assert targets[0] > targets[-1]
    late = anchor.advise([bg.Offer("landlord", STINGY)], OPENS + timedelta(hours=48, seconds=1))
    assert (late.decision, late.reasons) == ("walk", ("deadline_passed",))


def test_the_same_moment_in_any_time_zone_gives_the_same_bytes():
    anchor = tenant(bg.Clock.lasting("2026-03-02T10:00:00+01:00"))
    moments = [
        "2026-03-03T09:00:00Z",
        "2026-03-03T10:00:00+01:00",
        datetime(2026, 3, 3, 4, tzinfo=ZoneInfo("America/New_York")),
    ]
    assert len({anchor.advise([], now).to_json() for now in moments}) == 1


def test_an_hour_that_daylight_saving_takes_is_not_counted():
    berlin = ZoneInfo("Europe/Berlin")
    clock = bg.Clock(
        datetime(2026, 3, 28, 12, tzinfo=berlin), datetime(2026, 3, 29, 12, tzinfo=berlin)
    )
    assert clock.closes - clock.opens == timedelta(hours=23)
    assert clock.seconds_left(datetime(2026, 3, 29, 12, tzinfo=berlin)) == 0


def test_the_anchor_ends_early_by_the_skew_and_bears_with_as_much():
    clock = bg.Clock.lasting(OPENS, skew=300)
    anchor = tenant(clock)
    end = OPENS + timedelta(hours=48)
    assert anchor.advise([], end - timedelta(minutes=4)).decision == "walk"
    assert anchor.advise([], end - timedelta(minutes=6)).decision == "counter"
    now = OPENS + timedelta(hours=1)
    for minutes, decision in ((4, "counter"), (6, "escalate")):
        said = {"party": "landlord", "outcome": STINGY,
                "at": (now + timedelta(minutes=minutes)).isoformat()}  # fmt: skip
        assert anchor.advise([said], now).decision == decision


def test_rounds_and_clock_both_end_talks():
    anchor = tenant(bg.Clock.lasting(OPENS), deadline=3, policy=bg.TimeDependent(floor=0.5))
    low = [bg.Offer("landlord", STINGY, round=2)]
    assert anchor.advise(low, OPENS).reasons[-1] == "last_round_refused"
    assert anchor.advise([], OPENS + timedelta(days=3)).reasons == ("deadline_passed",)


def test_by_when_to_answer_is_told_only_where_the_clock_discloses_it():
    now = OPENS + timedelta(hours=1)
    assert tenant(bg.Clock.lasting(OPENS)).advise([], now).public.respond_by is None
    clock = bg.Clock.lasting(OPENS, respond_within=7200, skew=60)
    assert tenant(clock).advise([], now).public.respond_by == "2026-03-02T12:00:00+00:00"
    late = OPENS + timedelta(hours=47)
    assert tenant(clock).advise([], late).public.respond_by == "2026-03-04T08:59:00+00:00"


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: bg.Clock("2026-03-02T09:00:00", "2026-03-04T09:00:00Z"), "clock: opens"),
        (lambda: bg.Clock(OPENS, OPENS), "clock: closes"),
        (lambda: bg.Clock(OPENS, "soon"), "clock: closes"),
        (lambda: bg.Clock.lasting(OPENS, skew=-1), "clock: skew"),
        (lambda: bg.Clock.lasting(OPENS, skew=timedelta(hours=48)), "clock: closes"),
        (lambda: bg.Clock.lasting(OPENS, hours=float("nan")), "hours"),
        (lambda: bg.Clock.lasting(OPENS, hours=1e300), "hours"),
        (lambda: bg.Clock.lasting(OPENS, respond_within=0), "respond_within"),
        (lambda: tenant(None), "deadline"),
        (lambda: tenant("48 hours"), "clock"),
        (lambda: tenant(bg.Clock.lasting(OPENS)).advise(), "now"),
        (lambda: tenant(bg.Clock.lasting(OPENS)).advise(now=0.5), "now"),
        (lambda: tenant(bg.Clock.lasting(OPENS)).advise(now=datetime(2026, 3, 2)), "now"),
    ],
)  # fmt: skip
def test_times_that_are_none_are_refused(make, match):
    with pytest.raises(bg.InvalidArgumentError, match=match):
        make()


def test_the_last_day_of_the_calendar_overflows_nowhere():
    clock = bg.Clock.lasting("2026-03-02T09:00:00Z", skew=3600, respond_within=3600)
    anchor = bg.Anchor(bg.load("rental"), party=0, policy=bg.TimeDependent(), clock=clock)
    offer = {"party": 1, "outcome": "x", "at": 0}
    assert anchor.advise([offer], "9999-12-31T23:59:59Z").decision == "walk"
    eternal = bg.Clock("2026-03-02T09:00:00Z", "9999-12-31T23:59:59Z", respond_within=3600)
    assert eternal.respond_by("9999-12-31T23:30:00Z") == "9999-12-31T23:59:59+00:00"


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("other", ["exact", "unknown"])
def test_talks_that_went_on_after_the_last_round_are_over(count, other):
    anchor = tenant(bg.Clock.lasting(OPENS), deadline=1, other=other)
    history = [
        {
            "party": ("landlord", "tenant")[k % 2],
            "outcome": STINGY if k % 2 == 0 else (3100, 500, "July 1", "1 month"),
            "at": (OPENS + timedelta(hours=k)).isoformat(),
        }
        for k in range(count)
    ]
    advice = anchor.advise(history, OPENS + timedelta(hours=count))
    assert advice.decision in ("walk", "accept")
