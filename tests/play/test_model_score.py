"""How near models come to the truth: the score by hand, then models on real preferences."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidOutcomeError
from bargain.play.models.score import MOST_COMPARED

NOBODY = bg.AdditiveUtility({})


def problem_of(issues, utility):
    return bg.BargainingProblem(issues, {"me": NOBODY, "you": utility})


class Fixed:
    """A model that has made up its mind."""

    def __init__(self, *worths):
        self.worths = worths

    def estimate(self, space, offers, *, times=None):
        worths = tuple(np.array(given, dtype=float) for given in self.worths)
        return bg.Estimate(space, np.full(len(worths), 1 / len(worths)), worths)


LEVELS = [bg.Issue.integer("n", 0, 2)]


@pytest.mark.parametrize(
    ("guess", "correlation", "rmse"),
    [
        ([0, 0.5, 1], 1, 0),
        ([1, 0.5, 0], -1, np.sqrt(2 / 3)),
        # ranks 1, 2, 3 against 1, 3, 2: 1 - 6 (1 + 1) / (3 * 8)
        ([0, 1, 0.5], 0.5, np.sqrt(0.5 / 3)),
        # ranks 1.5, 1.5, 3: covariance 1.5 over the root of 2 * 1.5
        ([0, 0, 1], np.sqrt(3) / 2, np.sqrt(0.25 / 3)),
        # the same for all orders nothing
        ([0.5, 0.5, 0.5], 0, np.sqrt(0.5 / 3)),
    ],
)
def test_the_score_by_hand(guess, correlation, rmse):
    # 10, 30, 50 count as 0, 1/2, 1
    problem = problem_of(LEVELS, bg.AdditiveUtility({"n": bg.Linear(10, 50)}))
    score = bg.score_model(Fixed(guess), problem, "you", [])
    assert score.rank_correlation == pytest.approx([correlation])
    assert score.rmse == pytest.approx([rmse], abs=1e-15)
    assert (score.n_outcomes, score.is_sampled) == (3, False)


def test_a_party_that_does_not_care_is_worth_0_everywhere():
    score = bg.score_model(Fixed([0, 0, 1]), problem_of(LEVELS, NOBODY), 1, [])
    assert score.rank_correlation.tolist() == [0]
    assert score.rmse == pytest.approx([np.sqrt(1 / 3)])


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_the_scale_of_the_truth_does_not_matter(scale):
    problem = problem_of(LEVELS, bg.AdditiveUtility({"n": bg.Linear(-scale, scale)}))
    score = bg.score_model(Fixed([0, 0.5, 1]), problem, "you", [])
    assert score.rank_correlation == pytest.approx([1])
    assert score.rmse == pytest.approx([0], abs=1e-12)


def test_after_each_offer_as_after_all_of_them():
    issues = [bg.Issue.integer(name, 0, 4) for name in "abc"]
    utility = bg.AdditiveUtility({"a": bg.Linear(0, 3), "b": bg.Linear(2, 0)})
    problem = problem_of(issues, utility)
    offers = np.argsort(-utility.utilities(problem.space), kind="stable")[:20]
    for model in (bg.FrequencyModel(), bg.BayesianModel(), bg.WindowedModel(window=5)):
        score = bg.score_model(model, problem, "you", offers, after=range(21))
        assert score.n_offers.tolist() == list(range(21))
        for count in (0, 1, 7, 20):
            alone = bg.score_model(model, problem, "you", offers[:count])
            assert alone.rank_correlation[-1] == score.rank_correlation[count]
            assert alone.rmse[-1] == score.rmse[count]
        found = model.estimate(problem.space, offers).utilities()
        truth = problem.utilities()[:, 1] / 5
        assert score.rmse[-1] == pytest.approx(np.sqrt(np.mean((found - truth) ** 2)))


def test_a_model_of_ones_own_is_given_rows_and_times():
    asked = []

    class Watching(Fixed):
        def estimate(self, space, offers, *, times=None):
            asked.append((list(offers), list(times)))
            return super().estimate(space, offers)

    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(30)]
    model = Watching(*[np.zeros(10)] * 30)
    offers, times = [[9] * 30, 7], [0.25, 0.5]
    bg.score_model(model, problem_of(issues, NOBODY), "you", offers, times=times, after=[1, 2])
    assert asked == [([10**30 - 1], [0.25]), ([10**30 - 1, 7], [0.25, 0.5])]


def test_a_huge_space_is_sampled_and_the_truth_scaled_by_its_own_ends():
    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(40)]
    utility = bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues})
    right = Fixed(*[np.linspace(0, 1, 10)] * 40)
    problem = problem_of(issues, utility)
    score = bg.score_model(right, problem, "you", [])
    assert (score.n_outcomes, score.is_sampled) == (MOST_COMPARED, True)
    assert score.rank_correlation == pytest.approx([1])
    # a sample never meets the ends, so scaling by it would be off
    assert score.rmse == pytest.approx([0], abs=1e-12)
    wrong = Fixed(*[np.linspace(0, 1, 10) ** 2] * 40)
    by_seed = [bg.score_model(wrong, problem, "you", [], seed=seed).rmse[0] for seed in (1, 1, 2)]
    assert by_seed[0] == by_seed[1] != by_seed[2]


def test_ceilings_count_as_the_party_counts_them():
    problem = problem_of(LEVELS, bg.AdditiveUtility({"n": bg.Linear(0, 2)}, ceiling=1))
    assert bg.score_model(Fixed([0, 1, 1]), problem, "you", []).rmse.tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"model": "frequency"}, InvalidArgumentError, "model"),
        ({"problem": LEVELS}, InvalidArgumentError, "problem"),
        ({"party": "them"}, InvalidArgumentError, "party"),
        ({"offers": [3]}, InvalidArgumentError, r"offers\[0\]"),
        ({"offers": [["x"]]}, InvalidOutcomeError, r"offers\[0\]"),
        ({"after": [1, 0]}, InvalidArgumentError, "after"),
        ({"after": [3]}, InvalidArgumentError, "after"),
        ({"after": [0.5]}, InvalidArgumentError, r"after\[0\]"),
        ({"after": 2}, InvalidArgumentError, "after"),
        ({"times": [0, np.nan]}, InvalidArgumentError, "times"),
    ],
)
def test_bad_input_is_named(changes, error, says):
    given = {
        "model": bg.FrequencyModel(),
        "problem": problem_of(LEVELS, NOBODY),
        "party": "you",
        "offers": [0, 1],
        **changes,
    }
    with pytest.raises(error, match=says):
        bg.score_model(**given)


def slow_spearman(a, b):
    def ranks(values):
        return [sum(v < w for v in values) + (1 + sum(v == w for v in values)) / 2 for w in values]

    a, b = np.array(ranks(a)), np.array(ranks(b))
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return a @ b / size if size else 0.0


@settings(max_examples=30)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_scores_are_rank_correlation_and_distance_as_defined(sizes, seed):
    generator = np.random.default_rng(seed)
    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, k - 1) for j, k in enumerate(sizes)])
    tables = [{x: float(generator.integers(-3, 4)) for x in range(k)} for k in sizes]
    utility = bg.AdditiveUtility({f"i{j}": table for j, table in enumerate(tables)})
    problem = bg.BargainingProblem(space, {"me": bg.AdditiveUtility({}), "you": utility})
    offers = generator.integers(sizes, size=(9, len(sizes))).tolist()
    score = bg.score_model(bg.FrequencyModel("smith"), problem, "you", offers)
    found = bg.FrequencyModel("smith").estimate(space, offers).utilities().round(12)
    truth = np.array([utility.evaluate(space, outcome) for outcome in space])
    least, most = truth.min(), truth.max()
    truth = (truth - least) / (most - least) if most > least else 0 * truth
    correlation = slow_spearman(found.tolist(), truth.round(12).tolist())
    assert score.rank_correlation == pytest.approx([correlation], abs=1e-12)
    assert score.rmse == pytest.approx([np.sqrt(np.mean((found - truth) ** 2))], abs=1e-11)


ELSEWHERE = bg.Estimate(bg.OutcomeSpace([bg.Issue.integer("n", 0, 3)]), [1], [[0, 0, 1, 1]])


@pytest.mark.parametrize(
    ("answer", "says"), [(None, "an Estimate, got None"), (ELSEWHERE, "the space it was given")]
)
def test_what_a_model_of_ones_own_returns_is_checked(answer, says):
    class Says:
        def estimate(self, space, offers, *, times=None):
            return answer

    with pytest.raises(InvalidArgumentError, match=says):
        bg.score_model(Says(), problem_of(LEVELS, NOBODY), "you", [0])


def test_a_guess_that_is_no_number_is_named():
    with pytest.raises(InvalidArgumentError, match=r"worths\[0\]"):
        bg.score_model(Fixed([0, 0.5, np.nan]), problem_of(LEVELS, NOBODY), "you", [])


GOODS = ("Food", "Water", "Firewood")
POINTS = {"High": 5, "Medium": 4, "Low": 3}


@pytest.fixture(scope="module")
def campers(shared_data):
    """Every camper of CaSiNo who proposed a deal: (goods by priority, what it asked for)."""
    folder = shared_data / "casino"
    if not folder.is_dir():
        pytest.skip(f"the CaSiNo dialogues are not at {folder}")
    found = []
    for part in ("train", "valid", "test"):
        for dialogue in json.loads((folder / f"{part}.json").read_text("utf-8")):
            for who, info in dialogue["participant_info"].items():
                deals = [
                    tuple(int(said["task_data"]["issue2youget"][good]) for good in GOODS)
                    for said in dialogue["chat_logs"]
                    if said["text"] == "Submit-Deal" and said["id"] == who
                ]
                if deals:
                    order = tuple(info["value2issue"][level] for level in POINTS)
                    found.append((order, tuple(deals)))
    return found


CAMP = bg.OutcomeSpace([bg.Issue.integer(good, 0, 3) for good in GOODS])
ORDERS = list(itertools.permutations(GOODS))


def standardised(values):
    """Ranks with mean 0 and length 1, so that products are Spearman's correlations."""
    ranks = rankdata(values, axis=0)
    ranks -= ranks.mean(axis=0)
    return ranks / np.sqrt((ranks**2).sum(axis=0))


