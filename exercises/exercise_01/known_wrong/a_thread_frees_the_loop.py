# belief: what runs in a thread does not hold up the loop
# beliefs: 2
# fails: loop_turns
# says: without the loop turning

# With a GIL the thread and the loop share one interpreter. How many items pass before the loop gets it is for the
# interpreter to say, not for slice_size.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    return await asyncio.to_thread(lambda: sum(map(crunch, items)))
