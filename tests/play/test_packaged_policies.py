"""The policies that ship: they load, say how they were found, and are found again."""

from __future__ import annotations

import json
import shlex
from importlib.resources import files

import jsonschema
import pytest
import typer.main
from typer.testing import CliRunner

import bargain as bg
from bargain.cli import app
from bargain.cli.options import policies_given
from bargain.files.collection import load_all
from bargain.play.labels import described_by_fields, label
from bargain.search.artefact import _versions
from benchmarks import evolve_portfolio, portfolio

NAMES = bg.packaged_policies()
KEPT = {name: bg.load_artefact(name) for name in NAMES}
RENTAL = bg.load("rental")


def words_of(name):
    return shlex.split(KEPT[name].found.command)


def test_there_is_one_for_every_side_length_and_pool():
    expected = {
        f"{side}-{length}-{pool}"
        for side in ("buyer", "seller")
        for length in ("short", "long")
        for pool in ("cooperative", "tough")
    }
    assert set(NAMES) == expected
    assert list(NAMES) == sorted(NAMES)
    assert len({kept.policy for kept in KEPT.values()}) == 8


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_policy_is_whole(name):
    text = files("bargain").joinpath("library", "policies", f"{name}.json").read_text("utf-8")
    content = json.loads(text)
    jsonschema.validate(content, bg.policy_schema())
    kept = KEPT[name]
    # reading has compared the hash already
    assert kept.hash == content["hash"]
    assert bg.load_policy(name) == kept.policy == bg.policy_from_name(name)
    assert label(kept.policy) == name
    assert described_by_fields(kept.policy).startswith("adaptive: ")
    # what the other side wants is learnt, never looked up
    assert kept.policy.by == "smith"


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_policy_says_under_which_conditions_it_was_found(name):
    side, length, _ = name.split("-")
    known = KEPT[name].found
    assert known.party == {"seller": "a", "buyer": "b"}[side]
    assert known.first == "a"
    assert known.deadlines == {"short": (9, 12), "long": (40, 61)}[length]
    assert known.stopped == "budget"
    assert known.exploitability_at_most >= known.exploitability >= 0
    parts = (known.train, known.validation, known.held_out)
    digests = [{problem.digest for problem in part.problems} for part in parts]
    assert [len(part) for part in digests] == [36, 12, 12]
    assert not digests[0] & digests[1] | digests[0] & digests[2] | digests[1] & digests[2]
    met = [set(part.opponents) for part in parts]
    assert not met[0] & met[1] | met[0] & met[2] | met[1] & met[2]
    for opponent in ("tit_for_tat", "micro", "trade_off", "nice_tit_for_tat"):
        assert bg.policy_from_name(opponent) not in met[0] | met[1]
    assert 0 < known.held_out.share < 1
    for part in parts:
        for low, high in (part.share_interval, part.agreement_interval):
            assert 0 <= low <= high <= 1


@pytest.mark.parametrize("name", NAMES)
def test_its_command_can_be_read_and_says_what_the_file_says(name):
    words = words_of(name)
    assert words[:2] == ["bargain", "evolve"]
    command = typer.main.get_command(app).commands["evolve"]
    given = command.make_context("evolve", words[2:]).params
    # what makes all of them anew makes this one
    assert given == command.make_context("evolve", evolve_portfolio.command(name)[2:]).params
    known = KEPT[name].found
    assert given["seed"] == int(known.seed.entropy[0])
    assert given["evaluations"] == known.evaluations
    assert given["deadline"] == ",".join(str(rounds) for rounds in known.deadlines)
    assert (given["party"], given["first"]) == (known.party, known.first)
    assert given["out"] is None
    assert not given["problem"]
    for option, tried in (
        ("against", known.train),
        ("validation", known.validation),
        ("held_out", known.held_out),
    ):
        assert tuple(policies_given(given[option])) == tried.opponents


@pytest.mark.parametrize("domain", ["barter_b", "england_zimbabwe", "fifty_fifty_b"])
def test_short_ones_gain_more_than_boulware_on_published_domains(shared_data, domain):
    folder = shared_data / "genius" / domain
    if not folder.is_dir():
        pytest.skip(f"the domain is not at {folder}")
    (problem,) = load_all([str(folder)], notice=lambda said: None).values()
    shares = portfolio.measured(problem)[0, :, :, 0].mean(axis=1)
    names = [*portfolio.POOLS, *portfolio.CLASSIC]
    by_name = dict(zip(names, shares.tolist(), strict=True))
    assert min(by_name["tough"], by_name["cooperative"]) > by_name["boulware"] > by_name["conceder"]


@pytest.mark.slow
def test_the_command_of_the_quickest_finds_the_same_policy_again(tmp_path):
    name = "seller-short-cooperative"
    known = KEPT[name].found
    here, there = _versions(), dict(known.versions)
    for one in ("cmaes", "numpy", "numba"):
        if here[one] != there[one]:
            pytest.skip(f"{name} was found with {one} {there[one]}, here is {here[one]}")
    again = tmp_path / "again.json"
    done = CliRunner().invoke(app, [*words_of(name)[1:], "--out", str(again), "--json"])
    assert done.exit_code == 0, done.output
    found = bg.load_artefact(again)
    assert found.policy == KEPT[name].policy
    assert found.found.train == known.train
    assert found.found.held_out == known.held_out
    assert found.found.exploitability == known.exploitability
    assert found.found.command == known.command
    if here == there:
        assert found.hash == KEPT[name].hash


def test_names_go_wherever_policies_are_named():
    session = bg.alternating_offers(RENTAL, ("seller-short-tough", "linear"), deadline=9)
    assert session.ended == "agreement"
    played = bg.tournament(RENTAL, ["buyer-short-tough", "boulware"], deadline=9)
    assert set(played.policies) == {"buyer-short-tough", "boulware"}
    found = bg.evolve(
        RENTAL,
        party="tenant",
        opponents=["seller-short-tough"],
        held_out=["boulware"],
        deadline=9,
        evaluations=64,
        seed=1,
    )
    assert found.train.against[0].opponent == "seller-short-tough"
    anchor = bg.Anchor(RENTAL, party="tenant", policy="buyer-short-tough", deadline=9)
    assert anchor.advise().decision == "counter"


@pytest.mark.parametrize("read", [bg.load_policy, bg.load_artefact])
def test_a_name_that_is_none_is_told_which_there_are(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("buyer-short", "a" * 5_000, "nul\0"):
        with pytest.raises(bg.FileFormatError, match=r"expected a path or one of buyer-long-coop"):
            read(name)
    # a file without a suffix is a file
    bg.MiCRO().save(tmp_path / "mine.json")
    (tmp_path / "mine.json").rename(tmp_path / "mine")
    assert read("mine") in (bg.MiCRO(), bg.PolicyArtefact(bg.MiCRO()))


def test_a_misspelt_name_of_a_policy_is_told_the_right_one():
    with pytest.raises(bg.InvalidArgumentError, match=r"did you mean buyer-short-tough\?"):
        bg.policy_from_name("buyer-short-tuff")
    with pytest.raises(bg.InvalidArgumentError, match=r"^name: expected one of boulware.*got 3$"):
        bg.policy_from_name(3)
