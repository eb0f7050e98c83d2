"""What is done with a learner's RpcClient: a port that does as it is told, and one with a real thread behind it."""

import contextlib
import gc
import queue
import threading
import weakref
from concurrent.futures import Future

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.stateful.play import Play, alone, attempt, outcome, patience

NAMES = ["RpcClient"]
PATIENCE_S = 2  # for what another thread may do: on the explorer's clock, or where it is there already


class Refused(Exception):
    """What a port raises that cannot post."""


class WorkerError(Exception):
    """What a port hands to its `error` listeners."""


class Port:
    """The client's end of a line. It keeps what was posted, and emits what it is told to.

    `refuses` makes a post raise; `answers` gives the answers to a request before `post` returns.
    """

    def __init__(self, answers=lambda request: []):
        self.answers = answers
        self.refuses = False
        self.posted = []
        self.refused = []
        self.listeners = {}
        self.most = 0  # `message` listeners at a time

    def post(self, message):
        (self.refused if self.refuses else self.posted).append(message)
        if self.refuses:
            raise Refused("this message cannot be posted")
        for answer in self.answers(message):
            self.emit("message", answer)

    def on(self, event, listener):
        self.listeners.setdefault(event, []).append(listener)
        self.most = max(self.most, self.listening)

    def off(self, event, listener):
        with contextlib.suppress(ValueError):
            self.listeners.get(event, []).remove(listener)

    @property
    def listening(self):
        return len(self.listeners.get("message", ()))

    def emit(self, event, argument):
        for listener in list(self.listeners.get(event, ())):
            listener(argument)

    def last(self, body):
        """An answer to the last request."""
        if self.posted:
            self.emit("message", {"id": self.posted.pop()["id"], **body})


class ClientPlay(Play):
    """The steps that can be played on a client: see the model."""

    def __init__(self):
        super().__init__()
        self.port = Port()
        self.client = exercise.RpcClient(self.port)
        self.listening = [self.port.listening]
        self.heard = {}
        self.dropped, self.noted = [], {}  # calls of which only a callback was kept, and what it was told
        self.done_at_once = []

    def told(self):
        self.patience.until(lambda: all(map(self.ended, [*self.futures, *self.dropped])))
        self.futures.update(self.noted)
        return {
            "posted": self.port.posted,
            "heard": self.heard,
            "listening": [*self.listening, self.port.most],
            "done_at_once": self.done_at_once,
        }

    def ended(self, name):
        return name in self.noted if name in self.dropped else super().ended(name)

    def call(self, *names):
        for name in names:
            self.make(name, lambda name=name: self.client.call("do", {"call": name}))
            if self.ended(name):
                self.done_at_once.append(name)

    def then(self, name, callback):
        """Call, and leave a callback on what that gives."""
        self.call(name)
        if isinstance(self.futures[name], Future):
            self.futures[name].add_done_callback(callback)

    def retry(self, name):
        self.then(name, lambda future: self.call(f"{name} again"))

    def drop(self, name):
        self.then(name, lambda future: self.noted.setdefault(name, future))
        if isinstance(self.futures[name], Future):
            del self.futures[name]
            self.dropped.append(name)

    def collect(self):
        gc.collect()

    def answer(self, name, body):
        for request in self.port.posted + self.port.refused:
            if request["params"] == {"call": name}:
                self.port.emit("message", {"id": request["id"], **body})
        if name in self.futures or name in self.dropped:
            self.patience.until(
                lambda: self.ended(name)
            )  # what comes next finds it settled, whichever thread does that

    def message(self, body):
        self.port.emit("message", body)

    def emit(self, event, argument):
        self.port.emit(event, WorkerError(argument) if event == "error" else argument)

    def early(self):
        self.port.answers = echo

    def refuse(self, refuses):
        self.port.refuses = refuses

    def listen(self, event, ear):
        heard = self.heard[ear] = []

        def listener(data):
            heard.append(data)
            if ear.startswith("calling "):
                self.call(f"{ear} {len(heard)}")

        self.client.on(event, listener)

    def hears(self, counts):
        self.patience.until(lambda: all(len(self.heard[ear]) >= count for ear, count in counts.items()))

    def close(self):
        self.client.close()


