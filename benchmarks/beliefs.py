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
from bargain.anchor.history import Entry, heard
from bargain.anchor.opposed import OpposedModel
from bargain.anchor.outlook import Chances, most_of_each
from bargain.play.protocol import round_times
from benchmarks import published

AFTER = (1, 3, 5, 10)

OFFERS = "their offers alone"
REFUSALS = "and what they turned down"
CHOICES = "and what they preferred"

BELIEFS: dict[str, tuple[beliefs.Other | bg.OpponentModel, str]] = {
    "the anchor's": ("unknown", REFUSALS),
    "the anchor's, of offers alone": ("unknown", OFFERS),
    "frequency, HardHeaded": (bg.FrequencyModel(), OFFERS),
    "frequency, Smith": (bg.FrequencyModel("smith"), OFFERS),
    "windowed": (bg.WindowedModel(), OFFERS),
    "Bayesian": (bg.BayesianModel(), OFFERS),
    "Bayesian, and refusals": (bg.BayesianModel(), REFUSALS),
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
    history: Sequence[Entry],
    deadline: int,
    learned_from: str = CHOICES,
) -> beliefs.Belief:
    """Return what an anchor of the one party of two believes of the other after a history.

    Parameters
    ----------
    learned_from : str
        `OFFERS`, `REFUSALS` or `CHOICES`: what of the history counts.
    """
    model = beliefs.model_of(other, problem, 1 - party)
    assert model is not None
    name = problem.parties[party]
    counted = [
        entry
        for entry in history
        if learned_from == CHOICES
        or (learned_from == REFUSALS and isinstance(entry, bg.Offer))
        or (isinstance(entry, bg.Offer) and entry.party == name)
    ]
    story = heard(problem, counted)
    return beliefs.learned(problem, 1 - party, story, model, round_times(deadline))


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


Made = tuple[bg.BargainingProblem, int, list[bg.Offer], int]
"""A problem, whose wants are guessed, the offers of both up to its last, and the deadline."""


def made_by_people(data: published.Path) -> list[Made]:
    """Return what was submitted in every dialogue, for each camper who submitted a deal.

    The data hold no rounds: submissions are taken as rounds 0, 2, 4, ... of 20.
    """
    found: list[Made] = []
    for dialogue in published.dialogues(data):
        problem = dialogue.problem
        offers = [
            bg.Offer(problem.parties[camper], deal, round=2 * k)
            for k, (camper, deal) in enumerate(dialogue.submitted)
        ]
        for camper in (0, 1):
            own = [k for k, (who, _) in enumerate(dialogue.submitted) if who == camper]
            if own:
                found.append((problem, camper, offers[: own[-1] + 1], 20))
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
                found[name].append((problem, party, list(session.offers), deadline))
    return found


def drawn_reservations(problem: bg.BargainingProblem, seed: int) -> bg.BargainingProblem:
    """Return a problem with reservation values drawn from 0 to 0.6 of each party's own range."""
    utilities = problem.utilities()
    least, spans = utilities.min(axis=0), np.ptp(utilities, axis=0)
    point = least + np.random.default_rng(seed).uniform(0.0, 0.6, problem.n_parties) * spans
    return bg.BargainingProblem(
        problem.space,
        {profile.name: profile.utility for profile in problem.profiles},
        disagreement_point=point.tolist(),
    )


def up_to(problem: bg.BargainingProblem, party: int, offers: list[bg.Offer], count: int) -> list:
    """Return the offers up to the so-manieth of a party; empty if it made fewer."""
    own = [k for k, offer in enumerate(offers) if offer.party == problem.parties[party]]
    return offers[: own[count - 1] + 1] if count <= len(own) else []


