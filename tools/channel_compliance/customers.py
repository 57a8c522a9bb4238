"""The same customer: by registry number, domain and account id; names alone only ask for a look."""

from partnership_os.errors import InputError
from partnership_os.schemas.channel import CustomerKeys, CustomerLikeness
from partnership_os.tools.identifiers import parse_domain, parse_registry_number, registry_kind
from partnership_os.tools.lookalikes import skeleton
from partnership_os.tools.name_likeness import are_alike, is_distinctive
from partnership_os.tools.text import fold, strip_legal_forms

__all__ = ["same_customer"]


def same_customer(first: CustomerKeys, second: CustomerKeys) -> CustomerLikeness:
    """How two customer records compare (classes of partner-definitions §3.8); the order does not matter.

    Exact: the same account of ours, or the same registry number unless the countries differ. The same domain is exact
    too, unless both state other registry numbers of one kind (a Saudi firm has an old and a unified number, which do
    not disagree). Like names, also in look-alike letters, are probable, and a conflict where numbers disagree. Names
    that tell nothing apart (``National Trading Co.``) and stand in different countries are nothing.

    Numbers and domains are compared as `identifiers` reads them; one that is a placeholder, a free-mail host or a
    shared site identifies nobody and is left out.
    """
    if first.account_id is not None and first.account_id == second.account_id:
        return CustomerLikeness.EXACT_ID
    if _same_number(first, second):
        return CustomerLikeness.EXACT_ID
    conflict = _numbers_disagree(first, second)
    domain = _domain(first)
    if domain is not None and domain == _domain(second):
        return CustomerLikeness.ID_CONFLICT if conflict else CustomerLikeness.EXACT_DOMAIN
    if not _names_meet(first, second):
        return CustomerLikeness.NONE
    return CustomerLikeness.ID_CONFLICT if conflict else CustomerLikeness.PROBABLE


def _may_be_one_country(first: CustomerKeys, second: CustomerKeys) -> bool:
    return first.country is None or second.country is None or first.country == second.country


def _same_number(first: CustomerKeys, second: CustomerKeys) -> bool:
    number = _number(first)
    return number is not None and number == _number(second) and _may_be_one_country(first, second)


def _numbers_disagree(first: CustomerKeys, second: CustomerKeys) -> bool:
    ours, theirs = _number(first), _number(second)
    if ours is None or theirs is None or not _may_be_one_country(first, second):
        return False
    country = first.country or second.country
    return ours != theirs and registry_kind(ours, country) is registry_kind(theirs, country)


def _number(customer: CustomerKeys) -> str | None:
    if customer.registry_number is None:
        return None
    try:
        return parse_registry_number(customer.registry_number, customer.country)
    except InputError:
        return None


def _domain(customer: CustomerKeys) -> str | None:
    if customer.domain is None:
        return None
    try:
        return parse_domain(customer.domain)
    except InputError:
        return None


def _names_meet(first: CustomerKeys, second: CustomerKeys) -> bool:
    one_country = _may_be_one_country(first, second)
    return any(
        _look_alike(ours, theirs) and (one_country or (is_distinctive(ours) and is_distinctive(theirs)))
        for ours in first.names
        for theirs in second.names
    )


def _look_alike(first: str, second: str) -> bool:
    return are_alike(first, second) or are_alike(second, first) or _shape(first) == _shape(second) != ""


def _shape(name: str) -> str:
    """What a reader sees of a name, without its legal form, so that Cyrillic letters in a Latin name do not hide it."""
    seen = skeleton(fold(strip_legal_forms(name)))
    return "".join(char for char in seen if char.isalnum())
