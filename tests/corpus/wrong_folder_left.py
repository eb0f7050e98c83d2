"""A folder that is made unless it is there, and that every run leaves behind."""

import os
import tempfile

EXPECT = "exception"
FOLDER = os.path.join(tempfile.gettempdir(), "corpus-folder-left")


class Cache:
    def enter(self):
        if not os.path.exists(FOLDER):
            os.mkdir(FOLDER)


setup = Cache
THREADS = [Cache.enter, Cache.enter]


def check(_):
    pass
