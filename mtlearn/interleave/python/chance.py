"""What differs from one run of a program to the next by itself, made the same: random numbers, `id()`, hashes.

Random numbers are drawn anew for each run, from the seed that its plan says. Objects are numbered in the order in
which somebody asks for their `id()` or their hash, so that neither tells where they lie in memory, and a set of them
has one order.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

Put = Callable[[Any, str, Any], None]

_hash_by_address: Any = object.__hash__
_real_urandom = os.urandom
_real_seed = random.Random.seed
_TEMPORARY = ("tempfile", "multiprocessing.shared_memory")  # their names are to be new, whatever the run
MOST = 2_000  # objects of before that are looked at
_DEPTH = 6  # frames of the library that may lie between
_FRESH_POSITION = 624  # of numpy's generator when nothing was drawn yet


class Chance:
    """The source of random numbers of the run that goes on, and the numbers of its objects."""

    rng = random.Random(0)
    first = 0  # what the library's own generator gives first
    drew = False
    numbers: dict[int, tuple[Any, int]] = {}  # by address: a reference, its number  # noqa: RUF012
    last = 0  # number given
    footprints: Any = None  # of the run: who comes first gets the lower number
    old: dict[int, Any] = {}  # by address: objects of before the exploration  # noqa: RUF012


def begin(seed: int) -> None:
    """Begin a run: its random numbers come from this seed."""
    Chance.drew = False
    Chance.numbers.clear()
    Chance.last = 0
    _real_seed(Chance.rng, seed)
    shared = _library_generator()
    _real_seed(shared, seed)
    Chance.first = shared.getrandbits(32)
    _real_seed(shared, seed)
    if (numpy := _numpy()) is not None:
        numpy.seed(seed % 2**32)


def drew() -> bool:
    """Say whether the run has drawn random numbers."""
    numpy = _numpy()
    if numpy is not None and numpy.get_state()[2] != _FRESH_POSITION:
        return True
    return Chance.drew or _library_generator().getrandbits(32) != Chance.first


def install(put: Put, modules: Iterable[ModuleType]) -> Callable[[], None]:
    """Put the models in place of the names of the library and of the program's modules; give what restores the rest."""
    state = random.getstate()
    numpy = _numpy()
    numpy_state = numpy.get_state() if numpy is not None else None
    put(os, "urandom", urandom)
    put(random, "_urandom", urandom)
    put(random, "seed", seed)
    put(random.Random, "seed", _seed)
    for name in ("_generate_time_safe", "_UuidCreate"):  # made in C
        if hasattr(uuid, name):
            put(uuid, name, None)
    classes = []
    for module in modules:
        names = vars(module)
        if "id" not in names:
            put(module, "id", number)
        home = names.get("__name__", "builtins")
        classes += [held for held in list(names.values()) if isinstance(held, type) and held.__module__ == home]
    plain = {cls for cls in classes if cls.__hash__ is _hash_by_address}
    # Objects of before may be in sets and dicts of the program's modules by their real hash.
    Chance.old = {id(each): each for each in _held(modules) if type(each) in plain} if plain else {}
    for cls in plain:
        put(cls, "__hash__", number)

    def restore() -> None:
        Chance.old = {}
        random.setstate(state)
        if numpy is not None:
            numpy.set_state(numpy_state)

    return restore


def _held(modules: Iterable[Any]) -> Iterator[Any]:
    """Give what the globals of modules hold, as far as `MOST` objects."""
    left = [value for module in modules for value in list(vars(module).values())]
    seen: set[int] = set()
    while left and len(seen) < MOST:
        value = left.pop()
        if id(value) not in seen and not isinstance(value, int | str | type | ModuleType | FunctionType):
            seen.add(id(value))
            yield value
            left += gc.get_referents(value)


def urandom(size: int) -> bytes:
    """Stand in for `os.urandom`."""
    if _names_what_is_temporary():
        return _real_urandom(size)
    Chance.drew = True
    return Chance.rng.randbytes(size)


def seed(a: Any = None, version: int = 2) -> None:
    """Stand in for `random.seed`."""
    _seed(_library_generator(), a, version)


def _seed(self: random.Random, a: Any = None, version: int = 2) -> None:
    if a is None and not _names_what_is_temporary():
        Chance.drew = True
        a = Chance.rng.getrandbits(64)
    _real_seed(self, a, version)


def number(value: Any) -> int:
    """Stand in for `id`, and for the hash of an object: its number, the same in every run."""
    if isinstance(value, int | float | str | bytes | type | ModuleType | type(None)):
        return id(value)
    if id(value) in Chance.old:
        return int(_hash_by_address(value))
    found = Chance.numbers.get(id(value))
    if found is not None and found[0]() is value:
        return found[1]
    mine = Chance.last = Chance.last + 16
    if Chance.footprints is not None:
        Chance.footprints.numbered()
    try:
        kept: Callable[[], Any] = weakref.ref(value)
    except TypeError:

        def kept() -> Any:
            return value

    Chance.numbers[id(value)] = (kept, mine)
    return mine


def _names_what_is_temporary() -> bool:
    frame: FrameType | None = sys._getframe(2)
    for _ in range(_DEPTH):
        if frame is None:
            return False
        if frame.f_globals.get("__name__") in _TEMPORARY:
            return True
        frame = frame.f_back
    return False


def _library_generator() -> random.Random:
    return random._inst


def _numpy() -> Any:
    return sys.modules.get("numpy.random")
