"""What is done with a learner's BufferPool: one thread that plays a list of steps, several threads, a process."""

import contextlib
import gc
import multiprocessing
import sys
import time
from multiprocessing.shared_memory import SharedMemory

import exercise

from mtlearn.grading import segments
from mtlearn.grading.scenario import Scenario
from mtlearn.grading.stateful.play import Play, Stuck, alone, attempt, refusal

NAMES = ["BufferPool"]

sys.unraisablehook = lambda told: None  # a pool that is dropped without being closed complains, a line for each run


def refused(work, *arguments):
    """What the call raised, or nothing."""
    came = attempt(work, *arguments)
    return came if "raised" in came else {}


def lend(pool, *limit, **named):
    """What acquire gives, and that in words: `lent`, what else it `gave`, or what it raised."""
    try:
        buffer = pool.acquire(*limit, **named)
    except Exception as error:
        return None, refusal(error)
    if isinstance(buffer, memoryview):
        return buffer, {"lent": True}
    return None, {"gave": "None" if buffer is None else f"a {type(buffer).__name__}"}


# ---- one thread


class PoolPlay(Play):
    """The steps that can be played on a pool. Every buffer that is lent gets the next number."""

    def __init__(self, count, size):
        super().__init__()
        self.pool = exercise.BufferPool(count, size)
        self.buffers, self.lent = [], set()

    def step(self, what, *how):
        try:
            seen = super().step(what, *how)
        except (IndexError, ValueError) as error:  # of this file: there is no such buffer, or it is dead
            raise Stuck from error
        return {**seen, "contents": {number: self.bytes_of(number) for number in sorted(self.lent)}}

    def told(self):
        tidy(self.pool, [self.buffers[number] for number in self.lent])
        return {}

    def bytes_of(self, number):
        try:
            return list(bytes(self.buffers[number]))
        except Exception as error:
            return refusal(error)["raised"]

    def acquire(self):
        buffer, came = lend(self.pool, 0)
        if buffer is None:
            return came
        if any(self.buffers[number] is buffer for number in self.lent):
            return {"again": True}
        self.buffers.append(buffer)
        self.lent.add(len(self.buffers) - 1)
        view = "gave a memoryview that cannot be written." if buffer.readonly else None
        return {**came, "view": view, "bytes": buffer.nbytes}

    def write(self, number, byte):
        def fill(buffer):
            with buffer.cast("B") as view:
                view[:] = bytes([byte]) * len(view)

        return refused(fill, self.buffers[number])

    def release(self, number):
        came = refused(self.pool.release, self.buffers[number])
        if not came:
            self.lent.discard(number)
        return came

    def release_again(self, number):
        """Only where it can be told from the buffer that is lent now: a pool may hand out the same object again."""
        if any(self.buffers[other] is self.buffers[number] for other in self.lent):
            return {"same": True}
        return refused(self.pool.release, self.buffers[number])

    def release_slice(self, number):
        with self.buffers[number][:] as view:
            return refused(self.pool.release, view)

    def release_twin(self, number):
        return refused(self.pool.release, memoryview(bytearray(self.buffers[number])))

    def release_copy(self, number):
        return refused(self.pool.release, bytes(self.buffers[number]))

    def close(self):
        return refused(self.pool.close)


def playing(count, size, steps):
    """One thread plays a script."""
    return alone(lambda play: play.play(steps), lambda: PoolPlay(count, size))


def tidy(pool, buffers=()):
    """Give everything back, whatever comes of it."""
    for buffer in buffers:
        refused(pool.release, buffer)
    refused(pool.close)


def leaving(count, size, lends):
    """What is in shared memory while a pool is open, and when it is closed."""

    def work(_):
        before, known = segments.made(), [id(block) for block in blocks()]
        pool = exercise.BufferPool(count, size)
        for _ in range(lends):  # more often than there are buffers, so that each is used again
            buffer = pool.acquire(0)
            buffer[0] = 1
            pool.release(buffer)
        opened = [block.size for block in blocks() if id(block) not in known]
        closed = refused(pool.close)
        again = refused(pool.close)
        del buffer
        gc.collect()
        here = segments.open_here(before)
        return {"opened": opened, "closed": closed, "again": again, "left": segments.left(before), "here": here}

    return alone(work)


def blocks():
    """The blocks of shared memory that this process has open."""
    found = (block for block in gc.get_objects() if issubclass(type(block), SharedMemory))
    return [block for block in found if block.buf is not None]


def sharing(size, text, answer):
    """Another process looks for what was written into a buffer, and writes an answer there."""

    def work(_):
        known = [id(block) for block in blocks()]
        pool = exercise.BufferPool(2, size)
        buffer = pool.acquire(0)
        buffer[: len(text)] = text.encode()
        names = [block.name for block in blocks() if id(block) not in known]
        context = multiprocessing.get_context("spawn")
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=reply, args=(names, text.encode(), answer.encode(), send), daemon=True)
        process.start()
        send.close()
        with contextlib.suppress(EOFError):
            receive.recv()
        process.join()
        seen = bytes(buffer)
        tidy(pool, [buffer])
        return {"blocks": len(names), "seen": seen[: len(answer)].decode(errors="replace")}

    return alone(work)


def reply(names, text, answer, pipe):
    """In another process: put the answer in place of the text, wherever it is."""
    for name in names:
        block = SharedMemory(name)
        place = bytes(block.buf).find(text)
        if place >= 0:
            block.buf[place : place + len(answer)] = answer
        block.close()
    pipe.send("done")


