# belief: every await gives the loop a turn
# fails: loop_turns
# says: without the loop turning

# `rest` comes back at once. Awaiting a coroutine runs it right here; only what really waits lets the loop turn.


async def rest():
    return None


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    for start in range(0, len(items), slice_size):
        total += sum(map(crunch, items[start : start + slice_size]))
        await rest()
    return total
