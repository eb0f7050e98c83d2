"""What does it cost to hand data to a process and get it back: copied or shared?

    PYTHONPATH=lessons python lessons/lesson_03/copy.py

v1 copies: the message is pickled into a pipe, and so is the answer. v2 shares: both see the same bytes of shared
memory, and the worker changes them in place.
"""

import json
import multiprocessing
import signal
import statistics
import sys
import threading
import time
from multiprocessing.shared_memory import SharedMemory

from reporter import lane, now, params, row, span

KIB, MIB = 1024, 1024 * 1024
SIZES = {"1 KiB": KIB, "64 KiB": 64 * KIB, "1 MiB": MIB, "64 MiB": 64 * MIB}
OBJECTS = 5_000
TRIPS = 12  # of a round with them: some 100 ms of work


def change(pipe):
    """The worker: change the first byte, and give everything back the way it came."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    shared = None
    for how, data in iter(pipe.recv, None):
        answer = "done"
        if how == "copied":
            data[0] += 1
            answer = data
        elif how == "objects":
            answer = data
        elif how == "JSON":
            answer = json.dumps(json.loads(data))
        elif how == "here it is":
            shared = SharedMemory(data)  # handed over by its name
        elif how == "shared":
            shared.buf[0] += 1
        elif how == "let go":
            shared.close()
        elif how == "your clock":
            answer = time.process_time_ns()
        pipe.send(answer)


def trip(pipe, how, times, data, read=lambda answer: answer):
    """Send and wait for the answer, several times: medians (µs) of the whole trip and of the send; the last answer."""
    trips, sends, answer = [], [], None
    # region there and back
    for _ in range(times):
        start = now()
        pipe.send((how, data()))  # <-
        sent = now()
        answer = read(pipe.recv())
        trips.append(now() - start)
        # endregion
        sends.append(sent - start)
        span(how, threading.get_native_id(), start, sent)
    return statistics.median(trips), statistics.median(sends), answer


def by_size(pipe):
    for variant, size in SIZES.items():
        times = 1 if size > MIB else 15 if size == MIB else 51
        often = max(times, 15)  # what is cheap can be done often
        original = bytearray(size)
        copied, blocked, answer = trip(pipe, "copied", times, lambda original=original: original)

        memory = SharedMemory(create=True, size=size)
        try:
            pipe.send(("here it is", memory.name))
            pipe.recv()
            shared, _, _ = trip(pipe, "shared", often, lambda: None)
            pipe.send(("let go", None))
            pipe.recv()
            seen = memory.buf[0]
        finally:
            memory.close()
            memory.unlink()
        row(variant=variant, bytes=size, copied_ns=round(copied * 1000), shared_ns=round(shared * 1000),
            blocked_ns=round(blocked * 1000), factor=round(copied / shared, 1),
            original=original[0], answered=answer[0], seen=seen, changes=often)  # fmt: skip


def as_objects_or_text(pipe):
    """Processor time tells, which a busy machine does not stretch: the medians of three rounds, in turn."""
    objects = [{"id": i, "name": f"item {i}", "price": i / 7, "tags": ["a", "b"]} for i in range(OBJECTS)]
    ways = {
        "as they are": lambda: trip(pipe, "objects", TRIPS, lambda: objects),
        "as JSON": lambda: trip(pipe, "JSON", TRIPS, lambda: json.dumps(objects), json.loads),
    }
    rounds = {how: [] for how in ways}
    for _ in range(3):
        for how, go in ways.items():
            before = cpu_of_both(pipe)
            copied, blocked, _ = go()
            rounds[how].append((copied * 1000, blocked * 1000, (cpu_of_both(pipe) - before) / TRIPS))
    for how, measured in rounds.items():
        copied, blocked, cpu = (round(statistics.median(cell)) for cell in zip(*measured, strict=True))
        row(variant=f"{OBJECTS:,} objects, {how}", copied_ns=copied, blocked_ns=blocked, cpu_ns=cpu)


def cpu_of_both(pipe):
    """The processor time (ns) that this process and the worker have taken so far."""
    pipe.send(("your clock", None))
    return time.process_time_ns() + pipe.recv()


def main():
    spawn = multiprocessing.get_context("spawn")
    pipe, other = spawn.Pipe()
    worker = spawn.Process(target=change, args=(other,), daemon=True)
    worker.start()
    other.close()
    lane(worker.pid, "worker", worker.pid)
    trip(pipe, "copied", 51, lambda: bytearray(KIB))  # the first ones warm up
    by_size(pipe)
    as_objects_or_text(pipe)
    pipe.send(None)
    worker.join()


if __name__ == "__main__":
    try:
        main(**params())
    except KeyboardInterrupt:
        sys.exit(130)
