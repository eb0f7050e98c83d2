"""Where a thread may be stopped: the instructions that can touch what another thread can see.

Most instructions cannot; at which of these a program really is stopped, `watch` decides.
"""

from __future__ import annotations

import ast
import dis
from dataclasses import dataclass
from types import CodeType

from mtlearn.interleave.python.places import (
    node_at,
    position_at,
)

# instruction -> (what kind of place it touches, operation)
_SHAPES = {
    "LOAD_ATTR": ("attribute", "read"),
    "LOAD_METHOD": ("attribute", "read"),
    "STORE_ATTR": ("attribute", "write"),
    "DELETE_ATTR": ("attribute", "write"),
    "LOAD_GLOBAL": ("global", "read"),
    "LOAD_NAME": ("global", "read"),
    "STORE_GLOBAL": ("global", "write"),
    "DELETE_GLOBAL": ("global", "write"),
    "LOAD_DEREF": ("cell", "read"),
    "LOAD_CLASSDEREF": ("cell", "read"),
    "LOAD_FROM_DICT_OR_DEREF": ("cell", "read"),
    "STORE_DEREF": ("cell", "write"),
    "DELETE_DEREF": ("cell", "write"),
    "BINARY_SUBSCR": ("item", "read"),
    "BINARY_SLICE": ("item", "read"),
    "STORE_SUBSCR": ("item", "write"),
    "STORE_SLICE": ("item", "write"),
    "DELETE_SUBSCR": ("item", "write"),
    "CONTAINS_OP": ("right", "read"),
    "COMPARE_OP": ("operands", "read"),
    "BINARY_OP": ("operands", "read"),
    "FOR_ITER": ("iterator", "read"),
    "TO_BOOL": ("test", "read"),
    "UNARY_NOT": ("test", "read"),
    "UNPACK_SEQUENCE": ("unpacked", "read"),
    "UNPACK_EX": ("unpacked", "read"),
    "LIST_EXTEND": ("spread", "read"),
    "SET_UPDATE": ("spread", "read"),
    "DICT_UPDATE": ("spread", "read"),
    "DICT_MERGE": ("spread", "read"),
    "CALL": ("call", "call"),
    "CALL_KW": ("call", "call"),
    "CALL_FUNCTION_EX": ("call", "call"),
    "JUMP_BACKWARD": ("loop", "loop"),
    "JUMP_BACKWARD_NO_INTERRUPT": ("loop", "loop"),
}
_JUMPS = ("POP_JUMP_IF_", "POP_JUMP_FORWARD_IF_", "POP_JUMP_BACKWARD_IF_", "JUMP_IF_")

# Methods that only look, so that a loop around them is a loop that waits.
_LOOKS = {"is_set", "locked", "empty", "full", "qsize", "is_alive", "done", "running", "get_nowait", "load"}


@dataclass(eq=False, slots=True)
class Point:
    """One instruction of one code object that may touch something shared."""

    code: CodeType
    offset: int
    shape: str
    operation: str
    name: str  # of the attribute, global or cell
    method: bool  # loads a method that is called next
    armed: bool | None = None  # None: not yet decided
    shown: bool = False  # not stopped at, but told in a trace
    passed: bool = False  # met before it could be decided
    holder: ast.expr | None = None  # what gives the plain container it reads, while no such container changed

    @property
    def node(self) -> ast.AST | None:
        """Give the syntax tree of the instruction's source."""
        return node_at(self.code, self.offset)

    @property
    def key(self) -> tuple[str, str]:
        """Name the point by what it reads and where it stands."""
        line, _, column, _ = position_at(self.code, self.offset)
        return ("changing", f"{self.shape}:{self.code.co_qualname}:{line}:{column}")

    @property
    def writes(self) -> bool:
        """Say whether passing it may change what others see."""
        return self.operation == "write" or (self.operation == "call" and not (self.shown or self.name in _LOOKS))


def find(code: CodeType) -> dict[int, Point]:
    """Give a code object's points by offset."""
    points = {}
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        shape, operation = _SHAPES.get(name, ("", ""))
        if not shape and name.startswith(_JUMPS) and "NONE" not in name:
            # On 3.11 a loop may jump back by its test.
            shape, operation = ("loop", "loop") if "BACKWARD" in name else ("test", "read")
        if name == "BINARY_OP" and instruction.argrepr.endswith("="):
            operation = "write"
        if not shape:
            continue
        argument = str(instruction.argval) if isinstance(instruction.argval, str) else ""
        method = name == "LOAD_METHOD" or (name == "LOAD_ATTR" and "NULL|self" in instruction.argrepr)
        points[instruction.offset] = Point(code, instruction.offset, shape, operation, argument, method)
    return points
