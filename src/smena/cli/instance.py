"""`smena instance`: the deployments of products on this host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smena.cli.complete import complete_editions, complete_products
from smena.cli.frame import Frame, Group, argument, option
from smena.cli.instance_life import configure, create, open_, remove
from smena.cli.instance_told import told
from smena.cli.said import complete_instances, pairs
from smena.errors import WrongUsage
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.service.instances import Changed

instance = Group("instance", words=_("Product instances: find, add, list, start and stop them."))

NAME = _("The instance's name.")
PRODUCT = _("The product's name; without it, all products are asked.")


@instance.command(
    "discover",
    words=_("Instances that were installed without smena, with what keeps one from being added."),
    examples=("smena instance discover", "smena instance discover --product comindware-platform"),
)
@option("--product", words=PRODUCT, metavar=_("PRODUCT"), shell_complete=complete_products)
@option("--set", "settings", words=_("A setting to look with."), metavar=_("NAME=VALUE"), multiple=True)
@click.pass_obj
def discover(frame: Frame, /, product: str | None, settings: tuple[str, ...]) -> None:
    from smena.cli.instance_shown import discovered_value, show_discovered
    from smena.service import instances

    if settings and product is None:
        raise WrongUsage(_("settings are those of a product: say which"), hint=_("give --product PRODUCT"))
    found = instances.discover(frame.home, product, pairs(settings))
    frame.out.show(discovered_value(found), lambda page: show_discovered(page, found))


@instance.command(
    "add",
    words=_("Register instances that are there already; of the instance itself nothing is changed."),
    examples=(
        "smena instance add sales",
        "smena instance add sales --product comindware-platform --set port=8080",
        "smena instance add --all",
    ),
)
@argument("names", words=_("The instances' names."), metavar=_("NAME..."), nargs=-1)
@option("--all", "everything", words=_("All that are found and can be added as they are."), is_flag=True)
@option("--product", words=PRODUCT, metavar=_("PRODUCT"), shell_complete=complete_products)
@option("--edition", words=_("The edition that was bought."), metavar=_("EDITION"), shell_complete=complete_editions)
@option("--component", "components", words=_("A part that is installed."), metavar=_("COMPONENT"), multiple=True)
@told()
@option("--take-over", words=_("Take it from another home of smena that managed it."), is_flag=True)
@click.pass_obj
def add(frame: Frame, /, names: tuple[str, ...], *, everything: bool, **said: Any) -> None:
    from smena.cli.instance_adding import add_all, add_named

    if everything == bool(names):
        raise WrongUsage(_("say which instances, or --all"), hint=_("smena instance discover"))
    if everything:
        add_all(frame, said)
    else:
        add_named(frame, names, said)


@instance.command(
    "list",
    words=_("All instances: state and version measured now, sizes with the time of their measuring."),
    examples=("smena instance list", "smena instance list --refresh"),
)
@option("--refresh", words=_("Measure the sizes again."), is_flag=True)
@click.pass_obj
def list_(frame: Frame, /, refresh: bool) -> None:
    from smena.cli.instance_shown import list_value, show_list
    from smena.service import overview

    found = overview.listed(frame.home, refresh=refresh)
    frame.out.show({"instances": [list_value(one) for one in found]}, lambda page: show_list(page, found))


@instance.command(
    "show", words=_("Everything about one instance, measured now."), examples=("smena instance show sales",)
)
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@click.pass_obj
def show(frame: Frame, /, name: str) -> None:
    from smena.cli.instance_shown import show_one, show_value
    from smena.service import overview

    found = overview.shown(frame.home, name)
    frame.out.show(show_value(found), lambda page: show_one(page, found))


@instance.command("start", words=_("Start the instance's services and wait until they answer."))
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@click.pass_obj
def start(frame: Frame, /, name: str) -> None:
    from smena.service import instances

    changed = instances.start(frame.home, name)
    told = _("{name} is started", name=name) if any(changed.services.values()) else _("{name} runs already", name=name)
    _tell(frame, changed, "started", told)


@instance.command("stop", words=_("Stop the instance's services."))
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@click.pass_obj
def stop(frame: Frame, /, name: str) -> None:
    from smena.service import instances

    changed = instances.stop(frame.home, name)
    told = _("{name} is stopped", name=name) if any(changed.services.values()) else _("{name} did not run", name=name)
    _tell(frame, changed, "stopped", told)


def _tell(frame: Frame, changed: Changed, what: str, told: Text) -> None:
    services = [name for name, was_changed in changed.services.items() if was_changed]
    result = {"instance": changed.instance.name, what: services}
    frame.out.show(result, lambda page: page.line(told))


for _command in (create, configure, open_, remove):
    instance.add_command(_command)
