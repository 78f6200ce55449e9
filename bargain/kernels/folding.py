"""Labels: combinations of alternatives to the best values of some issues.

A label says what it changes in every party's gains, and its regret. Callers validate; nothing
here checks anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAF = 8
"""Labels in a leaf of the trees that are joined."""


@compiled
def fold_issues(
    first: int,
    starts: Whole,
    regrets: Reals,
    changes: Reals,
    budget: float,
    enough: int,
    count: int,
    spent: Reals,
    changed: Reals,
    nodes: Whole,
    parents: Whole,
    alternatives: Whole,
    n_nodes: int,
) -> tuple[int, int, int]:
    """Combine labels with the alternatives of issue after issue, as far as the budget allows.

    The alternatives of issue j are regrets[starts[j]:starts[j + 1]], rising, and changes, same
    rows, (n,). Modified in place: the labels spent (capacity,), changed (capacity, n), nodes
    (capacity,), of which the first `count` are given, and the trees of choices parents and
    alternatives (more,), of which the first `n_nodes` are. Stops after an issue that makes it
    more than `enough` labels. Returns the issue to go on with, the labels, and the nodes; -1 for
    the labels where they do not fit.
    """
    capacity = spent.shape[0]
    n = changed.shape[1]
    issue = first
    while issue < starts.shape[0] - 1 and count <= enough:
        before = count
        for a in range(starts[issue], starts[issue + 1]):
            for label in range(before):
                total = spent[label] + regrets[a]
                if total > budget:
                    continue
                if count == capacity or n_nodes == parents.shape[0]:
                    return issue, -1, n_nodes
                spent[count] = total
                for i in range(n):
                    changed[count, i] = changed[label, i] + changes[a, i]
                parents[n_nodes] = nodes[label]
                alternatives[n_nodes] = a
                nodes[count] = n_nodes
                n_nodes += 1
                count += 1
        issue += 1
    return issue, count, n_nodes


@compiled
def fits(starts: Whole, regrets: Reals, budget: float, spent: Reals) -> bool:
    """Whether the labels that `fold_issues` would make fit into spent (capacity,), a scratch."""
    capacity = spent.shape[0]
    spent[0] = 0.0
    count = 1
    for issue in range(starts.shape[0] - 1):
        before = count
        for a in range(starts[issue], starts[issue + 1]):
            for label in range(before):
                if spent[label] + regrets[a] > budget:
                    continue
                if count == capacity:
                    return False
                spent[count] = spent[label] + regrets[a]
                count += 1
    return True


@compiled
def grow_tree(
    spent: Reals, changed: Reals, nodes: Whole, bounds: Whole, children: Whole, top: Reals
) -> int:
    """Sort labels into a tree of boxes, split at the mean of the widest side.

    The labels spent, nodes (count,) and changed (count, n) are put in order in place; bounds and
    children (2 count, 2), top (2 count, n + 1) are modified in place: box b holds the labels
    from bounds[b, 0] to bounds[b, 1], its parts are the boxes children[b], or -1, and top[b] is
    the most that one of its labels changes each party's gains by, then the least regret. Returns
    how many boxes there are.
    """
    count, n = changed.shape
    bounds[0, 0] = 0
    bounds[0, 1] = count
    boxes = 1
    box = 0
    low = np.empty(n)
    high = np.empty(n)
    while box < boxes:
        start = bounds[box, 0]
        stop = bounds[box, 1]
        children[box, 0] = -1
        children[box, 1] = -1
        low[:] = np.inf
        high[:] = -np.inf
        cheapest = np.inf
        for label in range(start, stop):
            cheapest = min(cheapest, spent[label])
            for i in range(n):
                value = changed[label, i]
                low[i] = min(low[i], value)
                high[i] = max(high[i], value)
        top[box, :n] = high
        top[box, n] = cheapest
        if stop - start > LEAF:
            side = 0
            for i in range(1, n):
                if high[i] - low[i] > high[side] - low[side]:
                    side = i
            mean = 0.0
            for label in range(start, stop):
                mean += changed[label, side]
            mean /= stop - start
            left = start
            right = stop - 1
            while left <= right:
                if changed[left, side] > mean:
                    left += 1
                elif changed[right, side] <= mean:
                    right -= 1
                else:
                    for i in range(n):
                        value = changed[left, i]
                        changed[left, i] = changed[right, i]
                        changed[right, i] = value
                    value = spent[left]
                    spent[left] = spent[right]
                    spent[right] = value
                    node = nodes[left]
                    nodes[left] = nodes[right]
                    nodes[right] = node
                    left += 1
                    right -= 1
            # the mean of equal numbers may lie a hair beside them
            if start < left < stop:
                for child in range(2):
                    children[box, child] = boxes
                    bounds[boxes, 0] = start if child == 0 else left
                    bounds[boxes, 1] = left if child == 0 else stop
                    boxes += 1
        box += 1
    return boxes
