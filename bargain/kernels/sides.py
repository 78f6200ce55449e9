"""The numbers that stand for rules, conditions and columns in `bargain.kernels.table`."""

from __future__ import annotations

PLAN, SCRIPT, RELATIVE, ABSOLUTE, AVERAGED, MICRO, RANDOM, ADAPTIVE = range(8)
"""What a side offers: the rows of a plan by round, a script by own turn, a form of tit-for-tat,
the next of its ranking, anything, a curve less what it returns of the other side's concession."""

CLOSEST, KNOWN, SIMILAR, HARDHEADED, SMITH = range(5)
"""Which outcome at its target: its own least, the best for the other as the problem has it, the
most like the last offer received, the best for the other by a frequency model in the form of
HardHeaded or of Smith."""

NEXT, PREVIOUS, ABOVE, AFTER, BEST, MEAN, ALL, ANY = range(8)
"""Acceptance conditions, written one after the other; ALL and ANY take the last two."""

AGREED, PASSED, LEFT, BROKEN = range(4)
"""How a session ended: agreement, deadline, walk-away, breakdown."""

UNKNOWN = -1
"""That it has not ended yet."""

BEST_UTILITY, RESERVATION = 0, 1
"""Columns of `ends`."""

RULE, PICK, STAYS, DELAY, N_OPS, LOOKS_AHEAD, LOOKS_BACK, COUNTS = range(8)
"""Columns of `codes`; the last three say whether it needs to know its own next offer to answer,
what the offers received were worth, and how many of them were different."""

FLOOR, NOISE, BAND, RECIPROCITY, MATCHING = range(5)
"""Columns of `params`."""

SENT, RANKED, LAST_SENT, RECEIVED, DISTINCT, LAST_RECEIVED, READY, READY_FOR = range(8)
"""Columns of `counters`: offers sent, rows of the ranking sent, last row sent; offers received,
distinct rows received, last row received; a row made up beforehand and the round it is for."""

NATURE = 1 << 20
"""Stream of the draws that break a session off; the seats have the first ones."""
