"""Work on processes: what comes of it is the same, and workers that die are replaced."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import bargain as bg
from bargain.play import workers as under_test
from bargain.play.workers import Workers, workers_of
from tests.play.mortal import Doubling, Failing
from tests.play.pies import pie

SPAWN = multiprocessing.get_context("spawn")
PARTS = [(float(i),) for i in range(100)]
DOUBLED = [2.0 * i for i in range(100)]


def processes(count: int = 1) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=SPAWN)


class Recorder(ThreadPoolExecutor):
    """Notes which parts carried the whole work along."""

    def __init__(self) -> None:
        super().__init__(1)
        self.carried: list[bool] = []

    def submit(self, work, /, *args):
        self.carried.append(args[2] is not None)
        return super().submit(work, *args)


def test_results_come_in_the_order_of_the_parts():
    with ThreadPoolExecutor(3) as pool:
        assert list(Workers(pool, Doubling()).results(PARTS)) == DOUBLED
        assert list(Workers(pool, Doubling()).results([])) == []


def test_the_work_is_sent_along_with_the_first_parts_only():
    with Recorder() as pool:
        workers = Workers(pool, Doubling("a work of this test"))
        for _ in (0, 1):
            list(workers.results([(float(i),) for i in range(40, 60)]))
    assert pool.carried == [True] * under_test.FIRST + [False] * (40 - under_test.FIRST)


def test_a_worker_that_does_not_hold_the_work_asks_for_it():
    with Recorder() as pool:
        workers = Workers(pool, Doubling("another work"))
        list(workers.results(PARTS[10:20]))
        under_test._held.clear()
        assert list(workers.results(PARTS[20:23])) == DOUBLED[20:23]
    # each of the three asked, as none knew that another had
    assert pool.carried[-3:] == [True] * 3
    assert pool.carried[-6:-3] == [False] * 3


def test_a_worker_that_dies_is_replaced_and_its_part_done_again(tmp_path):
    grave = tmp_path / "grave"
    with workers_of(processes, Doubling(str(grave))) as workers:
        assert workers is not None
        assert list(workers.results(PARTS)) == DOUBLED
        first = workers._executor
        assert list(workers.results(PARTS)) == DOUBLED
        assert workers._executor is first
    assert grave.exists()
    with pytest.raises(RuntimeError, match="shutdown"):
        first.submit(os.getpid)


class Broken:
    """A pool whose workers have died, seen at once or when a result is asked for."""

    def __init__(self, *, at_once: bool) -> None:
        self.at_once = at_once
        self.ended = False

    def submit(self, work, /, *args):
        if self.at_once:
            raise BrokenExecutor("at once")
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("later"))
        return future

    def shutdown(self, **options):
        self.ended = True


@pytest.mark.parametrize("at_once", [True, False])
def test_a_pool_that_was_given_cannot_be_replaced(at_once):
    pool = Broken(at_once=at_once)
    with pytest.raises(bg.LostWorkersError, match="a pool that one of them broke; give what"):
        list(Workers(pool, Doubling()).results(PARTS))
    assert not pool.ended


@pytest.mark.parametrize("at_once", [True, False])
def test_pools_that_always_break_are_given_up_and_ended(at_once):
    pools = []

    def another():
        pools.append(Broken(at_once=at_once))
        return pools[-1]

    with (
        workers_of(another, Doubling()) as workers,
        pytest.raises(bg.LostWorkersError, match="3 pools in a row that broke"),
    ):
        list(workers.results(PARTS))
    assert [pool.ended for pool in pools] == [True] * 3


class ShutDown(ThreadPoolExecutor):
    """A pool that somebody shuts down at once, or while parts are under way."""

    def __init__(self, *, after: int) -> None:
        super().__init__(1)
        self.left = after

    def submit(self, work, /, *args):
        if self.left <= 0:
            self.shutdown(wait=False, cancel_futures=True)
        self.left -= 1
        return super().submit(work, *args)


@pytest.mark.parametrize("after", [0, 3])
def test_a_pool_that_was_shut_down_is_named(after):
    says = r"a pool that takes no more work \(.* after shutdown\); give what"
    with pytest.raises(bg.LostWorkersError, match=says):
        list(Workers(ShutDown(after=after), Doubling()).results(PARTS))


def test_parts_that_somebody_cancelled_are_named_or_done_again():
    class Cancelling(ThreadPoolExecutor):
        def submit(self, work, /, *args):
            future: Future[Any] = Future()
            future.cancel()
            return future

    with pytest.raises(bg.LostWorkersError, match="a pool that was shut down"):
        list(Workers(Cancelling(1), Doubling()).results(PARTS))
    pools = iter([Cancelling(1), ThreadPoolExecutor(1)])
    with workers_of(lambda: next(pools), Doubling()) as workers:
        assert list(workers.results(PARTS)) == DOUBLED


def test_a_pool_that_breaks_between_two_parts_is_replaced_once():
    class BreaksAt(ThreadPoolExecutor):
        """Gives up what is under way when one more part is to be started."""

        def __init__(self, at: int | None) -> None:
            super().__init__(1)
            self.at, self.count, self.ended = at, 0, False

        def submit(self, work, /, *args):
            self.count += 1
            if self.count == self.at:
                raise BrokenExecutor("now")
            if self.at is None or self.count <= 2:
                return super().submit(work, *args)
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("now"))
            return future

    pools = []

    def another():
        pools.append(BreaksAt(None if pools else under_test.AHEAD + 1))
        return pools[-1]

    parts = [(float(i),) for i in range(under_test.AHEAD + 20)]
    with workers_of(another, Doubling()) as workers:
        assert list(workers.results(parts)) == [2 * part for (part,) in parts]
    assert len(pools) == 2


def test_what_the_work_raises_is_raised_here():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match=r"no 0\.0"):
        list(Workers(pool, Failing()).results(PARTS))


@pytest.mark.parametrize("given", [2, "processes", [], object()])
def test_what_is_no_executor_is_refused(given):
    with pytest.raises(bg.InvalidArgumentError, match="executor: expected an executor of conc"):
        Workers(given, Doubling())


@pytest.mark.parametrize("made", [None, 2, ThreadPoolExecutor])
def test_a_function_that_makes_no_executor_is_refused(made):
    with pytest.raises(bg.InvalidArgumentError, match="executor: expected what makes an executor"):
        Workers(lambda: made, Doubling())


def test_work_that_cannot_be_sent_is_refused_before_any_is_done():
    problem = pie("pie")
    odd = bg.BargainingProblem(
        problem.space,
        {
            "a": bg.CallableUtility(lambda outcomes: np.arange(6.0)),
            "b": problem.profiles[1].utility,
        },
    )
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(bg.InvalidArgumentError, match="that pickle can send, got an error"),
    ):
        bg.tournament(odd, ["boulware"], deadline=5, executor=pool)


def test_a_tournament_on_processes_has_the_same_results_and_goes_on_from_its_checkpoint(tmp_path):
    options = {"deadline": [3, 8], "repetitions": 2, "seed": 5}
    given = (["rental", "employment"], ["boulware", "micro", "random"])
    alone = bg.tournament(*given, **options)
    target = tmp_path / "checkpoint.npz"
    with processes(2) as pool:
        found = bg.tournament(*given, executor=pool, checkpoint=target, **options)
    assert found.results.tobytes() == alone.results.tobytes()
    assert found.payoffs.tobytes() == alone.payoffs.tobytes()
    again = bg.tournament(*given, checkpoint=target, **options)
    assert again.results.tobytes() == alone.results.tobytes()
