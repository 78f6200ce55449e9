"""Whether nothing that can be agreed reaches a larger objective than an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, OutcomeSpace
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.solve.certificate import Certificate
from bargain.solve.claims import BestAnswer
from bargain.solve.structure import is_convex_under_constraints, needs_programs
from bargain.solve.ties import ties_are_open
from bargain.solve.verify import enumeration
from bargain.solve.verify.answer import rational_gains
from bargain.solve.verify.budget import FEW_COMBINATIONS, most_combinations, search
from bargain.solve.verify.measure import CLOSE, CLOSE_PAIR, Measure
from bargain.solve.verify.objective import Objective
from bargain.solve.verify.pair import PairBounds
from bargain.solve.verify.support import Support
from bargain.solve.verify.verification import Refuted, Unchecked, Verification
from bargain.solve.vetoes import vetoed

MOST_CHOICES = 200_000
"""Most combinations of choices beside continuous issues that are bounded one by one."""

Reals = NDArray[np.float64]


def verify_best(certificate: Certificate, claim: BestAnswer) -> Verification:
    """Check an answer by what suits the structure of its problem."""
    problem = claim.problem
    if is_convex_under_constraints(problem):
        return _by_vetoes(certificate, claim)
    if problem.space.is_finite and not claim.lotteries:
        if problem.space.size * problem.n_parties <= ENUMERATION_LIMIT:
            return _by_enumeration(certificate, claim)
        if not needs_programs(problem):
            return _by_search(certificate, claim)
    if not claim.lotteries and needs_programs(problem):
        rational_gains(
            problem, claim.lottery, claim.utilities, Measure.of(problem), lotteries=False
        )
        raise Unchecked(
            "an integer program leaves no proof that is shorter than solving it again; the answer "
            "may be agreed and is worth what it is said to be"
        )
    if problem.n_parties == 2:
        return _by_bisected_prices(certificate, claim)
    return _by_given_prices(certificate, claim)


def _by_vetoes(certificate: Certificate, claim: BestAnswer) -> Verification:
    """Check an answer under convex constraints as one among the parties and their vetoes."""
    measure = Measure.of(claim.problem, CLOSE)
    rational_gains(claim.problem, claim.lottery, claim.utilities, measure, lotteries=False)
    among = vetoed(claim)
    if among is None:
        raise Refuted("no outcome meets the constraints")
    return _by_given_prices(certificate, among)


def _by_enumeration(certificate: Certificate, claim: BestAnswer) -> Verification:
    problem = claim.problem
    gains = rational_gains(
        problem, claim.lottery, claim.utilities, Measure.of(problem), lotteries=False
    )
    ideals = enumeration.ideal_gains(problem)
    objective = _objective(claim, ideals)
    answer = problem.evaluate(claim.lottery[0][0])
    count = enumeration.compare_with_all(problem, objective, answer)
    checked = f"compared with all {count} individually rational outcomes"
    value = objective.value(gains)
    return Verification(True, checked, "", _finite(value), None, certificate.gap)


def _by_search(certificate: Certificate, claim: BestAnswer) -> Verification:
    problem = claim.problem
    measure = Measure.of(problem)
    gains = rational_gains(problem, claim.lottery, claim.utilities, measure, lotteries=False)
    ideals = np.zeros(problem.n_parties)
    limit = most_combinations(problem)
    if certificate.kind != "exact":
        limit = FEW_COMBINATIONS
    units, loose, compared = _units(claim, measure), 0.0, []
    for i, ideal in enumerate(claim.ideals if _needs_ideals(claim) else ()):
        mine = rational_gains(
            problem, ideal.lottery, _worth(problem, ideal.lottery), measure, lotteries=False
        )
        alone = np.eye(problem.n_parties)[i]
        single = Objective("minimum", alone, alone)
        found = search(problem, measure, single, mine, ideal.prices, limit)
        ideals[i] = mine[i]
        if found.compared is None:
            loose = max(loose, (found.bound - mine[i]) / max(mine[i], np.finfo(float).tiny))
        else:
            compared.append(found.compared)
    objective = _objective(claim, ideals)
    prices = _prices(certificate.evidence, "prices", problem.n_parties)
    ties = not ties_are_open(certificate.note)
    found = search(problem, measure, objective, gains, prices, limit, ties=ties)
    value = objective.value(gains)
    if found.compared is None and value == -np.inf:
        raise Unchecked("somebody gains nothing, which prices can't tell to be the best")
    missing = found.bound - value if found.compared is None else 0.0
    # a ratio to an ideal gain that may be larger is smaller by as much
    missing = (missing + (value * loose if loose else 0.0)) / units
    slack = objective.slack(gains, measure.slack * measure.scale) / units
    bound = found.bound if found.compared is None else None
    if found.compared is None or loose > 0.0:
        if not missing <= certificate.gap * (1 + 1e-9) + slack:
            if certificate.kind == "exact":
                raise Unchecked(
                    "too many combinations within the budget to compare them all; the prices "
                    f"alone prove the answer to within {missing:.1e}"
                )
            # a search up to a budget of regret proves more than the prices alone
            budget = certificate.evidence.get("budget", 0.0)
            beyond = objective.bound(found.total - float(budget), prices) - value
            if beyond / units <= certificate.gap * (1 + 1e-9) + slack:
                raise Unchecked(
                    "too many combinations within the stated budget to compare them all; the "
                    f"prices alone prove a gap of {missing:.3g}"
                )
            raise Refuted(f"the prices prove a gap of {missing:.3g}, not {certificate.gap:.3g}")
        checked = "too many combinations to compare: the gap, by the best of every issue at prices"
    else:
        count = found.compared + sum(compared)
        checked = f"compared with the {count} combinations that the prices leave possible"
        checked += "" if ties else "; which of those that tie is the best is not"
    return Verification(True, checked, "", _finite(value), _finite(bound), certificate.gap)


def _by_bisected_prices(certificate: Certificate, claim: BestAnswer) -> Verification:
    problem = claim.problem
    measure = Measure.of(problem, CLOSE_PAIR)
    bounds, choices = _pair_bounds(problem, measure, lotteries=claim.lotteries)
    convex = claim.lotteries or not any(issue.is_finite for issue in problem.space.issues)
    gains = rational_gains(
        problem, claim.lottery, claim.utilities, measure, lotteries=claim.lotteries or convex
    )
    if len(claim.lottery) > 1 and not claim.lotteries:
        raise Refuted("a lottery where lotteries are not allowed")
    each = measure.slack * measure.scale
    ideals = np.array([float(bounds.most(i).max()) for i in range(2)]) * measure.scale
    ideals = np.where(ideals > 4.0 * each, ideals, 0.0)
    objective = _objective(claim, ideals)
    for i in range(2):
        other = (gains[1 - i] + 4.0 * each[1 - i]) / measure.scale[1 - i]
        more = float(bounds.most(i, other).max()) * measure.scale[i]
        if more > gains[i] + 4.0 * each[i]:
            raise Refuted(
                f"{problem.parties[i]} could gain {more:.9g} instead of {gains[i]:.9g} and nobody "
                "would lose"
            )
    checked = "bounded by prices found by bisection"
    if choices is not None:
        checked += f", for each of {len(choices)} combinations of choices"
    counted = objective.parameters > 0
    value = objective.value(gains)
    if objective.kind == "product" and not (ideals[counted] > 0).all():
        return Verification(
            True, checked + "; no product is positive", "", None, None, certificate.gap
        )
    if objective.kind == "product" and not (gains[counted] > each[counted]).all():
        least = np.full(len(bounds.offsets), np.inf)
        least = bounds.largest_minimum(np.where(counted, 1.0, 0.0))
        if (least > 4.0 * measure.slack.max()).any():
            raise Refuted("a positive product can be agreed, and this is none")
        return Verification(
            True, checked + "; no product is positive", "", None, None, certificate.gap
        )
    bound = _pair_bound(bounds, objective, measure)
    slack = 4.0 * objective.slack(gains, each)
    _within_gap(bound, value, certificate.gap, slack)
    if "supporting_weights" in certificate.evidence and counted.all():
        prices = _prices(certificate.evidence, "supporting_weights", 2)
        paid = np.tile(prices * measure.scale, (len(bounds.offsets), 1))
        reached = (paid * bounds.best(paid)).sum(axis=1)
        # without lotteries they are prices among the agreements with the same choices
        row = 0 if choices is None else choices.row([claim.lottery[0][0][n] for n in choices.names])
        at_prices = objective.bound(float(reached[row]), prices)
        _within_gap(at_prices, value, certificate.gap, slack)
        checked += ", and by those stated"
    return Verification(True, checked, "", _finite(value), _finite(bound), certificate.gap)


def _by_given_prices(certificate: Certificate, claim: BestAnswer) -> Verification:
    problem = claim.problem
    measure = Measure.of(problem, CLOSE)
    support = Support(problem, measure)
    gains = rational_gains(
        problem, claim.lottery, claim.utilities, measure, lotteries=claim.lotteries
    )
    each = measure.slack * measure.scale
    able = problem.n_parties - claim.vetoes
    ideals = np.where(np.arange(problem.n_parties) < able, np.nan, 0.0)
    for i, ideal in enumerate(claim.ideals):
        mine = rational_gains(
            problem,
            ideal.lottery,
            _worth(problem, ideal.lottery),
            measure,
            lotteries=True,
        )
        alone = Objective("minimum", np.eye(problem.n_parties)[i], np.ones(problem.n_parties))
        _within_gap(_given_bound(support, alone, ideal.prices), mine[i], 0.0, 4.0 * each[i])
        ideals[i] = mine[i] if mine[i] > each[i] else 0.0
    objective = _objective(claim, ideals)
    checked = "bounded by the best of every issue at the stated prices"
    if objective.kind == "product" and (ideals[:able] == 0.0).any():
        weights = np.where(ideals > 0, objective.parameters, 0.0)
        objective = Objective("product", weights, ideals)
        checked += ", among those who can gain"
    if not (objective.parameters > 0).any():
        return Verification(True, "nobody who counts can gain anything", gap=certificate.gap)
    value = objective.value(gains)
    prices = _prices(certificate.evidence, "supporting_weights", problem.n_parties)
    bound = _given_bound(support, objective, prices)
    if not objective.surplus(bound, gains, each) <= certificate.gap * (1.0 + 1e-9):
        raise _beyond(bound, value, certificate.gap)
    if objective.kind == "minimum":
        checked += "; the least ratio only, not the order of the others"
    return Verification(True, checked, "", _finite(value), _finite(bound), certificate.gap)


def _given_bound(support: Support, objective: Objective, prices: Reals) -> float:
    """Return what an objective can't exceed at prices for utilities."""
    if np.shape(prices) != support.scale.shape or not (prices >= 0).all():
        raise Refuted(f"expected a price >= 0 for each party, got {np.asarray(prices).tolist()}")
    total = support.most(prices * support.scale)
    paid = prices > 0
    capped = (prices[paid] * support.scale[paid] * support.limits[paid]).sum()
    bound = objective.bound(min(total, float(capped)), prices)
    if objective.kind == "minimum":
        counted = objective.parameters > 0
        limits = support.limits * support.scale
        bound = min(bound, float((limits[counted] / objective.parameters[counted]).min()))
    return bound


