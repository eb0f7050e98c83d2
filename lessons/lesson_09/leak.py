"""What goes along with a message, though nobody meant to send it?

    PYTHONPATH=lessons python lessons/lesson_09/leak.py

Each time something small is meant for the other side, and a password lies near it. Did it arrive too?
"""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
from pathlib import Path

from reporter import row, skip

PASSWORD = "hunter2-hunter2"


class User:
    def __init__(self, name, password):
        self.name, self.password = name, password

    def greeting(self):
        return greeting(self.name)


def greeting(name):
    return f"Hello, {name}"


def look(message):
    """How many bytes these are, and whether the password is among them."""
    return {"arrived": len(message), "password": "came too" if PASSWORD.encode() in message else "not there"}


def environment():
    return "\n".join(f"{name}={value}" for name, value in os.environ.items()).encode()


def listen(pipe):
    """The worker: it looks at the bytes that came, before anything is built from them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    pipe.send(look(environment()))
    while message := pipe.recv_bytes():
        pipe.send(look(message))


def messages(pipe, worker):
    def send(variant, meant, message):
        pipe.send(message)
        row(variant=variant, threads=[worker], meant=meant, **pipe.recv())

    at_start = pipe.recv()
    # region a job for the pool
    user = User("Ada", PASSWORD)
    # What a pool is given: a function to call, with its arguments.
    meant = len(pickle.dumps((greeting, user.name)))
    send("a job: user.greeting", meant, (user.greeting,))  # <-
    send("a job: greeting, user.name", meant, (greeting, user.name))
    send("a whole user", len(pickle.dumps(user.name)), user)
    send("user.name", len(pickle.dumps(user.name)), user.name)
    # endregion

    page = bytearray(4096)
    page[100:115] = PASSWORD.encode()
    send("page[:2]", len(pickle.dumps(bytearray(2))), page[:2])  # a slice is a copy of these two bytes

    try:
        int(PASSWORD)  # "invalid literal", it says, and quotes it
    except ValueError as error:
        send("an error", None, error)
    row(variant="os.environ of a process", threads=[worker], meant=0, **at_start)


def environment_of_a_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(look(environment())))
    thread.start()
    thread.join()
    row(variant="os.environ of a thread", threads=[thread.native_id], meant=0, **seen[0])


def processes():
    """Linux shows with what a process was started: its environment to its owner, its arguments to everybody."""
    idle = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    for variant, shown, command, env in (
        ("a process", "environ", idle, None),
        ("a process, env={}", "environ", idle, {}),
        ("a process, password as argument", "cmdline", [*idle, PASSWORD], None),
    ):
        if not Path("/proc/self/environ").exists():
            skip(variant, "this system does not show it in /proc")
            continue
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env=env, **pipes) as child:
            child.stdout.readline()  # it runs
            seen = look(Path(f"/proc/{child.pid}/{shown}").read_bytes())
            row(variant=variant, threads=[child.pid], meant=0, **seen)
            child.stdin.close()  # its last reason to stay


def main():
    os.environ["API_KEY"] = PASSWORD
    spawn = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    pipe, other = spawn.Pipe()
    worker = spawn.Process(target=listen, args=(other,), daemon=True)
    worker.start()
    other.close()
    messages(pipe, worker.pid)
    pipe.send_bytes(b"")
    worker.join()
    environment_of_a_thread()
    processes()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
