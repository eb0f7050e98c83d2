# verdict: fail
# says: does not finish loading. Busy loop: .* line [56]
# hangs: yes
# why: the file never becomes a module
while True:
    pass
