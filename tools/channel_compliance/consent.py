"""Consent and other bases, opt-outs, suppression: whether a person may be contacted at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from partnership_os.schemas.outreach import (
    BasisKind,
    LegalBasis,
    OutreachChannel,
    OutreachContact,
    OutreachHistory,
    OutreachPurpose,
    RefusalCode,
    Withdrawal,
)
from partnership_os.tools.channel_compliance.policy import OutreachPolicy

__all__ = ["Ground", "basis_for", "bars"]


class Ground(NamedTuple):
    """The basis that a contact may rest on, or why there is none."""

    basis_id: str | None
    refusal: RefusalCode | None


def basis_for(
    contact: OutreachContact,
    purpose: OutreachPurpose,
    channel: OutreachChannel,
    at: datetime,
    history: OutreachHistory,
    policy: OutreachPolicy,
) -> Ground:
    """The basis for this contact, this purpose and this channel at a moment; of several the one that lasts longest.

    Consent lasts `OutreachPolicy.consent_days`, or less where it says so itself. A withdrawal ends every consent that
    was not given after it; given at the same moment, it is withdrawn. Other kinds of basis count only where the
    policy lists them for the purpose. Consent of the same person under another id is not theirs for this one, but
    their withdrawals are.
    """
    kinds = policy.bases.get(purpose, ())
    fitting = [
        basis
        for basis in history.bases
        if basis.contact_id == contact.contact_id
        and basis.kind in kinds
        and purpose in basis.purposes
        and channel in basis.channels
        and basis.at <= at
    ]
    if not fitting:
        return Ground(None, RefusalCode.NO_BASIS)
    withdrawn_at = _withdrawn_at(contact, purpose, channel, history)
    standing = [item for item in fitting if not _is_withdrawn(item, withdrawn_at)]
    if not standing:
        return Ground(None, RefusalCode.BASIS_WITHDRAWN)
    lasting = [(end, basis.basis_id) for basis in standing if (end := _ends_at(basis, policy)) is None or at < end]
    if not lasting:
        return Ground(None, RefusalCode.BASIS_EXPIRED)
    endless = sorted(basis_id for end, basis_id in lasting if end is None)
    return Ground(endless[0] if endless else _longest(lasting), None)


def bars(
    contact: OutreachContact, channel: OutreachChannel, at: datetime, history: OutreachHistory
) -> Iterator[tuple[RefusalCode, str]]:
    """Opt-outs and suppressions that stand against this contact, with their ids.

    They count whatever their date is, for every purpose, and on every channel unless some are stated. A lifted opt-out
    counts until it was lifted.
    """
    people = {contact.contact_id, *contact.same_person}
    for opt_out in history.opt_outs:
        is_lifted = opt_out.lifted_at is not None and opt_out.lifted_at <= at
        if opt_out.contact_id in people and not is_lifted and _is_of(channel, opt_out.channels):
            yield RefusalCode.OPTED_OUT, opt_out.opt_out_id
    for entry in history.suppressions:
        is_meant = entry.contact_id in people or entry.company_id == contact.company_id
        if is_meant and _is_of(channel, entry.channels):
            yield RefusalCode.SUPPRESSED, entry.entry_id


def _is_of(channel: OutreachChannel, channels: tuple[OutreachChannel, ...] | None) -> bool:
    return channels is None or channel in channels


def _withdrawn_at(
    contact: OutreachContact, purpose: OutreachPurpose, channel: OutreachChannel, history: OutreachHistory
) -> datetime | None:
    people = {contact.contact_id, *contact.same_person}

    def is_meant(item: Withdrawal) -> bool:
        return item.contact_id in people and (item.purposes is None or purpose in item.purposes)

    times = [item.at for item in history.withdrawals if is_meant(item) and _is_of(channel, item.channels)]
    return max(times, default=None)


def _is_withdrawn(basis: LegalBasis, withdrawn_at: datetime | None) -> bool:
    return basis.kind is BasisKind.CONSENT and withdrawn_at is not None and basis.at <= withdrawn_at


def _ends_at(basis: LegalBasis, policy: OutreachPolicy) -> datetime | None:
    """The first moment without the basis; None where it has no end."""
    own = [basis.expires_at] if basis.expires_at is not None else []
    if basis.kind is BasisKind.CONSENT:
        own.append(basis.at + timedelta(days=policy.consent_days))
    return min(own, default=None)


def _longest(lasting: list[tuple[datetime | None, str]]) -> str:
    ends = [(end, basis_id) for end, basis_id in lasting if end is not None]
    last = max(end for end, _ in ends)
    return min(basis_id for end, basis_id in ends if end == last)
