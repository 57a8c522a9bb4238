"""The test server itself: it must be strict and loud, or tests on top of it prove nothing."""

import re
from typing import Any

import httpx
import pytest

from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaims
from partnership_os.testing.behaviours import ChatRequest, NoJsonSchema, ScriptItem, Slow
from partnership_os.testing.openai_server import OpenAIServer
from partnership_os.testing.strict_schema import strict_problems

MESSAGES = [{"role": "user", "content": "hello"}]


def post(server: OpenAIServer, path: str = "/chat/completions", **body: Any) -> httpx.Response:
    return httpx.post(server.base_url + path, json={"model": "m", "messages": MESSAGES, **body})


def schema(part: dict[str, Any], name: str = "x") -> dict[str, Any]:
    return {"name": name, "strict": True, "schema": part}


OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("model", [DraftedNote, ExtractedClaims])
def test_the_schemas_of_the_product_are_valid_for_strict_mode(model: Any) -> None:
    assert strict_problems(schema(model.model_json_schema())) == []


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"type": "array", "items": {}}, "root must be an object"),
        ({"anyOf": [OBJECT], "type": "object"}, "root must be an object"),
        ({**OBJECT, "additionalProperties": True}, "additionalProperties"),
        ({**OBJECT, "required": []}, "missing a"),
        ({**OBJECT, "properties": {"a": {"type": "string", "default": "x"}}}, "default is not supported"),
        (
            {**OBJECT, "properties": {"a": {"type": "array", "items": {"type": "object"}}}},
            "a\\[\\]: additionalProperties",
        ),
        ({**OBJECT, "properties": {"a": {"anyOf": [{"allOf": []}]}}}, "allOf is not supported"),
        ({**OBJECT, "properties": {"a": {"$ref": "#/$defs/b", "title": "B"}}}, "beside other keywords"),
        ({**OBJECT, "$defs": {"b": {"type": "object"}}}, "\\$defs.b: additionalProperties"),
        (
            {**OBJECT, "properties": {f"p{n}": {} for n in range(5_001)}, "required": [f"p{n}" for n in range(5_001)]},
            "5000",
        ),
    ],
)
def test_a_schema_that_strict_mode_refuses_gets_a_400(part: dict[str, Any], problem: str) -> None:
    with OpenAIServer(["x"]) as server:
        answer = post(server, response_format={"type": "json_schema", "json_schema": schema(part)})
    assert answer.status_code == 400
    assert re.search(problem, "; ".join(strict_problems(schema(part))))


def test_levels_and_names_are_limited_and_loose_schemas_are_not_judged() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(11):
        deep = {"type": "object", "properties": {"a": deep}, "required": ["a"], "additionalProperties": False}
    assert any("levels" in item for item in strict_problems(schema(deep)))
    assert strict_problems(schema(OBJECT, name="no spaces"))
    assert strict_problems({"name": "x", "schema": {"type": "array"}}) == []


def test_a_request_after_the_end_of_the_script_is_a_500_and_loud() -> None:
    server = OpenAIServer(["one"])
    assert post(server).json()["choices"][0]["message"]["content"] == "one"
    answer = post(server)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "script_ended")
    with pytest.raises(AssertionError, match="request 2 came after the end"):
        server.close()
    with pytest.raises(AssertionError, match="after the end"), OpenAIServer() as second:
        post(second)


def test_items_that_were_never_asked_for_are_loud_too() -> None:
    with OpenAIServer(["one"], embeddings=["two"]) as server, pytest.raises(AssertionError, match="2 items"):
        server.assert_done()


def test_an_error_in_the_block_is_not_hidden_by_the_servers_own_complaint() -> None:
    with pytest.raises(KeyError), OpenAIServer() as server:
        post(server)
        raise KeyError


def test_a_script_may_read_the_request() -> None:
    def echo(request: ChatRequest) -> str:
        return request.text.upper()

    script: list[ScriptItem] = [echo, "plain"]
    with OpenAIServer(script) as server:
        assert post(server).json()["choices"][0]["message"]["content"] == "HELLO"
        assert post(server).json()["usage"] == {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        server.assert_done()
    assert [request.response_format for request in server.requests] == ["text", "text"]
    assert server.requests[0].schema_name is None


def test_a_script_that_fails_is_reported() -> None:
    def broken(request: ChatRequest) -> str:
        raise LookupError("in the script")

    server = OpenAIServer(broken)
    with pytest.raises(httpx.HTTPError):
        post(server)
    with pytest.raises(AssertionError, match="LookupError: in the script"):
        server.close()


def test_refusing_a_format_that_was_not_asked_for_is_reported() -> None:
    server = OpenAIServer([NoJsonSchema()])
    assert post(server).status_code == 400
    with pytest.raises(AssertionError, match="was not asked for"):
        server.assert_done()
    with pytest.raises(AssertionError):
        server.close()


def test_other_paths_do_not_exist() -> None:
    with OpenAIServer() as server:
        assert post(server, "/responses").status_code == 404


def test_closing_ends_a_slow_answer() -> None:
    with OpenAIServer([Slow(60.0, "late")]) as server, pytest.raises(httpx.TimeoutException):
        httpx.post(server.base_url + "/chat/completions", json={"model": "m", "messages": MESSAGES}, timeout=0.2)


def test_a_stream_without_usage_ends_with_done() -> None:
    with OpenAIServer(["a b"]) as server:
        lines = [line for line in post(server, stream=True).text.split("\n\n") if line]
    assert lines[-1] == "data: [DONE]"
    assert not any("usage" in line for line in lines)


def test_one_text_may_be_embedded_alone() -> None:
    with OpenAIServer() as server:
        assert len(post(server, "/embeddings", input="a").json()["data"]) == 1
