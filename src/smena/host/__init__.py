"""What smena asks of the machine it stands on: files, programs, locks, facts.

Everything above speaks to these modules; only `native` knows that there is more than one operating system.
"""
