"""The Python executor: runs a program of real threads once under a plan."""

from __future__ import annotations

import gc
import inspect
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

from mtlearn.interleave.executor import Execution, Plan
from mtlearn.interleave.python import chance
from mtlearn.interleave.python.carriers import Carriers
from mtlearn.interleave.python.control import Control
from mtlearn.interleave.python.library import Reach
from mtlearn.interleave.python.locations import is_nowhere
from mtlearn.interleave.python.modules import modules_of, namespaces
from mtlearn.interleave.python.objects import finalises
from mtlearn.interleave.python.patches import Patches
from mtlearn.interleave.python.run import Run
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.tracing import tracer
from mtlearn.interleave.python.watch import Watch
from mtlearn.interleave.trace import Runtime, thread_name

WITHOUT_GIL = "without the GIL, threads also meet within what is one step here; a Python that has it decides"


class PythonExecutor:
    """Runs `threads` over a fresh state from `setup`, then `observe(state)`, under plans.

    `observe` gives a JSON value once all threads have ended. The code of `files`, of the given callables and
    of everything outside the standard library, site-packages and mtlearn is stepped through, and of the library what
    works on objects that may change (see `library`); of a wrapper (`__wrapped__`), what it wraps.
    With `stepwise` every step that a trace tells is a decision, even where only one thread can go on.
    Use it as a context manager: names of the standard library are replaced from `open` to `close`.
    """

    runtime: Runtime = "python"
    batch = 1

    def __init__(
        self,
        setup: Callable[[], Any],
        threads: Sequence[Callable[[Any], Any]],
        observe: Callable[[Any], Any],
        *,
        files: Iterable[str] = (),
        stepwise: bool = False,
    ) -> None:
        self.setup, self.targets, self.observe = setup, list(threads), observe
        callables = [setup, *self.targets, observe]
        functions = [function for each in callables if (function := _function_of(each)) is not None]
        codes = [function.__code__ for function in functions]
        homes = [function.__globals__ for function in functions if is_nowhere(function.__code__.co_filename)]
        own = {*map(str, files), *(code.co_filename for code in codes if not is_nowhere(code.co_filename))}
        reach = Reach(own, homes)
        self.watch = Watch(reach, stepwise=stepwise)
        modules = modules_of(own, callables, reach.own_file)
        modules += namespaces(homes, modules)
        for code in self._codes(modules, codes):
            self.watch.expect_stores(code)
        self.patches = Patches(callables, modules)
        self.modules = modules
        self.watch.tells = not stepwise and not finalises(modules)
        self.tracer = tracer(self.watch)
        self.opened = False
        self.runs = 0
        self.carriers = Carriers()
        self.python_threads: list[tuple[threading.Thread, dict[str, Any]]] = []
        self.left: list[str] = []  # what could not be ended
        self.spent = False  # one of them keeps a processor busy

    def _codes(self, modules: list[ModuleType], codes: list[CodeType]) -> list[CodeType]:
        """Give the code of the given callables' modules: their functions and methods."""
        files = {code.co_filename for code in codes}
        found = list(codes)
        for module in modules:
            if getattr(module, "__file__", None) not in files and hasattr(module, "__file__"):
                continue
            for value in list(vars(module).values()):
                members = list(vars(value).values()) if isinstance(value, type) else [value]
                for member in members:
                    for part in (member, getattr(member, "fget", None), getattr(member, "fset", None)):
                        function = _function_of(part)
                        if function is not None and function.__code__.co_filename in files:
                            found.append(function.__code__)
        return found

    def __enter__(self) -> PythonExecutor:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Put the models in place."""
        if self.opened:
            return
        if Control.scheduler is not None:
            raise RuntimeError("another exploration is running in this process")
        self.opened = True
        Control.home = threading.get_ident()
        self.collecting = gc.isenabled()
        gc.disable()  # a collection in the middle of a run would call finalisers in some thread
        gc.freeze()  # those between runs look at what runs have made, not at every module
        try:
            self.carriers.open()
            self.patches.install(self.collecting)
            self.tracer.install()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Put every name back."""
        if not self.opened:
            return
        self.opened = False
        self.carriers.close()
        self.tracer.remove()
        self.patches.remove()
        gc.unfreeze()
        if self.collecting:
            gc.enable()

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan once, in order, lazily."""
        self.open()
        for plan in plans:
            yield self.run_once(plan)

    def run_once(self, plan: Plan) -> Execution:
        """Run the program once."""
        if not getattr(sys, "_is_gil_enabled", lambda: True)():
            return Execution((), "uncontrolled", reason=WITHOUT_GIL)
        self.runs += 1
        if self.runs % 256 == 0:
            gc.collect()
        self.watch.learn(plan.watched)
        self.patches.fresh()
        chance.begin(plan.numbers)
        scheduler = Scheduler(plan, self.watch, len(self.targets), self.carriers)
        self.watch.decisions.begin(scheduler.shared)
        run = Run(self, scheduler, plan)
        Control.scheduler = scheduler
        chance.Chance.footprints = scheduler.footprints
        try:
            execution = run.go()
            if self.watch.unknown is None:
                return execution
            version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
            reason = f"{version} is not known to this version: nobody knows what its {self.watch.unknown} touches"
            return replace(execution, ending="uncontrolled", reason=reason)
        finally:
            Control.scheduler = None
            chance.Chance.footprints = None
            self.carriers.reuse()
            if scheduler.grown or plan.detail:
                self.tracer.refresh()

    def state_name(self, state: Any) -> str:
        """Name the state as the given callables do, else after its class; not if it only holds names."""
        if isinstance(state, dict | SimpleNamespace):
            return ""
        for function in (*self.targets, getattr(self.observe, "__wrapped__", self.observe)):
            if (known := _function_of(function)) is not None:
                code = known.__code__
                if code.co_argcount and code.co_varnames[0] not in ("self", "_"):
                    return code.co_varnames[0]
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(state).__name__.lstrip("_")).lower()

    def python_thread(self, index: int) -> threading.Thread:
        """Give the `threading.Thread` that a given thread finds itself to be; made once, as new for each run."""
        while len(self.python_threads) <= index:
            thread = threading.Thread(name=thread_name(len(self.python_threads)), daemon=False)
            thread._started._flag = True  # type: ignore[attr-defined]
            self.python_threads.append((thread, dict(vars(thread))))
        thread, new = self.python_threads[index]
        vars(thread).clear()
        vars(thread).update(new)
        return thread


def _function_of(function: Any) -> FunctionType | None:
    function = inspect.unwrap(function)
    function = getattr(function, "func", function)  # functools.partial
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType):
        function = getattr(type(function), "__call__", None)  # noqa: B004 - not asked, taken
    return function if isinstance(function, FunctionType) else None
