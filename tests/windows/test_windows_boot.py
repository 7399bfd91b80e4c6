"""A host that goes down in the middle of a run of a smena that is a Windows program itself: what a boot does then."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena import clock
from smena.drivers import msi
from support import wine
from support.loginom_desktop import NAME, LoginomDesktop, desktop
from support.loginom_native import NativeHost

_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "0"]
_UP += [
    word for name in ("new-licence-keys", "old-version-removed", "licence-not-measured") for word in ("--accept", name)
]


class Native(NativeHost, LoginomDesktop):
    """One's own computer."""


def _over(host: Native) -> bool:
    return bool(list((host.home / "runs").glob("*/over")))


@pytest.mark.full  # the same with a server stands in test_smena_on_windows
def test_the_task_at_start_takes_the_run_up(scheduler: Path, built: Path) -> None:
    """No scheduler is there that would begin it at boot: the test does."""
    host = Native(scheduler, built)
    host.install("6.5.0")
    host.define(desktop("6.5.0", built), desktop("7.1.0", built))
    products = msi.products()
    died = host.smena(*_UP, faults="install-package.installed=kill")
    assert died.status == 5, died.out + died.err
    assert len(host.tasks()) == 2
    wine.end(host.prefix)
    with wine.up(host.prefix):
        assert not _over(host)
        wine.wine(host.prefix, "schtasks", "/run", "/tn", r"\smena\recover")
        deadline = clock.ticks() + 120
        while not _over(host) and clock.ticks() < deadline:
            clock.sleep(0.2)
        assert _over(host)
        assert host.called("run", "list", "--json").value["runs"][0]["state"] == "undone"  # it died in foreign code
        assert msi.products() == products
        assert host.tasks() == {"recover"}
