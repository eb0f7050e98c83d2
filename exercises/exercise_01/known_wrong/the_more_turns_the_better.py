# belief: the more often the loop turns, the better
# fails: not_after_every_item
# says: after every single item

# A turn of the loop costs time, often more than the item itself. The slice size is there to choose.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    for item in items:
        total += crunch(item)
        await asyncio.sleep(0)
    return total
