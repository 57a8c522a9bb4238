"""A local server that speaks enough of the OpenAI protocol to test a model path over real HTTP, never a live call."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any

from partnership_os.testing.behaviours import (
    Answer,
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
    Reply,
    ScriptItem,
    ServerError,
    Slow,
    ToolCalls,
    Unauthorised,
    WithUsage,
)
from partnership_os.testing.strict_schema import strict_problems

DIMENSIONS = 16
"""Length of the vectors of ``/v1/embeddings``; they follow from the text alone."""
_CREATED = 1_768_467_600


class OpenAIServer:
    """Answers by a script, one item per request, and keeps what it was asked.

    Args:
        script: Items for chat requests in order (`testing.behaviours`), or one callable that answers every request.
        embeddings: Items that requests for embeddings get first; after them each text gets its vector.
        tokens: ``(prompt, completion)`` counts that every answer states.

    A request after the end of the script gets a 500 and is recorded; `close` and leaving the ``with`` block then raise
    AssertionError, and `assert_done` also when items are left.
    """

    def __init__(
        self,
        script: Sequence[ScriptItem] | Callable[[ChatRequest], Answer] = (),
        *,
        embeddings: Sequence[ScriptItem] = (),
        tokens: tuple[int, int] = (100, 20),
    ) -> None:
        self.requests: list[ChatRequest] = []
        self.tokens = tokens
        self._always = script if callable(script) else None
        self._script: list[ScriptItem] = [] if callable(script) else list(script)
        self._embeddings = list(embeddings)
        self._problems: list[str] = []
        self._lock = Lock()
        self.stopping = Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What to give a client as its base URL."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> "OpenAIServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if error is None:
            self._complain()

    def close(self) -> None:
        """Stop the server.

        Raises:
            AssertionError: it was asked for more than its script holds, or for something impossible.
        """
        self._stop()
        self._complain()

    def assert_done(self) -> None:
        """The whole script was played and nothing else was asked.

        Raises:
            AssertionError: otherwise.
        """
        self._complain()
        left = len(self._script) + len(self._embeddings)
        if left:
            raise AssertionError(f"{left} items of the script were never asked for")

    def next_item(self, request: ChatRequest) -> ScriptItem | None:
        """Record a request and take the item that answers it; None when the script has ended."""
        with self._lock:
            self.requests.append(request)
            if request.path.endswith("/embeddings"):
                return self._embeddings.pop(0) if self._embeddings else _vectors
            if self._always is not None:
                return self._always
            if self._script:
                return self._script.pop(0)
        self.note_problem(f"request {len(self.requests)} came after the end of the script")
        return None

    def note_problem(self, problem: str) -> None:
        """Remember something that the end of the test must complain about."""
        with self._lock:
            self._problems.append(problem)

    def _stop(self) -> None:
        if not self.stopping.is_set():
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def _complain(self) -> None:
        if self._problems:
            raise AssertionError("the test server had problems: " + "; ".join(self._problems))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: OpenAIServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in mid-answer is part of the tests; anything else is a problem to report."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            self.owner.note_problem(f"{type(error).__name__}: {error}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read `OpenAIServer.requests` instead."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        request = ChatRequest(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
        if self.path not in ("/v1/chat/completions", "/v1/embeddings"):
            self._error(404, f"no such path: {self.path}")
            return
        item = self.server.owner.next_item(request)
        if item is None:
            self._error(500, "the script of the test server has ended", code="script_ended")
            return
        schema = (body.get("response_format") or {}).get("json_schema")
        problems = strict_problems(schema) if schema is not None else []
        if problems:
            self._error(400, f"Invalid schema for response_format: {problems[0]}")
            return
        self._play(item, request)

    def _play(self, item: ScriptItem, request: ChatRequest) -> None:
        answer = item(request) if callable(item) else item
        tokens: tuple[int, int] | None = self.server.owner.tokens
        if isinstance(answer, Slow):
            if self.server.owner.stopping.wait(answer.seconds):
                self.close_connection = True
                return
            self._play(answer.then, request)
            return
        if isinstance(answer, WithUsage):
            answer, tokens = answer.answer, answer.tokens
        if self._fails(answer, request):
            return
        if request.path.endswith("/embeddings") and isinstance(answer, dict):
            self._json(200, answer)
            return
        reply = _reply(answer)
        reply.tokens = tokens
        if request.body.get("stream"):
            self._stream(reply, request)
        else:
            self._json(200, _completion(reply, request))

    def _fails(self, item: Answer, request: ChatRequest) -> bool:
        """Play an item that is no completion; False when it is one."""
        if isinstance(item, RateLimited):
            headers = {"Retry-After": item.header} if item.header is not None else {}
            self._error(429, "Too many requests.", code=item.code, headers=headers)
        elif isinstance(item, ServerError):
            self._error(item.status, "The server had an error.")
        elif isinstance(item, Unauthorised):
            self._error(401, f"Incorrect API key provided: {self.headers.get('Authorization', '')}")
        elif isinstance(item, BadRequest):
            self._error(400, item.message)
        elif isinstance(item, (NoJsonSchema, NoJsonObject)):
            unknown = "json_schema" if isinstance(item, NoJsonSchema) else "json_object"
            if request.response_format != unknown:
                self.server.owner.note_problem(f"{unknown} was to be refused, but was not asked for")
            self._error(400, f"response_format.type: {unknown!r} is not known to this server")
        elif isinstance(item, Garbage):
            self._send(200, item.body.encode(), item.content_type, {})
        elif isinstance(item, BrokenConnection):
            self.close_connection = True
        else:
            return False
        return True

    def _stream(self, reply: Reply, request: ChatRequest) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in _events(reply, request):
            self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _error(
        self, status: int, message: str, *, code: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        error = {"message": message, "type": "test_server", "param": None, "code": code}
        self._json(status, {"error": error}, headers)

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers or {})

    def _send(self, status: int, body: bytes, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Type": content_type, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


def _reply(item: Any) -> Reply:
    if isinstance(item, dict):
        return Reply(json.dumps(item, ensure_ascii=False))
    if isinstance(item, CutOff):
        return Reply(item.text, finish_reason="length")
    if isinstance(item, Filtered):
        return Reply(item.text, finish_reason="content_filter")
    if isinstance(item, Refusal):
        return Reply(None, refusal=item.text)
    if isinstance(item, PlainText):
        return Reply(item.text)
    if isinstance(item, ToolCalls):
        calls = [
            {
                "id": f"call_{index}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
            }
            for index, (name, arguments) in enumerate(item.calls)
        ]
        return Reply(item.text or None, finish_reason="tool_calls", tool_calls=calls)
    return Reply(str(item))


def _head(request: ChatRequest, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-test", "object": kind, "created": _CREATED, "model": request.body.get("model", "test")}


def _usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}


def _completion(reply: Reply, request: ChatRequest) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.content, "refusal": reply.refusal}
    if reply.tool_calls:
        message["tool_calls"] = reply.tool_calls
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason, "logprobs": None}
    usage = {"usage": _usage(reply.tokens)} if reply.tokens is not None else {}
    return {**_head(request, "chat.completion"), "choices": [choice], **usage}


def _events(reply: Reply, request: ChatRequest) -> Iterator[dict[str, Any]]:
    head = _head(request, "chat.completion.chunk")

    def event(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}

    yield event({"role": "assistant", "content": ""})
    for word in re.findall(r"\s*\S+|\s+$", reply.content or ""):
        yield event({"content": word})
    for index, call in enumerate(reply.tool_calls):
        yield event({"tool_calls": [{"index": index, **call}]})
    yield event({}, reply.finish_reason)
    if reply.tokens is not None and (request.body.get("stream_options") or {}).get("include_usage"):
        yield {**head, "choices": [], "usage": _usage(reply.tokens)}


def _vectors(request: ChatRequest) -> dict[str, Any]:
    asked = request.body["input"]
    texts = [asked] if isinstance(asked, str) else asked
    data = [{"object": "embedding", "index": index, "embedding": _vector(text)} for index, text in enumerate(texts)]
    tokens = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": request.body.get("model", "test"), "usage": usage}


def _vector(text: str) -> list[float]:
    """A unit-free vector that equal texts share and other texts do not."""
    return [byte / 255 for byte in sha256(text.encode()).digest()[:DIMENSIONS]]
