# tries: sends a datagram to the grader's machine
# must: earn nothing, flagged
import socket
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", PORT))
except OSError as error:
    print(error)
