"""Many threads and processes log. Who writes the lines, what does a line cost, and which are lost?

    PYTHONPATH=lessons python lessons/lesson_10/log_lines.py

Every line is one JSON object with the id of the thread it comes from. (A script must not be called logging.py: its
folder comes first on sys.path, so it would hide the module it needs.)
"""

import atexit
import contextvars
import itertools
import json
import logging
import multiprocessing
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from multiprocessing.connection import wait
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from reporter import params, row, skip

current_request = contextvars.ContextVar("current_request", default=None)
numbers = itertools.count()


class JsonLine(logging.Formatter):
    """A record as one JSON object on one line."""

    def format(self, record):
        line = {"time": record.created, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps({**line, "thread": record.native_id, "request": record.request})


def note_context(record):
    """Whose record it is: this runs where the line is logged, whoever writes it later."""
    record.native_id, record.request = threading.get_native_id(), current_request.get()
    return True


def logger_to(handler):
    logger = logging.getLogger(f"demo {next(numbers)}")  # each has one handler
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addFilter(note_context)
    logger.addHandler(handler)
    return logger


def file_handler(file, kind=logging.FileHandler, **options):
    handler = kind(file, encoding="utf-8", **options)
    handler.setFormatter(JsonLine())
    return handler


class SlowFileHandler(logging.FileHandler):
    """Each line takes 2 ms, as over a network; the first also as long as it takes to connect."""

    connect_s = 0.0

    def emit(self, record):
        time.sleep(self.connect_s + 0.002)
        self.connect_s = 0.0
        super().emit(record)


def lines_in(*files):
    return [json.loads(line) for file in files if file.exists() for line in file.read_text("utf-8").splitlines()]


def told(variant, threads, sent, arrived, **more):
    row(variant=variant, threads=threads, lines=sent, arrived=len(arrived), lost=sent - len(arrived), **more)


# ---- many threads, one file


def log_job(logger):
    logger.info("job done")


def many_threads(variant, file, threads, lines, make_logger, handler):
    """Threads log through a queue; one more takes the lines out of it and writes them."""
    waiting = queue.SimpleQueue()
    listener = QueueListener(waiting, handler)
    listener.start()
    logger, took = make_logger(logger_to(QueueHandler(waiting))), []
    together = threading.Barrier(threads)

    def work():
        # region a thread that logs
        together.wait()
        for _ in range(lines):
            start = perf_counter_ns()
            log_job(logger)  # <-
            took.append(perf_counter_ns() - start)
        # endregion

    crew = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    listener.stop()  # what is in the queue is written first
    handler.close()
    arrived = lines_in(file)
    told(variant, [thread.native_id for thread in crew], threads * lines, arrived, ns_per_line=round(median(took)),
         seen=sorted({line["thread"] for line in arrived}))  # fmt: skip


def with_structlog(logger):
    import structlog

    def note_thread(logger, method, event):
        return {**event, "thread": threading.get_native_id(), "request": current_request.get()}

    processors = [structlog.processors.TimeStamper(), structlog.processors.add_log_level, note_thread]
    return structlog.wrap_logger(logger, [*processors, structlog.processors.JSONRenderer()])


# ---- a slow handler, a fast one


def handlers(folder, kind, name, lines):
    """The same lines, written at once and through a queue: how long does who logs wait for each?"""
    for way in ("at once", "through a queue"):
        file = folder / f"{name} {way}"
        handler, waiting = file_handler(file, kind), queue.SimpleQueue()
        listener = QueueListener(waiting, handler)
        listener.start()
        logger, took = logger_to(handler if way == "at once" else QueueHandler(waiting)), []
        for _ in range(lines):
            start = perf_counter_ns()
            log_job(logger)
            took.append(perf_counter_ns() - start)
        listener.stop()
        handler.close()
        told(f"{name}, {way}", [threading.get_native_id()], lines, lines_in(file), ns_per_line=round(median(took)))


# ---- two processes, one file


def fixed_record():
    """Records of one length, so that it is known when a file is full."""
    values = {"created": 1.5, "native_id": 1, "request": None}
    return logging.makeLogRecord({"levelname": "INFO", "msg": "job done", **values})


def write(handler, lines):
    for _ in range(lines):
        handler.handle(fixed_record())


def rotating(file, lines):
    """After so many lines the file is renamed, and a new one is begun. One old file is kept."""
    size = len(JsonLine().format(fixed_record())) + 1
    return file_handler(file, RotatingFileHandler, maxBytes=lines * size + 1, backupCount=1)


def write_to_file(pipe, lines, file):
    """One of two processes that have the same file open, which is full."""

    def rename(source, destination):
        pipe.send("it is full")
        pipe.recv()
        os.replace(source, destination)

    handler = rotating(file, 2 * lines)
    handler.rotator = rename
    write(handler, lines)


class PipeHandler(QueueHandler):
    """Puts its records into a pipe, as a QueueHandler puts them into a queue."""

    def enqueue(self, record):
        self.queue.send(record)


def write_to_pipe(pipe, lines, file):
    """One of two processes that send their lines to somebody who writes them."""
    write(PipeHandler(pipe), lines)


def two_processes(variant, work, file, lines):
    """A file is filled with lines; then two processes log half as many each, and the full file is to be kept."""
    handler = rotating(file, 2 * lines)
    write(handler, 2 * lines)
    pipes, crew = [], []
    for _ in range(2):
        ours, theirs = context.Pipe()
        crew.append(context.Process(target=work, args=(theirs, lines, file), daemon=True))
        crew[-1].start()
        pipes.append(ours)
        theirs.close()  # the process has its own
    if work is write_to_file:  # bad luck is arranged: both see that the file is full, and then both rename it
        for pipe in pipes:
            pipe.recv()
        for pipe, process in zip(pipes, crew, strict=True):
            pipe.send("go on")
            process.join()
    while work is write_to_pipe and pipes:
        for pipe in wait(pipes):
            try:
                handler.handle(pipe.recv())
            except EOFError:
                pipes.remove(pipe)
    handler.close()
    arrived = lines_in(file, file.with_name(f"{file.name}.1"))
    told(variant, [process.pid for process in crew], 4 * lines, arrived)


# ---- the end of a program


def ends(how, file, lines):
    """A program that logs, and ends by sys.exit()."""
    handler = file_handler(file, SlowFileHandler)
    handler.connect_s = 0.5
    if how == "at once":
        logger = logger_to(handler)
    else:
        waiting = queue.SimpleQueue()
        listener = QueueListener(waiting, handler)
        listener.start()
        logger = logger_to(QueueHandler(waiting))
        if how == "through a queue, stopped":
            atexit.register(listener.stop)
    for _ in range(lines):
        log_job(logger)
    sys.exit()


def programs_that_end(folder, lines):
    ways = ("through a queue", "through a queue, stopped", "at once")
    command = [sys.executable, __file__, "ends"]
    running = [(how, subprocess.Popen([*command, how, folder / f"ends {how}", str(lines)])) for how in ways]
    try:
        for how, process in running:
            process.wait()
            told(f"sys.exit(), {how}", [process.pid], lines, lines_in(folder / f"ends {how}"))
    finally:
        for _, process in running:
            process.kill()


# ---- whose line is it?


def requests(file):
    """A request is served; its lines come from a thread of a pool that was there before."""
    handler = file_handler(file)
    logger = logger_to(handler)
    with ThreadPoolExecutor(1) as pool:
        thread = pool.submit(threading.get_native_id).result()
        current_request.set("r-7")
        pool.submit(log_job, logger).result()
        pool.submit(contextvars.copy_context().run, log_job, logger).result()
    handler.close()
    variants = ("request r-7, in a pool's thread", "request r-7, its context sent along")
    for variant, line in zip(variants, lines_in(file), strict=True):
        told(variant, [thread], 1, [line], request=line["request"] or "none")


def main(threads, lines):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = f"{threads} threads, one queue, "
        file = folder / "logging"
        many_threads(many + "logging", file, threads, lines, lambda logger: logger, file_handler(file))
        if find_spec("structlog"):
            file = folder / "structlog"
            many_threads(many + "structlog", file, threads, lines, with_structlog, logging.FileHandler(file))
        else:
            skip(many + "structlog", "the package structlog is not installed there", get="pip install structlog")
        handlers(folder, SlowFileHandler, "a slow handler", lines // 5)
        handlers(folder, logging.FileHandler, "a fast handler", lines)
        two_processes("2 processes, one file", write_to_file, folder / "beside", lines)
        two_processes("2 processes, one writer", write_to_pipe, folder / "through a pipe", lines)
        programs_that_end(folder, lines // 5)
        requests(folder / "requests")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ends"]:
        ends(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a polite end: the folder and the processes go, too
    try:
        main(**params(threads=4, lines=250))
    except KeyboardInterrupt:
        sys.exit(130)
