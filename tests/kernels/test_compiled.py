from __future__ import annotations

import os
import shutil
import subprocess
import sys

import numba
import pytest

from bargain.kernels import compiled as compiled_module
from bargain.kernels.compiled import compiled


def test_where_no_cache_can_be_written_kernels_are_compiled_anyway(monkeypatch):
    def njit(*, cache=False, **flags):
        if cache:
            raise RuntimeError("cannot cache function 'f': no locator available for file 'x'")
        return lambda function: (function, flags)

    monkeypatch.setattr(numba, "njit", njit)
    kernel, flags = compiled(len)
    assert kernel is len
    assert "fastmath" not in flags


def test_other_failures_to_compile_are_not_hidden(monkeypatch):
    def njit(**flags):
        raise RuntimeError("something else")

    monkeypatch.setattr(numba, "njit", njit)
    with pytest.raises(RuntimeError, match="something else"):
        compiled(len)


def test_what_was_kept_of_a_kernel_counts_until_one_that_it_calls_changes(tmp_path):
    shutil.copy(compiled_module.__file__, tmp_path / "compiled.py")
    (tmp_path / "one.py").write_text(kernel("one", "return 1"))
    (tmp_path / "two.py").write_text(
        "from one import one\n" + kernel("two", "return one() + one()")
    )
    asked = "from two import two; print(two(), sum(two.stats.cache_hits.values()))"

    def answer():
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DISABLE_JIT": "0"}
        command = [sys.executable, "-c", asked]
        return subprocess.check_output(command, cwd=tmp_path, env=environment, text=True).split()

    assert answer() == ["2", "0"]
    assert answer() == ["2", "1"]
    (tmp_path / "one.py").write_text(kernel("one", "return 10"))
    assert answer() == ["20", "0"]


def kernel(name, body):
    return f"from compiled import compiled\n\n@compiled\ndef {name}():\n    {body}\n"


def test_where_numba_keeps_kernels_in_another_way_none_is_kept(monkeypatch):
    kept = []

    def njit(*, cache=False, **flags):
        kept.append(cache)
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled(len) is len
    assert kept == [True, False]
