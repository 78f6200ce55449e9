"""What a tournament found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, MissingPackageError
from bargain.model.arrays import frozen
from bargain.model.numbers import inner_number, whole_number
from bargain.model.problem import BargainingProblem
from bargain.play.crosstable import cells, mean, others, pairs, standard_error
from bargain.play.measures import FirstOfferEffect, first_offer_effect
from bargain.play.protocol import played_out
from bargain.play.seeds import child, session_keys
from bargain.play.session import Session, round_times
from bargain.play.standings import (
    Standing,
    chances_to_be_first,
    intervals,
    rank_intervals,
    ranked,
    share_limits,
)
from bargain.play.tournament_rows import columns
from bargain.play.tournament_words import notes, plain_tournament, summary, title

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Tournament:
    """All sessions of a tournament, and what they say about policies.

    Attributes
    ----------
    problems : tuple of BargainingProblem
    problem_names, policies, opponents : tuple of str
        Opponents are the pool, or the policies themselves.
    players : tuple of policies
        The policies, then the pool if there is one: what the field `policies` counts.
    deadlines : tuple of int
    repetitions : int
    breakdown : float
    results : structured ndarray, shape (n_sessions,)
        One session an element, read-only. Fields: `problem` (position), `has_zone`, `deadline`,
        `policies` (position among the players, per seat), `first` (the seat that opened),
        `repetition`, `weight` (1 over the repetitions of its kind), `round` (the last that was
        begun), `ended` (position in `ENDINGS`), `left_by` (seat or -1), `row` (agreed on, or -1);
        per seat `utilities`, `discounted_utilities`, `gains` and `shares`; `joint_gain`,
        `nash_distance`, `kalai_smorodinsky_distance`, `frontier_distance`, `fairness`;
        `first_offer` (row, -1 if the opener left) and `first_offer_share` (to its proposer).
        Rows are Python ints where a space has more than 2^63.
        `Measures` defines them.
    without_zone : tuple of str
        Problems that were played and have no zone of agreement: distances and fairness are NaN
        there.
    left_out : tuple of str
        Problems that were not played as they have no zone of agreement, where that was asked for.
    stopped : {"complete", "interrupted"}
    sequence : SeedSequence
    """

    problems: tuple[BargainingProblem, ...]
    problem_names: tuple[str, ...]
    policies: tuple[str, ...]
    opponents: tuple[str, ...]
    players: tuple[Any, ...]
    deadlines: tuple[int, ...]
    repetitions: int
    breakdown: float
    results: NDArray[Any]
    without_zone: tuple[str, ...]
    left_out: tuple[str, ...]
    stopped: Literal["complete", "interrupted"]
    sequence: np.random.SeedSequence

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.results)

    @property
    def player_names(self) -> tuple[str, ...]:
        """Names of the players: the policies, then the pool if there is one."""
        has_pool = len(self.players) > len(self.policies)
        return (*self.policies, *self.opponents) if has_pool else self.policies

    @cached_property
    def payoffs(self) -> Reals:
        """Mean share of the row policy where it sits with the column, (n_policies, n_opponents).

        A share is a gain after waiting as a part of what the party could attain, as `Measures`
        defines it; who waits long for nothing has one below 0. First the mean over seats,
        openings, deadlines and repetitions of each problem, then over problems. In a session of
        three and more parties a policy meets each of the others. NaN for pairs that never met.
        """
        return frozen(mean(self._by_problem, axis=0))

    @cached_property
    def payoff_errors(self) -> Reals:
        """Standard error of each payoff over problems, NaN for fewer than two, same shape."""
        return frozen(standard_error(self._by_problem))

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Sessions that each pair sat in (twice where a policy meets itself), same shape."""
        found = np.zeros((len(self.policies), len(self.opponents)), dtype=np.int64)
        for _, _, row, column in pairs(self.results, self._shape):
            np.add.at(found, (row, column), 1)
        return found

    @cached_property
    def problem_scores(self) -> Reals:
        """Mean share of each policy in each problem that was played, (n_played, n_policies)."""
        scores = mean(self._by_problem, axis=2)
        return frozen(scores[~np.isnan(scores).any(axis=1)])

    @cached_property
    def _by_problem(self) -> Reals:
        return self._cells(self.results["shares"])

    def _cells(self, values: Reals) -> Reals:
        return cells(self.results, values, self._shape)

    @property
    def _shape(self) -> tuple[int, int, int, int]:
        pool = len(self.players) - len(self.policies)
        return len(self.problems), len(self.policies), len(self.opponents), pool

    def ranking(self, *, level: float = 0.95, seed: int = 0) -> tuple[Standing, ...]:
        """Return how each policy did, the best first.

        Scores are means over opponents of each problem, then over problems. Intervals are over
        problems (Student's t, cut to what shares can be), since a policy is to do well on problems
        that were not in the tournament; repetitions narrow nothing but the noise within each. A
        rank may be anything
        between those that surely beat the policy and those that it surely beats, by the
        differences in each problem. Standings that tie keep the order of the policies.

        Parameters
        ----------
        level : float
            Of the intervals of scores and of ranks, in (0, 1).
        seed : int
            Of the resamples that `first` is counted in.
        """
        chance = inner_number("level", level, error=InvalidArgumentError)
        seed = whole_number("seed", seed, at_least=0, error=InvalidArgumentError)
        played = self.problem_scores
        scores = played.mean(axis=0)
        low, high = intervals(played, level=chance)
        least, most = share_limits(self.problems)
        # nothing observed is cut off, such as what a policy of one's own threw away
        low = np.maximum(low, np.minimum(least, scores))
        high = np.minimum(high, np.maximum(most, scores))
        best, worst = rank_intervals(played, level=chance)
        first = chances_to_be_first(played, seed=seed)
        errors = standard_error(played)
        results = self.results
        means = {
            "agreement_rate": self._mean_of((results["row"] >= 0).astype(np.float64)),
            "others_share": self._mean_of(others(results["shares"])),
            "rounds": self._mean_of(results["round"] + 1.0),
            **{
                name: self._mean_of(results[name])
                for name in ("nash_distance", "frontier_distance", "fairness")
            },
        }
        ranks = ranked(scores)
        standings = [
            Standing(
                rank=ranks[i],
                best_rank=int(best[i]),
                worst_rank=int(worst[i]),
                policy=name,
                score=float(scores[i]),
                low=float(low[i]),
                high=float(high[i]),
                standard_error=float(errors[i]),
                first=float(first[i]),
                **{measure: float(values[i]) for measure, values in means.items()},
            )
            for i, name in enumerate(self.policies)
        ]
        return tuple(sorted(standings, key=lambda standing: standing.rank))

    def _mean_of(self, values: Reals) -> Reals:
        return mean(mean(self._cells(values), axis=2), axis=0)

    def first_offer_effect(self) -> FirstOfferEffect:
        """Return how far what openers get follows what they first ask for.

        Shares of sessions that ended in an agreement, compared within problems (see
        `first_offer_effect`); repetitions are sessions like others.
        """
        results = self.results
        opener = results["first"].astype(np.int64)
        reached = results["shares"][np.arange(len(results)), opener]
        reached = np.where(results["row"] >= 0, reached, np.nan)
        return first_offer_effect(results["first_offer_share"], reached, results["problem"])

    def session(self, index: int) -> Session:
        """Play session `index` of the results again, with all its offers.

        Raises
        ------
        InvalidArgumentError
            If there is no such session.
        """
        at = whole_number("index", index, at_least=0, error=InvalidArgumentError)
        if at >= len(self.results):
            raise InvalidArgumentError.at("index", f"below {len(self.results)}", index)
        one = self.results[at]
        block = (self.results["problem"] == one["problem"]) & (
            self.results["deadline"] == one["deadline"]
        )
        place = at - int(np.argmax(block))
        deadline = int(one["deadline"])
        seeds = child(self.sequence, int(one["problem"]), self.deadlines.index(deadline))
        problem = self.problems[one["problem"]]
        return played_out(
            problem,
            tuple(self.players[i] for i in one["policies"][: problem.n_parties]),
            round_times(deadline),
            opener=int(one["first"]),
            key=int(session_keys(seeds, place + 1)[place]),
            breakdown=self.breakdown,
        )

    def columns(self) -> dict[str, list[Any]]:
        """Return the results as columns of plain values, names instead of positions.

        Fields with a number for each seat become a column a seat: `shares_0`, `shares_1`, ...
        """
        return columns(self.results, self.problem_names, self.player_names)

    def to_pandas(self) -> pandas.DataFrame:
        """Return the results as a data frame, one session a row, columns as in `columns`.

        Raises
        ------
        MissingPackageError
            If pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise MissingPackageError(
                "to_pandas(): expected pandas to be installed, got none"
            ) from None
        return pandas.DataFrame(self.columns())

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking and the payoffs as plain lists, text and numbers, for JSON."""
        return plain_tournament(self)

    def summary(self) -> str:
        """Say in a few lines who did how well."""
        return summary(self)

    @property
    def title(self) -> str:
        """What was played, in a line."""
        return title(self)

    @property
    def notes(self) -> list[str]:
        """What a reader of the numbers should know, in a line each."""
        return notes(self, mean(mean(self._by_problem, axis=2), axis=1))

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show what was played, in one line."""
        return f"Tournament({self.title})"

    def plot(
        self, kind: Literal["ranking", "payoffs"] = "ranking", *, ax: Axes | None = None
    ) -> Axes:
        """Draw the ranking with its intervals, or the payoffs (see `bargain.plot`)."""
        from bargain.plot import plot_payoffs, plot_ranking

        if kind not in ("ranking", "payoffs"):
            raise InvalidArgumentError.at("kind", "'ranking' or 'payoffs'", kind)
        if kind == "payoffs":
            return plot_payoffs(self, ax=ax)
        return plot_ranking(self, ax=ax)
