"""Alternating offers between policies that can be tabulated before play.

A policy that does not look at the other side is, for one problem, side and deadline, a table:
which row it offers in each round and the least own utility it accepts. Play is then one
comparison a round. Callers validate; nothing here checks anything.

Arrays: `ascending` (n_outcomes,) holds a party's utilities sorted; a rank is a position in it.
Paths are rows of (n_paths, deadline) arrays. All integers are int64, all reals float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.sides import AGREED, LEFT, PASSED, UNKNOWN

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

TARGET_TOLERANCE = 1e-12
"""How far below its target an offer may be, relative to the larger of |r| and |u_max|.

Rounding must not decide what a linear policy offers: 0.3 of 10 slices is 3 slices, though the
target comes out as 3.0000000000000004. It is `bargain.solve.ties.TIE_TOLERANCE`, which kernels
cannot import. The reservation has no tolerance."""


@compiled
def first_at_least(ascending: Reals, target: float) -> int:
    """Return the first rank whose utility reaches a target; n_outcomes where none does.

    As `np.searchsorted`, which takes three times as long to compile as all of `offer_ranks`.
    """
    low, high = 0, ascending.shape[0]
    while low < high:
        middle = (low + high) // 2
        if ascending[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def offer_ranks(aspirations: Reals, ascending: Reals, reservation: float, ranks: Integers) -> None:
    """Find what a party offers at each aspiration; ranks (n_rounds,) is modified in place.

    The rank is the first whose utility reaches the target (1 - a) r + a u_max, up to the
    tolerance where a < 1. That form of r + a (u_max - r) is exact at a = 0 and a = 1 and does
    not overflow; the cut to [r, u_max] keeps rounding from demanding less than r or more than
    there is. Where u_max < r there is nothing to offer, and the ranks mean nothing.
    O(n_rounds log n_outcomes).
    """
    best = ascending[-1]
    slack = TARGET_TOLERANCE * max(abs(reservation), abs(best))
    for i in range(aspirations.shape[0]):
        share = aspirations[i]
        target = best
        if share < 1.0:
            target = (1.0 - share) * reservation + share * best - slack
        target = min(max(target, reservation), best)
        # mostly that of the round before
        rank = ranks[i - 1] if i > 0 else 0
        if i == 0 or ascending[rank] < target or (rank > 0 and ascending[rank - 1] >= target):
            rank = first_at_least(ascending, target)
        ranks[i] = rank


@compiled
def share_of_gain(utility: float, reservation: float, best: float) -> float:
    """Return (u - r) / (u_max - r), also where u_max - r overflows. Needs u_max > r, u >= r."""
    half = 0.5 * best - 0.5 * reservation
    if half > 4e307:
        return (0.5 * utility - 0.5 * reservation) / half
    return (utility - reservation) / (best - reservation)


@compiled
def accept_next(
    own: Reals, ascending: Reals, reservation: float, scale: float, offset: float, thresholds: Reals
) -> None:
    """Find the least utility that AC_next accepts; thresholds (n_rounds,) is modified in place.

    own (n_rounds,) is what the party's own offers are worth to it. Infinity where nothing that
    exists is accepted. O(n_rounds log n_outcomes).
    """
    n_rounds = own.shape[0]
    n_outcomes = ascending.shape[0]
    best = ascending[-1]
    least = first_at_least(ascending, reservation)
    for i in range(n_rounds):
        if least == n_outcomes:
            thresholds[i] = np.inf
        elif best == reservation:
            thresholds[i] = reservation
        elif scale == 1.0 and offset == 0.0:
            thresholds[i] = max(own[min(i + 1, n_rounds - 1)], reservation)
        elif i > 0 and own[min(i + 1, n_rounds - 1)] == own[i]:
            # as in the round before
            thresholds[i] = thresholds[i - 1]
        else:
            demanded = share_of_gain(own[min(i + 1, n_rounds - 1)], reservation, best)
            low = least
            high = n_outcomes
            while low < high:
                middle = (low + high) // 2
                offered = share_of_gain(ascending[middle], reservation, best)
                if scale * offered + offset >= demanded:
                    high = middle
                else:
                    low = middle + 1
            thresholds[i] = np.inf if low == n_outcomes else ascending[low]


@compiled
def meeting_round(
    opener_worth: Reals, opener_least: Reals, other_worth: Reals, other_least: Reals, end: int
) -> int:
    """Return the first round below `end` whose offer is accepted, or -1.

    worth (n_rounds,): what a side's offers are worth to the other; least (n_rounds,): the least
    own utility a side accepts. The opener proposes in the even rounds.
    """
    for i in range(0, end - 1, 2):
        if opener_worth[i] >= other_least[i]:
            return i
        if other_worth[i + 1] >= opener_least[i + 1]:
            return i + 1
    if end % 2 == 1 and opener_worth[end - 1] >= other_least[end - 1]:
        return end - 1
    return -1


@compiled
def note_used(start: int, stop: int, meetings: Integers, used: NDArray[np.bool_]) -> None:
    """Note which policies sit in each seat; used (n_parties, n_policies + 1) is modified in place.

    meetings (n_sessions, n_parties): the policy in each seat; those from start to stop count. The
    last column of used is noted where one is no policy.
    """
    n_policies = used.shape[1] - 1
    for i in range(start, stop):
        for seat in range(meetings.shape[1]):
            policy = meetings[i, seat]
            if not 0 <= policy < n_policies:
                policy = n_policies
            # reading is cheaper than writing, and mostly all there is to do
            if not used[seat, policy]:
                used[seat, policy] = True


@compiled
def play_pairs(
    start: int,
    stop: int,
    which: Integers,
    meetings: Integers,
    places: Integers,
    firsts: Integers,
    rows: Integers,
    worth: Reals,
    least: Reals,
    stays: Integers,
    turns: Integers,
    results: Integers,
) -> None:
    """Play sessions of two paths each; their rows of results are modified in place.

    which: the sessions, of which those from start to stop are played. meetings (n_sessions, 2):
    the policy in each seat; places (2, n_policies): the path of each in each seat; firsts
    (n_sessions,): the seat that proposes in round 0. rows, worth, least (n_paths, n_rounds): the
    rows a path offers, what they are worth to the other side, the least own utility it accepts.
    stays (n_paths,): rounds before it walks away, at most n_rounds;
    turns (n_paths,): how many of its own offers are known.

    A result (n_sessions, 4) is round, row (or -1), how it ended and who left (or -1), as in
    `table.play_table`; `UNKNOWN` where it is not over when what is known is.
    """
    n_rounds = rows.shape[1]
    for k in range(start, stop):
        i = which[k]
        first = firsts[i]
        a = places[first, meetings[i, first]]
        b = places[1 - first, meetings[i, 1 - first]]
        end = min(stays[a], stays[b])
        known = min(2 * turns[a], 2 * turns[b] + 1)
        last = min(end, known)
        agreed, r = -1, 0
        # as `meeting_round`, without slices
        while agreed < 0 and r < last:
            if worth[a, r] >= least[b, r]:
                agreed = r
            elif r + 1 < last and worth[b, r + 1] >= least[a, r + 1]:
                agreed = r + 1
            r += 2
        results[i, 1], results[i, 3] = -1, -1
        if agreed >= 0:
            results[i, 0], results[i, 2] = agreed, AGREED
            results[i, 1] = rows[a if agreed % 2 == 0 else b, agreed]
        elif known < end:
            results[i, 0], results[i, 2] = known, UNKNOWN
        elif end < n_rounds:
            # who leaves first: at the same round, who would propose
            results[i, 0], results[i, 2] = end, LEFT
            a_leaves = stays[a] == end and (end % 2 == 0 or stays[b] != end)
            results[i, 3] = first if a_leaves else 1 - first
        else:
            results[i, 0], results[i, 2] = max(n_rounds - 1, 0), PASSED


@compiled
def tabulate(
    start: int,
    stop: int,
    known: NDArray[np.bool_],
    aspirations: Reals,
    scales: Reals,
    offsets: Reals,
    above: Reals,
    ascending: Reals,
    choices: Integers,
    utilities: Reals,
    reservation: float,
    rows: Integers,
    least: Reals,
) -> None:
    """Find what candidates from start to stop offer and accept, where known says that it is known.

    aspirations (n_candidates, n_rounds), scales, offsets and above (n_candidates,): what they hold
    out for, their AC_next, and the share that they accept whatever comes next where it is below
    1. ascending, choices (n_outcomes,) their side's utilities sorted and the row that is offered
    at each; utilities by row. rows, least (n_candidates, n_rounds) are modified in place.
    """
    n_rounds, n_outcomes = aspirations.shape[1], ascending.shape[0]
    best = ascending[-1]
    ranks = np.empty(n_rounds, np.int64)
    own = np.empty(n_rounds)
    for c in range(start, stop):
        if not known[c]:
            continue
        offer_ranks(aspirations[c], ascending, reservation, ranks)
        for i in range(n_rounds):
            rows[c, i] = choices[ranks[i]]
            own[i] = utilities[rows[c, i]]
        accept_next(own, ascending, reservation, scales[c], offsets[c], least[c])
        if above[c] < 1.0:
            low, high = first_at_least(ascending, reservation), n_outcomes
            while low < high:
                middle = (low + high) // 2
                if share_of_gain(ascending[middle], reservation, best) >= above[c]:
                    high = middle
                else:
                    low = middle + 1
            if low < n_outcomes:
                for i in range(n_rounds):
                    least[c, i] = min(least[c, i], ascending[low])


@compiled
def play_paths(
    start: int,
    stop: int,
    planned: NDArray[np.bool_],
    rows: Integers,
    least: Reals,
    utilities: Reals,
    against: Integers,
    other_rows: Integers,
    other_worth: Reals,
    other_least: Reals,
    stays: Integers,
    opens: NDArray[np.bool_],
    results: Integers,
) -> None:
    """Play the candidates from start to stop that are planned against opponents that are.

    rows, least as `tabulate` leaves them; utilities (n_outcomes,) what rows are worth to the
    opponents. against (n,): the opponents' places in other_rows, other_worth, other_least
    (n_opponents, n_rounds), stays (n_opponents,), as in `play_pairs`, and in results
    (n_candidates, n_opponents, n_starts, n_repetitions, 2), which is modified in place: the round
    in which a session ended, and the row agreed on or -1. opens (n_starts,): whether the
    candidate proposes in round 0.
    """
    n_rounds = rows.shape[1]
    worth = np.empty(n_rounds)
    for c in range(start, stop):
        if not planned[c]:
            continue
        for i in range(n_rounds):
            worth[i] = utilities[rows[c, i]]
        for o in against:
            for s in range(opens.shape[0]):
                theirs, asked = other_worth[o], other_least[o]
                if opens[s]:
                    agreed = meeting_round(worth, least[c], theirs, asked, stays[o])
                else:
                    agreed = meeting_round(theirs, asked, worth, least[c], stays[o])
                row = -1
                if agreed >= 0:
                    mine = (agreed % 2 == 0) == opens[s]
                    row = rows[c, agreed] if mine else other_rows[o, agreed]
                ended = agreed if agreed >= 0 else min(stays[o], n_rounds - 1)
                for t in range(results.shape[3]):
                    results[c, o, s, t, 0] = ended
                    results[c, o, s, t, 1] = row
