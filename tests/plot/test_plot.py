"""What the pictures show."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

import bargain as bg
from tests.play.test_listed import huge
from tests.problems import one_choice


@pytest.fixture(autouse=True)
def no_window():
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    yield
    plt.close("all")


def labels(ax):
    return [" ".join(text.get_text().split()) for text in ax.get_legend().get_texts()]


def test_frontier_plot_names_parties_and_puts_equal_solutions_together():
    problem = bg.load("employment")
    solutions = (bg.nash_solution(problem), bg.egalitarian_solution(problem),
                 bg.utilitarian_solution(problem))  # fmt: skip
    ax = bg.pareto_frontier(problem).plot(*solutions)
    assert ax.get_xlabel() == "utility of consultant"
    assert ax.get_ylabel() == "utility of firm"
    assert "Nash = egalitarian = utilitarian" in labels(ax)
    assert "Pareto frontier (21 outcomes)" in labels(ax)
    barter = bg.load("bill_and_jack")
    ax = bg.pareto_frontier(barter).plot(bg.nash_solution(barter), bg.egalitarian_solution(barter))
    assert {"Nash", "egalitarian"} <= set(labels(ax))


def test_every_two_party_concept_has_a_marker_of_its_own():
    problem = bg.load("supply_contract")
    solutions = [
        bg.nash_solution(problem),
        bg.nash_solution(problem, (0.8, 0.2)),
        bg.kalai_smorodinsky_solution(problem),
        bg.egalitarian_solution(problem),
        bg.utilitarian_solution(problem),
        bg.raiffa_solution(problem),
        bg.perles_maschler_solution(problem),
        bg.rubinstein_solution(problem, (0.9, 0.5)),
    ]
    ax = bg.pareto_frontier(problem).plot(*solutions)
    assert {solution.concept for solution in solutions} <= set(labels(ax))


def test_what_may_not_be_agreed_is_not_drawn():
    problem = bg.load("framework_contract")
    ax = bg.pareto_frontier(problem).plot(bg.nash_solution(problem))
    cloud = next(c for c in ax.collections if c.get_label() == "outcomes")
    allowed = problem.utilities()[problem.allowed_rows]
    assert np.array_equal(np.unique(cloud.get_offsets(), axis=0), np.unique(allowed, axis=0))
    session = bg.alternating_offers(problem, ("hardliner", "linear"), deadline=6)
    shares = [line.get_ydata() for line in session.plot().lines]
    # the first offer is the best there is, not the best there would be
    assert max(float(np.max(values)) for values in shares if len(values)) == 1


def test_legends_stand_beside_the_data():
    problem = bg.load("supply_contract")
    ax = bg.pareto_frontier(problem).plot(bg.nash_solution(problem))
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().x0 >= ax.get_window_extent().x1


def test_session_and_search_plots_draw_into_given_axes():
    import matplotlib.pyplot as plt

    problem = bg.load("rental")
    _, axes = plt.subplots(2)
    session = bg.alternating_offers(problem, [bg.TimeDependent()] * 2, deadline=7)
    assert session.plot(ax=axes[0]) is axes[0]
    assert "landlord: own offers" in labels(axes[0])
    found = bg.evolve(problem, party=0, opponents=["linear"], deadline=7, seed=1, evaluations=64)
    assert found.plot(ax=axes[1]) is axes[1]
    assert "differential evolution, best so far" in labels(axes[1])


def test_a_session_has_a_line_for_the_offers_of_each_party_in_the_order_of_rounds():
    session = bg.alternating_offers(bg.load("rental"), ["boulware", "linear"], deadline=40)
    ax = session.plot()
    assert "undiscounted" in ax.get_ylabel()
    drawn = {line.get_label(): line for line in ax.lines}
    landlord = drawn["landlord: own offers"].get_xdata().tolist()
    assert landlord == drawn["tenant: offers received"].get_xdata().tolist()
    assert landlord == list(range(0, session.rounds, 2))
    plane = session.plot(kind="utilities")
    (line,) = [line for line in plane.lines if line.get_label() == "offers of landlord"]
    assert np.array_equal(line.get_xydata(), session.offer_utilities[::2])
    assert {"Pareto frontier", "Nash", "agreement", "offers of tenant"} <= set(labels(plane))
    with pytest.raises(bg.BargainError, match="'rounds' or 'utilities'"):
        session.plot(kind="frontier")


@pytest.mark.parametrize("kind", ["rounds", "utilities"])
def test_a_session_over_too_many_outcomes_to_enumerate_can_be_drawn(kind):
    problem = huge(20)
    session = bg.alternating_offers(problem, ["boulware", "linear"], deadline=30)
    ax = session.plot(kind=kind)
    if kind == "rounds":
        assert max(line.get_ydata().max() for line in ax.lines if "own" in line.get_label()) == 1
    else:
        (line,) = [line for line in ax.lines if line.get_label() == "Pareto frontier"]
        frontier = bg.pareto_frontier(problem).utilities
        assert len(line.get_xdata()) == len(frontier)


def test_a_session_without_an_offer_can_be_drawn():
    problem = one_choice([(0, 0)], disagreement_point=(1, 1))
    session = bg.alternating_offers(problem, [bg.TimeDependent()] * 2, deadline=3)
    assert session.plot().get_title().endswith("walk away")
    assert session.plot(kind="utilities").get_title().endswith("walk away")


def test_a_session_of_three_parties_shows_each_of_them():
    issues = [bg.Issue.integer("x", 0, 5)]
    worths = {"a": bg.Linear(0, 5), "b": bg.Linear(5, 0), "c": bg.Linear(1, 2)}
    problem = bg.BargainingProblem(
        issues, {name: bg.AdditiveUtility({"x": line}) for name, line in worths.items()}
    )
    session = bg.alternating_offers(problem, ["boulware"] * 3, deadline=9)
    ax = session.plot()
    assert {f"{name}: own offers" for name in "abc"} <= set(labels(ax))
    own = [line for line in ax.lines if str(line.get_label()).endswith("own offers")]
    assert len({line.get_color() for line in own}) == len({line.get_marker() for line in own}) == 3


def test_three_parties_cannot_be_drawn():
    problem = one_choice([(1, 1, 1)])
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.pareto_frontier(problem).plot()
    session = bg.alternating_offers(problem, ["linear"] * 3, deadline=3)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        session.plot(kind="utilities")


@pytest.fixture(scope="module")
def tournament():
    names = ["boulware", "micro", "hardliner"]
    return bg.tournament(["rental", "employment"], names, deadline=20, self_play=False, seed=1)


def test_a_ranking_shows_the_best_on_top_with_its_interval(tournament):
    ax = tournament.plot()
    ranking = tournament.ranking()
    assert [text.get_text() for text in ax.get_yticklabels()] == [one.policy for one in ranking]
    assert ax.yaxis_inverted()
    assert {"mean, 95 % interval", "mean in one problem"} == set(labels(ax))
    bars = ax.containers[0]
    assert bars.lines[0].get_xdata().tolist() == [one.score for one in ranking]
    ends = [segment[:, 0].tolist() for segment in bars.lines[2][0].get_segments()]
    for end, one in zip(ends, ranking, strict=True):
        assert end == pytest.approx([one.low, one.high])


def test_one_problem_has_a_ranking_without_intervals():
    ax = bg.tournament("rental", ["linear", "micro"], deadline=9).plot()
    assert labels(ax) == ["mean"]
    assert not ax.containers


def test_intervals_of_two_problems_do_not_push_the_scores_together(tournament):
    # Student's t of two problems is wide: what lies beyond all shares is cut off
    assert max(one.high for one in tournament.ranking()) == 1.0
    left, right = tournament.plot().get_xlim()
    assert left >= -0.03
    assert right <= 1.03


def test_payoffs_are_written_into_their_cells(tournament):
    ax = tournament.plot("payoffs")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("opponent", "policy")
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    for (row, column), value in np.ndenumerate(tournament.payoffs):
        error = tournament.payoff_errors[row, column]
        expected = f"{value:z.2f}\n\u00b1 {error:.2f}"
        assert cells[(column, row)] == ("\u2013" if row == column else expected)
    assert [text.get_text() for text in ax.get_yticklabels()] == list(tournament.policies)
    assert [text.get_text() for text in ax.get_xticklabels()] == list(tournament.opponents)


def test_payoffs_of_a_game_are_written_and_its_pure_equilibria_framed():
    payoffs = ([[2, 0, 1], [0, 1, 0]], [[1, 0, 0], [0, 2, 0]])
    game = bg.EmpiricalGame(payoffs, (["O", "F"], ["o", "f", "h"]), roles=("Ann", "Bob"))
    ax = game.plot()
    assert [text.get_text() for text in ax.texts] == [
        "2.00",
        "0.00",
        "1.00",
        "0.00",
        "1.00",
        "0.00",
    ]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("Ann", "Bob")
    assert [patch.get_xy() for patch in ax.patches] == [(-0.47, -0.47), (0.53, 0.53)]
    other = game.plot(role=1)
    assert (other.get_ylabel(), other.get_xlabel()) == ("Bob", "Ann")
    assert [text.get_text() for text in other.texts][2:4] == ["0.00", "2.00"]
    with pytest.raises(bg.InvalidArgumentError, match="role: expected 0 or 1"):
        game.plot(role=2)
    noisy = bg.EmpiricalGame([[3, 0], [5, 1]], standard_errors=np.full((2, 2), 0.25)).plot()
    assert noisy.texts[0].get_text() == "3.00\n± 0.25"
    # too many to read
    assert not bg.EmpiricalGame(np.random.default_rng(1).random((30, 30))).plot().texts


def test_a_flow_fills_the_equilibria_that_populations_reach():
    names = ["rock", "paper", "scissors"]
    cycle = bg.EmpiricalGame([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], names).plot("flow")
    assert labels(cycle) == ["equilibrium that does not draw nearby populations"]
    assert {text.get_text() for text in cycle.texts} >= set(names)
    spiral = bg.EmpiricalGame([[0, -1, 2], [2, 0, -1], [-1, 2, 0]], names).plot("flow")
    assert labels(spiral) == ["equilibrium that draws nearby populations"]
    (dot,) = [c for c in spiral.collections if c.get_label() == labels(spiral)[0]]
    assert dot.get_offsets()[0].tolist() == pytest.approx([0.5, 0.75**0.5 / 3])
    four = bg.EmpiricalGame(np.random.default_rng(2).random((4, 4)), ["a", "b", "c", "d"])
    assert {text.get_text() for text in four.plot("flow", policies=["d", "a", "b"]).texts} == set(
        "dab"
    )
    with pytest.raises(bg.InvalidArgumentError, match="policies: expected three of a, b, c, d"):
        four.plot("flow")
    with pytest.raises(bg.UnsupportedProblemError, match="expected a symmetric game"):
        bg.EmpiricalGame(np.zeros((3, 3, 2))).plot("flow")


def test_a_population_over_time_names_those_that_matter():
    game = bg.EmpiricalGame([[6, 2], [7, 0]], ["dove", "hawk"])
    ax = game.replicator([0.1, 0.9], duration=200).plot()
    assert labels(ax) == ["dove", "hawk"]
    assert ax.lines[0].get_ydata()[-1] == pytest.approx(2 / 3, abs=1e-3)
    assert ax.get_ylabel() == "share of the population"
    many = bg.EmpiricalGame(np.random.default_rng(3).random((20, 20))).replicator().plot()
    assert len(labels(many)) == 13
    assert labels(many)[-1] == "8 others"
    roles = bg.EmpiricalGame(np.zeros((2, 3, 2)), roles=("buyer", "seller")).replicator()
    assert roles.plot(1).get_ylabel() == "share of seller"


def test_what_is_no_solution_is_not_drawn():
    frontier = bg.pareto_frontier(bg.load("rental"))
    with pytest.raises(bg.InvalidArgumentError, match=r"solutions\[0\]: expected a Solution"):
        frontier.plot("nash")
