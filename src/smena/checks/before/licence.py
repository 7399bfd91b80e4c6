"""licence: the keys cover every version that the plan runs, and the present one, so that a rollback finds its licence.

Asked where a definition asks it, and before every edge that says `licence: yes`, whatever the definition asks.

Keys that smena can read prove themselves, offline, over a fresh challenge. A version to come that no key covers
refuses the upgrade; a present one that none covers is a point of no return, which a person accepts by name. Keys that
only their maker can read are *not measured*: a person accepts that by name, and the vendor's letter must be recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from smena import clock
from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.definition.model import Keys
from smena.errors import SmenaError
from smena.instances.values import rendered
from smena.instances.version import release_of
from smena.keys import presence, times, vendor_letter
from smena.keys.coverage import Need, fewer, in_words, lacks
from smena.keys.licence import Licence
from smena.keys.presence import Present
from smena.keys.ring import Place
from smena.keys.tokens import guardant, kinds
from smena.text import Text, _, plain

NO_RETURN = "licence-no-return"
FEWER = "licence-fewer-seats"
_BOTH = ("current", "target")


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    if scene.plan.kind != "upgrade":
        return
    keys, needed = scene.definition.keys, any(hop.licence for hop in scene.plan.hops)
    if keys is None:
        yield from _accepted_only(scene) if needed else ()
        return
    product = str(scene.definition.product)
    found = presence.all_of(scene.home, product, scene.pins)
    if found:
        yield from _measured(found, _covers(question), scene, keys)
    elif needed:
        yield from _not_measured(presence.unmeasured(scene.home, product), _covers(question), scene, keys)


def missing(scene: Scene, found: Sequence[Present]) -> tuple[Text, ...]:
    """What the versions to come lack, for the question to the vendor."""
    keys = scene.definition.keys
    if keys is None:
        return ()
    said = [
        text
        for need in _needs(scene, keys)
        for text in lacks(_licences(found, keys, demo=scene.definition.demo), need, _today(found))
    ]
    return tuple({str(text): text for text in said}.values())


def _covers(question: Mapping[str, object]) -> Sequence[str]:
    return question.get("covers", _BOTH)  # type: ignore[return-value]


# --- keys that can be read -----------------------------------------------------------------


def _measured(found: Sequence[Present], covers: Sequence[str], scene: Scene, keys: Keys) -> Iterator[Finding]:
    licences, today = _licences(found, keys, demo=scene.definition.demo), _today(found)
    blocked = False
    for need in _needs(scene, keys) if "target" in covers else []:
        said = lacks(licences, need, today)
        if said:
            blocked = True
            text = _("no key covers {version}; missing: {lacks}", version=need.version, lacks=in_words(said))
            yield Finding(check="licence", blocking=True, text=text, hint=_next(found))
    present = _need(scene, keys, scene.plan.from_)
    if not blocked:
        yield from _fewer_seats(licences, present, _needs(scene, keys), today)
    said = lacks(licences, present, today) if "current" in covers else ()
    if said:
        blocked = True
        text = _(
            "point of no return: after a rollback {version} would have no licence; missing: {lacks}",
            version=present.version,
            lacks=in_words(said),
        )
        yield Finding(check="licence", blocking=True, text=text, accept=NO_RETURN, hint=_next(found))
    for one in found:
        yield from _troubles(one, keys, blocked=blocked)


def _fewer_seats(licences: Sequence[Licence], present: Need, needs: Sequence[Need], today: date) -> Iterator[Finding]:
    """A person who knows how many are in use answers for it; a definition with `keys.seats` knows it itself."""
    for need in needs:
        said = fewer(licences, present, need, today)
        if said:
            text = _("{version} would have fewer {lost}", version=need.version, lost=in_words(said))
            yield Finding(check="licence", blocking=True, text=text, accept=FEWER)


def _troubles(one: Present, keys: Keys, *, blocked: bool) -> Iterator[Finding]:
    """Why a key does not count: it matters where something is missing."""
    for trouble in one.troubles:
        text = _("the key {name} does not count: {why}", name=one.place.name, why=trouble.message)
        yield Finding(check="licence", blocking=blocked, text=text, hint=trouble.hint)
    held = one.held
    if one.counts and held is not None and held.licence.product not in ("", _product(keys)):
        text = _("the key {name} is for {product}", name=one.place.name, product=held.licence.product)
        yield Finding(check="licence", blocking=False, text=text)


def _licences(found: Sequence[Present], keys: Keys, *, demo: bool) -> list[Licence]:
    realm = keys.realm
    return [
        one.held.licence
        for one in found
        if one.held is not None
        and one.counts
        and (demo or not one.demo)
        and one.held.licence.product == _product(keys)
        and (realm is None or _realm(one) == realm.lower())
    ]


def _realm(one: Present) -> str:
    lying = one.held.record.stored if one.held is not None else None
    return lying.realm.hex() if lying is not None else ""


def _product(keys: Keys) -> str:
    return str(keys.product or "")


def _today(found: Sequence[Present]) -> date:
    """The vendor's time on a key is a floor under the clock."""
    floors = [times.moment(one.held.licence.hours).date() for one in found if one.held is not None]
    return max([clock.now().date(), *floors])


