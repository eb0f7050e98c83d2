# belief: what can be read is there
# fails: objects
# says: would make up

# A defaultdict, or a __missing__, gives something for every key: reading it does not tell whether it is there.

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
    read = {}
    for field in FIELDS:
        try:
            read[field] = raw[field]
        except KeyError:
            continue
    for key in raw:
        if key not in FIELDS:
            raise ValueError(f"unknown field: {key}")
    for field in FIELDS[:4]:
        if field not in read:
            raise ValueError(f"{field} is missing")
    for field, value in read.items():
        if not fits(field, value):
            raise ValueError(f"{field} does not fit")
    return read
