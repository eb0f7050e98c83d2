"""A web server in a thread, asked over the loopback."""

import http.client
import http.server
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 - the library's name
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Place:
    def __init__(self):
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.status = None

    def main(self):
        thread = threading.Thread(target=self.server.handle_request)
        thread.start()
        asking = http.client.HTTPConnection(*self.server.server_address)
        asking.request("GET", "/")
        self.status = asking.getresponse().status
        asking.close()
        thread.join()
        self.server.server_close()


setup = Place
THREADS = [Place.main]


def check(place):
    assert place.status == 204
