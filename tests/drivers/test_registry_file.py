"""What `reg export` writes, as it stands in real exports."""

from __future__ import annotations

import codecs

import pytest

from smena.drivers.registry_file import Value, parse

_HEAD = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\X]\r\n"

_CASES: dict[str, tuple[str, dict[str, Value]]] = {
    "text": ('"DisplayName"="Loginom Server"\r\n', {"DisplayName": "Loginom Server"}),
    "a path": ('"ImagePath"="\\"C:\\\\a b\\\\c.exe\\" -s"\r\n', {"ImagePath": '"C:\\a b\\c.exe" -s'}),
    "its own value": ('@="own"\r\n', {"": "own"}),
    "a number": ('"Start"=dword:00000002\r\n', {"Start": 2}),
    "cyrillic": ('"Имя"="Сервер №1"\r\n', {"Имя": "Сервер №1"}),
    "expanded": (
        '"ImagePath"=hex(2):25,00,53,00,25,00,\\\r\n  5c,00,61,00,00,00\r\n"Type"=dword:10\r\n',
        {"ImagePath": "%S%\\a", "Type": 16},
    ),
    "a list": ('"DependOnService"=hex(7):41,00,00,00,42,00,00,00,00,00\r\n', {"DependOnService": ("A", "B")}),
    "bytes": ('"Failure"=hex:80,51,01,00\r\n', {"Failure": b"\x80Q\x01\0"}),
    "empty bytes": ('"Failure"=hex:\r\n', {"Failure": b""}),
    "a name with quotes": ('"a\\"b\\\\"="x"\r\n', {'a"b\\': "x"}),
    "two lines": ('"Text"="one\r\ntwo"\r\n"B"="x"\r\n', {"Text": "one\ntwo", "B": "x"}),
    "a text that ends with a comma": ('"A"="x,"\r\n"B"="y"\r\n', {"A": "x,", "B": "y"}),
}


@pytest.mark.parametrize("case", _CASES)
def test_values(case: str) -> None:
    written, values = _CASES[case]
    raw = codecs.BOM_UTF16_LE + (_HEAD + written).encode("utf-16-le")
    assert parse(raw) == {"HKEY_LOCAL_MACHINE\\SYSTEM\\X": values}


def test_keys_below_stand_for_themselves() -> None:
    more = _HEAD + '"a"="1"\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\X\\Y]\r\n"b"="2"\r\n'
    assert parse(more.encode("utf-8")) == {
        "HKEY_LOCAL_MACHINE\\SYSTEM\\X": {"a": "1"},
        "HKEY_LOCAL_MACHINE\\SYSTEM\\X\\Y": {"b": "2"},
    }
