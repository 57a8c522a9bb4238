"""JSON Schemas of the published records, generated from the models; ``docs/schemas`` is checked for drift."""

import json
from pathlib import Path

from pydantic import BaseModel

from partnership_os.schemas.commitment import AuditEvent, Commitment, Decision, LedgerEntry, OutboxMessage, Person
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Contradiction, Evidence, RejectedClaim
from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaims
from partnership_os.schemas.need import CustomerRequest, EcosystemGap, MarketSignal, PartnershipNeed
from partnership_os.schemas.playbook import ConformanceReport, Playbook
from partnership_os.schemas.prospect import PartnerProspect
from partnership_os.schemas.score_card import Indicator, PartnerFitScoreCard
from partnership_os.schemas.term_sheet import PartnerTermSheet

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: tuple[type[BaseModel], ...] = (
    AuditEvent,
    Claim,
    Commitment,
    Company,
    ConformanceReport,
    Contradiction,
    CustomerRequest,
    Decision,
    DraftedNote,
    EcosystemGap,
    Evidence,
    ExtractedClaims,
    Indicator,
    LedgerEntry,
    MarketSignal,
    OutboxMessage,
    PartnerFitScoreCard,
    PartnerProspect,
    PartnerTermSheet,
    PartnershipNeed,
    Person,
    Playbook,
    RejectedClaim,
)
"""Every record that is published, the two that a model must fill (`DraftedNote`, `ExtractedClaims`) among them."""


def json_schemas() -> dict[str, str]:
    """File name → JSON Schema text, the same bytes on every run."""
    return {
        f"{model.__name__}.schema.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **model.model_json_schema(mode="serialization"),
            },
            ensure_ascii=False,
            indent=2,
            sort_keys=True,
        )
        + "\n"
        for model in PUBLISHED
    }


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write one file per record into a folder, which is created when missing.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in sorted(json_schemas().items()):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return tuple(written)
