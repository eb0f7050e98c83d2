"""A clock shows hours and minutes. At 9:59 one thread moves it on by a minute, and another looks at it."""


class Clock:
    def __init__(self):
        self.hours = 9
        self.minutes = 59


def tick(clock):
    clock.hours = 10
    clock.minutes = 0


def look(clock):
    hours = clock.hours
    minutes = clock.minutes
    return hours * 100 + minutes


setup = Clock
threads = [tick, look]


def memory(clock):
    return {"clock": [clock.hours, clock.minutes]}
