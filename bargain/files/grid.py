"""Issues settled in steps: 0.5, 0.6, 0.7, ..., computed in decimals so that 0.7 is 0.7."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext

from bargain.errors import InvalidProblemError
from bargain.model import Issue

GRID_LIMIT = 100_000
"""Most values that a grid of decimals is laid out as."""


def stepped_issue(
    name: str,
    low: float | Decimal,
    high: float | Decimal,
    step: float | Decimal,
    *,
    unit: str | None = None,
    short: bool = False,
) -> Issue:
    """Make an integer issue if all three are whole, otherwise a choice among exact decimals.

    Parameters
    ----------
    short : bool
        Whether the last step may fall short of `high`, which is then not a value.

    Examples
    --------
    >>> stepped_issue("rebate", 0, 0.3, 0.1).values
    (0.0, 0.1, 0.2, 0.3)
    >>> stepped_issue("days", 30, 90, 15).kind
    'integer'
    """
    first, last, stride = _decimal(low), _decimal(high), _decimal(step)
    where = f"issue {name!r}"
    if stride <= 0:
        raise InvalidProblemError.at(f"{where}: step", "a number > 0", step)
    if last < first:
        raise InvalidProblemError.at(f"{where}: high", f"at least low = {low}", high)
    whole = all(number == number.to_integral_value() for number in (first, last, stride))
    # digits enough for any difference of two floats
    with localcontext(prec=2000):
        count = int((last - first) / stride)
        if not whole and count >= GRID_LIMIT:
            raise InvalidProblemError.at(
                f"{where}: step", f"at most {GRID_LIMIT} values", count + 1
            )
        if first + count * stride != last and not short:
            raise InvalidProblemError.at(
                f"{where}: high", "low + a multiple of step", f"low {low}, high {high}, step {step}"
            )
        if whole:
            return Issue.integer(
                name, int(first), int(first + count * stride), int(stride), unit=unit
            )
        return Issue.choice(name, [float(first + k * stride) for k in range(count + 1)], unit=unit)


def _decimal(number: float | Decimal) -> Decimal:
    try:
        return number if isinstance(number, Decimal) else Decimal(repr(number))
    except InvalidOperation:
        raise InvalidProblemError.at("number", "a decimal number", number) from None
