"""The versions of a product in their order, and which of them a range means.

A node is a release of the definition, or an *added* version: one whose files came in,
or a build that was measured on a host. An added version that a release's `builds` has
belongs to that release: it stands directly above it whatever its own numbers say (builds are
often counted otherwise than releases), a range means it when it means either name, and
it is withdrawn when its release is. A withdrawn node may be left, never entered.

Ranges become spans of indices by bisection and are never written out as pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

import msgspec

from smena.definition.model import Definition, Release
from smena.definition.ranges import Interval, read_range
from smena.definition.regions import Span, spans_joined, spans_minus
from smena.definition.versions import Key, key


class Node(msgspec.Struct, frozen=True):
    """One version that an instance may run."""

    version: str
    index: int
    release: Release | None
    """What the definition says of it: its own entry, or that of the release whose build it is."""
    at_hand: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Its version, and its release's where that is another: a condition or range may mean either."""
        if self.release is None or self.release.version == self.version:
            return (self.version,)
        return (self.version, str(self.release.version))

    @property
    def withdrawn(self) -> bool:
        return self.release is not None and self.release.withdrawn is not None

    @property
    def recommended(self) -> bool:
        return self.release is not None and self.release.recommended


class _Place(msgspec.Struct, frozen=True):
    """Where a version stands before it has an index."""

    version: str
    own: Key
    at: Key
    release: Release | None

    @property
    def order(self) -> tuple[Key, bool, Key]:
        return self.at, self.own != self.at, self.own


class Graph:
    """Every version there is, in order; made once for a definition and what lies beside it."""

    def __init__(self, definition: Definition, added: Collection[str] = (), at_hand: Collection[str] = ()) -> None:
        self.definition = definition
        self.added = (*added, *at_hand)
        self.at_hand = frozenset(at_hand)
        places = sorted(self._places(), key=lambda place: place.order)
        here = {self.key(version) for version in at_hand}
        self.nodes = tuple(
            Node(place.version, index, place.release, place.own in here) for index, place in enumerate(places)
        )
        self.keys = [place.at for place in places]
        """Where each node stands, for bisection."""
        self._index = {place.own: index for index, place in enumerate(places)}
        self._builds = sorted((place.own, index) for index, place in enumerate(places) if place.own != place.at)
        self._by_text = {node.version: node.index for node in self.nodes}
        self._by_text |= {text: self._index[self.key(text)] for text in self.added}
        self._spans: dict[str, tuple[Span, ...]] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def key(self, version: str) -> Key:
        return key(version, self.definition.versions)

    def called(self, text: str) -> Node | None:
        """The node that is written exactly so."""
        index = self._by_text.get(text)
        return None if index is None else self.nodes[index]

    def equal_to(self, own: Key) -> Node | None:
        """The node that is this version, however it is written."""
        index = self._index.get(own)
        return None if index is None else self.nodes[index]

    def spans(self, text: str) -> tuple[Span, ...]:
        """The versions that a range means, as spans of indices."""
        found = self._spans.get(text)
        if found is None:
            found = self._spans[text] = self.within(read_range(text, self.definition.versions).intervals)
        return found

    def spans_of_tests(self, texts: Collection[str]) -> tuple[Span, ...]:
        """The versions for which a condition's texts hold: in one of the plain ones, in none of the `!` ones."""
        wanted = [span for text in texts if not text.startswith("!") for span in self.spans(text)]
        refused = [span for text in texts if text.startswith("!") for span in self.spans(text[1:])]
        if all(text.startswith("!") for text in texts):
            wanted = [(0, len(self))]
        return tuple(spans_minus(spans_joined(wanted), refused))

    def within(self, intervals: Iterable[Interval]) -> tuple[Span, ...]:
        """The nodes whose place or own version lies in the intervals."""
        spans = []
        for low, high in intervals:
            spans.append((bisect_left(self.keys, low), bisect_left(self.keys, high)))
            first, last = bisect_left(self._builds, (low, -1)), bisect_left(self._builds, (high, -1))
            spans += [(index, index + 1) for _own, index in self._builds[first:last]]
        return spans_joined(spans)

    def release_of(self, own: Key) -> Release | None:
        """The release whose builds have this version."""
        return _narrowest(own, _build_intervals(self.definition))

    def _places(self) -> Iterable[_Place]:
        taken: dict[Key, _Place] = {}
        for release in self.definition.releases:
            own = self.key(release.version)
            taken.setdefault(own, _Place(release.version, own, own, release))
        builds = _build_intervals(self.definition) if self.added else []
        for version in self.added:
            own = self.key(version)
            if own not in taken:
                release_of = _narrowest(own, builds)
                at = self.key(release_of.version) if release_of else own
                taken[own] = _Place(version, own, at, release_of)
        return taken.values()


def newest_first(spans: Iterable[Span]) -> Iterable[int]:
    """The indices of the spans, the newest version first."""
    return (index for low, high in reversed(tuple(spans)) for index in reversed(range(low, high)))


def _build_intervals(definition: Definition) -> list[tuple[Interval, Release]]:
    """Every interval of builds; of those that hold each other the narrower first."""
    pairs = [
        (interval, release)
        for release in definition.releases
        if release.builds is not None
        for interval in read_range(release.builds, definition.versions).intervals
    ]
    pairs.sort(key=lambda pair: pair[0][1])
    return sorted(pairs, key=lambda pair: pair[0][0], reverse=True)


def _narrowest(own: Key, builds: Iterable[tuple[Interval, Release]]) -> Release | None:
    return next((release for (low, high), release in builds if low <= own < high), None)
