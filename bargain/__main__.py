"""`python -m bargain`, the same as `bargain`."""

from bargain.cli import main

if __name__ == "__main__":
    main()
