"""A poll that gives up after some rounds."""


class Flag:
    def __init__(self):
        self.up = False
        self.other = 0

    def poll(self):
        for _ in range(40):
            if self.up:
                break

    def work(self):
        self.other += 1


setup = Flag
THREADS = [Flag.poll, Flag.work]


def check(_):
    pass
