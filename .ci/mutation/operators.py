"""Mutants of a module: small faults, each at one place of its syntax tree, made without writing a file.

Why our own and not one of the usual tools: docs/mutants.md.
"""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.NotEq, ast.GtE),
    ast.LtE: (ast.Lt, ast.Eq, ast.Gt),
    ast.Gt: (ast.GtE, ast.NotEq, ast.LtE),
    ast.GtE: (ast.Gt, ast.Eq, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Final[dict[type[ast.operator], tuple[type[ast.operator], ...]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
DELETED: Final = (ast.Expr, ast.Raise, ast.AugAssign, ast.Continue, ast.Break, ast.Delete)
BUILT_IN: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
Place: TypeAlias = "tuple[tuple[str, int | None], ...]"
"""The way to a node from its module: the field of each parent, and the index where the field is a list."""
TEXT_ARGUMENTS: Final = frozenset({"fix", "message", "description", "title"})
"""Arguments and variables that hold wording for people."""
TOKEN: Final = re.compile(r"\S+")
"""A string without white space is a name that code depends on; any other is wording, and wording is not mutated."""


@dataclass(frozen=True)
class Mutant:
    """One fault. ``key`` names it without its line, so that it stays the same when code around it moves."""

    module: str
    qualname: str
    piece: str
    operator: str
    key: str
    path: Path
    first_line: int
    last_line: int
    at_import: bool
    names: frozenset[str]
    place: Place
    replacement: ast.AST

    def tree(self, source: ast.Module) -> ast.Module:
        """The module with this fault in it."""
        result = copy.deepcopy(source)
        *way, (field, index) = self.place
        parent = _node(result, way)
        old = _node(parent, [(field, index)])
        new = copy.deepcopy(self.replacement)
        for node in ast.walk(new):
            if not hasattr(node, "lineno"):
                ast.copy_location(node, old)
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new
        return ast.fix_missing_locations(result)

    def without_fault(self, source: ast.Module) -> "Mutant":
        """The same with what stands there anyway, to see that the way of trying mutants breaks nothing itself."""
        return replace(self, replacement=_node(source, self.place))


def _node(parent: ast.AST, way: Sequence[tuple[str, int | None]]) -> ast.AST:
    for field, index in way:
        value = getattr(parent, field)
        parent = value if index is None else value[index]
    return parent


class _Finder:
    """Walks a module and notes every fault that can be made in it."""

    def __init__(self, module: str, path: Path) -> None:
        self.module = module
        self.path = path
        self.found: list[Mutant] = []
        self._seen: Counter[str] = Counter()
        self._scope: list[str] = []
        self._statement: ast.stmt | None = None
        self._top: ast.stmt | None = None
        self._in_function = False
        self._piece = "<module>"
        self._reassigned: frozenset[str] = frozenset()

    def module_body(self, tree: ast.Module) -> None:
        for index, statement in enumerate(tree.body):
            self._top = statement
            self._visit_statement(statement, (("body", index),))

    def _note(self, operator: str, place: Place, old: ast.AST, new: ast.AST) -> None:
        statement, top = self._statement, self._top
        if statement is None or top is None:  # only inside a statement
            raise AssertionError
        where = ".".join(self._scope) or "<module>"
        after = ast.unparse(new) if not isinstance(new, ast.ExceptHandler) else "raise"
        before = _first_line(old)
        context = _first_line(statement)
        key = f"{self.module}.{where} | {operator} | {before} → {_short(after)}"
        if context != before:
            key += f" | {context}"
        self._seen[key] += 1
        if self._seen[key] > 1:
            key += f" | #{self._seen[key]}"
        first, last = _header_lines(statement, old)
        self.found.append(
            Mutant(
                self.module,
                where,
                self._piece,
                operator,
                key,
                self.path,
                first,
                last,
                not self._in_function,
                _defined(top) if not self._in_function else frozenset(),
                place,
                new,
            )
        )

    # Statements

    def _visit_statement(self, node: ast.stmt, place: Place) -> None:
        outer = self._statement
        self._statement = node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._function(node, place)
        elif isinstance(node, ast.ClassDef):
            self._class(node, place)
        elif not (isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal) or _is_silent(node)):
            self._delete(node, place)
            self._header(node, place)
            self._parts(node, place)
        self._statement = outer

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, place: Place) -> None:
        outer, names, piece = self._in_function, self._reassigned, self._piece
        if not outer:
            self._piece = ".".join([*self._scope, node.name])
        for field, items in (("defaults", node.args.defaults), ("kw_defaults", node.args.kw_defaults)):
            self._scope.append(node.name)
            for index, item in enumerate(items):
                if item is not None:
                    self._visit(item, (*place, ("args", None), (field, index)))
            self._scope.pop()
        if all(_is_stub(item) for item in node.body):
            self._piece = piece
            return
        self._scope.append(node.name)
        self._in_function = True
        assigned = Counter(
            item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
        )
        arguments = {item.arg for item in ast.walk(node.args) if isinstance(item, ast.arg)}
        self._reassigned = frozenset({name for name, count in assigned.items() if count > 1 or name in arguments})
        self._body(node.body, "body", place)
        self._in_function, self._reassigned, self._piece = outer, names, piece
        self._scope.pop()

    def _class(self, node: ast.ClassDef, place: Place) -> None:
        self._scope.append(node.name)
        self._body(node.body, "body", place)
        self._scope.pop()

    def _body(self, body: list[ast.stmt], field: str, place: Place) -> None:
        for index, statement in enumerate(body):
            self._visit_statement(statement, (*place, (field, index)))

    def _delete(self, node: ast.stmt, place: Place) -> None:
        if not self._in_function:
            return
        if isinstance(node, ast.Return) and node.value is not None and not _is_flag(node.value):
            self._note("return", place, node, ast.Return(value=ast.Constant(value=None)))
        elif isinstance(node, ast.Expr | ast.Raise | ast.AugAssign | ast.Continue | ast.Break | ast.Delete) or (
            isinstance(node, ast.Assign) and any(self._outlives(target) for target in node.targets)
        ):
            self._note("delete", place, node, ast.Pass())

    def _outlives(self, target: ast.expr) -> bool:
        """True where the program goes on without the assignment; without any other it would only fail at once."""
        return not isinstance(target, ast.Name) or target.id in self._reassigned

    def _header(self, node: ast.stmt, place: Place) -> None:
        if isinstance(node, ast.For):
            self._note("empty loop", (*place, ("iter", None)), node.iter, ast.Tuple(elts=[], ctx=ast.Load()))
        elif isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            turned = ast.UnaryOp(op=ast.Not(), operand=node.test)
            self._note("condition", (*place, ("test", None)), node.test, turned)

    # Expressions

    def _visit(self, node: ast.AST, place: Place) -> None:
        if isinstance(node, ast.stmt):
            self._visit_statement(node, place)
            return
        if _is_text(node):
            return
        for operator, new in _replacements(node):
            self._note(operator, place, node, new)
        if isinstance(node, ast.ExceptHandler):
            self._handler(node, place)
        elif isinstance(node, ast.JoinedStr):
            self._joined(node, place)
        else:
            self._parts(node, place)

    def _handler(self, node: ast.ExceptHandler, place: Place) -> None:
        if not (len(node.body) == 1 and isinstance(node.body[0], ast.Raise)):
            again = copy.copy(node)
            again.body = [ast.Raise()]
            self._note("no handler", place, node, again)
        self._body(node.body, "body", place)

    def _parts(self, node: ast.AST, place: Place) -> None:
        skip = _text_places(node)
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "ctx", "ops", "op", "type", "format_spec"):
                continue
            items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, item in items:
                if isinstance(item, ast.AST) and (field, index) not in skip:
                    self._visit(item, (*place, (field, index)))

    def _joined(self, node: ast.JoinedStr, place: Place) -> None:
        for index, item in enumerate(node.values):
            if isinstance(item, ast.FormattedValue):
                self._visit(item.value, (*place, ("values", index), ("value", None)))
            elif isinstance(item, ast.Constant):
                self._note("string", (*place, ("values", index)), item, ast.Constant(value="XX"))


