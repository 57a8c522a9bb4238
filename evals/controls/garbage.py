"""The garbage control: fills any schema with noise of the right types. It shows what a schema alone is worth."""

from hashlib import sha256
from typing import Any

from partnership_os.evals.controls.prompts import seed_of, turn_of
from partnership_os.testing.behaviours import Answer, ChatRequest, ToolCalls

__all__ = ["garbage"]

_LATIN = "bcdfghjklmnpqrstvwxz"
_ARABIC = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"
_NO_TOOL = "grant_everything"
_DEEPEST = 12


def garbage(request: ChatRequest) -> Answer:
    """Noise that the schema allows; in chat one round of calls with nonsense as arguments, then noise."""
    noise = _Noise(seed_of(request))
    schema = ((request.body.get("response_format") or {}).get("json_schema") or {}).get("schema")
    if schema is not None:
        answer: dict[str, Any] = noise.value(schema, schema.get("$defs") or {})
        return answer
    turn = turn_of(request)
    if turn.tools and not turn.results:
        names = [*sorted(turn.tools), _NO_TOOL]
        called = [names[noise.below(len(names))] for _ in range(2)]
        return ToolCalls(tuple((name, noise.arguments(turn.tools.get(name, {}))) for name in called))
    return f"{noise.text()} [ev_{noise.hexadecimal()}] {noise.text()}"


class _Noise:
    """Looks random and follows from the seed alone, on every machine and version of Python."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, limit: int) -> int:
        self._drawn += 1
        return int.from_bytes(sha256(f"{self._seed}|{self._drawn}".encode()).digest()[:8]) % limit

    def hexadecimal(self) -> str:
        return f"{self.below(16**12):012x}{self.below(16**12):012x}"

    def text(self) -> str:
        """A word of each script around a number: nothing that a text says, and no language."""
        latin = "".join(_LATIN[self.below(len(_LATIN))] for _ in range(4 + self.below(8)))
        arabic = "".join(_ARABIC[self.below(len(_ARABIC))] for _ in range(4 + self.below(8)))
        return f"{latin} {10_000_000 + self.below(89_999_999)} {arabic}"

    def value(self, part: dict[str, Any], definitions: dict[str, Any], depth: int = 0) -> Any:
        """A value that a part of a schema allows; the keywords are those of strict mode."""
        if "$ref" in part:
            return self.value(definitions[part["$ref"].rpartition("/")[2]], definitions, depth)
        for choices in (part.get("enum"), [part["const"]] if "const" in part else None):
            if choices:
                return choices[self.below(len(choices))]
        kinds = part.get("anyOf") or ([{**part, "type": kind} for kind in part.get("type", [])] if _many(part) else [])
        if kinds:
            return self.value(kinds[self.below(len(kinds))], definitions, depth)
        if "properties" in part or part.get("type") == "object":
            fields = part.get("properties") or {}
            return {name: self.value(inner, definitions, depth + 1) for name, inner in fields.items()}
        if part.get("type") == "array":
            count = 0 if depth > _DEEPEST else max(part.get("minItems", 0), 1 + self.below(4))
            return [self.value(part.get("items") or {}, definitions, depth + 1) for _ in range(count)]
        return self._plain(part)

    def arguments(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Nonsense for a tool: every parameter, some of a wrong type, and now and then one that does not exist."""
        given = {name: self.text() if self.below(2) else self.below(10**9) for name in parameters.get("properties", {})}
        return {**given, "because": self.text()} if self.below(3) == 0 else given

    def _plain(self, part: dict[str, Any]) -> Any:
        least, most = part.get("minimum", 0), part.get("maximum", 10**6)
        match part.get("type"):
            case "integer":
                return int(least) + self.below(max(1, int(most) - int(least) + 1))
            case "number":
                return least + (most - least) * self.below(10**6) / 10**6
            case "boolean":
                return bool(self.below(2))
            case "null":
                return None
            case _:
                return self.text()


def _many(part: dict[str, Any]) -> bool:
    return isinstance(part.get("type"), list)
