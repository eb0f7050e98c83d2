# belief: awaiting a future lets the loop turn, whether or not it is done
# fails: loop_turns
# says: without the loop turning

# A future that is done has nothing to wait for: await goes on at once.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    total = 0
    for start in range(0, len(items), slice_size):
        total += sum(map(crunch, items[start : start + slice_size]))
        await done
    return total
