"""What each step of a run touches: the locations it reads and writes, the locks it takes and frees.

A step goes from one point of a thread to its next. It touches what stands at its first point, and what the models of
locks and threads say until it ends; all else was found, by not being a point, to be nobody else's.

Locations are named alike in every run: objects by the order in which they are met from what set-up gives, locks by who
made them. What cannot be told touches everything, (). Where a run does what has no steps of this kind (time that
passes, the turns of an event loop, threads that spin), nothing at all is told of it.
"""

from __future__ import annotations

import ast
import dis
import inspect
from functools import cache
from types import CodeType, FrameType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from mtlearn.interleave.executor import How, Location, Move, Touch
from mtlearn.interleave.python.locations import IMMUTABLE, MISSING, PLAIN, Scope, attribute, holds_walrus
from mtlearn.interleave.python.objects import Objects
from mtlearn.interleave.python.yield_points import YieldPoint

if TYPE_CHECKING:
    from mtlearn.interleave.python.program import Program
    from mtlearn.interleave.python.watch import Watch

FEW = 64  # items of a container that are looked at

ANYTHING = (Touch((), "writes"),)

_LOOKS = {"get", "copy", "__len__", "__contains__", "isdisjoint"}
_COMPARES = {"count", "index", "remove"}
_CHANGES = {
    "append", "appendleft", "pop", "popleft", "insert", "clear", "add", "discard", "setdefault", "popitem",
    "reverse", "rotate",
}  # fmt: skip
_READERS = {"len", "sum", "min", "max", "sorted", "list", "tuple", "set", "frozenset", "any", "all"}


class Store(NamedTuple):
    """A store into a dict: if there is no such key when it is made, it changes the whole."""

    whole: Location
    held: dict[Any, Any]
    key: str | int


Coming = tuple[Touch | Store, ...]


