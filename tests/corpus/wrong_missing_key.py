"""A dict whose __missing__ makes the entry: two threads make one each."""

EXPECT = "check"


class Groups(dict):
    def __missing__(self, key):
        made = []
        self[key] = made
        return made


setup = Groups


def add(groups):
    groups["a"].append(1)


THREADS = [add, add]


def check(groups):
    assert len(groups["a"]) == 2, f"{groups['a']}"
