"""What the other parties want, as far as one party knows: given, or learned from what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.advice import OpponentEstimate, OpponentKind
from bargain.anchor.history import Heard, Story
from bargain.anchor.opposed import OpposedModel
from bargain.anchor.preferences import Comparisons, Pair, nearest_position, revised
from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem, Issue, Outcome, OutcomeSpace, Party
from bargain.play import BayesianModel, FrequencyModel, OpponentModel, WindowedModel
from bargain.play.models import Estimate
from bargain.play.models.estimate import check_learnable
from bargain.play.models.model import is_model

Other = Literal["exact", "believed", "unknown"]

PARTS = 10
"""Parts of the offers that are left out in turn, at most."""


@dataclass(frozen=True, eq=False)
class Belief:
    """A problem with the others as they are taken to be.

    Attributes
    ----------
    problem : BargainingProblem
    opponents : dict by party
    heard_from : frozenset of int
        Positions of the others of whom anything is known.
    """

    problem: BargainingProblem
    opponents: dict[str, OpponentEstimate]
    heard_from: frozenset[int]

    def worths(self, outcome: Outcome) -> NDArray[np.float64]:
        """Return what an outcome is worth to all, as believed, shape (n_parties,).

        Real numbers off the grid that something was learned on count as the nearest on it.
        """
        return self.problem.evaluate(nearest(self.problem.space, outcome))


def known_of_others(text: str) -> Any:
    """Return what is known of the others by its word, or the model of that name."""
    models = {
        "frequency": FrequencyModel,
        "bayesian": BayesianModel,
        "windowed": WindowedModel,
    }
    return models[text]() if text in models else text


def model_of(other: Any, problem: BargainingProblem, party: int) -> OpponentModel | None:
    """Return the model that learns what the others want; None where the problem says it.

    Parameters
    ----------
    other
        As given to an anchor.
    problem : BargainingProblem
        What is learned on.
    party : int
        Who learns.

    Raises
    ------
    InvalidArgumentError
    """
    if isinstance(other, str) and other in ("exact", "believed"):
        return None
    if isinstance(other, str) and other == "unknown":
        check_learning(problem.space)
        return OpposedModel.of(problem, party)
    if not is_model(other):
        expected = "exact, believed, unknown or an opponent model such as BayesianModel()"
        raise InvalidArgumentError.at("other", expected, other)
    check_learning(problem.space)
    model: OpponentModel = other
    return model


def check_learning(space: OutcomeSpace) -> None:
    """Raise unless models can learn on a space, naming `grid`."""
    for issue in space.issues:
        if not issue.is_finite:
            raise InvalidArgumentError.at(
                "grid", f"a number of values for issue {issue.name!r} to learn about", None
            )
    check_learnable(space)


def given(problem: BargainingProblem, party: int, story: Story, kind: OpponentKind) -> Belief:
    """Take the others as the problem has them."""
    offers = story.offers
    others = [i for i in range(problem.n_parties) if i != party]
    estimates = {
        problem.parties[i]: OpponentEstimate(
            kind, sum(offer.party == i for offer in offers), 0, {}, {}, None, None, None
        )
        for i in others
    }
    return Belief(problem, estimates, frozenset(others))


def learned(
    problem: BargainingProblem,
    party: int,
    story: Story,
    model: OpponentModel,
    times: Sequence[float] | NDArray[np.float64],
) -> Belief:
    """Learn what each of the others wants; without an agreement it is taken to have 0.

    The model learns from its offers. What it turned down and what it preferred then revise what
    the model says (`preferences.revised`).

    Parameters
    ----------
    problem : BargainingProblem
        Finite. Offers of real numbers count as the nearest of its values.
    party : int
    story : Story
        What is no outcome teaches nothing.
    model : OpponentModel
    times : sequence of float
        Relative time of each round; past the last it is 1.
    """
    space = problem.space
    profiles: list[Party] = list(problem.profiles)
    estimates: dict[str, OpponentEstimate] = {}
    known = set()
    for i, profile in enumerate(problem.profiles):
        if i == party:
            continue
        made = [offer for offer in story.offers if offer.party == i and offer.outcome is not None]
        outcomes = [nearest(space, offer.outcome) for offer in made if offer.outcome is not None]
        moments = [time_of(times, offer.round) for offer in made]
        comparisons = Comparisons.of(space, compared(story, i))
        guess = revised(_estimated(model, space, outcomes, moments), comparisons)
        utility: Any = guess.utility
        profiles[i] = Party(profile.name, utility, reservation_value=0.0)
        estimates[profile.name] = OpponentEstimate(
            "learned",
            len(made),
            len(comparisons),
            dict(zip(space.names, guess.weights.tolist(), strict=True)),
            {
                issue.name: issue.value(int(np.argmax(worths)))
                for issue, worths in zip(space.issues, guess.worths, strict=True)
            },
            _errors(model, space, outcomes, moments, comparisons),
            None,
            None,
        )
        if made:
            known.add(i)
    believed = BargainingProblem(
        space,
        [replace(profile) for profile in profiles],
        constraints=problem.constraints,
        name=problem.name,
        source=problem.source,
    )
    return Belief(believed, estimates, frozenset(known))


def compared(story: Story, party: int) -> list[Pair]:
    """Return which outcomes are worth more to a party than which, by what it did.

    - What another offered and it turned down is worth less to it than what it offered instead;
      or than its last offer, if it offered nothing instead before it was offered something else.
    - What it preferred of several packages is worth more to it than the others, and where it
      offered something instead, all of them are worth less than that.

    With three and more parties an offer is turned down by who speaks next. What breaks constraints
    is turned down for that, whatever it is worth.
    """
    pairs: list[Pair] = []
    own: Outcome | None = None
    standing: list[Outcome] = []
    speaker: int | None = None
    for entry in story.order:
        if isinstance(entry, tuple):
            continue
        if isinstance(entry, Heard) and entry.party == party:
            if entry.outcome is not None:
                own = entry.outcome
                pairs += [Pair(own, each) for each in standing]
            standing, speaker = [], party
        elif isinstance(entry, Heard):
            # who offers again was not taken up; who answers somebody else says nothing of party
            if own is not None and entry.party == speaker:
                pairs += [Pair(own, each) for each in standing]
            speaker, standing = entry.party, [] if entry.agreeable is None else [entry.agreeable]
        elif entry.party == party:
            best = entry.outcome
            if best is not None:
                pairs += [Pair(best, each) for each in entry.among if each != best]
            standing = list(dict.fromkeys([*standing, *entry.among]))
    return pairs


def time_of(times: Sequence[float] | NDArray[np.float64], number: int) -> float:
    """Return the relative time of a round: 1 past the last."""
    return float(times[number]) if number < len(times) else 1.0


def _estimated(
    model: OpponentModel, space: OutcomeSpace, outcomes: list[Outcome], times: list[float]
) -> Estimate:
    found = model.estimate(space, list(outcomes), times=np.array(times, dtype=np.float64))
    if not isinstance(found, Estimate) or found.space != space:
        expected = "an Estimate on the space it was given"
        raise InvalidArgumentError.at("what an opponent model returns", expected, found)
    return found


def _errors(
    model: OpponentModel,
    space: OutcomeSpace,
    outcomes: list[Outcome],
    times: list[float],
    comparisons: Comparisons,
) -> dict[str, float] | None:
    """Return the standard errors of the weights by the delete-a-part jackknife over offers.

    Efron, "The Jackknife, the Bootstrap and Other Resampling Plans" (1982), chapter 3: the square
    root of (g - 1) / g times the sum of squared deviations from the mean over g parts.
    """
    parts = min(PARTS, len(outcomes))
    if parts < 2:
        return None
    left: list[Any] = []
    for part in range(parts):
        kept = [k for k in range(len(outcomes)) if k % parts != part]
        guess = _estimated(model, space, [outcomes[k] for k in kept], [times[k] for k in kept])
        left.append(revised(guess, comparisons).weights)
    weights = np.array(left)
    errors = np.sqrt((parts - 1) / parts * ((weights - weights.mean(axis=0)) ** 2).sum(axis=0))
    return dict(zip(space.names, errors.tolist(), strict=True))


def nearest(space: OutcomeSpace, outcome: Outcome) -> Outcome:
    """Return the outcome of a space that is nearest to one of the space it is a grid of."""
    return Outcome({issue.name: _value(issue, outcome[issue.name]) for issue in space.issues})


def _value(issue: Issue, value: Any) -> Any:
    if value in issue:
        return issue.normalize(value)
    return issue.value(nearest_position(issue, value))
