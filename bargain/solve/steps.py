"""How far apart a utility's sums are: the step of worths that are whole multiples of one number."""

from __future__ import annotations

import numpy as np

from bargain.model.forms import Ceiling, Form

FINEST = 100_000
"""Most steps in a party's range for which integer programs can tell neighbouring sums apart: whole
numbers are met to 1e-6, so a sum is met to within a tenth of a step."""

ROUNDING = 1e-9
"""Share of the largest worth by which a multiple may be off."""


def common_step(form: Form) -> float | None:
    """Return a number that any two different sums of a utility differ by at least; None if unknown.

    The greatest common divisor of all differences of worths, by Euclid's algorithm on floats, if
    all of them are multiples of it to within rounding and the range has no more than `FINEST`
    steps. Sums that differ by rounding only count as equal.
    """
    parts, base = [], 0.0
    tables = [term.worths for term in form.terms] + [pair.worths for pair in form.pairs]
    if any(np.ptp(term.worths) > 0 for term in form.terms if term.positions is not None):
        return None
    for table in tables:
        base += float(table.min())
        parts.append((table - table.min()).ravel())
    base += sum(payment.worth for payment in form.payments if payment.outside)
    parts.append(np.array([payment.worth for payment in form.payments]))
    spread = sum(float(np.ptp(table)) for table in tables)
    spread += float(np.abs(parts[-1]).sum())
    line = straightened(form)
    if line is None:
        return None
    factor, limit = line
    if np.isfinite(limit):
        # a sum that is cut off can be nearer to the next one below than they are to one another
        parts.append(np.array([limit / factor - base]))
    worths = np.unique(np.abs(np.concatenate(parts)))
    worths = worths[worths > 0]
    if len(worths) == 0 or spread == 0.0:
        # there is one sum only, so any number will do
        return max(abs(base * factor), 1.0)
    step, rounding = float(worths[0]), ROUNDING * float(worths[-1])
    for worth in worths[1:].tolist():
        larger, smaller = worth, step
        while smaller > rounding:
            larger, smaller = smaller, abs(larger - smaller * round(larger / smaller))
        step = larger
        if spread > FINEST * step:
            return None
    off = np.abs(worths - step * np.round(worths / step)).max()
    return step * factor if off <= rounding * 10 else None


def straightened(form: Form) -> tuple[float, float] | None:
    """Return (factor, limit) if shapes make of every sum min(factor * sum, limit), else None."""
    factor, limit = 1.0, np.inf
    for shape in form.shapes:
        divisor = getattr(shape, "divisor", None)
        if isinstance(shape, Ceiling):
            limit = min(limit, shape.limit)
        elif divisor is not None:
            factor, limit = factor / divisor, limit / divisor
        else:
            return None
    return factor, limit
