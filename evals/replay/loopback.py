"""A small HTTP server on the loopback that hands chat and embeddings requests to a function, bytes for bytes."""

import json
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from partnership_os.errors import PartnershipError

__all__ = ["PATHS", "Call", "Loopback", "Response", "refusal"]

PATHS = ("/chat/completions", "/embeddings")
_PREFIX = "/v1"


@dataclass(frozen=True)
class Call:
    """One request: the path after the base URL, the body, and the key that the client sent."""

    path: str
    body: bytes
    key: str = field(repr=False)


@dataclass(frozen=True)
class Response:
    """What goes back."""

    status: int
    body: bytes
    content_type: str = "application/json"
    retry_after: str | None = None


def refusal(status: int, message: str, code: str) -> Response:
    """An error as OpenAI's clients read it."""
    error = {"error": {"message": message, "type": "evaluation", "param": None, "code": code}}
    return Response(status, json.dumps(error, ensure_ascii=False).encode())


class Loopback:
    """Serves on a free port of 127.0.0.1 until it is closed. Requests come from many threads at once.

    Args:
        answer: Called for each request to one of `PATHS`; an error of the product goes back as 400.
    """

    def __init__(self, answer: Callable[[Call], Response]) -> None:
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.answer = answer
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What to give a client as its base URL."""
        return f"http://127.0.0.1:{self._http.server_port}{_PREFIX}"

    def close(self) -> None:
        """Stop serving and hang up on whoever is still connected."""
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # as many clients as a run has at once connect in the same moment
    answer: Callable[[Call], Response]

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is its own business; anything else is ours and is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: a request line may hold what a user typed."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.removeprefix(_PREFIX)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if path not in PATHS:
            self._send(refusal(404, f"Only {' and '.join(PATHS)} are served here.", "no_such_path"))
            return
        try:
            response = self.server.answer(Call(path, body, key))
        except PartnershipError as error:
            response = refusal(400, error.message, "bad_request")
        self._send(response)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        if response.retry_after is not None:
            self.send_header("Retry-After", response.retry_after)
        self.end_headers()
        self.wfile.write(response.body)
