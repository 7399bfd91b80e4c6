"""The installer's service on Windows itself: known to be at work by its mutex, and let to its end."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smena import clock
from smena.errors import StepFailed
from smena.host.native import installers
from smena.steps import installing

assert sys.platform == "win32"  # tells mypy too

HAS = """
import ctypes, sys, time
k = ctypes.windll.kernel32
k.CreateMutexW.restype = ctypes.c_void_p
k.CreateMutexW.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_wchar_p)
k.CreateMutexW(None, int(sys.argv[1]), "Global\\\\_MSIExecute")
print("has it", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def another(seconds: float, *, owned: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has the mutex, and ends after so long without having given it back."""
    command = [sys.executable, "-S", "-c", HAS, str(int(owned)), str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"has it"
            yield process
        finally:
            process.kill()


def test_it_is_at_work_while_somebody_has_its_mutex() -> None:
    assert not installers.at_work()
    with another(60):
        assert installers.at_work()
    assert not installers.at_work()
    with another(60, owned=False):  # the service is up, and has nothing to do
        assert not installers.at_work()
        assert not installers.at_work()


def test_one_that_died_over_it_is_not_at_work() -> None:
    kernel = ctypes.windll.kernel32
    kernel.OpenMutexW.restype = ctypes.c_void_p
    with another(60) as process:
        held = kernel.OpenMutexW(0x100000, 0, "Global\\_MSIExecute")
        process.kill()
        process.wait(20)
        assert held
        assert not installers.at_work()
        kernel.CloseHandle(ctypes.c_void_p(held))


def test_it_is_let_to_its_end() -> None:
    began = clock.ticks()
    with another(2):
        installing.outlived(None, 30.0)
        assert clock.ticks() - began >= 1.5
    with another(60), pytest.raises(StepFailed, match="an installer still runs"):
        installing.outlived(None, 0.3)
    installing.outlived(None, 0.0)
