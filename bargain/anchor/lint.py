"""Before the talks: what in a problem cannot be meant, or matters less or more than it seems."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.limits import Limits
from bargain.anchor.lint_limits import limit_findings
from bargain.anchor.lint_report import LEVELS, LintFinding, LintReport
from bargain.anchor.sensitivity import Sensitivity, sensitivities
from bargain.errors import (
    BargainError,
    InfeasibleProblemError,
    InvalidArgumentError,
    NoAgreementZoneError,
)
from bargain.model import AdditiveUtility, BargainingProblem
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number
from bargain.model.utilities import Term
from bargain.solve import ideal_point, nash_solution
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.structure import is_enumerable, is_separable, sum_bounds

NEGLIGIBLE = 0.01
"""An issue with less than this share of what all issues can move is said to hardly matter."""

FRAGILE = 0.1
"""A solution that moves by more than this share of a range is said to hang on what was changed."""

MOST_DOMINATED = 20
"""Most dominated values that are listed one by one."""


def lint(
    problem: BargainingProblem,
    *,
    party: int | str | None = None,
    limits: Limits | None = None,
    sensitivity: bool = True,
    change: float = 0.1,
    seconds: float = 10.0,
) -> LintReport:
    """Return what in a problem cannot be meant, or matters less or more than it seems.

    ====================================  =======  ================================================
    code                                  level    what it says
    ====================================  =======  ================================================
    ``infeasible``                        error    the constraints leave nothing to agree on
    ``reservation_unreachable``           error    nothing that may be agreed is worth as much to
                                                   a party as no agreement
    ``empty_zone``                        error    nothing is as good as no agreement for everybody
    ``nothing_to_gain``                   warning  somebody gains nothing in any possible deal
    ``reservation_below_everything``      warning  every deal is better than none: no limit at all
    ``indifferent``                       warning  all outcomes are worth the same to a party
    ``ignored_issue``                     warning  an issue is worth the same to all whatever it is
    ``weight_without_effect``             warning  a weight is 0, or its worths are all the same
    ``hardly_matters``                    warning  an issue moves less than 1 % of what all can
    ``one_issue_decides``                 warning  of three issues or more, one moves more than all
                                                   others together
    ``dominated_value``                   warning  another value is as good for all, better for one
    ``no_conflict``                       info     one value of an issue is best for everybody
    ``hangs_on_weight``                   warning  the Nash solution moves by more than 10 % of a
    ``hangs_on_belief``                            range where a weight, or what a party has without
                                                   an agreement, is off by `change`
    ``zone_not_known``                    info     no method applies; the message says why
    ``sensitivity_not_known``             info     the solution cannot be had, or time ran out
    ====================================  =======  ================================================

    Of the limits that an anchor of `party` is to have:

    ====================================  =======  ================================================
    code                                  level    what it says
    ====================================  =======  ================================================
    ``limits_leave_nothing``              error    what is allowed and forbidden leaves no outcome
    ``limit_unreachable``                 error    nothing that is left is worth a floor, a
                                                   reservation or an alternative
    ``no_zone_within_limits``             error    nothing that is left is as good as no agreement
                                                   for the others, as far as the problem knows them
    ``limit_without_effect``              warning  nothing would change without it: a floor below
                                                   what the party has without an agreement or below
                                                   another limit, what is forbidden anyway, a
                                                   largest concession that is wider than the range
    ``one_outcome_left``                  warning  the limits leave one outcome to agree on
    ``solutions_ruled_out``               warning  the limits rule out what every solution picks
    ``concession_too_small``              warning  steps that small cannot cross a gap between the
                                                   party's best outcome and its line
    ``approval_always``                   warning  a person has to approve whatever is agreed
    ====================================  =======  ================================================

    Where outcomes cannot be listed, those on lines, zones and solutions are reported, and of limits
    without effect those that another limit is above.

    What is said of issues and values needs additive utilities; dominated values are reported where
    no constraint binds issues together.

    Parameters
    ----------
    problem : BargainingProblem
    party : int or str, optional
        Whose limits they are; needed with `limits`.
    limits : Limits, optional
        Those of the anchor that is to be made; of one that is there, `anchor.limits`.
    sensitivity : bool
        Whether to solve again with each weight and each reservation value changed.
    change : float
        Share by which, in (0, 1): of a weight, or of a party's range from no agreement to ideal.
    seconds : float
        How long that may take, > 0.

    Raises
    ------
    InvalidArgumentError
        Also for limits without a party, or that name an issue or a value that there is not.

    Examples
    --------
    >>> import bargain as bg
    >>> print(bg.lint(bg.load("bill_and_jack")))
    nothing to report
    >>> low = bg.Limits(floor=-100, forbidden=[{"length": "2 years"}])
    >>> report = bg.lint(bg.load("rental"), party="tenant", limits=low, sensitivity=False)
    >>> print(next(each for each in report.findings if each.path == "limits.floor").message)
    no effect: -100 is no more than the 0 that tenant has without a deal
    >>> price = bg.Issue.integer("price", 1, 10)
    >>> greedy = bg.BargainingProblem(
    ...     [price],
    ...     {
    ...         "buyer": bg.AdditiveUtility({"price": bg.Linear(9, 0)}),
    ...         "seller": bg.AdditiveUtility({"price": bg.Linear(0, 9)}),
    ...     },
    ...     disagreement_point=(7, 5),
    ... )
    >>> bg.lint(greedy).codes
    ('empty_zone',)
    """
    check_problem(problem)
    change = finite_number("change", change, error=InvalidArgumentError)
    if not 0 < change < 1:
        raise InvalidArgumentError.at("change", "a share in (0, 1)", change)
    seconds = finite_number("seconds", seconds, at_least=0, error=InvalidArgumentError)
    if limits is not None and not isinstance(limits, Limits):
        raise InvalidArgumentError.at("limits", "Limits", limits)
    if limits is not None and party is None:
        expected = "the party whose limits they are"
        raise InvalidArgumentError.at("party", expected, party)
    index = None if party is None else problem.party_index(party)
    ideal, findings = _zone(problem)
    if limits is not None and index is not None:
        findings += limit_findings(problem, index, limits, has_zone=ideal is not None)
    findings += [*_parties(problem), *_issues(problem), *_values(problem)]
    entries: tuple[Sensitivity, ...] = ()
    if ideal is not None:
        spread = ideal - problem.disagreement_point
        findings += _gains(problem, spread)
        if sensitivity:
            entries, more = _sensitivity(problem, spread, change, seconds)
            findings += more
    findings.sort(key=lambda finding: LEVELS.index(finding.level))
    return LintReport(tuple(findings), entries)


def _zone(problem: BargainingProblem) -> tuple[NDArray[np.float64] | None, list[LintFinding]]:
    """Return the ideal point, or why there is none."""
    try:
        return ideal_point(problem), []
    except InfeasibleProblemError as error:
        return None, [LintFinding("infeasible", "error", "constraints", str(error))]
    except NoAgreementZoneError:
        pass
    except BargainError as error:
        return None, [LintFinding("zone_not_known", "info", "parties", str(error))]
    hopeless = [
        LintFinding(
            "reservation_unreachable",
            "error",
            _reservation(problem, i),
            f"{name} has {d:.6g} without an agreement, and no outcome that may be agreed is worth "
            "as much to it",
        )
        for i, (name, d) in enumerate(zip(problem.parties, problem.disagreement_point, strict=True))
        if not _reachable(problem, i)
    ]
    if hopeless:
        return None, hopeless
    text = "no outcome that may be agreed is as good as no agreement for every party"
    return None, [LintFinding("empty_zone", "error", "parties", text)]


def _reservation(problem: BargainingProblem, party: int) -> str:
    profile = problem.profiles[party]
    field = "reservation_value" if profile.disagreement is None else "disagreement"
    return f"parties[{party}].{field}"


def _reachable(problem: BargainingProblem, party: int) -> bool:
    """Whether anything that may be agreed is worth a party's disagreement utility to it."""
    from bargain.solve import best_offer

    try:
        best_offer(problem, party=party, at_least=float(problem.disagreement_point[party]))
    except NoAgreementZoneError:
        return False
    except BargainError:
        return True
    return True


