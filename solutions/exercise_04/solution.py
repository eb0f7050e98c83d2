"""Requests and answers over a port: one listener, an id for each call, and nobody left waiting."""

import itertools
import threading
from concurrent.futures import Future


class RpcClient:
    """Calls that go out as messages, and come back as futures."""

    def __init__(self, port):
        self._port = port
        self._ids = itertools.count(1)  # next() on it is one step: no two threads get the same id
        self._pending = {}  # id -> future
        self._listeners = {}  # event -> listeners
        self._ended = None  # why there will be no more answers
        # The lock joins what belongs together: "is it over?" and "then wait for an answer". It is never held while
        # somebody else's code runs (a post, a future's callback): that code may come back here.
        self._lock = threading.Lock()
        port.on("message", self._on_message)
        port.on("error", self._on_error)
        port.on("exit", self._on_exit)

    def call(self, method, params):
        """Ask for `method`; the future gets the result, or what went wrong."""
        future = Future()
        number = next(self._ids)
        with self._lock:
            ended = self._ended
            if ended is None:
                self._pending[number] = future  # before the post: the answer may be quicker than its return
        if ended is not None:
            future.set_exception(ConnectionError(ended))
            return future
        try:
            self._port.post({"id": number, "method": method, "params": params})
        except Exception as error:
            if self._take(number) is not None:  # else the end was quicker, and has failed it
                future.set_exception(error)
        return future

    def on(self, event, listener):
        """Hand the data of every such event to `listener`."""
        self._listeners.setdefault(event, []).append(listener)

    def close(self):
        """Fail what is pending, and ask nothing any more."""
        self._end("the client was closed")

    def _on_message(self, message):
        if "event" in message:
            for listener in list(self._listeners.get(message["event"], ())):
                listener(message["data"])
            return
        future = self._take(message["id"])
        if future is None:
            return  # a duplicate, or an id that was never sent
        if "error" in message:
            future.set_exception(RuntimeError(_text(message["error"])))
        else:
            future.set_result(message["result"])

    def _on_error(self, error):
        self._end(f"the worker failed: {error!r}")

    def _on_exit(self, code):
        self._end(f"the worker ended with exit code {code}")

    def _take(self, number):
        """The future of a pending call, or None. Whoever takes it out is the only one who settles it."""
        with self._lock:
            return self._pending.pop(number, None)

    def _end(self, why):
        with self._lock:
            if self._ended is None:
                self._ended = why
            left, self._pending = self._pending, {}
        for future in left.values():
            future.set_exception(ConnectionError(self._ended))


def _text(error):
    return str(error["message"]) if isinstance(error, dict) and "message" in error else str(error)
