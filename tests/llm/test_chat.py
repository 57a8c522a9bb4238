"""The chat client over real HTTP against the local test server."""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from pydantic import SecretStr

from partnership_os.errors import ModelError
from partnership_os.llm.chat import ChatClient, ChatConfig, ChatMessage
from partnership_os.llm.retry import LONGEST_WAIT_SECONDS, polite_wait
from partnership_os.schemas.model_outputs import DraftedNote, StrictOutput
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.testing.behaviours import (
    BadRequest,
    BrokenConnection,
    ChatRequest,
    CutOff,
    Filtered,
    Garbage,
    NoJsonObject,
    NoJsonSchema,
    PlainText,
    RateLimited,
    Refusal,
    ScriptItem,
    ServerError,
    Slow,
    ToolCalls,
    Unauthorised,
    WithUsage,
)
from partnership_os.testing.openai_server import OpenAIServer

KEY = "sk-secret-0123456789"
ASK = [ChatMessage(role="system", text="You write notes."), ChatMessage(role="user", text="Write one.")]
NOTE = {"english": "A note.", "arabic": "ملاحظة."}

Make = Callable[..., ChatClient]


@pytest.fixture
def make() -> Iterator[Make]:
    clients: list[ChatClient] = []

    def build(server: OpenAIServer | str, wait: Any = lambda state: 0.0, **fields: Any) -> ChatClient:
        url = server if isinstance(server, str) else server.base_url
        config = ChatConfig(
            **{
                "model": "test-model",
                "base_url": url,
                "api_key": SecretStr(KEY),
                "timeout": 5.0,
                "price_input": Decimal("2.50"),
                "price_output": Decimal("10"),
                **fields,
            }
        )
        clients.append(ChatClient(config, wait=wait))
        return clients[-1]

    yield build
    for client in clients:
        client.close()


def failure_of(client: ChatClient) -> ModelError:
    with pytest.raises(ModelError) as caught:
        client.complete(ASK, DraftedNote, "note")
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.as_dict()) + repr(client)
    assert KEY not in shown
    return caught.value


def test_a_valid_answer_comes_back_typed_with_exact_usage_and_cost(make: Make) -> None:
    with OpenAIServer([NOTE], tokens=(1_000, 200)) as server:
        done = make(server).complete(ASK, DraftedNote, "note")
        server.assert_done()
    assert done.value == DraftedNote(english="A note.", arabic="ملاحظة.")
    assert done.usage == ModelUsage(calls=1, input_tokens=1_000, output_tokens=200, cost_usd=0.0045)
    request = server.requests[0]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["response_format"]["json_schema"]["strict"] is True
    assert request.schema_name == "note"
    assert request.body["model"] == "test-model"
    assert request.body["max_completion_tokens"] == 4_000
    assert [message["role"] for message in request.messages] == ["system", "user"]


def test_no_price_means_no_cost(make: Make) -> None:
    with OpenAIServer([NOTE]) as server:
        done = make(server, price_input=None, price_output=None).complete(ASK, DraftedNote, "note")
    assert done.usage.cost_usd is None
    assert done.usage.input_tokens == 100


def test_a_server_that_states_no_tokens_leaves_the_cost_unknown(make: Make) -> None:
    with OpenAIServer([WithUsage("not json", (100, 20)), WithUsage(NOTE)]) as server:
        done = make(server).complete(ASK, DraftedNote, "note")
    assert done.usage == ModelUsage(calls=2, input_tokens=100, output_tokens=20, cost_usd=None)


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (Refusal("No."), "refusal"),
        (CutOff(), "cut_off"),
        (Filtered(), "content_filter"),
        (Unauthorised(), "unauthorised"),
        (BadRequest("no such model"), "not_accepted"),
    ],
)
def test_what_asking_again_cannot_mend_is_asked_once(make: Make, behaviour: Any, kind: str) -> None:
    with OpenAIServer([behaviour]) as server:
        error = failure_of(make(server))
        server.assert_done()
    assert error.details["kind"] == kind
    assert error.fix


@pytest.mark.parametrize(
    "behaviour", [PlainText(), "", '{"english": "only"}', "[1, 2]", "{", '{"english": 1, "arabic": 2}']
)
def test_a_malformed_answer_is_repaired_at_most_so_often(make: Make, behaviour: Any) -> None:
    with OpenAIServer([behaviour] * 3) as server:
        error = failure_of(make(server, repairs=2))
        server.assert_done()
    assert error.details["kind"] == "malformed"
    assert error.details["usage"] == ModelUsage(calls=3, input_tokens=300, output_tokens=60, cost_usd=0.00135)


def test_a_reply_that_is_no_completion_is_malformed_too(make: Make) -> None:
    bodies = [
        Garbage(),
        Garbage('{"choices": null}'),
        Garbage('{"choices": []}'),
        Garbage("[]"),
        Garbage("x", "text/html"),
    ]
    for body in bodies:
        with OpenAIServer([body, body]) as server:
            error = failure_of(make(server, repairs=1))
            server.assert_done()
        assert error.details["kind"] == "malformed"
        assert error.details["usage"].failed_calls == 2
        assert len(server.requests[1].messages) == 2


