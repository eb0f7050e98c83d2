"""Putting the models in place of the standard library's names, and every name back afterwards."""

from __future__ import annotations

import _thread
import asyncio
import asyncio.log
import concurrent.futures._base as futures
import concurrent.futures.thread as pool
import gc
import itertools
import logging
import os
import queue
import random
import sched
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from types import BuiltinMethodType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from mtlearn.interleave.python import (
    between_threads,
    chance,
    clock,
    loop_models,
    made,
    outside,
    primitives,
    standard_input,
    uncontrolled,
)
from mtlearn.interleave.python.control import scheduled
from mtlearn.interleave.python.worker import Abort

_LOCK_TYPES = (_thread.LockType, type(_thread.RLock()))

# Every replacement of a name that programs may have imported under their own: original -> model
_REPLACED: dict[int, Any] = {}
_KEPT: list[Any] = []


def _pair(original: Any, model: Any) -> None:
    _REPLACED[id(original)] = model
    _KEPT.append(original)


_pair(_thread.allocate_lock, primitives.allocate_lock)
_pair(threading.Lock, primitives.Lock if isinstance(threading.Lock, type) else primitives.allocate_lock)
_pair(threading.RLock, primitives.reentrant_lock)
_pair(_LOCK_TYPES[0], primitives.Lock)
_pair(_LOCK_TYPES[1], primitives.RLock)
_pair(queue.SimpleQueue, primitives.SimpleQueue)
_pair(threading.enumerate, primitives.all_threads)
_pair(os.urandom, chance.urandom)
_pair(random.seed, chance.seed)
_pair(asyncio.as_completed, loop_models.as_completed)
for _module, _name, _model in (*clock.MODELS, *made.MODELS, *outside.MODELS, *between_threads.MODELS):
    _pair(getattr(_module, _name), _model)


def _start_new_thread(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any = None) -> int:
    scheduler, me = scheduled()
    if scheduler is None or me is None:
        return _real_start_new_thread(function, args, kwargs or {})
    worker = scheduler.new_worker()
    worker.daemon = True
    worker.background = me is scheduler.main
    scheduler.shared.roots += [function, args, kwargs]
    scheduler.footprints.starts(me.index, worker.index, function)
    scheduler.launch(worker, lambda: function(*args, **(kwargs or {})))
    scheduler.changed(me)
    return worker.index + 1


def _run_work_item(item: Any, *context: Any) -> None:
    """Run a task of a ThreadPoolExecutor; stop before a function of C, in which nothing else would stop."""
    if hasattr(item, "task"):  # since Python 3.14
        function, *rest = item.task
        item.task = (_stopping(function), *rest)
    else:
        item.fn = _stopping(item.fn)
    _real_run_work_item(item, *context)


def _stopping(function: Callable[..., Any]) -> Callable[..., Any]:
    return function if isinstance(function, FunctionType | MethodType) else _stop_before(function)


