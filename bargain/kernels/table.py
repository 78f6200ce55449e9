"""Stacked alternating offers between policies that look at the other side, any number of parties.

A side is one policy in one seat: a rule that says what it offers, and a program of acceptance
conditions. What the sides share is laid out beforehand (utilities, sorted orders, the issue values
of every row); what a session remembers lies in scratch arrays that a run of sessions reuses.
Every session draws from a generator of its own that counts (Salmon et al. 2011 name the idea), so
results do not depend on the number of threads. Callers validate; nothing here checks anything.

All integers are int64, all reals float64. `bargain.play` has the same in plain Python.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.answers import accepts
from bargain.kernels.compiled import merged, uncounted
from bargain.kernels.draws import uniform
from bargain.kernels.models import learn
from bargain.kernels.offers import micro_next, offered
from bargain.kernels.sides import (
    AGREED,
    BEST_UTILITY,
    BROKEN,
    CLOSEST,
    COUNTS,
    DISTINCT,
    HARDHEADED,
    LAST_RECEIVED,
    LAST_SENT,
    LEFT,
    LOOKS_AHEAD,
    LOOKS_BACK,
    MICRO,
    N_OPS,
    NATURE,
    PASSED,
    PICK,
    PLAN,
    RANKED,
    READY,
    READY_FOR,
    RECEIVED,
    RESERVATION,
    RULE,
    SENT,
    STAYS,
)
from bargain.kernels.targets import share_of

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@merged
def note(
    p: int,
    row: int,
    time: float,
    stamp: int,
    meet: Integers,
    ends: Reals,
    utilities: Reals,
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    codes: Integers,
    counters: Integers,
    seen: Integers,
    received: Reals,
    moments: Reals,
    model: Reals,
) -> None:
    """Write party p's offer down in everybody's memory, which is modified in place."""
    if codes[meet[p], RULE] == MICRO:
        # what is drawn has been ranked before: only the next of the ranking is new
        k = counters[p, RANKED]
        if k < ranking.shape[1] and ranking[p, k] == row:
            counters[p, RANKED] = k + 1
    counters[p, SENT] += 1
    counters[p, LAST_SENT] = row
    for q in range(meet.shape[0]):
        if q != p:
            s, n = meet[q], counters[q, RECEIVED]
            if codes[s, LOOKS_BACK] == 1:
                reservation, best = ends[q, RESERVATION], ends[q, BEST_UTILITY]
                received[q, n] = share_of(utilities[q, row], reservation, best)
                moments[q, n] = time
            if codes[s, COUNTS] == 1 and seen[q, row] != stamp:
                seen[q, row] = stamp
                counters[q, DISTINCT] += 1
            if codes[s, PICK] >= HARDHEADED:
                learn(codes[s, PICK], q, row, counters[q, LAST_RECEIVED], digits, offsets, model)
            counters[q, RECEIVED] = n + 1
            counters[q, LAST_RECEIVED] = row


@merged
def play_one(
    meet: Integers,
    first: int,
    key: int,
    breakdown: float,
    stamp: int,
    times: Reals,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    suited: Integers,
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    windows: Integers,
    rows: Integers,
    least: Reals,
    ops: Integers,
    args: Reals,
    counters: Integers,
    seen: Integers,
    received: Reals,
    moments: Reals,
    model: Reals,
    result: Integers,
) -> None:
    """Play one session; see `play_table` for the arrays.

    What it remembers is overwritten: counters (n_parties, 8); seen (n_parties, n_outcomes), where
    no entry may hold the stamp yet; received, moments (n_parties, n_rounds), offers received as
    shares of the own gain and their times; model as in `learn`.
    """
    n_parties, n_rounds = meet.shape[0], times.shape[0]
    for q in range(n_parties):
        for k in range(counters.shape[1]):
            counters[q, k] = 0
        counters[q, LAST_SENT] = -1
        counters[q, LAST_RECEIVED] = -1
        counters[q, READY_FOR] = -1
        if codes[meet[q], PICK] >= HARDHEADED:
            n_worths = 2 * offsets[digits.shape[1]]
            start = 1.0 if codes[meet[q], PICK] == HARDHEADED else 0.0
            for v in range(model.shape[1]):
                model[q, v] = start if v < n_worths else 1.0 / digits.shape[1]
    p, row, left, ended = first, -1, -1, -1
    r = 0
    while r < n_rounds and ended < 0:
        # all speak in order of their seats: who proposes, then who answers, until one refuses
        refused = -1
        step = 0
        while step < n_parties and refused < 0 and ended < 0:
            q = p + step
            if q >= n_parties:
                q -= n_parties
            s = meet[q]
            step += 1
            if r >= codes[s, STAYS]:
                ended, left = LEFT, q
            else:
                proposes = q == p
                # what it offers, or would if it refused: of one that does not look at the others
                # it is known, of MiCRO the least it accepts is
                ahead = r if proposes else min(r + 1, n_rounds - 1)
                coming, upcoming = -1, 0.0
                if proposes or codes[s, LOOKS_AHEAD] == 1:
                    if codes[s, RULE] == MICRO:
                        coming, upcoming = micro_next(q, ends, utilities, ranking, counters)
                        if proposes and coming < 0:
                            draw = uniform(key, q, counters[q, SENT])
                            coming = ranking[q, int(draw * counters[q, RANKED])]
                    else:
                        if codes[s, RULE] == PLAN and codes[s, PICK] == CLOSEST:
                            coming = rows[s, ahead]
                        elif proposes and counters[q, READY_FOR] == r:
                            coming = counters[q, READY]
                        else:
                            coming = offered(
                                q, s, ahead, key, ends, utilities, ascending, order, suited,
                                digits, offsets, spans, codes, params, windows, rows, least,
                                counters, received, model,
                            )  # fmt: skip
                            # who refuses proposes next, and receives nothing before
                            counters[q, READY] = coming
                            counters[q, READY_FOR] = r + 1
                        upcoming = utilities[q, coming]
                if proposes:
                    row = coming
                    note(
                        p, row, times[r], stamp, meet, ends, utilities, ranking, digits, offsets,
                        codes, counters, seen, received, moments, model,
                    )  # fmt: skip
                else:
                    utility = utilities[q, row]
                    if codes[s, N_OPS] == 0:
                        agreed = utility >= least[s, r]
                    else:
                        agreed = accepts(
                            s, q, utility, upcoming, times[r], ends, utilities, codes, ops, args,
                            counters, received, moments,
                        )  # fmt: skip
                    if not agreed:
                        refused = q
        if ended < 0:
            if refused < 0:
                ended = AGREED
            elif breakdown > 0.0 and uniform(key, NATURE, r) < breakdown:
                ended = BROKEN
            else:
                p = refused
                r += 1
    result[0] = min(r, max(n_rounds - 1, 0))
    result[1] = row if ended == AGREED else -1
    result[2] = PASSED if ended < 0 else ended
    result[3] = left


@uncounted
def play_table(
    start: int,
    stop: int,
    meetings: Integers,
    firsts: Integers,
    keys: Integers,
    breakdown: float,
    times: Reals,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    suited: Integers,
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    windows: Integers,
    rows: Integers,
    least: Reals,
    ops: Integers,
    args: Reals,
    counters: Integers,
    seen: Integers,
    received: Reals,
    moments: Reals,
    model: Reals,
    results: Integers,
) -> None:
    """Play the sessions from start to stop; their rows of results are modified in place.

    meetings (n_sessions, n_parties): the side in each seat; firsts (n_sessions,): the seat that
    proposes in round 0; keys (n_sessions,): what each session's draws derive from; times
    (n_rounds,). A result (n_sessions, 4) is round, row (or -1), how it ended and who left (or -1).

    Seats: ends (n_parties, 2) best utility and reservation; utilities (n_parties, n_outcomes);
    ascending, order (n_parties, n_allowed) sorted utilities of what may be agreed and their rows;
    suited (n_parties, n_allowed) the row from there on that is best for the other of two parties;
    ranking (n_parties, n_allowed) rows from the best down, ties by the lowest row; digits
    (n_outcomes, n_issues) position of each issue's value; offsets (n_issues + 1,) where the values
    of each issue start, were they numbered through; spans as in `likeness`.

    Sides: codes (n_sides, 8), params (n_sides, 5); windows (n_sides, n_rounds, 2), rows, least
    (n_sides, n_rounds): the ranks that a plan looks at, what it offers where that is known, and
    what a side without a program accepts, or what an ADAPTIVE one holds out for; ops (n_sides,
    most), args (n_sides, most, 2): programs of acceptance.

    Scratch, as in `play_one`, of one thread: seen must be 0, and has no columns where no side
    counts; received and moments have none where no side looks back, model where none has one.
    """
    for i in range(start, stop):
        play_one(
            meetings[i], firsts[i], keys[i], breakdown, i + 1, times, ends, utilities, ascending,
            order, suited, ranking, digits, offsets, spans, codes, params, windows, rows, least,
            ops, args, counters, seen, received, moments, model, results[i],
        )  # fmt: skip