def test_the_validation_error_goes_back_to_the_model(make: Make) -> None:
    with OpenAIServer(['{"english": "x"}', NOTE]) as server:
        done = make(server).complete(ASK, DraftedNote, "note", repair=lambda problem: f"Mend this: {problem}")
        server.assert_done()
    assert done.value.english == "A note."
    assert done.usage.calls == 2
    echo, request = server.requests[1].messages[-2:]
    assert echo == {"role": "assistant", "content": '{"english": "x"}'}
    assert request == {"role": "user", "content": "Mend this: arabic: Field required"}


@pytest.mark.parametrize(
    "text", ['```json\n{"english": "A", "arabic": "ب"}\n```', 'Well {x} then: {"english":"A","arabic":"ب"} ok']
)
def test_json_inside_prose_is_found_without_asking_again(make: Make, text: str) -> None:
    with OpenAIServer([text]) as server:
        assert make(server).complete(ASK, DraftedNote, "note").value.arabic == "ب"
        server.assert_done()


def test_attempts_are_repeated_by_one_layer_only(make: Make) -> None:
    script: list[ScriptItem] = [ServerError(), ServerError(503), RateLimited(), BrokenConnection(), NOTE]
    with OpenAIServer(script) as server:
        done = make(server, attempts=5).complete(ASK, DraftedNote, "note")
        server.assert_done()
    assert done.usage == ModelUsage(calls=1, failed_calls=4, input_tokens=100, output_tokens=20, cost_usd=0.00045)


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (ServerError(), "server_error"),
        (RateLimited(0.5), "rate_limited"),
        (BrokenConnection(), "unreachable"),
        (Slow(5.0, NOTE), "timeout"),
    ],
)
def test_attempts_are_bounded(make: Make, behaviour: Any, kind: str) -> None:
    with OpenAIServer([behaviour] * 2) as server:
        error = failure_of(make(server, attempts=2, timeout=0.3))
        server.assert_done()
    assert error.details["kind"] == kind
    assert error.details["usage"] == ModelUsage(failed_calls=2, cost_usd=0.0)


def test_an_exhausted_quota_is_not_tried_again(make: Make) -> None:
    with OpenAIServer([RateLimited(code="insufficient_quota")]) as server:
        assert failure_of(make(server)).details["kind"] == "rate_limited"
        server.assert_done()


def test_retry_after_is_honoured_in_seconds_and_as_a_date(make: Make) -> None:
    waits: list[float] = []

    def watch(state: Any) -> float:
        waits.append(polite_wait(state))
        return 0.0

    in_half_a_minute = datetime.now(UTC) + timedelta(seconds=30)
    with OpenAIServer([RateLimited(7), RateLimited(in_half_a_minute), ServerError(), NOTE]) as server:
        make(server, wait=watch).complete(ASK, DraftedNote, "note")
    assert waits[0] == 7
    assert 25 < waits[1] <= 30
    assert 0 <= waits[2] <= 20


def test_a_pause_that_is_too_long_is_reported_instead_of_waited_for(make: Make) -> None:
    with OpenAIServer([RateLimited(LONGEST_WAIT_SECONDS + 1)]) as server:
        error = failure_of(make(server))
        server.assert_done()
    assert error.details["retry_after_seconds"] == 61.0


def test_a_server_that_cannot_be_reached_is_named_without_user_and_password(make: Make) -> None:
    error = failure_of(make(f"http://user:{KEY}@127.0.0.1:9/v1", attempts=1, timeout=1.0))
    assert error.details["kind"] == "unreachable"
    assert error.details["server"] == "http://127.0.0.1:9"


def test_a_server_without_json_schema_gets_the_schema_in_words_and_is_remembered(make: Make) -> None:
    with OpenAIServer([NoJsonSchema(), NOTE, NOTE]) as server:
        client = make(server)
        for _ in range(2):
            client.complete(ASK, DraftedNote, "note")
        server.assert_done()
    assert [request.response_format for request in server.requests] == ["json_schema", "json_object", "json_object"]
    assert '"additionalProperties":false' in server.requests[1].messages[-1]["content"]
    assert '"additionalProperties"' not in server.requests[0].text


def test_the_last_resort_is_plain_text(make: Make) -> None:
    with OpenAIServer([NoJsonSchema(), NoJsonObject(), 'Here: {"english": "A", "arabic": "ب"}']) as server:
        done = make(server).complete(ASK, DraftedNote, "note")
        server.assert_done()
    assert done.value.english == "A"
    assert done.usage.failed_calls == 2
    assert "response_format" not in server.requests[2].body


def test_a_400_in_plain_text_mode_ends_the_call(make: Make) -> None:
    with OpenAIServer([NoJsonSchema(), NoJsonObject(), BadRequest("response_format again")]) as server:
        assert failure_of(make(server)).details["kind"] == "not_accepted"
        server.assert_done()


