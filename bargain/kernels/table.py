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

from bargain.kernels.compiled import compiled, merged, uncounted
from bargain.kernels.sides import (
    ABOVE,
    ABSOLUTE,
    ADAPTIVE,
    AFTER,
    AGREED,
    ALL,
    ANY,
    AVERAGED,
    BAND,
    BEST,
    BEST_UTILITY,
    BROKEN,
    CLOSEST,
    COUNTS,
    DELAY,
    DISTINCT,
    FLOOR,
    HARDHEADED,
    KNOWN,
    LAST_RECEIVED,
    LAST_SENT,
    LEFT,
    LOOKS_AHEAD,
    LOOKS_BACK,
    MATCHING,
    MICRO,
    N_OPS,
    NATURE,
    NEXT,
    NOISE,
    PASSED,
    PICK,
    PLAN,
    PREVIOUS,
    RANDOM,
    RANKED,
    READY,
    READY_FOR,
    RECEIVED,
    RECIPROCITY,
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


@merged
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


@merged
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


@merged
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


@merged
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


@merged
def window_end(q: int, rank: int, band: float, ends: Reals, ascending: Reals) -> int:
    """Return the rank after the last one that party q looks at for an offer from `rank` on.

    Looked at are the first CANDIDATES outcomes up to `band`, a share of the attainable gain, above
    the least of them.
    """
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    top = share_of(ascending[q, rank], reservation, best) + band
    end = rank + 1
    most = min(rank + CANDIDATES, ascending.shape[1])
    while end < most and share_of(ascending[q, end], reservation, best) <= top:
        end += 1
    return end


@uncounted
def fill_windows(
    q: int, shares: Reals, band: float, ends: Reals, ascending: Reals, windows: Integers
) -> None:
    """Find the ranks party q looks at for each target; windows (n, 2), from and to, is modified."""
    for r in range(shares.shape[0]):
        rank = rank_at(shares[r], q, ends, ascending)
        windows[r, 0] = rank
        windows[r, 1] = window_end(q, rank, band, ends, ascending)


@merged
def picked(
    pick: int,
    q: int,
    rank: int,
    end: int,
    last: int,
    order: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers of those from a rank to an end; of equals the first.

    last is the last row received, -1 for none.
    """
    chosen, liked = rank, -1.0
    if pick != CLOSEST and last >= 0:
        n_issues = digits.shape[1]
        n_values = offsets[n_issues]
        for k in range(rank, end):
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


@merged
def micro_next(
    q: int, ends: Reals, utilities: Reals, ranking: Integers, counters: Integers
) -> tuple[int, float]:
    """Return the next row of q's ranking, -1 if it is not to be offered, and what it accepts."""
    k = counters[q, RANKED]
    reservation = ends[q, RESERVATION]
    row, least = -1, reservation
    if k > counters[q, DISTINCT]:
        least = max(utilities[q, ranking[q, k - 1]], reservation)
    elif k < ranking.shape[1] and utilities[q, ranking[q, k]] >= reservation:
        row, least = ranking[q, k], utilities[q, ranking[q, k]]
    return row, least


@merged
def returned(
    q: int,
    s: int,
    r: int,
    ends: Reals,
    ascending: Reals,
    params: Reals,
    least: Reals,
    counters: Integers,
    received: Reals,
) -> tuple[int, int]:
    """Return the rank of an ADAPTIVE side's target in round r, and the rank after it.

    See `bargain.play.adaptive`.
    """
    share, n = least[s, r], counters[q, RECEIVED]
    if params[s, RECIPROCITY] > 0.0 and n > 0:
        share -= params[s, RECIPROCITY] * max(received[q, n - 1] - received[q, 0], 0.0)
    rank = rank_at(min(max(share, params[s, FLOOR]), 1.0), q, ends, ascending)
    if params[s, MATCHING] > 0.0:
        best = ascending.shape[1] - 1
        new = min(counters[q, DISTINCT], counters[q, SENT])
        matched = best - int(min(params[s, MATCHING] * new, float(best)))
        if matched < rank:
            rank = max(matched, rank_at(params[s, FLOOR], q, ends, ascending))
    return rank, rank + 1


@merged
def offered(
    q: int,
    s: int,
    r: int,
    key: int,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    suited: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    windows: Integers,
    rows: Integers,
    least: Reals,
    counters: Integers,
    received: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers by side s, were it to propose in round r.

    Not for MICRO, nor for plans whose rows are known.
    """
    rule, sent = codes[s, RULE], counters[q, SENT]
    row = 0
    if rule == SCRIPT:
        row = rows[s, min(sent, rows.shape[1] - 1)]
    elif rule == RANDOM:
        low = windows[s, r, 0]
        row = order[q, low + int(uniform(key, q, sent) * (order.shape[1] - low))]
    else:
        pick, rank, end = codes[s, PICK], windows[s, r, 0], windows[s, r, 1]
        if rule == ADAPTIVE:
            rank, end = returned(q, s, r, ends, ascending, params, least, counters, received)
            if pick > KNOWN:
                end = window_end(q, rank, params[s, BAND], ends, ascending)
        elif rule != PLAN:
            share = 1.0
            if sent > 0:
                own = utilities[q, counters[q, LAST_SENT]]
                share = share_of(own, ends[q, RESERVATION], ends[q, BEST_UTILITY])
            draw = uniform(key, q, sent) if rule == ABSOLUTE else 0.0
            n = counters[q, RECEIVED]
            noise = params[s, NOISE]
            share = imitated(rule, q, n, share, codes[s, DELAY], noise, draw, received)
            rank = rank_at(min(max(share, params[s, FLOOR]), 1.0), q, ends, ascending)
            end = rank + 1
            if pick != CLOSEST:
                end = window_end(q, rank, params[s, BAND], ends, ascending)
        if pick == KNOWN:
            row = suited[q, rank]
        else:
            row = picked(
                pick, q, rank, end, counters[q, LAST_RECEIVED], order, digits, offsets, spans, model
            )
    return row


@merged
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
            elif best <= reservation:
                # nothing to gain: the reservation itself is all there is to wait for
                answer = True
            elif a == 1.0 and b == 0.0:
                answer = utility >= mine
            else:
                answer = a * share + b >= share_of(mine, reservation, best)
        elif op == ABOVE:
            answer = share >= a
        elif op == AFTER:
            answer = time >= a
        elif i + 1 < codes[s, N_OPS] and ops[s, i + 1] == ALL and stack & 1 == 0:
            # whatever it is, the next takes it together with what does not hold
            answer = False
        elif op == BEST:
            since = 2.0 * time - 1.0 if a > 0.0 else -1.0
            answer, k = True, counters[q, RECEIVED] - 2
            while answer and k >= 0 and moments[q, k] >= since:
                answer = share >= received[q, k]
                k -= 1
        else:
            since = 2.0 * time - 1.0 if a > 0.0 else -1.0
            total, within = 0.0, 0
            for k in range(counters[q, RECEIVED] - 1):
                if moments[q, k] >= since:
                    total += received[q, k]
                    within += 1
            answer = within == 0 or share >= total / within
        stack = (stack << 1) | (1 if answer else 0)
    return utility >= reservation and stack == 1


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
