"""Looked at without the lock, and again with it."""

import threading


class Config:
    def __init__(self):
        self.made = 0
        self.value = None
        self.lock = threading.Lock()

    def get(self):
        if self.value is None:
            with self.lock:
                if self.value is None:
                    self.made += 1
                    self.value = object()
        return self.value


setup = Config
THREADS = [Config.get, Config.get]


def check(config):
    assert config.made == 1
