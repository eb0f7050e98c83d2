# verdict: fail
# says: killed by SIGALRM
# why: a timer whose signal nobody handles
import signal
import time

signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(60)
