"""Reads what a definition says stands in one of the product's own files.

A value that is not there (no file, no key, nothing that fits, a link that leads nowhere)
is replaced by its default. A file that is there and cannot be read or understood is an error:
a default in its place would be a guess. What is read is in the escaped form of `host.paths`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from smena.definition.mistake import Wrong, short
from smena.definition.templates import render
from smena.definition.values import Read, Value
from smena.definition.windows import joined
from smena.drivers import msi, registry, registry_file
from smena.edit.document import Document
from smena.edit.documents import parse
from smena.edit.format import Format, Kind
from smena.edit.source import MAX_BYTES
from smena.edit.yaml_read import NULL
from smena.errors import BadContent, NotOnThisPlatform, PathUnfit, ValueUnknown
from smena.host import files, pe, target
from smena.host.native import content as contents
from smena.host.paths import decode, encode
from smena.host.trouble import telling
from smena.instances.instance import SECRET
from smena.text import Text, _

_NOT_THERE = (FileNotFoundError, NotADirectoryError)
_KINDS: dict[str, Kind] = {"yaml": "yaml", "xml": "xml", "env": "env", "ini": "ini"}


class Nothing(NamedTuple):
    """The value is not there, and why."""

    why: Text


class Reader:
    """Reads values; each file only once, so that all values of one measuring are of the same instant."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes | Nothing] = {}
        self._registry: dict[str, dict[str, registry_file.Value] | None] = {}
        self._documents: dict[tuple[str, Format], Document] = {}

    def value(self, value: Value, lookups: Mapping[str, str]) -> str:
        """The value as text; raises `ValueUnknown` where there is none."""
        if not isinstance(value, Read):
            return rendered(value, lookups)
        found = self._found(value, lookups)
        if isinstance(found, Nothing) and value.default is not None:
            return rendered(value.default, lookups)
        if isinstance(found, Nothing):
            raise ValueUnknown(_("a value cannot be told"), why=[found.why])
        if SECRET in found:
            raise ValueUnknown(
                _("a value cannot be told"),
                why=[_("{text} would be taken for the name of a secret", text=f"“{short(found)}”")],
            )
        return found

    def _found(self, source: Read, lookups: Mapping[str, str]) -> str | Nothing:
        path = rendered(source.of, lookups)
        if "\0" in path:
            raise ValueUnknown(_("a value cannot be told"), why=[_("{path} cannot be a path", path=repr(short(path)))])
        found = self._raw(source, path)
        if isinstance(found, str) and source.pattern is not None:
            found = _fitting(found, source, path)
        if isinstance(found, Nothing) or source.relative_to is None:
            return found
        return joined(rendered(source.relative_to, lookups), found)

    def _raw(self, source: Read, path: str) -> str | Nothing:
        if source.read == "link-target":
            return _link_target(path)
        if source.read == "text":
            return self._text(path, source.encoding or "utf-8-sig")
        if source.read in _KINDS:
            return self._keyed(source, path)
        if source.read == "file-version":
            return _file_version(path)
        return self._registered(source, path)

    def _registered(self, source: Read, key: str) -> str | Nothing:
        """A value of the Windows registry; numbers as text."""
        if target.platform() != "windows":
            raise NotOnThisPlatform(
                _("{kind} cannot be read here: {path}", kind=source.read, path=key),
                why=[_("this smena reads such values on Windows only")],
            )
        if source.read == "installed":
            return msi.installed_version(key) or Nothing(_("{name} is not installed", name=key))
        if key not in self._registry:
            self._registry[key] = registry.values(key)
        values = self._registry[key]
        if values is None:
            return Nothing(_("there is no registry key {key}", key=key))
        found = next(
            (values[name.casefold()] for name in (source.key or "", *source.formerly) if name.casefold() in values),
            None,
        )
        if isinstance(found, str | int) and str(found):
            return encode(str(found))
        return Nothing(_("{path} has no value for {key}", path=key, key=source.key or ""))

    def _keyed(self, source: Read, path: str) -> str | Nothing:
        content = self._content(path)
        if isinstance(content, Nothing):
            return content
        document = self._document(path, Format(_KINDS[source.read], path, source.encoding or ""), content)
        for name in (source.key or "", *source.formerly):
            found = _of_key(document, name)
            if found:
                return encode(found)
        return Nothing(_("{path} has no value for {key}", path=path, key=source.key or ""))

    def key_of(self, source: Read, path: str) -> str | None:
        """Under which of its names the value stands in the file now; None where it stands under none."""
        content = self._content(path)
        if isinstance(content, Nothing):
            return None
        document = self._document(path, Format(_KINDS[source.read], path, source.encoding or ""), content)
        return next((name for name in (source.key or "", *source.formerly) if _of_key(document, name)), None)

    def _document(self, path: str, form: Format, content: bytes) -> Document:
        known = self._documents.get((path, form))
        if known is None:
            known = self._documents[path, form] = parse(form, content)
        return known

    def _text(self, path: str, encoding: str) -> str | Nothing:
        content = self._content(path)
        if isinstance(content, Nothing):
            return content
        try:
            text = content.decode(encoding, "surrogateescape").strip()
        except UnicodeDecodeError as error:
            raise BadContent(
                _("cannot read {path}: it is not written in {encoding}", path=path, encoding=encoding)
            ) from error
        return encode(text) if text else Nothing(_("{path} is empty", path=path))

    def _content(self, path: str) -> bytes | Nothing:
        if path not in self._contents:
            self._contents[path] = _content(path)
        return self._contents[path]


