"""What a tournament has finished, kept in a file that it can go on from."""

from __future__ import annotations

import json
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import FileFormatError, InvalidArgumentError, shown
from bargain.model.problem import BargainingProblem
from bargain.play.listed import must_list

VERSION = 1

DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What numpy and zipfile raise for files that are cut off, changed or something else."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def problem_digest(problem: BargainingProblem) -> str:
    """Return what tells a finite problem from others: a hash of all that a session depends on."""
    digest = sha256()
    for issue in problem.space.issues:
        # values, too: policies may compare them, and scripts name them
        values = issue.values if issue.kind == "choice" else ()
        told = (issue.name, issue.kind, values, issue.low, issue.high, issue.step)
        digest.update(f"{told!r}\n".encode("utf-8", "surrogatepass"))
    for profile in problem.profiles:
        units = (profile.name, profile.discount_per, profile.cost_per)
        digest.update(f"{units!r}\n".encode("utf-8", "surrogatepass"))
    arrays = [problem.disagreement_point, problem.discount_factors, problem.costs]
    if must_list(problem):
        arrays += [term.worths for terms in problem.terms for term in terms]
    else:
        arrays.append(problem.utilities())
    if not must_list(problem) and problem.allowed_rows is not None:
        arrays.append(problem.allowed_rows.astype(np.float64))
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]


def policy_digest(where: str, policy: Any) -> str:
    """Return what tells a policy from others: its file, its representation or its attributes.

    Raises
    ------
    InvalidArgumentError
        If nothing does.
    """
    from bargain.play.policy_file import described

    # arrays in full
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        told = described(policy)
        if not isinstance(told, str):
            return json.dumps(told, sort_keys=True)
        if getattr(type(policy), "__repr__", None) is object.__repr__:
            told = f"{type(policy).__module__}.{type(policy).__qualname__}"
            fields = getattr(policy, "__dict__", {})
            told += "".join(f" {name}={fields[name]!r}" for name in sorted(fields))
    if _ADDRESS.search(told):
        # it would be another in the next run
        raise InvalidArgumentError.at(
            where, "a policy that shows what it is (a __repr__), to keep a checkpoint of", policy
        )
    return told


def check_target(path: str | os.PathLike[str]) -> Path:
    """Return where a checkpoint goes, or refuse it before any work is done."""
    if not isinstance(path, str | os.PathLike):
        raise InvalidArgumentError.at("checkpoint", "a path", path)
    target = Path(path)
    if not target.parent.is_dir() or target.is_dir():
        raise InvalidArgumentError.at("checkpoint", "a file in a folder that exists", str(path))
    return target


def save(path: Path, of: Mapping[str, Any], blocks: list[NDArray[Any]]) -> None:
    """Write what is finished under a temporary name, then rename it into place."""
    from bargain.files.text import write_bytes

    sizes = np.array([len(block) for block in blocks], dtype=np.int64)
    results = _spelt(np.concatenate(blocks))
    told = {"bargain_tournament": VERSION, "of": of, "holds": _digest(sizes, results)}
    header = json.dumps(told, sort_keys=True).encode()
    buffer = BytesIO()
    np.savez(buffer, header=np.frombuffer(header, dtype=np.uint8), sizes=sizes, results=results)
    write_bytes(path, buffer.getvalue())


def load(path: Path, of: Mapping[str, Any], empty: NDArray[Any]) -> list[NDArray[Any]]:
    """Return the blocks that are finished; none if there is no such file.

    Parameters
    ----------
    path : Path
    of : mapping
        What the tournament is, as `save` was told.
    empty : structured ndarray
        What blocks look like.

    Raises
    ------
    FileFormatError
        If the file is no checkpoint.
    InvalidArgumentError
        If it is one of another tournament; says in what they differ.
    """
    if not path.exists():
        return []
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes())
            sizes, results = file["sizes"], file["results"]
        version, its = header["bargain_tournament"], header["of"]
        holds = header["holds"]
    except DAMAGE:
        raise FileFormatError(
            f"{path}: expected a checkpoint of a tournament, got another file"
        ) from None
    if version != VERSION:
        raise FileFormatError.at(f"{path}: version", str(VERSION), version)
    _refuse_another(path, dict(of), its)
    if holds != _digest(sizes, results) or not _fits(results, empty):
        raise FileFormatError(f"{path}: expected a checkpoint of a tournament, got a damaged one")
    return np.split(_read(results, empty.dtype), np.cumsum(sizes)[:-1])


def _spelt(results: NDArray[Any]) -> NDArray[Any]:
    """Return results with Python ints, which cannot be kept without pickles, as digits."""
    fields = []
    for name in results.dtype.names or ():
        kind: Any = results.dtype[name]
        if kind.kind == "O":
            kind = f"S{max(len(str(row)) for row in results[name])}"
        fields.append((name, kind))
    return results.astype(fields)


def _fits(results: NDArray[Any], empty: NDArray[Any]) -> bool:
    """Whether results are such as `_spelt` makes of ones like `empty`."""
    ours, its = empty.dtype, results.dtype
    return its.names == ours.names and all(
        its[name].kind == "S" if ours[name].kind == "O" else its[name] == ours[name]
        for name in ours.names or ()
    )


def _read(results: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return what `_spelt` was given."""
    found = np.empty(len(results), dtype)
    for name in dtype.names or ():
        if dtype[name].kind == "O":
            found[name] = [int(digits) for digits in results[name]]
        else:
            found[name] = results[name]
    return found


def _digest(sizes: NDArray[Any], results: NDArray[Any]) -> str:
    return sha256(sizes.tobytes() + results.tobytes()).hexdigest()


def _refuse_another(path: Path, ours: Any, its: Any) -> None:
    # as it would be read back: tuples are lists there
    ours = json.loads(json.dumps(ours))
    for field, wanted in ours.items():
        got = its.get(field) if isinstance(its, dict) else None
        if got == wanted:
            continue
        raise InvalidArgumentError(
            f"checkpoint: expected one of this tournament, got {path} of another: its {field} "
            f"differ: {_difference(wanted, got)}"
        )


def _difference(wanted: Any, got: Any) -> str:
    if isinstance(wanted, dict) and isinstance(got, dict):
        if list(wanted) != list(got):
            return f"{shown(', '.join(got))} there, {shown(', '.join(wanted))} here"
        return f"{next(name for name in wanted if wanted[name] != got[name])} is not the same"
    return f"{shown(got)} there, {shown(wanted)} here"
