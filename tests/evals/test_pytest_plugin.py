"""A downstream project gets the fixture by installing the package, at no cost to its other tests."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

NAME = "partnership_os"
MODULE = "partnership_os.evals.pytest_plugin"


@pytest.fixture
def downstream(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project in whose environment the package is installed with its entry point."""
    about = pytester.mkdir("site") / "installed-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: installed\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[pytest11]\n{NAME} = {MODULE}\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(about.parent))
    return pytester


def test_the_entry_point_is_the_one_of_the_package(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {NAME: MODULE}


def test_a_project_has_the_fixture_without_configuration(downstream: pytest.Pytester) -> None:
    downstream.makepyfile(
        """
        from partnership_os.testing import world

        def test_text(partnership_assert):
            partnership_assert.assert_no_leak("Nothing of ours.", ["0.15"])

        def test_claims(partnership_assert):
            partnership_assert.assert_grounded_claims([], [world.evidence()])
        """
    )
    result = downstream.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)
    downstream.runpytest_subprocess("--fixtures").stdout.fnmatch_lines(
        ["partnership_assert*", "*Assertions on score cards, term sheets and claims*"]
    )


def test_a_failure_is_readable(downstream: pytest.Pytester) -> None:
    downstream.makepyfile(
        """
        def test_card(partnership_assert):
            partnership_assert.assert_valid_scorecard('{"score": 200, "band": "great"}', [])
        """
    )
    result = downstream.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*partnership_assert.assert_valid_scorecard(*",
            "E * AssertionError: score card: * faults",
            "E *   - card_id: Field required",
            "E *   - score: Input should be less than or equal to 100",
            "E *   - band: Input should be 'pursue', 'develop', 'watch', 'decline' or 'unknown'",
        ]
    )
    result.stdout.no_fnmatch_line("*_require*")


def test_a_project_that_does_not_use_it_pays_nothing(downstream: pytest.Pytester) -> None:
    """Loaded by every run of whoever installs the package: nothing of weight may come with it."""
    downstream.makepyfile(
        f"""
        import sys

        def test_modules():
            assert {MODULE!r} in sys.modules
            heavy = {{"langgraph", "langchain_core", "chromadb", "inspect_ai", "pydantic", "sqlalchemy", "numpy"}}
            assert heavy & set(sys.modules) == set()
            ours = {{name for name in sys.modules if name.startswith("partnership_os")}}
            assert ours == {{"partnership_os", "partnership_os.evals", {MODULE!r}}}
        """
    )
    plugins = ("-p", "no:hypothesispytest", "-p", "no:inspect_ai", "-p", "no:langsmith_plugin", "-p", "no:anyio")
    downstream.runpytest_subprocess("-p", "no:cacheprovider", *plugins).assert_outcomes(passed=1)


def test_importing_the_assertions_loads_nothing_either() -> None:
    code = (
        "import sys, partnership_os.evals.assertions; "
        "heavy = {'langgraph', 'langchain_core', 'chromadb', 'inspect_ai', 'pydantic'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
