"""The Pareto frontier of a finite additive problem too large to enumerate.

Issues are folded one by one, in the order of the space, and what is dominated is dropped after
each. A label is a choice of values for the issues so far. Its utilities are added in float64 in
issue order, just as `BargainingProblem.evaluate` adds them; float addition is monotone, so a label
that is at least as good for everybody stays so whatever follows. Hence nothing that is dropped
could have been efficient, rounding included, and the utilities found are to the last bit those
that enumeration would find. Folding the widest issue first would need fewer labels (by a third,
seldom many times fewer), but adds in another order and would be right only up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError, TooLargeError, shown
from bargain.model import BargainingProblem, Outcome
from bargain.solve.certificate import Certificate
from bargain.solve.enumerated import efficient_rows

MOST_LABELS = 50_000_000
"""Most labels over all issues, about 5 bytes each, that two parties' frontier may need."""

MOST_LABELS_FIRST = 3_000_000
"""The same where an epsilon-frontier will do instead."""

MOST_LABELS_SEVERAL_PARTIES = 500_000
"""The same for three and more parties, where each label costs far more time."""

MOST_SUMS = 2_000_000
"""Most sums that are laid out at a time for three and more parties."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FoldedFrontier:
    """The points of a frontier and the values that give them.

    Attributes
    ----------
    utilities : ndarray, shape (n, n_parties)
        Best for the first party first.
    choices : ndarray of unsigned integers, shape (n_issues, n)
        Position of the value of each issue.
    certificate : Certificate
    """

    utilities: Reals
    choices: NDArray[np.unsignedinteger]
    certificate: Certificate

    def outcome(self, problem: BargainingProblem, position: int) -> Outcome:
        """Return the outcome at a point."""
        chosen = zip(problem.space.issues, self.choices[:, position].tolist(), strict=True)
        return Outcome({issue.name: issue.value(value) for issue, value in chosen})

    def rows(self, problem: BargainingProblem) -> NDArray[np.intp] | None:
        """Return the rows of the outcomes, or None where they go beyond an int64."""
        if problem.space.size > np.iinfo(np.intp).max:
            return None
        rows = np.zeros(len(self.utilities), dtype=np.intp)
        for issue, choices in zip(problem.space.issues, self.choices, strict=True):
            rows = rows * int(issue.size) + choices
        return rows


def folded_frontier(
    problem: BargainingProblem,
    *,
    individually_rational: bool,
    epsilon: float | None,
    max_labels: int | None,
) -> FoldedFrontier:
    """Return the frontier of a finite problem without looking at every outcome.

    Every utility found is that of its outcome, no point dominates another, and of outcomes with
    equal utilities one is kept, always the same. Two parties: O(k^1.5) a label at worst, for k
    values an issue. A ceiling is applied at the end, which is right because it is monotone.

    Where the labels of two parties pass `max_labels` and `epsilon` is given, labels are thinned
    from there on, at each of the s steps left: of those whose first utility lies within
    w = epsilon r_1 / s of each other, r_i being the distance between a party's best and worst
    utility, the best for the second party stays. A second run thins by the second utility.

    Notes
    -----
    For every individually rational outcome o there is then a point p with
    u_i(p) >= u_i(o) - epsilon r_i for both parties, up to float rounding. Proof: a step costs the
    label that stands for o at most w for the first party and nothing for the second, and the
    label is cut off only if o gives the first party less than d_1 + epsilon r_1; then the second
    run covers o, unless o gains less than epsilon r_i for both: then any p at all does.

    Raises
    ------
    NoAgreementZoneError, TooLargeError
    """
    limit = max_labels or _default_limit(problem, epsilon)
    issues = [
        _Issue.of(np.column_stack([terms[i].worths for terms in problem.terms]))
        for i in range(len(problem.space.issues))
    ]
    point = np.full(problem.n_parties, -np.inf)
    if individually_rational:
        point = problem.disagreement_point
    least = _least_on_the_way(issues, point)
    fold = _fold_two if problem.n_parties == 2 else _fold_several
    labels = _Labels(np.zeros((problem.n_parties, 1)))
    runs = [labels]
    kind: Literal["exact", "gap"] = "exact"
    method, gap = "issues folded one by one", 0.0
    for i, issue in enumerate(issues):
        more = fold(labels, issue, i, least[i + 1], 0.0, limit - labels.made)
        if more is None:
            if epsilon is None or problem.n_parties > 2:
                raise _too_large(problem, limit, i)
            runs = _thinned_both_ways(labels, issues, i, least, epsilon)
            kind, gap = "gap", epsilon
            method += (
                f", labels thinned from issue {i + 1} on: each party within the gap, a share of "
                "the distance between its best and worst utility"
            )
            break
        labels = more
        runs = [labels]
    size, widest = problem.space.size, int(max(problem.space.sizes))
    utilities = np.concatenate([run.sums.T for run in runs])
    choices = np.concatenate([_choices(run, issues, widest) for run in runs], axis=1)
    if len(runs) > 1 or np.isfinite(problem.ceilings).any():
        utilities = np.minimum(utilities, problem.ceilings)
        kept = np.flatnonzero((utilities >= point).all(axis=1))
        kept = kept[efficient_rows(utilities[kept])]
        utilities, choices = utilities[kept], choices[:, kept]
    if len(utilities) == 0:
        if gap and _may_have_a_zone(labels, issues, i, point, gap):
            raise TooLargeError(
                "no outcome found that gives every party its disagreement utility, and "
                f"epsilon={gap:g} is too large to tell whether there is one"
            )
        raise NoAgreementZoneError(
            f"no agreement zone: none of {shown(size)} outcomes gives every party its "
            "disagreement utility"
        )
    evidence = {
        "outcomes": size if size < 10**4000 else shown(size),  # Python writes no longer int
        "efficient": len(utilities),
        "issues": len(issues),
        "labels": sum(run.made for run in runs),
    }
    return FoldedFrontier(utilities, choices, Certificate(kind, method, gap, evidence))


@dataclass(frozen=True, eq=False)
class _Issue:
    """The efficient values of an issue, best for the first party first.

    worths (k, n_parties); rows (k,): their positions among all values; spread (n_parties,): the
    distance between best and worst over all values.
    """

    worths: Reals
    rows: NDArray[np.intp]
    spread: Reals

    @classmethod
    def of(cls, worths: Reals) -> _Issue:
        rows = efficient_rows(worths)
        # halves, since the distance itself may overflow
        return cls(worths[rows], rows, np.ptp(0.5 * worths, axis=0))

    def mirrored(self) -> _Issue:
        return _Issue(self.worths[::-1, ::-1], self.rows[::-1], self.spread[::-1])


@dataclass(frozen=True, eq=False)
class _Step:
    """Where labels come from: label `parents` before, and the issue's efficient value `values`.

    A step that only thins or reorders gives no issue a value: `rows` is None.
    """

    before: _Step | None
    parents: NDArray[np.signedinteger]
    values: NDArray[Any]
    issue: int
    rows: NDArray[np.intp] | None


@dataclass(frozen=True, eq=False)
class _Labels:
    """Labels: sums (n_parties, n), the step that made them, how many there were in all."""

    sums: Reals
    last: _Step | None = None
    made: int = 0

    def __len__(self) -> int:
        return int(self.sums.shape[1])


def _fold_two(
    labels: _Labels, issue: _Issue, position: int, least: Reals, width: float, capacity: int
) -> _Labels | None:
    """Return the labels with one more issue, or None where more than `capacity` are left."""
    # numba takes half a second to load
    from bargain.kernels.additive import fold_issue

    room = min(len(labels) * len(issue.worths), capacity)
    if width > 0.0 and len(labels):
        # those kept are further apart than the width
        across = labels.sums[0, 0] - labels.sums[0, -1] + 2.0 * issue.spread[0]
        room = min(room, int(min(float(across) / width, 2e9)) + 2)
    sums = np.empty((2, room))
    parents = np.empty(room, dtype=np.int32)
    values = np.empty(room, dtype=np.uint8 if len(issue.worths) <= 256 else np.int32)
    count = fold_issue(
        np.append(labels.sums[0], -np.inf),
        np.append(labels.sums[1], np.inf),
        np.ascontiguousarray(issue.worths[:, 0]),
        np.ascontiguousarray(issue.worths[:, 1]),
        least[0],
        np.nextafter(least[1], -np.inf),
        width,
        sums[0],
        sums[1],
        parents,
        values,
    )
    if count < 0:
        return None
    # copies, so that what was not needed is given back
    step = _Step(labels.last, parents[:count].copy(), values[:count].copy(), position, issue.rows)
    return _Labels(sums[:, :count], step, labels.made + count)


def _fold_several(
    labels: _Labels, issue: _Issue, position: int, least: Reals, width: float, capacity: int
) -> _Labels | None:
    """Return the same for any number of parties, by filtering all sums; never thinned."""
    n_values = len(issue.worths)
    if len(labels) * n_values > MOST_SUMS:
        return None
    sums = (labels.sums[:, :, None] + issue.worths.T[:, None, :]).reshape(len(least), -1).T
    kept = np.flatnonzero((sums >= least).all(axis=1))
    kept = kept[efficient_rows(sums[kept])]
    if len(kept) > capacity:
        return None
    parents, values = np.divmod(kept, n_values)
    step = _Step(labels.last, parents.astype(np.int32), values, position, issue.rows)
    return _Labels(sums[kept].T, step, labels.made + len(kept))


def _thinned_both_ways(
    labels: _Labels, issues: list[_Issue], start: int, least: Reals, epsilon: float
) -> list[_Labels]:
    """Thin by the first utility, and by the second too if that may have cut something off."""
    forth = _thinned(labels, issues, start, least, epsilon)
    worst = labels.sums[0, -1]
    for issue in issues[start:]:
        worst += issue.worths[-1, 0]
    if worst >= least[-1, 0]:
        return [forth]
    turned = np.arange(len(labels), dtype=np.int32)[::-1]
    step = _Step(labels.last, turned, turned, 0, None)
    mirrored = [issue.mirrored() for issue in issues]
    back = _thinned(
        _Labels(labels.sums[::-1, ::-1], step), mirrored, start, least[:, ::-1], epsilon
    )
    return [forth, _Labels(back.sums[::-1], back.last, back.made)]


def _may_have_a_zone(
    labels: _Labels, issues: list[_Issue], start: int, point: Reals, epsilon: float
) -> bool:
    """Tell whether thinned labels come so close to the point that others may reach it."""
    # a hair more than thinning may cost, for rounding
    lost = 2.1 * epsilon * sum(issue.spread[0] for issue in issues)
    least = _least_on_the_way(issues, point - np.array([lost, 0.0]))
    return len(_thinned(labels, issues, start, least, epsilon)) > 0


def _thinned(
    labels: _Labels, issues: list[_Issue], start: int, least: Reals, epsilon: float
) -> _Labels:
    """Fold the issues from `start` on, thinning the labels before and after each of them."""
    steps = len(issues) - start + 1
    width = 2.0 * epsilon / steps * sum(issue.spread[0] for issue in issues)
    nothing = _Issue(np.zeros((1, 2)), np.zeros(1, dtype=np.intp), np.zeros(2))
    for i, issue in enumerate([nothing, *issues[start:]], start - 1):
        more = _fold_two(labels, issue, i, least[i + 1], width, MOST_LABELS - labels.made)
        if more is None:
            raise TooLargeError.at("epsilon", "a larger one (too many labels)", epsilon)
        labels = more
        if issue is nothing and labels.last is not None:
            labels = replace(labels, last=replace(labels.last, rows=None))
    return labels


def _choices(labels: _Labels, issues: list[_Issue], n_values: int) -> NDArray[np.unsignedinteger]:
    """Return the position of the value of each issue at each label, shape (n_issues, n)."""
    choices = np.empty((len(issues), len(labels)), dtype=np.min_scalar_type(n_values - 1))
    at = np.arange(len(labels))
    step = labels.last
    while step is not None:
        if step.rows is not None:
            choices[step.issue] = step.rows[step.values[at]]
        at = step.parents[at]
        step = step.before
    return choices


def _least_on_the_way(issues: list[_Issue], point: Reals) -> Reals:
    """Return what a label must have to reach the point with the best of the issues to come.

    Row t is for labels of t issues. Every label that can reach the point has as much: float
    rounding is allowed for, and the last row, the point itself, is compared exactly.
    """
    least = np.empty((len(issues) + 1, len(point)))
    least[-1] = point
    for t in reversed(range(len(issues))):
        best = issues[t].worths.max(axis=0)
        with np.errstate(over="ignore", invalid="ignore"):
            need = least[t + 1] - best
            slack = 1e-15 * (np.abs(least[t + 1]) + np.abs(best))
            least[t] = np.where(np.isfinite(need), need - slack, need)
    return least


def _default_limit(problem: BargainingProblem, epsilon: float | None) -> int:
    if problem.n_parties > 2:
        return MOST_LABELS_SEVERAL_PARTIES
    return MOST_LABELS if epsilon is None else MOST_LABELS_FIRST


def _too_large(problem: BargainingProblem, limit: int, folded: int) -> TooLargeError:
    issues = len(problem.space.issues)
    ways = "a larger max_labels"
    if problem.n_parties == 2:
        ways += ", epsilon= for points that cover the frontier, or lotteries=True"
    return TooLargeError(
        f"pareto_frontier: expected at most {limit} labels, got more after {folded} of {issues} "
        f"issues ({shown(problem.space.size)} outcomes); try {ways}"
    )
