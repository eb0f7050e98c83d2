# verdict: pass
# why: the port must be free again afterwards
import os
import socket

server = socket.create_server(("127.0.0.1", 0))
with open(os.path.join(os.path.dirname(__file__), "it.port"), "w") as note:
    note.write(str(server.getsockname()[1]))


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
