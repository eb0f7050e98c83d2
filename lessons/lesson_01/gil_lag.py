"""How late does an event loop wake up beside a thread that calculates? As late as the GIL's switch interval.

    PYTHONPATH=lessons python lessons/lesson_01/gil_lag.py

In a CPython with a GIL one thread at a time runs Python code. A thread that wants the GIL asks the one that has it
to let go only after the switch interval: 5 ms, unless somebody sets it. The loop pays that price at every wake-up.
"""

import asyncio
import statistics
import sys
import threading

from reporter import now, params, row, span

NAP = 1_000  # µs that the loop sleeps each time


# region a thread that calculates, a loop that naps
def calculate(stop):
    while not stop.is_set():
        sum(range(100))


async def lags(naps):
    """How much later than asked the loop woke up (µs), once for each nap."""
    late = []
    for _ in range(naps):
        start = now()
        await asyncio.sleep(NAP / 1e6)  # <-
        late.append(now() - start - NAP)
    return late


# endregion


async def measure(variant, interval_ms, naps, beside):
    before = sys.getswitchinterval()
    sys.setswitchinterval(interval_ms / 1000)
    stop = threading.Event()
    thread = threading.Thread(target=calculate, args=(stop,), daemon=True)
    try:
        if beside:
            thread.start()
        start = now()
        late = await lags(naps)
        end = now()
    finally:
        stop.set()
        sys.setswitchinterval(before)
    threads = [threading.get_native_id()]
    span(f"loop: {variant}", threads[0], start, end)
    if beside:
        thread.join()
        threads.append(thread.native_id)
        span(f"calculates: {variant}", thread.native_id, start, end)
    row(variant=variant, threads=threads, interval_ns=interval_ms * 1e6, naps=naps,
        median_ns=round(statistics.median(late) * 1000), worst_ns=round(max(late) * 1000))  # fmt: skip


async def main(naps):
    await measure("nobody calculates", 5, naps, beside=False)
    await measure("switch interval 50 ms", 50, max(naps // 4, 5), beside=True)
    await measure("switch interval 5 ms", 5, naps, beside=True)
    await measure("switch interval 0.5 ms", 0.5, naps, beside=True)


if __name__ == "__main__":
    try:
        asyncio.run(main(**params(naps=60)))
    except KeyboardInterrupt:
        sys.exit(130)
