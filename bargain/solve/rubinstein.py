"""Rubinstein's alternating offers: what impatience makes of the frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.model.numbers import discount_factor, finite_number, per_party, whole_number
from bargain.model.utilities import LARGEST_UTILITY
from bargain.solve.alternating import Game
from bargain.solve.alternating_arcs import ArcGame
from bargain.solve.arc_set import ArcSet
from bargain.solve.certificate import Certificate
from bargain.solve.chain_set import chain_set
from bargain.solve.claims import Equilibrium
from bargain.solve.convex import ConvexSet
from bargain.solve.refusals import refuse_lotteries
from bargain.solve.solution import Solution, make_solution
from bargain.solve.stationary import stationary_proposal


def rubinstein_solution(
    problem: BargainingProblem,
    discount_factors: Sequence[float] | Mapping[str, float] | None = None,
    *,
    costs: Sequence[float] | Mapping[str, float] | None = None,
    outside_options: Sequence[float | None] | Mapping[str, float | None] | None = None,
    breakdown: float = 0.0,
    first: int | str = 0,
    horizon: int | None = None,
    lotteries: bool = True,
) -> Solution:
    """Return what impatient parties agree on at once when they take turns to offer.

    With an infinite horizon, the first proposer's offer in subgame perfect equilibrium: the pair
    (x, y) on the frontier with g_1(y) = w_1(g_1(x)) and g_2(x) = w_2(g_2(y)), where x is what
    party 1 proposes, y what party 2 proposes, and w_i(g) is what refusing is worth to a party
    whose own next proposal gains it g (Rubinstein 1982, Perfect Equilibrium in a Bargaining
    Model; on general frontiers Osborne & Rubinstein 1990, ch. 4):

    - with a discount factor, w(g) = delta g;
    - with a fixed cost of each round, w(g) = max(g - c, 0);
    - with a risk p that talks break down after a refusal (Binmore, Rubinstein & Wolinsky 1986),
      1 - p times that;
    - with an outside option b, taken instead of waiting (Binmore, Shaked & Sutton 1989), that or
      b, whichever is more.

    With a horizon, backward induction: the last proposer takes all that individual rationality
    (or the other's outside option) leaves, and every earlier one offers the other what waiting is
    worth to it (Stahl 1972). Who refuses the last offer has paid for the rounds before it.

    With three and more parties, all of whom must agree, there are many equilibria; this is the
    stationary one in which whoever refuses proposes next (Osborne & Rubinstein 1990, 3.13).

    Parameters
    ----------
    problem : BargainingProblem
        Finite (over the hull) or continuous and concave. It is the gains over the
        disagreement point that are discounted: waiting for ever is worth the disagreement point,
        which is also where talks break down to, and what a party that leaves has at least.
    discount_factors : sequence or mapping by party of float, optional
        One per party, per round, each in (0, 1].
    costs : sequence or mapping by party of float, optional
        One per party, per round, in units of utility, >= 0 (two parties). With neither this nor
        `discount_factors` both are the problem's; with one of them the other is nothing. A party
        has a discount factor or a cost, not both. Something has to make somebody impatient, a
        factor, a cost or a risk, unless there is a horizon.
    outside_options : sequence or mapping by party of float or None, optional
        Utility to each party of leaving when it is its turn to answer (two parties). None, and
        whatever is worth less than no agreement, is no option.
    breakdown : float
        Probability in [0, 1) that talks break down after a refusal.
    first : int or str
        Party that makes the first offer, by position or name.
    horizon : int, optional
        Number of offers there is time for, >= 1 (two parties); without it there is no end.
    lotteries : bool
        True by default, unlike in `nash_solution`: over single outcomes the equilibrium need not
        be unique. A finite problem is solved over its hull, and the answer may be a lottery;
        with False it is refused. For continuous issues it makes no difference.

    Returns
    -------
    Solution
        For two parties the certificate's evidence holds both proposals' gains as "proposals"
        (and, of outside options, "gains_of_leaving" over the disagreement point).
        Fixed costs alone can leave an interval of equilibria, such as any share from c to 1 of
        a dollar when both pay c a round. Then this is the one that is best for the first proposer
        (which long horizons lead to if it also has the last word), the certificate's note names
        the interval, and its evidence has the gains at both ends as "equilibria".

    Raises
    ------
    InvalidArgumentError
        For a number out of its range, a party with a factor and a cost, or patience without end.
    UnsupportedProblemError
        For lotteries=False on a space with choices, or a horizon, costs or outside options for
        three and more parties.
    ConvergenceError
        If the equilibrium of three and more parties is not found.
    NoAgreementZoneError
        If no agreement is worth as much to both as no agreement, or as their outside options.
    InfeasibleProblemError, NotConcaveError, TooLargeError

    Examples
    --------
    >>> import bargain as bg
    >>> dollar = bg.load("divide_the_dollar")
    >>> bg.rubinstein_solution(dollar, (0.9, 0.8)).utilities.round(6)
    array([0.714286, 0.285714])
    >>> bg.rubinstein_solution(dollar, (0.9, 0.9), horizon=3).utilities.round(6)
    array([0.91, 0.09])

    Who pays less for waiting takes nearly everything:

    >>> bg.rubinstein_solution(dollar, costs=(0.2, 0.1)).utilities.round(6)
    array([0.1, 0.9])
    >>> bg.rubinstein_solution(dollar, (0.9, 0.9), outside_options=(None, 0.6)).utilities.round(6)
    array([0.4, 0.6])
    """
    check_problem(problem)
    if not lotteries and any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError(
            "rubinstein_solution: expected a continuous problem or lotteries=True, got choices "
            "without lotteries, where the equilibrium need not be unique"
        )
    leader = problem.party_index(first, where="first")
    if horizon is not None:
        horizon = whole_number("horizon", horizon, at_least=1, error=InvalidArgumentError)
    deltas, paid = _time_preference(problem, discount_factors, costs)
    risk = finite_number("breakdown", breakdown, at_least=0, error=InvalidArgumentError)
    if risk >= 1:
        raise InvalidArgumentError.at("breakdown", "a probability in [0, 1)", breakdown)
    shares = deltas * (1 - risk)
    if horizon is None and shares.min() == 1 and paid.max() == 0:
        raise InvalidArgumentError.at(
            "discount_factors",
            "at least one below 1 (or a cost, a risk of breakdown, or a horizon)",
            deltas.tolist(),
        )
    options = _gains_of_leaving(problem, outside_options)
    setting = {
        "discount_factors": deltas.tolist(),
        **({"costs": paid.tolist()} if paid.any() else {}),
        **({"gains_of_leaving": options.tolist()} if options.any() else {}),
        **({"breakdown": risk} if risk else {}),
    }
    # a round that talks do not live to see is not paid for
    expected = (1 - risk) * paid
    game_played = (problem, shares, expected, options, leader)
    if problem.n_parties > 2:
        for name, given in (
            ("horizon", horizon is not None),
            ("costs", paid.any()),
            ("outside_options", options.any()),
        ):
            if given:
                raise UnsupportedProblemError.at(
                    f"rubinstein_solution: {name}", "two parties", problem.n_parties
                )
        refuse_lotteries(problem, "rubinstein_solution")
        offers, certificate = stationary_proposal(ConvexSet(problem), shares, leader)
        evidence = {**certificate.evidence, **setting}
        certificate = replace(certificate, evidence=evidence)
        claim = partial(Equilibrium, *game_played, None, proposals=offers)
        return make_solution(problem, "Rubinstein", offers[leader], certificate, claim)
    refuse_lotteries(problem, "rubinstein_solution")
    feasible: Any = chain_set(problem)
    kind: Any = ArcGame if isinstance(feasible, ArcSet) else Game
    game = kind.on(feasible, shares, expected, options)
    if horizon is None:
        equilibria = game.stationary()
        where = "a root along its arcs" if kind is ArcGame else "exact on its edges"
        method = f"stationary equilibrium on the frontier, {where}"
    else:
        equilibria = [game.backward(leader, horizon)]
        method = f"backward induction over {horizon} offers"
    # the first party likes the last one best, the second party the first one
    proposals = equilibria[leader - 1]
    evidence = {
        **setting,
        "first": problem.parties[leader],
        "proposals": {
            party: feasible.gains_at(at).tolist()
            for party, at in zip(problem.parties, proposals, strict=True)
        },
    }
    note = ""
    if len(equilibria) > 1:
        ends = [feasible.gains_at(pair[leader]) for pair in equilibria]
        least, most = sorted(float(gains[leader]) for gains in ends)
        note = (
            f"many equilibria: any gain of {problem.parties[leader]} from {least:.6g} to "
            f"{most:.6g}; this one is the best for it"
        )
        evidence["equilibria"] = [gains.tolist() for gains in ends]
    certificate = Certificate("exact", method, 0.0, evidence, note)
    claim = partial(Equilibrium, *game_played, horizon)
    answer = feasible.lottery(proposals[leader])
    return make_solution(problem, "Rubinstein", answer, certificate, claim)


def _time_preference(
    problem: BargainingProblem, factors: Any, costs: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each party's discount factor and cost, per round."""
    if factors is None and costs is None:
        for party in problem.profiles:
            for name, waits, unit in (
                ("discount_factors", party.discount_factor < 1, party.discount_per),
                ("costs", party.cost > 0, party.cost_per),
            ):
                if waits and unit == "session":
                    raise InvalidArgumentError.at(
                        name, "values per round, as the problem's are per session", None
                    )
        factors, costs = problem.discount_factors.tolist(), problem.costs.tolist()
    names, error = problem.parties, InvalidArgumentError
    none = [1.0] * len(names), [0.0] * len(names)
    listed = (
        none[0] if factors is None else per_party("discount_factors", factors, names, error=error)
    )
    paid = none[1] if costs is None else per_party("costs", costs, names, error=error)
    deltas = [
        discount_factor(f"discount_factors[{i}]", delta, error=error)
        for i, delta in enumerate(listed)
    ]
    paid = [
        finite_number(f"costs[{i}]", cost, at_least=0, error=error) for i, cost in enumerate(paid)
    ]
    for name, delta, cost in zip(names, deltas, paid, strict=True):
        if delta < 1 and cost > 0:
            raise error.at(f"costs: {name}", "a discount factor or a cost", "both")
    return np.array(deltas), np.array(paid)


def _gains_of_leaving(problem: BargainingProblem, given: Any) -> NDArray[np.float64]:
    """Return what each party gains by leaving with its outside option, 0 where it has none."""
    if given is None:
        return np.zeros(problem.n_parties)
    where, error = "outside_options", InvalidArgumentError
    options = per_party(where, given, problem.parties, error=error)
    point = problem.disagreement_point
    gains = np.zeros(problem.n_parties)
    for i, option in enumerate(options):
        if option is not None:
            utility = finite_number(f"{where}[{i}]", option, error=error)
            if abs(utility) > LARGEST_UTILITY:
                raise error.at(f"{where}[{i}]", f"a utility up to {LARGEST_UTILITY:g}", option)
            gains[i] = max(utility - point[i], 0.0)
    return gains
