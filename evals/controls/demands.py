"""What is demanded of the controls: a bad one misses a bound in each suite that asks the model, the good one none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from partnership_os.evals.catalogue import find_suites
from partnership_os.evals.controls.server import CONTROLS
from partnership_os.evals.subject import CONTROL
from partnership_os.evals.suite import Asks

__all__ = ["BAD", "EXCEPTIONS", "GOOD", "faults_of", "suites_asked"]

GOOD: Final = f"{CONTROL}scribe"
"""It answers what the rules analyst reads, and has to look like it."""
BAD: Final = tuple(f"{CONTROL}{name}" for name in CONTROLS if f"{CONTROL}{name}" != GOOD)
"""Those that no bound may let pass."""
EXCEPTIONS: Final[Mapping[tuple[str, str], str]] = {}
"""(Control, suite) → why no bound of the suite can see it. Whoever adds one says the same in the suite's README."""


def suites_asked() -> tuple[str, ...]:
    """The suites that ask the chat model, sorted."""
    return tuple(name for name, suite in sorted(find_suites().items()) if suite.asks is Asks.CHAT)


def faults_of(
    ran: Iterable[tuple[str, str]], missed: Iterable[tuple[str, str]], suites: Iterable[str]
) -> Iterator[str]:
    """What is wrong with a run of controls, in words; nothing where every subject looks as it must.

    Only a bad control may miss a bound, and it has to.

    Args:
        ran: (Subject, suite) of every run.
        missed: (Subject, suite) of every bound that was missed.
        suites: Suites that every control has to have run.
    """
    there, lost = set(ran), set(missed)
    for suite in suites:
        yield from (f"{one} did not run {suite}" for one in (GOOD, *BAD) if (one, suite) not in there)
        for subject in BAD:
            seen, excepted = (subject, suite) in lost, (subject, suite) in EXCEPTIONS
            if (subject, suite) in there and seen == excepted:
                why = "and stands among the exceptions" if seen else "and no exception says why"
                yield f"{subject} misses {'a' if seen else 'no'} bound of {suite} {why}"
    yield from (f"{subject} misses a bound of {suite}" for subject, suite in sorted(lost) if subject not in BAD)
