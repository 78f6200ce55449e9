"""What the documentation's configuration prepares before a build."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

CONF = Path(__file__).parents[2] / "docs" / "conf.py"


def test_pages_of_names_that_are_gone_are_removed_before_a_build(tmp_path):
    pytest.importorskip("sphinx")
    conf = runpy.run_path(str(CONF))
    conf["list_public_names"].__globals__["DOCS"] = tmp_path
    pages = tmp_path / "reference" / "api"
    pages.mkdir(parents=True)
    kept = {"bargain.Issue.rst", "bargain.anchor.advice.Package.rst"}
    for name in (*kept, "bargain.gone.rst"):
        (pages / name).write_text("a page", "utf-8")
    conf["list_public_names"](SimpleNamespace(autosummary_filename_map={}))
    assert {page.name for page in pages.iterdir()} == kept
    listed = (tmp_path / "reference" / "api.rst").read_text("utf-8")
    assert "   Issue\n" in listed
