"""What a case of the chat suite states, and what came out of it."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from partnership_os.evals.suite import Case
from partnership_os.schemas.base import Fraction, Label, Points, Record

__all__ = ["PLACE", "Answered", "Call", "CardFigures", "ChatCase", "Wanted", "filled", "places_of"]

PLACE = re.compile(r"\{([a-z_]+(?::[^{}]+)?)\}")
"""A place that the workspace fills: ``{waiting_commitment}``, ``{evidence:HyperPay}``, ``{score:Foodics}``."""
_WANTED = re.compile(r"(?P<name>[a-z_]+)(?: (?P<partner>[^@]+?))?(?:@(?P<need>nd_\w+))?")
Wording = Annotated[str, Field(min_length=1, max_length=200)]
WantedText = Annotated[str, Field(pattern=f"^{_WANTED.pattern}$")]


class Call(Record):
    """One call into the workspace: what was asked for, about whom.

    ``partner`` is the name of the company as the workspace has it, or the text itself where it has none of that name.
    """

    name: Label
    partner: str | None = None
    need: str | None = None
    reference: str | None = None
    failed: bool = False


class Wanted(Record):
    """A call that a case speaks of: ``card Foodics``, ``start_deal Jisr@nd_connectors``, ``inbox``."""

    name: Label
    partner: str | None = None
    need: str | None = None

    @classmethod
    def read(cls, text: str) -> "Wanted":
        """The call that a text of a case names."""
        found = _WANTED.fullmatch(text)
        return cls(**found.groupdict()) if found is not None else cls(name=text)

    def fits(self, call: Call) -> bool:
        """Whether a call is this one; what is not stated may be anything."""
        named = (self.name, self.partner or call.partner, self.need or call.need)
        return named == (call.name, call.partner, call.need)


class ChatCase(Case):
    """One conversation. Only the answer to its last line is graded.

    Attributes:
        turns: What the person types.
        language: In which the last line is asked, and must be answered.
        signed_in: Whether the person has a token.
        must: Calls that have to happen; of each list one.
        may: Further calls that are right as well. Looking up needs, and the evidence of a company that ``must`` or
            ``may`` names, always is.
        facts: What the answer must say; of each list one wording.
        unsaid: What it must not say.
        cites: Companies of which at least one source must be cited; ``*`` is any company.
        proposes: ``Company@need`` where a deal must be proposed; nothing may change otherwise.
    """

    turns: Annotated[tuple[Wording, ...], Field(min_length=1, max_length=6)]
    language: Annotated[str, Field(pattern=r"^(en|ar)$")]
    signed_in: bool = True
    must: tuple[tuple[WantedText, ...], ...] = ()
    may: tuple[WantedText, ...] = ()
    facts: Annotated[tuple[tuple[Wording, ...], ...], Field(min_length=1)]
    unsaid: tuple[Wording, ...] = ()
    cites: tuple[Label, ...] = ()
    proposes: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the case in which a place may stand."""
        groups = (*self.facts, *self.must, self.may, self.unsaid, self.turns)
        return tuple(text for group in groups for text in group)


class CardFigures(Record):
    """The figures of a score card that a call returned; ``names`` are those of the company, its id included."""

    names: tuple[str, ...]
    need: Label
    score: Points | None
    coverage: Fraction
    confidence: Fraction


class Answered(Record):
    """The last answer, and what happened on the way to it.

    Attributes:
        text: The answer.
        by: ``model`` or ``rules``.
        calls: Calls into the workspace during the last turn.
        names: Place → the wordings it stands for in this workspace.
        existing: Cited evidence id → name of its company, for those that exist.
        sources: Cited evidence id → its text.
        heard: What calls returned, the person typed or /help says, as far as the answer quotes it.
        cards: Figures of every score card that calls returned.
        given: Evidence ids that calls returned or the person typed in this conversation.
        numbers: Numbers that calls returned or the person typed.
        proposed: ``Company@need`` of each deal that was proposed.
        decided: Whether anything was approved, rejected, committed, or a person or token was added or changed.
        asked_model: Whether a chat model was asked.
    """

    text: str = ""
    by: Label = "rules"
    calls: tuple[Call, ...] = ()
    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    existing: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)
    heard: tuple[str, ...] = ()
    cards: tuple[CardFigures, ...] = ()
    given: tuple[str, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    proposed: tuple[str, ...] = ()
    decided: bool = False
    asked_model: bool = False


def filled(text: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The text with its places filled, once for each wording of a place."""
    found = PLACE.search(text)
    if found is None:
        return (text,)
    rest = (text.replace(found.group(0), wording) for wording in names.get(found.group(1), ()))
    return tuple(one for item in rest for one in filled(item, names))


def places_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The places that stand in some texts."""
    return tuple(dict.fromkeys(name for text in texts for name in PLACE.findall(text)))
