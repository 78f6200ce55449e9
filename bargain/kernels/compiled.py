"""How kernels are compiled: the flags, once.

Results must not depend on the flags, so there is no `fastmath` (it breaks tests for NaN and lets
sums differ between machines). Compiled code is kept on disk beside the package, or in the user's
cache directory where the package cannot be written (`NUMBA_CACHE_DIR` names another place);
where nothing can be written, each process compiles anew. The cache does not see an edit in
another file: kernels that call each other live in one module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a kernel for one thread when it is first called."""
    return _compile(function, parallel=False)


def inlined(function: F) -> F:
    """Copy a function into every kernel of its module that calls it.

    For what has many arrays and is called in the innermost loop: numba counts references to each
    array at each call, which can take ten times longer than the work.
    """
    njit: Any = numba.njit
    kernel: F = njit(inline="always", nogil=True, error_model="numpy")(function)
    return kernel


def compiled_parallel(function: F) -> F:
    """Compile a kernel whose `prange` loops write only at their own index."""
    return _compile(function, parallel=True)


def _compile(function: F, **flags: Any) -> F:
    flags = {"nogil": True, "error_model": "numpy", **flags}
    njit: Any = numba.njit
    try:
        kernel: F = njit(cache=True, **flags)(function)
    except RuntimeError as error:
        # Nowhere to write the cache.
        if "locator" not in str(error):
            raise
        kernel = njit(**flags)(function)
    return kernel
