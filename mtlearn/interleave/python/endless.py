"""Whether threads that write shared memory, round after round, will ever come to an end.

Asked once in a long run, of all threads that can go on. That they will not is said where one of two things is sure:
what they did last repeats itself with all its values, or nothing that could end their loops has changed for long, and
none of them changes it. A loop of which neither can be told may be a long one.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, MemberDescriptorType, NoneType
from typing import Any

from mtlearn.interleave.python.locations import Scope, tree_of, variables
from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.python.yield_points import YieldPoint

ASKED_AT = 20_000  # points of a run
TAIL = 2_000  # points before that, in which steps may repeat themselves
DIFFERENT = 64  # steps that differ, at most, where they do

Own = Callable[[CodeType, dict[str, Any]], bool]


class Endless:
    """What is known of the steps of one run."""

    def __init__(self, stepped: Own) -> None:
        self.stepped = stepped
        self.written: dict[str, int] = {}  # name of an attribute, global or cell -> when it was last written
        self.last: set[Any] | None = None  # the steps of the tail

    def note(self, me: Worker, point: YieldPoint, frame: FrameType, points: int) -> None:
        """Note a step, the number of which is `points`."""
        if point.operation == "write" and point.name:
            self.written[point.name] = points
        if points >= ASKED_AT - TAIL:
            if self.last is None:
                self.last = set()
            if len(self.last) <= DIFFERENT:
                self.last.add((me.index, id(point), _values(point, frame)))

    def is_so(self, threads: list[Worker], points: int) -> bool:
        """Say whether these threads, all that can go on, will not come to an end."""
        frames = sys._current_frames()
        loops = [list(self._loops(frames.get(thread.ident))) for thread in threads]
        if not all(loops):
            return False
        repeats = self.last is not None and len(self.last) <= DIFFERENT and None not in {step[2] for step in self.last}
        if repeats and all(isinstance(loop, ast.While) for each in loops for loop, _ in each):
            return True
        return all(any(self._stays(loop, frame, points) for loop, frame in each) for each in loops)

    def _loops(self, frame: FrameType | None) -> Iterator[tuple[ast.While | ast.For, FrameType]]:
        while frame is not None:
            code = frame.f_code
            if self.stepped(code, frame.f_globals):
                for node in ast.walk(tree_of(code.co_filename)):
                    if not isinstance(node, ast.While | ast.For) or node.lineno < code.co_firstlineno:
                        continue
                    if node.lineno <= frame.f_lineno <= (node.end_lineno or 0):
                        yield node, frame
            frame = frame.f_back

    def _stays(self, loop: ast.While | ast.For, frame: FrameType, points: int) -> bool:
        """Say whether nothing that could end this loop changes in it, or was changed for long."""
        if not isinstance(loop, ast.While) or loop.orelse:
            return False
        test = list(ast.walk(loop.test))
        nodes = [*test, *(node for statement in loop.body for node in ast.walk(statement))]
        if not all(isinstance(node, _SIMPLE) for node in nodes) or not _is_plain(nodes, Scope(frame)):
            return False
        asked = {_name(node) for node in test if isinstance(node, ast.Name | ast.Attribute)}
        stored = {_name(node) for node in nodes if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load)}
        return stored.isdisjoint(asked) and all(self.written.get(name, 0) < points // 2 for name in asked)


# What only reads, computes and stores: it calls nothing, and cannot leave the loop.
_SIMPLE = (
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Pass, ast.If, ast.With, ast.withitem, ast.While, ast.Name,
    ast.Attribute, ast.Constant, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.expr_context, ast.operator,
    ast.boolop, ast.unaryop, ast.cmpop,
)  # fmt: skip

_LOCKS = "mtlearn.interleave.python.primitives"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_plain(nodes: list[ast.AST], scope: Scope) -> bool:
    """Say whether what these name are plain values, attributes of plain objects, and locks: and run nothing."""
    owners = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    held = {id(node.context_expr) for node in nodes if isinstance(node, ast.withitem)}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            kind = type(scope.value(node.value))
            found = inspect.getattr_static(kind, node.attr, None)
            usual = all(getattr(kind, name) is getattr(object, name) for name in ("__setattr__", "__getattribute__"))
            if not usual or (hasattr(found, "__get__") and not isinstance(found, MemberDescriptorType)):
                return False
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in owners:
            kind = type(scope.value(node))
            if not _is_lock(kind) if id(node) in held else kind not in (bool, int, float, str, NoneType):
                return False
    return True


def _is_lock(kind: type) -> bool:
    """Say whether this is the type of the models' locks, whose own name is that of the real one."""
    return getattr(inspect.getattr_static(kind, "release", None), "__module__", None) == _LOCKS


def _values(point: YieldPoint, frame: FrameType) -> tuple[Any, ...] | None:
    """Give what a step has to do with, where that can be told; None where it may be something hidden."""
    if point.shape in ("call", "iterator", "entry") or point.node is None:
        return None
    node = point.node.target if isinstance(point.node, ast.AugAssign) else point.node
    values = (*variables(frame).values(), Scope(frame).value(node))
    return tuple(value if isinstance(value, int | str | float | bytes | None) else id(value) for value in values)
