"""What can a message do to the worker that reads it?

    PYTHONPATH=lessons python lessons/lesson_09/unsafe_messages.py

Mallory sends a hostile message; what it does is harmless here: it leaves a mark in a process made for that. Then the
same worker serves Bob, who sends nothing but his name. Is he an admin now?
"""

import io
import json
import multiprocessing
import os
import pickle
import signal
import sys

from reporter import row


class User:
    admin = False

    def __init__(self, name=""):
        self.name = name


class Present:
    """Unpickling this calls a function of the sender's choice, whoever reads it and for whatever purpose."""

    def __reduce__(self):
        return exec, ("import os; os.environ['MARK'] = 'its code ran'",)


class NoNames(pickle.Unpickler):
    """Builds numbers, texts, lists and dicts; whatever must be imported by its name is refused."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


# region a deep merge
def merge(target, changes):
    """Copy changes into a user, as deep as they go: found in many programs, and wrong."""
    for key, value in changes.items():
        if isinstance(value, dict):
            merge(getattr(target, key), value)  # <-
        else:
            setattr(target, key, value)


# endregion


def merge_known(target, changes):
    """The same for the fields that a user is known to have; anything else is an error that names it."""
    for key, value in changes.items():
        if key != "name" or not isinstance(value, str):
            raise ValueError(f"unknown field: {key}")
        target.name = value


HANDLERS = {
    "a deep merge": lambda data: merge(User(), json.loads(data)),
    "a merge of known fields": lambda data: merge_known(User(), json.loads(data)),
    "pickle.loads": pickle.loads,
    "Unpickler without names": lambda data: NoNames(io.BytesIO(data)).load(),
    "json.loads": json.loads,
}


def is_admin():
    return "Bob is an admin" if User("Bob").admin else "Bob is no admin"


def serve(pipe):
    """The worker: it handles what comes, and tells what became of that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    while how := pipe.recv():
        try:
            if how == "Connection.recv":
                pipe.recv()
            else:
                HANDLERS[how](pipe.recv_bytes())
            did = os.environ.pop("MARK", "changed every user" if User.admin else "nothing")
        except (ValueError, pickle.UnpicklingError) as error:
            did = f"refused: {error}"
        pipe.send((did, is_admin()))


PRESENT = pickle.dumps(Present())
POLLUTE = b'{"__class__": {"admin": true}}'
BOB = b'{"name": "Bob"}'


class Worker:
    def __init__(self):
        spawn = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
        self.pipe, other = spawn.Pipe()
        self.process = spawn.Process(target=serve, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def handle(self, how, *messages):
        """What it told of the first of these messages, and of the last."""
        told = []
        for message in messages:
            self.pipe.send(how)
            self.pipe.send_bytes(message)  # just as it came from outside: nobody here looks into it
            told.append(self.pipe.recv())
        return {"threads": [self.process.pid], "did": told[0][0], "next": told[-1][1]}

    def close(self):
        self.pipe.send(None)
        self.process.join()


def main():
    reused, new = Worker(), Worker()
    row(variant="a deep merge", **reused.handle("a deep merge", POLLUTE, BOB))
    row(variant="the main process meanwhile", threads=[os.getpid()], did="", next=is_admin())
    row(variant="a new worker", **new.handle("a deep merge", BOB) | {"did": ""})
    row(variant="a merge of known fields", **new.handle("a merge of known fields", POLLUTE, BOB))
    for how in ("pickle.loads", "Connection.recv", "Unpickler without names"):
        row(variant=how, **new.handle(how, PRESENT) | {"next": ""})
    row(variant="json.loads", **new.handle("json.loads", json.dumps(PRESENT.hex()).encode()) | {"next": ""})
    reused.close()
    new.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
