"""Checked and stored under one lock."""

import threading


class Cache:
    def __init__(self):
        self.items = {}
        self.made = 0
        self.lock = threading.Lock()

    def get(self):
        with self.lock:
            if "page" not in self.items:
                self.made += 1
                self.items["page"] = object()
            return self.items["page"]


setup = Cache
THREADS = [Cache.get, Cache.get]


def check(cache):
    assert cache.made == 1
