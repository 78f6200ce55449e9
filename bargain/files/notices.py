"""The warning given when a file is read although it is not quite what its format says."""

from __future__ import annotations

import warnings
from pathlib import Path


class FileFormatWarning(UserWarning):
    """A file that had to be repaired or reduced to be read; the message says how."""


def warn_about(path: Path, message: str) -> None:
    """Warn about a file in one line that starts with its name."""
    warnings.warn(f"{path}: {message}", FileFormatWarning, stacklevel=3)
