"""Dying while a key is changed: what a forked child does, and a key that can be put back as it was."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import msgspec

from smena.errors import QuestionNone
from smena.keys import beside
from smena.keys.exchange import applying, asking, reading
from smena.keys.licence import Licence
from smena.keys.tokens import kinds, pkcs11, virtual
from smena.keys.tokens.kinds import Ask, Keep
from smena.keys.tokens.pin import Pin
from support import softhsm
from support.keyworld import NOW, SEVEN, SIX, Customer, Desk, Vendor, plain

ASK = Ask(pin=lambda: Pin(softhsm.PIN))


def work(root: str, what: str, delay: str = "") -> None:
    """In the child: one use of the key, perhaps with an alarm that ends the process like a kill does."""
    os.environ["SOFTHSM2_CONF"] = str(Path(root) / "hsm/softhsm2.conf")
    if delay:
        signal.setitimer(signal.ITIMER_REAL, float(delay))
    with kinds.opened(Path(root) / "key", ASK) as key:
        if what == "ask":
            asking.ask(key, NOW)
        elif what == "cancel":
            asking.cancel(key)
        else:
            applying.apply(key, (Path(root) / "answer").read_bytes(), NOW)


class Bench:
    """A key with a licence for SIX, and, for applying, an open question with the answer SEVEN to it."""

    def __init__(self, root: Path, kind: str) -> None:
        self.root, self.kind = root, kind
        self.key = root / "key"
        self.vendor = Vendor(demo=True)
        self.key.mkdir()
        beside.begin(self.key, self.vendor.anchor(), self.vendor.sealed())
        self._make()
        with kinds.opened(self.key, ASK) as key:
            customer = Customer(self.vendor, key.token, key.store)
            customer.exchange(SIX)
        self.desk: Desk = customer.desk
        self._keep("blank")
        self.question = self.ask()
        self.answer = self.desk.answer(self.question, SEVEN)
        (root / "answer").write_bytes(self.answer)
        self._keep("asked")

    def put_back(self, name: str) -> None:
        for part in ("key", "hsm"):
            shutil.rmtree(self.root / part, ignore_errors=True)
            if (self.root / name / part).exists():
                shutil.copytree(self.root / name / part, self.root / part)

    def ask(self) -> bytes:
        with kinds.opened(self.key, ASK) as key:
            return asking.ask(key, NOW)

    def held(self) -> tuple[Licence, bytes]:
        """What the key holds, and its open question."""
        with kinds.opened(self.key, ASK) as key:
            found = reading.read(key)
            return plain(found.licence), found.record.pending

    def applied(self) -> int:
        """Apply the answer (again), confirm it at the desk, and see how many records are left."""
        with kinds.opened(self.key, ASK) as key:
            confirmation = applying.apply(key, self.answer, NOW)
            left = len(key.store.read())
        before = msgspec.structs.replace(self.desk.account)
        self.desk.confirm(confirmation)
        assert plain(self.desk.account.licence) == SEVEN
        self.desk.account = before
        return left

    def cancelled(self) -> None:
        try:
            with kinds.opened(self.key, ASK) as key:
                asking.cancel(key)
        except QuestionNone:
            return

    def _make(self) -> None:
        if self.kind == "virtual":
            virtual.make(self.key)
            kinds.keep(self.key, Keep(kind="virtual"))
            return
        hsm = softhsm.made(self.root / "hsm")
        spec = msgspec.structs.replace(hsm.spec, beside=self.kind.endswith("beside"))
        pkcs11.make(self.key, spec, self.vendor.realm, hsm.source())
        kinds.keep(self.key, Keep(kind="pkcs11", token=spec))

    def _keep(self, name: str) -> None:
        for part in ("key", "hsm"):
            if (self.root / part).exists():
                shutil.copytree(self.root / part, self.root / name / part)