def scored(
    all_made: Sequence[Made], after: Sequence[int] = AFTER
) -> dict[tuple[str, int], list[tuple[float, ...]]]:
    """Return the scores of every belief after some numbers of offers, by its name and number."""
    found: dict[tuple[str, int], list[tuple[float, ...]]] = defaultdict(list)
    truths: dict[tuple[int, int], Truth] = {}
    for problem, party, offers, deadline in all_made:
        truth = truths.setdefault((id(problem), party), Truth(problem, party))
        for count in after:
            history = up_to(problem, party, offers, count)
            if not history:
                continue
            n = len(problem.space.issues)
            flat = np.full(int(problem.space.size), 0.5)
            found["uniform prior", count].append(truth.scores(flat, [1 / n] * n))
            against = flat_opposite(problem, 1 - party)
            found["the opposite of mine", count].append(truth.scores(against, [1 / n] * n))
            for name, (other, learned_from) in BELIEFS.items():
                belief = believed_of(other, problem, party, history, deadline, learned_from)
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


def concessions(
    all_made: Sequence[Made], after: Sequence[int] = AFTER
) -> dict[int, tuple[int, ...]]:
    """Return how the anchor's guesses of reservation and acceptance fare, by number of offers.

    Number of cases; the mean distance from the true reservation value of what is expected, beside
    0.26 (expected before anything was said) and half of the least that its own offers left it (what
    the anchor held before); then mean squared errors of the chance that an outcome is accepted in
    the next round (Brier), beside that of the rule before (equally likely anywhere up to what its
    own offers left it), and that of never. What is offered are ten outcomes drawn and the one that
    was offered; who was about to offer something is taken to accept what is worth as much.
    """
    found: dict[int, list[tuple[float, ...]]] = defaultdict(list)
    truths: dict[tuple[int, int], Truth] = {}
    generator = np.random.default_rng(5)
    for problem, party, offers, deadline in all_made:
        truth = truths.setdefault((id(problem), party), Truth(problem, party))
        for count in after:
            history, later = (up_to(problem, party, offers, count + more) for more in (0, 1))
            if not history:
                continue
            belief = believed_of("unknown", problem, party, history, deadline, REFUSALS)
            story = heard(problem, history)
            most = most_of_each(belief.problem)
            times = round_times(deadline)
            chances = Chances(belief, 1 - party, story, times, most)
            guess = chances.opponents()[problem.parties[party]].reservation
            assert guess is not None
            assert most is not None
            own = [each.outcome for each in story.offers if each.party == party]
            worths = [belief.worths(each)[party] / most[party] for each in own if each is not None]
            errors = [abs(each - truth.reservation) for each in (guess, 0.26, min(worths) / 2)]
            if not later:
                found[count].append((*errors, np.nan, np.nan, np.nan))
                continue
            drawn = problem.space.sample(10, seed=generator)
            least = problem.evaluate(later[-1].outcome)[party]
            last = history[-1].round or 0
            squares = []
            for each in [*drawn, *(problem.space.validate(each.outcome) for each in later[-2:-1])]:
                taken = float(problem.evaluate(each)[party] >= least - 1e-12)
                now = chances.of(each, last + 1) or 0.0
                before = min(belief.worths(each)[party] / most[party] / min(worths), 1.0)
                squares.append([(now - taken) ** 2, (before - taken) ** 2, taken])
            found[count].append((*errors, *np.mean(squares, axis=0).tolist()))
    return {
        count: (len(rows), *(float(mean) for mean in np.nanmean(rows, axis=0)))
        for count, rows in found.items()
    }  # type: ignore[return-value]