def test_one_client_works_in_two_event_loops_and_leaves_no_connection_open(make: Make) -> None:
    with OpenAIServer(lambda request: NOTE) as server:
        client = make(server)

        async def three() -> list[str]:
            done = await asyncio.gather(*(client.acomplete(ASK, DraftedNote, "note") for _ in range(3)))
            return [item.value.english for item in done]

        assert asyncio.run(three()) == asyncio.run(three()) == ["A note."] * 3
    assert len(server.requests) == 6


def test_the_async_path_repairs_retries_and_fails_the_same_way(make: Make) -> None:
    with OpenAIServer([ServerError(), "x", NOTE, Garbage(), NOTE, ServerError(), ServerError()]) as server:
        client = make(server, attempts=2)

        async def talk() -> list[ModelUsage]:
            first = await client.acomplete(ASK, DraftedNote, "note")
            second = await client.acomplete(ASK, DraftedNote, "note")
            with pytest.raises(ModelError) as caught:
                await client.acomplete(ASK, DraftedNote, "note")
            return [first.usage, second.usage, caught.value.details["usage"]]

        usages = asyncio.run(talk())
        server.assert_done()
    assert [(usage.calls, usage.failed_calls) for usage in usages] == [(2, 1), (1, 1), (0, 2)]


def test_threads_share_one_client(make: Make) -> None:
    with OpenAIServer(lambda request: NOTE) as server:
        client = make(server)
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda _: client.complete(ASK, DraftedNote, "note"), range(24)))
    assert sum(item.usage.calls for item in done) == len(server.requests) == 24


@pytest.mark.filterwarnings("ignore:Invalid schema for OpenAI")  # LangChain's advice to its own users
def test_a_schema_that_strict_mode_refuses_is_caught_by_the_server(make: Make) -> None:
    class Loose(StrictOutput):
        text: str = "a default"

    with OpenAIServer([NOTE, '{"text": "x"}']) as server:
        make(server).complete(ASK, Loose, "loose")
    assert [request.response_format for request in server.requests] == ["json_schema", "json_object"]


def test_the_chat_model_calls_tools_streams_with_usage_and_retries(make: Make) -> None:
    script: list[ScriptItem] = [
        ServerError(),
        ToolCalls((("find", {"need": "nd_1"}),)),
        RateLimited(),
        "Two words",
        Unauthorised(),
        Unauthorised(),
    ]
    with OpenAIServer(script) as server:
        model = make(server).chat_model()
        tool = {"type": "function", "function": {"name": "find", "parameters": {"type": "object", "properties": {}}}}
        answer = model.bind_tools([tool]).invoke("Find one")
        assert answer.tool_calls[0]["name"] == "find"
        assert answer.tool_calls[0]["args"] == {"need": "nd_1"}
        whole = AIMessageChunk(content="")
        for chunk in model.stream("Say two words"):
            whole += chunk
        assert whole.text == "Two words"
        assert whole.usage_metadata is not None
        assert whole.usage_metadata["input_tokens"] == 100
        for call in (lambda: model.invoke("x"), lambda: list(model.stream("x"))):
            with pytest.raises(ModelError) as caught:
                call()
            assert caught.value.details["kind"] == "unauthorised"
            assert KEY not in "".join(traceback.format_exception(caught.value))
        server.assert_done()


def test_the_chat_model_is_async_in_two_loops(make: Make) -> None:
    script: list[ScriptItem] = [
        ServerError(),
        "One",
        RateLimited(),
        "Two words",
        Unauthorised(),
        Unauthorised(),
        "Three",
    ]
    with OpenAIServer(script) as server:
        model = make(server).chat_model()

        async def talk() -> str:
            one = await model.ainvoke("x")
            two = "".join([chunk.text async for chunk in model.astream("x")])
            with pytest.raises(ModelError):
                await model.ainvoke("x")
            with pytest.raises(ModelError):
                async for _ in model.astream("x"):
                    pass
            return f"{one.text}, {two}"

        async def again() -> str:
            return (await model.ainvoke("x")).text

        assert asyncio.run(talk()) == "One, Two words"
        assert asyncio.run(again()) == "Three"
        server.assert_done()


def test_the_key_is_in_no_log(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with OpenAIServer([ServerError(), NOTE, Unauthorised()]) as server:
        client = make(server)
        client.complete(ASK, DraftedNote, "note")
        failure_of(client)
    assert caplog.records
    assert KEY not in caplog.text


def test_json_of_the_wrong_shape_inside_prose_is_repaired(make: Make) -> None:
    with OpenAIServer(['Here: {"english": "A"} done', NOTE]) as server:
        make(server).complete(ASK, DraftedNote, "note")
    assert server.requests[1].messages[-1]["content"] == "arabic: Field required"


def test_a_server_that_echoes_the_key_does_not_get_it_stored() -> None:
    def echo(request: ChatRequest) -> dict[str, Any]:
        return {"english": "sk-echoed-key", "arabic": "مفتاح"}

    with OpenAIServer(echo) as server:
        config = ChatConfig(model="m", base_url=server.base_url, api_key=SecretStr("sk-echoed-key"))
        client = ChatClient(config)
        answer = client.complete([ChatMessage(role="user", text="?")], DraftedNote, "note")
        client.close()
    assert answer.value.english == "[key]"
