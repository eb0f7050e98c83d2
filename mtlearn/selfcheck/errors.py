"""Every message that mtlearn has for something that went wrong, read off its own source: none can be missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# What makes an error, and which of its arguments are message, cause and fix.
_MAKERS = {"MtlearnError": (0, 1, 2), "RuntimeMissing": (1, 2, 3)}
_NOTICES = {"tell", "notice", "_notice"}


@dataclass(frozen=True)
class Told:
    """One message as it stands in the source, with what is filled in as {expression}; where, as "errors.py:59".

    A notice, which ends nothing, has neither cause nor fix.
    """

    where: str
    message: str
    cause: str = ""
    fix: str = ""


def errors(package: Path = PACKAGE) -> list[Told]:
    """Every message there is, in the order of the files."""
    return [told for file in sorted(package.rglob("*.py")) for told in _in_file(file, package)]


def _in_file(file: Path, package: Path) -> Iterator[Told]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        where = f"{file.relative_to(package).as_posix()}:{node.lineno}"
        if name in _MAKERS and len(node.args) > max(_MAKERS[name]):
            yield Told(where, *(_text(node.args[number]) for number in _MAKERS[name]))
        elif name in _NOTICES and len(node.args) == 1 and isinstance(node.args[0], ast.JoinedStr | ast.Constant):
            yield Told(where, _text(node.args[0]))


def _text(node: ast.expr) -> str:
    """A text as it is written, with {expressions}; of one that is either this or that, both."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return f"{{{ast.unparse(node.value)}}}"
    if isinstance(node, ast.IfExp):
        return f"{_text(node.body)} | {_text(node.orelse)}"
    return f"{{{ast.unparse(node)}}}"
