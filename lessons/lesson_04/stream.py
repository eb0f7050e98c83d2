"""Chat rooms spread over workers: messages arrive all the time. Does each room stay in order, and how late are they?

    PYTHONPATH=lessons python lessons/lesson_04/stream.py

Now and then somebody sends a picture, which takes a moment to store. Who is given the room's next message meanwhile?
"""

import math
import queue
import sys
import threading
import time
from dataclasses import dataclass

from reporter import lane, mark, now, params, row, span

ROOMS = 17  # a prime: in turn, no number of workers meets the same room again
EVERY_S = 0.005  # each room gets a message
PICTURE_S = 0.010  # to store a picture
STOP = None


@dataclass(frozen=True)
class Message:
    room: int
    number: int
    sent: float  # microseconds, as now() counts them

    @property
    def is_picture(self):
        return (3 * self.room + self.number) % 20 == 0


# Which worker gets message `number` of a room.
# region which worker gets a message
PLANS = {
    "a room stays with its worker": lambda room, number, workers: room % workers,
    "each message to the next worker": lambda room, number, workers: (number * ROOMS + room) % workers,  # <-
}
# endregion


def work(inbox, screen):
    for message in iter(inbox.get, STOP):
        start = now()
        if message.is_picture:
            time.sleep(PICTURE_S)
        screen.put((message, threading.get_native_id(), start, now()))


def send(plan, inboxes, count):
    for number in range(count):
        time.sleep(EVERY_S)
        for room in range(ROOMS):
            inboxes[PLANS[plan](room, number, len(inboxes))].put(Message(room, number, now()))
        mark("sent", threading.get_native_id(), scene=plan)


def watch(screen, count, seen):
    """Look at the messages in the order in which they come."""
    for _ in range(ROOMS * count):
        seen.append((*screen.get(), now()))


def stream(plan, threads, count):
    """Let every room get `count` messages, and look at what comes back."""
    inboxes, screen, seen = [queue.SimpleQueue() for _ in range(threads)], queue.SimpleQueue(), []
    workers = [threading.Thread(target=work, args=(inbox, screen), daemon=True) for inbox in inboxes]
    watcher = threading.Thread(target=watch, args=(screen, count, seen), daemon=True)
    for thread in (*workers, watcher):
        thread.start()
    for worker in workers:
        lane(worker.native_id, "worker")
    send(plan, inboxes, count)
    watcher.join()
    for inbox in inboxes:
        inbox.put(STOP)
    for worker in workers:
        worker.join()

    overtaken, last = 0, [-1] * ROOMS
    for message, thread, start, end, _ in seen:
        overtaken += message.number < last[message.room]
        last[message.room] = max(last[message.room], message.number)
        name, state = ("picture", "waiting") if message.is_picture else ("text", "running")
        span(name, thread, start, end, state=state, scene=plan)
    latencies = sorted(shown - message.sent for message, _, _, _, shown in seen)
    p50, p95, p99 = (latencies[math.ceil(p / 100 * len(latencies)) - 1] * 1000 for p in (50, 95, 99))
    row(variant=plan, threads=[worker.native_id for worker in workers], messages=len(seen), overtaken=overtaken,
        p50=p50, p95=p95, p99=p99)  # fmt: skip


def main(threads, messages):
    lane(threading.get_native_id(), "main")
    for plan in PLANS:
        stream(plan, threads, messages)


if __name__ == "__main__":
    try:
        main(**params(threads=3, messages=40))
    except KeyboardInterrupt:
        sys.exit(130)
