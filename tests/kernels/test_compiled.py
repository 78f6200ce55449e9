from __future__ import annotations

import numba
import pytest

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
