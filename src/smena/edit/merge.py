"""The three-way merge: old default, the administrator's file, new default.

The result is the new default with what the administrator changed. What both changed
differently is a conflict, and there is no result until each is settled by its name. Without a
known old default nothing is lost either: all that differs in the administrator's file is carried and
listed, so that a person accepts it by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from smena.edit.documents import parse
from smena.edit.format import KEYED, Format
from smena.edit.masks import Masks, Veil
from smena.edit.merge_keys import merge_keys
from smena.edit.merge_lines import merge_lines
from smena.edit.merging import Merge
from smena.edit.resolutions import Resolution
from smena.edit.source import read_source
from smena.text import _


def merge(
    form: Format,
    base: bytes | None,
    ours: bytes,
    new: bytes,
    *,
    resolutions: Mapping[str, Resolution] | None = None,
    masks: Masks | None = None,
) -> Merge:
    """By key where the kind has keys, else by line. Raises `BadContent` where one of the three cannot be understood."""
    decided = resolutions or {}
    masks = masks or Masks()
    old_name = _("the old default of {file}", file=form.shown)
    new_name = _("the new default of {file}", file=form.shown)
    if form.kind not in KEYED:
        sources = read_source(form, ours), read_source(form, new, new_name)
        old = None if base is None else read_source(form, base, old_name)
        return merge_lines(old, *sources, decided, Veil(masks))
    mine, theirs = parse(form, ours), parse(form, new, new_name)
    before = None if base is None else parse(form, base, old_name)
    known = [document for document in (before, mine, theirs) if document is not None]
    return merge_keys(form, before, mine, theirs, decided, Veil(masks, known))
