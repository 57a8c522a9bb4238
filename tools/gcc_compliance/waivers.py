"""Which waivers count on a day, and why the others do not. Whether they were approved is not decided here."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from partnership_os.schemas.compliance import Waiver
from partnership_os.schemas.compliance_report import WaiverRefusal
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.tools.gcc_compliance.rows import Rule

__all__ = ["WaivableResult", "sort_waivers"]

Code: TypeAlias = Literal[
    "never_waivable", "unknown_rule", "other_version", "level_too_low", "one_person", "not_yet", "expired"
]


class WaivableResult(NamedTuple):
    """What a waiver is held against: the rule, the version in force, and whether the result blocks at all."""

    rule: Rule
    version: int
    blocks: bool


def sort_waivers(
    waivers: Iterable[Waiver], results: dict[str, WaivableResult], as_of: date
) -> tuple[dict[str, Waiver], tuple[WaiverRefusal, ...]]:
    """The waiver that counts for each rule, and the refusals.

    Args:
        waivers: As recorded, in any order.
        results: The blocking and other results by rule id.
        as_of: The day.

    Returns:
        By rule id the counting waiver with the latest last day, and every waiver that does not count with its reason.
    """
    counting: dict[str, Waiver] = {}
    refused: list[WaiverRefusal] = []
    for waiver in sorted(waivers, key=lambda item: (item.expires_on, item.waiver_id), reverse=True):
        result = results.get(waiver.rule_id)
        code = "unknown_rule" if result is None else _refusal(waiver, result, as_of)
        if code is not None:
            refused.append(WaiverRefusal(waiver_id=waiver.waiver_id, rule_id=waiver.rule_id, code=code))
        else:
            counting.setdefault(waiver.rule_id, waiver)
    return counting, tuple(sorted(refused, key=lambda item: (item.rule_id, item.waiver_id, item.code)))


def _refusal(waiver: Waiver, result: WaivableResult, as_of: date) -> Code | Literal["nothing_to_waive"] | None:
    checks: tuple[tuple[bool, Code | Literal["nothing_to_waive"]], ...] = (
        (not result.rule.waivable, "never_waivable"),
        (waiver.rule_version != result.version, "other_version"),
        (waiver.approver_level is not ApprovalLevel.C_LEVEL, "level_too_low"),
        (waiver.approver == waiver.legal_approver, "one_person"),
        (as_of < waiver.granted_on, "not_yet"),
        (as_of > waiver.expires_on, "expired"),
        (not result.blocks, "nothing_to_waive"),
    )
    return next((code for wrong, code in checks if wrong), None)
