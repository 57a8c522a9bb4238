"""Must-haves of a need, held against what is known of a company.

What is known to fail is filtered out by `tools.company_filters`; what is not shown is listed here, to be found out
first.
"""

from collections.abc import Callable

from partnership_os.agents.claim_labels import country_label
from partnership_os.agents.facts import Facts
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import ClaimKind
from partnership_os.schemas.need import MustHave, MustHaveKind
from partnership_os.schemas.score_card import MustHaveCheck
from partnership_os.tools.lexicon import BROADER

Shown = tuple[BilingualText, str | None]
"""What is asked for, in words, and the evidence that shows it (None when nothing does)."""


_MET = BilingualText(en="shown", ar="ثابت")
_NOT_SHOWN = BilingualText(en="not shown yet; find out first", ar="غير ثابت بعد؛ يُتحقق منه أولاً")


def must_haves_of(facts: Facts) -> tuple[MustHaveCheck, ...]:
    """One check per must-have of the need, in its order."""
    checks = []
    for must in facts.need.must_haves:
        asked, evidence_id = _SHOWN_BY[must.kind](facts, must)
        state = _MET if evidence_id is not None else _NOT_SHOWN
        checks.append(
            MustHaveCheck(
                kind=must.kind,
                value=must.value,
                met=evidence_id is not None,
                text=BilingualText(en=f"{asked.en}: {state.en}.", ar=f"{asked.ar}: {state.ar}."),
                evidence_id=evidence_id,
            )
        )
    return tuple(checks)


def _offers(facts: Facts, must: MustHave) -> Shown:
    near, offered = facts.best_match(must.value, facts.offers)
    label = facts.label(must.value)
    found = facts.offers[offered][0].evidence_id if offered is not None and near >= BROADER else None
    return BilingualText(en=f"Offers {label.en}", ar=f"تقدم {label.ar}"), found


def _segment(facts: Facts, must: MustHave) -> Shown:
    label = facts.label(must.value)
    found = next(
        (
            claim.evidence_id
            for claim in facts.of_kind(ClaimKind.SERVES_SEGMENT)
            if facts.lexicon.nearness(claim.subject, must.value) >= BROADER
        ),
        None,
    )
    return BilingualText(en=f"Serves {label.en}", ar=f"تخدم {label.ar}"), found


def _country(facts: Facts, must: MustHave) -> Shown:
    label = country_label(must.value)
    source = facts.presence.get(must.value)
    return (
        BilingualText(en=f"Operates in {label.en}", ar=f"تعمل في {label.ar}"),
        source.evidence_id if source is not None else None,
    )


def _employees(facts: Facts, must: MustHave) -> Shown:
    found = next(
        (
            claim.evidence_id
            for claim in facts.of_kind(ClaimKind.SCALE)
            if claim.subject == "employees" and (claim.value or 0) >= int(must.value)
        ),
        None,
    )
    return BilingualText(en=f"At least {must.value} employees", ar=f"{must.value} موظف على الأقل"), found


_SHOWN_BY: dict[MustHaveKind, Callable[[Facts, MustHave], Shown]] = {
    MustHaveKind.OFFERS: _offers,
    MustHaveKind.SEGMENT: _segment,
    MustHaveKind.COUNTRY: _country,
    MustHaveKind.MIN_EMPLOYEES: _employees,
}
