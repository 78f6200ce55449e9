"""What a search knows after a generation, kept in a file that it can go on from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import FileFormatError, InvalidArgumentError, shown
from bargain.play.checkpoint import DAMAGE

VERSION = 1

Arrays = dict[str, NDArray[Any]]


def save(path: Path, of: Mapping[str, Any], arrays: Arrays) -> None:
    """Write the state of a search under a temporary name, then rename it into place."""
    from bargain.files.text import write_bytes

    told = {"bargain_search": VERSION, "of": of, "holds": _digest(arrays)}
    header = np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8)
    buffer = BytesIO()
    np.savez(buffer, header=header, **arrays)  # type: ignore[arg-type]
    write_bytes(path, buffer.getvalue())


def load(path: Path, of: Mapping[str, Any]) -> Arrays | None:
    """Return the state of a search; None if there is no such file.

    Raises
    ------
    FileFormatError
        If the file is no checkpoint of a search.
    InvalidArgumentError
        If it is one of another search; says in what they differ.
    """
    if not path.exists():
        return None
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(arrays.pop("header").tobytes())
        version, its, holds = header["bargain_search"], header["of"], header["holds"]
    except DAMAGE:
        raise FileFormatError(
            f"{path}: expected a checkpoint of a search, got another file"
        ) from None
    if version != VERSION:
        raise FileFormatError.at(f"{path}: version", str(VERSION), version)
    if holds != _digest(arrays):
        raise FileFormatError(f"{path}: expected a checkpoint of a search, got a damaged one")
    # as it would be read back: tuples are lists there
    for field, wanted in json.loads(json.dumps(dict(of))).items():
        if its.get(field) != wanted:
            raise InvalidArgumentError(
                f"checkpoint: expected one of this search, got {path} of another: its {field}: "
                f"{shown(its.get(field))} there, {shown(wanted)} here"
            )
    return arrays


def _digest(arrays: Arrays) -> str:
    digest = sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