# ---- several threads


class Place:
    """A pool, of which some buffers are lent already, and what the threads hold of it in the end."""

    def __init__(self, count, lent=0):
        self.pool = exercise.BufferPool(count, 2)
        self.lent = [self.pool.acquire(0) for _ in range(lent)]
        self.held = {}

    def free(self):
        """How many buffers can be had now, and the pool put in order."""
        had = []
        with contextlib.suppress(Exception):
            while len(had) < 5:
                had.append(self.pool.acquire(0))
        tidy(self.pool, had)
        return {"free": len(had)}

    def marks(self):
        """What stands in the buffers that the threads hold now."""
        marks = {thread: buffer[0] for thread, buffer in self.held.items()}
        tidy(self.pool, self.held.values())
        return {"marks": marks}


def using(count, threads, times=1):
    """Every thread borrows a buffer, writes its mark, looks at it again and gives it back."""

    def user(mark):
        def work(place):
            faults = []
            for _ in range(times):
                buffer = place.pool.acquire()
                if any(buffer):
                    faults.append("dirty")
                buffer[0] = mark
                if buffer[0] != mark:
                    faults.append("lost")
                place.pool.release(buffer)
            return faults

        return work

    return Scenario(lambda: Place(count), [user(1 + number) for number in range(threads)], Place.free)


def keeping(count, threads):
    """Every thread borrows a buffer without waiting, writes its mark and keeps it."""

    def keeper(number):
        def work(place):
            try:
                buffer = place.pool.acquire(0)
            except TimeoutError:
                return "none"
            buffer[0] = 1 + number
            place.held[number] = buffer
            return "lent"

        return work

    return Scenario(lambda: Place(count), [keeper(number) for number in range(threads)], Place.marks)


def feeding(buffers):
    """One thread gives back several buffers while as many others wait for one each, and keep it."""

    def feeder(place):
        for buffer in place.lent:
            place.pool.release(buffer)

    def waiter(number):
        def work(place):
            buffer = place.pool.acquire()
            buffer[0] = 1 + number
            place.held[number] = buffer

        return work

    waiters = [waiter(1 + number) for number in range(buffers)]
    return Scenario(lambda: Place(buffers, lent=buffers), [feeder, *waiters], Place.marks)


def returning():
    """Two threads give back the same buffer."""

    def work(place):
        return refused(place.pool.release, place.lent[0])

    return Scenario(lambda: Place(1, lent=1), [work, work], Place.free)


def use(place):
    """Borrow a buffer, however long it takes, and give it back; or what was raised, and where."""
    buffer, came = lend(place.pool)
    if buffer is None:
        return {"acquire": came}
    used = refused(lambda: buffer.__setitem__(0, 7))
    return {"used": used, "release": refused(place.pool.release, buffer)}


def close_pool(place):
    return refused(place.pool.close)


def closing():
    """One thread uses a buffer while another closes the pool."""
    return Scenario(lambda: Place(1), [use, close_pool], Place.free)


def closing_twice():
    """Two threads close the pool."""
    return Scenario(lambda: Place(1), [close_pool, close_pool], Place.free)


def waking(waiters):
    """One thread gives its buffer back and closes the pool, while others wait for one."""

    def give_back_and_close(place):
        return {"release": refused(place.pool.release, place.lent[0]), "close": close_pool(place)}

    return Scenario(lambda: Place(1, lent=1), [give_back_and_close, *[use] * waiters], Place.free)


def waiting(holds_s, timeout_s, steals, again_s=None):
    """One thread waits for a buffer while another holds it, perhaps is quicker to take it again, and holds it anew.

    Explored, so that the time is the explorer's own: nobody really sleeps.
    """

    def holder(place):
        time.sleep(holds_s)
        place.pool.release(place.lent[0])
        if steals:
            with contextlib.suppress(TimeoutError):
                place.held[0] = place.pool.acquire(0)
                if again_s is not None:
                    time.sleep(again_s)
                    place.pool.release(place.held.pop(0))

    def waiter(place):
        start = time.monotonic()
        buffer, came = lend(place.pool, *([] if timeout_s is None else [timeout_s]))
        if buffer is not None:
            place.held[1] = buffer
        return {**came, "waited": round(time.monotonic() - start, 3)}

    return Scenario(lambda: Place(1, lent=1), [holder, waiter], Place.marks)


def expiring(holds_s):
    """A buffer comes back in the moment in which one who waits for it runs out of time, while another waits on.

    Explored, as `waiting`.
    """

    def holder(place):
        time.sleep(holds_s)
        place.pool.release(place.lent[0])

    def waiter(place, *limit):
        buffer, _ = lend(place.pool, *limit)
        if buffer is not None:
            place.pool.release(buffer)

    return Scenario(lambda: Place(1, lent=1), [holder, lambda place: waiter(place, holds_s), waiter], Place.free)


def limited(limits):
    """Every buffer is lent; what an acquire with each of these limits raises, really waiting. The last is named.

    Then the buffer comes back; what an acquire gives now.
    """

    def work(place):
        ended = []
        for limit in limits:
            start = time.monotonic()
            came = lend(place.pool, timeout_s=limit)[1] if limit is limits[-1] else lend(place.pool, limit)[1]
            ended.append({**came, "waited": time.monotonic() - start})
        place.pool.release(place.lent[0])
        buffer, came = lend(place.pool, 0)
        tidy(place.pool, [buffer])
        return ended, came

    return alone(work, lambda: Place(1, lent=1))
