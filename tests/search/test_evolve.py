from __future__ import annotations

import json
import signal
from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.errors import (
    FileFormatError,
    InvalidArgumentError,
    NoAgreementZoneError,
    UnsupportedProblemError,
)
from bargain.play import AcceptNext, TimeDependent, load_policy, policy_from_name
from bargain.play.labels import label
from bargain.play.view import PartyView
from bargain.search import evolve
from bargain.search.fitness import Fitness
from bargain.search.run import FINALISTS, Run
from tests.problems import continuous, one_choice

POOL = [TimeDependent(beta=b, floor=f) for b in (0.2, 1.0, 5.0) for f in (0.25, 0.5, 0.75)]
RENTAL = bg.load("rental")


def searched(**changes):
    given = {"party": "tenant", "opponents": POOL, "deadline": 40, "seed": 1950}
    return evolve(RENTAL, **{**given, "evaluations": 3200, **changes})


@pytest.fixture(scope="module")
def found():
    return searched()


def record(result):
    return json.dumps({**result.to_dict(), "seconds": None}, sort_keys=True, allow_nan=False)


def test_what_is_found_on_rental_beats_every_baseline_on_the_pool(found):
    textbook = ("boulware", "linear", "conceder", "hardliner")
    starts = [f"{name}, traded off" for name in textbook]
    assert list(found.baselines) == [*textbook, *starts, "random search"]
    for baseline in found.baselines.values():
        assert found.train.share > baseline.train.share
    assert found.train.share <= found.bound
    assert (found.evaluations, found.sessions) == (3200, 3200 * 9 * 2)
    assert found.stopped == "budget"


def test_where_waiting_costs_the_search_finds_policies_that_agree_sooner(found):
    def mean_rounds(result):
        meetings = [
            bg.alternating_offers(RENTAL, (landlord, result.policy), deadline=40, first=first)
            for landlord in POOL
            for first in (0, 1)
        ]
        return np.mean([session.rounds for session in meetings])

    # a round costs the tenant 100, where the Nash solution gives it 3,100
    parties = [replace(p, cost=100.0 * (p.name == "tenant")) for p in RENTAL.profiles]
    paid = bg.BargainingProblem(RENTAL.space, parties)
    hurried = evolve(paid, party="tenant", opponents=POOL, deadline=40, seed=1950, evaluations=3200)
    assert mean_rounds(hurried) < mean_rounds(found) / 2
    assert hurried.train.share < found.train.share
    assert hurried.train.share <= hurried.bound < found.bound


@pytest.mark.parametrize("space", ["curve", "time_dependent", "adaptive"])
@pytest.mark.parametrize("method", ["cma", "de", "random"])
def test_every_space_is_searched_by_every_method(space, method):
    options = {"space": space, "method": method, "evaluations": 192, "deadline": 12}
    pool = [*POOL[:3], "micro", "tit_for_tat"]
    result, again = (searched(opponents=pool, **options) for _ in (0, 1))
    assert record(result) == record(again)
    assert result.train.share <= result.bound
    assert (result.space, result.evaluations) == (space, 192)
    assert max(result.history.best[-1], result.history.random[-1]) == result.train.share


