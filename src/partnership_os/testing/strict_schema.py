"""Whether a ``response_format`` is one that OpenAI's strict mode accepts; the real server says 400 otherwise."""

import re
from typing import Any

_UNSUPPORTED = frozenset(
    {"allOf", "oneOf", "not", "if", "then", "else", "default", "contains", "uniqueItems", "patternProperties"}
    | {"propertyNames", "unevaluatedProperties", "dependentRequired", "dependentSchemas"}
)
_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_DEEPEST = 10
_MOST_PROPERTIES = 5_000


def strict_problems(json_schema: dict[str, Any]) -> list[str]:
    """What strict mode would refuse in ``response_format["json_schema"]``; an empty list means accepted.

    Rules of OpenAI's structured outputs: the root is an object and no ``anyOf``; every object forbids unknown keys
    and requires all of its own; no composition keywords but ``anyOf``; nothing stands beside a ``$ref``; at
    most ten levels and 5,000 properties.
    """
    problems = []
    if not _NAME.match(str(json_schema.get("name", ""))):
        problems.append("name: letters, digits, _ and - only, at most 64")
    if json_schema.get("strict") is not True:
        return problems
    schema = json_schema.get("schema")
    if not isinstance(schema, dict) or schema.get("type") != "object" or "anyOf" in schema:
        return [*problems, "schema: the root must be an object"]
    walk = _Walk()
    walk.visit(schema, "schema", 1)
    for name, part in (schema.get("$defs") or {}).items():
        walk.visit(part, f"schema.$defs.{name}", 1)
    if walk.properties > _MOST_PROPERTIES:
        walk.problems.append(f"schema: more than {_MOST_PROPERTIES} properties")
    return problems + walk.problems


class _Walk:
    def __init__(self) -> None:
        self.problems: list[str] = []
        self.properties = 0

    def visit(self, part: dict[str, Any], path: str, depth: int) -> None:
        self.problems += [f"{path}: {word} is not supported" for word in sorted(_UNSUPPORTED & part.keys())]
        if depth > _DEEPEST:
            self.problems.append(f"{path}: more than {_DEEPEST} levels")
            return
        if "$ref" in part and len(part) > 1:
            self.problems.append(f"{path}: $ref stands beside other keywords")
        if part.get("type") == "object" or "properties" in part:
            self._object(part, path, depth)
        if isinstance(part.get("items"), dict):
            self.visit(part["items"], f"{path}[]", depth + 1)
        for index, choice in enumerate(part.get("anyOf", [])):
            self.visit(choice, f"{path}.anyOf.{index}", depth)

    def _object(self, part: dict[str, Any], path: str, depth: int) -> None:
        properties = part.get("properties", {})
        self.properties += len(properties)
        if part.get("additionalProperties") is not False:
            self.problems.append(f"{path}: additionalProperties must be false")
        missing = sorted(properties.keys() - set(part.get("required", [])))
        if missing:
            self.problems.append(f"{path}: required must name every property; missing {', '.join(missing)}")
        for name, inner in properties.items():
            self.visit(inner, f"{path}.{name}", depth + 1)
