"""Instances for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smena.cli.sizes import size_words, time_words
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.instances.discover import Find
    from smena.instances.sizes import Size
    from smena.service.instances import Discovered
    from smena.service.overview import Overview


def state_words(one: Overview) -> Text:
    """The state, for people."""
    if one.held:
        return _("held by a run")
    return {
        "running": _("running"),
        "partly": _("runs in part"),
        "stopped": _("stopped"),
        "no-configuration": _("configuration not found"),
        "unknown": _("not known"),
    }[one.state]


# --- found ------------------------------------------------------------------------


def discovered_value(found: Discovered) -> dict[str, object]:
    return {
        "instances": [
            {
                "name": find.name,
                "product": find.product,
                "version": find.look.version,
                "version-why": find.look.unknown.get("version"),
                "files": find.files,
                "traces": find.traces,
                "paths": find.look.paths,
                "addable": not find.why,
                "why": find.why,
                "unsaid": find.unsaid,
                "remarks": find.remarks,
            }
            for find in found.finds
        ],
        "troubles": found.troubles,
    }


def show_discovered(page: Page, found: Discovered) -> None:
    if not found.finds:
        page.line(_("No instance was found that is not registered already."))
    else:
        heads = [_("NAME"), _("PRODUCT"), _("VERSION"), _("CAN BE ADDED"), _("FOUND BY")]
        rows = [
            [
                find.name,
                find.product,
                find.look.version or "–",
                _addable(find),
                (*find.files, *find.traces)[0],
            ]
            for find in found.finds
        ]
        page.table(heads, rows)
    for find in found.finds:
        for why in (*find.why, *find.remarks):
            page.line(_("{name}: {why}", name=find.name, why=why))
        if find.unsaid:
            command = plain(f"smena instance add {find.name} --product {find.product} {find.unsaid}")
            page.line(_("{name}: add it with {command}", name=find.name, command=command))
        if "version" in find.look.unknown and not find.why:
            page.line(_("{name}: its version is not known: {why}", name=find.name, why=find.look.unknown["version"]))
    for trouble in found.troubles:
        page.line(trouble)


def _addable(find: Find) -> Text:
    if find.unsaid:
        return _("with more words")
    return _("no") if find.why else _("yes")


# --- a list -----------------------------------------------------------------------


def list_value(one: Overview) -> dict[str, object]:
    return {
        "name": one.instance.name,
        "product": one.instance.product,
        "title": one.title,
        "edition": one.instance.edition,
        "state": one.state,
        "held": one.held,
        "version": one.version,
        "release": one.release,
        "url": one.url,
        "services": one.services,
        "sizes": {role: _size(size) for role, size in one.by_role.items()},
        "troubles": one.troubles,
    }


def show_list(page: Page, found: Sequence[Overview]) -> None:
    if not found:
        page.line(_("No instance is registered yet. Look for some: smena instance discover"))
        return
    heads = [_("NAME"), _("PRODUCT"), _("VERSION"), _("STATE"), _("DATA"), _("LOGS"), _("BACKUPS"), _("MEASURED")]
    page.table(heads, [_row(one) for one in found])
    for one in found:
        for trouble in one.troubles:
            page.line(_("{name}: {why}", name=one.instance.name, why=trouble))


def _row(one: Overview) -> list[object]:
    roles = {str(role): size for role, size in one.by_role.items()}
    shown = [size_words(roles[role].bytes if role in roles else None) for role in ("data", "logs", "backups")]
    measured = min((size.at for size in roles.values()), default=None)
    return [
        one.instance.name,
        one.title,
        one.version or "–",
        state_words(one),
        *shown,
        time_words(measured),
    ]


def _size(size: Size) -> dict[str, object]:
    return {"bytes": size.bytes, "files": size.files, "measured": size.at}


# --- one --------------------------------------------------------------------------


def show_value(one: Overview) -> dict[str, object]:
    instance = one.instance
    return list_value(one) | {
        "platform": instance.platform,
        "components": instance.components,
        "driver": instance.driver,
        "added": instance.added,
        "notes": instance.notes,
        "paths": {
            name: {"path": path, "size": _size(one.sizes[name]) if name in one.sizes else None}
            for name, path in one.paths.items()
        },
        "settings": one.settings,
        "set": {"settings": instance.settings, "paths": instance.paths},
        "secrets": one.secrets,
    }


def show_one(page: Page, one: Overview) -> None:
    instance = one.instance
    page.line(_("{name}: an instance of {product}", name=instance.name, product=one.title))
    version = plain(one.version or "–")
    if one.release and one.release != one.version:
        version = _("{version} (release {release})", version=one.version, release=one.release)
    told: list[tuple[Text, object]] = [
        (_("Version"), version),
        (_("Edition"), instance.edition),
        (_("State"), state_words(one)),
        (_("Site"), one.url),
        (_("Services run by"), instance.driver),
        (_("Registered"), time_words(instance.added or None)),
        (_("Notes"), instance.notes),
        (_("Secrets known"), ", ".join(one.secrets)),
    ]
    for title, value in told:
        if value:
            page.line(_("{title}: {value}", title=title, value=value))
    _services(page, one.services)
    _paths(page, one)
    _settings(page, one)
    for trouble in one.troubles:
        page.item(trouble)


def _services(page: Page, services: Mapping[str, bool]) -> None:
    if services:
        page.line()
        rows = [[name, _("running") if runs else _("stopped")] for name, runs in services.items()]
        page.table([_("SERVICE"), _("STATE")], rows)


def _paths(page: Page, one: Overview) -> None:
    if one.paths:
        page.line()
        rows = [[name, path, *_measured(one.sizes.get(name))] for name, path in one.paths.items()]
        page.table([_("PATH"), _("WHERE"), _("SIZE"), _("MEASURED")], rows)


def _measured(size: Size | None) -> list[object]:
    return [size_words(None if size is None else size.bytes), time_words(None if size is None else size.at)]


def _settings(page: Page, one: Overview) -> None:
    if one.settings:
        page.line()
        rows = [
            [name, value, _("set here") if name in one.instance.settings else _("measured")]
            for name, value in one.settings.items()
        ]
        page.table([_("SETTING"), _("VALUE"), _("FROM")], rows)