@pytest.mark.slow
@pytest.mark.parametrize("party", ["tenant", "landlord"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_default_budget_beats_every_baseline_whatever_the_seed(party, seed):
    result = evolve(RENTAL, party=party, opponents=POOL, deadline=40, seed=seed)
    best = max(baseline.train.share for baseline in result.baselines.values())
    assert result.train.share > best


@pytest.mark.parametrize(
    "space",
    ["time_dependent", "curve", "adaptive", bg.AdaptiveSpace(2, "closest", responsive=False)],
)
def test_the_baseline_of_a_textbook_policy_is_that_policy_in_every_space(space):
    result = searched(space=space, evaluations=16, deadline=9, opponents=["micro", "boulware"])
    for name in ("boulware", "linear", "conceder", "hardliner"):
        baseline = result.baselines[name]
        assert baseline.policy == policy_from_name(name)
        shares = []
        for landlord in ("micro", "boulware"):
            for first in (0, 1):
                session = bg.alternating_offers(RENTAL, (landlord, name), deadline=9, first=first)
                shares.append(float(PartyView.of(RENTAL, 1).shares(session.utilities[1])))
        assert baseline.train.share == pytest.approx(np.mean(shares))
    traded_off = {name for name in result.baselines if name.endswith(", traded off")}
    assert len(traded_off) == (4 if space in ("curve", "adaptive") else 0)
    for name in traded_off:
        assert result.baselines[name].policy.by == "known"


def test_held_out_opponents_are_others_than_the_pool_and_are_reported_apart(found):
    pool = {one.opponent for one in found.train.against}
    held_out = {one.opponent for one in found.held_out.against}
    assert (len(pool), len(held_out)) == (9, 18)
    assert not pool & held_out
    assert found.train.share != found.held_out.share
    given = searched(held_out=["hardliner", TimeDependent(3.3)], evaluations=160)
    assert [one.opponent for one in given.held_out.against] == ["hardliner", "beta 3.3"]


def test_a_pool_of_default_held_out_policies_leaves_the_others():
    result = searched(opponents=[TimeDependent(0.1, 0.1), TimeDependent(8, 0.65)], evaluations=16)
    assert len(result.held_out.against) == 16


def test_the_result_is_what_evaluation_says_of_its_policy(found):
    best = found.history.best
    assert found.train.share == best[-1]
    assert (np.diff(best) >= 0).all()
    assert (np.diff(found.history.random) >= 0).all()
    assert found.history.random[-1] == found.baselines["random search"].train.share
    assert len(found.history) == len(found.history.mean) == 50
    assert (found.history.mean <= best).all()
    rows = found.train.against
    for name in ("share", "utility", "agreement_rate", "joint_gain"):
        mean = np.mean([getattr(row, name) for row in rows])
        assert getattr(found.train, name) == pytest.approx(mean)


def test_same_seed_same_bytes(found):
    assert record(searched()) == record(found)
    assert record(searched(seed=np.random.SeedSequence(1950))) == record(found)
    generator = [searched(seed=np.random.default_rng(7), evaluations=64) for _ in (0, 1)]
    assert record(generator[0]) == record(generator[1])
    assert record(searched(seed=3, evaluations=64)) != record(searched(seed=4, evaluations=64))
    assert record(searched(seed=None, evaluations=64)) != record(
        searched(seed=None, evaluations=64)
    )


def test_a_shorter_search_is_the_beginning_of_a_longer_one(found):
    short = searched(evaluations=640)
    assert short.history.best.tolist() == found.history.best[:10].tolist()


def test_a_seed_sequence_is_not_used_up():
    sequence = np.random.SeedSequence(5)
    results = [searched(seed=sequence, evaluations=64) for _ in (0, 1)]
    assert record(results[0]) == record(results[1])


def test_a_budget_that_is_no_multiple_of_the_population_is_spent_exactly():
    result = searched(evaluations=37, population=8)
    assert (result.evaluations, len(result.history)) == (37, 5)
    assert searched(evaluations=1).evaluations == 1


def test_a_time_limit_ends_the_search_with_what_it_has():
    result = searched(evaluations=10**9, time_limit=0.2)
    assert result.stopped == "time_limit"
    assert 0 < result.evaluations < 10**9
    assert searched(time_limit=0).evaluations == 64


def test_an_interrupt_keeps_the_best_so_far(monkeypatch):
    generation = Run.generation

    def interrupted(run, count):
        if len(run.history) == 3:
            signal.raise_signal(signal.SIGINT)
        generation(run, count)

    monkeypatch.setattr(Run, "generation", interrupted)
    result = searched()
    assert (result.stopped, len(result.history)) == ("interrupted", 3)
    assert result.train.share == result.history.best[-1]


def test_an_interrupt_before_anything_was_found_goes_through(monkeypatch):
    monkeypatch.setattr(Run, "generation", lambda run, count: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        searched()


def test_a_search_that_reaches_the_bound_has_converged():
    result = searched(opponents=["boulware", "linear", "conceder"])
    assert (result.stopped, result.train.share, result.bound) == ("converged", 1.0, 1.0)
    # Against opponents that yield everything in the end, never yielding is best, and that is
    # just what does not carry over.
    assert not result.generalises
    assert "warning" in str(result)
    # the textbook policy that is best there loses much less
    best = result.baselines[result.yardstick]
    assert best.held_out.share == max(
        result.baselines[name].held_out.share
        for name in ("boulware", "linear", "conceder", "hardliner")
    )
    assert result.lost > best.lost + 0.05
    assert f"{result.yardstick}, the best textbook policy there, " in str(result)


def test_what_is_harder_for_everybody_is_no_warning():
    result = searched(held_out=[TimeDependent(0.1, 0.8)], evaluations=320)
    best = result.baselines[result.yardstick]
    assert 0.05 < result.lost <= best.lost + 0.05
    assert result.generalises
    assert "warning" not in str(result)
    assert f"which is harder: {result.yardstick}, the best textbook policy there" in str(result)


def test_agreements_are_told_of_the_search_and_of_what_was_held_out():
    result = searched(opponents=["boulware", "linear", "conceder"], evaluations=64)
    row = next(line for line in str(result).splitlines() if line.startswith("  hardliner "))
    one = result.baselines["hardliner"]
    rates = [f"{part.agreement_rate:.0%}" for part in (one.train, one.held_out)]
    assert [word for word in row.split() if word.endswith("%")] == rates == ["100%", "67%"]


def test_the_default_pool_of_the_readme_generalises(found):
    assert found.generalises
    assert "warning" not in str(found)


@pytest.mark.parametrize("where", ["opponents", "held_out", "validation"])
@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ("nice_tit_for_tat", "nice_tit_for_tat"),
        (bg.TradeOff(by=bg.BayesianModel()), "TradeOff"),
        (bg.Mixture(["micro", "nice_tit_for_tat"]), "nice_tit_for_tat"),
    ],
)
def test_what_runs_in_python_is_refused_before_anything_is_played(
    where, policy, named, monkeypatch
):
    monkeypatch.setattr(Fitness, "against", lambda *_, **__: pytest.fail("laid out"))
    with pytest.raises(InvalidArgumentError) as caught:
        searched(**{where: [policy]})
    said = str(caught.value)
    assert said.startswith(f"{where}[0]: expected a policy that compiled code plays (concessions")
    assert f"got {named}" in said
    assert len(said) < 260


@pytest.mark.parametrize("method", ["cma", "de"])
def test_a_converged_method_starts_elsewhere(method):
    found = searched(space="time_dependent", method=method, population=8, evaluations=1600)
    assert found.restarts > 0


def test_the_summary_compares(found):
    lines = str(found).splitlines()
    assert lines[0] == "tenant in rental, deadline 40, against a pool of 9 (held out: 18)"
    assert any(line.split()[:1] == ["found"] for line in lines)
    for name in found.baselines:
        assert any(line.strip().startswith(name) for line in lines)
    assert repr(found).startswith("SearchResult(adaptive: beta ")


def test_the_policy_is_saved_exactly(found, tmp_path):
    found.save(tmp_path / "tenant.policy.json")
    assert load_policy(tmp_path / "tenant.policy.json") == found.policy


def test_progress_goes_to_stderr(capsys):
    searched(evaluations=64, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "best score" in shown.err


def test_labels_tell_policies_apart():
    assert label(policy_from_name("boulware")) == "boulware"
    policy = TimeDependent(0.3, 0.1, 0.2, AcceptNext(1.1, -0.1))
    assert label(policy) == "beta 0.3, floor 0.1, k 0.2, accepts 1.1 x -0.1"


@pytest.mark.parametrize("method", ["cma", "de", "random"])
@pytest.mark.parametrize("first_part", [64, 200])
def test_a_checkpoint_is_gone_on_from_to_the_same_bytes(method, first_part, tmp_path):
    options = {"method": method, "population": 16, "deadline": 9, "space": "time_dependent"}
    whole = searched(evaluations=400, **options)
    path = tmp_path / "search.npz"
    # 200 is no multiple of 16: the generation that is cut short is played again
    searched(evaluations=first_part, checkpoint=path, **options)
    resumed = searched(evaluations=400, checkpoint=path, **options)
    assert record(resumed) == record(whole)
    again = searched(evaluations=400, checkpoint=path, **options)
    assert record(again) == record(whole)


def test_a_checkpoint_is_kept_when_a_search_is_interrupted(monkeypatch, tmp_path):
    path, generation = tmp_path / "search.npz", Run.generation

    def interrupted(run, count):
        if len(run.history) == 3:
            raise KeyboardInterrupt
        generation(run, count)

    monkeypatch.setattr(Run, "generation", interrupted)
    assert searched(evaluations=640, checkpoint=path).stopped == "interrupted"
    monkeypatch.setattr(Run, "generation", generation)
    resumed = searched(evaluations=640, checkpoint=path)
    assert record(resumed) == record(searched(evaluations=640))


def test_checkpoints_of_other_searches_and_other_files_are_refused(tmp_path):
    path = tmp_path / "search.npz"
    searched(evaluations=64, checkpoint=path)
    for changes in (
        {"seed": 3},
        {"deadline": 7},
        {"opponents": ["linear"]},
        {"space": "time_dependent"},
        {"objective": "worst"},
        {"method": "cma", "population": 64},
    ):
        with pytest.raises(InvalidArgumentError, match="checkpoint: expected one of this search"):
            searched(evaluations=64, checkpoint=path, **changes)
    damaged = path.read_bytes()
    for content in (b"", b"nothing", damaged[: len(damaged) // 2]):
        path.write_bytes(content)
        with pytest.raises(FileFormatError, match="expected a checkpoint of a search"):
            searched(evaluations=64, checkpoint=path)


def test_problems_are_held_out_and_validated_on():
    problems = bg.random_problems(7, sizes=(4, 3), seed=5)
    parts = bg.split(problems, seed=1)
    found = evolve(
        parts.train,
        party="a",
        opponents=[*POOL, "micro"],
        deadline=[8, 13],
        seed=2,
        evaluations=640,
        reservations=[0, 0.2],
        validation_problems=parts.validation,
        held_out_problems=parts.held_out,
        held_out=["tit_for_tat", TimeDependent(0.7, 0.4)],
    )
    assert found.sessions == 640 * len(parts.train) * 2 * 2 * 10 * 2
    assert found.validation.share != found.train.share
    assert [one.opponent for one in found.held_out.against] == [
        "tit_for_tat",
        "beta 0.7, floor 0.4",
    ]
    low, high = found.train.share_interval
    assert low < found.train.share < high
    assert f"a in {len(parts.train)} problems, deadline 8, 13" in str(found)
    assert "chosen among the best by validation" in str(found)
    assert record(found)


def test_a_checkpoint_does_not_grow_with_the_search_and_keeps_the_best_that_there_were(tmp_path):
    path, tried = tmp_path / "kept.npz", []
    for generations in (1, 2, 20, 100):
        found = searched(evaluations=4 * generations, population=4, checkpoint=path)
        with np.load(path) as kept:
            tried.append(kept["winners"])
    assert [len(one) for one in tried[2:]] == [FINALISTS] * 2
    scores = tried[-1][:, 0]
    assert (np.diff(scores) <= 0).all()
    assert scores[0] == found.score
    assert len(np.unique(tried[-1], axis=0)) == FINALISTS
    # what was among the best and is not any more was pushed out by better ones
    for earlier in tried[:-1]:
        gone = [row for row in earlier if not (tried[-1] == row).all(axis=1).any()]
        assert all(row[0] <= scores[-1] for row in gone)


def test_validation_chooses_among_what_did_best_in_the_search():
    # in the search the hardliner is best; those it is validated on never give in
    pool = ["boulware", "linear", "conceder"]
    plain = searched(opponents=pool, evaluations=640)
    never = [TimeDependent(1.0, 0.9), TimeDependent(0.5, 0.8)]
    chosen = searched(opponents=pool, evaluations=640, validation=never)
    run = {"opponents": pool, "evaluations": 640, "held_out": never}
    assert chosen.validation.share >= searched(**run).held_out.share
    assert chosen.train.share <= plain.train.share


def test_a_cautious_objective_gives_up_mean_gain_for_the_worst_case():
    mean = searched(evaluations=1600)
    worst = searched(evaluations=1600, objective="worst")
    assert worst.train.worst >= mean.train.worst
    assert worst.train.share < mean.train.share
    assert worst.score == worst.train.worst
    assert "score by the objective" in str(worst)


def test_a_penalty_for_rounds_and_a_weight_for_the_other_side_do_what_they_say():
    plain = searched(evaluations=1600)
    hurried = searched(evaluations=1600, objective=bg.Objective(round_penalty=0.02))
    assert hurried.train.rounds < plain.train.rounds
    kind = searched(evaluations=1600, objective=bg.Objective(joint_weight=1.0))
    assert kind.train.joint_gain > plain.train.joint_gain
    sure = searched(evaluations=1600, objective=bg.Objective(least_agreement=1.0))
    assert sure.train.agreement_rate >= plain.train.agreement_rate


def test_utilities_of_any_scale_and_sign_are_searched_alike():
    points = np.array([[9, 0], [8, 3], [6, 6], [3, 8], [0, 9]], dtype=float)
    results = [
        evolve(
            one_choice(points * scale + shift, [shift, shift]),
            party=0,
            opponents=POOL,
            deadline=9,
            seed=1,
            evaluations=160,
        )
        for scale, shift in ((1, 0), (2.0**990, 0), (2.0**-990, 0), (1, -64))
    ]
    assert len({result.train.share for result in results}) == 1
    assert len({result.policy for result in results}) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"opponents": []}, "opponents: expected at least one policy"),
        ({"opponents": "boulware"}, "opponents"),
        ({"opponents": TimeDependent()}, "opponents"),
        ({"opponents": ["boulware", "nobody"]}, "nobody"),
        ({"opponents": [3]}, r"opponents\[0\]"),
        ({"held_out": []}, "held_out"),
        ({"held_out": [POOL[2]]}, r"held_out\[0\]: expected a policy that is not in the pool"),
        ({"party": "nobody"}, "party: expected one of landlord, tenant"),
        ({"deadline": 0}, "deadline: expected a whole number >= 1, got 0"),
        ({"deadline": float("nan")}, "deadline"),
        ({"seed": -1}, "seed"),
        ({"evaluations": 0}, "evaluations"),
        ({"population": 3}, "population"),
        ({"time_limit": float("nan")}, "time_limit"),
        ({"time_limit": -1}, "time_limit"),
        ({"first": "nobody"}, "first: expected one of landlord, tenant"),
        ({"space": "huge"}, "space: expected a PolicySpace or one of"),
        ({"method": "luck"}, "method: expected one of cma, de, random"),
        ({"method": None}, "method"),
        ({"objective": "most"}, "objective: expected an Objective or one of"),
        ({"deadline": []}, "deadline: expected at least one"),
        ({"deadline": [5, 0]}, "deadline: expected a whole number >= 1"),
        ({"deadline": "9"}, "deadline"),
        ({"reservations": []}, "reservations: expected at least one"),
        ({"reservations": [1.0]}, r"reservations\[0\]: expected a share in"),
        ({"reservations": 0.5}, "reservations"),
        ({"repetitions": 0}, "repetitions"),
        ({"held_out_problems": []}, "held_out_problems: expected at least one"),
        ({"held_out_problems": "rental"}, "held_out_problems: expected a problem or several"),
        ({"validation_problems": [3]}, r"validation_problems\[0\]: expected a BargainingProblem"),
        ({"validation": [POOL[0]]}, r"validation\[0\]: expected a policy that is not in the pool"),
        ({"validation": [TimeDependent(0.1, 0.1)]}, r"validation\[0\].* not held out"),
        ({"checkpoint": 3}, "checkpoint: expected a path"),
        ({"checkpoint": "/nowhere/at/all"}, "checkpoint: expected a file in a folder"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_by_name(changes, says):
    with pytest.raises(InvalidArgumentError, match=says):
        searched(**changes)


def test_problems_that_cannot_be_searched_are_refused():
    for problem, error in (
        (one_choice([[1, 2, 3]]), UnsupportedProblemError),
        (continuous([[[0, 1], [1, 0]]]), UnsupportedProblemError),
        (one_choice([[3, 0]], [4, 0]), NoAgreementZoneError),
    ):
        with pytest.raises(error):
            evolve(problem, party=0, opponents=POOL, deadline=3)
