"""What every way of running services keeps to, kept by systemd: the contract suite, inside a throwaway host."""

from __future__ import annotations

import re

import pytest

from support.systemd_host import PYTHON, ROOT, SystemdHost

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_the_contract_of_services(systemd_host: SystemdHost) -> None:
    suite = str(ROOT / "tests/drivers/test_services_contract.py")
    words = [PYTHON, "-m", "pytest", suite, "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    done = systemd_host.run(words, env={"SMENA_TEST_SERVICES": "systemd"})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    passed = re.search(r"^(\d+) passed in", done.stdout, re.MULTILINE)
    assert passed, done.stdout[-2000:]
    assert int(passed[1]) >= 13
