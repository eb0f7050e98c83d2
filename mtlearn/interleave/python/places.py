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
from array import array
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
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
    for node in ast.walk(_tree(code.co_filename)):
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
def node_at(code: CodeType, offset: int) -> ast.AST | None:
    """Give the syntax tree of the source of an instruction, None where there is no such source."""
    line, end_line, start, end = position_at(code, offset)
    if line is None or end_line is None or start is None or end is None:
        return None
    lines = [linecache.getline(code.co_filename, n).encode() for n in range(line, end_line + 1)]
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


def source_line(file: str, line: int) -> str:
    """Give a stripped line of source."""
    return linecache.getline(file, line).strip()


def loop_around(frame: FrameType, stepped: Callable[[str], bool]) -> tuple[str, int] | None:
    """Give file and line of the innermost loop a thread is in, None where there is none."""
    f: FrameType | None = frame
    while f is not None:
        if stepped(f.f_code.co_filename):
            loops = [
                node.lineno
                for node in ast.walk(_tree(f.f_code.co_filename))
                if isinstance(node, ast.While | ast.For)
                and node.lineno <= f.f_lineno <= (node.end_lineno or 0)
                and node.lineno >= f.f_code.co_firstlineno
            ]
            if loops:
                return f.f_code.co_filename, max(loops)
        f = f.f_back
    return None


@cache
def _tree(file: str) -> ast.AST:
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return ast.Module([], [])


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
    """Give what an object holds, by its place: items of plain containers, attributes, slots."""
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


class Names:
    """Names of objects, by the attribute or variable that holds them: "accounts[0].lock"."""

    DEPTH, MANY = 4, 2_000

    def __init__(self) -> None:
        self.paths: dict[int, str] = {}
        self.kept: list[Any] = []  # so that no id is used again
        self.most = self.MANY

    def allow_more(self) -> None:
        """Let another `MANY` be named: what a module holds must not leave the state without names."""
        self.most = len(self.kept) + self.MANY

    def add(self, value: Any, path: str, depth: int = DEPTH) -> None:
        """Name a value and what it holds. The first name stays."""
        if isinstance(value, IMMUTABLE) and not isinstance(value, tuple):
            return
        if isinstance(value, type | FunctionType | ModuleType | MethodType) or is_function_of_c(value):
            return
        if id(value) in self.paths or len(self.kept) >= self.most:
            return
        if path:
            self.paths[id(value)] = path
            self.kept.append(value)
        if depth == 0:
            return
        for place, held in members(value, path):
            self.add(held, place, depth - 1)

    def of(self, value: Any) -> str | None:
        """Give the name of an object."""
        return self.paths.get(id(value))

    def place(self, node: ast.AST | None, scope: Scope) -> str:
        """Name what an expression stands for, with its indices as they are now."""
        if isinstance(node, ast.Name):
            value = scope.value(node)
            return node.id if value is MISSING else self.of(value) or node.id
        if isinstance(node, ast.Attribute):
            return f"{self.place(node.value, scope)}.{node.attr}"
        if isinstance(node, ast.Subscript):
            owner = scope.value(node)
            if owner is not MISSING and (known := self.of(owner)):
                return known
            key = scope.value(node.slice)
            shown = short(key) if key is not MISSING else None
            return f"{self.place(node.value, scope)}[{shown if shown else ast.unparse(node.slice)}]"
        if isinstance(node, ast.expr):
            return ast.unparse(node)
        return ""
