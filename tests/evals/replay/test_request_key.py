import json
from typing import Any

import pytest

from partnership_os.errors import InputError
from partnership_os.evals.replay.redaction import redacted, redacted_body
from partnership_os.evals.replay.request_key import RequestKey, read_request

SECRET = "sk-a-very-long-secret"


def key(path: str = "/chat/completions", secrets: tuple[str, ...] = (), **fields: Any) -> RequestKey:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], **fields}
    return read_request(path, json.dumps(body).encode(), secrets)


def said(text: str, **fields: Any) -> RequestKey:
    return key(messages=[{"role": "user", "content": text}], **fields)


def test_order_of_keys_unicode_form_and_accounting_do_not_matter() -> None:
    messages = [{"content": "hello", "role": "user"}]
    body = json.dumps({"messages": messages, "model": "m", "stream": False, "user": "u", "stop": None}).encode()
    assert read_request("/chat/completions", body).digest == key().digest
    assert said("cafe\u0301").digest == said("caf\u00e9").digest


@pytest.mark.parametrize(
    "other",
    [
        {"model": "n"},
        {"temperature": 0.5},
        {"max_completion_tokens": 5},
        {"stream": True},
        {"tools": []},
        {"tool_choice": "none"},
        {"response_format": {"type": "json_object"}},
        {"messages": [{"role": "user", "content": "hello "}]},
        {"something_new": 1},
        {"path": "/embeddings"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_everything_that_decides_the_answer_counts(other: dict[str, Any]) -> None:
    assert key(**other).digest != key().digest


def test_a_key_in_a_text_takes_no_part_but_a_placeholder_is_a_word() -> None:
    assert said(f"use {SECRET}", secrets=(SECRET,)).digest == said("use [key]").digest
    other = "another-secret-of-mine"
    assert said(f"use {SECRET}", secrets=(SECRET,)).digest == said(f"use {other}", secrets=(other,)).digest
    assert said("none of it", secrets=("none",)).digest == said("none of it").digest


def test_ids_that_are_drawn_count_by_their_order_and_come_back() -> None:
    def talk(deal: str, commitment: str, person: str) -> RequestKey:
        return said(f'<data>{{"a":"{deal}"}}</data>\n{commitment} for {person}, again {deal}')

    first = talk("deal-0011223344556677", "cm_" + "a" * 24, "pe_0011223344556677")
    second = talk("deal-ffeeddccbbaa9988", "cm_" + "b" * 24, "pe_ffeeddccbbaa9988")
    assert first.digest == second.digest
    stored = first.without_ids("approve cm_" + "a" * 24 + " of deal-0011223344556677, not ev_1")
    assert "deal-0011" not in stored
    assert second.with_ids(stored) == "approve cm_" + "b" * 24 + " of deal-ffeeddccbbaa9988, not ev_1"
    assert (
        said("deal-0011223344556677 and deal-0011223344556677").digest
        != said("deal-0011223344556677 and deal-ffeeddccbbaa9988").digest
    )
    assert said("ev_" + "a" * 24).digest != said("ev_" + "b" * 24).digest
    assert second.with_ids("{{id:77}}") == "{{id:77}}"


@pytest.mark.parametrize("body", [b"", b"[1]", b"\xff", b'{"temperature": NaN}', b'{"a": "\\ud800"}'])
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        read_request("/chat/completions", body)


def test_redaction_looks_behind_escapes_and_keeps_other_bytes() -> None:
    escaped = SECRET.replace("s", "\\u0073")
    body = f'{{"{escaped}": ["{escaped}", {{"x": "a {SECRET} b"}}, 1.50]}}'
    clean = redacted_body(body, (SECRET,))
    assert clean is not None and json.loads(clean) == {"[key]": ["[key]", {"x": "a [key] b"}, 1.5]}
    assert redacted_body('{ "a" : 1.50 }', (SECRET,)) == '{ "a" : 1.50 }'
    assert redacted("quo\\u0022ted", ()) == "quo\\u0022ted"
    assert redacted(json.dumps('a"secret"b'), ('a"secret"b',)) == '"[key]"'


def test_a_stream_that_spells_the_key_out_cannot_be_kept() -> None:
    def stream(*pieces: str) -> str:
        events = [{"choices": [{"index": 0, "delta": {"content": piece}}], "object": "chunk"} for piece in pieces]
        return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"

    assert redacted_body(stream("your key is ", SECRET[:7], SECRET[7:], "."), (SECRET,)) is None
    assert redacted_body(stream(f"key {SECRET}"), (SECRET,)) == stream("key [key]")
    assert redacted_body(stream("hello"), (SECRET,)) == stream("hello")
