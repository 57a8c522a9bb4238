"""The replay server: answers from a cassette over the same HTTP path as a live model, and never invents an answer."""

from dataclasses import dataclass
from threading import Lock
from types import TracebackType

from partnership_os.errors import InputError
from partnership_os.evals.replay.cassette import Cassette
from partnership_os.evals.replay.loopback import Call, Loopback, Response, refusal
from partnership_os.evals.replay.request_key import RequestKey, read_request
from partnership_os.testing.strict_schema import strict_problems

__all__ = ["Miss", "ReplayServer"]

_NOT_RECORDED = 404
"""Our client does not retry it, and does not take it for a server that knows no JSON schemas, as it may take a 400."""
_SHOWN = 3


@dataclass(frozen=True)
class Miss:
    """A request without a recording. ``nearest`` says in words what comes closest."""

    path: str
    model: str
    schema_name: str | None
    digest: str
    nearest: str

    def __str__(self) -> str:
        """What the client is told: short, because error texts are cut."""
        return (
            f"Not recorded: model {self.model}, {self.schema_name or self.path.strip('/')}, "
            f"digest {self.digest[:12]}; {self.nearest}."
        )


class ReplayServer:
    """Serves a cassette on a free port of 127.0.0.1.

    Several answers to one request are given in the order of their recording, and then the last one again
    (``repeated`` counts those). Which of several clients gets which take follows from who asks first. Any key is
    accepted and none is looked at.

    Each schema that comes is held to the rules of OpenAI's strict mode first: a replay would otherwise go on
    working where the live server says 400.

    Args:
        cassette: What was recorded.
    """

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette
        self._lock = Lock()
        self._played: dict[str, int] = {}
        self._misses: list[Miss] = []
        self._schema_problems: dict[str, None] = {}
        self._repeated = 0
        self._closed = False
        self._loopback = Loopback(self._answer)

    @property
    def base_url(self) -> str:
        """What to give the product as its base URL."""
        return self._loopback.base_url

    @property
    def misses(self) -> tuple[Miss, ...]:
        """Requests that had no recording, in the order in which they came."""
        return tuple(self._misses)

    @property
    def schema_problems(self) -> tuple[str, ...]:
        """What strict mode would refuse in the schemas that came, each once."""
        return tuple(self._schema_problems)

    @property
    def repeated(self) -> int:
        """Answers that were given again because more were asked for than recorded."""
        return self._repeated

    def __enter__(self) -> "ReplayServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        if not self._closed:
            self._closed = True
            self._loopback.close()

    def require_complete(self) -> None:
        """Every request was in the cassette, as often as it came, with a schema that a live server accepts.

        Raises:
            InputError: otherwise; names the first ones.
        """
        if self._schema_problems:
            raise InputError(
                f"OpenAI's strict mode would refuse a schema: {'; '.join(self.schema_problems[:_SHOWN])}.",
                fix="Correct the schema; strict mode requires every property and forbids unknown ones.",
                who_must_act="developer",
            )
        if self._repeated:
            raise InputError(
                f"{self._repeated} requests came more often than they were recorded, and the last answer was given "
                "again.",
                fix="Record as many epochs as are asked for, or ask for fewer.",
            )
        if self._misses:
            shown = " ".join(str(miss) for miss in self.misses[:_SHOWN])
            raise InputError(
                f"The cassette has no answer to {len(self._misses)} of the requests. {shown}",
                fix="Record it again: a prompt, a schema, a case or the model has changed since.",
            )

    def _answer(self, call: Call) -> Response:
        key = read_request(call.path, call.body, (call.key,))
        problems = strict_problems(key.json_schema) if key.json_schema is not None else []
        if problems:
            with self._lock:
                self._schema_problems.update((f"{key.schema_name}: {problem}", None) for problem in problems)
            return refusal(400, f"Strict mode refuses {key.schema_name}: {problems[0]}", "invalid_schema")
        takes = self._cassette.takes(key.digest)
        if not takes:
            return self._missed(key)
        with self._lock:
            played = self._played.get(key.digest, 0)
            self._played[key.digest] = played + 1
            self._repeated += played >= len(takes)
        take = takes[min(played, len(takes) - 1)]
        return Response(take.status, key.with_ids(take.body).encode(), take.content_type)

    def _missed(self, key: RequestKey) -> Response:
        miss = Miss(key.path, key.model, key.schema_name, key.digest, self._cassette.nearest(key))
        with self._lock:
            self._misses.append(miss)
        return refusal(_NOT_RECORDED, str(miss), "not_recorded")
