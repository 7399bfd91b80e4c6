"""Archives: tar (plain, gz, xz, zst) and zip, unpacked safely; our own tar.zst, made and read back.

Nothing is taken on trust: what kind an archive is tells its content, not its name; each member is judged before a
byte of it is written (`members`); a cut or damaged archive is an error, wherever it was cut. A member that must not
be unpacked refuses the whole archive, and is named.
"""

from smena.drivers.archive.making import make, read_back
from smena.drivers.archive.members import Limits, Member
from smena.drivers.archive.unpacking import members, read_member, read_members, unpack

__all__ = ["Limits", "Member", "make", "members", "read_back", "read_member", "read_members", "unpack"]