def packages_chosen(data: published.Path) -> dict[str, dict[int, tuple[float, ...]]]:
    """Return how choices among packages help, by what is learned from and by number of offers.

    An anchor that knows nothing of the other offers up to three packages a round; the other says
    which it likes best, and goes on with the offers of its policy until it would accept one. All
    beliefs are of the same history. Cases; rank correlation; and what is left to the other where
    the anchor takes what it believes best for it, as a part of what could be: its mean over levels
    of 0.5 to 0.95 of the anchor's own range.
    """
    found: dict[str, dict[int, list]] = {
        each: defaultdict(list) for each in (OFFERS, REFUSALS, CHOICES)
    }
    for name in published.DOMAINS:
        problem = published.domain(data, name)
        for policy in ("boulware", "linear", "conceder", bg.RandomOffers(0.6)):
            for party in (0, 1):
                truth = Truth(problem, party)
                for count, history in _histories(problem, policy, party):
                    for learned_from, rows in found.items():
                        belief = believed_of("unknown", problem, party, history, 20, learned_from)
                        believed = belief.problem.profiles[party].utility.utilities(problem.space)
                        rank = truth.scores(believed, [1.0])[0]
                        rows[count].append((rank, _left(problem, party, believed)))
    return {
        learned_from: {n: (len(each), *np.mean(each, axis=0)) for n, each in rows.items()}
        for learned_from, rows in found.items()
    }


def _histories(
    problem: bg.BargainingProblem, policy: object, party: int, deadline: int = 20
) -> list[tuple[int, list[Entry]]]:
    """Return what was said up to some numbers of offers of a party that meets an anchor."""
    sides: list[object] = ["hardliner", "hardliner"]
    sides[party] = policy
    session = bg.alternating_offers(problem, sides, deadline=deadline, first=party, seed=6)
    offers = [o for o in session.offers if o.party == problem.parties[party]][: max(AFTER)]
    anchor = bg.Anchor(
        problem,
        party=1 - party,
        policy=bg.TimeDependent(beta=1.0, floor=0.5),
        deadline=deadline,
        other="unknown",
    )
    history: list[Entry] = []
    found = []
    for count, offer in enumerate(offers, 1):
        history.append(offer)
        if count in AFTER:
            found.append((count, list(history)))
        packages = [
            problem.space.validate({term.issue: term.value for term in package.terms})
            for package in anchor.advise(history).public.packages
        ]
        if not packages or count == len(offers):
            break
        best = max(packages, key=lambda each: problem.evaluate(each)[party])
        if problem.evaluate(best)[party] >= problem.evaluate(offers[count].outcome)[party]:
            break
        history.append(bg.Offer(anchor.party, packages[0], round=(offer.round or 0) + 1))
        history.append(bg.Preference(offer.party, best, tuple(packages)))
    return found


def _left(problem: bg.BargainingProblem, party: int, believed: NDArray[np.float64]) -> float:
    utilities = problem.utilities()
    spans = utilities.min(axis=0), np.ptp(utilities, axis=0)
    own, theirs = ((utilities - spans[0]) / spans[1])[:, [1 - party, party]].T
    shares = []
    for level in np.linspace(0.5, 0.95, 10):
        rows = np.flatnonzero(own >= level)
        picked = rows[np.lexsort((-own[rows], -believed[rows].round(12)))[0]]
        shares.append(theirs[picked] / max(theirs[rows].max(), 1e-9))
    return float(np.mean(shares))


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
    made = [each for listed in by_policy.values() for each in listed]
    print("\ncases, error of reservations (learned, 0.26, before), Brier (learned, before, never)")
    drawn = [
        each
        for k, name in enumerate(published.DOMAINS)
        for listed in made_by_policies(drawn_reservations(published.domain(data, name), k)).values()
        for each in listed
    ]
    for title, listed, after in (
        ("CaSiNo", people, (1, 2, 3)),
        ("held-out domains", made, AFTER),
        ("the same, reservations drawn", drawn, AFTER),
    ):
        for count, (n, *means) in concessions(listed, after).items():
            print(f"| {title} | {count} | {n} | " + " | ".join(f"{m:.3f}" for m in means) + " |")
    print("\npackages to choose from: cases, rank correlation, share left to the other")
    for learned_from, by_count in packages_chosen(data).items():
        for count, (n, *means) in by_count.items():
            cells = " | ".join(f"{m:.3f}" for m in means)
            print(f"| {learned_from} | {count} | {n} | {cells} |")
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
