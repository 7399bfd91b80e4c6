"""A header at an instance's place in IIS that has browsers ask anew, for a while.

It is set in the server's own configuration for that place, never in the product's `web.config`. IIS knows no date in a
header, so its end is written down beside it (`HOME/headers/INSTANCE.json`) and kept by the first call of
smena after that day. A header of that name that somebody else has set there stays: two of one name are
an error of IIS (500.19) for the whole place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.drivers.iis import Iis
from smena.errors import BadContent, IisChanged
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.text import _, plain

CLEAR = ("Clear-Site-Data", '"cache"')
AGAIN = ("Cache-Control", "no-cache, must-revalidate")
_SECTION = "/section:httpProtocol"


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What was set where, and its last day."""

    instance: str
    place: str
    name: str
    value: str
    last: date


class IisHeaders:
    """The headers of one home's instances."""

    def __init__(self, home: Path, iis: Iis | None = None) -> None:
        self._folder = home / "headers"
        self.iis = iis or Iis(home)

    def put(self, instance: str, place: str, last: date, *, secure: bool) -> None:
        """Set it, unless somebody else has. Browsers do not listen to the first over plain http."""
        name, value = CLEAR if secure else AGAIN
        header = Header(instance=instance, place=place, name=name, value=value, last=last)
        with self.iis.turn(_("the header of the site of {instance}", instance=instance)):
            known = self._known(self._path(instance))
            if known is not None and (known.place, known.name) != (place, name):
                self._gone(known)
                known = None
            present = self._present(place, name)
            if present is not None and known is None:
                return
            files.make_folder(self._folder, attributes.own(0o700))
            files.write_file(self._path(instance), msgspec.json.encode(header), attributes.own(0o600))
            faults.point("iis.header-noted")
            if present is None:
                self._change("+", header)

    def take_away(self, instance: str) -> None:
        """Take away what was set, if it is still as it was set."""
        with self.iis.turn(_("the header of the site of {instance}", instance=instance)):
            header = self._known(self._path(instance))
            if header is not None:
                self._gone(header)

    def over(self) -> Iterator[str]:
        """Instances whose header's last day is past."""
        today = clock.now().date()
        for path in sorted(self._folder.glob("*.json")):
            header = self._known(path)
            if header is not None and header.last < today:
                yield header.instance

    # -- inside ---------------------------------------------------------------------

    def _gone(self, header: Header) -> None:
        present = self._present(header.place, header.name)
        if present == header.value:
            self._change("-", header)
        elif present is not None:
            raise IisChanged(
                _("somebody else changed the header {name} of {place}", name=header.name, place=header.place),
                why=[_("its value is {now}", now=present)],
                state=_("it was left as it is"),
                hint=plain(f'appcmd list config "{header.place}" -section:httpProtocol'),
            )
        faults.point("iis.header-gone")
        files.remove_file(self._path(header.instance))

    def _present(self, place: str, name: str) -> str | None:
        listed = self.iis.listed("config", place, _SECTION, "/config:*")
        collections = listed.below("customHeaders")
        found = (add.attributes for one in collections for add in one.all("add"))
        return next((row.get("value", "") for row in found if row.get("name", "").lower() == name.lower()), None)

    def _change(self, sign: str, header: Header) -> None:
        value = f",value='{header.value}'" if sign == "+" else ""
        what = f"/{sign}customHeaders.[name='{header.name}'{value}]"
        self.iis.command("set", "config", header.place, _SECTION, what, "/commit:apphost", "/xml")

    def _known(self, path: Path) -> Header | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Header)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise BadContent(_("{path} is damaged", path=encode(path)), why=[plain(error)]) from error

    def _path(self, instance: str) -> Path:
        return self._folder / f"{instance}.json"
