"""Copying whole trees: a first copy beside the running product, then only the difference once it rests.

Kept: content, holes, owner, mode, xattrs with access lists, times, links as links, and which names inside the
tree are one file (hard links). Skipped and listed: sockets and pipes. Refused: devices. Never made: a hard
link to the source. Not kept: access times that we move by reading, file flags (chattr).

The difference is found by times, which is safe only under the rules in `state` and `stamps`. The copy is
on the disk before the listing that describes it; a copy that a death cut is begun anew, a difference
that a death cut is simply made again.
"""

from smena.host.copy.copying import Copied, delta_copy, first_copy, last_copy

__all__ = ["Copied", "delta_copy", "first_copy", "last_copy"]
