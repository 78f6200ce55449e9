"""The way in: checking a certificate by what it claims."""

from __future__ import annotations

import numpy as np

from bargain.errors import (
    BargainError,
    ConvergenceError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.solve.certificate import Certificate
from bargain.solve.claims import BestAnswer, Equilibrium
from bargain.solve.verify.best_answer import verify_best
from bargain.solve.verify.equilibrium import verify_equilibrium
from bargain.solve.verify.frontiers import verify_frontier
from bargain.solve.verify.verification import Refuted, Unchecked, Verification


def verify(certificate: Certificate) -> Verification:
    """Check again what a certificate claims; nothing is raised for a claim that is wrong."""
    claim, gap = certificate.claim, certificate.gap
    if certificate.kind == "heuristic":
        return Verification(False, "the method claims no proof")
    if claim is None:
        return Verification(False, f"there is no independent check of {certificate.method!r}")
    try:
        if not (np.isfinite(gap) and gap >= 0.0) or (certificate.kind == "exact" and gap > 0.0):
            raise Refuted(f"expected a gap >= 0, and 0 if exact, got {gap}")
        # what overflows is infinite or NaN, and compares as not proven
        with np.errstate(all="ignore"):
            if isinstance(claim, BestAnswer):
                return verify_best(certificate, claim)
            if isinstance(claim, Equilibrium):
                return verify_equilibrium(certificate, claim)
            return verify_frontier(certificate, claim)
    except Refuted as reason:
        return Verification(False, "stopped at the first thing that is wrong", str(reason), gap=gap)
    except Unchecked as reason:
        return Verification(False, f"out of reach of an independent check: {reason}", gap=gap)
    except (ConvergenceError, TooLargeError, UnsupportedProblemError) as reason:
        return Verification(False, f"out of reach of an independent check: {reason}", gap=gap)
    except BargainError as reason:
        return Verification(False, "stopped at an error", str(reason), gap=gap)
