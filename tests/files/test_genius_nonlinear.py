"""Nonlinear GENIUS profiles: hyper-rectangles that include and exclude, and what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import bargain as bg
from bargain.errors import FileFormatError, UnsupportedProblemError
from bargain.files import FileFormatWarning
from bargain.files.genius_writer import genius_texts
from bargain.files.geniusweb_writer import geniusweb_texts
from bargain.files.negolog import negolog_texts

DOMAIN = """<negotiation_template><utility_space><objective index="0" name="ship">
<issue index="4" name="days" type="integer" lowerbound="0" upperbound="9"/>
<issue index="2" name="lots" type="integer" lowerbound="1" upperbound="3"/>
<issue index="3" name="port" type="discrete"><item value="Genoa"/><item value="Bari"/></issue>
</objective></utility_space></negotiation_template>"""

RECTANGLES = """<hyperRectangle utility="6">
  <INCLUDES index="4" min="2" max="5"/><INCLUDES index="2" min="1" max="1"/></hyperRectangle>
<hyperRectangle utility="4" weight="0.5"><EXCLUDES index="4" min="3" max="9"/></hyperRectangle>
<hyperRectangle utility="1"><INCLUDES index="2" min="3" max="3"/>
  <EXCLUDES index="4" min="0" max="8"/></hyperRectangle>
