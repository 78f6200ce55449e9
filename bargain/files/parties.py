"""What to call parties that are known by their files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bargain.errors import FileFormatError, UnsupportedProblemError


def party_names(paths: Sequence[Path]) -> list[str]:
    """Name parties after their files, with the folder where that alone does not tell them apart.

    Examples
    --------
    >>> party_names([Path("lunch/ann.xml"), Path("lunch/bob.xml")])
    ['ann', 'bob']
    >>> party_names([Path("ann/profile.xml"), Path("bob/profile.xml")])
    ['ann/profile', 'bob/profile']
    """
    stems = [path.stem for path in paths]
    if len(set(stems)) == len(stems):
        return stems
    named = [f"{path.parent.name}/{path.stem}" for path in paths]
    for path, name in zip(paths, named, strict=True):
        if named.count(name) > 1:
            raise FileFormatError(f"{path}: expected a different profile for each party")
    return named


def file_names(parties: Sequence[str], suffix: str) -> list[str]:
    """Name a file after each party, so that reading them back names the parties again.

    Raises
    ------
    UnsupportedProblemError
        If a party's name cannot be part of a file name, or two differ by case only.
    """
    taken = {f"domain{suffix}"}
    for party in parties:
        name = f"{party}{suffix}"
        if not re.fullmatch(r"[^\x00-\x1f/\\:*?\"<>|.][^\x00-\x1f/\\:*?\"<>|]{0,99}", party):
            raise UnsupportedProblemError(f"{party!r} cannot be the name of a profile file")
        if name.lower() in taken:
            raise UnsupportedProblemError(f"{name!r} cannot be the name of two files")
        taken.add(name.lower())
    return [f"{party}{suffix}" for party in parties]
