"""Which modules a program consists of: those of its threads' code, and all that they refer to.

A process may hold many others, a whole test suite for example: to look through those takes long, and finds nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any


class Namespace:
    """The globals of functions that are of no module: made by `exec`, for example."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.__dict__ = names


def namespaces(homes: Iterable[dict[str, Any]], modules: Iterable[ModuleType]) -> list[Any]:
    """Give what holds the globals in `homes` which are of none of these modules: another module, or a Namespace."""
    known = {id(vars(module)) for module in modules}
    found: list[Any] = []
    for names in homes:
        if id(names) not in known:
            known.add(id(names))
            module = sys.modules.get(str(names.get("__name__")))
            found.append(module if module is not None and vars(module) is names else Namespace(names))
    return found


def modules_of(files: Iterable[str], callables: Iterable[Any], stepped: Callable[[str], bool]) -> list[ModuleType]:
    """Give the modules that are reached from those of `files`, among those whose file is stepped through.

    A module refers to another by a value (the module, one of its functions, classes or objects), or by a name or a
    text in the code of a function. All of them, where `files` are of no module.
    """
    own = {
        name: module
        for name, module in list(sys.modules.items())
        if isinstance(module, ModuleType)
        and isinstance(file := getattr(module, "__file__", None), str)
        and stepped(file)
    }
    files = set(files)
    left = [name for name, module in own.items() if module.__file__ in files]
    if not left:
        return list(own.values())
    for each in callables:
        left += _names(each)
    reached: set[str] = set()
    while left:
        name = left.pop()
        if isinstance(name, str) and name in own and name not in reached:  # `__module__` may be set to anything
            reached.add(name)
            for value in list(vars(own[name]).values()):
                left += _names(value)
    return [module for name, module in own.items() if name in reached]


def _names(value: Any) -> Iterator[str]:
    """What may be names of modules that a value refers to."""
    if isinstance(value, ModuleType):
        yield value.__name__
        return
    yield type(value).__module__
    if isinstance(value, type):
        yield value.__module__
        for member in list(vars(value).values()):
            if isinstance(member, FunctionType):
                yield from _names(member)
    elif isinstance(value, FunctionType):
        yield value.__module__
        yield from _names_in(value.__code__)
        for cell in value.__closure__ or ():
            try:
                held = cell.cell_contents
            except ValueError:  # it is empty
                continue
            if held is not value:
                yield type(held).__module__
                if isinstance(held, FunctionType | type):
                    yield held.__module__


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _names_in(constant)
