from __future__ import annotations

import json

import pytest
from hypothesis import given

import bargain as bg
from bargain.errors import FileFormatError, UnsupportedProblemError
from bargain.files.convert import convert
from bargain.files.geniusweb_writer import geniusweb_texts
from tests.files.brute_force import assert_same_points, frontier, nash
from tests.files.random_problems import finite_problems
from tests.files.test_genius import write, written_and_read

PUBLISHED = ("anl2022_domain00", "anl2022_domain07", "anl2022_domain23")


@pytest.fixture(params=PUBLISHED)
def published(request, shared_data):
    folder = shared_data / "geniusweb" / request.param
    return folder, bg.load(folder), json.loads((folder / "specials.json").read_text())


def test_a_geniusweb_problem_has_the_published_outcomes_and_frontier(published):
    _, problem, specials = published
    assert problem.space.size == specials["size"]
    points = [entry["utility"] for entry in specials["pareto_front"]]
    assert_same_points(frontier(problem.utilities()), points)
    for entry in specials["pareto_front"]:
        assert problem.evaluate(entry["bid"]) == pytest.approx(entry["utility"], abs=1e-9)


def test_the_nash_outcome_is_the_published_one_where_that_is_rational(published):
    _, problem, specials = published
    point = specials["nash"]["utility"]
    assert problem.evaluate(specials["nash"]["bid"]) == pytest.approx(point, abs=1e-9)
    assert (point >= problem.disagreement_point).all()
    # the published one disregards reservation values
    assert nash(problem.utilities(), 0 * problem.disagreement_point) == pytest.approx(
        point, abs=1e-9
    )
    if not problem.disagreement_point.any():
        assert nash(problem.utilities(), problem.disagreement_point) == pytest.approx(
            point, abs=1e-9
        )


def test_a_domain_file_may_be_given_or_left_out(published):
    folder, problem, _ = published
    profiles = [folder / "profileA.json", folder / "profileB.json"]
    domain = folder / f"{problem.name}.json"
    for paths in (profiles, [domain, *profiles], [*profiles, domain]):
        again = bg.load(*paths)
        assert again.space == problem.space
        assert again.utilities().tolist() == problem.utilities().tolist()


def test_a_published_problem_survives_writing_and_reading_exactly(published):
    _, problem, _ = published
    again = written_and_read(problem, geniusweb_texts)
    assert again.space == problem.space
    assert (again.name, again.parties) == (problem.name, problem.parties)
    assert again.utilities().tobytes() == problem.utilities().tobytes()
    assert [p.disagreement for p in again.profiles] == [p.disagreement for p in problem.profiles]


def test_the_older_dialect_is_read_and_a_reservation_bid_is_an_outcome(shared_data):
    problem = bg.load(shared_data / "geniusweb" / "fitness")
    assert problem.space.size == 1280
    assert problem.parties == ("fitness1", "fitness2")
    worth = problem.evaluate(["yoga", "1 hour", "1 km", "training", "$5"])
    assert worth == pytest.approx(
        [
            0.15 * 0.8 + 0.05 * 0.8 + 0.3 + 0.3 + 0.2,
            0.3 * 0.6 + 0.1 * 0.75 + 0.2 * 0.75 + 0.1 * 0.4 + 0.3 * 0.18,
        ]
    )
    assert all(party.disagreement is not None for party in problem.profiles)
    assert problem.disagreement_point == pytest.approx([0.198, 0.179], abs=1e-9)


DOMAIN = {
    "name": "lease",
    "issuesValues": {
        "rent": {"range": {"low": "0.5", "high": "1.25", "step": "0.25"}},
        "days": {"range": {"low": 10, "high": 29, "step": 5}},
        "pets": {"values": ["yes", "no"]},
    },
}


def profile(**changes):
    space = {
        "name": "ann",
        "domain": DOMAIN,
        "issueWeights": {"rent": 0.5, "days": 0.25, "pets": 0.25},
        "issueUtilities": {
            "rent": line(0.5, 0, 1.25, 1),
            "days": line(10, 1, 25, 0),
            "pets": {"discreteutils": {"valueUtilities": {"yes": 1, "no": 0.25}}},
        },
        "reservationBid": None,
    }
    return {"LinearAdditiveUtilitySpace": {**space, **changes}}


def line(low, at_low, high, at_high):
    fields = {"lowValue": low, "lowUtility": at_low, "highValue": high, "highUtility": at_high}
    return {"NumberValueSetUtilities": fields}


def load_profiles(folder, first, second=None, domain=None):
    second = profile() if second is None else second
    write(folder, {"one.json": json.dumps(first), "two.json": json.dumps(second)})
    paths = [folder / "one.json", folder / "two.json"]
    if domain is not None:
        write(folder, {"domain.json": json.dumps(domain)})
        paths.insert(0, folder / "domain.json")
    return bg.load(*paths)


