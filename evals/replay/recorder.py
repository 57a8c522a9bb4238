"""The recorder: stands between the product and a live model, and keeps what the model answered."""

from pathlib import Path
from threading import Lock
from types import TracebackType

import httpx
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError
from partnership_os.evals.replay.cassette import Cassette
from partnership_os.evals.replay.loopback import Call, Loopback, Response, refusal
from partnership_os.evals.replay.redaction import redacted, redacted_body
from partnership_os.evals.replay.request_key import RequestKey, read_request
from partnership_os.llm.failures import origin_of
from partnership_os.llm.transport import sync_client

__all__ = ["RECORDED", "Recorder"]

RECORDED = frozenset({200, 400, 413, 422})
"""Statuses that are the server's answer to this very request. 401, 404, 429 and 5xx say something about the key, the
name of the model or the moment; they go back to the client and are not recorded.
"""
_SAVED_EVERY = 20


class Recorder:
    """A proxy on the loopback that forwards chat and embeddings requests and records the answers to a cassette.

    What the folder holds already stays, but a request that is recorded again replaces its earlier answers. It is
    written every 20 answers and at the end, so that a run that dies loses little of what was paid for.

    Answers reach the client as they came. The one thing taken out, there and in the cassette, is the key, where a
    server or a text repeats it, and the key that the client sends (from eight characters:
    `redaction.SHORTEST_SECRET`). No header is kept.

    Args:
        live_base_url: The live server.
        api_key: Its key; empty where it needs none. What key the client of the recorder sends does not matter.
        folder: The cassette's.
        timeout: Seconds that the live server may take; the client's own limit is mostly shorter.

    Raises:
        ConfigurationError: the base URL is none.
        InputError: the folder holds something that is no cassette.
    """

    def __init__(self, live_base_url: str, api_key: SecretStr, folder: Path, *, timeout: float = 600.0) -> None:
        if not live_base_url.startswith(("http://", "https://")):
            raise ConfigurationError(
                "The live server has no base URL.", fix="Give one that begins with https:// or http://."
            )
        self._live = live_base_url.rstrip("/")
        self._key = api_key.get_secret_value()
        self._folder = folder
        self._cassette = Cassette.load(folder) if any(folder.glob("*.jsonl")) else Cassette()
        self._lock = Lock()
        self._fresh: set[str] = set()
        self._models: set[str] = set()
        self._recorded = 0
        self._not_recorded: list[str] = []
        self._closed = False
        self._http = sync_client(timeout)
        self._loopback = Loopback(self._forward)

    @property
    def base_url(self) -> str:
        """What to give the product as its base URL."""
        return self._loopback.base_url

    @property
    def recorded(self) -> int:
        """Answers recorded so far."""
        return self._recorded

    @property
    def not_recorded(self) -> tuple[str, ...]:
        """Why answers were passed on but not recorded, one sentence each."""
        return tuple(self._not_recorded)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and write the cassette. What comes back from the live server after this is not recorded."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._save()
        self._loopback.close()
        self._http.close()

    def _forward(self, call: Call) -> Response:
        key = read_request(call.path, call.body, (self._key, call.key))
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            live = self._http.post(self._live + call.path, content=call.body, headers=headers)
        except httpx.HTTPError as error:
            late = isinstance(error, httpx.TimeoutException)
            # The error's own words may hold the URL, and a URL may hold a password.
            said = f"The live server at {origin_of(self._live)} {'did not answer in time' if late else 'failed'}"
            self._note(f"{said} ({type(error).__name__}).")
            return refusal(504 if late else 502, f"{said} ({type(error).__name__}).", "live_server")
        secrets = (self._key, call.key)
        clean = _clean_text(live.content, secrets)
        # A client that was not given the live key could not scrub it from what a server repeats.
        response = Response(
            live.status_code,
            live.content if clean is None else clean.encode(),
            redacted(live.headers.get("Content-Type", "application/json"), secrets),
            live.headers.get("Retry-After"),
        )
        why = self._record(key, response, clean)
        if why is not None:
            self._note(f"{why} ({key.model}).")
        return response

    def _record(self, key: RequestKey, response: Response, body: str | None) -> str | None:
        """Record an answer; otherwise say why not."""
        if response.status not in RECORDED:
            return f"The live server answered {response.status}"
        if body is None:
            return "An answer was not UTF-8, or its pieces spelled out the key"
        with self._lock:
            if self._closed:
                return "An answer came after the end"
            if key.digest not in self._fresh:
                self._cassette.forget(key.digest)
                self._fresh.add(key.digest)
            self._cassette.add(key, response.status, response.content_type, body)
            self._models.add(key.model)
            self._recorded += 1
            if self._recorded % _SAVED_EVERY == 0:
                self._save()
        return None

    def _note(self, sentence: str) -> None:
        with self._lock:
            self._not_recorded.append(sentence)

    def _save(self) -> None:
        self._cassette.save(self._folder, self._models)


def _clean_text(body: bytes, secrets: tuple[str, ...]) -> str | None:
    """The body without keys, None where it is no text or its pieces spell a key out."""
    try:
        return redacted_body(body.decode("utf-8"), secrets)
    except UnicodeDecodeError:
        return None
