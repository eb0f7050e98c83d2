"""What is known of a class: whether it is the program's own, and what the library stores in its objects.

It is asked of hundreds of objects in each run of some thousand, and so worked out once for each class. A class that
has got another method since is asked about again.
"""

from __future__ import annotations

from dis import get_instructions
from types import FunctionType, SimpleNamespace
from typing import NamedTuple
from weakref import ref  # the real one: a program may replace the name

from mtlearn.interleave.python.library import Own


class Known(NamedTuple):
    """A class, which is not kept alive, how much it held when it was looked at, and whether it is the program's own."""

    cls: ref[type]
    size: int
    own: bool


class Classes:
    """The classes that one executor has met."""

    def __init__(self, stepped: Own) -> None:
        self.stepped = stepped
        self.known: dict[int, Known] = {}  # by address: a metaclass of the program's may say how its classes are hashed
        self.library_stores: dict[type, frozenset[str]] = {}

    def is_own(self, cls: type) -> bool:
        """Say whether a class is written in stepped Python, so that only seen stores change its objects."""
        known = self.known.get(id(cls))
        if known is None or known.cls() is not cls or known.size != len(vars(cls)):
            known = self.known[id(cls)] = Known(ref(cls), len(vars(cls)), self._is_own(cls))
        return known.own

    def _is_own(self, cls: type) -> bool:
        if cls is SimpleNamespace:
            return True
        functions = [f for f in vars(cls).values() if isinstance(f, FunctionType)]
        stepped = any(self.stepped(f.__code__, f.__globals__) for f in functions)
        return stepped or "__dataclass_fields__" in vars(cls)

    def stored_by_the_library(self, cls: type) -> frozenset[str]:
        """Give the names of attributes to which the library classes store from which a class is derived."""
        found = self.library_stores.get(cls)
        if found is None:
            functions = [getattr(value, "fset", value) for base in cls.__mro__ for value in list(vars(base).values())]
            found = self.library_stores[cls] = frozenset(
                each.argval
                for function in functions
                if isinstance(function, FunctionType)
                and function.__name__ not in ("__init__", "__new__")
                and not self.stepped(function.__code__, function.__globals__)
                for each in get_instructions(function.__code__)
                if each.opname in ("STORE_ATTR", "DELETE_ATTR")
            )
        return found
