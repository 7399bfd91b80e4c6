"""Windows beneath the ports: thin, and not run by us on a real Windows yet.

What is not written yet refuses in plain words (`unfit`); nothing pretends to have been done.
"""
