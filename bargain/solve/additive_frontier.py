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

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError, TooLargeError, shown
from bargain.model import BargainingProblem, Outcome
from bargain.model.numbers import large_number
from bargain.model.space import rows_at
from bargain.solve.certificate import Certificate
from bargain.solve.enumerated import efficient_rows
from bargain.solve.labels import (
    Issue,
    Labels,
    fold_several,
    fold_two,
    least_on_the_way,
    settled_values,
)
from bargain.solve.refusals import refuse_bound_issues
from bargain.solve.thinning import may_have_a_zone, thinned_both_ways, thinned_several

MOST_LABELS = 50_000_000
"""Most labels over all issues, about 5 bytes each, that two parties' frontier may need."""

MOST_LABELS_FIRST = 3_000_000
"""The same where an epsilon-frontier will do instead."""

MOST_LABELS_SEVERAL_PARTIES = 500_000
"""The same for three and more parties, where each label costs far more time."""

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
        rows: NDArray[np.intp] = rows_at(problem.space, self.choices.T)
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

    Where labels pass `max_labels` and `epsilon` is given, they are thinned from there on; for more
    than two parties see `thinned_several`. Two parties: at each of the s steps left, of those whose
    first utility lies within w = epsilon r_1 / s of each other, r_i being the distance between a
    party's best and worst utility, the best for the second party stays. A second run thins by the
    second utility.

    Notes
    -----
    For every individually rational outcome o of two parties there is then a point p with
    u_i(p) >= u_i(o) - epsilon r_i for both parties, up to float rounding. Proof: a step costs the
    label that stands for o at most w for the first party and nothing for the second, and the
    label is cut off only if o gives the first party less than d_1 + epsilon r_1; then the second
    run covers o, unless o gains less than epsilon r_i for both: then any p at all does.

    Raises
    ------
    NoAgreementZoneError, TooLargeError, UnsupportedProblemError
    """
    refuse_bound_issues(problem, "a frontier")
    limit = max_labels or _default_limit(problem, epsilon)
    issues = [
        Issue.of(np.column_stack([terms[i].worths for terms in problem.terms]))
        for i in range(len(problem.space.issues))
    ]
    point = np.full(problem.n_parties, -np.inf)
    if individually_rational:
        point = problem.disagreement_point
    least = least_on_the_way(issues, point)
    fold = fold_two if problem.n_parties == 2 else fold_several
    labels = Labels(np.zeros((problem.n_parties, 1)))
    runs = [labels]
    kind: Literal["exact", "gap"] = "exact"
    method, gap = "issues folded one by one", 0.0
    for i, issue in enumerate(issues):
        more = fold(labels, issue, i, least[i + 1], 0.0, limit - labels.made)
        if more is None:
            if epsilon is None:
                raise _too_large(problem, limit, i)
            gap = epsilon
            if problem.n_parties == 2:
                runs = thinned_both_ways(labels, issues, i, least, epsilon)
            else:
                run, gap = thinned_several(labels, issues, i, least, epsilon)
                runs = [run]
            if gap > 0.0:
                kind = "gap"
                method += (
                    f", labels thinned from issue {i + 1} on: each party within the gap, a share "
                    "of the distance between its best and worst utility"
                )
                if problem.n_parties > 2 and individually_rational:
                    method += "; what gives somebody less than that above d may be missing"
            break
        labels = more
        runs = [labels]
    size, widest = problem.space.size, int(max(problem.space.sizes))
    utilities = np.concatenate([run.sums.T for run in runs])
    choices = np.concatenate([settled_values(run, issues, widest) for run in runs], axis=1)
    if kind == "gap" or np.isfinite(problem.ceilings).any():
        utilities = np.minimum(utilities, problem.ceilings)
        kept = np.flatnonzero((utilities >= point).all(axis=1))
        kept = kept[efficient_rows(utilities[kept])]
        utilities, choices = utilities[kept], choices[:, kept]
    if len(utilities) == 0:
        if gap and (problem.n_parties > 2 or may_have_a_zone(labels, issues, i, point, gap)):
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


def _default_limit(problem: BargainingProblem, epsilon: float | None) -> int:
    if problem.n_parties > 2:
        return MOST_LABELS_SEVERAL_PARTIES
    return MOST_LABELS if epsilon is None else MOST_LABELS_FIRST


def _too_large(problem: BargainingProblem, limit: int, folded: int) -> TooLargeError:
    issues = len(problem.space.issues)
    ways = "a larger max_labels, epsilon= for points that cover the frontier"
    if problem.n_parties == 2:
        ways += ", or lotteries=True"
    return TooLargeError(
        f"pareto_frontier: expected at most {limit} labels, got more after {folded} of {issues} "
        f"issues ({large_number(problem.space.size)} outcomes); try {ways}"
    )
