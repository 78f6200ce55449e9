"""Work in parts on the workers of an executor: processes of this machine, or of others.

Whatever speaks `concurrent.futures` will do. What all parts need is pickled once and held by the
workers, each of which asks for it when it does not have it; afterwards a part is its arguments
alone. Results come in the order of the parts, so nothing depends on how many workers there are or
which of them was first.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Any, Protocol

from bargain.errors import InvalidArgumentError, LostWorkersError

AHEAD = 64
"""Parts that are under way at most."""

FIRST = 8
"""Parts that carry along what all need; afterwards only those of workers that asked for it."""

TRIES = 3
"""Pools that may break in a row, without a single part finished between, before it is an error."""

HELD = 4
"""Works that a worker holds: more than one, where several calls share the workers."""


class Executor(Protocol):
    """What speaks `concurrent.futures`, as far as it is needed here."""

    def submit(self, work: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Start work elsewhere."""


ExecutorGiven = Executor | Callable[[], Executor]
"""An executor, a client of `dask.distributed`, or what makes one of these."""


UnderWay = dict[int, tuple[Future[Any], Any]]
"""Parts by their place: what will come of each, and the executor that was asked for it."""


class Workers:
    """Someone else's workers, all of whom do the same work on parts of their own.

    Attributes
    ----------
    work : callable
        Called with the arguments of a part. Must be picklable and give the same for the same
        arguments; it may be called more than once for a part.
    """

    def __init__(self, given: ExecutorGiven, work: Callable[..., Any]) -> None:
        self.work = work
        # a class has `submit`, too, but only what it makes can be asked to
        is_executor = hasattr(given, "submit") and not isinstance(given, type)
        self._make: Any = None if is_executor else given
        self._payload = _pickled(work)
        self._key = sha256(self._payload).hexdigest()
        self._carrying = FIRST
        self._serial = 0
        self._broken = 0
        self._owned: Any = None
        self._executor: Any = _spoken_to(given) if is_executor else self._made()

    def results(self, parts: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield what the work gives for each part, in their order.

        Raises
        ------
        LostWorkersError
            If workers died, or were shut down, and cannot be replaced.
        """
        under_way: UnderWay = {}
        try:
            for i in range(len(parts)):
                for j in range(i + len(under_way), min(len(parts), i + AHEAD)):
                    self._start(j, parts, under_way)
                yield self._result(i, parts, under_way)
        finally:
            for future, _ in under_way.values():
                future.cancel()

    def close(self) -> None:
        """End the executor if it was made here."""
        owned, self._owned = self._owned, None
        if owned is None:
            return
        if hasattr(owned, "get_executor"):
            # a client's `shutdown` would end the cluster for everybody
            owned.close()
        else:
            owned.shutdown(wait=True, cancel_futures=True)

    def _result(self, i: int, parts: Sequence[tuple[Any, ...]], under_way: UnderWay) -> Any:
        """Return what came of a part, which is taken from those under way."""
        while True:
            future, executor = under_way[i]
            try:
                found = future.result()
            except (BrokenExecutor, CancelledError) as error:
                # if it broke before, when a part was to be started, it has been replaced
                if executor is self._executor:
                    self._replace(error)
                for j, (other, its) in list(under_way.items()):
                    if its is not self._executor and not _has_finished(other):
                        self._start(j, parts, under_way)
                continue
            except Exception as error:
                # dask starts a part again itself, and says so when it has given up
                if type(error).__name__ != "KilledWorker":
                    raise
                raise LostWorkersError(f"executor: expected workers that live, got {error}") from (
                    error
                )
            if isinstance(found, _Missing):
                self._start(i, parts, under_way, carry=True)
                continue
            self._broken = 0
            del under_way[i]
            return found

    def _start(
        self,
        i: int,
        parts: Sequence[tuple[Any, ...]],
        under_way: UnderWay,
        *,
        carry: bool = False,
    ) -> None:
        if self._carrying > 0:
            self._carrying -= 1
            carry = True
        payload = self._payload if carry else None
        while True:
            # dask takes calls with the same arguments for one and the same
            self._serial += 1
            executor = self._executor
            try:
                future = executor.submit(_done, self._serial, self._key, payload, parts[i])
            except RuntimeError as error:
                # broken or, which has no class of its own, shut down
                self._replace(error)
                continue
            under_way[i] = future, executor
            return

    def _replace(self, error: Exception) -> None:
        """Make a new executor in place of one that is broken or was shut down."""
        if self._make is None:
            how = f"that takes no more work ({error})"
            if isinstance(error, BrokenExecutor):
                how = "that one of them broke"
            elif isinstance(error, CancelledError):
                how = "that was shut down"
            raise LostWorkersError(
                f"executor: expected workers that live, got a pool {how}; give what makes a pool "
                f"instead, such as lambda: ProcessPoolExecutor(2), and it is made anew"
            ) from error
        self._broken += 1
        if self._broken >= TRIES:
            raise LostWorkersError(
                f"executor: expected workers that live, got {TRIES} pools in a row that broke"
            ) from error
        self.close()
        self._carrying = FIRST
        self._executor = self._made()

    def _made(self) -> Any:
        self._owned = None
        if not callable(self._make):
            raise InvalidArgumentError.at("executor", _EXPECTED, self._make)
        made = self._make()
        if isinstance(made, type) or not hasattr(made, "submit"):
            raise InvalidArgumentError.at("executor", f"what makes {_EXPECTED}", made)
        self._owned = made
        return _spoken_to(made)


_EXPECTED = "an executor of concurrent.futures, a client of dask or a function that makes one"


@contextmanager
def workers_of(given: ExecutorGiven | None, work: Callable[..., Any]) -> Iterator[Workers | None]:
    """Yield workers for some work, or None where no executor was given.

    Raises
    ------
    InvalidArgumentError
        If it is no executor, or the work cannot be sent.
    """
    if given is None:
        yield None
        return
    workers = Workers(given, work)
    try:
        yield workers
    finally:
        workers.close()


def _has_finished(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _spoken_to(given: Any) -> Any:
    """Return an executor; dask's client has futures of its own kind and lends one."""
    return given.get_executor() if hasattr(given, "get_executor") else given


def _pickled(work: Callable[..., Any]) -> bytes:
    try:
        return pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InvalidArgumentError(
            f"executor: expected problems and policies that pickle can send, got an error: {error}"
        ) from None


class _Missing:
    """What a worker answers that does not hold the work."""


_held: dict[str, Callable[..., Any]] = {}
_lock = Lock()


def _done(serial: int, key: str, payload: bytes | None, part: tuple[Any, ...]) -> Any:
    """Do a part of the work, in a worker."""
    from bargain.kernels.threads import one_thread

    with _lock:
        work = _held.get(key)
        if work is None:
            if payload is None:
                return _Missing()
            work = pickle.loads(payload)
            while len(_held) >= HELD:
                del _held[next(iter(_held))]
            _held[key] = work
    # there are as many workers as somebody wants to keep busy
    with one_thread():
        return work(*part)
