"""Where a thread may be stopped: the instructions that can touch what another thread can see.

Most instructions cannot; at which of these a program really is stopped, `watch` decides.
"""

from __future__ import annotations

import ast
import dis
from dataclasses import dataclass
from types import CodeType

from mtlearn.interleave.python.locations import node_at, position_at
from mtlearn.interleave.python.opcodes import touched

# Methods that only look, so that a loop around them is a loop that waits.
_LOOKS = {"is_set", "locked", "empty", "full", "qsize", "is_alive", "done", "running", "get_nowait", "load"}


@dataclass(eq=False, slots=True)
class YieldPoint:
    """One instruction of one code object that may touch something shared."""

    code: CodeType
    offset: int
    shape: str
    operation: str
    name: str  # of the attribute, global or cell
    method: bool  # loads a method that is called next
    yields: bool | None = None  # whether threads stop here; None: not yet decided
    shown: bool = False  # not stopped at, but told in a trace
    passed: bool = False  # met before it could be decided
    library: bool = False  # in code that is not the program's own
    opcode: str = ""
    after: str = ""  # the instruction before
    told: str = ""  # what it does as far as names tell, for code without a source
    begins: bool = False  # an entry that begins the function; the others come after a yield
    in_place: ast.expr | None = None  # what it changes where that stands, as a large array of numpy is
    holder: ast.expr | None = None  # what gives the plain container it reads, while no such container changed

    @property
    def node(self) -> ast.AST | None:
        """Give the syntax tree of the instruction's source, or of what its names tell; None where neither is known."""
        found = node_at(self.code, self.offset)
        if found is None and self.told:
            return ast.parse(self.told, mode="eval").body
        return found

    @property
    def key(self) -> tuple[str, str]:
        """Name the point by what it reads and where it stands."""
        line, _, column, _ = position_at(self.code, self.offset)
        return ("changing", f"{self.shape}:{self.code.co_qualname}:{line}:{column}")

    @property
    def writes(self) -> bool:
        """Say whether passing it may change what others see."""
        return self.operation == "write" or (self.operation == "call" and not (self.shown or self.name in _LOOKS))


def find(code: CodeType) -> dict[int, YieldPoint]:
    """Give a code object's points by offset. Raises UnknownInstruction."""
    points = {}
    entering = begins = False
    before = path = ""  # the last instruction; the dotted name that it has loaded, if it is one
    called: list[str] = []  # dotted names of functions that are loaded and not called yet
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name == "CACHE":
            continue
        shape, operation = touched(instruction) or ("", "")
        if name == "RESUME":
            entering, begins = True, instruction.arg == 0
        elif entering and not shape:
            shape, operation, entering = "entry", "enter", False
        argument = str(instruction.argval) if isinstance(instruction.argval, str) else ""
        method = name == "LOAD_METHOD" or (name == "LOAD_ATTR" and "NULL|self" in instruction.argrepr)
        if shape:
            point = points[instruction.offset] = YieldPoint(
                code, instruction.offset, shape, operation, argument, method, begins=shape == "entry" and begins
            )
            point.opcode, point.after = name, before
            if shape == "attribute" and path:
                point.told = f"{path}.{argument}"
            elif shape == "call" and called:
                told = called.pop()
                point.name = told.rpartition(".")[2]
                count = instruction.arg if name == "CALL" and instruction.arg is not None else 1
                point.told = f"{told}({', '.join('_' * count)})"
        loads = name.startswith(("LOAD_FAST", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME"))
        if name in ("LOAD_ATTR", "LOAD_METHOD"):
            extends = bool(called) and bool(path) and called[-1] == path
            path = f"{path}.{argument}" if path else argument
            if extends and not method:
                called[-1] = path
        else:
            path = str(instruction.argval[-1] if isinstance(instruction.argval, tuple) else argument) if loads else ""
        if method or (loads and "NULL" in instruction.argrepr):
            called.append(path)
        before = name
    return points
