# tries: connects to a socket that is a file
# must: earn nothing, flagged
import socket
try:
    socket.socket(socket.AF_UNIX).connect("COURSE/socket")
    print("CONNECTED")
except OSError as error:
    print(error)
