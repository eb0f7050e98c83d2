"""A clerk reads the box a last time and goes home. Somebody looks whether the office is open, and posts a letter."""


class Office:
    def __init__(self):
        self.open = True
        self.posted = 0
        self.read = 0


def sender(office):
    if office.open:
        office.posted = 1


def clerk(office):
    office.open = False
    office.read = office.posted


setup = Office
threads = [sender, clerk]


def memory(office):
    return {"posted": [office.posted], "read": [office.read]}
