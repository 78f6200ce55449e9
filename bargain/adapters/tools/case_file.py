"""The case file, version 1: a negotiation that tools refer to by its id.

A case file stands in a folder and is called `ID.case.yaml`, `.yml` or `.json`. What it names
(problem files, a policy file) lies in the same folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bargain.adapters.tools.case_fields import CaseFile, ClockFields, OfferFields
from bargain.anchor import Anchor, Clock, Limits
from bargain.anchor.belief import known_of_others
from bargain.errors import BargainError, FileFormatError, InvalidOutcomeError
from bargain.files import load, packaged_names
from bargain.files.fields import checked_fields, named
from bargain.files.places import placed
from bargain.files.syntax import parse_json, parse_yaml
from bargain.files.text import read_text
from bargain.model import BargainingProblem, Outcome
from bargain.model.discretize import discretized
from bargain.play import load_policy
from bargain.play.policy_file import policy_from_dict
from bargain.play.presets import as_policy

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
"""What a case may be called."""

SUFFIXES = (".case.yaml", ".case.yml", ".case.json")
APPROVED = ".approved.json"

Entry = tuple[str, Outcome | None]
"""Who made an offer, and what; None for what is no outcome of the space."""


@dataclass(frozen=True, eq=False)
class AgentCase:
    """A negotiation that an agent conducts by way of tools.

    Attributes
    ----------
    id : str
        What tools call it: letters, digits, "-" and "_", up to 64.
    anchor : Anchor
        Decides.
    about : str
        What the model is told of the case beside the issues: anybody may read it.
    words : tuple of str
        Harmless words in messages, as in `verify_message`.
    history : tuple of (str, Outcome)
        Offers made before: who, and what.
    folder : Path or None
        Where `ID.approved.json` is looked for: a list of outcomes that a person has approved.
    """

    id: str
    anchor: Anchor = field(repr=False)
    about: str = ""
    words: tuple[str, ...] = ()
    history: tuple[Entry, ...] = ()
    folder: Path | None = field(default=None, repr=False)

    def approved(self) -> list[Any]:
        """Return what a person has approved until now.

        Raises
        ------
        FileFormatError
            If the file of approvals is not a list of outcomes of the problem, naming the entry.
        """
        name = f"{self.id}{APPROVED}"
        if self.folder is None or not (self.folder / name).exists():
            return []
        path = inside(self.folder, name, name)
        data = parse_json(read_text(path), name)
        if not isinstance(data, list):
            raise FileFormatError.at(name, "a list of outcomes", data)
        for i, outcome in enumerate(data):
            try:
                self.anchor.problem.space.validate(outcome)
            except InvalidOutcomeError as error:
                raise FileFormatError(f"{name}: [{i}]: {error}") from None
        return data


def read_case(path: Path) -> AgentCase:
    """Read a case file.

    Raises
    ------
    FileFormatError
        In one line that names the file and the field.
    """
    return built(_fields_of(path), id_of(path), path.parent, path.name)


def limits_of_case(path: Path) -> tuple[BargainingProblem, str, Limits]:
    """Return the problem of a case file, the party, and its limits, without making an anchor.

    For `lint`, which tells of limits that an anchor refuses.

    Raises
    ------
    FileFormatError
        As `read_case`, but for what only an anchor refuses.
    """
    given, where = _fields_of(path), path.name
    problem = _problem(given.problem, path.parent, where)
    with placed(where):
        limits = Limits.from_dict(given.limits or {})
        limits.check(problem)
        party = problem.parties[problem.party_index(given.party)]
        if given.grid is not None:
            problem = discretized(problem, points=given.grid)
    return problem, party, limits


def _fields_of(path: Path) -> CaseFile:
    where = path.name
    inside(path.parent, where, where)
    parse = parse_json if path.suffix == ".json" else parse_yaml
    data = parse(read_text(path), where)
    if not isinstance(data, dict):
        raise FileFormatError(
            f"{where}: expected a mapping with bargain_case, problem and party, got {named(data)}"
        )
    return checked_fields(CaseFile, data, where)


def id_of(path: Path) -> str:
    """Return the id that the name of a case file gives.

    Raises
    ------
    FileFormatError
        If it is none.
    """
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    if not ID.fullmatch(name):
        expected = "a name of letters, digits, - and _, up to 64, before .case"
        raise FileFormatError.at(path.name, expected, name)
    return name


def built(given: CaseFile, name: str, folder: Path, where: str) -> AgentCase:
    """Build a case from what its file says."""
    problem = _problem(given.problem, folder, where)
    with placed(where):
        anchor = Anchor(
            problem,
            party=given.party,
            policy=_policy_of(given.policy, folder, where),
            deadline=given.deadline,
            packages=given.packages,
            grid=given.grid,
            limits=Limits.from_dict(given.limits or {}),
            other=known_of_others(given.other),
            clock=_clock(given.clock),
        )
    history = tuple(
        _entry(problem, offer, f"{where}: history[{i}]") for i, offer in enumerate(given.history)
    )
    return AgentCase(name, anchor, given.about, given.words, history, folder)


def inside(folder: Path, given: str, where: str) -> Path:
    """Return the path of a file that lies in a folder, also by way of links, and is not hidden.

    Raises
    ------
    FileFormatError
        If it does not, or is no file.
    """
    path = Path(given)
    hidden = path.is_absolute() or any(part.startswith(".") for part in path.parts)
    try:
        full = (folder / path).resolve()
        lies_inside = not hidden and full.is_relative_to(folder.resolve())
        is_file = lies_inside and full.is_file()
    except (OSError, ValueError, RuntimeError):
        lies_inside = is_file = False
    if not lies_inside:
        raise FileFormatError.at(where, "a file in the folder of cases, not hidden", given)
    if not is_file:
        raise FileFormatError.at(where, "a file that exists", given)
    return full


def _problem(names: tuple[str, ...], folder: Path, where: str) -> BargainingProblem:
    if len(names) == 1 and names[0] in packaged_names():
        return load(names[0])
    paths = [inside(folder, name, f"{where}: problem") for name in names]
    try:
        return load(*paths)
    except BargainError as error:
        raise FileFormatError(f"{where}: problem: {error}") from None


def _policy_of(given: Any, folder: Path, where: str) -> Any:
    if isinstance(given, Mapping):
        try:
            return policy_from_dict({"bargain_policy": 1, "policy": given})
        except BargainError as error:
            reason = str(error).removeprefix("data: ")
            raise FileFormatError(f"{where}: {reason}") from None
    if given.endswith(".json"):
        path = inside(folder, given, f"{where}: policy")
        try:
            return load_policy(path)
        except BargainError as error:
            raise FileFormatError(f"{where}: policy: {error}") from None
    return as_policy("policy", given)


def _clock(given: ClockFields | None) -> Clock | None:
    if given is None:
        return None
    opens: Any = given.opens
    closes: Any = given.closes
    within: Any = given.respond_within
    skew: Any = given.skew
    return Clock(opens, closes, skew=skew, respond_within=within)


def _entry(problem: BargainingProblem, offer: OfferFields, where: str) -> Entry:
    try:
        party = problem.parties[problem.party_index(offer.party)]
        return party, problem.space.validate(offer.outcome)
    except InvalidOutcomeError as error:
        raise FileFormatError(f"{where}: {error}") from None
    except BargainError as error:
        raise FileFormatError(f"{where}.party: {error}") from None