def _needs(scene: Scene, keys: Keys) -> list[Need]:
    """Every version that the run starts: the middle ones convert data, and need their licence too."""
    return [_need(scene, keys, version) for version in dict.fromkeys(hop.to for hop in scene.plan.hops)]


def _need(scene: Scene, keys: Keys, version: str) -> Need:
    world = scene.measure()
    release = release_of(scene.definition, version)
    return Need(
        version=version,
        released=_day(release.released if release is not None else None),
        edition=world.edition,
        components=world.components,
        seats=_seats(rendered(str(keys.seats), world.lookups)) if keys.seats is not None else None,
        module_seats={name: seats for name, seats in _modules(keys, world.lookups) if seats is not None},
    )


def _modules(keys: Keys, lookups: Mapping[str, str]) -> Iterator[tuple[str, int | None]]:
    return ((str(name), _seats(rendered(str(said), lookups))) for name, said in keys.module_seats.items())


def _seats(said: str) -> int | None:
    return int(said) if said.strip().isdecimal() else None


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:  # a definition may say "autumn 2026": then the day is not known
        return None


def _next(found: Sequence[Present]) -> Text:
    """A key that could not even be read comes first: perhaps it has all that is missing."""
    unread = [one.troubles[0].hint for one in found if one.held is None and one.troubles]
    if unread and unread[0] is not None:
        return unread[0]
    return _("smena key wizard --key {name} leads through the exchange", name=found[0].place.name)


# --- keys that cannot ------------------------------------------------------------------------


def _accepted_only(scene: Scene) -> Iterator[Finding]:
    """Nobody can look: a person has, and says so by name."""
    text = _("whether the licence covers {to} was not measured", to=scene.plan.to)
    yield Finding(check="licence", blocking=True, text=text, why=_why(scene), accept=guardant.ACCEPT)


def _not_measured(places: Sequence[Place], covers: Sequence[str], scene: Scene, keys: Keys) -> Iterator[Finding]:
    if "own" in keys.kinds:
        yield from _accepted_only(scene)
    elif not places:
        kind = next((kind for kind in keys.kinds if kind in kinds.KINDS), guardant.KIND)
        hint = _("smena key add NAME --kind {kind} --product {product}", kind=kind, product=scene.definition.product)
        text = _("no licence key of {product} is known here", product=plain(scene.definition.title))
        yield Finding(check="licence", blocking=True, text=text, why=_why(scene), hint=hint)
    else:
        for place in places:
            yield from _by_letter(place, covers, scene)


def _why(scene: Scene) -> Text:
    return _(
        "new licences must be there before the upgrade, and {from_} needs its own for a rollback",
        from_=scene.plan.from_,
    )


def _by_letter(place: Place, covers: Sequence[str], scene: Scene) -> Iterator[Finding]:
    hint = _("smena key letter FILE --key {name} --covers VERSION records the vendor's letter", name=place.name)
    try:
        letter = vendor_letter.read(place.folder)
    except SmenaError as error:
        yield Finding(check="licence", blocking=True, text=error.message, hint=error.hint)
        return
    if letter is None:
        text = _("what the key {name} covers was not measured, and no letter of the vendor says it", name=place.name)
        yield Finding(check="licence", blocking=True, text=text, hint=hint)
        return
    today = clock.now().date()
    targets = [Need(version=hop.to) for hop in scene.plan.hops] if "target" in covers else []
    unsaid = [need.version for need in targets if lacks([letter.licence], need, today)]
    if unsaid:
        text = _("the vendor's letter {file} does not name {versions}", file=letter.file, versions=", ".join(unsaid))
        yield Finding(check="licence", blocking=True, text=text, hint=hint)
        return
    if "current" in covers and lacks([letter.licence], Need(version=scene.plan.from_), today):
        text = _(
            "point of no return: the vendor's letter does not name {version}; after a rollback it may have no licence",
            version=scene.plan.from_,
        )
        yield Finding(check="licence", blocking=True, text=text, accept=NO_RETURN)
    text = _(
        "what the key {name} covers was not measured; the vendor's letter {file} says: {covers}",
        name=place.name,
        file=letter.file,
        covers=", ".join(letter.covers),
    )
    yield Finding(check="licence", blocking=True, text=text, accept=guardant.ACCEPT)
