"""A task of Windows' scheduler as text, and what such a text means. Pure.

Both of our kinds run as the system itself, with all its rights, for as long as they take, whatever the battery
does, once at a time. Windows gives a task back in its own words: what stands at its usual value is left out or put in,
and other letters than those of English may be lost on the way. So two texts are compared by what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from lxml import etree

_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_DECLARATION = re.compile(r"\A[^<]*<\?xml[^>]*\?>")
_PLAIN_NAMES: Any = {None: _SPACE}
_SYSTEM = "S-1-5-18"

_USUAL = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "true",
    "StopIfGoingOnBatteries": "true",
    "AllowHardTerminate": "true",
    "StartWhenAvailable": "false",
    "RunOnlyIfNetworkAvailable": "false",
    "AllowStartOnDemand": "true",
    "Enabled": "true",
    "Hidden": "false",
    "RunOnlyIfIdle": "false",
    "WakeToRun": "false",
    "ExecutionTimeLimit": "PT72H",
    "Priority": "7",
}
"""What Windows takes where nothing is said."""
_SETTINGS = _USUAL | {
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "ExecutionTimeLimit": "PT0S",
    "Priority": "5",
}
"""5: as any program that a person starts. A task has less otherwise, for its disk as well."""


class Action(NamedTuple):
    """What a task does. The arguments are one text, as the program reads them."""

    program: str
    arguments: str
    folder: str


class Meaning(NamedTuple):
    """What two tasks have in common if they are the same to us; `enabled` is told apart."""

    action: Action
    user: str
    level: str
    at_boot: bool
    settings: tuple[str, ...]
    idle: tuple[str, str]
    enabled: bool


def text(action: Action, words: str, *, at_boot: bool) -> bytes:
    """The file for `schtasks /create /xml`, in the encoding that it wants."""
    task = etree.Element(_named("Task"), {"version": "1.2"}, nsmap=_PLAIN_NAMES)
    _add(task, "RegistrationInfo", {"Author": "smena", "Description": words})
    triggers = _add(task, "Triggers")
    if at_boot:
        _add(triggers, "BootTrigger", {"Enabled": "true"})
    _add(_add(task, "Principals"), "Principal", {"UserId": _SYSTEM, "RunLevel": "HighestAvailable"}).set("id", "Author")
    settings = _add(task, "Settings", _SETTINGS)
    _add(settings, "IdleSettings", {"StopOnIdleEnd": "false", "RestartOnIdle": "false"})
    actions = _add(task, "Actions")
    actions.set("Context", "Author")
    program, arguments, folder = action
    _add(actions, "Exec", {"Command": program, "Arguments": arguments, "WorkingDirectory": folder})
    return bytes(etree.tostring(task, encoding="UTF-16", xml_declaration=True, pretty_print=True))  # type: ignore[arg-type]


def meaning(told: str) -> Meaning:
    """Of a task as it was written or given back; raises ValueError for what is none."""
    try:
        task = etree.fromstring(_DECLARATION.sub("", told), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    found = {**_USUAL, **_texts(task, "Settings")}
    execution = _texts(task, "Actions/Exec")
    principal = _texts(task, "Principals/Principal")
    boot = task.find(_path("Triggers/BootTrigger"))
    idle = _texts(task, "Settings/IdleSettings")
    return Meaning(
        action=Action(*(_plain(execution.get(name, "")) for name in ("Command", "Arguments", "WorkingDirectory"))),
        user=_SYSTEM if principal.get("UserId", "").upper() == "SYSTEM" else principal.get("UserId", ""),
        level=principal.get("RunLevel", "LeastPrivilege"),
        at_boot=boot is not None and _texts(task, "Triggers/BootTrigger").get("Enabled", "true") == "true",
        settings=tuple(found[name] for name in sorted(_USUAL) if name != "Enabled"),
        idle=(idle.get("StopOnIdleEnd", "true"), idle.get("RestartOnIdle", "false")),
        enabled=found["Enabled"] == "true",
    )


def _add(above: etree._Element, name: str, texts: Mapping[str, str] = MappingProxyType({})) -> etree._Element:
    element = etree.SubElement(above, _named(name))
    for inner, value in texts.items():
        etree.SubElement(element, _named(inner)).text = value
    return element


def _texts(task: etree._Element, path: str) -> dict[str, str]:
    element = task.find(_path(path))
    inside = [] if element is None else list(element)
    return {str(etree.QName(one).localname): one.text or "" for one in inside if isinstance(one.tag, str)}


def _path(path: str) -> str:
    return "/".join(_named(name) for name in path.split("/"))


def _named(name: str) -> str:
    return f"{{{_SPACE}}}{name}"


def _plain(value: str) -> str:
    """What is left of a text after a console that knows English letters only."""
    return value.encode("ascii", "replace").decode("ascii")
