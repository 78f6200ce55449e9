"""What a certificate says in a line."""

from __future__ import annotations

import pytest

import bargain as bg
from bargain.solve.certificate import Certificate
from tests.solve.test_regret import large_problem

SHARE = bg.Issue.continuous("share", 0, 1)
BENT = bg.BargainingProblem(
    [SHARE],
    {
        "first": bg.AdditiveUtility({"share": bg.Power(0, 1, 0.5)}),
        "second": bg.AdditiveUtility({"share": bg.Linear(1, 0)}),
    },
)


def test_a_unit_is_named_only_where_there_is_a_gap():
    gap = Certificate("gap", "by prices", 0.25, note="in time", unit="the sum of gains")
    assert str(gap) == "gap within 2.5e-01: by prices; gap in the sum of gains; in time"
    assert gap.to_dict()["unit"] == "the sum of gains"
    exact = Certificate("exact", "by prices", unit="the sum of gains")
    assert str(exact) == "exact: by prices"
    assert exact.to_dict()["unit"] == ""


@pytest.mark.parametrize(
    "concept", [bg.nash_solution, bg.kalai_smorodinsky_solution, bg.utilitarian_solution]
)
@pytest.mark.parametrize("problem", [BENT, large_problem(12, 8, 2, seed=3)], ids=["arcs", "huge"])
def test_exact_answers_speak_of_no_gap(concept, problem):
    certificate = concept(problem).certificate
    assert certificate.kind == "exact"
    assert "gap" not in str(certificate)


def test_answers_with_a_gap_say_what_it_is_counted_in():
    names = ("a", "b", "c")
    ends = ((0, 1), (1, 0), (0.5, 0.2))
    three = bg.BargainingProblem(
        [SHARE],
        {
            name: bg.AdditiveUtility({"share": bg.Linear(*pair)})
            for name, pair in zip(names, ends, strict=True)
        },
    )
    for certificate in (
        bg.nash_solution(three).certificate,
        bg.egalitarian_solution(three).certificate,
        bg.utilitarian_solution(three).certificate,
        bg.raiffa_solution(three).certificate,
        bg.pareto_frontier(BENT).certificate,
    ):
        assert certificate.kind == "gap"
        assert str(certificate).endswith(f"; gap in {certificate.unit}")