def test_ranges_are_computed_in_decimals_and_may_fall_short(tmp_path):
    rent, days, _ = load_profiles(tmp_path, profile()).space.issues
    assert rent.values == (0.5, 0.75, 1.0, 1.25)
    assert (days.kind, days.low, days.high, days.step) == ("integer", 10, 25, 5)


def test_number_utilities_are_linear_between_their_ends_and_0_outside(tmp_path):
    problem = load_profiles(tmp_path, profile())
    assert problem.evaluate([1.0, 15, "no"])[0] == pytest.approx(1 / 3 + 1 / 6 + 1 / 16)
    narrow = {
        **profile()["LinearAdditiveUtilitySpace"]["issueUtilities"],
        "days": line(15, 1, 20, 0.5),
    }
    problem = load_profiles(tmp_path, profile(issueUtilities=narrow))
    worths = [4 * problem.evaluate([0.5, days, "no"])[0] - 0.25 for days in (10, 15, 20, 25)]
    assert worths == pytest.approx([0, 1, 0.5, 0])
    wide = {**narrow, "days": line(0, 0, 50, 1)}
    problem = load_profiles(tmp_path, profile(issueUtilities=wide))
    worths = [4 * problem.evaluate([0.5, days, "no"])[0] - 0.25 for days in (10, 15, 20, 25)]
    assert worths == pytest.approx([0.2, 0.3, 0.4, 0.5])


def test_parties_are_called_by_their_profiles_if_that_tells_them_apart(tmp_path):
    assert load_profiles(tmp_path, profile()).parties == ("one", "two")
    assert load_profiles(tmp_path, profile(name="bob")).parties == ("bob", "ann")


@pytest.mark.parametrize(
    ("bid", "worth"),
    [
        (None, 0),
        ({"issuevalues": {}}, 0),
        ({"issuevalues": {"pets": "yes"}}, 0.25),
        ({"issuevalues": {"rent": 1.25, "days": "10", "pets": "no"}}, 0.5 + 0.25 + 0.0625),
    ],
)
def test_a_reservation_bid_counts_as_what_it_is_worth(tmp_path, bid, worth):
    problem = load_profiles(tmp_path, profile(reservationBid=bid))
    assert problem.disagreement_point[0] == pytest.approx(worth)


SPACE = profile()["LinearAdditiveUtilitySpace"]


def weights(**changes):
    return {"issueWeights": {**SPACE["issueWeights"], **changes}}


def utilities(**changes):
    return {"issueUtilities": {**SPACE["issueUtilities"], **changes}}


def domain(**issues):
    return {"domain": {"name": "lease", "issuesValues": issues}}


def between(low, high, step):
    return {"range": {"low": low, "high": high, "step": step}}


def discrete(**worths):
    return {"discreteutils": {"valueUtilities": worths}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (weights(rent=-1), "issueWeights: .* >= 0, got -1"),
        (weights(rent="x"), r"issueWeights\.rent: expected a finite number, got 'x'"),
        (weights(size=1), "expected the issues of the domain, got 'size'"),
        ({"issueWeights": {}}, "issueWeights: expected the field rent"),
        ({"issueUtilities": {}}, "issueUtilities: expected the field rent"),
        ({"issueUtilities": 5}, "issueUtilities: expected a mapping, got 5"),
        (utilities(pets={"x": 1}), r"issueUtilities\.pets: expected DiscreteValueSetUtilities"),
        (utilities(pets=line(0, 0, 1, 1)), "expected a range, got the values"),
        (utilities(days=line(9, 0, 9, 1)), "expected lowValue < highValue"),
        (utilities(days=line(10, 0, 25, None)), "highUtility: expected a finite number, got None"),
        (utilities(pets=discrete(yes=1)), "expected every value, got no 'no'"),
        (utilities(pets=discrete(yes=1, no=True)), r"pets\.discreteutils\.no: expected a finite"),
        ({"reservationBid": {"issuevalues": {"pets": "dog"}}}, "reservationBid: .* got 'dog'"),
        ({"reservationBid": {"issuevalues": {"size": 1}}}, "reservationBid: .* got 'size'"),
        ({"domain": {"name": "x"}}, "expected the field issuesValues"),
        (domain(pets={"values": ["no", "no"]}), "issuesValues.pets: .*distinct"),
        (domain(pets={"values": "no"}), "issuesValues.pets: .*sequence"),
        (domain(rent=between("x", 1, 1)), r"range\.low: expected a finite number, got 'x'"),
        (domain(rent=between(0, 1, "1e999999")), r"range\.step: expected a finite number"),
        (domain(rent=between(0, 1, 0)), "step: expected a number > 0, got"),
        (domain(rent=between(1, 0, 1)), "high: expected at least low = 1, got"),
        (domain(rent=between(0, 1, 1e-9)), "at most 100000"),
        (domain(rent=between(0, 1e15, 1)), "at most 20000000"),
    ],
)
def test_a_wrong_profile_is_refused_in_one_line_that_names_the_place(tmp_path, changes, message):
    with pytest.raises(FileFormatError, match=rf"one\.json: .*{message}") as caught:
        load_profiles(tmp_path, profile(**changes))
    assert "\n" not in str(caught.value)


