"""Recognising a thread that goes round and round and waits for what only others can change."""

from __future__ import annotations

from types import FrameType
from typing import Any

from mtlearn.interleave.python.library import Own
from mtlearn.interleave.python.locations import variables
from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.python.yield_points import YieldPoint

SAME = 4  # equal visits to a point that make a spin
COUNTED = 500  # the same, where only numbers of its own changed


def spins(me: Worker, point: YieldPoint, frame: FrameType, stepped: Own) -> bool:
    """Say whether a thread comes back to a point with nothing changed; to be asked at each visit from `SAME` on.

    Where only numbers changed (it counts its rounds) it takes many more rounds to be sure.
    """
    frames: list[FrameType] = []
    f: FrameType | None = frame
    while f is not None:
        if stepped(f.f_code, f.f_globals):
            frames.append(f)
        f = f.f_back
    before, same, counting = me.seen.get(point, ((), 0, 0))
    if not before or before[0] != len(frames):
        # A recursion that has come to another depth is no spin: what its frames hold, which may be much, can wait.
        me.seen[point] = ((len(frames),), 0, 0)
        return False
    state: list[Any] = [len(frames)]
    for f in frames:
        state.append((f.f_lasti,))
        state.extend(variables(f).values())
    pairs = list(zip(before, state, strict=False)) if len(before) == len(state) else []
    same = same + 1 if pairs and all(_alike(a, b) for a, b in pairs) else 0
    counts = pairs and point.shape != "iterator" and all(_alike(a, b) or _numbers(a, b) for a, b in pairs)
    counting = counting + 1 if counts else 0
    found = same >= SAME or counting >= COUNTED
    if found:
        counting = COUNTED - COUNTED // 10
    me.seen[point] = (state, same, counting)
    return found


def _alike(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, int | float | str | bytes | tuple) and a == b)


def _numbers(a: Any, b: Any) -> bool:
    return isinstance(a, int | float) and isinstance(b, int | float)
