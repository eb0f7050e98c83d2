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
from multiprocessing.shared_memory import SharedMemory

from reporter import lane, now, params, row, span

KIB, MIB = 1024, 1024 * 1024
SIZES = {"1 KiB": KIB, "64 KiB": 64 * KIB, "1 MiB": MIB, "64 MiB": 64 * MIB}
OBJECTS = 5_000


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
    objects = [{"id": i, "name": f"item {i}", "price": i / 7, "tags": ["a", "b"]} for i in range(OBJECTS)]
    pickled, text = [], []  # in turn, and the fastest of each: so both meet the same moments of a busy machine
    for _ in range(15):
        pickled.append(trip(pipe, "objects", 1, lambda: objects)[:2])
        text.append(trip(pipe, "JSON", 1, lambda: json.dumps(objects), json.loads)[:2])
    for how, trips in (("as they are", pickled), ("as JSON", text)):
        fastest, sending = min(trips)
        row(variant=f"{OBJECTS:,} objects, {how}", copied_ns=round(fastest * 1000), blocked_ns=round(sending * 1000))


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
