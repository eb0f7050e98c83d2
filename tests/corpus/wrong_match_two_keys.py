"""One pattern after the other over a dict: the second key has come meanwhile."""

EXPECT = "check"


def setup():
    return {"seen": None}


def put(shared):
    shared["a"] = 1
    shared["b"] = 2


def look(shared):
    match shared:
        case {"a": _}:
            shared["seen"] = "a"
        case {"b": _}:
            shared["seen"] = "b without a"


THREADS = [put, look]


def check(shared):
    assert shared["seen"] != "b without a"
