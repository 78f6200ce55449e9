"""Problems from one file format to another."""

from __future__ import annotations

import secrets
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.files.load import load, save
from bargain.files.notices import FileFormatWarning
from bargain.files.text import reason, write_text
from bargain.model import BargainingProblem

FOREIGN_FORMATS = ("genius", "geniusweb", "negolog")


def convert(
    sources: str | Path | Sequence[str | Path], target: str | Path, *, to: str | None = None
) -> BargainingProblem:
    """Read a problem and write it in another format; return it.

    Parameters
    ----------
    sources : str, Path or sequence of them
        Whatever `load` takes.
    target : str or Path
        A file ending in .json, .yaml or .yml for our own format; for the others a folder that
        does not exist yet or is empty.
    to : {"genius", "geniusweb", "negolog"}, optional
        The format to write; by default our own.

    Raises
    ------
    FileFormatError
        If the sources cannot be read or the target cannot be written.
    UnsupportedProblemError
        If the format cannot express the utilities, naming what. Nothing is written then.

    Warns
    -----
    FileFormatWarning
        If the format does not hold something else: units, names, the order of the parties.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     convert("rental", f"{folder}/rental.json").parties
    ...     load(f"{folder}/rental.json").parties
    ('landlord', 'tenant')
    ('landlord', 'tenant')
    """
    if to is not None and to not in FOREIGN_FORMATS:
        raise InvalidArgumentError.at("to", f"one of {', '.join(FOREIGN_FORMATS)} or None", to)
    problem = load(sources) if isinstance(sources, str | Path) else load(*sources)
    if to is None:
        save(problem, target)
    else:
        _write_folder(Path(target), _writer(to)(problem))
        lost = _lost(problem, load(target))
        if lost:
            warnings.warn(
                f"{target}: written, but {to} does not hold {', '.join(lost)}",
                FileFormatWarning,
                stacklevel=2,
            )
    return problem


def _lost(problem: BargainingProblem, again: BargainingProblem) -> list[str]:
    """Say what of a problem is not there when it is read back; utilities always are."""
    pairs = list(zip(problem.space.issues, again.space.issues, strict=True))
    order = f"the order of the parties (read back as {' | '.join(again.parties)})"
    moved = set(problem.parties) == set(again.parties)
    differences = {
        order if moved else "the names of the parties": problem.parties != again.parties,
        "the name": problem.name != again.name,
        "the source": problem.source != again.source,
        "units": any(a.unit != b.unit for a, b in pairs),
        "numbers as numbers": any(
            a.is_numeric != b.is_numeric or a.kind != b.kind for a, b in pairs
        ),
        "the disagreement outcome (its utility is)": any(
            profile.disagreement is not None for profile in problem.profiles
        )
        and not any(profile.disagreement is not None for profile in again.profiles),
    }
    return [what for what, differs in differences.items() if differs]


def _writer(to: str) -> Callable[[BargainingProblem], dict[str, str]]:
    if to == "genius":
        from bargain.files.genius_writer import genius_texts

        return genius_texts
    if to == "geniusweb":
        from bargain.files.geniusweb_writer import geniusweb_texts

        return geniusweb_texts
    from bargain.files.negolog import negolog_texts

    return negolog_texts


def _write_folder(target: Path, texts: Mapping[str, str]) -> None:
    """Write files into a new folder, all of them or none."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise FileFormatError(f"{target}: expected a new or empty folder to write into")
        draft.mkdir()
        for name, text in texts.items():
            write_text(draft / name, text)
        if target.exists():
            target.rmdir()
        draft.replace(target)
    except OSError as error:
        raise FileFormatError(
            f"{target}: expected a folder to write into, got {reason(error)}"
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
