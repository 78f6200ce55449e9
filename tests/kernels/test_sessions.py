from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.kernels.sessions import (
    accept_next,
    meeting_round,
    note_used,
    offer_ranks,
    play_pairs,
    play_paths,
    share_of_gain,
    tabulate,
)
from bargain.kernels.sides import AGREED, LEFT, PASSED, UNKNOWN
from tests import reference

whole = st.integers(-4, 4)
scales = st.sampled_from([1.0, 1e300, 1e-300, 0.1, 1 / 3])
acceptances = st.tuples(
    st.sampled_from([1.0, 0.5, 1.03, 3.0]), st.sampled_from([0.0, 0.02, -0.1, 2.0, -2.0])
)


def shares(size):
    ends = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    return st.lists(st.one_of(ends, st.floats(0, 1)), min_size=size, max_size=size)


def sorted_side(own):
    order = np.argsort(own, kind="stable")
    return order, np.ascontiguousarray(own[order])


def tabulated(own, other, reservation, aspirations, acceptance):
    """What a party does in each round: rows, worth to the other, least accepted, rounds stayed."""
    order, ascending = sorted_side(own)
    n = len(aspirations)
    ranks, least = np.empty(n, dtype=np.int64), np.empty(n)
    offer_ranks(aspirations, ascending, reservation, ranks)
    rows = order[np.minimum(ranks, len(own) - 1)]
    accept_next(own[rows], ascending, reservation, *acceptance, least)
    return rows, other[rows], least, n if own.max() >= reservation else 0


@st.composite
def tables(draw):
    """Utilities of few distinct values, at some scale, and reservations; ties are common."""
    pairs = draw(st.lists(st.tuples(whole, whole), min_size=1, max_size=12))
    scale = draw(scales)
    reservations = [draw(whole) * scale for _ in range(2)]
    return np.array(pairs, dtype=float) * scale, reservations


@given(tables(), shares(5))
def test_offer_ranks_agree_with_the_twin(table, aspirations):
    utilities, (reservation, _) = table
    own = np.ascontiguousarray(utilities[:, 0])
    order, ascending = sorted_side(own)
    ranks = np.empty(5, dtype=np.int64)
    offer_ranks(np.array(aspirations), ascending, reservation, ranks)
    for rank, share in zip(ranks, aspirations, strict=True):
        row = reference.offered_row(own.tolist(), reservation, share)
        if row is not None:
            assert order[rank] == row
            assert own[row] >= reservation


@given(tables(), shares(4), acceptances)
def test_accept_next_agrees_with_the_twin_on_every_outcome(table, aspirations, acceptance):
    utilities, (reservation, _) = table
    own = np.ascontiguousarray(utilities[:, 0])
    rows, _, least, stays = tabulated(own, own, reservation, np.array(aspirations), acceptance)
    for i in range(4):
        following = own[rows[min(i + 1, 3)]]
        for offered in own:
            said = reference.accepts_next(offered, following, own, reservation, *acceptance)
            assert (stays > 0 and said) == (offered >= least[i])


@given(st.lists(st.tuples(whole, whole, whole, whole), min_size=1, max_size=9), st.integers(0, 9))
def test_meeting_round_agrees_with_the_twin(columns, end):
    arrays = [np.array(column, dtype=float) for column in zip(*columns, strict=True)]
    end = min(end, len(columns))
    assert meeting_round(*arrays, end) == reference.meeting_round(*arrays, end)


