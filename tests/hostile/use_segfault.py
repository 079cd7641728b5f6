# tries: crashes the interpreter
# must: earn nothing, flagged, limit
import ctypes
ctypes.string_at(0)
