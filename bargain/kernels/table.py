"""Stacked alternating offers between policies that look at the other side, any number of parties.

A side is one policy in one seat: a rule that says what it offers, and a program of acceptance
conditions. What the sides share is laid out beforehand (utilities, sorted orders, the issue values
of every row); what a session remembers lies in scratch arrays that one chunk of sessions reuses.
Every session draws from a generator of its own that counts (Salmon et al. 2011 name the idea), so
results do not depend on the number of threads. Callers validate; nothing here checks anything.

All integers are int64, all reals float64. `bargain.play` has the same in plain Python.
"""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled, compiled_parallel, inlined
from bargain.kernels.sides import (
    ABOVE,
    ABSOLUTE,
    AFTER,
    ALL,
    ANY,
    AVERAGED,
    BAND,
    BEST,
    BEST_UTILITY,
    BROKEN,
    CLOSEST,
    DELAY,
    DISTINCT,
    FLOOR,
    HARDHEADED,
    LAST_RECEIVED,
    LAST_SENT,
    LEFT,
    LOOKS_AHEAD,
    MICRO,
    N_OPS,
    NATURE,
    NEXT,
    NOISE,
    PICK,
    PLAN,
    PLAYED,
    PREVIOUS,
    RANDOM,
    RANKED,
    READY,
    READY_FOR,
    RECEIVED,
    RESERVATION,
    RULE,
    SCRIPT,
    SENT,
    SIMILAR,
    SMITH,
    STAYS,
)

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

TARGET_TOLERANCE = 1e-12
"""As in `bargain.kernels.sessions`."""

CANDIDATES = 64
"""Most outcomes looked at for one offer by likeness or model."""

CHUNK = 32
"""Sessions that reuse one set of scratch arrays."""


@compiled
def mixed(bits: np.uint64) -> np.uint64:
    """Scramble 64 bits: the finaliser of SplitMix64 (Steele, Lea and Flood 2014, figure 16)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@compiled
def uniform(key: int, stream: int, count: int) -> float:
    """Return a number in [0, 1): the count-th of a stream of a session's key."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    bits = mixed(np.uint64(key) + golden * (np.uint64(stream) + np.uint64(1)))
    bits = mixed(bits + golden * (np.uint64(count) + np.uint64(1)))
    return float(bits >> np.uint64(11)) * 2.0**-53


@compiled
def share_of(utility: float, reservation: float, best: float) -> float:
    """Return (u - r) / (u_max - r), also where u_max - r overflows; 0 where there is no gain."""
    if best <= reservation:
        return 0.0
    half = 0.5 * best - 0.5 * reservation
    if half > 4e307:
        return (0.5 * utility - 0.5 * reservation) / half
    return (utility - reservation) / (best - reservation)


