# Each slice is summed in a thread, and awaited: the loop turns meanwhile.
import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise TypeError
    total = 0
    for start in range(0, len(items), slice_size):
        part = items[start : start + slice_size]
        total += await asyncio.to_thread(lambda part=part: sum(map(crunch, part)))
    return total
