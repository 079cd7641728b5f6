# tries: sleeps for ever
# must: earn nothing, limit
import time
time.sleep(10**6)
