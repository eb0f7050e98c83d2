"""Exercise 9: the door that lets only clean messages in. README.md says what it must refuse, and how."""


def accept(raw):
    """A clean message, made of a raw one; a ValueError or a TypeError for whatever is not a good one."""
    raise NotImplementedError("accept is not written yet")
