# tries: tells a name server what it knows
# must: earn nothing, flagged
import socket
try:
    print("RESOLVED", socket.getaddrinfo("secret.example.org", 80))
except OSError as error:
    print(error)