def pair_bounds(problem: BargainingProblem, measure: Measure) -> PairBounds:
    """Return the bounds of two parties' convexified problem."""
    return _pair_bounds(problem, measure, lotteries=True)[0]


def _pair_bounds(
    problem: BargainingProblem, measure: Measure, *, lotteries: bool
) -> tuple[PairBounds, OutcomeSpace | None]:
    """Return bounds, for each combination of choices where these can't be drawn by lot."""
    finite = [issue for issue in problem.space.issues if issue.is_finite]
    if lotteries or not finite:
        return PairBounds(Support(problem, measure)), None
    choices = OutcomeSpace(finite)
    if choices.size > MOST_CHOICES:
        raise Unchecked(f"more than {MOST_CHOICES} combinations of choices")
    columns = []
    for terms in problem.terms:
        total = np.zeros(1)
        for issue, term in zip(problem.space.issues, terms, strict=True):
            if issue.is_finite:
                total = np.add.outer(total, term.worths).ravel()
        columns.append(total)
    offsets = np.column_stack(columns) / measure.scale
    return PairBounds(Support(problem, measure, only_continuous=True), offsets), choices


def _pair_bound(bounds: PairBounds, objective: Objective, measure: Measure) -> float:
    """Return what an objective that is positive somewhere can't exceed, in its own units."""
    if objective.kind == "sum":
        return float(bounds.largest_sum().max())
    counted = objective.parameters > 0
    if objective.kind == "minimum":
        if not counted.any():
            return 0.0
        return float(bounds.largest_minimum(objective.parameters / measure.scale).max())
    if counted.all():
        logs = bounds.largest_log_product(objective.parameters) * objective.parameters.sum()
        return float(logs.max() + objective.parameters @ np.log(measure.scale))
    party = int(np.flatnonzero(counted)[0])
    most = float(bounds.most(party).max()) * float(measure.scale[party])
    return float(objective.parameters[party] * np.log(max(most, np.finfo(float).tiny)))


