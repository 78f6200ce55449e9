"""The best outcome among pairs of labels (`kernels.folding`), one of each half of the issues.

Scores: kind 0 is the least gain / share over the parties
with a share above 0, 1 a weighted sum of gains, 2 the weighted sum of their logarithms. Callers
validate; nothing here checks anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Boxes = tuple[Reals, Reals, Whole, Whole, Reals, Whole]
"""Labels as `grow_tree` leaves them: spent, changed, bounds, children, top, nodes."""


@compiled
def score_of(kind: int, factors: Reals, floors: Reals, gains: Reals) -> float:
    """Return the score of gains (n,), -inf below a floor.

    factors (n,) are the shares, the prices of the sum, or the exponents.
    """
    n = gains.shape[0]
    for i in range(n):
        if gains[i] < floors[i]:
            return -np.inf
    if kind == 0:
        least = np.inf
        for i in range(n):
            if factors[i] > 0.0 and gains[i] / factors[i] < least:
                least = gains[i] / factors[i]
        return least
    total = 0.0
    for i in range(n):
        if kind == 1:
            total += factors[i] * gains[i]
        elif gains[i] <= 0.0:
            return -np.inf
        else:
            total += factors[i] * np.log(gains[i])
    return total


@compiled
def is_rational(worths: Reals, point: Reals, picks: Whole, strictly: bool) -> bool:
    """Whether every party's worths, added in issue order, reach (or exceed) a point exactly."""
    m, _, n = worths.shape
    for i in range(n):
        total = 0.0
        for j in range(m):
            total += worths[j, picks[j], i]
        if total < point[i] or (strictly and total == point[i]):
            return False
    return True


@compiled
def pick_values(
    picks: Whole, node: int, parents: Whole, alternatives: Whole, issues: Whole, values: Whole
) -> None:
    """Write the alternatives of a label into picks (m,), which is modified in place."""
    while node >= 0:
        a = alternatives[node]
        picks[issues[a]] = values[a]
        node = parents[node]


@compiled
def join_halves(
    kind: int,
    factors: Reals,
    floors: Reals,
    slack: float,
    tie: float,
    base: Reals,
    best: Whole,
    worths: Reals,
    point: Reals,
    ceiling: float,
    score: float,
    half1: Boxes,
    half2: Boxes,
    parents: Whole,
    alternatives: Whole,
    issues: Whole,
    values: Whole,
    work: int,
    shift: float,
    room: float,
    last: int,
    pairs: Whole,
    scores: Reals,
) -> tuple[int, int, float]:
    """Find the pairs of labels, one of each half, whose outcome has the best score.

    base (n,) are the gains of the best values `best` (m,), ceiling what prices . gains of them
    is, score the one to beat. Two boxes are looked into if their regrets leave enough for the
    score reached (score + shift, for products exp(score - shift), but for `room`) and if the most
    that both give lets every party reach it. The floors (n,) are the least gains allowed; where a
    gain is less than `slack`, the outcome's utilities are compared with the disagreement point
    exactly: for products they have to exceed it. pairs
    (capacity, 2) and scores (capacity,) take the labels that tie with the best to within `tie`;
    where they do not fit, those with the best sorted ratios stay, of
    equals with the largest gain of the party `last` (if >= 0). Returns how many there are, the
    work left (< 0: cut off), and the best score.
    """
    spent1, changed1, bounds1, children1, top1, nodes1 = half1
    spent2, changed2, bounds2, children2, top2, nodes2 = half2
    n = base.shape[0]
    m = best.shape[0]
    capacity = pairs.shape[0]
    stack = np.empty((4096, 2), np.int64)
    stack[0, 0] = 0
    stack[0, 1] = 0
    depth = 1
    found = 0
    need = np.empty(n)
    gains = np.empty(n)
    picks = np.empty(m, np.int64)
    budget = 0.0
    reached = np.inf
    while depth > 0:
        if score != reached:
            reached = score
            near = score - tie * max(1.0, abs(score))
            least = np.exp(near - shift) if kind == 2 else near + shift
            budget = ceiling - least + room if near > -np.inf else np.inf
            for i in range(n):
                need[i] = floors[i]
                if kind == 0 and factors[i] > 0.0:
                    need[i] = max(need[i], near * factors[i])
        depth -= 1
        a = stack[depth, 0]
        b = stack[depth, 1]
        work -= 1
        if top1[a, n] + top2[b, n] > budget:
            continue
        possible = True
        for i in range(n):
            if base[i] + top1[a, i] + top2[b, i] < need[i]:
                possible = False
                break
        if not possible:
            continue
        leaf1 = children1[a, 0] < 0
        leaf2 = children2[b, 0] < 0
        size1 = bounds1[a, 1] - bounds1[a, 0]
        size2 = bounds2[b, 1] - bounds2[b, 0]
        if not leaf1 and (leaf2 or size1 >= size2):
            stack[depth, 0] = children1[a, 1]
            stack[depth, 1] = b
            stack[depth + 1, 0] = children1[a, 0]
            stack[depth + 1, 1] = b
            depth += 2
            continue
        if not leaf2:
            stack[depth, 0] = a
            stack[depth, 1] = children2[b, 1]
            stack[depth + 1, 0] = a
            stack[depth + 1, 1] = children2[b, 0]
            depth += 2
            continue
        work -= size1 * size2 // 4
        if work < 0:
            return found, work, score
        for one in range(bounds1[a, 0], bounds1[a, 1]):
            for two in range(bounds2[b, 0], bounds2[b, 1]):
                if spent1[one] + spent2[two] > budget:
                    continue
                possible = True
                for i in range(n):
                    gains[i] = base[i] + changed1[one, i] + changed2[two, i]
                    if gains[i] < need[i]:
                        possible = False
                        break
                if not possible:
                    continue
                value = score_of(kind, factors, floors, gains)
                if value == -np.inf or value < score - tie * max(1.0, abs(score)):
                    continue
                for i in range(n):
                    if gains[i] < slack:
                        possible = False
                if not possible:
                    for j in range(m):
                        picks[j] = best[j]
                    pick_values(picks, nodes1[one], parents, alternatives, issues, values)
                    pick_values(picks, nodes2[two], parents, alternatives, issues, values)
                    if not is_rational(worths, point, picks, kind == 2):
                        continue
                if found == capacity:
                    found = keep_ties(
                        kind,
                        factors,
                        base,
                        changed1,
                        changed2,
                        pairs,
                        scores,
                        max(score, value),
                        tie,
                        last,
                    )
                pairs[found, 0] = one
                pairs[found, 1] = two
                scores[found] = value
                found += 1
                if value > score:
                    score = value
    return found, work, score


