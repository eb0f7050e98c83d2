"""How the library's code is treated when a program calls it: stepped through, taken for one step, or told as left out.

What is taken for one step without a word runs on the models of locks, threads and files, is what the interpreter and
its tools are made of, or keeps nothing between two calls that a thread could see change. Of the rest, what it would
take too long to step through is told.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from dis import get_instructions, opmap
from enum import Enum
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any


class Treatment(Enum):
    """What becomes of a function of the library that the program calls."""

    STEPPED = "stepped through where it is called with what threads share"
    ALWAYS = "stepped through: it works on what every thread shares, such as files"
    TOLD = "one step, and told where it is called with what threads share"
    ONCE = "stepped through where it is called with what threads share; told otherwise: the process has it once"
    WHOLE = "one step"


STEPPED, ALWAYS, TOLD, ONCE, WHOLE = Treatment

STANDARD = tuple(
    str(Path(path).resolve()) + "/" for path in {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
)
INSTALLED = tuple(
    str(Path(path).resolve()) + "/" for path in {sysconfig.get_path(name) for name in ("purelib", "platlib")}
)
OURS = str(Path(__file__).resolve().parents[2]) + "/"

# Modules that are not simply stepped through; a function of one may be treated in another way, see below.
_MODULES = {
    # It waits on the models, and what it keeps it changes under their locks.
    **dict.fromkeys(
        ("asyncio", "concurrent", "logging", "multiprocessing", "queue", "signal", "socket", "sqlite3", "subprocess",
         "threading"),
        WHOLE,
    ),
    # The interpreter and its tools.
    **dict.fromkeys(
        ("_pytest", "_strptime", "abc", "bdb", "cProfile", "contextlib", "contextvars", "coverage", "ctypes",
         "dataclasses", "dis", "encodings", "enum", "functools", "hypothesis", "importlib", "inspect", "io", "IPython",
         "ipykernel", "linecache", "mtlearn", "numpy.core", "numpy._core", "opcode", "pdb", "pkgutil", "pluggy",
         "pytest", "runpy", "site", "sysconfig", "token", "tokenize", "traceback", "types", "typing", "xdist"),
        WHOLE,
    ),
    # Functions of their arguments alone, but for those that ask about a file, see below.
    **dict.fromkeys(
        ("genericpath", "ntpath", "os", "posixpath", "re", "sre_compile", "sre_parse", "stat", "warnings"), WHOLE
    ),
    # Whose objects keep much, and are rarely shared.
    **dict.fromkeys(
        ("argparse", "code", "codeop", "doctest", "gettext", "locale", "ssl", "tempfile", "unittest"), TOLD
    ),
    # On files, in several calls of the system.
    **dict.fromkeys(("glob", "shutil"), ALWAYS),
}  # fmt: skip

# By how their names begin; the longest tells.
_FUNCTIONS = {
    # What `@contextmanager` makes keeps only whether it was entered; the program's own generator is stepped anyway.
    "contextlib._GeneratorContextManager.__enter__": STEPPED,
    "contextlib._BaseExitStack.": STEPPED,
    "contextlib.ExitStack.": STEPPED,
    "contextlib.AsyncExitStack.": STEPPED,
    "contextlib._RedirectStream.__e": ONCE,  # `sys.stdout`
    "contextlib.chdir.__e": ONCE,  # the folder of the process
    "dataclasses._asdict_inner": STEPPED,
    "dataclasses._astuple_inner": STEPPED,
    "dataclasses.asdict": STEPPED,
    "dataclasses.astuple": STEPPED,
    "dataclasses._replace": STEPPED,
    "dataclasses.replace": STEPPED,
    "functools.cached_property.": STEPPED,
    "genericpath.exists": ALWAYS,
    "genericpath.get": ALWAYS,
    "genericpath.is": ALWAYS,
    "genericpath.lexists": ALWAYS,
    "genericpath.samefile": ALWAYS,
    "inspect.getmembers": TOLD,
    "logging.Filterer.addFilter": TOLD,  # those who log look at these without a lock
    "logging.Filterer.removeFilter": TOLD,
    "logging.Handler.setFormatter": TOLD,
    "logging.Logger.addHandler": TOLD,
    "logging.Logger.removeHandler": TOLD,
    "logging.config.": ONCE,
    "multiprocessing.pool.Pool.close": TOLD,  # who gives it work looks without a lock whether it was closed
    "multiprocessing.pool.Pool.terminate": TOLD,
    "os._Environ.": STEPPED,
    "os._fwalk": ALWAYS,
    "os._walk": ALWAYS,
    "os.fwalk": ALWAYS,
    "os.makedirs": ALWAYS,
    "os.removedirs": ALWAYS,
    "os.renames": ALWAYS,
    "os.walk": ALWAYS,
    "pathlib.Path.": ALWAYS,
    "posixpath.ismount": ALWAYS,
    "posixpath.lexists": ALWAYS,
    "re.Scanner.": STEPPED,
    "socket.socket.close": STEPPED,
    "socket.socket.detach": STEPPED,
    "socket.socket.makefile": STEPPED,
    "socket.socket._decref_socketios": STEPPED,
    "tempfile.mk": WHOLE,  # their names are new, whatever the order
    "tempfile.gettemp": WHOLE,
    "tempfile._": WHOLE,
    "tempfile.NamedTemporaryFile": WHOLE,
    "tempfile.TemporaryFile": WHOLE,
    "tempfile.TemporaryDirectory": WHOLE,
    "threading.Thread.name": STEPPED,
    "threading.Thread.daemon": STEPPED,
    "unittest.mock.": STEPPED,
    "unittest.mock._patch.__e": ONCE,
    "warnings._add_filter": ONCE,
    "warnings.catch_warnings.__e": ONCE,
    "warnings.filterwarnings": ONCE,
    "warnings.resetwarnings": ONCE,
    "warnings.simplefilter": ONCE,
}


@cache
def treatment(code: CodeType) -> Treatment:
    """Say how code that is not the program's own is treated."""
    module = module_of(code.co_filename)
    return treatment_of(module, code.co_qualname) if module else WHOLE


