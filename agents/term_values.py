"""The values of a draft: openings, what stood before, and what a person asked to change, never past our walk-away."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from partnership_os.agents.conformance import position_of
from partnership_os.agents.leaks import three_digits
from partnership_os.agents.playbook import (
    PLAYBOOK_CURRENCY,
    WHOLE_UNITS,
    opening_of,
    terms_of,
    units_per_dollar,
)
from partnership_os.agents.sheet_text import format_value
from partnership_os.errors import InputError
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookTerm, Position
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue

__all__ = ["term_values", "tidy"]


def term_values(
    playbook: Playbook, currency: str, previous: PartnerTermSheet | None, changes: Mapping[str, Decimal | str]
) -> dict[str, TermValue]:
    """The value of every term of the next version: what a person changed, else what stood before, else the opening.

    Args:
        playbook: Our positions.
        currency: Currency of the deal; the opening amounts are converted at official parity.
        previous: The version before, if any.
        changes: Name of the term → number in its unit, or choice.

    Raises:
        InputError: an unknown or fixed term, a value that is none of the unit, one worse than our walk-away (also one
            carried over from the previous version), or a currency without a fixed rate to the playbook's.
    """
    terms = terms_of(playbook)
    unknown = sorted(set(changes) - set(terms))
    if unknown:
        raise InputError(
            f"The playbook has no term {unknown[0]!r}.",
            fix=f"Change one of: {', '.join(sorted(terms))}.",
            term=unknown[0],
        )
    values = {}
    for name, (_, term) in terms.items():
        if name in changes:
            values[name] = _changed(term, changes[name], currency)
        else:
            values[name] = _carried(term, previous) or _opening(term, currency)
    return values


def _opening(term: PlaybookTerm, currency: str) -> TermValue:
    opening = opening_of(term)
    if isinstance(opening, str):
        return TermValue(name=term.name, unit=term.unit, choice=opening)
    if term.unit is not TermUnit.MONEY:
        return TermValue(name=term.name, unit=term.unit, number=opening)
    return TermValue(name=term.name, unit=term.unit, number=_in_currency(term, opening, currency), currency=currency)


def _in_currency(term: PlaybookTerm, amount: Decimal, currency: str) -> Decimal:
    """An amount of the playbook in the deal's currency, rounded to three digits in our favour."""
    if currency == PLAYBOOK_CURRENCY:
        return amount
    rate, own = units_per_dollar(currency), units_per_dollar(PLAYBOOK_CURRENCY)
    if rate is None or own is None:
        raise InputError(
            f"The playbook states money in {PLAYBOOK_CURRENCY}, and {currency} has no fixed rate to it.",
            fix="State the need's deal in SAR, AED, QAR, BHD, OMR or USD.",
            term=term.name,
        )
    exact = Fraction(amount) * Fraction(rate) / Fraction(own)
    return three_digits(exact, up=term.better is Direction.HIGHER)


def _carried(term: PlaybookTerm, previous: PartnerTermSheet | None) -> TermValue | None:
    value = previous.term(term.name) if previous is not None else None
    if value is None:
        return None
    if position_of(term, value) is Position.BREACH:
        raise _refused(term, format_value(value, "en"))
    return value


def _changed(term: PlaybookTerm, wanted: Decimal | str, currency: str) -> TermValue:
    value = _parsed(term, wanted, currency)
    if position_of(term, value) is Position.BREACH:
        raise _refused(term, str(wanted))
    return value


def _refused(term: PlaybookTerm, wanted: str) -> InputError:
    """It never names our limit, in no message and no detail: all of it may end up in a reply to the partner."""
    if term.better is Direction.FIXED:
        message, fix = f"{term.name} is not negotiable.", "Leave it out of the changes."
    else:
        message = f"{term.name} = {wanted} is outside what the playbook allows."
        fix = "Choose a value nearer to the current sheet, or have the playbook's owner decide."
    return InputError(message, fix=fix, term=term.name, requested=wanted)


def _parsed(term: PlaybookTerm, wanted: Decimal | str, currency: str) -> TermValue:
    try:
        if term.unit is TermUnit.CHOICE:
            return TermValue(name=term.name, unit=term.unit, choice=str(wanted))
        number = Decimal(wanted)
        if term.unit in WHOLE_UNITS and number != number.to_integral_value():
            raise InvalidOperation
        money = currency if term.unit is TermUnit.MONEY else None
        return TermValue(name=term.name, unit=term.unit, number=tidy(number), currency=money)
    except (ArithmeticError, TypeError, ValueError):
        # By name, because the playbook's own order would tell what we prefer.
        choices = f"one of {', '.join(sorted(term.choices))}"
        kinds = {TermUnit.CHOICE: choices, TermUnit.SHARE: "a fraction between 0 and 1"}
        raise InputError(
            f"{wanted!r} is no value for {term.name} (unit: {term.unit.value}).",
            fix=f"Give {kinds.get(term.unit, f'a number of {term.unit.value}')}.",
            term=term.name,
            requested=wanted,
        ) from None


def tidy(number: Decimal) -> Decimal:
    """0.120 and 0.12 are one value; a sheet's bytes must not depend on how it was typed."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