@compiled
def rank_at(share: float, q: int, ends: Reals, ascending: Reals) -> int:
    """Return the rank of party q's least utility at a target: see `sessions.offer_ranks`."""
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    target = best
    if share < 1.0:
        slack = TARGET_TOLERANCE * max(abs(reservation), abs(best))
        target = (1.0 - share) * reservation + share * best - slack
    target = min(max(target, reservation), best)
    low, high = 0, ascending.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if ascending[q, middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def imitated(
    rule: int, q: int, n: int, own: float, delay: int, noise: float, draw: float, received: Reals
) -> float:
    """Return the share that a form of tit-for-tat holds out for, before its limits.

    received (n_parties, at least n): what the others' offers left party q, as shares, in order;
    own is the share of its own last offer; delay is delta of Faratin et al., or gamma for the
    average.
    """
    if n < 2 or (rule != AVERAGED and n < delay + 1):
        return own
    if rule == AVERAGED:
        before, after = received[q, max(n - 1 - delay, 0)], received[q, n - 1]
    else:
        before, after = received[q, n - 1 - delay], received[q, n - delay]
    if rule == ABSOLUTE:
        return own - (after - before) + noise * (2.0 * draw - 1.0)
    return own if before >= 1.0 else own * ((1.0 - after) / (1.0 - before))


@compiled
def learn(
    pick: int, q: int, row: int, last: int, digits: Integers, offsets: Integers, model: Reals
) -> None:
    """Let party q's frequency model see an offer; model is modified in place.

    model (n_parties, 2 n_values + n_issues): how often each value was offered, what the model
    adds up for it (weight times count over the largest count), the weights. last is the row of
    the offer before, -1 if there was none. See `bargain.play.models.FrequencyModel`.
    """
    n_issues = digits.shape[1]
    n_values = offsets[n_issues]
    gain = 0.2 / n_issues
    unchanged, total = 0, 0.0
    for j in range(n_issues):
        model[q, offsets[j] + digits[row, j]] += 1.0
        most = 0.0
        for v in range(offsets[j], offsets[j + 1]):
            most = max(most, model[q, v])
        for v in range(offsets[j], offsets[j + 1]):
            model[q, n_values + v] = model[q, v] / most
        if pick == SMITH:
            model[q, 2 * n_values + j] = most
            total += most
        elif n_issues > 1 and last >= 0 and digits[row, j] == digits[last, j]:
            unchanged += 1
    if pick != SMITH:
        total = 1.0 + gain * unchanged
    cap = 1.0 - n_issues * gain / total
    for j in range(n_issues):
        weight = model[q, 2 * n_values + j]
        # with no issue unchanged the total is 1
        if pick != SMITH and unchanged > 0 and digits[row, j] == digits[last, j] and weight < cap:
            weight += gain
        weight /= total
        model[q, 2 * n_values + j] = weight
        for v in range(offsets[j], offsets[j + 1]):
            model[q, n_values + v] *= weight


@compiled
def likeness(row: int, other: int, digits: Integers, spans: Reals) -> float:
    """Return how alike two rows are, in [0, n_issues]: an issue of a scale counts by distance.

    spans (n_issues,): steps between the ends of a scale; 0 where values are equal or not.
    """
    total = 0.0
    for j in range(digits.shape[1]):
        apart = abs(digits[row, j] - digits[other, j])
        if spans[j] > 0.0:
            total += 1.0 - apart / spans[j]
        elif apart == 0:
            total += 1.0
    return total


@compiled
def picked(
    pick: int,
    q: int,
    share: float,
    band: float,
    last: int,
    ends: Reals,
    ascending: Reals,
    order: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers at a target; of equals the one with the least own rank.

    Looked at are the first CANDIDATES outcomes from the target to `band`, a share of the
    attainable gain, above the least of them. last is the last row received, -1 for none.
    """
    rank = rank_at(share, q, ends, ascending)
    if pick == CLOSEST or last < 0:
        return order[q, rank]
    n_issues = digits.shape[1]
    n_values = offsets[n_issues]
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    top = share_of(ascending[q, rank], reservation, best) + band
    chosen, liked = rank, -1.0
    for k in range(rank, min(rank + CANDIDATES, ascending.shape[1])):
        if k > rank and share_of(ascending[q, k], reservation, best) > top:
            break
        row = order[q, k]
        if pick == SIMILAR:
            worth = likeness(row, last, digits, spans)
        else:
            worth = 0.0
            for j in range(n_issues):
                worth += model[q, n_values + offsets[j] + digits[row, j]]
        if worth > liked:
            chosen, liked = k, worth
    return order[q, chosen]


@inlined
def micro_next(
    q: int, ends: Reals, utilities: Reals, ranking: Integers, counters: Integers
) -> tuple[int, float]:
    """Return the next row of q's ranking, -1 if it is not to be offered, and what it accepts."""
    k = counters[q, RANKED]
    reservation = ends[q, RESERVATION]
    if k > counters[q, DISTINCT]:
        return -1, max(utilities[q, ranking[q, k - 1]], reservation)
    if k < ranking.shape[1] and utilities[q, ranking[q, k]] >= reservation:
        return ranking[q, k], utilities[q, ranking[q, k]]
    return -1, reservation


@compiled
def offered(
    q: int,
    s: int,
    r: int,
    key: int,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    shares: Reals,
    rows: Integers,
    counters: Integers,
    received: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers by side s, were it to propose in round r."""
    rule, pick, sent = codes[s, RULE], codes[s, PICK], counters[q, SENT]
    if rule == SCRIPT:
        return rows[s, min(sent, rows.shape[1] - 1)]
    if rule == MICRO:
        row = micro_next(q, ends, utilities, ranking, counters)[0]
        if row >= 0:
            return row
        return ranking[q, int(uniform(key, q, sent) * counters[q, RANKED])]
    if rule == RANDOM:
        low = rank_at(params[s, FLOOR], q, ends, ascending)
        return order[q, low + int(uniform(key, q, sent) * (order.shape[1] - low))]
    share = 1.0
    if rule == PLAN:
        share = shares[s, r]
    else:
        if sent > 0:
            own = utilities[q, counters[q, LAST_SENT]]
            share = share_of(own, ends[q, RESERVATION], ends[q, BEST_UTILITY])
        draw = uniform(key, q, sent) if rule == ABSOLUTE else 0.0
        n = counters[q, RECEIVED]
        noise = params[s, NOISE]
        share = imitated(rule, q, n, share, codes[s, DELAY], noise, draw, received)
        share = min(max(share, params[s, FLOOR]), 1.0)
    return picked(
        pick,
        q,
        share,
        params[s, BAND],
        counters[q, LAST_RECEIVED],
        ends,
        ascending,
        order,
        digits,
        offsets,
        spans,
        model,
    )


@inlined
def accepts(
    s: int,
    q: int,
    utility: float,
    upcoming: float,
    time: float,
    ends: Reals,
    utilities: Reals,
    codes: Integers,
    ops: Integers,
    args: Reals,
    counters: Integers,
    received: Reals,
    moments: Reals,
) -> bool:
    """Say whether side s in seat q accepts an offer worth `utility` by its program.

    upcoming is what its own next offer is worth to it. The offer itself has been received.
    """
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    share = share_of(utility, reservation, best)
    # what is on the stack, as bits
    stack = 0
    for i in range(codes[s, N_OPS]):
        op, a, b = ops[s, i], args[s, i, 0], args[s, i, 1]
        answer = False
        if op in (ALL, ANY):
            first, second = (stack >> 1) & 1, stack & 1
            answer = (first & second if op == ALL else first | second) == 1
            stack >>= 2
        elif op in (NEXT, PREVIOUS):
            mine = upcoming
            exists = op == NEXT or counters[q, LAST_SENT] >= 0
            if op == PREVIOUS and exists:
                mine = utilities[q, counters[q, LAST_SENT]]
            if not exists:
                answer = False
            elif a == 1.0 and b == 0.0:
                answer = utility >= mine
            else:
                answer = a * share + b >= share_of(mine, reservation, best)
        elif op == ABOVE:
            answer = share >= a
        elif op == AFTER:
            answer = time >= a
        else:
            since = 2.0 * time - 1.0 if a > 0.0 else -1.0
            most, total, within = -np.inf, 0.0, 0
            for k in range(counters[q, RECEIVED] - 1):
                if moments[q, k] >= since:
                    most = max(most, received[q, k])
                    total += received[q, k]
                    within += 1
            answer = share >= most if op == BEST or within == 0 else share >= total / within
        stack = (stack << 1) | (1 if answer else 0)
    return utility >= reservation and stack == 1


@inlined
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
    upcoming = -1
    if codes[meet[p], RULE] == MICRO:
        upcoming = micro_next(p, ends, utilities, ranking, counters)[0]
    if row == upcoming:
        counters[p, RANKED] += 1
    counters[p, SENT] += 1
    counters[p, LAST_SENT] = row
    for q in range(meet.shape[0]):
        if q == p:
            continue
        s, n = meet[q], counters[q, RECEIVED]
        received[q, n] = share_of(utilities[q, row], ends[q, RESERVATION], ends[q, BEST_UTILITY])
        moments[q, n] = time
        if codes[s, RULE] == MICRO and seen[q, row] != stamp:
            seen[q, row] = stamp
            counters[q, DISTINCT] += 1
        if codes[s, PICK] >= HARDHEADED:
            learn(codes[s, PICK], q, row, counters[q, LAST_RECEIVED], digits, offsets, model)
        counters[q, RECEIVED] = n + 1
        counters[q, LAST_RECEIVED] = row


@compiled
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
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    shares: Reals,
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
    counters[:, :] = 0
    counters[:, LAST_SENT] = -1
    counters[:, LAST_RECEIVED] = -1
    counters[:, READY_FOR] = -1
    for q in range(n_parties):
        if codes[meet[q], PICK] >= HARDHEADED:
            model[q, :] = 1.0 if codes[meet[q], PICK] == HARDHEADED else 0.0
            model[q, 2 * offsets[-1] :] = 1.0 / digits.shape[1]
    result[1], result[3] = -1, -1
    p = first
    for r in range(n_rounds):
        result[0], result[2] = r, LEFT
        s = meet[p]
        if r >= codes[s, STAYS]:
            result[3] = p
            return
        if codes[s, RULE] == PLAN and codes[s, PICK] == CLOSEST:
            row = rows[s, r]
        elif counters[p, READY_FOR] == r:
            row = counters[p, READY]
        else:
            row = offered(
                p, s, r, key, ends, utilities, ascending, order, ranking, digits, offsets,
                spans, codes, params, shares, rows, counters, received, model,
            )  # fmt: skip
        note(
            p, row, times[r], stamp, meet, ends, utilities, ranking, digits, offsets, codes,
            counters, seen, received, moments, model,
        )  # fmt: skip
        refused = -1
        for step in range(1, n_parties):
            q = (p + step) % n_parties
            s = meet[q]
            if r >= codes[s, STAYS]:
                result[3] = q
                return
            utility = utilities[q, row]
            if codes[s, N_OPS] == 0:
                agreed = utility >= least[s, r]
            else:
                upcoming = 0.0
                if codes[s, RULE] == MICRO:
                    upcoming = micro_next(q, ends, utilities, ranking, counters)[1]
                elif codes[s, RULE] == PLAN and codes[s, PICK] == CLOSEST:
                    upcoming = utilities[q, rows[s, min(r + 1, n_rounds - 1)]]
                elif codes[s, LOOKS_AHEAD] == 1:
                    coming = offered(
                        q, s, min(r + 1, n_rounds - 1), key, ends, utilities, ascending, order,
                        ranking, digits, offsets, spans, codes, params, shares, rows, counters,
                        received, model,
                    )  # fmt: skip
                    # who refuses proposes next, and receives nothing before
                    counters[q, READY] = coming
                    counters[q, READY_FOR] = r + 1
                    upcoming = utilities[q, coming]
                agreed = accepts(
                    s, q, utility, upcoming, times[r], ends, utilities, codes, ops, args,
                    counters, received, moments,
                )  # fmt: skip
            if not agreed:
                refused = q
                break
        if refused < 0:
            result[1], result[2] = row, PLAYED
            return
        if breakdown > 0.0 and uniform(key, NATURE, r) < breakdown:
            result[2] = BROKEN
            return
        p = refused
    result[0], result[2] = max(n_rounds - 1, 0), PLAYED


@compiled_parallel
def play_table(
    meetings: Integers,
    firsts: Integers,
    keys: Integers,
    breakdown: float,
    times: Reals,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    ranking: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    shares: Reals,
    rows: Integers,
    least: Reals,
    ops: Integers,
    args: Reals,
    results: Integers,
) -> None:
    """Play one session per row of meetings; results (n_sessions, 4) is modified in place.

    meetings (n_sessions, n_parties): the side in each seat; firsts (n_sessions,): the seat that
    proposes in round 0; keys (n_sessions,): what each session's draws derive from; times
    (n_rounds,). A result is round, row (or -1), how it ended and who left (or -1).

    Seats: ends (n_parties, 2) best utility and reservation; utilities (n_parties, n_outcomes);
    ascending, order (n_parties, n_allowed) sorted utilities of what may be agreed and their rows;
    ranking (n_parties, n_allowed) rows from the best down, ties by the lowest row; digits
    (n_outcomes, n_issues) position of each issue's value; offsets (n_issues + 1,) where the values
    of each issue start, were they numbered through; spans as in `likeness`.

    Sides: codes (n_sides, 6), params (n_sides, 3); shares, rows, least (n_sides, n_rounds): what a
    plan holds out for or offers, and what a side without a program accepts; ops (n_sides, most),
    args (n_sides, most, 2): programs of acceptance.
    """
    n_sessions, n_parties = meetings.shape
    n_rounds, n_issues, n_values = times.shape[0], digits.shape[1], offsets[-1]
    ranks = np.any(codes[:, RULE] == MICRO)
    models = np.any(codes[:, PICK] >= HARDHEADED)
    for c in prange((n_sessions + CHUNK - 1) // CHUNK):
        counters = np.empty((n_parties, 8), np.int64)
        seen = np.zeros((n_parties, utilities.shape[1] if ranks else 0), np.int64)
        received = np.empty((n_parties, n_rounds))
        moments = np.empty((n_parties, n_rounds))
        model = np.empty((n_parties, 2 * n_values + n_issues if models else 0))
        for i in range(c * CHUNK, min((c + 1) * CHUNK, n_sessions)):
            play_one(
                meetings[i],
                firsts[i],
                keys[i],
                breakdown,
                i + 1,
                times,
                ends,
                utilities,
                ascending,
                order,
                ranking,
                digits,
                offsets,
                spans,
                codes,
                params,
                shares,
                rows,
                least,
                ops,
                args,
                counters,
                seen,
                received,
                moments,
                model,
                results[i],
            )
