"""Slow, obvious twins of the compiled kernels. Plain Python, straight from the definitions."""

from __future__ import annotations

import itertools
import math


def offered_row(own, reservation, share):
    """The lowest row with the smallest own utility at or above r + share (u_max - r), or None."""
    best = max(own)
    if best < reservation:
        return None
    slack = 1e-12 * max(abs(reservation), abs(best)) if share < 1 else 0.0
    target = (1.0 - share) * reservation + share * best - slack
    target = min(max(target, reservation), best)
    return min((u, row) for row, u in enumerate(own) if u >= target)[1]


def accepts_next(offered, following, own, reservation, scale, offset):
    """AC_next: whether an offer is accepted, given what my own next offer is worth to me."""
    best = max(own)
    if offered < reservation:
        return False
    if best == reservation:
        return True
    if (scale, offset) == (1.0, 0.0):
        return offered >= following
    x = (offered - reservation) / (best - reservation)
    y = (following - reservation) / (best - reservation)
    return scale * x + offset >= y


def session(utilities, reservations, shares, acceptances, deadline, first):
    """Play alternating offers round by round between two time-dependent policies.

    utilities: rows of pairs; shares[i][r]: aspiration of party i in round r; acceptances[i]:
    (scale, offset). Returns (how it ended, agreed row or None, offered rows, who left or None).
    """
    own = [[pair[i] for pair in utilities] for i in (0, 1)]

    def offer(party, round):
        return offered_row(own[party], reservations[party], shares[party][round])

    offers = []
    for round in range(deadline):
        proposer = (first + round) % 2
        responder = 1 - proposer
        row = offer(proposer, round)
        if row is None:
            return "walk_away", None, offers, proposer
        offers.append(row)
        mine = offer(responder, min(round + 1, deadline - 1))
        if mine is None:
            return "walk_away", None, offers, responder
        if accepts_next(
            own[responder][row],
            own[responder][mine],
            own[responder],
            reservations[responder],
            *acceptances[responder],
        ):
            return "agreement", row, offers, None
    return "deadline", None, offers, None


def conceded(time, beta, k):
    """F(t) = k + (1 - k) t^(1/beta) of Faratin, Sierra and Jennings (1998)."""
    return k + (1 - k) * math.pow(time, 1 / beta)


def meeting_round(opener_worth, opener_least, other_worth, other_least, end):
    """The first round below `end` in which the responder gets at least what it asks, or -1."""
    for round in range(end):
        worth, least = (
            (opener_worth, other_least) if round % 2 == 0 else (other_worth, opener_least)
        )
        if worth[round] >= least[round]:
            return round
    return -1


def values_of(issue):
    """Every value of a finite issue, in order."""
    if issue.kind == "choice":
        return list(issue.values)
    return list(range(issue.low, issue.high + 1, issue.step))


def outcomes(space):
    """Every outcome of a finite space as a dict; the last issue varies fastest."""
    found = [{}]
    for issue in space.issues:
        found = [{**begun, issue.name: value} for begun in found for value in values_of(issue)]
    return found


def worth(function, issue, value):
    """What one value is worth: looked up, or read off the line that it lies on."""
    if function is None:
        return 0.0
    if hasattr(function, "entries"):
        return function.entries.get(value, 0.0)
    if hasattr(function, "points"):
        points = function.points
    else:
        low, high = issue.bounds
        points = ((low, function.at_low), (high, function.at_high))
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= value <= x1 and x0 < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return points[0][1]


def utility(function, space, outcome):
    """An additive utility: the sum of weight times worth, cut off at the ceiling."""
    total = sum(
        function.weights.get(issue.name, 1.0)
        * worth(function.values.get(issue.name), issue, outcome[issue.name])
        for issue in space.issues
    )
    return total if function.ceiling is None else min(total, function.ceiling)


def folded_labels(u1, u2, w1, w2, least1, below2, width=0.0):
    """All sums of a label and a value as (first, second, label, value), the dominated dropped.

    Straight from the definition for width 0. For a larger width: from the best for the first
    party on, of those within the width of the first one the last.
    """
    sums = [
        (a1 + b1, a2 + b2, i, j)
        for j, (b1, b2) in enumerate(zip(w1, w2, strict=True))
        for i, (a1, a2) in enumerate(zip(u1, u2, strict=True))
        if a1 + b1 >= least1 and a2 + b2 > below2
    ]
    pairs = {s[:2] for s in sums}
    efficient = sorted(
        (p for p in pairs if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in pairs)),
        reverse=True,
    )
    kept = []
    anchor = math.inf
    for pair in efficient:
        if anchor - pair[0] > width:
            anchor = pair[0]
            kept.append(pair)
        else:
            kept[-1] = pair
    return kept, sums


