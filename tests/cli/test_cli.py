"""The command line as its users meet it: output, exit status, one line of error."""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

import bargain as bg
from bargain.cli import app
from tests.problems import one_choice

COMMANDS = [
    "solve",
    "frontier",
    "play",
    "tournament",
    "equilibrium",
    "evolve",
    "exploit",
    "policies",
    "advise",
    "redteam",
    "serve",
    "explain",
    "lint",
    "convert",
]  # fmt: skip


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def ok(*arguments, stdin=None):
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(*arguments, stdin=None):
    return json.loads(ok(*arguments, "--json", stdin=stdin))


@pytest.mark.parametrize("lotteries", [[], ["--lotteries"]])
def test_solve_and_frontier_verify_their_proofs(lotteries):
    text = ok("solve", "rental", "--verify", *lotteries)
    assert text.count("holds: ") == 4
    assert "holds: " in ok("frontier", "rental", "--verify", *lotteries)
    found = answer("solve", "rental", "--verify", *lotteries)
    checks = [solution["verification"] for solution in found["solutions"]]
    assert sum(check["holds"] for check in checks) == 4
    assert all(check["holds"] or check["status"] == "not checked" for check in checks)
    assert answer("frontier", "rental", "--verify", *lotteries)["verification"]["holds"]
    assert "verification" not in answer("frontier", "rental")


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_proof_that_does_not_hold_is_a_failed_computation(how, monkeypatch):
    wrong = bg.Verification(False, "all of it", "made up")
    monkeypatch.setattr(bg.Certificate, "verify", lambda self: wrong)
    for command in ("solve", "frontier"):
        result = run(command, "rental", "--verify", *how)
        assert result.exit_code == 1
        assert "made up" in result.stdout


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_proof_that_is_out_of_reach_of_a_check_is_no_failure(how, monkeypatch):
    unknown = bg.Verification(False, "out of reach of an independent check: too many outcomes")
    monkeypatch.setattr(bg.Certificate, "verify", lambda self: unknown)
    for command in ("solve", "frontier"):
        text = ok(command, "rental", "--verify", *how)
        assert "not checked" in text
        assert "too many outcomes" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_shows_an_example(command):
    text = ok(command, "--help")
    assert "Example:" in text
    assert f"bargain {command}" in text
    assert "--json" in text


def test_solve_shows_the_published_answer_of_the_rental():
    text = ok("solve", "rental")
    assert "Nash = Kalai-Smorodinsky = egalitarian" in text
    assert "3,100 (3,100)" in text
    solved = answer("solve", "rental")
    assert solved["ideal_point"] == [3900, 3900]
    assert solved["solutions"][0]["utilities"] == {"landlord": 3100, "tenant": 3100}


def test_solve_takes_weights_and_discount_factors():
    solved = answer("solve", "divide_the_dollar", "--weights", "0.3,0.7", "--discount", "0.9,0.8")
    by_concept = {entry["concept"]: entry for entry in solved["solutions"]}
    assert list(by_concept["weighted Nash"]["utilities"].values()) == pytest.approx([0.3, 0.7])
    rubinstein = list(by_concept["Rubinstein"]["utilities"].values())
    assert rubinstein == pytest.approx([0.714286, 0.285714], abs=1e-6)


def test_solve_takes_costs_of_waiting_and_names_an_interval_of_equilibria():
    def rubinstein(*arguments):
        concepts = answer("solve", *arguments)["solutions"]
        (found,) = [entry for entry in concepts if entry["concept"] == "Rubinstein"]
        return found

    shares = rubinstein("divide_the_dollar", "--cost", "0.2,0.1")["utilities"]
    assert list(shares.values()) == pytest.approx([0.1, 0.9])
    text = ok("solve", "divide_the_dollar", "--cost", "0.1,0.1")
    assert "many equilibria" in " ".join(text.split())
    both = run("solve", "divide_the_dollar", "--cost", "0.1,0.1", "--discount", "0.9,1")
    assert both.exit_code == 2
    assert "a discount factor or a cost" in both.stderr


def test_solve_reads_costs_from_the_file_where_they_count_per_round(tmp_path):
    dollar = bg.load("divide_the_dollar")
    for unit, shown in (("round", True), ("session", False)):
        parties = [replace(party, cost=0.1, cost_per=unit) for party in dollar.profiles]
        bg.save(bg.BargainingProblem(dollar.space, parties), tmp_path / "paid.yaml")
        solved = answer("solve", tmp_path / "paid.yaml")["solutions"]
        assert ("Rubinstein" in [entry["concept"] for entry in solved]) == shown


def test_solve_shows_raiffa_and_perles_maschler_where_the_set_is_convex():
    def concepts(*arguments):
        return [entry["concept"] for entry in answer("solve", *arguments)["solutions"]]

    assert concepts("divide_the_dollar")[-2:] == ["Raiffa", "Perles-Maschler"]
    assert concepts("rental", "--lotteries")[-2:] == ["Raiffa", "Perles-Maschler"]
    assert "Raiffa" not in concepts("rental")


def test_a_degenerate_problem_is_still_json(tmp_path):
    share = bg.Issue.continuous("share", 0, 1)
    problem = bg.BargainingProblem(
        [share],
        {"a": bg.AdditiveUtility({"share": bg.Linear(0, 1)}),
         "b": bg.AdditiveUtility({"share": bg.Linear(1, 0)})},
        disagreement_point=(1, 0),
    )  # fmt: skip
    bg.save(problem, tmp_path / "edge.yaml")
    solved = answer("solve", tmp_path / "edge.yaml")
    assert "degenerate" in solved["solutions"][0]["certificate"]["note"]
    assert "degenerate" in ok("solve", tmp_path / "edge.yaml")


