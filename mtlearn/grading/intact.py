"""Whether the library's own functions are still what they were: a learner's file may have replaced some.

What a check sees through a replaced `time.sleep` or `threading.Thread.start` proves nothing. Names that are added,
and hooks that exist to be set, are the file's own affair; so is what it puts back before it returns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

# What runs a scenario, tells of it and explores it.
_RELIED_ON = ("builtins", "_thread", "threading", "time", "queue", "json", "json.encoder", "json.decoder", "os", "sys",
              "functools", "importlib", "linecache", "traceback")  # fmt: skip
_MEANT_TO_BE_SET = {"sys.excepthook", "sys.unraisablehook", "sys.displayhook", "sys.breakpointhook",
                    "threading.excepthook", "json.encoder.JSONEncoder.default", "builtins.print", "builtins.input",
                    "builtins.help", "builtins.exit", "builtins.quit"}  # fmt: skip


class Machinery:
    """The functions, classes and methods that a check relies on, as they are now."""

    def __init__(self) -> None:
        self._modules = {name: sys.modules[name] for name in _RELIED_ON if name in sys.modules}
        self._names = [entry for name, module in self._modules.items() for entry in _names(name, module)]

    def replaced(self) -> list[str]:
        """The names that are not what they were."""
        found = [name for name, module in self._modules.items() if sys.modules.get(name) is not module]
        for owner, name, value, told in self._names:
            if owner.__dict__.get(name) is not value:
                found.append(told)
        return found


def _names(prefix: str, module: ModuleType) -> Iterator[tuple[Any, str, Any, str]]:
    for name, value in vars(module).items():
        told = f"{prefix}.{name}"
        if name.startswith("_") or not callable(value) or told in _MEANT_TO_BE_SET:
            continue
        yield module, name, value, told
        if isinstance(value, type) and value.__module__ == module.__name__ != "builtins":
            for member, function in vars(value).items():
                whole = f"{told}.{member}"
                if (callable(function) or isinstance(function, property)) and whole not in _MEANT_TO_BE_SET:
                    yield value, member, function, whole
