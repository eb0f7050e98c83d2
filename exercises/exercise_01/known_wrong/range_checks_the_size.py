# belief: range() refuses every bad step
# fails: slice_size_is_checked
# says: it returned 0

# range(0, 5, 0) raises a ValueError, but range(0, 5, -1) is simply empty: no item is crunched, and nobody hears of it.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    total = 0
    for start in range(0, len(items), slice_size):
        total += sum(map(crunch, items[start : start + slice_size]))
        await asyncio.sleep(0)
    return total