def test_frontier_counts_and_limits():
    assert len(answer("frontier", "rental")["points"]) == 13
    assert "10 more" in ok("frontier", "rental", "--limit", "3")
    assert answer("frontier", "rental", "--lotteries")["is_chain"]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Forty issues of ten values, each worth to one party what it costs the other."""
    issues = [bg.Issue.integer(f"clause {k}", 0, 9) for k in range(40)]
    one = bg.AdditiveUtility({i.name: bg.Linear(0, k + 1) for k, i in enumerate(issues)})
    other = bg.AdditiveUtility({i.name: bg.Linear(k % 7 + 1, 0) for k, i in enumerate(issues)})
    path = tmp_path_factory.mktemp("large") / "large.yaml"
    bg.save(bg.BargainingProblem(issues, {"one": one, "other": other}), path)
    return path


def test_a_space_of_10_to_the_40_is_shown_so_that_it_can_be_read(large):
    assert "10^40 outcomes" in ok("solve", large)
    text = ok("frontier", large, "--limit", "2", "--epsilon", "0.01")
    assert "40 issues are too many to show; --json has them" in text
    assert "clause" not in text
    assert max(map(len, text.splitlines())) <= 100
    points = answer("frontier", large, "--epsilon", "0.01")["points"]
    assert len(points[0]["outcome"]) == 40


def test_options_for_large_problems_are_checked_by_name():
    assert "epsilon: expected" in run("frontier", "rental", "--epsilon", "2").stderr
    for command in ("solve", "frontier"):
        assert "time_limit: expected" in run(command, "rental", "--time-limit", "0").stderr


def test_a_frontier_over_many_issues_is_shown_with_all_its_digits(tmp_path):
    weights = [0.123456, 0.2, 0.3, 0.1, 0.05, 0.06, 0.07, 0.08, 0.016544]
    issues = [{"name": f"issue {k}", "values": ["left", "right"]} for k in range(len(weights))]
    parties = [
        {
            "name": name,
            "utility": {
                "additive": {
                    f"issue {k}": {"weight": weight, "table": {best: 1, other: 0}}
                    for k, weight in enumerate(weights)
                }
            },
        }
        for name, best, other in (("ann", "left", "right"), ("bob", "right", "left"))
    ]
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"bargain": 1, "issues": issues, "parties": parties}))
    text = ok("frontier", path, "--limit", "1000")
    # one issue to bob alone, all others to ann
    assert "0.876544" in text
    assert "0.123456" in text
    assert "issue 0 right" in " ".join(text.split())
    assert "…" not in text


ORDER = """
bargain: 1
issues: [{name: days, low: 0, high: 9, step: 1}, {name: gift, values: [none, pen]}]
parties:
  - name: buyer
    reservation_value: 1
    utility:
      crra:
        aversion: 0.5
        wealth: 1
        of:
          additive:
            days: {linear: [9, 0]}
            gift: {table: {none: 0, pen: 2}}
          interactions: [{first: days, second: gift, worths: [[0, pen, 3]]}]
  - name: seller
    utility:
      rectangles:
        - {worth: 4, bounds: {days: {at_least: 3}}}
        - {worth: 2, outside: true, bounds: {gift: pen}}
      scale: 2
      ceiling: 2.5
