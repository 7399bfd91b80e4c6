"""Access of entries, names of accounts, and the rights of this process."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls
from smena.host.windows.descriptors import account_bytes, account_of

assert sys.platform == "win32"  # tells mypy too

OWNER, GROUP, LIST = 1, 2, 4
_QUERY, _ADJUST, _ENABLED = 0x8, 0x20, 0x2
_USER, _DEFAULT_OWNER = 1, 4
_PUT_BACK_RIGHTS = (
    "SeBackupPrivilege",
    "SeRestorePrivilege",
    "SeTakeOwnershipPrivilege",
    "SeCreateSymbolicLinkPrivilege",
)
_DWORDS = ctypes.POINTER(wintypes.DWORD)


class _Right(ctypes.Structure):
    _fields_ = (("count", wintypes.DWORD), ("number", wintypes.DWORD * 2), ("state", wintypes.DWORD))


_get = calls.declared(
    calls.advapi32,
    "GetKernelObjectSecurity",
    wintypes.BOOL,
    wintypes.HANDLE,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    _DWORDS,
)
_set = calls.declared(
    calls.advapi32, "SetKernelObjectSecurity", wintypes.BOOL, wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p
)
_by_name = calls.declared(
    calls.advapi32,
    "LookupAccountNameW",
    wintypes.BOOL,
    wintypes.LPCWSTR,
    wintypes.LPCWSTR,
    ctypes.c_void_p,
    _DWORDS,
    wintypes.LPWSTR,
    _DWORDS,
    _DWORDS,
)
_by_number = calls.declared(
    calls.advapi32,
    "LookupAccountSidW",
    wintypes.BOOL,
    wintypes.LPCWSTR,
    ctypes.c_void_p,
    wintypes.LPWSTR,
    _DWORDS,
    wintypes.LPWSTR,
    _DWORDS,
    _DWORDS,
)
_this_process = calls.declared(calls.kernel32, "GetCurrentProcess", wintypes.HANDLE)
_token = calls.declared(
    calls.advapi32, "OpenProcessToken", wintypes.BOOL, wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE)
)
_of_token = calls.declared(
    calls.advapi32,
    "GetTokenInformation",
    wintypes.BOOL,
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
    _DWORDS,
)
_right = calls.declared(
    calls.advapi32, "LookupPrivilegeValueW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.LPCWSTR, ctypes.c_void_p
)
_adjust = calls.declared(
    calls.advapi32,
    "AdjustTokenPrivileges",
    wintypes.BOOL,
    wintypes.HANDLE,
    wintypes.BOOL,
    ctypes.POINTER(_Right),
    wintypes.DWORD,
    ctypes.c_void_p,
    ctypes.c_void_p,
)
_close = calls.declared(calls.kernel32, "CloseHandle", wintypes.BOOL, wintypes.HANDLE)


def descriptor(handle: int, path: str) -> bytes:
    """Owner, group and access list, as bytes."""
    size = wintypes.DWORD()
    _get(handle, OWNER | GROUP | LIST, None, 0, ctypes.byref(size))
    into = ctypes.create_string_buffer(max(size.value, 1))
    if not _get(handle, OWNER | GROUP | LIST, into, size.value, ctypes.byref(size)):
        raise calls.failure(path)
    return into.raw[: size.value]


def set_descriptor(handle: int, what: int, data: bytes, path: str) -> None:
    if not _set(handle, what, data):
        raise calls.failure(path)


def number_of(name: str) -> str:
    """An account's number, S-1-…, by its name."""
    number, domain = ctypes.create_string_buffer(256), ctypes.create_unicode_buffer(512)
    sizes, kind = (wintypes.DWORD(256), wintypes.DWORD(512)), wintypes.DWORD()
    if not _by_name(None, name, number, ctypes.byref(sizes[0]), domain, ctypes.byref(sizes[1]), ctypes.byref(kind)):
        raise calls.failure(name)
    return account_of(number.raw)


def name_of(number: str) -> str:
    """The name of an account, with its domain; its number where nobody knows a name."""
    name, domain = ctypes.create_unicode_buffer(512), ctypes.create_unicode_buffer(512)
    sizes, kind = (wintypes.DWORD(512), wintypes.DWORD(512)), wintypes.DWORD()
    known = _by_number(
        None, account_bytes(number), name, ctypes.byref(sizes[0]), domain, ctypes.byref(sizes[1]), ctypes.byref(kind)
    )
    return f"{domain.value}\\{name.value}" if known else number


def me() -> str:
    """The number of the account that runs this process."""
    return _of_mine(_USER)


def owner_of_new() -> str:
    """Whose what this process makes is: of an elevated administrator it is the administrators'."""
    return _of_mine(_DEFAULT_OWNER)


def take_rights() -> None:
    """Those that an administrator has and that lie idle until asked for. Where they lack, calls fail as they would."""
    token = _opened(_QUERY | _ADJUST)
    try:
        for name in _PUT_BACK_RIGHTS:
            wanted = _Right(1, (0, 0), _ENABLED)
            if _right(None, name, ctypes.byref(wanted, _Right.number.offset)):
                _adjust(token, False, ctypes.byref(wanted), 0, None, None)
    finally:
        _close(token)


def _of_mine(what: int) -> str:
    token, size = _opened(_QUERY), wintypes.DWORD()
    try:
        into = ctypes.create_string_buffer(512)
        if not _of_token(token, what, into, 512, ctypes.byref(size)):
            raise calls.failure()
        address = ctypes.c_void_p.from_buffer(into).value or 0
        return account_of(into.raw[address - ctypes.addressof(into) :])
    finally:
        _close(token)


def _opened(access: int) -> wintypes.HANDLE:
    token = wintypes.HANDLE()
    if not _token(_this_process(), access, ctypes.byref(token)):
        raise calls.failure()
    return token
