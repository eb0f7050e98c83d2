"""Documents: what mtlearn writes as JSON, for others to read. Each is a type that says its shape."""

from __future__ import annotations

import json

import msgspec


def written(document: msgspec.Struct) -> str:
    """A document as JSON; unlike msgspec's own, it takes text that is half a surrogate pair."""
    return json.dumps(msgspec.to_builtins(document, str_keys=True))
