from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import FileFormatError, UnsupportedProblemError
from bargain.files import FileFormatWarning
from bargain.files.convert import convert
from bargain.files.genius_writer import genius_texts
from tests.files.brute_force import assert_same_points, frontier, nash
from tests.files.random_problems import finite_problems

LINEAR = (
    *("amsterdam", "barter_b", "camera", "energy_small_c", "england_zimbabwe", "fifty_fifty_b"),
    *("fitness_c", "grocery", "kitchen", "lunch", "movie_malformed", "outfit_a"),
    *("politics_3party", "rental_house_a", "ultimatum"),
)
NONLINEAR = {
    "10issuesdiscounted": [758, 574],
    "30issuesdiscounted": [2496, 2298],
    "s_1nikfrt_1": [1036, 704],
}


@pytest.fixture(params=LINEAR)
def published(request, shared_data):
    """A problem with the answers of the original program."""
    folder = shared_data / "genius" / request.param
    return load_quietly(folder), json.loads((folder / "reference.json").read_text())


def test_a_genius_problem_has_the_issues_and_outcomes_of_the_original(published):
    problem, reference = published
    assert len(problem.space) == reference["outcomes"]
    assert list(problem.space.names) == [issue["name"] for issue in reference["issues"]]
    assert list(problem.parties) == [Path(p["file"]).stem for p in reference["profiles"]]
    assert problem.disagreement_point == pytest.approx(
        [profile["reservation"] for profile in reference["profiles"]], abs=1e-12
    )
    assert problem.discount_factors == pytest.approx(
        [profile["discount"] for profile in reference["profiles"]], abs=1e-12
    )


def test_every_sampled_outcome_is_worth_what_the_original_says(published):
    problem, reference = published
    for sample in reference["sample_bids"]:
        worth = problem.evaluate(sample["values"])
        assert worth == pytest.approx(sample["utility"], abs=1e-9)
        discounted = worth * problem.discounts(round=0, time=0.5)
        assert discounted == pytest.approx(sample["discounted_at_t_0_5"], abs=1e-9)


def test_the_frontier_is_that_of_the_original(published):
    problem, reference = published
    assert_same_points(frontier(problem.utilities()), reference["pareto_points"])


def test_the_nash_outcome_is_that_of_the_original_where_it_is_rational(published):
    problem, reference = published
    point = np.array(reference["genius_nash"])
    if (point < problem.disagreement_point).any():
        assert problem.name == "Lunch"
        assert not (problem.utilities() >= problem.disagreement_point).all(axis=1).any()
    else:
        found = nash(problem.utilities(), problem.disagreement_point)
        assert found == pytest.approx(point, abs=1e-9)


def test_a_published_problem_survives_writing_and_reading(published, tmp_path):
    problem, _ = published
    write(tmp_path, genius_texts(problem))
    again = bg.load(tmp_path / "domain.xml", *(tmp_path / f"{p}.xml" for p in problem.parties))
    assert again.space == problem.space
    assert again.parties == problem.parties
    assert again.utilities() == pytest.approx(problem.utilities(), abs=1e-12)
    assert again.disagreement_point.tolist() == problem.disagreement_point.tolist()
    assert again.discount_factors.tolist() == problem.discount_factors.tolist()


@pytest.mark.parametrize("name", NONLINEAR)
def test_a_nonlinear_domain_loads_with_its_discounts_and_sums_of_rectangles(shared_data, name):
    folder = shared_data / "genius" / name
    with pytest.warns(FileFormatWarning, match="before the XML declaration"):
        problem = bg.load(folder)
    for party, profile in zip(problem.parties, problem.profiles, strict=True):
        text = (folder / f"{party}.xml").read_text()
        utility = profile.utility
        assert len(utility.rectangles) == text.count("<hyperRectangle")
        assert sum(len(each.bounds) for each in utility.rectangles) == text.count("<INCLUDES")
        assert utility.ceiling == 1.0
        assert profile.discount_per == "session"
    assert [profile.utility.scale for profile in problem.profiles] == NONLINEAR[name]


def test_raw_ampersands_are_read_with_a_warning(shared_data):
    folder = shared_data / "genius" / "movie_malformed"
    with pytest.warns(FileFormatWarning, match=r"movie.*: not well-formed XML, read with 1 raw &"):
        problem = bg.load(folder)
    assert "the good, the bad & the ugly" in problem.space.issues[1].values


