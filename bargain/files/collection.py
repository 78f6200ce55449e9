"""Reading many problems at once: names, files, folders, and GENIUS files that lie side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from bargain.errors import FileFormatError, InvalidArgumentError, InvalidProblemError, shown
from bargain.files.detect import genius_role, read_files
from bargain.files.load import load, packaged_names
from bargain.model import BargainingProblem

Notice = Callable[[str], None]
Placed = tuple[Path, BargainingProblem]
"""A problem and the file or folder that it is called by."""

_PLAIN = (".json", ".yaml", ".yml")


def load_all(paths: Iterable[str], *, notice: Notice | None = None) -> dict[str, BargainingProblem]:
    """Read problems, by name.

    Each argument is one of these; the order of the arguments is kept.

    - The name of a packaged problem.
    - A problem file of our own, JSON or YAML: one problem.
    - A folder: the one problem that `load` reads from it; where that is none, those that are in
      its files and in the folders below it.
    - GENIUS XML. Files of one folder are taken together: each domain is a problem. A folder with
      one domain has one problem, of all its profiles; where there are several, a profile belongs
      to the domain that has the same issues. Where no domain, or fewer than two profiles, are
      among the arguments, those of the folder are taken. Profiles are sorted by file name.

    Passed over are XML files that are no GENIUS domain or profile, such as lists of efficient
    outcomes, profiles without a domain or of other issues, domains with fewer than two profiles,
    and in folders that are searched what can't be read. A file that was named and is broken is
    an error.

    A problem is called by the name that it has, else by its file (as is a GENIUS domain called
    "root", which says nothing). Where two have the same name, both are called by the folder as
    well.

    Parameters
    ----------
    paths : iterable of str
    notice : callable, optional
        Told, in a line each, what was passed over and why.

    Raises
    ------
    FileFormatError
        Naming the file, also where two problems can't be told apart by name, a profile belongs to
        several domains, or nothing is found.
    """
    found: list[tuple[str, Path | None, BargainingProblem]] = []
    given = list(paths)
    passed_over: list[str] = []
    seen: set[Path] = set()
    for text in given:
        path = Path(text)
        placed: Iterable[Placed] = ()
        if text in packaged_names():
            problem = load(text)
            found.append((_name(problem, path), None, problem))
        elif path.is_dir():
            placed = list(_searched(path, passed_over.append))
            if not placed:
                passed_over.append(f"{path}: expected a folder with problems in it, got none")
        elif path.suffix.lower() != ".xml":
            placed = [(path, load(text))]
        elif path.parent not in seen:
            seen.add(path.parent)
            together = [Path(one) for one in given if Path(one).parent == path.parent]
            placed = _genius_problems(path.parent, together, passed_over.append)
        found += [(_name(problem, at), at, problem) for at, problem in placed]
    if not given:
        raise InvalidArgumentError.at("problems", "names or paths", given)
    if not found:
        raise FileFormatError(passed_over[0])
    if notice is not None:
        for line in passed_over:
            notice(line)
    return _told_apart(found)


def _told_apart(
    found: list[tuple[str, Path | None, BargainingProblem]],
) -> dict[str, BargainingProblem]:
    names = [name for name, _, _ in found]
    named: dict[str, BargainingProblem] = {}
    for name, at, problem in found:
        called = name
        if names.count(name) > 1 and at is not None:
            called = f"{(at if at.is_dir() else at.parent).resolve().name}/{name}"
        if called in named:
            raise FileFormatError(f"{at or name}: expected a problem of another name, got {called}")
        named[called] = problem
    return named


def _name(problem: BargainingProblem, path: Path) -> str:
    return path.stem if problem.name in ("", "root") else problem.name


def _searched(folder: Path, notice: Notice) -> Iterator[Placed]:
    """Yield the problem of a folder, or those that are anywhere in it."""
    entries = sorted(folder.iterdir())
    files = [path for path in entries if path.suffix.lower() in (".xml", *_PLAIN)]
    below = [path for path in entries if path.is_dir() and not path.name.startswith(".")]
    if files:
        try:
            whole = load(folder)
        except (FileFormatError, InvalidProblemError):
            pass  # its files, one by one, say why
        else:
            yield folder, whole
            return
    together = [path for path in files if path.suffix.lower() == ".xml"]
    if together:
        try:
            yield from _genius_problems(folder, together, notice)
        except (FileFormatError, InvalidProblemError) as error:
            notice(str(error))
    for path in files:
        if path not in together:
            try:
                yield path, load(path)
            except (FileFormatError, InvalidProblemError) as error:
                notice(str(error))
    for path in below:
        # a link may lead round in a circle
        if not path.is_symlink():
            yield from _searched(path, notice)


def _genius_problems(folder: Path, given: list[Path], notice: Notice) -> list[Placed]:
    """Read the problems that some XML files of a folder make up."""
    found = []
    for domain, profiles in _genius_groups(folder, given, notice).items():
        if len(profiles) < 2:
            notice(f"{domain}: expected two profiles or more beside it, got {len(profiles)}")
        else:
            found.append((domain, read_files([domain, *profiles])))
    return found


def _genius_groups(folder: Path, given: list[Path], notice: Notice) -> dict[Path, list[Path]]:
    """Return the profiles of each domain among some XML files of a folder."""
    roles = {path: genius_role(path) for path in sorted(given) if path.suffix.lower() == ".xml"}
    for path, role in roles.items():
        if role is None:
            notice(f"{path}: expected a GENIUS domain or profile, got another file")
    if not any(roles.values()):
        return {}
    beside = {path: genius_role(path) for path in sorted(folder.glob("*.[xX][mM][lL]"))}
    every_domain = _of_role(beside, "domain")
    domains = _of_role(roles, "domain") or every_domain
    profiles = _of_role(roles, "profile")
    if len(profiles) < 2:
        profiles = _of_role(beside, "profile")
    if not domains:
        for profile in profiles:
            notice(f"{profile}: expected a GENIUS domain beside it, got none")
        return {}
    from bargain.files.genius import issue_keys

    if len(every_domain) == 1:
        return {domains[0]: _fitting(domains[0], profiles, notice)}
    keys = {domain: issue_keys(domain) for domain in every_domain}
    groups: dict[Path, list[Path]] = {domain: [] for domain in domains}
    for profile in profiles:
        its = issue_keys(profile)
        owners = [domain for domain in every_domain if keys[domain] == its]
        said = (
            f"{profile}: expected the issues of one of {len(every_domain)} domains in its "
            f"folder, got those of "
        )
        if len(owners) > 1:
            raise FileFormatError(said + shown(", ".join(path.name for path in owners)))
        if not owners:
            notice(f"{said}none")
            continue
        # profiles of domains that were not asked for are passed over
        groups.get(owners[0], []).append(profile)
    return groups


def _fitting(domain: Path, profiles: list[Path], notice: Notice) -> list[Path]:
    """Return the profiles that have the issues of a domain; all if fewer than two have."""
    from bargain.files.genius import issue_keys

    keys = issue_keys(domain)
    fitting = [profile for profile in profiles if issue_keys(profile) == keys]
    if len(fitting) < 2:
        return profiles
    for profile in profiles:
        if profile not in fitting:
            notice(f"{profile}: expected the issues of {domain.name}, got others")
    return fitting


def _of_role(roles: Mapping[Path, str | None], role: str) -> list[Path]:
    return [path for path, its in roles.items() if its == role]
