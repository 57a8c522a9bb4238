"""The proofs of the gate: short by default, long with PARTNERSHIP_PROVE=1."""

import os
from typing import Final

import pytest
from argon2 import PasswordHasher

from partnership_os.governance import directory

PROVE: Final = os.environ.get("PARTNERSHIP_PROVE") == "1"


@pytest.fixture
def prove() -> bool:
    """True when this run has the time to look further."""
    return PROVE


COUNTED: Final = ("[rejections]", "[expiry]", "[faults]", "[races]", "[attack]", "[lent quorum]")
"""The short scopes of the explorer, which run the explorer and the model of the gate."""


@pytest.fixture(autouse=True)
def uncounted(request: pytest.FixtureRequest) -> None:
    """Coverage is counted in the other tests, but for `COUNTED`: counting doubles the time of these."""
    if not request.node.name.endswith(COUNTED):
        request.getfixturevalue("no_cover")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of tokens in these tests need not cost what one token may."""
    monkeypatch.setattr(directory, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
