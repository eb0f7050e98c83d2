"""What is done with a learner's RpcClient: a port that does as it is told, and one with a real thread behind it."""

import contextlib
import gc
import queue
import threading
import weakref
from concurrent.futures import CancelledError, Future

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["RpcClient"]
PATIENCE_S = 0.4  # for what may be done by another thread; what is there already is not waited for


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

    def post(self, message):
        (self.refused if self.refuses else self.posted).append(message)
        if self.refuses:
            raise Refused("this message cannot be posted")
        for answer in self.answers(message):
            self.emit("message", answer)

    def on(self, event, listener):
        self.listeners.setdefault(event, []).append(listener)

    def off(self, event, listener):
        with contextlib.suppress(ValueError):
            self.listeners.get(event, []).remove(listener)

    def emit(self, event, argument):
        for listener in list(self.listeners.get(event, ())):
            listener(argument)

    def last(self, body):
        """An answer to the last request."""
        if self.posted:
            self.emit("message", {"id": self.posted.pop()["id"], **body})


def outcome(future, patience=PATIENCE_S):
    """How a call ended: its value, the text of its failure, "pending", or that it gave no future."""
    if not isinstance(future, Future):
        return {"gave": type(future).__name__}
    try:
        error = future.exception(timeout=patience)
    except TimeoutError:
        return {"pending": True}
    except CancelledError as cancelled:  # by the client, as nobody else has it
        error = cancelled
    return {"value": future.result()} if error is None else {"failed": str(error)}


class Play:
    """One thread plays a list of steps, each a list: what to do, and with what."""

    def __init__(self, steps):
        self.steps = steps
        self.port = Port()
        self.client = exercise.RpcClient(self.port)
        self.futures = {}
        self.heard = {}
        self.listening = [self.listeners()]
        self.broken = []
        self.done_at_once = []
        self.patience = PATIENCE_S

    def listeners(self):
        return len(self.port.listeners.get("message", ()))

    def play(self):
        for number, (what, *how) in enumerate(self.steps):
            try:
                getattr(self, what)(*how)
            except NotImplementedError:
                raise
            except Exception as error:
                self.broken.append({"step": number, "raised": f"{type(error).__name__}: {error}".removesuffix(": ")})
            self.listening.append(self.listeners())
        return {
            "calls": {name: self.outcome(name) for name in list(self.futures)},
            "posted": self.port.posted,
            "heard": self.heard,
            "listening": self.listening,
            "broken": self.broken,
            "done_at_once": self.done_at_once,
        }

    def outcome(self, name):
        told = outcome(self.futures[name], self.patience)
        if "pending" in told:
            self.patience = 0  # they had their time
        return told

    def call(self, *names):
        for name in names:
            self.futures[name] = self.client.call("do", {"call": name})
            if isinstance(self.futures[name], Future) and self.futures[name].done():
                self.done_at_once.append(name)

    def retry(self, name):
        self.call(name)
        if isinstance(self.futures[name], Future):
            self.futures[name].add_done_callback(lambda future: self.call(f"{name} again"))

    def answer(self, name, body):
        for request in self.port.posted + self.port.refused:
            if request["params"] == {"call": name}:
                self.port.emit("message", {"id": request["id"], **body})
        if name in self.futures:
            self.outcome(name)  # what comes next finds it settled, whichever thread does that

    def message(self, body):
        self.port.emit("message", body)

    def emit(self, event, argument):
        self.port.emit(event, WorkerError(argument) if event == "error" else argument)

    def early(self):
        self.port.answers = lambda request: [{"id": request["id"], "result": request["params"]["call"]}]

    def refuse(self, refuses):
        self.port.refuses = refuses

    def listen(self, event, ear):
        self.client.on(event, self.heard.setdefault(ear, []).append)

    def close(self):
        self.client.close()


def playing(steps):
    """One thread, a fake port."""
    return Scenario(lambda: Play(steps), [Play.play], lambda play: {})


class Kept:
    """A value of which it can be told whether somebody still holds it."""


def keeping(count):
    """How many of `count` calls are still held by somebody after they have ended, by the way they ended."""

    def work(state):
        port, client = state
        kept = {}
        for way in ("an answer", "an error", "a post that raised", "the exit"):
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
                if way != "the exit":
                    outcome(future)
            if way == "the exit":
                port.emit("exit", 1)
            future = value = None
            port.posted.clear()
            port.refused.clear()
            gc.collect()
            kept[way] = sum(ref() is not None for ref in weak)
        return kept

    def setup():
        port = Port()
        return port, exercise.RpcClient(port)

    return Scenario(setup, [work], lambda state: {})


# ---- several threads: explored


def echo(request):
    return [{"id": request["id"], "result": request["params"]["call"]}]


def calling(threads):
    """Every thread makes one call, answered before `post` returns."""

    def setup():
        return exercise.RpcClient(Port(echo))

    def thread(name):
        return lambda client: outcome(client.call("do", {"call": name}))

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
        raised = attempt(lambda: self.port.emit("message", {"id": self.port.posted[0]["id"], "result": "a"}))
        return outcome(self.future), raised

    def call(self):
        return outcome(self.client.call("do", {"call": "b"}))

    def exit(self):
        self.port.emit("exit", 0)

    def close(self):
        return attempt(self.client.close)


def attempt(work):
    """The type of what it raised, or None."""
    try:
        work()
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__


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
            wrong = []
            for turn, future in enumerate(futures):
                told = outcome(future, PATIENCE_S if not wrong else 0)
                if told.get("value", [None])[0] != f"{number}.{turn}":
                    wrong.append({"call": f"{number}.{turn}", **told})
            return {
                "wrong": wrong,
                "answered_by": sorted({future.result()[1] for future in futures} if not wrong else []),
            }

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
                answer = {"id": request["id"], "result": [request["params"]["call"], threading.get_native_id()]}
                office.port.emit("message", answer)
                office.port.emit("message", answer)
            return len(requests)
        finally:
            office.port.answered.set()

    return Scenario(Office, [*map(caller, range(callers)), worker], lambda office: {})