def treatment_of(module: str, name: str = "") -> Treatment:
    """Say how a function of a module is treated, or its functions in general."""
    # `pathlib` and others became packages in later versions: what is behind an underscore is no part of the name.
    whole = ".".join(part for part in module.split(".") if not part.startswith("_")) or module
    for known in (module, whole):
        begun = [begin for begin in _FUNCTIONS if f"{known}.{name}".startswith(begin)]
        if name and begun:
            return _FUNCTIONS[max(begun, key=len)]
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if found := _MODULES.get(".".join(parts[:length])):
            return found
    return STEPPED


@cache
def module_of(file: str) -> str:
    """Give the name of the library's module that a file holds, "" where it is none."""
    if file.startswith("<frozen "):
        return file.removeprefix("<frozen ").removesuffix(">")
    if file.startswith("<"):
        return ""
    file = str(Path(file).resolve())
    home = next((path for path in (*INSTALLED, *STANDARD) if file.startswith(path)), None)
    if home is None or file.startswith(OURS):
        return ""
    path = file.removeprefix(home).removeprefix("site-packages/").removesuffix(".py").removesuffix("/__init__")
    return path.replace("/", ".")


def keeps(code: CodeType, names: dict[str, Any]) -> bool:
    """Say whether a function uses what functions of its module (its globals) set anew, as a cache made when needed."""
    kept = _kept.get(id(names))
    if kept is None:
        kept = _kept[id(names)] = frozenset(_set_in(names))
    return not kept.isdisjoint(code.co_names)


_kept: dict[int, frozenset[str]] = {}  # by the id of a module's globals
_SETS = opmap["STORE_GLOBAL"]


def _set_in(names: dict[str, Any]) -> Iterator[str]:
    home = names.get("__name__")
    for value in list(names.values()):
        members = list(vars(value).values()) if isinstance(value, type) and value.__module__ == home else [value]
        for member in members:
            function = getattr(member, "__func__", member)
            if isinstance(function, FunctionType) and function.__globals__ is names:
                yield from _set_by(function.__code__)


def _set_by(code: CodeType) -> Iterator[str]:
    if _SETS in code.co_code[::2]:
        yield from (each.argval for each in get_instructions(code) if each.opcode == _SETS)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _set_by(constant)
