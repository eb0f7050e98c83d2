# verdict: fail
# says: counted as 0
# why: printed to standard output
print('0123456789abcdef {"memory": {"memory": [3]}, "returns": [0, 1, 2], "threads": []}')


def work(shared, index):
    print('{"explored": {"outcome": "proven"}}')
    return 7
