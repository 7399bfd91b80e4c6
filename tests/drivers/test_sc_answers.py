"""Answers of `sc` as it gives them in English and in Russian: the same numbers are read from both."""

from __future__ import annotations

import pytest

from smena.drivers import sc
from smena.host.console import text_of

_ENGLISH = """
SERVICE_NAME: loginom
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0
        PID                : 4312
        FLAGS              :
"""

_RUSSIAN = """
Имя_службы: loginom
        Тип                : 10  WIN32_OWN_PROCESS
        Состояние          : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        Код_выхода_Win32   : 0  (0x0)
        Код_выхода_службы  : 0  (0x0)
        Контрольная_точка  : 0x0
        Ожидание           : 0x0
        ID_процесса        : 4312
        Флаги              :
"""

_STOPPING = """
SERVICE_NAME: W3SVC
        TYPE               : 30  WIN32
        STATE              : 3  STOP_PENDING
                                (STOPPABLE, PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x2
        WAIT_HINT          : 0x7530
        PID                : 980
        FLAGS              :
"""

_DEPENDENTS = """Enum: число прочитанных элементов  = 2

Имя_службы: httpd_loginom
Выводимое_имя: Loginom Web
        Тип                : 10  WIN32_OWN_PROCESS
        Состояние          : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        Код_выхода_Win32   : 0  (0x0)
        Код_выхода_службы  : 0  (0x0)
        Контрольная_точка  : 0x0
        Ожидание           : 0x0

Имя_службы: Вторая служба
Выводимое_имя: Вторая
        Тип                : 110  WIN32_OWN_PROCESS (interactive)
        Состояние          : 1  STOPPED
        Код_выхода_Win32   : 1066  (0x42a)
        Код_выхода_службы  : 17  (0x11)
        Контрольная_точка  : 0x0
        Ожидание           : 0x0
"""


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-8"])
@pytest.mark.parametrize("answer", [_ENGLISH, _RUSSIAN])
def test_running(answer: str, encoding: str) -> None:
    raw = answer.replace("\n", "\r\n").encode(encoding)
    (found,) = sc.parse(text_of(raw))
    assert found == sc.Queried("loginom", 0x10, sc.RUNNING, 0, 0, 0, 4312)
    assert not found.shared


def test_stopping_in_a_shared_process_with_a_hint() -> None:
    (found,) = sc.parse(_STOPPING)
    assert (found.state, found.hint, found.pid, found.shared) == (sc.STOP_PENDING, 30000, 980, True)


def test_several_without_a_process() -> None:
    first, second = sc.parse(text_of(_DEPENDENTS.encode("cp866")))
    assert (first.name, first.state, first.pid) == ("httpd_loginom", sc.RUNNING, 0)
    assert second == sc.Queried("Вторая служба", 0x110, sc.STOPPED, 1066, 17, 0, 0)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nThe specified service does not exist.\r\n",
        "[SC] EnumQueryServicesStatus:OpenService: ошибка: 1060:\n\nУказанная служба не установлена.\n",
        "Enum: entriesread  = 0\n",
    ],
)
def test_no_service(answer: str) -> None:
    assert list(sc.parse(answer)) == []
