"""Names from uuid4 and secrets are unique; the count of them is not."""

import secrets
import uuid

EXPECT = "check"


class Store:
    def __init__(self):
        self.names = {}
        self.count = 0

    def put(self):
        self.names[uuid.uuid4().hex + secrets.token_hex(2)] = 1
        self.count += 1


setup = Store
THREADS = [Store.put, Store.put]


def check(store):
    assert len(store.names) == store.count, f"{len(store.names)} names, counted {store.count}"
