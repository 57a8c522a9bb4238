"""Whether other values of a sheet would raise the approval that it needs."""

from collections.abc import Mapping

from partnership_os.agents.deal_negotiator import committed_value
from partnership_os.governance.policy import required_approvals, requirement_text
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue

__all__ = ["approval_of", "raises_approval", "with_values"]


def with_values(sheet: PartnerTermSheet, values: Mapping[str, TermValue]) -> PartnerTermSheet:
    """The sheet with these numbers in place of its own; its texts stay, so it is for counting only."""
    clauses = tuple(
        clause.model_copy(update={"terms": tuple(values.get(item.name, item) for item in clause.terms)})
        for clause in sheet.clauses
    )
    return sheet.model_copy(update={"clauses": clauses})


def approval_of(sheet: PartnerTermSheet) -> tuple[ApprovalRequirement, ...]:
    """What the policy asks for, by type and by the money that we commit to pay."""
    return required_approvals(sheet.partnership_type, committed_value(sheet))


def raises_approval(sheet: PartnerTermSheet, values: Mapping[str, TermValue]) -> tuple[str, str] | None:
    """The approvals before and after in words, where other values would need a higher one; None where not.

    Money in another currency than the sheet's counts as a raise, since nobody has approved a rate.
    """
    before = approval_of(sheet)
    strange = any(value.currency not in (None, sheet.currency) for value in values.values())
    after = before if strange else approval_of(with_values(sheet, values))
    if not strange and _rank(after) <= _rank(before):
        return None
    words = [", ".join(requirement_text(item) for item in items) for items in (before, after)]
    return words[0], "another currency" if strange else words[1]


def _rank(requirements: tuple[ApprovalRequirement, ...]) -> tuple[int, int]:
    return max(item.min_level.rank for item in requirements), len(requirements)
