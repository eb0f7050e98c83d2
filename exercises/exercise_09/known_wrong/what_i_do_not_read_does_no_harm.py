# belief: a field that nobody reads does no harm
# fails: extra
# says: a field `iban`

# Fields that are not known are passed over. Whoever sent them never hears that they are wrong.

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
    read = {field: read[field] for field in FIELDS if field in read}
    for field in FIELDS[:4]:
        if field not in read:
            raise ValueError(f"{field} is missing")
    for field, value in read.items():
        if not fits(field, value):
            raise ValueError(f"{field} does not fit")
    return read