<hyperRectangle utility="3"/>"""

SPACE = "<utility_space type='nonlinear'><objective>{}</objective>{}</utility_space>"


def profile(rectangles, *, most=10, function='aggregation="sum"', setting=""):
    inner = f'<utility maxutility="{most}"><ufun {function}>{rectangles}</ufun></utility>'
    return SPACE.format(inner, setting)


def load(folder, text):
    """Load the domain with the same profile for both parties."""
    for name, content in (("domain", DOMAIN), ("a", text), ("b", text)):
        (folder / f"{name}.xml").write_text(content)
    return bg.load(*(folder / f"{name}.xml" for name in ("domain", "a", "b")))


def slow(outcome):
    """What the rectangles above pay, by hand."""
    total = 3.0
    total += 6.0 if 2 <= outcome["days"] <= 5 and outcome["lots"] == 1 else 0.0
    total += 2.0 if outcome["days"] < 3 else 0.0
    # where both kinds of bounds occur, those that exclude count
    total += 1.0 if outcome["days"] == 9 else 0.0
    return min(total / 10, 1.0)


def test_rectangles_pay_inside_outside_or_always_and_the_sum_is_cut_off_at_1(tmp_path):
    setting = '<discount_factor value="0.5"/><reservation value="0.25"/>'
    problem = load(tmp_path, profile(RECTANGLES, setting=setting))
    expected = [slow(outcome) for outcome in problem.space]
    assert max(expected) == 1.0
    assert problem.utilities()[:, 0].tolist() == expected
    assert problem.evaluate({"days": 2, "lots": 1, "port": "Bari"})[1] == 1.0
    assert problem.disagreement_point.tolist() == [0.25, 0.25]
    assert problem.delayed([0.5, 0.5], round=0, time=1).tolist() == [0.25, 0.25]


def test_sums_of_sums_are_sums(tmp_path):
    nested = f"<ufun weight='1'>{RECTANGLES}</ufun><ufun aggregation='SUM'/>"
    problem = load(tmp_path, profile(nested))
    assert problem.utilities()[:, 0].tolist() == [slow(outcome) for outcome in problem.space]


def test_of_functions_side_by_side_the_first_counts_with_a_warning(tmp_path):
    text = profile(RECTANGLES).replace("</utility>", "<ufun/></utility>")
    with pytest.warns(FileFormatWarning, match="2 functions .* the first counts"):
        problem = load(tmp_path, text)
    assert problem.utilities()[:, 0].tolist() == [slow(outcome) for outcome in problem.space]


@pytest.mark.parametrize("kind", ["min", "max"])
def test_minima_and_maxima_of_rectangles_are_refused_by_name(tmp_path, kind):
    with pytest.raises(UnsupportedProblemError, match=f"a.xml: ufun: .* expected sum, got {kind}"):
        load(tmp_path, profile(RECTANGLES, function=f'aggregation="{kind}"'))


def test_functions_within_functions_count_times_their_weights(tmp_path):
    late = '<hyperRectangle utility="2"><INCLUDES index="4" min="6" max="9"/></hyperRectangle>'
    many = '<hyperRectangle utility="3"><INCLUDES index="2" min="2" max="3"/></hyperRectangle>'
    nested = f'{late}<ufun weight="2">{many}<ufun weight="-0.5">{late}</ufun></ufun>'
    problem = load(tmp_path, profile(nested))
    for outcome in problem.space:
        is_late, is_many = outcome["days"] >= 6, outcome["lots"] >= 2
        # 2 late + 2 (3 many - 0.5 * 2 late)
        assert problem.evaluate(outcome)[0] == (2 * is_late + 2 * (3 * is_many - is_late)) / 10


def test_the_weight_of_the_outermost_function_does_not_count_and_says_so(tmp_path):
    with pytest.warns(FileFormatWarning, match="weight of the outermost function"):
        problem = load(tmp_path, profile(RECTANGLES, function='weight="2"'))
    assert problem.utilities()[:, 0].tolist() == [slow(outcome) for outcome in problem.space]


@pytest.mark.parametrize("weight", ["nan", "two", "inf"])
def test_weights_that_are_no_numbers_are_refused(tmp_path, weight):
    with pytest.raises(FileFormatError, match=r"a\.xml: ufun: .*weight"):
        load(tmp_path, profile(f"<ufun weight='{weight}'>{RECTANGLES}</ufun>"))


def test_factors_that_leave_the_numbers_are_refused(tmp_path):
    inner = "<ufun weight='1e200'>" * 2 + RECTANGLES + "</ufun>" * 2
    with pytest.raises(FileFormatError, match=r"hyperRectangle 1: .*finite number"):
        load(tmp_path, profile(inner))


BOUND = '<INCLUDES index="4" min="0" max="3"/>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SPACE.format("", ""), "a.xml: expected a utility, got none"),
        (SPACE.format("<utility maxutility='1'/>", ""), "utility: expected a ufun"),
        (profile(""), "utility: rectangles: expected at least one HyperRectangle"),
        (profile(RECTANGLES, most="nan"), "utility: .*maxutility"),
        (profile(RECTANGLES, most=0), "utility: scale: expected a number > 0"),
        (profile(RECTANGLES).replace("maxutility", "most"), "expected attribute maxutility"),
        (
            profile(RECTANGLES, function='aggregation="mean"'),
            "expected sum, min or max, got 'mean'",
        ),
        (profile("<hyperRectangle/>"), "hyperRectangle 1: expected attribute utility"),
        (profile("<hyperRectangle utility='inf'/>"), "hyperRectangle 1: .*utility"),
        (
            profile("<hyperRectangle utility='1' weight='-1'/>"),
            "weight: expected a finite number >=",
        ),
        (
            profile(f"<hyperRectangle utility='1'>{BOUND * 2}</hyperRectangle>"),
            "one bound, got two",
        ),
        *(
            (
                profile(f"<hyperRectangle utility='1'>{BOUND.replace(*change)}</hyperRectangle>"),
                words,
            )
            for change, words in (
                (('"4"', '"7"'), "hyperRectangle 1: expected the index of an issue, got 7"),
                (('"4"', '"3"'), "index 3 .*expected an integer issue, got a choice one"),
                (('"0"', '"5"'), "expected at_least up to at_most"),
                (('"0"', '"0.5"'), "issue index 4"),
                ((' max="3"', ""), "expected attribute max"),
            )
        ),
    ],
)
def test_what_is_wrong_with_a_nonlinear_profile_is_said_with_its_place(tmp_path, text, message):
    with pytest.raises(FileFormatError, match=message) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "a.xml"))


@pytest.mark.parametrize("texts", [genius_texts, geniusweb_texts, negolog_texts])
def test_foreign_formats_refuse_rectangles_by_name(tmp_path, texts):
    problem = load(tmp_path, profile(RECTANGLES))
    with pytest.raises(UnsupportedProblemError, match="the HyperRectangleUtility of 'a'"):
        texts(problem)


@pytest.mark.parametrize(("domain", "count"), [("10issuesdiscounted", 8), ("s_1nikfrt_1", 4)])
def test_the_published_frontiers_of_ten_billion_outcomes_are_met(shared_data, domain, count):
    folder = shared_data / "genius" / domain
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FileFormatWarning)
        frontier = bg.pareto_frontier(bg.load(folder))
    published = np.loadtxt(folder / "pareto.xml", delimiter=",")
    published = published[np.argsort(-published[:, 0])]
    assert len(frontier) == count
    # the file is in single precision
    np.testing.assert_allclose(frontier.utilities, published, atol=1e-6)
    assert frontier.certificate.kind == "exact"
    assert [frontier.problem.space.row(o) for o in frontier.outcomes] == frontier.rows.tolist()
