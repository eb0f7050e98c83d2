"""What survives a message to a process? Send it, and let the worker say what it got.

    PYTHONPATH=lessons python lessons/lesson_03/clone_rules.py

A message between processes is pickled: turned into bytes here, and built anew from them there.
"""

import datetime
import multiprocessing
import signal
import sys
import threading
from multiprocessing.shared_memory import SharedMemory

from reporter import lane, params, row

setting = "the parent set this"


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def length(self):
        return (self.x**2 + self.y**2) ** 0.5


add_one = lambda x: x + 1  # noqa: E731 - a function without a name is what this is about
twice = ["twice"]
circle = ["circle"]
circle.append(circle)

# What is sent, and what the worker looks at.
PLAIN = {
    "Point with a method": (Point(3, 4), lambda it: f"{type(it).__name__}, length(): {it.length():g}"),
    "datetime": (datetime.datetime(1970, 1, 1), lambda it: f"{type(it).__name__} of {it.year}"),
    "dict": ({"a": 1}, lambda it: f"{type(it).__name__} with {len(it)} entry"),
    "IndexError": (IndexError("too far"), lambda it: f"{type(it).__name__}: {it}"),
    "list in itself": (circle, lambda it: "still in itself" if it[1] is it else "taken apart"),
    "one list, twice": ([twice, twice], lambda it: "one list, twice" if it[0] is it[1] else "two lists"),
    "function of a module": (len, lambda it: f"{it.__name__}([1, 2]) = {it([1, 2])}"),
    "lambda": (add_one, lambda it: f"{it}"),
    "generator": ((n for n in range(3)), lambda it: f"{it}"),
    "threading.Lock": (threading.Lock(), lambda it: f"{it}"),
}


def look(pipe):
    """The worker."""
    global setting
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    setting = "the worker changed it"
    for what, it in iter(pipe.recv, None):
        if what == "setting":
            pipe.send(setting)
        elif what in PLAIN:
            pipe.send(PLAIN[what][1](it))
        elif what == "shared memory":
            memory = SharedMemory(it)
            memory.buf[:8] = b"\7" * 8
            memory.close()
            pipe.send("8 bytes, filled with 7")
        else:
            it[:] = b"\7" * len(it)
            pipe.send(f"{len(it)} bytes, filled with 7")


# region send it, look what arrives
def send(pipe, what, it):
    try:
        pipe.send((what, it))  # <-
    except Exception as error:
        return {"arrived": "", "sender": type(error).__name__, "failed": type(error).__name__}
    return {"arrived": pipe.recv(), "sender": "", "failed": ""}


# endregion


def change_setting(seen):
    global setting
    lane(threading.get_native_id(), "thread")
    setting = "the worker changed it"
    seen.append(setting)


def main():
    spawn = multiprocessing.get_context("spawn")
    pipe, other = spawn.Pipe()
    worker = spawn.Process(target=look, args=(other,), daemon=True)
    worker.start()
    other.close()
    lane(threading.get_native_id(), "main")
    lane(worker.pid, "worker", worker.pid)

    for what, (it, _) in PLAIN.items():
        row(variant=what, **send(pipe, what, it))

    copied = bytearray(8)
    outcome = send(pipe, "buffer", copied)
    row(variant="buffer, copied", **(outcome | {"sender": f"the first byte is {copied[0]}"}), first=copied[0])

    memory = SharedMemory(create=True, size=8)
    try:
        outcome = send(pipe, "shared memory", memory.name)
        first = memory.buf[0]
        row(variant="buffer, shared", **(outcome | {"sender": f"the first byte is {first}"}), first=first)
    finally:
        memory.close()
        memory.unlink()

    row(variant="global variable", **(send(pipe, "setting", None) | {"sender": setting}))
    pipe.send(None)
    worker.join()

    seen = []
    thread = threading.Thread(target=change_setting, args=(seen,))
    thread.start()
    thread.join()
    row(variant="global variable, a thread", arrived=seen[0], sender=setting, failed="")


if __name__ == "__main__":
    try:
        main(**params())
    except KeyboardInterrupt:
        sys.exit(130)