DOMAIN = """<negotiation_template><utility_space number_of_issues="99">
<objective index="0" name="lunch" type="objective">
  <objective index="9" name="drinks"><issue index="4" name="tea" type="Discrete">
    <item index="1" value="green"/><item index="7" value="black"/></issue></objective>
  <issue index="2" name="dish" vtype="integer"><item value="soup"/><item value="rice"/></issue>
  <issue index="3" name="price" type="INTEGER" vtype="real" lowerbound="-1" upperbound="3"/>
  <issue index="5" name="time" type="real"><range lowerbound="0" upperbound="10"/></issue>
</objective></utility_space></negotiation_template>""".replace(
    'name="dish" vtype="integer"', 'name="dish" vtype="whatever"'
)

PROFILE = """<utility_space><objective index="0" name="lunch">
  <weight index="0" value="7"/><weight index="2" value="0.5"/><weight index="3" value="0.25"/>
  <issue index="2" name=" DISH "><item value="rice" evaluation="4"/>
    <item value="soup" evaluation="1"/></issue>
  <issue index="3" name="Price" lowerbound="0">
    <evaluator ftype="linear" slope="0.5" offset="0"/></issue>
  <objective index="9"><issue index="4" name="tea"><item value="green" evaluation="0.000001"/>
    <item value="black" evaluation="0"/></issue><weight index="4" value="0.125"/></objective>
  <issue index="5" name="time">{evaluator}</issue>
  <weight index="5" value="0.125"/>
</objective>{setting}</utility_space>"""
LINE = '<evaluator ftype="linear" parameter0="0" parameter1="0.1"/>'


def test_issues_come_in_pre_order_and_are_known_by_their_index(tmp_path):
    problem = load_texts(tmp_path)
    assert problem.space.names == ("tea", "dish", "price", "time")
    assert [issue.kind for issue in problem.space.issues] == [
        "choice",
        "choice",
        "integer",
        "continuous",
    ]
    assert problem.evaluate(["green", "rice", 3, 10])[0] == pytest.approx(0.5 + 0.25 + 0.125)
    assert problem.evaluate(["green", "soup", 1, 0])[0] == pytest.approx(0.125 + 0.125)


def test_an_integer_line_starts_at_the_profiles_own_bound_and_is_clipped(tmp_path):
    problem = load_texts(tmp_path)
    worths = [4 * problem.evaluate(["black", "soup", p, 0])[0] - 0.5 for p in range(-1, 4)]
    assert worths == pytest.approx([0, 0, 0.5, 1, 1])
    assert isinstance(problem.profiles[0].utility.values["price"], bg.PiecewiseLinear)


@pytest.mark.parametrize(
    ("evaluator", "expected"),
    [
        (LINE, [0, 0.25, 0.5, 0.75, 1]),
        ('<evaluator ftype="linear" parameter0="-0.5" parameter1="0.2"/>', [0, 0, 0.5, 1, 1]),
        ('<evaluator ftype="constant" parameter0="0.4"/>', [0.4] * 5),
        (
            '<evaluator ftype="triangular" parameter0="0" parameter1="10" parameter2="5"/>',
            [0, 0.5, 1, 0.5, 0],
        ),
        (
            '<evaluator ftype="triangular" parameter0="2.5" parameter1="7.5" parameter2="5"/>',
            [0, 0, 1, 0, 0],
        ),
        (
            '<evaluator ftype="triangular" parameter0="0" parameter1="10" parameter2="0"/>',
            [1, 0.75, 0.5, 0.25, 0],
        ),
    ],
)
def test_a_real_issue_is_valued_by_the_shape_of_its_evaluator(tmp_path, evaluator, expected):
    problem = load_texts(tmp_path, evaluator=evaluator)
    worths = [
        8 * (problem.evaluate(["black", "soup", 0, t])[0] - 0.125) for t in (0, 2.5, 5, 7.5, 10)
    ]
    assert worths == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("setting", "reservation", "discount"),
    [
        ("", 0, 1),
        ('<reservation value="0.3"/><discount_factor value="0.8"/>', 0.3, 0.8),
        ('<discount_factor value="0"/>', 0, 1),
        ('<discount_factor value="1.5"/>', 0, 1),
        ("<reservation>0.3</reservation>", 0, 1),
    ],
)
def test_reservation_and_discount_are_read_from_their_attributes(
    tmp_path, setting, reservation, discount
):
    problem = load_texts(tmp_path, setting=setting)
    assert problem.disagreement_point[0] == reservation
    assert problem.discounts(round=7, time=1.0)[0] == discount