def dominates(a, b):
    """Whether a is at least as good as b for everybody and better for somebody."""
    return all(x >= y for x, y in zip(a, b, strict=True)) and any(
        x > y for x, y in zip(a, b, strict=True)
    )


def efficient_rows(points, keep_duplicates=False):
    """Rows that no row dominates, best for the first party first, of equals the lowest row."""
    found = [
        i
        for i, point in enumerate(points)
        if not any(dominates(other, point) for other in points)
        and (keep_duplicates or point not in points[:i])
    ]
    return sorted(found, key=lambda i: ([-u for u in points[i]], i))


def chosen_pivots(candidates, sample, worth, most):
    """Candidates that weakly dominate most sampled points left over, one after the other."""
    left = list(sample)
    pivots = []
    while len(pivots) < most:
        covered = [[s for s in left if c == s or dominates(c, s)] for c in candidates]
        best = max(range(len(candidates)), key=lambda i: len(covered[i]))
        if len(covered[best]) < 3:
            break
        pivots.append(candidates[best])
        left = [s for s in left if s not in covered[best]]
    return pivots if len(left) <= (1 - worth) * len(sample) else []


def most_for_second(points, least):
    """The most the second party gains in a lottery over points that gives the first `least`."""
    sure = [y for x, y in points if x >= least]
    mixed = [
        y0 + (y1 - y0) * (least - x0) / (x1 - x0)
        for x0, y0 in points
        for x1, y1 in points
        if x0 < least <= x1
    ]
    return max(sure + mixed, default=0)


def raiffa_steps(points, steps):
    """Half steps from (0, 0): the mean of what each party can have while the other keeps its."""
    flipped = [(y, x) for x, y in points]
    x, y = 0.0, 0.0
    for _ in range(steps):
        x, y = (
            (x + max(x, most_for_second(flipped, y))) / 2,
            (y + max(y, most_for_second(points, x))) / 2,
        )
    return x, y


def linear_gains(concept, lines, point, weights):
    """Gains that a concept picks where two parties divide linear issues, or None without a zone.

    lines: for each issue the worths of its two ends, as pairs. The frontier is the chain of edges
    sorted by slope, made into corners; each concept searches along all of it.
    """
    start = [-point[0], -point[1]]
    edges = []
    for low, high in lines:
        ends = sorted([low, high], key=lambda end: (end[1], end[0]))
        best = ends[-1]
        start = [start[0] + best[0], start[1] + best[1]]
        if ends[0][0] > best[0]:
            edges.append((ends[0][0] - best[0], ends[0][1] - best[1]))
    corners = [tuple(start)]
    for a, b in sorted(edges, key=lambda edge: -edge[1] / edge[0]):
        corners.append((corners[-1][0] + a, corners[-1][1] + b))
    # the part that gives nobody less than nothing
    kept = []
    for (x0, y0), (x1, y1) in itertools.pairwise([corners[0], *corners]):
        cuts = [0.0, 1.0]
        cuts += [-x0 / (x1 - x0)] if x1 != x0 else []
        cuts += [y0 / (y0 - y1)] if y1 != y0 else []
        for s in sorted(cut for cut in cuts if 0 <= cut <= 1):
            kept.append((x0 + s * (x1 - x0), y0 + s * (y1 - y0)))
    kept = [(max(x, 0.0), max(y, 0.0)) for x, y in kept if min(x, y) >= -1e-12]
    if not kept:
        return None
    ideal = (max(x for x, _ in kept), max(y for _, y in kept))
    if concept == "kalai_smorodinsky" and 0.0 in ideal:
        return max(kept)
    scales = ideal if concept == "kalai_smorodinsky" else (1.0, 1.0)

    def logarithm(w, gain):
        return 0.0 if w == 0 else (w * math.log(gain) if gain > 0 else -math.inf)

    def even(p):
        return sorted((p[0] / scales[0], p[1] / scales[1]))

    def score(p):
        if concept == "nash":
            # parties of weight 0, and where no product is above 0, count by what they have
            value = logarithm(weights[0], p[0]) + logarithm(weights[1], p[1])
            return (value, sum(p)) if value > -math.inf else (value, 0.0)
        if concept == "utilitarian":
            return (round(sum(p), 9), *even(p))
        return tuple(even(p))

    best = max(kept, key=score)
    for (x0, y0), (x1, y1) in itertools.pairwise(kept):
        # concave along an edge: golden section would do, thirds are plainer
        low, high = 0.0, 1.0

        def at(s, x0=x0, y0=y0, x1=x1, y1=y1):
            return (x0 + s * (x1 - x0), y0 + s * (y1 - y0))

        for _ in range(70):
            third = (high - low) / 3
            if score(at(low + third)) < score(at(high - third)):
                low += third
            else:
                high -= third
        best = max(best, at(low), key=score)
    return best
