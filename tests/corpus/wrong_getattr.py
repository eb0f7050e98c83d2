"""Attributes come from a dict by `__getattr__` and go there by `__setattr__`."""

EXPECT = "check"


class Loose:
    def __init__(self):
        self.__dict__["held"] = {"value": 0}

    def __getattr__(self, name):
        return self.__dict__["held"][name]

    def __setattr__(self, name, value):
        self.__dict__["held"][name] = value


setup = Loose


def add(loose):
    loose.value += 1


THREADS = [add, add]


def check(loose):
    assert loose.value == 2, f"the value is {loose.value}"
