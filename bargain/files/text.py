"""Text files in and out: UTF-8, a size limit, nothing half-written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bargain.errors import FileFormatError

SIZE_LIMIT = 64_000_000
"""Most bytes that are ever read from one file."""


def read_text(path: str | Path, *, limit: int = SIZE_LIMIT) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    FileFormatError
        If the file is missing, unreadable, larger than `limit` bytes, or not UTF-8 (naming the
        offset of the first wrong byte).
    """
    data = read_bytes(path, limit=limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{path}: expected UTF-8 text, got byte 0x{data[error.start]:02x} at offset "
            f"{error.start}"
        ) from None


def read_bytes(path: str | Path, *, limit: int = SIZE_LIMIT) -> bytes:
    """Return the content of a file of at most `limit` bytes."""
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path}: expected a file to read, got {reason(error)}") from None
    if len(data) > limit:
        raise FileFormatError(f"{path}: expected at most {limit} bytes, got more")
    return data


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 file under a temporary name beside it, then rename it into place.

    Raises
    ------
    FileFormatError
        If it cannot be written; what was there before is untouched.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FileFormatError(f"{path}: expected text for UTF-8, got {reason(error)}") from None
    write_bytes(path, data)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file under a temporary name beside it, then rename it into place."""
    # a symbolic link keeps pointing where it did: its target is what is replaced
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        draft.write_bytes(data)
        os.replace(draft, target)
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path}: expected a file to write, got {reason(error)}") from None
    finally:
        draft.unlink(missing_ok=True)


def reason(error: OSError | ValueError) -> str:
    """Say in a few words why a file could not be read or written."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror[0].lower()}{error.strerror[1:]}"
    return " ".join(str(error).split())