def mutants_of(module: str, path: Path) -> tuple[list[Mutant], ast.Module]:
    """Every mutant of a source file, and its tree.

    Args:
        module: Its short name, for the keys.
        path: The file.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    finder = _Finder(module, path)
    finder.module_body(tree)
    return finder.found, tree


def _replacements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            yield from _operands(node)
        case ast.UnaryOp(op=ast.Not()):
            yield "drop not", node.operand
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            for other in ARITHMETIC[type(node.op)]:
                yield "arithmetic", ast.BinOp(left=node.left, op=other(), right=node.right)
        case ast.Constant():
            yield from _constants(node)
        case _:
            yield from _choices(node)


def _choices(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Name() if node.id in BUILT_IN:
            yield "built-in", ast.Name(id=BUILT_IN[node.id], ctx=ast.Load())
        case ast.IfExp():
            yield "condition", node.body
            yield "condition", node.orelse
        case ast.comprehension():
            for index, _ in enumerate(node.ifs):
                less = copy.copy(node)
                less.ifs = [*node.ifs[:index], *node.ifs[index + 1 :]]
                yield "condition", less


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for index, comparison in enumerate(node.ops):
        for swap in COMPARISONS[type(comparison)]:
            new = copy.copy(node)
            new.ops = [*node.ops[:index], swap(), *node.ops[index + 1 :]]
            yield "comparison", new


def _operands(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or", ast.BoolOp(op=other, values=node.values)
    for index, _ in enumerate(node.values):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield "drop operand", rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "boolean", ast.Constant(value=not value)
    elif isinstance(value, int | float):
        yield "number", ast.Constant(value=value + 1)
        yield "number", ast.Constant(value=value - 1)
    elif isinstance(value, str) and TOKEN.fullmatch(value):
        yield "string", ast.Constant(value="XX")
    elif isinstance(value, bytes):
        yield "string", ast.Constant(value=b"XX")


def _text_places(node: ast.AST) -> set[tuple[str, int | None]]:
    """Where a call takes wording: ``fix=`` and the like, and the message of an error."""
    if not isinstance(node, ast.Call):
        return set()
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    places: set[tuple[str, int | None]] = {
        ("keywords", index) for index, item in enumerate(node.keywords) if item.arg in TEXT_ARGUMENTS
    }
    if name.endswith("Error") and name != "RefusedError":
        places.add(("args", 0))
    if name == "RefusedError" or name == "for_others":
        places |= {("args", 1), ("args", 2)} if name == "RefusedError" else {("args", 1)}
    return places


def _is_silent(node: ast.stmt) -> bool:
    """Wording, and the list of public names, which no code of ours reads."""
    public = isinstance(node, ast.Assign) and [getattr(item, "id", None) for item in node.targets] == ["__all__"]
    return public or _is_text(node)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return all(isinstance(item, ast.Name) and item.id in TEXT_ARGUMENTS for item in node.targets)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and not TOKEN.fullmatch(node.value)
    if isinstance(node, ast.JoinedStr):
        return any(re.search(r"\s", item.value) for item in node.values if isinstance(item, ast.Constant))
    return False


def _is_stub(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_flag(node: ast.expr) -> bool:
    """None, or a truth value: that one is turned over by the operator for booleans."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _defined(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement at the top of a module gives to others."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset({statement.name})
    return frozenset(
        item.id for item in ast.walk(statement) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    )


def _header_lines(statement: ast.stmt, node: ast.AST) -> tuple[int, int]:
    """The lines that run when the mutated part runs."""
    if isinstance(node, ast.stmt | ast.ExceptHandler):
        body = getattr(node, "body", None)
        return node.lineno, (body[0].lineno if body else node.end_lineno or node.lineno)
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return statement.lineno, body[0].lineno
    return statement.lineno, statement.end_lineno or statement.lineno


def _first_line(node: ast.AST) -> str:
    if isinstance(node, ast.ExceptHandler):
        return _short(ast.unparse(node).strip().splitlines()[0])
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        bare = copy.copy(node)
        bare.decorator_list = []
        return _short(ast.unparse(bare).splitlines()[0])
    if isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try):
        return _short(ast.unparse(node).splitlines()[0])
    return _short(" ".join(ast.unparse(node).split()))


def _short(text: str) -> str:
    return text if len(text) <= 110 else f"{text[:80]}…{text[-29:]}"