def _parties(problem: BargainingProblem) -> Iterator[LintFinding]:
    """Report parties for whom there is nothing to decide."""
    for i, profile in enumerate(problem.profiles):
        low, high = _range(problem, i)
        name, path = profile.name, f"parties[{i}]"
        if low is None or high is None:
            continue
        if low == high:
            text = f"all outcomes are worth {low:.6g} to {name}"
            yield LintFinding("indifferent", "warning", f"{path}.utility", text)
        elif problem.disagreement_point[i] < low:
            text = (
                f"every deal is worth at least {low:.6g} to {name}, more than the "
                f"{problem.disagreement_point[i]:.6g} it has without one: nothing holds it back"
            )
            where = _reservation(problem, i)
            yield LintFinding("reservation_below_everything", "warning", where, text)


def _range(problem: BargainingProblem, party: int) -> tuple[float | None, float | None]:
    """Return the least and the most that an outcome is worth to a party, None if not known."""
    try:
        if is_enumerable(problem):
            column = agreeable_utilities(problem)[:, party]
            return float(column.min()), float(column.max())
        form = problem.forms[party]
        if form is None or problem.constraints:
            return None, None
        return sum_bounds(form)
    except BargainError:
        return None, None


def _gains(problem: BargainingProblem, spread: NDArray[np.float64]) -> Iterator[LintFinding]:
    # who is indifferent is reported as that
    for i, name in enumerate(problem.parties):
        low, high = _range(problem, i)
        if spread[i] <= 0 and (low is None or low != high):
            text = f"{name} gains nothing in any deal that the others could agree to"
            yield LintFinding("nothing_to_gain", "warning", _reservation(problem, i), text)


