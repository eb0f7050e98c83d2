"""A singleton made on first use is made twice."""

EXPECT = "check"


class Config:
    instance = None
    made = 0

    @classmethod
    def get(cls):
        if cls.instance is None:
            cls.made += 1
            cls.instance = cls()
        return cls.instance


def setup():
    Config.instance = None
    Config.made = 0


def use(_):
    Config.get()


THREADS = [use, use]


def check(_):
    assert Config.made == 1, f"made {Config.made} times"
