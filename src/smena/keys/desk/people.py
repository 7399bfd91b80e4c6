"""Those who may agree to orders: each has an own key, and the vendor's root has signed whose it is.

So nobody who merely sits at the desk can make a second person up. The secret key lies in a file of that person's own,
under a passphrase that only they know.
"""

from __future__ import annotations

import msgspec

from smena.errors import PersonUnknown, TrustBad
from smena.keys import packing
from smena.keys.desk.desk import Desk
from smena.keys.primitives import is_signed, sign
from smena.keys.roots import Chain
from smena.text import _, plain

_WORDS = b"smena person 1"


class Person(msgspec.Struct, frozen=True):
    """`root`: the place in the chain of the root that signed."""

    name: str
    public: bytes
    root: int = 0
    signature: bytes = b""


def add(desk: Desk, name: str, public: bytes, root_seed: bytes) -> Person:
    """A person the root vouches for. A name that is there already gets the new key."""
    plain_one = Person(name, public, len(desk.trust.list.chain) - 1)
    person = msgspec.structs.replace(plain_one, signature=sign(root_seed, *_parts(plain_one, desk.trust.realm)))
    with desk.change():
        desk.store.write("INSERT OR REPLACE INTO person VALUES (?,?)", name, msgspec.json.encode(person))
        desk.note("person added", name=name, public=public.hex())
    return person


def remove(desk: Desk, name: str) -> None:
    """A person who may agree no more; agreements to orders that were not answered yet count no more either."""
    get(desk, name)
    with desk.change():
        desk.store.write("DELETE FROM person WHERE name=?", name)
        desk.note("person removed", name=name)


def everyone(desk: Desk) -> list[Person]:
    rows = desk.store.all("SELECT about FROM person ORDER BY name")
    return [person for row in rows if (person := packing.read(row["about"], Person)) is not None]


def get(desk: Desk, name: str) -> Person:
    """The person of this name, proven by the root."""
    for person in everyone(desk):
        if person.name == name:
            return _proven(person, desk.trust.realm, desk.trust.list.chain)
    raise PersonUnknown(
        _("{name} may not agree to orders", name=name),
        hint=plain("smena desk person add NAME --public KEY --root FILE"),
    )


def by_key(desk: Desk, public: bytes) -> Person:
    """Whose key this is."""
    for person in everyone(desk):
        if person.public == public:
            return _proven(person, desk.trust.realm, desk.trust.list.chain)
    raise PersonUnknown(
        _("this key belongs to nobody who may agree to orders"),
        hint=plain("smena desk person add NAME --public KEY --root FILE"),
    )


def _proven(person: Person, realm: bytes, chain: Chain) -> Person:
    root = chain[person.root].public if person.root < len(chain) else b""
    if not root or not is_signed(root, person.signature, *_parts(person, realm)):
        raise TrustBad(_("the vendor's root does not vouch for {name}", name=person.name))
    return person


def _parts(person: Person, realm: bytes) -> tuple[bytes, ...]:
    return _WORDS, realm, msgspec.msgpack.encode(msgspec.structs.replace(person, signature=b""))
