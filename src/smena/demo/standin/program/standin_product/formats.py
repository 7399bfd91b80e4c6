"""How records lie on disk: one format for each structure of the database, none readable by another's reader.

A record is (id, kind, text). A file begins with a line that names its structure;
records follow one after the other, so that one can be appended. What was torn off at the
end of a file by a power cut was never answered, so it is cut away, but only where the
caller says that the file was being written.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator

from .refusal import Refusal

Record = tuple[int, str, str]
Encode = Callable[[Record], bytes]
Decode = Callable[[bytes], Iterator[tuple[Record, int]]]
"""Yields each whole record with the offset behind it; raises ValueError for one that is wrong."""

STRUCTURES = ("35.0", "35.1058", "35.1076", "35.1100", "42", "47.2", "47.3", "50")
"""Oldest first: a product reads its own and refuses what comes after it."""


class Format:
    """One structure: its file ending, its first line, and both directions."""

    def __init__(self, structure: str, extension: str, encode: Encode, decode: Decode) -> None:
        self.structure = structure
        self.extension = extension
        self.header = f"#cmw {structure}\n".encode()
        self.encode = encode
        self._decode = decode

    def read(self, content: bytes, where: str, torn: bool = False) -> tuple[list[Record], int]:
        """All records, and the length of what was whole; `torn`: the last one may be cut off."""
        if not content.startswith(self.header):
            begin = content[:24].split(b"\n")[0].decode("ascii", "replace")
            raise Refusal(f"{where}: not in structure {self.structure} (it begins with '{begin}')")
        records, good = [], len(self.header)
        try:
            for record, end in self._decode(content[len(self.header) :]):
                records.append(record)
                good = len(self.header) + end
        except (ValueError, zlib.error) as problem:
            raise Refusal(f"{where}: damaged after byte {good} ({problem})") from None
        if good != len(content) and not torn:
            raise Refusal(f"{where}: damaged after byte {good} (a record is cut off)")
        return records, good


def _lines(separator: str, checked: bool) -> tuple[Encode, Decode]:
    """The formats of 3.5: a line a record."""

    def encode(record: Record) -> bytes:
        text = json.dumps(record[2], ensure_ascii=False)
        check = [f"{zlib.crc32(text.encode()):08x}"] if checked else []
        return (separator.join([str(record[0]), record[1], *check, text]) + "\n").encode()

    def decode(content: bytes) -> Iterator[tuple[Record, int]]:
        for line, end in _whole_lines(content):
            number, kind, *check, text = line.decode().split(separator, 3 if checked else 2)
            if checked and check != [f"{zlib.crc32(text.encode()):08x}"]:
                raise ValueError("wrong check sum")
            yield (int(number), kind, json.loads(text)), end

    return encode, decode


def _objects() -> tuple[Encode, Decode]:
    """The format of 4.2: a JSON object a line."""

    def encode(record: Record) -> bytes:
        return json.dumps(dict(zip(("id", "kind", "text"), record, strict=True)), ensure_ascii=False).encode() + b"\n"

    def decode(content: bytes) -> Iterator[tuple[Record, int]]:
        for line, end in _whole_lines(content):
            fields = json.loads(line)
            yield (fields["id"], fields["kind"], fields["text"]), end

    return encode, decode


def _frames(
    head: struct.Struct, pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]
) -> tuple[Encode, Decode]:
    """The formats of 4.7 and 5.0: length, check sum, content."""

    def encode(record: Record) -> bytes:
        content = pack(json.dumps(record, ensure_ascii=False).encode())
        return head.pack(len(content), zlib.crc32(content)) + content

    def decode(content: bytes) -> Iterator[tuple[Record, int]]:
        offset = 0
        while offset + head.size <= len(content):
            length, check = head.unpack_from(content, offset)
            end = offset + head.size + length
            if end > len(content):
                return
            inner = content[offset + head.size : end]
            if zlib.crc32(inner) != check:
                raise ValueError("wrong check sum")
            number, kind, text = json.loads(unpack(inner))
            yield (number, kind, text), end
            offset = end

    return encode, decode


def _whole_lines(content: bytes) -> Iterator[tuple[bytes, int]]:
    offset = 0
    while (end := content.find(b"\n", offset)) >= 0:
        yield content[offset:end], end + 1
        offset = end + 1


def _plain(content: bytes) -> bytes:
    return content


FORMATS = {
    "35.0": Format("35.0", "txt", *_lines("\t", checked=False)),
    "35.1058": Format("35.1058", "txt", *_lines("|", checked=False)),
    "35.1076": Format("35.1076", "txt", *_lines(";", checked=False)),
    "35.1100": Format("35.1100", "txt", *_lines(";", checked=True)),
    "42": Format("42", "jsonl", *_objects()),
    "47.2": Format("47.2", "seg", *_frames(struct.Struct(">II"), _plain, _plain)),
    "47.3": Format("47.3", "seg", *_frames(struct.Struct("<II"), _plain, _plain)),
    "50": Format("50", "pack", *_frames(struct.Struct("<II"), zlib.compress, zlib.decompress)),
}
