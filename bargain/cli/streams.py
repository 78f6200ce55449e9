"""What is printed where."""

from __future__ import annotations

import os
import sys


def keep_answers_apart() -> None:
    """Leave standard output to what Python prints: what compiled libraries print goes to stderr.

    HiGHS prints a line of its own now and then, whatever it is told, past `sys.stdout`. In the
    midst of JSON that would spoil the answer.
    """
    try:
        sys.stdout.flush()
        answers = os.dup(1)
        os.dup2(2, 1)
    except (AttributeError, OSError):
        # closed by whoever called: there is nothing to keep apart
        return
    sys.stdout = os.fdopen(
        answers, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, buffering=1
    )
