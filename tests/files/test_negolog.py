from __future__ import annotations

import json

import pytest
from hypothesis import given

import bargain as bg
from bargain.errors import FileFormatError, UnsupportedProblemError
from bargain.files.negolog import negolog_texts
from tests.files.brute_force import nash
from tests.files.random_problems import finite_problems
from tests.files.test_genius import write, written_and_read


@pytest.fixture(params=["domain3", "domainbalancedlowopp"])
def published(request, shared_data):
    folder = shared_data / "negolog" / request.param
    return folder, bg.load(folder), json.loads((folder / "specs.json").read_text())


def test_a_negolog_problem_has_the_published_figures(published):
    _, problem, specs = published
    utilities = problem.utilities()
    assert len(problem.space) == specs["NumberOfBids"]
    assert list(problem.space.sizes) == specs["IssueValues"]
    assert utilities.max() == pytest.approx(specs["MaxUtility"], abs=1e-9)
    assert utilities.min() == pytest.approx(specs["MinUtility"], abs=1e-9)
    product = specs.get("Nash Product", specs.get("Product Score"))
    assert utilities.prod(axis=1).max() == pytest.approx(product, abs=1e-9)
    assert utilities.sum(axis=1).max() == pytest.approx(specs["Social Welfare"], abs=1e-9)
    assert problem.disagreement_point.tolist() == [
        specs["ReservationValueProfileA"],
        specs["ReservationValueProfileB"],
    ]


def test_the_published_outcomes_are_worth_what_is_published(published):
    _, problem, specs = published
    for concept in ("Nash", "Kalai"):
        outcome = specs[f"{concept}Bid"]
        if isinstance(outcome, str):
            outcome = json.loads(outcome.replace("'", '"'))
        worth = [specs[f"{concept}_A"], specs[f"{concept}_B"]]
        assert problem.evaluate(outcome) == pytest.approx(worth, abs=1e-9)
    found = nash(problem.utilities(), problem.disagreement_point)
    assert found.prod() == pytest.approx(specs["Nash_A"] * specs["Nash_B"], abs=1e-9)


def test_a_published_problem_is_the_same_as_files_and_after_writing(published):
    folder, problem, _ = published
    for again in (
        bg.load(folder / "profileA.json", folder / "profileB.json"),
        written_and_read(problem, negolog_texts),
    ):
        assert again.space == problem.space
        assert again.parties == problem.parties == ("profileA", "profileB")
        assert again.utilities().tobytes() == problem.utilities().tobytes()


@given(finite_problems(integers=False))
def test_writing_and_reading_are_exact(problem):
    again = written_and_read(problem, negolog_texts)
    assert again.space == problem.space
    assert again.parties == problem.parties
    assert again.utilities().tobytes() == problem.utilities().tobytes()


@given(finite_problems())
def test_whole_numbers_become_text_of_the_same_worth(problem):
    again = written_and_read(problem, negolog_texts)
    assert again.utilities().tobytes() == problem.utilities().tobytes()


def test_a_disagreement_outcome_is_written_as_what_it_is_worth():
    again = written_and_read(bg.load("bill_and_jack"), negolog_texts)
    assert again.disagreement_point.tolist() == [12, 6]
    assert again.utilities().tolist() == bg.load("bill_and_jack").utilities().tolist()


def test_what_negolog_cannot_say_is_refused_by_name():
    with pytest.raises(UnsupportedProblemError, match="the continuous issue 'price'"):
        negolog_texts(bg.load("chair"))
    pets = bg.Issue.choice("pets", ["yes", "no"])
    utility = bg.AdditiveUtility({"pets": {"yes": 1}}, ceiling=0.5)
    problem = bg.BargainingProblem([pets], {"ann": utility, "bob": utility})
    with pytest.raises(
        UnsupportedProblemError, match="NegoLog cannot express the ceiling of 'ann'"
    ):
        negolog_texts(problem)
    waiting = bg.BargainingProblem(
        [pets],
        {"ann": bg.AdditiveUtility({}), "bob": bg.AdditiveUtility({})},
        discount_factors=(1, 0.9),
    )
    with pytest.raises(UnsupportedProblemError, match="the discount factor of 'bob'"):
        negolog_texts(waiting)
    paying = bg.BargainingProblem(
        [pets], {"ann": bg.AdditiveUtility({}), "bob": bg.AdditiveUtility({})}, costs=(0, 0.1)
    )
    with pytest.raises(
        UnsupportedProblemError, match="NegoLog cannot express the cost of waiting of 'bob'"
    ):
        negolog_texts(paying)


PROFILE = {
    "reservationValue": 0.1,
    "issueWeights": {"pets": 1},
    "issues": {"pets": {"yes": 1, "no": 0}},
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"issues": {"pets": {"yes": 1}}}, "issues.pets: .*got no 'no'"),
        ({"issues": {"pets": {"yes": 1, "no": 0, "dog": 1}}}, "issues.pets: .*got 'dog'"),
        ({"issues": {"cats": {"yes": 1}}}, "issues: expected the issues 'pets', got 'cats'"),
        ({"issues": {}}, "issues: expected issue 'pets', got nothing"),
        ({"issues": []}, r"issues: expected a mapping, got \[\]"),
        ({"issues": {"pets": {"yes": "1", "no": 0}}}, "issues.pets.yes: expected a finite number"),
        ({"issueWeights": {}}, "issueWeights: expected issue 'pets', got nothing"),
        ({"issueWeights": {"pets": -1}}, "issueWeights: pets.weight: .*>= 0, got -1"),
        ({"reservationValue": None}, "reservationValue: expected a finite number, got None"),
    ],
)
def test_a_wrong_profile_is_refused_in_one_line_that_names_the_place(tmp_path, changes, message):
    write(
        tmp_path, {"ann.json": json.dumps(PROFILE), "bob.json": json.dumps({**PROFILE, **changes})}
    )
    with pytest.raises(FileFormatError, match=rf"bob\.json: {message}") as caught:
        bg.load(tmp_path / "ann.json", tmp_path / "bob.json")
    assert "\n" not in str(caught.value)


def test_profiles_of_the_same_file_name_are_told_apart_by_their_folders(tmp_path):
    for party in ("ann", "bob"):
        (tmp_path / party).mkdir()
        write(tmp_path / party, {"profile.json": json.dumps(PROFILE)})
    problem = bg.load(tmp_path / "ann" / "profile.json", tmp_path / "bob" / "profile.json")
    assert problem.parties == ("ann/profile", "bob/profile")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"issues": {"pets": {}}}, "issues.pets: .*at least one value"),
        ({"issues": {}, "issueWeights": {}}, "issues: expected at least one issue"),
        (
            {"issues": {"pets": {"yes": 1e308, "no": 0}}, "issueWeights": {"pets": 9}},
            ".*up to 1e.307",
        ),
        ({"issues": {"pets": {"yes": 10**400, "no": 0}}}, "issues.pets.yes: expected a finite"),
    ],
)
def test_profiles_that_make_no_problem_are_refused(tmp_path, changes, message):
    text = json.dumps({**PROFILE, **changes})
    write(tmp_path, {"ann.json": text, "bob.json": text})
    with pytest.raises(FileFormatError, match=rf"ann\.json: {message}"):
        bg.load(tmp_path)
