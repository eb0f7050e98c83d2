"""What the source says at an instruction, and what that names and holds right now, read without side effects.

The instruction's own position (PEP 657) gives the piece of source; its syntax tree is read against a frame's
variables. Nothing of the learner's runs for it: no property, no `__getattr__`, no `__getitem__`.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import linecache
import sys
import weakref
from array import array
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from reprlib import Repr
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

MISSING: Any = object()  # what could not be read without running code

IMMUTABLE = (int, float, complex, str, bytes, bool, tuple, frozenset, range, type(None), slice, type(...))
PLAIN = (list, dict, deque, set)  # containers of which all that can be read is what they hold
_BY_INDEX = (list, tuple, deque, str, bytes, bytearray, array, memoryview, range)
_BY_KEY = (dict, OrderedDict, defaultdict)

ast.unparse(ast.Constant(0))  # since Python 3.14 its first call imports, and a thread under control must not

_repr = Repr()
_repr.maxstring = _repr.maxother = 40
_repr.maxlist = _repr.maxtuple = _repr.maxdict = _repr.maxset = _repr.maxdeque = 6


def short(value: Any) -> str | None:
    """Give a short repr of plain data, None for objects: their repr is the learner's code or says nothing."""
    if isinstance(value, int | float | complex | str | bytes | bool | type(None)):
        return _repr.repr(value)
    if type(value) in (list, tuple, dict, set, frozenset, deque, bytearray, array):
        items = list(value)[:6]  # a dict's keys; an object there has an address in its repr
        if type(value) is dict:
            items += list(value.values())[:6]
        return _repr.repr(value) if all(short(item) is not None for item in items) else None
    if _is_numpy(value):
        return _repr.repr(value.tolist()) if value.size <= 6 else None
    return None


