"""Whether functions are still what they were, the library's and the scenarios': a file may have replaced some.

What a check sees through a replaced `time.sleep` or `threading.Thread.start` proves nothing. Names that are added,
and hooks that exist to be set, are the file's own affair; so is what it puts back before it returns.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

# What runs a scenario, tells of it and explores it.
_RELIED_ON = ("builtins", "_thread", "threading", "time", "queue", "json", "json.encoder", "json.decoder", "os", "sys",
              "functools", "importlib", "linecache", "traceback")  # fmt: skip
_MEANT_TO_BE_SET = {"sys.excepthook", "sys.unraisablehook", "sys.displayhook", "sys.breakpointhook",
                    "threading.excepthook", "json.encoder.JSONEncoder.default", "builtins.print", "builtins.input",
                    "builtins.help", "builtins.exit", "builtins.quit"}  # fmt: skip
_IMPORTS = {"builtins.__import__", "builtins.__build_class__"}

_OWN = ("mtlearn.grading.", "mtlearn.interleave.python", "mtlearn.interleave.executor", "mtlearn.interleave.trace")
_FIXED = (FunctionType, BuiltinFunctionType, type)  # what a module of mtlearn's does not set itself while it runs
_WRAPPED = (property, staticmethod, classmethod)


class Machinery:
    """The functions, classes and methods that a check relies on, as they are now: the library's, and mtlearn's own."""

    def __init__(self, own: Mapping[str, ModuleType]) -> None:
        self._modules = {name: sys.modules[name] for name in _RELIED_ON if name in sys.modules}
        watched = {**self._modules, **{name: module for name, module in own.items() if name.startswith(_OWN)}}
        self._names = [entry for name, module in watched.items() for entry in _names(name, module)]
        functions = {id(value): (value, told) for *_, value, told in self._names if type(value) is FunctionType}
        self._insides = [(*each, *_inside(each[0])) for each in functions.values()]

    def replaced(self) -> list[str]:
        """The names that are not what they were."""
        found = [name for name, module in self._modules.items() if sys.modules.get(name) is not module]
        found += [told for owner, name, value, told in self._names if owner.get(name) is not value]
        found += [
            told
            for function, told, code, defaults, named in self._insides
            if function.__code__ is not code
            or function.__defaults__ is not defaults
            or function.__kwdefaults__ is not named
        ]
        return found


def _inside(function: FunctionType) -> tuple[Any, Any, Any]:
    """What makes a function do what it does, and can be set."""
    return function.__code__, function.__defaults__, function.__kwdefaults__


def _names(prefix: str, module: ModuleType) -> Iterator[tuple[Any, str, Any, str]]:
    own = prefix.startswith(_OWN)
    for name, value in vars(module).items():
        told = f"{prefix}.{name}"
        if (
            (name.startswith("_") and not own and told not in _IMPORTS)
            or not callable(value)
            or told in _MEANT_TO_BE_SET
        ):
            continue
        if own and type(value) not in _FIXED:
            continue
        yield vars(module), name, value, told
        if isinstance(value, type) and value.__module__ == module.__name__ != "builtins":
            for member, function in vars(value).items():
                whole = f"{told}.{member}"
                if (callable(function) or type(function) in _WRAPPED) and whole not in _MEANT_TO_BE_SET:
                    yield vars(value), member, function, whole


class Scenarios:
    """The functions and classes of the scenarios, as their text has them: they are loaded beside the learner's file."""

    def __init__(self, module: ModuleType, file: str) -> None:
        self._module = module
        text = Path(file).read_bytes()
        decorated = {
            node.name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list
        }
        self._defined = list(_defined(compile(text, file, "exec", dont_inherit=True), decorated))

    def replaced(self) -> list[str]:
        """The names that are not what they are in the text."""
        return [
            f"{self._module.__name__}.{'.'.join(path)}"
            for path, code in self._defined
            if getattr(functools.reduce(_held, path, self._module), "__code__", None) != code
        ]


def _held(owner: Any, name: str) -> Any:
    return vars(owner).get(name) if isinstance(owner, ModuleType | type) else None


def _defined(
    code: CodeType, decorated: set[str], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], CodeType]]:
    """The code of each function by its path: those of modules and classes, decorated ones left out."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_name not in decorated and not inner.co_name.startswith("<"):
            is_class = not inner.co_flags & inspect.CO_OPTIMIZED
            if is_class:
                yield from _defined(inner, decorated, (*path, inner.co_name))
            else:
                yield (*path, inner.co_name), inner
