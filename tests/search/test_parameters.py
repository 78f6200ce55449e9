from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play import AcceptAbove, AcceptNext, TimeDependent
from bargain.search import AdaptiveSpace, Parameter, TimeDependentSpace
from bargain.search.parameters import point_of, shares_at
from bargain.search.spaces import TIME_DEPENDENT, policy_space

SPACES = [
    TimeDependentSpace(),
    policy_space("curve"),
    policy_space("adaptive"),
    AdaptiveSpace(3, "closest", responsive=False),
    AdaptiveSpace(0, "closest"),
    AdaptiveSpace(16, "smith"),
]
spaces = pytest.mark.parametrize("space", SPACES, ids=repr)
within = [st.floats(p.low, p.high) for p in TIME_DEPENDENT]
candidates = st.builds(
    lambda beta, floor, k, scale, offset: TimeDependent(beta, floor, k, AcceptNext(scale, offset)),
    *within,
)


@spaces
@given(data=st.data())
def test_a_vector_becomes_a_policy_and_comes_back_exactly(space, data):
    share = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
    shares = data.draw(st.lists(share, min_size=len(space), max_size=len(space)))
    policy = space.policy(space.values_at(shares))
    vector = space.vector(policy)
    assert space.policy(vector) == policy
    # knots may be given in any order, and come back sorted
    knots = [p.name.startswith("conceded") for p in space.parameters]
    values = space.values_at(shares)
    values[knots] = np.sort(values[knots])
    assert vector.tobytes() == values.tobytes()


@given(candidates)
def test_a_time_dependent_policy_becomes_a_vector_and_comes_back_exactly(policy):
    space = TimeDependentSpace()
    assert space.policy(space.vector(policy)) == policy


@spaces
@given(data=st.data())
def test_all_parameters_at_once_are_those_of_each(space, data):
    share = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
    shares = data.draw(st.lists(share, min_size=len(space), max_size=len(space)))
    each = [float(p.value_at(s)) for p, s in zip(space.parameters, shares, strict=True)]
    assert space.values_at([shares]).tolist() == [each]


@spaces
def test_every_parameter_is_bounded_named_once_and_has_a_unit(space):
    assert len({p.name for p in space.parameters}) == len(space)
    assert all(np.isfinite([p.low, p.high]).all() and p.unit for p in space.parameters)


@spaces
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_bounds_belong_to_points_of_the_whole_space(space, end):
    policy = space.policy(space.values_at(np.full(len(space), end)))
    point = space.point_of(policy)
    assert np.isfinite(point).all()
    assert shares_at(point).tolist() == [end] * len(space)


@given(st.lists(st.floats(-1e300, 1e300), min_size=5, max_size=5))
def test_every_point_is_a_policy_within_bounds(point):
    space = TimeDependentSpace()
    assert space.policy(space.values_at(shares_at(point)))


@given(st.floats(0, 1))
def test_a_share_becomes_a_point_and_comes_back(share):
    assert float(shares_at(point_of(share))) == pytest.approx(share, abs=1e-12)


@spaces
def test_presets_are_policies_of_the_space_and_concede_like_those_of_the_name(space):
    for name, policy in space.presets.items():
        assert space.policy(space.vector(policy)) == policy
        curve, _, told = name.partition(", ")
        assert told in ("", "traded off")
        known = bg.play.policy_from_name(curve)
        assert policy.aspiration([0, 0.3, 1]).tolist() == known.aspiration([0, 0.3, 1]).tolist()


def test_tit_for_tat_micro_and_time_dependent_are_points():
    space = AdaptiveSpace(2, "closest")
    for policy in (
        bg.Adaptive(floor=1.0, conceded=(0, 1), reciprocity=1.0),
        bg.Adaptive(floor=1.0, conceded=(0, 1), matching=1.0),
        bg.Adaptive(0.2, 0.3, 0.1, (1 / 3, 2 / 3), acceptance=AcceptNext(1.1, 0.1)),
        bg.Adaptive(conceded=(0, 1), acceptance=AcceptNext() | AcceptAbove(0.5)),
    ):
        assert space.policy(space.vector(policy)) == policy
    assert space.policy(space.vector(TimeDependent(0.2))).aspiration(0.5) == 0.96875


def test_the_centre_is_the_middle_of_each_scale():
    space = TimeDependentSpace()
    assert space.values_at(shares_at(np.zeros(5))).tolist() == pytest.approx(
        [(0.02 * 20) ** 0.5, 0.5, 0.25, 1.0, 0.0], abs=1e-15
    )


def test_whole_numbers_are_equally_likely():
    parameter = Parameter("patience", 0, 3, "whole", "rounds")
    drawn = parameter.value_at(np.linspace(0, 1, 4001))
    counts = np.unique(drawn, return_counts=True)
    assert counts[0].tolist() == [0, 1, 2, 3]
    assert counts[1].tolist() == pytest.approx([1000] * 4, abs=1)
    assert [parameter.share_of(v) for v in (0, 1, 2, 3)] == [0, 0.375, 0.625, 1]


@pytest.mark.parametrize(
    "arguments",
    [
        (1, 1),
        (2, 1),
        (0, 1, "log"),
        (0, float("inf")),
        (0, 1, "cubic"),
        (None, 1),
        (0.5, 2, "whole"),
    ],
)
def test_bounds_that_bound_nothing_are_refused(arguments):
    with pytest.raises(InvalidArgumentError, match="beta"):
        Parameter("beta", *arguments)


@pytest.mark.parametrize(
    ("space", "policy", "says"),
    [
        (TimeDependentSpace(), TimeDependent(beta=1000), "beta"),
        (TimeDependentSpace(), TimeDependent(acceptance=AcceptAbove(0.5)), "acceptance"),
        (TimeDependentSpace(), bg.MiCRO(), "policy: expected TimeDependent"),
        (policy_space("curve"), bg.Adaptive(), "policy: expected Adaptive by 'known'"),
        (policy_space("curve"), bg.Adaptive(by="known"), "conceded: expected 6 knots"),
        (policy_space("curve"), bg.TimeDependent(acceptance=AcceptAbove(0.5)), "acceptance"),
        (
            AdaptiveSpace(0, responsive=False),
            bg.Adaptive(by="known", reciprocity=0.5),
            "policy: expected one of the space 'curve'",
        ),
        (AdaptiveSpace(0), bg.Adaptive(by="known", patience=11), "patience"),
    ],
)
def test_policies_outside_of_a_space_have_no_vector(space, policy, says):
    with pytest.raises(InvalidArgumentError, match=says):
        space.vector(policy)


def test_vectors_of_another_length_or_out_of_bounds_are_refused():
    space = TimeDependentSpace()
    with pytest.raises(InvalidArgumentError, match=r"vector: expected shape \(5,\)"):
        space.policy([1, 2])
    with pytest.raises(InvalidArgumentError, match="floor"):
        space.policy([1, float("nan"), 0, 1, 0])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"knots": 17}, "knots: expected at most 16"),
        ({"knots": -1}, "knots"),
        ({"by": "magic"}, "by"),
        ({"by": "smith", "responsive": False}, "by: expected 'closest' or 'known'"),
    ],
)
def test_spaces_that_make_no_sense_are_refused(given, says):
    with pytest.raises(InvalidArgumentError, match=says):
        AdaptiveSpace(**given)
    with pytest.raises(InvalidArgumentError, match="space: expected a PolicySpace or one of time"):
        policy_space("huge")
