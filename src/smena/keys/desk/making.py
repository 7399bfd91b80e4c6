"""A new desk: the vendor's root, an issuer, an exchange key, the first trust list.

The root's secret goes into a file of its own, outside the desk: it is needed only for new trust lists and belongs on a
medium that is kept offline. The store is made last, so a folder with a store is a whole desk.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import clock
from smena.errors import DeskThere, WrongUsage
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import beside, roots, times, trust
from smena.keys.certificates import Certificate, certify
from smena.keys.desk import audit, vault
from smena.keys.desk.audit import Head
from smena.keys.desk.desk import Settings, keep
from smena.keys.desk.listing import exchange_key
from smena.keys.desk.places import MIGRATIONS, Places
from smena.keys.primitives import public_of
from smena.keys.trust import Anchor, Issuer, TrustList
from smena.store import open_store
from smena.text import _

EARLIER = 24
"""An issuer may sign from a day ago: the clocks of customers are not all right."""

_YEAR = 365 * 24
_ISSUER_YEARS, _EXCHANGE_YEARS = 2, 5


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor wants. `passphrase` protects the root's file; empty: nothing does."""

    root: Path
    products: tuple[str, ...]
    name: str = ""
    demo: bool = False
    large: int = 100
    passphrase: str = ""
    by: str = ""

    def __repr__(self) -> str:
        return "Wish(…)"


def make(folder: Path, wish: Wish) -> TrustList:
    """Make it; returns the first trust list."""
    _refuse(folder, wish)
    places, now = Places(folder), times.hours(clock.now())
    for path in (folder, folder / "seeds"):
        files.make_folder(path, attributes.own(0o700))
    root = vault.make(wish.root, "root", wish.passphrase)
    made = _first_list(places, wish, root, now)
    beside.begin(places.trust, Anchor(realm=made.realm, demo=wish.demo), trust.seal(made, root))
    _make_store(places, wish, made)
    return made


def _refuse(folder: Path, wish: Wish) -> None:
    with telling(_("cannot read {path}", path=encode(folder))):
        full = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if full:
        raise DeskThere(
            _("{path} is not empty", path=encode(folder)),
            state=_("nothing was changed"),
            hint=_("name another folder: --desk FOLDER"),
        )
    if not wish.products:
        raise WrongUsage(_("a desk needs at least one product"), hint=_("give --product PRODUCT"))
    if wish.root.absolute().is_relative_to(folder.absolute()):
        raise WrongUsage(
            _("the root's secret key must not lie in the desk's own folder"),
            hint=_("name a place that can be taken offline: --root FILE"),
        )


def _first_list(places: Places, wish: Wish, root: bytes, now: int) -> TrustList:
    chain = roots.first(public_of(root))
    realm = roots.realm_of(chain)
    issuer = public_of(vault.make(places.issuer(1), "issuer"))
    certificate = certify(
        Certificate(1, issuer, now - EARLIER, now + _ISSUER_YEARS * _YEAR, wish.products), realm, root
    )
    exchange = vault.make(places.exchange(1), "exchange")
    return TrustList(
        number=1,
        realm=realm,
        made=now,
        chain=chain,
        demo=wish.demo,
        issuers=(Issuer(certificate.encode()),),
        exchange=(exchange_key(1, exchange, now + _EXCHANGE_YEARS * _YEAR),),
    )


def _make_store(places: Places, wish: Wish, made: TrustList) -> None:
    fresh = places.store.with_name("desk.new")
    store = open_store(fresh, MIGRATIONS)
    try:
        with store.change():
            keep(store, "settings", Settings(name=wish.name, large=wish.large))
            audit.add(store, Head(), wish.by, "desk made", realm=made.realm.hex(), products=list(wish.products))
        store.seal()
    finally:
        store.close()
    files.rename(fresh, places.store)
