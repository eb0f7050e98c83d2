"""What happens to messages that nobody reads? And what keeps a sender from drowning the receiver?

    PYTHONPATH=lessons python lessons/lesson_04/flood.py

The receiver is a thread that is busy until it is let go. Then it reads everything, so that we see what arrived.
"""

import queue
import sys
import threading

import psutil
from reporter import now, params, row, span

KILOBYTES = 10  # of one message
BOUND = 100  # messages that the bounded queue holds
STOP = None


def receive(line, gate, received):
    gate.wait()  # busy with something else
    for _ in iter(line.get, STOP):
        received.append(1)


def send(variant, line, count):
    """Put `count` messages into the line, which makes the sender wait when it is full. Gives the row."""
    gate, received = threading.Event(), []
    receiver = threading.Thread(target=receive, args=(line, gate, received), daemon=True)
    receiver.start()
    most_waiting = most_memory = 0
    before, start = psutil.Process().memory_info().rss, now()
    # region a sender that may have to wait
    for sent in range(count):
        if line.full():
            gate.set()  # it may read: here the sender waits for the receiver
        line.put(str(sent).ljust(KILOBYTES * 1000))  # <-
        # endregion
        most_waiting = max(most_waiting, line.qsize())
        if sent % 500 == 499:
            most_memory = max(most_memory, psutil.Process().memory_info().rss - before)
    end = now()
    gate.set()
    line.put(STOP)
    receiver.join()
    thread = threading.get_native_id()
    span(variant, thread, start, end)
    return {"variant": variant, "threads": [thread, receiver.native_id], "sent": count, "received": len(received),
            "waiting": most_waiting, "memory": most_memory, "ns_sending": (end - start) * 1000}  # fmt: skip


def main(messages):
    # The careful one first: memory that the other has used and given back would hide what this one takes.
    careful = send(f"Queue({BOUND})", queue.Queue(BOUND), messages)
    row(**send("Queue(), nobody reads", queue.Queue(), messages))
    row(**careful)


if __name__ == "__main__":
    try:
        main(**params(messages=20_000))
    except KeyboardInterrupt:
        sys.exit(130)
