"""YAML as a tree with positions, read from libyaml's event stream.

The stream is judged as it flows: depth before anything is composed (libyaml's own
composer dies on extreme depth), aliases refused (a value must stand where it counts),
one document, no key twice. Lists, and mappings with anything but plain names as keys,
are single values here: what order means in a list, only the product knows.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

import yaml
import yaml.resolver

from smena.edit.source import LINE_END, Source, Span, bad
from smena.edit.tree import MAX_DEPTH, Key, Node
from smena.text import Text, _, plain

MAP = "map"
BLOCK, FLOW = "block", "flow"

STR = "tag:yaml.org,2002:str"
NULL = "tag:yaml.org,2002:null"
_LIST = "tag:yaml.org,2002:seq"
_COLON = re.compile(r"[ \t]*:")

_resolver = yaml.resolver.Resolver()


def plain_tag(value: str) -> str:
    """What a YAML reader would take these characters for if they stood without quotes."""
    return _resolved(value, (True, False))


def _resolved(value: str, implicit: tuple[bool, bool]) -> str:
    return str(_resolver.resolve(yaml.ScalarNode, value, implicit))  # type: ignore[no-untyped-call]


def read(source: Source) -> Node:
    return _Reader(source).document()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.events = self._events()

    def document(self) -> Node:
        """The one document; a file of comments only is an empty mapping."""
        nothing = Node((), (MAP, ()), (len(self.source.text),) * 2, (0, len(self.source.text)), shape=MAP, style=BLOCK)
        root = nothing
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not nothing:
                    raise self._bad(event, _("it holds more than one document"))
                root = self._node(next(self.events), ())
        if root.shape == MAP or root.same == (MAP, ()):
            return root
        if root.same == (NULL, ""):
            return nothing
        raise bad(self.source.file, self.source.line(root.span[0]), _("it must consist of keys with values"))

    def _events(self) -> Iterator[yaml.Event]:
        depth = 0
        try:
            loader = yaml.CSafeLoader(self.source.text)
            while (event := loader.get_event()) is not None:
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
                if depth > MAX_DEPTH:
                    raise self._bad(event, _("it is nested more than {limit} deep", limit=MAX_DEPTH))
                if isinstance(event, yaml.AliasEvent):
                    raise self._bad(event, _("an alias (*name) stands in place of a value; write the value out"))
                yield event
        except yaml.reader.ReaderError as error:
            line = self.source.line(error.position)
            raise bad(self.source.file, line, _("a control character is not allowed here")) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise bad(self.source.file, mark.line + 1 if mark else 1, plain(error.problem)) from None

    def _bad(self, event: yaml.Event, problem: Text) -> Exception:
        return bad(self.source.file, self.source.line(_start(event)), problem)

    def _node(self, event: yaml.Event, key: Key) -> Node:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, key)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - aliases are refused, nothing else can start a node
        span = (_start(event), _end(event))
        if event.style in ("|", ">"):
            span = (span[0], span[0] + len(self.source.text[slice(*span)].rstrip()))
        tag = event.tag or _resolved(event.value, event.implicit)
        return Node(key, (tag, event.value), span, span, event.value, style=event.style or "")

    def _list(self, start: yaml.SequenceStartEvent, key: Key) -> Node:
        items: list[Node] = []
        event = next(self.events)
        while not isinstance(event, yaml.SequenceEndEvent):
            items.append(self._node(event, (*key, str(len(items)))))
            event = next(self.events)
        same = (start.tag or _LIST, tuple(item.same for item in items))
        return self._leaf(key, same, self._extent(start, event, items[-1] if items else None), bool(start.flow_style))

    def _mapping(self, start: yaml.MappingStartEvent, key: Key) -> Node:
        pairs: list[tuple[Node, Node]] = []
        event = next(self.events)
        while not isinstance(event, yaml.MappingEndEvent):
            name = self._node(event, ())
            pairs.append((name, self._node(next(self.events), (*key, name.value or ""))))
            event = next(self.events)
        span = self._extent(start, event, pairs[-1][1] if pairs else None)
        flow = bool(start.flow_style)
        if not pairs or start.tag or not all(self._simple(name, value) for name, value in pairs):
            same = (start.tag or MAP, tuple((name.same, value.same) for name, value in pairs))
            return self._leaf(key, same, span, flow)
        children: dict[str, Node] = {}
        for name, value in pairs:
            if value.key[-1] in children:
                line = self.source.line(name.span[0])
                raise bad(self.source.file, line, _("the key {key} stands twice", key=".".join(value.key)))
            children[value.key[-1]] = self._with_key(name, value)
        same = (MAP, tuple(sorted((part, child.same) for part, child in children.items())))
        return Node(key, same, span, span, children=children, shape=MAP, style=FLOW if flow else BLOCK)

    def _simple(self, name: Node, value: Node) -> bool:
        """A name on one line with its colon right behind: no `?`, no list or mapping as a name."""
        if name.style in (BLOCK, FLOW):
            return False
        written = self.source.text[slice(*name.span)]
        return not LINE_END.search(written) and bool(_COLON.match(self.source.text, name.span[1], value.span[0]))

    def _with_key(self, name: Node, value: Node) -> Node:
        whole = (name.span[0], value.span[1])
        return Node(value.key, value.same, value.span, whole, value.value, value.children, value.shape, value.style)

    def _leaf(self, key: Key, same: Hashable, span: Span, flow: bool) -> Node:
        return Node(key, same, span, span, self.source.text[slice(*span)], style=FLOW if flow else BLOCK)

    def _extent(self, start: yaml.Event, end: yaml.Event, last: Node | None) -> Span:
        """A block collection ends with its last value: the parser's own end is where the next thing begins."""
        flow = getattr(start, "flow_style", False)
        stop = _end(end) if flow or last is None else last.span[1]
        return _start(start), stop


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0
