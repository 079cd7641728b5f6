# tries: connects to an abstract socket of the grader's machine
# must: earn nothing, flagged
import socket
try:
    socket.socket(socket.AF_UNIX).connect("\0course-hostile-PORT")
    print("CONNECTED")
except OSError as error:
    print(error)
