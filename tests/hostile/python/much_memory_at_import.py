# verdict: fail
# says: used more than 400 MB of memory, and was stopped|MemoryError
# why: as much as there is, at once
hoard = bytearray(b"x") * 10_000_000_000
