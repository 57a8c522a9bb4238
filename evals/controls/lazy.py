"""The lazy control: always the emptiest answer that is valid. It shows what a suite gives for saying nothing."""

from partnership_os.evals.controls.prompts import Task, task_of, turn_of
from partnership_os.testing.behaviours import Answer, BadRequest, ChatRequest

__all__ = ["lazy"]


def lazy(request: ChatRequest) -> Answer:
    """No claim, a note that says nothing, no tool called and nothing known."""
    match task_of(request):
        case Task.READ:
            return {"claims": []}
        case Task.NOTE:
            return {"english": "There is nothing to report here.", "arabic": "لا يوجد ما يذكر هنا."}
        case Task.CHAT:
            return "لا أعرف." if turn_of(request).language == "ar" else "I do not know."
        case _:
            return BadRequest(f"control/lazy does not know {request.schema_name}")
