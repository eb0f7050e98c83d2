# verdict: fail
# says: does not finish loading. Blocked: .* line 7
# hangs: yes
# why: a minute is more than a learner waits
import time

time.sleep(60)
