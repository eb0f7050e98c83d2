# belief: an error that lists every rule is of use to everybody
# fails: field_is_named
# says: says the same

# It names every field, so it does not name the one that is wrong.

import re
from collections.abc import Mapping

NAME = re.compile("[A-Za-z0-9-]{1,32}")
FIELDS = ("type", "from", "to", "amount", "note")
RULES = "type, from, to, amount and note must all be right, and nothing else may be there"


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
            raise ValueError(f"{key}: {RULES}" if isinstance(key, str) else RULES)
    for field in FIELDS[:4]:
        if field not in read:
            raise ValueError(RULES)
    for field, value in read.items():
        if not fits(field, value):
            raise ValueError(RULES)
    return read