def _spans(problem: BargainingProblem) -> list[NDArray[np.float64] | None]:
    """Return how much each issue can move each party's utility; None if it is not additive."""
    spans: list[NDArray[np.float64] | None] = []
    for profile in problem.profiles:
        if isinstance(profile.utility, AdditiveUtility):
            terms = profile.utility.terms(problem.space)
            spans.append(np.array([float(np.ptp(term.worths)) for term in terms]))
        else:
            spans.append(None)
    return spans


def _issues(problem: BargainingProblem) -> Iterator[LintFinding]:
    """Report issues and weights that do not matter, or alone do."""
    spans, issues = _spans(problem), problem.space.issues
    known = [span for span in spans if span is not None]
    ignored: set[int] = set()
    if len(known) == problem.n_parties:
        ignored = {k for k in range(len(issues)) if not any(span[k] > 0 for span in known)}
        used = {position for rule in problem.rules for position in rule.issues}
        for k in sorted(ignored - used):
            text = f"{issues[k].name} is worth the same to all parties, whatever is agreed"
            yield LintFinding("ignored_issue", "warning", f"issues[{k}]", text)
    for i, (profile, span) in enumerate(zip(problem.profiles, spans, strict=True)):
        total = 0.0 if span is None else float(span.sum())
        if span is None or total <= 0 or not isinstance(profile.utility, AdditiveUtility):
            continue
        for k, issue in enumerate(issues):
            path = f"parties[{i}].utility.additive.{issue.name}"
            if span[k] == 0 and issue.name in profile.utility.values and k not in ignored:
                why = "its weight is 0"
                if profile.utility.weights.get(issue.name, 1.0) > 0:
                    why = "all its values are worth the same"
                text = f"{issue.name} has no effect on {profile.name}: {why}"
                yield LintFinding("weight_without_effect", "warning", path, text)
            elif 0 < span[k] < NEGLIGIBLE * total:
                text = (
                    f"{issue.name} moves {profile.name} by {span[k]:.6g}, "
                    f"{span[k] / total:.1%} of what all issues can"
                )
                yield LintFinding("hardly_matters", "warning", path, text)
            elif span[k] > total - span[k] and np.count_nonzero(span) > 2:
                text = (
                    f"{issue.name} moves {profile.name} by {span[k]:.6g}, more than all other "
                    f"issues together ({total - span[k]:.6g})"
                )
                yield LintFinding("one_issue_decides", "warning", path, text)


