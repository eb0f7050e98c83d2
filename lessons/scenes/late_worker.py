"""One of two workers has crashed, and a new one takes its place, unless the server stops. Just now it is told to."""


class Server:
    def __init__(self):
        self.stopping = False
        self.workers = 1


def replace(server):
    if not server.stopping:
        server.workers += 1


def drain(server):
    server.stopping = True
    server.workers = 0  # all that there are were told to end


setup = Server
threads = [replace, drain]


def memory(server):
    return {"workers": [server.workers]}
