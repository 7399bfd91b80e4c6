"""What a test needs of the machine: said plainly where it is missing, and never passed over in CI."""

from __future__ import annotations

import os

import pytest


def need(condition: object, reason: str) -> None:
    """Skip the test unless `condition` holds; where nothing may be skipped (SMENA_CI=1), fail it."""
    if condition:
        return
    if os.environ.get("SMENA_CI") == "1":
        pytest.fail(f"this machine must have what the test needs: {reason}")
    pytest.skip(reason)