"""


def test_a_file_of_richer_utilities_is_solved_played_advised_on_and_kept(tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(ORDER)
    (nash,) = (s for s in answer("solve", path)["solutions"] if s["concept"] == "Nash")
    # gains of 2 sqrt(1 + 6) - 1 and 2.5 without the pen, 2 sqrt(1 + 8) - 1 and 2 with it
    assert nash["outcome"] == {"days": 3, "gift": "none"}
    assert nash["utilities"] == pytest.approx({"buyer": 2 * 7**0.5, "seller": 2.5})
    assert "holds: " in ok("solve", path, "--verify", "--lotteries")
    assert "agreement in round" in ok("play", path)
    assert "gift pen" in ok("advise", path, "--party", "buyer")
    ok("convert", path, tmp_path / "order.json")
    assert answer("solve", tmp_path / "order.json") == answer("solve", path)
    result = run("convert", path, tmp_path / "genius", "--to", "genius")
    assert result.exit_code == 2
    assert "GENIUS cannot express the CRRA of 'buyer'" in result.stderr


def test_play_tells_how_it_ended():
    played = answer("play", "rental", "--policies", "boulware,conceder", "--first", "tenant")
    assert played["ended"] == "agreement"
    assert played["offers"][0]["party"] == "tenant"
    assert "agreement in round" in ok("play", "rental")


@pytest.mark.parametrize(
    ("arguments", "way"),
    [
        (["play", "chair"], "[on the command line: --grid POINTS]"),
        (["tournament", "chair"], "[on the command line: --grid POINTS]"),
        (["explain", "chair"], ""),
    ],
)
def test_a_way_out_is_one_that_the_command_has(arguments, way):
    refused = run(*arguments, stdin="null")
    assert "--lotteries" not in refused.stderr
    assert way in refused.stderr


@pytest.mark.parametrize("name", ["picture.xyz", "picture", "picture.jpeg.txt"])
@pytest.mark.parametrize(
    "command",
    [
        ["solve", "rental"],
        ["frontier", "rental"],
        ["play", "rental"],
        ["tournament", "rental"],
        ["evolve", "rental"],
        ["equilibrium", "game.csv"],
    ],
    ids=lambda command: command[0],
)
def test_a_picture_of_no_known_kind_is_refused_before_any_work(command, name, tmp_path):
    # what there is to work on does not even exist
    begun = [command[0], str(tmp_path / "nothing.yaml")]
    refused = run(*begun, "--plot", tmp_path / name)
    assert refused.exit_code == 2
    assert "--plot: expected a file ending in .png, .svg or .pdf" in refused.stderr


def test_what_stands_beside_a_packaged_name_is_named():
    refused = run("solve", "rental", "extra")
    assert refused.exit_code == 2
    assert "expected nothing beside 'rental', a packaged problem, got 'extra'" in refused.stderr


def test_continuous_issues_are_played_on_a_grid_when_asked():
    played = answer("play", "supply_contract", "--grid", "3")
    assert played["agreement"]["price"] in (80, 100, 120)
    assert answer("advise", "supply_contract", "--grid", "3", stdin="[]")["decision"] == "counter"


def readme_problem():
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    return text.split("```yaml\n")[1].split("```")[0]


def test_the_problem_of_the_readme_is_solved_played_and_advised_on(tmp_path):
    path = tmp_path / "gig.yaml"
    path.write_text(readme_problem(), encoding="utf-8")
    assert "every combination of choices" in ok("solve", path, "--json")
    ok("solve", path, "--plot", tmp_path / "gig.png")
    assert answer("frontier", path, "--grid", "13")["points"]
    assert answer("play", path, "--grid", "13")["ended"] == "agreement"
    ok("evolve", path, "--grid", "5", "--evaluations", "64")
    odd = [{"party": "client", "outcome": {"price": 6543.21, "weeks": 9, "revisions": "two"}}]
    common = ("advise", path, "--party", "freelancer", "--policy", "conceder", "--deadline", "1")
    assert answer(*common, "--grid", "5", stdin=json.dumps(odd))["decision"] == "accept"
    assert answer(*common, stdin=json.dumps(odd))["decision"] == "accept"
    refused = run(*common, "--other", "unknown", stdin="[]")
    assert refused.exit_code == 2
    assert "--grid" in refused.stderr


def test_a_search_whose_result_could_not_be_saved_is_not_begun(tmp_path):
    result = run("evolve", "rental", "--out", tmp_path / "no" / "policy.json")
    assert result.exit_code == 2
    assert "--out" in result.stderr
    assert "best share" not in result.stderr


def test_default_opponents_can_all_be_agreed_with(tmp_path):
    from bargain.cli.options import default_pool

    problem = bg.BargainingProblem(
        [bg.Issue.integer("share", 0, 100)],
        {"a": bg.AdditiveUtility({"share": bg.Linear(0, 1)}),
         "b": bg.AdditiveUtility({"share": bg.Linear(1, 0)})},
        disagreement_point=(0.6, 0),
    )  # fmt: skip
    modest = bg.TimeDependent(beta=5)
    for opponent in default_pool(problem, "a"):
        session = bg.alternating_offers(problem, (modest, opponent), deadline=20)
        assert session.ended == "agreement"


def test_evolve_saves_a_policy_that_advise_uses(tmp_path):
    path = tmp_path / "tenant.policy.json"
    common = ("evolve", "rental", "--party", "tenant", "--evaluations", "300", "--seed", "7")
    shown = ok(*common, "--out", path)
    # of the search, and of what was held out
    row = next(line for line in shown.splitlines() if "hardliner " in line)
    assert (row.count("%"), shown.count("agreed")) == (2, 2)
    assert answer(*common)["policy"] == json.loads(path.read_text())["policy"]
    kept = bg.load_artefact(path)
    assert kept.found.party == "tenant"
    assert (kept.found.seed.entropy, kept.found.evaluations) == (("7",), 300)
    # a file that was changed is no policy for any command
    odd = tmp_path / "odd.policy.json"
    odd.write_text(path.read_text().replace('"evaluations": 300', '"evaluations": 30'))
    refused = run("advise", "rental", "--party", "tenant", "--policy", odd)
    assert (refused.exit_code, "was changed after it was saved" in refused.stderr) == (2, True)
    advised = answer("advise", "rental", "--party", "tenant", "--policy", path, stdin="[]")
    jsonschema.validate(advised, bg.advice_schema())
    assert advised["reasons"] == ["opening"]


def test_the_table_of_a_search_fits_80_columns_and_cuts_nothing():
    from io import StringIO

    from rich.console import Console

    from bargain.cli.tables import search_table

    found = bg.evolve(
        bg.load("rental"), party="tenant", opponents=["linear", "boulware"],
        held_out=["micro", "conceder"], validation=["tit_for_tat"], deadline=6, evaluations=64,
        seed=1,
    )  # fmt: skip
    out = Console(width=80, file=StringIO())
    out.print(search_table(found))
    shown = out.file.getvalue()
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= 80
    for tried in (found.train, found.held_out):
        low, high = tried.share_interval
        assert f"{tried.share:.3f}  {low:.3f} to {high:.3f}" in shown
    names = shown.replace(",", " ").split()
    for name in found.baselines:
        assert set(name.replace(",", " ").split()) <= set(names)
    assert f"by validation: {found.validation.share:.4f}" in shown
    assert "upper bound" in shown


def test_evolve_searches_other_spaces_by_other_methods_and_goes_on(tmp_path):
    path = tmp_path / "search.npz"
    common = ("evolve", "rental", "--party", "tenant", "--against", "linear,micro")
    common += ("--space", "adaptive", "--method", "cma", "--objective", "cvar")
    common += ("--deadline", "6,12", "--reservations", "0,0.3", "--validation", "boulware")
    first = answer(*common, "--evaluations", "32", "--checkpoint", path)
    assert (first["space"], first["method"], first["deadlines"]) == ("adaptive", "CMA-ES", [6, 12])
    assert first["objective"]["measure"] == "cvar"
    assert first["validation"]["against"][0]["opponent"] == "boulware"
    resumed = answer(*common, "--evaluations", "64", "--checkpoint", path)
    assert resumed["evaluations"] == 64
    assert resumed["history"]["best"][:2] == first["history"]["best"]
    shown = ok("evolve", "rental", "--evaluations", "64", "--checkpoint", tmp_path / "b.npz")
    for words in ("95 % interval", "random search", "upper bound", "found by", "kept:"):
        assert words in shown
    for wrong in (("--space", "huge"), ("--method", "luck"), ("--reservations", "2")):
        assert run("evolve", "rental", *wrong).exit_code == 2


DRAWN = ("evolve", "--random", "3", "--sizes", "3,3", "--sizes", "6", "--opposition", "0,1")
DRAWN += ("--disagreement", "0.1", "--deadline", "6", "--first", "b", "--party", "a")


def test_evolve_draws_problems_and_keeps_some_apart(tmp_path):
    path = tmp_path / "drawn.json"
    pool = ("--against", "linear:floor=0.3,adaptive:floor=0.6:beta=0.5:reciprocity=0.5")
    common = (*DRAWN, *pool, "--held-out", "micro", "--evaluations", "64", "--seed", "3")
    common += ("--space", "adaptive", "--by", "smith", "--exploit", "32")
    found = answer(*common, "--out", path)
    assert found["policy"]["by"] == "smith"
    kept = bg.load_artefact(path)
    known = kept.found
    assert known.train.opponents == (
        bg.TimeDependent(floor=0.3),
        bg.Adaptive(floor=0.6, beta=0.5, reciprocity=0.5),
    )
    parts = [known.train.problems, known.validation.problems, known.held_out.problems]
    assert [len(part) for part in parts] == [2, 2, 2]
    assert len({problem.digest for part in parts for problem in part}) == 6
    assert (known.party, known.first) == ("a", "b")
    assert known.exploitability == max(found["exploitability"]["gain"]["value"], 0)
    assert known.exploitability_at_most >= known.exploitability
    # the command in the file makes the same file, wherever it is saved
    words = shlex.split(known.command)
    assert words[0] == "bargain"
    ok(*words[1:], "--out", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()
    other = answer(*words[1:-4], "--seed", "4")
    assert other["policy"] != found["policy"]


def test_the_command_in_a_file_has_what_was_given_and_nothing_else(tmp_path):
    path = tmp_path / "tenant.json"
    ok("evolve", "rental", "--party", "tenant", "--evaluations", "64", "--out", path, "--json")
    command = bg.load_artefact(path).found.command
    assert command == "bargain evolve rental --party tenant --evaluations 64"
    shown = ok("policies", path)
    assert f"to find it again: {command}" in shown
    assert bg.load_artefact(path).hash in shown


def test_policies_lists_names_and_shows_what_is_known_of_one():
    listed = ok("policies")
    for name in ("boulware", "nice_tit_for_tat", *bg.packaged_policies()):
        assert name in listed
    told = answer("policies")
    assert told["buyer-short-tough"] == bg.load_artefact("buyer-short-tough").to_dict()
    assert told["micro"] == bg.PolicyArtefact(bg.MiCRO()).to_dict()
    shown = ok("policies", "buyer-short-tough")
    for words in ("adaptive: ", "held out: share", "a best response gains", "to find it again"):
        assert words in shown
    assert ok("policies", "linear:floor=0.3") == "beta 1, floor 0.3\n"
    assert answer("policies", "seller-long-tough")["found"]["first"] == "a"


def test_exploit_says_what_a_best_response_gains():
    common = ("conceder", "rental", "--party", "tenant", "--deadline", "10")
    found = answer("exploit", *common)
    assert (round(found["gain"]["value"], 4), found["exact"]) == (0.2692, True)
    assert "no policy gains more" in ok("exploit", *common)
    known = answer("exploit", *common, "--reference", "boulware", "--first", "landlord")
    assert known["gain"]["value"] == 0
    searched = answer(
        "exploit", "buyer-short-tough", "rental", "--party", "tenant", "--deadline", "6",
        "--evaluations", "64", "--space", "time_dependent",
    )  # fmt: skip
    assert not searched["exact"]
    assert 0 <= searched["gain"]["value"] <= searched["gain_at_most"]


def test_the_response_that_exploit_saves_plays(tmp_path):
    path = tmp_path / "response.json"
    common = ("tit_for_tat", "rental", "--party", "tenant", "--deadline", "6")
    ok("exploit", *common, "--how", "search", "--evaluations", "64", "--out", path)
    assert answer("play", "rental", "--policies", f"{path},tit_for_tat", "--deadline", "6")


def test_advise_reads_the_history_and_keeps_the_private_part_apart(tmp_path):
    offer = {"rent": 3100, "deposit": 500, "start": "July 1", "length": "1 month"}
    history = json.dumps([{"party": "landlord", "outcome": offer}])
    (tmp_path / "history.json").write_text(history)
    common = ("advise", "rental", "--party", "tenant")
    assert ok(*common, stdin=history).startswith("accept (offer_meets_policy)")
    from_file = ok(*common, "--history", tmp_path / "history.json", "--public")
    shown = json.loads(from_file)
    assert (shown["decision"], len(shown["packages"])) == ("accept", 1)
    assert "private" not in shown
    assert "state" not in from_file
    assert ok(*common, stdin="").startswith("counter (opening)")


def test_advise_takes_limits_a_clock_a_model_and_a_state(tmp_path):
    offer = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
    history = json.dumps([{"party": "landlord", "outcome": offer}])
    (tmp_path / "limits.json").write_text('{"floor": 3000, "forbidden": [{"length": "2 years"}]}')
    common = ("advise", "rental", "--party", "tenant")
    told = answer(*common, "--limits", tmp_path / "limits.json", stdin=history)
    assert told["private"]["reservation"] == 3000
    assert told["reasons"][0] == "offer_below_reservation"
    learned = answer(*common, "--other", "bayesian", stdin=history)
    assert learned["private"]["opponents"]["landlord"]["kind"] == "learned"
    closes = ("--closes", "2026-03-04T09:00:00+01:00", "--skew", "60")
    half = answer(*common, *closes, "--now", "2026-03-03T08:00:00Z", stdin=history)
    assert half["private"]["closes"] == "2026-03-04T07:59:00+00:00"
    assert answer(*common, *closes, stdin="[]")["private"]["seconds_left"] is not None
    again = answer(*common, "--state", told["private"]["state"], stdin=history)
    assert again["decision"] == "counter"
    changed = answer(*common, "--state", told["private"]["state"], stdin="[]")
    assert changed["reasons"] == ["history_conflict"]
    (tmp_path / "limits.json").write_text('{"approval_below": 9999}')
    limits = ("--limits", tmp_path / "limits.json")
    assert answer(*common, *limits, stdin=history)["decision"] == "escalate"
    pending = answer(*common, *limits, stdin=history)["private"]["pending"][0]["terms"]
    approved = [{term["issue"]: term["value"] for term in pending}]
    (tmp_path / "approved.json").write_text(json.dumps(approved))
    approval = ("--approved", tmp_path / "approved.json")
    assert answer(*common, *limits, *approval, stdin=history)["decision"] == "counter"
    (tmp_path / "limits.json").write_text('{"ceiling": 3}')
    refused = run(*common, *limits, stdin=history)
    assert (refused.exit_code, "ceiling" in refused.stderr) == (2, True)


def test_advise_draws_by_chance_as_a_blur_says(tmp_path):
    blur = tmp_path / "blur.json"
    common = ("advise", "rental", "--party", "tenant", "--policy", "linear", "--deadline", "11")
    offer = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
    history = json.dumps([{"party": "landlord", "outcome": offer, "round": 4}])
    sharp = answer(*common, stdin=history)["private"]["target"]
    targets = []
    for seed in (1, 2):
        blur.write_text(json.dumps({"seed": seed, "schedule": 0.1}))
        told = answer(*common, "--blur", blur, stdin=history)
        assert told == answer(*common, "--blur", blur, stdin=history)
        assert abs(told["private"]["target"] - sharp) <= 0.1 * 3900
        targets.append(told["private"]["target"])
    assert len({sharp, *targets}) == 3
    in_python = bg.Anchor(
        bg.load("rental"), party="tenant", policy="linear", deadline=11, blur=bg.Blur(seed=2)
    )
    assert in_python.advise(json.loads(history)).private.target == targets[1]
    for wrong, named in (
        ("{}", "a seed"),
        ('{"seed": 1, "width": 2}', "only the fields seed, schedule, band, loss"),
        ('{"seed": 1, "band": 2}', "band: expected"),
        ('{"seed": -1}', "seed: expected"),
        ("[]", "an object"),
    ):
        blur.write_text(wrong)
        refused = run(*common, "--blur", blur, stdin="[]")
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert named in refused.stderr


def test_the_contract_of_the_readme_is_advised_on_without_a_grid(tmp_path):
    path = tmp_path / "gig.yaml"
    path.write_text(readme_problem(), encoding="utf-8")
    common = ("advise", path, "--party", "freelancer", "--policy", "linear", "--deadline", "20")
    assert answer(*common, stdin="[]")["decision"] == "counter"
    offer = {"price": 4123.45, "weeks": 6, "revisions": "two"}
    history = json.dumps([{"party": "client", "outcome": offer, "round": 11}])
    told = answer(*common, stdin=history)
    assert told["decision"] == "counter"
    prices = [term["value"] for each in told["public"]["packages"] for term in each["terms"]
              if term["issue"] == "price"]  # fmt: skip
    assert len(prices) > 1
    assert any(price % 100 for price in prices)
    assert min(told["private"]["package_values"]) >= told["private"]["target"]


def test_explain_reads_an_outcome_a_history_or_nothing(tmp_path):
    deal = {"rent": 3500, "deposit": 500, "start": "June 1", "length": "1 year"}
    common = ("explain", "rental")
    assert ok(*common, stdin=json.dumps(deal)).startswith("agreed on rent 3500")
    assert answer(*common, stdin=json.dumps(deal))["left"] == [1475, 1125]
    assert ok(*common, stdin="null").startswith("no agreement")
    history = [{"party": "landlord", "outcome": deal}]
    (tmp_path / "h.json").write_text(json.dumps(history))
    found = answer(*common, "--result", tmp_path / "h.json", "--party", "tenant", "--no-agreement")
    assert not found["agreed"]
    assert [cost["kind"] for cost in found["rounds"]] == ["refused_better"]
    assert run(*common, stdin='{"rent": 1}').exit_code == 2
    claims = [{"kind": "other", "text": "It is all I can do."}]
    history = [{"party": "landlord", "outcome": deal, "claims": claims}]
    history.append({"party": "tenant", "claims": claims})
    assert answer(*common, stdin=json.dumps(history))["outcome"] == deal


def test_redteam_takes_the_clock_of_advise(tmp_path):
    bg.save(one_choice([(0, 9), (3, 5), (5, 1)]), tmp_path / "pie.json")
    told = answer("redteam", tmp_path / "pie.json", "--deadline", "3", "--skew", "60",
                  "--opens", "2026-03-02T09:00Z", "--closes", "2026-03-04T09:00Z")  # fmt: skip
    assert all(each["held"] for each in told)
    wrong = run("redteam", "rental", "--closes", "tomorrow")
    assert (wrong.exit_code, "--closes" in wrong.stderr) == (2, True)


def test_lint_fails_on_errors_only(tmp_path):
    assert "best for all" in ok("lint", "rental", "--no-sensitivity")
    assert answer("lint", "rental")["ok"]
    assert "moves by" in ok("lint", "supply_contract")
    problem = bg.BargainingProblem(
        [bg.Issue.choice("pick", ["a", "b"])],
        {"x": bg.AdditiveUtility({"pick": {"a": 1}}), "y": bg.AdditiveUtility({"pick": {"b": 1}})},
        disagreement_point=(2, 1),
    )
    bg.save(problem, tmp_path / "case.yaml")
    result = run("lint", tmp_path / "case.yaml", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["findings"][0]["code"] == "reservation_unreachable"
    assert report["findings"][0]["path"] == "parties[0].reservation_value"
    assert run("lint", tmp_path / "case.yaml").exit_code == 1
    assert run("lint", tmp_path / "nothing.yaml").exit_code == 2


def test_lint_takes_the_limits_of_an_anchor_or_of_a_case_file(tmp_path):
    (tmp_path / "limits.json").write_text('{"floor": 9000}')
    (tmp_path / "flat.case.yaml").write_text(
        "{bargain_case: 1, problem: rental, party: tenant, deadline: 9, limits: {floor: 9000}}"
    )
    options = ("rental", "--party", "tenant", "--limits", tmp_path / "limits.json")
    case = tmp_path / "flat.case.yaml"
    reports = [run("lint", *given, "--no-sensitivity", "--json") for given in (options, (case,))]
    assert reports[0].stdout == reports[1].stdout
    for result in reports:
        assert result.exit_code == 1
        first = json.loads(result.stdout)["findings"][0]
        assert (first["code"], first["path"]) == ("limit_unreachable", "limits.floor")
    # an anchor refuses what lint reports
    assert "limits: floor: expected at most 3900.0" in run("serve", tmp_path, "--check").stderr
    refused = run("lint", case, "--limits", tmp_path / "limits.json")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("bargain: --limits: expected what the case file says, got")
    case.write_text(case.read_text().replace("floor: 9000", "flor: 9000"))
    refused = run("lint", case)
    assert refused.stderr.startswith("bargain: flat.case.yaml: limits: expected only the fields")
    assert run("lint", tmp_path / "none.case.yaml").exit_code == 2


def test_convert_writes_what_load_reads(tmp_path):
    ok("convert", "rental", tmp_path / "rental.yaml")
    again = bg.load(tmp_path / "rental.yaml")
    assert (again.utilities() == bg.load("rental").utilities()).all()
    assert answer("convert", "rental", tmp_path / "n", "--to", "negolog")["parties"]
    assert "Nash" in ok("solve", tmp_path / "n")
    assert "cannot express" in run("convert", "rental", tmp_path / "g", "--to", "genius").stderr
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize("lotteries", [False, True])
def test_solutions_of_a_mixed_space_are_drawn_before_what_they_were_chosen_from(
    lotteries, tmp_path
):
    import matplotlib.pyplot as plt

    from bargain.cli.solve import _picture

    path = tmp_path / "gig.yaml"
    path.write_text(readme_problem(), "utf-8")
    problem = bg.load(path)
    nash = bg.nash_solution(problem, lotteries=lotteries)
    ax = _picture(problem, [nash], lotteries=lotteries)
    labels = [line.get_label() for line in ax.get_lines()]
    assert ("Pareto frontier with lotteries" in labels) == lotteries
    assert ("grid of 201 values" in ax.get_title()) != lotteries
    frontier = next(line for line in ax.get_lines() if "frontier" in line.get_label())
    if not lotteries:
        # on it, up to the distance of neighbours
        apart = np.abs(frontier.get_xydata() - nash.utilities).max(axis=1)
        assert apart.min() < 0.005
    plt.close(ax.figure)


def test_a_frontier_of_a_mixed_space_says_how_it_is_had(tmp_path):
    path = tmp_path / "gig.yaml"
    path.write_text(readme_problem(), "utf-8")
    refused = run("frontier", path)
    assert refused.exit_code == 2
    assert "[on the command line: --lotteries or --grid POINTS]" in refused.stderr
    ok("frontier", path, "--lotteries")
    ok("frontier", path, "--grid", "5")


def test_plots_are_written_whole(tmp_path):
    for arguments in (
        ("solve", "rental"),
        ("frontier", "supply_contract"),
        ("play", "rental"),
        ("evolve", "rental", "--evaluations", "64"),
    ):
        path = tmp_path / f"{arguments[0]}.png"
        ok(*arguments, "--plot", path)
        assert path.read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 4


def test_demo_writes_the_figures_it_names(tmp_path):
    told = answer("demo", "--out", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "frontier.png", "session.png", "search.png", "supply_contract.png", "advice.json",
        "tenant.policy.json",
    }  # fmt: skip
    assert sorted(told["files"]) == sorted(str(path) for path in tmp_path.iterdir())
    for advice in told["advise"]:
        jsonschema.validate(advice, bg.advice_schema())


BAD = {
    "unknown problem": ("solve", "no-such-problem"),
    "missing file": ("solve", "no/such/file.yaml"),
    "wrong party": ("evolve", "rental", "--party", "nobody"),
    "wrong policy": ("play", "rental", "--policies", "boulware,nobody"),
    "one policy": ("play", "rental", "--policies", "boulware"),
    "wrong weights": ("solve", "rental", "--weights", "1;2"),
    "nan weights": ("solve", "rental", "--weights", "nan,1"),
    "wrong figure": ("solve", "rental", "--plot", "frontier.doc"),
    "wrong history": ("advise", "rental", "--history", "no-such-history.json"),
    "continuous table": ("play", "supply_contract"),
    "negative deadline": ("play", "rental", "--deadline", "-1"),
    "no target": ("convert", "rental"),
    "unknown field": ("play", "rental", "--policies", "boulware:flor=0.2,linear"),
    "field without value": ("play", "rental", "--policies", "boulware:floor,linear"),
    "field out of range": ("play", "rental", "--policies", "boulware:floor=2,linear"),
    "fields of what has no room": ("play", "rental", "--policies", "scripted:outcomes=1,linear"),
    "no problem": ("evolve", "--party", "a"),
    "problem and drawn": ("evolve", "rental", "--random", "3", "--against", "linear"),
    "drawn without opponents": ("evolve", "--random", "3"),
    "too few drawn": ("evolve", "--random", "2", "--against", "linear"),
    "sizes of nothing drawn": ("evolve", "rental", "--sizes", "3,3"),
    "wrong sizes": ("evolve", "--random", "3", "--sizes", "3;3", "--against", "linear"),
    "wrong opposition": ("evolve", "--random", "3", "--opposition", "2", "--against", "linear"),
    "three ends": ("evolve", "--random", "3", "--disagreement", "0,0,1", "--against", "linear"),
    "by of time": ("evolve", "rental", "--space", "time_dependent", "--by", "smith"),
    "by of a curve": ("evolve", "rental", "--by", "smith"),
    "nobody to exploit": ("exploit", "nobody", "rental"),
    "exact of what looks": ("exploit", "tit_for_tat", "rental", "--how", "exact"),
    "response of no form": ("exploit", "conceder", "rental", "--out", "response.txt"),
    "response of no file": ("exploit", "conceder", "rental", "--out", "response.json"),
    "unknown policy": ("policies", "nobody"),
    "missing policy": ("policies", "nothing.json"),
    "policy not json": ("evolve", "rental", "--evaluations", "8", "--out", "policy.txt"),
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_gets_one_line_and_status_2(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("bargain: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_agreement_zone_is_a_failed_computation_with_status_1(tmp_path):
    problem = bg.BargainingProblem(
        [bg.Issue.choice("pick", ["a", "b"])],
        {"x": bg.AdditiveUtility({"pick": {"a": 1}}), "y": bg.AdditiveUtility({"pick": {"b": 1}})},
        disagreement_point=(0.5, 0.5),
    )
    bg.save(problem, tmp_path / "none.json")
    path = tmp_path / "none.json"
    evolve = ("evolve", path, "--against", "linear", "--evaluations", "8", "--json")
    for command, said in [
        (("solve", path), "no agreement zone"),
        (evolve, "outcomes: expected one that is worth at least no agreement to both"),
        (("exploit", "linear", path), "outcomes: expected one that is worth at least no agreement"),
        (("exploit", "tit_for_tat", path, "--json"), "outcomes: expected one that is worth at le"),
    ]:
        result = run(*command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"bargain: {said}")
        assert result.stderr.count("\n") == 1


def test_constraints_are_shown_and_met():
    text = ok("solve", "framework_contract")
    assert "refinancing" in text
    assert "if payment is 90 then price is at least 116" in text
    assert "385 of 1,980 outcomes meet the constraints" in text
    solved = answer("solve", "framework_contract")
    assert solved["constraints"] == [
        "refinancing", "small series", "cover by the bank", "terms of sale",
    ]  # fmt: skip
    problem = bg.load("framework_contract")
    found = [answer("solve", "framework_contract", *more) for more in ([], ["--lotteries"])]
    for solution in found[0]["solutions"]:
        assert problem.broken_by(solution["outcome"]) == ()
    for solution in found[1]["solutions"]:
        for part in solution["lottery"]:
            assert problem.broken_by(part["outcome"]) == ()
    assert problem.broken_by(answer("play", "framework_contract")["agreement"]) == ()
    advice = answer("advise", "framework_contract", stdin="[]")
    for package in advice["public"]["packages"]:
        outcome = {term["issue"]: term["value"] for term in package["terms"]}
        assert problem.broken_by(outcome) == ()
    assert answer("evolve", "framework_contract", "--evaluations", "32")["party"] == "buyer"


def test_default_opponents_want_a_share_of_what_may_be_agreed():
    from bargain.cli.options import default_pool

    # without the constraint b could have 100, with it 50 at most
    issues = [bg.Issue.integer("share", 0, 100)]
    parties = {
        "a": bg.AdditiveUtility({"share": bg.Linear(0, 100)}),
        "b": bg.AdditiveUtility({"share": bg.Linear(100, 0)}),
    }
    half = bg.Mandatory({"share": {"at_least": 50}})
    free = bg.BargainingProblem(issues, parties)
    limited = bg.BargainingProblem(issues, parties, constraints=[half])
    assert default_pool(limited, "a") == default_pool(free, "a")
    assert default_pool(limited, "a")[0].floor == 0.25


def test_constraints_survive_conversion_or_are_refused(tmp_path):
    ok("convert", "framework_contract", tmp_path / "frame.json")
    assert bg.load(tmp_path / "frame.json").constraints == bg.load("framework_contract").constraints
    refused = run("convert", "framework_contract", tmp_path / "frame", "--to", "genius")
    assert refused.exit_code == 2
    assert "cannot express the constraint refinancing" in refused.stderr


def test_constraints_that_leave_nothing_are_a_failed_computation_with_status_1(tmp_path):
    path = tmp_path / "none.yaml"
    bg.save(bg.load("framework_contract"), path)
    text = path.read_text() + "- name: cash\n  require:\n    payment: 90\n    price: 80\n"
    path.write_text(text)
    for command in ("solve", "frontier", "play", "evolve"):
        result = run(command, path)
        assert result.exit_code == 1
        assert result.stderr.startswith("bargain: no outcome meets these constraints together: ref")
        assert "cash" in result.stderr
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""


def test_constraints_on_continuous_issues_are_met(tmp_path):
    problem = bg.load("supply_contract")
    dear = bg.Implication({"payment": {"at_least": 60}}, {"price": {"at_least": 95}}, name="late")
    limited = bg.BargainingProblem(problem.space, problem.profiles, constraints=[dear])
    bg.save(limited, tmp_path / "late.yaml")
    for options in ([], ["--grid", "3"]):
        solved = answer("solve", tmp_path / "late.yaml", *options)
        assert limited.broken_by(solved["solutions"][0]["outcome"]) == ()


def test_usage_errors_have_status_2():
    assert run("solve").exit_code == 2
    assert run("solve", "rental", "--no-such-option").exit_code == 2
    assert run("nothing").exit_code == 2


def test_warnings_about_a_file_go_to_stderr_in_one_line(shared_data):
    folder = shared_data / "genius" / "movie_malformed"
    result = run("solve", folder, "--json")
    assert result.exit_code == 0
    json.loads(result.stdout)
    assert all(line.startswith("bargain: warning: ") for line in result.stderr.splitlines())
    assert "&" in result.stderr


@pytest.mark.parametrize(
    "command", [["-m", "bargain"], ["-c", "from bargain.cli import main; main()"]]
)
def test_the_program_runs_as_a_process(command):
    done = subprocess.run(
        [sys.executable, *command, "solve", "chair", "--json"],
        capture_output=True, text=True, env=os.environ, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["solutions"][0]["outcome"]["price"] == pytest.approx(80)
    assert done.stderr == ""


def test_what_compiled_libraries_print_does_not_spoil_the_answer():
    program = (
        "import os; from bargain.cli.streams import keep_answers_apart; keep_answers_apart(); "
        "print('an'); os.write(1, b'noise'); print('swer')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, env=os.environ, check=True,
    )  # fmt: skip
    assert done.stdout == "an\nswer\n"
    assert done.stderr == "noise"


def test_a_closed_standard_output_is_no_reason_for_a_traceback():
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m bargain solve chair --json >&-"],
        capture_output=True, text=True, env=os.environ, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr


def test_version():
    assert ok("--version").strip() == f"bargain {bg.__version__}"


def test_names_are_never_read_as_markup(tmp_path):
    name = "[/x]name[bold]"
    problem = bg.BargainingProblem(
        [bg.Issue.choice("[red]pick", ["[i]a", "b"])],
        {"[u]x": bg.AdditiveUtility({"[red]pick": {"b": 1}}), "y": bg.AdditiveUtility({})},
        name=name,
    )
    bg.save(problem, tmp_path / "odd.json")
    text = ok("solve", tmp_path / "odd.json")
    assert name in text
    assert "[red]pick" in text


HALT = """
import os, signal
from bargain.cli import main
from bargain.play.tournament_blocks import Arena
play, begun = Arena.play, []
def once(self, *block):
    begun.append(block)
    if len(begun) == 3:
        os.kill(os.getpid(), signal.SIGINT)
    return play(self, *block)
