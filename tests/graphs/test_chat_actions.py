import pytest

from partnership_os.errors import InternalError
from partnership_os.graphs import chat_actions
from partnership_os.graphs.chat_actions import ACTION_OF_TOOL, require_free


def test_a_tool_is_offered_only_for_what_runs_freely(monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ACTION_OF_TOOL:
        require_free(tool)
    with pytest.raises(InternalError):
        require_free("approve")
    monkeypatch.setattr(chat_actions, "ACTION_OF_TOOL", {"list_needs": "sign_agreement"})
    with pytest.raises(InternalError):
        require_free("list_needs")