def rendered(template: str, lookups: Mapping[str, str]) -> str:
    """A template with its names looked up."""
    try:
        return render(template, lookups)
    except Wrong as error:
        raise ValueUnknown(_("a value cannot be told"), why=[error.text]) from error


def _of_key(document: Document, name: str) -> str | None:
    """The value under this name; an element's own text counts as its value, and YAML's null as none."""
    key = document.key(name) or document.key(f"{name}/text()")
    node = document.find(key) if key else None
    if node is not None and node.value is None:
        node = node.children.get("text()")
    return None if node is None or node.same == (NULL, node.value) else node.value


def _content(path: str) -> bytes | Nothing:
    """A pipe or device in the file's place would keep us waiting for ever: only a file is read."""
    with telling(_("cannot read {path}", path=path)):
        try:
            with open(decode(path), "rb", opener=contents.open_to_read) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise PathUnfit(_("{path} is not a file", path=path))
                content = file.read(MAX_BYTES + 1)
        except _NOT_THERE:
            return Nothing(_("{path} is not there", path=path))
    if len(content) > MAX_BYTES:
        raise BadContent(
            _("cannot read {path}", path=path),
            why=[_("more than {limit} bytes are not read", limit=MAX_BYTES)],
        )
    return content


def _file_version(path: str) -> str | Nothing:
    with telling(_("cannot read {path}", path=path)):
        try:
            found = pe.file_version(Path(decode(path)))
        except _NOT_THERE:
            return Nothing(_("{path} is not there", path=path))
    return found or Nothing(_("{path} says no version", path=path))


def _link_target(path: str) -> str | Nothing:
    with telling(_("cannot read the link {path}", path=path)):
        try:
            target = files.link_target(Path(decode(path)))
        except _NOT_THERE:
            return Nothing(_("{path} is not there", path=path))
        except OSError:
            if os.path.lexists(decode(path)):
                return Nothing(_("{path} is not a link", path=path))
            raise
        if not Path(decode(path)).exists():
            return Nothing(_("{path} leads to {target}, which is not there", path=path, target=encode(target)))
    return encode(target)


def _fitting(text: str, source: Read, path: str) -> str | Nothing:
    """What of it is the value: the first group, or all that fits.

    Only a link's target is shown when nothing does: a file may hold secrets.
    """
    pattern = source.pattern or ""
    found = re.search(pattern, text)
    value = "" if found is None else found[1] if found.re.groups else found[0]
    if value:
        return value
    if source.read == "link-target":
        return Nothing(
            _("{path} leads to {target}, which does not fit {pattern}", path=path, target=text, pattern=short(pattern))
        )
    return Nothing(_("nothing in {path} fits {pattern}", path=path, pattern=short(pattern)))
