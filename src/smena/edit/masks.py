"""What must not be shown. Values of secret keys become stars, wherever they stand.

Two nets: the value of every key that a pattern or the definition calls secret is covered
at its place, and its characters are covered wherever else they turn up; then every line is
looked at once more, as text, for what lies in comments, in lists, in files without keys.
Covering too much is fine, covering too little is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from smena.edit.document import Document
from smena.edit.source import LINE_END, lines_of, visible
from smena.edit.tree import Key, Node, leaves, nodes
from smena.edit.xml_read import IDENTITY

STARS = "***"
PATTERNS = (
    "*password*",
    "*passwd*",
    "*passphrase*",
    "*pwd*",
    "*парол*",
    "*secret*",
    "*token*",
    "*credential*",
    "*apikey*",
    "*api-key*",
    "*api_key*",
    "*accesskey*",
    "*access-key*",
    "*access_key*",
    "*privatekey*",
    "*private-key*",
    "*private_key*",
    "*connectionstring*",
)
#: Shorter values, and these, stand in too many other places by chance.
_TELLING = 5
_COMMON = frozenset(("false", "default", "enabled", "disabled"))
_CREDENTIALS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+(@)")
_ATTRIBUTE = re.compile(r"([\w:.-]{1,100}+)(\s*+=\s*+)(?:\"[^\"]*\"|'[^']*')")
_KEY_BLOCK = re.compile(r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(.*?)(-----END|\Z)", re.DOTALL)


class Masks(msgspec.Struct, frozen=True):
    """`patterns` are compared with each part of a key, `keys` are names of keys as `Document.name` writes them."""

    patterns: tuple[str, ...] = PATTERNS
    keys: tuple[str, ...] = ()

    def cover(self, key: Key, name: str) -> bool:
        """Whether the value under this key is secret; an attribute that only names its element is not."""
        if len(key) > 1 and key[-1].startswith("@") and f"[{key[-1][1:]}=" in key[-2]:
            return False
        if any(name == known or name.startswith(known + sign) for known in self.keys for sign in "./"):
            return True
        return any(fnmatchcase(part.lower(), pattern.lower()) for part in key for pattern in self.patterns)


class Veil:
    """Masks together with the secret values of the files at hand."""

    def __init__(self, masks: Masks, documents: Iterable[Document] = ()) -> None:
        self.masks = masks
        self.values: set[str] = set()
        for document in documents:
            secret = (node for node in leaves(document.root) if masks.cover(node.key, document.name(node.key)))
            self.values |= {part for node in secret for part in _telling(document, node)}
        self._lines = _line_nets(masks)

    def text(self, words: str) -> str:
        """Any text, line by line; the number of lines stays the same."""
        words = _KEY_BLOCK.sub(lambda found: found[1] + _stars(found[2]) + found[3], words)
        for value in sorted(self.values, key=len, reverse=True):
            words = words.replace(value, STARS)
        return visible("".join(map(self._line, lines_of(words))))

    def _line(self, line: str) -> str:
        bare = line.rstrip("\r\n")
        hidden = _CREDENTIALS.sub(rf"\1{STARS}\2", bare)
        for net in self._lines:
            if net.search(hidden):
                hidden = net.sub(rf"\1{STARS}", _ATTRIBUTE.sub(_attribute, hidden))
        return hidden + line[len(bare) :]

    def document(self, document: Document, node: Node | None = None) -> str:
        """The file, or one node of it, with every secret value covered; the number of lines stays the same."""
        text, pieces = document.source.text, []
        start, end = node.whole if node else (0, len(text))  # the root leaves out what stands around it
        node = node or document.root
        for secret in sorted(nodes(node), key=lambda one: one.span):
            if secret.span[0] >= start and not secret.children and self._covers(document, secret):
                pieces += [text[start : secret.span[0]], _stars(text[slice(*secret.span)])]
                start = secret.span[1]
        return self.text("".join([*pieces, text[start:end]]))

    def value(self, document: Document, node: Node | None) -> str | None:
        """What a person may see of a node: its value, or what it is written like if it holds others."""
        if node is None:
            return None
        if node.value is None or node.children:
            return self.document(document, node)
        return STARS if self._covers(document, node) else self.text(node.value)

    def _covers(self, document: Document, node: Node) -> bool:
        return self.masks.cover(node.key, document.name(node.key))


def _line_nets(masks: Masks) -> list[re.Pattern[str]]:
    """A word of the patterns anywhere in a line covers what follows; a secret key only where it opens the line."""
    words = "|".join(_word(pattern) for pattern in masks.patterns if pattern.strip("*"))
    names = "|".join(
        re.escape(re.split(r"[./]", key)[-1]) for key in masks.keys if not key.endswith(")") and "@" not in key
    )
    nets = []
    if words:
        nets.append(re.compile(rf"((?:{words})[^\s=:>\"']{{0,200}}+[\"']?[\s=:>]++)\S.*", re.I))
    if names:
        nets.append(re.compile(rf"^([\s#;]*+(?:export\s++)?[\"']?(?:{names})[\"']?\s*+[=:]\s*+)\S.*", re.I))
    return nets


def _attribute(found: re.Match[str]) -> str:
    return found[0] if found[1] in IDENTITY else f'{found[1]}{found[2]}"{STARS}"'


def _telling(document: Document, node: Node) -> list[str]:
    """The value as it is meant and as it is written, each line of it."""
    values = (node.value or "", document.source.text[slice(*node.span)])
    lines = [line.strip() for value in values for line in lines_of(value)]
    return [line for line in lines if len(line) >= _TELLING and line.lower() not in _COMMON]


def _stars(text: str) -> str:
    """Stars in place of the text, its lines still as many."""
    return STARS + "".join(LINE_END.findall(text))


def _word(pattern: str) -> str:
    return r"[^\s=:]{0,200}".join(re.escape(part) for part in pattern.strip("*").split("*"))
