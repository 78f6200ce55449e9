"""After the deal: how good it was, what was left on the table and for whom, which round cost it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.history import Heard, Preference, Remark, offers_heard
from bargain.errors import BargainError, InvalidArgumentError, NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome
from bargain.model.given import check_problem
from bargain.play import Offer, Session
from bargain.solve import ideal_point, nash_solution, utilitarian_solution
from bargain.solve.structure import is_enumerable

Reals = NDArray[np.float64]

ROUNDING = 1e-7
"""What counts as nothing, in parts of a party's range; where outcomes are enumerated nothing is."""

Kind = Literal["refused_better", "not_efficient", "waiting", "largest_concession"]


@dataclass(frozen=True)
class RoundCost:
    """What one round cost one party.

    Attributes
    ----------
    round : counted from 0
    party : whom it cost
    kind : "refused_better": an offer of this round was worth more to the party than what it ended
        with; the best such offer. "not_efficient": what was agreed in this round could have been
        better for the party and worse for nobody. "waiting": what discounting and costs took until
        this round, the last. "largest_concession": the round in which the party came down most
        from its own offer before; that may have been well spent.
    cost : in the party's own units, > 0
    share : the same in parts of its range from no agreement to ideal; None without a range
    """

    round: int
    party: str
    kind: Kind
    cost: float
    share: float | None


@dataclass(frozen=True)
class Explanation:
    """How good an outcome was.

    Attributes
    ----------
    agreed : whether there was an agreement
    outcome : what was agreed, or None
    parties : names, in the order of all numbers
    utilities : of the outcome, as if nobody had waited; what each has without one if none
    gains : utilities less what each has without an agreement
    ideal : the best each could have with nobody below what it has without an agreement; None if
        there is no zone of agreement
    nash : utilities at the Nash solution; None without a zone, or where it cannot be had
    left : what each party alone could have had more, with nobody having less than it got; what
        one takes of it another may not have. 0 for all if and only if the outcome is efficient,
        or may not be agreed and nothing that may is as good for all (see `breaks`).
    efficiency : 1 less the largest of these in parts of the ranges from no agreement to ideal: 1 if
        the outcome is on the frontier, 0 if somebody missed its whole range; None without a zone,
        and for what may not be agreed
    better : an outcome that is worse for nobody and better for somebody, or None on the frontier
    better_utilities : what it is worth
    rounds : what single rounds cost, the most expensive first; empty where no offers are given
    party : whom it is told to, or None for all
    breaks : the constraints that the outcome breaks; what is left is then measured against what
        may be agreed
    """

    agreed: bool
    outcome: Outcome | None
    parties: tuple[str, ...]
    utilities: tuple[float, ...]
    gains: tuple[float, ...]
    ideal: tuple[float, ...] | None
    nash: tuple[float, ...] | None
    left: tuple[float, ...]
    efficiency: float | None
    better: Outcome | None
    better_utilities: tuple[float, ...] | None
    rounds: tuple[RoundCost, ...]
    party: str | None = None
    breaks: tuple[str, ...] = ()

    @property
    def is_efficient(self) -> bool:
        """Whether nobody could have had more without another having less."""
        return not any(self.left) and not self.breaks

    @property
    def costliest(self) -> RoundCost | None:
        """The round that cost most, in parts of ranges; concessions are not counted."""
        lost = [cost for cost in self.rounds if cost.kind != "largest_concession"]
        return lost[0] if lost else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        found: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Outcome):
                found[name] = dict(value)
            elif name == "rounds":
                found[name] = [asdict(cost) for cost in self.rounds]
            else:
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def summary(self) -> str:
        """Say it in a few lines."""
        lines = [f"agreed on {_terms(self.outcome)}" if self.agreed else "no agreement"]
        wide = max(len(name) for name in self.parties)
        for i, name in enumerate(self.parties):
            if self.party in (None, name):
                nash = "" if self.nash is None else f", Nash {self.nash[i]:.6g}"
                lines.append(
                    f"  {name:<{wide}}  {self.utilities[i]:.6g} (gain {self.gains[i]:.6g}{nash})"
                )
        lines.append(self._left())
        if self.better is not None:
            lines.append(f"  such as {_terms(self.better)}")
        lines += [f"  {_said(cost)}" for cost in self.rounds]
        return "\n".join(lines)

    def _left(self) -> str:
        if self.ideal is None:
            return "no zone of agreement: nothing is better for all than no agreement"
        if self.breaks:
            return f"not to be agreed: it breaks {'; '.join(self.breaks)}"
        if self.is_efficient:
            return "efficient: nobody could have had more without another having less"
        parts = [
            f"{name} {more:.6g}"
            for name, more in zip(self.parties, self.left, strict=True)
            if more > 0
        ]
        return f"efficiency {self.efficiency:.0%}: left on the table, for one or the other: " + (
            ", ".join(parts)
        )

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()


