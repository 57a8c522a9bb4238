"""Which companies are not considered for a need, and why: ourselves, rivals, partners we have, the dead, the unfit."""

from collections.abc import Collection

from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.company import Company
from partnership_os.schemas.need import MustHaveKind, OurCompany, PartnershipNeed
from partnership_os.schemas.prospect import FilteredOut
from partnership_os.tools.identifiers import parse_domain
from partnership_os.tools.text import name_key


def _domain(text: str) -> str | None:
    try:
        return parse_domain(text) if "." in text else None
    except InputError:
        return None


def _is_named(company: Company, name_or_domain: str) -> bool:
    if company.identifiers.domain is not None and company.identifiers.domain == _domain(name_or_domain):
        return True
    key = name_key(name_or_domain)
    return bool(key) and key in {name_key(name) for name in company.names}


def is_own_company(company: Company, ours: OurCompany) -> bool:
    """True when the company is ourselves, by domain or by name."""
    own = [ours.name, *filter(None, (ours.name_ar, ours.domain))]
    return any(_is_named(company, item) for item in own)


def rival_named(company: Company, ours: OurCompany) -> bool:
    """True when the company stands on our list of rivals, by name or by domain."""
    return any(_is_named(company, rival) for rival in ours.rivals)


def _out(company: Company, rule: str, en: str, ar: str) -> FilteredOut:
    return FilteredOut(
        company_id=company.company_id, company_name=company.name, rule=rule, text=BilingualText(en=en, ar=ar)
    )


def never_a_partner(company: Company, need: PartnershipNeed, profiles: Collection[str]) -> FilteredOut | None:
    """Why no deal may start with this company whatever its score, or None.

    Args:
        company: The candidate.
        need: What we look for.
        profiles: Kinds of company it is known to be.
    """
    ours = need.our_company
    if not company.status.is_live:
        reason = company.status_reason or company.status.value
        return _out(company, "not_live", f"Not a live company: {reason}"[:900], "ليست شركة قائمة بحسب المصدر.")
    if is_own_company(company, ours):
        return _out(company, "own_company", "This is our own company.", "هذه شركتنا.")
    if rival_named(company, ours):
        return _out(company, "rival", "It is on our list of rivals.", "هي في قائمة منافسينا.")
    if any(_is_named(company, partner) for partner in ours.existing_partners):
        return _out(company, "existing_partner", "It is a partner already.", "هي شريك حالي.")
    excluded = sorted(set(profiles) & set(need.excluded_profiles))
    if excluded and not set(profiles) & set(need.partner_profiles):
        kind = excluded[0].replace("_", " ")
        return _out(
            company,
            "excluded_profile",
            f"This kind of company is excluded by the need: {kind}.",
            "هذا النوع من الشركات مستبعد في هذا الاحتياج.",
        )
    return None


def filter_reason(
    company: Company, need: PartnershipNeed, profiles: Collection[str], operates_in: Collection[str]
) -> FilteredOut | None:
    """Why this company is not considered, or None when it is: `never_a_partner`, or known not to fit this need.

    What is not known is never a reason: a company without a known country or headcount stays in, and the missing
    fact is asked for on its card.

    Args:
        company: The candidate.
        need: What we look for.
        profiles: Kinds of company it is known to be.
        operates_in: Country codes where it is known to operate, its seat included.
    """
    if (never := never_a_partner(company, need, profiles)) is not None:
        return never
    if operates_in and not set(operates_in) & set(need.regions):
        return _out(
            company,
            "outside_regions",
            f"Known to operate only outside our regions: {', '.join(sorted(operates_in))}.",
            "حضورها المعروف خارج مناطقنا فقط.",
        )
    return _failed_must_have(company, need, operates_in)


def _failed_must_have(company: Company, need: PartnershipNeed, operates_in: Collection[str]) -> FilteredOut | None:
    for must in need.must_haves:
        if must.kind is MustHaveKind.COUNTRY and operates_in and must.value not in operates_in:
            return _out(
                company,
                "must_have_country",
                f"Not known to operate in {must.value}.",
                f"لا يُعرف لها نشاط في {must.value}.",
            )
        if (
            must.kind is MustHaveKind.MIN_EMPLOYEES
            and company.employees is not None
            and company.employees < int(must.value)
        ):
            return _out(
                company,
                "must_have_employees",
                f"{company.employees} employees; the need asks for {must.value}.",
                f"عدد الموظفين {company.employees} والمطلوب {must.value}.",
            )
    return None
