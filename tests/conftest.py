"""Every test runs without the caller's settings and without a network beyond the loopback (see pyproject.toml)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported
os.environ.setdefault("LANGSMITH_TRACING", "false")

# The same examples on every run, so that a red gate is a change's own doing; HYPOTHESIS_PROFILE=explore searches anew.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No PARTNERSHIP_ variable and no .env of the developer reaches a test."""
    for name in list(os.environ):
        if name.startswith("PARTNERSHIP_") and name != "PARTNERSHIP_TEST_DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data(repository: Path) -> Path:
    """Real companies beside the checkout; a clone has none, and the test is skipped."""
    folder = repository.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no shared/data beside the checkout")
    return folder