@pytest.mark.parametrize("deadline", [1, 2, 7, 8])
@settings(max_examples=30)
@given(data=st.data())
def test_batches_agree_with_sessions_played_round_by_round(deadline, data):
    utilities, reservations = data.draw(tables())
    sides = [np.ascontiguousarray(utilities[:, i]) for i in (0, 1)]
    count = 3
    curves = [np.array([data.draw(shares(deadline)) for _ in range(count)]) for _ in (0, 1)]
    accepting = [[data.draw(acceptances) for _ in range(count)] for _ in (0, 1)]
    paths = [
        tabulated(sides[i], sides[1 - i], reservations[i], curves[i][j], accepting[i][j])
        for i in (0, 1)
        for j in range(count)
    ]
    rows, worth, least, stays = (np.array(column) for column in zip(*paths, strict=True))

    pairs = [(i, j) for i in range(count) for j in range(count)]
    meetings = np.array(pairs * 2)
    places = np.arange(2 * count).reshape(2, count)
    firsts = np.repeat([0, 1], len(pairs))
    turns = np.full(2 * count, deadline)
    which = np.arange(len(meetings))
    results = np.empty((len(meetings), 4), dtype=np.int64)
    given = (which, meetings, places, firsts, rows, worth, least, stays, turns)
    play_pairs(0, len(which), *given, results)

    searched = np.empty((count, count, 2, 1, 2), dtype=np.int64)
    order, ascending = sorted_side(sides[0])
    if sides[0].max() >= reservations[0]:
        known = np.ones(count, dtype=bool)
        mine = np.empty((count, deadline), dtype=np.int64), np.empty((count, deadline))
        tabulate(
            0,
            count,
            known,
            curves[0],
            np.array([scale for scale, _ in accepting[0]]),
            np.array([offset for _, offset in accepting[0]]),
            np.ones(count),
            ascending,
            order,
            sides[0],
            reservations[0],
            *mine,
        )
        others = (np.arange(count), rows[count:], worth[count:], least[count:], stays[count:])
        play_paths(0, count, known, *mine, sides[1], *others, np.array([True, False]), searched)
    for s, ((i, j), first) in enumerate(zip(meetings.tolist(), firsts.tolist(), strict=True)):
        ended, row, offers, _ = reference.session(
            utilities.tolist(),
            reservations,
            [curves[0][i], curves[1][j]],
            [accepting[0][i], accepting[1][j]],
            deadline,
            first,
        )
        agreed = ended == "agreement"
        expected = [len(offers) - 1, row] if agreed else [max(len(offers) - 1, 0), -1]
        assert results[s, 1] == expected[1]
        if agreed:
            assert results[s, 0] == expected[0]
        assert results[s, 2] == {"agreement": AGREED, "deadline": PASSED, "walk_away": LEFT}[ended]
        if sides[0].max() >= reservations[0]:
            if ended == "walk_away":
                expected[0] = 0
            assert searched[i, j, first, 0].tolist() == expected


def test_policies_in_each_seat_are_noted_and_what_is_no_policy():
    meetings = np.array([[0, 2], [1, 2], [3, 0], [-1, 0]])
    used = np.zeros((2, 4), dtype=bool)
    note_used(0, 2, meetings, used)
    assert used.tolist() == [[True, True, False, False], [False, False, True, False]]
    note_used(2, 4, meetings, used)
    assert used.tolist() == [[True, True, False, True], [True, False, True, False]]


def test_a_meeting_is_left_open_where_what_is_known_ends():
    # nobody accepts anything; three offers of the first are known, ten of the second
    rows, worth = np.zeros((2, 9), dtype=np.int64), np.zeros((2, 9))
    least, stays, turns = np.ones((2, 9)), np.full(2, 9), np.array([3, 10])
    meetings, firsts, which = np.zeros((2, 2), dtype=np.int64), np.array([0, 1]), np.arange(2)
    places = np.array([[0], [1]])
    results = np.empty((2, 4), dtype=np.int64)
    play_pairs(0, 2, which, meetings, places, firsts, rows, worth, least, stays, turns, results)
    assert results.tolist() == [[6, -1, UNKNOWN, -1], [7, -1, UNKNOWN, -1]]


def test_a_gain_that_overflows_still_has_shares():
    assert share_of_gain(0.0, -1.5e308, 1.5e308) == 0.5
    assert share_of_gain(1.5e308, -1.5e308, 1.5e308) == 1.0


def test_a_gain_of_the_least_float_still_has_shares():
    tiny = 5e-324
    assert share_of_gain(tiny, 0.0, tiny) == 1.0
    assert share_of_gain(0.0, 0.0, tiny) == 0.0
