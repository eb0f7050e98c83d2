"""Many gradings at once: Dask places them, on this machine or on a cluster that stands already."""

from __future__ import annotations

import logging
import queue
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from mtlearn.classroom.task import Graded, Task, begin, end_all, grade
from mtlearn.errors import ExitCode, MtlearnError

TOPIC = "mtlearn-class"
HERE = "127.0.0.1:0"
CONNECT_S = 5.0
SILENT = logging.CRITICAL + 1  # what Dask logs when work is broken off says nothing to a teacher
LOOK_S = 1.0  # how often somebody who watches is told


@dataclass(frozen=True)
class Engine:
    """Where gradings run.

    slots      how many at once on this machine
    scheduler  the address of a Dask scheduler to use instead: "tcp://host:8786"
    patience   seconds for which a scheduler may be away
    """

    slots: int
    scheduler: str | None = None
    patience: float = 600.0
    notice: Callable[[str], None] = lambda text: None
    clock: Callable[[], float] = time.monotonic

    def graded(
        self, tasks: Mapping[str, Task], look: Callable[[Mapping[str, float]], None]
    ) -> Generator[tuple[str, Graded], None, None]:
        """Each task with what came of it, as they come. `look` is told each second what runs, and since when.

        Raises MtlearnError when Dask is not installed, or the scheduler cannot be reached.
        """
        if self.scheduler is not None and not re.fullmatch(r"(tcp|tls)://\[?[\w.:-]+\]?:\d+", self.scheduler):
            raise MtlearnError(
                f"`{self.scheduler}` is no address of a scheduler.",
                "It is not like tcp://HOST:8786, or tls://HOST:8786.",
                "Give the address that `dask scheduler` shows when it starts.",
            )
        left = dict(tasks)
        connected, gone = False, None
        while left:
            try:
                with self._client() as client:
                    connected = True
                    if gone is not None:
                        self.notice("The scheduler is there again.")
                    gone = None
                    for key, outcome in _results(client, left, look, self.notice):
                        del left[key]
                        yield key, outcome
            except _Gone as error:
                now = self.clock()
                if not connected:
                    raise self._unreachable(error) from error
                if gone is None:
                    gone = now
                    self.notice(f"The scheduler {self.scheduler} is gone; {len(left)} files wait for it to come back.")
                if now - gone > self.patience:
                    raise self._unreachable(error) from error
                time.sleep(min(2.0, self.patience / 10))

    def _unreachable(self, error: Exception) -> MtlearnError:
        return MtlearnError(
            f"The scheduler {self.scheduler} cannot be reached.",
            f"{error}.",
            "Start one: dask scheduler, and on each machine: dask worker tcp://HOST:8786. What was graded is kept.",
            ExitCode.ENVIRONMENT,
        )

    @contextmanager
    def _client(self) -> Iterator[Any]:
        dask, distributed = _dask()
        logging.getLogger("distributed").setLevel(SILENT)
        quiet = {"distributed.logging.distributed": "critical", "distributed.worker.profile.enabled": False}
        with dask.config.set(quiet):
            if self.scheduler is None:
                with _embedded(dask, distributed, self.slots) as client:
                    yield client
                return
            try:
                client = distributed.Client(self.scheduler, timeout=CONNECT_S, set_as_default=False)
            except (OSError, TimeoutError) as error:
                raise _Gone(_short(error)) from error
            try:
                yield client
            finally:
                with suppress(Exception):  # a scheduler that is gone is no longer told
                    client.close(timeout=2)


@contextmanager
def _embedded(dask: Any, distributed: Any, slots: int) -> Iterator[Any]:
    """A scheduler and a worker in this process: the files themselves run in processes of their own."""
    from mtlearn.system.temporary import TemporaryFolder

    with (
        TemporaryFolder() as folder,
        dask.config.set({"temporary-directory": str(folder)}),
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=slots,
            processes=False,
            dashboard_address=HERE,  # Dask always serves its state over HTTP: to nobody but this machine
            worker_dashboard_address=HERE,
            memory_limit=0,
            local_directory=str(folder),
            silence_logs=SILENT,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        begin()
        try:
            yield client
        finally:
            end_all()  # of no effect where all are done


class _Gone(Exception):
    """The scheduler does not answer."""


def _results(
    client: Any,
    tasks: Mapping[str, Task],
    look: Callable[[Mapping[str, float]], None],
    notice: Callable[[str], None],
) -> Generator[tuple[str, Graded], None, None]:
    """What comes back for each task, from one connection. Raises _Gone when that breaks."""
    began: dict[str, float] = {}
    client.subscribe_topic(TOPIC, lambda event: began.setdefault(event[1], time.monotonic()))
    run = time.time_ns()  # the keys of an earlier run are no results of this one
    asked = client.map(_graded, list(tasks.values()), key=[f"{key}-{run}" for key in tasks], pure=False)
    waiting: dict[Any, str] = dict(zip(asked, tasks, strict=True))
    del asked
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for future in waiting:
        future.add_done_callback(done.put)
    alone = False
    while waiting:
        look(began)
        try:
            future = done.get(timeout=LOOK_S)
        except queue.Empty:
            if client.status != "running":
                raise _Gone("The connection broke") from None
            nobody = not client.scheduler_info()["workers"]
            if nobody and not alone:
                notice("The scheduler has no worker; waiting for one: dask worker ADDRESS")
            alone = nobody
            continue
        if future.status not in ("finished", "error"):
            raise _Gone("The connection broke")
        try:
            outcome = _outcome(future)
        except (CancelledError, OSError) as error:  # the verdict was still on its way
            raise _Gone("The connection broke") from error
        key = waiting.pop(future)  # nobody holds the future any more: Dask forgets the file
        began.pop(key, None)
        yield key, outcome


def _outcome(future: Any) -> Graded:
    from distributed import KilledWorker

    error = future.exception()
    if error is None:
        graded: Graded = future.result()
        return graded
    if isinstance(error, KilledWorker):
        return Graded(problem="every worker that graded it died")
    return Graded(problem=f"its worker could not grade it ({_short(error)})")


def _graded(asked: Task) -> Graded:
    """What runs on a worker: it tells that it begins."""
    from distributed import get_worker

    get_worker().log_event(TOPIC, asked.key)
    return grade(asked)


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _dask() -> tuple[Any, Any]:
    """Dask and its distributed part. Raises MtlearnError when they are not installed."""
    try:
        import dask
        import distributed
    except ImportError as error:
        raise MtlearnError(
            "A class is graded by Dask, which is not installed.",
            f"There is no module {error.name}.",
            "pip install 'mtlearn[class]'",
            ExitCode.ENVIRONMENT,
        ) from error
    return dask, distributed
