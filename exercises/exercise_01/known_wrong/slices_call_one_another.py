# The first slice waits for the second, which waits for the third: after a thousand, there is no room for another.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")

    async def rest(start):
        if start >= len(items):
            return 0
        here = sum(crunch(item) for item in items[start : start + slice_size])
        await asyncio.sleep(0)
        return here + await rest(start + slice_size)

    return await rest(0)
