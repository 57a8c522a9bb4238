"""Agreements, registrations, contacts and histories for the tests of channel compliance. All names are invented."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from partnership_os.schemas.base import Money
from partnership_os.schemas.channel import (
    AgreementScope,
    Area,
    CustomerKeys,
    Exclusivity,
    ExclusivityKind,
    LiveAgreement,
    Period,
)
from partnership_os.schemas.deal_registration import (
    DealSize,
    LeadSource,
    Proof,
    ProofKind,
    RegistrationEvent,
    RegistrationEventKind,
    RegistrationRequest,
)
from partnership_os.schemas.outreach import (
    BasisKind,
    LegalBasis,
    OptOut,
    OutreachChannel,
    OutreachContact,
    OutreachHistory,
    OutreachPurpose,
    Touch,
)
from partnership_os.tools.channel_compliance.conflicts import DealContext
from partnership_os.tools.channel_compliance.policy import load_outreach_policy, load_registration_policy

RULES = load_registration_policy()
OUTREACH = load_outreach_policy()
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
"""A Tuesday, noon in Riyadh."""
DAY = NOW.date()
YEAR = Period(starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), renews=False)
SAUDI = (Area(country="SA"),)
OPEN_TO_ALL = Exclusivity(kind=ExclusivityKind.NON_EXCLUSIVE, carve_outs=())


def exclusive(kind: ExclusivityKind | None = ExclusivityKind.UNCONDITIONAL, **fields: Any) -> Exclusivity:
    return Exclusivity(**{"kind": kind, "carve_outs": (), **fields})


def scope(partner_id: str = "co_new", **fields: Any) -> AgreementScope:
    """A non-exclusive appointment for everything in Saudi Arabia in 2026."""
    defaults: dict[str, Any] = {
        "partner_id": partner_id,
        "period": YEAR,
        "areas": SAUDI,
        "products": ("erp",),
        "segments": ("smes",),
        "exclusivity": OPEN_TO_ALL,
        "non_competes": (),
    }
    return AgreementScope(**{**defaults, **fields})


def agreement(partner_id: str = "co_old", agreement_id: str = "ag_1", **fields: Any) -> LiveAgreement:
    own = {key: fields.pop(key) for key in tuple(fields) if key in LiveAgreement.model_fields}
    own.setdefault("may_register", True)
    return LiveAgreement(agreement_id=agreement_id, scope=scope(partner_id, **fields), **own)


def customer(name: str = "Rimal Foods", **fields: Any) -> CustomerKeys:
    return CustomerKeys(**{"name": name, "country": "SA", **fields})


RIMAL = customer(domain="rimal.example", registry_number="1010000017")


def request(registration_id: str = "dr_1", partner_id: str = "co_partner", **fields: Any) -> RegistrationRequest:
    """A registration against which nothing stands in `clean_context`."""
    defaults: dict[str, Any] = {
        "registration_id": registration_id,
        "received_at": NOW,
        "partner_id": partner_id,
        "partner_tier": "gold",
        "customer": RIMAL,
        "area": Area(country="SA", city="Riyadh"),
        "contact_id": "ct_1",
        "products": ("erp",),
        "segment": "smes",
        "value": Money(amount="250000", currency="SAR"),
        "deal_size": DealSize.SMB,
        "expected_close": date(2026, 12, 1),
        "source": LeadSource.PARTNER_PROSPECTING,
        "proofs": (
            Proof(kind=ProofKind.MEETING_NOTES, dated_on=date(2026, 8, 20), reference="notes", contact_id="ct_1"),
        ),
        "multi_country": False,
    }
    return RegistrationRequest(**{**defaults, **fields})


def clean_context(**fields: Any) -> DealContext:
    """One agreement of the partner that covers the deal, and nothing against it."""
    defaults: dict[str, Any] = {
        "agreements": (agreement("co_partner", "ag_own"),),
        "rhq_related_party": "pass",
    }
    return DealContext(**{**defaults, **fields})


def event(kind: str, at: datetime = NOW, event_id: str | None = None, **fields: Any) -> RegistrationEvent:
    """An event of dr_1 with what its kind needs; decided by pe_decider."""
    needs: dict[str, dict[str, Any]] = {
        "submitted": {"deal_size": DealSize.SMB, "by": None},
        "rejected": {"rejection": "STALE"},
        "extended": {"activity_on": at.date(), "reference": "notes"},
        "released": {"release": "withdrawn"},
        "expired": {"by": None},
        "appealed": {"by": "pe_partner"},
    }
    defaults: dict[str, Any] = {
        "event_id": event_id or f"re_{kind}_{int(at.timestamp())}",
        "registration_id": "dr_1",
        "kind": RegistrationEventKind(kind),
        "at": at,
        "by": "pe_decider",
    }
    return RegistrationEvent(**{**defaults, **needs.get(kind, {}), **fields})


def contact(**fields: Any) -> OutreachContact:
    defaults = {"contact_id": "ct_1", "company_id": "co_rimal", "country": "SA", "time_zone": "Asia/Riyadh"}
    return OutreachContact(**{**defaults, **fields})


def consent(basis_id: str = "lb_1", **fields: Any) -> LegalBasis:
    defaults: dict[str, Any] = {
        "basis_id": basis_id,
        "kind": BasisKind.CONSENT,
        "contact_id": "ct_1",
        "purposes": (OutreachPurpose.PARTNERSHIP_PROPOSAL,),
        "channels": (OutreachChannel.EMAIL,),
        "at": NOW - timedelta(days=30),
        "reference": "form 7",
    }
    return LegalBasis(**{**defaults, **fields})


def opt_out(opt_out_id: str = "oo_1", **fields: Any) -> OptOut:
    return OptOut(**{"opt_out_id": opt_out_id, "contact_id": "ct_1", "at": NOW - timedelta(days=1), **fields})


def touch(at: datetime, touch_id: str | None = None, **fields: Any) -> Touch:
    defaults: dict[str, Any] = {
        "touch_id": touch_id or f"to_{int(at.timestamp())}",
        "contact_id": "ct_1",
        "company_id": "co_rimal",
        "channel": OutreachChannel.EMAIL,
        "at": at,
    }
    return Touch(**{**defaults, **fields})


def history(**fields: Any) -> OutreachHistory:
    """One consent, nothing sent, complete for a year."""
    return OutreachHistory(**{"bases": (consent(),), "complete_from": NOW - timedelta(days=365), **fields})
