"""A word through a fifo: each end waits until the other is opened."""

import os
import tempfile


class Post:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "fifo")
        os.mkfifo(self.path)
        self.got = None

    def read(self):
        with open(self.path) as end:
            self.got = end.read()

    def write(self):
        with open(self.path, "w") as end:
            end.write("hello")


setup = Post
THREADS = [Post.read, Post.write]


def check(post):
    assert post.got == "hello"
