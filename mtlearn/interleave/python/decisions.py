"""Whether a program is stopped at a point, judged by what the frame holds when it is first met.

What cannot be told counts as shared: a stop too many costs time, one too few a verdict.
"""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Callable, Iterator
from dis import get_instructions
from functools import cache
from inspect import CO_COROUTINE, CO_GENERATOR
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from mtlearn.interleave.python.classes import Classes
from mtlearn.interleave.python.library import Own, Shared
from mtlearn.interleave.python.locations import (
    IMMUTABLE,
    MISSING,
    PLAIN,
    Scope,
    attribute,
    is_function_of_c,
    is_nowhere,
    subject_at,
    unpacked_at,
)
from mtlearn.interleave.python.steps import instruction
from mtlearn.interleave.python.yield_points import YieldPoint

Key = tuple[str, str]  # (shape, name): stopped at once a thread stores to such a name
Decided = bool | Key | ast.expr | None  # an expression gives a plain container: stopped at once that changes

# Calls that change nothing and read nothing but their arguments: no point where those are immutable.
_READERS = {
    "len", "sum", "min", "max", "sorted", "list", "tuple", "dict", "set", "frozenset", "any", "all", "iter",
    "next", "enumerate", "zip", "map", "filter", "reversed", "repr", "str", "bytes", "int", "float", "bool",
    "abs", "round", "hash", "format", "divmod", "pow", "ord", "chr",
}  # fmt: skip
_FREE = {
    "range", "isinstance", "issubclass", "type", "id", "super", "object", "print", "callable", "property",
    "staticmethod", "classmethod", "slice", "current_thread", "get_ident", "get_native_id",
    "__build_class__",
}  # fmt: skip
# Library modules whose functions stop at their own locks, and those of their methods that look without one.
_MODELLED = ("threading", "_thread", "queue", "concurrent.futures", "_queue")
_LOOKS_UNLOCKED = {"is_set", "n_waiting", "broken", "parties"}

# What these give nobody else has.
_FRESH_TESTS = ("COMPARE_OP", "CONTAINS_OP", "IS_OP", "UNARY_NOT", "CALL", "TO_BOOL")
_FRESH = (sorted, divmod, enumerate, zip, tuple, list)


# What C code calls while it is at work on other objects: they are compared, hashed, or made where a key is missing.
_WITHIN = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__missing__", "__del__"}
# Instructions other than calls from which C code calls functions of the program's.
_IMPLICIT = {
    "BINARY_SUBSCR", "BINARY_OP", "STORE_SUBSCR", "DELETE_SUBSCR", "COMPARE_OP", "CONTAINS_OP", "FOR_ITER",
    "UNPACK_SEQUENCE", "UNPACK_EX", "LIST_EXTEND", "SET_UPDATE", "DICT_UPDATE", "DICT_MERGE", "BUILD_SET", "BUILD_MAP",
}  # fmt: skip


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


@cache
def _opcodes(code: CodeType) -> dict[int, str]:
    return {each.offset: each.opname for each in get_instructions(code)}


def _opcode(code: CodeType, offset: int) -> str:
    return _opcodes(code).get(offset, "")


