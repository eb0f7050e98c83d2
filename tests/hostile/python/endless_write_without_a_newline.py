# verdict: fail
# says: printed more than .* It began with: again
# why: a line that never ends
import os

while True:
    os.write(1, b"again" * 10_000)
