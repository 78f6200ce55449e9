"""Importing bargain costs next to nothing, and every public name is there."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bargain as bg

ROOT = Path(bg.__file__).parents[1]
HEAVY = [
    "cvxpy",
    "matplotlib",
    "moocore",
    "nashpy",
    "negmas",
    "numba",
    "pydantic",
    "rich",
    "scipy",
    "scipy.optimize",
    "typer",
    "yaml",
]
BUILD = """
import bargain as bg
wants = {"price": bg.Linear(0, 1), "gift": {"yes": 1}}
problem = bg.BargainingProblem(
    [bg.Issue.integer("price", 1, 9), bg.Issue.choice("gift", ["no", "yes"])],
    {"a": bg.AdditiveUtility(wants), "b": bg.AdditiveUtility({})},
)
problem.utilities(), problem.evaluate([1, "no"]), problem.space.sample(1, seed=1)
"""


def in_fresh_process(program):
    """Run a program in an interpreter of its own and return the last line that it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


def loaded_after(program):
    """Return the heavy packages that are loaded once a program has run."""
    report = f"import sys, json\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    return json.loads(in_fresh_process(f"{program}\n{report}"))


def seconds(statement):
    """Return how long a statement takes in the fastest of five fresh processes."""
    program = (
        f"import time\nstart = time.perf_counter()\n{statement}\nprint(time.perf_counter() - start)"
    )
    return min(float(in_fresh_process(program)) for _ in range(5))


def public_names():
    """Return the names that type checkers are told of, by the module they are told to look in."""
    tree = ast.parse(Path(bg.__file__).read_text(encoding="utf-8"))
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.asname: (alias.name, node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize(
    "program",
    [
        "import bargain",
        "import bargain; dir(bargain); bargain.__version__",
        "import bargain; bargain.Issue, bargain.BargainingProblem, bargain.TooLargeError",
        "import bargain; bargain.discretized",
        BUILD,
    ],
)
def test_neither_importing_nor_building_a_problem_loads_anything_heavier_than_numpy(program):
    assert loaded_after(program) == []


def test_the_adapter_of_a_peer_does_not_load_the_peer_until_it_is_asked():
    program = "from bargain.adapters.negmas import SAOTimeBased, sao_times; sao_times(3)"
    assert "negmas" not in loaded_after(program)


@pytest.mark.parametrize("statement", ["import bargain", "import bargain; bargain.Issue"])
def test_importing_takes_at_most_twice_as_long_as_numpy(statement):
    # a machine at work makes single measurements jump: the best ratio of several rounds counts
    ratios = []
    for _ in range(4):
        ratios.append(seconds(statement) / seconds("import numpy"))
        if ratios[-1] <= 2:
            return
    raise AssertionError(f"expected at most twice numpy's import time, got {ratios}")


@pytest.mark.parametrize("name", bg.__all__)
def test_every_public_name_is_there(name):
    value = getattr(bg, name)
    assert value.__name__ == name
    assert name in dir(bg)
    assert getattr(bg, name) is value


def test_a_star_import_brings_exactly_the_public_names():
    brought = in_fresh_process("from bargain import *\nprint(*dir())")
    assert {name for name in brought.split() if not name.startswith("__")} == set(bg.__all__)


def test_type_checkers_are_told_where_the_names_really_are():
    told = public_names()
    assert told
    for name, (original, module) in told.items():
        assert original == name
        assert bg._HOME_OF[name] == module


def test_a_public_name_has_one_home():
    listed = [name for names in bg._HOMES.values() for name in names]
    assert sorted(listed) == bg.__all__


def test_a_name_that_does_not_exist_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="module 'bargain' has no attribute 'nash_point'"):
        bg.nash_point  # noqa: B018
    assert not hasattr(bg, "__wrapped__")


@pytest.mark.parametrize("name", [name for name in bg.__all__ if name.endswith("Error")])
def test_every_error_is_a_bargain_error(name):
    assert issubclass(getattr(bg, name), bg.BargainError)
