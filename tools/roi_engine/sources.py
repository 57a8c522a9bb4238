"""Where figures come from: the need's planning figures, the terms of a sheet; and whether what is cited exists."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from partnership_os.errors import InputError
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.roi import Assumption, Figure, PartnerFigure, RevenueKind, RoiRisk
from partnership_os.schemas.roi_drivers import MONEY_UNITS, SHEET_ONLY, UNITS, Driver, Origin, PartnerDriver
from partnership_os.schemas.term_sheet import PartnerTermSheet

__all__ = [
    "assumptions_of_need",
    "assumptions_of_sheet",
    "check_cited",
    "check_sheet_terms",
    "currency_of",
    "partner_figures_of_sheet",
]

_TERMS: dict[str, tuple[str, ...]] = {
    "commission_share": ("commission_share", "revenue_share", "partner_revenue_share"),
    "commission_months": ("commission_months", "revenue_share_months"),
    "discount_share": ("reseller_margin", "programme_discount"),
    "mdf_per_year": ("mdf_per_year",),
    "investment": ("our_investment", "pilot_budget"),
    "partner_investment": ("partner_investment",),
}
"""Driver of either side → the terms of the playbooks that state it."""


def assumptions_of_need(need: PartnershipNeed) -> tuple[Assumption, ...]:
    """Our planning figures: accounts a year, win rate, deal value. They stay assumptions."""
    deal = need.deal
    values = {
        Driver.ACCOUNTS_PER_YEAR: Decimal(deal.target_accounts_per_year),
        Driver.WIN_RATE: Decimal(repr(deal.win_rate)),
        Driver.AVERAGE_DEAL_VALUE: deal.average_deal.amount,
    }
    return tuple(
        Assumption(driver=driver, unit=UNITS[driver.value], currency=currency_of(driver, deal.currency), base=value)
        for driver, value in values.items()
    )


def assumptions_of_sheet(sheet: PartnerTermSheet, kind: RevenueKind) -> tuple[Assumption, ...]:
    """Our drivers that the sheet states and this kind of revenue uses, by name, citing the sheet."""
    found = ((driver, _term(sheet, driver.value)) for driver in sorted(Driver) if _is_used(driver, kind))
    return tuple(
        Assumption(
            driver=driver,
            unit=UNITS[driver.value],
            currency=currency_of(driver, sheet.currency),
            source_id=sheet.sheet_id,
            base=value,
        )
        for driver, value in found
        if value is not None
    )


def partner_figures_of_sheet(sheet: PartnerTermSheet, kind: RevenueKind) -> tuple[PartnerFigure, ...]:
    """The partner's drivers that the sheet states and this kind of revenue uses, citing the sheet.

    A sheet holds none of our limits.
    """
    found = ((driver, _term(sheet, driver.value)) for driver in sorted(SHEET_ONLY) if _is_used(driver, kind))
    return tuple(
        PartnerFigure(
            driver=driver,
            unit=UNITS[driver.value],
            currency=currency_of(driver, sheet.currency),
            source_id=sheet.sheet_id,
            value=value,
        )
        for driver, value in found
        if value is not None
    )


def check_cited(
    figures: Sequence[Figure | RoiRisk], evidence_ids: Collection[str], sheet: PartnerTermSheet | None
) -> None:
    """Refuse a source that is neither evidence of this run nor its sheet.

    Raises:
        InputError: names the first such source.
    """
    known = {*evidence_ids, *(() if sheet is None else (sheet.sheet_id,))}
    for figure in figures:
        if figure.source_id is not None and figure.source_id not in known:
            raise InputError(
                f"The source {figure.source_id} is not among the evidence of this run.",
                fix="Cite evidence that was read, or leave the source out: the figure is then an assumption.",
                source_id=figure.source_id,
            )


def check_sheet_terms(figures: Sequence[Assumption | PartnerFigure], sheet: PartnerTermSheet | None) -> None:
    """Refuse a figure that cites the sheet and is not what the sheet states, or spans an interval around it.

    So a target or walk-away of the playbook cannot pass for a term that the partner knows. The message names no value.

    Raises:
        InputError: names the driver.
    """
    for figure in figures:
        if figure.origin is not Origin.TERM_SHEET:
            continue
        stated = None if sheet is None else _term(sheet, figure.driver.value)
        value = figure.value if isinstance(figure, PartnerFigure) else figure.base
        spans = isinstance(figure, Assumption) and figure.low is not None
        if value is not None and (value != stated or spans):
            raise InputError(
                f"{figure.driver.value} cites the term sheet and is not what it states.",
                fix="Take the value from the sheet, or cite no source: our figure is then an assumption.",
                driver=figure.driver.value,
            )


def _is_used(driver: Driver | PartnerDriver, kind: RevenueKind) -> bool:
    """A deal that is paid once has no months in which its commission could end."""
    return kind is RevenueKind.RECURRING or driver.value != Driver.COMMISSION_MONTHS.value


def _term(sheet: PartnerTermSheet, driver: str) -> Decimal | None:
    for name in _TERMS.get(driver, ()):
        value = sheet.term(name)
        if value is not None and value.number is not None:
            return value.number
    return None


def currency_of(driver: Driver | PartnerDriver, currency: str) -> str | None:
    """The currency of a driver that is money, None for any other."""
    return currency if UNITS[driver.value] in MONEY_UNITS else None
