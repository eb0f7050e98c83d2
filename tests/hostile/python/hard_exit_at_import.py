# verdict: fail
# says: ended the process \(exit code 0\)
# why: nothing that follows is run
import os

os._exit(0)
