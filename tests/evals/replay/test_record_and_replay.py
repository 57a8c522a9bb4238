"""A recorded run over real HTTP: what was answered live is answered again, and nothing else is."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.tools import tool
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError, InputError, ModelError
from partnership_os.evals.replay.cassette import Cassette
from partnership_os.evals.replay.recorder import Recorder
from partnership_os.evals.replay.server import ReplayServer
from partnership_os.llm.chat import ChatClient, ChatMessage
from partnership_os.llm.embeddings import EmbeddingClient, EmbeddingConfig
from partnership_os.schemas.model_outputs import DraftedNote, StrictOutput
from partnership_os.testing.behaviours import (
    Garbage,
    NoJsonSchema,
    RateLimited,
    ScriptItem,
    ServerError,
    Slow,
    ToolCalls,
    Unauthorised,
)
from partnership_os.testing.openai_server import OpenAIServer
from tests.evals.replay.wire import post

MakeClient = Callable[..., ChatClient]
SECRET = "sk-live-0123456789"
NOTE = {"english": "A note. \u2028", "arabic": "ملاحظة."}


def ask(client: ChatClient, text: str = "write", schema: type[StrictOutput] = DraftedNote) -> StrictOutput:
    return client.complete([ChatMessage(role="user", text=text)], schema, "drafted_note").value


def recording(live: OpenAIServer, folder: Path, key: str = SECRET, **fields: Any) -> Recorder:
    return Recorder(live.base_url, SecretStr(key), folder, **fields)


def replaying(folder: Path) -> ReplayServer:
    return ReplayServer(Cassette.load(folder))


@tool
def look_up(name: str) -> str:
    """Look a name up."""
    return name


def test_typed_answers_tool_calls_streams_and_vectors_come_back(tmp_path: Path, client: MakeClient) -> None:
    script: list[ScriptItem] = [NOTE, ToolCalls((("look_up", {"name": "Najd"}),)), "one two"]

    def run(base_url: str) -> list[Any]:
        chat = client(base_url)
        model = chat.chat_model()
        vectors = EmbeddingClient(EmbeddingConfig(model="e", base_url=base_url))
        note = ask(chat)
        called = model.bind_tools([look_up]).invoke("who?")
        answers = [
            note,
            [(call["name"], call["args"]) for call in getattr(called, "tool_calls", [])],
            "".join(str(chunk.text) for chunk in model.stream("say")),
            vectors.embed(["a", "b"]),
        ]
        vectors.close()
        return answers

    with OpenAIServer(script) as live, recording(live, tmp_path) as recorder:
        before = run(recorder.base_url)
        assert recorder.recorded == len(live.requests) == 4
        live.assert_done()
    with replaying(tmp_path) as server:
        assert run(server.base_url) == before
        server.require_complete()
    assert before[0] == DraftedNote(**NOTE)
    assert before[1] == [("look_up", {"name": "Najd"})]
    assert before[2] == "one two"


def test_answers_reach_the_client_and_the_cassette_as_the_server_sent_them(tmp_path: Path) -> None:
    with OpenAIServer(["hello"]) as live:
        plain = post(live.base_url)
    with OpenAIServer(["hello"]) as live, recording(live, tmp_path) as recorder:
        proxied = post(recorder.base_url)
        assert live.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    with replaying(tmp_path) as server:
        replayed = post(server.base_url)
    for answer in (proxied, replayed):
        assert answer.content == plain.content
        assert answer.headers["content-type"] == plain.headers["content-type"]


def test_no_key_is_written_in_any_form(tmp_path: Path) -> None:
    own = "sk-of-the-client-98765"
    said = f"Your key is {SECRET}, theirs {own}."
    escaped = SECRET.replace("-", "\\u002d")
    hidden = Garbage(f'{{"choices": [], "note": "{escaped}"}}')
    with OpenAIServer([said, said, hidden, hidden]) as live, recording(live, tmp_path) as recorder:
        for _ in range(2):
            answer = post(recorder.base_url, key=own, user=SECRET, messages=[{"role": "user", "content": said}])
            assert SECRET not in answer.text and own not in answer.text, "a client does not know the live key"
        assert post(recorder.base_url, key=own, model=f"model-{SECRET}").status_code == 200
        assert post(recorder.base_url, key=own, stream=True).status_code == 200
    written = b"".join(path.name.encode() + path.read_bytes() for path in tmp_path.rglob("*"))
    assert written.count(b"[key]") >= 4
    assert b"Bearer" not in written and b"uthorization" not in written
    for secret in (SECRET, own, escaped):
        assert secret.encode() not in written
    with replaying(tmp_path) as server:
        other = "sk-of-somebody-else"
        asked = [{"role": "user", "content": f"Your key is {other}, theirs {other}."}]
        assert "[key]" in post(server.base_url, key=other, messages=asked).text
        assert server.misses == ()


def test_a_stream_that_spells_out_the_key_is_passed_on_and_not_recorded(tmp_path: Path) -> None:
    key = "live key 123"
    with OpenAIServer([f"it is {key}."]) as live, recording(live, tmp_path, key=key) as recorder:
        assert post(recorder.base_url, stream=True).text.endswith("[DONE]\n\n")
        assert recorder.recorded == 0
        assert "spelled out the key (m)" in recorder.not_recorded[0]
    assert list(tmp_path.iterdir()) == []


def test_failures_of_the_live_server_pass_through_and_are_no_answers(tmp_path: Path, client: MakeClient) -> None:
    with OpenAIServer([RateLimited(1), ServerError(503), NOTE, Unauthorised()]) as live:
        with recording(live, tmp_path) as recorder:
            assert ask(client(recorder.base_url)) == DraftedNote(**NOTE)
            with pytest.raises(ModelError) as caught:
                ask(client(recorder.base_url), "again")
            assert caught.value.details["kind"] == "unauthorised"
            assert SECRET not in str(caught.value)
            assert [sentence.split(" (")[0] for sentence in recorder.not_recorded] == [
                f"The live server answered {status}" for status in (429, 503, 401)
            ]
        assert [take.status for take in Cassette.load(tmp_path)] == [200]


def test_retry_after_reaches_the_client(tmp_path: Path) -> None:
    with OpenAIServer([RateLimited(7)]) as live, recording(live, tmp_path) as recorder:
        assert post(recorder.base_url).headers["retry-after"] == "7"


def test_a_live_server_that_is_late_or_away_is_told_apart(tmp_path: Path) -> None:
    with OpenAIServer([Slow(30.0)]) as live, recording(live, tmp_path, timeout=0.1) as recorder:
        late = post(recorder.base_url)
        gone = live.base_url
    assert (late.status_code, "in time" in late.text) == (504, True)
    with Recorder(gone.replace("//", "//user:pass-word@"), SecretStr(""), tmp_path) as recorder:
        away = post(recorder.base_url)
        assert away.status_code == 502
        assert "pass-word" not in away.text + "".join(recorder.not_recorded)
    assert list(tmp_path.iterdir()) == []


def test_epochs_are_replayed_in_their_order_and_then_the_last_repeats(tmp_path: Path) -> None:
    with OpenAIServer(["one", "two"]) as live, recording(live, tmp_path) as recorder:
        for _ in range(2):
            post(recorder.base_url)
    with replaying(tmp_path) as server:
        said = [post(server.base_url).json()["choices"][0]["message"]["content"] for _ in range(4)]
        assert said == ["one", "two", "two", "two"]
        assert server.repeated == 2
        with pytest.raises(InputError, match="2 requests came more often"):
            server.require_complete()
    with replaying(tmp_path) as server:
        assert post(server.base_url).json()["choices"][0]["message"]["content"] == "one"


def test_recording_again_replaces_what_was_asked_again_and_keeps_the_rest(tmp_path: Path) -> None:
    with OpenAIServer(["old", "old", "other"]) as live, recording(live, tmp_path) as recorder:
        post(recorder.base_url)
        post(recorder.base_url)
        post(recorder.base_url, model="n")
    untouched = {path.name: path.read_bytes() for path in tmp_path.glob("n-*")}
    with OpenAIServer(["new"]) as live, recording(live, tmp_path) as recorder:
        post(recorder.base_url)
    takes = [(take.model, take.take, json.loads(take.body)["choices"]) for take in Cassette.load(tmp_path)]
    assert sorted((model, take, said[0]["message"]["content"]) for model, take, said in takes) == [
        ("m", 1, "new"),
        ("n", 1, "other"),
    ]
    assert untouched == {path.name: path.read_bytes() for path in tmp_path.glob("n-*")}


def test_a_run_that_dies_loses_little(tmp_path: Path) -> None:
    with OpenAIServer(lambda request: "hello") as live, recording(live, tmp_path) as recorder:
        for number in range(21):
            post(recorder.base_url, seed=number)
        assert len(Cassette.load(tmp_path)) == 20
    assert len(Cassette.load(tmp_path)) == 21


def test_a_server_without_schemas_and_a_garbled_answer_are_replayed_too(tmp_path: Path, client: MakeClient) -> None:
    script: list[ScriptItem] = [NoJsonSchema(), Garbage(), "no JSON", NOTE]
    with OpenAIServer(script) as live, recording(live, tmp_path) as recorder:
        assert ask(client(recorder.base_url, repairs=2)) == DraftedNote(**NOTE)
        live.assert_done()
    with replaying(tmp_path) as server:
        assert ask(client(server.base_url, repairs=2)) == DraftedNote(**NOTE)
        server.require_complete()
        assert server.repeated == 0


def test_a_miss_is_loud_is_not_retried_and_says_what_is_near(tmp_path: Path, client: MakeClient) -> None:
    with OpenAIServer([NOTE]) as live, recording(live, tmp_path) as recorder:
        ask(client(recorder.base_url))
    with replaying(tmp_path) as server:
        for chat, text, near in (
            (client(server.base_url, "other"), "write", "same prompt, other model m"),
            (client(server.base_url), "write more", "differs in messages"),
        ):
            with pytest.raises(ModelError) as caught:
                ask(chat, text)
            miss = server.misses[-1]
            assert caught.value.details["kind"] == "not_accepted"
            for word in ("Not recorded", chat.config.model, "drafted_note", miss.digest[:12], near):
                assert word in caught.value.message, "the client must not cut it off"
        assert len(server.misses) == 2
        with pytest.raises(InputError, match=r"2 of the requests.*other model m.*differs in messages") as said:
            server.require_complete()
        assert said.value.fix


def test_a_schema_that_strict_mode_refuses_is_found_on_replay(tmp_path: Path) -> None:
    loose = {"type": "object", "properties": {"a": {"type": "string"}}, "required": [], "additionalProperties": False}
    strict = {"name": "loose", "strict": True, "schema": loose}
    wanted = {"type": "json_schema", "json_schema": strict}
    with OpenAIServer(["{}"]) as live, recording(live, tmp_path) as recorder:
        assert post(recorder.base_url, response_format=wanted).status_code == 400
    with replaying(tmp_path) as server:
        answer = post(server.base_url, response_format=wanted)
        assert answer.status_code == 400
        assert server.schema_problems == ("loose: schema: required must name every property; missing a",)
        with pytest.raises(InputError, match="strict mode would refuse") as caught:
            server.require_complete()
        assert caught.value.who_must_act == "developer"


def test_both_refuse_what_is_no_request_and_other_paths(tmp_path: Path) -> None:
    Cassette().save(tmp_path)
    with OpenAIServer() as live, recording(live, tmp_path) as recorder, ReplayServer(Cassette()) as server:
        for base_url in (recorder.base_url, server.base_url):
            assert httpx.post(f"{base_url}/chat/completions", content=b"[]").status_code == 400
            assert post(base_url, "/responses").status_code == 404
        assert live.requests == []


def test_many_clients_at_once_get_each_take_once(tmp_path: Path) -> None:
    said = [f"answer {number}" for number in range(12)]
    with OpenAIServer(said) as live, recording(live, tmp_path) as recorder:
        _at_once(12, lambda: post(recorder.base_url))
    heard: list[str] = []
    with replaying(tmp_path) as server:
        _at_once(12, lambda: heard.append(post(server.base_url).json()["choices"][0]["message"]["content"]))
        assert server.repeated == 0
    assert sorted(heard) == sorted(said)


def _at_once(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_closing_ends_the_thread_and_hangs_up(tmp_path: Path) -> None:
    before = threading.active_count()
    with httpx.Client() as kept:
        server = ReplayServer(Cassette())
        assert kept.post(f"{server.base_url}/embeddings", json={"model": "m"}).status_code == 404
        server.close()
        server.close()
        with pytest.raises(httpx.HTTPError):
            kept.post(f"{server.base_url}/embeddings", json={"model": "m"})
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and "process_request_thread" in thread.name:
            thread.join(5.0)
    assert threading.active_count() <= before


def test_a_recorder_needs_a_url_and_a_readable_cassette(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no base URL"):
        Recorder("api.example.com", SecretStr(SECRET), tmp_path)
    (tmp_path / "x.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no cassette of version"):
        Recorder("https://api.example.com", SecretStr(SECRET), tmp_path)
