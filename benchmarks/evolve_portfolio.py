"""Make the policies that ship with the package anew, each by the command that its file names.

    PYTHONPATH=. python benchmarks/evolve_portfolio.py [NAME ...] [--dry]

Without names all eight, in `bargain/library/policies`: about a minute each. `--dry` prints the
commands. A file comes out the same to the last bit with the versions that it names; after a change
to searches or sessions they have to be made anew, and `benchmarks/portfolio.py` run again; after a
change to their format delete them first.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "bargain" / "library" / "policies"

# Who is met: in the search, when the best are chosen among, and in the report. Some follow the
# other side, in part; tit-for-tat, MiCRO and trade-offs themselves are kept for the report.
POOLS = {
    "cooperative": (
        "linear,conceder,time_dependent:beta=2:floor=0.2,time_dependent:beta=1:floor=0.35,"
        "time_dependent:beta=3:floor=0.45,exponential:beta=1.5:floor=0.25,"
        "adaptive:floor=0.2:beta=1:reciprocity=0.8,adaptive:floor=0.6:beta=2:reciprocity=0.9,"
        "adaptive:floor=0.5:beta=1.5:matching=1.5",
        "bezier:bend=0.5:end=0.2,resource_dependent:patience=4:floor=0.2,"
        "time_dependent:beta=1.2:floor=0.1,time_dependent:beta=2.5:floor=0.35,"
        "adaptive:floor=0.5:beta=1:reciprocity=1,adaptive:floor=0.4:beta=1:matching=2",
        "tit_for_tat,micro,trade_off,time_dependent:beta=0.75:floor=0.15,"
        "time_dependent:beta=1.75:floor=0.3,time_dependent:beta=4:floor=0.4",
    ),
    "tough": (
        "boulware,time_dependent:beta=0.1:floor=0.2,time_dependent:beta=0.15:floor=0.45,"
        "time_dependent:beta=0.3:floor=0.6,time_dependent:beta=0.5:floor=0.3,"
        "exponential:beta=0.5:floor=0.3,adaptive:floor=0.4:beta=0.2:reciprocity=0.8,"
        "adaptive:floor=0.8:beta=0.5:reciprocity=0.6,adaptive:floor=0.8:beta=0.3:matching=0.6",
        "bezier:bend=0.9:end=0.2,resource_dependent:patience=8:floor=0.2,"
        "time_dependent:beta=0.25:floor=0.1,time_dependent:beta=0.35:floor=0.45,"
        "adaptive:floor=0.9:beta=0.4:reciprocity=0.7,adaptive:floor=0.9:beta=0.6:matching=0.8",
        "tit_for_tat,micro,trade_off,time_dependent:beta=0.12:floor=0.3,"
        "time_dependent:beta=0.22:floor=0.5,time_dependent:beta=0.4:floor=0.4",
    ),
}
LENGTHS = {"short": ("9,12", 1280), "long": ("40,61", 800)}
ROLES = {"seller": "a", "buyer": "b"}
PROBLEMS = (
    "--random 15 --sizes 5,4,3 --sizes 6,5,4,3 --sizes 8,8 --sizes 30 "
    "--opposition 0,1 --disagreement 0,0.4"
)


def command(name: str) -> list[str]:
    """Return the command that makes a policy, but for where it is saved."""
    role, length, pool = name.split("-")
    against, validation, held_out = POOLS[pool]
    deadline, evaluations = LENGTHS[length]
    return [
        "bargain", "evolve", "--party", ROLES[role], "--against", against,
        "--held-out", held_out, "--validation", validation,
        "--deadline", deadline, "--first", "a", *PROBLEMS.split(), "--seed", "1950",
        "--space", "adaptive", "--by", "smith", "--method", "cma",
        "--evaluations", str(evaluations), "--exploit", "1000",
    ]  # fmt: skip


NAMES = [f"{role}-{length}-{pool}" for role in ROLES for length in LENGTHS for pool in POOLS]

if __name__ == "__main__":
    chosen = [name for name in sys.argv[1:] if not name.startswith("--")] or NAMES
    for name in chosen:
        words = command(name)
        print(shlex.join(words), flush=True)
        if "--dry" not in sys.argv:
            target = str(FOLDER / f"{name}.json")
            subprocess.run([sys.executable, "-m", *words, "--out", target], check=True)
