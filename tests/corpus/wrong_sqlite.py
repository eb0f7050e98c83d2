"""A count in a database, read before the transaction that raises it."""

import os
import sqlite3
import tempfile

EXPECT = "check"


class Hits:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        with self.open() as db:
            db.execute("create table hits (n integer)")
            db.execute("insert into hits values (0)")
        db.close()

    def open(self):
        db = sqlite3.connect(os.path.join(self.folder.name, "db"), timeout=5)
        db.execute("pragma synchronous=off")
        return db

    def hit(self):
        db = self.open()
        (n,) = db.execute("select n from hits").fetchone()
        with db:
            db.execute("update hits set n = ?", (n + 1,))
        db.close()


setup = Hits
THREADS = [Hits.hit, Hits.hit]


def check(hits):
    db = hits.open()
    (n,) = db.execute("select n from hits").fetchone()
    db.close()
    assert n == 2, f"counted {n}"
