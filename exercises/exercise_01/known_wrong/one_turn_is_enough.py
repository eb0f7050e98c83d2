# belief: it is enough to let the loop turn once
# fails: loop_turns
# says: without the loop turning

# It is polite once, at the beginning, and then holds the loop to the end.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    await asyncio.sleep(0)
    return sum(map(crunch, items))
