# belief: a list divides into full slices
# fails: sum
# says: in slices of 3

# Whole-number division forgets the rest: seven items in slices of three are two slices, and one item is lost.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    for number in range(len(items) // slice_size):
        total += sum(map(crunch, items[number * slice_size : (number + 1) * slice_size]))
        await asyncio.sleep(0)
    return total
