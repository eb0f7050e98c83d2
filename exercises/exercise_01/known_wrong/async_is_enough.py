# belief: an async function does not block the loop
# beliefs: 1
# fails: loop_turns
# says: without the loop turning

# Nothing in it is awaited, so nothing ever suspends: the whole list is crunched in one go.


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    total = 0
    for start in range(0, len(items), slice_size):
        total += sum(map(crunch, items[start : start + slice_size]))
    return total
