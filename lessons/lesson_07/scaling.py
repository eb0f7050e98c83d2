"""How many workers does a job want? The same job with none, one, two, as many as there are cores, and twice as many.

    PYTHONPATH=lessons python lessons/lesson_07/scaling.py

The job throws random points at a square and counts those in the circle, which gives pi. It comes in parts of one size:
the first ones must be done by the main process alone, before it can hand out the others. Each number of workers is
tried three times, in turn with the others, and the best time counts: what else the machine does only makes it longer.
"""

import multiprocessing
import os
import sys
import time
from collections import deque
from multiprocessing.connection import wait

from reporter import ctrl_c_ignored, lane, now, params, row, span

ALONE, HANDED_OUT = 3, 24  # parts
PART_S = 0.01
ROUNDS = 3
PATIENCE = 2_000_000  # µs: after so long, no further round is begun


def inside(seed, points):
    """How many of the points are in the circle; who found out, and from when to when."""
    start, found = now(), 0
    for _ in range(points):
        seed = (seed * 1664525 + 1013904223) % 2**32  # a random number, for this much
        x = seed / 2**32
        seed = (seed * 1664525 + 1013904223) % 2**32
        y = seed / 2**32
        found += x * x + y * y < 1
    return found, os.getpid(), start, now()


def work(pipe):
    """A worker: parts come in, answers go out, until the other side is gone."""
    try:
        pipe.send("ready")
        while True:
            pipe.send(inside(*pipe.recv()))
    except (EOFError, OSError):
        pass


def start_worker():
    pipe, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,), daemon=True)
    with ctrl_c_ignored():
        process.start()
    theirs.close()
    pipe.recv()  # it is ready
    return process, pipe


def run(pipes, points):
    """The whole job, by so many workers: every part's answer."""
    parts = deque((seed, points) for seed in range(ALONE + HANDED_OUT))
    answers = [inside(*parts.popleft()) for _ in range(ALONE)]
    busy = set()
    for pipe in pipes[: len(parts)]:
        pipe.send(parts.popleft())
        busy.add(pipe)
    # region hand out the parts
    while busy:
        for pipe in wait(busy):
            answers.append(pipe.recv())
            if parts:
                pipe.send(parts.popleft())  # whoever is done gets the next one  # <-
            else:
                busy.remove(pipe)
    # endregion
    return answers + [inside(*part) for part in parts]  # nobody was there to take them


def memory(*processes):
    """Bytes of these processes, what they share counted once; None without the package psutil."""
    try:
        import psutil  # only here: the workers do without
    except ImportError:
        return None
    told = [psutil.Process(process).memory_full_info() for process in processes]
    return sum(getattr(each, "pss", each.uss) for each in told)


def tell(workers, took, answers, alone, cores, extra):
    """A row: how much faster than without workers it was, and how much faster Amdahl's law lets it be."""
    variant = "no worker" if not workers else "1 worker" if workers == 1 else f"{workers} workers"
    times = [end - start for *_, start, end in answers]
    share = ALONE / len(answers)
    for number, (_, process, start, end) in enumerate(answers):
        lane(process, "main" if process == os.getpid() else "worker", process)
        span("alone" if number < ALONE else "part", process, start, end, process, scene=variant)
    ids = {process for _, process, *_ in answers[ALONE:]}
    row(variant=variant, threads=sorted(ids), workers=workers, cores=cores, took_ns=round(took * 1000),
        speed_up=alone / took, amdahl=1 / (share + (1 - share) / max(workers, 1)), bytes=extra,
        inside=sum(found for found, *_ in answers), best_ns=round(min(times) * 1000),
        mean_ns=round(sum(times) / len(times) * 1000))  # fmt: skip


def calibrate():
    """How many points a part has."""
    points, times = 5_000, []
    for _ in range(5):
        start = time.process_time()
        inside(0, points)
        times.append(time.process_time() - start)
    return round(points * PART_S / min(times))


def main():
    params()
    points, cores = calibrate(), allowed_cores()
    counts = sorted({0, 1, 2, min(cores, 16), min(2 * cores, 16)})
    workers, extra = [], {0: None}
    before = memory(os.getpid())
    for count in range(1, counts[-1] + 1):
        workers.append(start_worker())
        if count in counts:
            ids = [process.pid for process, _ in workers]
            extra[count] = None if before is None else max(0, memory(os.getpid(), *ids) - before)
    best, begin = {}, now()
    for number in range(ROUNDS):
        if number and now() - begin > PATIENCE:
            break
        for count in counts:
            start = now()
            answers = run([pipe for _, pipe in workers[:count]], points)
            best[count] = min(best.get(count, (float("inf"), None)), (now() - start, answers))
    for process, pipe in workers:
        pipe.close()
        process.join()
    for count, (took, answers) in best.items():
        tell(count, took, answers, best[0][0], cores, extra[count])


def allowed_cores():
    """The cores this process may use; os.cpu_count() counts those that are forbidden, too."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
