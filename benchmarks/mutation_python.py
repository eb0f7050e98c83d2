"""The generic mutants of a Python program: what mutation.py changes in it, one change at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
METHODS = {
    "notify": "notify_all", "notify_all": "notify", "popleft": "pop", "pop": "popleft", "append": "appendleft",
    "min": "max", "max": "min", "all": "any", "any": "all", "get": "get_nowait", "kill": "terminate",
}  # fmt: skip
WAITS = {"wait", "join", "poll", "result", "wait_for", "acquire", "get"}  # their last argument may be a limit
SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Delete)

Piece = tuple[int, int, str]


def mutants(source: str) -> list[tuple[str, str]]:
    """What was changed and the whole program, for each change that gives another program."""
    found: dict[str, str] = {}
    for what, pieces in _Changes(source).all():
        text, done = "", 0
        for start, end, now in sorted(pieces):
            text += source[done:start] + now
            done = end
        text += source[done:]
        try:
            same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))
        except SyntaxError:
            continue
        if not same:
            found.setdefault(text, what)
    return [(what, text) for text, what in found.items()]


def _worth_swapping(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether two statements are simple, and not both assignments, for which the order hardly ever matters."""
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return False  # a docstring
    plain = isinstance(first, ast.Assign) and isinstance(second, ast.Assign)
    return isinstance(first, SIMPLE) and isinstance(second, SIMPLE) and not plain


class _Changes:
    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.begins = [0]
        for line in self.lines:
            self.begins.append(self.begins[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """Where a place of the syntax tree, in bytes of UTF-8, is in the text."""
        return self.begins[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt | ast.ExceptHandler) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def put(self, node: ast.expr | ast.stmt, now: str) -> list[Piece]:
        return [(*self.span(node), now)]

    def word(self, word: str, start: int, end: int, now: str) -> list[Piece]:
        """Another word for one that stands between two places."""
        found = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(self.source, start, end)
        return [(found.start(), found.end(), now)] if found else []

    def all(self) -> Iterator[tuple[str, list[Piece]]]:
        for node in ast.walk(ast.parse(self.source)):
            for what, pieces in self.of(node):
                if pieces:
                    yield what, pieces
            for field in ("body", "orelse", "finalbody"):
                body = getattr(node, field, ())
                for first, second in pairwise(body if isinstance(body, Sequence) else ()):
                    if _worth_swapping(first, second):
                        yield "swap statements", self.put(first, self.text(second)) + self.put(second, self.text(first))

    def of(self, node: ast.AST) -> Iterator[tuple[str, list[Piece]]]:
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                start, end = self.span(left)[1], self.span(right)[0]
                old = self.source[start:end]
                yield "comparison", [(start, end, f"{' ' * old.startswith(' ')}{COMPARISONS[type(op)]} ")]
            case ast.BoolOp(op=op, values=values):
                old, now = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
                for one, other in pairwise(values):
                    yield "operator", self.word(old, self.span(one)[1], self.span(other)[0], now)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield "drop not", self.put(node, self.text(operand))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
                start, end = self.span(left)[1], self.span(right)[0]
                yield "operator", [(start, end, self.source[start:end].translate(str.maketrans("+-", "-+")))]
            case ast.AugAssign(op=ast.Add() | ast.Sub(), target=target, value=value):
                start, end = self.span(target)[1], self.span(value)[0]
                yield "operator", [(start, end, self.source[start:end].translate(str.maketrans("+-", "-+")))]
                yield "drop statement", self.put(node, "pass")
            case ast.Await(value=value):
                yield "drop await", self.put(node, self.text(value))
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.Expr() | ast.Delete():
                yield "drop statement", self.put(node, "pass")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield "drop statement", self.put(node, "pass")
            case ast.Raise():
                yield "drop error branch", self.put(node, "pass")
            case ast.Return(value=None):
                yield "drop return", self.put(node, "pass")
            case ast.Return(value=value) if value:
                yield "drop return", self.put(node, self.text(value))
                yield "return nothing", self.put(node, "return None")
            case ast.If(test=test) | ast.IfExp(test=test):
                yield "condition", self.put(test, "True")
                yield "condition", self.put(test, "False")
            case ast.While(test=test):
                start, _ = self.span(node)
                if not any(isinstance(inner, ast.Break | ast.Continue) for inner in ast.walk(node)):
                    yield "while to if", [(start, start + len("while"), "if")]
                yield "condition", self.put(test, "False")
            case ast.With(items=items, body=body) if all(item.optional_vars is None for item in items):
                start, end = self.span(node)[0], self.span(items[-1].context_expr)[1]
                end = self.source.index(":", end)
                yield "drop lock", [(start, end, "if True")]
                for kept in items if len(items) > 1 else ():
                    yield "drop lock", [(start, end, f"with {self.text(kept.context_expr)}")]
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                for handler in handlers:
                    yield (
                        "drop error branch",
                        [(self.span(handler.body[0])[0], self.span(handler.body[-1])[1], "raise")],
                    )
                if finalbody:
                    last = (*body, *(inner for handler in handlers for inner in handler.body), *orelse)[-1]
                    pieces = self.word("finally", self.span(last)[1], self.span(finalbody[0])[0], "if True")
                    start, _ = self.span(node)
                    yield "drop finally", pieces if handlers else [(start, start + len("try"), "if True"), *pieces]
            case ast.Constant(value=bool() as value):
                yield "boolean", self.put(node, str(not value))
            case ast.Constant(value=int() | float() as value):
                yield "number", self.put(node, str(value + 1))
            case ast.keyword(arg=str() as name, value=value) if name.startswith("timeout") or name == "daemon":
                yield "drop time-out", self.put(value, "None")
            case ast.Call(func=ast.Attribute(attr=name, value=owner) as called, args=[*_, last]) if name in WAITS:
                yield "drop time-out", self.put(last, "None")
                yield from self.other_name(name, self.span(owner)[1], self.span(called)[1])
            case ast.Call(func=ast.Attribute(attr=name, value=owner) as called):
                yield from self.other_name(name, self.span(owner)[1], self.span(called)[1])
            case ast.Call(func=ast.Name(id=name) as called):
                yield from self.other_name(name, *self.span(called))

    def other_name(self, name: str, start: int, end: int) -> Iterator[tuple[str, list[Piece]]]:
        if name in METHODS:
            yield "method", self.word(name, start, end, METHODS[name])
