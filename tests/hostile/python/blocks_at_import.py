# verdict: fail
# says: does not finish loading. Blocked: .* line 7
# hangs: yes
# why: nobody sets this event
import threading

threading.Event().wait()
