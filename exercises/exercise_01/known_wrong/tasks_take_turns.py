# All tasks are ready in the same turn, so they all run in it, one after the other.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")

    async def part(start):
        return sum(map(crunch, items[start : start + slice_size]))

    return sum(await asyncio.gather(*[part(start) for start in range(0, len(items), slice_size)]))
