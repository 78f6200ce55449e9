"""Policies that a search found, as files: what is kept, and what is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import bargain as bg
from bargain.play import artefact
from bargain.play.checkpoint import problem_digest
from bargain.play.policy_file import content_hash

RENTAL = bg.load("rental")
POOL = [bg.TimeDependent(beta=0.2), bg.MiCRO(), bg.policy_from_name("trade_off")]
OPTIONS = {
    "party": "tenant",
    "deadline": [8, 12],
    "evaluations": 64,
    "seed": 1950,
    "reservations": [0.0, 0.2],
    "objective": "cvar",
}


@pytest.fixture(scope="module")
def found():
    return bg.evolve(RENTAL, opponents=POOL, validation=["conceder"], **OPTIONS)


@pytest.fixture
def content(found, tmp_path):
    """What the file of the search holds, as JSON."""
    found.save(tmp_path / "made.json")
    return json.loads((tmp_path / "made.json").read_text())


def written(content, path: Path) -> Path:
    path.write_text(json.dumps(content, indent=1))
    return path


def test_a_search_is_kept_with_its_conditions_and_scores(found, tmp_path):
    path = tmp_path / "tenant.policy.json"
    found.save(path, exploitability=0.125)
    assert bg.load_policy(path) == found.policy
    kept = bg.load_artefact(path)
    assert kept == found.artefact(exploitability=0.125)
    known = kept.found
    assert (known.party, known.deadlines, known.first) == ("tenant", (8, 12), "both")
    assert (known.reservations, known.objective["measure"]) == ((0.0, 0.2), "cvar")
    assert (known.evaluations, known.population, known.exploitability) == (64, 64, 0.125)
    assert known.train.opponents == tuple(POOL)
    assert known.train.problems == (artefact.KnownProblem("rental", problem_digest(RENTAL)),)
    for name in ("train", "validation", "held_out"):
        ours, its = getattr(found, name), getattr(known, name)
        assert (its.share, its.share_interval) == (ours.share, ours.share_interval)
        assert (its.agreement_rate, its.worst) == (ours.agreement_rate, ours.worst)
    assert len(known.held_out.opponents) == 18
    assert known.versions["bargain"] == bg.__version__
    assert known.versions["numpy"] == np.__version__


def test_what_opponents_counted_is_kept(tmp_path):
    options = {"party": "tenant", "deadline": 8, "evaluations": 64, "seed": 1950}
    told = bg.evolve(RENTAL, opponents=["micro", "boulware"], weights=[1, 3], **options)
    told.save(tmp_path / "weighed.json")
    known = bg.load_artefact(tmp_path / "weighed.json").found
    assert known.train.weights == (0.5, 1.5)
    assert known.held_out.weights is None
    again = bg.evolve(
        RENTAL, opponents=known.train.opponents, weights=known.train.weights, **options
    )
    assert again.artefact().found.train == known.train


def test_a_search_can_be_repeated_from_its_file(found, tmp_path):
    found.save(tmp_path / "kept.json")
    known = bg.load_artefact(tmp_path / "kept.json").found
    sequence = np.random.SeedSequence(
        [int(word) for word in known.seed.entropy], spawn_key=known.seed.spawn_key
    )
    again = bg.evolve(
        RENTAL,
        party=known.party,
        opponents=known.train.opponents,
        validation=known.validation.opponents,
        held_out=known.held_out.opponents,
        deadline=known.deadlines,
        reservations=known.reservations,
        objective=bg.Objective(**known.objective),
        evaluations=known.evaluations,
        population=known.population,
        space=known.space,
        seed=sequence,
    )
    assert again.policy == found.policy
    assert again.artefact().found.train == known.train


def test_a_file_that_is_read_and_saved_keeps_its_bytes_and_its_hash(found, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    found.save(first)
    kept = bg.load_artefact(first)
    kept.save(second)
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text())["hash"] == kept.hash == found.artefact().hash
    assert kept.hash != found.artefact(exploitability=0.0).hash


def test_other_white_space_and_another_order_of_fields_are_the_same_content(content, tmp_path):
    turned = dict(reversed(content.items()))
    path = written(turned, tmp_path / "turned.json")
    assert bg.load_artefact(path).hash == content["hash"]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["policy"].update(beta=1.5),
        lambda content: content["found"]["train"].update(share=0.99),
        lambda content: content["found"]["versions"].update(numpy="1.0"),
        lambda content: content["found"]["train"]["opponents"].pop(),
        lambda content: content.update(hash="sha256:" + 64 * "0"),
        lambda content: content.pop("found"),
    ],
)
def test_a_file_that_was_changed_is_refused(change, content, tmp_path):
    change(content)
    path = written(content, tmp_path / "changed.json")
    for read in (bg.load_policy, bg.load_artefact):
        with pytest.raises(
            bg.FileFormatError, match=r"hash: expected sha256:.*it was changed"
        ) as no:
            read(path)
        assert str(no.value).startswith(f"{path}: ")
        assert "\n" not in str(no.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.update(extra=1), "extra: expected no such field"),
        (lambda c: c["found"].update(extra=1), "found.extra: expected no such field"),
        (
            lambda c: c["found"]["train"].update(extra=1),
            "found.train.extra: expected no such",
        ),
        (lambda c: c["found"].pop("seed"), "found.seed: expected this field"),
        (
            lambda c: c["found"].update(deadlines=["8"]),
            "found.deadlines.0: expected a valid",
        ),
        (lambda c: c["found"].update(exploitability=-1), "found.exploitability: expected greater"),
        (lambda c: c["found"]["objective"].update(measure="best"), "found.objective.measure: exp"),
        (lambda c: c["found"]["seed"].update(entropy=["0x1"]), "found.seed.entropy.0: expected"),
        (lambda c: c.pop("hash"), "hash: expected this field beside `found`, got None"),
        (lambda c: c.update(hash="1234"), "hash: expected"),
        (lambda c: c.update(bargain_policy=2), "bargain_policy: expected 1, got 2"),
    ],
)
def test_what_is_not_understood_is_refused_though_its_hash_is_right(
    change, says, content, tmp_path
):
    content["hash"] = content_hash(content)
    before = deepcopy(content)
    change(content)
    if content.get("hash") == before["hash"]:
        content["hash"] = content_hash(content)
    path = written(content, tmp_path / "odd.json")
    with pytest.raises(bg.FileFormatError) as refused:
        bg.load_artefact(path)
    assert str(refused.value).startswith(f"{path}: {says}")
    assert "\n" not in str(refused.value)


def test_a_policy_that_nobody_searched_for_has_no_more_than_itself(tmp_path):
    path = tmp_path / "plain.json"
    bg.TimeDependent(beta=0.5).save(path)
    assert sorted(json.loads(path.read_text())) == ["bargain_policy", "policy"]
    assert bg.load_artefact(path) == bg.PolicyArtefact(bg.TimeDependent(beta=0.5))
    # by hand: no hash, so it may be edited
    path.write_text(path.read_text().replace("0.5", "0.25"))
    assert bg.load_policy(path) == bg.TimeDependent(beta=0.25)


def test_exploitability_is_kept_with_what_is_known_of_it(found):
    measured = bg.exploitability(found.policy, RENTAL, party="tenant", deadline=8)
    assert measured.exact
    kept = found.artefact(exploitability=measured).found
    assert kept.exploitability == kept.exploitability_at_most == measured.gain.value
    searched = bg.exploitability(
        found.policy, RENTAL, party="tenant", deadline=8, how="search", evaluations=64, seed=1
    )
    kept = found.artefact(exploitability=searched, command="made by hand").found
    assert kept.exploitability == searched.gain.value
    assert kept.exploitability_at_most == searched.gain_at_most
    assert kept.command == "made by hand"
    assert found.artefact(exploitability=0.1).found.exploitability_at_most is None
    assert found.artefact().found.command is None
    other = bg.exploitability("linear", RENTAL, party="tenant", deadline=8)
    with pytest.raises(bg.InvalidArgumentError, match="expected that of the policy found"):
        found.artefact(exploitability=other)


@pytest.mark.parametrize("exploitability", [-0.1, float("nan"), float("inf"), "0"])
def test_exploitability_is_a_finite_number_from_0(exploitability, found, tmp_path):
    with pytest.raises(bg.InvalidArgumentError, match="exploitability: expected a finite number"):
        found.save(tmp_path / "odd.json", exploitability=exploitability)
    assert not (tmp_path / "odd.json").exists()


def test_the_published_schema_is_up_to_date_and_describes_the_files(content):
    place = Path(artefact.__file__).with_name("policy.schema.json")
    schema = json.loads(place.read_text(encoding="utf-8"))
    assert schema == bg.policy_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema)
    jsonschema.validate(bg.PolicyArtefact(bg.MiCRO()).to_dict(), schema)
    content["found"]["extra"] = 1
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        jsonschema.validate(content, schema)
