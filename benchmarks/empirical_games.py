"""Equilibria of bimatrix games: bargain beside nashpy.

Run: python benchmarks/empirical_games.py
"""

from __future__ import annotations

import platform
import time
import warnings

import nashpy
import numpy as np

import bargain as bg


def seconds(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def by_nashpy(a, b):
    # it needs payoffs above 0, and warns of degenerate games
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(nashpy.Game(a + 1, b + 1).vertex_enumeration())


def small(generator):
    print("| game | size | games | bargain ms | nashpy ms | ratio | same number found |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for kind, n, games in (
        ("generic", 4, 20),
        ("generic", 5, 10),
        ("generic", 6, 4),
        ("whole numbers 0 to 3", 4, 20),
        ("whole numbers 0 to 3", 5, 10),
    ):
        ours = theirs = 0.0
        same = 0
        for _ in range(games):
            whole = generator.integers(0, 4, (2, n, n)).astype(float)
            a, b = generator.random((2, n, n)) if kind == "generic" else whole
            mine, found = seconds(lambda a=a, b=b: bg.EmpiricalGame((a, b)).equilibria())
            peer, others = seconds(lambda a=a, b=b: by_nashpy(a, b))
            ours, theirs = ours + mine, theirs + peer
            distinct = {tuple(np.round(np.concatenate(pair), 6) + 0.0) for pair in others}
            same += len(found) == len(distinct)
        print(f"| {kind} | {n} | {games} | {ours / games * 1e3:.1f} | {theirs / games * 1e3:.0f} "
              f"| {theirs / ours:.0f} | {same} of {games} |")  # fmt: skip


def large(generator):
    print(
        "\n| game | size | equilibria | largest regret | equilibria s | basins s | correlated s |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind, n in (("symmetric", 20), ("symmetric", 50), ("two roles", 20), ("two roles", 50)):
        payoffs = generator.random((n, n) if kind == "symmetric" else (n, n, 2))
        game = bg.EmpiricalGame(payoffs)
        spent, found = seconds(game.equilibria)
        basins, _ = seconds(lambda game=game: game.basins(seed=1))
        correlated, _ = seconds(game.correlated_equilibrium)
        worst = max(one.regret for one in found)
        print(f"| {kind} | {n} | {len(found)} | {worst:.0e} | {spent:.2f} | {basins:.2f} "
              f"| {correlated:.2f} |")  # fmt: skip


if __name__ == "__main__":
    print(
        f"nashpy {nashpy.__version__}, numpy {np.__version__}, CPython {platform.python_version()}"
    )
    # loads what the first call needs
    bg.EmpiricalGame(np.random.default_rng(1).random((4, 4))).equilibria()
    bg.EmpiricalGame([[6, 2], [7, 0]]).correlated_equilibrium()
    small(np.random.default_rng(2))
    large(np.random.default_rng(3))
