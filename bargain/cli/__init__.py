"""The command line.

bargain solve | frontier | play | tournament | equilibrium | evolve | exploit | policies | advise |
redteam | serve | explain | lint | convert | demo
"""

from bargain.cli import (
    advise,
    convert,
    demo,
    equilibrium,
    evolve,
    explain,
    exploit,
    lint,
    play,
    policies,
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
    "exploit",
    "lint",
    "main",
    "play",
    "policies",
    "redteam",
    "serve",
    "solve",
    "tournament",
]
