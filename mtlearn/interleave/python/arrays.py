"""Large arrays of numpy: an operation that changes one in place lets other threads in between reading and writing.

numpy lets go of the GIL for it. Each element is read and written by itself, so any of them may lose what another thread
wrote there meanwhile. Here all of them do, at once.
"""

from __future__ import annotations

import ast
import sys
from types import FrameType
from typing import Any

from mtlearn.interleave.python.locations import Scope

HELD = 500  # elements up to which numpy keeps the GIL


def changes_in_place(node: ast.AST | None) -> ast.expr | None:
    """Give what an expression changes where it stands: the target of `+=`, or what is given as `out`."""
    if isinstance(node, ast.AugAssign):
        return node.target
    if isinstance(node, ast.Call):
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        return named.get("out") if "where" not in named else None
    return None


def large(node: ast.expr, frame: FrameType) -> Any:
    """Give the array of numpy that an expression gives, if it is a large one, else None."""
    numpy = sys.modules.get("numpy")
    array = Scope(frame).value(node)
    if numpy is None or type(array) is not numpy.ndarray or array.size <= HELD or array.dtype.hasobject:
        return None
    return array
