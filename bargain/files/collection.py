"""Reading many problems at once: names, files, folders, and GENIUS files that lie side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from bargain.errors import FileFormatError, InvalidArgumentError, shown
from bargain.files.detect import genius_role, read_files
from bargain.files.load import load, packaged_names
from bargain.files.xml_text import read_xml
from bargain.model import BargainingProblem


def load_all(paths: Iterable[str]) -> dict[str, BargainingProblem]:
    """Read problems, by name.

    Each argument is one of these; the order of the arguments is kept.

    - The name of a packaged problem.
    - A problem file of our own, JSON or YAML: one problem.
    - A folder: the one problem that `load` reads from it.
    - GENIUS XML. Files of one folder are taken together: each domain is a problem. A folder with
      one domain has one problem, of all its profiles; where there are several, a profile belongs
      to the domain that has the same issues. Where no domain, or fewer than two profiles, are
      among the arguments, those of the folder are taken. Profiles are sorted by file name. Other
      XML, such as lists of efficient outcomes, is passed over; what can't be read is not.

    A problem is called by the name that it has, else by its file (as is a GENIUS domain called
    "root", which says nothing). Where two have the same name, both are called by the folder as
    well.

    Raises
    ------
    FileFormatError
        Naming the file, also where two problems can't be told apart by name, a profile belongs to
        no domain or to several, or nothing is found.
    """
    found: list[tuple[str, Path | None, BargainingProblem]] = []
    given = list(paths)
    seen: set[Path] = set()
    for text in given:
        path = Path(text)
        if text in packaged_names() or path.is_dir() or path.suffix.lower() != ".xml":
            problem = load(text)
            place = None if text in packaged_names() else path
            found.append((_name(problem, path), place, problem))
        elif path.parent not in seen:
            seen.add(path.parent)
            together = [Path(one) for one in given if Path(one).parent == path.parent]
            for domain, profiles in _genius_groups(path.parent, together).items():
                problem = read_files([domain, *profiles])
                found.append((_name(problem, domain), domain, problem))
    if not found:
        raise InvalidArgumentError.at("problems", "names or paths", given)
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


def _genius_groups(folder: Path, given: list[Path]) -> dict[Path, list[Path]]:
    """Return the profiles of each domain among some XML files of a folder."""
    roles = {path: genius_role(path) for path in sorted(given) if path.suffix.lower() == ".xml"}
    for path, role in roles.items():
        if role is None:
            # what is passed over is another kind of XML, not a file that is broken
            read_xml(path)
    if not any(roles.values()):
        raise FileFormatError(f"{next(iter(roles))}: expected a GENIUS domain or profile")
    beside = {path: genius_role(path) for path in sorted(folder.glob("*.[xX][mM][lL]"))}
    every_domain = _of_role(beside, "domain")
    domains = _of_role(roles, "domain") or every_domain
    profiles = _of_role(roles, "profile")
    if len(profiles) < 2:
        profiles = _of_role(beside, "profile")
    if not domains:
        raise FileFormatError(f"{profiles[0]}: expected a GENIUS domain beside it, got none")
    if len(every_domain) == 1:
        return {domains[0]: profiles}
    from bargain.files.genius import issue_keys

    keys = {domain: issue_keys(domain) for domain in every_domain}
    groups: dict[Path, list[Path]] = {domain: [] for domain in domains}
    for profile in profiles:
        its = issue_keys(profile)
        owners = [domain for domain in every_domain if keys[domain] == its]
        if len(owners) != 1:
            names = ", ".join(path.name for path in owners) or "none"
            raise FileFormatError(
                f"{profile}: expected the issues of one of {len(every_domain)} domains in its "
                f"folder, got those of {shown(names)}"
            )
        # profiles of domains that were not asked for are passed over
        groups.get(owners[0], []).append(profile)
    return groups


def _of_role(roles: Mapping[Path, str | None], role: str) -> list[Path]:
    return [path for path, its in roles.items() if its == role]
