# verdict: fail
# says: ended with EEEE
# why: the name of a type has 10 million letters
def work(shared, index):
    raise type("E" * 10_000_000, (Exception,), {})("a")
