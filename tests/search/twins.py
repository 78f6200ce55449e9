"""Slow, obvious twins of the best responses: every outcome, every history, no memory."""

from __future__ import annotations

import itertools

import numpy as np


def pool_value(own, other, d, plans, weights, mine, delayed, breakdown=0.0):
    """Return the best expected own utility against plans, by looking at every course of a session.

    own, other: utilities by row; plans: (rows, least, stays); delayed(u, round): u after waiting.
    Every outcome is tried in every own turn, and every history has a value of its own.
    """
    n_rounds = len(mine)

    def playing(r, facing):
        if not facing:
            return 0.0
        value, staying = 0.0, []
        for i in facing:
            if plans[i][2] <= r:
                value += weights[i] * delayed(d, r)
            else:
                staying.append(i)
        if not staying:
            return value
        leaving = sum(weights[i] for i in staying) * delayed(d, r)
        if mine[r]:
            tried = [leaving]
            for row in range(len(own)):
                taken = [i for i in staying if other[row] >= plans[i][1][r]]
                rest = [i for i in staying if i not in taken]
                agreed = sum(weights[i] for i in taken) * delayed(own[row], r) if taken else 0.0
                tried.append(agreed + refused(r, rest))
            return value + max(tried)
        for row in {plans[i][0][r] for i in staying}:
            here = [i for i in staying if plans[i][0][r] == row]
            weight = sum(weights[i] for i in here)
            value += max(weight * delayed(own[row], r), weight * delayed(d, r), refused(r, here))
        return value

    def refused(r, facing):
        quits = sum(weights[i] for i in facing) * delayed(d, r)
        if r + 1 == n_rounds:
            return quits
        return (1.0 - breakdown) * playing(r + 1, facing) + breakdown * quits

    return playing(0, range(len(plans)))


def sequence_value(own, d, acceptance, rows, delayed):
    """Return what offers in order expect, each accepted by chance; they are refused to the end."""
    value, refused = 0.0, 1.0
    for r, row in enumerate(rows):
        value += refused * acceptance[r][row] * delayed(own[row], r)
        refused *= 1.0 - acceptance[r][row]
    return value + refused * delayed(d, max(len(rows) - 1, 0))


def best_sequence(own, d, acceptance, n_rounds, delayed):
    """Return the best expectation over all sequences of so many offers, with repeats."""
    return max(
        sequence_value(own, d, acceptance, rows, delayed)
        for rows in itertools.product(range(len(own)), repeat=n_rounds)
    )


def best_distinct(own, d, chances, n_offers):
    """Return the best expectation over all sequences of at most so many different offers."""
    acceptance = [chances] * n_offers
    return max(
        sequence_value(own, d, acceptance, rows, lambda u, _: u)
        for k in range(min(n_offers, len(own)) + 1)
        for rows in itertools.permutations(range(len(own)), k)
    )


def greedy_offers(own, d, chances, n_offers):
    """Add, one at a time, the outcome that gains most; in descending own utility."""
    chosen = []

    def value(rows):
        expected = d
        for row in sorted(rows, key=lambda i: own[i]):
            expected = chances[row] * own[row] + (1.0 - chances[row]) * expected
        return expected

    for _ in range(n_offers):
        rest = [row for row in range(len(own)) if row not in chosen]
        gain, row = max(((value([*chosen, row]), -row) for row in rest), default=(d, 0))
        if gain <= value(chosen):
            break
        chosen.append(-row)
    return value(chosen)


def nested_round(worth, later, mass, quits, passes):
    """Return values and choices of one round, every offer tried for every place."""
    m = len(worth)
    values, choices = np.zeros(m), np.zeros(m, dtype=int)
    for lo in range(m):
        options = [((mass[m] - mass[lo]) * quits, -2)]
        if lo >= passes:
            options.append((later[lo], -1))
        for k in range(lo, m):
            if worth[k] > -np.inf:
                gained = (mass[k + 1] - mass[lo]) * worth[k] + later[k + 1]
                options.append((gained, k))
        values[lo], choices[lo] = max(options)
    return values, choices
