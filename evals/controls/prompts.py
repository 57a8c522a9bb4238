"""What a control reads out of a request: the same prompt that a model would read, and nothing else."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from partnership_os.errors import InputError
from partnership_os.graphs.chat_grammar import language_of
from partnership_os.graphs.chat_tools import from_data
from partnership_os.schemas.company import Company, CompanyName
from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.testing.behaviours import ChatRequest

__all__ = ["Task", "Turn", "facts_of", "facts_text", "seed_of", "shown_company", "shown_evidence", "task_of", "turn_of"]

_FRAMED = re.compile(r"<<<(?P<id>[^\s<>]+)\n(?P<text>.*?)\n(?P=id)>>>", re.DOTALL)
_FACTS = re.compile(r"<<<\n(?P<facts>.*)\n>>>", re.DOTALL)
_COMPANY = re.compile(r"^Company: (?P<names>.*)$", re.MULTILINE)
_FIELD_LINE = re.compile(r"[a-z][a-z0-9_]*: \S")
_READ_IN = datetime(2026, 1, 1, tzinfo=UTC)
"""When the texts were retrieved is not in the prompt; years after this one count as to come."""
_SHOWN_ID = "co_shown"


class Task(StrEnum):
    """What a request asks for; the first two are names of schemas."""

    READ = "extracted_claims"
    NOTE = "drafted_note"
    CHAT = "chat"


def task_of(request: ChatRequest) -> Task | None:
    """The task of a request; None for a schema that the controls do not know."""
    name = request.schema_name
    if name is None:
        return Task.CHAT
    return Task(name) if name in (Task.READ, Task.NOTE) else None


def seed_of(request: ChatRequest) -> str:
    """A digest of the request, for what shall look random and be the same every time."""
    return sha256(json.dumps(request.body, sort_keys=True).encode()).hexdigest()


def _handed_over(request: ChatRequest) -> str:
    """The first message of the user: what the prompt hands over as data."""
    texts = (str(item.get("content") or "") for item in request.messages if item.get("role") == "user")
    return next(texts, "")


def shown_company(request: ChatRequest) -> Company:
    """The company that a reading prompt names, with its names in their order.

    Raises:
        InputError: the prompt names none.
    """
    found = _COMPANY.search(_handed_over(request))
    first, *others = [name for name in (found["names"] if found else "").split(" / ") if name.strip()] or [""]
    if not first:
        raise InputError("The prompt names no company.", fix="Bring evals/controls/prompts.py in line with the prompt.")
    return Company(
        company_id=_SHOWN_ID,
        name=first[:200],
        other_names=tuple(CompanyName(text=name[:200]) for name in others[:40]),
    )


def shown_evidence(request: ChatRequest) -> tuple[Evidence, ...]:
    """The texts of a reading prompt. A text whose every line is ``field: value`` is taken for a record."""
    return tuple(_evidence(found["id"], found["text"]) for found in _FRAMED.finditer(_handed_over(request)))


def _evidence(evidence_id: str, text: str) -> Evidence:
    record = all(_FIELD_LINE.match(line) for line in text.split("\n"))
    return Evidence(
        evidence_id=evidence_id,
        company_id=_SHOWN_ID,
        kind=EvidenceKind.RECORD if record else EvidenceKind.TEXT,
        source_kind=SourceKind.OWN_SITE,
        source="prompt",
        retrieved_at=_READ_IN,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
    )


def facts_text(request: ChatRequest) -> str:
    """The facts that a drafting prompt shows, as they stand there."""
    found = _FACTS.search(_handed_over(request))
    return found["facts"] if found else ""


def facts_of(request: ChatRequest) -> dict[str, Any]:
    """The card or sheet that a drafting prompt shows.

    Raises:
        InputError: it shows none.
    """
    try:
        facts: dict[str, Any] = json.loads(facts_text(request))
    except ValueError:
        raise InputError(
            "The prompt shows no card and no sheet.", fix="Bring evals/controls/prompts.py in line with the prompt."
        ) from None
    return facts


@dataclass(frozen=True)
class Turn:
    """Where a conversation stands: the person's lines, and what tools answered since the last one.

    Attributes:
        line: The line to answer.
        earlier: The lines before it, oldest first.
        results: Result of each call since the line: name of the tool, or ``error``, and the value.
        tools: Tool that may be called → JSON Schema of its arguments; empty when an answer is due.
    """

    line: str
    earlier: tuple[str, ...]
    results: tuple[tuple[str, Any], ...]
    tools: dict[str, dict[str, Any]]

    @property
    def language(self) -> str:
        """The language to answer in."""
        return language_of(self.line, "en")


def turn_of(request: ChatRequest) -> Turn:
    """The conversation as it is on the wire."""
    *earlier, line = [str(item.get("content") or "") for item in request.messages if item.get("role") == "user"] or [""]
    last = max((at for at, item in enumerate(request.messages) if item.get("role") == "user"), default=-1)
    since = [str(item.get("content") or "") for item in request.messages[last + 1 :] if item.get("role") == "tool"]
    functions = [tool["function"] for tool in request.body.get("tools") or []]
    return Turn(
        line=line,
        earlier=tuple(earlier),
        results=tuple(_result(text) for text in since),
        tools={item["name"]: item.get("parameters") or {} for item in functions},
    )


def _result(text: str) -> tuple[str, Any]:
    found = re.match(r'<data from="([a-z_]+)">', text)
    return (found.group(1), from_data(text)) if found else ("error", {"message": text})
