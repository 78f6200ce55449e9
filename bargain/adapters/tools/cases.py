"""Cases by their ids, and how far each has come."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bargain.adapters.tools.case_file import ID, SUFFIXES, AgentCase, id_of, inside, read_case
from bargain.adapters.tools.record import Record, opening, record_name, record_read, record_text
from bargain.adapters.tools.turns import one_at_a_time
from bargain.errors import FileFormatError, InvalidArgumentError, ToolCallError
from bargain.files.text import read_text, write_text


class Cases(Mapping[str, AgentCase]):
    """Cases by their ids, with a record of each negotiation.

    The only thing among the tools that remembers: which offers were made in a case, and what was
    advised last. With it a model cannot ask what would be if, or say that it offered what it did
    not. One negotiation a case.

    Parameters
    ----------
    cases : iterable of AgentCase
    records : path of a folder, optional
        Where records are kept, so that a negotiation goes on after a restart; they hold what is
        private. Several processes may share it: a case is answered by one of them at a time, and
        from the record as the others left it. Without one they last as long as this object.
    broken : mapping from ids to reasons
        Cases that cannot be had. If given, a case whose record cannot be read becomes one of them.

    Raises
    ------
    InvalidArgumentError
        If two cases have one id, an id is none, or the folder is not there.
    FileFormatError
        If a record cannot be read or locked, naming its file, and `broken` is not given.
    """

    def __init__(
        self,
        cases: Iterable[AgentCase],
        records: str | Path | None = None,
        broken: Mapping[str, str] | None = None,
    ) -> None:
        self.records = records
        self.broken = dict(broken or {})
        self._cases: dict[str, AgentCase] = {}
        self._records: dict[str, Record] = {}
        self._texts: dict[str, str | None] = {}
        self._lock = threading.Lock()
        if self.records is not None and not Path(self.records).is_dir():
            raise InvalidArgumentError.at("records", "a folder that exists", str(self.records))
        for case in cases:
            if not isinstance(case, AgentCase):
                raise InvalidArgumentError.at("cases", "an AgentCase", case)
            if not ID.fullmatch(case.id):
                expected = "letters, digits, - and _, up to 64"
                raise InvalidArgumentError.at("case: id", expected, case.id)
            if case.id.casefold() in {name.casefold() for name in self._cases}:
                raise InvalidArgumentError.at("case: id", "an id of its own", case.id)
            self._cases[case.id] = case
            self._records[case.id] = opening(case)
        for case in list(self._cases.values()):
            # records that cannot be read are told of now, not at the first call
            try:
                with self.turn(case):
                    pass
            except FileFormatError as error:
                if broken is None:
                    raise
                self.broken[case.id] = str(error)
                del self._cases[case.id], self._records[case.id]

    def __getitem__(self, name: str) -> AgentCase:
        return self._cases[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    def __repr__(self) -> str:
        """Show the ids alone."""
        return f"Cases({', '.join(self)})"

    def called(self, name: str) -> AgentCase:
        """Return the case that a model asks for.

        Raises
        ------
        ToolCallError
            If there is none; what others there are is not said.
        """
        if name in self._cases:
            return self._cases[name]
        if name in self.broken:
            raise ToolCallError(
                f"case: {name!r} cannot be served as its file stands: ask whoever runs the tools"
            )
        raise ToolCallError.at("case", "the id of a case, as you were told it", name)

    @contextmanager
    def turn(self, case: AgentCase) -> Iterator[None]:
        """Hold a case while a call is answered: no other thread and no other process answers.

        Raises
        ------
        FileFormatError
            If the record cannot be read, or another process holds it for longer than a minute.
        """
        with ExitStack() as held:
            if self.records is not None:
                held.enter_context(one_at_a_time(Path(self.records) / f".{case.id}.lock"))
            held.enter_context(self._lock)
            if self.records is not None:
                self._catch_up(Path(self.records), case)
            yield

    def _catch_up(self, folder: Path, case: AgentCase) -> None:
        """Take over what another process has written since, or that the record was deleted."""
        name = record_name(case)
        text = read_text(inside(folder, name, name)) if (folder / name).exists() else None
        if text != self._texts.get(case.id):
            self._records[case.id] = opening(case) if text is None else record_read(text, case)
            self._texts[case.id] = text

    def record(self, name: str) -> Record:
        """Return how far a case has come."""
        return self._records[name]

    def keep(self, name: str, record: Record) -> None:
        """Set how far a case has come; for use within a turn."""
        if self.records is not None:
            text = record_text(record)
            write_text(Path(self.records) / record_name(self._cases[name]), text)
            self._texts[name] = text
        self._records[name] = record


def load_cases(
    folder: str | Path,
    *,
    only: Iterable[str] | None = None,
    records: str | Path | None = None,
    strict: bool = True,
) -> Cases:
    """Read the case files of a folder: `ID.case.yaml`, `.yml` or `.json`.

    Hidden files are left alone, and so are other names and folders within. Files that a link or a
    path takes out of the folder are refused, and so are ids that differ in case alone.

    Parameters
    ----------
    folder : path
    only : iterable of str, optional
        Ids of the cases to take; all by default.
    records : path of a folder, optional
        As in `Cases`.
    strict : bool
        Whether one broken case is an error. If not, the others are read, and `broken` says what
        is wrong with it.

    Raises
    ------
    FileFormatError
        In one line that names the file and the field: for the first broken case if strict, and
        where there is no case at all.
    InvalidArgumentError
        As `Cases`, and for an id in `only` that there is none of.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = "{bargain_case: 1, problem: rental, party: tenant, deadline: 10}"
    ...     _ = Path(folder, "flat-12.case.yaml").write_text(text)
    ...     cases = load_cases(folder)
    >>> list(cases), cases["flat-12"].anchor.party
    (['flat-12'], 'tenant')
    """
    base = Path(folder)
    if not base.is_dir():
        raise FileFormatError.at("cases", "a folder that exists", str(folder))
    paths = sorted(
        path
        for path in base.iterdir()
        if path.name.endswith(SUFFIXES) and not path.name.startswith(".")
    )
    if not paths:
        raise FileFormatError(f"{folder}: expected files called ID{SUFFIXES[0]}, got none")
    wanted = None if only is None else list(only)
    cases, broken = _read(paths, wanted)
    missing = [name for name in wanted or () if name not in cases and name not in broken]
    if missing:
        raise InvalidArgumentError.at("only", "ids of cases in the folder", missing[0])
    if broken and (strict or not cases):
        raise FileFormatError(next(iter(broken.values())))
    found = Cases(cases.values(), records, None if strict else broken)
    if not found:
        raise FileFormatError(next(iter(found.broken.values())))
    return found


def _read(
    paths: list[Path], wanted: list[str] | None
) -> tuple[dict[str, AgentCase], dict[str, str]]:
    """Return the cases of files, and what is wrong with the others."""
    cases: dict[str, AgentCase] = {}
    broken: dict[str, str] = {}
    first: dict[str, Path] = {}
    for path in paths:
        try:
            name = id_of(path)
        except FileFormatError as error:
            if wanted is None:
                broken[path.name] = str(error)
            continue
        if wanted is not None and name not in wanted:
            continue
        earlier = first.setdefault(name.casefold(), path)
        if earlier is not path:
            # neither: which of them is meant is not for us to say
            for each in (earlier, path):
                cases.pop(id_of(each), None)
                broken[id_of(each)] = (
                    f"{path.name}: expected one file for a case, got {earlier.name} too"
                )
            continue
        try:
            cases[name] = read_case(path)
        except FileFormatError as error:
            broken[name] = str(error)
    return cases, broken
