"""One session at NegMAS's table and one at ours, and problems to play them over."""

from __future__ import annotations

import warnings

import numpy as np

import bargain as bg
from bargain.adapters.negmas import sao_times, to_negmas


def random_problem(seed, n_issues, *, levels=0, reservations=(0.0, 0.3, 0.5)):
    """Return a random additive problem; with `levels`, worths are rounded so that many tie."""
    generator = np.random.default_rng((seed, n_issues))
    issues, parties = [], []
    for j in range(n_issues):
        size = int(generator.integers(2, 30 if n_issues == 1 else 7))
        issues.append(bg.Issue.choice(f"issue {j}", [f"v{k}" for k in range(size)]))
    for name in ("first", "second"):
        worths = {}
        for issue in issues:
            drawn = generator.random(len(issue.values))
            drawn = np.round(drawn * levels) / levels if levels else drawn
            worths[issue.name] = dict(zip(issue.values, drawn.tolist(), strict=True))
        shares = generator.random(n_issues) + 0.1
        weights = dict(zip(worths, (shares / shares.sum()).tolist(), strict=True))
        utility = bg.AdditiveUtility(worths, {} if levels else weights)
        reservation = float(generator.choice(reservations))
        parties.append(bg.Party(name, utility, reservation_value=reservation))
    return bg.BargainingProblem(issues, parties)


def peer_session(problem, negotiators, n_steps):
    """Return the rows offered in NegMAS's mechanism, and the row agreed on or None.

    Negotiators may be given as types.
    """
    import negmas

    space, ufuns = to_negmas(problem)
    mechanism = negmas.SAOMechanism(outcome_space=space, n_steps=n_steps)
    for given, ufun in zip(negotiators, ufuns, strict=True):
        assert mechanism.add(given() if isinstance(given, type) else given, ufun=ufun)
    with warnings.catch_warnings():
        # its tit-for-tat warns where what it would concede is no share
        warnings.simplefilter("ignore")
        mechanism.run()
    rows = [problem.space.row(outcome) for _, _, outcome in mechanism.extended_trace]
    agreed = mechanism.agreement
    return rows, None if agreed is None else problem.space.row(agreed)


def our_session(problem, policies, n_steps):
    """Return the same of our table."""
    times = sao_times(n_steps)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = bg.alternating_offers(problem, policies, deadline=len(times), times=times)
    rows = session.offer_rows.tolist()
    return rows, rows[-1] if session.agreement is not None else None
