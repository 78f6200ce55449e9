from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.play import (
    AcceptNext,
    TimeDependent,
    load_policy,
    policy_from_dict,
    policy_to_dict,
    save_policy,
)

positive = st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False)
unit = st.floats(0, 1)
finite = st.floats(allow_nan=False, allow_infinity=False)
GOOD = policy_to_dict(TimeDependent(beta=0.2))


@given(st.builds(TimeDependent, positive, unit, unit, st.builds(AcceptNext, positive, finite)))
def test_a_policy_comes_back_exactly(policy):
    text = json.dumps(policy_to_dict(policy), allow_nan=False)
    assert policy_from_dict(json.loads(text)) == policy


def test_every_policy_saves_itself_and_loads(tmp_path):
    policy = TimeDependent(beta=1 / 3, floor=0.1, k=0.2, acceptance=AcceptNext(1.1, -0.3))
    path = tmp_path / "tenant.policy.json"
    policy.save(path)
    assert load_policy(path) == load_policy(str(path)) == policy
    assert json.loads(path.read_text())["bargain_policy"] == 1
    save_policy(TimeDependent(), path)
    assert load_policy(path) == TimeDependent()


def test_what_is_left_out_has_its_default():
    short = {"bargain_policy": 1, "policy": {"kind": "time_dependent", "beta": 2}}
    assert policy_from_dict(short) == TimeDependent(beta=2.0)


def changed(**fields):
    return {**GOOD, "policy": {**GOOD["policy"], **fields}}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "expected an object, got []"),
        ({}, "bargain_policy"),
        ({**GOOD, "bargain_policy": 2}, "bargain_policy: expected 1, got 2"),
        ({**GOOD, "extra": 1}, "extra: expected no such field"),
        ({"bargain_policy": 1}, "policy: expected this field"),
        (changed(kind="wait"), "policy.kind"),
        (changed(kind="micro"), "policy.beta: expected no such field"),
        (changed(beta=0), "policy.beta: expected greater than 0, got 0"),
        (changed(beta=float("nan")), "policy.beta"),
        (changed(beta="0.2"), "policy.beta"),
        (changed(beta=True), "policy.beta"),
        (changed(beta=10**400), "policy.beta"),
        (changed(floor=1.5), "policy.floor"),
        (changed(k=-0.1), "policy.k"),
        (changed(speed=1), "policy.speed: expected no such field"),
        (
            {"bargain_policy": 1, "policy": {"kind": "time_dependent", "bta": 0.2}},
            "policy.bta: expected no such field, got 0.2",
        ),
        (changed(acceptance=None), "policy.acceptance"),
        (changed(acceptance={"kind": "accept_next", "scale": -1}), "policy.acceptance.scale"),
        (changed(acceptance={"kind": "accept_next", "offset": 1e999}), "policy.acceptance.offset"),
    ],
)
def test_a_wrong_field_is_named_in_one_line(data, says, tmp_path):
    with pytest.raises(FileFormatError) as told:
        policy_from_dict(data)
    assert says in str(told.value)
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(data))
    with pytest.raises(FileFormatError) as told:
        load_policy(path)
    assert says in str(told.value)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"bargain_policy": 1, "bargain_policy": 1}',
        "[" * 100_000,
        '{"bargain_policy": 1, "policy": {"kind": "time_dependent", "beta": 1e999}}',
        "9" * 10_000,
    ],
)
def test_a_file_that_is_no_policy_is_refused_in_one_line(text, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(FileFormatError, match=r"bad\.json") as told:
        load_policy(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"kind": "mixture", "policies": [{"kind": "micro"}], "weights": [0.0]}, "weights"),
        ({"kind": "mixture", "policies": [{"kind": "micro"}], "weights": [1.0, 2.0]}, "weights"),
        ({"kind": "tit_for_tat", "delay": 10**8}, "delay"),
    ],
)
def test_what_only_a_policy_itself_can_check_names_its_file_too(policy, says, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({"bargain_policy": 1, "policy": policy}))
    with pytest.raises(FileFormatError, match=says) as told:
        load_policy(path)
    assert str(path) in str(told.value)


def test_a_missing_or_badly_encoded_file_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"none\.json"):
        load_policy(tmp_path / "none.json")
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match=r"bad\.json"):
        load_policy(tmp_path / "bad.json")


