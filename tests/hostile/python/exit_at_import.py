# verdict: fail
# says: calls sys.exit\(\) while it is imported, line 6
# why: an exit code of 0 is no pass
import sys

sys.exit(0)
