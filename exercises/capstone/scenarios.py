"""What is done with a learner's server: workers that do as they are told, and steps played on its loop."""

import asyncio
import threading
from itertools import groupby

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.stateful.play import POLL_S, alone, refusal

NAMES = ["Traffic", "ThumbnailServer"]

TURNS = 20  # of the loop, for what should not happen
POLLS = 250  # for what should; fewer when something has not come


class Worker:
    """A worker of which all that it is sent goes into a log; it answers, or exits, when it is told to."""

    def __init__(self, number, log):
        self.number, self.log = number, log
        self.inbox = []  # messages that it has not answered
        self.gone = False
        self.answers, self.exits = [], []

    def on_message(self, callback):
        self.answers.append(callback)

    def on_exit(self, callback):
        self.exits.append(callback)

    def send(self, message):
        name, runs = seen(message["pixels"])
        self.log.append(["send", self.number, name, runs])
        self.inbox.append((name, message))

    def tell(self, callbacks, value):
        for callback in list(callbacks):
            callback(value)


def seen(pixels):
    """The name of a picture, and its bytes as [byte, how many of them], without the zeros behind."""
    try:
        runs = [[byte, len(list(run))] for byte, run in groupby(bytes(pixels).rstrip(b"\0"))]
    except TypeError:
        runs = []
    return (chr(runs[0][0]) if runs else "?"), runs


class Stage:
    """A server, its workers and its callers: what is sent stands in the log, what callers get in the outcomes."""

    def __init__(self, size):
        self.log, self.workers, self.callers = [], [], {}
        self.polls = POLLS
        self.server = exercise.ThumbnailServer(self.start, size)

    def start(self):
        self.workers.append(Worker(len(self.workers) + 1, self.log))
        return self.workers[-1]

    async def play(self, steps):
        """Play the steps; the first after which something that must come did not is `stuck`."""
        stuck = None
        for number, (what, *how) in enumerate(steps):
            if not await getattr(self, what)(*how):
                stuck = {"step": number}
                break
        outcomes = {name: self.outcome(caller) for name, caller in self.callers.items()}
        for caller in self.callers.values():
            caller.cancel()
        return {"log": self.log, "outcomes": outcomes, "stuck": stuck}

    async def ask(self, name, length, width=100):
        """Somebody asks for a thumbnail of a picture: so many bytes, each of which is its name."""
        return await self.request(name, {"pixels": name * length, "width": width})

    async def request(self, name, request):
        if isinstance(request["pixels"], str):
            request = {**request, "pixels": request["pixels"].encode()}
        self.callers[name] = asyncio.ensure_future(self.server.thumbnail(request))
        return await self.linger()

    async def sent(self, *names):
        """Wait until workers have these."""
        return await self.until(lambda: all(self.holding(name)[0] for name in names))

    async def answer(self, name):
        """The worker that has this picture answers; some caller must hear of it."""
        worker, message = self.holding(name)
        if not worker:
            return False
        worker.inbox.remove((name, message))
        thumbnail = f"picture {name}, {message['width']} wide"
        self.log.append(["answer", worker.number, name])
        before = self.ended()
        worker.tell(worker.answers, {"id": message["id"], "thumbnail": thumbnail})
        return await self.until(lambda: self.ended() > before)

    async def exit(self, name):
        """The worker that has this picture exits."""
        worker, _ = self.holding(name)
        if not worker:
            return False
        self.log.append(["exit", worker.number, name])
        worker.gone, worker.inbox = True, []
        worker.tell(worker.exits, 1)
        return await self.linger()

    async def load(self, names, chances):
        """They all ask; then the workers answer in any order, and some exit, but never twice with the same picture."""
        for name, chance in zip(names, chances, strict=False):
            self.callers[name] = asyncio.ensure_future(
                self.server.thumbnail({"pixels": name.encode() * (1 + chance % 999), "width": 100})
            )
        ended = set()  # pictures whose worker exited
        for chance in chances:
            await self.linger()
            held = [name for worker in self.workers if not worker.gone for name, _ in worker.inbox]
            if not held:
                break
            name = held[chance % len(held)]
            if chance % 7 == 0 and name not in ended:
                ended.update(inboxed for inboxed, _ in self.holding(name)[0].inbox)
                await self.exit(name)
            elif not await self.answer(name):
                break
        return True

    async def over(self, *names):
        """Wait until these callers have an answer, or an error."""
        return await self.until(lambda: all(self.callers[name].done() for name in names))

    def holding(self, name):
        return next(((w, m) for w in self.workers if not w.gone for n, m in w.inbox if n == name), (None, None))

    def ended(self):
        return sum(caller.done() for caller in self.callers.values())

    async def linger(self):
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return True

    async def until(self, condition):
        await self.linger()
        for _ in range(self.polls):
            if condition():
                return True
            await asyncio.sleep(POLL_S)
        self.polls //= 4
        return condition()

    def outcome(self, caller):
        if not caller.done():
            return {"pending": True}
        if caller.cancelled():
            return {"cancelled": True}
        if error := caller.exception():
            return {"failed": refusal(error)["message"], "type": type(error).__name__}
        return {"value": str(caller.result()), "shown": repr(caller.result())}


def playing(size, steps):
    """Steps are played on a server with so many workers."""

    async def work():
        return await Stage(size).play(steps)

    return alone(lambda state: asyncio.run(work()))


def indexing(count):
    """An index of so many names: what it gave, and how many turns the loop had made at each fingerprint."""

    async def work():
        turns, seen, threads = [0], [], set()

        def turn():
            turns[0] += 1
            loop.call_soon(turn)

        def fingerprint(name):
            seen.append(turns[0])
            threads.add(threading.get_ident())
            return len(name)

        loop = asyncio.get_running_loop()
        server = exercise.ThumbnailServer(lambda: Worker(0, []), 1)
        loop.call_soon(turn)
        names = [f"picture {number}" for number in range(count)]
        found = await server.index(names, fingerprint)
        right = found == {name: len(name) for name in names}
        return {"turns": seen, "right": right, "elsewhere": threads != {threading.get_ident()}}

    return alone(lambda state: asyncio.run(work()))


def counting(sizes):
    """A thread for each list of sizes adds them to the same traffic."""

    def adding(own):
        return lambda traffic: [traffic.add(size) for size in own] and None

    def memory(traffic):
        return {"traffic": [traffic.requests, traffic.bytes]}

    return Scenario(exercise.Traffic, [adding(own) for own in sizes], memory)
