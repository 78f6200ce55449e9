"""Labels thinned on the way, so that a frontier of any size is covered within an epsilon."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bargain.errors import TooLargeError
from bargain.solve.labels import (
    MOST_SUMS,
    Issue,
    Labels,
    Reals,
    Step,
    fold_several,
    fold_two,
    least_on_the_way,
)

MOST_THINNED_LABELS = 50_000_000
"""Most labels over all issues that thinning may make, about 5 bytes each."""

LABELS_AT_ONCE = 50_000
"""Most labels of three and more parties that thinning leaves for an issue to multiply."""


def thinned_both_ways(
    labels: Labels, issues: list[Issue], start: int, least: Reals, epsilon: float
) -> list[Labels]:
    """Thin by the first utility, and by the second too if that may have cut something off."""
    forth = thinned(labels, issues, start, least, epsilon)
    worst = labels.sums[0, -1]
    for issue in issues[start:]:
        worst += issue.worths[-1, 0]
    if worst >= least[-1, 0]:
        return [forth]
    turned = np.arange(len(labels), dtype=np.int32)[::-1]
    step = Step(labels.last, turned, turned, 0, None)
    mirrored = [issue.mirrored() for issue in issues]
    back = thinned(Labels(labels.sums[::-1, ::-1], step), mirrored, start, least[:, ::-1], epsilon)
    return [forth, Labels(back.sums[::-1], back.last, back.made)]


def may_have_a_zone(
    labels: Labels, issues: list[Issue], start: int, point: Reals, epsilon: float
) -> bool:
    """Tell whether thinned labels come so close to the point that others may reach it."""
    # a hair more than thinning may cost, for rounding
    lost = 2.1 * epsilon * sum(issue.spread[0] for issue in issues)
    least = least_on_the_way(issues, point - np.array([lost, 0.0]))
    return len(thinned(labels, issues, start, least, epsilon)) > 0


def thinned(
    labels: Labels, issues: list[Issue], start: int, least: Reals, epsilon: float
) -> Labels:
    """Fold the issues from `start` on, thinning the labels before and after each of them."""
    steps = len(issues) - start + 1
    width = 2.0 * epsilon / steps * sum(issue.spread[0] for issue in issues)
    nothing = Issue(np.zeros((1, 2)), np.zeros(1, dtype=np.intp), np.zeros(2))
    for i, issue in enumerate([nothing, *issues[start:]], start - 1):
        more = fold_two(labels, issue, i, least[i + 1], width, MOST_THINNED_LABELS - labels.made)
        if more is None:
            raise TooLargeError.at("epsilon", "a larger one (too many labels)", epsilon)
        labels = more
        if issue is nothing and labels.last is not None:
            labels = replace(labels, last=replace(labels.last, rows=None))
    return labels


def thinned_several(
    labels: Labels, issues: list[Issue], start: int, least: Reals, epsilon: float
) -> tuple[Labels, float]:
    """Fold the issues from `start` on for three and more parties, thinning as little as will do.

    Where more than `LABELS_AT_ONCE` are there before an issue, utilities of all parties but the
    last are cut into cells of one width, as a share of each party's range, and of each cell the
    label that is best for the last party stays. The width is the smallest, to a tenth, that leaves
    few enough.

    Returns
    -------
    labels : Labels
    lost : float
        The widths' sum, <= epsilon. For every outcome o that gives every party at least `lost`
        of its range more than its disagreement utility there is a label p with
        u_i(p) >= u_i(o) - lost r_i: a step costs the label that stands for o at most its width,
        so it is never cut off.

    Raises
    ------
    TooLargeError
        Where more than epsilon would be lost.
    """
    spread = 2.0 * np.sum([issue.spread for issue in issues], axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    lost = 0.0
    for i, issue in enumerate(issues[start:], start):
        n_values = len(issue.worths)
        most = min(LABELS_AT_ONCE, max(MOST_SUMS // n_values, 1))
        labels, width = _few_enough(labels, most, spread)
        lost += width
        if lost > epsilon:
            raise TooLargeError.at(
                "epsilon", f"more than {lost:.3g} (lost in {i} of {len(issues)} issues)", epsilon
            )
        folded = fold_several(labels, issue, i, least[i + 1], 0.0, MOST_THINNED_LABELS)
        if folded is None:
            raise TooLargeError.at("epsilon", "a larger one (too many labels)", epsilon)
        labels = folded
    return labels, lost


def _few_enough(labels: Labels, most: int, spread: Reals) -> tuple[Labels, float]:
    """Return at most so many labels, and the width of the cells that it took."""
    if len(labels) <= most:
        return labels, 0.0
    width, narrow, wide = 1e-3, 0.0, np.inf
    while wide > 1.1 * narrow:
        kept = _best_of_cells(labels.sums, width * spread)
        if len(kept) <= most:
            wide, best = width, kept
        else:
            narrow = width
        width = 4.0 * narrow if wide == np.inf else (narrow + wide) / 2
        if narrow == 0.0 and wide < 1e-9:
            break
    step = Step(labels.last, best.astype(np.int32), best, 0, None)
    return Labels(labels.sums[:, best], step, labels.made), wide


def _best_of_cells(sums: Reals, widths: Reals) -> NDArray[np.intp]:
    """Return the label that is best for the last party in each cell of all others, in order."""
    cells = np.floor((sums[:-1] - sums[:-1].min(axis=1, keepdims=True)) / widths[:-1, None])
    order = np.lexsort((sums[-1], *cells))
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (np.diff(cells[:, order], axis=1) != 0).any(axis=0)
    return np.sort(order[last])
