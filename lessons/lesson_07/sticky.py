"""Who answers, and who remembers? 20 requests to a cluster of two processes, each of which counts what it answers.

    PYTHONPATH=lessons python lessons/lesson_07/sticky.py

This process takes every connection and hands them to its processes in turn, as Node.js does. A connection that is kept
open ("keep-alive") stays with the process that got it. The last time, the count is not kept by the processes, but by
this one, which they ask.
"""

import json
import multiprocessing
import os
import socket
import sys
import threading
from http.client import HTTPConnection
from itertools import count, cycle

from reporter import ctrl_c_ignored, lane, mark, now, params, row, skip

VARIANTS = {
    "a connection each": ("/own", False),
    "one connection, kept alive": ("/own", True),
    "a connection each, one counter": ("/shared", False),
}


def serve(line, pipe):
    """A process of the cluster: connections come over the line, until the other side is gone."""
    # region each process counts
    own = count(1)
    while files := socket.recv_fds(line, 1, 1)[1]:
        with socket.socket(fileno=files[0]) as connection, connection.makefile("rb") as lines:
            while first := lines.readline():
                while lines.readline().strip():
                    pass  # the headers, up to the empty line
                counted = next(own) if b"/own" in first else shared(pipe)  # <-
                body = json.dumps({"process": os.getpid(), "count": counted, "at": now()}).encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    # endregion


def shared(pipe):
    pipe.send("count")
    return pipe.recv()


class Cluster:
    """Some processes behind one port, and one counter for all."""

    def __init__(self, processes):
        self.counter, self.lock = 0, threading.Lock()
        self.lines, self.processes = [], []
        for _ in range(processes):
            line, their_line = socket.socketpair()
            pipe, their_pipe = context.Pipe()
            process = context.Process(target=serve, args=(their_line, their_pipe), daemon=True)
            with ctrl_c_ignored():
                process.start()
            their_line.close()
            their_pipe.close()
            self.lines.append(line)
            self.processes.append(process)
            threading.Thread(target=self.count, args=(pipe,), daemon=True).start()
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.hand_over, daemon=True).start()

    def hand_over(self):
        for line in cycle(self.lines):
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return  # it was closed
            with connection:  # ours; the process has its own now
                socket.send_fds(line, [b"c"], [connection.fileno()])

    def count(self, pipe):
        try:
            while pipe.recv():
                with self.lock:
                    self.counter += 1
                    pipe.send(self.counter)
        except (EOFError, OSError):
            pass  # the process has ended

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self.listening.close()
        for line in self.lines:
            line.close()
        for process in self.processes:
            process.terminate()  # one that was interrupted in its own start would wait for ever
            process.join()


def ask(port, path, requests, keep_alive):
    """Each request on its own connection, or all on one."""
    connection = HTTPConnection("127.0.0.1", port)
    for _ in range(requests):
        connection.request("GET", path)
        yield json.load(connection.getresponse())
        if not keep_alive:
            connection.close()  # the next request opens a new one
    connection.close()


def main(requests, processes):
    for variant, (path, keep_alive) in VARIANTS.items():
        if not hasattr(socket, "send_fds"):
            skip(variant, "this system cannot hand a connection to another process")
            continue
        cluster = Cluster(processes)  # anew each time, with counters at 0
        try:
            answers = list(ask(cluster.listening.getsockname()[1], path, requests, keep_alive))
        finally:
            cluster.close()
        ids = [process.pid for process in cluster.processes]
        for process in ids:
            lane(process, "process", process)
        for answer in answers:
            mark(str(answer["count"]), answer["process"], answer["process"], answer["at"], scene=variant)
        row(variant=variant, threads=ids, requests=requests,
            answered=[sum(answer["process"] == process for answer in answers) for process in ids],
            counted=max(answer["count"] for answer in answers))  # fmt: skip


context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

if __name__ == "__main__":
    try:
        main(**params(requests=20, processes=2))
    except KeyboardInterrupt:
        sys.exit(130)
