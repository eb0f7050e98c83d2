"""What Python measures with, each tool once, in the main thread and in another.

PYTHONPATH=lessons python lessons/lesson_10/marks.py
"""

import asyncio
import logging
import threading
import time

from reporter import params, row


def work(seconds):
    """Work of so many seconds of processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def clocks(where):
    """Three clocks around 20 ms of work and 20 ms of sleep."""
    # region 20 ms of work, 20 ms of sleep
    wall, cpu, process = time.perf_counter_ns(), time.thread_time_ns(), time.process_time_ns()
    work(0.02)  # <-
    time.sleep(0.02)
    # endregion
    took = {
        "perf_counter_ns, the wall": time.perf_counter_ns() - wall,
        "thread_time_ns, this thread's CPU": time.thread_time_ns() - cpu,
        "process_time_ns, all threads' CPU": time.process_time_ns() - process,
    }
    for tool, ns in took.items():
        row(variant=f"{where}: {tool}", threads=[threading.get_native_id()], took_ns=ns, entries=1)


class Told(logging.Handler):
    """Keeps what asyncio's debug mode logs of slow callbacks."""

    def __init__(self):
        super().__init__()
        self.slow = 0

    def emit(self, record):
        self.slow += "took" in record.getMessage()


def debug_mode():
    told = Told()
    logger = logging.getLogger("asyncio")
    logger.addHandler(told)

    async def main():
        loop = asyncio.get_running_loop()
        loop.slow_callback_duration = 0.01
        begun = time.perf_counter_ns()
        loop.call_soon(work, 0.03)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return time.perf_counter_ns() - begun

    took = asyncio.run(main(), debug=True)
    logger.removeHandler(told)
    row(variant="asyncio's debug mode", threads=[threading.get_native_id()], took_ns=took, entries=told.slow)


if __name__ == "__main__":
    params()
    clocks("main")
    other = threading.Thread(target=clocks, args=("thread",))
    other.start()
    other.join()
    debug_mode()