class Decisions:
    """Decides about points; remembers nothing but who ran which generator."""

    def __init__(
        self, stepped: Own, point_at: Callable[[CodeType, int], YieldPoint | None], *, stepwise: bool = False
    ) -> None:
        self.stepped = stepped
        self.point_at = point_at
        self.stepwise = stepwise
        self.stdout = sys.stdout
        self.classes = Classes(stepped)
        self.shared = Shared()
        self.calls: dict[tuple[int, int, int], bool] = {}  # caller, its instruction, who is called
        self.resumed: dict[int, int] = {}  # id of a generator's frame -> ident of the thread that ran it first

    def begin(self, shared: Shared) -> None:
        """Begin a run, in which more than one thread may reach what is shared."""
        self.resumed.clear()
        self.shared = shared

    def about(self, point: YieldPoint, frame: FrameType, thread: int) -> Decided:
        """Decide; None where it must be asked again, the next time."""
        if point.operation == "write" and point.shape in ("attribute", "global", "cell", "item"):
            return True
        if point.shape == "entry":
            # Where it is not now, the next caller may be another one.
            return True if self._enters_from_c(point, frame, thread) else None
        decide: Callable[[YieldPoint, Scope], Decided] = getattr(self, f"_decide_{point.shape}")
        return decide(point, Scope(frame))

    # The beginning of a function, and what comes after a yield

    def _enters_from_c(self, point: YieldPoint, frame: FrameType, thread: int) -> bool:
        """Say whether a function of C is at work on something when it calls this function, or two threads share it.

        A function called by an instruction of the program, or by one that does nothing else, begins no new step.
        """
        code = frame.f_code
        if code.co_flags & CO_COROUTINE:
            return False
        if code.co_flags & CO_GENERATOR:
            if point.begins or id(frame) not in self.resumed:
                self.resumed[id(frame)] = thread
                # Who takes all of it in one call of a function of C leaves none for others to resume.
                return self.shared.has_generator(frame, begins=True)
            return self.resumed[id(frame)] != thread
        caller = frame.f_back
        if caller is None or not self.stepped(caller.f_code, caller.f_globals):
            return False
        offset = instruction(caller)[1]
        call = (id(caller.f_code), offset, id(code))
        found = self.calls.get(call)
        if found is None:
            found = self.calls[call] = self._is_called_by_c(code, caller, offset)
        return found

    def _is_called_by_c(self, code: CodeType, caller: FrameType, offset: int) -> bool:
        name = _opcode(caller.f_code, offset)
        if not name.startswith("CALL") and name != "PRECALL":
            implicit = name in _IMPLICIT and (not _is_special(code.co_name) or code.co_name in _WITHIN)
            return implicit
        point = self.point_at(caller.f_code, offset)
        if point is None:
            return False
        node = point.node
        called = Scope(caller).value(node.func) if isinstance(node, ast.Call) else MISSING
        if called is MISSING:
            return bool(point.name) and code.co_name not in (point.name, "__init__", "__new__", "__call__")
        if not is_function_of_c(called) and not isinstance(called, type):
            return False
        return not _is_special(code.co_name) or code.co_name in _WITHIN

    # What an instruction touches

    def _decide_global(self, point: YieldPoint, _scope: Scope) -> Key:
        return ("global", point.name)

    def _decide_cell(self, point: YieldPoint, _scope: Scope) -> Key:
        return ("cell", point.name)

    def _decide_attribute(self, point: YieldPoint, scope: Scope) -> bool | Key:
        node = point.node
        owner = scope.value(node.value) if isinstance(node, ast.Attribute) else MISSING
        return self._decide_named(point.name, owner, method=point.method)

    def _decide_named(self, name: str, owner: Any, *, method: bool) -> bool | Key:
        """Decide about an attribute of an object."""
        until_stored = ("attribute", name)
        if owner is MISSING:
            return until_stored if method else True
        if isinstance(owner, ModuleType):
            return ("global", name)  # one location, two ways to it
        if not isinstance(owner, type) and name in self.classes.stored_by_the_library(type(owner)):
            return True
        if isinstance(owner, type | FunctionType | MethodType) or self.classes.is_own(type(owner)):
            found = attribute(owner, name)
            if found is not MISSING or isinstance(owner, type):
                return until_stored
            return until_stored if method or self.classes.is_own(type(owner)) else True
        found = attribute(owner, name)
        if isinstance(found, MethodType) or is_function_of_c(found):
            return until_stored
        return not isinstance(owner, IMMUTABLE)

    def _decide_item(self, point: YieldPoint, scope: Scope) -> bool | ast.expr:
        node = point.node
        if not isinstance(node, ast.Subscript):
            return True
        owner = scope.value(node.value)
        if type(owner) in PLAIN and self._stays(point.code, node):
            return node.value
        return owner is MISSING or not isinstance(owner, (*IMMUTABLE, type))

    def _stays(self, code: CodeType, node: ast.Subscript) -> bool:
        """Say whether the container cannot become another one while its index is being worked out."""
        local = code.co_varnames
        if isinstance(node.value, ast.Name) and node.value.id in local:
            return not any(isinstance(part, ast.NamedExpr) for part in ast.walk(node.slice))
        return all(
            isinstance(part, ast.Constant | ast.expr_context | ast.operator | ast.unaryop | ast.BinOp | ast.UnaryOp)
            or (isinstance(part, ast.Name) and part.id in local)
            for part in ast.walk(node.slice)
        )

    def _decide_unpacked(self, point: YieldPoint, scope: Scope) -> bool | ast.expr:
        """Decide about `a, b = source` and `for a, b in source`."""
        source, each = unpacked_at(point.code, point.offset)
        if isinstance(source, ast.Tuple | ast.List) and not each:
            return False
        if isinstance(source, ast.Call):
            called = scope.value(source.func)
            fresh = called in _FRESH if isinstance(called, type | BuiltinFunctionType) else False
            return not (fresh or (isinstance(source.func, ast.Attribute) and source.func.attr in ("items", "popitem")))
        held = scope.value(source)
        if each:
            return not (type(held) in PLAIN and all(isinstance(part, IMMUTABLE) for part in held))
        return self._read_whole(source, held)

    def _decide_spread(self, point: YieldPoint, scope: Scope) -> bool | ast.expr:
        """Decide about `[*source]`, `{**source}` and their kind: the last that may be mutable tells."""
        decided: bool | ast.expr = False
        for source in _spread(point.node):
            this = self._read_whole(source, scope.value(source))
            decided = True if this and decided else this or decided
        return decided

    def _read_whole(self, source: ast.expr | None, held: Any) -> bool | ast.expr:
        if isinstance(held, IMMUTABLE):
            return False
        return source if source is not None and type(held) in PLAIN else True

    def _decide_right(self, point: YieldPoint, scope: Scope) -> bool:
        node = point.node
        return not self._all_immutable(scope, node.comparators[-1:] if isinstance(node, ast.Compare) else None)

    def _decide_operands(self, point: YieldPoint, scope: Scope) -> bool | None:
        node = point.node
        if isinstance(node, ast.Compare):
            return not self._all_immutable(scope, [node.left, *node.comparators])
        if isinstance(node, ast.BinOp):
            return not self._all_immutable(scope, [node.left, node.right])
        if isinstance(node, ast.AugAssign):
            return not self._all_immutable(scope, [node.target])
        return node is None

    def _decide_subject(self, point: YieldPoint, scope: Scope) -> bool:
        subject = subject_at(point.code, point.offset)
        if subject is None:
            return True
        value = scope.value(subject)
        if value is MISSING:
            return not isinstance(subject, ast.Call | ast.Tuple | ast.List)
        return not isinstance(value, IMMUTABLE)

    def _decide_formatted(self, point: YieldPoint, scope: Scope) -> bool:
        node = point.node
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Set) and len(node.elts) == 1:  # "{" expression "}"
            parts = node.elts
        else:
            return node is None
        return any(self._is_told_at_once(part, scope) for part in parts)

    def _is_told_at_once(self, node: ast.expr, scope: Scope) -> bool:
        """Say whether C makes a string of something that may change meanwhile."""
        value = scope.value(node)
        if value is not MISSING:
            return not isinstance(value, (*IMMUTABLE, type)) and not self.classes.is_own(type(value))
        if isinstance(node, ast.Attribute):
            owner = scope.value(node.value)
            return not any(isinstance(vars(cls).get(node.attr), property) for cls in type(owner).__mro__)
        return isinstance(node, ast.Name | ast.Subscript)

    def _decide_iterator(self, point: YieldPoint, scope: Scope) -> bool:
        node = point.node
        if isinstance(node, ast.For):
            node = node.iter
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            node = node.generators[0].iter
        return not self._all_immutable(scope, [node] if isinstance(node, ast.expr) else None)

    def _decide_test(self, point: YieldPoint, scope: Scope) -> bool | None:
        node = point.node
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            node = node.test
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node = node.operand
        if node is None:
            return point.after not in _FRESH_TESTS
        if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return False  # a comparison or a call gives a fresh value
        value = scope.value(node)
        return None if value is None else value is not MISSING and not isinstance(value, IMMUTABLE)

    def _decide_loop(self, _point: YieldPoint, _scope: Scope) -> bool:
        return True

    def _decide_call(self, point: YieldPoint, scope: Scope) -> bool | Key:
        node = point.node
        if node is None:
            return True
        if not isinstance(node, ast.Call):
            return False  # the end of a with block, a comprehension: what they run has its own points
        if isinstance(node.func, ast.Attribute):
            point.name = node.func.attr
        if any(not self._immutable(scope, source) for source in _spread(node)):
            return True
        called = scope.value(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if called is MISSING:
            return True
        if isinstance(called, MethodType):
            called = called.__func__
        if isinstance(called, FunctionType):
            return self._decide_function(point, called)
        if isinstance(called, type):
            if issubclass(called, BaseException) or self.classes.is_own(called):
                return False
            if called.__module__.startswith((*_MODELLED, "mtlearn.")):
                return False
        name = getattr(called, "__name__", "")
        if getattr(called, "__module__", None) in ("builtins", "threading", "_thread"):
            if name in _FREE:
                return name == "print" and self._is_kept(node)
            if name == "hasattr" and len(arguments) == 2 and isinstance(looked := scope.value(arguments[1]), str):
                point.operation = "read"
                return self._decide_named(looked, scope.value(arguments[0]), method=False)
            if name in _READERS:
                return not self._all_immutable(scope, arguments)
        if isinstance(node.func, ast.Attribute):
            owner = scope.value(node.func.value)
            if owner is not MISSING and isinstance(owner, IMMUTABLE):
                return not self._all_immutable(scope, arguments)
        return True

    def _is_kept(self, printed: ast.Call) -> bool:
        """Say whether the program itself may look at what it prints."""
        return sys.stdout is not self.stdout or any(keyword.arg == "file" for keyword in printed.keywords)

    def _decide_function(self, point: YieldPoint, function: FunctionType) -> bool:
        module = function.__module__ or ""
        if self.stepped(function.__code__, function.__globals__) or is_nowhere(function.__code__.co_filename):
            return False
        if module.startswith("mtlearn.interleave") or function is asyncio.sleep:
            return module.endswith(".outside")  # others can see what it does there
        if module.startswith(_MODELLED):
            point.shown = True
            return self.stepwise or point.name in _LOOKS_UNLOCKED
        return module not in ("contextlib", "functools", "abc", "enum")

    def _all_immutable(self, scope: Scope, nodes: list[ast.expr] | None) -> bool:
        """Say whether the expressions surely give immutable values."""
        return nodes is not None and all(self._immutable(scope, node) for node in nodes)

    def _immutable(self, scope: Scope, node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp):
            return self._all_immutable(scope, [node.left, node.right])
        if isinstance(node, ast.BoolOp):
            return self._all_immutable(scope, node.values)
        if isinstance(node, ast.UnaryOp):
            return self._immutable(scope, node.operand)
        if isinstance(node, ast.Compare | ast.JoinedStr):
            return True
        if isinstance(node, ast.Call):
            called = scope.value(node.func)
            return called in (len, int, str, float, bool, range, sum, repr, abs, id) if called is not MISSING else False
        value = scope.value(node)
        if isinstance(value, tuple):
            return True
        return value is not MISSING and isinstance(value, IMMUTABLE)


def _spread(node: ast.AST | None) -> Iterator[ast.expr]:
    """Give what is unpacked by * and ** within a display or a call."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        yield from (part.value for part in node.elts if isinstance(part, ast.Starred))
    elif isinstance(node, ast.Dict):
        yield from (value for key, value in zip(node.keys, node.values, strict=True) if key is None)
    elif isinstance(node, ast.Call):
        yield from (part.value for part in node.args if isinstance(part, ast.Starred))
        yield from (keyword.value for keyword in node.keywords if keyword.arg is None)