@compiled
def keep_ties(
    kind: int,
    factors: Reals,
    base: Reals,
    changed1: Reals,
    changed2: Reals,
    pairs: Whole,
    scores: Reals,
    score: float,
    tie: float,
    last: int,
) -> int:
    """Keep the pairs whose scores tie with the best; if that is most of them, the fairest one.

    pairs and scores are modified in place. Returns how many are left.
    """
    found = pairs.shape[0]
    left = 0
    for row in range(found):
        if scores[row] >= score - tie * max(1.0, abs(score)):
            pairs[left, 0], pairs[left, 1] = pairs[row, 0], pairs[row, 1]
            scores[left] = scores[row]
            left += 1
    if left <= found // 2:
        return left
    n = base.shape[0]
    champion = np.full(n + 1, -np.inf)
    ratios = np.zeros(n + 1)
    gains = np.empty(n)
    for row in range(left):
        for i in range(n):
            gains[i] = base[i] + changed1[pairs[row, 0], i] + changed2[pairs[row, 1], i]
            if kind == 0:
                ratios[i] = gains[i] / factors[i] if factors[i] > 0.0 else np.inf
            elif kind == 1:
                ratios[i] = gains[i] * factors[i]
        ratios[:n].sort()
        if last >= 0:
            ratios[n] = gains[last]
        for i in range(n + 1):
            if ratios[i] > champion[i] + tie:
                for j in range(n + 1):
                    champion[j] = ratios[j]
                pairs[0, 0], pairs[0, 1] = pairs[row, 0], pairs[row, 1]
                scores[0] = scores[row]
                break
            if ratios[i] < champion[i] - tie:
                break
    return 1


@compiled
def climb(
    kind: int,
    factors: Reals,
    floors: Reals,
    tie: float,
    worths: Reals,
    absent: Reals,
    near: Whole,
    picks: Whole,
    gains: Reals,
) -> float:
    """Swap one value, or two of those in near (k, 2), as long as that helps.

    picks (m,) and gains (n,) are modified in place. Below a floor (kind 2: without a gain) what
    counts is the largest shortfall. Returns the score, -inf where it is not allowed.
    """
    m, k, n = worths.shape
    trial = np.empty(n)
    half = np.empty(n)
    while True:
        now = score_of(kind, factors, floors, gains)
        if now == -np.inf:
            now = (gains - floors).min() - 1e3
        best = now + tie * max(1.0, abs(now) if now > -500.0 else 1.0)
        issue1 = -1
        issue2 = -1
        value1 = 0
        value2 = 0
        for j in range(m):
            for v in range(k):
                if absent[j, v] < 0.0 or v == picks[j]:
                    continue
                for i in range(n):
                    trial[i] = gains[i] + worths[j, v, i] - worths[j, picks[j], i]
                value = score_of(kind, factors, floors, trial)
                if value == -np.inf:
                    value = (trial - floors).min() - 1e3
                if value > best:
                    best = value
                    issue1 = j
                    value1 = v
        if issue1 < 0:
            for p in range(near.shape[0]):
                j = near[p, 0]
                if near[p, 1] == picks[j]:
                    continue
                for i in range(n):
                    half[i] = gains[i] + worths[j, near[p, 1], i] - worths[j, picks[j], i]
                for q in range(p):
                    h = near[q, 0]
                    if h == j or near[q, 1] == picks[h]:
                        continue
                    for i in range(n):
                        trial[i] = half[i] + worths[h, near[q, 1], i] - worths[h, picks[h], i]
                    value = score_of(kind, factors, floors, trial)
                    if value == -np.inf:
                        value = (trial - floors).min() - 1e3
                    if value > best:
                        best = value
                        issue1 = j
                        value1 = near[p, 1]
                        issue2 = h
                        value2 = near[q, 1]
        if issue1 < 0:
            return score_of(kind, factors, floors, gains)
        for i in range(n):
            gains[i] += worths[issue1, value1, i] - worths[issue1, picks[issue1], i]
        picks[issue1] = value1
        if issue2 >= 0:
            for i in range(n):
                gains[i] += worths[issue2, value2, i] - worths[issue2, picks[issue2], i]
            picks[issue2] = value2