def test_a_policy_of_ones_own_has_no_file(tmp_path):
    with pytest.raises(InvalidArgumentError, match="policy of the library"):
        save_policy(object(), tmp_path / "x.json")


EVERY = (
    bg.ExponentialConcession(0.5, 0.2, 0.1, bg.AcceptAfter(0.9)),
    bg.BezierConcession(1, 0.9, 0.2, bg.AcceptPrevious(1, 0.1)),
    bg.ResourceDependent(3, 0.1, 0.2, bg.AcceptAbove(0.7)),
    bg.TitForTat("absolute", 3, 0.1, 0.2, bg.accept_combined(0.95, measure="mean")),
    bg.NiceTitForTat(bg.WindowedModel(9), 0.3, 0.8, 0.1, 0.2, bg.accept_combined(0.9)),
    bg.MiCRO(),
    bg.Scripted([7, [1, "a"], {"x": 1}]),
    bg.RandomOffers(0.25, bg.AcceptAll((bg.AcceptBest(), bg.AcceptNext()))),
    bg.TradeOff(bg.BezierConcession(), "smith", 0.1),
    bg.TradeOff(by=bg.FrequencyModel("smith")),
    bg.TradeOff(by=bg.BayesianModel(0.01, 1 / 3)),
    bg.TradeOff(by=bg.WindowedModel(12, 0.5, 7, 2.5)),
    bg.Scripted([{"price": 3, "gift": True}, [2.5, "no"]]),
    bg.Mixture(["boulware", bg.Mixture([bg.MiCRO(), "random"])], [1, 2]),
)


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: type(policy).__name__)
def test_every_kind_of_policy_comes_back_exactly(policy, tmp_path):
    path = tmp_path / "p.json"
    policy.save(path)
    assert load_policy(path) == policy


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("love", "policy.by: expected 'similarity', 'hardheaded' or 'smith', got 'love'"),
        (None, "policy.by: expected 'similarity', 'hardheaded' or 'smith', got None"),
        ({"kind": "tea_leaves"}, "policy.by.kind: expected 'frequency_model', 'bayesian_model'"),
        ({"kind": "bayesian_model", "spread": 0}, "policy.by.spread: expected greater than"),
        ({"kind": "windowed_model", "window": 2.5}, "policy.by.window: expected a valid integer"),
        ({"kind": "frequency_model", "forms": 1}, "policy.by.forms: expected no such field"),
    ],
)
def test_a_wrong_model_is_named(by, says):
    data = policy_to_dict(bg.TradeOff())
    data["policy"]["by"] = by
    with pytest.raises(FileFormatError) as told:
        policy_from_dict(data)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_a_trade_off_of_no_arguments_is_the_preset():
    assert bg.TradeOff() == bg.policy_from_name("trade_off")
    assert bg.TradeOff().curve == bg.policy_from_name("boulware")


def test_a_nice_tit_for_tat_needs_no_more_than_its_kind():
    short = {"bargain_policy": 1, "policy": {"kind": "nice_tit_for_tat"}}
    assert policy_from_dict(short) == bg.policy_from_name("nice_tit_for_tat")
    short["policy"]["model"] = "hardheaded"
    with pytest.raises(FileFormatError, match=r"policy\.model: expected an object"):
        policy_from_dict(short)


def test_a_model_of_ones_own_has_no_file():
    class Guess:
        def estimate(self, space, offers, *, times=None):
            return bg.FrequencyModel().estimate(space, offers)

    with pytest.raises(InvalidArgumentError, match=r"policy\.by"):
        policy_to_dict(bg.TradeOff(by=Guess()))


def test_what_is_wrong_deep_inside_is_named():
    data = policy_to_dict(EVERY[3])
    data["policy"]["acceptance"]["conditions"][1]["conditions"][0]["time"] = 2
    with pytest.raises(
        FileFormatError, match=r"policy\.acceptance\.conditions\.1\.conditions\.0\.time: expected"
    ):
        policy_from_dict(data)


def test_weights_may_be_an_array():
    names = ["linear", "micro"]
    assert bg.Mixture(names, np.array([1, 3])) == bg.Mixture(names, [1.0, 3.0])


@pytest.mark.parametrize("path", [5, None])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(InvalidArgumentError, match=r"^path: expected a path, got "):
        load_policy(path)