def _is_numpy(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return (numpy is not None and type(value) is numpy.ndarray) or isinstance(value, getattr(numpy, "generic", ()))


def variables(frame: FrameType) -> dict[str, Any]:
    """Give a frame's local variables, cells included."""
    found = dict(frame.f_locals)
    if sys.version_info < (3, 12):
        # Reading f_locals in a trace function makes CPython 3.11 write the snapshot back when the function
        # returns. By then other threads may have changed the cells: write it back now, while it is true.
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return found


@cache
def _positions(code: CodeType) -> list[tuple[int | None, int | None, int | None, int | None]]:
    return list(code.co_positions())


def position_at(code: CodeType, offset: int) -> tuple[int | None, int | None, int | None, int | None]:
    """Give line, last line, column and last column of an instruction's source, columns in bytes from 0."""
    positions = _positions(code)
    return positions[offset // 2] if offset // 2 < len(positions) else (None, None, None, None)


@cache
def unpacked_at(code: CodeType, offset: int) -> tuple[ast.expr | None, bool]:
    """Give what an instruction unpacks into names, and whether it is each of its items (as a loop does)."""
    line, _, column, _ = position_at(code, offset)
    for node in ast.walk(tree_of(code.co_filename)):
        if isinstance(node, ast.Assign):
            targets, source, each = node.targets, node.value, False
        elif isinstance(node, ast.For | ast.comprehension):
            targets, source, each = [node.target], node.iter, True
        else:
            continue
        if any((target.lineno, target.col_offset) == (line, column) for target in targets):
            return source, each
    return None, False


@cache
def subject_at(code: CodeType, offset: int) -> ast.expr | None:
    """Give what the match statement of an instruction looks at, None where it belongs to none."""
    line, _, column, _ = position_at(code, offset)
    if line is None or column is None:
        return None
    found: ast.Match | None = None
    for node in ast.walk(tree_of(code.co_filename)):
        if isinstance(node, ast.Match) and (node.lineno, node.col_offset) <= (line, column):
            inside = (line, column) <= (node.end_lineno or 0, node.end_col_offset or 0)
            if inside and (found is None or node.lineno >= found.lineno):
                found = node
    return found.subject if found else None


@cache
def node_at(code: CodeType, offset: int) -> ast.AST | None:
    """Give the syntax tree of the source of an instruction, None where there is no such source."""
    line, end_line, start, end = position_at(code, offset)
    if line is None or end_line is None or start is None or end is None or not _has_source(code):
        return None
    lines = [linecache.getline(source_file(code.co_filename), n).encode() for n in range(line, end_line + 1)]
    if not lines or not lines[0]:
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    text = b"".join(lines).decode(errors="replace")
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError:
        try:
            return ast.parse(text).body[0]
        except (SyntaxError, IndexError):
            return None


def source_line(code: CodeType, line: int) -> str:
    """Give a stripped line of the source of code, an empty text where there is none."""
    return linecache.getline(source_file(code.co_filename), line).strip() if _has_source(code) else ""


def is_nowhere(file: str) -> bool:
    """Say whether code of this name was compiled from a string that is no file: several share the name."""
    return file in ("<string>", "<stdin>", "<unknown>") or (file.startswith("<") and file not in linecache.cache)


def _has_source(code: CodeType) -> bool:
    """Say whether what is kept as the source of a string without a file is that of this code."""
    if not is_nowhere(code.co_filename):
        return True
    line = linecache.getline(code.co_filename, code.co_firstlineno)
    name = "lambda" if code.co_name == "<lambda>" else code.co_name
    return bool(line) and (name in line or name.startswith("<") or line.lstrip().startswith("@"))


def source_file(file: str) -> str:
    """Give the file that holds the source of code: that of a module frozen into the interpreter lies elsewhere."""
    if file.startswith("<frozen "):
        module = sys.modules.get(file.removeprefix("<frozen ").removesuffix(">"))
        return getattr(module, "__file__", None) or file
    return file


def loop_around(frame: FrameType, stepped: Callable[[CodeType, dict[str, Any]], bool]) -> tuple[CodeType, int] | None:
    """Give code and line of the innermost loop a thread is in, None where there is none."""
    f: FrameType | None = frame
    while f is not None:
        if stepped(f.f_code, f.f_globals) and _has_source(f.f_code):
            loops = [
                node.lineno
                for node in ast.walk(tree_of(f.f_code.co_filename))
                if isinstance(node, ast.While | ast.For)
                and node.lineno <= f.f_lineno <= (node.end_lineno or 0)
                and node.lineno >= f.f_code.co_firstlineno
            ]
            if loops:
                return f.f_code, max(loops)
        f = f.f_back
    return None


@cache
def tree_of(file: str) -> ast.AST:
    """Give the syntax tree of a file, an empty one where it cannot be had."""
    try:
        return ast.parse("".join(linecache.getlines(source_file(file))))
    except SyntaxError:
        return ast.Module([], [])


@cache
def holds_walrus(file: str) -> bool:
    """Say whether a file sets variables within expressions."""
    return any(isinstance(node, ast.NamedExpr) for node in ast.walk(tree_of(file)))


class Scope:
    """The names a frame sees, read once."""

    __slots__ = ("globals", "locals")

    def __init__(self, frame: FrameType) -> None:
        self.locals = variables(frame)
        self.globals = frame.f_globals

    def value(self, node: ast.AST | None) -> Any:
        """Give what an expression holds now, MISSING where reading it could run code."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            for names in (self.locals, self.globals, vars(builtins)):
                if node.id in names:
                    return names[node.id]
            return MISSING
        if isinstance(node, ast.Attribute):
            return attribute(self.value(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            return item(self.value(node.value), self.value(node.slice))
        if isinstance(node, ast.Tuple):
            parts = tuple(self.value(part) for part in node.elts)
            return MISSING if any(part is MISSING for part in parts) else parts
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self.value(node.operand)
            return -value if type(value) in (int, float) else MISSING
        if isinstance(node, ast.BinOp):
            left, right = self.value(node.left), self.value(node.right)
            if type(left) is int and type(right) is int:
                if isinstance(node.op, ast.Add):
                    return left + right
                if isinstance(node.op, ast.Sub):
                    return left - right
                if isinstance(node.op, ast.Mod) and right:
                    return left % right
        return MISSING


def attribute(owner: Any, name: str) -> Any:
    """Read an attribute without running the learner's code."""
    if owner is MISSING:
        return MISSING
    if isinstance(owner, ModuleType):
        return vars(owner).get(name, MISSING)
    mro = owner.__mro__ if isinstance(owner, type) else type(owner).__mro__
    for cls in mro:
        found = vars(cls).get(name, MISSING)
        if found is MISSING:
            continue
        if isinstance(found, MemberDescriptorType | GetSetDescriptorType) and not isinstance(owner, type):
            try:
                return found.__get__(owner, type(owner))
            except AttributeError:
                return MISSING
        own = _dict_of(owner)
        if name in own and not hasattr(type(found), "__set__"):
            return own[name]
        if isinstance(found, FunctionType) and not isinstance(owner, type):
            return MethodType(found, owner)
        if isinstance(found, property):
            return MISSING
        if type(found).__name__ in ("method_descriptor", "builtin_function_or_method", "wrapper_descriptor"):
            return found
        if type(owner).__module__ == "_ctypes" or type(type(owner)).__module__ == "_ctypes":
            return getattr(owner, name, MISSING)
        return MISSING if hasattr(type(found), "__get__") else found
    if not isinstance(owner, type):
        return _dict_of(owner).get(name, MISSING)
    return MISSING


def _dict_of(owner: Any) -> dict[str, Any]:
    try:
        own = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    return own if isinstance(own, dict) else {}


def item(owner: Any, key: Any) -> Any:
    """Read an item of a plain container without running the learner's code."""
    if owner is MISSING or key is MISSING:
        return MISSING
    try:
        if type(owner) in _BY_KEY:
            return dict.get(owner, key, MISSING) if isinstance(key, IMMUTABLE) else MISSING
        if type(owner) in _BY_INDEX or _is_numpy(owner):
            return owner[key]
        if type(type(owner)).__module__ == "_ctypes":
            return owner[key]
    except (IndexError, KeyError, TypeError, ValueError):
        return MISSING
    return MISSING


def is_function_of_c(value: Any) -> bool:
    """Say whether this is a function or method written in C."""
    return isinstance(value, BuiltinFunctionType) or type(value).__name__ in (
        "method_descriptor",
        "wrapper_descriptor",
        "method-wrapper",
    )


def members(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give what an object holds, by its location: items of plain containers, attributes, slots."""
    if type(value) in _BY_KEY:
        for key, held in list(value.items()):
            if isinstance(key, str | int):
                yield (f"{path}[{key!r}]" if path else str(key)), held
    elif type(value) in (list, tuple, deque):
        for index, held in enumerate(list(value)):
            yield f"{path}[{index}]", held
    else:
        for name, held in list(_dict_of(value).items()):
            yield (f"{path}.{name}" if path else name), held
        for cls in type(value).__mro__:
            for name, slot in list(vars(cls).items()):
                if isinstance(slot, MemberDescriptorType) and cls.__module__ != "builtins":
                    held = attribute(value, name)
                    if held is not MISSING:
                        yield (f"{path}.{name}" if path else name), held


def _held_at(path: str, owner: Any, owner_path: str) -> Any:
    """Follow a name from an object that has a name to what it names now."""
    while owner_path != path:
        for location, held in members(owner, owner_path):
            if path == location or (path.startswith(location) and path[len(location)] in ".["):
                owner, owner_path = held, location
                break
        else:
            return MISSING
    return owner


class Names:
    """Names of objects, by the attribute or variable that holds them: "accounts[0].lock".

    It keeps none of them alive: what a program drops must die as it does when nobody looks.
    """

    DEPTH, MANY = 4, 2_000

    def __init__(self) -> None:
        # By address: the name; the nearest object around it that a weak reference can tell of, and the name of that.
        self.known: dict[int, tuple[str, Callable[[], Any], str]] = {}
        self.most = self.MANY

    def allow_more(self) -> None:
        """Let another `MANY` be named: what a module holds must not leave the state without names."""
        self.most = len(self.known) + self.MANY

    def add(self, value: Any, path: str, depth: int = DEPTH, *, within: Any = None) -> None:
        """Name a value and what it holds, `within` what holds it, if that may drop it. The first name stays."""
        home: Callable[[], Any] = (lambda: value) if within is None else weakref.ref(within)
        self._add(value, path, depth, home, path if within is None else "")

    def _add(self, value: Any, path: str, depth: int, home: Callable[[], Any], home_path: str) -> None:
        if isinstance(value, IMMUTABLE) and not isinstance(value, tuple):
            return
        if isinstance(value, type | FunctionType | ModuleType | MethodType) or is_function_of_c(value):
            return
        if self.of(value) is not None or len(self.known) >= self.most:
            return
        if path:
            with suppress(TypeError):
                home, home_path = weakref.ref(value), path
            self.known[id(value)] = (path, home, home_path)
        if depth == 0:
            return
        for location, held in members(value, path):
            self._add(held, location, depth - 1, home, home_path)

    def of(self, value: Any) -> str | None:
        """Give the name of an object, None where what had it is gone."""
        if id(value) not in self.known:
            return None
        path, home, home_path = self.known[id(value)]
        return path if _held_at(path, home(), home_path) is value else None

    def location(self, node: ast.AST | None, scope: Scope) -> str:
        """Name what an expression stands for, with its indices as they are now."""
        if isinstance(node, ast.Name):
            value = scope.value(node)
            return node.id if value is MISSING else self.of(value) or node.id
        if isinstance(node, ast.Attribute):
            return f"{self.location(node.value, scope)}.{node.attr}"
        if isinstance(node, ast.Subscript):
            owner = scope.value(node)
            if owner is not MISSING and (known := self.of(owner)):
                return known
            key = scope.value(node.slice)
            shown = short(key) if key is not MISSING else None
            return f"{self.location(node.value, scope)}[{shown if shown else ast.unparse(node.slice)}]"
        if isinstance(node, ast.expr):
            return ast.unparse(node)
        return ""
