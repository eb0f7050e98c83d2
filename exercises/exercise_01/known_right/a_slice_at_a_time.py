# Each slice is summed at once, and a turn follows each.
import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    for start in range(0, len(items), slice_size):
        total += sum(map(crunch, items[start : start + slice_size]))
        await asyncio.sleep(0)
    return total
