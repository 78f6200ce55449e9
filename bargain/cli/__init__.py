"""The command line: bargain solve | frontier | play | evolve | advise | convert | demo."""

from bargain.cli import advise, convert, demo, play, solve
from bargain.cli.app import app


def main() -> None:
    """Run the command line."""
    app()


__all__ = ["advise", "app", "convert", "demo", "main", "play", "solve"]
