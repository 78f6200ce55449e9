from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a kernel compiles it; an example that does so is not slow.
settings.register_profile("bargain", deadline=None)
settings.load_profile("bargain")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Published negotiation data beside the repository, read in place and never copied here."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real negotiation data is not at {folder}")
    return folder.resolve()
