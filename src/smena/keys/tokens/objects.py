"""Records as data objects on a token. Private ones: without the PIN nobody reads or destroys them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smena.keys.tokens import cryptoki
from smena.text import _

if TYPE_CHECKING:
    from pkcs11 import Attribute, Object, Session


class ObjectStore:
    """Implements `StateStore`."""

    def __init__(self, session: Session, realm: bytes) -> None:
        self._session = session
        self._label = f"smena record {realm[:8].hex()}"
        self._seen: list[tuple[bytes, Object]] = []
        """At the last reading: what is destroyed then needs no search of its own."""

    def read(self) -> list[bytes]:
        from pkcs11 import Attribute

        with cryptoki.telling(_("cannot read the token")):
            self._seen = [(bytes(one[Attribute.VALUE]), one) for one in self._objects()]
        return [content for content, _object in self._seen]

    def create(self, content: bytes) -> None:
        from pkcs11 import Attribute, ObjectHandleInvalid

        message = _("cannot write to the token")
        with cryptoki.telling(message):
            try:
                self._session.create_object({**self._template(), Attribute.VALUE: content})
            except ObjectHandleInvalid as error:  # made and gone at once: that is how SoftHSM is full
                raise cryptoki.full(message, error) from error

    def destroy(self, content: bytes) -> None:
        from pkcs11 import Attribute, ObjectHandleInvalid

        with cryptoki.telling(_("cannot write to the token")):
            found = [one for known, one in self._seen if known == content]
            for one in found or self._objects({Attribute.VALUE: content}):
                with suppress(ObjectHandleInvalid):  # somebody else was quicker: it is gone
                    one.destroy()
            self._seen = [(known, one) for known, one in self._seen if known != content]

    def _objects(self, more: dict[Attribute, object] | None = None) -> list[Object]:
        """All at once: a search must be over before anything else is asked."""
        return list(self._session.get_objects({**self._template(), **(more or {})}))

    def _template(self) -> dict[Attribute, object]:
        from pkcs11 import Attribute, ObjectClass

        return {
            Attribute.CLASS: ObjectClass.DATA,
            Attribute.TOKEN: True,
            Attribute.PRIVATE: True,
            Attribute.LABEL: self._label,
        }
