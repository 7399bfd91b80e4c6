"""The command line of Windows' installer."""

from __future__ import annotations

import pytest

from smena.definition import installer
from smena.errors import PlanImpossible


def test_values_go_along_as_they_are() -> None:
    words = installer.words("/i", r"C:\a.msi", (), {"FOLDER": r"C:\Program Files\x"}, r"C:\log")
    assert r"FOLDER=C:\Program Files\x" in words


def test_a_quotation_mark_in_a_value_is_refused() -> None:
    with pytest.raises(PlanImpossible) as caught:
        installer.refuse_quotes({"PORT": "80", "TITLE": 'say "yes"'})
    assert "TITLE" in str(caught.value)
