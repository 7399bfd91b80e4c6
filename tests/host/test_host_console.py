"""What Windows programs write, in each of the encodings that they write in."""

from __future__ import annotations

import codecs

import pytest

from smena.host.console import encoding_of, text_of

_RUSSIAN = [
    "Указанная служба не установлена.",
    "[SC] EnumQueryServicesStatus:OpenService: ошибка: 1060:\r\n\r\nУказанная служба не установлена.\r\n",
    "Не удается найти указанный файл.",
    "СОСТОЯНИЕ : 4 RUNNING",
    "Имя_службы: loginom\r\n        Тип                : 10  WIN32_OWN_PROCESS",
    "Отказано в доступе.",
    "Служба Loginom Server запускается.\r\nСлужба Loginom Server успешно запущена.\r\n",
    'ОШИБКА ( message:Не удается найти объект SITE с идентификатором "Сайт №1". )',
]


@pytest.mark.parametrize("text", _RUSSIAN)
@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-8"])
def test_russian_without_a_mark(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    assert encoding_of(raw) == encoding
    assert text_of(raw) == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"STATE : 4\r\n", "STATE : 4\n"),
        (codecs.BOM_UTF8 + "путь".encode(), "путь"),
        (codecs.BOM_UTF16_LE + "путь\r\n".encode("utf-16-le"), "путь\n"),
        (codecs.BOM_UTF16_BE + "путь".encode("utf-16-be"), "путь"),
        ("plain answer\r\n".encode("utf-16-le"), "plain answer\n"),
    ],
)
def test_marked_or_plain(raw: bytes, text: str) -> None:
    assert text_of(raw) == text


def test_an_encoding_that_is_known_is_not_guessed() -> None:
    assert text_of("путь".encode("cp1251"), "cp1251") == "путь"


def test_bytes_that_fit_nothing_are_shown() -> None:
    assert text_of(b"\x98\xff", "cp1251").startswith("\\x98")
