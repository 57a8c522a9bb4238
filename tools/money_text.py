"""Money as people write it: ``250,000 SAR``, ``SAR 2.5 million``, ``٢٥٠٬٠٠٠ ريال سعودي``."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from pydantic import ValidationError

from partnership_os.schemas.base import Money, currency_codes
from partnership_os.tools.numbers import number_spans
from partnership_os.tools.text import fold

__all__ = ["money_of"]


def money_of(value: object, currency: str | None = None) -> Money:
    """An exact amount with its currency.

    Args:
        value: Text with one number and a currency code, name (English, Arabic) or symbol; a number; or a mapping
            with ``amount`` and ``currency``.
        currency: ISO 4217 code for a value that states none.

    Raises:
        ValueError: there is no single number, or no known currency; the message says which.
    """
    if isinstance(value, Mapping):
        unknown = sorted(str(key) for key in value.keys() - {"amount", "currency"})
        if unknown or "amount" not in value:
            raise ValueError(f"money has an amount and a currency, not {', '.join(unknown) or 'only a currency'}")
        return money_of(value["amount"], str(value.get("currency") or currency or "") or None)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("this is no amount of money")
    if not isinstance(value, str):
        return _money(Decimal(value), _code("", currency))
    spans = number_spans(value)
    if len(spans) != 1:
        raise ValueError("one amount is expected" if spans else "there is no number in it")
    rest = f"{value[: spans[0].start]} {value[spans[0].end :]}"
    return _money(spans[0].value, _code(rest, currency))


def _money(amount: Decimal, currency: str) -> Money:
    try:
        return Money(amount=amount, currency=currency)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None


def _code(words: str, default: str | None) -> str:
    text = fold(words).strip(" .")
    if not text:
        if default is None:
            raise ValueError("the currency is missing")
        return _code(default, None)
    code = _codes_by_name().get(text)
    if code is None:
        raise ValueError(f"{words.strip()!r} is no currency we know; write its ISO code, for example SAR")
    return code


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for language in ("en", "ar"):
        locale = Locale(language)
        for code in currency_codes():
            names = {get_currency_name(code, locale=locale), get_currency_symbol(code, locale=locale)}
            names |= {get_currency_name(code, count=count, locale=locale) for count in (1, 2, 3, 100)}
            for name in names:
                found.setdefault(fold(name).strip(" ."), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1} | {
        code.lower(): code for code in currency_codes()
    }