class Footprints:
    """The steps of one run, and what they touch."""

    def __init__(self, watch: Watch, told: bool) -> None:
        self.watch = watch
        self.told = told
        self.moves: list[tuple[int, list[Touch], bool, bool]] = []
        self.touches: list[Touch] = []  # of the step that goes on
        self.objects = Objects(watch.decisions.classes.is_own)
        self.made: dict[int, int] = {}  # locks and queues by each thread
        self.starter: int | None = None
        self.born: set[int] = set()  # threads that others started, and that have not begun
        self.begun = False  # the threads run: not yet in set-up, no more while somebody looks

    # What is told

    def not_told(self) -> None:
        """Say that this run has steps of which nothing can be told."""
        self.told = False

    def begins(self, thread: int, *, decided: bool, preempts: bool) -> None:
        """Begin a step."""
        self.touches = []
        if thread in self.born:
            self.born.discard(thread)
            self.touches.append(Touch(("born", thread), "awaits"))
        self.moves.append((thread, self.touches, decided, preempts))

    def touch(self, location: Location, how: How) -> None:
        """Note what the step that goes on touches."""
        if self.begun:
            self.touches.append(Touch(location, how))

    def at(self, point: YieldPoint, frame: FrameType) -> Coming:
        """Tell what the instruction at a point touches, which a thread will execute when it goes on.

        To be asked for as the thread comes to it: then what it has just loaded is still where it was.
        """
        return self._touched(point, frame) if self.told and self.begun else ()

    def passes(self, coming: Coming) -> None:
        """Note what the step that goes on touches, as told when the thread came to its point."""
        for touch in coming:
            if isinstance(touch, Store):
                inserts = touch.key not in touch.held
                touch = Touch(touch.whole if inserts else _part(touch.whole, touch.key), "writes")
            self.touches.append(touch)

    def reads(self, container: Any) -> None:
        """Note that a plain container was read, without a stop: if another thread changes it, there will be one."""
        if self.begun:
            self.touches.append(Touch(self._location(container), "reads"))

    @property
    def whole(self) -> tuple[Move, ...] | None:
        """Give the steps."""
        if not self.told or not self.watch.tells:
            return None
        return tuple([Move(thread, tuple(t), decided, preempts) for thread, t, decided, preempts in self.moves])

    # Names

    def name(self, state: Any, program: Program, *, early: bool) -> None:
        """Name what the threads share. Where set-up has started some (`early`), or it is too much, nothing is told."""
        if not self.told:
            return
        names = [value for module in program.modules for value in list(vars(module).values())]
        known = all(isinstance(inspect.unwrap(each), FunctionType | MethodType) for each in program.targets)
        self.told = known and not early and self.objects.name([state, *program.targets, *names])

    def number(self, maker: int) -> tuple[int, int]:
        """Number what a thread makes."""
        count = self.made[maker] = self.made.get(maker, 0) + 1
        return maker, count

    def numbered(self) -> None:
        """Note that an object has got its number, the next one."""
        self.touch(("numbers",), "writes")

    def starts(self, starter: int, thread: int, target: Any) -> None:
        """Note that a thread starts another. What it does is not seen where its target is a function of C."""
        if self.starter not in (None, starter):
            self.told = False  # who comes first gets the first number
        self.told &= target is None or isinstance(target, FunctionType | MethodType)
        self.starter = starter
        self.born.add(thread)
        self.touch(("born", thread), "frees")

    # What an instruction touches

    def _touched(self, point: YieldPoint, frame: FrameType) -> Coming:
        if point.library or self.watch.blind:
            return ANYTHING
        how: How = "writes" if point.operation == "write" else "reads"
        if point.shape in ("global", "cell"):
            return (Touch((point.shape, point.name), how),)
        if point.shape == "operands":
            return () if self.watch.decisions.about(point, frame, 0) is False else ANYTHING
        look = getattr(self, f"_touched_by_{point.shape}", None)
        node = point.node.target if isinstance(point.node, ast.AugAssign) and point.shape != "operands" else point.node
        if look is None or node is None:
            return ANYTHING
        found: Coming | None = look(point, node, Scope(frame), how)
        return ANYTHING if found is None else found

    def _touched_by_attribute(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if not isinstance(node, ast.Attribute) or not self._is_sure(point, node.value, late=point.after == "SWAP"):
            return None
        owner, name = scope.value(node.value), point.name
        if isinstance(owner, ModuleType):
            return (Touch(("global", name), how),)
        if isinstance(owner, type):
            return (Touch(("attribute", name), how),)
        cls = type(owner)
        classes = self.watch.decisions.classes
        if owner is MISSING or not classes.is_own(cls) or name in classes.stored_by_the_library(cls):
            return None
        number = self.objects.names.get(id(owner))
        of_class = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), MISSING)
        if isinstance(of_class, property | FunctionType):
            return (Touch(("attribute", name), how),)
        if of_class is not MISSING and not isinstance(of_class, MemberDescriptorType) and hasattr(of_class, "__get__"):
            return None
        if how == "writes":
            own = all(
                vars(base).get(name) is None for base in cls.__mro__[:-1] for name in ("__setattr__", "__delattr__")
            )
        else:
            # What the object does not have itself comes from its class, or from what stands in for it.
            own = attribute(owner, name) is not MISSING and (
                isinstance(of_class, MemberDescriptorType) or name in getattr(owner, "__dict__", ())
            )
        return (Touch(("attribute", name, number) if own and number is not None else ("attribute", name), how),)

    def _touched_by_item(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if not isinstance(node, ast.Subscript):
            return None
        simple = _is_simple(point.code, node.slice)
        if not self._is_sure(point, node.value, late=not simple or point.after == "SWAP"):
            return None
        location, held = self._container(scope.value(node.value))
        if location is None:
            return None
        key = scope.value(node.slice) if self._is_sure(point, node.slice, late=point.after == "SWAP") else MISSING
        if type(held) is list and type(key) is int and key >= 0 and not point.opcode.startswith("DELETE"):
            return (Touch(_part(location, key), how),)
        if type(held) is dict and type(key) in (str, int) and not point.opcode.startswith("DELETE"):
            if how == "writes":
                return (Store(location, held, key),)
            return (Touch(_part(location, key), how),)
        return (Touch(location, how),)

    def _touched_by_right(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if not isinstance(node, ast.Compare) or len(node.comparators) != 1:
            return None
        location, held = self._read_whole(point, node.comparators[0], scope, late=False)
        key = scope.value(node.left)
        if location is None or not isinstance(key, IMMUTABLE) or type(key) is tuple:
            return None
        if type(held) is dict and type(key) in (str, int) and _is_simple(point.code, node.left):
            return (Touch(_part(location, key), "reads"),)
        return (Touch(location, how),) if type(held) is not list or _is_plain(held) else None

    def _touched_by_test(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            node = node.test
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node = node.operand
        if not isinstance(node, ast.expr) or not self._is_sure(point, node, late=False):
            return None
        value = scope.value(node)
        if value is not MISSING and isinstance(value, IMMUTABLE):
            return ()
        location, _ = self._container(value)
        return (Touch(location, how),) if location is not None else None

    def _touched_by_iterator(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if (iterator := scope.locals.get(".0")) is not None:  # of a comprehension that is a function of its own
            if type(iterator) is not type(iter([])):
                return () if type(iterator) in (type(iter(())), type(iter(range(0)))) else None
            return (Touch(self._location(iterator.__reduce__()[1][0]), how),)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
            node = node.generators[0].iter if len(node.generators) == 1 else node
        if isinstance(node, ast.For):
            node = node.iter
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        if isinstance(node, ast.Name) and node.id in point.code.co_varnames and node.id not in _never_set(point.code):
            return None
        location, _ = self._read_whole(point, node, scope, late=True)
        return (Touch(location, how),) if location is not None else None

    def _touched_by_call(self, point: YieldPoint, node: ast.AST, scope: Scope, _how: How) -> Coming | None:
        if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
            return None
        function = scope.value(node.func)
        own = isinstance(function, FunctionType) and self.watch.stepped(function.__code__, function.__globals__)
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return self._touched_by_spread(point, node, scope, "reads") if own else None
        if node.keywords:
            return None
        late = not all(_is_simple(point.code, argument) for argument in node.args)
        if isinstance(function, FunctionType) and (function.__module__ or "").startswith("mtlearn.grading."):
            return ()  # it only calls what it is given
        if isinstance(node.func, ast.Name):
            named = getattr(function, "__name__", "")
            known = getattr(function, "__module__", None) == "builtins" and named in _READERS
            if not known or len(node.args) != 1:
                return None
            location, held = self._read_whole(point, node.args[0], scope, late=False)
            looks = location is not None and (function is len or _is_plain(held))
            return (Touch(location, "reads"),) if looks and location is not None else None
        if not isinstance(node.func, ast.Attribute) or not self._is_sure(point, node.func.value, late=late):
            return None
        owner, name = scope.value(node.func.value), node.func.attr
        lock = getattr(getattr(getattr(owner, "_cond", None), "_lock", None), "location", None)
        if name == "is_set" and type(owner).__module__ == "threading" and type(owner).__name__ == "Event" and lock:
            return (Touch(lock, "reads"),)  # it looks without the lock under which it is set
        location, held = self._container(owner)
        if location is None:
            return None
        first = scope.value(node.args[0]) if node.args else MISSING
        hashes = type(held) in (dict, set)
        if hashes and node.args and not isinstance(first, int | str | float | bytes | type(None)):
            return None
        if name in _LOOKS and (name != "get" or type(held) is dict):
            if name == "get" and isinstance(first, str | int) and type(first) is not bool:
                return (Touch(_part(location, first), "reads"),)
            return (Touch(location, "reads"),)
        if name in _COMPARES and (not hashes or name != "remove"):
            if not _is_plain(held) or not isinstance(first, int | str | float | bytes | type(None)):
                return None
            return (Touch(location, "writes" if name == "remove" else "reads"),)
        if name in _CHANGES or (hashes and name == "remove"):
            return (Touch(location, "writes"),)
        return None

    def _touched_by_spread(self, point: YieldPoint, node: ast.AST, scope: Scope, how: How) -> Coming | None:
        if not isinstance(node, ast.Call | ast.List | ast.Tuple | ast.Set):
            return None
        touches = []
        for part in node.args if isinstance(node, ast.Call) else node.elts:
            if isinstance(part, ast.Starred) and not isinstance(scope.value(part.value), tuple):
                location, _ = self._read_whole(point, part.value, scope, late=True)
                if location is None or not _is_simple(point.code, part.value):
                    return None
                touches.append(Touch(location, how))
        return tuple(touches)

    # What is known of an expression

    def _location(self, container: Any) -> Location:
        """Give the location of a plain container: one that a thread has made may be any of them."""
        if id(container) in self.objects.foreign:
            return ()
        number = self.objects.names.get(id(container))
        return ("item",) if number is None else ("item", number)

    def _container(self, value: Any) -> tuple[Location | None, Any]:
        """Give the location of a plain container, None where it is none that is the program's own, and itself."""
        known = type(value) in PLAIN and id(value) not in self.objects.foreign
        return (self._location(value) if known else None), value

    def _read_whole(
        self, point: YieldPoint, node: ast.expr, scope: Scope, *, late: bool
    ) -> tuple[Location | None, Any]:
        if not self._is_sure(point, node, late=late):
            return None, None
        return self._container(scope.value(node))

    def _is_sure(self, point: YieldPoint, node: ast.expr, *, late: bool) -> bool:
        """Say whether an expression gives now what the thread has loaded: just now, or (late) some steps ago."""
        if holds_walrus(point.code.co_filename):
            return False
        if late:
            return self._stays(point.code, node)
        if isinstance(node, ast.Name):
            return True
        if isinstance(node, ast.Attribute):
            return self._stays(point.code, node.value)
        if isinstance(node, ast.Subscript):
            return self._stays(point.code, node.value) and _is_simple(point.code, node.slice)
        return self._stays(point.code, node)

    def _stays(self, code: CodeType, node: ast.AST) -> bool:
        """Say whether no other thread makes an expression give something else."""
        stored = self.watch.stored
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            if node.id in code.co_freevars or node.id in code.co_cellvars:
                return ("cell", node.id) not in stored
            return node.id in code.co_varnames or ("global", node.id) not in stored
        if isinstance(node, ast.Attribute):
            shared = ("attribute", node.attr) in stored or ("global", node.attr) in stored
            return not shared and self._stays(code, node.value)
        if isinstance(node, ast.Subscript):
            points = self.watch.table(code).values()
            changes = any(p.yields and p.shape == "item" and p.operation == "read" for p in points)
            return not changes and self._stays(code, node.value) and self._stays(code, node.slice)
        if isinstance(node, ast.BinOp):
            return self._stays(code, node.left) and self._stays(code, node.right)
        if isinstance(node, ast.Tuple):
            return all(self._stays(code, part) for part in node.elts)
        return isinstance(node, ast.UnaryOp) and self._stays(code, node.operand)


def _part(location: Location, key: Any) -> Location:
    """Give the location of an element; in a container that may be any, it may be any element."""
    return location if location == ("item",) else (*location, key if type(key) is int else f"{key!r}")


def _is_plain(held: Any) -> bool:
    """Say whether comparing or adding what a container holds runs no code of the program's."""
    return len(held) <= FEW and all(isinstance(part, int | str | float | bytes | type(None)) for part in held)


def _is_simple(code: CodeType, node: ast.AST) -> bool:
    """Say whether an expression is put together without a step: of constants and the thread's own variables."""
    own = code.co_varnames
    return all(
        isinstance(part, ast.Constant | ast.expr_context | ast.operator | ast.unaryop | ast.BinOp | ast.UnaryOp)
        or (isinstance(part, ast.Name) and part.id in own)
        for part in ast.walk(node)
    )


@cache
def _never_set(code: CodeType) -> frozenset[str]:
    """Give the local variables that are the function's arguments and are never set in it."""
    stores = {str(i.argval) for i in dis.get_instructions(code) if i.opname.startswith(("STORE_FAST", "STORE_DEREF"))}
    stores |= {
        str(name)
        for i in dis.get_instructions(code)
        if i.opname.startswith("STORE_FAST") and isinstance(i.argval, tuple)
        for name in i.argval
    }
    return frozenset(code.co_varnames[: code.co_argcount]) - stores
