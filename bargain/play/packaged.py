"""Policies that ship with the package, each in a file that says how it was found."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path


@cache
def packaged_policies() -> tuple[str, ...]:
    """Return the names of the policies that ship with the package, found by `evolve`.

    They are meant for any problem of two parties that can be listed, and learn from its offers
    what the other side wants. In each name: who they speak for (a seller makes the first offer of
    a session, a buyer answers it), how long talks are, and whom they were searched against.

    `load_policy` takes such a name, and so does whatever takes names of policies; `load_artefact`
    says how a policy was found, by which command, and what it is worth.

    Examples
    --------
    >>> packaged_policies()[:2]
    ('buyer-long-cooperative', 'buyer-long-tough')
    """
    folder = files("bargain").joinpath("library", "policies")
    names = [Path(entry.name) for entry in folder.iterdir()]
    return tuple(sorted(name.stem for name in names if name.suffix == ".json"))


def packaged_file(name: str) -> AbstractContextManager[Path]:
    """Return the file of a packaged policy, to be used in a `with` statement."""
    return as_file(files("bargain").joinpath("library", "policies", f"{name}.json"))
