"""The interleaving explorer: one search, one trace, an executor per runtime.

Importing the package loads neither executor; `explore` and `explore_node` bring theirs when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtlearn.interleave.node import explore_node as explore_node
    from mtlearn.interleave.python import explore as explore
    from mtlearn.interleave.result import Result as Result
    from mtlearn.interleave.trace import Interleaving as Interleaving

_HOMES = {
    "explore": "mtlearn.interleave.python",
    "explore_node": "mtlearn.interleave.node",
    "Result": "mtlearn.interleave.result",
    "Interleaving": "mtlearn.interleave.trace",
}

__all__ = ["Interleaving", "Result", "explore", "explore_node"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
