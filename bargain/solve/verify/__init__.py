"""Checking an answer again without the method that found it, from the model alone.

Nothing here imports a solver. What can be looked at in full is looked at in full; what can't is
bounded by prices: for any prices p >= 0, p . gains of whatever can be agreed is at most the sum
over issues of the best value at p (weak duality), so a bound holds whoever proposed the prices.
"""

from bargain.solve.verify.verification import Verification
from bargain.solve.verify.verify import verify

__all__ = ["Verification", "verify"]
