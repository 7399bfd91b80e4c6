"""Which of the vendor's issuers answers, and with which number.

A key that was promised a state gets it again from the same issuer. Else the newest one answers whose time it is and
whose product it is. Serial numbers only go up, over restored backups too.
"""

from __future__ import annotations

from smena.errors import IssuerRevoked, IssuerUnfit
from smena.keys import certificates
from smena.keys.certificates import Certificate
from smena.keys.desk.answerlog import Answered
from smena.keys.desk.desk import Desk
from smena.keys.exchange.account import Account
from smena.text import _, plain

LAST_SERIAL = 2**24 - 1


def everyone(desk: Desk) -> list[tuple[Certificate, bool]]:
    """All of the trust list, and whether each was revoked."""
    return [(certificates.decode(one.certificate), one.revoked) for one in desk.trust.list.issuers]


def fit(desk: Desk, account: Account, product: str) -> Certificate:
    """Who answers this key."""
    if account.inputs:
        return desk.trust.certificate(account.inputs[-1].issuer)
    usable = [one for one in _here(desk) if one.start <= desk.now < one.until and product in one.products]
    if not usable:
        raise IssuerUnfit(
            _("no issuer of this desk may sign licences for {product} now", product=product),
            hint=plain("smena desk issuer list"),
        )
    return max(usable, key=lambda one: one.number)


def is_revoked(desk: Desk, number: int) -> bool:
    try:
        desk.trust.certificate(number)
    except IssuerRevoked:
        return True
    return False


def next_serial(desk: Desk, number: int) -> int:
    """The next number of an issuer, for the present commit, which ends with `keep_serials`."""
    if number not in desk.serials:
        row = desk.store.one("SELECT serial FROM issuer WHERE number=?", number)
        desk.serials[number] = max(0 if row is None else int(row["serial"]), _logged(desk, number))
    desk.serials[number] += 1
    if desk.serials[number] > LAST_SERIAL:
        raise IssuerUnfit(
            _("issuer {number} has answered as often as it can", number=number), hint=plain("smena desk issuer add")
        )
    return desk.serials[number]


def keep_serials(desk: Desk) -> None:
    """At the end of the commit in which they were taken."""
    for number, serial in desk.serials.items():
        desk.store.write("INSERT OR REPLACE INTO issuer VALUES (?,?)", number, serial)


def seed(desk: Desk, number: int) -> bytes:
    return desk.seed(desk.places.issuer(number), "issuer")


def _here(desk: Desk) -> list[Certificate]:
    """Those whose secret key is at this desk; looked up once."""
    if desk.issuers is None:
        found = [one for one, revoked in everyone(desk) if not revoked]
        desk.issuers = [one for one in found if desk.places.issuer(one.number).exists()]
    return desk.issuers


def _logged(desk: Desk, number: int) -> int:
    entries = [line.entry for line in desk.unread]
    return max(
        (one.inputs.serial for one in entries if isinstance(one, Answered) and one.inputs.issuer == number), default=0
    )