def _values(problem: BargainingProblem) -> Iterator[LintFinding]:
    """Report values that another one beats for all, and issues without a conflict."""
    if not is_separable(problem):
        return
    for k, issue in enumerate(problem.space.issues):
        terms = [party_terms[k] for party_terms in problem.terms]
        if not any(np.ptp(term.worths) > 0 for term in terms):
            continue
        if not issue.is_finite:
            yield from _without_conflict(k, issue.name, terms)
            continue
        worths = np.column_stack([term.worths for term in terms])
        if len(worths) == 1:
            continue
        best = np.flatnonzero((worths == worths.max(axis=0)).all(axis=1))
        if len(best):
            text = f"{issue.name} {issue.value(int(best[0]))} is best for all: no conflict"
            yield LintFinding("no_conflict", "info", f"issues[{k}]", text)
        if len(worths) > 1000 or len(best):
            continue
        for j in range(min(len(worths), MOST_DOMINATED)):
            better = (worths >= worths[j]).all(axis=1) & (worths > worths[j]).any(axis=1)
            if better.any():
                by = issue.value(int(np.flatnonzero(better)[0]))
                text = (
                    f"{issue.name} {issue.value(j)} is never agreed: {by} is as good for all and "
                    "better for somebody"
                )
                path = f"issues[{k}].values[{j}]"
                yield LintFinding("dominated_value", "warning", path, text)


def _without_conflict(k: int, name: str, terms: list[Term]) -> Iterator[LintFinding]:
    """Report a continuous issue with one place that is best for all."""
    places = set.intersection(
        *(
            set(np.asarray(term.positions)[term.worths == term.worths.max()].tolist())
            for term in terms
            if np.ptp(term.worths) > 0
        )
    )
    if places:
        text = f"{name} {min(places):.6g} is best for all: no conflict"
        yield LintFinding("no_conflict", "info", f"issues[{k}]", text)


def _sensitivity(
    problem: BargainingProblem, spread: NDArray[np.float64], change: float, seconds: float
) -> tuple[tuple[Sensitivity, ...], list[LintFinding]]:
    """Return what changes do, and report those on which much hangs."""
    try:
        outcome = nash_solution(problem).outcome
    except BargainError as error:
        return (), [LintFinding("sensitivity_not_known", "info", "parties", str(error))]
    if outcome is None:
        return (), []
    entries, complete = sensitivities(problem, outcome, spread, change=change, seconds=seconds)
    findings = []
    if not complete:
        text = f"{len(entries)} changes were looked at in {seconds:g} seconds, not all"
        findings.append(LintFinding("sensitivity_not_known", "info", "parties", text))
    worst: dict[str, Sensitivity] = {}
    for entry in sorted(entries, key=_size):
        worst[entry.path] = entry
    for path, entry in worst.items():
        if _size(entry) <= FRAGILE:
            continue
        belief = path.endswith("reservation_value")
        what = (
            "there is no agreement"
            if entry.moved is None
            else (f"the Nash solution moves by {entry.moved:.0%} of a party's range")
        )
        text = f"if this is off by {entry.change:+.0%}{' of the range' if belief else ''}, {what}"
        code = "hangs_on_belief" if belief else "hangs_on_weight"
        findings.append(LintFinding(code, "warning", path, text))
    return tuple(sorted(entries, key=_size, reverse=True)), findings


def _size(entry: Sensitivity) -> float:
    return np.inf if entry.moved is None else entry.moved
