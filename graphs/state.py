"""State of the graphs. A thread that is checkpointed holds ids and plain values; documents live in the store."""

from typing import Any, Literal

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from partnership_os.errors import InputError
from partnership_os.graphs.casework import CaseFile
from partnership_os.graphs.views import Discovery
from partnership_os.schemas.prospect import FilteredOut, PartnerProspect
from partnership_os.schemas.score_card import PartnerFitScoreCard

DealOutcome = Literal["committed", "rejected", "expired", "blocked"]


class DealInput(TypedDict):
    """What a caller may say when a deal starts. Who asks is not among it: that comes from the run's context."""

    company_id: str
    need_id: str


class DealContext(TypedDict, total=False):
    """Of one run, never saved: the token of the person who asks."""

    token: str | None


class DealGraphState(TypedDict, total=False):
    """One deal thread."""

    thread_id: str
    company_id: str
    need_id: str
    requested_by: str
    action: str
    sheet_id: str
    sheet_version: int
    commitment_id: str
    digest: str
    ledger_entry_id: str
    outcome: DealOutcome
    reasons: list[dict[str, str]]
    """Why it ended without a commitment, as dumped `BilingualText`."""


class DiscoveryInput(TypedDict):
    """A discovery run: which need, how many cards, and the day they hold for (ISO date)."""

    need_id: str
    top: int
    as_of: str


class DiscoveryState(DiscoveryInput, total=False):
    """One discovery run. It is never checkpointed (batch work writes no checkpoints), so it may hold records."""

    cases: tuple[CaseFile, ...]
    prospects: tuple[PartnerProspect, ...]
    filtered_out: tuple[FilteredOut, ...]
    cards: tuple[PartnerFitScoreCard, ...]
    discovery: Discovery


class DiscoveryOutput(TypedDict):
    """What a run answers: report, prospects, cards and ranking."""

    discovery: Discovery


def thread_of(runtime: Runtime[Any]) -> str:
    """The id of the running thread, from the runtime and not from state, which anybody with the graph can write.

    Raises:
        InputError: the graph was invoked without one.
    """
    info = runtime.execution_info
    thread_id = info.thread_id if info is not None else None
    if not thread_id:
        raise InputError("A deal needs a thread id.", fix="Pass configurable.thread_id when the graph is invoked.")
    return str(thread_id)