def test_profiles_of_different_domains_are_refused(tmp_path):
    other = json.loads(json.dumps(DOMAIN).replace("1.25", "1.5"))
    with pytest.raises(
        FileFormatError, match=r"two\.json: .*domain: expected the domain of .*'rent'"
    ):
        load_profiles(tmp_path, profile(), profile(domain=other))
    with pytest.raises(
        FileFormatError, match=r"one\.json: .*domain: expected the domain of .*'rent'"
    ):
        load_profiles(tmp_path, profile(), domain=other)


@given(finite_problems())
def test_writing_and_reading_are_exact(problem):
    again = written_and_read(problem, geniusweb_texts)
    assert again.space == problem.space
    assert again.parties == problem.parties
    assert again.utilities().tobytes() == problem.utilities().tobytes()


@pytest.mark.parametrize(
    ("party", "weights", "values", "message"),
    [
        ({"discount_factor": 0.9}, {}, {}, "the discount factor of 'ann'"),
        ({"cost": 0.1}, {}, {}, "the cost of waiting of 'ann'"),
        ({"reservation_value": 0.3}, {}, {}, "the reservation value of 'ann'"),
        ({}, {"pets": 0.7}, {}, "the weights of 'ann', which sum to 0.7"),
        ({}, {}, {"yes": 2}, "'pets' is worth to 'ann' outside 0 to 1"),
    ],
)
def test_what_geniusweb_cannot_say_is_refused_by_name(tmp_path, party, weights, values, message):
    pets = bg.Issue.choice("pets", ["yes", "no"])
    ann = bg.Party("ann", bg.AdditiveUtility({"pets": values}, weights), **party)
    problem = bg.BargainingProblem([pets], [ann, bg.Party("bob", bg.AdditiveUtility({}))])
    bg.save(problem, tmp_path / "source.json")
    with pytest.raises(UnsupportedProblemError, match=f"GeniusWeb cannot express .*{message}"):
        convert(tmp_path / "source.json", tmp_path / "out", to="geniusweb")
    assert [path.name for path in tmp_path.iterdir()] == ["source.json"]


def test_a_ceiling_and_a_continuous_issue_are_refused():
    ann = bg.AdditiveUtility({"price": bg.Linear(0, 1)})
    problem = bg.BargainingProblem([bg.Issue.continuous("price", 0, 1)], {"ann": ann, "bob": ann})
    with pytest.raises(UnsupportedProblemError, match="the continuous issue 'price'"):
        geniusweb_texts(problem)
    pets = bg.Issue.choice("pets", ["yes", "no"])
    capped = bg.AdditiveUtility({"pets": {"yes": 1}}, ceiling=0.5)
    problem = bg.BargainingProblem([pets], {"ann": capped, "bob": capped})
    with pytest.raises(UnsupportedProblemError, match="the ceiling of 'ann'"):
        geniusweb_texts(problem)


def test_a_step_that_is_not_whole_becomes_text_of_the_same_worth():
    rent = bg.Issue.choice("rent", [0.5, 0.75, 1.0])
    ann = bg.Party(
        "ann", bg.AdditiveUtility({"rent": bg.Linear(0, 1)}), disagreement={"rent": 0.75}
    )
    problem = bg.BargainingProblem([rent], [ann, bg.Party("bob", bg.AdditiveUtility({}))])
    again = written_and_read(problem, geniusweb_texts)
    assert again.space.issues[0].values == ("0.5", "0.75", "1.0")
    assert again.utilities().tolist() == problem.utilities().tolist()
    assert again.profiles[0].disagreement == {"rent": "0.75"}


def test_a_range_of_one_value_and_a_table_over_a_range_are_read(tmp_path):
    issues = {"days": between(5, 5, 1), "rent": between(0, 1, 0.5)}
    first = profile(
        **domain(**issues),
        issueWeights={"days": 0.5, "rent": 0.5},
        issueUtilities={
            "days": line(5, 0.5, 5, 0.5),
            "rent": discrete(**{"0": 0, "0.5": 1, "1.0": 0.5}),
        },
    )
    problem = load_profiles(tmp_path, first, first)
    assert problem.utilities()[:, 0].tolist() == [0.25, 0.75, 0.5]
