# tries: unmounts, remounts and leaves its sandbox
# must: earn nothing, flagged
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print("MOUNTED" if libc.mount(b"none", b"/", None, 0x1020, None) == 0 else os.strerror(ctypes.get_errno()))
print("LEFT" if libc.unshare(0x10000000) == 0 else os.strerror(ctypes.get_errno()))
print("ROOT" if libc.setuid(0) == 0 else os.strerror(ctypes.get_errno()))