def explain_outcome(
    problem: BargainingProblem,
    result: Session | Outcome | Mapping[str, Any] | Iterable[Any] | None,
    *,
    party: int | str | None = None,
    agreed: bool = True,
    time_limit: float | None = None,
) -> Explanation:
    """Return how good an outcome was, what was left on the table, and which round cost it.

    What was left is found by the methods of `ideal_point`, with what each party got in the place
    of what it has without an agreement; so it can be had for every problem that these solve,
    without listing outcomes where there are too many.

    Parameters
    ----------
    problem : BargainingProblem
        What is at stake in truth, as far as it is known afterwards.
    result : Session, outcome, history or None
        A session; an outcome (a mapping from issues to values); a history (offers, or mappings
        with "party" and "outcome") whose last offer was accepted if `agreed`; None for no
        agreement. What a history has besides offers, as for `Anchor.advise`, is passed over.
    party : int or str, optional
        Whom it is told to: costs of rounds are then its own only.
    agreed : bool
        Whether the last offer of a history was accepted. That is taken from whoever calls: an
        explanation says what an outcome is worth, not that anybody agreed to it.
    time_limit : float, optional
        Seconds each integer program may take; a minute by default.

    Raises
    ------
    InvalidArgumentError
        If the result is none of these.
    InvalidOutcomeError
        If the outcome is not in the space.
    UnsupportedProblemError, NotConcaveError, TooLargeError, InfeasibleProblemError,
    ConvergenceError
        Where `ideal_point` does.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> deal = {"rent": 3500, "deposit": 500, "start": "June 1", "length": "1 year"}
    >>> print(bg.explain_outcome(rental, deal))
    agreed on rent 3500, deposit 500, start June 1, length 1 year
      landlord  2025 (gain 2025, Nash 3100)
      tenant    2675 (gain 2675, Nash 3100)
    efficiency 62%: left on the table, for one or the other: landlord 1475, tenant 1125
      such as rent 3100, deposit 2500, start July 1, length 1 month
    """
    check_problem(problem)
    me = None if party is None else problem.party_index(party)
    outcome, entries, waited = _result(problem, result, agreed)
    d = problem.disagreement_point
    utilities = d if outcome is None else problem.evaluate(outcome)
    ideal = _ideal(problem, time_limit)
    spread = None if ideal is None else ideal - d
    left, better = _left(problem, utilities, spread, ideal, outcome, time_limit)
    efficiency = None
    if spread is not None and not (outcome and problem.broken_by(outcome)):
        waste = [more / s for more, s in zip(left, spread, strict=True) if s > 0]
        efficiency = float(np.clip(1.0 - max(waste, default=0.0), 0.0, 1.0))
    costs = _costs(problem, entries, utilities, left if outcome is not None else None, waited)
    named = None if me is None else problem.parties[me]
    rounds = [
        RoundCost(r, problem.parties[i], kind, cost, _share(cost, spread, i))
        for r, i, kind, cost in costs
        if me is None or i == me
    ]
    rounds.sort(key=lambda cost: (cost.kind == "largest_concession", -(cost.share or 0.0)))
    return Explanation(
        agreed=outcome is not None,
        outcome=outcome,
        parties=problem.parties,
        utilities=_plain(utilities),
        gains=_plain(utilities - d),
        ideal=None if ideal is None else _plain(ideal),
        nash=None if ideal is None else _nash(problem, time_limit),
        left=_plain(left),
        efficiency=efficiency,
        better=better,
        better_utilities=None if better is None else _plain(problem.evaluate(better)),
        rounds=tuple(rounds),
        party=named,
        breaks=()
        if outcome is None
        else tuple(str(constraint) for constraint in problem.broken_by(outcome)),
    )


def _result(
    problem: BargainingProblem, result: Any, agreed: bool
) -> tuple[Outcome | None, Sequence[Heard], Reals | None]:
    """Return the agreement, the offers that led there, and what waiting took from each party."""
    if result is None:
        return None, (), None
    if isinstance(result, Session):
        entries = offers_heard(problem, result.offers)
        outcome = None
        if result.agreement is not None:
            outcome = problem.space.validate(result.agreement)
        return outcome, entries, np.asarray(result.utilities - result.discounted_utilities)
    if isinstance(result, Mapping):
        return problem.space.validate(result), (), None
    if isinstance(result, str | bytes) or not isinstance(result, Iterable):
        raise InvalidArgumentError.at(
            "result", "a session, an outcome, a sequence of offers or None", result
        )
    offers = list(result)
    for i, offer in enumerate(offers):
        if not isinstance(offer, Offer | Remark | Preference | Mapping):
            raise InvalidArgumentError.at(f"result[{i}]", "an offer", offer)
    entries = offers_heard(problem, offers)
    if not agreed or not entries:
        return None, entries, None
    if entries[-1].outcome is None:
        made = [i for i, o in enumerate(offers) if _makes_offer(o)]
        raise InvalidArgumentError(f"result[{made[-1]}]: {entries[-1].problem}")
    return entries[-1].outcome, entries, None


