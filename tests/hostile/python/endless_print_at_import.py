# verdict: fail
# says: printed more than a million|printed more than .* It began with: again and again
# why: the output would fill any memory
while True:
    print("again and again")
