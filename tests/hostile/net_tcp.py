# tries: connects to a server on the grader's machine
# must: earn nothing, flagged
import socket
try:
    socket.create_connection(("127.0.0.1", PORT), timeout=2).sendall(b"hello")
except OSError as error:
    print(error)
