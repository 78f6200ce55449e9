"""What chance in an anchor's offers costs, and what it keeps from an observer.

Run it from the repository: PYTHONPATH=. python benchmarks/blur.py. An anchor with an exact other
side meets policies over packaged problems, with and without `Blur`; `bargain.leakage` then says
what its first offers, up to half of the rounds, tell of its reservation value. The observer knows
the anchor's utility, the deadline and the family of its concession, but not the blur.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

import bargain as bg
from benchmarks.anchors import Anchored, Yardstick

BLURS: dict[str, tuple[float, float] | None] = {
    "none": None,
    "schedule 0.1 (default)": (0.1, 0.0),
    "band 0.05": (0.0, 0.05),
    "schedule 0.05, band 0.02": (0.05, 0.02),
    "schedule 0.1, band 0.05": (0.1, 0.05),
    "schedule 0.2, band 0.05": (0.2, 0.05),
}
OTHERS = ("boulware", "linear", "tit_for_tat")
PROBLEMS = ("employment", "bill_and_jack", "framework_contract")
DEADLINE = 24
SEEDS = 3


def results(blur: tuple[float, float] | None, curve: str) -> np.ndarray:
    """Return own and joint gain, deal, error share, bits and narrowing, a row a session."""
    rows = []
    for name in PROBLEMS:
        problem = bg.load(name)
        yardstick = Yardstick(problem)
        for party in (0, 1):
            for other in OTHERS:
                for seed in range(SEEDS):
                    given = blur and bg.Blur(seed, schedule=blur[0], band=blur[1])
                    anchor = bg.Anchor(
                        problem, party, curve, DEADLINE, packages=1, other="exact", blur=given
                    )
                    sides: list[Any] = [other, other]
                    sides[party] = Anchored(anchor)
                    session = bg.alternating_offers(
                        problem, sides, deadline=DEADLINE, first=party, seed=seed
                    )
                    reached = yardstick.result(session, party)
                    early = [o for o in session.offers if o.round <= DEADLINE // 2]
                    told = bg.leakage(early, problem, party=party, deadline=DEADLINE)
                    rows.append(
                        (
                            reached.own,
                            reached.joint,
                            reached.deal,
                            told.error_share,
                            told.bits,
                            told.narrowed,
                        )
                    )
    return np.array(rows)


def main() -> None:
    start = time.perf_counter()
    print("| concession | blur | own gain | joint gain | deals | error | bits | narrowed |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for curve in ("linear", "boulware"):
        for name, blur in BLURS.items():
            # a meeting is its mean over seeds
            rows = results(blur, curve).reshape(-1, SEEDS, 6).mean(axis=1)
            if blur is None:
                sharp = rows
            errors = (rows - sharp).std(axis=0, ddof=1) / np.sqrt(len(rows))
            cells = [f"{mean:.3f}" for mean in rows.mean(axis=0)]
            if blur is not None:
                cells = [f"{cell} (± {e:.3f})" for cell, e in zip(cells, errors, strict=True)]
            print(f"| {curve} | {name} | " + " | ".join(cells) + " |", flush=True)
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
