"""The mail with an answer, as a draft that any mail program opens: the words, the typed groups, the file attached.

The vendor's newest trust list travels in the file; the head of the desk's audit chain stands in the words, so that an
old mail proves what the chain was.
"""

from __future__ import annotations

from smena.keys.changes import changes
from smena.keys.codec import files, typed
from smena.keys.desk.answering import Given
from smena.keys.wizard import letters
from smena.keys.wizard.letters import Letter
from smena.text import Text, _

_LONGEST_TYPED = 1200  # of groups that anybody would ever type


def head(given: Given) -> Text:
    """The words above an answer in a file."""
    return _(
        "Answer for the licence key {key}: {product}, change {epoch}",
        key=given.known.name,
        product=given.new.product,
        epoch=given.new.epoch,
    )


def carried(given: Given, trust: bytes) -> str:
    """The answer as a file's text."""
    return files.write(given.answer, trust=trust, head=head(given))


def file_name(given: Given) -> str:
    return f"{given.known.name}-{given.new.epoch}{files.ANSWER}"


def draft(given: Given, trust: bytes) -> bytes:
    """The mail as bytes of an .eml file."""
    letter = Letter(
        to=given.known.about.mail,
        subject=str(_("{product}: answer for the key {key}", product=given.new.product, key=given.known.name)),
        text=_words(given),
        files=((file_name(given), carried(given, trust)),),
    )
    return letters.draft(letter)


def _words(given: Given) -> str:
    said: list[Text | str] = [head(given), ""]
    said += [_("What changes:")]
    said += [
        _("- {what}: {old} → {new}", what=one.what, old=one.old, new=one.new) for one in changes(given.old, given.new)
    ]
    said += ["", _("Give the attached file to smena on the computer with the key:")]
    said += [f"    smena key answer {file_name(given)}", ""]
    groups = typed.show(given.answer)
    if len(groups) <= _LONGEST_TYPED:
        said += [_("or type these groups there:"), "", groups, ""]
    said += [_("Then send back the confirmation that smena shows."), ""]
    said += [_("Vendor's record: {head}", head=given.head.hex())]
    return "".join(f"{line}\n" for line in said)
