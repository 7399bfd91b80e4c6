"""A message that a person types or pastes on a terminal: a group that is wrong is asked for again, the others stay."""

from __future__ import annotations

from smena.cli import asking
from smena.cli.frame import Frame
from smena.cli.said import pasted
from smena.errors import MessageBad
from smena.text import Text, _


def typed_in(frame: Frame, words: Text) -> bytes:
    """What was typed, once it can be read. What cannot be mended by single groups is refused as it is."""
    from smena.keys.codec import files

    frame.out.remark(words)
    content = pasted()
    while True:
        try:
            files.read_bytes(content, "")
        except MessageBad as error:
            content = _mended(frame, content, error)
        else:
            return content


def _mended(frame: Frame, content: bytes, error: MessageBad) -> bytes:
    """With every group that was named typed again; an empty line gives up."""
    from smena.keys.codec import letters

    text = "".join(letters.tidy(content.decode("utf-8", "replace")).split())
    wrong = [why.values for why in error.why if isinstance(why, Text) and "text" in why.values]
    if not wrong or len(wrong) < len(error.why) or any(text.count(str(one["text"])) != 1 for one in wrong):
        raise error
    for why in error.why:
        frame.out.remark(why)
    for one in wrong:
        question = _("Group {number} again (empty: stop)", number=one["number"])
        group = asking.line(question)
        if not group:
            raise error
        text = text.replace(str(one["text"]), "".join(letters.tidy(group).split()), 1)
    return text.encode("utf-8")
