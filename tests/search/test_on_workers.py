"""Searches on processes and clusters: the same bytes as alone."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import bargain as bg
from bargain.search import scoring
from tests.play.mortal import MortalSpace

SPAWN = multiprocessing.get_context("spawn")
PROBLEMS = bg.random_problems(2, sizes=(4, 3), seed=8)
OPTIONS = {
    "party": "a",
    "opponents": ["boulware", "micro", "tit_for_tat"],
    "deadline": [12, 20],
    "evaluations": 160,
    "seed": 1950,
}


def processes(count: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=SPAWN)


def record(result: bg.SearchResult) -> str:
    return json.dumps({**result.to_dict(), "seconds": 0}, sort_keys=True)


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of a size at which even these searches are spread."""
    monkeypatch.setattr(scoring, "MILLISECONDS", 0.3)


class Counted(ThreadPoolExecutor):
    submitted = 0

    def submit(self, work, /, *args):
        self.submitted += 1
        return super().submit(work, *args)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(("space", "counts"), [("curve", (1, 2)), ("adaptive", (2,))])
def test_the_result_is_the_same_with_any_number_of_workers(space, counts):
    alone = record(bg.evolve(PROBLEMS, space=space, **OPTIONS))
    for count in counts:
        with processes(count) as pool:
            found = bg.evolve(PROBLEMS, space=space, executor=pool, **OPTIONS)
        assert record(found) == alone
    with Counted(3) as threads:
        assert record(bg.evolve(PROBLEMS, space=space, executor=threads, **OPTIONS)) == alone
    # three generations, the last of which is not whole
    assert threads.submitted > 3 * 2


@pytest.mark.usefixtures("small_parts")
def test_workers_weigh_opponents_as_one_process_does():
    mixed = {**OPTIONS, "opponents": [bg.Mixture(["boulware", "micro"], [3, 1]), "tit_for_tat"]}
    mixed["weights"] = [1, 2]
    alone = record(bg.evolve(PROBLEMS, **mixed))
    assert alone != record(bg.evolve(PROBLEMS, **{**mixed, "weights": [3, 1]}))
    with Counted(3) as threads:
        assert record(bg.evolve(PROBLEMS, executor=threads, **mixed)) == alone
    assert threads.submitted


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("problems", "objective"),
    [
        (PROBLEMS, bg.Objective("cvar", joint_weight=0.5, round_penalty=0.01)),
        (PROBLEMS[:1], bg.Objective("mean", least_agreement=0.9)),
        (PROBLEMS[:1], bg.Objective("worst")),
    ],
)
def test_every_objective_is_the_same_in_parts_of_seats_and_of_candidates(problems, objective):
    options = {**OPTIONS, "objective": objective, "evaluations": 64}
    alone = record(bg.evolve(problems, **options))
    with Counted(2) as threads:
        assert record(bg.evolve(problems, executor=threads, **options)) == alone
    # more parts than there are seats: candidates are divided, too
    assert threads.submitted > 2 * len(problems)


@pytest.mark.usefixtures("small_parts")
def test_a_worker_that_dies_does_not_change_the_result(tmp_path):
    alone = bg.evolve(PROBLEMS, space="time_dependent", **OPTIONS)
    space = MortalSpace.at(tmp_path)
    found = bg.evolve(PROBLEMS, space=space, executor=processes, **OPTIONS)
    assert (tmp_path / "grave").exists()
    assert record(found) == record(alone)


@pytest.mark.usefixtures("small_parts")
def test_a_search_on_workers_goes_on_alone_from_its_checkpoint(tmp_path):
    target = tmp_path / "search.npz"
    shorter = {**OPTIONS, "evaluations": 64}
    with ThreadPoolExecutor(2) as pool:
        bg.evolve(PROBLEMS, executor=pool, checkpoint=target, **shorter)
    assert record(bg.evolve(PROBLEMS, checkpoint=target, **OPTIONS)) == record(
        bg.evolve(PROBLEMS, **OPTIONS)
    )


def test_generations_too_small_to_be_worth_it_stay_here():
    with Counted(1) as pool:
        bg.evolve(
            bg.load("rental"), party=0, opponents=["linear"], deadline=5, evaluations=64,
            executor=pool,
        )  # fmt: skip
    assert pool.submitted == 0


def test_what_is_no_executor_is_refused():
    with pytest.raises(bg.InvalidArgumentError, match="executor: expected an executor of conc"):
        bg.evolve(PROBLEMS, executor=2, **OPTIONS)


@pytest.mark.slow
@pytest.mark.usefixtures("small_parts")
@pytest.mark.filterwarnings("default")
def test_a_cluster_of_dask_finds_the_same_though_one_of_its_workers_dies(tmp_path):
    distributed = pytest.importorskip("distributed")
    alone = bg.evolve(PROBLEMS, space="time_dependent", **OPTIONS)
    space = MortalSpace.at(tmp_path)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = bg.evolve(PROBLEMS, space=space, executor=client, **OPTIONS)
        assert client.status == "running"
    assert (tmp_path / "grave").exists()
    assert record(found) == record(alone)
