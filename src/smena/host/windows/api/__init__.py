"""What Windows is asked for, one topic a file: prototypes, and functions that make a failure an OSError.

Nobody outside of this folder calls ctypes for it.
"""
