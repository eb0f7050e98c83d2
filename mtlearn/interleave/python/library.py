"""Which code is stepped through: the program's own, and that of the library which works on what the program shares.

The library's code is taken for one step unless it is called by the program's own code, or by code that is stepped,
with something that can change; `treatment` says what it would not help to step through.
"""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from gc import get_referents
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

from mtlearn.interleave.python.locations import IMMUTABLE, MISSING, is_nowhere, variables
from mtlearn.interleave.python.treatment import (
    ALWAYS,
    INSTALLED,
    ONCE,
    OURS,
    STANDARD,
    STEPPED,
    TOLD,
    WHOLE,
    keeps,
    module_of,
    treatment,
)
from mtlearn.interleave.python.worker import Worker

_DEAD_ENDS = (int, float, complex, str, bytes, type, ModuleType, CodeType, BuiltinFunctionType, FrameType, Worker)
_HARMLESS = (*IMMUTABLE, type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, BaseException, CodeType)
_STEPPED = (STEPPED, ALWAYS, ONCE)
_MADE_BEFORE_SHARED = ("__init__",)  # of the methods that dataclasses make

Names = dict[str, Any]
Own = Callable[[CodeType, Names], bool]


class Reach:
    """What of the code that a program runs is stepped through."""

    def __init__(self, files: Iterable[str], homes: Iterable[Names] = ()) -> None:
        """Take the files that are the program's own wherever they lie, and the globals of its functions."""
        self.files = set(files)
        self.homes = set(map(id, homes))
        self.known: dict[str, bool | None] = {}

    def own(self, code: CodeType, names: Names) -> bool:
        """Say whether code that runs with these globals is the program's own."""
        file = code.co_filename
        if file not in self.known:
            self.known[file] = None if is_nowhere(file) else self.own_file(file)
        if self.known[file]:
            return True
        # Made by `exec` or `python -c`; dataclasses make their methods so, too. Whatever file it names: it is of a
        # module of the program.
        mine = id(names) in self.homes or names.get("__file__") in self.files
        return mine and not (code.co_qualname.startswith("__create_fn__") and code.co_name in _MADE_BEFORE_SHARED)

    def never(self, code: CodeType) -> bool:
        """Say whether code that was asked about is stepped through in no frame."""
        return self.known.get(code.co_filename) is False and treatment(code) is WHOLE

    def own_file(self, file: str) -> bool:
        """Say whether a file is the program's own."""
        if file in self.files:
            return True
        if file.startswith("<"):
            return file in linecache.cache and not file.startswith("<frozen")
        resolved = _resolved(file)
        return resolved in self.files or not resolved.startswith((*STANDARD, *INSTALLED, OURS))

    def into(self, frame: FrameType, shared: Shared) -> bool:
        """Say whether a frame that begins to run is to be stepped through; asked at the beginning of each."""
        code = frame.f_code
        if self.own(code, frame.f_globals):
            return True
        caller, how = frame.f_back, treatment(code)
        if caller is None or how is WHOLE:
            return False
        called_by_own = self.own(caller.f_code, caller.f_globals)
        if not called_by_own and not self.reached(caller, shared):
            return False
        if how is STEPPED and not called_by_own:
            return True
        given = list(_given(frame))
        found = how is ALWAYS or (any(map(_may_change, given)) and shared.holds(given))
        stepped = found and how is not TOLD
        if not stepped and (found or how is ONCE or (called_by_own and keeps(code, frame.f_globals))):
            shared.left_out[f"the steps within {module_of(code.co_filename)}.{code.co_qualname}"] = None
        if called_by_own:
            shared.calls[id(caller)] = (caller.f_lasti, id(frame), stepped)
        return stepped

    def reached(self, frame: FrameType, shared: Shared) -> bool:
        """Say whether a frame is the program's own, or the library's on its behalf, on something that is shared."""
        code = frame.f_code
        if self.own(code, frame.f_globals):
            return True
        while treatment(code) in _STEPPED and (caller := frame.f_back) is not None:
            code = caller.f_code
            if self.own(code, caller.f_globals):
                lasti, begun, found = shared.calls.get(id(caller), (0, 0, False))
                return found and (lasti, begun) == (caller.f_lasti, id(frame))
            frame = caller
        return False


class Shared:
    """What more than one thread of a run may reach: what hangs on its roots."""

    MOST = 3_000  # objects that are looked at, before one is taken to be shared

    def __init__(self) -> None:
        self.roots: list[Any] = []
        # own frame -> its instruction that calls the library, the frame of the library, whether that is stepped
        self.calls: dict[int, tuple[int, int, bool]] = {}
        self.left_out: dict[str, None] = {}  # what of the library was one step, and need not be
        # By the id of their frame. They are kept: freed while it runs, a generator takes the process with it.
        self.generators: dict[int, Any] = {}

    def holds(self, values: Iterable[Any]) -> bool:
        """Say whether one of these can be reached from the roots. Runs none of the program's code."""
        values = [value for value in values if _may_change(value)]
        if any(_is_of_a_module(value) for value in values):
            return True
        wanted = set(map(id, values))
        return self._find(lambda value: id(value) in wanted) is not None

    def has_generator(self, frame: FrameType, *, begins: bool) -> bool:
        """Say whether more than one thread may reach the generator that runs in a frame."""
        if begins or id(frame) not in self.generators:
            found = self._find(lambda value: type(value) is GeneratorType and value.gi_frame is frame)
            self.generators[id(frame)] = found
        return self.generators[id(frame)] is not None

    def _find(self, is_wanted: Callable[[Any], bool]) -> Any:
        """Give what is wanted where it hangs on the roots, MISSING where too much does, else None."""
        left, seen = list(self.roots), set[int]()
        while left and len(seen) < self.MOST:
            value = left.pop()
            if is_wanted(value):
                return value
            if id(value) in seen or isinstance(value, _DEAD_ENDS):
                continue
            seen.add(id(value))
            if isinstance(value, FunctionType):
                left += [*(value.__closure__ or ()), *(value.__defaults__ or ())]
            else:
                left += get_referents(value)
        return MISSING if left else None


def _is_of_a_module(value: Any) -> bool:
    """Say whether the module that made an object keeps it as well, as `os` keeps `os.environ`."""
    home = sys.modules.get(type(value).__module__)
    return home is not None and any(held is value for held in list(vars(home).values()))


def _given(frame: FrameType) -> Iterator[Any]:
    """Give the arguments of a frame that begins to run."""
    code = frame.f_code
    plain = code.co_argcount + code.co_kwonlyargcount
    values = variables(frame)
    yield from map(values.get, code.co_varnames[:plain])
    if code.co_flags & inspect.CO_VARARGS:
        yield from values.get(code.co_varnames[plain]) or ()
        plain += 1
    if code.co_flags & inspect.CO_VARKEYWORDS:
        yield from (values.get(code.co_varnames[plain]) or {}).values()


def _may_change(value: Any) -> bool:
    if type(value) is tuple:
        return any(map(_may_change, value))
    return not isinstance(value, _HARMLESS)


@cache
def _resolved(file: str) -> str:
    return str(Path(file).resolve())
