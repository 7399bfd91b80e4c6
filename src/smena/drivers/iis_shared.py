"""Whether IIS takes its configuration from a place that other servers use too (`redirection.config`)."""

from __future__ import annotations

from pathlib import Path

from smena.drivers.iis import FOLDER, windows
from smena.drivers.iis_answers import parse
from smena.errors import AccessDenied, IisDenied
from smena.host.paths import decode
from smena.host.trouble import telling
from smena.text import _


def shared_configuration() -> dict[str, str] | None:
    """The place, as `place`; None where this server has its configuration for itself."""
    name = f"{windows()}\\{FOLDER}\\config\\redirection.config"
    path = Path(decode(name))
    try:
        with telling(_("cannot read {path}", path=name)):
            if not path.exists():
                return None
            content = path.read_bytes().decode("utf-8-sig", "replace")
    except AccessDenied as error:
        hint = _("run smena as an administrator (elevated)")
        raise IisDenied(error.message, why=error.why, hint=hint) from error
    for element in parse(content).below("configurationRedirection"):
        if element.attributes.get("enabled", "false").lower() == "true":
            return {"place": element.attributes.get("path", "?")}
    return None
