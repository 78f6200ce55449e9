"""Tournaments go on from what they kept, to the same bytes, and from nothing else."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.play.checkpoint import policy_digest, problem_digest
from tests.play.pies import POINTS, Fixed, pie
from tests.play.test_listed import huge
from tests.problems import one_choice

blocks_of = sys.modules["bargain.play.tournament_blocks"]

MIXED = ["boulware", "conceder", "micro", "tit_for_tat", "random"]


def test_a_tournament_that_was_interrupted_keeps_what_is_finished(monkeypatch, tmp_path):
    options = {"deadline": [5, 9], "seed": 1, "repetitions": 2}
    names = ["rental", "employment"]
    whole = bg.tournament(names, MIXED, **options)
    play, count = blocks_of.Arena.play, []

    def until(self, *given):
        if len(count) == 3:
            raise KeyboardInterrupt
        count.append(given)
        return play(self, *given)

    target = tmp_path / "kept.npz"
    monkeypatch.setattr(blocks_of.Arena, "play", until)
    part = bg.tournament(names, MIXED, **options, checkpoint=target)
    assert part.stopped == "interrupted"
    assert "interrupted: 3 of 4" in str(part)
    n = len(part)
    assert part.results.tobytes() == whole.results[:n].tobytes()
    assert np.isfinite(part.payoffs).all()
    monkeypatch.setattr(blocks_of.Arena, "play", play)
    rest = bg.tournament(names, MIXED, **options, checkpoint=target)
    assert rest.stopped == "complete"
    assert rest.results.tobytes() == whole.results.tobytes()
    # nothing is left to play
    monkeypatch.setattr(blocks_of.Arena, "play", lambda *_: pytest.fail("played again"))
    again = bg.tournament(names, MIXED, **options, checkpoint=target)
    assert again.results.tobytes() == whole.results.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]


def test_rows_beyond_2_to_the_63_are_kept(monkeypatch, tmp_path):
    options = {"deadline": [5, 30], "seed": 1, "checkpoint": tmp_path / "kept.npz"}
    problems = {"huge": huge(20), "rental": bg.load("rental")}
    found = bg.tournament(problems, ["boulware", "conceder"], **options)
    monkeypatch.setattr(blocks_of.Arena, "play", lambda *_: pytest.fail("played again"))
    again = bg.tournament(problems, ["boulware", "conceder"], **options)
    assert max(again.results["row"]) > 2**63
    assert again.results.dtype == found.results.dtype
    # NaN among utilities: of seats and distances that are not there
    assert repr(again.results.tolist()) == repr(found.results.tolist())
    problems["huge"] = huge(20, seed=1)
    with pytest.raises(InvalidArgumentError, match="huge is not the same"):
        bg.tournament(problems, ["boulware", "conceder"], **options)


def test_an_interrupt_before_anything_is_finished_is_an_interrupt(monkeypatch):
    def at_once(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(blocks_of.Arena, "play", at_once)
    with pytest.raises(KeyboardInterrupt):
        bg.tournament("rental", ["linear"], deadline=3)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seed": 2}, "seeds"),
        ({"deadline": 6}, "deadlines"),
        (
            {"policies": ["linear", "micro"]},
            "policies differ: 'linear' there, 'linear, micro' here",
        ),
        ({"policies": {"linear": bg.TimeDependent(beta=2)}}, "policies differ: linear is not"),
        ({"problems": ["employment"]}, "problems differ"),
        ({"problems": {"rental": pie()}}, "problems differ: rental is not the same"),
        ({"repetitions": 2}, "repetitions"),
        ({"breakdown": 0.5}, "breakdown"),
        ({"against": ["micro"]}, "opponents"),
        ({"first": 0}, "openers"),
    ],
)
def test_a_checkpoint_of_another_tournament_is_refused_by_name(tmp_path, changes, says):
    options = {"problems": ["rental"], "policies": ["linear"], "deadline": 5, "seed": 1}
    target = tmp_path / "kept.npz"
    bg.tournament(**options, checkpoint=target)
    before = target.read_bytes()
    with pytest.raises(InvalidArgumentError, match=says) as caught:
        bg.tournament(**{**options, **changes}, checkpoint=target)
    assert "kept.npz" in str(caught.value)
    assert target.read_bytes() == before


def test_a_checkpoint_of_another_version_is_refused(tmp_path, monkeypatch):
    options = {"problems": "rental", "policies": ["linear"], "deadline": 5, "seed": 1}
    target = tmp_path / "kept.npz"
    bg.tournament(**options, checkpoint=target)
    before = target.read_bytes()
    monkeypatch.setattr(bg, "__version__", "99.0")
    with pytest.raises(InvalidArgumentError, match=r"versions of bargain differ: .* '99.0' here"):
        bg.tournament(**options, checkpoint=target)
    assert target.read_bytes() == before


def test_a_damaged_checkpoint_is_refused(tmp_path):
    options = {"problems": "rental", "policies": ["linear"], "deadline": [5, 6], "seed": 1}
    target = tmp_path / "kept.npz"
    bg.tournament(**options, checkpoint=target)
    whole = target.read_bytes()
    with np.load(target) as kept:
        header, sizes, results = kept["header"], kept["sizes"], kept["results"]
    # a compression that nobody knows, in the list at the end
    unknown = bytearray(whole)
    unknown[whole.rindex(b"PK\x01\x02") + 10] = 77
    cut = [whole[:length] for length in range(0, len(whole), 199)]
    for broken in (*cut, whole[:-1], b"no archive", bytes(unknown)):
        target.write_bytes(broken)
        with pytest.raises(FileFormatError, match=r"kept\.npz: expected a checkpoint"):
            bg.tournament(**options, checkpoint=target)
        assert target.read_bytes() == broken
    for held in (
        {"results": np.zeros(3)},
        {"header": header, "sizes": sizes, "results": results[::-1]},
        {"header": header, "sizes": sizes[:1], "results": results[: sizes[0]]},
        {"header": header, "sizes": sizes * 0, "results": results[:0]},
        {"header": header, "sizes": sizes, "results": np.zeros(len(results))},
    ):
        np.savez(target, **held)
        with pytest.raises(FileFormatError, match="expected a checkpoint"):
            bg.tournament(**options, checkpoint=target)
    np.save(tmp_path / "one.npy", np.zeros(3))
    (tmp_path / "one.npy").replace(target)
    with pytest.raises(FileFormatError, match="expected a checkpoint"):
        bg.tournament(**options, checkpoint=target)


class Holds(Fixed):
    """Fixed, with an object that shows nothing of itself."""

    def __init__(self, row, least):
        super().__init__(row, least)
        self.inner = object()


def test_your_own_policies_are_told_apart_in_a_checkpoint(tmp_path):
    options = {"problems": pie("pie"), "deadline": 2, "seed": 1, "checkpoint": tmp_path / "k.npz"}
    found = bg.tournament(policies={"mine": Fixed(2, 5)}, **options)
    again = bg.tournament(policies={"mine": Fixed(2, 5)}, **options)
    assert again.results.tobytes() == found.results.tobytes()
    with pytest.raises(InvalidArgumentError, match="policies differ: mine is not the same"):
        bg.tournament(policies={"mine": Fixed(1, 5)}, **options)
    with pytest.raises(InvalidArgumentError, match=r"policies\['mine'\]: expected a policy that"):
        bg.tournament(policies={"mine": Holds(1, 5)}, **options)
    long = [np.arange(5000.0), np.arange(5000.0)]
    long[1][2500] = 0.5
    digests = {policy_digest("policy", Fixed(row, 0)) for row in long}
    assert len(digests) == 2


def test_problems_are_told_apart_by_all_that_a_session_depends_on():
    plain = pie()
    changed = [
        pie(d=(1, 0)),
        one_choice([*POINTS[:-1], (2, 2)]),
        bg.BargainingProblem(plain.space, plain.profiles, discount_factors=(0.5, 1)),
        bg.BargainingProblem(plain.space, plain.profiles, costs=(0, 0.5)),
        bg.BargainingProblem(
            plain.space, plain.profiles, constraints=[bg.Forbidden({"pick": "o0"})]
        ),
    ]
    # the same worth to all, called otherwise: scripts name values, and likeness compares them
    named = {f"x{i}": point for i, point in enumerate(POINTS)}
    worths = [{"pick": {name: point[j] for name, point in named.items()}} for j in (0, 1)]
    parties = {f"p{j}": bg.AdditiveUtility(worth) for j, worth in enumerate(worths)}
    changed.append(bg.BargainingProblem([bg.Issue.choice("pick", list(named))], parties))
    assert (changed[-1].utilities() == plain.utilities()).all()
    assert len({problem_digest(problem) for problem in [plain, *changed]}) == 7
