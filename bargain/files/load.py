"""Reading a problem wherever it is: in the package, in a file, in several files, in a folder."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import as_file, files
from pathlib import Path

from bargain.errors import FileFormatError, InvalidArgumentError, shown
from bargain.files.text import write_text
from bargain.model import BargainingProblem
from bargain.model.given import check_problem

# Readers are imported where they are used: they bring pydantic, yaml and defusedxml along.


def load(*paths: str | Path) -> BargainingProblem:
    """Read a bargaining problem; what its format is shows in its content.

    Parameters
    ----------
    *paths : str or Path
        - the name of a packaged problem: `load("rental")`;
        - a problem file of our own format, JSON or YAML: `load("supply.yaml")`;
        - a GENIUS domain and a profile for each party: `load("domain.xml", "a.xml", "b.xml")`;
        - a GeniusWeb profile for each party, with or without the domain before them;
        - a NegoLog profile for each party;
        - a folder that holds the files of one such problem; parties are sorted by file name.

    Raises
    ------
    FileFormatError
        In one line that names the file and the place in it.

    Examples
    --------
    >>> load("rental")
    BargainingProblem('rental', landlord | tenant, 4 issues, 625 outcomes)
    """
    if not paths:
        raise InvalidArgumentError("load(): expected a name or paths, got nothing")
    if len(paths) == 1 and isinstance(paths[0], str) and paths[0] in packaged_names():
        return _packaged(paths[0])
    for name in paths:
        if name in packaged_names() and not Path(name).exists():
            at = paths.index(name)
            others = ", ".join(shown(str(path)) for path in (*paths[:at], *paths[at + 1 :]))
            raise InvalidArgumentError(
                f"load(): expected nothing beside {shown(name)}, a packaged problem, got {others}"
            )
    for path in paths:
        # an empty path would be the current folder
        if not isinstance(path, str | Path) or not str(path).strip():
            raise InvalidArgumentError.at("load()", "names or paths", path)
    from bargain.files.detect import read_files

    given = [Path(path) for path in paths]
    looks_like_a_name = given[0].name == str(paths[0]) and not given[0].suffix
    if len(given) == 1 and looks_like_a_name and not given[0].exists():
        raise _unknown_name(str(paths[0]))
    return read_files(given)


def save(problem: BargainingProblem, path: str | Path) -> None:
    """Write a problem to a file of our own format: .json, .yaml or .yml.

    Raises
    ------
    FileFormatError
        If the suffix is another one, or the file cannot be written. Nothing is half-written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(load("chair"), f"{folder}/chair.json")
    ...     load(f"{folder}/chair.json")
    BargainingProblem('chair', seller | buyer, 1 issue, continuous)
    """
    from bargain.files.own import problem_text

    check_problem(problem)
    write_text(path, problem_text(problem, Path(path)))


def packaged_names() -> tuple[str, ...]:
    """Return the names of the problems that ship with the package."""
    library = files("bargain").joinpath("library")
    names = [Path(entry.name) for entry in library.iterdir()]
    return tuple(sorted(name.stem for name in names if name.suffix == ".yaml"))


def _packaged(name: str) -> BargainingProblem:
    from bargain.files.own import read_problem

    with as_file(files("bargain").joinpath("library", f"{name}.yaml")) as path:
        return read_problem(path)


def _unknown_name(name: str) -> FileFormatError:
    names = packaged_names()
    close = get_close_matches(name, names, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return FileFormatError(f"expected a path or one of {', '.join(names)}, got {shown(name)}{hint}")
