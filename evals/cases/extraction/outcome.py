"""What the product read of a case: its claims, and the model's part in them."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self, get_args

from pydantic import Field

from partnership_os.agents.analyst import Reading
from partnership_os.evals.checks.claims import ClaimKey, claim_key
from partnership_os.schemas.base import Record
from partnership_os.schemas.evidence import Claim, ClaimKind, RejectionReason
from partnership_os.schemas.model_outputs import ExtractedClaim

__all__ = ["OF_MODEL", "Extraction", "FoundClaim", "ModelReading", "RefusedClaim", "found_claims"]

OF_MODEL: frozenset[str] = frozenset(get_args(ExtractedClaim.model_fields["kind"].annotation))
"""Kinds of claim that a model can state: a fate or a former name is read by rules alone."""


class FoundClaim(Record):
    """A claim that was made. ``text`` is the text's id in the case, or the cited id where the case has no such text."""

    kind: ClaimKind
    subject: str
    value: float | None = None
    text: str
    quote: str

    @property
    def key(self) -> ClaimKey:
        """What it is compared by."""
        return claim_key(self.kind.value, self.subject, self.value, self.text)


class RefusedClaim(Record):
    """A claim of the model that code refused, as the model stated it; its number is not kept."""

    kind: str
    subject: str
    text: str
    quote: str
    reason: RejectionReason
    detail: str = ""


class ModelReading(Record):
    """What the model alone read: claims that code kept, claims that it refused, and why there is no reading."""

    kept: tuple[FoundClaim, ...] = ()
    refused: tuple[RefusedClaim, ...] = ()
    failure: str | None = None

    @classmethod
    def of(cls, reading: Reading, ids: Mapping[str, str]) -> Self:
        """The model's reading with the case's ids of texts; ``ids`` gives them by evidence id."""
        return cls(
            kept=found_claims(reading.claims, ids),
            refused=tuple(
                RefusedClaim(
                    kind=item.kind,
                    subject=item.subject,
                    text=ids.get(item.evidence_id, item.evidence_id),
                    quote=item.quote,
                    reason=item.reason,
                    detail=item.detail,
                )
                for item in reading.rejected
            ),
            failure=reading.failure,
        )


class Extraction(Record):
    """What the product read, and the model's part in it where one was asked."""

    claims: Annotated[tuple[FoundClaim, ...], Field(max_length=4_000)]
    by_model: ModelReading | None = None


def found_claims(claims: Iterable[Claim], ids: Mapping[str, str]) -> tuple[FoundClaim, ...]:
    """Claims of the product with the case's ids of texts; ``ids`` gives them by evidence id."""
    return tuple(
        FoundClaim(
            kind=item.kind,
            subject=item.subject,
            value=item.value,
            text=ids.get(item.evidence_id, item.evidence_id),
            quote=item.quote,
        )
        for item in claims
    )