def test_utilities_are_cut_off_at_1_only_where_they_exceed_it(tmp_path):
    problem = load_texts(tmp_path)
    assert problem.profiles[0].utility.ceiling is None
    heavy = load_texts(tmp_path, old='index="2" value="0.5"', new='index="2" value="0.9"')
    assert heavy.profiles[0].utility.ceiling == 1.0
    assert heavy.evaluate(["black", "rice", 3, 10])[0] == 1.0
    assert heavy.evaluate(["black", "soup", 3, 10])[0] == pytest.approx(0.225 + 0.25 + 0.125)


def test_a_value_listed_twice_is_kept_once_with_a_warning(tmp_path):
    with pytest.warns(FileFormatWarning, match=r"domain\.xml: issue 'dish' lists 'soup' twice"):
        problem = load_texts(
            tmp_path, domain=DOMAIN.replace('"rice"/>', '"rice"/><item value="soup"/>')
        )
    assert problem.space.issues[1].values == ("soup", "rice")


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (lambda text: "\n\n<!-- <? --><?xml version='1.0'?>" + text, "before the XML declaration"),
        (lambda text: text.replace('type="objective"', 'type="objective"etype="x"'), "1 missing"),
        (lambda text: text.replace("lunch", "fish & chips &nbsp;"), "2 raw &"),
    ],
)
def test_malformed_originals_are_read_with_a_warning(tmp_path, change, warning):
    with pytest.warns(FileFormatWarning, match=warning):
        problem = load_texts(tmp_path, domain=change(DOMAIN))
    assert problem.space.size == np.inf


def test_windows_1252_is_read_with_a_warning_unless_declared(tmp_path):
    text = DOMAIN.replace("green", "Grüner €")
    write_profiles(tmp_path, PROFILE.replace("green", "Gr&#252;ner €"))
    domain = tmp_path / "domain.xml"
    paths = (domain, tmp_path / "ann.xml", tmp_path / "bob.xml")
    domain.write_bytes(text.encode("cp1252"))
    with pytest.warns(FileFormatWarning, match=r"not UTF-8 at offset \d+, read as Windows-1252"):
        assert bg.load(*paths).space.issues[0].values[0] == "Grüner €"
    for encoding in ("windows-1252", "utf-16"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
        domain.write_bytes(declared.encode(encoding))
        assert bg.load(*paths).space.issues[0].values[0] == "Grüner €"


@given(finite_problems(), st.sampled_from([None, 1.0]), st.floats(0, 1), st.floats(0.1, 1))
def test_writing_and_reading_keep_utilities(problem, ceiling, reservation, discount):
    problem = bg.BargainingProblem(
        problem.space,
        [
            bg.Party(
                party.name,
                bg.AdditiveUtility(party.utility.values, party.utility.weights, ceiling=ceiling),
                reservation_value=reservation,
                discount_factor=discount,
                discount_per="session",
            )
            for party in problem.profiles
        ],
    )
    again = written_and_read(problem, genius_texts)
    assert again.parties == problem.parties
    assert again.utilities() == pytest.approx(problem.utilities(), abs=1e-12)
    assert again.disagreement_point.tolist() == problem.disagreement_point.tolist()
    assert again.discount_factors.tolist() == problem.discount_factors.tolist()


def test_a_line_over_a_real_issue_survives():
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("price", 80, 120)],
        {
            "ann": bg.AdditiveUtility({"price": bg.Linear(0.1, 0.9)}),
            "bob": bg.AdditiveUtility({"price": bg.Linear(2, 0)}, {"price": 0.5}),
        },
    )
    again = written_and_read(problem, genius_texts)
    for price in (80, 93.7, 120):
        assert again.evaluate([price]) == pytest.approx(problem.evaluate([price]), abs=1e-12)


