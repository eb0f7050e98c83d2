"""try/except KeyError and then the store: the second overwrites the first."""

EXPECT = "check"


class Registry:
    def __init__(self):
        self.ids = {}
        self.next_id = iter(range(10))
        self.given = []

    def register(self):
        try:
            number = self.ids["me"]
        except KeyError:
            number = self.ids["me"] = next(self.next_id)
        self.given.append(number)


setup = Registry
THREADS = [Registry.register, Registry.register]


def check(registry):
    assert len(set(registry.given)) == 1, f"one name was given the numbers {sorted(registry.given)}"
