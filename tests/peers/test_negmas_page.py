"""The page on NegMAS: its blocks of code, all of them, in their order."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

pytest.importorskip("negmas", reason="NegMAS, an optional peer, is not installed")

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "play-with-negmas.md"


def test_what_the_page_shows_works(tmp_path, monkeypatch):
    blocks = re.findall(
        r"^```(?:\{code-cell\}|python)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S
    )
    assert len(blocks) >= 7
    # a tournament writes where it runs, and its home
    monkeypatch.chdir(tmp_path)
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), names)
    assert names["mechanism"].agreement is not None
    assert len(names["results"].final_scores) == 3
