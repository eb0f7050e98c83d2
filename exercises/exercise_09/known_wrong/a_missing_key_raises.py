# belief: a missing key raises by itself
# fails: missing
# says: ended with KeyError

# It does, but a KeyError is no ValueError: whoever waits for that one does not catch it.

import re
from collections.abc import Mapping

NAME = re.compile("[A-Za-z0-9-]{1,32}")
FIELDS = ("type", "from", "to", "amount", "note")


def fits(field, value):
    if field == "type":
        return value == "transfer"
    if field == "amount":
        return type(value) is int and 1 <= value <= 1_000_000
    if field == "note":
        return isinstance(value, str) and len(value) <= 140
    return isinstance(value, str) and NAME.fullmatch(value)


def accept(raw):
    if not isinstance(raw, Mapping):
        raise TypeError("a message must be a mapping")
    read = dict(raw)
    for key in read:
        if key not in FIELDS:
            raise ValueError(f"unknown field: {key}")
    for field in (*FIELDS[:4], *(key for key in read if key == "note")):
        if not fits(field, read[field]):
            raise ValueError(f"{field} does not fit")
    return read
