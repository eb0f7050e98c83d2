# verdict: fail
# says: Busy loop: it does not end
# hangs: yes
# why: what it left cannot be looked at: that is no fault of the explorer's replacements
class Endless:
    @property
    def count(self):
        while True:
            pass


def work(shared, index):
    shared.__class__ = type("Shared", (Endless,), {})
    return index