def _stop_before(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            scheduler.pause(me)
            scheduler.changed(me)
        return function(*arguments, **named)

    return call


_real_run_work_item = pool._WorkItem.run
_real_start_new_thread = _thread.start_new_thread


def _numbered(real_init: Callable[..., None]) -> Callable[..., None]:
    """Number the objects of a class as they are made, for `_hash`."""

    def init(self: Any, *arguments: Any, **named: Any) -> None:
        self.__dict__["_mtlearn_number"] = next(_numbers)
        real_init(self, *arguments, **named)

    return init


def _hash(self: Any) -> int:
    """Hash by number: the library keeps threads and futures in sets, which addresses would order."""
    number: int | None = self.__dict__.get("_mtlearn_number")
    return object.__hash__(self) if number is None else number


def _acquire_futures(self: Any, futures: Iterable[Any]) -> None:
    self.futures = sorted(futures, key=hash)  # the library sorts by address


def _tell_unraisable(real_hook: Callable[[Any], object], told: Any) -> None:
    """Say nothing of a finaliser or callback that was ended with its run."""
    if not isinstance(told.exc_value, Abort):
        real_hook(told)


_numbers = itertools.count()
_queues_of_pools: Any = pool._threads_queues


class Patches:
    """The models in place, from `install` to `remove`."""

    def __init__(self, roots: Iterable[Any], modules: Iterable[ModuleType]) -> None:
        """Take the callables and modules in which locks and names made earlier are replaced as well."""
        self.roots = list(roots)
        self.modules = list(modules)
        self.undo: list[Callable[[], None]] = []
        self.locks: dict[int, tuple[Any, primitives.Mutex, bool]] = {}

    def install(self, collecting: bool = True) -> None:
        """Put every model in its place; `collecting` says whether the program is to see the collector on."""
        try:
            self._library()
            if "sqlite3" in sys.modules:  # it is not loaded for programs that have no use for it
                self._replace(import_module("mtlearn.interleave.python.databases").MODELS)
            self._replace(standard_input.models())
            real_hook, own_hook = sys.unraisablehook, partial(_tell_unraisable, sys.unraisablehook)
            for name in ("unraisablehook", "__unraisablehook__"):
                if getattr(sys, name) is real_hook:
                    self._set(sys, name, own_hook)
            self._set(gc, "isenabled", lambda: collecting)
            self.undo.append(chance.install(self._set, self.modules))
            for module in self.modules:
                self._walk(vars(module), 5)
            for root in self.roots:
                self._walk(root, 5)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Put every original back."""
        while self.undo:
            self.undo.pop()()
        made.remove()
        _queues_of_pools.clear()
        _queues_of_pools.update(self.queues)

    def fresh(self) -> None:
        """Set the locks that outlive a run to what they were before the first."""
        for _, lock, held in self.locks.values():
            lock.held, lock.holder = held, None
            if isinstance(lock, primitives.RLock):
                lock.count = int(held)
        _queues_of_pools.clear()
        (threading.excepthook,) = primitives.ThreadMethods.usual_hooks
        loop_models.Numbers.begin()
        outside.fifos.clear()
        made.remove()
        global _numbers
        _numbers = itertools.count()
        # Names that count up would differ from run to run.
        threading._counter = itertools.count(1).__next__  # type: ignore[attr-defined]
        pool.ThreadPoolExecutor._counter = itertools.count().__next__  # type: ignore[attr-defined]

    def _set(self, owner: Any, name: str, value: Any) -> None:
        if name in vars(owner):
            before = vars(owner)[name]
            self.undo.append(lambda: setattr(owner, name, before))
        else:
            self.undo.append(lambda: delattr(owner, name))
        setattr(owner, name, value)

    def _set_defaults(self, function: Any, defaults: tuple[Any, ...]) -> None:
        before = function.__defaults__  # an attribute, but no entry of vars(function)
        self.undo.append(lambda: setattr(function, "__defaults__", before))
        function.__defaults__ = defaults

    def _replace(self, models: Iterable[tuple[ModuleType, str, Any]]) -> None:
        for module, name, model in models:
            _pair(vars(module)[name], model)
            self._set(module, name, model)

    def _library(self) -> None:
        self.queues = dict(_queues_of_pools)
        for module, names in (
            (threading, ("Lock", "RLock")),
            (queue, ("SimpleQueue",)),
            (_thread, ("allocate_lock", "LockType", "RLock", *({"lock"} & vars(_thread).keys()))),
        ):
            for name in names:
                self._set(module, name, _REPLACED[id(vars(module)[name])])
        models = (clock.MODELS, loop_models.MODELS, made.MODELS, outside.MODELS, between_threads.MODELS)
        for owner, name, model in itertools.chain(*models):
            self._set(owner, name, model)
        for function, defaults in between_threads.FILES:
            self._set_defaults(function, defaults)
        self._set(threading, "_allocate_lock", primitives.Waiter)
        self._set(threading, "_counter", threading._counter)  # type: ignore[attr-defined]
        self._set(pool.ThreadPoolExecutor, "_counter", pool.ThreadPoolExecutor._counter)  # type: ignore[attr-defined]
        self._set(threading, "_time", clock.library_time)
        self._set(queue, "time", clock.library_time)
        self._set_defaults(sched.scheduler.__init__, (clock.monotonic, clock.sleep))
        self._set(pool, "_global_shutdown_lock", primitives.Lock())
        self._set(_thread, "start_new_thread", _start_new_thread)
        primitives.ThreadMethods.usual_hooks = (threading.excepthook,)
        self._set(threading, "excepthook", threading.excepthook)  # the program may set its own
        for name in ("start", "join", "is_alive"):
            self._set(threading.Thread, name, getattr(primitives.ThreadMethods, name))
        self._set(threading, "enumerate", primitives.all_threads)
        self._set(threading, "active_count", lambda: len(primitives.all_threads()))
        for handler in [ref() for ref in logging._handlerList]:  # type: ignore[attr-defined]
            self._visit(handler, 2, set())  # its lock
        self._set(logging, "_lock", primitives.RLock())
        self._set(pool._WorkItem, "run", _run_work_item)
        for cls in (threading.Thread, futures.Future):
            self._set(cls, "__init__", _numbered(vars(cls)["__init__"]))
            self._set(cls, "__hash__", _hash)
        self._set(futures._AcquireFutures, "__init__", _acquire_futures)
        self._set(asyncio.log.logger, "disabled", True)  # of tasks that are unwound, and of those nobody asks
        self._set(futures.LOGGER, "disabled", True)  # it would tell of each idle worker that is unwound
        for owner, name, model in uncontrolled.models():
            self._set(owner, name, model)

    # Names and locks that the program made before

    def _walk(self, value: Any, depth: int) -> None:
        self._visit(value, depth, set())

    def _visit(self, value: Any, depth: int, seen: set[int]) -> None:
        if depth == 0 or id(value) in seen or len(seen) > 20_000:
            return
        seen.add(id(value))
        if type(value) is dict:
            self._visit_items(list(value.items()), value.__setitem__, depth, seen)
        elif type(value) in (list, deque):
            self._visit_items(list(enumerate(value)), value.__setitem__, depth, seen)
        elif type(value) in (tuple, set, frozenset):
            for held in list(value):
                self._visit(held, depth - 1, seen)
        elif isinstance(value, FunctionType):
            for cell in value.__closure__ or ():
                try:
                    held = cell.cell_contents
                except ValueError:
                    continue
                self._visit_items(
                    [("", held)],
                    partial(_fill, cell),
                    depth,
                    seen,
                )
            for default in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()):
                self._visit(default, depth - 1, seen)
            if isinstance(wrapped := value.__dict__.get("__wrapped__"), FunctionType):
                self._visit(wrapped, depth, seen)
        elif isinstance(value, MethodType):
            self._visit(value.__self__, depth, seen)
            self._visit(value.__func__, depth, seen)
        elif isinstance(value, staticmethod | classmethod):
            self._visit(value.__func__, depth, seen)
        elif isinstance(value, property):
            for function in (value.fget, value.fset):
                self._visit(function, depth, seen)
        elif isinstance(value, type):
            if sys.modules.get(value.__module__) in self.modules:
                names = [(n, v) for n, v in vars(value).items() if n not in ("__dict__", "__weakref__")]
                self._visit_items(names, lambda name, new: setattr(value, name, new), depth, seen)
        elif not isinstance(value, ModuleType):
            try:
                own = object.__getattribute__(value, "__dict__")
            except AttributeError:
                own = None
            if type(own) is dict:
                self._visit_items(list(own.items()), own.__setitem__, depth, seen)
            for cls in type(value).__mro__:
                slots = vars(cls).get("__slots__", ())
                for name in (slots,) if isinstance(slots, str) else slots:
                    if hasattr(value, name):
                        self._visit_items(
                            [(name, getattr(value, name))],
                            lambda name, new: object.__setattr__(value, name, new),
                            depth,
                            seen,
                        )

    def _visit_items(
        self, items: list[tuple[Any, Any]], put: Callable[[Any, Any], Any], depth: int, seen: set[int]
    ) -> None:
        for key, held in items:
            model = self._model(held)
            if model is not None:
                put(key, model)
                self.undo.append(partial(put, key, held))
            elif not isinstance(held, int | float | str | bytes | type(None)):
                self._visit(held, depth - 1, seen)

    def _model(self, value: Any) -> Any:
        """Give what stands in for a value: a lock, a bound method of one, a name of the library; or None."""
        if isinstance(value, _LOCK_TYPES):
            return self._lock(value)
        if isinstance(value, BuiltinMethodType) and (
            isinstance(value.__self__, _LOCK_TYPES) or _is_sem(value.__self__)
        ):
            return getattr(self._lock(value.__self__), value.__name__, None)
        if type(value).__module__ == "multiprocessing.synchronize" and _is_sem(sem := value._semlock):
            return self._lock(sem)
        return _REPLACED.get(id(value))

    def _lock(self, real: Any) -> primitives.Mutex:
        found = self.locks.get(id(real))
        if found is None:
            reentrant = isinstance(real, _LOCK_TYPES[1]) or (_is_sem(real) and real.kind == 0)
            lock: primitives.Mutex = primitives.RLock() if reentrant else primitives.Lock()
            held = real.locked() if isinstance(real, _LOCK_TYPES[0]) else False
            found = self.locks[id(real)] = (real, lock, held)
            lock.held = held
        return found[1]


def _is_sem(value: Any) -> bool:
    """Say whether this is what a lock of multiprocessing, not a semaphore, is made of."""
    return type(value).__name__ == "SemLock" and value.maxvalue == 1


def _fill(cell: CellType, _key: Any, value: Any) -> None:
    cell.cell_contents = value
