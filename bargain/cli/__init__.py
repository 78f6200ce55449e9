"""The command line.

bargain solve | frontier | play | tournament | evolve | advise | explain | lint | convert | demo
"""

from bargain.cli import advise, convert, demo, explain, lint, play, solve, tournament
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
    "explain",
    "lint",
    "main",
    "play",
    "solve",
    "tournament",
]
