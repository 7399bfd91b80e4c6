"""Names that parts of a Windows computer have of their own: registry, SMBIOS tables, volume, network card."""

from __future__ import annotations

import ctypes
import os
import sys
import uuid

assert sys.platform == "win32"  # tells mypy too

_RSMB = 0x52534D42


def read() -> dict[str, str | None]:
    from smena.host import smbios

    tables = smbios.read(_tables())
    return {
        "machine": _machine(),
        "board": tables.board,
        "disk": _volume(),
        "network": f"{uuid.getnode():012x}" if not uuid.getnode() >> 40 & 1 else None,
        "firmware": tables.system,
    }


def _machine() -> str | None:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    except OSError:
        return None


def _volume() -> str | None:
    """The serial number of the system's volume."""
    number = ctypes.c_uint32()
    drive = os.environ.get("SYSTEMDRIVE", "C:") + "\\"
    done = ctypes.windll.kernel32.GetVolumeInformationW(drive, None, 0, ctypes.byref(number), None, None, None, 0)
    return f"{number.value:08x}" if done else None


def _tables() -> bytes:
    """SMBIOS as Windows gives it: eight bytes of its own come first."""
    ask = ctypes.windll.kernel32.GetSystemFirmwareTable
    size = ask(_RSMB, 0, None, 0)
    buffer = ctypes.create_string_buffer(size)
    ask(_RSMB, 0, buffer, size)
    return buffer.raw[8:]
