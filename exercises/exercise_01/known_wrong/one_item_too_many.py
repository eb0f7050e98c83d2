# belief: counting from 0, the slice is over when the count is above slice_size
# fails: loop_turns
# says: without the loop turning

# The count is looked at after it went past the end: one item too many in each slice.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = count = 0
    for item in items:
        total += crunch(item)
        count += 1
        if count > slice_size:
            await asyncio.sleep(0)
            count = 0
    return total
