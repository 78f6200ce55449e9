"""What numbers in a message say: digits with separators, and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from bargain.anchor.tokens import Token

Style = Literal["point", "comma", "mixed"]

_ONES = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_ONES.split(), 1)}
TEENS = {word: value for value, word in enumerate(_TEENS.split(), 10)}
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_DIGITS = frozenset({"zero", *ONES})
NUMBER_WORDS = frozenset({"zero", "hundred", *ONES, *TEENS, *TENS, *SCALES})

LARGEST_EXPONENT = 400
MOST_NUMBER_WORDS = 40
"""Words behind which what is left of a number in words counts as another number."""

_PARTS = re.compile(r"(?P<body>[0-9.,'’]+)(?:[eE](?P<power>[+-]?[0-9]+))?")


def style_of(texts: Iterable[str]) -> Style:
    """Return how numbers of a text mark decimals, by those that leave no doubt.

    "12,5" and "1.250,00" have a decimal comma, "12.5" and "1,250.00" a decimal point. Without
    either kind it is the point, as is usual in English; with both kinds it is mixed.
    """
    seen = {_evidence(text) for text in texts} - {None}
    if len(seen) > 1:
        return "mixed"
    return seen.pop() or "point" if seen else "point"


def _evidence(text: str) -> Literal["point", "comma"] | None:
    body = _PARTS.fullmatch(text)
    digits = body["body"] if body else text
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "point" if digits.rfind(".") > digits.rfind(",") else "comma"
    if points + commas == 0:
        return None
    if points + commas > 1:
        return "comma" if points else "point"
    whole, fraction = re.split("[.,]", digits)
    if len(fraction) != 3 or whole[:1] in ("", "0") or len(whole) > 3:
        return "point" if points else "comma"
    return None


def reading(text: str, style: Style) -> Decimal | None:
    """Return the one number that digits say in a style, or None where they say none or several.

    Examples
    --------
    >>> [str(reading(text, "point")) for text in ("1,250.00", "1,250", "1.250", "1e3", "007")]
    ['1250.00', '1250', '1.250', '1E+3', 'None']
    >>> [str(reading(text, "comma")) for text in ("1.250,00", "1.250", "12,5", "1,250")]
    ['1250.00', '1250', '12.5', 'None']
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    body, power = parts["body"].replace("’", "'"), int((parts["power"] or "0")[:6])
    if abs(power) > LARGEST_EXPONENT:
        return None
    if not set(body) & set(".,'"):
        plain = body
    elif style == "mixed":
        return None
    else:
        plain = _plain(body, style)
    if len(plain.split(".")[0]) > 1 and plain.startswith("0"):
        return None
    return Decimal(f"{plain}e{power}") if plain else None


def _plain(body: str, style: Style) -> str:
    """Return digits with a decimal point alone, or nothing where separators contradict."""
    point, groups = (".", ",'") if style == "point" else (",", ".'")
    whole, mark, fraction = body.partition(point)
    if set(fraction) - set("0123456789"):
        return ""
    if style == "comma" and mark and len(fraction) == 3 and not set(whole) & set(groups):
        # in English this is a thousand, in a text with decimal commas a fraction
        return "" if whole != "0" else f"0.{fraction}"
    used = {sign for sign in groups if sign in whole}
    if len(used) > 1:
        return ""
    if used:
        first, *others = whole.split(used.pop())
        if not 1 <= len(first) <= 3 or first[0] == "0" or any(len(o) != 3 for o in others):
            return ""
        whole = first + "".join(others)
    return f"{whole or '0'}.{fraction}" if mark else whole


def all_readings(text: str) -> set[Decimal]:
    """Return every number that digits say in some style."""
    styles: tuple[Style, ...] = ("point", "comma")
    readings = {reading(text, style) for style in styles}
    readings.add(reading(text.replace(",", "").replace("'", ""), "point"))
    return {value for value in readings if value is not None}


def worded(tokens: Sequence[Token], at: int) -> tuple[Decimal | None, int] | None:
    """Read a number in words that starts at a token.

    Returns
    -------
    (number, end) or None
        None where no number starts. The number is None where words follow each other that make no
        number together, such as "ninety ninety-five".
    """
    if at >= len(tokens) or tokens[at].word not in NUMBER_WORDS:
        return None
    total = group = 0
    last, largest = "", 10**12
    fine, end, longest = True, at, at + MOST_NUMBER_WORDS
    while at < longest:
        at = end
        if end > 0 and at < len(tokens) and last:
            joined = tokens[at].text == "-" or (
                tokens[at].word == "and" and last in ("hundred", "scale")
            )
            at += joined
        word = tokens[at].word if at < len(tokens) else ""
        if word not in NUMBER_WORDS:
            break
        fine = fine and last != "zero"
        if word in ONES:
            fine = fine and last in ("", "tens", "hundred", "scale")
            group, last = group + ONES[word], "ones"
        elif word in TEENS or word in TENS:
            fine = fine and last in ("", "hundred", "scale")
            group += TEENS.get(word, 0) + TENS.get(word, 0)
            last = "teens" if word in TEENS else "tens"
        elif word == "hundred":
            fine = fine and last in ("", "ones", "teens") and group < 100
            group, last = max(group, 1) * 100, "hundred"
        elif word in SCALES:
            scale = SCALES[word]
            fine = fine and last != "scale" and scale < largest
            total, group, largest, last = total + max(group, 1) * scale, 0, scale, "scale"
        else:
            fine, last = fine and last == "", "zero"
        end = at + 1
    number = Decimal(total + group)
    if end < len(tokens) and tokens[end].word == "point":
        digits = ""
        after = end + 1
        while after < min(len(tokens), longest) and tokens[after].word in _DIGITS:
            digits += str(ONES.get(tokens[after].word, 0))
            after += 1
        if digits:
            number, end = Decimal(f"{number}.{digits}"), after
            fine = fine and (end == len(tokens) or tokens[end].word not in NUMBER_WORDS)
    return (number if fine else None), end


def says(number: Decimal, value: float) -> bool:
    """Whether a number is a value: exactly, or rounded to six significant digits or more.

    Compared by decimal digits: as floats, numbers with digits far behind the point, in which
    something could be hidden, would be equal to the value.
    """
    if isinstance(value, int):
        return number == value
    if number == Decimal(repr(value)):
        return True
    digits = max(len(number.as_tuple().digits), 6)
    is_rounded = digits <= 17 and not value.is_integer()
    return is_rounded and Decimal(f"{value:.{digits}g}") == number
