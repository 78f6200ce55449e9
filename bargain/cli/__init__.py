"""The command line.

bargain solve | frontier | play | tournament | equilibrium | evolve | advise | redteam | serve |
explain | lint | convert | demo
"""

from bargain.cli import (
    advise,
    convert,
    demo,
    equilibrium,
    evolve,
    explain,
    lint,
    play,
    redteam,
    serve,
    solve,
    tournament,
)
from bargain.cli.app import app
from bargain.cli.streams import keep_answers_apart


def main() -> None:
    """Run the command line."""
    keep_answers_apart()
    app()


__all__ = [
    "advise",
    "app",
    "convert",
    "demo",
    "equilibrium",
    "evolve",
    "explain",
    "lint",
    "main",
    "play",
    "redteam",
    "serve",
    "solve",
    "tournament",
]