def playing(steps):
    """One thread plays a script, on a fake port."""
    return alone(lambda play: play.play(steps), ClientPlay)


def posting(params):
    """What is posted for a call with each of these params."""

    def work(state):
        port, client = state
        for each in params:
            client.call("do", each)
        return port.posted

    return alone(work, new_client)


def new_client():
    port = Port()
    return port, exercise.RpcClient(port)


class Kept:
    """A value of which it can be told whether somebody still holds it."""


def keeping(count):
    """How many of `count` calls are still held by somebody after they have ended, by the way they ended."""

    def work(state):
        port, client = state
        kept = {}
        for way in ("an answer", "an error", "a post that raised", "the exit", "an end before it"):
            port.refuses = way == "a post that raised"
            weak = []
            for number in range(count):
                future = client.call("do", {"call": number})
                weak.append(weakref.ref(future))
                if way == "an answer":
                    value = Kept()
                    weak.append(weakref.ref(value))
                    port.last({"result": value})
                elif way == "an error":
                    port.last({"error": "no"})
                if way not in ("the exit", "an end before it"):
                    patience.until(future.done)
            if way == "the exit":
                port.emit("exit", 1)
            future = value = None
            port.posted.clear()
            port.refused.clear()
            gc.collect()
            kept[way] = sum(ref() is not None for ref in weak)
        return kept

    return alone(work, new_client)


# ---- several threads: explored


def echo(request):
    return [{"id": request["id"], "result": request["params"]["call"]}]


def calling(threads):
    """Every thread makes one call, answered before `post` returns."""

    def setup():
        return exercise.RpcClient(Port(echo))

    def thread(name):
        return lambda client: outcome(client.call("do", {"call": name}), PATIENCE_S)

    return Scenario(setup, [thread(str(number)) for number in range(threads)], lambda client: {})


class Line:
    """A port, a client, and one call that waits for its answer."""

    def __init__(self):
        self.port = Port()
        self.client = exercise.RpcClient(self.port)

    def wait(self):
        self.future = self.client.call("do", {"call": "a"})
        return self

    def answer(self):
        answered = attempt(self.port.emit, "message", {"id": self.port.posted[0]["id"], "result": "a"})
        return outcome(self.future, PATIENCE_S), answered

    def call(self):
        return outcome(self.client.call("do", {"call": "b"}), PATIENCE_S)

    def exit(self):
        self.port.emit("exit", 0)

    def close(self):
        return attempt(self.client.close)


def ending(how):
    """One thread calls while another tells the client that it is over: by `exit`, or by `close`."""
    return Scenario(Line, [Line.call, getattr(Line, how)], lambda line: {})


def settling():
    """An answer arrives in one thread while another closes the client."""
    return Scenario(lambda: Line().wait(), [Line.answer, Line.close], lambda line: {})


# ---- several threads: for real


class ThreadPort(Port):
    """A port with a thread behind it, and a queue in between."""

    def __init__(self):
        super().__init__()
        self.requests = queue.SimpleQueue()
        self.answered = threading.Event()

    def post(self, message):
        self.requests.put(message)


def working(callers, calls):
    """Several threads call; the last thread is the worker, which answers the last request first, each twice."""

    class Office:
        def __init__(self):
            self.port = ThreadPort()
            self.client = exercise.RpcClient(self.port)

    def caller(number):
        def work(office):
            try:
                futures = [office.client.call("do", {"call": f"{number}.{turn}"}) for turn in range(calls)]
            finally:
                office.port.requests.put(None)  # this thread will ask no more
            office.port.answered.wait()
            patience.until(lambda: all(future.done() for future in futures))
            ended = [(f"{number}.{turn}", outcome(future)) for turn, future in enumerate(futures)]
            return [(name, outcome) for name, outcome in ended if outcome.get("value") != name]

        return work

    def worker(office):
        try:
            asking, requests = callers, []
            while asking:
                request = office.port.requests.get()
                if request is None:
                    asking -= 1
                else:
                    requests.append(request)
            for request in reversed(requests):
                answer = {"id": request["id"], "result": request["params"]["call"]}
                office.port.emit("message", answer)
                office.port.emit("message", answer)
            return len(requests)
        finally:
            office.port.answered.set()

    return Scenario(Office, [*map(caller, range(callers)), worker], lambda office: {})
