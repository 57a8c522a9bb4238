"""The broken control over HTTP: every kind of failure comes, and only malformed JSON is mended."""

from collections import Counter
from collections.abc import Iterator

import pytest

from partnership_os.errors import ModelError
from partnership_os.evals.controls import CONTROLS, control_server
from partnership_os.evals.controls.broken import CHAT_FAILURES, FAILURES
from partnership_os.llm.chat import ChatClient, ChatConfig, ChatMessage
from partnership_os.llm.failures import FailureKind
from partnership_os.schemas.model_outputs import ExtractedClaims
from partnership_os.testing.behaviours import ChatRequest

QUESTIONS = 60


@pytest.fixture
def client() -> Iterator[ChatClient]:
    with control_server() as base_url:
        made = ChatClient(ChatConfig(model="control/broken", base_url=base_url, attempts=2, repairs=1, timeout=20.0))
        yield made
        made.close()


def test_no_first_answer_can_be_used_and_every_kind_of_failure_comes(client: ChatClient) -> None:
    kinds: Counter[str] = Counter()
    for number in range(QUESTIONS):
        asked = [ChatMessage(role="user", text=f"question {number}")]
        try:
            done = client.complete(asked, ExtractedClaims, "extracted_claims")
        except ModelError as error:
            kinds[error.details["kind"]] += 1
        else:
            kinds["mended"] += 1
            assert (done.value.claims, done.usage.calls) == ([], 2)
    expected = {"refusal", "cut_off", "content_filter", "malformed", "rate_limited"}
    assert set(kinds) == {"mended", *expected} and expected <= set(FailureKind)
    assert kinds["malformed"] > kinds["refusal"], "half an object, another one, prose and no completion"


def test_a_conversation_gets_every_kind_of_failure_too(client: ChatClient) -> None:
    said: Counter[str] = Counter()
    for number in range(QUESTIONS):
        try:
            answer = client.chat_model().invoke(f"line {number}")
        except ModelError as error:
            said[error.details["kind"]] += 1
        else:
            said[str(answer.response_metadata["finish_reason"])] += 1
    assert set(said) == {"stop", "length", "content_filter", "malformed", "rate_limited"}


@pytest.mark.parametrize("schema", ["extracted_claims", None])
def test_the_same_question_gets_the_same_answer_and_all_failures_are_drawn(schema: str | None) -> None:
    form = {"response_format": {"type": "json_schema", "json_schema": {"name": schema}}} if schema else {}
    drawn = set()
    for number in range(QUESTIONS):
        body = {"messages": [{"role": "user", "content": f"question {number}"}], **form}
        first, second = (CONTROLS["broken"](ChatRequest("/v1/chat/completions", {}, body)) for _ in range(2))
        assert first == second
        drawn.add(repr(first))
    kinds = FAILURES if schema else CHAT_FAILURES
    assert drawn == {repr(kind(ChatRequest("/", {}, {}))) for kind in kinds}
