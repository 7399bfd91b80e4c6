"""Words about runs that several commands use."""

from __future__ import annotations

from smena.text import Text, _, plain


def kind_words(kind: str) -> Text:
    words = {
        "upgrade": _("upgrade"),
        "rollback": _("rollback"),
        "create": _("create"),
        "remove": _("remove"),
        "configure": _("configure"),
    }
    return words.get(kind, plain(kind))


def moment(stamp: str | None) -> str:
    """A time as the host's clock shows it."""
    from datetime import datetime

    return "–" if stamp is None else f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M:%S}"
