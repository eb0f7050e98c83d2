"""Two requests write a line each into one log: first who they are, then how it ended."""


class Log:
    def __init__(self):
        self.words = []


def first(log):
    log.words.append("Ada:")
    log.words.append("refused")


def second(log):
    log.words.append("Bob:")
    log.words.append("let in")


setup = Log
threads = [first, second]


def memory(log):
    return {"log": list(log.words)}
