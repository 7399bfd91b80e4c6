"""Licence keys: messages and states, whom to trust, the exchange, and the tokens."""

from __future__ import annotations

from smena.errors.definitions import BadContent
from smena.errors.tree import Failed, NeedsPerson, Refused

# --- messages and states ---------------------------------------------------


class MessageBad(BadContent):
    """A question, answer or confirmation is incomplete or mistyped; `why` names the group."""

    code = "message-bad"


class KeyFileForeign(BadContent):
    """A file belongs to another program for licence keys; it is named for what it is."""

    code = "key-file-foreign"


class LicenceBad(BadContent):
    """A licence state cannot be read, or is larger than a key can hold."""

    code = "licence-bad"


class LicenceForged(BadContent):
    """A licence state was not signed by whom it names, or was changed afterwards."""

    code = "licence-forged"


class KeyRecordBad(Failed):
    """What lies on a key, or beside it, cannot be read as it was written."""

    code = "key-record-bad"


class KeyProofBad(Refused):
    """A key did not prove that it is the one which the licence was made for."""

    code = "key-proof-bad"


# --- whom to trust ------------------------------------------------------------


class TrustBad(BadContent):
    """A trust list is damaged, or not signed by the vendor."""

    code = "trust-bad"


class TrustOld(Refused):
    """A trust list is older than one that was seen before."""

    code = "trust-old"


class RealmOther(Refused):
    """Something belongs to another vendor, or to a demonstration."""

    code = "realm-other"


class IssuerUnknown(Refused):
    """The trust list does not name this issuer."""

    code = "issuer-unknown"


class IssuerExpired(Refused):
    """The issuer may not sign any more, or not yet."""

    code = "issuer-expired"


class IssuerRevoked(Refused):
    """The vendor took the issuer's right to sign away."""

    code = "issuer-revoked"


class IssuerUnfit(Refused):
    """The issuer may not sign for this product."""

    code = "issuer-unfit"


class KeyLost(Refused):
    """The vendor's list says that this key was lost or replaced."""

    code = "key-lost"


class ClockBehind(Refused):
    """The clock stands before a time that the vendor has signed."""

    code = "clock-behind"


# --- the exchange ------------------------------------------------------------


class QuestionNone(Refused):
    """The key has no open question that an answer could be for."""

    code = "question-none"


class QuestionWaits(Refused):
    """Another question of this key is open."""

    code = "question-waits"


class AnswerOther(Refused):
    """An answer was made for another question, key, state or vendor, or it was changed on its way."""

    code = "answer-other"


class AnswerOlder(Refused):
    """An answer is older than the last one that was applied."""

    code = "answer-older"


class QuestionPast(Refused):
    """A question came once more after the key had moved on: an old mail, not a copied key."""

    code = "question-past"


class QuestionForged(Refused):
    """A question does not come from the key that it names."""

    code = "question-forged"


class KeyUnknown(Refused):
    """No key is known by this name."""

    code, http = "key-unknown", 404


class KeyTaken(Refused):
    """Another key has this name already."""

    code = "key-taken"


class KeyUnfit(Refused):
    """A key cannot be added like this: its name, its kind, or whom it would belong to."""

    code = "key-unfit"


class KeyBehind(Refused):
    """A key shows a state from before its last answer: it was put back, or copied."""

    code = "key-behind"


class KeyCloned(Refused):
    """A key shows another state than the one recorded under the same number."""

    code = "key-cloned"


class KeyStateUnknown(Refused):
    """A key shows a state that the vendor never made."""

    code = "key-state-unknown"


class KeyAtItsEnd(Refused):
    """A key's counter of changes has reached its end; the key has to be replaced."""

    code = "key-at-its-end"


class OrderWaits(Refused):
    """Another answer is on its way to this key; a different order waits for its confirmation."""

    code = "order-waits"


class ConfirmationBad(Refused):
    """A confirmation does not belong to an answer that was given."""

    code = "confirmation-bad"


class ConfirmationUnsigned(Refused):
    """A reduction needs a signed confirmation; a typed code is not enough."""

    code = "confirmation-unsigned"


# --- tokens ------------------------------------------------------------------


class TokenMissing(Failed):
    """A token is not there, or was pulled out while it was used."""

    code = "token-missing"


class TokenFailed(Failed):
    """A token could not do what it was asked to; `why` holds its words."""

    code = "token-failed"


class TokenFull(Failed):
    """A token has no room for the new state; the old one is as it was."""

    code = "token-full"


class TokenUnfit(Refused):
    """A token cannot be used as a licence key."""

    code = "token-unfit"


class PinNeeded(NeedsPerson):
    """A token asks for its PIN, and none was given."""

    code = "pin-needed"


class PinWrong(NeedsPerson):
    """A token refused its PIN; it was tried once and is not tried again."""

    code = "pin-wrong"


class KeyUnmeasured(Refused):
    """smena cannot read this kind of key."""

    code = "key-unmeasured"


class ComputerUnfit(Refused):
    """Too few parts of this computer have a name of their own for a key to be bound to it."""

    code = "computer-unfit"


class ComputerChanged(NeedsPerson):
    """Too many parts of the computer changed; the key has to be bound anew."""

    code = "computer-changed"


# --- the customer's side --------------------------------------------------------


class ModulesOpen(NeedsPerson):
    """Modules of the product run while its key is to be changed; `why` names them."""

    code = "modules-open"


class MailNotSent(Failed):
    """A mail could not be sent; the draft lies where `state` says."""

    code = "mail-not-sent"


class StageOther(Refused):
    """What was given to the wizard does not belong to the step that it is at."""

    code = "stage-other"


class SerialUsed(Refused):
    """A serial number is activated already by another key, or this key has another serial number."""

    code = "serial-used"


# --- the vendor's desk -----------------------------------------------------------


class DeskMissing(Refused):
    """There is no desk in this folder."""

    code, http = "desk-missing", 404


class DeskThere(Refused):
    """There is a desk, or a secret key, in this place already."""

    code = "desk-there"


class DeskBehind(NeedsPerson):
    """A desk was restored from a backup: its answer log tells of more than the desk knows."""

    code = "desk-behind"


class AnswerLogBad(NeedsPerson):
    """A desk's answer log is missing, cut short, or not the one that the desk wrote."""

    code = "answer-log-bad"


class AuditBroken(Failed):
    """The audit chain of a desk does not hold: something in it was changed."""

    code = "audit-broken"


class SeedBad(Failed):
    """A file with a secret key cannot be read as it was written, or is for another purpose."""

    code = "seed-bad"


class PassphraseWrong(NeedsPerson):
    """A secret key could not be opened with this passphrase."""

    code = "passphrase-wrong"


class PersonUnknown(Refused):
    """No person of this name may agree to orders."""

    code, http = "person-unknown", 404


class OrderUnknown(Refused):
    """There is no order of this number, or none for this key."""

    code, http = "order-unknown", 404


class OrderUnfit(Refused):
    """An order does not fit the key, its question, or what it says itself."""

    code = "order-unfit"


class ApprovalNeeded(NeedsPerson):
    """A second person has to agree to an order before it can be answered."""

    code = "approval-needed"


class ApprovalBad(Refused):
    """This person's agreement to an order does not count."""

    code = "approval-bad"


class SerialUnfit(Refused):
    """A serial number is none, was never sold here, or was sold before."""

    code = "serial-unfit"
