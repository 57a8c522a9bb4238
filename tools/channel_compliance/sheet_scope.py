"""The scope that a term sheet proposes, from its typed terms and the need it was drafted for."""

from calendar import monthrange
from datetime import date

from partnership_os.errors import InputError
from partnership_os.schemas.channel import (
    AgreementScope,
    Area,
    Concepts,
    CustomerKeys,
    Exclusivity,
    ExclusivityKind,
    Period,
)
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.term_sheet import ClauseGroup, PartnerTermSheet

__all__ = ["scope_of_sheet"]


def scope_of_sheet(
    sheet: PartnerTermSheet,
    need: PartnershipNeed,
    *,
    starts_on: date | None = None,
    products: Concepts | None = None,
    named_accounts: tuple[CustomerKeys, ...] | None = None,
) -> AgreementScope:
    """What a sheet would appoint the partner for.

    Territory and segments are those of the need, which the sheet prints; the exclusivity is the sheet's term of that
    name; the end follows ``term_months``. A sheet without a clause on exclusivity, or on competition, promises none;
    where there is such a clause, what its typed terms do not say (exceptions, who is barred, renewal) is not known.

    Args:
        sheet: The draft.
        need: The need of that draft.
        starts_on: The expected first day; a sheet has none.
        products: What the partner sells; a sheet has it in words only.
        named_accounts: The accounts of an exclusivity over named accounts; a sheet does not list them.

    Raises:
        InputError: the need is not the one of the sheet.
    """
    if need.need_id != sheet.need_id:
        raise InputError(
            f"Sheet {sheet.sheet_id} was drafted for {sheet.need_id}, not for {need.need_id}.",
            fix="Give the need of the sheet.",
            sheet_id=sheet.sheet_id,
        )
    return AgreementScope(
        partner_id=sheet.company_id,
        period=_period(sheet, starts_on),
        areas=tuple(Area(country=code) for code in sorted(set(need.regions))),
        products=products,
        segments=tuple(sorted(set(need.target_segments))),
        exclusivity=_exclusivity(sheet, named_accounts),
        non_competes=None if sheet.clauses_of(ClauseGroup.NON_SOLICIT) or sheet.term("standstill_days") else (),
    )


def _period(sheet: PartnerTermSheet, starts_on: date | None) -> Period:
    months = sheet.term("term_months")
    if starts_on is None or months is None or months.number is None:
        return Period(starts_on=starts_on)
    return Period(starts_on=starts_on, ends_on=_months_later(starts_on, int(months.number)))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _exclusivity(sheet: PartnerTermSheet, named_accounts: tuple[CustomerKeys, ...] | None) -> Exclusivity:
    if not sheet.clauses_of(ClauseGroup.EXCLUSIVITY):
        return Exclusivity(kind=ExclusivityKind.NON_EXCLUSIVE, carve_outs=())
    term = sheet.term("exclusivity")
    known = {kind.value: kind for kind in ExclusivityKind}
    kind = known.get(term.choice) if term is not None and term.choice is not None else None
    listed = named_accounts if kind in (None, ExclusivityKind.NAMED_ACCOUNTS) else None
    return Exclusivity(kind=kind, named_accounts=listed)
