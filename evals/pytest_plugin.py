"""The pytest plugin: every test run of a project that installs this one loads it, so it imports nothing to speak of."""

from types import ModuleType

import pytest

__all__ = ["partnership_assert"]


@pytest.fixture(scope="session")
def partnership_assert() -> ModuleType:
    """Assertions on score cards, term sheets and claims, from `partnership_os.evals.assertions`.

    Each raises one AssertionError that names every fault with its field::

        def test_my_card(partnership_assert):
            partnership_assert.assert_valid_scorecard(card_json, evidence)
    """
    from partnership_os.evals import assertions

    return assertions
