"""All controls behind one server on the loopback, told apart by the name of the model that is asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from partnership_os.evals.controls.broken import broken
from partnership_os.evals.controls.garbage import garbage
from partnership_os.evals.controls.lazy import lazy
from partnership_os.evals.controls.liar import liar
from partnership_os.evals.controls.scribe import scribe
from partnership_os.testing.behaviours import Answer, BadRequest, ChatRequest, ToolCalls, WithUsage
from partnership_os.testing.openai_server import OpenAIServer

__all__ = ["CONTROLS", "control_server"]

Control = Callable[[ChatRequest], Answer]
CONTROLS: Final[Mapping[str, Control]] = {
    "scribe": scribe,
    "lazy": lazy,
    "garbage": garbage,
    "liar": liar,
    "broken": broken,
}
"""Every control by name, the best first; what is demanded of them stands in `controls.demands`."""
_PREFIX = "control/"
_BYTES_PER_TOKEN = 4


@contextmanager
def control_server() -> Iterator[str]:
    """Serve every control on a free port of 127.0.0.1; gives the base URL.

    The model to ask for is the control's name, with or without ``control/`` before it. Usage is stated from lengths,
    four bytes a token, so that tables of cost have something to show; it is no measurement of anything.

    Raises:
        AssertionError: at the end, where a control failed itself.
    """
    with OpenAIServer(_answer) as server:
        yield server.base_url


def _answer(request: ChatRequest) -> Answer:
    name = str(request.body.get("model", "")).removeprefix(_PREFIX)
    control = CONTROLS.get(name)
    if control is None:
        return BadRequest(f"There is no control {name!r}; there are: {', '.join(CONTROLS)}")
    answer = control(request)
    return WithUsage(answer, (_tokens(request.body), _tokens(_said(answer))))


def _said(answer: Answer) -> object:
    return [list(call) for call in answer.calls] if isinstance(answer, ToolCalls) else answer


def _tokens(value: object) -> int:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)