Arena.play = once
main()
"""
"""The command line, interrupted while it plays the third block."""


def test_a_tournament_that_was_killed_by_ctrl_c_goes_on_to_the_same_bytes(tmp_path):
    def options(folder):
        folder.mkdir(exist_ok=True)
        names = "boulware,random,tit_for_tat"
        return ["tournament", "rental", "employment", "--policies", names, "--deadline", "5,9",
                "--repetitions", "3", "--seed", "4", "--csv", str(folder / "all.csv"),
                "--checkpoint", str(folder / "kept.npz")]  # fmt: skip

    whole, halves = tmp_path / "whole", tmp_path / "halves"
    expected = ok(*options(whole))
    halted = subprocess.run(
        [sys.executable, "-c", HALT, *options(halves)],
        capture_output=True, text=True, env=os.environ, check=False,
    )  # fmt: skip
    assert halted.returncode == 130, halted.stderr
    assert "interrupted: 2 of 4 blocks" in halted.stdout
    assert "Traceback" not in halted.stderr
    half = (halves / "all.csv").read_bytes()
    assert (halves / "kept.npz").exists()
    text = ok(*options(halves))
    assert text.replace(str(halves), "") == expected.replace(str(whole), "")
    assert (halves / "all.csv").read_bytes() == (whole / "all.csv").read_bytes()
    assert (whole / "all.csv").read_bytes().startswith(half)
    assert len(half) < (whole / "all.csv").stat().st_size
    with np.load(halves / "kept.npz") as mine, np.load(whole / "kept.npz") as its:
        assert all(mine[name].tobytes() == its[name].tobytes() for name in its.files)


def test_a_tournament_calls_policies_by_their_files(tmp_path):
    for folder, beta in (("a", 0.2), ("b", 5.0)):
        (tmp_path / folder).mkdir()
        bg.save_policy(bg.TimeDependent(beta=beta), tmp_path / folder / "mine.policy.json")
    first, second = (tmp_path / name / "mine.policy.json" for name in "ab")
    found = answer("tournament", "rental", "--policies", f"linear,{first}")
    assert found["policies"] == ["linear", "mine"]
    found = answer("tournament", "rental", "--policies", f"{first},{second}")
    assert found["policies"] == [str(first), str(second)]


def test_a_tournament_takes_folders_and_passes_over_what_is_no_problem(tmp_path):
    bg.save(bg.load("employment"), tmp_path / "job.yaml")
    bg.save(bg.load("chair"), tmp_path / "chair.yaml")
    (tmp_path / "other.json").write_text("{}")
    result = run("tournament", str(tmp_path), "--policies", "linear", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["problems"] == ["employment"]
    lines = [line for line in result.stderr.splitlines() if line.startswith("passed over")]
    assert len(lines) == 2
    assert "other.json" in lines[0]
    assert "problems[0] (chair): expected a finite outcome space" in lines[1]


def test_a_tournament_can_leave_out_problems_without_a_zone(tmp_path):
    problem = bg.load("employment")
    profiles = [replace(one, reservation_value=1e9) for one in problem.profiles]
    apart = bg.BargainingProblem(problem.space, profiles, name="apart")
    bg.save(apart, tmp_path / "apart.yaml")
    options = ("tournament", "rental", tmp_path / "apart.yaml", "--policies", "linear")
    assert "no zone of agreement in 1 of 2 problems" in ok(*options)
    assert "left out, as there is no zone of agreement: apart" in ok(
        *options, "--without-zone", "skip"
    )


def test_a_tournament_prints_a_ranking_with_intervals(tmp_path):
    text = ok("tournament", "rental", "employment", "--policies", "boulware,conceder")
    assert "2 policies, 2 problems, deadline 40: 16 sessions" in text
    assert text.index("boulware") < text.index("conceder")
    assert "95 % interval" in text
    assert "1 (1-2)" in text
    found = answer("tournament", "rental", "--policies", "boulware,conceder")
    expected = bg.tournament("rental", ["boulware", "conceder"], deadline=40)
    assert found["payoffs"] == expected.payoffs.tolist()
    assert found["ranking"][0]["low"] is None


def test_a_tournament_writes_sessions_pictures_and_a_checkpoint(tmp_path):
    names = ("sessions.csv", "ranking.png", "kept.npz")
    table, picture, kept = (tmp_path / name for name in names)
    options = ["tournament", "rental", "--policies", "linear,random", "--deadline", "5,9",
               "--repetitions", "2", "--seed", "1", "--checkpoint", kept]  # fmt: skip
    text = ok(*options, "--csv", table, "--plot", picture)
    assert all(path.name in text.replace("\n", "") for path in (table, picture, kept))
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # two openers, two deadlines: one pair does not draw, three do and are repeated
    assert len(rows) == 4 * (1 + 3 * 2)
    assert (rows[0]["problem"], rows[0]["policy_0"], rows[0]["ended"]) == (
        "rental",
        "linear",
        "agreement",
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    ok(*options, "--plot", picture, "--payoffs")
    refused = run(*options[:-4], "--seed", "2", "--checkpoint", kept)
    assert refused.exit_code == 2
    assert "seeds differ" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rental", "--policies", "nobody"], "policy: expected one of boulware"),
        (["rental", "--policies", "linear,linear"], "--policies: expected every policy once"),
        (["rental", "--deadline", "soon"], "--deadline: expected whole numbers"),
        (["rental", "rental"], "expected a problem of another name"),
        (["chair"], r"problems[0] (chair): expected a finite outcome space"),
        (["rental", "--csv", "sessions.txt"], "--csv: expected a file ending in .csv"),
        (["rental", "--repetitions", "0"], "repetitions: expected a whole number >= 1"),
        (["nothing.xml"], "nothing.xml: expected a file to read"),
    ],
)
def test_a_tournament_that_cannot_be_is_one_line(arguments, says):
    result = run("tournament", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_interrupted_tournament_shows_what_is_finished(monkeypatch):
    from bargain.play.tournament_blocks import Arena

    play = Arena.play

    def once(self, problem, *given):
        if problem:
            raise KeyboardInterrupt
        return play(self, problem, *given)

    monkeypatch.setattr(Arena, "play", once)
    result = run("tournament", "rental", "employment", "--policies", "linear")
    assert result.exit_code == 130
    assert "interrupted: 1 of 2" in result.stdout
    assert "linear" in result.stdout
    stopped = run("tournament", "rental", "--policies", "linear", "--json")
    assert json.loads(stopped.stdout)["stopped"] == "complete"


def test_equilibria_of_a_tournament_that_was_written(tmp_path):
    table, picture = tmp_path / "sessions.csv", tmp_path / "payoffs.png"
    ok("tournament", "rental", "employment", "--policies", "boulware,linear,micro", "--csv", table)
    text = ok("equilibrium", table, "--correlated", "--basins", "20", "--plot", picture)
    assert "among 3 x 3 policies" in text
    assert "at most (95%)" in text
    # two problems leave everything open
    assert "payoffs are from 0 to 1, so no regret exceeds 1: " in text
    assert "correlated equilibrium with the largest sum of payoffs" in text
    assert "where random populations end" in text
    assert picture.read_bytes().startswith(b"\x89PNG")
    game = bg.EmpiricalGame.load(table)
    found = answer("equilibrium", table, "--basins", "20", "--correlated", "--level", "0.9")
    assert found["equilibria"] == game.equilibria(level=0.9).to_dict()["equilibria"]
    assert found["basins"] == [one.to_dict() for one in game.basins(20, seed=0)]
    assert found["correlated"] == game.correlated_equilibrium().to_dict()
    for drawn in (["--population"], ["--flow", "boulware, linear,micro"]):
        ok("equilibrium", table, "--plot", picture, *drawn)


def test_equilibria_of_a_table_say_what_is_dominated_and_what_is_the_same(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("x,a,b,[red]c\na,3,3,1\nb,3,3,1\n[red]c,0,0,0\n", "utf-8")
    text = ok("equilibrium", table)
    assert "1 equilibrium among 3 x 3 policies" in text
    assert "dominated, so never played: [red]c" in text
    assert "interchangeable, so they may share a probability: a = b" in text
    assert "nothing is known about the noise" in text
    table.write_text("x,a,b\na,1,1\nb,1,1.0000001\n", "utf-8")
    assert "1 more; see --limit" in ok("equilibrium", table, "--limit", "1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing.csv"], "nothing.csv: expected a file to read"),
        (["README.md"], "README.md: expected a .csv or .json file"),
        (["nothing.csv", "--flow", "a,b,c"], "--plot: expected a file to draw into"),
        (["nothing.csv", "--limit", "0"], "--limit: expected a whole number >= 1"),
        (["nothing.csv", "--basins", "-1"], "--basins: expected a whole number >= 0"),
    ],
)
def test_equilibria_that_cannot_be_are_one_line(arguments, says):
    result = run("equilibrium", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["seller-short-cooperative", "micro", "tit_for_tat:floor=0.3"])
def test_advise_follows_policies_that_look_at_the_other_side(name):
    poor = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
    offers = json.dumps([{"party": "landlord", "outcome": poor}])
    told = answer("advise", "rental", "--party", "tenant", "--policy", name, stdin=offers)
    assert told["decision"] == "counter"
    assert told["private"]["target"] > told["private"]["reservation"]
