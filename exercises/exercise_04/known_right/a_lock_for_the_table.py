# A lock guards the table of calls alone: futures are settled outside of it, by whoever took them out.
import itertools
import threading
from concurrent.futures import Future


class RpcClient:
    def __init__(self, port):
        self.port = port
        self.ids = itertools.count(1)
        self.pending = {}
        self.listeners = {}
        self.ended = None
        self.lock = threading.Lock()
        port.on("message", self.on_message)
        port.on("error", lambda error: self.end(error))
        port.on("exit", lambda code: self.end(ConnectionError(f"exit code {code}")))

    def call(self, method, params):
        future = Future()
        number = next(self.ids)
        with self.lock:
            over = self.ended is not None
            if not over:
                self.pending[number] = future
        if over:
            future.set_exception(self.ended)
            return future
        try:
            self.port.post({"id": number, "method": method, "params": params})
        except Exception as error:
            if self.forget(number):
                future.set_exception(error)
        return future

    def on(self, event, listener):
        self.listeners.setdefault(event, []).append(listener)

    def close(self):
        self.end(ConnectionError("closed"))

    def on_message(self, message):
        if "event" in message:
            for listener in self.listeners.get(message["event"], []):
                listener(message["data"])
            return
        future = self.forget(message["id"])
        if future is None:
            return
        if "error" in message:
            future.set_exception(RuntimeError(str(message["error"])))
        else:
            future.set_result(message["result"])

    def forget(self, number):
        with self.lock:
            return self.pending.pop(number, None)

    def end(self, why):
        with self.lock:
            self.ended = self.ended or why
            left, self.pending = self.pending, {}
        for future in left.values():
            future.set_exception(self.ended)
