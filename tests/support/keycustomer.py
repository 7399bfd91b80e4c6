"""A home whose product has licence keys of a demonstration's vendor, and the vendor's desk beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import msgspec

from smena import clock
from smena.keys import times
from smena.keys.codec import files
from smena.keys.licence import Licence
from support import upgrade_host
from support.keyworld import YEAR, Desk, Vendor

PRODUCT = upgrade_host.PRODUCT
_BEFORE = "before: [{room: {}}, {answers: {}}]"


def now() -> int:
    return times.hours(clock.now())


class Office:
    """The vendor as customers meet it: mails go in, mails come out."""

    def __init__(self) -> None:
        self.vendor = Vendor(demo=True)
        self.vendor.list = msgspec.structs.replace(self.vendor.list, issuers=())
        start = now() - YEAR
        issuer = self.vendor.certificate(start=start, until=now() + YEAR, products=("loginom",))
        exchange = msgspec.structs.replace(self.vendor.list.exchange[0], until=now() + YEAR)
        from smena.keys.trust import Issuer

        self.issuer = issuer
        self.vendor.list = msgspec.structs.replace(
            self.vendor.list, issuers=(Issuer(issuer.encode()),), exchange=(exchange,)
        )
        self.vendor.certificate = lambda *_a, **_k: issuer  # type: ignore[method-assign]
        self.desk: Desk | None = None

    def enrol(self, text: str) -> None:
        self.desk = Desk(self.vendor, files.read(text).message)
        self.desk.now = now()

    def answer(self, text: str, wanted: Licence) -> str:
        """A mail with the question in, a mail with the answer out."""
        assert self.desk is not None
        answer = self.desk.answer(files.read(text).message, wanted)
        return f"Dear customer,\n\n{files.write(answer, trust=self.vendor.sealed())}\nYours"

    def confirm(self, text: str) -> None:
        assert self.desk is not None
        self.desk.confirm(files.read(text).message)

    def trust_file(self, folder: Path) -> Path:
        path = folder / "vendor.smena-trust"
        path.write_text(files.write_trust(self.vendor.sealed()), "utf-8")
        return path

    def changes(self, keys: str = "", edges: Callable[[str], str] | None = None) -> dict[str, str]:
        """What the stand-in's definition has to say otherwise for its keys to be these."""
        trust = base64.b64encode(self.vendor.sealed()).decode("ascii")
        about = (
            f"keys: {{kinds: [virtual, software, pkcs11, guardant], product: loginom, "
            f"realm: {self.vendor.realm.hex()}, trust: {trust}{keys}}}\n"
            "support:\n  email: support@vendor.example\n"
            "  subjects: {question: {en: 'The question', ru: 'Число-вопрос'},"
            " confirmation: {en: 'The code', ru: 'Код подтверждения'}}\n"
        )
        return {_BEFORE: f"{about}\nbefore: [{{room: {{}}}}, {{answers: {{}}}}, {{licence: {{}}}}]"}

    def define(self, home: Path, keys: str = "") -> None:
        upgrade_host.define(home, self.changes(keys))
