"""How the packaged policies do on published domains, beside policies that everybody knows.

    PYTHONPATH=. python benchmarks/portfolio.py FOLDER

FOLDER holds the published domains (`genius`, `geniusweb`, `negolog`, `casino`). Of these all are
taken that have two parties, can be listed and have something to agree on, and from CaSiNo every
pair of priorities that occurs. No search has met any of them, nor the opponents here.

Everybody plays the same sessions: both seats, first offer from either side, deadlines of 10 and 50
rounds. A "tough" or "cooperative" policy of the portfolio is that for the seller where it makes the
first offer and that for the buyer where it answers, short or long by the deadline. The share is
that of the attainable gain, after discounts; joint is that of both sides together. Standard errors
are over domains, each of which counts the same.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np

import bargain as bg
from bargain.files.collection import load_all
from bargain.play import PartyView

DEADLINES = {"short": 10, "long": 50}
MOST_OUTCOMES = 50_000
POOLS = ("tough", "cooperative")

CLASSIC: dict[str, Any] = {
    **{name: name for name in ("boulware", "linear", "conceder", "hardliner", "tit_for_tat")},
    "micro": "micro",
    "boulware, Smith's model": bg.TradeOff(bg.TimeDependent(beta=0.2), "smith"),
}
OPPONENTS: dict[str, dict[str, Any]] = {
    "by time, late": {
        f"late {i}": bg.TimeDependent(beta=beta, floor=floor)
        for i, (beta, floor) in enumerate([(0.12, 0.3), (0.22, 0.5), (0.4, 0.4)])
    },
    "by time, early": {
        f"early {i}": bg.TimeDependent(beta=beta, floor=floor)
        for i, (beta, floor) in enumerate([(0.75, 0.15), (1.75, 0.3), (4, 0.4)])
    },
    "tit for tat": {"tit_for_tat": "tit_for_tat"},
    "MiCRO": {"micro": "micro"},
    "trade-off": {"trade_off": "trade_off"},
    "nice tit for tat": {"nice_tit_for_tat": "nice_tit_for_tat"},
}


def domains(folder: Path) -> dict[str, bg.BargainingProblem]:
    """Return the published domains that policies can be compared on, by name."""
    found = dict(campers(folder / "casino"))
    for kind in ("genius", "geniusweb", "negolog"):
        for place in sorted((folder / kind).iterdir()):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    # what is passed over is none of ours: sources, references
                    loaded = load_all([str(place)], notice=lambda said: None)
                except bg.BargainError as error:
                    print(f"not read: {place.name}: {error}", file=sys.stderr)
                    continue
            found |= {f"{kind}/{place.name}": problem for problem in loaded.values()}
    return {name: one for name, one in found.items() if is_comparable(name, one)}


def is_comparable(name: str, problem: bg.BargainingProblem) -> bool:
    said = ""
    if problem.n_parties != 2:
        said = "not two parties"
    elif not problem.space.is_finite or problem.space.size > MOST_OUTCOMES:
        said = f"more than {MOST_OUTCOMES:,} outcomes"
    elif not (problem.utilities() > problem.disagreement_point).all(axis=1).any():
        said = "nothing to agree on"
    if said:
        print(f"left out: {name}: {said}", file=sys.stderr)
    return not said


def campers(folder: Path) -> Iterator[tuple[str, bg.BargainingProblem]]:
    """Yield the problem of every pair of priorities in CaSiNo, goods being much the same.

    Three packages of three goods; a package is worth 5, 4 or 3 points by priority, and no
    agreement 5.
    """
    seen = set()
    for path in sorted(folder.glob("*.json")):
        for dialogue in json.loads(path.read_text("utf-8")):
            first, second = (
                {good: level for level, good in info["value2issue"].items()}
                for _, info in sorted(dialogue["participant_info"].items())
            )
            # the same up to what goods are called
            seen.add(tuple(second[good] for good in sorted(first, key=first.get)))
    points = {"High": 5, "Medium": 4, "Low": 3}
    for priorities in sorted(seen):
        goods = sorted(points)
        mine = bg.AdditiveUtility({g: bg.Linear(0, 3 * points[g]) for g in goods})
        yours = bg.AdditiveUtility(
            {g: bg.Linear(3 * points[p], 0) for g, p in zip(goods, priorities, strict=True)}
        )
        issues = [bg.Issue.integer(good, 0, 3) for good in goods]
        parties = {"first": mine, "second": yours}
        name = f"casino/{'-'.join(priorities).lower()}"
        yield name, bg.BargainingProblem(issues, parties, disagreement_point=(5, 5), name=name)


def measured(problem: bg.BargainingProblem) -> np.ndarray:
    """Return what candidates reach: (deadline, candidate, opponent, share | agreed | joint)."""
    opponents = {name: one for kind in OPPONENTS.values() for name, one in kind.items()}
    means = np.zeros((len(DEADLINES), len(POOLS) + len(CLASSIC), len(opponents), 3))
    for (d, (length, deadline)), seat, opens in product(
        enumerate(DEADLINES.items()), (0, 1), (True, False)
    ):
        role = "seller" if opens else "buyer"
        ours = [*(f"{role}-{length}-{pool}" for pool in POOLS), *CLASSIC.values()]
        n, m = len(ours), len(opponents)
        pairs = np.indices((n, m)).reshape(2, -1).T + np.array([0, n])
        meetings = pairs[:, ::-1] if seat else pairs
        sessions = bg.play_sessions(
            problem,
            [*ours, *opponents.values()],
            meetings,
            deadline=deadline,
            first=seat if opens else 1 - seat,
            seed=1950,
        )
        shares = [
            PartyView.of(problem, s).shares(sessions.discounted_utilities[:, s])
            for s in (seat, 1 - seat)
        ]
        agreed = sessions["ended"] == 0
        told = np.stack([shares[0], agreed, shares[0] + shares[1]], axis=-1)
        means[d] += told.reshape(n, m, 3) / 4
    return means


def mean_and_error(by_domain: np.ndarray) -> tuple[float, float]:
    return float(by_domain.mean()), float(by_domain.std(ddof=1) / np.sqrt(len(by_domain)))


def shown(by_domain: np.ndarray) -> str:
    return "{:.3f} ± {:.3f}".format(*mean_and_error(by_domain))


def tables(found: np.ndarray, patient: np.ndarray) -> None:
    """Print what was measured, (domain, deadline, candidate, opponent, measure).

    Patient are domains in which waiting costs nothing, as in all that the searches met.
    """
    names = [*(f"evolved, {pool}" for pool in POOLS), *CLASSIC]
    sizes = np.cumsum([0, *(len(kind) for kind in OPPONENTS.values())])
    for d, (length, deadline) in enumerate(DEADLINES.items()):
        print(f"\n{length}, {deadline} rounds:\n")
        print("| policy | own share | agreed | joint |", " | ".join(OPPONENTS), "|")
        print("|---|---:|---:|---:|" + "---:|" * len(OPPONENTS))
        kinds = [found[:, d, :, a:b].mean(axis=2) for a, b in pairwise(sizes)]
        # kinds of opponents count the same
        overall = np.mean(kinds, axis=0)
        for i, name in enumerate(names):
            cells = [shown(overall[:, i, k]) for k in range(3)]
            cells += [f"{kind[:, i, 0].mean():.3f}" for kind in kinds]
            print(f"| {name} | {' | '.join(cells)} |")
        print("\n| own share, less that of | " + " | ".join(names[: len(POOLS)]) + " |")
        print("|---|" + "---:|" * len(POOLS))
        for j in range(len(POOLS), len(names)):
            ahead = [overall[:, i, 0] - overall[:, j, 0] for i in range(len(POOLS))]
            cells = [f"{shown(one)}, ahead in {(one > 0).sum()}" for one in ahead]
            print(f"| {names[j]} | {' | '.join(cells)} |")
            if names[j].startswith("boulware"):
                for said, some in (("patient", patient), ("impatient", ~patient)):
                    cells = [
                        f"{shown(one[some])}, ahead in {(one[some] > 0).sum()} of {some.sum()}"
                        for one in ahead
                    ]
                    print(f"| {names[j]}, {said} domains | {' | '.join(cells)} |")


def main(folder: Path) -> None:
    problems = domains(folder)
    if not problems:
        sys.exit(f"portfolio: expected published domains in {folder}, found none")
    print(f"{len(problems)} domains: {', '.join(problems)}")
    found = []
    for name, problem in problems.items():
        start = time.perf_counter()
        found.append(measured(problem))
        print(f"{name}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    tables(np.stack(found), np.array([problem.is_patient for problem in problems.values()]))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python benchmarks/portfolio.py FOLDER (of published domains)")
    main(Path(sys.argv[1]))