def correlations_by_truth(model, deals):
    """The rank correlation with each of the six priorities a camper can have."""
    levels = np.indices((4, 4, 4)).reshape(3, -1)
    points = np.array([[list(POINTS.values())[o.index(good)] for good in GOODS] for o in ORDERS])
    # rounded, so that what ties in exact arithmetic does
    found = model.estimate(CAMP, deals).utilities().round(12)
    together = standardised((points @ levels).T).T @ standardised(found)
    return dict(zip(ORDERS, together.tolist(), strict=True))


@pytest.mark.parametrize("model", [bg.FrequencyModel(), bg.BayesianModel()], ids=repr)
def test_people_who_share_camp_supplies_show_what_they_need(campers, model):
    # chance is what the same estimate says about a camper of any other priorities: it knows as
    # well that everybody wants more of everything
    by_deals = {deals: correlations_by_truth(model, deals) for _, deals in campers}
    gained = np.array(
        [
            by_deals[deals][order] - np.mean(list(by_deals[deals].values()))
            for order, deals in campers
        ]
    )
    assert len(gained) > 1000
    # seen: 0.043 and 0.048, standard error 0.002; few made more than one proposal
    assert gained.mean() > 4 * gained.std() / np.sqrt(len(gained))


@pytest.mark.parametrize("name", ["grocery", "camera"])
@pytest.mark.parametrize(
    "model",
    [
        bg.FrequencyModel(),
        bg.FrequencyModel("smith"),
        bg.BayesianModel(),
        bg.WindowedModel(),
    ],
    ids=repr,
)
def test_models_order_the_outcomes_of_published_domains(shared_data, name, model):
    folder = shared_data / "genius" / name
    if not folder.is_dir():
        pytest.skip(f"the GENIUS domain is not at {folder}")
    files = sorted(folder.glob("*.xml"))
    domain = next(path for path in files if path.stem.lower().endswith("domain"))
    problem = bg.load(domain, *[path for path in files if path != domain][:2])
    correlations = []
    for policy in ("boulware", "conceder", "tit_for_tat", "micro"):
        for seat in (0, 1):
            chosen = ["hardliner", "hardliner"]
            chosen[seat] = policy
            session = bg.alternating_offers(problem, chosen, deadline=200)
            made = session.proposers == seat
            score = bg.score_model(
                model,
                problem,
                seat,
                session.offer_rows[made],
                times=session.schedule[np.flatnonzero(made)],
            )
            correlations.append(score.rank_correlation[0])
    # chance is 0; seen: 0.47 to 0.69 on average over the eight sessions
    assert np.mean(correlations) > 0.4
