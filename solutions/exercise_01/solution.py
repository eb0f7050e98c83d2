"""A sum in slices, with a turn of the loop between two of them."""

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    """Give the sum of crunch(item); let the loop turn after at most slice_size items."""
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    # The last slice may be shorter: a slice of a list ends where the list ends.
    for start in range(0, len(items), slice_size):
        for item in items[start : start + slice_size]:
            total += crunch(item)
        # This suspends for exactly one turn. Awaiting something that is done already would not suspend at all.
        await asyncio.sleep(0)
    return total