@pytest.mark.parametrize(
    ("values", "party", "message"),
    [
        ({"dish": {"soup": 2}}, {}, r"utilities above 1 \(those of 'ann' reach 2\)"),
        ({"dish": {"soup": -1, "rice": -2}}, {}, "'dish' is worth to 'ann': at most -1"),
        ({"dish": {"soup": 0.5}}, {"discount_factor": 0.9}, "discount factor per round of 'ann'"),
        ({"dish": {"soup": 0.5}}, {"cost": 0.1}, "the cost of waiting of 'ann'"),
        (
            {"dish": {"soup": 0.5}},
            {"cost": 0.1, "cost_per": "session"},
            "the cost of waiting of 'ann'",
        ),
    ],
)
def test_what_genius_cannot_say_is_refused_by_name(tmp_path, values, party, message):
    utility = bg.AdditiveUtility(values)
    problem = bg.BargainingProblem(
        [bg.Issue.choice("dish", ["soup", "rice"])],
        [bg.Party("ann", utility, **party), bg.Party("bob", bg.AdditiveUtility({}))],
    )
    refuse_to_write(problem, tmp_path, message)


def test_a_chain_of_lines_a_low_ceiling_and_odd_names_are_refused(tmp_path):
    price = bg.Issue.continuous("price", 0, 1)
    chain = bg.AdditiveUtility({"price": bg.PiecewiseLinear([(0, 0), (0.5, 1), (1, 0)])})
    flat = bg.AdditiveUtility({"price": bg.Linear(0, 1)})
    capped = bg.AdditiveUtility({"price": bg.Linear(0, 1)}, ceiling=0.5)
    below = bg.AdditiveUtility({"price": bg.Linear(-1, 1)})
    for utilities, message in (
        ({"ann": flat, "bob": chain}, "a chain of lines over a continuous issue"),
        ({"ann": flat, "bob": capped}, r"the ceiling of 'bob' at 0\.5"),
        ({"ann": flat, "bob": below}, "a negative worth on a line"),
        ({"ann": flat, "a/b": flat}, "'a/b' cannot be the name"),
        ({"ann": flat, "Domain": flat}, r"'Domain\.xml' cannot be the name of two files"),
        ({"ann": flat, "ANN": flat}, r"'ANN\.xml' cannot be the name of two files"),
        ({"ann": flat, "bob": flat, "x\x01": flat}, r"'x\\x01' cannot be the name"),
    ):
        refuse_to_write(bg.BargainingProblem([price], utilities), tmp_path, message)
    bell = bg.Issue.choice("bell\x07", ["ding", "dong"])
    utility = bg.AdditiveUtility({})
    refuse_to_write(
        bg.BargainingProblem([bell], {"ann": utility, "bob": utility}), tmp_path, r"'\\x07'"
    )


def refuse_to_write(problem, folder, message):
    source = folder / "source.json"
    bg.save(problem, source)
    with pytest.raises(UnsupportedProblemError, match=message):
        convert(source, folder / "out", to="genius")
    assert [path.name for path in folder.iterdir()] == ["source.json"]


def load_quietly(*paths):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FileFormatWarning)
        return bg.load(*paths)


def write(folder, texts):
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def written_and_read(problem, texts):
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        write(Path(folder), texts(problem))
        return bg.load(folder)


def write_profiles(folder, profile, *, evaluator=LINE, setting=""):
    text = profile.replace("{evaluator}", evaluator).replace("{setting}", setting)
    write(folder, {"ann.xml": text, "bob.xml": text})


def load_texts(folder, *, domain=DOMAIN, old="", new="", **details):
    write_profiles(folder, PROFILE.replace(old, new) if old else PROFILE, **details)
    write(folder, {"domain.xml": domain})
    return bg.load(folder / "domain.xml", folder / "ann.xml", folder / "bob.xml")


def test_a_repeated_evaluation_counts_as_its_last(tmp_path):
    with pytest.warns(FileFormatWarning, match="evaluates 'soup' twice, the last counts"):
        problem = load_texts(
            tmp_path,
            old='<item value="soup" evaluation="1"/>',
            new='<item value="soup" evaluation="9"/><item value="soup" evaluation="1"/>',
        )
    assert problem.evaluate(["green", "rice", 0, 0])[0] == 0.5


def test_a_domain_without_profiles_is_not_a_problem(tmp_path):
    load_texts(tmp_path)
    with pytest.raises(FileFormatError, match=r"domain\.xml: expected a profile for each"):
        bg.load(tmp_path / "domain.xml")
    with pytest.raises(FileFormatError, match=r"ann\.xml: expected a GENIUS domain"):
        bg.load(tmp_path / "ann.xml", tmp_path / "bob.xml")
