# One match per field, on values that were read once; a missing field is one that matches nothing.
import re
from collections.abc import Mapping

MISSING = object()


def accept(raw):
    if isinstance(raw, Mapping):
        clean = {}
        for key, value in raw.items():
            match key, value:
                case "type", "transfer":
                    pass
                case (("from" | "to"), str()) if re.match(r"[A-Za-z0-9-]{1,32}\Z", value):
                    pass
                case "amount", int() if value is not True and 1 <= value <= 10**6:
                    pass
                case "note", str() if len(value) <= 140:
                    pass
                case _:
                    raise ValueError(f"cannot take {key}" if isinstance(key, str) else "cannot take that key")
            clean[key] = value
        for field in "type", "from", "to", "amount":
            if clean.get(field, MISSING) is MISSING:
                raise TypeError("there is no " + field)
        return clean
    raise TypeError
