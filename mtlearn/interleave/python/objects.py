"""Names for the objects that threads share: numbers, the same in every run, by the order in which set-up's are met."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from gc import get_referents
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any

from mtlearn.interleave.python.locations import IMMUTABLE, MISSING, PLAIN

MOST = 400  # objects that are looked at
# By address, since comparing classes may run code of the program's: the classes of what holds nothing to be named.
_HOLD_NOTHING = {id(cls) for cls in (*IMMUTABLE, type, ModuleType, CodeType, BuiltinFunctionType) if cls is not tuple}
_DEAD_ENDS = (type, ModuleType, FunctionType, CodeType, str, int)
_PLAIN = set(map(id, PLAIN))


class Objects:
    """The objects of the program's own that hang on what threads are given, and the plain containers they hold.

    names    their numbers, by address
    foreign  containers that the library has as well, by address
    """

    def __init__(self, is_own: Callable[[type], bool]) -> None:
        self.is_own = is_own
        self.names: dict[int, int] = {}
        self.foreign: set[int] = set()
        self.kept: list[Any] = []  # so that no address is used again

    def name(self, roots: Iterable[Any]) -> bool:
        """Name what hangs on these; False where that is too much."""
        left = deque(roots)
        names, kept = self.names, self.kept
        seen: set[int] = set()
        while left and len(names) < MOST:
            value = left.popleft()
            cls = type(value)
            if id(cls) in _HOLD_NOTHING or id(value) in seen:
                continue
            if cls is FunctionType and value.__closure__ is None and value.__defaults__ is None:
                continue
            seen.add(id(value))
            if cls is tuple:
                kept.append(value)
            elif id(value) in self.foreign:
                continue
            elif id(cls) in _PLAIN or self.is_own(cls):
                names[id(value)] = len(names)
                kept.append(value)
            elif cls is not FunctionType and cls is not CellType:
                if not isinstance(value, type | ModuleType | CodeType) and cls.__module__ != "builtins":
                    self._find_foreign(value)
                continue
            left.extend(_held(value, cls))
        return not left

    def _find_foreign(self, value: Any) -> None:
        """Note which containers an object of the library holds: it changes them without a word."""
        left, seen = [value], set[int]()
        while left and len(seen) < MOST:
            value = left.pop()
            if id(value) in seen or isinstance(value, _DEAD_ENDS):
                continue
            seen.add(id(value))
            if id(type(value)) in _PLAIN:
                self.foreign.add(id(value))
                self.names.pop(id(value), None)
                self.kept.append(value)
            left += get_referents(value)


def _held(value: Any, cls: type) -> Iterator[Any]:
    """Give what a value holds that may be named."""
    if cls is dict:
        yield from list(value.values())[:MOST]
    elif cls in (list, tuple, deque):
        yield from list(value)[:MOST]
    elif cls is FunctionType:
        yield from value.__closure__ or ()
        yield from value.__defaults__ or ()
    elif cls is CellType:
        try:
            yield value.cell_contents
        except ValueError:  # it is empty
            return
    elif cls is not set:
        yield from list(getattr(value, "__dict__", {}).values())
        for base in cls.__mro__:
            for slot in list(vars(base).values()):
                if isinstance(slot, MemberDescriptorType) and (held := _slot(slot, value)) is not MISSING:
                    yield held


def _slot(slot: MemberDescriptorType, value: Any) -> Any:
    try:
        return slot.__get__(value)
    except AttributeError:
        return MISSING


def finalises(modules: Iterable[Any]) -> bool:
    """Say whether a program looks at when its objects die: then nothing of it may be kept alive."""
    for module in modules:
        for value in list(vars(module).values()):
            if isinstance(value, ModuleType) and value.__name__ in ("weakref", "gc"):
                return True
            if getattr(value, "__module__", "") in ("weakref", "gc", "_weakref"):
                return True
            if isinstance(value, type) and "__del__" in vars(value):
                return True
    return False
