"""Reads the product's XML files: every element with its attributes, which is all that the services look at."""

from __future__ import annotations

import pyexpat

from .refusal import Refusal

Element = tuple[str, dict[str, str]]


def elements(content: bytes, where: str) -> list[Element]:
    """All elements in the order of the file; a file that is not well-formed is refused."""
    found: list[Element] = []
    parser = pyexpat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    try:
        parser.Parse(content, True)
    except pyexpat.ExpatError as error:
        raise Refusal(f"{where}: {error}") from None
    return found


def named(found: list[Element], element: str, key: str, value: str) -> dict[str, str]:
    """Values by name, as in `<element key="name" value="..."/>`."""
    return {
        attributes[key]: attributes.get(value, "")
        for name, attributes in found
        if name == element and key in attributes
    }
