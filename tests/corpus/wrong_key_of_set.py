"""min over a set with a key function of the program's own: the set may grow meanwhile."""

EXPECT = "exception"


class Names:
    def __init__(self):
        self.names = {"ann", "bob", "eve"}

    def first(self):
        return min(self.names, key=self.rank)

    def rank(self, name):
        return name[::-1]

    def add(self):
        self.names.add("dan")


setup = Names
THREADS = [Names.first, Names.add]


def check(_):
    pass
