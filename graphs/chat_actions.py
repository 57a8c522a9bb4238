"""What each tool of the chat does, by its name in the table of actions. Only what runs freely is offered to a model."""

from typing import Final

from partnership_os.errors import InternalError
from partnership_os.governance.actions import ActionName, rule_for
from partnership_os.schemas.partnership import ActionClass

START_DEAL: Final = "start_deal"
"""The one tool that proposes something."""
ACTION_OF_TOOL: Final[dict[str, ActionName]] = {
    "list_needs": "read_records",
    "find_prospects": "discover_prospects",
    "explain_card": "explain",
    "why_unknown": "explain",
    "what_waits": "read_records",
    "list_deals": "read_records",
    "show_deal": "read_records",
    START_DEAL: "propose_commitment",
    "read_evidence": "read_records",
}


def require_free(tool: str) -> None:
    """Refuse to offer a tool whose action is not Class A; one that the table does not know counts as Class B.

    Raises:
        InternalError: it is not.
    """
    action = ACTION_OF_TOOL.get(tool)
    if action is None or rule_for(action).action_class is not ActionClass.A:
        raise InternalError(f"The tool {tool} does what people must approve, and is not offered to a model.")
