"""A call graph of the whole product, read from its source and drawn too large on purpose.

A function has an edge to everything that it mentions: names are followed through imports, and an attribute ``x.name``
to every method of that name anywhere, since what ``x`` is cannot always be told. What is not reachable here is not
reachable; what is reachable may only look so.
"""

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "partnership_os"


@dataclass
class CallGraph:
    """Functions by qualified name, and what each mentions."""

    edges: dict[str, set[str]] = field(default_factory=dict)

    def path(self, starts: Iterable[str], forbidden: frozenset[str]) -> tuple[str, ...] | None:
        """A shortest way from one of the starts to something forbidden; None when there is none.

        Raises:
            KeyError: a start or a forbidden function does not exist, so that the answer would mean nothing.
        """
        first = list(starts)
        for name in (*first, *forbidden):
            if name not in self.edges:
                raise KeyError(name)
        seen: dict[str, str | None] = dict.fromkeys(first)
        waiting = deque(first)
        while waiting:
            name = waiting.popleft()
            if name in forbidden:
                return tuple(_way(seen, name))
            for other in sorted(self.edges[name]):
                if other not in seen:
                    seen[other] = name
                    waiting.append(other)
        return None

    def reachable(self, starts: Iterable[str]) -> frozenset[str]:
        """Everything that can be reached."""
        seen = set(starts)
        waiting = deque(seen)
        while waiting:
            for other in self.edges[waiting.popleft()] - seen:
                seen.add(other)
                waiting.append(other)
        return frozenset(seen)


def _way(seen: Mapping[str, str | None], end: str) -> list[str]:
    way, name = [end], seen[end]
    while name is not None:
        way.append(name)
        name = seen[name]
    return way[::-1]


def read_modules(modules: Mapping[str, str]) -> CallGraph:
    """The call graph of modules given by dotted name and source text."""
    trees = {name: ast.parse(text) for name, text in modules.items()}
    units = {name: dict(_units(name, tree)) for name, tree in trees.items()}
    every = {name: node for of_module in units.values() for name, node in of_module.items()}
    by_attribute: dict[str, set[str]] = {}
    for name in every:
        owner, _, last = name.rpartition(".")
        if owner in every and last != "__init__":  # the making of an object is reached by the name of its class
            by_attribute.setdefault(last, set()).add(name)
    imports = {module: _imports(tree) for module, tree in trees.items()}
    passed_on = {
        f"{module}.{name}": source for module, of_module in imports.items() for name, source in of_module.items()
    }
    graph = CallGraph({name: set() for name in every})
    for module, of_module in units.items():
        known = imports[module] | {name.removeprefix(f"{module}."): name for name in of_module}
        for name, node in of_module.items():
            mentioned = (_origin(other, passed_on) for other in _mentions(node, known, by_attribute))
            graph.edges[name] = {other for other in mentioned if other in every and other != name}
    return graph


def _origin(name: str, passed_on: Mapping[str, str]) -> str:
    """Where a name that modules pass on was defined."""
    seen = {name}
    while name in passed_on and passed_on[name] not in seen:
        name = passed_on[name]
        seen.add(name)
    return name


def sources(root: Path) -> dict[str, str]:
    """The modules of the product whose checkout stands at ``root``: text by dotted name."""
    modules = {}
    folders = {f"{PACKAGE}.{name}": root / name for name in ("agents", "tools", "prompts", "graphs", "evals")}
    for file in (root / "src" / PACKAGE).rglob("*.py"):
        inside = file.relative_to(root / "src").with_suffix("")
        linked = any(part.is_symlink() for part in file.parents)
        if not linked and inside.parts[1] != "testing":  # what tests build on runs in no product
            modules[".".join(inside.parts)] = file.read_text(encoding="utf-8")
    for package, folder in folders.items():
        for file in folder.rglob("*.py"):
            inside = file.relative_to(folder).with_suffix("")
            modules[".".join((package, *inside.parts))] = file.read_text(encoding="utf-8")
    return modules


def _units(module: str, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions and methods, and classes for what their making runs; what stands inside of one belongs to it."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module}.{node.name}", node
        elif isinstance(node, ast.ClassDef):
            body = [item for item in node.body if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            making = [item for item in node.body if getattr(item, "name", "") in ("__init__", "__post_init__")]
            yield f"{module}.{node.name}", ast.Module(body=[*body, *making], type_ignores=[])
            for item in node.body:
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{module}.{node.name}.{item.name}", item


def _imports(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def _mentions(node: ast.AST, known: Mapping[str, str], by_attribute: Mapping[str, set[str]]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in known:
            yield known[part.id]
        elif isinstance(part, ast.Attribute):
            if isinstance(part.value, ast.Name) and part.value.id in known:
                yield f"{known[part.value.id]}.{part.attr}"
            yield from by_attribute.get(part.attr, ())