def _objective(claim: BestAnswer, ideals: Reals) -> Objective:
    given = claim.parameters
    if claim.objective == "sum":
        given = np.ones(claim.problem.n_parties)
        given[claim.problem.n_parties - claim.vetoes :] = 0.0
    elif given is None:
        if np.isnan(ideals).any() or (
            claim.ideals and len(claim.ideals) != len(ideals) - claim.vetoes
        ):
            raise Refuted("the ideal gains that the answer is about are not stated")
        given = ideals
    if np.shape(given) != (claim.problem.n_parties,) or not (given >= 0).all():
        raise Refuted("expected a weight or scale >= 0 for each party")
    return Objective(claim.objective, given, ideals)


def _needs_ideals(claim: BestAnswer) -> bool:
    return claim.objective == "minimum" and claim.parameters is None


def _units(claim: BestAnswer, measure: Measure) -> float:
    """Return how much of the objective is one unit of the certificate's gap in a search."""
    return float(measure.scale.max()) if claim.objective == "sum" else 1.0


def _within_gap(bound: float, value: float, gap: float, slack: float) -> None:
    if not bound - value <= gap * (1.0 + 1e-9) + slack:
        raise _beyond(bound, value, gap)


def _beyond(bound: float, value: float, gap: float) -> Refuted:
    return Refuted(
        f"the value {value:.9g} can't be proven to be within {gap:.3g} of the best: "
        f"the bound is {bound:.9g}"
    )


def _prices(evidence: Mapping[str, Any], name: str, n_parties: int) -> Reals:
    try:
        prices = np.array(evidence[name], dtype=np.float64)
    except (KeyError, TypeError, ValueError):
        raise Refuted(f"evidence: expected prices as {name!r}") from None
    if prices.shape != (n_parties,) or not ((prices >= 0) & np.isfinite(prices)).all():
        raise Refuted(f"evidence: expected a finite price >= 0 for each party as {name!r}")
    return prices


def _worth(problem: BargainingProblem, lottery: Any) -> Reals:
    from bargain.solve.verify.answer import worth_of

    return worth_of(problem, lottery)


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
