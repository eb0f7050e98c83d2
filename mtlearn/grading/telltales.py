"""What stands in a Python file that looks for what watches it, seen by reading it.

Names are found where they are written out, or put together from constants; what else asks is seen when it runs
(`python_asking`). The lists name what a program has no other use for.
"""

from __future__ import annotations

import ast
import dis
import re
import warnings
from collections.abc import Iterator
from types import CodeType

_OF_FRAMES = {"f_trace", "f_trace_opcodes", "f_trace_lines", "f_back", "f_code", "f_globals", "f_locals", "f_builtins",
              "tb_frame", "gi_frame", "cr_frame", "ag_frame"}  # fmt: skip
_OF_FUNCTIONS = {"__globals__", "__closure__", "cell_contents", "__module__", "__wrapped__", "BuiltinFunctionType",
                 "BuiltinMethodType", "isbuiltin"}  # fmt: skip
_OF_TYPES = {"__mro__", "__bases__", "__base__", "__subclasses__"}
_NAMES = _OF_FRAMES | _OF_FUNCTIONS | _OF_TYPES
_TEXTS = ("mtlearn", "/proc/self")
_MODELLED = re.compile(r"lock|\b(threading|_thread|time|queue)\.", re.IGNORECASE)


def first_telltale(source: bytes) -> tuple[int, str] | None:
    """The first line that looks for what watches it, and what it names there; None without one."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source)
            found = [*_named(compile(source, "file", "exec", dont_inherit=True)), *_types(tree)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # told when it is loaded
    return min(found, default=None)


def _named(code: CodeType) -> Iterator[tuple[int, str]]:
    instructions = list(dis.get_instructions(code))
    for at, instruction in enumerate(instructions):
        told = instruction.argval if isinstance(instruction.argval, str) else ""
        line = instruction.positions.lineno if instruction.positions else None
        if instruction.opname == "LOAD_CONST" and instructions[at + 1].argval != "__doc__":
            what = next((text for text in _TEXTS if text in told.lower()), told if told in _NAMES else "")
        else:
            what = told if told in _NAMES and not instruction.opname.startswith("STORE") else ""
        if what:
            yield line or code.co_firstlineno, what
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named(constant)


def _types(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where the type is asked for of what is another thing under the explorer: a lock, or a function of the library.

    The name of a lock's type, and whether it is the type of another one, is what it is elsewhere.
    """
    usual = {id(node) for asking in ast.walk(tree) for node in _usual(asking)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[asked]) | ast.Attribute(value=asked, attr="__class__"):
                of_a_lock = _is_lock(asked) and id(node) in usual
            case ast.Call(func=ast.Name(id="isinstance" | "repr" | "str"), args=[ast.expr() as asked, *_]):
                of_a_lock = _is_lock(asked)
            case ast.Call(func=ast.Name(id="vars" | "hasattr"), args=[ast.Attribute() as asked, *_]):
                of_a_lock = False
            case _:
                continue
        if not of_a_lock and _MODELLED.search(told := ast.unparse(asked)):
            yield node.lineno, f"the type of {told[:40]}"


def _usual(node: ast.AST) -> Iterator[ast.AST]:
    """What is only compared, named, shown, or given a name where this node stands."""
    match node:
        case ast.Attribute(value=named, attr="__name__" | "__qualname__"):
            yield named
        case ast.Compare(left=left, comparators=others):
            yield from (left, *others)
        case ast.FormattedValue(value=shown) | ast.Assign(targets=[ast.Name()], value=shown):
            yield shown
        case ast.Call(func=ast.Name(id="isinstance" | "repr" | "str" | "print"), args=given):
            yield from given


def _is_lock(asked: ast.AST) -> bool:
    """Whether this is called a lock, or made as one: not a function of the library, nor a part of a lock."""
    match asked:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower().endswith("lock") and name not in ("Lock", "RLock", "allocate_lock")
        case ast.Call(func=ast.Attribute(value=ast.Name(id="threading"), attr="Lock" | "RLock"), args=[]):
            return True
    return False