def _makes_offer(entry: Any) -> bool:
    return isinstance(entry, Offer) or (isinstance(entry, Mapping) and "outcome" in entry)


def _ideal(problem: BargainingProblem, time_limit: float | None) -> Reals | None:
    try:
        return ideal_point(problem, time_limit=time_limit)
    except NoAgreementZoneError:
        return None


def _nash(problem: BargainingProblem, time_limit: float | None) -> tuple[float, ...] | None:
    try:
        return _plain(nash_solution(problem, time_limit=time_limit).utilities)
    except BargainError:
        return None


def _left(
    problem: BargainingProblem,
    utilities: Reals,
    spread: Reals | None,
    ideal: Reals | None,
    outcome: Outcome | None,
    time_limit: float | None,
) -> tuple[Reals, Outcome | None]:
    """Return what each party alone could have had more, and an outcome that is better for all."""
    nothing = np.zeros(problem.n_parties)
    if outcome is None and (ideal is None or spread is None):
        return nothing, None
    scale = np.maximum(np.abs(utilities), 1e-300) if spread is None else np.maximum(spread, 0.0)
    slack = np.zeros(problem.n_parties) if is_enumerable(problem) else ROUNDING * scale
    # the solvers may miss the outcome itself by rounding: then ask a hair less
    for allowance in (nothing, slack):
        standing = standing_at(problem, utilities - allowance)
        try:
            left = ideal_point(standing, time_limit=time_limit) - utilities
        except NoAgreementZoneError:
            continue
        left = np.where(left > slack, left, 0.0)
        if not left.any():
            return nothing, None
        for concept in (nash_solution, utilitarian_solution):
            found = concept(standing, time_limit=time_limit).outcome
            if found is not None and bool((problem.evaluate(found) - utilities > slack).any()):
                return left, found
        return left, None
    return nothing, None


def standing_at(problem: BargainingProblem, utilities: Reals) -> BargainingProblem:
    """Return the problem with other utilities in the place of those without an agreement."""
    profiles = [
        replace(profile, reservation_value=float(utility), disagreement=None)
        for profile, utility in zip(problem.profiles, utilities, strict=True)
    ]
    return BargainingProblem(
        problem.space, profiles, constraints=problem.constraints, name=problem.name
    )


def _costs(
    problem: BargainingProblem,
    entries: Sequence[Heard],
    utilities: Reals,
    left: Reals | None,
    waited: Reals | None,
) -> list[tuple[int, int, Kind, float]]:
    """Return (round, party, kind, cost) for what offers show to have cost something."""
    costs: list[tuple[int, int, Kind, float]] = []
    if not entries:
        return costs
    known = [(e, problem.evaluate(e.outcome)) for e in entries if e.outcome and not e.problem]
    # what was agreed in the last round was refused by nobody
    refused = [(e, u) for e, u in known if left is None or e is not entries[-1]]
    last = entries[-1].round
    for i in range(problem.n_parties):
        offered = [(float(u[i] - utilities[i]), e.round) for e, u in refused if e.party != i]
        # the first of equals: the earlier, the better
        most = max(offered, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
        if most[0] > 0:
            costs.append((most[1], i, "refused_better", most[0]))
        if left is not None and left[i] > 0:
            costs.append((last, i, "not_efficient", float(left[i])))
        if waited is not None and waited[i] > 0:
            costs.append((last, i, "waiting", float(waited[i])))
        own = [(e.round, float(u[i])) for e, u in known if e.party == i]
        drops = [(a - b, r) for (_, a), (r, b) in pairwise(own)]
        drop = max(drops, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
        if drop[0] > 0:
            costs.append((drop[1], i, "largest_concession", drop[0]))
    return costs


def _share(cost: float, spread: Reals | None, party: int) -> float | None:
    if spread is None or not spread[party] > 0:
        return None
    return cost / float(spread[party])


def _plain(values: Reals) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _terms(outcome: Outcome | None) -> str:
    return ", ".join(
        f"{issue} {value:.6g}" if isinstance(value, float) else f"{issue} {value}"
        for issue, value in (outcome or {}).items()
    )


def _said(cost: RoundCost) -> str:
    what = {
        "refused_better": "an offer was refused that was worth more",
        "not_efficient": "what was agreed could have been better",
        "waiting": "waiting until then cost",
        "largest_concession": "the largest step down from its own offer",
    }[cost.kind]
    share = "" if cost.share is None else f" ({cost.share:.0%} of its range)"
    return f"round {cost.round}: {cost.party}: {what}: {cost.cost:.6g}{share}"
