# belief: slice_size says how many slices there are
# fails: loop_turns
# says: in slices of 3

# A hundred items in "seven slices" are fifteen items in each.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    step = max(1, -(-len(items) // slice_size))
    for start in range(0, len(items), step):
        total += sum(map(crunch, items[start : start + step]))
        await asyncio.sleep(0)
    return total
