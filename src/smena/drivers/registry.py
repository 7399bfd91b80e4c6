"""Keys of the Windows registry: read, kept and put back through `reg`.

Values are read from what `reg export` writes: it is Unicode and the same in every language, which the words on the
console are not. Putting a key back means: exactly what was kept, and nothing else below it; the key itself
is not taken away first, because whoever has it open (the service manager) would lose it.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from smena import faults
from smena.drivers.registry_file import Keys, Value, Values, parse
from smena.errors import AccessDenied, RegistryFailed
from smena.host import drives, files, programs
from smena.host.native import attributes
from smena.host.output import tail
from smena.text import _, plain

_DENIED = re.compile(r"denied|Отказано|\b5\b", re.IGNORECASE)
_ROOTS = {"HKLM": "HKEY_LOCAL_MACHINE"}
_LIMIT = 60.0


def values(key: str) -> Values | None:
    """The values of a key by their names in small letters; None where there is no such key."""
    with tempfile.TemporaryDirectory(prefix="smena-") as folder:
        raw = export(key, Path(folder) / "key.reg")
    if raw is None:
        return None
    found = _folded(parse(raw)).get(whole(key).casefold(), {})
    return {name.casefold(): value for name, value in found.items()}


def value(key: str, name: str) -> Value | None:
    found = values(key)
    return None if found is None else found.get(name.casefold())


def below(key: str) -> Keys:
    """Every key below this one, by its whole name, with its values by their names in small letters."""
    with tempfile.TemporaryDirectory(prefix="smena-") as folder:
        raw = export(key, Path(folder) / "key.reg")
    found = parse(raw) if raw is not None else {}
    return {path: {name.casefold(): value for name, value in values.items()} for path, values in found.items()}


def export(key: str, to: Path) -> bytes | None:
    """Write the key, and all below it, into a file that is not there yet; what was written, or None."""
    outcome = programs.run(["reg", "export", key, _told(to), "/y"], limit=_LIMIT)
    if outcome.status == 0:
        return to.read_bytes()
    words = tail(outcome.err) or tail(outcome.out)
    if _DENIED.search(words):
        raise AccessDenied(_("cannot read the registry key {key}", key=key), why=[plain(words)])
    return None


def keep(key: str, to: Path) -> bool:
    """Keep a key in a file, durably; False where there is no such key, and then no file either."""
    fresh = files.temporary(to)
    fresh.unlink(missing_ok=True)
    raw = export(key, fresh)
    fresh.unlink(missing_ok=True)
    if raw is None:
        return False
    files.write_file(to, raw, attributes.own(0o600))
    return True


def put_back(key: str, kept: Path | None) -> None:
    """Make the key what it was; None: it was not there."""
    now = values(key)
    if kept is None:
        if now is not None:
            _reg("delete", key, "/f")
        return
    wanted = parse(kept.read_bytes())
    if now is not None:
        _take_away_more(key, wanted)
    faults.point("registry.cleared")
    _reg("import", _told(kept))


def set_number(key: str, name: str, number: int) -> None:
    _reg("add", key, "/v", name, "/t", "REG_DWORD", "/d", str(number), "/f")


def set_text(key: str, name: str, text: str | None) -> None:
    """Set a value, one with `%NAME%` in it so that Windows expands it; None: take it away."""
    if text is None:
        _reg("delete", key, "/v", name, "/f")
    else:
        _reg("add", key, "/v", name, "/t", "REG_EXPAND_SZ" if "%" in text else "REG_SZ", "/d", text, "/f")


def whole(key: str) -> str:
    """The key as `reg export` writes it."""
    root, _sign, rest = key.partition("\\")
    return "\\".join((_ROOTS.get(root.upper(), root), rest))


def _take_away_more(key: str, wanted: Keys) -> None:
    with tempfile.TemporaryDirectory(prefix="smena-") as folder:
        now = parse(export(key, Path(folder) / "key.reg") or b"")
    known = _folded(wanted)
    gone: list[str] = []
    for path, present in now.items():
        if any(path.casefold().startswith(f"{other.casefold()}\\") for other in gone):
            continue
        if path.casefold() not in known:
            gone.append(path)
            _reg("delete", path, "/f")
            continue
        names = {name.casefold() for name in known[path.casefold()]}
        for name in present:
            if name.casefold() not in names:
                _reg("delete", path, *(["/v", name] if name else ["/ve"]), "/f")


def _folded(keys: Keys) -> Keys:
    return {key.casefold(): found for key, found in keys.items()}


def _reg(*words: str) -> None:
    outcome = programs.run(["reg", *words], limit=_LIMIT)
    if outcome.status:
        said = tail(outcome.err) or tail(outcome.out)
        raise RegistryFailed(
            _("cannot change the registry key {key}", key=words[1]),
            why=[plain(said)] if said else [],
            hint=_("run smena as an administrator"),
        )


def _told(path: Path) -> str:
    return drives.for_program(str(path))
