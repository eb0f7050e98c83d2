"""Which points a program is stopped at.

Being stopped at fewer means that more programs can be proven. Each point is decided when it is first met, from
what the frame holds then: a subscript of a tuple, a call of one of the learner's own functions, an attribute that
no thread ever stores to, are not stopped at. When a thread does store to such a name later, or changes a container
that was read, the points that were passed are armed and the run says that it has grown.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterable, Iterator
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from mtlearn.interleave.python.places import IMMUTABLE, MISSING, PLAIN, Scope, attribute, is_function_of_c, unpacked_at
from mtlearn.interleave.python.points import Point, find

# Calls that change nothing and read nothing but their arguments: no point where those are immutable.
_READERS = {
    "len", "sum", "min", "max", "sorted", "list", "tuple", "dict", "set", "frozenset", "any", "all", "iter",
    "next", "enumerate", "zip", "map", "filter", "reversed", "repr", "str", "bytes", "int", "float", "bool",
    "abs", "round", "hash", "format", "divmod", "pow", "ord", "chr",
}  # fmt: skip
_FREE = {
    "range", "isinstance", "issubclass", "type", "id", "super", "object", "print", "callable", "property",
    "staticmethod", "classmethod", "hasattr", "slice", "current_thread", "get_ident", "get_native_id",
    "__build_class__",
}  # fmt: skip
_UNSEEN = {"setattr", "delattr", "vars", "globals", "locals", "exec", "eval", "__dict__", "__setattr__"}
# Library modules whose functions stop at their own locks, and those of their methods that look without one.
_MODELLED = ("threading", "queue", "concurrent.futures", "_queue")
_LOOKS_UNLOCKED = {"is_set", "n_waiting", "broken", "parties"}


# What these give nobody else has.
_FRESH = (sorted, divmod, enumerate, zip, tuple, list)
_CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "<module>"}


class Watch:
    """Which points a program is stopped at. It lives as long as its executor and only ever grows."""

    def __init__(self, stepped: Callable[[str], bool], *, stepwise: bool = False) -> None:
        self.stepped = stepped
        self.stepwise = stepwise
        self.tables: dict[int, dict[int, Point]] = {}
        self.codes: list[CodeType] = []  # so that no id is used again
        self.stored: set[tuple[str, str]] = set()  # (shape, name) that a thread stores to
        self.dormant: dict[tuple[str, str], list[Point]] = {}
        self.quiet: list[Point] = []  # those with a holder
        self.blind = False  # the program stores to names in ways that are not seen
        self.tries = False  # a lock is tried or timed somewhere: then releasing it is a point as well

    def table(self, code: CodeType) -> dict[int, Point]:
        """Give the points of a code object, looking for them when it is met first."""
        found = self.tables.get(id(code))
        if found is None:
            found = self.tables[id(code)] = find(code)
            self.codes.append(code)
        return found

    def expect_stores(self, code: CodeType) -> None:
        """Take the stores in this code, and in the functions within it, as made by threads.

        Not those of constructors: their objects are not shared yet, and if they are, the store itself tells.
        """
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.expect_stores(constant)
        if code.co_name in _CONSTRUCTORS:
            return
        for point in find(code).values():
            if point.operation == "write" and point.shape in ("attribute", "global", "cell"):
                self.stored.add((point.shape, point.name))

    def arm_all(self) -> bool:
        """Stop at every place from now on, even at those that nobody stores to; True if there are any."""
        self.blind = True
        found = self._arm([*self.quiet, *(p for points in self.dormant.values() for p in points)])
        self.dormant.clear()
        self.quiet.clear()
        return found

    @property
    def learnt(self) -> tuple[str, ...]:
        """Give what `learn` takes: with it another watch is stopped at the same points."""
        flags = [name for name in ("blind", "tries") if getattr(self, name)]
        return (*flags, *sorted(f"{shape} {name}" for shape, name in self.stored))

    def learn(self, learnt: tuple[str, ...]) -> None:
        """Take over what another watch had learnt."""
        for entry in learnt:
            if entry in ("blind", "tries"):
                setattr(self, entry, True)
            else:
                shape, _, name = entry.partition(" ")
                self.stored.add((shape, name))

    def note_store(self, point: Point) -> bool:
        """Remember that a thread stores to this name; True if points that were passed are armed by it."""
        key = (point.shape, point.name)
        if key in self.stored:
            return False
        self.stored.add(key)
        return self._arm(self.dormant.pop(key, []))

    def decide(self, point: Point, frame: FrameType) -> bool:
        """Decide whether threads are stopped at this point; left open where None was met.

        True if that arms points which were passed before.
        """
        grown = False
        if not self.blind and not _UNSEEN.isdisjoint(point.code.co_names):
            # Names may be stored to without a store instruction: watch them all.
            grown = self.arm_all()
        if point.operation == "write" and point.shape in ("attribute", "global", "cell", "item"):
            decided: bool | str | ast.expr | None = True
        else:
            decided = getattr(self, f"_decide_{point.shape}")(point, Scope(frame))
        if decided == "until stored":
            key = (point.shape, point.name)
            decided = key in self.stored or (self.blind and not point.method)
            if not decided:
                self.dormant.setdefault(key, []).append(point)
        if isinstance(decided, ast.expr):
            if self.blind or point.key in self.stored:
                decided = True
            else:
                point.holder = decided
                self.quiet.append(point)
                return grown
        point.armed = None if decided is None else bool(decided)
        grown = grown or (point.passed and bool(decided))
        point.passed = decided is None
        return grown

    def _arm(self, points: list[Point]) -> bool:
        for point in points:
            point.armed, point.holder = True, None
        return bool(points)

    def note_changes(self, points: Iterable[Point]) -> None:
        """Remember that what these points read does change while threads run, and stop at them from now on."""
        self.stored.update(point.key for point in points)
        self._arm(list(points))

    def _decide_global(self, point: Point, _scope: Scope) -> bool | str:
        return "until stored"

    def _decide_cell(self, _point: Point, _scope: Scope) -> bool | str:
        return "until stored"

    def _decide_attribute(self, point: Point, scope: Scope) -> bool | str:
        node = point.node
        owner = scope.value(node.value) if isinstance(node, ast.Attribute) else MISSING
        if owner is MISSING:
            return "until stored" if point.method else True
        if isinstance(owner, ModuleType | type | FunctionType | MethodType) or self._is_own(type(owner)):
            found = attribute(owner, point.name)
            if found is not MISSING or isinstance(owner, ModuleType | type):
                return "until stored"
            return "until stored" if point.method or self._is_own(type(owner)) else True
        found = attribute(owner, point.name)
        if isinstance(found, MethodType) or is_function_of_c(found):
            return "until stored"
        return not isinstance(owner, IMMUTABLE)

    def _is_own(self, cls: type) -> bool:
        """Say whether a class is written in stepped Python, so that only seen stores change its objects."""
        if cls is types.SimpleNamespace:
            return True
        functions = [f for f in vars(cls).values() if isinstance(f, FunctionType)]
        stepped = any(self.stepped(f.__code__.co_filename) for f in functions)
        return stepped or "__dataclass_fields__" in vars(cls)

    def _decide_item(self, point: Point, scope: Scope) -> bool | ast.expr:
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

    def _decide_unpacked(self, point: Point, scope: Scope) -> bool | ast.expr:
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

    def _decide_spread(self, point: Point, scope: Scope) -> bool | ast.expr:
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

    def _decide_right(self, point: Point, scope: Scope) -> bool:
        node = point.node
        return not self._all_immutable(scope, node.comparators[-1:] if isinstance(node, ast.Compare) else None)

    def _decide_operands(self, point: Point, scope: Scope) -> bool | None:
        node = point.node
        if isinstance(node, ast.Compare):
            return not self._all_immutable(scope, [node.left, *node.comparators])
        if isinstance(node, ast.BinOp):
            return not self._all_immutable(scope, [node.left, node.right])
        if isinstance(node, ast.AugAssign):
            return not self._all_immutable(scope, [node.target])
        return False

    def _decide_iterator(self, point: Point, scope: Scope) -> bool:
        node = point.node
        if isinstance(node, ast.For):
            node = node.iter
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            node = node.generators[0].iter
        return not self._all_immutable(scope, [node] if isinstance(node, ast.expr) else None)

    def _decide_test(self, point: Point, scope: Scope) -> bool | None:
        node = point.node
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            node = node.test
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node = node.operand
        if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return False  # a comparison or a call gives a fresh value
        value = scope.value(node)
        return None if value is None else value is not MISSING and not isinstance(value, IMMUTABLE)

    def _decide_loop(self, _point: Point, _scope: Scope) -> bool:
        return True

    def _decide_call(self, point: Point, scope: Scope) -> bool:
        node = point.node
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
            if issubclass(called, BaseException) or self._is_own(called):
                return False
            if called.__module__.startswith((*_MODELLED, "mtlearn.")):
                return False
        name = getattr(called, "__name__", "")
        if getattr(called, "__module__", None) in ("builtins", "threading", "_thread"):
            if name in _FREE:
                return False
            if name in _READERS:
                return not self._all_immutable(scope, arguments)
        if isinstance(node.func, ast.Attribute):
            owner = scope.value(node.func.value)
            if owner is not MISSING and isinstance(owner, IMMUTABLE):
                return not self._all_immutable(scope, arguments)
        return True

    def _decide_function(self, point: Point, function: FunctionType) -> bool:
        module = function.__module__ or ""
        if self.stepped(function.__code__.co_filename) or function.__code__.co_filename.startswith("<"):
            return False
        if module.startswith("mtlearn.interleave"):
            return False
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
