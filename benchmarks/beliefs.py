"""How well what the anchor believes of the other side recovers what it wants.

Run it from the repository: PYTHONPATH=. python benchmarks/beliefs.py [FOLDER]. The folder holds
the published negotiations (`benchmarks/published.py`). Beliefs are those of `bargain.anchor`, with
each of the models it can use; the truth is the other side's published utility.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, spearmanr

import bargain as bg
from bargain.anchor import belief as beliefs
from bargain.anchor.history import Heard
from bargain.anchor.opposed import OpposedModel
from bargain.anchor.outlook import Chances, most_of_each
from benchmarks import published

AFTER = (1, 3, 5, 10)

BELIEFS: dict[str, beliefs.Other | bg.OpponentModel] = {
    "the anchor's": "unknown",
    "frequency, HardHeaded": bg.FrequencyModel(),
    "frequency, Smith": bg.FrequencyModel("smith"),
    "windowed": bg.WindowedModel(),
    "Bayesian": bg.BayesianModel(),
}
"""What an anchor may be given as `other`; the first is what it takes itself."""

POLICIES = {
    "boulware": "boulware",
    "linear": "linear",
    "conceder": "conceder",
    "micro": "micro",
    "trade_off": bg.TradeOff(),
    "random above 0.6": bg.RandomOffers(0.6),
}
"""Who makes the offers; opposite sits Boulware, so that most sessions last."""

DEADLINES = (20, 60)
COMPARED = 2_000
"""Most outcomes compared; of a larger space, this many are drawn."""

MEASURES = ("Spearman", "Kendall", "RMSE", "top issue")


def believed_of(
    other: beliefs.Other | bg.OpponentModel,
    problem: bg.BargainingProblem,
    party: int,
    outcomes: Sequence[bg.Outcome],
    rounds: Sequence[int],
    deadline: int,
) -> beliefs.Belief:
    """Return what an anchor of the one party of two believes of the other, after its offers."""
    heard = [Heard(party, each, at) for each, at in zip(outcomes, rounds, strict=True)]
    model = beliefs.model_of(other, problem, 1 - party)
    assert model is not None
    return beliefs.learned(problem, 1 - party, heard, model, max(deadline - 1, 1))


class Truth:
    """What a party wants, and how near a guess of it is."""

    def __init__(self, problem: bg.BargainingProblem, party: int, seed: int = 0) -> None:
        space, utility = problem.space, problem.profiles[party].utility
        rows = np.arange(int(space.size))
        if len(rows) > COMPARED:
            rows = np.random.default_rng(seed).choice(rows, COMPARED, replace=False)
        all_utilities = utility.utilities(space)
        least, most = float(all_utilities.min()), float(all_utilities.max())
        self.space, self.rows = space, rows
        self.utilities = (all_utilities[rows] - least) / (most - least)
        spreads = spreads_of(all_utilities, space)
        self.top = np.flatnonzero(spreads >= spreads.max() * (1 - 1e-9))
        self.reservation = (float(problem.disagreement_point[party]) - least) / (most - least)

    def scores(
        self, believed: NDArray[np.float64], weights: Sequence[float]
    ) -> tuple[float, float, float, float]:
        """Return the rank correlations, the error, and how often the top issue is right.

        A belief that does not tell several issues apart is right as often as a draw among them.
        """
        found, truth = believed[self.rows].round(12), self.utilities.round(12)
        if np.ptp(found) == 0:
            spearman = kendall = 0.0
        else:
            spearman = float(spearmanr(found, truth).statistic)
            kendall = float(kendalltau(found, truth).statistic)
        error = float(np.sqrt(np.mean((believed[self.rows] - self.utilities) ** 2)))
        heaviest = np.flatnonzero(np.asarray(weights) >= max(weights) - 1e-9)
        return spearman, kendall, error, float(np.isin(heaviest, self.top).mean())


def spreads_of(utilities: NDArray[np.float64], space: bg.OutcomeSpace) -> NDArray[np.float64]:
    """Return by how much each issue can move an additive utility."""
    table = utilities.reshape([int(issue.size) for issue in space.issues])
    # additive: the spread is the same wherever the other issues stand
    return np.array([np.ptp(np.moveaxis(table, j, 0).reshape(n, -1)[:, 0])
                     for j, n in enumerate(table.shape)])  # fmt: skip


Made = tuple[bg.BargainingProblem, int, list[bg.Outcome], list[int], int]
"""A problem, who made the offers, the offers, their rounds, and the deadline."""


def made_by_people(data: published.Path) -> list[Made]:
    """Return what every camper who submitted a deal submitted, as what the other camper heard.

    The data hold no rounds: submissions are taken as rounds 0, 2, 4, ... of 20.
    """
    found: list[Made] = []
    for dialogue in published.dialogues(data):
        problem = dialogue.problem
        for camper in (0, 1):
            deals = [problem.space.validate(deal) for deal in dialogue.offers(camper)]
            if deals:
                found.append((problem, camper, deals, [2 * k for k in range(len(deals))], 20))
    return found


def made_by_policies(problem: bg.BargainingProblem, seed: int = 6) -> dict[str, list[Made]]:
    """Return what policies offer in sessions against Boulware, either side, either deadline."""
    found: dict[str, list[Made]] = defaultdict(list)
    for name, policy in POLICIES.items():
        for party in (0, 1):
            for deadline in DEADLINES:
                sides: list[object] = ["boulware", "boulware"]
                sides[party] = policy
                session = bg.alternating_offers(
                    problem, sides, deadline=deadline, first=party, seed=seed
                )
                offers = [o for o in session.offers if o.party == problem.parties[party]]
                outcomes = [problem.space.validate(offer.outcome) for offer in offers]
                rounds = [offer.round for offer in offers]
                found[name].append((problem, party, outcomes, rounds, deadline))
    return found


def scored(
    all_made: Sequence[Made], after: Sequence[int] = AFTER
) -> dict[tuple[str, int], list[tuple[float, ...]]]:
    """Return the scores of every belief after some numbers of offers, by its name and number."""
    found: dict[tuple[str, int], list[tuple[float, ...]]] = defaultdict(list)
    truths: dict[tuple[int, int], Truth] = {}
    for problem, party, outcomes, rounds, deadline in all_made:
        truth = truths.setdefault((id(problem), party), Truth(problem, party))
        for count in after:
            if count > len(outcomes):
                continue
            n = len(problem.space.issues)
            flat = np.full(int(problem.space.size), 0.5)
            found["uniform prior", count].append(truth.scores(flat, [1 / n] * n))
            against = flat_opposite(problem, 1 - party)
            found["the opposite of mine", count].append(truth.scores(against, [1 / n] * n))
            for name, other in BELIEFS.items():
                belief = believed_of(
                    other, problem, party, outcomes[:count], rounds[:count], deadline
                )
                utilities = belief.problem.profiles[party].utility.utilities(problem.space)
                weights = belief.opponents[problem.parties[party]].weights
                found[name, count].append(truth.scores(utilities, list(weights.values())))
    return found


def flat_opposite(problem: bg.BargainingProblem, party: int) -> NDArray[np.float64]:
    """Return the opposite of what a party wants, all issues alike: what needs no offers."""
    estimate = OpposedModel.of(problem, party)
    total = np.zeros(1)
    for own in estimate.own:
        total = np.add.outer(total, (1.0 - own) / len(estimate.own)).ravel()
    return total


def reservations(
    all_made: Sequence[Made], after: Sequence[int] = AFTER
) -> dict[int, tuple[int, float, float, float, float]]:
    """Return how the anchor's guess of the other's reservation value fares, by number of offers.

    The anchor models it in one place, the chance that the other accepts: from some utility on,
    equally likely anywhere from nothing to the least that its own offers leave it, as believed.
    Number of cases, how often the truth is in that range, its mean upper end, and the mean
    distance of its middle from the truth, beside that of the middle of [0, 1].
    """
    found: dict[int, list[tuple[float, float, float, float]]] = defaultdict(list)
    truths: dict[tuple[int, int], Truth] = {}
    for problem, party, outcomes, rounds, deadline in all_made:
        truth = truths.setdefault((id(problem), party), Truth(problem, party)).reservation
        for count in after:
            if count > len(outcomes):
                continue
            offers = [
                Heard(party, each, at)
                for each, at in zip(outcomes[:count], rounds[:count], strict=True)
            ]
            belief = believed_of(
                "unknown", problem, party, outcomes[:count], rounds[:count], deadline
            )
            most = most_of_each(belief.problem)
            top = Chances(belief, 1 - party, offers, most).ceilings[party]
            found[count].append((truth <= top, top, abs(top / 2 - truth), abs(0.5 - truth)))
    return {
        count: (len(rows), *(float(mean) for mean in np.mean(rows, axis=0)))
        for count, rows in found.items()
    }  # type: ignore[return-value]


def shown(found: dict[tuple[str, int], list[tuple[float, ...]]], title: str) -> None:
    counts = sorted({count for _, count in found})
    names = list(dict.fromkeys(name for name, _ in found))
    print(f"\n{title}: " + ", ".join(f"{len(found[names[0], c])} after {c}" for c in counts))
    print("| belief | " + " | ".join(f"{m} {c}" for m in MEASURES for c in counts) + " |")
    print("|---|" + "---:|" * (len(MEASURES) * len(counts)))
    for name in names:
        means = [np.mean(found[name, c], axis=0) for c in counts]
        cells = [f"{mean[k]:.3f}" for k in range(len(MEASURES)) for mean in means]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main() -> None:
    data = published.folder(*sys.argv[1:])
    start = time.perf_counter()
    people = made_by_people(data)
    shown(scored(people, (1, 2, 3)), "CaSiNo")
    by_policy: dict[str, list[Made]] = defaultdict(list)
    for name in published.DOMAINS:
        for policy, made in made_by_policies(published.domain(data, name)).items():
            by_policy[policy] += made
    everything = {policy: scored(made) for policy, made in by_policy.items()}
    together: dict[tuple[str, int], list[tuple[float, ...]]] = defaultdict(list)
    for found in everything.values():
        for key, scores in found.items():
            together[key] += scores
    shown(together, "held-out domains, all policies")
    for policy, found in everything.items():
        shown(found, policy)
    print("\nreservation values: cases, truth within, mean upper end, error of the middle, of 1/2")
    made = [each for listed in by_policy.values() for each in listed]
    for title, listed, after in (("CaSiNo", people, (1, 2, 3)), ("held-out domains", made, AFTER)):
        for count, (n, *means) in reservations(listed, after).items():
            print(f"| {title} | {count} | {n} | " + " | ".join(f"{m:.3f}" for m in means) + " |")
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
