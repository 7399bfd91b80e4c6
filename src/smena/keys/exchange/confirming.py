"""A confirmation arrives at the desk: the key holds what it was promised.

Whichever of the answers to a state was applied, the state is the same; the confirmation tells by its proof which one it
was. A reduction is believed only with a signature, since whoever has the PIN can make a code.
"""

from __future__ import annotations

import msgspec

from smena.errors import ConfirmationBad, ConfirmationUnsigned
from smena.keys import changes, licence
from smena.keys.codec import messages
from smena.keys.codec.messages import Confirmation
from smena.keys.exchange import proofs, receiving
from smena.keys.exchange.account import Account, Inputs
from smena.keys.primitives import digest
from smena.text import _


def confirm(account: Account, data: bytes, exchange: bytes | None = None) -> Account:
    """The account once the key has confirmed. `exchange` is the exchange key's seed, for typed codes only.

    The last confirmation again changes nothing, unless it is signed and a typed one came before.
    """
    said = messages.decode_confirmation(data)
    if any(_confirms(account, inputs, said, exchange) for inputs in account.before):
        return msgspec.structs.replace(account, proof="signed") if said.signed else account
    if not any(_confirms(account, inputs, said, exchange) for inputs in account.inputs):
        raise ConfirmationBad(
            _("this confirmation belongs to no answer that was given to this key"),
            hint=_("ask the customer to show the confirmation again"),
        )
    if not said.signed and changes.reduces(account.licence, licence.read(account.promised)):
        raise ConfirmationUnsigned(
            _("this answer took something away, so a typed code does not confirm it"),
            hint=_("ask the customer for the confirmation as a file or a QR code"),
        )
    return receiving.moved(account, "signed" if said.signed else "typed")


def _confirms(account: Account, inputs: Inputs, said: Confirmation, exchange: bytes | None) -> bool:
    state = digest(inputs.new)
    epoch = licence.read(inputs.new).epoch
    if not inputs.answer or said.epoch != epoch or not state.startswith(said.state):
        return False
    parts = proofs.confirmation_parts(account.realm, said, digest(inputs.answer), state)
    secret = proofs.vendor_secret(exchange, account.agree, account.realm, account.public)
    return proofs.is_confirmation_of(said, parts, account.public, secret)
