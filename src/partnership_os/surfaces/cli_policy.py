"""The policy on the screen: every action with its class, who must approve what, and when people are reminded."""

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from partnership_os.governance.actions import ACTIONS
from partnership_os.governance.policy import POLICY_VERSION, UNITS_PER_USD, VALUE_STEPS, required_approvals
from partnership_os.governance.sla import SLA
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.partnership import ActionClass, ApprovalLevel, PartnershipType, Reversibility, Sensitivity
from partnership_os.surfaces.cli_render import Column, Screen


def policy_document() -> dict[str, JsonValue]:
    """The whole policy for programs, with the texts of both languages."""
    document: dict[str, JsonValue] = to_jsonable_python(
        {
            "policy_version": POLICY_VERSION,
            "actions": ACTIONS,
            "approvals": {kind.value: required_approvals(kind, None) for kind in PartnershipType},
            "value_steps": [
                {"from": {"amount": amount, "currency": "SAR"}, "min_level": level} for amount, level in VALUE_STEPS
            ],
            "units_per_usd": UNITS_PER_USD,
            "other_currencies": {"min_level": ApprovalLevel.C_LEVEL},
            "reminder_hours": SLA,
        }
    )
    return document


def show_policy(screen: Screen) -> None:
    """Print the actions class by class, then the approvals, the value steps and the reminders."""
    for action_class in ActionClass:
        screen.heading(f"policy.class.{action_class.value}")
        _show_actions(screen, action_class)
    screen.heading("policy.legend")
    for level in (*Reversibility, *Sensitivity):
        screen.say(f"{type(level).__name__.lower()}.{level.name}", indent=2)
    screen.heading("policy.approvals", version=POLICY_VERSION)
    screen.table(
        [Column("column.type", "id"), Column("column.approvals")],
        [
            [screen.texts(f"type.{kind.value}"), screen.texts.approvals(required_approvals(kind, None))]
            for kind in PartnershipType
        ],
    )
    screen.say("policy.people", indent=2)
    screen.heading("policy.value")
    for amount, level in reversed(VALUE_STEPS):
        who = screen.texts.requirement(ApprovalRequirement(min_level=level))
        screen.say("policy.step", indent=2, amount=f"{amount:,} SAR", who=who)
    top = screen.texts(f"level.{ApprovalLevel.C_LEVEL.value}")
    screen.say("policy.currency", indent=2, known=screen.texts.listing(UNITS_PER_USD), level=top)
    screen.heading("policy.reminders")
    for hours, kinds in _reminders().items():
        warned, breached, escalated = hours
        names = screen.texts("list.comma").join(screen.texts(f"type.{kind.value}") for kind in kinds)
        screen.say("policy.hours", indent=2, types=names, warned=warned, breached=breached, escalated=escalated)
    screen.say("policy.silence", indent=2)


def _show_actions(screen: Screen, action_class: ActionClass) -> None:
    arabic = screen.texts.language == "ar"
    screen.table(
        [Column("column.action", "id"), Column("column.r", "id"), Column("column.s", "id"), Column("column.meaning")],
        [
            [
                rule.action,
                f"R{rule.reversibility.value}",
                f"S{rule.sensitivity.value}",
                rule.meaning_ar if arabic else rule.meaning,
            ]
            for rule in ACTIONS
            if rule.action_class is action_class
        ],
    )


def _reminders() -> dict[tuple[str, str, str], list[PartnershipType]]:
    """The hours, each with the types that they hold for."""
    found: dict[tuple[str, str, str], list[PartnershipType]] = {}
    for kind, hours in SLA.items():
        key = (f"{hours.warned:g}", f"{hours.breached:g}", f"{hours.escalated:g}")
        found.setdefault(key, []).append(kind)
    return found
